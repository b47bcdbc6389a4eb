"""What people type -> what the tables call it: names for codes and ids, and names typed wrongly. Never writes.

What was read in another way than it was typed is said, in one line each, so that nobody takes one answer for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, get_args

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Connection, select

from db import models, search
from db.find import LEVELS, Filter, stream
from db.queries import why
from etl.conferral import COUNTED, normalised
from etl.model import AwardKind, RecipientType, UsageError
from etl.stems import question

_REGION: Final = models.table(models.Region)
_PAST: Final = models.table(models.RegionPast)
_SERIES: Final = models.table(models.AwardSeries)
_ORGANIZATION: Final = models.table(models.Organization)
_CONFERRAL: Final = models.table(models.Conferral)
_LEVEL: Final = models.table(models.AwardLevel)

_CODE: Final = re.compile(r"\d\d(\.\d\d)?")
_LIKE: Final = 80.0
"""How alike, of 100, a whole name must be to one typed."""
_SHORT: Final = {"kab": "kabupaten", "prov": "provinsi", "kabupaten administrasi": "kabupaten"}
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "recipient_type": get_args(RecipientType),
    "kind": get_args(AwardKind),
    "status": tuple(sorted(COUNTED)),
}


@dataclass(frozen=True, slots=True)
class Meant:
    """A filter that the tables understand, and what has to be said about how it came to be."""

    filter: Filter
    notes: tuple[str, ...] = ()


def meant(connection: Connection, typed: Filter) -> Meant:
    """The filter as it was meant: `region` and `series` may be names; what finds nothing is tried as the likest name.

    Raises UsageError for a value that is none of its choices, for a region or series that is not known, for a region's
    name that two regions bear, and for a level or category that no conferral has.
    """
    if typed.text is not None:
        question(typed.text)  # raises for one without a word; a filter of blanks alone would find everything
    for name, choices in _CHOICES.items():
        if (given := getattr(typed, name)) is not None and given not in choices:
            raise UsageError(f"--{name.replace('_', '-')} {given!r} is not known: {', '.join(choices)}")
    notes: list[str] = []
    wanted = typed
    if typed.region is not None:
        wanted = replace(wanted, region=_region(connection, typed.region, notes))
    if typed.series is not None:
        wanted = replace(wanted, series=_series(connection, typed.series, notes))
    words = wanted.text or wanted.giver or wanted.level or wanted.category
    if words and not _finds(connection, wanted):
        if wanted.level is not None:
            wanted = replace(wanted, level=_said_of_some(connection, "level", wanted.level, notes))
        if wanted.category is not None:
            wanted = replace(wanted, category=_said_of_some(connection, "category", wanted.category, notes))
        if (wanted.text or wanted.giver) and not _finds(connection, wanted):
            wanted = _otherwise(connection, wanted, notes)
    return Meant(wanted, tuple(notes))


def named(
    connection: Connection, values: Mapping[str, Any], defaults: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Values of a question (db/questions.py) as the tables have them: `region`, `series` and `conferral` may be typed short.

    `defaults`: those that the question takes otherwise. Raises UsageError for a region or series that is not known, for a
    region's name that two regions bear, and for what is no level of the series; AwardsError for an id that is none.
    """
    notes: list[str] = []
    read = dict(values)
    if read.get("region"):
        read["region"] = _region(connection, read["region"], notes)
    if "series" in read:
        read["series"] = _series(connection, read["series"], notes)
    if "level" in read:
        read["level"] = _level(connection, read.get("series") or (defaults or {}).get("series"), read["level"])
    if "conferral" in read:
        found = why(connection, read["conferral"])["conferral"]
        read["conferral"] = found["id"] if found else read["conferral"]
    return read, tuple(notes)


def searched(connection: Connection, typed: str, limit: int) -> tuple[list[search.Hit], tuple[str, ...]]:
    """Articles that say what was typed, or if none does, what was likely meant; and what has to be said about that."""
    hits = search.articles(connection, question(typed), limit)
    instead = None if hits else search.respelled(connection, typed)
    if instead is None:
        return hits, ()
    hits = search.articles(connection, question(instead), limit)
    return hits, (f"no hits for {typed!r}; {'searched' if hits else 'none either for'} {instead!r}",)


def _finds(connection: Connection, wanted: Filter) -> bool:
    return next(stream(connection, replace(wanted, limit=1, offset=0)), None) is not None


# ---------------------------------------------------------------------------------------------------------------- names


