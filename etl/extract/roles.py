"""What belongs to a record: rank, category, day, place, giver, who handed over, who took it. One mechanism for all seven.

For each field every name or phrase of the text that could be its value is a candidate; a model weighs how candidate and
record stand to each other (same sentence, list heading, nearer to another record's recipient) and what stands around the
candidate ('diserahkan oleh _'). The likeliest candidate above the field's threshold is the value; its words are the evidence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import log

from etl import gazetteer
from etl.extract import details, givers, judge
from etl.extract.details import Found
from etl.extract.document import Document
from etl.extract.entities import Award, Entity, Organization, Recipient
from etl.extract.judge import Clues
from etl.extract.scene import Claim
from etl.extract.symbols import Symbol, symbols

FIELDS = ("rank", "category", "awarded_on", "place", "giver", "presented_by", "received_by")
_LEAST = {  # chances from which a value is given; low, since a field that is left out is missed as well
    "rank": 0.2,
    "category": 0.2,
    "awarded_on": 0.2,
    "place": 0.2,
    "giver": 0.1,
    "presented_by": 0.15,
    "received_by": 0.15,
}
_LEAST_ODDS = {field: log(chance / (1 - chance)) for field, chance in _LEAST.items()}
_OWN_SENTENCE = frozenset(("rank", "category"))  # fields that stand with the name, or above the list it stands in
_REACH = 3.5  # log odds: more than a relation to a record speaks for a candidate, but for one in a hundred
_FAR = 40  # symbols to either side that are looked at
_WINDOW = 5  # candidates before and behind a record that are weighed, so that cost stays linear in the length of a list


@dataclass(slots=True, eq=False)
class Candidate:
    """A possible value of a field: what it would be, where it stands, and what stands around it."""

    found: Found
    sentence: int
    kind: str
    clues: Clues
    beside: tuple[str, ...]  # those of the clues that mean another thing at another distance from a record
    owner: int | None = None  # where the one recipient stands that it can belong to
    number: int = 0  # among the candidates of its field


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a record stands: its sentence, the list heading above it, its names; `rank` of the records counts from 0."""

    sentence: int
    heading: int | None
    start: int
    end: int
    award: Award | None
    series: str | None
    name: str
    type: str
    number: int
    person: str | None
    codes: tuple[str, ...]
    lead: int  # where the run of names begins that the recipient stands in


class Cast:
    """Every candidate of a document, found once and only when asked for."""

    def __init__(self, document: Document, claims: Sequence[Claim]) -> None:
        self.document = document
        self.winners = frozenset(
            givers.giver_name(c.recipient) for c in claims if c.recipient is not None and c.status == "won"
        )
        self._found: dict[Finder, list[Candidate]] = {}
        self._named: dict[str, Counter[str]] = {}

    def of(self, field: str) -> list[Candidate]:
        """The candidates of a field, in the order of the text."""
        finder = _FINDERS[field]
        found = self._found.get(finder)
        if found is None:
            found = self._found[finder] = sorted(finder(self), key=lambda c: (c.found.start, c.found.end))
            for number, candidate in enumerate(found):
                candidate.number = number
        return found

    def named(self, field: str) -> Counter[str]:
        """How often each value of a field is a candidate."""
        if field not in self._named:
            self._named[field] = Counter(c.found.value for c in self.of(field))
        return self._named[field]

    def candidate(self, index: int, found: Found, kind: str, owner: int | None = None) -> Candidate:
        """A candidate with what stands around it."""
        row = symbols(self.document, index)
        last = bisect_right(row, found.start, key=lambda s: s.end)
        before = row[max(0, last - _FAR) : last]
        next_one = bisect_left(row, found.end, key=lambda s: s.start)
        after = row[next_one : next_one + _FAR]
        names = [s.name for s in before[-3:]]
        names = ["^"] * (3 - len(names)) + names
        sentence = self.document.sentences[index]
        clues = [
            f"kind:{kind}", f"left:{names[-1]}", f"left2:{names[-2]} {names[-1]}", f"left3:{' '.join(names)}",
            f"{kind}|left:{names[-1]}",
            f"right:{after[0].name if after else '$'}", f"right2:{' '.join(s.name for s in after[:2])}",
            f"{kind}|right:{after[0].name if after else '$'}",
            f"in:{sentence.kind}", f"paragraph:{min(sentence.paragraph, 4)}", f"words:{min(8, found.value.count(' ') + 1)}",
        ]  # fmt: skip
        if before and before[-1].word:
            clues.append(f"left word:{before[-1].word}")
        if len(before) > 1 and before[-1].word and before[-2].word:
            clues.append(f"left words:{before[-2].word} {before[-1].word}")
        if after and after[0].word:
            clues.append(f"right word:{after[0].word}")
        for side, near in (("<", before[::-1]), (">", after)):
            cue = next(((i, s) for i, s in enumerate(near) if s.cues), None)
            if cue is not None:
                clues += [f"cue{side}{c}/{'near' if cue[0] < 4 else 'far'}" for c in cue[1].cues]
                clues += [f"{kind}|cue{side}{c}" for c in cue[1].cues]
        for side, near in (("<", before[::-1]), (">", after)):
            clues += _path(side, near, kind)
        clues += [f"has:{c}" for c in {c for s in row for c in s.cues}]
        clues += ["award noun"] if any(s.name in ("A", "a") for s in row) else ["no award noun"]
        first = found.value.split()[0].lower() if found.value.split() else ""
        clues.append(f"first word:{first}")
        if kind not in _NAMES_OF_SOMEBODY:
            clues += [f"word:{word}" for word in dict.fromkeys(_PLAIN_WORD.findall(found.value.lower()))]
        beside = tuple([c for c in clues if c.startswith(("left:", "cue<"))])
        return Candidate(found, index, kind, Clues(clues), beside, owner)


