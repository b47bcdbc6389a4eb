"""Rebuilding beside the live database: the same rows, runs kept, and nothing half done."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from db.connect import connect, writing
from db.connect import reading as looking
from db.load import RunRow, load, record_run
from db.queries import Filter, Found, dump, find, runs, totals
from db.rebuild import SCHEMA, fresh_copy, swap
from db.reference import refresh
from etl.model import AwardsError
from tests.db.readings import FIRST, OUTLETS, claim, many, page, reading


def fill(engine: Engine, number: int, seed: int = 1) -> None:
    with writing(engine) as connection:
        load(connection, many(number, seed), OUTLETS)


def rows(engine: Engine) -> dict[str, list[Found]]:
    with looking(engine) as connection:
        return dump(connection)


def leftovers(engine: Engine) -> list[str]:
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        return sorted(p.name for p in file.parent.glob("*rebuild*") if p.suffix != ".lock")
    with looking(engine) as connection:
        schemas = text("SELECT nspname FROM pg_namespace WHERE nspname = :name")
        return list(connection.execute(schemas, {"name": SCHEMA}).scalars())


def test_a_rebuild_replaces_what_is_derived_and_keeps_the_rest(url: str, engine: Engine) -> None:
    refresh(engine)
    fill(engine, 60, seed=1)
    with writing(engine) as connection:
        record_run(connection, RunRow("r1", "detik", FIRST, "run"))
    with fresh_copy(url) as fresh:
        assert not any(rows(fresh).values())
        fill(fresh, 40, seed=2)
        with writing(fresh) as connection:
            load(connection, [reading(page("newsite"), [claim()])], {"newsite": "New"})
        expected = rows(fresh)
        swap(fresh, engine)
    assert rows(engine) == expected
    assert leftovers(engine) == []
    with looking(engine) as connection:
        assert [run["id"] for run in runs(connection)] == ["r1"]
        assert "newsite" in {row["site"] for row in totals(connection)}
    assert not refresh(engine)
    fill(engine, 60, seed=1)  # the live database works on


def test_rebuilding_gives_the_rows_that_loading_gave(url: str, engine: Engine) -> None:
    for start in range(0, 90, 10):
        with writing(engine) as connection:
            load(connection, many(90)[start : start + 10], OUTLETS)
    before = rows(engine)
    with fresh_copy(url) as fresh:
        with writing(fresh) as connection:
            load(connection, many(90)[::-1], OUTLETS)
        swap(fresh, engine)
    assert rows(engine) == before


def test_readers_see_old_rows_until_all_new_ones_are_there(url: str, engine: Engine) -> None:
    fill(engine, 30)
    other = connect(url)
    with fresh_copy(url) as fresh, looking(other) as reader:
        before = find(reader, Filter())
        swap(fresh, engine)
        assert find(reader, Filter()) == before != []
        reader.rollback()
        assert find(reader, Filter()) == []
    other.dispose()


def test_without_a_swap_nothing_happened(url: str, engine: Engine) -> None:
    fill(engine, 30)
    before = rows(engine)
    with pytest.raises(RuntimeError), fresh_copy(url) as fresh:
        fill(fresh, 10, seed=7)
        raise RuntimeError("killed")
    assert (rows(engine), leftovers(engine)) == (before, [])


def test_two_rebuilds_at_once_are_refused(url: str) -> None:
    with fresh_copy(url), pytest.raises(AwardsError, match="being rebuilt by another process"), fresh_copy(url):
        raise AssertionError("a second rebuild began")
    with fresh_copy(url):
        pass


def test_a_swap_waits_its_turn(url: str, engine: Engine) -> None:
    fill(engine, 30)
    impatient = connect(url, timeout=0.2)
    with fresh_copy(url) as fresh:
        with writing(engine), pytest.raises(AwardsError, match="is locked"):
            swap(fresh, impatient)
        swap(fresh, impatient)
    with looking(engine) as connection:
        assert find(connection, Filter()) == []
    impatient.dispose()


KILLED = """
import os, sys
from sqlalchemy import event
from db.connect import connect, writing
from db.load import load
from db.rebuild import fresh_copy, swap
from tests.db.readings import OUTLETS, many

live = connect(sys.argv[1])

def die(connection, cursor, statement, *rest):
    if statement.startswith("INSERT INTO conferral "):
        os._exit(9)

event.listen(live, "before_cursor_execute", die)
with fresh_copy(sys.argv[1]) as fresh:
    with writing(fresh) as connection:
        load(connection, many(20, seed=8), OUTLETS)
    swap(fresh, live)
"""


def _wait_for_the_server(engine: Engine) -> None:
    """Until it has noticed that a client is gone, and let go of what that had locked."""
    locks = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
    while engine.dialect.name == "postgresql":
        with looking(engine) as connection:
            if not connection.execute(locks).scalar():
                return
        time.sleep(0.02)


def test_a_kill_in_the_middle_leaves_the_old_rows(url: str, engine: Engine) -> None:
    fill(engine, 30)
    before = rows(engine)
    killed = subprocess.run([sys.executable, "-c", KILLED, url], check=False, capture_output=True)
    assert killed.returncode == 9, killed.stderr
    assert rows(engine) == before
    assert leftovers(engine)
    _wait_for_the_server(engine)
    with fresh_copy(url) as fresh:
        assert not any(rows(fresh).values())
        fill(fresh, 10)
        swap(fresh, engine)
    assert leftovers(engine) == []


def test_a_database_in_memory_cannot_be_rebuilt() -> None:
    with pytest.raises(AwardsError, match="cannot be rebuilt"), fresh_copy("sqlite://"):
        raise AssertionError("rebuilt")


def test_rights_and_views_of_others_outlive_a_swap(url: str, engine: Engine) -> None:
    fill(engine, 30)
    with writing(engine) as connection:
        connection.execute(text("CREATE VIEW mine AS SELECT recipient FROM conferral"))
    with fresh_copy(url) as fresh:
        fill(fresh, 30, seed=4)
        swap(fresh, engine)
    with looking(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM mine")).scalar_one() == len(find(connection, Filter()))
