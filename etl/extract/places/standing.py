"""How a name stands in its sentence: what is around it, what governs its run of names, how the article names it elsewhere.

The clues of the model `receives` that are one name's own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from etl.extract.claims.scene import Claim
from etl.extract.judge import Clues, shared
from etl.extract.names.entities import Recipient
from etl.extract.patterns import one_of
from etl.extract.places.addresses import address_of
from etl.extract.places.survey import CUES, GENERAL, Survey, is_claimed
from etl.extract.places.wording import wording_clues
from etl.extract.symbols import FAR, Symbol, reach_of, run_end, run_start

if TYPE_CHECKING:
    from etl.extract.places.receivers import Line


_P = ParamSpec("_P")


def _tied(make: Callable[_P, Iterator[str]]) -> Callable[Concatenate[str, _P], Clues]:
    """Shared clues; those of GENERAL once more under the level that the made ones are asked for with first, if any."""

    def told(level: str, /, *args: _P.args, **kwargs: _P.kwargs) -> Iterator[str]:
        for clue in make(*args, **kwargs):
            yield clue
            if level and clue.startswith(GENERAL):
                yield f"{level}|{clue}"

    return shared(told)


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the symbols of a row stand that are looked for from every name in it, in order."""

    cues: Sequence[tuple[int, tuple[str, ...]]]  # those of CUES
    said: Sequence[tuple[int, str]]  # what they say became of a name
    awards: Sequence[tuple[int, str]]
    steps: Sequence[tuple[int, str]]
    recipients: Sequence[int]  # how many stand before each place of the row, and before its end

    @classmethod
    def of(cls, row: Sequence[Symbol]) -> Marks:
        names = [s.name for s in row]
        meant = ((at, tuple([c for c in s.cues if c in CUES])) for at, s in enumerate(row) if s.cues)
        cues = [(at, classes) for at, classes in meant if classes]
        said = ((at, next((s for c in classes if (s := _SAYS.get(c))), "")) for at, classes in cues)
        return cls(
            cues,
            [(at, what) for at, what in said if what],
            [(at, name) for at, name in enumerate(names) if name in ("A", "a")],
            [(at, s.word) for at, s in enumerate(row) if s.word in _STEPS],
            list(accumulate([name.startswith("R:") for name in names], initial=0)),
        )


