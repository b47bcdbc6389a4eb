"""Commands of operators: takedown, backup, restore, alert, serve."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from db import alerts, connect, tombstones
from etl.cli.edges import Json, end, examples, opened, write_metrics
from etl.model import UsageError
from etl.operate import backup, report, takedown
from etl.settings import load_settings

app = typer.Typer()


@app.command(
    "takedown",
    epilog=examples(
        "takedown https://www.detik.com/jatim/berita/d-8201005/judul --reason 'ticket 7'",
        "takedown --person 'Budi Santoso' --reason 'ticket 8'",
    ),
)
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
    with opened() as (settings, engine):
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
            from etl.output import publish

            publish.publish(settings, engine)  # what others take must not say it until tomorrow
    report.taken_down(done, backup.names(Path(settings.backups)), as_json)
    end(None, done.waiting)


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
    with opened() as (settings, engine):
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
        end(f"{chosen.folder} is not whole: {len(wrong)} files are missing or damaged" if wrong else None)
        return
    done = backup.restore(load_settings(), chosen, datetime.now(UTC))
    report.restored(done)
    end(f"{len(done.wrong)} things are wrong after the restore, as they were before the backup" if done.wrong else None)


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
    from etl.operate import watch  # here, because loading it takes a tenth of the other commands' time

    with opened() as (settings, engine):
        if listing:
            with connect.reading(engine) as connection:
                report.alerts(alerts.known(connection), as_json)
            return
        if test:
            watch.sender(settings)(watch.test_message())
            report.test_sent(len(settings.alert_addresses))
            return
        told = watch.watch(settings, engine, datetime.now(UTC), dry_run)
        write_metrics(settings, engine)
    report.look(told, dry_run, as_json)
    end(told.problem)


@app.command("serve")
def serve_(
    host: Annotated[str, typer.Option(help="address to listen at; 0.0.0.0: every one")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 9108,
) -> None:
    """Answer /metrics (Prometheus) and /health (JSON) over HTTP, until stopped. Read-only."""
    from etl.operate import serve

    with opened() as (settings, engine):
        serve.serve(settings, engine, host, port)
