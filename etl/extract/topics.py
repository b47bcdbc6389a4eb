"""Whom a sentence speaks of that leaves its winner unsaid: whom it points back at ('kabupaten itu', 'ia', 'Nurdin'), else who was
spoken of last.

A proposal beside the article's focus; the models weigh both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from etl import gazetteer
from etl.extract.document import Document
from etl.extract.entities import Recipient
from etl.gazetteer import lowered

_REACH = 4  # sentences back within which somebody is pointed at


class Topic(NamedTuple):
    """Whom a sentence may speak of besides those it names, and how: the kind of word that points ('region', 'village', 'person',
    'name'; None: it points at nobody), and how many names stand where its own does.
    """

    recipient: Recipient | None
    pointed: str | None = None
    among: int = 0
    fits: Callable[[Recipient], bool] = lambda _: True  # whether the word that points may mean somebody


_KINDS = {
    **dict.fromkeys(("kabupaten", "kota", "provinsi", "daerah"), "region"),
    **dict.fromkeys(("desa", "kelurahan", "nagari", "kampung", "gampong"), "village"),
    **dict.fromkeys(("sekolah", "madrasah", "kampus"), "school"),
    **dict.fromkeys(("perusahaan", "bank", "bumd", "pdam"), "company"),
    **dict.fromkeys(("puskesmas", "rumah sakit", "dinas", "kecamatan", "rsud"), "agency"),
    **dict.fromkeys(("ia", "dia", "beliau", "dirinya", "sendiri"), "person"),
}
_FAR = r"(?:\s+[\w-]+){1,9}?\s+(?:itu|tersebut)"  # 'kabupaten penghasil kopi itu'
_POINTS = re.compile(
    rf"\b(?:(?P<kind>{'|'.join(k for k, v in _KINDS.items() if v != 'person')})(?:nya|\s+(?:itu|tersebut|ini)|{_FAR})"
    rf"|(?P<one>{'|'.join(k for k, v in _KINDS.items() if v == 'person')}|(?-i:bupati|wali kota|walikota|gubernur)))\b",
    re.IGNORECASE,
)


def topic_of(document: Document, index: int, short_names: dict[str, Recipient]) -> Topic:
    """Whom a sentence speaks of beside those that it names."""
    start, end = document.around(index)
    match = _POINTS.search(document.text, start, end)
    if match is not None:
        word = lowered(match["kind"] or match["one"])
        kind = _KINDS.get(word, "person")
        fits = _FITS.get(word) or (lambda r: r.type == kind)
        for back in _before(document, index):
            named = _named(document, back)
            if (found := next(filter(fits, named), None)) is not None:
                if kind == "region":  # the government, not its head
                    found = replace(found, person=None, person_span=None, office=None)
                return Topic(found, kind, len(named), fits)
    if short_names and (person := _by_short_name(document, index, short_names)) is not None:
        return Topic(person, "name", 1)
    named = _named(document, next(_before(document, index), index))
    return Topic(named[0], None, len(named)) if named else Topic(None)


def _is_of(kind: str) -> Callable[[Recipient], bool]:
    regions = gazetteer.regions()
    return lambda r: r.type == "region" and any(regions[code].kind == kind for code in r.codes)


def _is_person(recipient: Recipient) -> bool:
    return recipient.person is not None or recipient.type in ("person", "official")


def _is_head(kind: str) -> Callable[[Recipient], bool]:
    of_kind = _is_of(kind)
    return lambda r: r.office is not None and of_kind(r)


_FITS: dict[str, Callable[[Recipient], bool]] = {
    **{kind: _is_of(kind) for kind in ("kabupaten", "kota", "provinsi")},
    "bupati": _is_head("kabupaten"),
    "gubernur": _is_head("provinsi"),
    **dict.fromkeys(("wali kota", "walikota"), _is_head("kota")),
    **dict.fromkeys((word for word, kind in _KINDS.items() if kind == "person"), _is_person),
}


def _before(document: Document, index: int) -> Iterator[int]:
    """The sentences before one, the nearest first, but for captions and advertisements."""
    near = range(index - 1, max(-1, index - 1 - _REACH), -1)
    return (back for back in near if document.sentences[back].kind != "aside")


def _named(document: Document, index: int) -> list[Recipient]:
    return [e for e in document.within(index) if isinstance(e, Recipient)]


def short_names(document: Document) -> dict[str, Recipient]:
    """Heads of government and officials by each word of their names that names nobody else."""
    found: dict[str, Recipient] = {}
    shared: set[str] = set()
    for entity in document.entities:
        if not isinstance(entity, Recipient):
            continue
        name = entity.person or (entity.name if entity.type == "official" else None)
        for word in entity.name.split() if name is None else ():
            shared.add(word)
        for word in name.split() if name else ():
            if len(word) > 3 and found.setdefault(word, entity).person != entity.person:
                shared.add(word)
    return {word: entity for word, entity in found.items() if word not in shared}


_CAPITAL = re.compile(r"[A-Z][a-z]{3,}")


def _by_short_name(document: Document, index: int, names: dict[str, Recipient]) -> Recipient | None:
    """Who is named by a word of his name alone: 'Nurdin menerima'."""
    inside = [(e.start, e.end) for e in document.within(index)]
    for match in _CAPITAL.finditer(document.text, *document.around(index)):
        person = names.get(match[0])
        if person is not None and not any(a <= match.start() < b for a, b in inside):
            return person
    return None
