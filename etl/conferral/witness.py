"""Which articles have words of their own: copies of one press release are one witness, however many outlets print it.

A text's sketch is made of its runs of four words (MinHash in one permutation): 32 bytes, the same on every machine, in
which two texts agree about as often as they share runs. Headlines do not count; outlets write those themselves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
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
    return crc32(word.encode()) >> 6  # so that sums of a run stay in one digit of Python's integers


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


def copies_of(sketch: bytes) -> Callable[[str], bool]:
    """Whether a sketch, written as hexadecimal digits, is that of a copy of this one's text."""
    number, fewest = int.from_bytes(sketch), _ALIKE * BINS - _ALIKE * sketch.count(0)

    def is_copy(digits: str) -> bool:
        # A quick test comes first, which nearly all that are no copies fail: empty bins counted as equal ones.
        equal = (number ^ int(digits, 16)).to_bytes(BINS).count(0)
        return equal >= fewest - _ALIKE * digits.count("00") and copies(sketch, bytes.fromhex(digits))

    return is_copy


def witnesses(articles: Sequence[tuple[str, str, bytes]]) -> dict[str, str]:
    """Article -> the first article in order of the same witness, of (article, outlet, sketch).

    Articles of one outlet are one witness, and so are copies, however many steps away.
    """
    spoken: defaultdict[str, set[bytes]] = defaultdict(set)
    for _, outlet, words in articles:
        if words:
            spoken[outlet].add(words)
    leader = {outlet: outlet for _, outlet, _ in articles}
    known = [
        (outlet, words, int.from_bytes(words), _ALIKE * words.count(0))
        for outlet in sorted(spoken)
        for words in sorted(spoken[outlet])
    ]
    for at, (outlet, words, number, empty) in enumerate(known):
        # A quick test comes first, which nearly all that are no copies fail: empty bins counted as equal ones.
        fewest, its_own = _ALIKE * BINS - empty, leader[outlet]
        near = [
            one
            for one in known[:at]
            if leader[one[0]] != its_own and (number ^ one[2]).to_bytes(BINS).count(0) >= fewest - one[3]
        ]
        for other, its_words, _, _ in near:
            if leader[outlet] != leader[other] and copies(words, its_words):
                low, high = sorted((leader[outlet], leader[other]))
                leader = {key: low if value == high else value for key, value in leader.items()}
    first: dict[str, str] = {}
    for article, outlet, _ in sorted(articles):
        first.setdefault(leader[outlet], article)
    return {article: first[leader[outlet]] for article, outlet, _ in articles}
