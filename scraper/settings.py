"""Scrapy's settings: polite, quiet, nothing listening, nothing fetched that was not asked for.

Every part of Scrapy that runs is named here, instead of switching off some of its defaults: an upgrade cannot add a
door or a fetch of its own (the cookie middleware fetched publicsuffix.org), and what nobody uses is not imported.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

LIVE: dict[str, Any] = {
    # politeness
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_DELAY": 1.0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
    "AUTOTHROTTLE_ENABLED": True,
    "AUTOTHROTTLE_START_DELAY": 1.0,
    "AUTOTHROTTLE_MAX_DELAY": 60.0,
    # parts
    "DOWNLOADER_MIDDLEWARES_BASE": {},
    "DOWNLOADER_MIDDLEWARES": {
        "scraper.politeness.DomainSlots": 90,
        "scraper.politeness.PoliteRobots": 100,
        "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
        "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
        "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
        "scraper.redirects.HomeRedirects": 600,
        "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
        "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
        "scraper.crawl.KeepEverything": 950,
    },
    "EXTENSIONS_BASE": {},
    "EXTENSIONS": {
        "scrapy.extensions.corestats.CoreStats": 0,
        "scrapy.extensions.logcount.LogCount": 0,
        "scrapy.extensions.logstats.LogStats": 0,
        "scrapy.extensions.memusage.MemoryUsage": 0,
        "scrapy.extensions.closespider.CloseSpider": 0,
        "scraper.politeness.PoliteThrottle": 0,
        "scraper.politeness.Waits": 1,  # after AutoThrottle: a pause has the last word
    },
    "DOWNLOAD_HANDLERS_BASE": {},
    "DOWNLOAD_HANDLERS": {
        "http": "scraper.politeness.PoliteHandler",
        "https": "scraper.politeness.PoliteHandler",
    },
    "DUPEFILTER_CLASS": "scraper.frontier.AskedRequests",
    "CONCURRENT_ITEMS": 1,  # a callback gives requests only, one after the other; the default starts 100 tasks a page
    "WARN_ON_GENERATOR_RETURN_VALUE": False,  # mypy sees that; Scrapy would parse this package's source in each crawl
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    # bounds
    "DOWNLOAD_TIMEOUT": 30,
    "DOWNLOAD_MAXSIZE": 20_000_000,
    "RETRY_TIMES": 2,
    "REDIRECT_MAX_TIMES": 5,
    "CLOSESPIDER_TIMEOUT": 3 * 3600,
    "PUBLIC_ADDRESSES": (),  # networks that redirects may lead to though they are private
    # words
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "id,en;q=0.5",
        "Accept-Encoding": "gzip",  # and no br: warcio 1.8 cannot check records of it (brotli 1.2 broke it)
    },
    "LOG_INSTALL_ROOT_HANDLER": False,  # etl/logs.py has done it
}

_REPLAY: dict[str, Any] = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "DOWNLOAD_HANDLERS": {"http": "scraper.replay.ReplayHandler", "https": "scraper.replay.ReplayHandler"},
    "DOWNLOADER_MIDDLEWARES": {**LIVE["DOWNLOADER_MIDDLEWARES"], "scraper.politeness.DomainSlots": None},
    "EXTENSIONS": {**LIVE["EXTENSIONS"], "scraper.politeness.Waits": None},  # an archive need not be spared
    "RETRY_EXCEPTIONS": [],  # an archive has no broken connections; naming them would import the whole of TLS
}


def scrapy_settings(contact: str, replay: Path | None, as_of: datetime | None) -> dict[str, Any]:
    """Settings of one crawl. `contact` (a URL or address) stands in the user agent, so that a site can complain."""
    settings = {**LIVE, "USER_AGENT": f"awards-etl/0.1 (+{contact})"}
    if replay is not None:
        settings |= _REPLAY | {"REPLAY_FILE": str(replay), "REPLAY_AS_OF": as_of}
    return settings
