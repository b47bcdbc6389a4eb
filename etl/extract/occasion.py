"""The event an article reports: its day, place, giver, who handed over, who took it, partners. Each with its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from etl import gazetteer
from etl.extract import details, people
from etl.extract.details import Found
from etl.extract.document import Document
from etl.extract.entities import Award, Entity, Organization, Recipient
from etl.gazetteer import lowered


@dataclass(slots=True)
class Occasion:
    """What was found of one event, by field."""

    found: dict[str, Found] = field(default_factory=dict)
    partners: tuple[Found, ...] = ()
    acceptors: list[tuple[tuple[str, ...], Found]] = field(default_factory=list)  # region codes of the office, person

    def acceptor_for(self, codes: tuple[str, ...], is_main: bool) -> Found | None:
        """Who took a recipient's award: the head of its own region; for the article's main recipient, else the first."""
        own = next((found for office, found in self.acceptors if office and office == codes), None)
        first = next((found for office, found in self.acceptors if not office), None)
        return own or (first if is_main else None)


_ACTS = frozenset(("hand_over", "accepted_by", "give", "receive", "receive_passive", "award_subject", "organizer"))
_CEREMONY = re.compile(
    r"\b(?:penyerahan|penganugerahan|serah terima|acara|malam|ajang|seremoni|upacara|puncak|piagam|piala"
    r"|trofi|plakat|mengambil)\b",
    re.IGNORECASE,
)


def occasion_of(document: Document, about: set[int], series: str | None) -> Occasion:
    """The occasion as the sentences `about` the reported awards, and those that tell of the ceremony, have it."""
    sentences = sorted(about | _ceremony_sentences(document))
    event = Occasion()
    for index in sentences:
        span = document.around(index)
        entities, cues = document.within(index), document.cues_within(index)
        for day in details.days_in(document.text, span, cues):
            meant = details.day_found(day, document.published, document.latest_year)
            if meant and (document.published is None or meant.value <= document.published.isoformat()):
                event.found.setdefault("awarded_on", meant)
        if index > 0 and (place := details.place_in(document.text, span)):
            event.found.setdefault("place", place)
        if presenter := _presenter(document, index, entities):
            event.found.setdefault("presented_by", presenter)
        if acceptor := _acceptor(document, index, entities):
            heads = [
                e for e in entities if isinstance(e, Recipient) and e.person_span == (acceptor.start, acceptor.end)
            ]
            event.acceptors.append((heads[0].codes if heads else (), acceptor))
    if not event.acceptors and (speaker := _speaker_who_received(document)):
        event.acceptors.append(((), speaker))
    if giver := giver_of(document, sentences, series):
        event.found["giver"] = giver
    event.partners = _partners(document)
    return event


def _ceremony_sentences(document: Document) -> set[int]:
    """Sentences that tell of the ceremony: an act of giving or receiving beside an award noun, nothing recalled or planned."""
    found = set()
    for index, sentence in enumerate(document.sentences):
        classes = {c for cue in document.cues_within(index) for c in cue.ids}
        if sentence.kind not in ("prose", "headline") or classes & {"recall", "plan", "negative"}:
            continue
        acts = [c for c in document.cues_within(index) if set(c.ids) & _ACTS]
        noun = any(isinstance(e, Award) for e in document.within(index))
        noun = noun or any(lowered(document.text[c.start : c.end]).endswith("nya") for c in acts)  # 'menerimanya'
        if (acts and noun) or _CEREMONY.search(document.text, sentence.start, sentence.end):
            found.add(index)
    return found


# ----------------------------------------------------------------------------------------------------------------- people


def _presenter(document: Document, index: int, entities: Sequence[Entity]) -> Found | None:
    """Who handed over: 'diserahkan (oleh) X kepada', 'X menyerahkan', 'menerima ... dari Menteri X'."""
    text, (start, end) = document.text, document.around(index)
    for cue in document.cues_within(index):
        word = lowered(text[cue.start : cue.end])
        if ("hand_over" in cue.ids and not word.endswith("kepada")) or word in (
            "diberikan",
            "disematkan",
            "dianugerahkan",
        ):
            if found := people.named_after(text, cue.end, end, entities):
                return found
        if (
            "give" in cue.ids
            and word.startswith(_HANDING)
            and (found := people.named_before(text, start, cue.start, entities))
        ):
            return found
    for entity in entities:
        if (
            isinstance(entity, Organization)
            and entity.head
            and text[max(0, entity.start - 5) : entity.start] in ("dari ", "oleh ")
        ):
            return people.person_of(entity)
    return None


_HANDING = ("menyerah", "serah", "menyemat", "semat", "menganugerah", "anugerah", "membagi", "mengalung")


def _acceptor(document: Document, index: int, entities: Sequence[Entity]) -> Found | None:
    """Who took it: 'diterima (langsung) oleh X', 'X menerima(nya)', 'diserahkan ... kepada Bupati X'."""
    text, (start, end) = document.text, document.around(index)
    given = False
    for cue in document.cues_within(index):
        word = lowered(text[cue.start : cue.end])
        given = given or bool(set(cue.ids) & {"give", "hand_over", "award_subject"})
        if "accepted_by" in cue.ids or word == "diterima":
            if found := people.named_after(text, cue.end, end, entities):
                return found
        if word.startswith(("menerima", "terima", "mengambil", "mewakili")) or word.endswith(" menerima"):
            if found := people.named_before(text, start, cue.start, entities):
                return found
    to = re.compile(r"\bkepada\s").search(text, start, end) if given else None
    return people.named_after(text, to.end(), end, entities) if to else None


_AFTER_RECEIVING = re.compile(
    r"(?:nya|ujar|kata|ucap|tutur)\s+(?:seusai|usai|setelah|saat|ketika)\s+menerima\b", re.IGNORECASE
)


def _speaker_who_received(document: Document) -> Found | None:
    """'..., imbuhnya usai menerima penghargaan': the speaker is the head named last before."""
    match = _AFTER_RECEIVING.search(document.text)
    if match is None:
        return None
    heads = [e for e in document.entities if isinstance(e, Recipient) and e.person and e.start < match.start()]
    return people.person_of(heads[-1]) if heads else None


# ------------------------------------------------------------------------------------------------- givers and partners

_BY = re.compile(
    r"\b(?:dari|oleh|versi|besutan|gelaran|milik)\s+(?:langsung\s+)?(?:Kantor\s+|Majalah\s+|media\s+|pihak\s+|pemerintah\s+(?:pusat\s+)?melalui\s+)?$"
)
_GIVES = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:itu\s+|kembali\s+|juga\s+|telah\s+|RI\s+)*"
    r"(?:memberi|mengganjar|menganugerah|menyerah|menobat|menetap|menggelar|mengapresiasi|menyelenggara|membagi|mengumum|menyemat)"
)


def giver_name(giver: Entity) -> str:
    """The name under which somebody gives: an organization's full name, 'Pemerintah Kota X'; '' when it can't be one."""
    if isinstance(giver, Organization):
        return "" if giver.kind == "vice_president" else giver.name
    if isinstance(giver, Recipient):
        return f"Pemerintah {giver.name}" if giver.type == "region" else giver.name
    return ""


def giver_of(document: Document, sentences: Iterable[int], series: str | None) -> Found | None:
    """The organization that the sentences about the award name as its giver; else the catalogue's, if the text names it."""
    where = list(sentences)
    named = [e for i in where for e in document.within(i) if isinstance(e, Organization) and giver_name(e)]
    for entity in named:
        if _BY.search(document.text[max(0, entity.start - 45) : entity.start]):
            return Found(entity.name, entity.start, entity.end)
    for entity in named:
        if _GIVES.match(document.text, entity.end):
            return Found(entity.name, entity.start, entity.end)
    if catalogued := catalogued_giver(document, series):
        return catalogued
    governments = (e for i in where for e in document.within(i) if isinstance(e, Recipient))
    for government in governments:
        is_one = document.text[government.start : government.end].startswith("Pem")
        if is_one and _HELD_BY.search(document.text[max(0, government.start - 45) : government.start]):
            return Found(giver_name(government), government.start, government.end)
    heads = [e for e in named if e.head]
    return Found(heads[0].name, heads[0].start, heads[0].end) if heads else None


_HELD_BY = re.compile(
    r"\b(?:digelar|diadakan|diselenggarakan|dihelat|diinisiasi|digagas|dari|oleh|milik|besutan)\s+(?:oleh\s+)?$"
)


def catalogued_giver(document: Document, series: str | None) -> Found | None:
    """The giver that the catalogue has for a series, where the article names it."""
    givers = (gazetteer.series()[series].giver or "").split("; ") if series else []
    named = (e for e in document.entities if isinstance(e, Organization) and e.name in givers)
    return next((Found(e.name, e.start, e.end) for e in named), None)


_TOGETHER = re.compile(
    r"\b(?:bekerja\s?sama|kerja\s?sama|berkolaborasi|kolaborasi|bermitra|menggandeng|didukung(?:\s+oleh)?|bersinergi)\b[^.;]{0,60}?"
    r"(?=(?:Kementerian|Kantor|Badan|[A-Z]))"
)


def _partners(document: Document) -> tuple[Found, ...]:
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
