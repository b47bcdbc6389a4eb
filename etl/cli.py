"""The command `awards`: reads the command line, calls one function, prints. No logic."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from db import alerts, connect, ledger, load, locks, queries, reference, rulings, search, tombstones
from db.meant import meant, named, searched
from db.models import REVISION
from db.questions import answer, questions
from etl import (
    articles,
    backfill,
    backup,
    due,
    export,
    imports,
    logs,
    newsite,
    report,
    review,
    run,
    sheet,
    show,
    takedown,
)
from etl.model import AwardsError, UsageError
from etl.rulings import Decision, Refused
from etl.settings import Settings, load_settings
from scraper.archive import Archive
from scraper.crawl import sites as known_sites
from scraper.crawl import spiders
from scraper.spider import JAKARTA

app = typer.Typer(
    name="awards", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="The award record of Indonesia's regions: crawl, read, load, ask.",
)  # fmt: skip
db_app = typer.Typer(no_args_is_help=True, help="The database: bring its tables up to date, check what is stored.")
app.add_typer(db_app, name="db")
ruling_app = typer.Typer(no_args_is_help=True, help="A person's decisions on claims; they outlive every rebuild.")
app.add_typer(ruling_app, name="ruling")

STOPPED = 130  # by Ctrl-C, as shells count it

Sites = Annotated[list[str] | None, typer.Argument(metavar="[SITE]...", help="sites; all of them when none is named")]
Replay = Annotated[
    str | None, typer.Option(metavar="WARC|sample", help="answer every request from an archive, not the network")
]
AsOf = Annotated[
    str | None, typer.Option(metavar="TIME", help="with --replay: the archive as it was at this time (ISO 8601)")
]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="first day whose lists are read (YYYY-MM-DD)")]
Limit = Annotated[int | None, typer.Option(min=1, help="at most so many article pages a site")]
Json = Annotated[bool, typer.Option("--json", help="JSON on stdout, for machines")]


@contextmanager
def _database(prepare: bool = True) -> Iterator[tuple[Settings, Engine]]:
    """Settings and a database that fits this code; its faults come out as one clear line."""
    settings = load_settings()
    if not settings.db:
        run.make_folder(settings.data)
    engine = connect.connect(settings.database, settings.db_timeout)
    with connect.database_errors(settings.database):
        if prepare:
            connect.prepare(engine)
            reference.refresh(engine, list(known_sites().values()))
        try:
            yield settings, engine
        finally:
            engine.dispose()


# ------------------------------------------------------------------------------------------------------- crawl and read


@app.command("run")
def run_(
    sites: Sites = None, replay: Replay = None, as_of: AsOf = None, since: Since = None, limit: Limit = None,
    recheck: Annotated[
        bool, typer.Option("--recheck", help="no list; only award articles that no run asks for any more, the longest unseen")
    ] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Crawl, archive, read and load sites; a table of what was found."""
    order = _order(sites, replay, as_of, since, limit)
    with _database() as (settings, engine):
        results = []
        with show.progress() as progress:
            ran = run.recheck if recheck else run.run
            for result in ran(settings, engine, order, progress):
                results.append(result)
                show.site_done(result)
        _write_metrics(settings, engine)
        with connect.reading(engine) as connection:
            best = queries.find(connection, queries.Filter(sort="outlets", limit=show.SHOWN))
            stored = queries.count(connection, queries.Filter())
    if as_json:
        show.json_out([show.result_json(r) for r in results])
    else:
        show.results(results)
        show.found(best, stored, replay)
    _pass_by(results)
    _end(run.whole_replay(order), {r.site: r.problem for r in results if r.problem})


@app.command()
def crawl(
    sites: Sites = None, replay: Replay = None, as_of: AsOf = None, since: Since = None, limit: Limit = None
) -> None:
    """Only fetch and keep: WARC files and their index, no database."""
    order = _order(sites, replay, as_of, since, limit)
    settings = load_settings()
    with show.progress() as progress:
        results = list(run.crawl_all(settings, order, progress))
    show.results(results)
    _end(run.whole_replay(order), {r.site: r.problem for r in results if r.problem})