def _region(connection: Connection, typed: str, notes: list[str]) -> str:
    c = _REGION.c
    rows = connection.execute(select(c.code, c.name, c.base).order_by(c.code)).all()
    if _CODE.fullmatch(typed):
        if any(row.code == typed for row in rows):
            return typed
        if today := _today(connection, _PAST.c.old_code, typed):
            return _said(notes, "region", typed, today)
        raise UsageError(
            f"--region {typed!r} is no region's code: give a name, or a Kemendagri code such as 35 or 35.76"
        )
    name = " ".join(_SHORT.get(word, word) for word in normalised(typed).split())
    whole = {normalised(row.name): str(row.code) for row in rows}
    if name in whole:
        return whole[name]
    named = [row for row in rows if normalised(row.base) == name]
    if len(named) > 1:
        which = " or ".join(f"{row.code} {row.name}" for row in named)
        raise UsageError(f"--region {typed!r} may be {which}: give the code")
    if named:
        return str(named[0].code)
    if today := _today(connection, _PAST.c.name, name):
        return _said(notes, "region", typed, today)
    likest = _likest(name, [*whole, *(normalised(row.base) for row in rows)])
    if likest is None:
        raise UsageError(f"--region {typed!r} is no region's name: give a Kemendagri code, such as 35 or 35.76")
    read = next(str(text) for row in rows for text in (row.name, row.base) if normalised(text) == likest)
    return _region(connection, _said(notes, "region", typed, read), notes)


def _today(connection: Connection, column: ColumnElement[str], typed: str) -> str | None:
    """The code of the region that had this code or name once."""
    c = _PAST.c
    before = connection.execute(select(column, c.code).order_by(c.until_year)).all()
    return {normalised(was): str(code) for was, code in before}.get(normalised(typed))


def _series(connection: Connection, typed: str, notes: list[str]) -> str:
    c = _SERIES.c
    rows = connection.execute(select(c.id, c.name).order_by(c.id)).all()
    if any(row.id == typed for row in rows):
        return typed
    by_name = {normalised(name): str(row.id) for row in rows for name in (row.name, row.id)}
    name = normalised(typed)
    if name in by_name:
        return by_name[name]
    likest = _likest(name, by_name)
    if likest is None:
        raise UsageError(
            f"--series {typed!r} is not in the catalogue: give part of its name as --text, or see etl/gazetteer"
        )
    return _said(notes, "series", typed, by_name[likest])


def _said_of_some(connection: Connection, name: str, typed: str, notes: list[str]) -> str:
    """A level or category as some conferral has it, or as its series orders it; where there are no conferrals, as typed."""
    columns = LEVELS if name == "level" else (_CONFERRAL.c.category,)
    stored = [
        text for c in columns for text in connection.execute(select(c).where(c.is_not(None)).distinct()).scalars()
    ]
    if not stored and connection.execute(select(_CONFERRAL.c.id).limit(1)).first() is None:
        return typed
    if name == "level":
        stored += connection.execute(select(_LEVEL.c.name).distinct()).scalars()
    known = {normalised(text): str(text) for text in sorted(stored)}
    if typed.lower() in {text.lower() for text in stored}:
        return typed
    likest = normalised(typed) if normalised(typed) in known else _likest(normalised(typed), known)
    if likest is None:
        raise UsageError(f"no conferral has the {name} {typed!r}: give the whole of it, or a part of it as --text")
    return _said(notes, name, typed, known[likest])


def _level(connection: Connection, series: str | None, typed: str) -> str:
    """A level of a series, or of any, as the catalogue writes it."""
    c = _LEVEL.c
    rows = (
        select(c.name).where(c.series_id == series if series else c.series_id.is_not(None)).order_by(c.position, c.name)
    )
    known = {normalised(name): str(name) for name in connection.execute(rows).scalars()}
    if normalised(typed) not in known:
        has = f"{series}, which has {', '.join(known.values()) or 'none'}" if series else "any series"
        raise UsageError(f"--level {typed!r} is no level of {has}")
    return known[normalised(typed)]


def _likest(name: str, names: Iterable[str]) -> str | None:
    found = process.extractOne(name, sorted(names), scorer=fuzz.ratio, score_cutoff=_LIKE)
    return str(found[0]) if found else None


def _said(notes: list[str], what: str, typed: str, read: str) -> str:
    notes.append(f"no {what} {typed!r}; searched {read!r}")
    return read


# ------------------------------------------------------------------------------------------------------- nothing was found


def _otherwise(connection: Connection, wanted: Filter, notes: list[str]) -> Filter:
    """The same question with text or giver as the likest names are written, if that finds something; else as it was."""
    changes: Mapping[str, str | None] = {
        "text": search.respelled(connection, wanted.text) if wanted.text else None,
        "giver": _giver(connection, wanted.giver) if wanted.giver else None,
    }
    other = {name: value for name, value in changes.items() if value is not None}
    if not other:
        return wanted
    instead = replace(wanted, **other)  # type: ignore[arg-type]
    found = _finds(connection, instead)
    then = "searched" if found else "none either for"
    notes += (f"no hits for {getattr(wanted, name)!r}; {then} {value!r}" for name, value in other.items())
    return instead if found else wanted


def _giver(connection: Connection, typed: str) -> str | None:
    names = [*connection.execute(select(_ORGANIZATION.c.name)).scalars()]
    names += connection.execute(select(_CONFERRAL.c.giver).where(_CONFERRAL.c.giver.is_not(None)).distinct()).scalars()
    by_name = {normalised(name): name for name in sorted(names)}
    found = process.extractOne(normalised(typed), sorted(by_name), scorer=fuzz.WRatio, score_cutoff=85)
    return by_name[found[0]] if found else None
