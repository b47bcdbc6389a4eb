"""Conferrals counted by region and year as they come and go, so that a league table needs no look at the conferrals.

Each conferral adds to one row of `region_year` what it is, and takes away what it was. Never counts from the start: what
was counted when is then of no matter, and an integer forgets nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, delete

from db import models
from db.bulk import upsert

_REGION_YEAR: Final = models.table(models.RegionYear)
_COUNTED: Final = tuple(column.name for column in _REGION_YEAR.columns if not column.primary_key)
_JUDGEMENTS: Final = frozenset({"opinion", "grade", "ranking"})
"""Kinds that are given to all, and no award that some win."""


def count(connection: Connection, new: Iterable[Mapping[str, Any]], old: Iterable[Mapping[str, Any]]) -> None:
    """Adds what these conferrals are and takes away what others, or the same, were before: rows of the table."""
    changes: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0] * len(_COUNTED))
    for rows, sign in ((new, 1), (old, -1)):
        for row in rows:
            if row["region_code"] is not None and row["year"] is not None:
                sums = changes[row["region_code"], row["year"]]
                for place, counts in enumerate(_counts(row)):
                    sums[place] += sign * counts
    changed = [
        {"region_code": code, "year": year, **dict(zip(_COUNTED, sums, strict=True))}
        for (code, year), sums in sorted(changes.items())
        if any(sums)
    ]
    if changed:
        upsert(connection, _REGION_YEAR, changed, added=True)
        connection.execute(delete(_REGION_YEAR).where(_REGION_YEAR.c.conferrals == 0))


def _counts(row: Mapping[str, Any]) -> tuple[bool, ...]:
    """In the order of the table's columns."""
    award = row["kind"] not in _JUDGEMENTS
    return (
        True,
        award,
        award and row["recipient_type"] == "region",
        award and row["scope"] in ("national", "international"),
        award and row["giver_kind"] == "ministry",
        award and row["giver_kind"] == "media",
        award and row["independent_count"] > 1,
    )