@app.command("backfill")
def backfill_(
    site: Annotated[str, typer.Argument(metavar="SITE")],
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="first day (YYYY-MM-DD)")] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="last day, before today (YYYY-MM-DD)")
    ] = None,
    number: Annotated[int | None, typer.Option("--last", min=1, metavar="N", help="the last N days instead")] = None,
    again: Annotated[bool, typer.Option("--again", help="days that are done too")] = False,
) -> None:
    """Days of the past, one after the other: their dated lists, the articles they lead to, read and loaded. Resumes."""
    (name,) = run.chosen([site])
    first_day, last_day = (
        _parsed(f, date.fromisoformat, v, "2026-11-19") for f, v in (("--from", first), ("--to", last))
    )
    if (number is None) == (first is None) or (first is None) != (last is None):
        raise UsageError("say which days: --from DATE --to DATE, or --last N")
    now = datetime.now(UTC)
    days = backfill.last_days(number, now) if number else backfill.days(first_day, last_day, now)
    units = []
    try:
        with _database() as (settings, engine), show.progress() as progress:
            for unit in backfill.backfill(settings, engine, name, days, again, progress):
                units.append(unit)
                show.unit_done(unit)
    finally:  # also when it was stopped, or the site was left in peace
        show.units(units)
    _end(None, {str(unit.day): unit.problem for unit in units if unit.problem})


@app.command()
def process(
    sites: Sites = None,
    accept: Annotated[bool, typer.Option("--accept", help="load even when many mentions are lost")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show what would change, store nothing")] = False,
) -> None:
    """Read what the archive holds and this code has not read yet. No network."""
    names = run.chosen(sites or [])
    done: list[run.Processed] = []
    failed: dict[str, str] = {}
    with _database() as (settings, engine), show.progress() as progress:
        for name in names if sites else run.archived(settings):
            try:
                done.append(run.process(settings, engine, name, accept, dry_run, progress))
            except AwardsError as error:
                failed[name] = str(error)
    show.processed(done, dry_run)
    _end(None, failed)


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="WARC...", help="WARC files of any origin, such as CC-NEWS")],
    everything: Annotated[bool, typer.Option("--all", help="also pages that promise no award")] = False,
) -> None:
    """Take pages out of foreign WARC files: keep, read and load those that promise an award."""
    with _database() as (settings, engine), show.progress() as progress:
        archive = Archive(settings.archive, settings.staging)
        done = {str(file): imports.import_file(archive, file, everything) for file in files}
        touched = sorted({site for one in done.values() for site, counts in one.by_site.items() if counts.new})
        processed = [run.process(settings, engine, name, progress=progress) for name in touched]
    show.imported(done, processed)
    _end("; ".join(one.damage for one in done.values() if one.damage) or None)


@app.command()
def rebuild() -> None:
    """Every derived table again, from the archive, into a fresh database; then swap. Runs are kept."""
    with _database() as (settings, engine), show.progress() as progress:
        done = run.rebuild(settings, engine, progress)
    show.processed(done, False)


@app.command()
def read(
    pages: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|URL|-]...", help="saved pages, addresses to fetch, texts (.txt, or - for stdin)"),
    ] = None,
    url: Annotated[str | None, typer.Option(help="the address a saved page came from")] = None,
    as_json: Json = False,
    jsonl: Annotated[Path | None, typer.Option(help="many articles: JSON lines with id and text or html")] = None,
    out: Annotated[Path | None, typer.Option(help="with --jsonl: where the answers go; default stdout")] = None,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="with a text: the day it appeared on (YYYY-MM-DD)")
    ] = None,
    marks: Annotated[bool, typer.Option("--marks", help="mark the words in characters: ‹recipient 1: words›")] = False,
) -> None:
    """Read a page or a text (first line its headline): the article, each record with its words. Stores nothing."""
    settings = load_settings()
    if jsonl is not None:
        if pages or url or published or marks:
            raise UsageError("--jsonl reads its own file: leave out FILE, URL, --url, --published and --marks")
        failed = articles.read_lines(settings, jsonl, out)
        _end(f"{failed} lines could not be read; each has its reason in the output" if failed else None)
        return
    if not pages:
        raise UsageError("give a FILE or URL to read, or --jsonl IN")
    day = _parsed("--published", date.fromisoformat, published, "2026-11-19")
    read: list[articles.Read] = []
    unread: dict[str, str] = {}
    for page in pages:
        try:
            read.append(articles.read_one(settings, page, url, day))
        except AwardsError as error:
            if len(pages) == 1:
                raise
            unread[page] = str(error)
    if as_json:
        shown = [show.article_json(article, mentions, is_award) for article, mentions, is_award in read]
        show.json_out(shown if len(pages) > 1 else shown[0])
    else:
        for article, mentions, _ in read:
            show.article(article, mentions, marks)
    _end(None, unread)


