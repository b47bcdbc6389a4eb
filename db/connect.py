"""Opens the database on SQLite or PostgreSQL and brings its tables up to date. Never says what is in them.

SQLite runs with a write-ahead log: one writer, and readers that are never kept waiting. A writer takes its lock at
the start (`writing`), because a transaction that reads first and writes later is refused if another wrote between.
PostgreSQL's writers queue on an advisory lock instead: a conferral is computed from mentions of many pages, and two
loaders that cannot see each other's rows would each leave out the other's.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from db.models import REVISION, Base
from etl.model import AwardsError

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS: Final = Path(__file__).with_name("migrations")

_WRITES: Final = "awards_writes"
_BACKENDS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_ELSEWHERE: Final = "or set AWARDS_DB to another database"

_SQLITE_FAULTS: Final = {
    sqlite3.SQLITE_BUSY: "is locked by another process: let that finish, then run this again",
    sqlite3.SQLITE_LOCKED: "is locked by another process: let that finish, then run this again",
    sqlite3.SQLITE_READONLY: f"is read-only: make the file and its folder writable, {_ELSEWHERE}",
    sqlite3.SQLITE_PERM: f"is read-only: make the file and its folder writable, {_ELSEWHERE}",
    sqlite3.SQLITE_CANTOPEN: f"cannot be opened: check that its folder exists and may be written, {_ELSEWHERE}",
    sqlite3.SQLITE_FULL: "cannot grow, the disk is full: free some space, then run this again",
    sqlite3.SQLITE_IOERR: f"cannot be read or written: check the disk, {_ELSEWHERE}",
    sqlite3.SQLITE_NOTADB: f"is not a database: move that file away, {_ELSEWHERE}",
    sqlite3.SQLITE_CORRUPT: "is damaged: move that file away, then run: awards rebuild",
}
"""By primary result code. What is not here is a mistake of ours and keeps its traceback."""

_POSTGRES_FAULTS: Final = (
    ("55P03", "is locked by another process: let that finish, then run this again"),
    ("40P01", "was changed by another process at the same time: run this again"),
    ("25006", f"is read-only: use an account that may write, {_ELSEWHERE}"),
    ("42501", f"does not allow this: use an account that may create and change tables, {_ELSEWHERE}"),
    ("53100", "cannot grow, the disk is full: free some space, then run this again"),
    ("53300", "has too many connections: close some, then run this again"),
    ("57P", "is shutting down or starting: wait, then run this again"),
    ("08", "broke the connection: check the server, then run this again"),
)
"""By beginning of the SQLSTATE."""


# -------------------------------------------------------------------------------------------------------------- opening


def connect(url: str, timeout: float = 30.0, schema: str | None = None) -> Engine:
    """An engine for 'sqlite:///file' or 'postgresql://user@host/database'; a file's folder is made.

    `timeout` is how many seconds to wait for a lock or a server; `schema` where PostgreSQL finds and makes tables, if
    not in the account's own. No connection is opened yet. Raises AwardsError for an address that is none, or a folder
    that cannot be made.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        _make_folder(address)
        engine = create_engine(address, connect_args={"timeout": timeout}, hide_parameters=True)
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    arguments = {"connect_timeout": max(2, round(timeout))}  # libpq takes whole seconds, and 2 at least
    engine = create_engine(address, connect_args=arguments, pool_pre_ping=True, hide_parameters=True)
    settings = {"lock_timeout": f"{round(timeout * 1000)}ms"} | ({"search_path": schema} if schema else {})

    @event.listens_for(engine, "connect")
    def open_postgres(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.autocommit = True  # else the pool's rollback would take the settings back
        for setting, value in settings.items():
            dbapi_connection.execute("SELECT set_config(%s, %s, false)", (setting, value))
        dbapi_connection.autocommit = False

    return engine


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        backend, _, _ = address.drivername.partition("+")
        return address.set(drivername=_BACKENDS[backend])
    except (ArgumentError, KeyError, ValueError) as error:
        # The address itself stays out of the message: it may hold a password.
        raise AwardsError(
            "AWARDS_DB is not a database address: use sqlite:///data/awards.db or postgresql://user@host/database"
        ) from error


def _make_folder(address: URL) -> None:
    file = address.database
    if not file or file == ":memory:" or file.startswith("file:"):
        return
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or "refused").lower()
        raise AwardsError(f"the folder of the database {file} cannot be made ({reason}): {_ELSEWHERE[3:]}") from error