def name_clues(line: Line, recipient: Recipient, at: int, claims: Sequence[Claim], level: str) -> Iterator[Clues]:
    """What speaks of one name of a sentence: what stands around it, what claims it, how the article names it elsewhere."""
    article, names, marks = line.article, line.names, line.marks
    kind = names[at]
    before = ["^", "^", *names[max(0, at - 3) : at]][-3:]
    after = [*names[at + 1 : at + 4], "$", "$"][:3]
    own = [
        f"left2:{before[-2]} {before[-1]}", f"left3:{' '.join(before)}", f"right2:{after[0]} {after[1]}",
        f"right3:{' '.join(after)}", f"around:{before[-1]}_{after[0]}",
    ]  # fmt: skip
    own += [level] if level else []
    yield _left(level, kind, before[-1])
    yield _right(level, kind, after[0])
    run, length = run_start(line.row, at)
    last = run_end(line.row, at)
    for side, way, edge in ((">", 1, last), ("<", -1, run)):  # what governs a run governs each of its names
        cues = _within_reach(marks.cues, edge, way)
        awards = _within_reach(marks.awards, edge, way)
        steps = _within_reach(marks.steps, edge, way)
        for position, classes in cues:
            reach = reach_of(abs(position - edge))
            own += [f"cue{side}{name}/{reach}" for name in classes]
        if cues:
            position, (name, *_) = cues[0]
            low, high = min(edge, position), max(edge, position)
            others = min(3, marks.recipients[high] - marks.recipients[low + 1])
            yield _first(level, side, name, kind, others)
            yield _first_behind(level, side, name, before[-1])
            if high - low <= _PATH:
                own.append(f"path{side}{name}:{' '.join(names[low + 1 : high])}")
        if awards:
            position, noun = awards[0]
            low, high = min(edge, position), max(edge, position)
            yield _award_at(level, side, noun, reach_of(high - low))
            if high - low <= _PATH:
                own.append(f"to award{side}{noun}:{' '.join(names[low + 1 : high])}")
        if steps:
            position, word = steps[0]
            yield _step(side, word, kind, reach_of(abs(position - edge)))
    if at and line.row[at - 1].word:
        own.append(f"left word:{line.row[at - 1].word}")
    if at + 1 < len(names) and line.row[at + 1].word:
        own.append(f"right word:{line.row[at + 1].word}")
    tied = address_of(article, recipient)
    if tied is not None:
        own += [f"address of:{tied}", f"address|{kind}"]
    if run != at or length > 1:
        yield _run(names[run - 1] if run else "^", min(2, marks.recipients[at] - marks.recipients[run]))
        before_run = bisect_left(marks.cues, (run, ()))
        if before_run:
            yield _run_after(level, marks.cues[before_run - 1][1][0])
    own.append(f"run before:{' '.join(['^', '^', *names[max(0, run - 2) : run]][-2:])}")
    own.append(f"run behind:{' '.join([*names[last + 1 : last + 3], '$', '$'][:2])}")
    yield _fate(marks, run, last, kind)
    if _is_set_before(article.document.text, recipient.start):
        own.append(f"where a set lies|{kind}")
    own += _holding_clues(article, recipient, kind)
    own += _words_beside(line, recipient)
    yield _ranked(level, kind, *_ranks_beside(line, recipient))
    yield _standing(
        level,
        kind,
        recipient.type,
        min(4, article.named[recipient.name]),
        recipient.name in article.headline,
        article.focus is not None and recipient.name == article.focus.name,
        bool(recipient.codes) and recipient.codes == article.document.home,
        min(2, len(recipient.codes)),
        marks.recipients[at] == 0,
    )
    once, twice = (is_claimed(article, line.index - back, recipient.type) for back in (1, 2))
    yield _claimed_before(once, twice, recipient.type)
    yield from (_frame(c.frame, kind, c.recalled, c.status, c.award is not None) for c in claims)
    if not claims:
        yield _no_frame(kind)
    told = [s.recipients for s in line.series if s.recipients]
    fits = any(recipient.type in kinds for kinds in told) if told else None
    yield _fit(level, fits, bool(line.series), recipient.type, line.awards[0][1] if line.awards else None)
    own += _finer_clues(recipient, line.recipients, line.article.document.sentences[line.index].kind)
    yield wording_clues(article, recipient)
    yield Clues(own)


_BESIDE = 4  # words in small letters on each side that are looked at one by one


def _words_beside(line: Line, recipient: Recipient) -> list[str]:
    """The words next to a name, which say more of it than those of its sentence do: 'mengalahkan', 'menyusul', 'asal'."""
    starts, words = line.spelled
    before, behind = bisect_left(starts, recipient.start), bisect_left(starts, recipient.end)
    return [
        *[f"before:{word}" for word in set(words[max(0, before - _BESIDE) : before])],
        *[f"behind:{word}" for word in set(words[behind : behind + _BESIDE])],
    ]


# A place on a scale: 'kedua', 'ke-3', '(II)', 'nomor satu', 'posisi', 'teratas'.
RANK = re.compile(
    one_of(
        "pertama", "kesatu", "ke(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)", r"ke-\s?\d+", "III?", "I", "IV",
        "VI?", "nomor", "juara", "harapan", "runner[- ]up", "teratas", "puncak", "pamungkas", "urutan", "peringkat", "posisi",
        "tempat", "terbaik",
    )
    + r"\b"
)  # fmt: skip
_RANK_NEAR = 60  # characters between a name and its place


