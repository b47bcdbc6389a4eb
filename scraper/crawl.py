"""One crawl of one site, as a child process: `python -m scraper.crawl SITE ...`. Knows no database.

It leaves WARC records and index lines behind. On stdout it writes JSON lines: {"progress": ...} while it works, at the
end {"report": ..., "peak_memory": bytes}, or {"error": "..."} with exit status 1. Whatever happens to it, what it wrote
stays readable.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import select
import sys
import threading
import time
from collections import Counter, deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Request, Response

from etl import logs
from etl.health import BEYOND_BUDGET, WITHHELD
from etl.model import AwardsError, CrawlReport, Page, UsageError
from scraper import domains, sites
from scraper.archive import Archive, ArchiveError, ArchiveWriter, WarcFile
from scraper.memory import bound_memory, peak_memory
from scraper.politeness import NotAsked
from scraper.polling import GONE, LATEST, LONGEST, Visit
from scraper.replay import archive_path, response_of
from scraper.settings import scrapy_settings
from scraper.spider import JAKARTA, RECHECK_UNTIL, ArticleSpider, Plan
from scraper.unpacking import CUT_SHORT, is_badly_packed, is_cut_short

_PROGRESS_EVERY = 0.2  # seconds
_PARTIAL = 206  # RFC 9110: a list that was cut short says as little as one of which a part was asked for


class KeepEverything:
    """Downloader middleware nearest to the wire: every response goes to the archive before anything else sees it."""

    def __init__(self, crawler: Crawler) -> None:
        assert isinstance(crawler.spider, ArticleSpider)
        self.crawler, self.spider, self.archive = crawler, crawler.spider, crawler.spider.archive
        self._last_progress = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeepEverything:
        """Scrapy's constructor."""
        return cls(crawler)

    def process_request(self, request: Request) -> Response | None:
        """Ask only for what has changed since the archive's copy, and not at all where that is to do (`as_kept`).

        An article that was taken down is not asked for, whatever leads to it: a redirect, a further page, a command.
        """
        if self.spider.plan.blocked.holds(self.spider.declared, request.url):
            raise NotAsked("taken down")
        before = self.archive.latest(request.url)
        if before is not None and "as_kept" in request.meta:
            try:
                return response_of(self.archive.read(before), request.url)
            except ArchiveError:
                pass  # the copy is damaged: then the site is asked
        request.meta.pop("as_kept", None)
        request.meta.pop("began", None)  # of an earlier try
        if before is not None and before.etag:
            request.headers.setdefault("If-None-Match", before.etag)
        if before is not None and before.last_modified:
            request.headers.setdefault("If-Modified-Since", before.last_modified)
        return None

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the bytes as the server sent them (still compressed); an archive that cannot be written ends the crawl.

        What came packed and not whole is kept as such: no later 304 can confirm it, and it counts as not had.
        A 304 is passed on as the page that it confirms. So an unchanged robots.txt still forbids, and the links of an
        unchanged list are still found when the crawl that kept the list did not come to its articles.
        """
        if "not_archived" in request.meta or "as_kept" in request.meta:
            return response
        headers = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        at = request.meta.get("fetched_at") or datetime.now(UTC)
        page = Page(self.archive.site, request.url, at, response.status, headers, response.body)
        if is_cut_short(page.body):
            self.spider.failed(CUT_SHORT)
            response = response.replace(flags=[*response.flags, CUT_SHORT])
        try:
            new = self.archive.add(page, truncated=is_badly_packed(page.body, page.header("content-encoding")))
        except ArchiveError as error:
            self._stop(error)
            raise
        self.spider.counts["fetched"] += 1
        self.spider.counts["stored"] += new
        self.spider.counts["not_modified"] += response.status == 304
        self._tell()
        confirmed = self.archive.latest(request.url) if response.status == 304 else None
        return response_of(self.archive.read(confirmed), request.url) if confirmed else response

    def _stop(self, error: ArchiveError) -> None:
        if self.spider.error is None and self.crawler.engine is not None:
            self.spider.error = error
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="archive"))

    def _tell(self) -> None:
        if time.monotonic() - self._last_progress >= _PROGRESS_EVERY:
            self._last_progress = time.monotonic()
            _say(progress={name: self.spider.counts[name] for name in ("fetched", "stored")})


def crawl(
    name: str, archive: Archive, plan: Plan, contact: str, replay: Path | None, locks: Path | None
) -> CrawlReport:
    """Crawl one site into the archive. Starts the reactor, so a process can do it once.

    Of a site that nobody has declared, one page alone can be asked for (`plan.only`).

    `locks`: the folder of the domains' locks; none are taken without it. Raises UsageError for an unknown site,
    ArchiveError when the archive cannot be written (locked, read-only, full) or another crawl keeps asking the domain.
    """
    spider = sites.spiders().get(name) or (sites.stranger(name) if plan.only else None)
    if spider is None:
        raise UsageError(f"there is no site {name!r}")
    alone = nullcontext() if replay or locks is None else _alone(spider, plan, locks)
    with archive.writer(name) as writer, alone:
        seen, known_urls = _already_seen(spider, writer, plan.now)
        visits = _visits_of_lists(spider, writer, plan.now)
        plan = replace(plan, seen=seen, known_urls=known_urls, visits=visits, spent=_spent(writer, datetime.now(UTC)))
        plan = replace(plan, blocked=archive.blocked(name))
        process = CrawlerProcess(scrapy_settings(contact, replay, plan.now))
        crawler = process.create_crawler(spider)
        process.crawl(crawler, plan=plan, archive=writer)
        process.start()
        if not isinstance(crawler.spider, ArticleSpider):
            raise AwardsError(f"the crawl of {name} did not start; its log says why")
        if crawler.spider.error is not None:
            raise crawler.spider.error
        return _report(crawler.spider, crawler.stats.get_value("finish_reason") or "unknown")


def _alone(spider: type[ArticleSpider], plan: Plan, locks: Path) -> AbstractContextManager[None]:
    """The domains that this crawl is going to ask, for itself."""
    lists = [*spider.feeds, *spider.sitemaps, *(index.url for index in spider.indexes)]
    return domains.alone_on(plan.only or lists, locks, domains.PATIENCE)


def _spent(writer: ArchiveWriter, now: datetime) -> Counter[date]:
    lately = writer.captures(since=now - timedelta(days=1))
    return Counter(datetime.fromisoformat(capture.fetched_at).astimezone(JAKARTA).date() for capture in lately)


def _report(spider: ArticleSpider, ending: str) -> CrawlReport:
    counts, failures = spider.counts, dict(spider.failures)
    if counts["withheld"]:
        failures[WITHHELD] = counts["withheld"]
    for why in spider.left_alone.values():
        failures.setdefault(why, 1)
    if ending != "finished":
        failures[f"ended early: {ending.removeprefix('closespider_')}"] = 1
    return CrawlReport(
        site=spider.name,
        fetched=counts["fetched"],
        stored=counts["stored"],
        unchanged=counts["fetched"] - counts["stored"],
        not_modified=counts["not_modified"],
        lists=counts["lists"],
        lists_cut=counts["lists_cut"],
        rested=counts["rested"],
        articles=counts["articles"],
        known=counts["known"],
        passed_over=counts["passed_over"],
        failures=dict(sorted(failures.items())),
        finished=ending == "finished" and not spider.left_alone and BEYOND_BUDGET not in failures,
    )


def _already_seen(
    spider: type[ArticleSpider], writer: ArchiveWriter, now: datetime
) -> tuple[dict[str, tuple[datetime, datetime]], dict[str, str]]:
    """First and last capture of each article id that was ever had, and the address that each young one was last had from.

    That an article was found gone counts too, or it would be asked for at every visit.
    """
    site = spider.site()
    seen: dict[str, tuple[datetime, datetime]] = {}
    urls: dict[str, str] = {}
    for capture in writer.captures():
        is_answer = capture.status in (200, *GONE) and not capture.truncated
        key = site.article_id_of(capture.url) if is_answer else None
        if key is not None and (capture.status == 200 or key in seen):
            at = datetime.fromisoformat(capture.fetched_at)
            first, last = seen.get(key, (at, at))
            seen[key] = min(first, at), max(last, at)
            if capture.status == 200:
                urls[key] = capture.url
    return seen, {key: url for key, url in urls.items() if now - seen[key][0] < RECHECK_UNTIL}


def _visits_of_lists(spider: type[ArticleSpider], writer: ArchiveWriter, now: datetime) -> dict[str, list[Visit]]:
    """The latest captures of each feed and sitemap that was asked lately; of any other, nothing is to be known."""
    site = spider.site()
    visits: dict[str, deque[Visit]] = {}
    for capture in writer.captures(since=now - LATEST * LONGEST):
        if not capture.url.endswith("/robots.txt") and site.article_id_of(capture.url) is None:
            status = _PARTIAL if capture.truncated else capture.status
            visit = Visit(datetime.fromisoformat(capture.fetched_at), status, capture.digest)
            visits.setdefault(capture.url, deque(maxlen=LATEST)).append(visit)
    return {url: list(found) for url, found in visits.items() if now - found[-1].at < LONGEST}


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, so that the archive's lock is free for the next run.

    That one may have gone before this line is reached: then nobody reads the other end of stdout any more.
    """
    parent, reader = os.getppid(), select.poll()
    reader.register(sys.stdout.fileno(), 0)

    def watch() -> None:
        while os.getppid() == parent and not any(event & select.POLLERR for _, event in reader.poll(0)):
            time.sleep(0.25)
        os._exit(1)  # what was written stays readable: no clean-up is owed

    threading.Thread(target=watch, daemon=True).start()


