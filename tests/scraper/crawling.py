"""A real crawl of a LocalSite in a process of its own, and how it ended."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.scraper.local_site import LocalSite

if TYPE_CHECKING:
    from tests.faults.prepared import PreparedCrawls

ROOT = Path(__file__).parents[2]
CONTACT = "https://awards.example/contact"
# A crawl of this machine need not wait; what a test is about, it sets itself.
QUICK = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_START_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_TIMEOUT": 9}


@dataclass
class Crawled:
    """How a crawl ended."""

    code: int
    said: dict[str, Any]
    log: str

    @property
    def failures(self) -> dict[str, int]:
        failures: dict[str, int] = self.said["report"]["failures"]
        return failures


def command(archive: Path | str, declare: dict[str, Any], *flags: str, **order: Any) -> list[str]:
    order["settings"] = {**QUICK, **order.get("settings", {})}
    asked = ["--now", "2026-11-20T03:00:00+00:00", "--since", "2026-11-20", "--contact", CONTACT]
    asked += [] if "--locks" in flags or not isinstance(archive, Path) else ["--locks", str(archive)]
    told = json.dumps({"declare": declare, **order})
    return [sys.executable, "-m", "tests.scraper.local_crawl", told, "local", "--archive", str(archive), *asked, *flags]


def crawl(archive: Path | str, declare: dict[str, Any], *flags: str, **order: Any) -> Crawled:
    """Crawl to the end: a fork of a process that has loaded the crawl, or a fresh interpreter where that would not do.

    That is where names have to stand for this machine before Twisted is loaded, memory is bounded, the environment is not
    the one that the process began with, or another crawl is under way.
    """
    is_plain = not order.get("hosts") and "--memory" not in flags and _environment() == _BEGAN_WITH
    if not is_plain or not _ONE_AT_A_TIME.acquire(blocking=False):
        return _crawled_afresh(archive, declare, *flags, **order)
    try:
        crawled = _prepared().start(archive, declare, *flags, **order).ended()
    finally:
        _ONE_AT_A_TIME.release()
    assert "Traceback" not in crawled.log or order.get("faulty"), crawled.log
    return crawled


@cache
def _prepared() -> PreparedCrawls:
    from tests.faults.prepared import PreparedCrawls  # here, because it imports from this module

    folder = tempfile.TemporaryDirectory(prefix="awards-crawls-")
    made = PreparedCrawls(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(made.close)
    return made


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


_BEGAN_WITH = _environment()
_ONE_AT_A_TIME = threading.Lock()


def _crawled_afresh(archive: Path | str, declare: dict[str, Any], *flags: str, **order: Any) -> Crawled:
    ended = subprocess.run(
        command(archive, declare, *flags, **order), capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    said: dict[str, Any] = {}
    for line in ended.stdout.splitlines():
        said |= json.loads(line)
    assert "Traceback" not in ended.stderr or order.get("faulty"), ended.stderr
    return Crawled(ended.returncode, said, ended.stderr)


def starts(site: LocalSite, *paths: str) -> dict[str, Any]:
    """A site whose crawl begins with these addresses, all at once."""
    return {"indexes": [{"url": site.base + path, "links": "a.none"} for path in paths]}


def outlet(site: LocalSite, **declared: Any) -> dict[str, Any]:
    """A site with a feed of articles at /berita/N."""
    pattern = rf"{site.base}/berita/\d+"
    return {"feeds": [f"{site.base}/rss"], "article_url": pattern, "article_id": r"/berita/(\d+)", **declared}


def feed(*numbers: int) -> str:
    return "<rss>" + "".join(f"<item><title>Raih</title><link>/berita/{n}</link></item>" for n in numbers) + "</rss>"