@app.command("new-site")
def new_site(
    name: Annotated[str, typer.Argument(help="what the site is called everywhere: small letters, digits")],
    page: Annotated[
        str, typer.Argument(metavar="URL|FILE", help="one of its article pages: an address, or a saved page")
    ],
    url: Annotated[str | None, typer.Option(help="the address a saved page came from")] = None,
    into: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="write there, for a package of your own, not to this source tree"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show what is proposed, write nothing")] = False,
    as_json: Json = False,
) -> None:
    """Propose a site from one of its article pages: its spider file, the stored page, its addresses; then confirm."""
    made = newsite.new_site(load_settings(), name, page, url, into)
    if not dry_run:
        newsite.write(made)
    if as_json:
        show.json_out(show.new_site_json(made, written=not dry_run))
    else:
        show.new_site(made, written=not dry_run)


# ------------------------------------------------------------------------------------------------------------------ ask


@app.command()
def find(
    region: Annotated[
        str | None, typer.Option(help="Kemendagri code or name, regions below it included: 35, 35.76, 'Kota Mojokerto'")
    ] = None,
    recipient_type: Annotated[str | None, typer.Option(help="region, official, agency, village, school ...")] = None,
    series: Annotated[str | None, typer.Option(help="id or name of an award series in the catalogue")] = None,
    giver: Annotated[str | None, typer.Option(help="part of the giver's name")] = None,
    year: Annotated[str | None, typer.Option(help="2021, 2021..2025, ..2025 or 2021..")] = None,
    level: Annotated[str | None, typer.Option(help="rank or level: Nindya, 'Juara I'")] = None,
    text: Annotated[
        str | None, typer.Option(help='words of the record in any form; "in this order", begin*, this OR that')
    ] = None,
    site: Annotated[str | None, typer.Option(help="reported by this site")] = None,
    kind: Annotated[str | None, typer.Option(help="award, predicate, grade, opinion, decoration, record ...")] = None,
    status: Annotated[str | None, typer.Option(help="won or record")] = None,
    category: Annotated[str | None, typer.Option(help="field, class or group within the award")] = None,
    confidence: Annotated[float | None, typer.Option(min=0, max=1, help="at least this sure; 0.9 to cite")] = None,
    outlets: Annotated[int | None, typer.Option(min=1, help="reported by at least so many outlets")] = None,
    changed_since: Annotated[
        str | None, typer.Option(metavar="DATE", help="added, corrected or withdrawn since (YYYY-MM-DD, or a time)")
    ] = None,
    sort: Annotated[str, typer.Option(help="newest, confidence, outlets, recipient or region")] = "newest",
    limit: Annotated[
        int | None, typer.Option(min=1, help="at most so many; else a table shows 500, a file all")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="table, csv, json, jsonl, parquet or xlsx; else as --out ends")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="write to this file")] = None,
) -> None:
    """Conferrals: who received what, from whom, when; one line however many outlets reported it."""
    form = export.chosen(form, out)
    since = _moment("--changed-since", changed_since)
    wanted = queries.Filter(
        region=region, recipient_type=recipient_type, series=series, giver=giver, years=_years(year), level=level,
        text=text, site=run.chosen([site])[0] if site else None, kind=kind, status=status, category=category,
        confidence=confidence, outlets=outlets, sort=sort, limit=limit or (show.ROWS if form == "table" else None),
    )  # fmt: skip
    with _database() as (_, engine), connect.reading(engine) as connection:
        understood = meant(connection, wanted)
        show.notes(understood.notes)
        if since is not None:
            rows = queries.changed(connection, understood.filter, since)
            show.changes(list(rows)) if form == "table" else export.write(rows, queries.CHANGED, form, out)
        elif form == "table":
            found = queries.find(connection, understood.filter)
            total = queries.count(connection, understood.filter) if len(found) == wanted.limit else len(found)
            show.conferrals(found, total)
        else:
            export.write(queries.exported(connection, understood.filter), queries.EXPORTED, form, out)
        if since is None:
            least = show.DOUBTFUL if confidence is None else confidence
            show.sureness(confidence, queries.less_sure(connection, understood.filter, least))


@app.command("search")
def search_(
    words: Annotated[
        str, typer.Argument(metavar="WORDS", help='as --text of find: any form, "in this order", begin*, OR')
    ],
    limit: Annotated[int, typer.Option(min=1, max=500)] = 10,
    as_json: Json = False,
) -> None:
    """Articles that say so and report an award, newest first: the place in the text, and the conferrals they report."""
    with _database() as (_, engine), connect.reading(engine) as connection:
        hits, notes = searched(connection, words, limit)
    show.notes(notes)
    show.hits(hits, as_json)


