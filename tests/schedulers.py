"""Real schedulers as processes of their own, with a clock that a test can step, and jobs that note when they ran.

python -m tests.schedulers FOLDER    works with the jobs and settings in FOLDER/order.json until it is stopped
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from db import ledger, models
from db.connect import connect, prepare, reading
from etl.schedule.due import CatchUp
from etl.schedule.jobs import Job
from etl.schedule.scheduler import Scheduler, ledger_engine, rows_of
from etl.schedule.timetable import Cron, Interval, Timetable
from etl.settings import Settings

ROOT = Path(__file__).parents[1]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# What a job does: a line when it begins and one when it is done, by O_APPEND, so that no two lines meet.
SCRIPT = (
    'echo "begun $AWARDS_JOB $AWARDS_DUE_AT $(date +%s.%N)" >> {file}; sleep {seconds}; '
    'echo "done $AWARDS_JOB $AWARDS_DUE_AT" >> {file}'
)


@dataclass(frozen=True)
class Line:
    """What a job noted. `at` in seconds since 1970, of a beginning only."""

    what: str
    job: str
    due_at: datetime
    at: float = 0.0


@dataclass(frozen=True)
class House:
    """A folder with a ledger, jobs and a clock, in which schedulers can be started and killed.

    `times`: name -> (cron expression, zone) or seconds of an interval. The clock starts at `begin` and goes `speed` times as
    fast as the machine's. `apart`: the schedulers take each other to be on other machines.
    """

    folder: Path
    db: str
    times: Mapping[str, tuple[str, str] | int]
    begin: datetime
    speed: float = 1.0
    lease: float = 2.0
    slots: int = 8
    seconds: float = 0.05
    limit: float = 60.0
    catch_up: CatchUp = CatchUp.RUN_EACH
    stop_limit: float = 5.0
    script: str = SCRIPT
    apart: bool = False
    schedulers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def open(self) -> None:
        """Make the ledger and start the clock."""
        self.folder.mkdir(parents=True, exist_ok=True)
        order = {
            "db": self.db, "times": dict(self.times), "lease": self.lease, "slots": self.slots, "seconds": self.seconds,
            "limit": self.limit, "catch_up": str(self.catch_up), "stop_limit": self.stop_limit,
            "script": self.script, "apart": self.apart,
        }  # fmt: skip
        (self.folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
        self.set_clock(self.begin)
        engine = connect(self.db)
        prepare(engine)
        with ledger.turn(engine) as connection:
            ledger.declare(connection, rows_of(jobs_of(self.folder, order)), self.begin, True)
        engine.dispose()

    # ---------------------------------------------------------------------------------------------------- the clock

    def set_clock(self, at: datetime) -> None:
        """From now on the clock goes on from `at`."""
        new = self.folder / f"clock.{os.getpid()}"
        new.write_text(json.dumps({"at": at.isoformat(), "real": time.time(), "speed": self.speed}), encoding="utf-8")
        new.replace(self.folder / "clock.json")

    def clock(self) -> datetime:
        """What it shows."""
        return _shown(self.folder)

    def step(self, by: timedelta) -> None:
        """Put it forward or back."""
        self.set_clock(self.clock() + by)

    # ----------------------------------------------------------------------------------------------- its schedulers

    def start(self) -> subprocess.Popen[bytes]:
        """One more scheduler, in a process group of its own; the wardens of its jobs are in others."""
        with (self.folder / f"scheduler-{len(self.schedulers)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.schedulers", str(self.folder)], cwd=ROOT, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True, env={**os.environ, "AWARDS_DB": self.db},
            )  # fmt: skip
        self.schedulers.append(process)
        return process

    def close(self) -> None:
        """Stop those that live; what does not listen is killed."""
        for process in self.schedulers:
            if process.poll() is None:
                process.terminate()
        for process in self.schedulers:
            try:
                process.wait(self.stop_limit + 20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def kill(self, process: subprocess.Popen[bytes], with_its_jobs: bool) -> list[tuple[str, datetime]]:
        """kill -9 a scheduler while its jobs run, alone or with all that it started; the due times that it was running.

        With its jobs: not in the moment in which one has ended and the ledger does not know it yet.
        """
        wardens = _stopped([process.pid])
        jobs = _stopped(wardens) if with_its_jobs else []
        if with_its_jobs:
            _stopped(jobs)
        mine = [row for row in self.rows() if row["state"] == "running" and f"-{process.pid}-" in row["owner"]]
        running = [(row["job"], row["due_at"]) for row in mine]
        ended = {(line.job, line.due_at) for line in self.lines() if line.what == "done"}
        if not running or (with_its_jobs and ended & set(running)):
            for pid in (*jobs, *wardens, process.pid):
                _signal(pid, signal.SIGCONT, os.killpg if pid in jobs else os.kill)
            return []
        for pid in (*jobs, *wardens) if with_its_jobs else ():
            _signal(pid, signal.SIGKILL, os.killpg if pid in jobs else os.kill)
        for pid in wardens if not with_its_jobs else ():
            _signal(pid, signal.SIGCONT, os.kill)
        process.kill()
        process.wait(10)
        return running

    # ------------------------------------------------------------------------------------------------ what happened

    def lines(self) -> list[Line]:
        """What the jobs noted, in order."""
        try:
            text = (self.folder / "lines").read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        words = [line.split() for line in text.splitlines()]
        return [Line(w[0], w[1], datetime.fromisoformat(w[2]), float(w[3]) if len(w) > 3 else 0.0) for w in words]

    def done(self) -> Counter[tuple[str, datetime]]:
        """How often each due time was done."""
        return Counter((line.job, line.due_at) for line in self.lines() if line.what == "done")

    def expected(self, until: datetime) -> set[tuple[str, datetime]]:
        """Every due time after the beginning, up to a moment, counted minute by minute without the scheduler's code."""
        return {(name, at) for name, times in self.times.items() for at in _every(times, self.begin, until)}

    def rows(self) -> list[dict[str, Any]]:
        """The ledger's due times."""
        engine = connect(self.db)
        with reading(engine) as connection:
            found = connection.execute(select(models.table(models.Occurrence))).mappings().all()
        engine.dispose()
        return [dict(row) for row in found]

    def said(self) -> str:
        """What all schedulers logged."""
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("scheduler-*.log")))