_PLAIN_WORD = re.compile(r"[a-z-]{3,}")
_NAMES_OF_SOMEBODY = frozenset(("head", "official", "title", "person", "office", "unlisted"))
_SKIPPED = frozenset(
    (
        "W",
        "w",
        "O",
        "O:head",
        "R:region",
        "R:agency",
        "(",
        ")",
        ",",
        "#",
        "kepala",
        "ketua",
        "direktur",
        "sekretaris",
        "wakil",
        "bidang",
        "R:person",
    )
)


def _path(side: str, near: Sequence[Symbol], kind: str) -> Iterator[str]:
    """The way to the nearest cue over the words of an office: 'path<hand_over:oleh' of 'diserahkan oleh Deputi Bidang X Y'."""
    between: list[str] = []
    for symbol in near[:16]:
        if symbol.cues:
            for cue in symbol.cues:
                yield f"path{side}{cue}:{' '.join(between[:3])}"
                yield f"{kind}|path{side}{cue}:{' '.join(between[:3])}"
                yield f"cue word{side}{symbol.name}"
            return
        if symbol.name not in _SKIPPED:
            between.append(symbol.name)
    yield f"path{side}none:{' '.join(between[:2])}"


def attach(cast: Cast, anchors: Sequence[Anchor], others: Sequence[int], fields: Sequence[str]) -> dict[str, Found]:
    """The likeliest value of each field, seen from each place that tells the record. `others` are where the recipients of all
    records stand, in order.
    """
    made = {}
    for field in fields:
        seen = [
            (judge.odds(field, (c.clues,)), n, anchor, c)
            for n, anchor in enumerate(anchors)
            for c in near(cast.of(field), anchor, field)
        ]
        seen.sort(key=lambda one: (-one[0], one[1], one[3].number))
        for last_resort in (False, True):
            best, least = None, _LEAST_ODDS[field]
            for alone, _, anchor, candidate in seen:
                if alone + _REACH < least:
                    break
                if (candidate.kind == "told") is last_resort:
                    odds = judge.odds(field, (candidate.clues, relation(cast, candidate, anchor, others, field)))
                    if odds > least:
                        best, least = candidate, odds
            if best is not None:
                made[field] = best.found
                break
    return made


def near(candidates: Sequence[Candidate], anchor: Anchor, field: str) -> list[Candidate]:
    """The candidates that may belong to a record: of fields that stand with the name those of its sentence, its heading and
    the lines above; else the nearest and the article's first.
    """
    if field in _OWN_SENTENCE:
        first = anchor.sentence - 2 if anchor.heading is None else min(anchor.heading, anchor.sentence) - 2
        lines = {anchor.sentence, anchor.sentence + 1, *range(first, (anchor.heading or anchor.sentence) + 1)}
        at = bisect_left(candidates, anchor.start, key=lambda c: c.found.start)
        around = [*candidates[:6], *candidates[max(6, at - 2 * _WINDOW) : at + 2 * _WINDOW]]
        return [
            c
            for c in around
            if c.owner in (None, anchor.start) and (c.sentence in lines or c.sentence == anchor.heading)
        ]
    at = bisect_left(candidates, anchor.start, key=lambda c: c.found.start)
    first = max(0, at - _WINDOW)
    return [*candidates[: min(6, first)], *candidates[first : at + _WINDOW]]


