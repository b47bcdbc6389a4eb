"""What Scrapy 2.14 - 2.19 lacks so that a crawl is polite and not merely configured to be (found by experiment).

1. Of several requests that wait for one robots.txt only the first waiter got its rules; the others were let through.
2. A robots.txt that answers 5xx or cannot be reached allowed everything; RFC 9309 2.3.1.4 says it forbids everything.
3. `Crawl-delay` was read and not applied, and AutoThrottle lowered a delay below it.
4. Each host had a pace of its own, also where all of them are one site's.
5. Retry-After was not read; a page that answered 429 or 503 was asked for again at once.
6. A crawl could ask as often as it liked.

`tests/scraper/test_politeness.py` turns red when an upgrade of Scrapy breaks one of them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from etl.health import ASKED_TO_WAIT, BEYOND_BUDGET
from scraper.domains import domain_of
from scraper.heads import BoundedHeads
from scraper.spider import JAKARTA, ArticleSpider, failure_name
from scraper.unpacking import CUT_SHORT

MAX_CRAWL_DELAY = 30.0  # seconds; a longer wish is met as far as this
MAX_WAIT = 120.0  # seconds; a site that wants to be left alone for longer is left alone by this crawl
FIRST_WAIT = 5.0  # seconds after a 429 or 503 that does not say how long; twice as long each further time
_BUSY = (429, 503)
_YEAR = 365 * 24 * 3600.0  # no longer wait is told from this one

_log = logging.getLogger(__name__)


class NoRobots(IgnoreRequest):
    """The site's robots.txt could not be had, so nothing of the site may be fetched; the text says why."""


class NotAsked(IgnoreRequest):
    """A request that is not sent, for the site's sake; the text says why and is the failure's name."""


class ForbidAll:
    """The rules of a site whose robots.txt could not be had, or was not asked for."""

    def __init__(self, why: str) -> None:
        self.why = why


class PoliteRobots(RobotsTxtMiddleware):
    """robots.txt for every waiting request, and a 'no' when it cannot be had."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        parser = self._parsers.get(urlparse_cached(request).netloc)
        if not isinstance(parser, Deferred):
            return await super().robot_parser(request)
        rules: asyncio.Future[RobotParser | None] = asyncio.get_running_loop().create_future()

        def hand_on(result: RobotParser | None) -> RobotParser | None:
            if not rules.done():
                rules.set_result(result)
            return result  # the next waiter gets it too: this is what Scrapy forgot

        parser.addCallback(hand_on)
        return await rules

    def process_request_2(self, rp: RobotParser | ForbidAll | None, request: Request) -> None:
        if isinstance(rp, ForbidAll):
            raise NoRobots(rp.why)
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._forbid(netloc, f"robots.txt: http {response.status}")
        elif CUT_SHORT in response.flags:  # what is missing may be what forbids
            self._forbid(netloc, f"robots.txt: {CUT_SHORT}")
        else:
            await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._forbid(netloc, str(exc) if isinstance(exc, NotAsked) else f"robots.txt: {failure_name(exc)}")

    def _forbid(self, netloc: str, why: str) -> None:
        waiting: Any = self._parsers[netloc]
        rules: Any = ForbidAll(why)
        self._parsers[netloc] = rules
        waiting.callback(rules)


# ----------------------------------------------------------------------------------------------------------------- pace


class DomainSlots:
    """Downloader middleware: one queue, and so one pace, for all hosts of a registered domain.

    Of every request: lists, articles, robots.txt, further tries, and redirects, which bring the slot of another site.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.spider = _spider_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DomainSlots:
        """Scrapy's constructor."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Name the slot; what will not be sent need not wait for its turn first."""
        request.meta["download_slot"] = domain_of(request.url)
        refuse(self.spider, request)


