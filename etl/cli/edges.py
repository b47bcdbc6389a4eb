"""What commands share: their options and what those mean, settings and database around the work, how it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from db import connect, reference
from etl.model import AwardsError, UsageError
from etl.output import export, show
from etl.run.order import Order, chosen, replayable
from etl.settings import Settings, load_settings, make_folder
from scraper.sites import sites as known_sites
from scraper.spider import JAKARTA

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


def examples(*lines: str) -> str:
    """The end of a command's help: what people type, a line each."""
    return "\b\nExamples:\n" + "\n".join(f"  awards {line}" for line in lines)


@contextmanager
def opened(prepare: bool = True) -> Iterator[tuple[Settings, Engine]]:
    """Settings and a database that fits this code; its faults come out as one clear line."""
    settings = load_settings()
    if not settings.db:
        make_folder(settings.data)
    engine = connect.connect(settings.database, settings.db_timeout)
    with connect.database_errors(settings.database):
        if prepare:
            connect.prepare(engine)
            reference.refresh(engine, list(known_sites().values()))
        try:
            yield settings, engine
        finally:
            engine.dispose()


def ordered(
    sites: list[str] | None, replay: str | None, as_of: str | None, since: str | None, limit: int | None
) -> Order:
    """What a run is asked for by these options. Raises UsageError."""
    if as_of and not replay:
        raise UsageError("--as-of goes with --replay")
    names = sites or (replayable(replay) if replay else [])
    return Order(
        chosen(names), replay, parsed("--as-of", datetime.fromisoformat, as_of, "2026-11-19T07:00:00+07:00"),
        parsed("--since", date.fromisoformat, since, "2026-11-19"), limit,
    )  # fmt: skip


def parsed(flag: str, parse: Any, value: str | None, example: str) -> Any:
    """What `parse` makes of an option's text; a time without zone is UTC. Raises UsageError with the flag and an example."""
    try:
        found = parse(value) if value is not None else None
    except ValueError as error:
        raise UsageError(f"{flag} {value!r} is not understood ({error}): give it as {example}") from error
    return found.replace(tzinfo=UTC) if isinstance(found, datetime) and found.tzinfo is None else found


def years(given: str | None) -> tuple[int, int] | None:
    """The first and the last year of a range as written. Raises UsageError."""
    if given is None:
        return None
    written = _YEARS.fullmatch(given)
    if written is None:
        raise UsageError(f"--year {given!r} is not understood: 2021, 2021..2025, ..2025 or 2021..")
    first, dots, last = written.groups()
    found = int(first or 0), int(last or 9999) if dots else int(first)
    if found[0] > found[1]:
        raise UsageError(f"--year {given!r} begins after it ends: give the first year, then the last")
    return found


_YEARS = re.compile(r"(?!\.\.$)(\d{4})?(?:(\.\.)(\d{4})?)?", re.ASCII)


def moment(flag: str, given: str | None) -> datetime | None:
    """A time; a day, or a time without zone, is one of Jakarta's. Raises UsageError."""
    try:
        found = datetime.fromisoformat(given) if given is not None else None
    except ValueError as error:
        raise UsageError(f"{flag} {given!r} is not understood ({error}): give it as 2026-11-19") from error
    return found.replace(tzinfo=JAKARTA) if found is not None and found.tzinfo is None else found


def iso_day(flag: str, given: str | None) -> str | None:
    """A day, as databases compare it. Raises UsageError."""
    day = parsed(flag, date.fromisoformat, given, "2026-11-19")
    return day and str(day.isoformat())


def format_of(given: str | None, as_json: bool, out: Path | None) -> str:
    """The format of an answer, by what was given of --format, --json and --out's ending. Raises UsageError."""
    if as_json and given not in (None, "json"):
        raise UsageError(f"--json is --format json, not --format {given}: leave one out")
    return export.chosen("json" if as_json else given, out)


def end(problem: str | None, failed: Mapping[str, str] | None = None) -> None:
    """Exit 1 with one line when something went wrong. `failed`: what failed of several, each with its reason."""
    if problem is None and failed and len(set(failed.values())) == 1:
        (problem,) = set(failed.values())
    elif failed:
        for name, reason in failed.items():
            show.err.print(f"{name}: {reason}", style="red", soft_wrap=True)
        problem = problem or f"{', '.join(sorted(failed))} failed, for the reasons above"
    if problem:
        raise AwardsError(problem)


def write_metrics(settings: Settings, engine: Engine) -> None:
    """The textfile of metrics, where the settings ask for one."""
    if settings.metrics_file != Path():
        from etl.operate import monitor  # here, because who wants no metrics need not wait for what makes them

        monitor.write(settings, engine)
