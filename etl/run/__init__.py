"""Composes the pipeline for the sites asked for: crawl (a child process each), read what was not read yet, load.

Every step can die at any byte: the next run finds what was fetched in the archive and what was read in the database.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from db import connect, load, locks, queries, reference
from db import tombstones as kept
from db.rebuild import fresh_copy, swap
from db.regroup import Cause
from etl import logs
from etl.clean import clean
from etl.engine import in_order
from etl.extract import extract
from etl.health import Counts, Verdict, silent_since, verdict
from etl.language_model import ask
from etl.model import (
    AwardsError,
    CrawlReport,
    Extractor,
    PageRef,
    Reading,
    Site,
    Unread,
    UnreadablePage,
    UsageError,
    short_hash,
)
from etl.operate import canary as canaries
from etl.operate import tombstones
from etl.read import fingerprint, read
from etl.run import visits
from etl.schedule import due
from etl.settings import Settings
from scraper.archive import Archive, ArchiveError, Capture, Damage, WarcFile
from scraper.crawl import sites, spiders
from scraper.polling import GONE, Visit, gone_since
from scraper.replay import archive_path, last_moment

BATCH = 1000  # pages loaded in one transaction: a second or so, and claims of one award often meet in it
OVERLAP = timedelta(days=2)  # how far back list pages are read again: outlets date and correct articles late
MAX_LOOKBACK = timedelta(days=14)
MAX_LOSS = 0.05  # share of their mentions that re-read pages may lose before the gate closes
READINGS = 3  # times that a site is read when a take-down rewrites its archive meanwhile
ENDING = 60.0  # seconds that a crawl gets to end after its last word
RECHECK = timedelta(days=30)  # unseen, after which an award article is asked for again
RECHECKED = 50  # award articles of a site that are asked for again at once
PATIENCE = 600.0  # seconds that a crawl of a site waits for one of another kind (a backfill's, a canary's)
LOG_TAIL = 4000  # characters of a crawl's log that are stored with its run

_CONTROLS = re.compile(r"[^\n\t\x20-\x7e\xa0-\U0010ffff]")  # a terminal obeys them, and PostgreSQL takes no NUL

Progress = Callable[[str, str, int, int], None]  # site, step, done, of how many (0: unknown)


@dataclass(slots=True)
class SiteResult:
    """What a run did for one site."""

    site: str
    report: CrawlReport
    started_at: datetime
    ended_at: datetime | None = None
    read: int = 0
    misfits: int = 0
    others: dict[str, int] = field(default_factory=dict)  # pages that are no article, by kind
    mentions: int = 0
    verdict: Verdict | None = None  # None: nothing was judged, or the run broke off for a reason that is not the site's
    error: str | None = None
    passed_by: bool = False  # another process was crawling the site; nothing was done here
    log: str | None = None  # the end of the crawl's
    bad_pages: list[tuple[str, str]] = field(default_factory=list)  # address, reason

    @property
    def run_id(self) -> str:
        """Key of its row in the table `run`."""
        return f"{self.started_at:%Y%m%dT%H%M%S.%f}-{self.site}"

    @property
    def problem(self) -> str | None:
        """Why the site's run counts as failed, in one line; None when it does not. Red verdicts are for `health`."""
        nothing_came = self.verdict is Verdict.UNREACHABLE or (
            self.verdict is Verdict.REFUSED and not self.report.lists
        )
        if self.error or not nothing_came:
            return self.error
        why = ", ".join(f"{name} ({count})" for name, count in self.report.failures.items())
        return f"{self.site} is {str(self.verdict).lower()}: {why}; what came is kept, the next run asks again"


def silent(site: str, step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def chosen(names: Sequence[str]) -> list[str]:
    """The sites named, or all. Raises UsageError for a name that is no site's, with the nearest ones."""
    known = spiders()
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 3)
            hint = f"did you mean {' or '.join(near)}?" if near else f"the sites are {', '.join(known)}"
            raise UsageError(f"there is no site {name!r}; {hint}")
    return list(dict.fromkeys(names)) or list(known)


def archived(settings: Settings) -> list[str]:
    """The sites that were crawled; all of them before the first crawl."""
    archive = Archive(settings.archive)
    there = set(archive.sites())
    return [name for name in sites() if name in there and archive.captures(name)] or list(spiders())


