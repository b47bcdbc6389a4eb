"""The command `awards` as its users call it: a child process, its own data folder, never the network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from db.connect import connect, reading
from db.queries import dump
from scraper.archive import Archive

SHARED = Path(__file__).parents[3] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"left out: {SHARED} is not there")


@dataclass(frozen=True)
class Awards:
    """The command in one data folder."""

    data: Path
    db: str = ""

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """The command, running, in a process group of its own."""
        environment = {**os.environ, "AWARDS_DATA": str(self.data), "AWARDS_DB": self.db, "AWARDS_WORKERS": "1"}
        return subprocess.Popen(
            [sys.executable, "-m", "etl", *arguments], env=environment | settings, cwd=self.data.parent, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def __call__(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """The command's exit status, stdout and stderr."""
        process = self.start(*arguments, **settings)
        out, err = process.communicate(timeout=150)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def json(self, *arguments: str) -> Any:
        """What a command that succeeds says with --json."""
        done = self(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Every derived table."""
        engine = connect(self.db or f"sqlite:///{self.data / 'awards.db'}")
        with reading(engine) as connection:
            found = dump(connection)
        engine.dispose()
        return found

    def captures(self) -> list[tuple[str, str, str, str]]:
        """(site, address, time, digest) of everything in the archive."""
        archive = Archive(self.data / "archive")
        found = [c for site in archive.sites() for c in archive.captures(site)]
        return sorted((c.site, c.url, c.fetched_at, c.digest) for c in found)

    def bodies(self) -> list[str]:
        """Digest of every body that is stored, as often as it is."""
        archive = Archive(self.data / "archive")
        return sorted(c.digest for site in archive.sites() for c in archive.captures(site) if c.of is None)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line with which a command says what was wrong."""
    lines = [line for line in done.stderr.splitlines() if line.startswith("awards: ")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


@pytest.fixture
def awards(tmp_path: Path) -> Awards:
    """The command in an empty folder."""
    (tmp_path / "data").mkdir()
    return Awards(tmp_path / "data")


@pytest.fixture(scope="session")
def _undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Awards, str]]:
    """One whole replay of the sample, and what it printed: never changed, only copied."""
    made = Awards(tmp_path_factory.mktemp("undisturbed") / "data")
    made.data.mkdir()
    done = made("run", "--replay", "sample")
    assert done.returncode == 0, done.stderr
    yield made, done.stdout


@pytest.fixture
def sample(_undisturbed: tuple[Awards, str], tmp_path: Path) -> Awards:
    """A copy of a folder in which the sample has been crawled, read and loaded."""
    shutil.copytree(_undisturbed[0].data, tmp_path / "sample" / "data")
    return Awards(tmp_path / "sample" / "data")


@pytest.fixture
def first_output(_undisturbed: tuple[Awards, str]) -> str:
    """What the first run printed on stdout."""
    return _undisturbed[1]