@app.command("ask")
def ask_(
    id_: Annotated[
        str | None, typer.Argument(metavar="[Q01..Q20]", help="which question; all are listed without")
    ] = None,
    region: Annotated[str | None, typer.Option(help="Kemendagri code or name")] = None,
    year: Annotated[str | None, typer.Option(help="2021, 2021..2025, ..2025 or 2021..")] = None,
    series: Annotated[str | None, typer.Option(help="id or name of an award series")] = None,
    level: Annotated[str | None, typer.Option(help="a level of the series")] = None,
    conferral: Annotated[
        str | None, typer.Option(metavar="ID", help="a conferral, or the first letters of its id")
    ] = None,
    day: Annotated[str | None, typer.Option(metavar="DATE", help="as read on that day (YYYY-MM-DD)")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="changed since then (YYYY-MM-DD)")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="at most so many rows")] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="table, csv, json, jsonl, parquet or xlsx; else as --out ends")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="write to this file")] = None,
) -> None:
    """The twenty questions of db/questions.sql: which there are, or the answer to one."""
    if id_ is None:
        show.questions(questions())
        return
    form = export.chosen(form, out)
    first, last = _years(year) or (None, None)
    given = {
        "region": region, "series": series, "level": level, "conferral": conferral, "limit": limit,
        "first": first, "last": last, "day": _iso("--day", day), "since": _iso("--since", since),
    }  # fmt: skip
    with _database() as (_, engine), connect.reading(engine) as connection:
        values, notes = named(connection, {name: value for name, value in given.items() if value is not None})
        show.notes(notes)
        rows = answer(connection, id_, values)
    if form == "table":
        show.answer(rows)
    else:
        export.write(rows, export.inferred(rows), form, out)


@app.command("publish")
def publish_(as_json: Json = False) -> None:
    """Write all conferrals into the folder `publish` of the data: each file whole, those that say the same untouched."""
    from etl import publish

    with _database() as (settings, engine):
        done = publish.publish(settings, engine)
    if as_json:
        show.json_out([asdict(one) for one in done])
    else:
        show.table([asdict(one) for one in done], ("name", "bytes", "changed", "sha256"))


@app.command()
def why(
    id_: Annotated[str, typer.Argument(metavar="ID", help="id of a conferral or mention, or its first letters")],
    as_json: Json = False,
) -> None:
    """The chain behind a line: conferral, mentions, quotes, article, capture, WARC."""
    with _database() as (settings, engine), connect.reading(engine) as connection:
        found = queries.why(connection, id_)
        conferral, mentions = found["conferral"], [mention["id"] for mention in found["mentions"]]
        found["rulings"] = rulings.behind(connection, conferral and conferral["id"], mentions)
    run.locate(settings, found)
    if as_json:
        show.json_out(found)
    else:
        show.chain(found)
        review.behind(found["rulings"])