def replayable(replay: str) -> list[str]:
    """The sites of which an archive holds an article's page. Raises AwardsError when it holds none of any."""
    urls = {capture.url for capture in WarcFile(archive_path(replay)).captures("replay")}
    sites = [kind.site() for kind in spiders().values()]
    found = [site.name for site in sites if any(site.article_id_of(url) is not None for url in urls)]
    if not found:
        raise AwardsError(f"{replay} holds no article of any site; the sites are {', '.join(spiders())}")
    return found


# ---------------------------------------------------------------------------------------------------------------- crawl


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is asked for. `replay`: a WARC file or 'sample' that answers instead of the network."""

    sites: Sequence[str]
    replay: str | None = None
    as_of: datetime | None = None
    since: date | None = None
    limit: int | None = None
    only: Sequence[str] = ()  # these articles' addresses, and no list
    until: date | None = None  # a backfill of the days from `since` on

    @property
    def is_whole(self) -> bool:
        """Whether all that is new is to be asked for."""
        return not (self.since or self.until or self.only or self.limit is not None)

    def clock(self) -> datetime:
        """The run's own time: a replay's is the moment its archive ends, so that it is the same whenever it is run."""
        if self.replay is None:
            return datetime.now(UTC)
        return self.as_of or last_moment(archive_path(self.replay))


def make_folder(folder: Path) -> Path:
    """The folder, made where it is not there. Raises AwardsError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise AwardsError(f"the folder {folder} cannot be made ({reason}): set AWARDS_DATA to another") from error
    return folder


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


# ----------------------------------------------------------------------------------------------------------------- read


def standing(archive: Archive, name: str) -> list[Capture]:
    """The captures of a site but for those of articles that were taken down, whose bytes may still wait to be purged."""
    blocked, site = archive.blocked(name), sites().get(name)
    captures = archive.captures(name)
    return [c for c in captures if not blocked.holds(site, c.url)] if site is not None and blocked.hashes else captures


def page_refs(archive: Archive, site: Site) -> list[PageRef]:
    """Each content of each article address in the archive, with its first and last visit, oldest first.

    An article's further pages are parts of its first one, in their newest content, and stand for themselves only where the
    first one never came.
    """
    return _refs(standing(archive, site.name), site)


def _refs(captures: Sequence[Capture], site: Site) -> list[PageRef]:
    refs: dict[tuple[str, str], PageRef] = {}
    # Of all first: a body may have been stored at a later visit than the one that points to it (an older replay).
    lengths = {(capture.warc, capture.offset): capture.length for capture in captures}
    for capture in captures:
        if capture.status != 200 or capture.truncated or site.article_id_of(capture.url) is None:
            continue  # what broke off is no version of an article: the next visit asks for it again
        at = datetime.fromisoformat(capture.fetched_at)
        known = refs.get((capture.url, capture.digest))
        if known is None:
            warc, offset = capture.of or (capture.warc, capture.offset)
            length = lengths.get((warc, offset), 0)  # 0: reading it says that the record is not there
            known = PageRef(site.name, capture.url, capture.digest, warc, offset, length, at, at)
        refs[capture.url, capture.digest] = replace(known, last_fetched_at=at)
    return _joined(list(refs.values()), site)


def gone_articles(captures: Sequence[Capture], site: Site) -> dict[str, datetime]:
    """Since when each article ('site:article_id') is gone, of those that are: see scraper.polling.gone_since."""
    visits: defaultdict[str, list[Visit]] = defaultdict(list)
    gave_it = {capture.url for capture in captures if capture.status == 200}
    for capture in captures:
        key = site.article_id_of(capture.url) if capture.url in gave_it else None
        if key is not None and site.page_of(capture.url) == 1:
            at = datetime.fromisoformat(capture.fetched_at)
            visits[f"{site.name}:{key}"].append(Visit(at, capture.status, capture.digest))
    return {key: since for key, found in visits.items() if (since := gone_since(found)) is not None}


def _joined(refs: list[PageRef], site: Site) -> list[PageRef]:
    further: dict[str, dict[int, PageRef]] = {}
    first = {site.article_id_of(ref.url) for ref in refs if site.page_of(ref.url) == 1}
    for ref in sorted(refs, key=lambda r: r.last_fetched_at):
        key, number = site.article_id_of(ref.url), site.page_of(ref.url)
        if number > 1 and key in first:
            further.setdefault(key or "", {})[number] = ref
    joined = []
    for ref in refs:
        key = site.article_id_of(ref.url) or ""
        if site.page_of(ref.url) == 1:
            parts = further.get(key, {}) if not site.is_whole(ref.url) else {}
            joined.append(replace(ref, parts=tuple(parts[number] for number in sorted(parts))))
        elif key not in first:
            joined.append(ref)
    return joined


