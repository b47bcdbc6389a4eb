"""`awards ruling`: a person's decisions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from db import connect, rulings
from db.meant import named
from etl.cli.edges import Json, examples, opened
from etl.output import export, show
from etl.rulings import KINDS, Decision, Refused, review, sheet
from etl.run.order import chosen

app = typer.Typer(no_args_is_help=True, help="A person's decisions on claims; they outlive every rebuild.")


Ids = Annotated[
    list[str], typer.Argument(metavar="ID...", help="ids of conferrals or mentions, or their first letters")
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="who decides; default: AWARDS_REVIEWER, or you")]
Why = Annotated[
    str | None, typer.Option("--why", metavar="REASON", help="the reason; only confirm and region need none")
]
OfSite = Annotated[str | None, typer.Option(help="of this site")]
OfSeries = Annotated[str | None, typer.Option(help="id or name of an award series in the catalogue")]
OfRegion = Annotated[
    str | None, typer.Option(help="Kemendagri code or name, regions below it included: 35, 35.76, 'Kota Mojokerto'")
]


@app.command()
def confirm(ids: Ids, by: By = None, why: Why = None, as_json: Json = False) -> None:
    """It is as it says: its confidence becomes 1, its facts outvote other claims."""
    _rule("confirm", ids, by, why, as_json)


@app.command()
def reject(ids: Ids, by: By = None, why: Why = None, as_json: Json = False) -> None:
    """It is no award won by that recipient: it does not count."""
    _rule("reject", ids, by, why, as_json)


@app.command(epilog=examples("ruling correct fb89dfe7 rank 'Juara I' --why 'salah kutip'"))
def correct(
    id_: Annotated[str, typer.Argument(metavar="ID", help="id of a conferral or mention, or its first letters")],
    field: Annotated[str, typer.Argument(metavar="FIELD", help="rank, category, awarded_on, region_code ...")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="what is right; '' when it has none")],
    by: By = None, why: Why = None, as_json: Json = False,
) -> None:  # fmt: skip
    """One field is wrong: this is right."""
    _rule("correct", [id_], by, why, as_json, field=field, value=value)


@app.command()
def region(
    id_: Annotated[str, typer.Argument(metavar="ID", help="id of a conferral or mention, or its first letters")],
    value: Annotated[str, typer.Argument(metavar="REGION", help="its code (35.76) or full name ('Kota Mojokerto')")],
    by: By = None, why: Why = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Which region a name means, in all claims of the article that say it."""
    _rule("region", [id_], by, why, as_json, value=value)


@app.command(epilog=examples("ruling merge 2e24cff0 --into fb89dfe7 --why 'satu acara'"))
def merge(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="ids of conferrals, or their first letters")],
    into: Annotated[str, typer.Option("--into", metavar="ID", help="the conferral that stays")],
    by: By = None, why: Why = None, as_json: Json = False,
) -> None:  # fmt: skip
    """They are one award: what reports the one, now or later, reports the other."""
    _rule("merge", ids, by, why, as_json, value=into)


@app.command()
def split(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="ids of mentions, or their first letters")],
    by: By = None, why: Why = None, as_json: Json = False,
) -> None:  # fmt: skip
    """These mentions speak of another award than the rest of their conferral: they stand apart, together."""
    _rule("split", ids, by, why, as_json)


@app.command()
def withdraw(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="ids of rulings, or their first letters")],
    by: By = None, why: Why = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Take rulings back; what they had taken the place of does not come back."""
    _rule("withdraw", ids, by, why, as_json)


@app.command("list")
def list_(
    kind: Annotated[str | None, typer.Option(help=", ".join(KINDS))] = None,
    status: Annotated[str | None, typer.Option(help=", ".join(rulings.STATUSES))] = None,
    site: OfSite = None, series: OfSeries = None, region: OfRegion = None,
    limit: Annotated[int, typer.Option(min=1, help="at most so many")] = 50, as_json: Json = False,
) -> None:  # fmt: skip
    """Rulings, newest first, and whether they are in force."""
    with opened() as (_, engine), connect.reading(engine) as connection:
        rows = rulings.listed(connection, _wanted(connection, site, series, region, limit), kind, status)
    review.rulings(rows, as_json)


@app.command()
def queue(
    site: OfSite = None, series: OfSeries = None, region: OfRegion = None,
    limit: Annotated[int, typer.Option(min=1, help="at most so many")] = 20, as_json: Json = False,
) -> None:  # fmt: skip
    """What to look at next: what is re-opened, then where a look is expected to mend most."""
    with opened() as (_, engine), connect.reading(engine) as connection:
        rows = rulings.queue(connection, _wanted(connection, site, series, region, limit))
    review.queue(rows, as_json)


@app.command()
def precision(as_json: Json = False) -> None:
    """How right the reader was, by site and series, from the claims that people looked at."""
    with opened() as (_, engine), connect.reading(engine) as connection:
        rows = rulings.precision(connection)
    review.precision(rows, as_json)


@app.command("export")
def export_rulings(
    made: Annotated[bool, typer.Option("--made", help="the rulings that were made, not the queue")] = False,
    site: OfSite = None, series: OfSeries = None, region: OfRegion = None,
    limit: Annotated[int | None, typer.Option(min=1, help="lines; default: 200 of the queue, all rulings")] = None,
    out: Annotated[Path | None, typer.Option(help="write to this file")] = None,
    force: Annotated[bool, typer.Option("--force", help="also over a file that holds decisions")] = False,
) -> None:  # fmt: skip
    """The queue as CSV, with columns to decide in; `import` takes it back."""
    if not force:
        review.spare(out)
    with opened() as (_, engine), connect.reading(engine) as connection:
        if made:
            found = rulings.listed(connection, _wanted(connection, site, series, region, limit))
        else:
            found = rulings.queue(connection, _wanted(connection, site, series, region, limit or 200))
    export.write_csv(sheet.rulings(found) if made else sheet.queue(found), out)


@app.command("import")
def import_rulings(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV that `awards ruling export` wrote")],
    by: By = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what is wrong or would be made, store nothing")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Take the decisions of a CSV file, all or none; a second time does nothing. Exported rulings come back as they were."""
    with opened() as (settings, engine):
        given = review.handed_in(file, review.reviewer(settings, by))
        try:
            with connect.writing(engine) as connection:
                done = rulings.hand_in(connection, given.rulings, given.decisions, datetime.now(UTC))
                if dry_run:
                    connection.rollback()
        except Refused as error:
            raise review.refused(error) from error
    review.made(done, as_json, dry_run)


def _wanted(
    connection: Connection, site: str | None, series: str | None, region: str | None, limit: int | None
) -> rulings.Wanted:
    """What the lists are narrowed to, by what people type."""
    typed = {"series": series, "region": region}
    values, notes = named(connection, {name: value for name, value in typed.items() if value is not None})
    show.notes(notes)
    return rulings.Wanted(chosen([site])[0] if site else None, values.get("series"), values.get("region"), limit)


def _rule(
    kind: str, ids: list[str], by: str | None, why: str | None, as_json: bool,
    field: str | None = None, value: str | None = None,
) -> None:  # fmt: skip
    with opened() as (settings, engine):
        decision = Decision(kind, tuple(ids), review.reviewer(settings, by), why, field, value)
        with connect.writing(engine) as connection:
            done = rulings.decide(connection, [decision], datetime.now(UTC))
    review.made(done, as_json)
