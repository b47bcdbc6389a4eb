"""The days of the past, one unit (site, day) after the other: crawl its dated lists, read, load, note that it is done.

A unit is done when its crawl ended and brought its lists; whatever happens before, the next call begins with it again. Never
asks for anything but dated lists and the articles they lead to.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from db import connect, load, queries
from etl.health import Verdict
from etl.model import AwardsError, UsageError
from etl.run.order import Order, Progress, SiteResult, silent
from etl.run.running import run
from etl.settings import Settings
from scraper.sites import spiders
from scraper.spider import JAKARTA

MAX_FAILED = 3  # units in a row, after which the site is left in peace
TURN = 0.7  # seconds between two units, in which a run that waits for the site gets its turn (db/locks.py)

_NOTHING_CAME = (Verdict.UNREACHABLE, Verdict.REFUSED)


@dataclass(frozen=True, slots=True)
class Unit:
    """One day of a site. `result` is None where the unit was done before and skipped."""

    site: str
    day: date
    result: SiteResult | None = None

    @property
    def problem(self) -> str | None:
        """Why the unit is not done, in a few words; None when it is, or was done before."""
        if self.result is None or (self.result.problem is None and _brought_its_lists(self.result)):
            return None
        return self.result.problem or f"its lists did not come: {', '.join(self.result.report.failures) or 'no answer'}"


def _brought_its_lists(result: SiteResult) -> bool:
    report = result.report
    return report.finished and report.lists + report.rested > 0 and result.verdict not in _NOTHING_CAME


def days(first: date, last: date, now: datetime) -> list[date]:
    """The days from `first` to `last`, both included, in order. Raises UsageError when they cannot be backfilled."""
    today = now.astimezone(JAKARTA).date()
    if last < first:
        raise UsageError(f"--from {first} is after --to {last}: give the first day, then the last")
    if last >= today:
        raise UsageError(f"--to {last} is not over yet in Jakarta: give {today - timedelta(days=1)} or an earlier day")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def last_days(number: int, now: datetime) -> list[date]:
    """So many days that are over in Jakarta, the last of them yesterday, in order."""
    yesterday = now.astimezone(JAKARTA).date() - timedelta(days=1)
    return days(yesterday - timedelta(days=number - 1), yesterday, now)


def backfill(
    settings: Settings, engine: Engine, site: str, wanted: list[date], again: bool = False,
    progress: Progress = silent,
) -> Iterator[Unit]:  # fmt: skip
    """Work through the days of a site, in order; one Unit each as it is done, skipped (done before) or given up.

    `again` repeats those that are done. Raises UsageError when the site can be asked for no day, and AwardsError when
    MAX_FAILED units in a row brought nothing; those stay to be done.
    """
    if not spiders()[site].has_days():
        raise UsageError(
            f"{site} has no lists by day and no sitemaps, so no day of it can be asked for: `awards run {site}`"
        )
    with connect.reading(engine) as connection:
        done = set() if again else queries.units_done(connection, site)
    failed = 0
    for number, day in enumerate(wanted):
        progress(site, "days", number, len(wanted))
        if day in done:
            yield Unit(site, day)
            continue
        order = Order((site,), since=day, until=day)
        (result,) = run(settings, engine, order, progress, command="backfill")
        unit = Unit(site, day, result)
        if unit.problem is None:
            with connect.writing(engine) as connection:
                load.record_unit(connection, site, day, result.ended_at or datetime.now(UTC), result.run_id)
        yield unit
        time.sleep(TURN)
        failed = failed + 1 if unit.problem else 0
        if failed == MAX_FAILED:
            raise AwardsError(
                f"{site}: {failed} days in a row brought nothing ({unit.problem}); the next call begins with them"
            )
    progress(site, "days", len(wanted), len(wanted))
