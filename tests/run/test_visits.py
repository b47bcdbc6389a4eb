"""How far back a visit looks: to the last whole one, whatever happened since."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from etl.model import AwardsError, CrawlReport
from etl.run import crawling, visits
from etl.settings import Settings
from scraper.archive import Archive
from tests.awards import Awards, ended, kill_group, until
from tests.scraper.local_site import serving, silence
from tests.scraper.test_archive import page
from tests.simulated_day import DAY, MIDNIGHT, Outlet, moved

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)


def since(tmp_path: Path, now: datetime = NOW) -> datetime:
    return crawling._since(Settings(data=tmp_path), "uji", now)


def test_the_first_visit_and_those_of_every_day_look_two_days_back(tmp_path: Path) -> None:
    assert since(tmp_path) == NOW - crawling.OVERLAP
    visits.note(tmp_path / "visits", "uji", NOW - timedelta(hours=2))
    assert since(tmp_path) == NOW - crawling.OVERLAP


def test_after_an_outage_as_far_as_the_last_whole_visit_and_two_weeks_at_most(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive").writer("uji") as writer:
        writer.add(replace(page(), site="uji", fetched_at=NOW - timedelta(hours=1)))  # of a visit that broke off
    visits.note(tmp_path / "visits", "uji", NOW - timedelta(days=6))
    assert since(tmp_path) == NOW - timedelta(days=6)
    assert since(tmp_path, NOW + timedelta(days=30)) == NOW + timedelta(days=30) - crawling.MAX_LOOKBACK


def test_an_archive_of_before_is_taken_by_its_newest_page(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive").writer("uji") as writer:
        writer.add(replace(page(), site="uji", fetched_at=NOW - timedelta(days=5)))
    assert since(tmp_path) == NOW - timedelta(days=5)


def test_it_never_goes_back_and_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    visits.note(tmp_path, "uji", NOW)
    visits.note(tmp_path, "uji", NOW - timedelta(days=9))
    assert visits.seen_until(tmp_path, "uji") == NOW and [p.name for p in tmp_path.iterdir()] == ["uji"]
    (tmp_path / "uji").write_text("kemarin")
    with pytest.raises(AwardsError, match=r"uji cannot be read .*; delete it"):
        visits.seen_until(tmp_path, "uji")


WHOLE = {"finished": True, "lists": 3, "known": 30, "articles": 4}


@pytest.mark.parametrize(
    ("report", "whole"),
    [
        (WHOLE, True),
        ({**WHOLE, "lists": 0, "rested": 3}, True),
        ({**WHOLE, "failures": {"http 404": 1, "timeout": 1}}, True),
        ({**WHOLE, "articles": 20, "known": 0, "failures": {"forbidden by robots.txt": 16}}, True),  # for good
        ({**WHOLE, "finished": False}, False),  # killed, out of time, asked to wait, beyond the day's budget
        ({"finished": True, "failures": {"robots.txt: http 503": 3}}, False),
        ({"finished": True, "failures": {"http 403": 3}}, False),
        ({**WHOLE, "failures": {"timeout": 4}}, False),  # the lists came, and none of the articles
        ({"finished": True, "lists": 3}, False),  # no link in any list: its markup is another
    ],
)
def test_what_a_whole_visit_is(report: dict[str, Any], whole: bool) -> None:
    assert visits.is_whole(CrawlReport("uji", **report)) is whole


OUTLET = Outlet(dated=True, news=(-160, -100, -80, 1))  # of 13, 15, 16 and 20 November


def test_a_visit_that_is_killed_after_an_outage_loses_no_day_of_it(tmp_path: Path) -> None:
    with serving({}) as site:
        first, second, third = (
            MIDNIGHT - timedelta(hours=150),
            MIDNIGHT + timedelta(hours=2),
            MIDNIGHT + timedelta(hours=4),
        )

        def at(when: datetime) -> Awards:
            site.answers = OUTLET.answers(when)
            site.hits.clear()
            return moved(Awards(tmp_path / "data"), tmp_path, {"uji": OUTLET}, {"uji": site}, when)

        assert at(first)("run", "uji").code == 0
        # Nothing runs for six days; then a run is killed when it has had the list of today.
        awards = at(second)
        site.answers[f"/indeks/{DAY - timedelta(days=1)}"] = silence()
        process = awards.start("run", "uji")
        assert until(lambda: process.poll() is not None or "/berita/4/x" in site.paths())
        kill_group(process)
        ended(process)
        assert (
            Archive(tmp_path / "data" / "archive").captures("uji")[-1].fetched_at
            > f"{second.astimezone(UTC):%Y-%m-%dT%H}"
        )
        awards = at(third)
        assert awards("run", "uji").code == 0
        asked = [path for path in site.paths() if path.startswith("/indeks/")]
        assert min(asked) == "/indeks/2026-11-13" and len(asked) == 8
        assert sorted(row["article_id"] for row in awards.rows()["article"]) == ["1", "2", "3", "4"]
