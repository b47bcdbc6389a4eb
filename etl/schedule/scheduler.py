"""`awards schedule`: APScheduler fires, the ledger decides, a child process does the work. Crawls and reads nothing itself.

Each look at the ledger is one transaction: a heartbeat, what became of the jobs that ended, what dead schedulers left, due
times that have come, and as many claims as there are free slots. Nothing that decides is kept in memory, so schedulers may
start, die and meet as they like, and the clock may be wrong for a while. A ledger that cannot be reached is asked again.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from db import connect, ledger
from etl.model import AwardsError
from etl.schedule import children, due
from etl.schedule.children import Child
from etl.schedule.due import Ending, Outcome, Pulse, State
from etl.schedule.jobs import Job
from etl.schedule.timetable import Timetable
from etl.settings import Settings, make_folder

BEATS = 8  # in a lease
LONGEST_PAUSE = 10.0  # seconds between two tries to reach the ledger
KEEP = timedelta(days=400)  # how long the ledger remembers what was done with
SAY_AGAIN = 60.0  # seconds after which a trouble that goes on is said again

Clock = Callable[[Connection], datetime]
Key = tuple[str, datetime]  # a job and its due time

log = logging.getLogger("awards.schedule")


class Fenced(Exception):
    """Another scheduler has taken this one for dead; what it ran is no longer its own."""


@cache
def code_version() -> str:
    """What the ledger notes of the code that ran."""
    return version("awards-etl")


def this_machine() -> str | None:
    """Names the kernel that runs and the namespace of its processes: there a pid that is gone is a process that is dead."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return None  # a system that does not say