class PoliteThrottle(AutoThrottle):
    """AutoThrottle that never goes below the largest Crawl-delay of a domain's hosts."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._floors: dict[str, float] = {}  # by slot
        crawler.signals.connect(self._read_delay, signals.robots_parsed)
        crawler.signals.connect(self._enter, signals.request_reached_downloader)

    def _read_delay(self, robotparser: Any, request: Request) -> None:
        delay = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        if delay:
            if delay > MAX_CRAWL_DELAY:
                host = urlparse_cached(request).hostname
                _log.warning("%s asks for a Crawl-delay of %s s; it gets %s s", host, delay, MAX_CRAWL_DELAY)
            key = domain_of(request.url)
            self._floors[key] = max(self._floors.get(key, 0.0), min(float(delay), MAX_CRAWL_DELAY))
            self._raise_to_floor(key)

    def _enter(self, request: Request) -> None:
        # Scrapy forgets a slot, and its delay, after a minute without requests.
        self._raise_to_floor(request.meta["download_slot"])

    def _adjust_delay(self, slot: Any, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        self._raise_to_floor(domain_of(response.url))

    def _raise_to_floor(self, key: str) -> None:
        slot = _slot(self.crawler, key)
        if slot is not None and key in self._floors:
            slot.delay = max(slot.delay, self._floors[key])
            slot.jitter = 0.0


class Waits:
    """Extension: a domain that asks for a pause gets it, all of it, before anything else is asked of it.

    Retry-After is heeded with any status; 429 and 503 without one mean FIRST_WAIT, twice as long each further time.
    A wait above MAX_WAIT is not waited for: nothing of the domain is asked for again in this crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler, self.spider = crawler, _spider_of(crawler)
        self._until: dict[str, float] = {}  # by slot, as time.monotonic() has it
        self._last: dict[str, float] = {}  # seconds of the last wait that was ours to choose
        crawler.signals.connect(self._heed, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Waits:
        """Scrapy's constructor."""
        return cls(crawler)

    def _heed(self, response: Response, request: Request) -> None:
        # At this signal Scrapy has not yet looked for the next request to send.
        key = request.meta["download_slot"]
        asked = retry_after(response, datetime.now(UTC))
        if asked:
            self._pause(key, asked, f"{ASKED_TO_WAIT} {asked:.0f} s")
        elif response.status not in _BUSY:
            self._last.pop(key, None)
        elif time.monotonic() >= self._until.get(key, 0.0):  # else it was sent before the pause, and says nothing new
            self._last[key] = 2 * self._last[key] if key in self._last else FIRST_WAIT
            self._pause(key, self._last[key], f"left alone after http {response.status}")

    def _pause(self, key: str, seconds: float, why: str) -> None:
        slot = _slot(self.crawler, key)
        if key in self.spider.left_alone or slot is None:
            return
        if seconds > MAX_WAIT:
            _log.warning("%s: %s; nothing more is asked of it in this crawl", key, why)
            self.spider.left_alone[key] = why
            slot.delay = slot.lastseen = 0.0  # what waits in the slot is refused now, and not one a second
            slot.close()
        else:
            _log.info("%s gets a pause of %.0f s", key, seconds)
            self._until[key] = max(self._until.get(key, 0.0), time.monotonic() + seconds)
            # As if its last request were sent then: the next is due a delay later, and Scrapy does not forget the slot.
            slot.lastseen = self._until[key]
            slot.delay = slot.delay or 0.01


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that Retry-After asks to wait (RFC 9110 10.2.3: delta-seconds or HTTP-date); None for none, past or odd.

    A date is meant by the server's clock, so it counts from the response's own Date where there is one.
    """
    said = _header(response, "Retry-After")
    if said.isascii() and said.isdigit():
        seconds = float(said[:20])
    else:
        until = _http_date(said)
        seconds = (until - (_http_date(_header(response, "Date")) or now)).total_seconds() if until else 0.0
    return min(seconds, _YEAR) if seconds > 0 else None


def _header(response: Response, name: str) -> str:
    value: bytes = response.headers.get(name) or b""
    return value.decode("latin-1").strip()


def _http_date(stamp: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(stamp)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


# --------------------------------------------------------------------------------------------------- what is not asked


class PoliteHandler(BoundedHeads):
    """The download handler: the last place before the wire. Each request that passes counts against the day's budget."""

    async def download_request(self, request: Request) -> Response:
        """Send it. Raises NotAsked."""
        spider = _spider_of(self._crawler)
        refuse(spider, request)
        spider.spent[_today()] += 1
        return await super().download_request(request)


def refuse(spider: ArticleSpider, request: Request) -> None:
    """Raise NotAsked for a domain that is left alone, or when the site's budget of the day (Asia/Jakarta) is spent."""
    left_alone = spider.left_alone.get(domain_of(request.url))
    if left_alone:
        raise NotAsked(left_alone)
    if spider.spent[_today()] >= spider.budget:
        raise NotAsked(BEYOND_BUDGET)


def _today() -> date:
    return datetime.now(JAKARTA).date()


def _spider_of(crawler: Crawler) -> ArticleSpider:
    assert isinstance(crawler.spider, ArticleSpider)
    return crawler.spider


def _slot(crawler: Crawler, key: str) -> Any:
    return crawler.engine.downloader.slots.get(key) if crawler.engine else None
