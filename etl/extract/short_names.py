"""Names told again by a part of them: 'Adnan' for Adnan Purichta Ichsan, 'Kapencar' for Desa Kapencar.

A short name means whoever bears it in the article, if one does. It is looked for only where no other name stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from etl.extract.entities import Entity, Organization, Recipient, common_words, is_no_name

_LEAST = 4  # letters of a short name
_RUN = re.compile(r"(?<![\w'’-])[A-Z][\w'’-]+(?:[ \t]+[A-Z][\w'’.-]*){0,4}")
_TITLE = re.compile(
    r"(?:(?:Bupati|Wali|Kota|Gubernur|Wagub|Wabup|Camat|Lurah|Kades|Ketua|Kepala|Pak|Bu|Bapak|Ibu|Desa|Kelurahan)\s+)+"
)
_KINDS = ("village",)  # of whose names the first word is often left out


def with_short_names(text: str, headline: int, names: Sequence[Entity]) -> list[Entity]:
    """The names of a text, in order, with those that are told by a part of a name; none in the headline."""
    bearers = _bearers(names)
    if not bearers:
        return list(names)
    found: dict[int, Entity] = {}
    starts = [e.start for e in names]
    for run in _RUN.finditer(text, headline):
        title = _TITLE.match(run[0])
        start, end = run.start() + (title.end() if title else 0), run.end()
        bearer = bearers.get(text[start:end])
        if bearer is None:
            continue
        at = bisect_right(starts, start)
        if at and names[at - 1].end > start and not _is_that_alone(names[at - 1], start, end):
            continue
        if at < len(names) and names[at].start < end:
            continue
        found[start] = replace(bearer, start=start, end=end, person_span=(start, end) if bearer.person else None)
    return sorted([*(e for e in names if e.start not in found), *found.values()], key=lambda e: e.start)


def _is_that_alone(name: Entity, start: int, end: int) -> bool:
    """Whether a name is that of a person of whom no more is known than these words."""
    return isinstance(name, Recipient) and name.type == "person" and (name.start, name.end) == (start, end)


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
