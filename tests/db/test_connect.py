"""Opening databases: who waits for whom, and what a user reads when something is wrong."""

import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from db.connect import connect, database_errors, lock, overhauling, prepare, reading, shown, upgrade, writing
from db.load import load
from db.queries import Filter, find
from etl.model import AwardsError
from tests.db.readings import OUTLETS, claim, many
from tests.db.readings import reading as made

NATAMUKTI = [made(mentions=[claim()])]


@contextmanager
def refused(*words: str) -> Iterator[None]:
    """An AwardsError of one line with these words in it, and no password."""
    with pytest.raises(AwardsError) as caught:
        yield
    message = str(caught.value)
    assert "\n" not in message
    assert "secret" not in message
    for word in words:
        assert word in message


def store(engine: Engine) -> None:
    with database_errors(engine.url), writing(engine) as connection:
        load(connection, NATAMUKTI, OUTLETS)


def found(engine: Engine) -> int:
    with database_errors(engine.url), reading(engine) as connection:
        return len(find(connection, Filter()))


# ------------------------------------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize("url", ["data/awards.db", "", "mysql://u:secret@h/d", "postgresql://u:secret@h:port/d", "://"])
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with refused("AWARDS_DB", "sqlite:///data/awards.db"):
        connect(url)


def test_the_folder_is_made(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/new/deep/awards.db")
    prepare(engine)
    store(engine)
    assert found(engine) == 1
    engine.dispose()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with refused("cannot be made", "AWARDS_DB"):
        connect(f"sqlite:///{tmp_path}/data/deep/awards.db")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_name_of_postgresql_is_understood(scheme: str) -> None:
    engine = connect(f"{scheme}://awards:secret@db.example/awards?sslpassword=secret")
    assert engine.dialect.driver == "psycopg"
    assert shown(engine.url) == "postgresql://awards:***@db.example/awards"


# --------------------------------------------------------------------------------------------------- who waits for whom


def test_readers_do_not_wait_for_a_writer(url: str, engine: Engine) -> None:
    store(engine)
    other = connect(url, timeout=0.2)
    with writing(engine) as connection:
        load(connection, many(10), OUTLETS)
        assert found(other) == 1
        with refused("is locked", "let that finish"):
            store(other)
    assert found(other) > 1
    other.dispose()


def test_a_reader_sees_one_state_and_keeps_no_writer_waiting(url: str, engine: Engine) -> None:
    other = connect(url, timeout=0.2)
    with reading(engine) as connection:
        assert find(connection, Filter()) == []
        store(other)
        assert find(connection, Filter()) == []
    assert found(engine) == 1
    other.dispose()


def test_a_writer_waits_for_another(url: str, engine: Engine) -> None:
    other = connect(url, timeout=5)
    thread = threading.Thread(target=store, args=(other,))
    with writing(engine) as connection:
        thread.start()
        time.sleep(0.2)
        load(connection, many(10), OUTLETS)
    thread.join()
    with reading(engine) as connection:
        assert [row["recipient"] for row in find(connection, Filter(region="35.76", series="natamukti"))]
    other.dispose()


def test_the_lock_is_a_lock_in_any_transaction(url: str, engine: Engine) -> None:
    other = connect(url, timeout=0.2)
    with engine.begin() as connection:
        lock(connection)
        with refused("is locked"):
            store(other)
    store(other)
    other.dispose()


# ------------------------------------------------------------------------------------------------------ what users mend


def test_a_file_locked_by_something_else(file: Path) -> None:
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    engine = connect(f"sqlite:///{file}", timeout=0.1)
    with refused(str(file), "is locked by another process"):
        store(engine)
    holder.execute("ROLLBACK")
    store(engine)
    engine.dispose()


def test_a_file_that_may_only_be_read(file: Path) -> None:
    live = connect(f"sqlite:///{file}")
    store(live)
    live.dispose()
    engine = connect(f"sqlite:///file:{file}?mode=ro&uri=true")
    prepare(engine)
    assert found(engine) == 1
    with refused("is read-only", "AWARDS_DB"):
        store(engine)
    engine.dispose()


def test_an_old_file_that_may_only_be_read_is_read(file: Path) -> None:
    """Without write-ahead log and without the right to switch it on."""
    driver = sqlite3.connect(file)
    driver.execute("PRAGMA journal_mode = DELETE")
    driver.close()
    engine = connect(f"sqlite:///file:{file}?mode=ro&uri=true")
    prepare(engine)
    assert found(engine) == 0
    engine.dispose()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "awards.db"
    file.write_bytes(b"<html>" * 1000)
    engine = connect(f"sqlite:///{file}")
    with refused(str(file), "is not a database", "AWARDS_DB"):
        prepare(engine)
    assert file.read_bytes() == b"<html>" * 1000
    engine.dispose()


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}")
    with refused("cannot be opened"):
        prepare(engine)
    engine.dispose()


