"""The views are the same on both databases, say what the tables say, outlive upgrades, and let no article's text out."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, inspect, text

from db import views
from db.connect import alembic_config, connect, overhauling, prepare, reading, upgrade, writing
from db.load import load
from db.reference import refresh
from tests.db.readings import OUTLETS, claim, many, page
from tests.db.readings import reading as made


@pytest.fixture(scope="module")
def filled(shared_engine: Engine) -> Engine:
    refresh(shared_engine)
    with writing(shared_engine) as connection:
        load(connection, many(60), OUTLETS)
        second = made(
            page("kompas", "k-1", seen=2), [claim(), claim(award="Opini WTP", kind="opinion", series="opini-wtp")]
        )
        load(connection, [made(page("detik", "x-1"), [claim()]), second], OUTLETS)
    return shared_engine


def rows(connection: Connection, sql: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(text(sql)).mappings()]


@pytest.mark.parametrize("view", views.VIEWS, ids=lambda view: view.name)
def test_names_and_columns_are_those_declared(filled: Engine, view: views.View) -> None:
    with reading(filled) as connection:
        assert view.name in inspect(connection).get_view_names()
        found = connection.execute(text(f"SELECT * FROM {view.name}"))
        assert list(found.keys()) == list(view.columns)
        assert found.first() is not None


def test_a_conferral_and_its_mentions_are_those_of_the_tables(filled: Engine) -> None:
    with reading(filled) as connection:
        for view, of in (("v_conferral", "conferral"), ("v_mention", "mention")):
            assert rows(connection, f"SELECT count(*) AS n FROM {view}") == rows(
                connection, f"SELECT count(*) AS n FROM {of}"
            )
        (row,) = rows(
            connection,
            "SELECT * FROM v_mention WHERE site = 'detik' AND award_quote = 'Natamukti Award' AND url LIKE '%x-1'",
        )
        assert (row["current"], row["recipient_quote"], row["outlet"]) == (1, "Kota Mojokerto", "detikcom")
        (one,) = rows(connection, f"SELECT * FROM v_conferral WHERE id = '{row['conferral_id']}'")
        assert (one["awarded_on"], one["days_to_print"], one["outlet_count"]) == ("2021-03-31", 1, 2)


def test_what_is_won_is_counted_apart_from_what_is_judged(filled: Engine) -> None:
    with reading(filled) as connection:
        (row,) = rows(connection, "SELECT * FROM v_region_year WHERE region_code = '35.76' AND year = 2021")
        (all_of,) = rows(
            connection,
            "SELECT count(*) AS conferrals, sum(CASE WHEN kind = 'opinion' THEN 1 ELSE 0 END) AS opinions"
            " FROM conferral WHERE region_code = '35.76' AND year = 2021",
        )
    assert row["conferrals"] == all_of["conferrals"]
    assert row["awards"] == all_of["conferrals"] - all_of["opinions"] < row["conferrals"]


def test_no_view_holds_an_article(filled: Engine) -> None:
    """Quotes are short; the longest text of a view is a headline or an address."""
    for view in views.VIEWS:
        assert not [name for name, (expression, _) in view.columns.items() if expression.endswith(".text")]


def test_views_are_made_again_by_an_upgrade_and_gone_below(empty_url: str) -> None:
    engine = connect(empty_url)
    prepare(engine)
    with overhauling(engine) as connection:
        command.downgrade(alembic_config(connection), "0004")
    with reading(engine) as connection:
        assert inspect(connection).get_view_names() == []
    upgrade(engine)
    with reading(engine) as connection:
        assert sorted(inspect(connection).get_view_names()) == sorted(view.name for view in views.VIEWS)
    engine.dispose()


def test_meanings_reach_postgresql(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite keeps no comments")
    with reading(engine) as connection:
        for view in views.VIEWS:
            found = {column["name"]: column["comment"] for column in inspect(connection).get_columns(view.name)}
            assert found == {name: meaning for name, (_, meaning) in view.columns.items()}


def test_what_is_counted_is_what_a_count_would_give(engine: Engine) -> None:
    """However conferrals came, changed and went."""
    readings = many(90)
    with writing(engine) as connection:
        for start in range(0, len(readings), 20):
            load(connection, readings[start : start + 20], OUTLETS)
        load(connection, many(90, seed=2)[:40], OUTLETS)
    counted = (
        "SELECT region_code, year, count(*) AS conferrals,"
        " sum(CASE WHEN kind NOT IN ('opinion', 'grade', 'ranking') THEN 1 ELSE 0 END) AS awards,"
        " sum(CASE WHEN independent_count > 1 AND kind = 'award' THEN 1 ELSE 0 END) AS witnessed_awards"
        " FROM conferral WHERE year IS NOT NULL AND region_code IS NOT NULL GROUP BY region_code, year ORDER BY 1, 2"
    )
    with reading(engine) as connection:
        kept = rows(
            connection,
            "SELECT region_code, year, conferrals, awards, witnessed_awards FROM region_year ORDER BY 1, 2",
        )
        assert kept == rows(connection, counted) != []
