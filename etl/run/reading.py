"""Reads what the archive holds and this code has not read, and loads it, unless it would lose too much. Never crawls."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from db import connect, load, reference
from db import tombstones as kept
from db.readings import prepared
from db.rebuild import fresh_copy, swap
from db.regroup import Cause
from etl.engine import in_order
from etl.extract import extract
from etl.language_model import ask
from etl.model import AwardsError, Extractor, PageRef, Reading, Site, Unread, UnreadablePage
from etl.operate import tombstones
from etl.read import fingerprint, read
from etl.run.order import Progress, silent
from etl.run.pages import fetched, gone_articles, refs_of, standing
from etl.settings import Settings
from scraper.archive import Archive, ArchiveError, Capture
from scraper.sites import sites

BATCH = 4000  # pages loaded in one transaction: a few seconds, and the claims of one award often meet in it
MAX_LOSS = 0.05  # share of their mentions that re-read pages may lose before the gate closes
READINGS = 3  # times that a site is read when a take-down rewrites its archive meanwhile


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
        return prepared(read(page, task.ref, task.site, task.extractor, parts))
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
            load.captured(connection, name, fetched(captures, refs))
            load.mark_gone(connection, name, gone_articles(captures, site))
    return Processed(name, known, loaded, losses)


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
        refs = refs_of(captures, site)
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