def relation(cast: Cast, candidate: Candidate, anchor: Anchor, others: Sequence[int], field: str) -> Clues:
    """How a candidate stands to a record."""
    apart = candidate.sentence - anchor.sentence
    found = candidate.found
    clues = []
    if apart == 0:
        side = "behind" if found.start >= anchor.end else "before" if found.end <= anchor.lead else "inside"
        first, last = sorted((found.start, anchor.lead if side == "before" else anchor.start))
        between = bisect_left(others, last) - bisect_left(others, first + 1)
        where = f"same sentence, {side}"
        clues.append(f"{where}|records between:{min(3, between)}")
        clues.append(f"{where}|records in sentence:{min(3, _count(others, *cast.document.around(anchor.sentence)))}")
        row = symbols(cast.document, anchor.sentence)
        low, high = (anchor.end, found.start) if side == "behind" else (found.end, anchor.lead)
        first = bisect_left(row, low, key=lambda s: s.start)
        gap = [s.name for s in row[first : first + _FAR] if s.end <= high]
        clues.append(f"{side} gap:{min(6, len(gap))}")
        if len(gap) <= 4:
            clues.append(f"{side} gap:{' '.join(gap)}")
        clues += [f"{side} gap has:{name}" for name in {n for n in gap if not n.startswith(("w", "W"))}]
        if anchor.lead != anchor.start:
            clues.append(f"{where}|in a run")
        if anchor.award is not None and anchor.award.start <= found.start < anchor.award.end:
            clues.append("in the award's name")
    elif anchor.heading is not None and candidate.sentence == anchor.heading:
        where = "heading"
    elif anchor.heading is not None and candidate.sentence > anchor.heading:
        where = "same list"
    elif anchor.heading is not None and candidate.sentence >= anchor.heading - 2:
        where = "above heading"
    elif candidate.sentence == 0:
        where = "headline"
    else:
        where = f"sentences {'behind' if apart > 0 else 'before'}:{min(4, abs(apart))}"
    clues += [where, f"{where}|{candidate.kind}", f"{where}|listed:{anchor.heading is not None}"]
    clues += [f"{where}|{c}" for c in candidate.beside]
    clues.append(f"record:{min(2, anchor.number)}|{'same' if apart == 0 else 'other'} sentence")
    clues.append(f"recipient type:{anchor.type}")
    count = len(cast.of(field))
    clues.append(f"candidate:{min(3, candidate.number) if count < 12 else 3} of {min(4, count)}")
    clues += _MATCHES[field](cast, candidate, anchor)
    return Clues(clues)


def _count(positions: Sequence[int], start: int, end: int) -> int:
    return bisect_left(positions, end) - bisect_left(positions, start)


# --------------------------------------------------------------------------------------------- does a candidate fit at all


def _nothing(cast: Cast, candidate: Candidate, anchor: Anchor) -> list[str]:
    return []


def _fits_giver(cast: Cast, candidate: Candidate, anchor: Anchor) -> list[str]:
    series = gazetteer.series().get(anchor.series) if anchor.series else None
    own = candidate.found.value in ((series.giver or "").split("; ") if series else ())
    clues = [
        f"catalogue giver:{own}" if series and series.giver else "no catalogue giver",
        f"own region:{candidate.found.value == f'Pemerintah {anchor.name}'}",
    ]
    clues.append(f"catalogue giver:{own}|{candidate.kind}")
    publisher = _publishers().get(candidate.found.value)
    if publisher and cast.document.outlet and publisher in cast.document.outlet:
        clues.append("publisher")
    clues.append(f"named:{min(4, cast.named('giver')[candidate.found.value])}")
    if candidate.found.value in cast.winners:
        clues += ["a winner", f"a winner|{candidate.kind}"]
    return clues


@cache
def _publishers() -> dict[str, str]:
    """The site of each organization that publishes one."""
    return {o.name: o.publisher for o in gazetteer.organizations().values() if o.publisher}


