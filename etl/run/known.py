"""`awards canary`: a site's known articles fetched again; what differs is said by etl.operate.canary."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine

from db import connect, load, queries
from etl.clean import clean
from etl.model import CrawlReport, Unread
from etl.operate import canary as canaries
from etl.run.crawling import MAX_LOOKBACK, crawl
from etl.run.order import Order, Progress, silent
from etl.run.pages import refs_of, standing
from etl.run.running import alone_on
from etl.settings import Settings
from scraper.archive import Archive, Capture
from scraper.polling import GONE
from scraper.sites import spiders

GOLDEN_MONTHS = timedelta(days=180)  # how old a known article may be: older ones may keep a template of the past


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of a site's known articles. `sights`: a row each, as stored; `verdict`: green, red, or None: none came."""

    site: str
    sights: tuple[load.CanaryRow, ...]

    @property
    def verdict(self) -> str | None:
        """The site's result."""
        return canaries.of_site([row.verdict for row in self.sights])


def canary(settings: Settings, engine: Engine, site: str, progress: Progress = silent, accept: bool = False) -> Checked:
    """Fetch a site's known articles again, compare each with what is known of it, and store the result.

    What an article is known to say is read from the archive, out of the page that the last check was green with or, the
    first time, the page seen last; so a site that changed stays red until the site or its layouts are mended, or until
    what came is taken as known (`accept`: the outlet changed the article itself). Raises AwardsError when the crawl breaks
    off. An empty check is not stored: no article was read well, or the publisher asks that none be fetched.
    """
    archive, now = Archive(settings.archive), datetime.now(UTC)
    held = {capture.digest for capture in archive.captures(site)}
    with connect.reading(engine) as connection:
        golden = _golden(connection, site, now, held) if spiders()[site].article_pages else {}
    if not golden:
        return Checked(site, ())
    release = alone_on(settings, engine, site, "canary")
    try:
        report = crawl(settings, Order((site,), only=tuple(golden)), site, now, progress)
    finally:
        release()
    captures = standing(archive, site)
    rows = tuple(_sight(archive, site, captures, now, report, accept, url, known) for url, known in golden.items())
    with connect.writing(engine) as connection:
        load.record_canary(connection, rows)
    return Checked(site, rows)


def _golden(connection: Connection, site: str, now: datetime, held: Set[str]) -> dict[str, str]:
    """Address -> digest of the page that is known of it: those that the last check found red, then the best."""
    last = {row["url"]: row for row in queries.canary(connection, site) if row["known"] in held}
    best = queries.golden(connection, site, now - GOLDEN_MONTHS, now - MAX_LOOKBACK, canaries.GOLDEN)
    golden = {url: row["known"] for url, row in last.items() if row["verdict"] == canaries.Sight.RED}
    for row in best:
        golden.setdefault(row["url"], last[row["url"]]["known"] if row["url"] in last else row["digest"])
    return dict(list(golden.items())[: canaries.GOLDEN])


def _sight(
    archive: Archive, name: str, captures: Sequence[Capture], since: datetime, report: CrawlReport, accept: bool,
    url: str, known: str,
) -> load.CanaryRow:  # fmt: skip
    """What became of one known article."""
    site = spiders()[name].site()
    row = partial(load.CanaryRow, name, since, url)
    its_own = [c for c in captures if site.article_id_of(c.url) == site.article_id_of(url)]
    refs = sorted(refs_of(its_own, site), key=lambda ref: ref.last_fetched_at)
    before = next((ref for ref in refs if ref.digest == known), None)
    came = next((ref for ref in reversed(refs) if ref.last_fetched_at >= since), None)
    if before is None or came is None:
        statuses = [c.status for c in its_own if datetime.fromisoformat(c.fetched_at) >= since]
        if statuses and statuses[-1] in GONE:
            return row(canaries.Sight.GONE, known, (f"http {statuses[-1]}",))
        if statuses and 300 <= statuses[-1] < 400:
            return row(canaries.Sight.RED, known, ("url",))  # it leads to what is not this article
        return row(canaries.Sight.NOT_FETCHED, known, tuple(report.failures) or ("no answer",))
    was, is_now = (clean(archive.read(ref), site, [archive.read(part) for part in ref.parts]) for ref in (before, came))
    if isinstance(was, Unread):
        return row(canaries.Sight.RED, known, ("the known page", str(was.kind), str(was)))
    differs = canaries.differing(was, is_now)
    keep = differs and not (accept and not isinstance(is_now, Unread))
    return row(canaries.Sight.RED if differs else canaries.Sight.GREEN, known if keep else came.digest, differs)
