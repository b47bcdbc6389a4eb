"""The main job: the first run, the second, the halves, the rebuild."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from db.connect import connect, writing
from tests.command.conftest import Awards, one_line
from tests.db.conftest import postgres_server  # noqa: F401  a fixture

SITES = ("antaranews", "detik", "kompas", "liputan6", "mediaindonesia", "merdeka")


def test_first_run_prints_what_was_found_and_what_to_try(first_output: str, sample: Awards) -> None:
    assert all(re.search(rf"^{site} +\d+", first_output, re.MULTILINE) for site in SITES)
    assert "Kabupaten Banyuwangi" in first_output
    tried = re.findall(r"^  (?:\S*awards) (.*?)   #", first_output, re.MULTILINE)
    assert len(tried) == 4
    for command in tried:
        if not command.startswith("run"):  # the last one is live
            assert sample(*command.split()).returncode == 0, command
    assert (sample.data.parent / "awards.csv").read_text(encoding="utf-8").startswith("id,")


def test_second_run_changes_nothing(sample: Awards) -> None:
    rows, captures, bodies = sample.rows(), sample.captures(), sample.bodies()
    done = sample("run", "--replay", "sample")
    assert done.returncode == 0
    assert "Unchanged: nothing new was stored and no page was read again." in done.stdout
    assert (sample.rows(), sample.bodies()) == (rows, bodies)
    assert set(captures) <= set(sample.captures())
    second = sample.json("run", "--replay", "sample")
    assert {(r["stored"], r["read"], r["finished"]) for r in second} == {(0, 0, True)}


def test_every_page_is_read_or_a_misfit_with_its_reason(sample: Awards) -> None:
    pages = sample.rows()["page"]
    misfits = [page for page in pages if page["outcome"] == "misfit"]
    assert len(pages) > 40
    assert [("holds 0 characters" in (page["reason"] or "")) for page in misfits] == [True]


def test_two_outlets_with_one_award_are_one_conferral(sample: Awards) -> None:
    found = sample(
        "find", "--region", "35.10", "--series", "innovative-government-award", "--year", "2026", "--format", "json"
    )
    assert '"outlet_count": 2' in found.stdout
    assert found.stdout.count('"recipient": "Kabupaten Banyuwangi"') == 1


def test_a_changed_article_is_a_second_version(awards: Awards, sample: Awards) -> None:
    assert awards("run", "detik", "--replay", "sample", "--as-of", "2026-11-19T00:00:00+00:00").returncode == 0
    before = {v["id"] for v in awards.rows()["article_version"] if v["article_id"] == "detik:d-8201006"}
    assert len(before) == 1
    assert awards("run", "--replay", "sample").returncode == 0
    versions = {v["id"] for v in awards.rows()["article_version"] if v["article_id"] == "detik:d-8201006"}
    (article,) = [a for a in awards.rows()["article"] if a["id"] == "detik:d-8201006"]
    assert len(versions) == 2 and before < versions
    assert article["current_version_id"] not in before
    # what is shown is what an undisturbed run shows
    assert awards.rows()["conferral"] == sample.rows()["conferral"]


def test_limit_and_named_sites(awards: Awards) -> None:
    done = awards.json("run", "detik", "merdeka", "--replay", "sample", "--limit", "2")
    assert {(r["site"], r["articles"]) for r in done} == {("detik", 2), ("merdeka", 2)}


def test_crawl_and_process_are_the_two_halves(awards: Awards, sample: Awards) -> None:
    assert awards("crawl", "--replay", "sample").returncode == 0
    assert not (awards.data / "awards.db").exists()
    assert awards("process").returncode == 0
    assert awards.rows() == sample.rows()


def test_rebuild_gives_the_same_rows(sample: Awards) -> None:
    rows = sample.rows()
    engine = connect(f"sqlite:///{sample.data / 'awards.db'}")
    with writing(engine) as connection:
        runs = connection.execute(text("select count(*) from run")).scalar()
        connection.execute(text("delete from conferral_mention"))
        connection.execute(text("delete from evidence"))
        connection.execute(text("update article_version set title = 'damaged'"))
    assert sample.rows() != rows
    assert sample("rebuild").returncode == 0
    assert sample.rows() == rows
    with writing(engine) as connection:
        assert connection.execute(text("select count(*) from run")).scalar() == runs


def test_postgresql_holds_the_same_rows(sample: Awards, postgres_server: str) -> None:  # noqa: F811
    engine = connect(postgres_server.format("postgres"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("create database commanded"))
    there = Awards(sample.data, postgres_server.format("commanded"))
    try:
        assert there("process").returncode == 0
        assert there.rows() == sample.rows()
        assert there("rebuild").returncode == 0
        assert there.rows() == sample.rows()
    finally:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("drop database commanded with (force)"))
        engine.dispose()


def test_other_code_reads_again_and_changes_no_row(sample: Awards) -> None:
    rows = sample.rows()
    engine = connect(f"sqlite:///{sample.data / 'awards.db'}")
    with writing(engine) as connection:
        connection.execute(text("update page set fingerprint = 'older code'"))
    engine.dispose()
    done = sample("process")
    assert done.returncode == 0 and re.search(r"detik +0 +\d+", done.stdout)
    assert sample.rows() == rows


def test_the_gate_closes_when_mentions_would_be_lost(sample: Awards) -> None:
    engine = connect(f"sqlite:///{sample.data / 'awards.db'}")
    with writing(engine) as connection:  # as if other code had read one more award into every mention
        connection.execute(text("update page set fingerprint = 'better code' where site = 'detik'"))
        connection.execute(
            text(
                "update mention set award = award || ' Raya' "
                "where version_id in (select version_id from page where site = 'detik')"
            )
        )
    engine.dispose()
    before = sample.rows()
    refused = sample("process", "detik")
    assert refused.returncode == 1
    assert "--accept" in one_line(refused) and "nothing was loaded" in one_line(refused)
    assert sample.rows() == before
    shown = sample("process", "detik", "--dry-run")
    assert shown.returncode == 0 and "lost: " in shown.stderr and " Raya" in shown.stderr
    assert sample.rows() == before
    assert sample("process", "detik", "--accept").returncode == 0
    assert not [m for m in sample.rows()["mention"] if m["award"].endswith(" Raya")]


def test_status_health_runs_and_schedule(sample: Awards) -> None:
    assert {row["site"] for row in sample.json("status")} == set(SITES)
    assert {row["verdict"] for row in sample.json("health")} == {"OK"}
    runs = sample.json("runs", "detik")
    assert [(r["site"], r["command"], r["exit_code"]) for r in runs] == [("detik", "run", 0)]
    assert datetime.fromisoformat(runs[0]["started_at"]) <= datetime.now(UTC)
    listed = sample("schedule", "--list").stdout
    assert all(re.search(rf"\+07:00 +{site}\b", listed) for site in SITES)


def test_db_check_agrees_and_finds_damage(sample: Awards) -> None:
    assert sample("db", "check").returncode == 0
    warc = next((sample.data / "archive" / "detik").glob("*.warc.gz"))
    damaged = bytearray(warc.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    warc.write_bytes(damaged)
    done = sample("db", "check")
    assert done.returncode == 1 and str(warc) in done.stderr


@pytest.mark.parametrize("form", ["csv", "json"])
def test_find_writes_files(sample: Awards, form: str) -> None:
    path = sample.data / f"found.{form}"
    assert sample("find", "--region", "35", "--format", form, "--out", str(path)).returncode == 0
    assert "Banyuwangi" in path.read_text(encoding="utf-8")


def test_why_shows_words_and_bytes(sample: Awards) -> None:
    rows = sample.rows()["conferral"]
    (row,) = [r for r in rows if (r["recipient"], r["outlet_count"], r["year"]) == ("Kabupaten Banyuwangi", 2, 2026)]
    found = sample.json("why", row["id"][:10])
    assert len(found["mentions"]) == 2
    for mention in found["mentions"]:
        assert {"recipient", "award"} <= {e["field"] for e in mention["evidence"]}
        page = mention["pages"][0]
        with Path(page["warc"]).open("rb") as warc:
            warc.seek(page["offset"])
            assert warc.read(2) == b"\x1f\x8b"
    unknown = sample("why", "zzzz")
    assert unknown.returncode == 1 and "awards find" in one_line(unknown)
