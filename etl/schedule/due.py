"""What becomes of due times that have come, of jobs that have ended, of schedulers that say nothing. Pure: no clock, no ledger.

Every due time gets a row, also one that nobody can start any more: what was missed is seen, and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from etl.model import short_hash

GRACE = timedelta(minutes=5)  # so late a start is on time: a tick, a queue, a restart
CHUNK = 1000  # due times that are planned at once; more wait for the next look
ATTEMPTS = 3  # of a job whose scheduler dies each time: it may be what kills it
SILENT = 76  # exit status of a warden that heard nothing of its scheduler and ended the command
JOB, DUE_AT = "AWARDS_JOB", "AWARDS_DUE_AT"  # what a scheduled command finds in its environment
OVERLAP = 75  # exit status (EX_TEMPFAIL) of a scheduled command that found its work being done by another


class State(StrEnum):
    """What becomes of a due time."""

    DUE = "due"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED_OVERLAP = "skipped_overlap"
    SKIPPED_MISSED = "skipped_missed"


class CatchUp(StrEnum):
    """What happens to due times that nobody saw: one start for all, one each, or none."""

    RUN_ONCE = "run_once"
    RUN_EACH = "run_each"
    SKIP = "skip"


class Ending(StrEnum):
    """Why a scheduler ended a job itself."""

    LIMIT = "limit"
    STOP = "stop"
    FENCED = "fenced"


# ------------------------------------------------------------------------------------------------------------- planning


@dataclass(frozen=True, slots=True)
class Planned:
    """One due time that has come. `start_at` is not before `due_at`; `state` is due or one of the skipped."""

    due_at: datetime
    start_at: datetime
    state: State
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows for due times, oldest first; `until` which one every due time has its row, and the one after that."""

    rows: tuple[Planned, ...]
    until: datetime
    next_due: datetime | None


def plan(
    job: str, after: datetime, now: datetime, following: Callable[[datetime], datetime | None], catch_up: CatchUp,
    is_open: bool, jitter: float = 0,
) -> Plan:  # fmt: skip
    """Rows for the due times after `after` up to `now`, CHUNK at most; `following` gives the due time after a moment.

    run_each lets all of them run, one after the other; run_once the newest, and none beside an earlier one that is
    waiting or running (`is_open`); skip as run_once, unless it is late by more than GRACE. `jitter`: seconds within which
    each starts, the same ones whoever plans it.
    """
    times: list[datetime] = []
    next_due = following(after)
    while next_due is not None and next_due <= now and len(times) < CHUNK:
        times.append(next_due)
        next_due = following(next_due)
    more = next_due is not None and next_due <= now
    rows = []
    for due_at in times:
        late = now - due_at > GRACE
        newest = due_at == times[-1] and not more
        if catch_up is CatchUp.RUN_EACH or (newest and not is_open and not (late and catch_up is CatchUp.SKIP)):
            state, reason = State.DUE, None
        elif is_open and not late:
            state, reason = State.SKIPPED_OVERLAP, "the one before it was not done"
        elif newest and not is_open:
            state, reason = State.SKIPPED_MISSED, "nobody was there to start it"
        else:
            state, reason = State.SKIPPED_MISSED, "another due time stands for it"
        rows.append(Planned(due_at, due_at + _shift(job, due_at, jitter), state, reason))
    return Plan(tuple(rows), times[-1] if times else after, next_due)


def _shift(job: str, due_at: datetime, jitter: float) -> timedelta:
    """A part of the jitter that the name and the time decide: random to the sites, the same for all schedulers."""
    return timedelta(seconds=int(int(short_hash(job, due_at.isoformat())[:8], 16) / 2**32 * jitter))


# --------------------------------------------------------------------------------------------------------------- ending


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a due time whose process has ended. `counts`: whether it was an attempt of its own."""

    state: State
    reason: str | None = None
    counts: bool = True


def outcome(code: int, ending: Ending | None, limit: float, said: str | None = None) -> Outcome:
    """What an exit status means; `ending`: why the scheduler ended it, `said`: its own last words."""
    if code == 0:
        return Outcome(State.DONE)
    if ending in (Ending.STOP, Ending.FENCED):
        return Outcome(State.DUE, "ended with its scheduler", counts=False)
    if ending is Ending.LIMIT:
        return Outcome(State.FAILED, f"ended by its time limit of {limit:.0f} s")
    if code == SILENT:
        return Outcome(State.DUE, "its scheduler could not reach the ledger", counts=False)
    if code == OVERLAP:
        return Outcome(State.SKIPPED_OVERLAP, said or "another process was doing it")
    how = f"ended by signal {code - 128}" if code > 128 else f"exit status {code}"
    return Outcome(State.FAILED, said or how)


def orphaned(attempts: int) -> Outcome:
    """What becomes of a due time whose scheduler died, after so many attempts."""
    if attempts >= ATTEMPTS:
        return Outcome(State.FAILED, f"begun {attempts} times, and each time its scheduler died")
    return Outcome(State.DUE, "its scheduler died")


# -------------------------------------------------------------------------------------------------------------- hearing


@dataclass(frozen=True, slots=True)
class Pulse:
    """A scheduler as another one sees it: its count of heartbeats, and since when (monotonic seconds) it stands still."""

    beat: int
    since: float


def listen(
    before: Mapping[str, Pulse], beats: Mapping[str, tuple[int, float]], at: float, last: float
) -> tuple[dict[str, Pulse], list[str]]:
    """The pulses as seen `at` a monotonic time, and who has been dead for a lease. `beats`: (count, lease) by scheduler.

    No wall clock is asked, neither ours nor theirs: a count that stands still for a lease of our own time is dead.
    `last` is when one could look before. After a pause of half a lease nothing is concluded: what kept us from looking
    may have kept them from beating.
    """
    pulses, dead = {}, []
    for name, (beat, lease) in beats.items():
        pulse = before.get(name)
        if pulse is None or pulse.beat != beat or at - last > lease / 2:
            pulse = Pulse(beat, at)
        pulses[name] = pulse
        if at - pulse.since >= lease:
            dead.append(name)
    return pulses, dead
