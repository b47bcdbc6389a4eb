"""What people decided to take down, and what it means for readings: values in, values out. Never finds out what was decided.

An article that was taken down yields nothing. A person who was taken down is named by no record: claims that they received
something are left out, and of any other claim the fields that name them. Names are kept as hashes only, so the list of whom
to forget does not itself remember them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from etl.conferral import normalised
from etl.gazetteer import rows
from etl.model import AwardMention, Reading, Site, short_hash

_LONGEST = 8  # words of a name
_WORD: Final = re.compile(r"[^\W_]+")
_BLOCK: Final = "\u2588"
_ADDRESS = frozenset(
    {"h", "hj", "kh", "haji", "hajjah", "bapak", "ibu", "pak", "bu", "kiai", "kyai", "saudara", "almarhum"}
)
_ESSENTIAL = frozenset({"recipient", "award"})  # a claim without words for these is none
_NAMING = ("category", "rank", "giver", "presented_by", "received_by", "place")  # what can be left out of a claim


@dataclass(frozen=True, slots=True)
class Hidden:
    """What may not be shown: articles by key ('site:article_id'), persons by `person_hash`."""

    articles: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()


def person_words(name: str) -> tuple[str, ...]:
    """A name as it is compared: small letters, no titles before it, nothing after a comma."""
    words = normalised(name.partition(",")[0]).split()
    while len(words) > 1 and words[0] in _titles():
        words.pop(0)
    return tuple(words)


def person_hash(name: str) -> str:
    """What is kept of a name."""
    return _hashed(person_words(name))


def names_in(text: str) -> Iterator[str]:
    """The hash of every name that may stand in a text: its words in a row, and one word only where it is all there is."""
    words = normalised(text).split()
    for start in range(len(words)):
        for end in range(start + 2, min(len(words), start + _LONGEST) + 1):
            yield _hashed(words[start:end])
    if len(alone := person_words(text)) == 1:
        yield _hashed(alone)


def names_anyone(persons: frozenset[str], *texts: str | None) -> bool:
    """Whether one of the persons stands in one of the texts."""
    return bool(persons) and any(name in persons for text in texts if text for name in names_in(text))


def masked(text: str, persons: frozenset[str]) -> str:
    """A text with blocks for the words of these persons' names, and of the same length; every other text as it is.

    All of such a word's places are blocked, because who was named in full is called by one name after that. A name begins
    and ends with a word in capitals, as papers print it; one of a single word is none here, because it may be anybody's.
    """
    if not persons:
        return text
    found = [(word.start(), word.end(), normalised(word[0])) for word in _WORD.finditer(text)]
    words = [word for _, _, word in found]
    capitals = [place for place, (start, _, _) in enumerate(found) if not text[start].islower()]
    hidden: set[str] = set()
    for place, first in enumerate(capitals):
        for last in capitals[place + 1 : place + _LONGEST]:
            if last - first < _LONGEST and _hashed(words[first : last + 1]) in persons:
                hidden.update(words[first : last + 1])
    if not hidden:
        return text
    signs = list(text)
    for start, end, word in found:
        if word in hidden:
            signs[start:end] = _BLOCK * (end - start)
    return "".join(signs)


def without(readings: Iterable[Reading], site: Site, hidden: Hidden) -> list[Reading]:
    """What may be stored of a site's readings."""
    if not hidden.articles and not hidden.persons:
        return list(readings)
    standing = (r for r in readings if f"{site.name}:{site.article_id_of(r.page.url)}" not in hidden.articles)
    return [_without_persons(reading, hidden.persons) for reading in standing]


def _without_persons(reading: Reading, persons: frozenset[str]) -> Reading:
    if not persons or not reading.mentions:
        return reading
    from etl.extract import is_award_article  # here, because who asks for rows needs no reader

    left = tuple(kept for mention in reading.mentions if (kept := without_persons(mention, persons)) is not None)
    return reading if left == reading.mentions else replace(
        reading, mentions=left, is_award_article=is_award_article(left)
    )  # fmt: skip


def without_persons(mention: AwardMention, persons: frozenset[str]) -> AwardMention | None:
    """A claim without the fields that name one of the persons; None when it cannot be told without them."""
    naming = {words.field for words in mention.evidence if names_anyone(persons, words.quote)}
    if naming & _ESSENTIAL or names_anyone(persons, mention.recipient, mention.award):
        return None
    naming |= {name for name in _NAMING if names_anyone(persons, getattr(mention, name))}
    partners = tuple(name for name in mention.partners if not names_anyone(persons, name))
    if not naming and partners == mention.partners:
        return mention
    blank: dict[str, Any] = dict.fromkeys(naming & set(_NAMING))
    evidence = tuple(words for words in mention.evidence if words.field not in naming)
    return replace(mention, partners=partners, evidence=evidence, **blank)


def _hashed(words: Sequence[str]) -> str:
    return short_hash("person", *words)


@cache
def _titles() -> frozenset[str]:
    """Words that stand before names and are no part of any."""
    academic = (word for row in rows("titles") if row["class"] == "academic_before" for word in row["form"].split())
    return frozenset(map(normalised, academic)) | _ADDRESS