def _say(**message: Any) -> None:
    print(json.dumps(message, ensure_ascii=False) + "\n", end="", flush=True)  # whole, also from another thread


def main() -> int:
    """Entry point of the child process."""
    parser = argparse.ArgumentParser(prog="python -m scraper.crawl", description=__doc__)
    parser.add_argument("site")
    parser.add_argument("--archive", required=True, help="the archive's folder or fsspec address")
    parser.add_argument("--staging", type=Path, help="folder where files wait that are to be published at an address")
    parser.add_argument(
        "--now", type=datetime.fromisoformat, required=True, help="the run's clock, ISO 8601 with offset"
    )
    parser.add_argument("--since", type=date.fromisoformat, required=True, help="first day of list pages and feeds")
    parser.add_argument("--until", type=date.fromisoformat, help="last day, of a backfill: nothing but dated lists")
    parser.add_argument("--limit", type=int, help="at most so many article pages")
    parser.add_argument(
        "--only", metavar="URL", action="append", help="fetch this article and no list; may be repeated"
    )
    parser.add_argument("--contact", required=True, help="URL or address for the user agent")
    parser.add_argument("--locks", type=Path, help="folder of the domains' locks, of which a crawl takes its own")
    parser.add_argument("--replay", help="WARC file, or 'sample', that answers instead of the network")
    parser.add_argument("--memory", type=int, help="bytes of memory after which the crawl is ended")
    parser.add_argument(
        "--log-format", choices=logs.FORMATS, default="console", help="how its log is written to stderr"
    )
    parser.add_argument("--log-level", default="INFO", help="from which level on")
    parser.add_argument("--run", help="the run that its log speaks of")
    given = parser.parse_args()
    _end_with_parent()
    logs.configure(given.log_format, given.log_level, run=given.run, site=given.site)
    if given.memory is not None:
        bound_memory(given.memory, lambda why: _say(error=f"the crawl of {given.site} broke off: {why}"))
    try:
        replay = archive_path(given.replay) if given.replay else None
        if replay is not None:
            next(WarcFile(replay).captures(given.site), None)  # says at once if it is no archive
        only = tuple(given.only or ())
        plan = Plan(given.now, given.since, given.limit, only, given.until, replaying=replay is not None)
        report = crawl(given.site, Archive(given.archive, given.staging), plan, given.contact, replay, given.locks)
    except AwardsError as error:
        _say(error=str(error))
        return error.exit_code
    _say(report=asdict(report), peak_memory=peak_memory())
    return 0


if __name__ == "__main__":
    sys.exit(main())
