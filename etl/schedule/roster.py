"""What operators see of jobs and schedulers: next due, last good, overdue, dead or only quiet. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from db import ledger
from etl.schedule.due import GRACE
from etl.schedule.jobs import Job

LEASES = (
    2  # of silence, after which a scheduler counts as dead for people (others take over sooner, by their own clock)
)
QUEUE = timedelta(hours=1)  # that a due job may wait for a free slot before it counts as overdue
IN_A_ROW = 3  # due times that met the one before, from which on it is said


class Life(StrEnum):
    """What the schedulers of a database are up to."""

    NONE = "none"
    ALIVE = "alive"
    STOPPED = "stopped"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job is. `ledger` is its row with `last`, `last_good` and so on; empty before a scheduler has seen it."""

    job: Job
    next_due: datetime | None
    overdue_since: datetime | None
    ledger: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Roster:
    """Jobs and schedulers at one moment."""

    standings: tuple[Standing, ...]
    schedulers: tuple[Mapping[str, Any], ...]
    overlaps: tuple[Mapping[str, Any], ...]
    now: datetime

    @property
    def life(self) -> Life:
        """Of the schedulers, the liveliest."""
        lives = [life_of(row, self.now) for row in self.schedulers]
        return next((life for life in (Life.ALIVE, Life.DEAD, Life.STOPPED) if life in lives), Life.NONE)

    @property
    def wrong(self) -> list[str]:
        """A line for each thing that wants a hand. What is wrong with a site says its own verdict."""
        found = []
        if self.life is Life.DEAD:
            row = next(row for row in self.schedulers if life_of(row, self.now) is Life.DEAD)
            found.append(
                f"the scheduler on {row['host']} (pid {row['pid']}) says nothing since {shown(row['beat_at'])}"
            )
        for row in self.overlaps:
            if row["in_a_row"] >= IN_A_ROW:
                found.append(f"{row['job']} came due {row['in_a_row']} times while it ran: since {shown(row['since'])}")
        if self.life in (Life.ALIVE, Life.DEAD):
            late = [s.job.name for s in self.standings if s.overdue_since is not None]
            found += [f"overdue: {_some(late)}"] if late else []
        for one in self.standings:
            last = one.ledger.get("last")
            if one.job.site is None and one.job.enabled and last is not None and last["state"] == "failed":
                found.append(f"{one.job.name} failed at {shown(last['ended_at'])}: {last['reason']}")
        return found


def roster(connection: Connection, jobs: Mapping[str, Job], now: datetime) -> Roster:
    """The jobs as declared today and what the ledger knows of them."""
    rows = {row["name"]: row for row in ledger.jobs(connection)}
    standings = tuple(standing(job, rows.get(name, {}), now) for name, job in jobs.items())
    return Roster(standings, tuple(ledger.schedulers(connection)), tuple(ledger.overlaps(connection)), now)


def life_of(scheduler: Mapping[str, Any], now: datetime) -> Life:
    """Whether a scheduler's row is that of a living one."""
    if scheduler["ended_at"] is not None:
        return Life.STOPPED if scheduler["ending"] == "stopped" else Life.DEAD
    silent = now - scheduler["beat_at"]
    return Life.DEAD if silent > timedelta(seconds=LEASES * scheduler["lease"]) else Life.ALIVE


def standing(job: Job, row: Mapping[str, Any], now: datetime) -> Standing:
    """A job as its row in the ledger has it at `now`; of an empty row nothing is known but when it is due."""
    late = [
        since
        for since, patience in ((row.get("next_due"), GRACE), (row.get("waiting_since"), QUEUE))
        if since is not None and now - since > patience
    ]
    next_due = job.timetable.after(now) if job.enabled else None
    return Standing(job, next_due, min(late, default=None) if job.enabled else None, row)


def shown(moment: datetime) -> str:
    """A time for people, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M}Z"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