def is_alive(pid: int) -> bool:
    """Whether a process of this machine is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is somebody else's
    return True


def rows_of(jobs: Mapping[str, Job]) -> list[ledger.JobRow]:
    """The jobs as the ledger keeps them."""
    return [
        ledger.JobRow(job.name, job.site, " ".join(job.command), str(job.timetable), str(job.catch_up), job.enabled)
        for job in jobs.values()
    ]


# ---------------------------------------------------------------------------------------------------------------- waking


class _Due(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """A timetable as APScheduler asks for it."""

    __slots__ = ("timetable",)

    def __init__(self, timetable: Timetable) -> None:
        self.timetable = timetable

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """The due time after now: which ones were missed, the ledger knows."""
        return self.timetable.after(now)


@dataclass(frozen=True, slots=True)
class Bell:
    """Wakes the scheduler: rung by APScheduler at due times, by the ends of jobs, by signals. Safe from any of them."""

    ears: int
    mouth: int

    @classmethod
    def made(cls) -> Bell:
        """A bell of its own pipe."""
        bell = cls(*os.pipe())
        for end in (bell.ears, bell.mouth):
            os.set_blocking(end, False)
        return bell

    def ring(self) -> None:
        """Wake whoever waits, now or next."""
        with suppress(OSError):  # it rings already; the scheduler has ended
            os.write(self.mouth, b".")

    def wait(self, seconds: float) -> None:
        """Until it rings, so many seconds at most."""
        if select.select([self.ears], [], [], max(0.0, seconds))[0]:
            with suppress(BlockingIOError):
                os.read(self.ears, 65536)

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self.ears)
        os.close(self.mouth)


# ------------------------------------------------------------------------------------------------------------- the loop


@dataclass(slots=True)
class Scheduler:
    """One scheduler at work. `program` is what jobs' commands are given to; `once`: what is due now, then end.

    `clock` reads the time that due times are decided by, inside a transaction on the ledger. Leases know no clock but the
    monotonic one.
    """

    settings: Settings
    engine: Engine
    jobs: Mapping[str, Job]
    all_of_them: bool = True
    once: bool = False
    program: Sequence[str] = children.AWARDS
    clock: Clock = ledger.now
    machine: str | None = field(default_factory=this_machine)

    id: str = ""
    running: dict[Key, Child] = field(default_factory=dict)
    unstarted: dict[Key, str] = field(default_factory=dict)  # and why
    abandoned: list[Child] = field(default_factory=list)  # fenced, and not ended yet
    pulses: dict[str, Pulse] = field(default_factory=dict)
    bell: Bell = field(default_factory=Bell.made)
    signals: int = 0  # to stop, that have come
    obeyed: int = 0  # of them
    stop_at: float = float("inf")  # monotonic: when running jobs have had their time
    heard: float = 0.0  # monotonic: when the others' hearts were listened to
    failed: int = 0  # jobs that failed here
    trouble: str | None = None
    since: float = 0.0  # monotonic: of the trouble
    said: float = 0.0
    tries: int = 0
    pruned: datetime | None = None
    until: datetime | None = None  # of `once`: the time of the first look

    def work(self) -> int:
        """Until it is stopped (or, `once`, nothing more is due); how many jobs failed.

        Raises AwardsError when it had to end without saying what became of its jobs.
        """
        make_folder(self.settings.logs)
        try:
            while True:
                pause = self.look()
                if self._is_over():
                    break
                self.bell.wait(pause)
            if self.trouble:
                raise AwardsError(f"ended without reaching the ledger: {self.trouble}")
        finally:
            for child in self.running.values():  # only where this process itself is at fault
                child.end(Ending.STOP)
            self._leave()
            self.bell.close()
        return self.failed

    def stop(self, *_: object) -> None:
        """A signal to stop: let jobs finish; the second: end them; the third: at once."""
        self.signals += 1
        self.bell.ring()

    def look(self) -> float:
        """One look at the ledger; seconds until the next. Never raises because of the database."""
        self._heed()
        began = time.monotonic()
        try:
            with connect.database_errors(self.settings.database), ledger.turn(self.engine) as connection:
                became, claims, next_look = self._turn(connection)
        except Fenced:
            log.error("taken for dead by another scheduler: %d jobs are ended here, they run there", len(self.running))
            self._abandon()
            return 0.0
        except AwardsError as error:
            return self._troubled(str(error))
        except Exception as error:  # a scheduler that died of it would be worse than one that says it
            if self.trouble is None:
                log.exception("nobody foresaw this")
            return self._troubled(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
        self._well()
        for child in self.running.values():  # first of all: their wardens count from here
            child.is_its_own()
        for key, outcome in became.items():
            self._ended(key, outcome)
        for claim in claims:
            if time.monotonic() - began < self.settings.lease / 2:  # else we hung: the next look tells whose it is
                self._start(claim)
        limits = [child.end_at for child in self.running.values() if child.ending is None]
        soon = min([*limits, self.stop_at if self.obeyed == 0 else float("inf")]) - time.monotonic()
        return max(0.02, min(self.settings.lease / BEATS, next_look, soon))

    def _is_over(self) -> bool:
        if self.running:
            return False
        if self.trouble:  # what ended is not stored yet: tried for as long as another lease
            patient_until = (self.since if self.once else self.stop_at) + self.settings.lease
            return time.monotonic() > patient_until
        return self.signals > 0 or self.once

    # --------------------------------------------------------------------------------------------------- one transaction

    def _turn(self, connection: Connection) -> tuple[dict[Key, Outcome], list[ledger.Claim], float]:
        """What is stored of ended jobs, what is claimed, and the seconds until something is due."""
        at = self.clock(connection)
        if not self.id:
            self._join(connection, at)
        became = self._settle(connection, at)
        self._inherit(connection, at)
        claims: list[ledger.Claim] = []
        if not self.signals:
            if self.until is None:
                self._plan(connection, at)
            until = self.until or at
            self.until = until if self.once else None
            free = self.settings.job_slots - len(self.running.keys() - became.keys())
            claims = ledger.claim(connection, self.id, list(self.jobs), at, until, free, code_version())
        self._prune(connection, at)
        next_due = ledger.next_look(connection, list(self.jobs), at)
        if not ledger.beat(connection, self.id, at, next_due, self._told()):
            raise Fenced
        return became, claims, (next_due - at).total_seconds() if next_due else float("inf")

    def _join(self, connection: Connection, at: datetime) -> None:
        host, pid = socket.gethostname(), os.getpid()
        id_ = f"{host}-{pid}-{uuid4().hex[:8]}"
        if self.machine is not None:
            for other, (its, beat) in ledger.neighbours(connection, self.machine).items():
                if its == pid or not is_alive(its):
                    self._bury(connection, other, beat, id_, at)
        ledger.join(connection, id_, host, pid, self.machine, self.settings.lease, code_version(), at)
        ledger.declare(connection, rows_of(self.jobs), at, self.all_of_them)
        self.id, self.pulses = id_, {}

    def _settle(self, connection: Connection, at: datetime) -> dict[Key, Outcome]:
        """What became of the jobs that ended; and what is ours by the ledger and does not run is due again."""
        stored: dict[Key, Outcome] = {}
        for key, reason in self.unstarted.items():
            stored[key] = due.Outcome(State.FAILED, reason)
            ledger.settle(connection, self.id, *key, State.FAILED, at, reason=reason)
        for key, child in self.running.items():
            if child.code is None:
                continue
            text, complaint = child.said()
            stored[key] = became = due.outcome(child.code, child.ending, child.job.limit, complaint)
            code = child.code if became.state is not State.DUE else None
            ledger.settle(connection, child.owner, *key, became.state, at, code, became.reason, text, became.counts)
        for key in set(ledger.running(connection, self.id)) - set(self.running):
            # The connection broke in the middle of a commit, and this is what it had claimed.
            ledger.settle(connection, self.id, *key, State.DUE, at, reason="never begun", counts=False)
        return stored

    def _inherit(self, connection: Connection, at: datetime) -> None:
        """What dead schedulers were running is due again."""
        beats = ledger.beats(connection, self.id)
        # After they were read: a heart that beat while we waited for our turn lives until here.
        heard = time.monotonic()
        self.pulses, dead = due.listen(self.pulses, beats, heard, self.heard or heard)
        self.heard = heard
        for other in dead:
            self._bury(connection, other, self.pulses[other].beat, self.id, at)

    def _bury(self, connection: Connection, other: str, beat: int, by: str, at: datetime) -> None:
        left = ledger.bury(connection, other, beat, by, at)
        for claim in left or ():
            became = due.orphaned(claim.attempts)
            ledger.settle(connection, other, claim.job, claim.due_at, became.state, at, reason=became.reason)
        if left is not None:
            log.warning("the scheduler %s is dead; of its jobs %d are due again", other, len(left))

    def _plan(self, connection: Connection, at: datetime) -> None:
        for row in ledger.to_plan(connection, [job.name for job in self.jobs.values() if job.enabled], at):
            job, after = self.jobs[row["name"]], row["planned_until"]
            if after > at:
                ledger.step_back(connection, job.name, at)
                after = at
            plan = due.plan(job.name, after, at, job.timetable.after, job.catch_up, row["is_open"], job.jitter)
            made = [ledger.Row(job.name, p.due_at, p.start_at, job.priority, str(p.state), p.reason) for p in plan.rows]
            ledger.plan(connection, job.name, made, plan.until, plan.next_due)
            for passed in (p for p in plan.rows if p.state is not State.DUE):
                log.warning("%s, due %s: %s, %s", job.name, _shown(passed.due_at), passed.state, passed.reason)

    def _prune(self, connection: Connection, at: datetime) -> None:
        if self.pruned is None or abs(at - self.pruned) > timedelta(days=1):
            ledger.prune(connection, at - KEEP)
            self.pruned = at

    # ------------------------------------------------------------------------------------------------------- its children

    def _start(self, claim: ledger.Claim) -> None:
        job, settings, key = self.jobs[claim.job], self.settings, (claim.job, claim.due_at)
        log.info("%s, due %s: starts", job.name, _shown(claim.due_at))
        try:
            self.running[key] = children.start(
                job, claim.due_at, self.id, settings.lease, settings.logs, self.program, self.bell.ring
            )
        except OSError as error:
            self.unstarted[key] = f"cannot be started: {error}"
            self.bell.ring()  # the next look stores it

    def _ended(self, key: Key, outcome: Outcome) -> None:
        """What became of a job is stored."""
        child = self.running.pop(key, None)
        if child is not None:
            child.is_stored()
        self.unstarted.pop(key, None)
        self.failed += outcome.state is State.FAILED
        level = logging.INFO if outcome.state is State.DONE else logging.ERROR
        log.log(
            level,
            "%s, due %s: %s%s",
            key[0],
            _shown(key[1]),
            outcome.state,
            f", {outcome.reason}" if outcome.reason else "",
        )

    def _heed(self) -> None:
        """Time limits, and signals to stop."""
        now = time.monotonic()
        for child in self.running.values():
            if child.code is None and child.ending is None and now >= child.end_at:
                child.end(Ending.LIMIT)
        for child in [child for child in self.abandoned if child.code is not None]:
            self.abandoned.remove(child)
            child.is_stored()
        if self.signals and self.stop_at == float("inf"):
            self.stop_at = now + self.settings.stop_limit
            log.info("stopping: %d jobs may go on for %.0f s; a second signal ends them", *self._going_on())
        ordered = min(self.signals, 3) if self.signals > 1 else 2 if now >= self.stop_at else 0
        if ordered > self.obeyed:
            self.obeyed = ordered
            for child in self.running.values():
                child.end(Ending.STOP, at_once=ordered == 3)

    def _going_on(self) -> tuple[int, float]:
        return len(self.running), self.settings.stop_limit

    def _abandon(self) -> None:
        for child in self.running.values():
            child.end(Ending.FENCED, at_once=True)
        self.abandoned += self.running.values()
        self.running, self.unstarted, self.id = {}, {}, ""

    def _leave(self) -> None:
        try:
            with connect.database_errors(self.settings.database), ledger.turn(self.engine) as connection:
                ledger.leave(connection, self.id, self.clock(connection), "stopped")
        except (AwardsError, SQLAlchemyError) as error:
            log.warning("the ledger does not know that this scheduler ended: %s", error)

    # ------------------------------------------------------------------------------------------------------------ trouble

    def _troubled(self, why: str) -> float:
        now = time.monotonic()
        if self.trouble is None:
            self.since, self.said, self.tries = now, float("-inf"), 0
        self.trouble = " ".join(why.split())
        if now - self.said >= SAY_AGAIN:
            log.error("the ledger cannot be reached, and is asked again: %s", self.trouble)
            self.said = now
        self.tries += 1
        return float(min(LONGEST_PAUSE, self.settings.lease / BEATS, 0.1 * 2 ** min(self.tries, 10)))

    def _told(self) -> str | None:
        """The trouble that is over now, for the ledger."""
        if self.trouble is None:
            return None
        return f"{time.monotonic() - self.since:.0f} s: {self.trouble}"

    def _well(self) -> None:
        if self.trouble is not None:
            log.warning("the ledger is there again, after %.0f s", time.monotonic() - self.since)
            self.trouble = None


# --------------------------------------------------------------------------------------------------------------- serving


def serve(settings: Settings, jobs: Mapping[str, Job], all_of_them: bool = True, once: bool = False) -> int:
    """Run the jobs at their times until SIGTERM or SIGINT; with `once` what is due now. How many failed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # what happens at due times is said by the scheduler
    engine = ledger_engine(settings)
    scheduler = Scheduler(settings, engine, jobs, all_of_them, once)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, scheduler.stop)
    fires = BackgroundScheduler(timezone=UTC)
    for job in jobs.values():
        if job.enabled:
            fires.add_job(scheduler.bell.ring, _Due(job.timetable), id=job.name, coalesce=True, misfire_grace_time=None)
    if not once:
        fires.start()
        log.info("%d jobs, at most %d at the same time", len(fires.get_jobs()), settings.job_slots)
    try:
        return scheduler.work()
    finally:
        if fires.running:
            fires.shutdown(wait=False)
        engine.dispose()
        log.info("stopped")


def ledger_engine(settings: Settings) -> Engine:
    """An engine on the ledger that waits for nothing longer than a heartbeat may be late."""
    url, patience = make_url(settings.database), min(settings.db_timeout, settings.lease / 4)
    if url.get_backend_name() != "sqlite":
        # A server that is gone without a word is noticed by the system, and a statement that hangs by the server.
        asked = {"tcp_user_timeout": str(round(patience * 1000)), "keepalives_idle": str(max(1, round(patience)))}
        url = url.update_query_dict(asked | {"options": f"-c statement_timeout={round(patience * 1000)}"})
    return connect.connect(url.render_as_string(hide_password=False), patience)


def _shown(due_at: datetime) -> str:
    return due_at.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