@app.command()
def runs(
    site: Annotated[str | None, typer.Argument(metavar="[SITE|JOB]")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    logs: Annotated[bool, typer.Option("--log", help="with the end of each one's log")] = False,
    jobs: Annotated[
        bool, typer.Option("--jobs", help="the due times of jobs, of this job alone, and what became of them")
    ] = False,
    as_json: Json = False,
) -> None:
    """History of runs, newest first."""
    with _database() as (_, engine), connect.reading(engine) as connection:
        if jobs:
            from etl import board

            board.occurrences(ledger.occurrences(connection, site, limit), as_json, logs)
        else:
            show.runs(queries.runs(connection, site and run.chosen([site])[0], limit), as_json, logs)


@app.command("health")
def health_(as_json: Json = False) -> None:
    """The last verdict and canary of each site; exit 1 if any is stale or red, or its last run failed, or a job is overdue."""
    from etl import jobs, roster

    with _database() as (settings, engine), connect.reading(engine) as connection:
        sites = [run.health_of(connection, name, datetime.now(UTC)) for name in spiders()]
        duties = roster.roster(connection, jobs.jobs(settings), ledger.now(connection)).wrong
    show.health(sites, as_json)
    for line in duties:
        show.err.print(line, style="red", soft_wrap=True)
    wrong = {what: [site.site for site in sites if what in site.wrong] for what in ("stale", "canary red")}
    said = [f"{what}: {', '.join(names)}" for what, names in wrong.items() if names]
    if duties and not said:
        _end(f"{'; '.join(duties)}; `awards status` and `awards runs --jobs` say more")
    _end(f"{'; '.join(said)}; `awards runs SITE` and `awards canary SITE` say more" if said else None)


@app.command("canary")
def canary_(
    sites: Sites = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="what came is known from now on: the outlet changed the article itself")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fetch known articles again and compare them with what is known, field by field; exit 1 if one differs."""
    names = run.chosen(sites or [])
    checks: list[run.Checked] = []
    failed: dict[str, str] = {}
    with _database() as (settings, engine), show.progress() as progress:
        for name in names if sites else run.archived(settings):
            try:
                checks.append(run.canary(settings, engine, name, progress, accept))
            except AwardsError as error:
                failed[name] = str(error)
    show.canaries(checks, as_json)
    failed |= {check.site: f"the canary of {check.site} is red" for check in checks if check.verdict == "red"}
    _end(None, failed)


@app.command()
def status(as_json: Json = False) -> None:
    """What is stored, when each site runs next, what is overdue, and whether a scheduler lives."""
    from etl import board, jobs, roster  # here, because loading APScheduler takes a tenth of the other commands' time

    with _database() as (settings, engine), connect.reading(engine) as connection:
        totals = {row["site"]: row for row in queries.totals(connection)}
        last = {name: next(iter(queries.runs(connection, name, 1, "run")), None) for name in spiders()}
        found = roster.roster(connection, jobs.jobs(settings), ledger.now(connection))
    board.status(totals, last, found, as_json)


@app.command("schedule")
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
    from etl import board, jobs, roster, schedule

    settings = load_settings()
    known = jobs.jobs(settings)
    wanted = jobs.chosen(known, names or [])
    if listing:
        now = datetime.now(UTC)
        board.schedule([roster.standing(job, {}, now) for job in wanted.values()], as_json)
        return
    with _database():
        pass  # what is wrong with settings or database is said now, and not at each job's time
    failed = schedule.serve(settings, wanted, not names, once)
    _end(f"{failed} jobs failed; `awards runs --jobs` says why" if failed and once else None)


# -------------------------------------------------------------------------------------------------------------- operate


@app.command("takedown")
def takedown_(
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL]...", help="articles, by any of their addresses")
    ] = None,
    person: Annotated[list[str] | None, typer.Option(metavar="NAME", help="a person whom no record is to name")] = None,
    reason: Annotated[str | None, typer.Option(help="why: a ticket's number; it is kept and shown by --list")] = None,
    sweep: Annotated[bool, typer.Option("--sweep", help="do again what every decision asks for; once a day")] = False,
    listing: Annotated[
        bool, typer.Option("--list", help="what was decided, and whether anything is left of it")
    ] = False,
    lift: Annotated[bool, typer.Option("--lift", help="take the decision back; bytes that are gone stay gone")] = False,
    as_json: Json = False,
) -> None:
    """Take articles or persons down: block, hide, and purge their bytes from the archive. Survives every rebuild."""
    asked = bool(urls or person)
    if asked == (sweep or listing) or (lift and not asked):
        raise UsageError("give URLs or --person NAME with --reason WHY (or with --lift), or --sweep, or --list")
    if asked and not lift and not (reason and reason.strip()):
        raise UsageError("--reason is missing: say why, such as a ticket's number; names do not belong there")
    with _database() as (settings, engine):
        if listing:
            with connect.reading(engine) as connection:
                report.tombstones(tombstones.known(connection), as_json)
            return
        now = datetime.now(UTC)
        if lift:
            report.lifted(takedown.lift(settings, engine, urls or [], person or []))
            return
        done = takedown.sweep(settings, engine, now) if sweep else takedown.Done()
        if urls:
            done = takedown.articles(settings, engine, urls, reason or "", now)
        if person:
            done = takedown.joined(done, takedown.persons(settings, engine, person, reason or "", now))
        if done.changed and (settings.data / "publish").is_dir():
            from etl import publish

            publish.publish(settings, engine)  # what others take must not say it until tomorrow
    report.taken_down(done, as_json)
    _end(None, done.waiting)


@app.command("backup")
def backup_(
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="folder of the backups; default: AWARDS_BACKUPS")
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="the backups that are there")] = False,
    as_json: Json = False,
) -> None:
    """Save database, archive and decisions, beside a running crawl; then delete what is older than is kept."""
    settings = load_settings()
    folder = to or Path(settings.backups)
    if listing:
        report.backups(backup.backups(folder) if folder.is_dir() else [], as_json)
        return
    with _database() as (settings, engine):
        made = backup.make(settings, engine, folder, datetime.now(UTC))
    report.backup_made(made, as_json)


@app.command("restore")
def restore_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a backup, or the folder of all: then the newest")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only verify that the backup is whole")] = False,
) -> None:
    """Put a backup into an empty data folder and database, verify it before and check it after. Overwrites nothing."""
    chosen = backup.chosen(folder)
    if dry_run:
        wrong = backup.verify(chosen)
        report.verified(chosen, wrong)
        _end(f"{chosen.folder} is not whole: {len(wrong)} files are missing or damaged" if wrong else None)
        return
    done = backup.restore(load_settings(), chosen, datetime.now(UTC))
    report.restored(done)
    _end(
        f"{len(done.wrong)} things are wrong after the restore, as they were before the backup" if done.wrong else None
    )


@app.command("alert")
def alert_(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="show what is wrong and would be told; tell nobody")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="what is wrong, or was, as the last look saw it")] = False,
    test: Annotated[bool, typer.Option("--test", help="send a test message to every address")] = False,
    as_json: Json = False,
) -> None:
    """Look at what operators must know and tell them what is new, worse or over: one message. For cron or the scheduler."""
    from etl import watch  # here, because loading it takes a tenth of the other commands' time

    with _database() as (settings, engine):
        if listing:
            with connect.reading(engine) as connection:
                report.alerts(alerts.known(connection), as_json)
            return
        if test:
            watch.sender(settings)(watch.test_message())
            report.test_sent(len(settings.alert_addresses))
            return
        told = watch.watch(settings, engine, datetime.now(UTC), dry_run)
        _write_metrics(settings, engine)
    report.look(told, dry_run, as_json)
    _end(told.problem)


@app.command("serve")
def serve_(
    host: Annotated[str, typer.Option(help="address to listen at; 0.0.0.0: every one")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 9108,
) -> None:
    """Answer /metrics (Prometheus) and /health (JSON) over HTTP, until stopped. Read-only."""
    from etl import serve

    with _database() as (settings, engine):
        serve.serve(settings, engine, host, port)


def _write_metrics(settings: Settings, engine: Engine) -> None:
    if settings.metrics_file != Path():
        from etl import monitor  # here, because who wants no metrics need not wait for what makes them

        monitor.write(settings, engine)


# -------------------------------------------------------------------------------------------------------------- rulings

Ids = Annotated[
    list[str], typer.Argument(metavar="ID...", help="ids of conferrals or mentions, or their first letters")
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="who decides; default: AWARDS_REVIEWER, or you")]
Why = Annotated[str | None, typer.Option("--why", metavar="REASON", help="the reason, for those who come after")]
OfSite = Annotated[str | None, typer.Option(help="of this site")]
OfSeries = Annotated[str | None, typer.Option(help="id of an award series in the catalogue")]
OfRegion = Annotated[str | None, typer.Option(help="Kemendagri code, regions below it included: 35, 35.76")]


@ruling_app.command()
def confirm(ids: Ids, by: By = None, why: Why = None, as_json: Json = False) -> None:
    """It is as it says: its confidence becomes 1, its facts outvote other claims."""
    _rule("confirm", ids, by, why, as_json)


@ruling_app.command()
def reject(ids: Ids, by: By = None, why: Why = None, as_json: Json = False) -> None:
    """It is no award won by that recipient: it does not count."""
    _rule("reject", ids, by, why, as_json)


@ruling_app.command()
def correct(
    id_: Annotated[str, typer.Argument(metavar="ID", help="id of a conferral or mention, or its first letters")],
    field: Annotated[str, typer.Argument(metavar="FIELD", help="rank, category, awarded_on, region_code ...")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="what is right; '' when it has none")],
    by: By = None, why: Why = None, as_json: Json = False,
) -> None:  # fmt: skip
    """One field is wrong: this is right."""
    _rule("correct", [id_], by, why, as_json, field=field, value=value)


@ruling_app.command()
def region(
    id_: Annotated[str, typer.Argument(metavar="ID", help="id of a conferral or mention, or its first letters")],
    value: Annotated[str, typer.Argument(metavar="REGION", help="its code (35.76) or full name ('Kota Mojokerto')")],
    by: By = None, why: Why = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Which region a name means, in all claims of the article that say it."""
    _rule("region", [id_], by, why, as_json, value=value)


@ruling_app.command()
def merge(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="ids of conferrals, or their first letters")],
    into: Annotated[str, typer.Option("--into", metavar="ID", help="the conferral that stays")],
    by: By = None, why: Why = None, as_json: Json = False,
) -> None:  # fmt: skip
    """They are one award: what reports the one, now or later, reports the other."""
    _rule("merge", ids, by, why, as_json, value=into)


