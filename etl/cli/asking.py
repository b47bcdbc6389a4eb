"""Commands that answer: find, search, ask, why; and publish, which answers everybody."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, get_args

import typer

from db import connect, queries, rulings
from db.meant import meant, named, searched
from db.questions import answered, question, questions
from etl.cli.edges import Json, examples, format_of, iso_day, moment, opened, years
from etl.model import AwardKind, RecipientType
from etl.output import export, show
from etl.rulings import review
from etl.run.order import chosen
from etl.run.pages import locate

app = typer.Typer()


@app.command(
    epilog=examples(
        "find --region 'Kota Mojokerto' --year 2021..2025",
        "find --series adipura --confidence 0.9 --out adipura.xlsx",
        "find --region 35 --changed-since 2026-11-01 --json",
    )
)
def find(
    region: Annotated[
        str | None, typer.Option(help="Kemendagri code or name, regions below it included: 35, 35.76, 'Kota Mojokerto'")
    ] = None,
    recipient_type: Annotated[str | None, typer.Option(help=", ".join(get_args(RecipientType)))] = None,
    series: Annotated[str | None, typer.Option(help="id or name of an award series in the catalogue")] = None,
    giver: Annotated[str | None, typer.Option(help="part of the giver's name")] = None,
    year: Annotated[str | None, typer.Option(help="2021, 2021..2025, ..2025 or 2021..")] = None,
    level: Annotated[str | None, typer.Option(help="rank or level: Nindya, 'Juara I'")] = None,
    text: Annotated[
        str | None, typer.Option(help='words of the record in any form; "in this order", begin*, this OR that')
    ] = None,
    site: Annotated[str | None, typer.Option(help="reported by this site")] = None,
    kind: Annotated[str | None, typer.Option(help=", ".join(get_args(AwardKind)))] = None,
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
    as_json: Json = False,
) -> None:
    """Conferrals: who received what, from whom, when; one line however many outlets reported it."""
    form = format_of(form, as_json, out)
    since = moment("--changed-since", changed_since)
    wanted = queries.Filter(
        region=region, recipient_type=recipient_type, series=series, giver=giver, years=years(year), level=level,
        text=text, site=chosen([site])[0] if site else None, kind=kind, status=status, category=category,
        confidence=confidence, outlets=outlets, sort=sort, limit=limit or (show.ROWS if form == "table" else None),
    )  # fmt: skip
    with opened() as (_, engine), connect.reading(engine) as connection:
        understood = meant(connection, wanted)
        show.notes(understood.notes)
        if since is not None:
            rows = queries.changed(connection, understood.filter, since)
            if form == "table":
                show.changes(list(rows))
            else:
                show.written(export.write(rows, queries.CHANGED, form, out), "change", out)
        elif form == "table":
            found = queries.find(connection, understood.filter)
            total = queries.count(connection, understood.filter) if len(found) == wanted.limit else len(found)
            show.conferrals(found, total)
        else:
            rows = queries.exported(connection, understood.filter)
            show.written(export.write(rows, queries.EXPORTED, form, out), "conferral", out)
        if since is None:
            least = show.DOUBTFUL if confidence is None else confidence
            show.sureness(confidence, queries.less_sure(connection, understood.filter, least), limit is not None)


@app.command(
    "search", epilog=examples("search '\"kota layak anak\" utama OR nindya'", "search 'inovasi banyuw*' --limit 3")
)
def search_(
    words: Annotated[
        str, typer.Argument(metavar="WORDS", help='as --text of find: any form, "in this order", begin*, OR')
    ],
    limit: Annotated[int, typer.Option(min=1, max=500, help="at most so many articles")] = 10,
    as_json: Json = False,
) -> None:
    """Articles that say so and report an award, newest first: the place in the text, and the conferrals they report."""
    with opened() as (_, engine), connect.reading(engine) as connection:
        hits, notes = searched(connection, words, limit)
    show.notes(notes)
    show.hits(hits, as_json)


@app.command(
    "ask", epilog=examples("ask", "ask Q04 --region 35 --year 2021..2025", "ask Q03 --series adipura --out levels.csv")
)
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
    as_json: Json = False,
) -> None:
    """The twenty questions of db/questions.sql: which there are, or the answer to one."""
    if id_ is None:
        show.questions(questions())
        return
    form = format_of(form, as_json, out)
    first, last = years(year) or (None, None)
    given = {
        "region": region, "series": series, "level": level, "conferral": conferral, "limit": limit,
        "first": first, "last": last, "day": iso_day("--day", day), "since": iso_day("--since", since),
    }  # fmt: skip
    with opened() as (_, engine), connect.reading(engine) as connection:
        values, notes = named(
            connection, {name: value for name, value in given.items() if value is not None}, question(id_).values
        )
        show.notes(notes)
        names, rows = answered(connection, id_, values)
    if form == "table":
        show.answer(rows, names)
    else:
        show.written(export.write(rows, export.inferred(rows, names), form, out), "row", out)


@app.command("publish")
def publish_(as_json: Json = False) -> None:
    """Write all conferrals into the folder `publish` of the data: each file whole, those that say the same untouched."""
    from etl.output import publish

    with opened() as (settings, engine):
        done = publish.publish(settings, engine)
    if as_json:
        show.json_out([asdict(one) for one in done])
    else:
        show.table([asdict(one) for one in done], ("name", "bytes", "changed", "sha256"))


@app.command(epilog=examples("why fb89dfe7"))
def why(
    id_: Annotated[str, typer.Argument(metavar="ID", help="id of a conferral or mention, or its first letters")],
    as_json: Json = False,
) -> None:
    """The chain behind a line: conferral, mentions, quotes, article, capture, WARC."""
    with opened() as (settings, engine), connect.reading(engine) as connection:
        found = queries.why(connection, id_)
        conferral, mentions = found["conferral"], [mention["id"] for mention in found["mentions"]]
        found["rulings"] = rulings.behind(connection, conferral and conferral["id"], mentions)
    locate(settings, found)
    if as_json:
        show.json_out(found)
    else:
        show.chain(found)
        review.behind(found["rulings"])
