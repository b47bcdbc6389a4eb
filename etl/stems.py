"""Texts and questions -> the stems by which they meet, and the places in the text where they do. Never asks a database.

Indonesian builds words with prefixes and suffixes: who asks for *penghargaan* also means *menghargai*. PySastrawi gives
the stem (by dictionary, so that *opini* stays *opini*). Both databases are handed finished tokens and split nothing
themselves, so they find the same. A token is a stem, or an inflected word as printed behind a MARK: what a beginning
of a word (`peng*`) is compared with.

A question is read thus: words stand for all their forms and must all occur; `OR` between them lets either side do;
"words in quotes" and words joined-by-signs stand in that order; `word*` is the beginning of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from etl.model import UsageError

if TYPE_CHECKING:
    from Sastrawi.Stemmer.Stemmer import Stemmer

MARK: Final = "·"
"""In front of an inflected word as printed. No letter or digit, so no word begins with it."""

LONGEST: Final = 16_000
"""Words of a text that are searched: PostgreSQL counts no further."""

_CACHED: Final = 200_000
"""Words whose stems are kept in memory: all that Indonesian news of a year use, in about 40 MB."""
_WORD: Final = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_STEMMED: Final = re.compile(r"[a-z]{4,40}")
"""Shorter words have no affixes, and what is longer or has digits is no word."""
_PART: Final = re.compile(r'"([^"]*)"?|(\S+)')
_LONG: Final = 100
"""Characters of a word that count: PostgreSQL refuses longer ones, and they are addresses or rubbish."""
_LENGTH, _PARTS, _BEGINNING = 400, 24, 2
"""Most characters and parts of a question; letters at least before a star."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: text[start:end] is `folded` but for case and accents."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """Stems that must follow each other; `beginning` is the start of a last word, as typed."""

    stems: tuple[str, ...]
    beginning: str | None = None


Question: TypeAlias = tuple[tuple[Part, ...], ...]
"""Alternatives, each of parts that must all occur."""
Occurrence: TypeAlias = tuple[int, int, Part]
"""Where a part stands: text[start:end]."""


# --------------------------------------------------------------------------------------------------------------- words


def words(text: str) -> Iterator[Word]:
    """The words of a text with their places, in order."""
    for found in _WORD.finditer(text):
        yield Word(_folded(found[0]), found.start(), found.end())


def _folded(word: str) -> str:
    if word.isascii():
        return word[:_LONG].lower()
    parts = unicodedata.normalize("NFKD", word[:_LONG]).casefold()
    return "".join(sign for sign in parts if sign.isalnum())[:_LONG] or word[:_LONG]


@lru_cache(maxsize=_CACHED)
def stem(word: str) -> str:
    """The stem of one folded word; the word itself where the dictionary knows none."""
    return str(_stemmer().stem_word(word)) if _STEMMED.fullmatch(word) else word


@cache
def _stemmer() -> Stemmer:
    from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary  # here: most commands stem nothing
    from Sastrawi.Stemmer.Stemmer import Stemmer
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    return Stemmer(ArrayDictionary(StemmerFactory().get_words()))


def tokens(text: str) -> list[str]:
    """What a text is found by: its stems in order, then each word that differs from its stem, once, behind a MARK."""
    pieces = list(map(_piece, text.split()))
    stems = [stem for of_piece, _ in pieces for stem in of_piece]
    return stems[:LONGEST] + sorted({word for _, printed in set(pieces) for word in printed})