@ruling_app.command()
def split(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="ids of mentions, or their first letters")],
    by: By = None, why: Why = None, as_json: Json = False,
) -> None:  # fmt: skip
    """These mentions speak of another award than the rest of their conferral: they stand apart, together."""
    _rule("split", ids, by, why, as_json)


@ruling_app.command()
def withdraw(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="ids of rulings, or their first letters")],
    by: By = None, why: Why = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Take rulings back; what they had taken the place of does not come back."""
    _rule("withdraw", ids, by, why, as_json)


@ruling_app.command("list")
def list_(
    kind: Annotated[str | None, typer.Option(help="confirm, reject, correct ...")] = None,
    status: Annotated[str | None, typer.Option(help="'in force', re-opened, 'without object', superseded ...")] = None,
    site: OfSite = None, series: OfSeries = None, region: OfRegion = None,
    limit: Annotated[int, typer.Option(min=1)] = 50, as_json: Json = False,
) -> None:  # fmt: skip
    """Rulings, newest first, and whether they are in force."""
    with _database() as (_, engine), connect.reading(engine) as connection:
        rows = rulings.listed(connection, rulings.Wanted(site, series, region, limit), kind, status)
    review.rulings(rows, as_json)


@ruling_app.command()
def queue(
    site: OfSite = None, series: OfSeries = None, region: OfRegion = None,
    limit: Annotated[int, typer.Option(min=1)] = 20, as_json: Json = False,
) -> None:  # fmt: skip
    """What to look at next: what is re-opened, then where a look is expected to mend most."""
    with _database() as (_, engine), connect.reading(engine) as connection:
        rows = rulings.queue(connection, rulings.Wanted(site, series, region, limit))
    review.queue(rows, as_json)


@ruling_app.command()
def precision(as_json: Json = False) -> None:
    """How right the reader was, by site and series, from the claims that people looked at."""
    with _database() as (_, engine), connect.reading(engine) as connection:
        rows = rulings.precision(connection)
    review.precision(rows, as_json)


@ruling_app.command("export")
def export_rulings(
    made: Annotated[bool, typer.Option("--made", help="the rulings that were made, not the queue")] = False,
    site: OfSite = None, series: OfSeries = None, region: OfRegion = None,
    limit: Annotated[int | None, typer.Option(min=1, help="lines; default: 200 of the queue, all rulings")] = None,
    out: Annotated[Path | None, typer.Option(help="write to this file")] = None,
) -> None:  # fmt: skip
    """The queue as CSV, with columns to decide in; `import` takes it back."""
    with _database() as (_, engine), connect.reading(engine) as connection:
        if made:
            found = rulings.listed(connection, rulings.Wanted(site, series, region, limit))
        else:
            found = rulings.queue(connection, rulings.Wanted(site, series, region, limit or 200))
    review.written(sheet.rulings(found) if made else sheet.queue(found), out)


@ruling_app.command("import")
def import_rulings(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV that `awards ruling export` wrote")],
    by: By = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what is wrong or would be made, store nothing")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Take the decisions of a CSV file, all or none; a second time does nothing. Exported rulings come back as they were."""
    with _database() as (settings, engine):
        given = review.handed_in(file, review.reviewer(settings, by))
        try:
            with connect.writing(engine) as connection:
                done = rulings.hand_in(connection, given.rulings, given.decisions, datetime.now(UTC))
                if dry_run:
                    connection.rollback()
        except Refused as error:
            raise review.refused(error) from error
    review.made(done, as_json, dry_run)


