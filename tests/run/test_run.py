"""The main job through the command line: first run, second run, changed articles, the two halves, rebuild, the gate."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from etl.model import Page, PageRef, Site
from etl.run.pages import page_refs
from etl.run.reading import Task as ReadTask
from etl.run.reading import read_task
from scraper.archive import Archive
from tests.awards import SITES, Awards, Ran
from tests.warcs import sample as sample_answers
from tests.warcs import write as write_warc

CHANGED = "detik:d-8201006"


# ------------------------------------------------------------------------------------------------------- the first run


def test_the_first_run_prints_tables_and_what_went_wrong_goes_to_stderr(first_run: tuple[Awards, Ran]) -> None:
    ran = first_run[1]
    table = {row["site"]: row for row in ran.table()}
    assert set(table) == set(SITES)
    assert {row["verdict"] for row in table.values()} == {"OK"}
    assert {row["fetched"] for row in table.values()} == {row["new"] for row in table.values()}
    assert all(int(row["read"]) >= 6 and int(row["mentions"]) > 0 for row in table.values())
    assert re.search(r"^\d+ conferrals are stored", ran.out, re.MULTILINE)
    assert re.search(r"^misfit: https://regional\.kompas\.com/\S+$\n +layout", ran.err, re.MULTILINE)
    assert "misfit: " not in ran.out and "not fetched" not in ran.out
    assert [line for line in ran.err.splitlines() if re.match(r"\w+: \d+ fetched, \d+ read", line)]


def test_the_commands_to_try_next_work_as_they_are_printed(first_run: tuple[Awards, Ran], sample: Awards) -> None:
    tried = re.findall(r"^  (\S.*?)   #", first_run[1].out, re.MULTILINE)
    assert [re.sub(r".*awards ", "", command).split()[0] for command in tried] == ["find", "why", "find", "run"]
    for command in tried[:-1]:  # the last one is the live site
        # The paths are relative to where the first run was; that folder holds nothing but the data folder too.
        done = subprocess.run(
            command,
            shell=True,
            cwd=first_run[0].folder,
            env=sample.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout or Path(first_run[0].folder / "awards.csv").read_text(encoding="utf-8-sig").startswith("id,")
    assert tried[-1].endswith("run detik")


def test_what_was_found(sample: Awards) -> None:
    rows = sample.rows()
    assert len(rows["page"]) == sum(len(site_pages(rows, site)) for site in SITES)
    assert all(len(site_pages(rows, site)) >= 6 for site in SITES)
    misfits = [page for page in rows["page"] if page["outcome"] == "misfit"]
    assert len(misfits) == 1 and "holds 0 characters of text" in misfits[0]["reason"]
    twice = [c for c in rows["conferral"] if c["outlet_count"] == 2]
    assert "Kabupaten Banyuwangi" in {c["recipient"] for c in twice}
    # no claim without words
    texts = {version["id"]: version["text"] for version in rows["article_version"]}
    versions = {mention["id"]: mention["version_id"] for mention in rows["mention"]}
    assert rows["evidence"]
    for e in rows["evidence"]:
        assert texts[versions[e["mention_id"]]][e["start_at"] : e["end_at"]] == e["quote"]


def site_pages(rows: dict[str, list[dict[str, object]]], site: str) -> list[dict[str, object]]:
    return [page for page in rows["page"] if page["site"] == site]


def test_a_terminal_shows_progress_on_stderr(awards: Awards) -> None:
    ours, theirs = pty.openpty()
    process = awards.start("run", "detik", "--replay", "sample", stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 1 << 16):
            shown += chunk
    except OSError:  # so a terminal says that its other side was closed
        pass
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    assert b"detik: crawl" in shown and b"detik: read" in shown and b"\x1b[" in shown
    assert "\x1b" not in out and out.startswith("site ")


# ------------------------------------------------------------------------------------------------------ the second run


def test_the_second_run_says_unchanged_and_changes_nothing(sample: Awards) -> None:
    rows, files, bodies = sample.rows(), sample.files(), sample.bodies()
    ran = sample("run", "--replay", "sample")
    assert ran.code == 0
    assert "Unchanged: nothing new was stored and no page was read again." in ran.out
    assert {(row["new"], row["read"]) for row in ran.table()} == {("0", "0")}
    assert {row["verdict"] for row in ran.table()} == {"QUIET"}
    assert sample.rows() == rows
    assert sample.bodies() == bodies
    assert sample.files() == files


def test_json_is_valid_and_stands_alone_on_stdout(sample: Awards) -> None:
    said = {row["site"]: row for row in sample.json("run", "merdeka", "detik", "--replay", "sample")}
    assert set(said) == {"detik", "merdeka"}
    for row in said.values():
        assert (row["stored"], row["read"], row["finished"], row["error"]) == (0, 0, True, None)
        assert row["verdict"] == "QUIET" and row["seconds"] > 0 and row["bad_pages"] == []
    assert said["detik"]["failures"] == {"forbidden by robots.txt": 1}


def test_a_limit_holds_and_the_next_run_brings_the_rest(awards: Awards, sample: Awards) -> None:
    first = {row["site"]: row for row in awards.json("run", "detik", "merdeka", "--replay", "sample", "--limit", "2")}
    assert {name: row["articles"] for name, row in first.items()} == {"detik": 2, "merdeka": 2}
    assert {row["site"] for row in awards.rows()["page"]} == {"detik", "merdeka"}  # no other site was visited
    assert awards("run", "detik", "merdeka", "--replay", "sample").code == 0
    assert awards.rows()["page"] == [p for p in sample.rows()["page"] if p["site"] in ("detik", "merdeka")]
    assert awards.bodies() == [body for body in sample.bodies() if body[0] in ("detik", "merdeka")]


def test_since_leaves_older_lists_out(awards: Awards) -> None:
    ran = awards("run", "detik", "--replay", "sample", "--since", "2026-11-20")
    assert ran.code == 0, ran.err
    lists = [url for _, url, *_ in awards.captures() if "/indeks?" in url]
    assert lists and all("date=11/20/2026" in url for url in lists)


# ------------------------------------------------------------------------------------------------------ other versions


@pytest.fixture
def two_visits(tmp_path: Path) -> Path:
    """detik as it was on 18 and on 20 November: one article was changed in between."""
    answers = list(sample_answers("detik.com"))
    (early,) = [a for a in answers if a.at < "2026-11-19"]
    before = [replace(a, at=a.at.replace("2026-11-20T02", "2026-11-18T02")) for a in answers if a.url != early.url]
    return write_warc(tmp_path / "two.warc.gz", [*before, early, *(a for a in answers if a is not early)])


def won(rows: dict[str, list[dict[str, object]]]) -> set[tuple[object, object]]:
    """Who won what."""
    return {(c["award"], c["recipient"]) for c in rows["conferral"]}


def test_a_changed_article_is_a_second_version_and_the_current_one(
    awards: Awards, sample: Awards, two_visits: Path
) -> None:
    replay = ("run", "detik", "--replay", str(two_visits))
    ran = awards(*replay, "--as-of", "2026-11-19T00:00:00+00:00")
    assert ran.code == 0, ran.err
    before = awards.rows()
    (old,) = versions(before)
    assert awards(*replay).code == 0
    after = awards.rows()
    assert old in versions(after) and len(versions(after)) == 2
    (now,) = [article["current_version_id"] for article in after["article"] if article["id"] == CHANGED]
    assert now != old and now in versions(after)
    # Of what was there, only the article that changed was stored again; what is shown is what one late visit shows.
    assert len(awards.bodies()) == len(set(awards.bodies()))
    known = {page["url"] for page in before["page"]}
    assert len([page for page in after["page"] if page["url"] in known]) == len(known) + 1
    late = sample.rows()
    assert {m["conferral_id"] for m in after["conferral_mention"]} == {c["id"] for c in after["conferral"]}
    # What other outlets add (a category) may name a conferral anew; who won what is the same.
    assert won(after) <= won(late)
    # and the other order of the same captures gives the same rows
    assert awards("rebuild").code == 0
    assert awards.rows() == after


def versions(rows: dict[str, list[dict[str, object]]]) -> set[object]:
    return {version["id"] for version in rows["article_version"] if version["article_id"] == CHANGED}


def test_a_page_whose_body_was_stored_at_a_later_visit_can_be_read(tmp_path: Path) -> None:
    """An older archive replayed after a newer one: the older visit is a revisit of bytes that come later in time."""
    site, url = Site("local", "Local", r"/berita/\d+", r"/berita/(\d+)"), "https://local.example/berita/1"
    late, early = (datetime(2026, 11, day, tzinfo=UTC) for day in (20, 18))
    with Archive(tmp_path).writer("local") as writer:
        for at in (late, early):
            writer.add(Page("local", url, at, 200, (("content-type", "text/html"),), b"<html>berita</html>"))
    (ref,) = page_refs(Archive(tmp_path), site)
    assert (ref.first_fetched_at, ref.last_fetched_at) == (early, late)
    assert Archive(tmp_path).read(ref).body == b"<html>berita</html>"


def test_further_pages_are_parts_of_the_first(tmp_path: Path) -> None:
    """In their newest content; alone only where the first page never came. Another content of one is another reading."""
    site = Site("local", "Local", r"/berita/\d+", r"/berita/(\d+)", page_number=r"[?&]page=(\d+)", whole="page=all")
    url = "https://local.example/berita/1"

    def kept(*pages: tuple[str, int, bytes]) -> None:
        with Archive(tmp_path).writer("local") as writer:
            for address, day, body in pages:
                at = datetime(2026, 11, day, tzinfo=UTC)
                writer.add(Page("local", address, at, 200, (("content-type", "text/html"),), body))

    kept((url, 18, b"satu"), (f"{url}?page=3", 18, b"tiga"), (f"{url}?page=2", 18, b"dua"))
    kept(("https://local.example/berita/2?page=2", 18, b"lain"))
    first, alone = page_refs(Archive(tmp_path), site)
    assert (first.url, [part.url[-1] for part in first.parts]) == (url, ["2", "3"])
    assert (alone.url[-1], alone.parts) == ("2", ())
    kept((f"{url}?page=2", 19, b"dua, diperbaiki"))
    again = page_refs(Archive(tmp_path), site)[0]
    assert again.id != first.id
    assert [Archive(tmp_path).read(part).body for part in again.parts] == [b"dua, diperbaiki", b"tiga"]


# --------------------------------------------------------------------------------------------------------- the halves


def test_crawl_and_process_are_the_two_halves(awards: Awards, sample: Awards) -> None:
    ran = awards("crawl", "--replay", "sample")
    assert ran.code == 0 and {row["site"] for row in ran.table()} == set(SITES)
    assert not (awards.data / "awards.db").exists()
    assert awards.captures() == sample.captures()
    assert awards("process").code == 0
    assert awards.rows() == sample.rows()


def test_a_lost_database_is_made_again_from_the_archive(sample: Awards) -> None:
    rows = sample.rows()
    for path in sample.data.glob("awards.db*"):
        path.unlink()
    assert sample("process").code == 0
    assert sample.rows() == rows


def test_a_rebuild_gives_the_same_rows_and_keeps_the_runs(sample: Awards) -> None:
    rows, runs = sample.rows(), sample.json("runs")
    sample.change(
        "delete from conferral_mention", "delete from evidence", "update article_version set title = 'damaged'",
        "update page set outcome = 'misfit', reason = 'damaged', version_id = null where site = 'detik'",
    )  # fmt: skip
    assert sample.rows() != rows
    ran = sample("rebuild")
    assert ran.code == 0 and {row["site"] for row in ran.table()} == set(SITES)
    assert sample.rows() == rows
    assert sample.json("runs") == runs
    assert not list(sample.data.glob("*.rebuild*.db*"))


def test_a_rebuild_without_an_archive_keeps_all_rows(sample: Awards) -> None:
    rows = sample.rows()
    (sample.data / "archive").rename(sample.data / "elsewhere")
    ran = sample("rebuild")
    assert ran.code == 1 and "AWARDS_DATA" in ran.complaint
    assert sample.rows() == rows


def test_postgresql_holds_the_same_rows(sample: Awards, postgres_server: str) -> None:
    with psycopg.connect(postgres_server.format("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS commanded WITH (FORCE)")
        connection.execute("CREATE DATABASE commanded")
    there = Awards(sample.data, postgres_server.format("commanded"))
    assert there("process").code == 0
    assert there.rows() == sample.rows()
    there.change("delete from conferral", "update article_version set title = 'damaged'")
    assert there("rebuild").code == 0
    assert there.rows() == sample.rows()
    ran = there("run", "detik", "--replay", "sample")
    assert ran.code == 0 and "Unchanged" in ran.out
    assert there.rows() == sample.rows()


# --------------------------------------------------------------------------------------------------------- reading again


def test_other_code_reads_every_page_again_and_changes_no_row(sample: Awards) -> None:
    rows = sample.rows()
    sample.change("update page set fingerprint = 'older code'")
    assert sample.rows() != rows
    ran = sample("process")
    assert ran.code == 0
    assert {(row["already"], int(row["read"]) >= 6) for row in renamed(ran)} == {("0", True)}
    assert sample.rows() == rows
    again = sample("process")
    assert {row["read"] for row in renamed(again)} == {"0"}


def renamed(ran: Ran) -> list[dict[str, str]]:
    """The table of `process`, whose first number is headed 'already read'."""
    head, *rows = ran.out.split("\n\n")[0].splitlines()
    assert head.split() == ["site", "already", "read", "read", "misfits", "mentions", "mentions", "lost"]
    names = ("site", "already", "read", "misfits", "mentions", "lost")
    return [dict(zip(names, row.split(), strict=True)) for row in rows]


def test_the_gate_closes_when_re_reading_would_lose_mentions(sample: Awards) -> None:
    rows = sample.rows()
    sample.change(  # as if better code had read detik
        "update page set fingerprint = 'better code' where site = 'detik'",
        "update mention set award = award || ' Raya' where version_id in (select version_id from page where site = 'detik')",
    )
    before = sample.rows()
    ran = sample("process")
    assert ran.code == 1
    assert "nothing was loaded" in ran.complaint and "awards process detik --accept" in ran.complaint
    assert {row["site"] for row in renamed(ran)} == set(SITES) - {"detik"}
    assert sample.rows() == before
    shown = sample("process", "detik", "--dry-run")
    assert shown.code == 0
    assert shown.err.count("lost: ") == len([m for m in before["mention"] if m["award"].endswith(" Raya")])
    assert re.search(r"^lost: Kabupaten Banyuwangi · .+ Raya$\n +https://\S+$", shown.err, re.MULTILINE)
    assert sample.rows() == before
    assert sample("process", "detik", "--accept").code == 0
    assert sample.rows() == rows


def test_a_closed_gate_fails_the_site_in_a_run_and_no_other(sample: Awards) -> None:
    sample.change(
        "update page set fingerprint = 'better code' where site = 'detik'",
        "update mention set award = award || ' Raya' where version_id in (select version_id from page where site = 'detik')",
    )
    before = sample.rows()
    ran = sample("run", "detik", "merdeka", "--replay", "sample")
    assert ran.code == 1 and "awards process detik --dry-run" in ran.complaint
    assert {row["site"]: row["verdict"] for row in ran.table()} == {"detik": "failed", "merdeka": "QUIET"}
    assert sample.rows() == before
    health = sample("health")
    assert health.code == 1 and "detik" in health.complaint and "merdeka" not in health.complaint


def test_a_fault_of_ours_on_one_page_is_a_misfit_with_its_reason(
    sample: Awards, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise IndexError("list index out of range")

    monkeypatch.setattr("etl.run.reading.read", broken)
    site = Site("detik", "detik", r"detik\.com/.*d-\d+", r"(d-\d+)")
    archive = sample.data / "archive"
    ref: PageRef = page_refs(Archive(archive), site)[0]
    reading = read_task(ReadTask(archive, site, ref))
    assert re.fullmatch(
        r"reading it failed: IndexError: list index out of range \(test_run\.py:\d+\)", str(reading.outcome)
    )
