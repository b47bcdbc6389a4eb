"""Databases that cannot be used: one clear line, exit 1, and nothing that was fetched or stored is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.awards import Awards

DETIK = ("run", "detik", "--replay", "sample")


@contextmanager
def locked(awards: Awards) -> Iterator[None]:
    """Another process is writing, for as long as the block lasts."""
    holder = sqlite3.connect(awards.data / "awards.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()


def hasty(awards: Awards) -> Awards:
    return replace(awards, settings={"AWARDS_DB_TIMEOUT": "1"})


def test_a_locked_database_can_be_asked(sample: Awards) -> None:
    with locked(sample):
        assert hasty(sample)("find", "--region", "35").code == 0
        assert hasty(sample)("runs").code == 0


def test_locked_in_the_middle_of_a_run_what_was_fetched_stays_and_is_loaded_next_time(
    awards: Awards, sample: Awards
) -> None:
    assert awards("db", "upgrade").code == 0
    assert awards("process").code == 0  # the tables are filled, so a run writes nothing before it loads pages
    with locked(awards):
        ran = hasty(awards)("run", "detik", "merdeka", "--replay", "sample")
        assert ran.code == 1
        assert "is locked by another process" in ran.complaint and "run this again" in ran.complaint
        assert {row["verdict"] for row in ran.table()} == {"failed"}
        assert awards.rows()["page"] == []
    captures = awards.captures()
    assert captures == [c for c in sample.captures() if c[0] in ("detik", "merdeka")]
    ran = awards("run", "detik", "merdeka", "--replay", "sample")
    assert ran.code == 0 and {row["new"] for row in ran.table()} == {"0"}
    assert awards.rows()["page"] == [p for p in sample.rows()["page"] if p["site"] in ("detik", "merdeka")]
    assert awards.captures() == captures


@pytest.mark.parametrize("command", [("process",), ("rebuild",)])
def test_locked_while_reading_again(sample: Awards, command: tuple[str, ...]) -> None:
    sample.change("update page set fingerprint = 'older code'")
    before = sample.rows()
    with locked(sample):
        ran = hasty(sample)(*command)
        assert ran.code == 1 and "is locked by another process" in ran.complaint
        assert sample.rows() == before
    assert sample(*command).code == 0
    assert {page["fingerprint"] for page in sample.rows()["page"]} & {"older code"} == set()


def test_a_read_only_database(sample: Awards) -> None:
    rows = sample.rows()
    there = replace(sample, db=f"sqlite:///file:{sample.data / 'awards.db'}?mode=ro&uri=true")
    ran = there(*DETIK)
    assert ran.code == 1 and "read-only" in ran.complaint and "AWARDS_DB" in ran.complaint
    assert sample.rows() == rows


def test_a_database_newer_than_the_code(sample: Awards) -> None:
    rows = sample.rows()
    sample.change("update alembic_version set version_num = '9999'")
    for command in (DETIK, ("find",), ("db", "upgrade"), ("rebuild",)):
        ran = sample(*command)
        assert (ran.code, ran.out) == (1, "") and "newer than this code" in ran.complaint
    sample.change("update alembic_version set version_num = '0001'")
    assert sample.rows() == rows


def test_a_file_that_is_no_database(awards: Awards) -> None:
    awards.data.mkdir()
    letter = b"this is a letter to my aunt, " * 100
    (awards.data / "awards.db").write_bytes(letter)
    ran = awards(*DETIK)
    assert ran.code == 1 and "is not a database" in ran.complaint and "move" in ran.complaint
    assert (awards.data / "awards.db").read_bytes() == letter


def test_a_database_of_something_else(awards: Awards) -> None:
    awards.data.mkdir()
    with sqlite3.connect(awards.data / "awards.db") as connection:
        connection.execute("CREATE TABLE article (mine)")
    connection.close()
    ran = awards("find")
    assert ran.code == 1 and "AWARDS_DB" in ran.complaint


def test_a_server_that_is_not_there_and_a_password_that_stays_secret(awards: Awards) -> None:
    there = replace(hasty(awards), db="postgresql://nobody:secret@127.0.0.1:1/none")
    for command in (("find",), DETIK):
        ran = there(*command)
        assert ran.code == 1 and "127.0.0.1" in ran.complaint and "cannot be reached" in ran.complaint
        assert "secret" not in ran.err


def test_an_address_that_is_none(awards: Awards) -> None:
    ran = replace(awards, db="mysql://user:secret@host/x")("find")
    assert ran.code in (1, 2) and "AWARDS_DB" in ran.complaint and "secret" not in ran.err
