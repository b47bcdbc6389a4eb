"""Counts of a run -> verdict: is the site quiet, or is something broken? Pure; '0 of 0' is quiet, '0 of 12' is rot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from etl.model import CrawlReport


class Verdict(StrEnum):
    """What the counts of one run mean."""

    OK = "OK"
    QUIET = "QUIET"
    UNREACHABLE = "UNREACHABLE"
    REFUSED = "REFUSED"
    FEED_CHANGED = "FEED CHANGED"
    LAYOUT_CHANGED = "LAYOUT CHANGED"
    THIN = "THIN"

    @property
    def stale(self) -> bool:
        """Whether the site's data must be read as 'no data' rather than 'no awards'."""
        return self not in (Verdict.OK, Verdict.QUIET)


@dataclass(frozen=True, slots=True)
class Counts:
    """One run of a site: what the crawl brought and what reading made of it."""

    report: CrawlReport
    read: int = 0
    misfits: int = 0
    mentions: int = 0


_REFUSALS = ("http 401", "http 403", "http 429", "forbidden by robots.txt", "withheld at the publisher's wish")
_MOSTLY = 0.5  # the share from which a failure is the rule and not an accident


def verdict(now: Counts, past_mentions: Sequence[int] = ()) -> Verdict:
    """The verdict on a run. `past_mentions`: mentions per run that read pages, newest first, of the same site."""
    report = now.report
    links = report.articles + report.known + report.passed_over
    refused = sum(count for name, count in report.failures.items() if name in _REFUSALS)
    failed = sum(report.failures.values()) - refused
    tried = report.fetched + failed
    if refused > _MOSTLY * (report.fetched + refused) and now.read == 0:
        return Verdict.REFUSED
    if not report.finished or (failed and links == 0) or failed > _MOSTLY * max(1, tried):
        return Verdict.UNREACHABLE
    if links == 0 and report.lists:
        return Verdict.FEED_CHANGED
    if now.read and now.misfits > _MOSTLY * now.read:
        return Verdict.LAYOUT_CHANGED
    if now.read >= 5 and now.mentions == 0 and sum(past_mentions[:5]) >= 5:
        return Verdict.THIN
    return Verdict.OK if report.stored and now.read else Verdict.QUIET
