"""The command `awards` as its users call it: a child process with a data folder of its own, and never the network."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from sqlalchemy import text

from db.connect import connect, reading, writing
from db.queries import dump
from scraper.archive import Archive
from tests.prepared import Prepared

SHARED = Path(__file__).parents[2] / "shared"
SITES = ("antaranews", "detik", "kompas", "liputan6", "mediaindonesia", "merdeka")

# Whatever a test gets wrong: no proxy answers at this port, so nothing beyond this machine does either.
_OFFLINE = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1"}
_CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("AWARDS_")}


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line that says what was wrong and what to do."""
        lines = [line for line in self.err.splitlines() if line.startswith("awards: ")]
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        assert len(lines[0]) > len("awards: ") + 15, "it says too little"
        return lines[0]

    def table(self) -> list[dict[str, str]]:
        """The first table on stdout by its headings, for columns without blanks in their cells."""
        head, *rows = self.out.split("\n\n")[0].splitlines()
        names = [name.strip() for name in head.split("  ") if name.strip()]
        return [dict(zip(names, row.split(), strict=False)) for row in rows]


@dataclass(frozen=True)
class Awards:
    """The command in one data folder; it runs in the folder that holds that one."""

    data: Path
    db: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where it runs: the nearest folder there is above its data."""
        return next(folder for folder in self.data.parents if folder.is_dir())

    @property
    def environment(self) -> dict[str, str]:
        """All that it gets to know."""
        own = {"AWARDS_DATA": str(self.data), "AWARDS_DB": self.db, "AWARDS_WORKERS": "1", "AWARDS_CRAWLS": "6"}
        return {**_CLEAN, **_OFFLINE, **own, **self.settings}

    def start(self, *arguments: str, stderr: IO[bytes] | int = subprocess.PIPE) -> subprocess.Popen[str]:
        """The command, running, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "etl", *arguments], env=self.environment, cwd=self.folder, text=True,
            stdout=subprocess.PIPE, stderr=stderr, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def __call__(self, *arguments: str) -> Ran:
        """The command, ended."""
        return Ran(*prepared().call(arguments, self.environment, self.folder))

    def json(self, *arguments: str) -> Any:
        """What a command that succeeds says with --json."""
        ran = self(*arguments, "--json")
        assert ran.code == 0, ran.err
        return json.loads(ran.out)

    def copy(self, folder: Path, db: str = "") -> Awards:
        """The same content in another folder."""
        shutil.copytree(self.data, folder / "data")
        return Awards(folder / "data", db, self.settings)

    @property
    def database(self) -> str:
        """SQLAlchemy URL of its database."""
        return self.db or f"sqlite:///{self.data / 'awards.db'}"

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every derived table."""
        engine = connect(self.database)
        with reading(engine) as connection:
            found = dump(connection)
        engine.dispose()
        return found

    def change(self, *statements: str) -> None:
        """Change stored rows behind the command's back."""
        engine = connect(self.database)
        with writing(engine) as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def captures(self) -> list[tuple[str, str, str, str]]:
        """(site, address, time, digest) of everything in the archive."""
        archive = Archive(self.data / "archive")
        return sorted((c.site, c.url, c.fetched_at, c.digest) for s in archive.sites() for c in archive.captures(s))

    def bodies(self) -> list[tuple[str, str]]:
        """(site, digest) of each stored body, as often as it is stored."""
        archive = Archive(self.data / "archive")
        return sorted((c.site, c.digest) for s in archive.sites() for c in archive.captures(s) if c.of is None)

    def files(self) -> dict[str, bytes]:
        """The archive's files, byte for byte."""
        found = (self.data / "archive").rglob("*.*")
        return {str(path.relative_to(self.data)): path.read_bytes() for path in found if path.name != ".lock"}


@cache
def prepared() -> Prepared:
    """The process that calls commands for this one."""
    made = Prepared()
    atexit.register(made.close)
    return made


def ended(process: subprocess.Popen[str]) -> Ran:
    """Wait for a command; it does not outlive a test that gave it up."""
    try:
        out, err = process.communicate(timeout=120)
    finally:
        kill_group(process)
    return Ran(process.returncode, out or "", err or "")


def kill_group(process: subprocess.Popen[str]) -> None:
    """kill -9 the process and all its children, if there still are any."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def group_is_gone(process: subprocess.Popen[str]) -> bool:
    """Whether neither the process nor any of its children is left (a zombie that nobody waits for counts as gone)."""
    process.poll()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, group = status.read_text().rpartition(")")[2].split()[:3]
            if int(group) == process.pid and state != "Z":
                return False
    return True


def until(happens: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Wait for something as closely as possible; False when it did not happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.002)
    return False
