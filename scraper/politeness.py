"""What Scrapy 2.14 - 2.19 needs so that robots.txt is obeyed and not merely configured (found by experiment).

1. Of several requests that wait for one robots.txt only the first waiter got its rules; the others were let through.
2. A robots.txt that answers 5xx or cannot be reached allowed everything; RFC 9309 2.3.1.4 says it forbids everything.
3. `Crawl-delay` was read and not applied, and AutoThrottle lowered a delay below it.

`tests/scraper/test_politeness.py` turns red when an upgrade of Scrapy breaks one of them.
"""

from __future__ import annotations

import asyncio
import logging
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

from scraper.spider import failure_name

MAX_CRAWL_DELAY = 30.0  # seconds; a longer wish is met as far as this

_log = logging.getLogger(__name__)


class NoRobots(IgnoreRequest):
    """The site's robots.txt could not be had, so nothing of the site may be fetched; the text says why."""


class ForbidAll:
    """The rules of a site whose robots.txt could not be had."""

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
            raise NoRobots(f"robots.txt: {rp.why}")
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._forbid(netloc, f"http {response.status}")
        else:
            await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._forbid(netloc, failure_name(exc))

    def _forbid(self, netloc: str, why: str) -> None:
        waiting: Any = self._parsers[netloc]
        rules: Any = ForbidAll(why)
        self._parsers[netloc] = rules
        waiting.callback(rules)


class PoliteThrottle(AutoThrottle):
    """AutoThrottle that never goes below the site's Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._floors: dict[str, float] = {}
        crawler.signals.connect(self._read_delay, signals.robots_parsed)
        crawler.signals.connect(self._enter, signals.request_reached_downloader)

    def _read_delay(self, robotparser: Any, request: Request) -> None:
        delay = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        host = urlparse_cached(request).hostname
        if delay and host:
            if delay > MAX_CRAWL_DELAY:
                _log.warning("%s asks for a Crawl-delay of %s s; it gets %s s", host, delay, MAX_CRAWL_DELAY)
            self._floors[host] = min(float(delay), MAX_CRAWL_DELAY)
            self._raise_to_floor(host)

    def _enter(self, request: Request) -> None:
        # Scrapy forgets a host's slot, and its delay, after a minute without requests.
        self._raise_to_floor(urlparse_cached(request).hostname or "")

    def _adjust_delay(self, slot: Any, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        self._raise_to_floor(urlparse_cached(response).hostname or "")

    def _raise_to_floor(self, host: str) -> None:
        slot = self.crawler.engine.downloader.slots.get(host) if self.crawler.engine else None
        if slot is not None and host in self._floors:
            slot.delay = max(slot.delay, self._floors[host])
            slot.jitter = 0.0
