"""Counts of a run -> verdict: is the site quiet, or is something broken? Pure; '0 of 0' is quiet, '0 of 12' is rot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

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


# Names under which a crawl counts what it did not get: those that a verdict is about. The crawl takes them from here.
DENIED = ("http 401", "http 403", "http 429", "robots.txt: http 429", "left alone after http 429")
ASKED_TO_WAIT = "asked to wait"  # ... so many seconds: more than the crawl would
BEYOND_BUDGET = "beyond the day's budget"  # our own bound: what came may be read, what was left out counts as failed
FORBIDDEN = "forbidden by robots.txt"
WITHHELD = "withheld at the publisher's wish"

_SOME = 3  # fewer failures than these among articles are accidents: one page that is always 403 is no refusal
_MOSTLY = 0.5  # the share from which a misfit is the rule and not an accident
_RUNS = 5  # of a site, before its own past says what is normal
_MANY_LINKS = 30  # below which a run's links go up and down by themselves
_FEW = 0.1  # the share of the usual links that is no quiet day
_PATIENCE = timedelta(days=3)  # without news, for a site that has some each day: a long weekend


def verdict(now: Counts, past_mentions: Sequence[int] = (), past_links: Sequence[int] = ()) -> Verdict:
    """The verdict on a run, against the site's own past, newest first.

    `past_mentions`: mentions of its OK runs; `past_links`: links to articles (asked for, known or passed over) of its OK
    and QUIET runs. Without a past only what needs none is judged.
    """
    report, failures = now.report, now.report.failures
    links = report.articles + report.known + report.passed_over
    denied = sum(failures.get(name, 0) for name in DENIED)
    forbidden, withheld = failures.get(FORBIDDEN, 0), failures.get(WITHHELD, 0)
    failed = sum(failures.values()) - denied - forbidden - withheld
    # Not among what came: responses. A request tried three times has three, and a robots.txt has one.
    came = report.lists + max(0, report.articles - denied - forbidden - failed)
    if any(name.startswith(ASKED_TO_WAIT) for name in failures):
        return Verdict.REFUSED
    # Some pages stay forbidden, and are met at every visit; that others are known says that not all are.
    refused = denied + max(0, forbidden - report.known)
    if now.read == 0 and (withheld or refused > came + failed or _most(denied, report)):
        return Verdict.REFUSED
    if not (report.finished or BEYOND_BUDGET in failures) or failed > came or _most(failed, report):
        return Verdict.UNREACHABLE
    if report.lists and (links == 0 or links < _FEW * _usual(past_links)):
        return Verdict.FEED_CHANGED
    if now.read and now.misfits > _MOSTLY * now.read:
        return Verdict.LAYOUT_CHANGED
    if now.read >= 5 and now.mentions == 0 and sum(past_mentions[:5]) >= 5:
        return Verdict.THIN
    return Verdict.OK if report.stored and now.read else Verdict.QUIET


def silent_since(news: Sequence[datetime], now: datetime) -> datetime | None:
    """When a site last had news, if that is longer ago than its own past explains; None when it is not.

    `news`: when its OK runs were, newest first. It is silent after twice its longest pause so far, and three days at
    least: a feed that froze is QUIET at every visit, and a scheduler that stopped says nothing at all.
    """
    if len(news) < _RUNS:
        return None
    longest = max(later - earlier for later, earlier in pairwise(news))
    return news[0] if now - news[0] > max(_PATIENCE, 2 * longest) else None


def _usual(links: Sequence[int]) -> float:
    """The links that a run of the site usually has; 0 when its past is too short or too small to say."""
    usual = median(links[: 2 * _RUNS]) if len(links) >= _RUNS else 0
    return usual if usual >= _MANY_LINKS else 0


def _most(failures: int, report: CrawlReport) -> bool:
    """Whether as many requests failed as articles were asked for: the lists may come where the articles do not."""
    return report.articles >= _SOME and failures >= report.articles
