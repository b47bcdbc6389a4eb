"""The ledger: due times and what became of them, and the schedulers that claim them. Never decides (etl/schedule/due.py does).

A due time is a row with the key (job, due_at), so whoever plans it a second time changes nothing. It is claimed by a
scheduler and stays its own until that says what became of it or is buried: then its heartbeat finds no row, what it has
to say of its jobs finds none either, and the jobs are due again. Every function is a part of the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from db import models
from db.connect import writing
from db.queries import Found

_JOB: Final = models.table(models.Job)
_OCCURRENCE: Final = models.table(models.Occurrence)
_SCHEDULER: Final = models.table(models.Scheduler)

_OPEN: Final = ("due", "running")


@dataclass(frozen=True, slots=True)
class JobRow:
    """What a scheduler declares of a job, as in the table `job`."""

    name: str
    site: str | None
    command: str
    timetable: str
    catch_up: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One due time to be written, as in the table `occurrence`. Times are aware."""

    job: str
    due_at: datetime
    start_at: datetime
    priority: int
    state: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A due time that is this scheduler's to run. `attempts`: how often it was begun, this time included."""

    job: str
    due_at: datetime
    attempts: int


@contextmanager
def turn(engine: Engine) -> Iterator[Connection]:
    """One transaction on the ledger, kept if the block ends well; schedulers take turns, and wait for no loader."""
    with writing(engine, "awards ledger") as connection:
        yield connection


def now(connection: Connection) -> datetime:
    """The time all schedulers of a database go by: the server's, or the machine's where it is a file on one."""
    if connection.dialect.name == "postgresql":
        at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return at.astimezone(UTC)
    return datetime.now(UTC)


# ----------------------------------------------------------------------------------------------------------------- jobs


def declare(connection: Connection, jobs: Sequence[JobRow], at: datetime, all_of_them: bool) -> None:
    """Stores the jobs as they are declared today; `all_of_them`: others are no longer declared, and switched off.

    A new job, one switched on again and one with other times is due from now on: from the last moment at which any
    scheduler looked, so that a restart with other times loses none. What waits of a job that is off is passed over.
    """
    known = {row["name"]: row for row in _dicts(connection, select(_JOB))}
    looked = connection.execute(select(func.max(_SCHEDULER.c.beat_at))).scalar()
    for job in jobs:
        row = {name: getattr(job, name) for name in JobRow.__slots__}
        before = known.get(job.name)
        if before is None:
            _insert(connection, _JOB, [row | {"planned_until": at, "next_due": None}])
            continue
        if job.enabled and not before["enabled"]:
            row["planned_until"] = at
        elif job.timetable != before["timetable"]:
            row["planned_until"] = max(before["planned_until"], min(looked or at, at))
        row["next_due"] = None  # the next look finds it
        connection.execute(update(_JOB).where(_JOB.c.name == job.name).values(row))
    if all_of_them:
        gone = _JOB.c.name.not_in([job.name for job in jobs])
        connection.execute(update(_JOB).where(gone).values(enabled=False, next_due=None))
    off = select(_JOB.c.name).where(_JOB.c.enabled.is_(False))
    c = _OCCURRENCE.c
    waiting = update(_OCCURRENCE).where(c.state == "due", c.job.in_(off))
    connection.execute(waiting.values(state="skipped_missed", reason="the job is switched off", ended_at=at))


def to_plan(connection: Connection, jobs: Collection[str], at: datetime) -> list[Found]:
    """Of these jobs, those that have due times without rows at `at`, or rows beyond it: name, planned_until, is_open."""
    c = _JOB.c
    is_open = (
        select(_OCCURRENCE.c.job).where(_OCCURRENCE.c.job == c.name, _OCCURRENCE.c.state.in_(_OPEN)).exists()
    ).label("is_open")
    wanted = c.next_due.is_(None) | (c.next_due <= at) | (c.planned_until > at)
    rows = select(c.name, c.planned_until, c.next_due, is_open).where(c.name.in_(jobs), c.enabled, wanted)
    return _dicts(connection, rows.order_by(c.name))


