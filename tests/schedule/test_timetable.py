"""Cron expressions in zones with and without summer time, and intervals: no due time left out, none twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.schedule.timetable import Cron, Interval, Timetable, interval


def due(timetable: Timetable, first: str, hours: float, zone: str = "UTC") -> list[str]:
    """Due times after a moment, on the zone's wall clock with its offset in hours."""
    moment = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    end, found = moment + timedelta(hours=hours), []
    while (following := timetable.after(moment)) is not None and following <= end:
        assert following > moment and following.tzinfo is UTC
        found.append(f"{following.astimezone(ZoneInfo(zone)):%a %H:%M %z}"[:-2])
        moment = following
    return found


BERLIN, SANTIAGO = "Europe/Berlin", "America/Santiago"
SHIFTS = {
    "hourly, an hour left out": (
        "30 * * * *", BERLIN, "2026-03-29T00:00", 3, ["Sun 00:30 +01", "Sun 01:30 +01", "Sun 03:30 +02"],
    ),
    "hourly, an hour repeated": (
        "30 * * * *", BERLIN, "2026-10-25T01:00", 4,
        ["Sun 01:30 +02", "Sun 02:30 +02", "Sun 02:30 +01", "Sun 03:30 +01"],
    ),
    "daily, its time left out": ("30 2 * * *", BERLIN, "2026-03-28T12:00", 47, ["Sun 03:30 +02", "Mon 02:30 +02"]),
    "daily, its time repeated": ("30 2 * * *", BERLIN, "2026-10-24T12:00", 48, ["Sun 02:30 +02", "Mon 02:30 +01"]),
    "left out at midnight": ("0 0 * * *", SANTIAGO, "2026-09-05T12:00", 48, ["Sun 01:00 -03", "Mon 00:00 -03"]),
    "half an hour": ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00", 48, ["Sun 02:45 +11", "Mon 02:15 +11"]),
    "none": ("30 2 * * *", "Asia/Jakarta", "2026-03-28T12:00", 48, ["Sun 02:30 +07", "Mon 02:30 +07"]),
}  # fmt: skip


@pytest.mark.parametrize("case", SHIFTS)
def test_where_clocks_are_put_forward_or_back(case: str) -> None:
    expression, zone, first, hours, times = SHIFTS[case]
    assert due(Cron(expression, zone), first, hours, zone) == times


WEEKDAYS = {"0": ["Sun"], "7": ["Sun"], "1-5": ["Mon", "Tue", "Wed", "Thu", "Fri"], "sat,sun": ["Sat", "Sun"],
            "fri-mon": ["Mon", "Fri", "Sat", "Sun"], "5-7": ["Fri", "Sat", "Sun"]}  # fmt: skip


@pytest.mark.parametrize("weekday", WEEKDAYS)
def test_weekdays_are_those_of_crontab(weekday: str) -> None:
    found = due(Cron(f"0 3 * * {weekday}", "UTC"), "2026-11-23T00:00", 7 * 24)  # from a Monday on
    assert [time[:3] for time in found] == WEEKDAYS[weekday]


def test_either_day_is_enough_where_both_are_restricted() -> None:
    assert due(Cron("0 3 25 * fri", "UTC"), "2026-11-23T00:00", 7 * 24) == ["Wed 03:00 +00", "Fri 03:00 +00"]


def test_nicknames() -> None:
    assert due(Cron("@weekly", "UTC"), "2026-11-23T00:00", 7 * 24) == ["Sun 00:00 +00"]


@pytest.mark.parametrize(
    "wrong", ["", "every morning", "61 * * * *", "0 3 * * 8", "0 0 30 2 *", "* * * *", "0 3 * * blue"]
)
def test_what_is_no_expression_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Cron(wrong, "Asia/Jakarta")


def test_what_is_no_zone_is_refused() -> None:
    for wrong in ("Jakarta", "", "../etc/passwd", "+07:00"):
        with pytest.raises(ValueError, match="no IANA zone"):
            Cron("0 3 * * *", wrong)


def test_an_interval_counts_from_the_same_moment_whoever_asks() -> None:
    assert interval("15 min") == interval("900") == interval(900) == Interval(900)
    assert due(interval("2 h"), "2026-11-28T01:59", 4.5) == ["Sat 02:00 +00", "Sat 04:00 +00", "Sat 06:00 +00"]
    for wrong in ("0", "-5", "soon", "5 weeks"):
        with pytest.raises(ValueError, match=r"interval|number"):
            interval(wrong)


@given(
    st.sampled_from(["*/20 * * * *", "17 */2 * * *", "0 0 * * *", "30 2 * * *", "5,50 1-3 * * *"]),
    st.sampled_from(["Asia/Jakarta", BERLIN, SANTIAGO, "Africa/Cairo", "America/St_Johns", "Australia/Lord_Howe"]),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001  # made aware below
)
def test_due_times_are_the_same_from_wherever_one_looks(expression: str, zone: str, start: datetime) -> None:
    """Looking from each due time to the next gives what looking from any moment between does."""
    timetable, moment = Cron(expression, zone), start.replace(tzinfo=UTC)
    times = [moment]
    for _ in range(6):
        times.append(timetable.after(times[-1]) or moment)
    for before, following in pairwise(times):
        between = before + (following - before) / 2
        assert before < following == timetable.after(between)
    wall = times[-1].astimezone(ZoneInfo(zone))
    assert wall.second == wall.microsecond == 0
