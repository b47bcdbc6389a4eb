"""What belongs to a record: rank, category, day, place, giver, who handed over, who took it. One mechanism for all seven.

For each field every name or phrase of the text that could be its value is a candidate; a model weighs how candidate and
record stand to each other (same sentence, list heading, nearer to another record's recipient) and what stands around the
candidate ('diserahkan oleh _'), against there being no value. The likeliest candidate above the field's threshold is the value;
its words are the evidence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from math import log
from typing import NamedTuple

from etl.extract import judge
from etl.extract.fields import shares
from etl.extract.fields.candidates import FINDERS, Anchor, Cast, Finder
from etl.extract.fields.details import Found
from etl.extract.fields.fits import FITS, beside_rank
from etl.extract.fields.surroundings import FAR, Candidate
from etl.extract.judge import Clues, shared
from etl.extract.names.entities import Award

__all__ = ("FIELDS", "OF_A_PRIZE", "Anchor", "Candidate", "Cast", "Told", "attach", "attached", "near", "relation")

FIELDS = ("rank", "category", "awarded_on", "place", "giver", "presented_by", "received_by")
_LEAST = {  # chances, against there being none, from which a value is given; low, since a field left out is missed as well
    "rank": 0.4,
    "category": 0.34,
    "awarded_on": 0.1,
    "place": 0.1,
    "giver": 0.1,
    "presented_by": 0.1,
    "received_by": 0.1,
}
_LEAST_ODDS = {field: log(chance / (1 - chance)) for field, chance in _LEAST.items()}
OF_A_PRIZE = ("rank", "category")  # fields that two prizes of one award differ in
_OWN_SENTENCE = frozenset(OF_A_PRIZE)  # fields that stand with the name, or above the list it stands in
_REACH = 6.0  # log odds: more than a relation to a record speaks for a candidate, but for one in a thousand
_AS_LIKELY = 0.5  # log odds by which the likelier of two is hardly so: then the one that says more
_WINDOW = 5  # candidates before and behind a record that are weighed, so that cost stays linear in the length of a list


Weighed = list[tuple[float, Candidate]]
"""Candidates with their log odds against there being no value; those that speak more for themselves first."""


def attach(cast: Cast, anchors: Sequence[Anchor], others: Sequence[int], fields: Sequence[str]) -> dict[str, Found]:
    """The likeliest value of each field of one record, seen from each place that tells it. `others` are where the recipients
    of all records stand, in order.
    """
    (made,) = attached(cast, [Told(anchors, fields, None)], others)
    return made


class Told(NamedTuple):
    """A record whose values are sought: the places that tell it, its fields, and the award that it shares with others."""

    anchors: Sequence[Anchor]
    fields: Sequence[str]
    award: str | None


def attached(cast: Cast, records: Sequence[Told], others: Sequence[int]) -> list[dict[str, Found]]:
    """The likeliest values of all records of an article, in their order."""
    made: list[dict[str, Found]] = [{} for _ in records]
    related: list[dict[tuple[Finder, int, int], list[Clues]]] = [{} for _ in records]
    for field in FIELDS:
        weighed = [
            _weighed(cast, record.anchors, others, field, found.get("rank"), kept) if field in record.fields else []
            for record, found, kept in zip(records, made, related, strict=True)
        ]
        if field in OF_A_PRIZE:
            weighed = together(weighed, [record.award if field in record.fields else None for record in records])
        elif field == "received_by":
            weighed = to_one(weighed, records)
        for found, values in zip(made, weighed, strict=True):
            best = _likeliest(values, _LEAST_ODDS[field])
            if best is not None:
                found[field] = best.found
    return made


def together(weighed: Sequence[Weighed], awards: Sequence[str | None]) -> list[Weighed]:
    """The values of all records, made likelier or less by what is read of others of the same award: its winners have a rank
    or a category each, or none has, in nine of ten articles. Records without an award (None) are of no company.
    """
    bests = [max(-_SURE, min(_SURE, max((odds for odds, _ in values), default=-_SURE))) for values in weighed]
    common: dict[str | None, list[float]] = {}
    for best, award in zip(bests, awards, strict=True):
        common.setdefault(award, []).append(best)
    moves = [_COMMON * (sum(common[a]) / len(common[a]) - best) for best, a in zip(bests, awards, strict=True)]
    return [[(odds + by, c) for odds, c in values] for values, by in zip(weighed, moves, strict=True)]


_COMMON = 0.5  # how much of whether a winner has a value is what the winners of its award have in common
_SURE = (
    4.0  # log odds beyond which one winner counts no more for the others, and below the least that is weighed at all
)


def to_one(weighed: Sequence[Weighed], records: Sequence[Told]) -> list[Weighed]:
    """Who accepts an award does so for one of its winners: for whom it is likeliest."""
    best: dict[tuple[str | None, str], tuple[float, str]] = {}
    for values, record in zip(weighed, records, strict=True):
        for odds, candidate in values:
            key, told = (record.award, candidate.found.value), (odds, record.anchors[0].name)
            best[key] = max(best.get(key, told), told)
    return [
        [(odds, c) for odds, c in values if best[record.award, c.found.value][1] == record.anchors[0].name]
        for values, record in zip(weighed, records, strict=True)
    ]


def _likeliest(values: Weighed, least: float) -> Candidate | None:
    """The likeliest candidate above the least odds; of two as likely the one that says more."""
    best = None
    for odds, candidate in values:
        if odds > least or (best is not None and odds > least - _AS_LIKELY and _holds(candidate, best)):
            best, least = candidate, max(odds, least)
    return best


def _weighed(
    cast: Cast, anchors: Sequence[Anchor], others: Sequence[int], field: str, rank: Found | None,
    related: dict[tuple[Finder, int, int], list[Clues]],
) -> Weighed:  # fmt: skip
    """The candidates of a record's field that are not out of the question. `related` keeps how each stands to the record:
    presenters and acceptors are the same people.
    """
    finder, least = FINDERS[field], _LEAST_ODDS[field] - (_SURE if field in OF_A_PRIZE else 0)
    seen = sorted(
        (-cast.alone(field, c), n, c.number, c) for n, anchor in enumerate(anchors) for c in near(cast, anchor, field)
    )
    for last_resort in (False, True):
        weighed: Weighed = []
        for against, n, number, candidate in seen:
            if _REACH - against < least:
                break
            if (candidate.kind == "told") is last_resort:
                clues = related.get((finder, n, number))
                if clues is None:
                    clues = relation(cast, candidate, anchors[n], others, field, rank.value if rank else None)
                    related[finder, n, number] = clues
                odds = judge.odds(field, clues, -against)
                if odds > least:
                    weighed.append((odds, candidate))
        if weighed:
            return weighed
    return []


def _holds(one: Candidate, other: Candidate) -> bool:
    """Whether a phrase is another and more words: 'kota inovatif di masa pandemi' and 'kota inovatif'."""
    return (
        one.found.start <= other.found.start
        and other.found.end <= one.found.end
        and len(one.found.value) > len(other.found.value)
    )


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
            around += [c for c in cast.of_sentence(anchor.heading, field) if c not in around]
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
) -> list[Clues]:
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
    clues += [
        _where(where, candidate.kind, listed, field in _AGAIN and cast.says_again(anchor.sentence)),
        _before(where, *candidate.beside),
        _record(
            min(2, anchor.number), apart == 0, anchor.type, min(3, candidate.number) if count < 12 else 3, min(4, count)
        ),
        FITS[field](cast, candidate, anchor),
    ]
    if field in _OWN_SENTENCE:
        own = bool(cast.of_sentence(anchor.sentence, field))
        whose = _whose(cast, candidate, anchor, field) if apart == 0 else None
        side = _to_award(candidate.found, anchor.award)
        clues.append(_in_line(where, candidate.kind, cast.goes_on(anchor.sentence), own, whose, side))
        clues.append(_said(candidate.kind, *cast.said(field, candidate), cast.announced(field)))
    if field == "category":
        clues.append(beside_rank(candidate.found.value, candidate.kind, rank))
    return clues


def _to_award(found: Found, award: Award | None) -> str | None:
    """Whether a candidate is part of the award's name or stands right beside it: 'Adiwiyata Mandiri', 'Adipura kategori X'."""
    if award is None or found.start > award.end + 12 or found.end < award.start - 3:
        return None
    return "part" if award.start <= found.start < award.end else "behind" if found.start >= award.end else "before"


