"""The table of what people decided to take down: written by `awards takedown` alone, asked by everything that loads.

Never deletes what a tombstone hides; `db.load.forget` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from db import models
from etl.operate.tombstones import Hidden, person_hash

_TOMBSTONE: Final = models.table(models.Tombstone)
_PERSON: Final = "person:"
NOTED: Final = "tombstones.jsonl"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One decision, as in the table `tombstone`. Times are aware."""

    id: str
    kind: str
    reason: str
    decided_at: datetime
    site: str | None = None
    article_id: str | None = None
    alias_of: str | None = None
    purged_at: datetime | None = None
    captures: int = 0


def of_article(site: str, article_id: str, reason: str, at: datetime, alias_of: str | None = None) -> Tombstone:
    """The decision that an article goes."""
    return Tombstone(f"{site}:{article_id}", "article", reason, at, site, article_id, alias_of)


def of_person(name: str, reason: str, at: datetime) -> Tombstone:
    """The decision that no record names a person any more."""
    return Tombstone(person_id(name), "person", reason, at)


def person_id(name: str) -> str:
    """The id of a decision on a person."""
    return _PERSON + person_hash(name)


def known(connection: Connection) -> list[Tombstone]:
    """Every decision, oldest first."""
    rows = connection.execute(select(_TOMBSTONE).order_by(_TOMBSTONE.c.decided_at, _TOMBSTONE.c.id)).mappings()
    return [Tombstone(**row) for row in rows]


def hidden(connection: Connection) -> Hidden:
    """What may not be shown."""
    rows = connection.execute(select(_TOMBSTONE.c.id, _TOMBSTONE.c.kind)).all()
    persons = frozenset(row.id.removeprefix(_PERSON) for row in rows if row.kind == "person")
    return Hidden(frozenset(row.id for row in rows if row.kind == "article"), persons)


def decide(connection: Connection, decisions: Iterable[Tombstone]) -> list[Tombstone]:
    """Store decisions; those that were not there before. One taken twice stays as it was first taken."""
    there = set(connection.execute(select(_TOMBSTONE.c.id)).scalars())
    new = list({each.id: each for each in decisions if each.id not in there}.values())
    if new:
        connection.execute(insert(_TOMBSTONE), [asdict(each) for each in new])
    return new


def purged(connection: Connection, id_: str, at: datetime, captures: int) -> None:
    """Note that nothing is left of what a tombstone hides, after so many more captures were taken out."""
    counted = _TOMBSTONE.c.captures + captures
    connection.execute(update(_TOMBSTONE).where(_TOMBSTONE.c.id == id_).values(purged_at=at, captures=counted))


def note(connection: Connection, folder: Path) -> None:
    """Write every decision beside the backups, where there are any: one that is older than a decision must not undo it."""
    if not folder.is_dir():
        return
    lines = "".join(json.dumps(asdict(each), default=datetime.isoformat) + "\n" for each in known(connection))
    part = folder / f".{NOTED}.part"
    part.write_text(lines, encoding="utf-8")
    part.replace(folder / NOTED)


def noted(folder: Path) -> list[Tombstone]:
    """The decisions that are written there."""
    file = folder / NOTED
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = (json.loads(line) for line in lines)
    return [
        Tombstone(**{**row, "decided_at": datetime.fromisoformat(row["decided_at"]), "purged_at": None}) for row in rows
    ]


def lift(connection: Connection, ids: Iterable[str]) -> int:
    """Take decisions back; how many there were."""
    wanted = _TOMBSTONE.c.id.in_(list(ids)) | _TOMBSTONE.c.alias_of.in_(list(ids))
    return connection.execute(delete(_TOMBSTONE).where(wanted)).rowcount