def plan(connection: Connection, job: str, rows: Sequence[Row], until: datetime, next_due: datetime | None) -> None:
    """Stores due times that have none yet, and how far they go."""
    made = [{name: getattr(row, name) for name in Row.__slots__} | {"attempts": 0} for row in rows]
    for row in made:
        row["ended_at"] = row["start_at"] if row["state"] not in _OPEN else None
    if made:
        _insert(connection, _OCCURRENCE, made)
    connection.execute(update(_JOB).where(_JOB.c.name == job).values(planned_until=until, next_due=next_due))


def step_back(connection: Connection, job: str, at: datetime) -> None:
    """The clock was ahead: of what has rows beyond `at`, what was passed over is still to come. What was done stays."""
    c = _OCCURRENCE.c
    beyond = delete(_OCCURRENCE).where(c.job == job, c.due_at > at, c.state.in_(("skipped_missed", "skipped_overlap")))
    connection.execute(beyond)
    connection.execute(update(_JOB).where(_JOB.c.name == job).values(planned_until=at, next_due=None))


def next_look(connection: Connection, jobs: Collection[str], at: datetime) -> datetime | None:
    """When the next of these jobs is due or may start, after `at`."""
    c = _OCCURRENCE.c
    due = select(func.min(_JOB.c.next_due)).where(_JOB.c.name.in_(jobs), _JOB.c.enabled)
    start = select(func.min(c.start_at)).where(c.state == "due", c.start_at > at, c.job.in_(jobs))
    found = [connection.execute(rows).scalar() for rows in (due, start)]
    return min((time for time in found if time is not None), default=None)


# --------------------------------------------------------------------------------------------------------------- claims


def claim(
    connection: Connection, owner: str, jobs: Collection[str], at: datetime, until: datetime, free: int, version: str
) -> list[Claim]:
    """Makes at most `free` due times up to `until` of these jobs this scheduler's: one a job, none beside a running one.

    The oldest of each job, in the order of their priority, then of their start.
    """
    if free < 1:
        return []
    c = _OCCURRENCE.c
    running = select(c.job).where(c.state == "running")
    oldest = (
        select(c.job, func.min(c.due_at).label("due_at"))
        .where(c.state == "due", c.job.in_(jobs), c.job.not_in(running))
        .group_by(c.job)
        .subquery()
    )
    wanted = (
        select(c.job, c.due_at, c.attempts)
        .join(oldest, and_(c.job == oldest.c.job, c.due_at == oldest.c.due_at))
        .where(c.start_at <= until)
        .order_by(c.priority.desc(), c.start_at, c.job)
        .limit(free)
    )
    found = [Claim(row.job, row.due_at, row.attempts + 1) for row in connection.execute(wanted)]
    for one in found:
        connection.execute(
            update(_OCCURRENCE)
            .where(_is(one.job, one.due_at), c.state == "due")
            .values(
                state="running", owner=owner, attempts=one.attempts, started_at=at, ended_at=None, exit_code=None,
                reason=None, log=None, code_version=version,
            )
        )  # fmt: skip
    return found


def settle(
    connection: Connection, owner: str, job: str, due_at: datetime, state: str, at: datetime,
    exit_code: int | None = None, reason: str | None = None, log: str | None = None, counts: bool = True,
) -> bool:  # fmt: skip
    """Stores what became of a due time; False when it is not this scheduler's any more, and nothing was stored.

    `counts`: False takes the attempt back.
    """
    c = _OCCURRENCE.c
    values: dict[str, Any] = {
        "state": state, "exit_code": exit_code, "reason": reason, "log": log,
        "ended_at": at if state not in _OPEN else None,
    }  # fmt: skip
    if not counts:
        values["attempts"] = c.attempts - 1
    mine = update(_OCCURRENCE).where(_is(job, due_at), c.owner == owner, c.state == "running")
    return connection.execute(mine.values(values)).rowcount == 1


