"""What became of a job whose scheduler died: its warden calls this with the exit status that nobody else heard.

python -m etl.schedule.note OWNER JOB DUE_AT CODE killed|ended

So a job that ended in the moment in which its scheduler died is not begun again, and one that was ended with it is due at
once. Stores nothing where another scheduler was faster.
"""

from __future__ import annotations

import sys
from datetime import datetime

from db import connect, ledger
from etl.model import AwardsError
from etl.schedule import due
from etl.settings import load_settings


def note(owner: str, job: str, due_at: datetime, code: int, killed: bool) -> bool:
    """Store it; whether it was still the dead scheduler's to say. Raises AwardsError."""
    settings = load_settings()
    engine = connect.connect(settings.database, settings.db_timeout)
    try:
        with connect.database_errors(settings.database), ledger.turn(engine) as connection:
            attempts = ledger.attempts(connection, owner, job, due_at)
            if attempts is None:
                return False
            became = due.orphaned(attempts) if killed and code else due.outcome(code, None, 0)
            exit_code = code if became.state is not due.State.DUE else None
            return ledger.settle(
                connection, owner, job, due_at, became.state, ledger.now(connection), exit_code, became.reason
            )
    finally:
        engine.dispose()


if __name__ == "__main__":
    owner, job, due_at, code, how = sys.argv[1:]
    try:
        note(owner, job, datetime.fromisoformat(due_at), int(code), how == "killed")
    except AwardsError as error:
        sys.exit(f"awards: {error}")
