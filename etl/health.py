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


_DENIED = ("http 401", "http 403", "http 429", "robots.txt: http 429", "left alone after http 429")
_ASKED_TO_WAIT = "asked to wait"  # ... so many seconds: more than the crawl would
_BUDGET = "beyond the day's budget"  # our own bound: what came may be read, what was left out counts as failed
_FORBIDDEN = "forbidden by robots.txt"
_WITHHELD = "withheld at the publisher's wish"
_SOME = 3  # fewer failures than these among articles are accidents: one page that is always 403 is no refusal
_MOSTLY = 0.5  # the share from which a misfit is the rule and not an accident


def verdict(now: Counts, past_mentions: Sequence[int] = ()) -> Verdict:
    """The verdict on a run. `past_mentions`: mentions of the site's OK runs, newest first."""
    report, failures = now.report, now.report.failures
    links = report.articles + report.known + report.passed_over
    denied = sum(failures.get(name, 0) for name in _DENIED)
    forbidden, withheld = failures.get(_FORBIDDEN, 0), failures.get(_WITHHELD, 0)
    failed = sum(failures.values()) - denied - forbidden - withheld
    # Not among what came: responses. A request tried three times has three, and a robots.txt has one.
    came = report.lists + max(0, report.articles - denied - forbidden - failed)
    if any(name.startswith(_ASKED_TO_WAIT) for name in failures):
        return Verdict.REFUSED
    if now.read == 0 and (withheld or denied + forbidden > came + failed or _most(denied, report)):
        return Verdict.REFUSED
    if not (report.finished or _BUDGET in failures) or failed > came or _most(failed, report):
        return Verdict.UNREACHABLE
    if links == 0 and report.lists:
        return Verdict.FEED_CHANGED
    if now.read and now.misfits > _MOSTLY * now.read:
        return Verdict.LAYOUT_CHANGED
    if now.read >= 5 and now.mentions == 0 and sum(past_mentions[:5]) >= 5:
        return Verdict.THIN
    return Verdict.OK if report.stored and now.read else Verdict.QUIET


def _most(failures: int, report: CrawlReport) -> bool:
    """Whether as many requests failed as articles were asked for: the lists may come where the articles do not."""
    return report.articles >= _SOME and failures >= report.articles
