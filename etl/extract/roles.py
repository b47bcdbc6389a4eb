"""What belongs to a record: rank, category, day, place, giver, who handed over, who took it. One mechanism for all seven.

For each field every name or phrase of the text that could be its value is a candidate; a model weighs how candidate and
record stand to each other (same sentence, list heading, nearer to another record's recipient) and what stands around the
candidate ('diserahkan oleh _'), against there being no value. The likeliest candidate above the field's threshold is the value;
its words are the evidence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from math import log

from etl import gazetteer
from etl.extract import categories, details, givers, judge, shares
from etl.extract.details import Found
from etl.extract.document import Document
from etl.extract.entities import Award, Entity, Organization, Recipient, is_district
from etl.extract.judge import Clues, shared
from etl.extract.patterns import any_case, one_of
from etl.extract.scene import Claim
from etl.extract.symbols import Symbol, symbols

FIELDS = ("rank", "category", "awarded_on", "place", "giver", "presented_by", "received_by")
_LEAST = {  # chances, against there being none, from which a value is given; low, since a field left out is missed as well
    "rank": 0.4,
    "category": 0.3,
    "awarded_on": 0.1,
    "place": 0.1,
    "giver": 0.1,
    "presented_by": 0.1,
    "received_by": 0.1,
}
_LEAST_ODDS = {field: log(chance / (1 - chance)) for field, chance in _LEAST.items()}
_NOTHING = Clues(())
OF_A_PRIZE = ("rank", "category")  # fields that two prizes of one award differ in
_OWN_SENTENCE = frozenset(OF_A_PRIZE)  # fields that stand with the name, or above the list it stands in
_REACH = 6.0  # log odds: more than a relation to a record speaks for a candidate, but for one in a thousand
_FAR = 40  # symbols to either side that are looked at
_WINDOW = 5  # candidates before and behind a record that are weighed, so that cost stays linear in the length of a list


@dataclass(eq=False)
class Candidate:
    """A value that a field may have, where it stands, and how it was found."""

    found: Found
    sentence: int
    kind: str
    rows: Rows
    owner: int | None = None  # where the one recipient stands that it can belong to
    number: int = 0  # among the candidates of its field

    @property
    def clues(self) -> Clues:
        """What stands around it."""
        return self._seen[0]

    @property
    def beside(self) -> tuple[str, tuple[str, ...], str]:
        """What stands before it: the next symbol; the next cue, and how near."""
        return self._seen[1]

    @cached_property
    def _seen(self) -> tuple[Clues, tuple[str, tuple[str, ...], str]]:
        return _around(self)


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


class _Row:
    """The symbols of a sentence, as candidates look at them."""

    __slots__ = ("clues", "cues", "ends", "names", "starts", "symbols")

    def __init__(self, row: Sequence[Symbol]) -> None:
        self.symbols = row
        self.names = [s.name for s in row]
        self.starts = [s.start for s in row]
        self.ends = [s.end for s in row]
        self.cues = [at for at, s in enumerate(row) if s.cues]
        said = frozenset([c for at in self.cues for c in row[at].cues])
        self.clues = _sentence(said, "A" in self.names or "a" in self.names)

    def run_end(self, end: int) -> int:
        """Where the run of names ends that goes on behind a name: 'R, R dan R'."""
        gap = 0
        for symbol in self.symbols[bisect_left(self.starts, end) :]:
            if symbol.name.startswith("R:"):
                end, gap = symbol.end, 0
            elif symbol.name not in _JOINTS or gap > 4:
                break
            else:
                gap += 1
        return end

    def toward(self, first: int, way: int) -> tuple[int | None, list[str]]:
        """Where the nearest cue stands from a place on, ahead (1) or back (-1), and the names up to it that are no office's."""
        at = bisect_left(self.cues, first) if way > 0 else bisect_right(self.cues, first) - 1
        cue = self.cues[at] if 0 <= at < len(self.cues) else None
        if cue is not None and (cue - first) * way >= _FAR:
            cue = None
        if way > 0:
            names = self.names[first : min(first + _PATH, len(self.names) if cue is None else cue)]
        else:
            names = self.names[max(first - _PATH, -1 if cue is None else cue) + 1 : first + 1][::-1]
        return cue, [name for name in names if name not in _SKIPPED]