@dataclass(frozen=True, slots=True)
class Task:
    """One page to read, with all that a worker process needs."""

    archive: Path | str
    site: Site
    ref: PageRef
    extractor: Extractor = extract


def read_task(task: Task) -> Reading:
    """Read one page out of the archive; whatever is wrong with it makes a misfit that says so, never an exception."""
    try:
        archive = Archive(task.archive)
        page, *parts = (archive.read(ref) for ref in (task.ref, *task.ref.parts))
        return read(page, task.ref, task.site, task.extractor, parts)
    except (ArchiveError, UnreadablePage) as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001  # a fault of ours on one page must not keep all others out
        at = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"reading it failed: {type(error).__name__}: {error} ({Path(at.filename).name}:{at.lineno})"
    return Reading(task.ref, fingerprint(task.site, task.extractor), Unread((reason,)))


@dataclass(frozen=True, slots=True)
class Processed:
    """What `process` did, or would do: pages read, and what re-reading changed."""

    site: str
    known: int
    readings: list[Reading]
    losses: load.Losses

    @property
    def misfits(self) -> list[tuple[str, str]]:
        """Address and reason of each page that fits no layout."""
        return [(r.page.url, str(u)) for r in self.readings if isinstance(u := r.outcome, Unread) and u.is_misfit]

    @property
    def others(self) -> dict[str, int]:
        """How many pages are no article, by kind."""
        kinds = Counter(u.kind for r in self.readings if isinstance(u := r.outcome, Unread) and not u.is_misfit)
        return {str(kind): kinds[kind] for kind in sorted(kinds)}

    @property
    def mentions(self) -> int:
        """Mentions found on the pages read."""
        return sum(len(r.mentions) for r in self.readings)


def process(
    settings: Settings, engine: Engine, name: str, accept: bool = False, dry_run: bool = False,
    progress: Progress = silent, run_id: str | None = None, fresh: bool = False,
) -> Processed:  # fmt: skip
    """Read every page of a site that this code has not read yet, and load it. What changes is logged, with the run.

    `fresh`: into an empty database beside the live one, where nothing is logged and conferrals are computed at the end.

    The gate: when pages that were read before lose more than MAX_LOSS of their mentions, nothing is loaded and
    AwardsError says so, unless `accept`. `dry_run` reads and compares, and stores nothing.
    """
    site = sites()[name]
    with connect.reading(engine) as connection:
        before = load.fingerprints(connection, name)
        hidden = kept.hidden(connection)
    extractor = ask.configured(settings)
    now = fingerprint(site, extractor)
    captures, refs, readings = _undisturbed(settings, site, extractor, before, now, progress)
    readings = tombstones.without(readings, site, hidden)
    with connect.reading(engine) as connection:
        # What stood in for a model that could not be asked is no measure for what the model says now.
        in_place = fingerprint(site, extractor, in_place=True)
        losses = load.losses(connection, [r for r in readings if before.get(r.page.id, in_place) != in_place])
    known = sum(before.get(ref.id) == now for ref in refs)
    if dry_run:
        return Processed(name, known, readings, losses)
    if not accept and len(losses.lost) > MAX_LOSS * losses.before:
        raise AwardsError(
            f"{name}: re-reading would lose {len(losses.lost)} of {losses.before} mentions, so nothing was loaded; "
            f"look with `awards process {name} --dry-run`, then `awards process {name} --accept`"
        )
    loaded: list[Reading] = []
    cause = None if fresh else Cause(datetime.now(UTC), run_id=run_id)
    for start in range(0, len(readings), BATCH):
        batch = readings[start : start + BATCH]
        again = cause and any(reading.page.id in before for reading in batch)
        loaded += _load(
            engine, batch, site, replace(cause, reason="read again") if cause and again else cause, not fresh
        )
    seen_again = [ref for ref in refs if before.get(ref.id) == now]
    if refs:
        with connect.writing(engine) as connection:
            load.visited(connection, seen_again, cause and replace(cause, reason="seen again"), not fresh)
            load.captured(connection, name, _fetched(captures, refs))
            load.mark_gone(connection, name, gone_articles(captures, site))
    return Processed(name, known, loaded, losses)


