"""Every name or phrase of a text that may be the value of a record's field: rank, category, day, place, giver, people.

Recall, no judgement: `etl.extract.fields.roles` weighs them. Found once a document, and only when asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from etl.extract import judge
from etl.extract.claims.scene import Claim
from etl.extract.document import Document
from etl.extract.fields import categories, details, givers, shares
from etl.extract.fields.details import Found
from etl.extract.fields.surroundings import Candidate, Rows
from etl.extract.names.entities import Award, Entity, Organization, Recipient, is_district
from etl.extract.patterns import any_case, one_of


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
        self._starts: dict[Finder, list[int]] = {}
        self._alone: dict[tuple[str, int], float] = {}
        self._named: dict[str, Counter[str]] = {}
        self.rows = Rows(document)
        self._shares: dict[tuple[int, str], dict[int, list[shares.Mark]]] = {}
        self._goes_on: dict[int, bool] = {}
        self._again: dict[int, bool] = {}
        self._announced: dict[str, frozenset[str]] = {}
        self._own_kinds: dict[int, Candidate | None] = {}

    def of(self, field: str) -> list[Candidate]:
        """The candidates of a field, in the order of the text."""
        finder = FINDERS[field]
        found = self._found.get(finder)
        if found is None:
            found = self._found[finder] = sorted(finder(self), key=lambda c: (c.found.start, c.found.end))
            for number, candidate in enumerate(found):
                candidate.number = number
        return found

    def of_sentence(self, index: int, field: str) -> list[Candidate]:
        """The candidates of a field that a sentence has."""
        start, end = self.document.around(index)
        starts = self.starts(field)
        return self.of(field)[bisect_left(starts, start) : bisect_left(starts, end)]

    def starts(self, field: str) -> list[int]:
        """Where the candidates of a field begin."""
        finder = FINDERS[field]
        if finder not in self._starts:
            self._starts[finder] = [c.found.start for c in self.of(field)]
        return self._starts[finder]

    def alone(self, field: str, candidate: Candidate) -> float:
        """The log odds of a candidate of a field, whatever the record."""
        key = field, candidate.number
        odds = self._alone.get(key)
        if odds is None:
            odds = self._alone[key] = judge.odds(field, (candidate.clues,))
        return odds

    def named(self, field: str) -> Counter[str]:
        """How often each value of a field is a candidate."""
        if field not in self._named:
            self._named[field] = Counter(c.found.value for c in self.of(field))
        return self._named[field]

    def said(self, field: str, candidate: Candidate) -> tuple[int, bool]:
        """How often a value is said, and whether a word announces it somewhere."""
        often = min(3, self.named(field)[candidate.found.value])
        return often, candidate.found.value.lower() in self._announced_values(field)

    def announced(self, field: str) -> int:
        """How many values of a field a word announces, up to three."""
        return min(3, len(self._announced_values(field)))

    def _announced_values(self, field: str) -> frozenset[str]:
        if field not in self._announced:
            self._announced[field] = frozenset(c.found.value.lower() for c in self.of(field) if c.kind in _ANNOUNCED)
        return self._announced[field]

    def shares(self, index: int, field: str) -> dict[int, list[shares.Mark]]:
        """Which ranks or categories of a sentence are whose by position, by where the name starts."""
        found = self._shares.get((index, field))
        if found is None:
            names = [e for e in self.document.within(index) if isinstance(e, Recipient)]
            marks = MARKS[field](self.document.text, self.document.around(index)) if names else []
            span = self.document.around(index)
            found = shares.dealt(self.document.text, span, marks, shares.winners(names)) if marks else {}
            self._shares[index, field] = found
        return found

    def own_kind(self, anchor: Anchor) -> Candidate | None:
        """The recipient's own kind, which may be the category: 'Kelurahan' of a contest of desa and kelurahan."""
        if anchor.start not in self._own_kinds:
            kind = categories.kind_of(self.document.text[anchor.start : anchor.end], anchor.codes)
            made = None
            if kind is not None and anchor.end > anchor.start:
                made = self.candidate(anchor.sentence, Found(kind, anchor.start, anchor.end), "own kind", anchor.start)
                made.number = -1 - anchor.start
            self._own_kinds[anchor.start] = made
        return self._own_kinds[anchor.start]

    def goes_on(self, index: int) -> bool:
        """Whether a sentence goes on with the one before: 'Enam lainnya ialah ...', 'Predikat yang sama diraih ...'."""
        found = self._goes_on.get(index)
        if found is None:
            start, end = self.document.around(index)
            found = _GOES_ON.search(self.document.text, start, min(end, start + _LEAD)) is not None
            self._goes_on[index] = found
        return found

    def says_again(self, index: int) -> bool:
        """Whether a sentence speaks of an award as of the same that was spoken of before."""
        again = self._again.get(index)
        if again is None:
            again = self._again[index] = _THE_SAME.search(self.document.text, *self.document.around(index)) is not None
        return again

    def candidate(self, index: int, found: Found, kind: str, owner: int | None = None) -> Candidate:
        """A candidate, not looked at yet."""
        return Candidate(found, index, kind, self.rows, owner)