def running(connection: Connection, owner: str) -> list[tuple[str, datetime]]:
    """What this scheduler runs by the ledger: job and due time."""
    c = _OCCURRENCE.c
    rows = select(c.job, c.due_at).where(c.owner == owner, c.state == "running")
    return [(row.job, row.due_at) for row in connection.execute(rows)]


def attempts(connection: Connection, owner: str, job: str, due_at: datetime) -> int | None:
    """How often a due time was begun, if this scheduler runs it; else None."""
    c = _OCCURRENCE.c
    mine = select(c.attempts).where(_is(job, due_at), c.owner == owner, c.state == "running")
    return connection.execute(mine).scalar()


# ----------------------------------------------------------------------------------------------------------- schedulers


def join(
    connection: Connection, id_: str, host: str, pid: int, machine: str | None, lease: float, version: str, at: datetime
) -> None:
    """Stores a scheduler that begins; `lease` in seconds."""
    row = {"id": id_, "host": host, "pid": pid, "started_at": at, "beat": 0, "beat_at": at, "lease": lease}
    connection.execute(insert(_SCHEDULER).values(row | {"machine": machine, "code_version": version}))


def beat(
    connection: Connection, id_: str, at: datetime, next_due: datetime | None = None, trouble: str | None = None
) -> bool:
    """One heartbeat; False when another scheduler has buried this one and took its work over.

    `trouble` is what kept it from working until now; None leaves what stands there.
    """
    values: dict[str, Any] = {"beat": _SCHEDULER.c.beat + 1, "beat_at": at, "next_due": next_due}
    if trouble is not None:
        values["trouble"] = trouble
    lives = update(_SCHEDULER).where(_SCHEDULER.c.id == id_, _SCHEDULER.c.ended_at.is_(None))
    return connection.execute(lives.values(values)).rowcount == 1


def beats(connection: Connection, id_: str) -> dict[str, tuple[int, float]]:
    """The other schedulers that have not ended: count of heartbeats and lease in seconds, by id."""
    c = _SCHEDULER.c
    rows = select(c.id, c.beat, c.lease).where(c.ended_at.is_(None), c.id != id_)
    return {row.id: (row.beat, row.lease) for row in connection.execute(rows)}


def neighbours(connection: Connection, machine: str) -> dict[str, tuple[int, int]]:
    """The schedulers on a machine that have not ended: process and count of heartbeats, by id."""
    c = _SCHEDULER.c
    rows = select(c.id, c.pid, c.beat).where(c.ended_at.is_(None), c.machine == machine)
    return {row.id: (row.pid, row.beat) for row in connection.execute(rows)}


def leave(connection: Connection, id_: str, at: datetime, ending: str) -> None:
    """Stores that a scheduler ended, and how."""
    mine = update(_SCHEDULER).where(_SCHEDULER.c.id == id_, _SCHEDULER.c.ended_at.is_(None))
    connection.execute(mine.values(ended_at=at, ending=ending, next_due=None))


def bury(connection: Connection, id_: str, beat_seen: int, by: str, at: datetime) -> list[Claim] | None:
    """Declares a scheduler dead and gives what it was running; None when its heart has beaten meanwhile.

    What it ran stays `running` until the caller settles it, in its name and in the same transaction.
    """
    c = _OCCURRENCE.c
    silent = update(_SCHEDULER).where(
        _SCHEDULER.c.id == id_, _SCHEDULER.c.ended_at.is_(None), _SCHEDULER.c.beat == beat_seen
    )
    if connection.execute(silent.values(ended_at=at, ending=f"taken for dead by {by}", next_due=None)).rowcount == 0:
        return None
    rows = select(c.job, c.due_at, c.attempts).where(c.owner == id_, c.state == "running").order_by(c.job, c.due_at)
    return [Claim(row.job, row.due_at, row.attempts) for row in connection.execute(rows)]


