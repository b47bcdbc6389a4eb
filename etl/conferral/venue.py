"""Where a ceremony was: the place as written -> its name, town and whether it was held by video. Pure; reads no article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from etl import gazetteer
from etl.conferral.alike import normalised
from etl.model import short_hash

_ONLINE: Final = re.compile(r"\b(?:virtual|daring|online|zoom|hybrid|hibrida?|telekonferensi|konferensi video)\b", re.I)
_TYPE: Final = re.compile(r"^(?:Kota|Kabupaten|Kab\.?|Provinsi)\s+", re.I)
_SPELT: Final = (("ballrom", "ballroom"), ("raffless", "raffles"), ("manggala wana bakti", "manggala wanabakti"))
"""Misspellings of great halls, as the press prints them."""


@dataclass(frozen=True, slots=True)
class Venue:
    """A place: `id` is the same for all spellings; `city_code` a Kemendagri code, of Jakarta that of the province."""

    id: str
    name: str
    city_code: str | None
    online: bool


@lru_cache(1 << 16)
def venue(place: str) -> Venue:
    """The venue that a place names."""
    parts = [part.strip() for part in place.split(",") if part.strip()]
    code = next((found for part in reversed(parts) if (found := _town(part))), None)
    words = normalised(place)
    for wrong, right in _SPELT:
        words = words.replace(wrong, right)
    return Venue(short_hash("venue", words), ", ".join(parts) or place, code, bool(_ONLINE.search(place)))


def _town(part: str) -> str | None:
    """The code of a region that a part of a place is: a city rather than the regency of the same name."""
    typed = _towns().get(normalised(part))
    return typed or _towns().get(normalised(_TYPE.sub("", part)))


@cache
def _towns() -> dict[str, str]:
    found: dict[str, str] = {}
    order = {"kabupaten": 0, "provinsi": 1, "kota": 2}
    for region in sorted(gazetteer.regions().values(), key=lambda r: order[r.kind]):
        found[normalised(region.base)] = region.code
        found[normalised(region.name)] = region.code
    found |= {
        normalised(row["capital"]): row["code"]
        for row in gazetteer.rows("capitals")
        if normalised(row["capital"]) not in found
    }
    return found | {"jakarta": "31", "dki jakarta": "31"}
