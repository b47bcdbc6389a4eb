"""Rebuilds beside the live database and swaps: readers see the old rows until all new ones are there.

    with fresh_copy(url) as fresh:      # an empty, prepared database
        with writing(fresh) as connection:
            load(connection, readings, outlets)
        swap(fresh, live)

The swap replaces rows, not files or tables, in one transaction. So it waits its turn like any other writer, a kill in
the middle leaves the old rows, and what does not come from the archive (runs) and what people attached to the tables
(views, rights of an analyst's account) is never touched. Never decides what goes into the fresh database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout
from sqlalchemy import (
    Connection,
    Engine,
    TableClause,
    column,
    delete,
    event,
    func,
    insert,
    make_url,
    select,
    table,
    text,
)

from db import models, search
from db.changes import log_differences
from db.connect import connect, database_errors, overhauling, prepare, shown
from db.regroup import Cause
from db.rulings import carry, made
from etl.model import AwardsError

SCHEMA: Final = "awards_rebuild"
"""The schema on PostgreSQL that holds the fresh tables."""

_ATTEMPTS: Final = 10
_SUFFIX: Final = ".rebuild"
_BESIDE: Final = ("", "-wal", "-shm", "-journal")


@contextmanager
def fresh_copy(url: str) -> Iterator[Engine]:
    """An engine on an empty, prepared database beside that one; removed at the end, as is what a killed rebuild left.

    A file next to the file on SQLite, the schema `awards_rebuild` on PostgreSQL. Raises AwardsError when another
    rebuild of the same database is under way.
    """
    beside = _fresh_file if connect(url).dialect.name == "sqlite" else _fresh_schema
    with beside(url) as engine:
        prepare(engine)
        yield engine


def swap(fresh: Engine, live: Engine, cause: Cause | None = None) -> None:
    """Replaces every derived row of the live database by those of the fresh copy, all at once or not at all.

    With a `cause`, what that does to conferrals is added to the log of changes, which itself is kept. People's rulings
    are applied in the fresh copy first, and once more where others were made meanwhile. What was loaded into the live
    database meanwhile goes too: its pages are then unknown, so the next run reads them from the archive again. Raises
    AwardsError as `database_errors` does.
    """
    is_file = live.dialect.name == "sqlite"
    attach = (str(fresh.url.database),) if is_file else ()
    for _ in range(_ATTEMPTS):
        carried = carry(live, fresh)
        with database_errors(live.url), overhauling(live, *attach) as connection:
            if made(connection) != carried:
                continue
            schema = "attached_0" if is_file else SCHEMA
            if cause is not None:
                log_differences(connection, schema, cause)
            _take_over(connection, schema)
            return
    raise AwardsError(f"rulings are being made on {shown(live.url)} without a pause: run this again when they are done")


def _take_over(connection: Connection, schema: str) -> None:
    for named in (models.table(models.Outlet), models.table(models.Site)):
        fresh = _columns_of(named.name, schema)
        unknown = select(*fresh.c).where(fresh.c.name.not_in(select(named.c.name)))
        connection.execute(insert(named).from_select([c.name for c in fresh.c], unknown))
    tables = (*models.DERIVED, *models.SEARCH)
    for derived in reversed(tables):
        connection.execute(delete(derived))
    for derived in tables:
        source = _columns_of(derived.name, schema)
        connection.execute(insert(derived).from_select([c.name for c in source.c], select(*source.c)))
    search.refill(connection)


def _columns_of(name: str, schema: str) -> TableClause:
    """The table of that name in another schema, by its columns only: rows are handed over as they are."""
    return table(name, *(column(c.name) for c in models.Base.metadata.tables[name].columns), schema=schema)


@contextmanager
def _fresh_file(url: str) -> Iterator[Engine]:
    live = make_url(url).database
    if not live or live == ":memory:" or live.startswith("file:"):
        raise AwardsError(f"the database {shown(url)} cannot be rebuilt: give it as sqlite:///path/of/the/file")
    fresh = live + _SUFFIX
    lock = FileLock(f"{fresh}.lock")
    try:
        lock.acquire(timeout=0)
        _remove(fresh)
    except Timeout as error:
        raise AwardsError(f"the database {live} is being rebuilt by another process: let that finish") from error
    except OSError as error:
        raise AwardsError(f"nothing can be written beside {live} ({error.strerror}): a rebuild needs that") from error
    try:
        engine = connect(make_url(url).set(database=fresh).render_as_string(hide_password=False))
        event.listen(engine, "connect", _careless)
        try:
            yield engine
        finally:
            engine.dispose()
            _remove(fresh)
    finally:
        lock.release()


def _careless(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.execute("PRAGMA synchronous = OFF")  # what a power cut leaves of this file is thrown away anyway


def _remove(file: str) -> None:
    for suffix in _BESIDE:
        Path(file + suffix).unlink(missing_ok=True)


@contextmanager
def _fresh_schema(url: str) -> Iterator[Engine]:
    live = connect(url)
    fresh = connect(url, schema=SCHEMA)
    try:
        # Autocommit: the lock belongs to the session, and an open transaction would keep the server from cleaning up.
        with database_errors(url):
            session = live.connect().execution_options(isolation_level="AUTOCOMMIT")
        with session:
            with database_errors(url):
                if not session.scalar(select(func.pg_try_advisory_lock(func.hashtext(SCHEMA)))):
                    raise AwardsError(f"the database {shown(url)} is being rebuilt by another process: let that finish")
                session.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
                session.execute(text(f"CREATE SCHEMA {SCHEMA}"))
            try:
                yield fresh
            finally:
                fresh.dispose()
                with database_errors(url):
                    session.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
                    session.execute(select(func.pg_advisory_unlock(func.hashtext(SCHEMA))))
    finally:
        fresh.dispose()
        live.dispose()