def prune(connection: Connection, before: datetime) -> None:
    """Deletes what was done with before a moment, and schedulers that ended before it."""
    c = _OCCURRENCE.c
    connection.execute(delete(_OCCURRENCE).where(c.due_at < before, c.state.not_in(_OPEN)))
    connection.execute(delete(_SCHEDULER).where(_SCHEDULER.c.ended_at < before))


# -------------------------------------------------------------------------------------------------------------- history


def occurrences(connection: Connection, job: str | None = None, limit: int = 20) -> list[Found]:
    """The last due times, newest first, of one job or of all."""
    c = _OCCURRENCE.c
    rows = select(_OCCURRENCE).where(*([c.job == job] if job is not None else []))
    return _dicts(connection, rows.order_by(c.due_at.desc(), c.job).limit(limit))


def jobs(connection: Connection) -> list[Found]:
    """Every job by name, with `last` (state, due_at, started_at, ended_at and reason of its newest due time that came to an end),
    `last_good` (when it last ended well), `running_since` and `waiting_since` (the start that its oldest waiting one had).
    """
    c = _OCCURRENCE.c
    sums = select(
        c.job,
        func.max(case((c.state == "done", c.ended_at))).label("last_good"),
        func.max(case((c.state == "running", c.started_at))).label("running_since"),
        func.min(case((c.state == "due", c.start_at))).label("waiting_since"),
        func.max(case((c.ended_at.is_not(None), c.due_at))).label("last_due"),
    ).group_by(c.job)
    by_job = {row["job"]: row for row in _dicts(connection, sums)}
    found = []
    for job in _dicts(connection, select(_JOB).order_by(_JOB.c.name)):
        row = by_job.get(job["name"], dict.fromkeys(("last_good", "running_since", "waiting_since", "last_due")))
        shown = (c.state, c.due_at, c.started_at, c.ended_at, c.exit_code, c.reason)
        last = _dicts(connection, select(*shown).where(_is(job["name"], row["last_due"]))) if row["last_due"] else []
        times = {name: row[name] for name in ("last_good", "running_since", "waiting_since")}
        found.append(job | times | {"last": last[0] if last else None})
    return found


def schedulers(connection: Connection) -> list[Found]:
    """The schedulers that have not ended and the one that did last, newest first."""
    c = _SCHEDULER.c
    lives = _dicts(connection, select(_SCHEDULER).where(c.ended_at.is_(None)).order_by(c.started_at.desc(), c.id))
    ended = select(_SCHEDULER).where(c.ended_at.is_not(None)).order_by(c.ended_at.desc(), c.id).limit(1)
    return lives + _dicts(connection, ended)


def overlaps(connection: Connection) -> list[Found]:
    """The jobs whose newest due times met one that still ran: job, in_a_row (how many), since (the first of them)."""
    c = _OCCURRENCE.c
    ended = (
        select(c.job, func.max(c.due_at).label("at"))
        .where(c.state.in_(("done", "failed", "skipped_missed")))
        .group_by(c.job)
        .subquery()
    )
    rows = (
        select(c.job, func.count().label("in_a_row"), func.min(c.due_at).label("since"))
        .outerjoin(ended, ended.c.job == c.job)
        .where(c.state == "skipped_overlap", ended.c.at.is_(None) | (c.due_at > ended.c.at))
        .group_by(c.job)
        .order_by(c.job)
    )
    return _dicts(connection, rows)


# ----------------------------------------------------------------------------------------------------------------- rows


def _is(job: str, due_at: datetime) -> ColumnElement[bool]:
    return and_(_OCCURRENCE.c.job == job, _OCCURRENCE.c.due_at == due_at)


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    """Rows whose key is there already are left as they are."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def _dicts(connection: Connection, rows: Select[Any]) -> list[Found]:
    return [dict(row) for row in connection.execute(rows).mappings()]
