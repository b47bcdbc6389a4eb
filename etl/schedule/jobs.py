"""The jobs: a table in code, changed by [jobs.NAME] in awards.toml. Never runs one, and asks no clock.

A job is a command line of `awards` with its times. Those of a family (one for each site) have the site behind their name:
[jobs.run] changes the runs of all sites, [jobs.run-detik] that of one. A new name with a command is a new job.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar

from etl.model import UsageError
from etl.schedule.due import CatchUp
from etl.schedule.timetable import Cron, Timetable, interval, zone_of
from etl.settings import JobChange, Settings, line_of
from scraper.sites import spiders
from scraper.spider import ArticleSpider

ZONE = "Asia/Jakarta"
_T = TypeVar("_T")

LOADING = 600.0  # seconds that a run gets beyond the time limit of its crawl


@dataclass(frozen=True, slots=True)
class Job:
    """A command line of `awards` and when it is called. `limit` and `jitter` in seconds; the higher priority goes first."""

    name: str
    command: tuple[str, ...]
    timetable: Timetable
    catch_up: CatchUp = CatchUp.RUN_ONCE
    limit: float = 3600.0
    jitter: float = 0.0
    priority: int = 50
    enabled: bool = True
    site: str | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table. `cron` is empty where each site has its own; {site} in the command makes a family."""

    name: str
    command: str
    cron: str
    catch_up: CatchUp = CatchUp.RUN_ONCE
    limit: float = 3600.0
    jitter: float = 0.0
    priority: int = 50
    enabled: bool = True
    by_day: bool = False  # only sites that can be asked for a day


_TABLE = (
    _Row("alert", "alert", "*/5 * * * *", limit=300, priority=95),
    _Row("takedown", "takedown --sweep", "23 4 * * *", priority=90),
    _Row("backup", "backup", "30 2 * * *", limit=4 * 3600, priority=80),
    # Its limit is that of the crawl and LOADING.
    _Row("run", "run {site}", "", jitter=300, priority=50),
    _Row("publish", "publish", "40 6 * * *", priority=40),
    _Row("canary", "canary {site}", "7 5 * * *", jitter=3600, priority=30),
    _Row("recheck", "run {site} --recheck", "11 1 * * 0", jitter=4 * 3600, priority=20),
    # Off: how much of the past a site is to be asked for is the operator's to say.
    _Row("backfill", "backfill {site} --last 28", "0 22 * * *", limit=6 * 3600, priority=10, enabled=False, by_day=True),
)  # fmt: skip


def jobs(settings: Settings) -> dict[str, Job]:
    """All jobs, by name. Raises UsageError that names the line of awards.toml that is wrong."""
    changes = dict(settings.jobs)
    found: dict[str, Job] = {}
    for row in _TABLE:
        family = changes.pop(row.name, None)
        for name, site, spider in _members(row):
            made = _made(settings, row, name, site, spider)
            for key, change in ((row.name, family), (name, changes.pop(name, None) if name != row.name else None)):
                if change is not None:
                    made = _changed(made, key, change)
            found[name] = made
    for name, change in changes.items():
        found[name] = _added(name, change, [*found, *(row.name for row in _TABLE)])
    return found


def chosen(known: Mapping[str, Job], names: Sequence[str]) -> dict[str, Job]:
    """The jobs of that name, family or site; all of them when none is named. Raises UsageError for what is none."""
    found: dict[str, Job] = {}
    for name in names:
        fits = {n: job for n, job in known.items() if name in (n, job.site) or _is_of_family(job, name)}
        if not fits:
            sites = sorted({job.site for job in known.values() if job.site})
            raise UsageError(f"there is no job and no site {name!r}; {_near(name, [*known, *sites])}")
        found |= fits
    return found if names else dict(known)


def _is_of_family(job: Job, name: str) -> bool:
    return job.site is not None and job.name == f"{name}-{job.site}"


def _members(row: _Row) -> list[tuple[str, str | None, type[ArticleSpider] | None]]:
    """Name, site and spider of each job that a line makes."""
    if "{site}" not in row.command:
        return [(row.name, None, None)]
    return [(f"{row.name}-{s}", s, kind) for s, kind in spiders().items() if kind.has_days() or not row.by_day]


def _made(settings: Settings, row: _Row, name: str, site: str | None, spider: type[ArticleSpider] | None) -> Job:
    expression = row.cron or (spider.schedule if spider else "")
    try:
        timetable = Cron(expression, ZONE)
    except ValueError as error:
        raise UsageError(f"the schedule of {site or name}, {expression!r}, is no cron expression: {error}") from error
    command = tuple(word.format(site=site) for word in row.command.split())
    limit = settings.crawl_limit + LOADING if site else row.limit
    return Job(
        name, command, timetable, row.catch_up, max(limit, row.limit), row.jitter, row.priority, row.enabled, site
    )


def _changed(job: Job, key: str, change: JobChange) -> Job:
    """The job as a [jobs.KEY] wants it."""
    plain = {name: getattr(change, name) for name in ("catch_up", "limit", "jitter", "priority", "enabled")}
    given = {name: value for name, value in plain.items() if value is not None}
    if change.command is not None:
        given["command"] = _words(key, change.command)
    return replace(job, timetable=_timetable(job.timetable, key, change), **given)


def _added(name: str, change: JobChange, known: Sequence[str]) -> Job:
    if change.command is None:
        raise UsageError(
            f"{line_of('jobs', name)}: there is no job {name!r}; {_near(name, known)}; a new one needs a command"
        )
    if change.cron is None and change.interval is None:
        raise UsageError(
            f"{line_of('jobs', name)}: the job {name} has no times: give it a cron expression or an interval"
        )
    return _changed(Job(name, (), Cron("@daily", ZONE)), name, change)


def _timetable(before: Timetable, key: str, change: JobChange) -> Timetable:
    if change.cron is not None and change.interval is not None:
        raise UsageError(
            f"{line_of('jobs', key, 'interval')}: {key} has a cron expression and an interval: one is enough"
        )
    if change.interval is not None:
        return _parsed(key, "interval", change.interval, lambda: interval(change.interval or 0))
    zone = change.zone or (before.zone if isinstance(before, Cron) else ZONE)
    if change.zone is not None:
        _parsed(key, "zone", zone, lambda: zone_of(zone))
    expression = change.cron or (before.expression if isinstance(before, Cron) else None)
    if expression is None or (change.cron is None and change.zone is None):
        return before
    return _parsed(key, "cron", expression, lambda: Cron(expression, zone))


def _parsed(key: str, setting: str, value: object, parse: Callable[[], _T]) -> _T:
    try:
        return parse()
    except ValueError as error:
        raise UsageError(
            f"{line_of('jobs', key, setting)}: {setting} of {key}, {value!r}, is wrong: {error}"
        ) from error


def _words(key: str, command: str) -> tuple[str, ...]:
    words = _parsed(key, "command", command, lambda: tuple(shlex.split(command)))
    if not words or words[0] == "schedule":
        raise UsageError(
            f"{line_of('jobs', key, 'command')}: {key} calls {command!r}: give it what stands behind `awards`"
        )
    return words[1:] if words[0] == "awards" else words


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, list(known), 3)
    return f"did you mean {' or '.join(near)}?" if near else "`awards schedule --list` shows them"