def _stopped(parents: Sequence[int]) -> list[int]:
    """Stop processes where they are; those that they have started."""
    for pid in parents:
        _signal(pid, signal.SIGSTOP, os.kill)
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) in parents:
                found.append(int(stat.parent.name))
    return found


def _signal(pid: int, number: int, send: Callable[[int, int], None]) -> None:
    with suppress(ProcessLookupError):
        send(pid, number)


# ---------------------------------------------------------------------------------------------------------- the ordeal


@dataclass(frozen=True)
class Ordeal:
    """What became of the due times of an ordeal. `takeovers`: seconds from each kill to the new start, in leases."""

    schedulers: int
    kills: int
    steps: int
    due_times: int
    missing: int
    doubled: int
    astray: int  # rows of the ledger that are not done, or of no due time
    takeovers: tuple[float, ...]
    retaken: int  # due times that were running at a kill


def ordeal(
    house: House, schedulers: int, seconds: float, steps: Sequence[timedelta], kills: int, seed: int = 1
) -> Ordeal:
    """Schedulers on one ledger for some seconds, killed and replaced, under a clock that is put forward and back."""
    assert house.apart, "else the one that is started in place of a killed one finds that it is dead"
    chance = Random(seed)
    house.open()
    for _ in range(schedulers):
        house.start()
    begin, highest = time.monotonic(), house.begin
    events: list[tuple[float, timedelta | None]] = [(chance.uniform(0.1, 0.9), step) for step in steps]
    events += [(0.1 + 0.8 * n / max(1, kills - 1), None) for n in range(kills)]
    killed: list[tuple[float, list[tuple[str, datetime]]]] = []
    number = 0
    for share, step in sorted(events, key=lambda event: event[0]):
        time.sleep(max(0.0, begin + share * seconds - time.monotonic()))
        if step is not None:
            highest = max(highest, house.clock())
            house.step(step)
            continue
        running: list[tuple[str, datetime]] = []
        for _ in range(1500):  # until one is met while it works
            victim = chance.choice([process for process in house.schedulers if process.poll() is None])
            if any(f"-{victim.pid}-" in (row["owner"] or "") for row in house.rows() if row["state"] == "running"):
                running = house.kill(victim, with_its_jobs=number % 2 == 1)
                if running:
                    break
            time.sleep(0.01)
        assert running, house.said()
        number += 1
        killed.append((time.time(), running))
        house.start()
    time.sleep(max(0.0, begin + seconds - time.monotonic()))
    highest = max(highest, house.clock())
    replace(house, speed=0.0).set_clock(highest)
    end = time.monotonic() + 10 * house.lease + 20
    while time.monotonic() < end and not house.expected(highest) <= set(house.done()):
        time.sleep(0.2)
    time.sleep(house.lease / 4)
    house.close()
    return _judged(house, schedulers, highest, killed, len(steps))


