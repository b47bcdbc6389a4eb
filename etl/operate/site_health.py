"""How a site is: its last run, its newest canary, its silence. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from db import queries
from etl.health import Verdict, silent_since
from etl.operate import canary as canaries
from scraper.sites import spiders


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """How a site is. `last`: the row of its last run, None before the first; `canary`: the rows of its newest check.

    `silent_since`: when it last had news, where that is longer ago than its own past explains. `unverified`: what is not
    sure about its declarations, unless a check was green.
    """

    site: str
    last: dict[str, Any] | None
    canary: tuple[dict[str, Any], ...] = ()
    silent_since: datetime | None = None
    unverified: str | None = None

    @property
    def canary_verdict(self) -> str | None:
        """Of the newest check: green, red or None."""
        return canaries.of_site([row["verdict"] for row in self.canary])

    @property
    def wrong(self) -> tuple[str, ...]:
        """What of 'stale' and 'canary red' is so: its data must be read as 'no data' rather than 'no awards'."""
        run = self.last or {"error": None, "verdict": None}
        stale = run["error"] or (run["verdict"] and Verdict(run["verdict"]).stale) or self.silent_since
        return (*(("stale",) if stale else ()), *(("canary red",) if self.canary_verdict == canaries.Sight.RED else ()))


def health_of(connection: Connection, site: str, now: datetime) -> SiteHealth:
    """What the runs and canaries of a site say of it at `now`."""
    last = next(iter(queries.runs(connection, site, 1, "run")), None)
    checked = tuple(queries.canary(connection, site))
    silent_for = silent_since(queries.news(connection, site), now)
    found = SiteHealth(site, last, checked, silent_for, spiders()[site].unverified or None)
    return replace(found, unverified=None) if found.canary_verdict == canaries.Sight.GREEN else found
