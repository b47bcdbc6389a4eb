"""The command `awards` in a folder of its own, empty or with the sample already in it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from filelock import FileLock

from tests.awards import Awards, Ran, ended
from tests.db.conftest import new_database, postgres_server  # noqa: F401  # a fixture for all tests


def pytest_configure() -> None:
    """Let commands be stopped by Ctrl-C also where a shell runs the tests in the background, and ignores it for them."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # which a child process inherits as the default


LONGEST = (
    "faults/test_kills", "schedule/test_schedule", "faults/test_kill", "run/test_run", "run/test_canary",
    "operate/test_takedown", "operate/test_backup", "run/test_backfill", "schedule/test_exactly_once", "run/test_day",
    "faults/test_database", "faults/test_database_killed", "scraper/test_incremental", "scraper/test_politeness",
)  # fmt: skip
"""Modules that are begun with, or one worker would do the last of them while the others have nothing left to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; the workers take whole modules in this order (--no-loadscope-reorder)."""
    place = {str(Path(__file__).parent / f"{name}.py"): number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(str(item.path), len(place)))


@pytest.fixture
def fresh_postgres(postgres_server: str) -> str:  # noqa: F811
    """The address of a PostgreSQL database without tables."""
    return new_database(postgres_server)


@pytest.fixture
def awards(tmp_path: Path) -> Awards:
    """The command in an empty folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return Awards(folder / "data")


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Awards, Ran]:
    """One whole replay of the sample, for all workers of a test run: never changed, only copied."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "undisturbed"
    folder.mkdir(exist_ok=True)
    made, out, err = Awards(folder / "data"), folder / "out", folder / "err"
    with FileLock(folder / "lock"):
        if not err.exists():
            ran = ended(made.start("run", "--replay", "sample"))
            assert ran.code == 0, ran.err
            out.write_text(ran.out, encoding="utf-8")
            err.write_text(ran.err, encoding="utf-8")
    return made, Ran(0, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


@pytest.fixture
def sample(first_run: tuple[Awards, Ran], tmp_path: Path) -> Awards:
    """The command in a folder in which the sample has been crawled, read and loaded."""
    folder = tmp_path / "sample"
    folder.mkdir()
    return first_run[0].copy(folder)