@lru_cache(maxsize=_CACHED)
def _piece(piece: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(stems, marked words) of what stands between two blanks: the same pieces come again and again."""
    folded = [_folded(word) for word in _WORD.findall(piece)]
    return tuple(map(stem, folded)), tuple(MARK + word for word in folded if stem(word) != word)


@lru_cache(maxsize=50_000)
def name_tokens(name: str) -> tuple[str, ...]:
    """As `tokens`, kept: the names of givers, awards and regions come by the thousand."""
    return tuple(tokens(name))


# ------------------------------------------------------------------------------------------------------------ questions


def question(text: str) -> Question:
    """What was asked, without what is no word. Raises UsageError when nothing is left, or it is too long."""
    if len(text) > _LENGTH:
        raise UsageError(f"a search of {len(text)} characters is too long: give {_LENGTH} at most")
    alternatives: list[list[Part]] = [[]]
    for quoted, bare in _PART.findall(text):
        if bare == "OR":
            alternatives.append([])
        elif part := _part(quoted or bare):
            alternatives[-1].append(part)
    asked = tuple(tuple(parts) for parts in alternatives if parts)
    if not asked:
        raise UsageError(f"{text!r} holds no word to search for")
    if sum(map(len, asked)) > _PARTS:
        raise UsageError(f"a search for more than {_PARTS} words is too much: leave some out")
    return asked


def _part(text: str) -> Part | None:
    folded = [word.folded for word in words(text)]
    if not folded:
        return None
    if not text.endswith("*"):
        return Part(tuple(map(stem, folded)))
    *before, last = folded
    if len(last) < _BEGINNING:
        raise UsageError(f"{text!r} would be nearly everything: give {_BEGINNING} letters at least before the star")
    return Part(tuple(map(stem, before)), last)


def respelled(text: str, spelling: Mapping[str, str]) -> str:
    """A question with some of its words, by how they fold, written in another way; capitals stay where they were."""
    made, end = [], 0
    for word in words(text):
        printed = text[word.start : word.end]
        other = spelling.get(word.folded)
        made += [text[end : word.start], printed if other is None else other.title() if printed[0].isupper() else other]
        end = word.end
    return "".join([*made, text[end:]])


# ------------------------------------------------------------------------------------------------------------ highlights


def places(text: str, asked: Question) -> list[tuple[int, int]]:
    """Where in a text the words asked for stand: (start, end) of each run of characters, in order, none overlapping."""
    return _apart(sorted({(start, end) for start, end, _ in _occurrences(text, asked)}))


def excerpt(text: str, asked: Question, length: int = 200) -> tuple[str, list[tuple[int, int]]]:
    """The stretch of a text, at most so long, that holds most of the parts asked for, and where in it words stand."""
    found = sorted(_occurrences(text, asked), key=lambda hit: hit[:2])
    start = 0
    if found:
        best = max(found, key=lambda hit: (len(_within(found, hit[0], length)), -hit[0]))
        start = _beginning(text, max(0, best[0] - (length - _span(found, best[0], length)) // 2))
    end = len(text) if start + length >= len(text) else max(start + 1, text.rfind(" ", start, start + length))
    shown = [(a - start, b - start) for a, b in _apart([(a, b) for a, b, _ in found]) if start <= a and b <= end]
    return text[start:end], shown


def _within(found: Sequence[Occurrence], start: int, length: int) -> set[Part]:
    return {part for a, b, part in found if start <= a and b <= start + length}


def _span(found: Sequence[Occurrence], start: int, length: int) -> int:
    return max((b - start for a, b, _ in found if start <= a and b <= start + length), default=length)


def _beginning(text: str, at: int) -> int:
    """The nearest beginning of a word at or after a place, which stays where it is in the middle of nothing."""
    if at == 0 or text[at - 1].isspace():
        return at
    blank = re.search(r"\s", text[at : at + 40])
    return at + blank.end() if blank else at


def _occurrences(text: str, asked: Question) -> list[Occurrence]:
    found = list(words(text))
    stems = [stem(word.folded) for word in found]
    hits = []
    for part in {part for parts in asked for part in parts}:
        length = len(part.stems) + (part.beginning is not None)
        hits += [
            (found[at].start, found[at + length - 1].end, part)
            for at in range(len(found) - length + 1)
            if _stands(part, found, stems, at)
        ]
    return hits


def _stands(part: Part, found: Sequence[Word], stems: Sequence[str], at: int) -> bool:
    if any(stems[at + offset] != wanted for offset, wanted in enumerate(part.stems)):
        return False
    if part.beginning is None:
        return True
    last = at + len(part.stems)
    # Behind other words only the stem has a place in the index; alone, the word as printed is looked at too.
    alone = not part.stems and found[last].folded.startswith(part.beginning)
    return alone or stems[last].startswith(part.beginning)


def _apart(hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in hits:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