def _judged(house: House, schedulers: int, highest: datetime, killed: Sequence[Any], steps: int) -> Ordeal:
    expected, done, rows = house.expected(highest), house.done(), house.rows()
    expected |= {(row["job"], row["due_at"]) for row in rows}  # the clock may have shown more between two steps
    assert expected <= house.expected(highest + timedelta(minutes=5)), "a due time that is none"
    takeovers = []
    for at, running in killed:
        for key in running:
            again = [line.at for line in house.lines() if line.what == "begun" and (line.job, line.due_at) == key]
            takeovers += [min(later - at for later in again if later > at) / house.lease] if max(again) > at else []
    return Ordeal(
        schedulers, len(killed), steps, len(expected), len(expected - set(done)),
        sum(count > 1 for count in done.values()), sum(row["state"] != "done" for row in rows), tuple(takeovers),
        sum(len(running) for _, running in killed),
    )  # fmt: skip


def _every(times: tuple[str, str] | int | Sequence[Any], begin: datetime, until: datetime) -> list[datetime]:
    """Due times in (begin, until], by looking at each minute (each second of an interval) by itself."""
    if isinstance(times, int):
        first = int((begin - EPOCH).total_seconds()) // times + 1
        last = int((until - EPOCH).total_seconds()) // times
        return [EPOCH + timedelta(seconds=n * times) for n in range(first, last + 1)]
    assert times[0] == "* * * * *", "a due time each minute is the same in every zone"
    return _every(60, begin, until)


def _shown(folder: Path) -> datetime:
    clock = json.loads((folder / "clock.json").read_text(encoding="utf-8"))
    return datetime.fromisoformat(clock["at"]) + timedelta(seconds=(time.time() - clock["real"]) * clock["speed"])


def jobs_of(folder: Path, order: Mapping[str, Any]) -> dict[str, Job]:
    """The jobs of an order."""
    script = order["script"].format(file=folder / "lines", seconds=order["seconds"])

    def timetable(times: Any) -> Timetable:
        return Interval(times) if isinstance(times, int) else Cron(*times)

    return {
        name: Job(name, ("sh", "-c", script), timetable(times), CatchUp(order["catch_up"]), order["limit"])
        for name, times in order["times"].items()
    }


def main(folder: Path) -> int:
    """One scheduler, until it is stopped."""
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    order = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    settings = Settings(
        data=folder, db=order["db"], lease=order["lease"], job_slots=order["slots"], stop_limit=order["stop_limit"]
    )

    def clock(_: Connection) -> datetime:
        return _shown(folder)

    engine = ledger_engine(settings)
    scheduler = Scheduler(settings, engine, jobs_of(folder, order), program=(), clock=clock)
    if order["apart"]:
        scheduler.machine = f"of process {os.getpid()}"
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, partial(scheduler.stop))
    scheduler.work()
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