_AGAIN = frozenset(("rank", "category", "giver"))


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
    gap = [s.name for s in row.symbols[first : min(first + FAR, bisect_right(row.ends, high))]]
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


@shared
def _said(kind: str, often: int, announced: bool, article: int) -> Iterator[str]:
    """A value is said again and again, or announced elsewhere; the article announces some, many or none."""
    yield from (f"said:{often}|{kind}", f"announced:{announced}|{kind}", f"article announces:{article}|{kind}")
    yield f"announced:{announced} of {article}"


@shared
def _in_line(where: str, kind: str, goes_on: bool, own: bool, whose: str | None, side: str | None) -> Iterator[str]:
    """Whether the record's sentence goes on with the one before and has a candidate of its own; whose this one is by position,
    and on which side of the award it stands.
    """
    yield f"{where}|goes on:{goes_on}"
    yield f"{where}|goes on:{goes_on}|{kind}"
    yield f"{where}|own:{own}"
    yield f"{where}|own:{own}|goes on:{goes_on}"
    if whose is not None:
        yield from (f"share:{whose}", f"share:{whose}|{kind}")
    if side is not None:
        yield from (f"award {side}", f"award {side}|{kind}", f"award {side}|{where}")


def _overlaps(mark: shares.Mark, found: Found) -> bool:
    return mark.start < found.end and found.start < mark.end


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
def _where(where: str, kind: str, listed: bool, again: bool) -> Iterator[str]:
    yield from (where, f"{where}|{kind}", f"{where}|listed:{listed}")
    if again:  # 'penghargaan serupa': what was said before holds again
        yield f"{where}|said again"


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
