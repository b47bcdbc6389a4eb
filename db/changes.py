"""What a rebuild changes, in the log of changes: the conferrals of two schemas of one database compared. Changes no conferral.

What loading changes db/conferrals.py logs as it writes; a rebuild writes beside and swaps, so it is compared as a whole.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, column, insert, literal, null, select, table

from db import models
from db.bulk import among, upsert
from db.conferrals import FACTS, LOGGED, Cause, facts

_CONFERRAL = models.table(models.Conferral)
_MADE_OF = models.table(models.ConferralMention)
_CHANGE = models.table(models.ConferralChange)
_COLUMNS = ("conferral_id", "at", "field", "what", "old", "new", "reason", "run_id")


def log_differences(connection: Connection, schema: str, cause: Cause) -> None:
    """Logs what conferrals of `schema` are added to, corrected in or withdrawn from those of the live tables."""
    there, made_of = (_beside(model, schema) for model in (models.Conferral, models.ConferralMention))
    here = _CONFERRAL
    ids = select(here.c.id)
    _log(
        connection, cause, select(*_entry(there.c.id, cause, "", "added", null(), null())).where(there.c.id.not_in(ids))
    )
    for name in LOGGED:
        old, new = here.c[name], there.c[name]
        entry = _entry(here.c.id, cause, name, "corrected", cast(old, Text), cast(new, Text))
        joined = select(*entry).join_from(here, there, there.c.id == here.c.id)
        _log(connection, cause, joined.where(old.is_distinct_from(new)))
    gone = select(here.c.id, *(here.c[name] for name in FACTS)).where(here.c.id.not_in(select(there.c.id)))
    rows = {row.id: row._mapping for row in connection.execute(gone)}
    homes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    moved = select(_MADE_OF.c.conferral_id, made_of.c.conferral_id.label("home")).join(
        made_of, made_of.c.mention_id == _MADE_OF.c.mention_id
    )
    for row in among(connection, moved, _MADE_OF.c.conferral_id, rows):
        homes[row.conferral_id][row.home] += 1
    common = {"at": cause.at, "reason": cause.reason, "run_id": cause.run_id}
    entries = [
        {
            "conferral_id": id_, "field": "", "what": "withdrawn", "old": facts(dict(row)),
            "new": min(homes[id_], key=lambda home: (-homes[id_][home], home), default=None),
        } | common
        for id_, row in rows.items()
    ]  # fmt: skip
    upsert(connection, _CHANGE, entries)


def _beside(model: type[models.Base], schema: str) -> Any:
    """The table of another schema, under a name of its own: SQLite takes two of one name for the same."""
    own = models.table(model)
    return table(own.name, *(column(c.name, c.type) for c in own.columns), schema=schema).alias(f"fresh_{own.name}")


def _entry(id_: Any, cause: Cause, field: str, what: str, old: Any, new: Any) -> tuple[Any, ...]:
    at = literal(cause.at, _CHANGE.c.at.type)
    run = literal(cause.run_id, Text())
    return id_, at, literal(field), literal(what), old, new, literal(cause.reason), run


def _log(connection: Connection, cause: Cause, entries: Select[Any]) -> None:
    connection.execute(insert(_CHANGE).from_select(_COLUMNS, entries))