def _rule(
    kind: str, ids: list[str], by: str | None, why: str | None, as_json: bool,
    field: str | None = None, value: str | None = None,
) -> None:  # fmt: skip
    with _database() as (settings, engine):
        decision = Decision(kind, tuple(ids), review.reviewer(settings, by), why, field, value)
        with connect.writing(engine) as connection:
            done = rulings.decide(connection, [decision], datetime.now(UTC))
    review.made(done, as_json)


# ------------------------------------------------------------------------------------------------------------- database


@db_app.command("upgrade")
def upgrade() -> None:
    """Bring an older database to this code's tables. Keeps its rows."""
    with _database(prepare=False) as (_, engine):
        before = connect.upgrade(engine)
        load.renew(engine)
        search.fill(engine)
    done = {None: "the tables were made", REVISION: "the database was already up to date"}
    show.err.print(done.get(before, f"upgraded from {before} to {REVISION}"))


@db_app.command("check")
def check() -> None:
    """Whether rows, evidence and archive agree; exit 1 and what is wrong when they do not."""
    with _database() as (settings, engine):
        wrong = run.check(settings, engine)
    for line in wrong:
        show.err.print(line, soft_wrap=True)
    mend = "mend the archive where a line names its files, then `awards rebuild` makes the rows again from it"
    _end(f"{len(wrong)} things are wrong: {mend}" if wrong else None)
    show.err.print("rows, evidence and archive agree")


# ---------------------------------------------------------------------------------------------------------------- edges