def _ranks_beside(line: Line, recipient: Recipient) -> tuple[bool, bool, int, int]:
    """Whether a place on a scale stands before the name, and behind it, with no other name between; how many places and
    names the sentence has.
    """
    text, (first, last) = line.article.document.text, line.article.document.around(line.index)
    at, names = line.order[recipient.start], line.recipients
    before = names[at - 1].end if at else first
    behind = names[at + 1].start if at + 1 < len(names) else last
    return (
        RANK.search(text, max(before, recipient.start - _RANK_NEAR), recipient.start) is not None,
        RANK.search(text, recipient.end, min(behind, recipient.end + _RANK_NEAR)) is not None,
        min(4, line.ranks),
        min(4, len(names)),
    )


@_tied
def _ranked(kind: str, before: bool, behind: bool, ranks: int, names: int) -> Iterator[str]:
    yield f"rank before:{before}"
    yield f"rank behind:{behind}"
    yield f"rank:{before}{behind}|{kind}"
    yield f"ranks:{ranks}|names:{names}"


_SAYS = {
    "receive": "yes", "receive_passive": "yes", "award_subject": "yes", "give": "yes", "hand_over": "yes", "accepted_by": "yes",
    "below": "below", "negative": "no", "loser": "no", "figurative": "no", "plan": "plan", "nominee": "nominee",
    "recall": "recall",
}  # fmt: skip


def _fate(marks: Marks, first: int, last: int, kind: str) -> Clues:
    """What the nearest words before and behind a run of names say became of them, whatever else stands between."""
    before, behind = bisect_left(marks.said, (first, "")), bisect_left(marks.said, (last + 1, ""))
    return _said(
        marks.said[before - 1][1] if before else None,
        marks.said[behind][1] if behind < len(marks.said) else None,
        kind,
    )


@shared
def _said(before: str | None, behind: str | None, kind: str) -> Iterator[str]:
    yield f"said before:{before}"
    yield f"said behind:{behind}"
    yield f"said:{before}/{behind}"
    yield f"said:{before}/{behind}|{kind}"


_Mark = TypeVar("_Mark", str, tuple[str, ...])


_PATH = 5  # symbols from one name or cue to another, the last included, that make one construction


def _within_reach(places: Sequence[tuple[int, _Mark]], at: int, way: int) -> list[tuple[int, _Mark]]:
    """What stands behind (way 1) or before (-1) a place of the row, near enough to be looked at, the nearest first."""
    return [place for place in places[::way] if 0 < (place[0] - at) * way < FAR]


@_tied
def _left(kind: str, name: str) -> Iterator[str]:
    yield from (f"left:{name}", f"{kind}|left:{name}")


@_tied
def _right(kind: str, name: str) -> Iterator[str]:
    yield from (f"right:{name}", f"{kind}|right:{name}")


@_tied
def _first(side: str, name: str, kind: str, between: int) -> Iterator[str]:
    """The nearest cue on a side."""
    yield f"first{side}{name}"
    yield f"first{side}{name}|{kind}"
    yield f"first{side}{name}|names between:{between}"


@_tied
def _first_behind(side: str, name: str, left: str) -> Iterator[str]:
    yield f"first{side}{name}|left:{left}"


@shared
def _step(side: str, word: str, kind: str, reach: str) -> Iterator[str]:
    """The nearest word that stands for the award that a sentence before named."""
    yield from (f"step{side}{word}/{reach}", f"step{side}|{kind}|{reach}")


@shared
def _run(before: str, place: int) -> Iterator[str]:
    """What stands before a run of names, and the how manieth of it a name is."""
    yield from (f"run:{before}", f"run place:{place}")


@_tied
def _award_at(side: str, noun: str, reach: str) -> Iterator[str]:
    yield f"award{side}{noun}/{reach}"


@_tied
def _run_after(cue: str) -> Iterator[str]:
    yield f"run after:{cue}"


