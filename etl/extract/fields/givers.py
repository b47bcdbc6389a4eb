"""Who gives and who gives with them: the name somebody gives under, the giver the catalogue knows, partners."""

from __future__ import annotations

import re

from etl import gazetteer
from etl.extract.document import Document
from etl.extract.fields.details import Found
from etl.extract.names.entities import Award, Entity, Organization, Recipient


def giver_name(giver: Entity) -> str:
    """The name under which somebody gives: an organization's full name, 'Pemerintah Kota X'; '' when it can't be one."""
    if isinstance(giver, Organization):
        return "" if giver.kind == "vice_president" else giver.name
    if isinstance(giver, Recipient):
        if giver.type == "region":
            return f"Pemerintah {giver.name}"
        if giver.type == "agency" and len(giver.codes) == 1 and _OF_A_GOVERNMENT.match(giver.name):
            return f"Pemerintah {gazetteer.regions()[giver.codes[0]].name}"
        return "" if giver.type == "person" or (giver.type == "official" and giver.office is None) else giver.name
    return ""


# Offices that give in their government's name (GUIDE: 'dinas: its government').
_OF_A_GOVERNMENT = re.compile(r"(?:Dinas|Dis[a-z]+|Biro|Bagian)\b")


def catalogued_giver(document: Document, series: str | None) -> Found | None:
    """The giver that the catalogue has for a series, where the article names it."""
    givers = (gazetteer.series()[series].giver or "").split("; ") if series else []
    named = (e for e in document.entities if isinstance(e, Organization) and e.name in givers)
    return next((Found(e.name, e.start, e.end) for e in named), None)


_TOGETHER = re.compile(
    r"\b(?:bekerja\s?sama|kerja\s?sama|berkolaborasi|kolaborasi|bermitra|menggandeng|didukung(?:\s+oleh)?"
    r"|bersinergi)\b[^.;]{0,60}?"
    r"(?=(?:Kementerian|Kantor|Badan|[A-Z]))"
)


def partners(document: Document) -> tuple[Found, ...]:
    """Organizations that a sentence about the award names behind 'kerja sama dengan': whole, as written."""
    for index in range(len(document.sentences)):
        start, end = document.around(index)
        match = _TOGETHER.search(document.text, start, end)
        award = (
            any(isinstance(e, Award) and e.start < match.start() for e in document.within(index)) if match else False
        )
        if match is None or not award:
            continue
        behind = [e for e in document.within(index) if isinstance(e, Organization) and e.start >= match.end()]
        return tuple(
            Found(_written(document.text, e), e.start, e.start + len(_written(document.text, e))) for e in behind
        )
    return ()


def _written(text: str, entity: Entity) -> str:
    return re.sub(r"\s*\([^)]*\)$", "", text[entity.start : entity.end])