def _order(
    sites: list[str] | None, replay: str | None, as_of: str | None, since: str | None, limit: int | None
) -> run.Order:
    if as_of and not replay:
        raise UsageError("--as-of goes with --replay")
    names = sites or (run.replayable(replay) if replay else [])
    return run.Order(
        run.chosen(names), replay, _parsed("--as-of", datetime.fromisoformat, as_of, "2026-11-19T07:00:00+07:00"),
        _parsed("--since", date.fromisoformat, since, "2026-11-19"), limit,
    )  # fmt: skip


def _parsed(flag: str, parse: Any, value: str | None, example: str) -> Any:
    try:
        parsed = parse(value) if value is not None else None
    except ValueError as error:
        raise UsageError(f"{flag} {value!r} is not understood ({error}): give it as {example}") from error
    return parsed.replace(tzinfo=UTC) if isinstance(parsed, datetime) and parsed.tzinfo is None else parsed


def _years(given: str | None) -> tuple[int, int] | None:
    if given is None:
        return None
    first, dots, last = given.partition("..")
    try:
        return int(first or 0), int(last or 9999) if dots else int(first)
    except ValueError:
        raise UsageError(f"--year {given!r} is not understood: 2021, 2021..2025, ..2025 or 2021..") from None


def _moment(flag: str, given: str | None) -> datetime | None:
    """A time; a day, or a time without zone, is one of Jakarta's."""
    try:
        moment = datetime.fromisoformat(given) if given is not None else None
    except ValueError as error:
        raise UsageError(f"{flag} {given!r} is not understood ({error}): give it as 2026-11-19") from error
    return moment.replace(tzinfo=JAKARTA) if moment is not None and moment.tzinfo is None else moment


def _iso(flag: str, given: str | None) -> str | None:
    day = _parsed(flag, date.fromisoformat, given, "2026-11-19")
    return day and str(day.isoformat())


def _pass_by(results: Sequence[run.SiteResult]) -> None:
    """Raise Taken when other processes were crawling all of the sites."""
    if results and all(result.passed_by for result in results):
        raise locks.Taken("; ".join(result.error or "" for result in results))


def _end(problem: str | None, failed: Mapping[str, str] | None = None) -> None:
    """Exit 1 with one line when something went wrong. `failed`: what failed of several, each with its reason."""
    if problem is None and failed and len(set(failed.values())) == 1:
        (problem,) = set(failed.values())
    elif failed:
        for name, reason in failed.items():
            show.err.print(f"{name}: {reason}", style="red", soft_wrap=True)
        problem = problem or f"{', '.join(sorted(failed))} failed, for the reasons above"
    if problem:
        raise AwardsError(problem)


def _begin_logs(settings: Settings) -> None:
    """A person at a terminal reads what commands say themselves; the log is for what is not as it should be."""
    level = "WARNING" if sys.stderr.isatty() and settings.log_level == "INFO" else settings.log_level
    logs.configure(settings.log_format, level, settings.secrets)


def main() -> None:
    """Entry point. Exit 0 done, 1 the work failed or a check is red, 2 wrong usage."""
    debug = "--debug" in sys.argv
    with suppress(AwardsError):  # what is wrong with the settings is said by the command
        _begin_logs(load_settings())
    try:
        # Not standalone: typer would say what is wrong with a flag in several lines, and in other words than ours.
        code = app([a for a in sys.argv[1:] if a != "--debug"], prog_name="awards", standalone_mode=False)
    except (AwardsError, typer.TyperException, OSError) as error:
        if debug:
            raise
        code = _said(error)
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        code = 0  # `awards find | head` has seen enough
    if code == STOPPED:
        show.err.print("awards: stopped; what was fetched is kept, and the next run goes on from there", soft_wrap=True)
    sys.exit(code)


def _said(error: AwardsError | typer.TyperException | OSError) -> int:
    """Say in one line what was wrong and what to do; the exit code."""
    if isinstance(error, OSError):
        text, code = f"{error.filename or 'input or output'}: {error.strerror or error}", 1
    elif isinstance(error, AwardsError):
        # A scheduler is told apart what another process does already from what went wrong.
        passed_by = isinstance(error, locks.Taken) and due.DUE_AT in os.environ
        text, code = str(error), due.OVERLAP if passed_by else error.exit_code
    elif "\n" in error.format_message():  # no command was given: this is the help
        show.err.print(error.format_message(), soft_wrap=True)
        return error.exit_code
    else:
        command = getattr(getattr(error, "ctx", None), "command_path", "awards")
        text, code = f"{error.format_message().removesuffix('.')}; see `{command} --help`", error.exit_code
    show.err.print(f"awards: {' '.join(text.split())}", style="red", soft_wrap=True)
    return code
