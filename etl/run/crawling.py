"""Crawls as child processes: told what to ask for, listened to, ended by their time limit. Reads no page, loads nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from db import locks
from etl.model import AwardsError, CrawlReport
from etl.run import visits
from etl.run.order import Order, Progress, SiteResult, silent
from etl.settings import Settings, make_folder
from scraper.archive import Archive

OVERLAP = timedelta(days=2)  # how far back list pages are read again: outlets date and correct articles late
MAX_LOOKBACK = timedelta(days=14)
ENDING = 60.0  # seconds that a crawl gets to end after its last word
LOG_TAIL = 4000  # characters of a crawl's log that are stored with its run
_CONTROLS = re.compile(r"[^\n\t\x20-\x7e\xa0-\U0010ffff]")  # a terminal obeys them, and PostgreSQL takes no NUL


def crawl_all(
    settings: Settings, order: Order, progress: Progress = silent, alone: Callable[[str], None] = lambda site: None
) -> Iterator[SiteResult]:
    """Crawl the sites of an order, several at a time; one result a site, as each is done.

    `alone` is called before each crawl, and raises Taken where the site is another process's.
    """
    now = order.clock()
    make_folder(settings.logs)
    children: set[subprocess.Popen[str]] = set()
    pool = ThreadPoolExecutor(settings.crawls)
    try:
        waiting = [
            pool.submit(_crawl_result, settings, order, site, now, progress, children, alone) for site in order.sites
        ]
        for done in as_completed(waiting):
            yield done.result()
    finally:  # also when this process is told to stop: nothing new begins, and no child outlives it
        pool.shutdown(wait=False, cancel_futures=True)
        for child in list(children):
            child.kill()  # the archive bears it; a polite end would wait for a site that does not answer
        pool.shutdown()


def _crawl_result(
    settings: Settings, order: Order, site: str, now: datetime, progress: Progress,
    children: set[subprocess.Popen[str]], alone: Callable[[str], None],
) -> SiteResult:  # fmt: skip
    result = SiteResult(site, CrawlReport(site), datetime.now(UTC))
    try:
        alone(site)
    except locks.Taken as error:
        result.error, result.passed_by = str(error), True
        result.ended_at = datetime.now(UTC)
        return result
    except AwardsError as error:
        result.error = str(error)
        result.ended_at = datetime.now(UTC)
        return result
    try:
        result.report = crawl(settings, order, site, now, progress, children, run_id=result.run_id)
    except AwardsError as error:
        result.error = str(error)
    result.log = tail(settings.logs / f"{site}.log")
    result.ended_at = datetime.now(UTC)
    return result


def crawl(
    settings: Settings, order: Order, site: str, now: datetime, progress: Progress = silent,
    children: set[subprocess.Popen[str]] | None = None, locks: Path | None = None, run_id: str | None = None,
) -> CrawlReport:  # fmt: skip
    """Crawl one site in a child process, which is among `children` while it runs.

    `locks`: the folder where crawls see which domains others are asking; that of the settings unless said. `run_id`: the
    run that its log speaks of. Raises AwardsError with the child's own one-line reason, or saying how it ended without one.
    """
    children = set() if children is None else children
    log = make_folder(settings.logs) / f"{site}.log"
    command = [sys.executable, "-m", "scraper.crawl", site, "--archive", settings.archive]
    command += ["--staging", str(settings.staging)]
    since = _since(settings, site, now)
    if order.is_whole and visits.seen_until(settings.visits, site) is None:
        visits.note(settings.visits, site, since)  # should this first visit break off, the next one begins there too
    command += ["--now", now.isoformat(), "--since", (order.since or since.date()).isoformat()]
    command += ["--contact", settings.contact, "--memory", str(settings.crawl_memory)]
    command += ["--log-format", settings.log_format, "--log-level", settings.log_level]
    command += ["--run", run_id] if run_id else []
    command += ["--limit", str(order.limit)] if order.limit is not None else []
    command += ["--replay", order.replay] if order.replay else []
    command += ["--locks", str(locks or settings.locks)]
    command += ["--until", order.until.isoformat()] if order.until else []
    command += [part for url in order.only for part in ("--only", url)]
    try:
        with (
            log.open("wb") as errors,
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, text=True
            ) as child,
        ):
            children.add(child)
            report, late = _followed(child, site, settings.crawl_limit, progress)
            children.discard(child)
    except OSError as error:
        raise AwardsError(f"the crawl of {site} cannot start: {log}: {error.strerror or error}") from error
    if isinstance(report, str):
        raise AwardsError(report)
    if report is None:
        why = f"ended by the time limit of {settings.crawl_limit:.0f} s" if late else _ending(child.returncode)
        raise AwardsError(f"the crawl of {site} broke off ({why}); what it fetched is kept, {log} says more")
    if order.is_whole and visits.is_whole(report):
        visits.note(settings.visits, site, now)
    return report


def _ending(code: int) -> str:
    """An exit code in words."""
    return f"exit status {code}" if code >= 0 else f"ended by signal {-code}"


def tail(log: Path) -> str | None:
    """The last LOG_TAIL characters of a log, from the start of a line on where they hold one; None when there are none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4 * LOG_TAIL))
            text = _CONTROLS.sub("", file.read().decode("utf-8", "replace"))
    except OSError:
        return None
    end = text[-LOG_TAIL:]
    return (end if len(end) == len(text) else end.partition("\n")[2] or end).rstrip() or None


def _followed(
    child: subprocess.Popen[str], site: str, limit: float, progress: Progress
) -> tuple[CrawlReport | str | None, bool]:
    """What a child says until it ends, and whether it had to be ended by the time limit."""
    late = threading.Event()

    def give_up() -> None:
        late.set()
        child.kill()

    end = threading.Timer(limit, give_up)
    end.start()
    try:
        report = _listen(child, site, progress)
        child.wait(ENDING)
    except subprocess.TimeoutExpired:
        pass  # it has said all it had to say
    finally:  # also when this process is told to stop: no child outlives it
        end.cancel()
        child.kill()
    return report, late.is_set()


def _listen(child: subprocess.Popen[str], site: str, progress: Progress) -> CrawlReport | str | None:
    """Follow a child's JSON lines; its report, its error, or None when it ended without a word."""
    outcome: CrawlReport | str | None = None
    for line in child.stdout or ():
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError:
            continue  # a library that prints
        if "progress" in message:
            progress(site, "crawl", message["progress"]["fetched"], 0)
        elif "report" in message:
            outcome = CrawlReport(**message["report"])
        elif "error" in message:
            outcome = str(message["error"])
    return outcome


def _since(settings: Settings, site: str, now: datetime) -> datetime:
    """From when on lists are read: the last whole visit, at least OVERLAP and at most MAX_LOOKBACK back."""
    last = visits.seen_until(settings.visits, site) or _last_page(settings, site) or now
    return max(min(last, now - OVERLAP), now - MAX_LOOKBACK)


def _last_page(settings: Settings, site: str) -> datetime | None:
    """When the archive's newest page of a site was fetched; a robots.txt that still came, or an error page, is none."""
    captures = Archive(settings.archive).captures(site)
    pages = [c.fetched_at for c in captures if c.status == 200 and not c.url.endswith("/robots.txt")]
    return datetime.fromisoformat(max(pages)) if pages else None