_LEAD = 90  # characters in which a sentence says that it goes on
_GOES_ON = re.compile(
    one_of(
        *any_case(
            "lain(?:nya)?", "yang sama", "serupa", "rekannya", "sisanya", "selebihnya",
            "ke(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)nya", "mereka", "begitu (?:pula|juga)",
            "demikian (?:pula|juga)", "daftar", "berikutnya", "selanjutnya",
        )
    )
    + r"\b"
)  # fmt: skip
_THE_SAME = re.compile(one_of("serupa", "yang sama", "juga sama", "itu juga", "tersebut juga") + r"\b")
_ANNOUNCED = frozenset(("kategori", "step kategori", "cell", "heading", "place"))


# ------------------------------------------------------------------------------------------------------------- candidates


def _lines(cast: Cast) -> Iterator[int]:
    return (i for i, s in enumerate(cast.document.sentences) if s.kind != "aside" or s.paragraph == 0)


def _ranks(cast: Cast) -> Iterator[Candidate]:
    document = cast.document
    last: shares.Mark | None = None
    for index in _lines(cast):
        for found, kind in details.ranks_in(document.text, document.around(index)):
            yield cast.candidate(index, found, kind)
        counted = list(_counted(cast, index, last))
        yield from (candidate for candidate, _ in counted)
        places = [m for marks in cast.shares(index, "rank").values() for m in marks if m.numbers] + [
            m for _, m in counted
        ]
        last = max(places, key=lambda m: m.numbers[-1], default=None)
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


def _counted(cast: Cast, index: int, before: shares.Mark | None) -> Iterator[tuple[Candidate, shares.Mark]]:
    """'juara I sampai III berturut-turut R, R, dan R', 'peringkat pertama R, disusul R': a rank for each name, counted on;
    `before` is the last of the sentence before.
    """
    text, span = cast.document.text, cast.document.around(index)
    dealt = cast.shares(index, "rank")
    for start, marks in dealt.items():
        for mark in marks:
            if mark.numbers and text[mark.start : mark.end] != mark.value:
                yield cast.candidate(index, Found(mark.value, mark.start, mark.end), "counted", start), mark
    names = shares.winners([e for e in cast.document.within(index) if isinstance(e, Recipient)])
    said = max((start for start, marks in dealt.items() if any(m.numbers for m in marks)), default=-1)
    lead = cast.document.around(max(0, index - 1))
    for start, mark in shares.counted_on(text, span, names, before, lead).items():
        if said < 0 or (start < said and start not in dealt):
            yield cast.candidate(index, Found(mark.value, mark.start, mark.end), "counted on", start), mark


