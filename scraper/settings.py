"""Scrapy's settings: polite, quiet, nothing listening, nothing fetched that was not asked for."""

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
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "scraper.politeness.PoliteRobots": 100,
        "scraper.crawl.KeepEverything": 950,
    },
    "EXTENSIONS": {
        "scrapy.extensions.throttle.AutoThrottle": None,
        "scraper.politeness.PoliteThrottle": 0,
    },
    # bounds
    "DOWNLOAD_TIMEOUT": 30,
    "DOWNLOAD_MAXSIZE": 20_000_000,
    "RETRY_TIMES": 2,
    "REDIRECT_MAX_TIMES": 5,
    "CLOSESPIDER_TIMEOUT": 3 * 3600,
    # no doors, no side channels
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "id,en;q=0.5",
        "Accept-Encoding": "gzip, br",
    },
    "LOG_LEVEL": "INFO",
    "LOG_FORMAT": "%(asctime)s %(levelname)s %(name)s: %(message)s",
}

_REPLAY: dict[str, Any] = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "DOWNLOAD_HANDLERS": {"http": "scraper.replay.ReplayHandler", "https": "scraper.replay.ReplayHandler"},
}


def scrapy_settings(contact: str, replay: Path | None, as_of: datetime | None) -> dict[str, Any]:
    """Settings of one crawl. `contact` (a URL or address) stands in the user agent, so that a site can complain."""
    settings = {**LIVE, "USER_AGENT": f"awards-etl/0.1 (+{contact})"}
    if replay is not None:
        settings |= _REPLAY | {"REPLAY_FILE": str(replay), "REPLAY_AS_OF": as_of}
    return settings