def _fits_person(cast: Cast, candidate: Candidate, anchor: Anchor) -> list[str]:
    is_self = candidate.found.value == anchor.name or candidate.found.value == anchor.person
    clues = ["the winner himself"] if candidate.found.value == anchor.name else []
    clues += ["head of the recipient"] if is_self and anchor.person else []
    office = next(
        (
            e
            for e in cast.document.within(candidate.sentence)
            if isinstance(e, Recipient) and e.person_span == (candidate.found.start, candidate.found.end)
        ),
        None,
    )
    if office is not None and office.codes:
        clues.append(f"office of the region:{office.codes == anchor.codes}")
        clues.append(f"office of the region:{office.codes == anchor.codes}|{anchor.type}")
    return clues


def _fits_category(cast: Cast, candidate: Candidate, anchor: Anchor) -> list[str]:
    """Whether a category speaks of recipients of another kind, and whether it only says again what the award's name says."""
    words = set(_PLAIN_WORD.findall(candidate.found.value.lower()))
    kinds = {_KIND_OF_WORD[w] for w in words & _KIND_OF_WORD.keys()}
    own = {anchor.type} | (
        {gazetteer.regions()[anchor.codes[0]].kind} if anchor.type == "region" and anchor.codes else set()
    )
    clues = [f"speaks of its kind:{bool(kinds & own) if kinds else None}"]
    if anchor.award is not None and words:
        name = set(_PLAIN_WORD.findall(anchor.award.name.lower()))
        clues.append(f"words in the award's name:{'all' if words <= name else 'some' if words & name else 'none'}")
    return clues


_KIND_OF_WORD = {
    "kota": "kota", "kabupaten": "kabupaten", "provinsi": "provinsi", "desa": "village", "kelurahan": "village",
    "kampung": "village", "nagari": "village", "sekolah": "school", "madrasah": "school", "puskesmas": "agency",
    "kecamatan": "agency", "dinas": "agency", "opd": "agency", "rsud": "agency", "bumd": "company", "perusahaan": "company",
    "tokoh": "official", "polres": "police", "kelompok": "community", "komunitas": "community", "perorangan": "person",
}  # fmt: skip


def _fits_level(cast: Cast, candidate: Candidate, anchor: Anchor) -> list[str]:
    if candidate.kind == "level":
        fits = anchor.series is not None and details.has_level(
            candidate.found.value, (0, len(candidate.found.value)), anchor.series
        )
        return [f"level of the series:{fits}"]
    series = gazetteer.series().get(anchor.series) if anchor.series else None
    return [f"{candidate.kind}|series:{series.kind if series else None}"]


