"""awards publish, --recheck and --last: what the scheduler's smaller jobs call."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from etl.run.backfill import last_days
from tests.awards import Awards


def published(awards: Awards) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (awards.data / "publish").iterdir()}


def test_all_conferrals_in_whole_files_with_their_digests(sample: Awards) -> None:
    assert sample("publish").code == 0
    files = published(sample)
    rows = list(csv.DictReader(files["conferrals.csv"].decode("utf-8-sig").splitlines()))
    assert {row["id"] for row in rows} == {row["id"] for row in sample.rows()["conferral"]}
    assert {row["id"] for row in json.loads(files["conferrals.json"])} == {row["id"] for row in rows}
    listed = json.loads(files["published.json"])
    assert listed["conferrals"] == len(rows) > 0
    assert {one["name"]: one["sha256"] for one in listed["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "published.json"
    }


def test_what_says_the_same_is_not_touched(sample: Awards) -> None:
    sample("publish")
    file = sample.data / "publish" / "conferrals.csv"
    before = file.stat().st_mtime_ns
    assert [one["changed"] for one in sample.json("publish")] == [False] * 4
    assert file.stat().st_mtime_ns == before
    sample.change("delete from conferral where id = (select min(id) from conferral)")
    assert [one["changed"] for one in sample.json("publish")] == [True] * 4


def test_where_nothing_can_be_written_what_was_published_stays(sample: Awards) -> None:
    sample("publish")
    before = published(sample)
    broken = sample.data / "publish" / "conferrals.json"
    broken.unlink()
    (broken / "in the way").mkdir(parents=True)
    ran = sample("publish")
    assert ran.code == 1 and "publish cannot be written" in ran.complaint
    there = sample.data / "publish"
    assert (there / "conferrals.csv").read_bytes() == before["conferrals.csv"]
    assert {path.name for path in there.iterdir()} == set(before), "nothing half done is left"


def test_recheck_asks_for_award_articles_that_were_not_seen_for_a_month(sample: Awards) -> None:
    recheck = ("run", "detik", "--recheck", "--replay", "sample")
    ran = sample(*recheck)
    assert ran.code == 0 and [row["command"] for row in sample.json("runs", "detik")] == ["run"], "they are all new"
    sample.change("update page set last_fetched_at = '2026-01-01T00:00:00.000000+00:00' where site = 'detik'")
    ran = sample(*recheck)
    assert ran.code == 0
    (row,) = (row for row in sample.json("runs", "detik") if row["command"] == "recheck")
    awards = {page["url"] for page in sample.rows()["page"] if page["site"] == "detik" and page["is_award_article"]}
    assert row["articles"] == len(awards) > 0 and row["known"] == row["passed_over"] == 0, "no list was asked for"
    assert sample(*recheck).code == 0
    assert [row["command"] for row in sample.json("runs", "detik")].count("recheck") == 1, "they have been seen"


def test_the_last_days_are_those_that_are_over_in_jakarta() -> None:
    late = datetime(2026, 11, 28, 17, 30, tzinfo=UTC)  # half past midnight of the 29th there
    assert last_days(2, late) == [date(2026, 11, 27), date(2026, 11, 28)]


@pytest.mark.parametrize(
    "days", [(), ("--from", "2026-01-01"), ("--last", "3", "--from", "2026-01-01", "--to", "2026-01-02")]
)
def test_a_backfill_is_told_which_days(days: tuple[str, ...], awards: Awards, tmp_path: Path) -> None:
    ran = awards("backfill", "detik", *days)
    assert ran.code == 2 and "--last N" in ran.complaint