_JOINTS = frozenset((",", "dan", "serta", "juga", "bersama", "&", "(", ")", "O"))


class Rows:
    """The symbols of a document's sentences, made when asked for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._made: dict[int, _Row] = {}

    def of(self, index: int) -> _Row:
        """The symbols of a sentence."""
        row = self._made.get(index)
        if row is None:
            row = self._made[index] = _Row(symbols(self.document, index))
        return row


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
        finder = _FINDERS[field]
        found = self._found.get(finder)
        if found is None:
            found = self._found[finder] = sorted(finder(self), key=lambda c: (c.found.start, c.found.end))
            for number, candidate in enumerate(found):
                candidate.number = number
        return found

    def starts(self, field: str) -> list[int]:
        """Where the candidates of a field begin."""
        finder = _FINDERS[field]
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
            marks = _MARKS[field](self.document.text, self.document.around(index)) if names else []
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


def _around(candidate: Candidate) -> tuple[Clues, tuple[str, tuple[str, ...], str]]:
    """What stands around a candidate, and right before it."""
    found, kind, rows = candidate.found, candidate.kind, candidate.rows
    row, sentence = rows.of(candidate.sentence), rows.document.sentences[candidate.sentence]
    last, next_one = bisect_right(row.ends, found.start), bisect_left(row.starts, found.end)
    one, two, three = [*row.names[max(0, last - 3) : last][::-1], "^", "^", "^"][:3]
    right = row.names[next_one : next_one + 2]
    clues = [
        _kind(kind, sentence.kind, min(sentence.paragraph, 4), min(8, found.value.count(" ") + 1)),
        _shape(kind, found.value) if kind not in _NAMES_OF_SOMEBODY else _NOTHING,
        _beside(kind, one, right[0] if right else "$"),
        row.clues,
    ]
    own = [f"left2:{two} {one}", f"left3:{three} {two} {one}", f"right2:{' '.join(right)}"]
    cues: tuple[str, ...] = ()
    reach = ""
    for side, way, first in ((">", 1, next_one), ("<", -1, last - 1)):
        cue, between = row.toward(first, way)
        cues, reach = (), ""
        if cue is not None:
            cues, reach = row.symbols[cue].cues, "near" if abs(cue - first) < 4 else "far"
            clues.append(_cue(side, kind, cues, reach))
        if cue is not None and abs(cue - first) < _PATH:
            own += _path(side, kind, cues, row.names[cue], " ".join(between[:3]))
        else:
            own.append(f"path{side}none:{' '.join(between[:2])}")
    before, after = row.symbols[max(0, last - 2) : last][::-1], row.symbols[next_one : next_one + 1]
    own += _word_clues(found.value, kind, before, after)
    return Clues(own, parts=clues), (one, cues, reach)


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
_PLAIN_WORD = re.compile(r"[a-z-]{3,}")
_PATH = 16  # symbols to either side over which a cue may be reached
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


@shared
def _kind(kind: str, sentence: str, paragraph: int, words: int) -> Iterator[str]:
    yield from (f"kind:{kind}", f"in:{sentence}", f"paragraph:{paragraph}", f"words:{words}")


@shared
def _shape(kind: str, value: str) -> Iterator[str]:
    words = value.split()
    capital = [word[0].isupper() for word in words]
    shape = (
        "all"
        if all(capital)
        else "none"
        if not any(capital)
        else "first"
        if capital[0] and sum(capital) == 1
        else "some"
    )
    yield from (
        f"shape:{shape}",
        f"{kind}|shape:{shape}",
        f"last word:{words[-1].lower()}",
        f"{kind}|words:{min(4, len(words))}",
    )


@shared
def _beside(kind: str, left: str, right: str) -> Iterator[str]:
    yield from (f"left:{left}", f"{kind}|left:{left}", f"right:{right}", f"{kind}|right:{right}")


@shared
def _sentence(cues: frozenset[str], named: bool) -> Iterator[str]:
    """What is said in the sentence, and whether with an award."""
    yield from (f"has:{cue}" for cue in cues)
    yield "award noun" if named else "no award noun"


@shared
def _cue(side: str, kind: str, cues: tuple[str, ...], reach: str) -> Iterator[str]:
    for cue in cues:
        yield from (f"cue{side}{cue}/{reach}", f"{kind}|cue{side}{cue}")


def _path(side: str, kind: str, cues: Sequence[str], word: str, between: str) -> Iterator[str]:
    """The way to the nearest cue over the words of an office: 'path<hand_over:oleh' of 'diserahkan oleh Deputi Bidang X Y'."""
    for cue in cues:
        yield from (f"path{side}{cue}:{between}", f"{kind}|path{side}{cue}:{between}", f"cue word{side}{word}")


def _word_clues(value: str, kind: str, before: Sequence[Symbol], after: Sequence[Symbol]) -> Iterator[str]:
    """The words of a value, and those beside it."""
    if before and before[0].word:
        yield f"left word:{before[0].word}"
        if len(before) > 1 and before[1].word:
            yield f"left words:{before[1].word} {before[0].word}"
    if after and after[0].word:
        yield f"right word:{after[0].word}"
    lower = value.lower()
    words = lower.split(None, 1)
    yield f"first word:{words[0] if words else ''}"
    if kind not in _NAMES_OF_SOMEBODY:
        yield from (f"word:{word}" for word in dict.fromkeys(_PLAIN_WORD.findall(lower)))


def attach(cast: Cast, anchors: Sequence[Anchor], others: Sequence[int], fields: Sequence[str]) -> dict[str, Found]:
    """The likeliest value of each field, seen from each place that tells the record. `others` are where the recipients of all
    records stand, in order.
    """
    made: dict[str, Found] = {}
    related: dict[tuple[Finder, int, int], tuple[Clues, ...]] = {}  # presenters and acceptors are the same people
    for field in fields:
        finder, least_odds = _FINDERS[field], _LEAST_ODDS[field]
        seen = sorted(
            (-cast.alone(field, c), n, c.number, c)
            for n, anchor in enumerate(anchors)
            for c in near(cast, anchor, field)
        )
        rank = made["rank"].value if "rank" in made else None
        for last_resort in (False, True):
            best, least = None, least_odds
            for against, n, number, candidate in seen:
                if _REACH - against < least:
                    break
                if (candidate.kind == "told") is last_resort:
                    clues = related.get((finder, n, number))
                    if clues is None:
                        clues = relation(cast, candidate, anchors[n], others, field, rank)
                        related[finder, n, number] = clues
                    odds = judge.odds(field, clues, -against)
                    if odds > least:
                        best, least = candidate, odds
            if best is not None:
                made[field] = best.found
                break
    return made


def near(cast: Cast, anchor: Anchor, field: str) -> list[Candidate]:
    """The candidates that may belong to a record: of fields that stand with the name those of its sentence, its heading and
    the lines above; else the nearest and the article's first.
    """
    candidates = cast.of(field)
    at = bisect_left(cast.starts(field), anchor.start)
    if field in _OWN_SENTENCE:
        first = anchor.sentence - 2 if anchor.heading is None else min(anchor.heading, anchor.sentence) - 2
        lines = {anchor.sentence, anchor.sentence + 1, *range(first, (anchor.heading or anchor.sentence) + 1)}
        if field == "category":
            lines |= {0, 1, 2, anchor.sentence + 2, *range(anchor.sentence - 4, anchor.sentence)}
            around = [*candidates[:20], *candidates[max(20, at - 6 * _WINDOW) : at + 4 * _WINDOW]]
        else:
            lines |= {0, 1}
            around = [*candidates[:6], *candidates[max(6, at - 2 * _WINDOW) : at + 2 * _WINDOW]]
        if anchor.heading is not None:  # however many lines below it
            around += [c for c in _of_sentence(cast, anchor.heading, field) if c not in around]
        own = cast.own_kind(anchor) if field == "category" else None
        return [
            c
            for c in around
            if c.owner in (None, anchor.start) and (c.sentence in lines or c.sentence == anchor.heading)
        ] + ([own] if own is not None else [])
    first = max(0, at - _WINDOW)
    return [*candidates[: min(6, first)], *candidates[first : at + _WINDOW]]


def relation(
    cast: Cast, candidate: Candidate, anchor: Anchor, others: Sequence[int], field: str, rank: str | None = None
) -> tuple[Clues, ...]:
    """How a candidate stands to a record; of a category also how to its rank."""
    apart = candidate.sentence - anchor.sentence
    listed = anchor.heading is not None
    clues: list[Clues] = []
    if apart == 0:
        where, clues = _in_one_sentence(cast, candidate.found, anchor, others)
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
    count = len(cast.of(field))
    if field in _MARKS:
        own = bool(_of_sentence(cast, anchor.sentence, field))
        clues.append(_in_line(where, candidate.kind, cast.goes_on(anchor.sentence), own))
    if apart == 0 and field in _MARKS:
        clues.append(_share(_whose(cast, candidate, anchor, field), candidate.kind))
    if field in _MARKS:
        clues.append(_said(candidate.kind, *cast.said(field, candidate), cast.announced(field)))
    return (
        *clues,
        _where(where, candidate.kind, listed),
        _before(where, *candidate.beside),
        _record(
            min(2, anchor.number), apart == 0, anchor.type, min(3, candidate.number) if count < 12 else 3, min(4, count)
        ),
        _MATCHES[field](cast, candidate, anchor),
        _at_award(_to_award(candidate.found, anchor.award), candidate.kind, where)
        if field in _OWN_SENTENCE
        else _NOTHING,
        _same_again(where) if field in _AGAIN and cast.says_again(anchor.sentence) else _NOTHING,
        _beside_rank(candidate.found.value, candidate.kind, rank) if field == "category" else _NOTHING,
    )


def _to_award(found: Found, award: Award | None) -> str | None:
    """Whether a candidate is part of the award's name or stands right beside it: 'Adiwiyata Mandiri', 'Adipura kategori X'."""
    if award is None or found.start > award.end + 12 or found.end < award.start - 3:
        return None
    return "part" if award.start <= found.start < award.end else "behind" if found.start >= award.end else "before"