def _rank_marks(text: str, span: tuple[int, int]) -> list[shares.Mark]:
    """The places, steps and grades of a sentence; those said at once as one."""
    marks = list(shares.series_of_ranks(text, span))
    for found, kind in details.ranks_in(text, span):
        if kind != "best" and not any(m.start < found.end and found.start < m.end for m in marks):
            place = shares.number(found.value) if kind in ("place", "ordinal", "bracket") else None
            marks.append(shares.Mark(*found, (place,) if place else ()))
    return sorted(marks, key=lambda m: m.start)


def _category_marks(text: str, span: tuple[int, int]) -> list[shares.Mark]:
    """The categories of a sentence that a word announces."""
    return [shares.Mark(*found) for found in categories.announced(text, span)]


MARKS = {"rank": _rank_marks, "category": _category_marks}


def _categories(cast: Cast) -> Iterator[Candidate]:
    document = cast.document
    for index in _lines(cast):
        yield from (cell for cell in _cells(cast, index, _CATEGORY_COLUMNS) if categories.may_be(cell.found.value))
        names = document.within(index)
        spans = [(e.start, e.end) for e in names if not isinstance(e, Award)]
        listed = document.sentences[index].kind in ("item", "row")
        awards = [(e.start, e.end) for e in names if isinstance(e, Award) and e.series and not e.generic]
        for found, kind in categories.categories_in(document.text, document.around(index), spans, listed, awards):
            over = [e for e in names if e.start < found.end and found.start < e.end] if kind == "capitals" else []
            if not any(not isinstance(e, Award) or e.chance == 1 for e in over) and not (
                kind.startswith(("piece", "capitals")) and is_district(found.value)
            ):
                yield cast.candidate(index, found, "capitals, a name" if over else kind)
        for entity in names:
            if isinstance(entity, Award) and (
                title := categories.title_in_name(document.text, entity.start, entity.end)
            ):
                yield cast.candidate(index, title, "title in name")
        ends = [(rank.found.end, "behind rank") for rank in cast.of_sentence(index, "rank")]
        ends += [(mark.end, "behind rank") for mark in shares.series_of_ranks(document.text, document.around(index))]
        ends += [(end, "behind award") for _, end in awards]
        for end, kind in ends:
            behind = categories.behind_rank(document.text, end, document.around(index)[1], spans)
            if behind is not None:
                yield cast.candidate(index, behind, kind)
        if (
            document.sentences[index].kind == "heading"
            and (label := categories.heading_category(document.text, document.around(index)))
            and categories.may_be(label.value)
        ):
            yield cast.candidate(index, label, "heading")


def _days(cast: Cast) -> Iterator[Candidate]:
    document = cast.document
    for index in range(len(document.sentences)):
        span, cues = document.around(index), document.cues_within(index)
        for day in details.all_days(document.text, span):
            found = details.day_found(day, document.published, document.latest_year)
            if found is not None:
                late = document.published is not None and found.value > document.published.isoformat()
                told = details.statement_of(document.text, cues, day.start)
                if told == "told":  # when somebody spoke: only the year is the award's
                    yield cast.candidate(index, Found(found.value[:4], found.start, found.end), told)
                    continue
                kind = (
                    ("late " if late else "")
                    + ("full" if day.year else "day")
                    + (" with weekday" if day.weekday is not None else "")
                )
                yield cast.candidate(index, found, told or kind)
        for found in details.months_in(document.text, span):
            yield cast.candidate(index, found, "month")
        if document.published is not None:
            for found, kind in details.near_days(document.text, span, document.published):
                told = details.statement_of(document.text, cues, found.start)
                yield cast.candidate(index, found, f"{kind} {told}" if told else kind)


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
FINDERS: dict[str, Finder] = {
    "rank": _ranks, "category": _categories, "awarded_on": _days, "place": _places, "giver": _givers,
    "presented_by": _people, "received_by": _people,
}  # fmt: skip
