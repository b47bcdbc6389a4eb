"""Commands that crawl and read: run, crawl, backfill, process, import, rebuild, read, new-site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from db import connect, locks, queries
from etl import articles, newsite
from etl.cli.edges import AsOf, Json, Limit, Replay, Since, Sites, end, examples, opened, ordered, parsed, write_metrics
from etl.model import AwardsError, UsageError
from etl.output import show
from etl.run import backfill, imports, reading, running
from etl.run.crawling import crawl_all
from etl.run.order import SiteResult, archived, chosen, whole_replay
from etl.settings import load_settings
from scraper.archive import Archive

app = typer.Typer()


@app.command("run", epilog=examples("run --replay sample", "run detik kompas --since 2026-11-01"))
def run_(
    sites: Sites = None, replay: Replay = None, as_of: AsOf = None, since: Since = None, limit: Limit = None,
    recheck: Annotated[
        bool, typer.Option("--recheck", help="no list; only award articles that no run asks for any more, the longest unseen")
    ] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Crawl, archive, read and load sites; a table of what was found."""
    order = ordered(sites, replay, as_of, since, limit)
    with opened() as (settings, engine):
        results = []
        with show.progress() as progress:
            ran = running.recheck if recheck else running.run
            for result in ran(settings, engine, order, progress):
                results.append(result)
                show.site_done(result)
        write_metrics(settings, engine)
        with connect.reading(engine) as connection:
            best = queries.find(connection, queries.Filter(sort="outlets", limit=show.SHOWN))
            stored = queries.count(connection, queries.Filter())
    if as_json:
        show.json_out([show.result_json(r) for r in results])
    else:
        show.results(results)
        show.found(best, stored, replay)
    _pass_by(results)
    end(whole_replay(order), {r.site: r.problem for r in results if r.problem})


@app.command()
def crawl(
    sites: Sites = None, replay: Replay = None, as_of: AsOf = None, since: Since = None, limit: Limit = None
) -> None:
    """Only fetch and keep: WARC files and their index, no database."""
    order = ordered(sites, replay, as_of, since, limit)
    settings = load_settings()
    with show.progress() as progress:
        results = list(crawl_all(settings, order, progress))
    show.results(results)
    end(whole_replay(order), {r.site: r.problem for r in results if r.problem})


@app.command(
    "backfill", epilog=examples("backfill detik --from 2026-01-01 --to 2026-03-31", "backfill detik --last 28")
)
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
    (name,) = chosen([site])
    first_day, last_day = (
        parsed(f, date.fromisoformat, v, "2026-11-19") for f, v in (("--from", first), ("--to", last))
    )
    if (number is None) == (first is None) or (first is None) != (last is None):
        raise UsageError("say which days: --from DATE --to DATE, or --last N")
    now = datetime.now(UTC)
    days = backfill.last_days(number, now) if number else backfill.days(first_day, last_day, now)
    units = []
    try:
        with opened() as (settings, engine), show.progress() as progress:
            for unit in backfill.backfill(settings, engine, name, days, again, progress):
                units.append(unit)
                show.unit_done(unit)
    finally:  # also when it was stopped, or the site was left in peace
        show.units(units)
    end(None, {str(unit.day): unit.problem for unit in units if unit.problem})


@app.command()
def process(
    sites: Sites = None,
    accept: Annotated[bool, typer.Option("--accept", help="load even when many mentions are lost")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show what would change, store nothing")] = False,
) -> None:
    """Read what the archive holds and this code has not read yet. No network."""
    names = chosen(sites or [])
    done: list[reading.Processed] = []
    failed: dict[str, str] = {}
    with opened() as (settings, engine), show.progress() as progress:
        for name in names if sites else archived(settings):
            try:
                done.append(reading.process(settings, engine, name, accept, dry_run, progress))
            except AwardsError as error:
                failed[name] = str(error)
    show.processed(done, dry_run)
    end(None, failed)


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="WARC...", help="WARC files of any origin, such as CC-NEWS")],
    everything: Annotated[bool, typer.Option("--all", help="also pages that promise no award")] = False,
) -> None:
    """Take pages out of foreign WARC files: keep, read and load those that promise an award."""
    with opened() as (settings, engine), show.progress() as progress:
        archive = Archive(settings.archive, settings.staging)
        done = {str(file): imports.import_file(archive, file, everything) for file in files}
        touched = sorted({site for one in done.values() for site, counts in one.by_site.items() if counts.new})
        processed = [reading.process(settings, engine, name, progress=progress) for name in touched]
    show.imported(done, processed)
    end("; ".join(one.damage for one in done.values() if one.damage) or None)


@app.command()
def rebuild() -> None:
    """Every derived table again, from the archive, into a fresh database; then swap. Runs are kept."""
    with opened() as (settings, engine), show.progress() as progress:
        done = reading.rebuild(settings, engine, progress)
    show.processed(done, False)


@app.command(
    epilog=examples(
        "read page.html --url https://www.detik.com/jatim/berita/d-8201005/judul",
        "read news.txt --published 2026-11-19",
        "read --jsonl articles.jsonl --out records.jsonl",
    )
)
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
        lines = show.counted(failed, "line")
        end(f"{lines} could not be read; the output says of each why" if failed else None)
        return
    if not pages:
        raise UsageError("give a FILE or URL to read, or --jsonl IN")
    day = parsed("--published", date.fromisoformat, published, "2026-11-19")
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
    end(None, unread)


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


def _pass_by(results: Sequence[SiteResult]) -> None:
    """Raise Taken when other processes were crawling all of the sites."""
    if results and all(result.passed_by for result in results):
        raise locks.Taken("; ".join(result.error or "" for result in results))