@shared
def _at_award(side: str | None, kind: str, where: str) -> Iterator[str]:
    if side is not None:
        yield from (f"award {side}", f"award {side}|{kind}", f"award {side}|{where}")


_AGAIN = frozenset(("rank", "category", "giver"))
_THE_SAME = re.compile(one_of("serupa", "yang sama", "juga sama", "itu juga", "tersebut juga") + r"\b")


@shared
def _same_again(where: str) -> Iterator[str]:
    """'penghargaan serupa': what was said before holds again."""
    yield f"{where}|said again"


def _in_one_sentence(cast: Cast, found: Found, anchor: Anchor, others: Sequence[int]) -> tuple[str, list[Clues]]:
    """On which side of the record's name a candidate stands, and what lies between."""
    side = "behind" if found.start >= anchor.end else "before" if found.end <= anchor.lead else "inside"
    first, last = sorted((found.start, anchor.lead if side == "before" else anchor.start))
    between = min(3, bisect_left(others, last) - bisect_left(others, first + 1))
    together = min(3, _count(others, *cast.document.around(anchor.sentence)))
    inside = anchor.award is not None and anchor.award.start <= found.start < anchor.award.end
    row = cast.rows.of(anchor.sentence)
    low, high = (anchor.end, found.start) if side == "behind" else (found.end, anchor.lead)
    first = bisect_left(row.starts, low)
    gap = [s.name for s in row.symbols[first : min(first + _FAR, bisect_right(row.ends, high))]]
    where = f"same sentence, {side}"
    if side == "behind" and (tail := row.run_end(anchor.end)) > anchor.end:
        others_between = bisect_left(others, found.start) - bisect_left(others, tail)
        behind = bisect_left(row.starts, tail)
        gap_of_run = [s.name for s in row.symbols[behind : min(behind + 5, bisect_right(row.ends, found.start))]]
        return where, [
            _among(where, between, together, anchor.lead != anchor.start, inside),
            _gap(side, *gap),
            _of_run(min(3, max(-1, others_between)), *gap_of_run),
        ]
    return where, [_among(where, between, together, anchor.lead != anchor.start, inside), _gap(side, *gap)]


