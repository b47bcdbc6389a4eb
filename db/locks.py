"""What only one process at a time may do, on all machines that share a database. Holds nothing for one that died.

Where the database is a file, a lock on a file beside the data, which the system frees with its process; on PostgreSQL an
advisory lock of a session of its own, which the server frees with the connection. So nobody waits for a lease to run out,
and cron's `awards run` meets the scheduler's. Says who holds it, for people.
"""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, TextClause, bindparam, text

from etl.model import AwardsError

Release = Callable[[], None]

_POLL: Final = 0.5  # seconds between two tries
_NAME: Final = 63  # bytes of an application's name that PostgreSQL keeps
_KEYS: Final = "hashtext(:name), hashtext(current_schema())"
_HOLDER: Final = """
    SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid::bigint = hashtext(:name)::bigint & 4294967295
      AND l.objid::bigint = hashtext(current_schema())::bigint & 4294967295
"""


class Taken(AwardsError):
    """Another process does it already; nothing was done here."""


def take(engine: Engine, folder: Path, name: str, purpose: str, patience: float = 0.0) -> Release:
    """Be the only one who does `name`; what it gives lets go of it again.

    `purpose` says what for, in a word. One who does the same for the same purpose is not waited for, another one
    `patience` seconds at most. `folder` is where the locks of a database in a file are. Raises Taken, and AwardsError where
    no lock can be made.
    """
    who = f"{purpose}: pid {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z"
    end = time.monotonic() + patience
    attempt = _file(folder, name, who) if engine.dialect.name == "sqlite" else _session(engine, name, who)
    while True:
        release, holder = attempt()
        if release is not None:
            return release
        if time.monotonic() >= end or (holder or "").startswith(f"{purpose}:"):
            raise Taken(f"another {name} goes on ({holder or 'nobody says whose'}); nothing was done here")
        time.sleep(_POLL)


Attempt = Callable[[], tuple[Release | None, str | None]]  # how to let go of it; else who holds it


def _file(folder: Path, name: str, who: str) -> Attempt:
    path = folder / f"{re.sub(r'[^A-Za-z0-9.]+', '-', name)}.lock"
    note = path.with_suffix(".holder")
    lock = FileLock(path, thread_local=False)  # one thread crawls, another one lets go

    def attempt() -> tuple[Release | None, str | None]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
            note.write_text(who, encoding="utf-8")
        except Timeout:
            return None, note.read_text(encoding="utf-8") if note.exists() else None
        except OSError as error:
            raise AwardsError(f"{path} cannot be locked: {error.strerror or error}") from error
        return lock.release, None

    return attempt


def _session(engine: Engine, name: str, who: str) -> Attempt:
    def attempt() -> tuple[Release | None, str | None]:
        # Autocommit: the lock is the session's, and an open transaction would keep the server from cleaning up.
        session = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            if session.execute(_with(f"SELECT pg_try_advisory_lock({_KEYS})", name)).scalar_one():
                session.execute(
                    text("SELECT set_config('application_name', :who, false)"), {"who": f"awards {who}"[:_NAME]}
                )
                return partial(_let_go, session), None
            holder = session.execute(_with(_HOLDER, name)).scalar()
        except BaseException:
            session.invalidate()
            session.close()
            raise
        session.close()
        return None, holder and str(holder).removeprefix("awards ")

    return attempt


def _let_go(session: Connection) -> None:
    session.invalidate()  # closed, and not given to somebody else with the lock's name on it
    session.close()


def _with(statement: str, name: str) -> TextClause:
    return text(statement).bindparams(bindparam("name", f"awards {name}"))
