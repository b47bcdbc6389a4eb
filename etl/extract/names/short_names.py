"""Names told again by a part of them: 'Adnan' for Adnan Purichta Ichsan, 'Kapencar' for Desa Kapencar.

A short name means whoever bears it in the article, if one does. It is looked for only where no other name stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from etl.extract.names.entities import Entity, Organization, Recipient, common_words, is_no_name

_LEAST = 4  # letters of a short name
_FAR = 20_000  # characters, those of a long article, within which a name is told again: so cost stays linear
_KINDS = ("village",)  # of whose names the first word is often left out


def with_short_names(text: str, headline: int, names: Sequence[Entity]) -> list[Entity]:
    """The names of a text, in order, with those that are told by a part of a name; none in the headline."""
    bearers = _bearers(names)
    if not bearers:
        return list(names)
    found: list[Entity] = []
    gone: set[int] = set()
    starts = [e.start for e in names]
    for short, bearer in bearers.items():
        reach = bearer.end + _FAR
        start = text.find(short, max(headline, bearer.start - _FAR), reach)
        while start >= 0:
            end = start + len(short)
            at = bisect_right(starts, start)
            behind = at < len(names) and names[at].start < end
            over = names[at - 1] if at and names[at - 1].end > start else None
            if not behind and _stands_alone(text, start, end) and (over is None or _is_but(over, start, end)):
                found.append(replace(bearer, start=start, end=end, person_span=(start, end) if bearer.person else None))
                gone |= {over.start} if over else set()
            start = text.find(short, end, reach)
    return sorted([*(e for e in names if e.start not in gone), *found], key=lambda e: e.start)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no other word of a name stands beside."""
    if _GOES_ON.match(text, end) or not (text[start - 1].isspace() or text[start - 1] in _OPENS):
        return False
    before = _BEGINS.search(text, max(0, start - 20), start)
    return before is None or before[1] in _TITLES or before[1].lower() in common_words()


def _is_but(name: Entity, start: int, end: int) -> bool:
    """Whether a name is a person's of whom no more is known than these words, or these after a word: 'Selain Yuni'."""
    if not isinstance(name, Recipient) or name.type != "person" or name.end != end:
        return False
    return name.start == start or name.name.split()[0].lower() in common_words()


_GOES_ON = re.compile(r"[\w'’-]|[ \t]+[A-Z]")
_BEGINS = re.compile(r"(?<![\w'’-])([A-Z][\w'’-]*)\.?[ \t]+$")
_OPENS = frozenset("(\"“‘'/")
_TITLES = frozenset(
    "Bupati Kota Gubernur Wagub Wabup Camat Lurah Kades Ketua Kepala Pak Bu Bapak Ibu Gus Ning H Hj".split()
)


def _bearers(names: Sequence[Entity]) -> dict[str, Recipient]:
    """Who bears each short name, if only one does."""
    found: dict[str, Recipient | None] = {}
    whole: dict[str, str] = {}
    for name in names:
        for short, full in _shortened(name):
            if whole.setdefault(short, full) != full:
                found[short] = None
            elif isinstance(name, Recipient):
                found.setdefault(short, name)
    return {short: name for short, name in found.items() if name is not None}


def _shortened(name: Entity) -> Iterator[tuple[str, str]]:
    """The parts by which a name may be told again, each with whose it is."""
    if isinstance(name, Organization):
        person = name.person
    elif isinstance(name, Recipient):
        person = name.person or (name.name if name.type in ("person", "official") and name.office is None else None)
        if name.type in _KINDS and " " in name.name:
            yield name.name.split(" ", 1)[1], name.name
    else:
        return
    words = (person or "").split()
    if len(words) < 2 or person is None:
        return
    for word in words:
        if len(word) >= _LEAST and word.lower() not in common_words() and not is_no_name(word.lower()):
            yield word, person
    if len(words) > 2:
        yield " ".join(words[:2]), person
        yield " ".join(words[1:]), person