def _whose(cast: Cast, candidate: Candidate, anchor: Anchor, field: str) -> str:
    """Whose a rank or category of the record's sentence is by position."""
    dealt, found = cast.shares(anchor.sentence, field), candidate.found
    if not dealt:
        return "nobody's"
    own = dealt.get(anchor.start)
    if own is None:
        return "others'" if any(_overlaps(m, found) for marks in dealt.values() for m in marks) else "left over"
    if not any(_overlaps(m, found) for m in own):
        return "not its own"
    return "its own" if any(m.value == found.value for m in own) else "part of its own"


def _of_sentence(cast: Cast, index: int, field: str) -> list[Candidate]:
    start, end = cast.document.around(index)
    starts = cast.starts(field)
    return cast.of(field)[bisect_left(starts, start) : bisect_left(starts, end)]


_ANNOUNCED = frozenset(("kategori", "step kategori", "cell", "heading", "place"))


@shared
def _said(kind: str, often: int, announced: bool, article: int) -> Iterator[str]:
    """A value is said again and again, or announced elsewhere; the article announces some, many or none."""
    yield from (f"said:{often}|{kind}", f"announced:{announced}|{kind}", f"article announces:{article}|{kind}")
    yield f"announced:{announced} of {article}"


@shared
def _in_line(where: str, kind: str, goes_on: bool, own: bool) -> Iterator[str]:
    """Whether the record's sentence goes on with the one before, and has a candidate of its own."""
    yield f"{where}|goes on:{goes_on}"
    yield f"{where}|goes on:{goes_on}|{kind}"
    yield f"{where}|own:{own}"
    yield f"{where}|own:{own}|goes on:{goes_on}"