def _open_sqlite(dbapi_connection: sqlite3.Connection, _record: object) -> None:
    dbapi_connection.isolation_level = None  # else the driver begins transactions by itself, and too late
    if dbapi_connection.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
        try:
            dbapi_connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
                raise
            # A file that may only be read is still good for reading; writing to it will be refused by name.
    dbapi_connection.execute("PRAGMA synchronous = NORMAL")
    dbapi_connection.execute("PRAGMA foreign_keys = ON")
    dbapi_connection.execute("PRAGMA cache_size = -262144")  # KiB at most; keys are hashes, so writes go everywhere
    dbapi_connection.execute("PRAGMA wal_autocheckpoint = 8192")  # pages: the same ones change again and again
    dbapi_connection.execute("PRAGMA journal_size_limit = 67108864")  # or a rebuild's log stays as large as it got


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")


_ASKING: Final = {
    "plan_cache_mode": "force_custom_plan",  # or the tenth asking of a question is planned for values of no kind
    "max_parallel_workers_per_gather": "0",  # to be called takes them longer than what there is to do
    "random_page_cost": "1.1",  # no disk turns any more: an index that has all is read rather than the table
}
"""How PostgreSQL is to plan what is only read: for answers within a tenth of a second, out of indexes."""


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database; waits for no writer and makes none wait. Nothing written here is kept."""
    options = {}
    if engine.dialect.name == "postgresql":  # which otherwise shows each statement another state
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(*(func.set_config(name, value, True) for name, value in _ASKING.items())))
        yield connection


@contextmanager
def writing(engine: Engine, queue: str = "awards") -> Iterator[Connection]:
    """One transaction that may write, kept if the block ends well. Waits for other writers at its start.

    On PostgreSQL only for those of the same queue: what touches other tables need not wait for a loader.
    """
    with engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        lock(connection, queue)
        yield connection


@contextmanager
def overhauling(engine: Engine, *attach: str) -> Iterator[Connection]:
    """As `writing`, for changes of whole tables: SQLite checks foreign keys at the end instead of row by row.

    (Recreating a table, as SQLite's migrations do, would otherwise cascade into every table that names it.) `attach`
    are SQLite files to have at hand as schemas attached_0, attached_1 ... Raises RuntimeError when a key is broken.
    """
    if engine.dialect.name != "sqlite":
        with writing(engine) as connection:
            yield connection
        return
    with engine.connect().execution_options(**{_WRITES: True}) as connection:
        connection.detach()  # closed afterwards rather than handed to somebody else with these settings
        driver = connection.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute("PRAGMA foreign_keys = OFF")
        for number, file in enumerate(attach):
            driver.execute("ATTACH DATABASE ? AS " + f"attached_{number}", (file,))
        with connection.begin():
            yield connection
            broken = {row[0] for row in connection.exec_driver_sql("PRAGMA main.foreign_key_check")}
            if broken:
                raise RuntimeError(f"foreign keys do not hold in: {', '.join(sorted(broken))}")


def lock(connection: Connection, queue: str = "awards") -> None:
    """Lets this transaction be the only writer until it ends. Loading calls it; calling it again costs nothing."""
    if connection.dialect.name == "postgresql":
        if not remembered(connection).get(queue):
            owner = func.pg_advisory_xact_lock(func.hashtext(queue), func.hashtext(func.current_schema()))
            connection.execute(select(owner))
            remembered(connection)[queue] = True
    elif not connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql("DELETE FROM site WHERE 0")  # takes SQLite's write lock and does nothing


def remembered(connection: Connection) -> dict[str, bool]:
    """What need not be asked twice in one transaction; empty in the next."""
    transaction = connection.get_transaction()
    if transaction is None:
        return {}
    if connection.info.get("transaction") is not transaction:
        connection.info.update(transaction=transaction, remembered={})
    found: dict[str, bool] = connection.info["remembered"]
    return found


def overwriting(connection: Connection) -> None:
    """Lets what this transaction deletes be overwritten in SQLite's file; otherwise it stays there until space is needed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def settle(engine: Engine) -> None:
    """Takes what was deleted out of the log of SQLite, and out of PostgreSQL's tables, where nobody reads it any more.

    Where a reader still does, it goes with the next checkpoint or vacuum.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for name in ("page", "article", "article_version", "mention", "evidence", "conferral", *_FOUND_BY):
                connection.exec_driver_sql(f"VACUUM {name}")


_FOUND_BY: Final = ("conferral_words", "version_words", "name_word")


# --------------------------------------------------------------------------------------------------------------- faults


@contextmanager
def database_errors(url: str | URL) -> Iterator[None]:
    """Turns what a user can mend (locked, read-only, no server, disk full ...) into an AwardsError of one line.

    Mistakes of ours (a broken constraint, a wrong statement) pass unchanged.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        address = make_url(url)
        if isinstance(cause, sqlite3.Error):
            fault = _SQLITE_FAULTS.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        else:
            fault = _postgres_fault(error, address)
        if fault is None:
            raise
        raise AwardsError(f"the database {shown(address)} {fault}") from error


def shown(url: str | URL) -> str:
    """A database's address for people: a file's name, or user, host and database, and stars for a password."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return address.database or ":memory:"
    return address.set(query={}, drivername="postgresql").render_as_string(hide_password=True)


def _postgres_fault(error: Exception, address: URL) -> str | None:
    cause = getattr(error, "orig", None)
    state: str | None = getattr(cause, "sqlstate", None)
    if state:
        return next((fault for beginning, fault in _POSTGRES_FAULTS if state.startswith(beginning)), None)
    if not isinstance(error, OperationalError):
        return None
    reasons: list[str] = re.findall(r".*failed: (.+)", str(cause)) or str(cause).splitlines()[:1] or ["no reason given"]
    reason = reasons[-1].removeprefix("FATAL:").strip()
    if address.password:
        reason = reason.replace(address.password, "***")
    return f"cannot be reached ({reason}): check that the server runs, and AWARDS_DB (user, password, host, database)"


# ----------------------------------------------------------------------------------------------------------- migrations


def prepare(engine: Engine) -> None:
    """Makes the tables in an empty database; does nothing where they are up to date. Cheap enough for every start.

    Raises AwardsError when the tables are older (awards db upgrade) or newer than this code, when the database belongs
    to something else, and for everything `database_errors` knows.
    """
    with database_errors(engine.url):
        with reading(engine) as connection:
            found = _revision(connection)
        if found == REVISION:
            return
        if found is not None:
            _refuse_newer(found)
            raise AwardsError(
                f"the database {shown(engine.url)} was made by an older version (revision {found}, this code needs"
                f" {REVISION}); run: awards db upgrade"
            )
        upgrade(engine)


def upgrade(engine: Engine) -> str | None:
    """Brings the tables up to date in one transaction; gives the revision found, None if there was none.

    Raises AwardsError as `prepare`, except for older tables.
    """
    with database_errors(engine.url), overhauling(engine) as connection:
        found = _revision(connection)  # again, under the lock: another process may have been faster
        if found is not None:
            _refuse_newer(found)
        if found != REVISION:
            from alembic import command  # here, because loading Alembic takes longer than most commands

            command.upgrade(alembic_config(connection), "head")
        return found


def alembic_config(connection: Connection | None = None) -> Config:
    """What Alembic's own commands need to work on our migrations, over that connection and in its transaction."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    """The migration the tables are at; None for a database without any table of ours."""
    present = set(inspect(connection).get_table_names())
    if "alembic_version" in present:
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if found is not None:
            return found
    foreign = sorted(present.intersection(Base.metadata.tables))
    if foreign:
        raise AwardsError(
            f"the database {shown(connection.engine.url)} holds tables of something else ({', '.join(foreign)}):"
            " set AWARDS_DB to another database"
        )
    return None


def _refuse_newer(found: str) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if found not in known:
        raise AwardsError(
            f"the database is newer than this code (revision {found}, this code knows {REVISION}): install the newer"
            " awards-etl or use another AWARDS_DB"
        )
