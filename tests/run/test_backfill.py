"""`awards backfill` against a site on this machine: units of a day, resumed after a kill, skipped when done."""

from __future__ import annotations

import signal
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from db.connect import connect, reading
from etl.model import UsageError
from etl.run.backfill import MAX_FAILED, days
from tests.awards import Awards, ended, kill_group, until
from tests.local_outlet import by_day, package
from tests.scraper.local_site import Asked, page, serving, silence, status

FIRST = date(2026, 3, 1)
LAST = FIRST + timedelta(days=3)
CALL = ("backfill", "lokal", "--from", str(FIRST), "--to", str(LAST))


def units(awards: Awards) -> list[date]:
    engine = connect(awards.database)
    with reading(engine) as connection:
        found = connection.execute(text("select day from backfill_unit where site = 'lokal' order by day")).scalars()
        done = [value if isinstance(value, date) else date.fromisoformat(value) for value in found]
    engine.dispose()
    return done


def test_each_day_is_asked_once_and_done_days_are_skipped(awards: Awards) -> None:
    with serving(by_day(FIRST, 6)) as site:
        lokal = replace(awards, settings=package(awards.folder, site.base))
        ran = lokal(*CALL)
        assert ran.code == 0, ran.err
        assert [path for path in site.paths() if path != "/robots.txt"] == [
            path for n in range(4) for path in (f"/indeks/{FIRST + timedelta(days=n)}", f"/berita/{n + 1}/x")
        ], "no feed, no day beyond, no list twice"
        assert [(row["day"], row["articles"], row["read"], row["done"]) for row in ran.table()] == [
            (str(FIRST + timedelta(days=n)), "1", "1", "yes") for n in range(4)
        ]
        assert units(lokal) == [FIRST + timedelta(days=n) for n in range(4)]
        assert {row["command"] for row in lokal.json("runs")} == {"backfill"}
        assert [row for row in lokal.json("health") if row["site"] == "lokal" and "verdict" in row] == []
        site.hits.clear()
        longer = lokal(*CALL[:-1], str(LAST + timedelta(days=1)))
        assert longer.code == 0 and "4 of 5 days were done before and skipped; --again repeats them" in longer.err
        assert [path for path in site.paths() if path != "/robots.txt"] == ["/indeks/2026-03-05", "/berita/5/x"]
        site.hits.clear()
        again = lokal(*CALL, "--again")
        assert again.code == 0 and len(again.table()) == 4
        assert [p for p in site.paths() if p != "/robots.txt"] == [
            f"/indeks/{FIRST + timedelta(days=n)}" for n in range(4)
        ]


def test_killed_in_the_middle_it_goes_on_with_the_first_unit_that_is_not_done(awards: Awards) -> None:
    answers = by_day(FIRST, 4)
    third = answers["/berita/3/x"]
    answers["/berita/3/x"] = [silence(), third]  # type: ignore[list-item]
    with serving(answers) as site:
        lokal = replace(awards, settings=package(awards.folder, site.base))
        process = lokal.start(*CALL)
        assert until(lambda: process.poll() is not None or "/berita/3/x" in site.paths())
        kill_group(process)
        assert ended(process).code == -signal.SIGKILL
        assert units(lokal) == [FIRST, FIRST + timedelta(days=1)]
        site.hits.clear()
        ran = lokal(*CALL)
        assert ran.code == 0, ran.err
        assert [row["day"] for row in ran.table()] == ["2026-03-03", "2026-03-04"]
        assert not {"/indeks/2026-03-01", "/indeks/2026-03-02"} & set(site.paths())
    assert len(lokal.rows()["article"]) == 4 and len(units(lokal)) == 4
    assert len(lokal.bodies()) == len(set(lokal.bodies()))


def test_a_day_that_brought_nothing_stays_to_be_done_and_the_site_is_left_in_peace(awards: Awards) -> None:
    answers = by_day(FIRST, 9)
    ok = dict(answers)
    for n in range(1, 9):
        answers[f"/indeks/{FIRST + timedelta(days=n)}"] = status(404)
    with serving(answers) as site:
        lokal = replace(awards, settings=package(awards.folder, site.base))
        ran = lokal("backfill", "lokal", "--from", "2026-03-01", "--to", "2026-03-09")
        assert ran.code == 1 and f"lokal: {MAX_FAILED} days in a row brought nothing" in ran.complaint
        assert [row["done"] for row in ran.table()] == ["yes", "no", "no", "no"]
        assert units(lokal) == [FIRST]
        site.answers.update(ok)
        assert lokal("backfill", "lokal", "--from", "2026-03-01", "--to", "2026-03-02").code == 0
        assert units(lokal) == [FIRST, FIRST + timedelta(days=1)]


def test_one_bad_day_stops_no_other_and_makes_the_call_fail(awards: Awards) -> None:
    answers = by_day(FIRST, 3) | {"/indeks/2026-03-02": status(404)}
    with serving(answers) as site:
        lokal = replace(awards, settings=package(awards.folder, site.base))
        ran = lokal("backfill", "lokal", "--from", "2026-03-01", "--to", "2026-03-03")
    assert ran.code == 1 and "2026-03-02" in ran.err and "http 404" in ran.complaint
    assert units(lokal) == [date(2026, 3, 1), date(2026, 3, 3)]


def test_an_empty_day_is_done(awards: Awards) -> None:
    with serving({"/robots.txt": status(404), "/indeks/2026-03-01": page("<p>Tidak ada berita</p>")}) as site:
        lokal = replace(awards, settings=package(awards.folder, site.base))
        ran = lokal("backfill", "lokal", "--from", "2026-03-01", "--to", "2026-03-01")
    assert ran.code == 0, ran.err
    assert units(lokal) == [FIRST]


def test_sites_without_days_and_days_that_make_no_sense_are_refused(awards: Awards) -> None:
    def never(asked: Asked) -> None:
        raise AssertionError(asked.path)

    with serving({"/robots.txt": never}) as site:
        lokal = replace(awards, settings=package(awards.folder, site.base, dated=False))
        ran = lokal(*CALL)
        assert ran.code == 2 and "lokal has no lists by day and no sitemaps" in ran.complaint
        for first, last, words in (
            ("2026-03-02", "2026-03-01", "is after"),
            ("2026-03-02", "2999-03-01", "is not over yet"),
            ("kemarin", "2026-03-01", "--from 'kemarin' is not understood"),
        ):
            wrong = lokal("backfill", "lokal", "--from", first, "--to", last)
            assert wrong.code == 2 and words in wrong.complaint
        assert site.hits == []


def test_today_in_jakarta_is_not_over() -> None:
    night = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)  # half past midnight of the 20th in Jakarta
    assert days(date(2026, 11, 18), date(2026, 11, 19), night) == [date(2026, 11, 18), date(2026, 11, 19)]
    with pytest.raises(UsageError, match="give 2026-11-19"):
        days(date(2026, 11, 18), date(2026, 11, 20), night)