def test_a_damaged_file(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[5000:] = b"x" * (len(content) - 5000)
    file.write_bytes(content)
    engine = connect(f"sqlite:///{file}")
    with refused("is damaged", "awards rebuild"):
        store(engine)
    engine.dispose()


def test_a_full_disk(file: Path) -> None:
    engine = connect(f"sqlite:///{file}")
    store(engine)
    with refused("the disk is full"), database_errors(engine.url), writing(engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100")
        load(connection, many(400), OUTLETS)
    assert found(engine) == 1
    engine.dispose()


def test_no_server() -> None:
    engine = connect("postgresql://awards:secret@127.0.0.1:1/awards", timeout=2)
    with refused("postgresql://awards:***@127.0.0.1:1/awards", "cannot be reached (Connection refused)"):
        prepare(engine)
    with refused("cannot be reached"):
        upgrade(engine)
    engine.dispose()


def test_a_server_without_that_database(postgres_server: str) -> None:
    engine = connect(postgres_server.format("nothing"))
    with refused("cannot be reached", 'database "nothing" does not exist'):
        prepare(engine)
    engine.dispose()


def test_a_server_that_only_lets_read(url: str, engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("has its own tests")
    store(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE ROLE analyst LOGIN"))
        connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO analyst"))
    other = connect(url.replace("postgres@", "analyst@"))
    try:
        prepare(other)
        assert found(other) == 1
        with refused("does not allow this", "analyst@"):
            store(other)
    finally:
        other.dispose()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("DROP OWNED BY analyst"))
            connection.execute(text("DROP ROLE analyst"))


def test_a_mistake_of_ours_keeps_its_name(engine: Engine) -> None:
    with pytest.raises(IntegrityError), database_errors(engine.url), writing(engine) as connection:
        connection.execute(text("INSERT INTO award_level VALUES ('no-such-series', 1, 'Utama')"))


def test_broken_keys_are_found_after_an_overhaul(engine: Engine) -> None:
    faults = (RuntimeError, IntegrityError)
    with pytest.raises(faults, match="award_level"), overhauling(engine) as connection:
        connection.execute(text("INSERT INTO award_level VALUES ('no-such-series', 1, 'Utama')"))
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM award_level")).scalar_one() == 0


# ------------------------------------------------------------------------------------------------------ several at once


def test_many_processes_may_start_on_nothing(empty_url: str) -> None:
    """The first `awards run` of three sites at once: one makes the tables, the others wait for it."""
    program = "import sys; from db.connect import connect, prepare; prepare(connect(sys.argv[1]))"
    started = [
        subprocess.Popen([sys.executable, "-c", program, empty_url], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    errors = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0] * 3, errors


def test_messages_name_no_internals(file: Path) -> None:
    engine = connect(f"sqlite:///{file}", timeout=0.1)
    with writing(engine), pytest.raises(AwardsError) as caught:
        store(engine)
    assert not re.search("sqlalche|SELECT|INSERT|sqlite3", str(caught.value))
    engine.dispose()
