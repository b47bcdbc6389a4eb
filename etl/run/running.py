"""Composes the pipeline for the sites asked for: crawl (a child process each), read what was not read yet, load.

Every step can die at any byte: the next run finds what was fetched in the archive and what was read in the database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from db import connect, load, locks, queries
from etl import logs
from etl.health import Counts, Verdict, verdict
from etl.language_model import ask
from etl.model import AwardsError, short_hash
from etl.read import fingerprint
from etl.run.crawling import crawl_all
from etl.run.order import Order, Progress, SiteResult, silent
from etl.run.reading import process
from etl.schedule import due
from etl.settings import Settings
from scraper.sites import sites, spiders

RECHECK = timedelta(days=30)  # unseen, after which an award article is asked for again
RECHECKED = 50  # award articles of a site that are asked for again at once
PATIENCE = 600.0  # seconds that a crawl of a site waits for one of another kind (a backfill's, a canary's)


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
