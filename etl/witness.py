"""Which articles have words of their own: copies of one press release are one witness, however many outlets print it.

A text's sketch is made of its runs of four words (MinHash in one permutation): 32 bytes, the same on every machine, in
which two texts agree about as often as they share runs. Headlines do not count; outlets write those themselves.
"""

from __future__ import annotations

import re
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
    both = [(x, y) for x, y in zip(one, other, strict=True) if x and y] if one and other else []
    return len(both) >= _FEWEST and sum(x == y for x, y in both) >= _ALIKE * len(both)


def witnesses(articles: Sequence[tuple[str, str, bytes]]) -> dict[str, str]:
    """Article -> the first article in order of the same witness, of (article, outlet, sketch).

    Articles of one outlet are one witness, and so are copies, however many steps away.
    """
    first = {article: article for article, _, _ in articles}
    ordered = sorted(set(articles))
    for at, (article, outlet, words) in enumerate(ordered):
        for other, its_outlet, its_words in ordered[:at]:
            if first[article] != first[other] and (outlet == its_outlet or copies(words, its_words)):
                low, high = sorted((first[article], first[other]))
                for key in _led_by(first, high):
                    first[key] = low
    return first


def _led_by(first: dict[str, str], leader: str) -> Iterable[str]:
    return [key for key, value in first.items() if value == leader]