def _overlaps(mark: shares.Mark, found: Found) -> bool:
    return mark.start < found.end and found.start < mark.end


@shared
def _share(whose: str, kind: str) -> Iterator[str]:
    yield from (f"share:{whose}", f"share:{whose}|{kind}")


@shared
def _of_run(between: int, *names: str) -> Iterator[str]:
    """'R, R dan R di tingkat Pratama': what stands behind a run stands behind each of its names."""
    yield f"run behind, records between:{between}"
    if len(names) < 5:
        yield f"run gap:{' '.join(names)}"


@shared
def _among(where: str, between: int, together: int, in_run: bool, inside: bool) -> Iterator[str]:
    yield f"{where}|records between:{between}"
    yield f"{where}|records in sentence:{together}"
    if in_run:
        yield f"{where}|in a run"
    if inside:
        yield "in the award's name"


@shared
def _gap(side: str, *names: str) -> Iterator[str]:
    yield f"{side} gap:{min(6, len(names))}"
    if len(names) <= 4:
        yield f"{side} gap:{' '.join(names)}"
    yield from (f"{side} gap has:{name}" for name in {n for n in names if not n.startswith(("w", "W"))})


@shared
def _where(where: str, kind: str, listed: bool) -> Iterator[str]:
    yield from (where, f"{where}|{kind}", f"{where}|listed:{listed}")


