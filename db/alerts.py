"""The table of what is wrong and who was told of it. Never decides what is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Final

from sqlalchemy import Connection, delete, select

from db import models
from db.bulk import upsert
from etl.operate.alerts import Alert, Severity

_ALERT: Final = models.table(models.Alert)


def known(connection: Connection) -> list[Alert]:
    """Every matter, by key."""
    rows = connection.execute(select(_ALERT).order_by(_ALERT.c.key)).mappings()
    return [Alert(**{**row, "severity": Severity(row["severity"])}) for row in rows]


def store(connection: Connection, alerts: Sequence[Alert], gone: Collection[str] = ()) -> None:
    """Store matters in place of what was known of them, and forget those that are `gone`."""
    upsert(connection, _ALERT, [asdict(alert) | {"severity": str(alert.severity)} for alert in alerts])
    if gone:
        connection.execute(delete(_ALERT).where(_ALERT.c.key.in_(list(gone))))
