"""The database into a backup's folder, and out of it. Never decides where backups lie, or when.

Two ways beside each other. The *copy* holds everything and is put back fastest: SQLite's own online backup, or pg_dump where
it is on the PATH. The *tables* hold what cannot be made again from the archive, as JSON lines of one moment; they can be put
into a database of either kind, and of a later version. Neither keeps a writer waiting.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Date, Engine, Table, insert, make_url, select

from db import models
from db.bulk import upsert
from db.connect import _address, connect, database_errors, prepare, reading, shown, upgrade, writing
from etl.model import AwardsError

COPY: Final = {"sqlite": "awards.db", "postgresql": "awards.dump"}
TABLES: Final = "tables"

_REFERENCE: Final = frozenset(
    "outlet site region region_past award_series award_level organization organization_successor".split()
)
_PATIENCE: Final = 6 * 3600.0  # seconds for pg_dump and pg_restore
_BATCH: Final = 500

log = logging.getLogger("awards.backup")


def kept_tables() -> list[Table]:
    """The tables that no archive can give back, in an order in which they can be filled."""
    derived = {table.name for table in (*models.DERIVED, *models.SEARCH)} | _REFERENCE
    return [table for table in models.Base.metadata.sorted_tables if table.name not in derived]


# ------------------------------------------------------------------------------------------------------------------ out


def save(engine: Engine, folder: Path) -> list[Path]:
    """Write copy and tables into an empty folder; the files. Raises AwardsError as `database_errors`, and for a bad copy."""
    with database_errors(engine.url):
        copied = _save_sqlite(engine, folder) if engine.dialect.name == "sqlite" else _save_postgres(engine, folder)
        return [*copied, *_save_tables(engine, folder / TABLES)]


def _save_sqlite(engine: Engine, folder: Path) -> list[Path]:
    file = folder / COPY["sqlite"]
    with closing(sqlite3.connect(file)) as copy, engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        try:
            driver.backup(copy)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                raise
            why = f"cannot grow, the disk of {folder.parent} is full: free some space, or give --to another folder"
            raise AwardsError(f"the backup {why}") from error
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, whoever opens it
        wrong = [row[0] for row in copy.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
    if wrong:
        raise AwardsError(
            f"the database {shown(engine.url)} is damaged, so no backup was made ({wrong[0]}): move that file away, then run: "
            "awards rebuild, or awards restore"
        )
    return [file]


def _save_postgres(engine: Engine, folder: Path) -> list[Path]:
    file = folder / COPY["postgresql"]
    done = _called("pg_dump", engine, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
    if done is None or done:
        why = done or "pg_dump is not on the PATH"
        log.warning("no copy of the whole database: %s; its tables that cannot be made again are saved", why)
        file.unlink(missing_ok=True)
        return []
    return [file]


def _called(tool: str, engine: Engine, *arguments: str) -> str | None:
    """Call a tool of PostgreSQL: '' when it did its work, what it complained of when not, None when it is not there.

    The password goes by the environment: anybody sees a process's arguments.
    """
    path = shutil.which(tool)
    if path is None:
        return None
    address = engine.url.set(drivername="postgresql")
    password = {"PGPASSWORD": str(address.password)} if address.password else {}
    url = address.set(password=None).render_as_string(hide_password=False)
    try:
        done = subprocess.run(
            [path, *arguments, f"--dbname={url}"], env={**os.environ, **password}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=_PATIENCE, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{tool}: {error}"
    return "" if done.returncode == 0 else " ".join(done.stderr.split())[:300] or f"{tool} failed"


def _save_tables(engine: Engine, folder: Path) -> list[Path]:
    folder.mkdir()
    files = []
    with reading(engine) as connection:  # one moment for all of them
        for table in kept_tables():
            file = folder / f"{table.name}.jsonl"
            with file.open("w", encoding="utf-8") as out:
                rows = select(table).order_by(*table.primary_key).execution_options(yield_per=1000)
                for row in connection.execute(rows).mappings():
                    out.write(json.dumps(dict(row), ensure_ascii=False, default=_written) + "\n")
            files.append(file)
    return files


def _written(value: Any) -> str:
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


# ------------------------------------------------------------------------------------------------------------------- in


def is_empty(url: str) -> bool:
    """Whether a restore would overwrite nothing. Raises AwardsError as `database_errors`."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return not (address.database and Path(address.database).exists())
    engine = connect(url)
    try:
        with database_errors(url), reading(engine) as connection:
            return not any(_has_rows(connection, table) for table in models.Base.metadata.sorted_tables)
    finally:
        engine.dispose()


def _has_rows(connection: Connection, table: Table) -> bool:
    if not connection.dialect.has_table(connection, table.name):
        return False
    return connection.execute(select(table).limit(1)).first() is not None


def put_back(url: str, folder: Path) -> bool:
    """Fill an empty database from a backup's folder and bring it up to date; whether derived rows came with it.

    Raises AwardsError: nothing fits this database, a tool refuses, the tables are of a newer version.
    """
    is_whole = _put_copy_back(url, folder)
    engine = connect(url)
    try:
        if is_whole:
            upgrade(engine)
        else:
            prepare(engine)
            with database_errors(url), writing(engine) as connection:
                for table in kept_tables():
                    _fill(connection, table, folder / TABLES / f"{table.name}.jsonl")
    finally:
        engine.dispose()
    return is_whole


def _put_copy_back(url: str, folder: Path) -> bool:
    address = _address(url)
    backend = address.get_backend_name()
    copy = folder / COPY[backend]
    if not copy.exists():
        return False
    if backend == "sqlite":
        live = Path(address.database or "")
        live.parent.mkdir(parents=True, exist_ok=True)
        part = live.with_name(f"{live.name}.restoring")
        shutil.copyfile(copy, part)
        part.replace(live)
        return True
    engine = connect(url)
    try:
        done = _called(
            "pg_restore", engine, "--no-owner", "--no-privileges", "--clean", "--if-exists", "--single-transaction",
            "--exit-on-error", str(copy),
        )  # fmt: skip
    finally:
        engine.dispose()
    if done is None or done:
        log.warning("the whole copy is not put back: %s", done or "pg_restore is not on the PATH")
        return False
    return True


def _fill(connection: Connection, table: Table, file: Path) -> None:
    """Rows of a backup that may be older: columns that it lacks have what the table gives them, others are left out."""
    if not file.exists():
        return
    batch: list[dict[str, Any]] = []
    for row in _rows(file):
        batch.append({name: _read(table, name, value) for name, value in row.items() if name in table.c})
        if len(batch) == _BATCH:
            _insert(connection, table, batch)
            batch = []
    _insert(connection, table, batch)


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    keys = {column.name for column in table.primary_key}
    if rows and rows[0].keys() > keys:
        upsert(connection, table, rows)
    elif rows:
        connection.execute(insert(table), rows)


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _read(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if value is None:
        return None
    if isinstance(kind, models.Utc):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