@shared
def _before(where: str, left: str, cues: tuple[str, ...], reach: str) -> Iterator[str]:
    """What stands before a candidate means another thing at another distance from a record."""
    yield f"{where}|left:{left}"
    yield from (f"{where}|cue<{cue}/{reach}" for cue in cues)


@shared
def _record(number: int, same: bool, type_: str, candidate: int, count: int) -> Iterator[str]:
    yield f"record:{number}|{'same' if same else 'other'} sentence"
    yield f"recipient type:{type_}"
    yield f"candidate:{candidate} of {count}"


def _count(positions: Sequence[int], start: int, end: int) -> int:
    return bisect_left(positions, end) - bisect_left(positions, start)


# --------------------------------------------------------------------------------------------- does a candidate fit at all


def _nothing(cast: Cast, candidate: Candidate, anchor: Anchor) -> Clues:
    return _NOTHING


def _fits_giver(cast: Cast, candidate: Candidate, anchor: Anchor) -> Clues:
    value = candidate.found.value
    series = gazetteer.series().get(anchor.series) if anchor.series else None
    known = series.giver if series else None
    publisher = _publishers().get(value)
    return _giver(
        value in known.split("; ") if known else None,
        candidate.kind,
        value == f"Pemerintah {anchor.name}",
        bool(publisher and cast.document.outlet and publisher in cast.document.outlet),
        min(4, cast.named("giver")[value]),
        value in cast.winners,
    )


@shared
def _giver(
    of_the_series: bool | None, kind: str, own_region: bool, publishes: bool, named: int, wins: bool
) -> Iterator[str]:
    yield "no catalogue giver" if of_the_series is None else f"catalogue giver:{of_the_series}"
    yield f"catalogue giver:{bool(of_the_series)}|{kind}"
    yield f"own region:{own_region}"
    if publishes:
        yield "publisher"
    yield f"named:{named}"
    if wins:
        yield "a winner"
        yield f"a winner|{kind}"


@cache
def _publishers() -> dict[str, str]:
    """The site of each organization that publishes one."""
    return {o.name: o.publisher for o in gazetteer.organizations().values() if o.publisher}


def _fits_person(cast: Cast, candidate: Candidate, anchor: Anchor) -> Clues:
    found = candidate.found
    office = next(
        (
            e
            for e in cast.document.within(candidate.sentence)
            if isinstance(e, Recipient) and e.person_span == (found.start, found.end)
        ),
        None,
    )
    return _person(
        found.value == anchor.name,
        bool(anchor.person) and found.value in (anchor.name, anchor.person),
        office.codes == anchor.codes if office is not None and office.codes else None,
        anchor.type,
    )


@shared
def _person(is_winner: bool, is_head: bool, of_the_region: bool | None, type_: str) -> Iterator[str]:
    if is_winner:
        yield "the winner himself"
    if is_head:
        yield "head of the recipient"
    if of_the_region is not None:
        yield f"office of the region:{of_the_region}"
        yield f"office of the region:{of_the_region}|{type_}"


def _fits_category(cast: Cast, candidate: Candidate, anchor: Anchor) -> Clues:
    """Whether a category speaks of recipients of another kind, and whether it only says again what the award's name says."""
    words = _words_of(candidate.found.value)
    kinds = {_KIND_OF_WORD[w] for w in words & _KIND_OF_WORD.keys()}
    own = {anchor.type} | (
        {gazetteer.regions()[anchor.codes[0]].kind} if anchor.type == "region" and anchor.codes else set()
    )
    share = None
    if anchor.award is not None and words:
        name = _words_of(anchor.award.name)
        share = "all" if words <= name else "some" if words & name else "none"
    if candidate.kind == "own kind":
        said = cast.named("category")
        return _own_kind(
            candidate.found.value, anchor.series, anchor.type, share or "none",
            min(2, said[candidate.found.value] + said[candidate.found.value.capitalize()]),
            min(3, sum(said[kind] > 0 for kind in _KIND_OF_WORD)),
        )  # fmt: skip
    return _category(bool(kinds & own) if kinds else None, share)


