"""What the tables of etl/gazetteer say of a claim's names: level, giver, its class, scope, theme. Never reads an article.

Every answer is a look-up of short texts that repeat, so all are remembered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from etl import gazetteer

REGION_GOVERNMENT: Final = "region_government"

_REMEMBERED: Final = 1 << 16
_BEFORE_LEVEL: Final = re.compile(r"^(?:tingkat|predikat|peringkat|kategori|level|kelas|penghargaan|strata)\s+")
_BEHIND_NAME: Final = re.compile(r"\s*\([^)]*\)$|\s+(?:RI|Republik Indonesia)$")
_GOVERNMENT: Final = re.compile(
    r"(?:pemerintah|pemda|pemprov|pemkab|pemkot|gubernur|bupati|wali ?kota)(?:\s+(provinsi|kabupaten|kota))?\s+(.+)"
)
_KIND_OF: Final = {
    "pemprov": "provinsi", "gubernur": "provinsi", "pemkab": "kabupaten", "bupati": "kabupaten",
    "pemkot": "kota", "walikota": "kota", "wali kota": "kota",
}  # fmt: skip
_SCOPE_OF: Final = {
    "international": "international",
    **dict.fromkeys(
        ("ministry", "state_agency", "state_audit", "president", "police", "military", "court"), "national"
    ),
}


# ------------------------------------------------------------------------------------------------------------------ levels


@lru_cache(_REMEMBERED)
def level(series: str | None, *words: str | None) -> tuple[str, int] | None:
    """The level of a series that the first of these words names, as catalogued, and its place, 1 the first listed."""
    steps = _levels().get(series or "", {})
    for word in words if steps else ():
        said = gazetteer.lowered(" ".join((word or "").split()))
        found = steps.get(said) or steps.get(_BEFORE_LEVEL.sub("", said))
        if found:
            return found
    return None


@cache
def _levels() -> dict[str, dict[str, tuple[str, int]]]:
    return {
        one.id: {gazetteer.lowered(name): (name, place) for place, name in enumerate(one.levels, start=1)}
        for one in gazetteer.series().values()
        if one.levels
    }


# ------------------------------------------------------------------------------------------------------------------ givers


@lru_cache(_REMEMBERED)
def giver(name: str | None) -> tuple[str | None, str | None]:
    """(id of the organization, code of the region whose government it is) that a giver's name stands for."""
    if not name:
        return None, None
    short = _BEHIND_NAME.sub("", name)
    for form in (name, short):
        ids = _organizations().get(gazetteer.lowered(form), set())
        if len(ids) == 1:
            return next(iter(ids)), None
    return None, _government(short)


def _government(name: str) -> str | None:
    said = gazetteer.lowered(name)
    match = _GOVERNMENT.fullmatch(said)
    if match is None:
        return None
    kind = match[1] or next((kind for word, kind in _KIND_OF.items() if said.startswith(word)), None)
    codes = {code for known, code in _regions()[match[2]] if kind in (None, known)}
    return next(iter(codes)) if len(codes) == 1 else None


@cache
def _organizations() -> dict[str, set[str]]:
    """Name or alias in small letters -> ids."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in gazetteer.rows("organizations"):
        for form in (row["name"], *row["aliases"].split(";")):
            found[gazetteer.lowered(form.strip())].add(row["id"])
    return dict(found)


@cache
def _regions() -> defaultdict[str, set[tuple[str, str]]]:
    """Base name or alias in small letters -> (kind, code)."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in gazetteer.rows("regions"):
        for form in (row["base"], *row["aliases"].split(";")):
            found[gazetteer.lowered(form.strip())].add((row["kind"], row["code"]))
    return found


@lru_cache(_REMEMBERED)
def giver_kind(organization: str | None, region: str | None, series: str | None) -> str | None:
    """Class of a giver: that of the organization, region_government, or what the catalogue has for the series."""
    if organization is not None:
        return gazetteer.organizations()[organization].kind
    if region is not None:
        return REGION_GOVERNMENT
    return (_series().get(series or "", {}).get("giver_kind")) or None


@lru_cache(_REMEMBERED)
def scope(series: str | None, kind: str | None, region: str | None) -> str | None:
    """international, national, regional, province or regency: as catalogued, else by who gives it."""
    catalogued = _series().get(series or "", {}).get("scope")
    if catalogued:
        return catalogued
    if region is not None:
        return "regency" if "." in region else "province"
    return _SCOPE_OF.get(kind or "")


@cache
def _series() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in gazetteer.rows("award_series")}


# ------------------------------------------------------------------------------------------------------------------ themes


@lru_cache(_REMEMBERED)
def theme(series: str | None, *names: str | None) -> str | None:
    """What an award is about, by the first of these that says so: the series, then its own name, category, giver."""
    catalogued = series_theme(series) if series else None
    return catalogued or _named_theme(names)


@cache
def series_theme(series: str) -> str | None:
    """What a series is about: by its name, its aliases or its giver."""
    row = _series().get(series)
    return _named_theme((row["name"], row["aliases"], row["giver"])) if row else None


def _named_theme(names: Iterable[str | None]) -> str | None:
    words, themes = _themes()
    found = (words.search(gazetteer.lowered(name)) for name in names if name)
    return next((themes[match[0]] for match in found if match), None)


@cache
def _themes() -> tuple[re.Pattern[str], dict[str, str]]:
    themes = {row["form"]: row["theme"] for row in gazetteer.rows("themes")}
    forms = "|".join(map(re.escape, sorted(themes, key=lambda form: (-len(form), form))))
    return re.compile(rf"\b(?:{forms})\b"), themes
