"""Commands that show how it goes, and the scheduler: runs, health, canary, status, schedule."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from db import connect, ledger, queries
from etl.cli.edges import Json, Sites, end, examples, opened
from etl.model import AwardsError
from etl.operate.site_health import health_of
from etl.output import show
from etl.run.order import archived, chosen
from etl.settings import load_settings
from scraper.sites import spiders

app = typer.Typer()


@app.command()
def runs(
    site: Annotated[str | None, typer.Argument(metavar="[SITE|JOB]", help="this one alone")] = None,
    limit: Annotated[int, typer.Option(min=1, help="at most so many")] = 20,
    logs: Annotated[bool, typer.Option("--log", help="with the end of each one's log")] = False,
    jobs: Annotated[
        bool, typer.Option("--jobs", help="the due times of jobs, of this job alone, and what became of them")
    ] = False,
    as_json: Json = False,
) -> None:
    """History of runs, newest first."""
    with opened() as (settings, engine), connect.reading(engine) as connection:
        if jobs:
            from etl.schedule import board
            from etl.schedule import jobs as known

            rows = ledger.occurrences(connection, site, limit)
            if site is not None and not rows:  # a job of before has its history; what never was is refused
                known.chosen(known.jobs(settings), [site])
            board.occurrences(rows, as_json, logs)
        else:
            show.runs(queries.runs(connection, site and chosen([site])[0], limit), as_json, logs)


@app.command("health")
def health_(as_json: Json = False) -> None:
    """The last verdict and canary of each site; exit 1 if any is stale or red, or its last run failed, or a job is overdue."""
    from etl.schedule import jobs, roster

    with opened() as (settings, engine), connect.reading(engine) as connection:
        sites = [health_of(connection, name, datetime.now(UTC)) for name in spiders()]
        duties = roster.roster(connection, jobs.jobs(settings), ledger.now(connection)).wrong
    show.health(sites, as_json)
    for line in duties:
        show.err.print(line, style="red", soft_wrap=True)
    wrong = {what: [site.site for site in sites if what in site.wrong] for what in ("stale", "canary red")}
    said = [f"{what}: {', '.join(names)}" for what, names in wrong.items() if names]
    if duties and not said:
        end(f"{'; '.join(duties)}; `awards status` and `awards runs --jobs` say more")
    end(f"{'; '.join(said)}; `awards runs SITE` and `awards canary SITE` say more" if said else None)


@app.command("canary")
def canary_(
    sites: Sites = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="what came is known from now on: the outlet changed the article itself")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fetch known articles again and compare them with what is known, field by field; exit 1 if one differs."""
    from etl.run.known import Checked, canary  # here, because it loads what crawls and reads

    names = chosen(sites or [])
    checks: list[Checked] = []
    failed: dict[str, str] = {}
    with opened() as (settings, engine), show.progress() as progress:
        for name in names if sites else archived(settings):
            try:
                checks.append(canary(settings, engine, name, progress, accept))
            except AwardsError as error:
                failed[name] = str(error)
    show.canaries(checks, as_json)
    failed |= {check.site: f"the canary of {check.site} is red" for check in checks if check.verdict == "red"}
    end(None, failed)


@app.command()
def status(as_json: Json = False) -> None:
    """What is stored, when each site runs next, what is overdue, and whether a scheduler lives."""
    from etl.schedule import (  # here, because loading APScheduler takes a tenth of the other commands' time
        board,
        jobs,
        roster,
    )

    with opened() as (settings, engine), connect.reading(engine) as connection:
        totals = {row["site"]: row for row in queries.totals(connection)}
        last = {name: next(iter(queries.runs(connection, name, 1, "run")), None) for name in spiders()}
        found = roster.roster(connection, jobs.jobs(settings), ledger.now(connection))
    board.status(totals, last, found, as_json)


@app.command("schedule", epilog=examples("schedule", "schedule --list detik", "schedule backup alert --once"))
def schedule_(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SITE|JOB]...", help="jobs, or sites; all jobs when none is named")
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="the jobs with their next due times")] = False,
    once: Annotated[
        bool, typer.Option("--once", help="do what is due now, wait for it, end; for cron and tests")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the jobs at their times, until stopped."""
    from etl.schedule import board, jobs, roster, scheduler

    settings = load_settings()
    known = jobs.jobs(settings)
    wanted = jobs.chosen(known, names or [])
    if listing:
        now = datetime.now(UTC)
        board.schedule([roster.standing(job, {}, now) for job in wanted.values()], as_json)
        return
    with opened():
        pass  # what is wrong with settings or database is said now, and not at each job's time
    failed = scheduler.serve(settings, wanted, not names, once)
    end(f"{show.counted(failed, 'job')} failed; `awards runs --jobs` says why" if failed and once else None)