@_tied
def _standing(
    kind: str, type_: str, named: int, headline: bool, focus: bool, home: bool, codes: int, first: bool
) -> Iterator[str]:
    """How the article names a recipient elsewhere."""
    yield f"named:{named}"
    if headline:
        yield "recipient in headline"
        yield f"recipient in headline|{kind}"
    yield "focus" if focus else f"not focus|{kind}"
    if home:
        yield "home"
    if codes > 1:
        yield "ambiguous region"
    yield f"tied to a region:{codes > 0}|{type_}"
    if first:
        yield "first name"
        yield f"first name|{kind}"


@shared
def _claimed_before(once: bool | None, twice: bool | None, type_: str) -> Iterator[str]:
    """Who was said to receive something in the sentences before: a name of the same kind may be the next."""
    yield f"claims 1 before:{once}"
    yield f"claims 2 before:{twice}"
    yield f"claims before|{type_}:{once}"


@shared
def _frame(frame: str, kind: str, recalled: bool, status: str, named: bool) -> Iterator[str]:
    yield f"frame:{frame}"
    yield f"frame:{frame}|{kind}"
    yield f"frame:{frame}|recalled:{recalled}"
    yield f"frame status:{status}"
    yield f"frame award:{named}"


@shared
def _no_frame(kind: str) -> Iterator[str]:
    yield from ("no frame", f"no frame|{kind}")


@_tied
def _fit(fits: bool | None, known: bool, type_: str, link: str | None) -> Iterator[str]:
    """Whether the awards that may be meant go to recipients of this kind."""
    if fits is not None:
        yield f"fits:{fits}"
        yield f"fits:{fits}|{type_}"
    yield f"award known:{known}|{type_}"
    yield f"award link:{link}"


def _holding_clues(article: Survey, recipient: Recipient, kind: str) -> Iterator[str]:
    """Whether winners lie in a region: a village's prize is not its province's (GUIDE)."""
    if recipient.type != "region" or len(recipient.codes) != 1:
        return
    (code,) = recipient.codes
    inside = article.held.get(code, set())
    held = "finer" if inside - {"region"} else "region" if inside else None
    level = "province" if "." not in code else "regency"
    yield f"holds a winner:{held}|wins itself:{('region', code) in article.winners}|{level}"


# Words that stand for the award that a sentence before named: 'X menerima kategori yang sama'.
_STEPS = frozenset("kategori juara terbaik peringkat posisi predikat pemenang penerima peraih gelar".split())


def _is_set_before(text: str, position: int) -> bool:
    words = text[max(0, position - 8) : position].lower()
    return any(word in words for word in _OF_A_SET) and (
        _SET_BEFORE.search(text, max(0, position - 40), position) is not None
    )


# 'tiga kota di Sumatera Barat': the region where the recipients are, none itself.
_SET_BEFORE = re.compile(
    r"\b(?:kota|kabupaten|kabupaten/kota|daerah|desa|kelurahan|sekolah|puskesmas|polres|pemda|kepala daerah"
    r"|warga|guru|petani|pelajar|kampung|perusahaan)"
    r"\s+(?:lain\w*\s+)?(?:di|asal|dari|se)[\s-]+$",
    re.IGNORECASE,
)
_OF_A_SET = ("di", "asal", "dari", "se")
FINENESS = {"official": 0, "person": 0, "region": 2}  # any other kind: 1


def _finer_clues(recipient: Recipient, beside: Sequence[Recipient], kind: str) -> Iterator[str]:
    """In a list's line with names of several kinds the finest is the winner, and the others say where it is."""
    if kind not in ("item", "row") or len(beside) < 2:
        return
    own = FINENESS.get(recipient.type, 1)
    least = min(FINENESS.get(r.type, 1) for r in beside)
    yield f"finest of its line:{own == least}|{recipient.type}"
    yield f"finest of its {kind}:{own == least}"
    yield f"first of its line:{recipient is beside[0]}"
