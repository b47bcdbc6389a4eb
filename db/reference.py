"""Copies the gazetteers and the sites into tables, so that SQL can join them. Never reads the derived tables.

The files are the truth: a row that left its file leaves its table. Only differences are written, and where there are
none no lock is taken, so every process can call this when it starts.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Engine, Table, delete, select, tuple_

import etl.gazetteer
from db import models
from db.bulk import Rows, upsert
from db.connect import reading, writing
from db.readings import outlet_rows
from etl.conferral import catalogue
from etl.model import Site

GAZETTEER: Final = Path(etl.gazetteer.__file__).parent

Line: TypeAlias = dict[str, str]
Key: TypeAlias = tuple[Any, ...]

_OUTLET: Final = models.table(models.Outlet)
_SITE: Final = models.table(models.Site)


@dataclass(frozen=True, slots=True)
class _Copy:
    """A table that repeats a file: which file, and the table's rows for one line of it."""

    table: Table
    file: str
    rows: Callable[[Line], Iterator[dict[str, Any]]]


def _region(line: Line) -> Iterator[dict[str, Any]]:
    yield {
        "code": line["code"],
        "kind": line["kind"],
        "name": line["name"],
        "base": line["base"],
        "province_code": line["province"],
        "population_2025": int(line["population_2025"]) if line["population_2025"] else None,
        "since_year": _since().get(line["code"]),
    }


@cache
def _since() -> dict[str, int]:
    """Code -> year in which a region got it; a province that regions moved to is as old as the first of them."""
    moved = [line for line in etl.gazetteer.rows("regions_history") if line["old_code"] != line["code"]]
    found: dict[str, int] = {}
    for line in moved:
        for code in (line["code"], line["code"].partition(".")[0]):
            found[code] = min(found.get(code, 9999), int(line["until_year"]))
    return found


def _past(line: Line) -> Iterator[dict[str, Any]]:
    yield {
        "code": line["code"],
        "until_year": int(line["until_year"]),
        "old_code": line["old_code"],
        "name": line["name_then"],
    }


def _series(line: Line) -> Iterator[dict[str, Any]]:
    yield {
        "id": line["id"],
        "name": line["name"],
        "kind": line["kind"],
        "giver": line["giver"] or None,
        "giver_kind": line["giver_kind"] or None,
        "scope": line["scope"],
        "levels_ordered": line["levels_ordered"] == "yes",
        "theme": catalogue.series_theme(line["id"]),
    }


def _levels(line: Line) -> Iterator[dict[str, Any]]:
    names = [name.strip() for name in line["levels"].split(";") if name.strip()]
    for position, name in enumerate(names, start=1):
        yield {"series_id": line["id"], "position": position, "name": name}


def _organization(line: Line) -> Iterator[dict[str, Any]]:
    yield {
        "id": line["id"],
        "name": line["name"],
        "kind": line["kind"],
        "valid_from": line["valid_from"] or None,
        "valid_to": line["valid_to"] or None,
        "publishes": line["publisher"] or None,
    }


def _successors(line: Line) -> Iterator[dict[str, Any]]:
    for successor in filter(None, line["successor"].split(";")):
        yield {"organization_id": line["id"], "successor_id": successor.strip()}


_COPIES: Final = (
    _Copy(models.table(models.Region), "regions.csv", _region),
    _Copy(models.table(models.RegionPast), "regions_history.csv", _past),
    _Copy(models.table(models.AwardSeries), "award_series.csv", _series),
    _Copy(models.table(models.AwardLevel), "award_series.csv", _levels),
    _Copy(models.table(models.Organization), "organizations.csv", _organization),
    _Copy(models.table(models.OrganizationSuccessor), "organizations.csv", _successors),
)


def refresh(engine: Engine, sites: Iterable[Site] = (), folder: Path = GAZETTEER) -> bool:
    """Makes the reference tables equal to the files and the named sites; says whether anything had to change.

    Looks first and takes the writer's lock only if something differs. Sites that are not named stay, as do their pages.
    """
    sites = list(sites)
    with reading(engine) as connection:
        if not any(new or gone for _, new, gone in _differences(connection, sites, folder)):
            return False
    with writing(engine) as connection:
        sync_reference(connection, sites, folder)
    return True


def sync_reference(connection: Connection, sites: Iterable[Site] = (), folder: Path = GAZETTEER) -> None:
    """As `refresh`, within the caller's writing transaction."""
    for table, new, gone in list(_differences(connection, sites, folder)):
        if gone:
            connection.execute(delete(table).where(tuple_(*table.primary_key).in_(gone)))
        upsert(connection, table, new)


def _differences(
    connection: Connection, sites: Iterable[Site], folder: Path
) -> Iterator[tuple[Table, Rows, list[Key]]]:
    """(table, rows to write, keys to delete) for each reference table."""
    for copy in _COPIES:
        with (folder / copy.file).open(encoding="utf-8", newline="") as file:
            wanted = [row for line in csv.DictReader(file) for row in copy.rows(line)]
        yield copy.table, *_difference(connection, copy.table, wanted)
    new, _ = _difference(connection, _OUTLET, outlet_rows(sites))
    yield _OUTLET, new, []
    named = [{"name": site.name, "outlet": site.outlet, "region_code": site.region} for site in sites]
    new, _ = _difference(connection, _SITE, named)
    yield _SITE, new, []


def _difference(connection: Connection, table: Table, wanted: Rows) -> tuple[Rows, list[Key]]:
    def key(row: dict[str, Any]) -> Key:
        return tuple(row[column.name] for column in table.primary_key)

    stored = {key(row): row for row in map(dict[str, Any], connection.execute(select(table)).mappings())}
    rows = {key(row): row for row in wanted}
    return [row for row in rows.values() if stored.get(key(row)) != row], [
        known for known in stored if known not in rows
    ]