def _fetched(captures: Sequence[Capture], refs: Sequence[PageRef]) -> dict[str, list[tuple[datetime, int]]]:
    """Page id -> when it was fetched, with the HTTP status."""
    seen: defaultdict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
    for capture in captures:
        seen[capture.url, capture.digest].append((datetime.fromisoformat(capture.fetched_at), capture.status))
    return {ref.id: seen[ref.url, ref.digest] for ref in refs}


def _undisturbed(
    settings: Settings, site: Site, extractor: Extractor, before: dict[str, str], now: str, progress: Progress
) -> tuple[list[Capture], list[PageRef], list[Reading]]:
    """The site's captures, its pages, and what those say that were not read yet, all of one state of the archive.

    Raises AwardsError when a take-down keeps writing the archive's files anew while they are read.
    """
    archive = Archive(settings.archive)
    for _ in range(READINGS):
        state = archive.generation(site.name)
        captures = standing(archive, site.name)
        refs = _refs(captures, site)
        pending = [ref for ref in refs if before.get(ref.id) != now]
        readings: list[Reading] = []
        tasks = [Task(settings.archive, site, ref, extractor) for ref in pending]
        for reading in in_order(read_task, tasks, settings.workers):
            readings.append(reading)
            progress(site.name, "read", len(readings), len(pending))
        if not state.under_way and archive.generation(site.name) == state:
            return captures, refs, readings
        if state.under_way:
            with Archive(settings.archive, settings.staging).writer(site.name):
                pass  # finishes it, or says who is at it
    raise AwardsError(
        f"{site.name}: take-downs keep rewriting its archive; what was read is not loaded, run this again"
    )


def _load(
    engine: Engine, readings: list[Reading], site: Site, cause: Cause | None = None, grouped: bool = True
) -> list[Reading]:
    """Load a batch in one transaction; the readings as loaded.

    One that loading refuses becomes a misfit with the reason, and stops no other.
    """
    try:
        with connect.writing(engine) as connection:
            # Again: what was taken down since it was read does not come back.
            readings = tombstones.without(readings, site, kept.hidden(connection))
            load.load(connection, readings, {site.name: site.outlet}, cause, grouped)
    except ValueError as refusal:
        if len(readings) > 1:
            return [loaded for reading in readings for loaded in _load(engine, [reading], site, cause, grouped)]
        if isinstance(readings[0].outcome, Unread):
            raise
        misfit = Unread((f"loading refused it: {refusal}",))
        unread = replace(readings[0], outcome=misfit, mentions=(), is_award_article=False)
        return _load(engine, [unread], site, cause, grouped)
    return readings


# ------------------------------------------------------------------------------------------------------------------ run


def run(
    settings: Settings, engine: Engine, order: Order, progress: Progress = silent, command: str = "run"
) -> Iterator[SiteResult]:
    """Crawl, read and load the sites of an order, several crawls at a time; one result a site, as each is done.

    `command` is what the run's row says was called; the history that verdicts look at is that of `run` alone.

    A site that fails does not stop the others, nor does a database that cannot be written: what the crawls fetch is
    kept, and the next run loads it. The result says why.
    """
    ask.configured(settings)  # what is wrong with it is said now, and not when everything is fetched
    held: dict[str, locks.Release] = {}

    def alone(site: str) -> None:
        held[site] = alone_on(settings, engine, site, command)

    try:
        for result in crawl_all(settings, order, progress, alone):
            if not result.passed_by:
                with logs.about(run=result.run_id, site=result.site):
                    _load_and_record(settings, engine, order, result, progress, command)
                held.pop(result.site, _nothing)()
            yield result
    finally:
        for release in held.values():
            release()


def recheck(settings: Settings, engine: Engine, order: Order, progress: Progress = silent) -> Iterator[SiteResult]:
    """As `run`, of known award articles alone: those that no run asks for any more, and that were not seen for RECHECK.

    Runs ask for an article once a day until it is two weeks old; what outlets correct or take away later is found here. At
    most RECHECKED articles a site at once, or as the order limits it, drawn anew each week: so those that never answer do
    not keep the others out. A site without any has no result.
    """
    now = order.clock()
    for site in order.sites:
        if not spiders()[site].article_pages:
            continue  # its publisher asks that they be left alone
        with connect.reading(engine) as connection:
            unseen = queries.unseen(connection, site, now - RECHECK)
        drawn = sorted(unseen, key=lambda url: short_hash(url, f"{now:%G-%V}"))[: order.limit or RECHECKED]
        if drawn:
            yield from run(settings, engine, replace(order, sites=(site,), only=tuple(drawn)), progress, "recheck")


