"""`awards alert`: looks at what operators must know, and tells them. Mends nothing.

What is found comes from the database and the disk alone, so it is told when no scheduler lives any more, too; who cares for
that calls it from cron. What is told when is decided by `etl.operate.alerts`.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine

from db import alerts as table
from db import connect, ledger, queries, tombstones
from etl.model import AwardsError
from etl.operate.alerts import Finding, Look, Message, Severity, look, quiet_hours
from etl.operate.backup import backups
from etl.operate.site_health import health_of
from etl.schedule.jobs import jobs
from etl.schedule.roster import IN_A_ROW, Life, life_of, roster, shown
from etl.settings import Settings
from scraper.sites import spiders
from scraper.spider import JAKARTA

WAITING = timedelta(days=1)  # that the bytes of a take-down may wait for their purge before somebody is told
OLD_BACKUP = timedelta(days=3)
_GATE = "re-reading would lose"  # what the gate of `awards process` says

log = logging.getLogger("awards.alert")

Send = Callable[[Message], None]  # raises AwardsError when nobody was told


@dataclass(frozen=True, slots=True)
class Told:
    """What a look found, and what was told of it. `problem`: why the message could not be sent."""

    findings: tuple[Finding, ...]
    look: Look
    problem: str | None = None


def watch(settings: Settings, engine: Engine, now: datetime, dry_run: bool = False, send: Send | None = None) -> Told:
    """Look, tell and remember. Without an address to tell, what is found is remembered and counts as told by being printed.

    `dry_run`: neither tell nor remember. The matters are stored before the message goes out, and as told after it has: what
    is killed in between is told twice rather than never.
    """
    quiet = quiet_hours(settings.alert_quiet, JAKARTA)
    with connect.reading(engine) as connection:
        findings = tuple(found(settings, connection, now))
        seen = look(table.known(connection), findings, now, timedelta(hours=settings.alert_repeat), quiet)
    if dry_run:
        return Told(findings, seen)
    with connect.writing(engine) as connection:
        table.store(connection, seen.alerts, seen.gone)
    try:
        tell = send or sender(settings)  # an address that is none is said while nothing is wrong, not when it is needed
        if seen.message is None:
            return Told(findings, seen)
        tell(seen.message)
    except AwardsError as error:
        log.error("%s: %s", error, seen.message.title if seen.message else "there is nothing to tell yet")
        return Told(findings, seen, str(error))
    with connect.writing(engine) as connection:
        table.store(connection, seen.sent(now))
    return Told(findings, seen)


# ------------------------------------------------------------------------------------------------------------- findings


def found(settings: Settings, connection: Connection, now: datetime) -> Iterator[Finding]:
    """Everything that is wrong at `now`."""
    yield from _sites(connection, now)
    yield from _runs(settings, connection, now)
    yield from _schedule(settings, connection)
    yield from _disk(settings)
    yield from _backups(settings, now)
    yield from _take_downs(connection, now)


def _sites(connection: Connection, now: datetime) -> Iterator[Finding]:
    for name in spiders():
        health = health_of(connection, name, now)
        last = health.last or {}
        if _GATE in (last.get("error") or ""):
            yield Finding(f"gate {name}", Severity.WARNING, f"the gate is closed: {last['error']}")
        elif "stale" in health.wrong:
            why = last.get("error") or (f"no news since {shown(health.silent_since)}" if health.silent_since else "")
            why = why or f"its last run was {last.get('verdict')}"
            yield Finding(
                f"stale {name}", Severity.WARNING, f"{name} is stale: {why}; `awards runs {name} --log` says more"
            )
        if "canary red" in health.wrong:
            fields = sorted({field for row in health.canary if row["verdict"] == "red" for field in row["differs"]})
            text = f"the canary of {name} is red ({', '.join(fields)}); look with `awards canary {name}`"
            yield Finding(f"canary {name}", Severity.WARNING, text)


def _runs(settings: Settings, connection: Connection, now: datetime) -> Iterator[Finding]:
    """That no site at all had a good run for so long: the machine, the network or the code, not a site."""
    last = queries.last_good_run(connection)
    first = queries.first_run(connection)
    since = last or first
    if since is not None and now - since > timedelta(hours=settings.alert_after):
        text = f"no site had a good run since {shown(since)}; `awards status` and `awards runs` say more"
        yield Finding("no good run", Severity.CRITICAL, text)


def _schedule(settings: Settings, connection: Connection) -> Iterator[Finding]:
    duties = roster(connection, jobs(settings), ledger.now(connection))
    if duties.life is Life.DEAD:
        row = next(row for row in duties.schedulers if life_of(row, duties.now) is Life.DEAD)
        text = f"the scheduler on {row['host']} (pid {row['pid']}) says nothing since {shown(row['beat_at'])}: start it again"
        yield Finding("scheduler", Severity.CRITICAL, text)
    for row in duties.overlaps:
        if row["in_a_row"] >= IN_A_ROW:
            text = f"{row['job']} came due {row['in_a_row']} times while it ran, since {shown(row['since'])}: give it more time"
            yield Finding(f"overlap {row['job']}", Severity.WARNING, text)
    late = [s.job.name for s in duties.standings if s.overdue_since is not None]
    if late and duties.life is Life.ALIVE:
        some = ", ".join(late[:5]) + (f" and {len(late) - 5} more" if len(late) > 5 else "")
        yield Finding("overdue", Severity.WARNING, f"overdue: {some}; `awards status` says more")
    for one in duties.standings:
        last = one.ledger.get("last")
        is_own = one.job.command[:1] == ("alert",)  # which fails when nobody can be told, and that is no news then
        if one.job.site is None and one.job.enabled and not is_own and last is not None and last["state"] == "failed":
            text = f"{one.job.name} failed at {shown(last['ended_at'])}: {last['reason']}"
            yield Finding(f"job {one.job.name}", Severity.WARNING, text)


def _disk(settings: Settings) -> Iterator[Finding]:
    """Less free than the limit is critical, less than three times as much a warning."""
    free = free_bytes(settings.data)
    if free is not None and free < 3 * settings.alert_disk:
        severity = Severity.CRITICAL if free < settings.alert_disk else Severity.WARNING
        text = f"{free / 1e9:.1f} GB are free where {settings.data} lies: make room, or a crawl ends when it is full"
        yield Finding("disk", severity, text)


def free_bytes(folder: Path) -> int | None:
    """Bytes that are free where a folder lies; None where there is no such folder."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    folder = Path(settings.backups)
    made = [backup.made_at for backup in backups(folder)] if folder.is_dir() else []
    if made and now - made[-1] > OLD_BACKUP:
        yield Finding("backup", Severity.WARNING, f"the newest backup is of {shown(made[-1])}; call `awards backup`")


def _take_downs(connection: Connection, now: datetime) -> Iterator[Finding]:
    waiting = [
        each for each in tombstones.known(connection) if each.purged_at is None and now - each.decided_at > WAITING
    ]
    if waiting:
        text = f"{len(waiting)} take-downs wait to be purged for more than a day; `awards takedown --sweep` says why"
        yield Finding("take-downs", Severity.WARNING, text)


# --------------------------------------------------------------------------------------------------------------- sending


def sender(settings: Settings) -> Send:
    """What sends to the addresses of the settings. Raises UsageError for one that apprise does not know."""
    addresses = settings.alert_addresses
    if not addresses:
        return _nowhere
    from etl.operate import notify  # here: who tells nobody waits for no library of addresses

    return notify.sender(addresses)


def _nowhere(message: Message) -> None:
    log.warning("%s; set AWARDS_ALERT_URLS and it is sent: %s", message.title, message.body.replace("\n", " | "))


def test_message(severity: Severity = Severity.INFO) -> Message:
    """What `awards alert --test` sends."""
    return Message("awards: a test", "If you can read this, alerts arrive here.", severity)