@shared
def _own_kind(kind: str, series: str | None, type_: str, share: str, said: int, kinds: int) -> Iterator[str]:
    """The series has a prize for each kind; the text speaks of this kind, and of others."""
    yield from (f"own kind:{kind}", f"own kind of series:{series}", f"own kind, {type_}")
    yield from (f"own kind said:{said}", f"own kind, kinds said:{kinds}", f"own kind said:{said} of {kinds}")
    yield f"own kind in the award's name:{share}"


@shared
def _beside_rank(value: str, kind: str, rank: str | None) -> Iterator[str]:
    """A category says something else than the rank does; one of a record that has a place is more likely a level or group."""
    what = "none" if rank is None else "place" if details.PLACE_RANK.fullmatch(rank) or rank.isdigit() else "level"
    yield f"rank:{what}|{kind}"
    if rank is not None:
        own, said = set(rank.lower().split()), set(value.lower().split())
        yield f"{what} said:{'all' if own <= said else 'some' if own & said else 'none'}"


@lru_cache(maxsize=4096)
def _words_of(phrase: str) -> frozenset[str]:
    return frozenset(_PLAIN_WORD.findall(phrase.lower()))


@shared
def _category(of_its_kind: bool | None, share: str | None) -> Iterator[str]:
    yield f"speaks of its kind:{of_its_kind}"
    if share is not None:
        yield f"words in the award's name:{share}"


_KIND_OF_WORD = {
    "kota": "kota", "kabupaten": "kabupaten", "provinsi": "provinsi", "desa": "village", "kelurahan": "village",
    "kampung": "village", "nagari": "village", "sekolah": "school", "madrasah": "school", "puskesmas": "agency",
    "kecamatan": "agency", "dinas": "agency", "opd": "agency", "rsud": "agency", "bumd": "company", "perusahaan": "company",
    "tokoh": "official", "polres": "police", "kelompok": "community", "komunitas": "community", "perorangan": "person",
}  # fmt: skip


def _fits_level(cast: Cast, candidate: Candidate, anchor: Anchor) -> Clues:
    if candidate.kind == "level":
        value = candidate.found.value
        return _level(
            anchor.series is not None and details.has_level(value, (0, len(value)), anchor.series),
            anchor.award is not None and value.lower() in anchor.award.name.lower(),
        )
    series = gazetteer.series().get(anchor.series) if anchor.series else None
    return _rank(candidate.kind, series.kind if series else None)


@shared
def _level(fits: bool, named: bool) -> Iterator[str]:
    yield f"level of the series:{fits}"
    if named:
        yield "level in the award's own name"


@shared
def _rank(kind: str, series: str | None) -> Iterator[str]:
    yield f"{kind}|series:{series}"


_MATCHES = {
    "rank": _fits_level, "category": _fits_category, "awarded_on": _nothing, "place": _nothing, "giver": _fits_giver,
    "presented_by": _fits_person, "received_by": _fits_person,
}  # fmt: skip


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


_MARKS = {"rank": _rank_marks, "category": _category_marks}


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
        for rank in _of_sentence(cast, index, "rank"):
            behind = categories.behind_rank(document.text, rank.found.end, document.around(index)[1], spans)
            if behind is not None:
                yield cast.candidate(index, behind, "behind rank")
        if (
            document.sentences[index].kind == "heading"
            and (label := categories.heading_category(document.text, document.around(index)))
            and categories.may_be(label.value)
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
