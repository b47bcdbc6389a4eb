"""A sentence as symbols: names by their type, cues by their class, function words by themselves, any other word as 'w'.

What the learned steps look at instead of words: 'R:region receive A dari O' is one thing however the names are spelled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from etl import gazetteer
from etl.extract.document import Document
from etl.extract.names.entities import SURE, Entity, Organization, Recipient


@cache
def _function_words() -> frozenset[str]:
    """Words that stand for themselves."""
    return frozenset(row["word"] for row in gazetteer.rows("function_words"))


_TOKEN = re.compile(r"[^\W\d_][\w'’/-]*|\d[\w.,/%-]*|[^\w\s]")
_PUNCTUATION = {"–": "-", "—": "-", "“": '"', "”": '"', "•": "-", "’": "'"}


class Symbol(NamedTuple):  # hundreds an article, and a tuple is made several times as fast as a frozen dataclass
    """A name, a cue or a word, by what it is; `cues` are the classes of a cue, `word` the word itself in small letters."""

    name: str
    start: int
    end: int
    entity: Entity | None = None
    cues: tuple[str, ...] = ()
    word: str = ""


def symbols(document: Document, index: int) -> list[Symbol]:
    """The symbols of sentence `index`; of several words without a meaning of their own, the first and the last stand."""
    row: list[Symbol] | None = document.rows.get(index)
    if row is None:
        row = document.rows[index] = _symbols(document, index)
    return row


def _symbols(document: Document, index: int) -> list[Symbol]:
    text, (start, end) = document.text, document.around(index)
    names = document.within(index)
    marked = [Symbol(_type(e), e.start, e.end, e) for e in names]
    position = 0
    for cue in document.cues_within(index):
        while position < len(names) and names[position].end <= cue.start:
            position += 1
        if position == len(names) or names[position].start >= cue.end:
            marked.append(Symbol("/".join(cue.ids), cue.start, cue.end, None, cue.ids))
    marked.sort(key=lambda m: m.start)
    found: list[Symbol] = []
    place = start
    for mark in [*marked, None]:
        begin = mark.start if mark else end
        if begin < place:
            continue
        _words(text, place, begin, found)
        if mark is not None:
            found.append(mark)
            place = mark.end
    return found


def _words(text: str, start: int, end: int, found: list[Symbol]) -> None:
    plain = 0
    for token in _TOKEN.finditer(text, start, end):
        kind, word = _kind(token[0])
        plain = plain + 1 if kind == "w" else 0
        if plain > 2:
            found[-1] = Symbol("w", found[-1].start, token.end(), None, (), word)
        else:
            found.append(Symbol(kind, *token.span(), None, (), word))


@lru_cache(maxsize=1 << 14)
def _kind(token: str) -> tuple[str, str]:
    """What a word is, and the word in small letters."""
    word, first = token.lower(), token[0]
    if word in _function_words():
        return word, word
    if first.isdigit():
        return "#", word
    if not first.isalnum():
        return _PUNCTUATION.get(token, token), word
    return "W" if first.isupper() else "w", word


def _type(entity: Entity) -> str:
    if isinstance(entity, Recipient):
        return "R:official" if entity.office else f"R:{entity.type}"
    if isinstance(entity, Organization):
        return "O:head" if entity.head else "O"
    return "a" if entity.generic else "A" if entity.chance >= SURE else "A?"


FAR = 60  # symbols: what is farther from a name says nothing of it
_NEAR, _MID = 3, 8


def reach_of(distance: int) -> str:
    """A distance in symbols, in words."""
    return "near" if distance <= _NEAR else "mid" if distance <= _MID else "far"


# What stands between the names of a run.
JOINTS = frozenset((",", "dan", "serta", "(", ")", ";", "w", "W", "#", "di", "juga"))


def run_start(row: Sequence[Symbol], at: int) -> tuple[int, int]:
    """Where the run of names begins that the name at `row[at]` is part of ('R, R dan R'), and how many names up to it."""
    first, gap, count = at, 0, 1
    for position in range(at - 1, -1, -1):
        name = row[position].name
        if name.startswith("R:"):
            first, gap, count = position, 0, count + 1
        elif name not in JOINTS or gap > 4:
            break
        else:
            gap += 1
    return first, count


def run_end(row: Sequence[Symbol], at: int) -> int:
    """Where the last name of the run stands that the name at `row[at]` is part of."""
    last, gap = at, 0
    for position in range(at + 1, len(row)):
        name = row[position].name
        if name.startswith("R:"):
            last, gap = position, 0
        elif name not in JOINTS or gap > 4:
            break
        else:
            gap += 1
    return last
