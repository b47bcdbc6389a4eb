"""What stands around a phrase that may be the value of a field: the words and cues on either side, its shape, its sentence.

Says nothing of the record that it may belong to: `etl.extract.fields.roles` does.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from etl.extract.document import Document
from etl.extract.fields.details import Found
from etl.extract.judge import Clues, shared
from etl.extract.symbols import Symbol, symbols

NOTHING = Clues(())
FAR = 40  # symbols to either side that are looked at


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
        if cue is not None and (cue - first) * way >= FAR:
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


def _around(candidate: Candidate) -> tuple[Clues, tuple[str, tuple[str, ...], str]]:
    """What stands around a candidate, and right before it."""
    found, kind, rows = candidate.found, candidate.kind, candidate.rows
    row, sentence = rows.of(candidate.sentence), rows.document.sentences[candidate.sentence]
    last, next_one = bisect_right(row.ends, found.start), bisect_left(row.starts, found.end)
    one, two, three = [*row.names[max(0, last - 3) : last][::-1], "^", "^", "^"][:3]
    right = row.names[next_one : next_one + 2]
    clues = [
        _kind(kind, sentence.kind, min(sentence.paragraph, 4), min(8, found.value.count(" ") + 1)),
        _shape(kind, found.value) if kind not in _NAMES_OF_SOMEBODY else NOTHING,
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


PLAIN_WORD = re.compile(r"[a-z-]{3,}")
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
        yield from (f"word:{word}" for word in dict.fromkeys(PLAIN_WORD.findall(lower)))
