"""The log of changes: what was added, corrected and withdrawn, by loading and by rebuilds, and only that."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from db import models
from db.connect import reading as looking
from db.connect import writing
from db.load import captured, load, visited
from db.rebuild import fresh_copy, swap
from db.regroup import Cause
from etl.model import Reading
from tests.db.readings import FIRST, OUTLETS, claim, many, misfit, page, reading

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


def store(engine: Engine, readings: Sequence[Reading], day: int = 0, reason: str = "read") -> None:
    with writing(engine) as connection:
        load(connection, readings, OUTLETS, Cause(MONDAY + timedelta(days=day), reason, "r1"))


def changes(engine: Engine, day: int | None = None) -> list[Any]:
    c = models.table(models.ConferralChange).c
    rows = select(c.what, c.field, c.old, c.new, c.conferral_id, c.reason, c.run_id).order_by(c.what, c.field)
    if day is not None:
        rows = rows.where(c.at == MONDAY + timedelta(days=day))
    with looking(engine) as connection:
        return list(connection.execute(rows))


def test_what_is_new_is_added_once(engine: Engine) -> None:
    store(engine, [reading(mentions=[claim()])])
    (row,) = changes(engine)
    assert (row.what, row.field, row.reason, row.run_id) == ("added", "", "read", "r1")
    store(engine, [reading(mentions=[claim()])], day=1)
    store(engine, [reading(page("kompas", "read/1"), [claim()], article_id="1")], day=2)  # one more outlet says so
    assert len(changes(engine)) == 1


def test_a_level_corrected_is_a_correction_and_no_new_award(engine: Engine) -> None:
    store(engine, [reading(page(seen=1), [claim(rank="Nindya")])])
    store(engine, [reading(page(body="b", seen=5), [claim(rank="Utama")], title="Ralat")], day=1)
    corrected = [row for row in changes(engine, day=1) if row.field == "rank"]
    assert [(row.what, row.old, row.new) for row in corrected] == [("corrected", "Nindya", "Utama")]
    assert {row.what for row in changes(engine, day=1)} == {"corrected"}


def test_what_is_withdrawn_stays_readable_and_says_where_its_mentions_went(engine: Engine) -> None:
    store(engine, [reading(mentions=[claim(rank="Utama")])])
    store(engine, [reading(page("kompas", "read/1"), [claim(category="Fesyen")], article_id="1")], day=1)
    by_what = {row.what: row for row in changes(engine, day=1)}
    assert set(by_what) == {"added", "withdrawn"}  # with a category it is another key
    assert by_what["withdrawn"].new == by_what["added"].conferral_id
    assert '"recipient": "Kota Mojokerto"' in by_what["withdrawn"].old and '"rank": "Utama"' in by_what["withdrawn"].old
    store(engine, [misfit(page()), misfit(page("kompas", "read/1"))], day=2)
    (gone,) = changes(engine, day=2)
    assert (gone.what, gone.new) == ("withdrawn", None)


def test_without_a_cause_nothing_is_logged(engine: Engine) -> None:
    with writing(engine) as connection:
        load(connection, [reading(mentions=[claim()])], OUTLETS)
    assert changes(engine) == []


def test_a_version_that_comes_back_is_logged(engine: Engine) -> None:
    old, new = page(body="a", seen=1), page(body="b", seen=3)
    store(
        engine, [reading(old, [claim(rank="Nindya")], title="Lama"), reading(new, [claim(rank="Utama")], title="Baru")]
    )
    again = page(body="a", seen=1, last=9)
    with writing(engine) as connection:
        visited(connection, [again], Cause(MONDAY + timedelta(days=1), "seen again"))
    (row,) = [row for row in changes(engine, day=1) if row.field == "rank"]
    assert (row.old, row.new, row.reason) == ("Utama", "Nindya", "seen again")


def test_a_rebuild_keeps_the_log_and_adds_what_it_changed(url: str, engine: Engine) -> None:
    batu = claim("Kota Batu", region="Kota Batu", region_code="35.79")
    store(engine, [reading(mentions=[claim(rank="Nindya"), batu])])
    before = changes(engine)
    kediri = claim("Kota Kediri", region="Kota Kediri", region_code="35.71")
    with fresh_copy(url) as fresh:
        with writing(fresh) as connection:
            load(connection, [reading(mentions=[claim(rank="Utama"), kediri])], OUTLETS)
        swap(fresh, engine, Cause(MONDAY + timedelta(days=1), "rebuilt"))
    assert [row for row in changes(engine) if row.reason == "read"] == before
    found = sorted((row.what, row.field, row.new if row.field == "rank" else None) for row in changes(engine, day=1))
    assert found == [
        ("added", "", None),
        ("corrected", "level", None),
        ("corrected", "rank", "Utama"),
        ("withdrawn", "", None),
    ]


def test_a_rebuild_that_changes_nothing_logs_nothing(url: str, engine: Engine) -> None:
    store(engine, many(60))
    before = changes(engine)
    with fresh_copy(url) as fresh:
        with writing(fresh) as connection:
            load(connection, many(60), OUTLETS)
        swap(fresh, engine, Cause(MONDAY + timedelta(days=1), "rebuilt"))
    assert changes(engine) == before


def test_every_visit_is_kept_once(engine: Engine) -> None:
    of = page()
    store(engine, [reading(of, [claim()])])
    visits = [(FIRST, 200), (FIRST + timedelta(hours=2), 200)]
    for known in (visits[:1], visits, visits):
        with writing(engine) as connection:
            captured(connection, "detik", {of.id: known, "never-loaded": known})
    c = models.table(models.Capture).c
    with looking(engine) as connection:
        assert list(connection.execute(select(c.fetched_at, c.status).order_by(c.fetched_at))) == visits