def alone_on(settings: Settings, engine: Engine, site: str, command: str) -> locks.Release:
    """Be the only process that crawls a site, on all machines of the database. Raises Taken, and AwardsError."""
    with connect.database_errors(settings.database):
        return locks.take(engine, settings.locks, f"crawl of {site}", command, PATIENCE)


def _nothing() -> None:
    """There is no lock to let go of: it could not be made, and the result says why."""


def _load_and_record(
    settings: Settings, engine: Engine, order: Order, result: SiteResult, progress: Progress, command: str
) -> None:
    try:
        with connect.database_errors(settings.database):
            _read_and_judge(settings, engine, order, result, progress)
    except AwardsError as error:
        result.error = result.error or str(error)
    result.ended_at = datetime.now(UTC)
    try:
        with connect.database_errors(settings.database):
            _record(settings, engine, result, command)
    except AwardsError as error:
        result.error = result.error or str(error)


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


def _read_and_judge(settings: Settings, engine: Engine, order: Order, result: SiteResult, progress: Progress) -> None:
    """Read what is in the archive, also after a crawl that broke off, and say what the counts mean."""
    processed = process(settings, engine, result.site, progress=progress, run_id=result.run_id)
    result.read, result.mentions = len(processed.readings), processed.mentions
    result.bad_pages, result.misfits, result.others = processed.misfits, len(processed.misfits), processed.others
    if result.error is None:
        with connect.reading(engine) as connection:
            rows = queries.runs(connection, result.site, 50, "run")
        past = [row["mentions"] for row in rows if row["verdict"] == Verdict.OK]
        # Of a run that was told to look at less, there are fewer links.
        whole = order.limit is None and order.since is None
        links = [_links(row) for row in rows if row["verdict"] in (Verdict.OK, Verdict.QUIET)] if whole else []
        result.verdict = verdict(Counts(result.report, result.read, result.misfits, result.mentions), past, links)


def _links(row: dict[str, Any]) -> int:
    return int(row["articles"] + row["known"] + row["passed_over"])


def _record(settings: Settings, engine: Engine, result: SiteResult, command: str) -> None:
    report, reader = result.report, fingerprint(sites()[result.site], ask.configured(settings))
    row = load.RunRow(
        id=result.run_id, site=result.site, command=command,
        started_at=result.started_at, ended_at=result.ended_at, exit_code=1 if result.problem else 0,
        fetched=report.fetched, stored=report.stored, unchanged=report.unchanged,
        not_modified=report.not_modified, articles=report.articles, known=report.known, passed_over=report.passed_over,
        misfits=result.misfits, others=result.others, mentions=result.mentions,
        failures=report.failures, verdict=result.verdict and str(result.verdict),
        code_version=reader, error=result.problem, log=result.log,
        job=os.environ.get(due.JOB), due_at=datetime.fromisoformat(at) if (at := os.environ.get(due.DUE_AT)) else None,
    )  # fmt: skip
    with connect.writing(engine) as connection:
        load.record_run(connection, row)


# --------------------------------------------------------------------------------------------------------------- health


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """How a site is. `last`: the row of its last run, None before the first; `canary`: the rows of its newest check.

    `silent_since`: when it last had news, where that is longer ago than its own past explains. `unverified`: what is not
    sure about its declarations, unless a check was green.
    """

    site: str
    last: dict[str, Any] | None
    canary: tuple[dict[str, Any], ...] = ()
    silent_since: datetime | None = None
    unverified: str | None = None

    @property
    def canary_verdict(self) -> str | None:
        """Of the newest check: green, red or None."""
        return canaries.of_site([row["verdict"] for row in self.canary])

    @property
    def wrong(self) -> tuple[str, ...]:
        """What of 'stale' and 'canary red' is so: its data must be read as 'no data' rather than 'no awards'."""
        run = self.last or {"error": None, "verdict": None}
        stale = run["error"] or (run["verdict"] and Verdict(run["verdict"]).stale) or self.silent_since
        return (*(("stale",) if stale else ()), *(("canary red",) if self.canary_verdict == canaries.Sight.RED else ()))


def health_of(connection: Connection, site: str, now: datetime) -> SiteHealth:
    """What the runs and canaries of a site say of it at `now`."""
    last = next(iter(queries.runs(connection, site, 1, "run")), None)
    checked = tuple(queries.canary(connection, site))
    silent_for = silent_since(queries.news(connection, site), now)
    found = SiteHealth(site, last, checked, silent_for, spiders()[site].unverified or None)
    return replace(found, unverified=None) if found.canary_verdict == canaries.Sight.GREEN else found


