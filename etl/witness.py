"""Which articles have words of their own: copies of one press release are one witness, however many outlets print it.

A text's sketch is made of its runs of four words (MinHash in one permutation): 32 bytes, the same on every machine, in
which two texts agree about as often as they share runs. Headlines do not count; outlets write those themselves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final
from zlib import crc32

BINS: Final = 32
_ALIKE: Final = 0.3
"""Share of bins that copies have in common: own words on one ceremony share less than a tenth, copies more than half."""
_FEWEST: Final = 8
"""Bins that both must fill: a text of two sentences is too short to be told from any other."""

_WORD: Final = re.compile(r"\w+")


def sketch(text: str) -> bytes:
    """The sketch of an article's text (headline in its first line): a byte a bin, 0 for an empty one."""
    words = [_number(word) for word in _WORD.findall(text.partition("\n")[2].lower())]
    runs = {w + 3 * x + 5 * y + 7 * z for w, x, y, z in zip(words, words[1:], words[2:], words[3:], strict=False)}
    least = {run % BINS: run for run in sorted(runs, reverse=True)}  # the last to be written is the least
    return bytes(1 + (least[place] // BINS) % 255 if place in least else 0 for place in range(BINS))


@lru_cache(1 << 16)
def _number(word: str) -> int:
    return crc32(word.encode())


def copies(one: bytes, other: bytes) -> bool:
    """Whether two sketches are those of copies of one text."""
    if one == other:
        return BINS - one.count(0) >= _FEWEST if one else False
    if not one or not other:
        return False
    left, right = int.from_bytes(one), int.from_bytes(other)
    empty = (left | right).to_bytes(BINS).count(0)
    filled = BINS - one.count(0) - other.count(0) + empty
    equal = (left ^ right).to_bytes(BINS).count(0) - empty
    return filled >= _FEWEST and equal >= _ALIKE * filled


def witnesses(articles: Sequence[tuple[str, str, bytes]]) -> dict[str, str]:
    """Article -> the first article in order of the same witness, of (article, outlet, sketch).

    Articles of one outlet are one witness, and so are copies, however many steps away.
    """
    spoken: defaultdict[str, set[bytes]] = defaultdict(set)
    for _, outlet, words in articles:
        spoken[outlet].add(words)
    leader = {outlet: outlet for outlet in spoken}
    outlets = sorted(spoken)
    for at, outlet in enumerate(outlets):
        for other in outlets[:at]:
            if leader[outlet] != leader[other] and _share(spoken[outlet], spoken[other]):
                old, new = leader[outlet], leader[other]
                leader = {key: new if value == old else value for key, value in leader.items()}
    first: dict[str, str] = {}
    for article, outlet, _ in sorted(articles):
        first.setdefault(leader[outlet], article)
    return {article: first[leader[outlet]] for article, outlet, _ in articles}


def _share(theirs: Iterable[bytes], others: Iterable[bytes]) -> bool:
    return any(copies(one, other) for one in theirs for other in others)
