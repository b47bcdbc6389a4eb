"""What operators rely on: take-downs and backups that are killed, and how long they take where there is much."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.connect import connect, prepare
from etl.clean.content import decoded_body
from etl.model import Page
from etl.operate import backup
from etl.settings import Settings
from scraper.archive import Archive, WarcFile
from scraper.purge import purge
from tests.awards import Awards

KILLS = int(os.environ.get("AWARDS_BENCH_KILLS", "30"))
CAPTURES = int(os.environ.get("AWARDS_BENCH_CAPTURES", "10000"))
URL = "https://news.detik.com/berita/d-8201001/banyuwangi-sabet-iga-2026-lagi-lagi-jadi-kabupaten-terinovatif"
TITLE = b"Banyuwangi Sabet IGA 2026"
NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


def take_downs() -> str:
    """Take-downs that are killed: what a sweep leaves of them"""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="awards-bench-") as folder:
        whole = Awards(Path(folder) / "whole" / "data")
        whole.data.parent.mkdir()
        assert whole("run", "--replay", "sample").code == 0
        killed, left, wrong = 0, 0, 0
        for number in range(KILLS):
            one = whole.copy(_made(Path(folder) / f"{number}"))
            process = one.start("takedown", URL, "--reason", "bench")
            try:
                _decided(one, process)
                process.wait(chance.uniform(0.0, 0.5))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                killed += 1
            process.communicate()
            assert one("takedown", "--sweep").code == 0
            left += _is_left(one)
            wrong += one("db", "check").code != 0
            shutil.rmtree(one.data.parent)
    heads = (
        "take-downs",
        "killed with -9 within half a second of the decision",
        "left of any after a sweep",
        "damaged",
    )
    return _table(heads, [(KILLS, killed, left, wrong)])


def _decided(awards: Awards, process: subprocess.Popen[str]) -> None:
    """Wait until the decision is stored; what comes before is only a command that starts."""
    with closing(sqlite3.connect(awards.data / "awards.db", timeout=10)) as connection:
        deadline = time.monotonic() + 60
        while not connection.execute("SELECT count(*) FROM tombstone").fetchone()[0]:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.005)


def much() -> str:
    """A purge, backups and a restore of a large archive, in this process"""
    with tempfile.TemporaryDirectory(prefix="awards-bench-") as name:
        folder = Path(name)
        settings = Settings(data=folder / "data", workers=1)
        settings.data.mkdir()
        engine = connect(settings.database)
        prepare(engine)
        chance = random.Random(2)
        _fill(settings, chance, 0, CAPTURES)
        size = _size(settings)
        rows = []
        for what, work in (
            ("first backup", lambda: backup.make(settings, engine, folder / "saved", NOW).copied),
            ("backup, nothing new", lambda: backup.make(settings, engine, folder / "saved", NOW + timedelta(1)).copied),
        ):
            rows.append(_timed(what, size, work))
        _fill(settings, chance, CAPTURES, CAPTURES // 100)
        rows.append(
            _timed(
                "backup, 1 % more",
                size,
                lambda: backup.make(settings, engine, folder / "saved", NOW + timedelta(2)).copied,
            )
        )
        gone = "https://news.detik.com/berita/d-77/x"
        archive = Archive(settings.archive)
        rows.append(
            _timed(
                "purge of one article", size,
                lambda: purge(archive, "detik", lambda c, _: c.url == gone, settings.staging).size,
            )
        )  # fmt: skip
        rows.append(
            _timed(
                "backup after it",
                size,
                lambda: backup.make(settings, engine, folder / "saved", NOW + timedelta(3)).copied,
            )
        )
        engine.dispose()
        back = Settings(data=folder / "back", workers=1)
        chosen = backup.chosen(folder / "saved")
        rows.append(_timed("restore, verified before and checked after", size, lambda: _restored(back, chosen)))
    return f"{CAPTURES} captures, {size / 1e6:.0f} MB.\n\n" + _table(
        ("", "seconds", "MB/s of the archive", "MB copied or freed"), rows
    )


def _restored(settings: Settings, chosen: backup.Backup) -> int:
    assert backup.restore(settings, chosen, NOW).wrong == []
    return chosen.size


def _timed(what: str, size: int, work: object) -> tuple[object, ...]:
    begun = time.monotonic()
    moved = work() if callable(work) else 0
    seconds = time.monotonic() - begun
    return what, f"{seconds:.2f}", f"{size / 1e6 / seconds:.0f}", f"{moved / 1e6:.1f}"


def _fill(settings: Settings, chance: random.Random, first: int, count: int) -> None:
    """Articles of some ten kilobytes, a third of them seen twice."""
    with Archive(settings.archive).writer("detik") as writer:
        for number in range(first, first + count):
            body = gzip.compress(chance.randbytes(10_000))
            page = Page(
                "detik", f"https://news.detik.com/berita/d-{number}/x", NOW - timedelta(seconds=10**6 - number), 200,
                (("content-type", "text/html"), ("content-encoding", "gzip")), body,
            )  # fmt: skip
            writer.add(page)
            if number % 3 == 0:
                writer.add(Page("detik", page.url, page.fetched_at + timedelta(days=1), 200, page.headers, body))


def _size(settings: Settings) -> int:
    return sum(path.stat().st_size for path in Path(settings.archive).rglob("*") if path.is_file())


def _is_left(awards: Awards) -> bool:
    for warc in (awards.data / "archive").rglob("*.warc.gz"):
        file = WarcFile(warc)
        if any(TITLE in decoded_body(file.read(c)) for c in file.captures("any") if c.status == 200):
            return warc.parent.name == "detik"
    return any("8201001" in row["id"] for row in awards.rows()["article"])


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _table(heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])
