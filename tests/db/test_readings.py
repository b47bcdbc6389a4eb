"""Rows that are made where pages are read: the same rows, and never those of another reading."""

import gc
import pickle
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, text

from db import ruled
from db.connect import reading as looking
from db.connect import writing
from db.load import load
from db.pace import unswept
from db.queries import Found, dump
from db.readings import prepared, written
from etl.model import Evidence, Reading
from tests.db.readings import OUTLETS, WIB, claim, many, misfit, page, reading


def loaded(engine: Engine, readings: list[Reading]) -> dict[str, list[Found]]:
    with writing(engine) as connection:
        load(connection, readings, OUTLETS)
    with looking(engine) as connection:
        return dump(connection)


def test_rows_made_in_another_process_are_stored_as_if_made_here(engine: Engine) -> None:
    readings = [*many(40), misfit(page(path="d-900"))]
    travelled = pickle.loads(pickle.dumps([prepared(made) for made in readings]))
    assert all(made.derived for made in travelled) and travelled == readings
    with writing(engine) as connection:
        load(connection, travelled, OUTLETS)
    with looking(engine) as connection:
        there = dump(connection)
        words = connection.execute(text("SELECT * FROM version_words ORDER BY key")).all()
    assert there == loaded(engine, readings)
    with looking(engine) as connection:
        assert connection.execute(text("SELECT * FROM version_words ORDER BY key")).all() == words


def test_a_reading_that_is_changed_has_its_own_rows() -> None:
    made = prepared(reading(mentions=[claim(), claim("Kota Batu", region_code="35.79")]))
    less = replace(made, mentions=made.mentions[1:])
    before, after = written(made), written(less)
    assert before is not None and after is not None
    assert (len(before.rows["mention"]), len(after.rows["mention"])) == (2, 1)
    assert written(made) is before


def test_what_may_not_be_stored_is_refused_by_loading_and_stops_no_reader(engine: Engine) -> None:
    made = reading(mentions=[claim()])
    mention = replace(made.mentions[0], evidence=(Evidence("recipient", 0, 4, "Kabu"),))
    unfounded = prepared(replace(made, mentions=(mention,)))
    with pytest.raises(ValueError, match=r"d-1: 'Kota Mojokerto'.*the article has not 'Kabu'"):
        loaded(engine, [unfounded])


def test_what_one_transaction_found_out_the_next_one_asks_again(engine: Engine) -> None:
    with writing(engine) as connection:
        assert not ruled.exist(connection)
        ruled.made(connection)
        assert ruled.exist(connection)
    with writing(engine) as connection:
        assert not ruled.exist(connection)


def test_garbage_is_looked_for_again_when_loading_fails() -> None:
    with pytest.raises(ZeroDivisionError), unswept():
        assert not gc.isenabled()
        _ = 1 / 0
    assert gc.isenabled()


def test_keys_of_one_site_and_day_lie_together() -> None:
    def keys(site: str, day: int | None, path: str) -> tuple[str, ...]:
        published = datetime(2021, 4, day, 12, tzinfo=WIB) if day else None
        rows = written(reading(page(site, path), [claim(), claim("Kota Batu")], published_at=published))
        assert rows is not None
        return rows.version, *(row[0] for row in rows.rows["mention"])

    first, again = keys("detik", 1, "d-1"), keys("detik", 1, "d-2")
    assert len({*first, *again}) == 6 and {len(key) for key in first} == {20}
    assert len({key[:6] for key in (*first, *again)}) == 1
    assert max(first) < min(keys("detik", 2, "d-3"))
    assert len({key[:2] for key in (*keys("kompas", 1, "d-1"), *keys("detik", None, "d-4"))}) == 2