# -------------------------------------------------------------------------------------------------------------- rebuild


def rebuild(settings: Settings, engine: Engine, progress: Progress = silent) -> list[Processed]:
    """Every derived table again, from the archive alone, in a fresh database; then swap it in. Runs are kept.

    Raises AwardsError when the archive holds nothing: that is rather a wrong folder than a wish to lose all rows.
    """
    archive = Archive(settings.archive)
    names = [name for name in sites() if archive.captures(name)]
    if not names:
        raise AwardsError(
            f"{settings.archive} holds no site's pages, so nothing was rebuilt: set AWARDS_DATA to the data folder"
        )
    with fresh_copy(settings.database) as fresh:
        reference.refresh(fresh, list(sites().values()))
        _decided(engine, fresh)
        done = [process(settings, fresh, name, progress=progress, fresh=True) for name in names]
        with connect.writing(fresh) as connection:
            load.regroup_all(connection)
        swap(fresh, engine, Cause(datetime.now(UTC), "rebuilt"))
    return done


def _decided(engine: Engine, fresh: Engine) -> None:
    """What people decided holds while the rows are made again, too."""
    with connect.reading(engine) as connection, connect.writing(fresh) as copy:
        kept.decide(copy, kept.known(connection))


def locate(settings: Settings, found: dict[str, Any]) -> None:
    """Add to the pages of a `why` where their bytes lie: file, offset and length in bytes, from the archive's index."""
    for page in (page for mention in found["mentions"] for page in mention["pages"]):
        site, archive = sites().get(page["site"]), Archive(settings.archive)
        refs = page_refs(archive, site) if site else []
        for ref in refs:
            if ref.id == page["id"]:
                file = archive.where(ref.site, ref.warc)
                page |= {"warc": file, "offset": ref.offset, "length": ref.length}


def whole_replay(order: Order) -> str | None:
    """What is wrong with the end of the archive that was replayed: None when it is whole."""
    if order.replay is None:
        return None
    file = WarcFile(archive_path(order.replay))
    for _ in file.captures("replay"):
        pass
    return file.cut_short and f"{file.cut_short}; what came before was used: get the whole file and run again"


def check(settings: Settings, engine: Engine) -> list[str]:
    """What does not agree between rows, evidence and archive: a line each. Reads every stored record's bytes.

    A line about the archive names the file and the byte, what is wrong, which article it affects, and what to do.
    """
    archive = Archive(settings.archive)
    known = sites()
    wrong = []
    with connect.reading(engine) as connection:
        wrong += queries.unfounded(connection)
        wrong += queries.ungrouped(connection)
        for name in sorted({*known, *archive.sites()}):
            site = known.get(name)
            if archive.generation(name).under_way:
                wrong.append(
                    f"{name}: a take-down broke off while it replaced files; `awards takedown --sweep` finishes it"
                )
                continue
            wrong += [_told(damage, site) for damage in archive.damage(name)]
            stored = queries.page_places(connection, name)
            try:
                refs = {ref.id for ref in page_refs(archive, site)} if site else set(stored)
            except ArchiveError:
                continue  # its damage has a line already
            wrong += [
                f"{archive.where(name, place['warc'])}: page {place['id']} has rows and is not in the archive; affects the "
                f"article {place['url']}; bring back the file with its index, or `awards rebuild` drops the rows"
                for id_, place in stored.items()
                if id_ not in refs
            ]
    return wrong


def _told(damage: Damage, site: Site | None) -> str:
    articles = [url for url in damage.urls if site is not None and site.article_id_of(url) is not None]
    others = f"affects no article, but {_some(damage.urls)}; " if damage.urls else ""
    affected = f"affects the article {_some(articles)}; " if articles else others
    return f"{damage.file} at byte {damage.byte}: {damage.what}; {affected}{damage.remedy}"


def _some(urls: Sequence[str]) -> str:
    return ", ".join(urls[:3]) + (f" and {len(urls) - 3} more" if len(urls) > 3 else "")


# --------------------------------------------------------------------------------------------------------------- canary

GOLDEN_MONTHS = timedelta(
    days=180
)  # how old a known article may be: older ones may keep a template that no new one has


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
    refs = sorted(_refs(its_own, site), key=lambda ref: ref.last_fetched_at)
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