_MATCHES = {
    "rank": _fits_level, "category": _fits_category, "awarded_on": _nothing, "place": _nothing, "giver": _fits_giver,
    "presented_by": _fits_person, "received_by": _fits_person,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- candidates


def _lines(cast: Cast) -> Iterator[int]:
    return (i for i, s in enumerate(cast.document.sentences) if s.kind != "aside" or s.paragraph == 0)


def _ranks(cast: Cast) -> Iterator[Candidate]:
    document = cast.document
    for index in _lines(cast):
        for found, kind in details.ranks_in(document.text, document.around(index)):
            yield cast.candidate(index, found, kind)
        yield from _counted(cast, index)
        yield from _cells(cast, index, _RANK_COLUMNS)
        sentence = document.sentences[index]
        if sentence.kind in ("item", "row") and sentence.number is not None:
            start = document.text.find(str(sentence.number), sentence.start, sentence.end)
            start = start if start >= 0 else sentence.start
            found = Found(str(sentence.number), start, start + len(str(sentence.number)))
            heading = document.around(sentence.heading) if sentence.heading is not None else (0, 0)
            yield cast.candidate(
                index, found, f"number, {'ranked' if details.speaks_of_ranks(document.text, heading) else 'plain'}"
            )


def _cells(cast: Cast, index: int, columns: frozenset[str]) -> Iterator[Candidate]:
    """The cell of a table's row that stands below a column with one of these heads."""
    if cast.document.sentences[index].kind == "row":
        found = details.cell_under(cast.document.text, cast.document.sentences, index, columns)
        if found is not None:
            yield cast.candidate(index, found, "cell")


_RANK_COLUMNS = frozenset(("peringkat", "juara", "ranking", "predikat", "tingkat", "hasil", "jenis"))
_CATEGORY_COLUMNS = frozenset(("kategori", "bidang", "kelompok", "klaster"))


def _counted(cast: Cast, index: int) -> Iterator[Candidate]:
    """'peringkat pertama R, disusul R dan R': a rank for each name, said or counted on."""
    names = [(e.start, e.end) for e in cast.document.within(index) if isinstance(e, Recipient)]
    if len(names) > 1:
        for start, found in details.ranks_in_run(cast.document.text, cast.document.around(index), names).items():
            yield cast.candidate(index, found, "counted", start)


def _categories(cast: Cast) -> Iterator[Candidate]:
    document = cast.document
    for index in _lines(cast):
        yield from _cells(cast, index, _CATEGORY_COLUMNS)
        names = document.within(index)
        for found, kind in details.categories_in(document.text, document.around(index)):
            if kind != "capitals" or not any(e.start < found.end and found.start < e.end for e in names):
                yield cast.candidate(index, found, kind)
        for entity in document.within(index):
            if isinstance(entity, Award) and (title := details.title_in_name(document.text, entity.start, entity.end)):
                yield cast.candidate(index, title, "title in name")
        if document.sentences[index].kind == "heading" and (
            label := details.heading_category(document.text, document.around(index))
        ):
            yield cast.candidate(index, label, "heading")


def _days(cast: Cast) -> Iterator[Candidate]:
    document = cast.document
    for index in range(len(document.sentences)):
        for day in details.all_days(document.text, document.around(index)):
            found = details.day_found(day, document.published, document.latest_year)
            if found is not None:
                late = document.published is not None and found.value > document.published.isoformat()
                if details.is_told(
                    document.cues_within(index), day
                ):  # when somebody spoke: only the year is the award's
                    yield cast.candidate(index, Found(found.value[:4], found.start, found.end), "told")
                    continue
                kind = (
                    ("late " if late else "")
                    + ("full" if day.year else "day")
                    + (" with weekday" if day.weekday is not None else "")
                )
                yield cast.candidate(index, found, kind)
        for found in details.months_in(document.text, document.around(index)):
            yield cast.candidate(index, found, "month")


def _places(cast: Cast) -> Iterator[Candidate]:
    for index in _lines(cast):
        if index:
            for found, kind in details.places_in(cast.document.text, cast.document.around(index)):
                yield cast.candidate(index, found, kind)


def _givers(cast: Cast) -> Iterator[Candidate]:
    document = cast.document
    for index in _lines(cast):
        for entity in document.within(index):
            name = givers.giver_name(entity)
            if isinstance(entity, Organization) and name:
                yield cast.candidate(
                    index, Found(name, entity.start, entity.end), f"{entity.kind}{' head' if entity.head else ''}"
                )
            elif (
                isinstance(entity, Recipient)
                and entity.type in ("region", "police", "agency", "company", "community", "school")
                and name
            ):
                kind = (
                    "head of government"
                    if entity.office
                    else "government"
                    if document.text[entity.start : entity.start + 3] == "Pem"
                    else entity.type
                )
                yield cast.candidate(index, Found(name, entity.start, entity.end), kind)
        for found in details.named_givers(document.text, document.around(index)):
            if not any(
                e.start < found.end and found.start < e.end for e in document.within(index) if not isinstance(e, Award)
            ):
                yield cast.candidate(index, found, "unlisted")


def _person_of(entity: Entity) -> Found | None:
    """The person that an office's words name."""
    if isinstance(entity, Recipient | Organization) and entity.person and entity.person_span:
        return Found(entity.person, *entity.person_span)
    return None


def _people(cast: Cast) -> Iterator[Candidate]:
    document = cast.document
    for index in _lines(cast):
        for entity in document.within(index):
            if (found := _person_of(entity)) is not None:
                if document.around(index)[0] <= found.start < document.around(index)[1]:
                    yield cast.candidate(index, found, "head" if isinstance(entity, Organization) else "official")
            elif isinstance(entity, Organization) and entity.head:
                yield cast.candidate(
                    index, Found(document.text[entity.start : entity.end], entity.start, entity.end), "title"
                )
            elif isinstance(entity, Recipient) and entity.type in ("person", "official") and not entity.office:
                yield cast.candidate(index, Found(entity.name, entity.start, entity.end), "person")
            elif isinstance(entity, Recipient) and entity.office and not entity.person:
                yield cast.candidate(index, Found(entity.office, entity.start, entity.end), "office")


Finder = Callable[[Cast], Iterator[Candidate]]
_FINDERS: dict[str, Finder] = {
    "rank": _ranks, "category": _categories, "awarded_on": _days, "place": _places, "giver": _givers,
    "presented_by": _people, "received_by": _people,
}  # fmt: skip
