"""APScheduler fires `awards run SITE` in a child process at each site's times. Holds no state and crawls nothing itself.

Times are cron expressions of the spiders, in Asia/Jakarta, whatever the machine's zone is.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from etl.model import UsageError
from etl.settings import Settings
from scraper.crawl import spiders
from scraper.spider import JAKARTA

MISFIRE_GRACE = 6 * 3600  # seconds; the library's one second would skip every run that starts late
LOADING = 600.0  # seconds that a run gets beyond the time limit of its crawl
STOP_GRACE = 20.0  # seconds that running children get to end when the scheduler is stopped

log = logging.getLogger("awards.schedule")


def next_due(now: datetime) -> dict[str, datetime]:
    """When each site runs next, in Jakarta's time, by site."""
    due = {name: _trigger(name, spider.schedule).get_next_fire_time(None, now) for name, spider in spiders().items()}
    return {name: when for name, when in due.items() if when is not None}


def _trigger(name: str, expression: str) -> CronTrigger:
    try:
        return CronTrigger.from_crontab(expression, timezone=JAKARTA)
    except ValueError as error:
        raise UsageError(f"the schedule of {name}, {expression!r}, is no cron expression: {error}") from error


def serve(settings: Settings, sites: Sequence[str]) -> None:
    """Run until SIGTERM or SIGINT. One run a site at a time; runs missed while one went on become one."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # what it does is said below, by site
    stop = threading.Event()
    scheduler = BackgroundScheduler(timezone=JAKARTA)
    for name in sites:
        scheduler.add_job(
            _fire, _trigger(name, spiders()[name].schedule), (name, settings.crawl_limit, stop), id=name,
            max_instances=1, coalesce=True, misfire_grace_time=MISFIRE_GRACE,
        )  # fmt: skip
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler.start()
    for name, when in next_due(datetime.now(JAKARTA)).items():
        if name in sites:
            log.info("%s runs next at %s", name, when.isoformat(timespec="minutes"))
    stop.wait()
    log.info("stopping")
    scheduler.pause()
    scheduler.shutdown(wait=True)


def _fire(name: str, limit: float, stop: threading.Event) -> None:
    """One due run, in a child process of its own with a time limit."""
    log.info("%s: run starts", name)
    child = subprocess.Popen([sys.executable, "-m", "etl", "run", name], stdin=subprocess.DEVNULL)
    status = _ended(child, limit + LOADING, stop)
    log.log(logging.INFO if status == 0 else logging.ERROR, "%s: run ended, exit status %d", name, status)


def _ended(child: subprocess.Popen[bytes], limit: float, stop: threading.Event) -> int:
    """Exit status of a child, which is killed at its time limit, and told to end when the scheduler is to stop."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        try:
            return child.wait(1)
        except subprocess.TimeoutExpired:
            if stop.is_set():
                child.terminate()
                end = min(end, time.monotonic() + STOP_GRACE)
    child.kill()
    return child.wait()
