"""What became of conferrals since a moment: added, corrected, withdrawn, and why. Reads the log of changes, never writes it.

Told is the difference for somebody who last looked then: what came and went since is not told, and of a field that
changed twice the value then and the value now.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from db import models
from db.find import EXPORTED, Filter, Found, cited, matching

_CHANGE: Final = models.table(models.ConferralChange)
_CONFERRAL: Final = models.table(models.Conferral)
_CHUNK: Final = 500

CHANGED: Final[dict[str, Any]] = {
    "change": "text", "changed_at": "time", "corrections": "list", "reason": "text",
} | EXPORTED  # fmt: skip
"""The columns of `changed` with their kinds, as etl/output/export.py takes them."""


def changed(connection: Connection, wanted: Filter, since: datetime) -> Iterator[Found]:
    """Conferrals that changed at `since` or later and fit the filter, the last to change first; one by one.

    Each as `exported`, and: `change` (added, corrected, withdrawn), `changed_at` (UTC), `corrections` ('rank: Madya ->
    Nindya'), `reason`. Of a withdrawn one only the facts that the log keeps; region, series, kind, recipient_type and
    years of the filter apply to them. `sort` and `offset` do not apply.
    """
    rows = _changed(connection, wanted, since)
    return rows if wanted.limit is None else islice(rows, wanted.limit)


def _changed(connection: Connection, wanted: Filter, since: datetime) -> Iterator[Found]:
    c = _CHANGE.c
    latest = func.max(c.at)
    touched = (
        select(c.conferral_id).where(c.at >= since).group_by(c.conferral_id).order_by(latest.desc(), c.conferral_id)
    )
    ids = iter(connection.execute(touched).scalars().all())  # 20 characters each
    while chunk := list(islice(ids, _CHUNK)):
        rows = select(_CHANGE).where(c.conferral_id.in_(chunk), c.at >= since).order_by(c.conferral_id, c.at, c.field)
        events: defaultdict[str, list[Row[Any]]] = defaultdict(list)
        for row in connection.execute(rows):
            events[row.conferral_id].append(row)
        there = set(connection.execute(select(_CONFERRAL.c.id).where(_CONFERRAL.c.id.in_(chunk))).scalars())
        fitting = {row["id"]: row for row in cited(connection, matching(connection, wanted, chunk))}
        for key in chunk:
            told = _told(events[key], key in there)
            if told is not None and key in fitting:
                yield told | fitting[key]
            elif told is not None and key not in there and _fits(was := _was(key, events[key]), wanted):
                yield told | was


def _told(events: Sequence[Row[Any]], is_there: bool) -> Found | None:
    """What is to be told of one conferral; None when it came and went since."""
    came = events[0].what == "added"
    if came and not is_there:
        return None
    last = events[-1]
    return {
        "change": "withdrawn" if not is_there else "added" if came else "corrected",
        "changed_at": last.at,
        "corrections": [] if came or not is_there else list(_corrections(events)),
        "reason": last.reason,
    }


def _corrections(events: Iterable[Row[Any]]) -> Iterator[str]:
    first: dict[str, str | None] = {}
    final: dict[str, str | None] = {}
    for event in events:
        if event.what == "corrected":
            first.setdefault(event.field, event.old)
            final[event.field] = event.new
    for field, now in final.items():
        if first[field] != now:
            yield f"{field}: {first[field] or 'nothing'} -> {now or 'nothing'}"


def _was(key: str, events: Sequence[Row[Any]]) -> Found:
    """The facts of a withdrawn conferral, as the log has them."""
    withdrawn = [event.old for event in events if event.what == "withdrawn"]
    return {**(json.loads(withdrawn[-1]) if withdrawn and withdrawn[-1] else {}), "id": key}


def _fits(was: Mapping[str, Any], wanted: Filter) -> bool:
    equal = ("series", "kind", "recipient_type", "status")
    if any(getattr(wanted, name) not in (None, was.get(name)) for name in equal):
        return False
    code = str(was.get("region_code") or "")
    if wanted.region is not None and code != wanted.region and not code.startswith(f"{wanted.region}."):
        return False
    return wanted.years is None or wanted.years[0] <= int(was.get("year") or -1) <= wanted.years[1]
