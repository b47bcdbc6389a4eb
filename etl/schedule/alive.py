"""Whether a scheduler lives, for container health checks: `python -m etl.schedule.alive`, exit 0 or 1, in half a second.

Asks for heartbeats alone: that a site is stale is no reason to start a container again.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from db import connect, ledger
from etl.model import AwardsError
from etl.settings import load_settings

_LEASES = 2  # of silence


def alive() -> bool:
    """Whether any scheduler of the database had a heartbeat lately. Raises AwardsError."""
    settings = load_settings()
    engine = connect.connect(settings.database, settings.db_timeout)
    try:
        with connect.database_errors(settings.database), connect.reading(engine) as connection:
            now = ledger.now(connection)
            return any(
                row["ended_at"] is None and now - row["beat_at"] <= timedelta(seconds=_LEASES * row["lease"])
                for row in ledger.schedulers(connection)
            )
    finally:
        engine.dispose()


if __name__ == "__main__":
    try:
        sys.exit(0 if alive() else "no scheduler's heart beats")
    except AwardsError as error:
        sys.exit(f"awards: {error}")
