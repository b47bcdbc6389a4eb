"""Persons that a mention names, and the office the article puts before their names. Pure: mention and text in, values out.

Only heads of regions and their deputies have an office here: what a term in office is asked of. An office is as far as
articles tell; nobody's oath or farewell is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from etl.conferral import alike, catalogue
from etl.model import AwardMention, short_hash

ROLES: Final = ("recipient", "received_by")
_PERSONS: Final = ("official", "person")
_REACH: Final = 70  # characters before a name in which its office stands
_OFFICE: Final = re.compile(
    r"(?:\b(?P<acting>[Pp]j|[Pp]lt|[Pp]lh|[Pp]js|[Pp]enjabat)\.?\s+)?(?:\b(?P<deputy>[Ww]akil)\s+)?"
    r"\b(?P<head>[Gg]ubernur|[Bb]upati|[Ww]ali\s?[Kk]ota)(?P<place>(?:\s+[A-Z][\w-]*){0,4}),?\s*"
    r"(?:(?:[Hh]j?|[Dd]rs?|[Dd]ra|[Ii]r|[Pp]rof|KH|RR?|Tgk|TGB?H?)\.?\s*)*$"
)
_ACTING: Final = {"pj": "Pj.", "penjabat": "Pj.", "plt": "Plt.", "plh": "Plh.", "pjs": "Pjs."}
_TITLE: Final = re.compile(
    r"^(?:(?:bupati|wali\s?kota|gubernur|wakil|pj|plt|plh|h|hj|dr|drs|dra|ir|prof|kh|bapak|ibu)\.?\s+)+", re.I
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A person in a mention. `id` follows from name and region; `office` is None when the article names none."""

    role: str
    id: str
    name: str
    office: str | None
    region_code: str | None


def sightings(mention: AwardMention, text: str) -> Iterator[Sighting]:
    """The persons that a mention names as its recipient or as the one who took the award."""
    for role in ROLES:
        name = mention.received_by if role == "received_by" else _named_recipient(mention)
        if not name:
            continue
        start = next((words.start for words in mention.evidence if words.field == role), None)
        office, code = _office(text[max(0, start - _REACH) : start]) if start is not None else (None, None)
        region = code or mention.region_code
        plain = _plain(name)
        yield Sighting(role, person_id(plain, region), plain, office, region)


def person_id(name: str, region_code: str | None) -> str:
    """Key of a person: one name in one region is one person."""
    return short_hash("person", " ".join(alike.recipient(name, "person", None)), region_code or "")


def _named_recipient(mention: AwardMention) -> str | None:
    is_person = mention.recipient_type in _PERSONS and not alike.office_only(mention.recipient)
    return mention.recipient if is_person else None


@lru_cache(1 << 16)
def _plain(name: str) -> str:
    return _TITLE.sub("", name.partition(",")[0]).strip() or name


@lru_cache(1 << 14)
def _office(before: str) -> tuple[str | None, str | None]:
    """Office and region in the words right before a name."""
    match = _OFFICE.search(before)
    if match is None:
        return None, None
    head = {"g": "Gubernur", "b": "Bupati"}.get(match["head"][0].lower(), "Wali Kota")
    office = f"Wakil {head}" if match["deputy"] else head
    if match["acting"]:
        office = f"{_ACTING[match['acting'].lower()]} {office}"
    _, code = catalogue.giver(f"{head} {match['place'].strip()}") if match["place"].strip() else (None, None)
    return office, code
