"""etl.dates: every form of DOMAIN.md 6, every outlet's visible time, the slips of both."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.dates import DateInText, dates_in, machine_time, published_time, resolve_day, visible_time

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WIB, WITA, WIT = (timezone(timedelta(hours=hours)) for hours in (7, 8, 9))

# text: (words, day, month, year, weekday) of each day in it
DAYS: dict[str, list[tuple[str, int, int, int | None, int | None]]] = {
    # in brackets
    "usai acara, Rabu (31/3).": [("Rabu (31/3)", 31, 3, None, WED)],
    "ujarnya, Kamis (1/4/2021).": [("Kamis (1/4/2021)", 1, 4, 2021, THU)],
    "Rabu malam (31/3)": [("Rabu malam (31/3)", 31, 3, None, WED)],
    "Senin dini hari (5/10/2026)": [("Senin dini hari (5/10/2026)", 5, 10, 2026, MON)],
    "Rabu pekan lalu (31/3)": [("Rabu pekan lalu (31/3)", 31, 3, None, WED)],
    "Selasa (27/1/26)": [("Selasa (27/1/26)", 27, 1, 2026, TUE)],
    "(1/4/2021)": [("(1/4/2021)", 1, 4, 2021, None)],
    "( 31 / 3 / 2021 )": [("( 31 / 3 / 2021 )", 31, 3, 2021, None)],
    "Rabu (12 November 2025)": [("Rabu (12 November 2025)", 12, 11, 2025, WED)],
    "(Rabu, 31 Maret 2021)": [("(Rabu, 31 Maret 2021)", 31, 3, 2021, WED)],
    "(6/3/13)": [("(6/3/13)", 6, 3, 2013, None)],
    "(17/8/98)": [("(17/8/98)", 17, 8, 1998, None)],
    "Kamis (1-4-2021)": [("Kamis (1-4-2021)", 1, 4, 2021, THU)],
    # weekdays and their spellings
    "Jumat (2/4)": [("Jumat (2/4)", 2, 4, None, FRI)],
    "Jum'at (2/4)": [("Jum'at (2/4)", 2, 4, None, FRI)],
    "Jum’at, 2 April 2021": [("Jum’at, 2 April 2021", 2, 4, 2021, FRI)],
    "Ahad (4/4)": [("Ahad (4/4)", 4, 4, None, SUN)],
    "Minggu (4/4)": [("Minggu (4/4)", 4, 4, None, SUN)],
    "SENIN (5/4)": [("SENIN (5/4)", 5, 4, None, MON)],
    "dalam dua minggu, 4 April 2021": [("4 April 2021", 4, 4, 2021, None)],  # a week, not a Sunday
    "Kamis, 1/4/2021": [("Kamis, 1/4/2021", 1, 4, 2021, THU)],
    "Kamis 1/4": [("Kamis 1/4", 1, 4, None, THU)],
    # written out
    "Selasa, 27 Januari 2026": [("Selasa, 27 Januari 2026", 27, 1, 2026, TUE)],
    "Selasa, 27, Januari 2026": [("Selasa, 27, Januari 2026", 27, 1, 2026, TUE)],
    "pada 23 Juli 2019 lalu": [("23 Juli 2019", 23, 7, 2019, None)],
    "pada tanggal 31 Maret": [("tanggal 31 Maret", 31, 3, None, None)],
    "12 Nop 2025": [("12 Nop 2025", 12, 11, 2025, None)],
    "3 Agt 2025, 4 Ags 2025, 5 Agu. 2025": [
        ("3 Agt 2025", 3, 8, 2025, None), ("4 Ags 2025", 4, 8, 2025, None), ("5 Agu. 2025", 5, 8, 2025, None)],
    "9 Sept 2025, 10 Sep 2025": [("9 Sept 2025", 9, 9, 2025, None), ("10 Sep 2025", 10, 9, 2025, None)],
    "1 Jan, 2 Feb, 3 Mar, 4 Apr, 5 Mei, 6 Jun, 7 Jul, 8 Okt, 9 Nov, 10 Des": [
        ("1 Jan", 1, 1, None, None), ("2 Feb", 2, 2, None, None), ("3 Mar", 3, 3, None, None), ("4 Apr", 4, 4, None, None),
        ("5 Mei", 5, 5, None, None), ("6 Jun", 6, 6, None, None), ("7 Jul", 7, 7, None, None), ("8 Okt", 8, 10, None, None),
        ("9 Nov", 9, 11, None, None), ("10 Des", 10, 12, None, None)],
    "20 Pebruari 2012": [("20 Pebruari 2012", 20, 2, 2012, None)],
    "27 March 2022": [("27 March 2022", 27, 3, 2022, None)],
    "29 Februari 2024": [("29 Februari 2024", 29, 2, 2024, None)],
    # numbers only: with a whole year
    "31/3/2021": [("31/3/2021", 31, 3, 2021, None)],
    "31-03-2021 dan 31.03.2021": [("31-03-2021", 31, 3, 2021, None), ("31.03.2021", 31, 3, 2021, None)],
    "2021-03-31T10:00:00": [("2021-03-31", 31, 3, 2021, None)],
    # ranges: both days, with the words of the whole
    "29 Mei-1 Juni 2023": [("29 Mei-1 Juni 2023", 29, 5, 2023, None), ("29 Mei-1 Juni 2023", 1, 6, 2023, None)],
    "29-31 Mei 2023": [("29-31 Mei 2023", 29, 5, 2023, None), ("29-31 Mei 2023", 31, 5, 2023, None)],
    "27 s.d. 30 Nop 2025": [("27 s.d. 30 Nop 2025", 27, 11, 2025, None), ("27 s.d. 30 Nop 2025", 30, 11, 2025, None)],
    "27 dan 28 Mei 2026": [("27 dan 28 Mei 2026", 27, 5, 2026, None), ("27 dan 28 Mei 2026", 28, 5, 2026, None)],
    "30 Des–2 Januari 2023": [("30 Des–2 Januari 2023", 30, 12, 2022, None), ("30 Des–2 Januari 2023", 2, 1, 2023, None)],
    "Senin-Rabu (24-26/11/2025)": [
        ("Senin-Rabu (24-26/11/2025)", 24, 11, 2025, MON), ("Senin-Rabu (24-26/11/2025)", 26, 11, 2025, WED)],
    "24/11-26/11/2025": [("24/11-26/11/2025", 24, 11, 2025, None), ("24/11-26/11/2025", 26, 11, 2025, None)],
    "Senin (24/11) hingga Rabu (26/11)": [("Senin (24/11)", 24, 11, None, MON), ("Rabu (26/11)", 26, 11, None, WED)],
    # slips
    "Rabu (4/11/205)": [("Rabu (4/11/205)", 4, 11, None, WED)],
    "(17/21)": [],
    "Rabu (31/13/2021)": [],
    "31 Februari 2021": [],
    "29 Februari 2023": [],
    "0 Mei, 32 Mei": [],
    # no dates
    "hari ini, kemarin, Senin malam, pekan lalu, beberapa waktu lalu": [],
    "nilai 98,02 dan 54,01": [],
    "skor 98,12 Mei": [],
    "(3.5) dan (2-1) dan Sabtu 2-1": [],
    "Sabtu 19.05 WIB": [],
    "d-5517334, d-12/03/2021": [],
    "2021/03/31/210405": [],
    "Nomor 188/12/2021": [],
    "COVID-19 Maret 2020": [],
    "HKN ke-59 November": [],
    "3 Desa, 4 Marga, 5 Junior": [],
    "Rp1.234.567 atau 5.476 orang": [],
    "1/4 warga": [],
    "Maret 2021 dan 2021": [],
    "": [],
}  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_days_in_text(text: str) -> None:
    assert [(text[d.start : d.end], d.day, d.month, d.year, d.weekday) for d in dates_in(text)] == DAYS[text]


def test_days_come_in_the_order_of_the_text() -> None:
    text = "Kamis (1/4/2021) ia bicara tentang 5 Mei 2020, lalu Rabu (31/3), di (2/4/2021) dan 2019-01-02."
    assert [(d.day, d.month) for d in dates_in(text)] == [(1, 4), (5, 5), (31, 3), (2, 4), (2, 1)]
    assert all(a.end <= b.start for a, b in zip(dates_in(text), dates_in(text)[1:], strict=False))


@given(st.text(alphabet="0123456789 /-.,()RabuMeinSt\n", max_size=60))
def test_any_text_gives_days_that_exist_where_they_stand(text: str) -> None:
    for day in dates_in(text):
        assert 0 <= day.start < day.end <= len(text)
        date(day.year or 2024, day.month, day.day)


def test_a_long_text_takes_well_under_a_millisecond() -> None:
    text = (
        "Nilai 98,02 dari 125 daerah dengan 1.234 inovasi pada 2025, kata Wali Kota, Rabu (31/3/2021), di Balai Kota. "
    )
    text = (text * 30)[:3000]
    fastest = min(_seconds(text) for _ in range(20))
    assert len(dates_in(text)) >= 24
    assert fastest < 0.003  # 0.5 ms on an idle core of 2024; room for a busy one


def _seconds(text: str) -> float:
    start = time.process_time()
    dates_in(text)
    return time.process_time() - start


# ------------------------------------------------------------------------------------------------------- which day is meant

# (words, published, meant)
MEANT = [
    ("Rabu (31/3)", "2021-04-01", "2021-03-31"),
    ("Kamis (1/4/2021)", "2021-04-01", "2021-04-01"),
    ("Kamis (1/4)", "2021-04-01", "2021-04-01"),  # the day itself
    # year ends
    ("Kamis (31/12)", "2021-01-02", "2020-12-31"),
    ("(31/12)", "2021-01-02", "2020-12-31"),
    ("(1/1)", "2021-01-01", "2021-01-01"),
    ("15 Desember", "2021-12-14", "2020-12-15"),  # nothing but the calendar to go by
    ("29 Februari", "2025-01-10", "2024-02-29"),
    ("29 Februari", "2023-03-01", None),
    # the weekday as evidence
    ("Rabu (31/3)", "2022-06-20", "2021-03-31"),  # of 2022 a Thursday, and long past
    ("Rabu (31/3)", "2022-04-02", "2022-03-31"),  # two days ago: the weekday is the slip
    ("Rabu (7/4)", "2021-04-01", "2021-04-07"),  # 'akan digelar': no Wednesday a year ago
    ("Rabu (7/4)", "2021-03-01", "2020-04-07"),  # five weeks ahead is no announcement
    ("Selasa (7/4)", "2021-04-01", "2020-04-07"),
    ("(7/4)", "2021-04-01", "2020-04-07"),
    ("Senin (31/3)", "2021-12-01", "2021-03-31"),  # fits no year: as the calendar says
    # with a year: as written, unless one slip explains it
    ("Rabu (12/11/2025)", "2020-01-01", "2025-11-12"),
    ("Kamis (12/11/2020)", "2025-11-13", "2020-11-12"),  # its own weekday agrees: an older event
    ("Jumat (14/3/2024)", "2025-03-14", "2025-03-14"),  # the year of last year's habit
    ("Rabu (5/1/2021)", "2022-01-06", "2022-01-05"),
    ("Rabu (10/12/2025)", "2025-12-12", "2025-12-10"),
    ("Rabu (12/10/2025)", "2025-12-12", "2025-12-10"),  # day and month exchanged
    ("Kamis (6/3/2023)", "2023-06-07", "2023-03-06"),  # no single slip explains it: as written
    ("Senin (1/4/2021)", "2021-04-02", "2021-04-01"),  # yesterday, weekday or not
    ("Senin (1/4/2021)", None, "2021-04-01"),
    ("Rabu (31/3)", None, None),
]


@pytest.mark.parametrize(("words", "published", "meant"), MEANT)
def test_the_day_meant(words: str, published: str | None, meant: str | None) -> None:
    (written,) = dates_in(words)
    day = resolve_day(written, date.fromisoformat(published) if published else None)
    assert (day and day.isoformat()) == meant


def test_a_leap_day_with_a_slip_in_the_year() -> None:
    assert resolve_day(DateInText(0, 1, 29, 2, 2024, TUE), date(2025, 3, 1)) == date(2024, 2, 29)


# ------------------------------------------------------------------------------------------------------- times of publication

VISIBLE = {
    "Kompas.com - 19/11/2026, 14:30 WIB": "2026-11-19T14:30:00+07:00",
    "Kompas.com, 19/11/2026, 14:30 WIB - Diperbarui 20/11/2026, 08:00 WIB": "2026-11-19T14:30:00+07:00",
    "04 April 2022, 09:46 WIB": "2022-04-04T09:46:00+07:00",
    "Kamis, 01 Apr 2021 21:40 WIB": "2021-04-01T21:40:00+07:00",
    "Senin, 07 Sep 2026 16:04 WIB": "2026-09-07T16:04:00+07:00",
    "22/10/2025 06:59": "2025-10-22T06:59:00+07:00",
    "Rabu, 18 November 2026 13:20 WIB | 1.229 Views": "2026-11-18T13:20:00+07:00",
    "Kamis, 05/11/2015 10:08 WIB": "2015-11-05T10:08:00+07:00",
    "Rabu, 4 November 2015 | 21:04 WIB": "2015-11-04T21:04:00+07:00",
    "on 16 Feb 2016 at 09:10 WIB": "2016-02-16T09:10:00+07:00",
    "pada 26 Jun 2020, 13:58 WIB": "2020-06-26T13:58:00+07:00",
    "JABAR | 16 Juni 2021 13:00 Reporter : Nama": "2021-06-16T13:00:00+07:00",
    "JATIM | Kamis, 19 November 2026 08:30 WIB": "2026-11-19T08:30:00+07:00",
    "Oleh MC KAB AGAM, Jumat, 8 Maret 2024 | 01:23 WIB": "2024-03-08T01:23:00+07:00",
    "Jumat, 8 Maret 2024 08.15 WITA": "2024-03-08T08:15:00+08:00",
    "Jumat, 8 Maret 2024 08.15 Wita": "2024-03-08T08:15:00+08:00",
    "8 Maret 2024 08:15:59 WIT": "2024-03-08T08:15:59+09:00",
    "14:30 WIB, 19 November 2026": "2026-11-19T14:30:00+07:00",
    "Kamis, 19 November 2026": None,
    "14:30 WIB": None,
    "Kamis (19/11) 14:30 WIB": None,
    "19 November 2026 25:30 WIB": None,
    "19 November 2026 14:61": None,
    "2 jam lalu": None,
    "": None,
}


@pytest.mark.parametrize("text", VISIBLE)
def test_the_time_a_page_shows(text: str) -> None:
    shown = visible_time(text)
    assert (shown and shown.isoformat()) == VISIBLE[text]


MACHINE = {
    "2026-11-19T14:05:00+07:00": "2026-11-19T14:05:00+07:00",
    "2026-11-19T14:05:00+0700": "2026-11-19T14:05:00+07:00",
    "2026-11-19T14:05+07": "2026-11-19T14:05:00+07:00",
    "2026-11-19T07:05:00Z": "2026-11-19T07:05:00+00:00",
    "2026-11-19T07:05:00.123Z": "2026-11-19T07:05:00+00:00",
    "2021-06-16T13:00:00-07:00": "2021-06-16T13:00:00-07:00",
    "2015-11-05 T10:08:58Z": "2015-11-05T10:08:58+00:00",
    "2021/04/01 21:40:56": "2021-04-01T21:40:56",
    " 2021-04-01 21:40 ": "2021-04-01T21:40:00",
    "2021-04-01 21:40:56 WITA": "2021-04-01T21:40:56+08:00",
    "2026-11-19T14:05:00+99:00": "2026-11-19T14:05:00",  # no such zone: as if none were given
    "2021-04-01": None,
    "2021-02-30T10:00:00": None,
    "2021-04-01T25:00:00": None,
    "0000-00-00 00:00:00": None,
    "Wed, 16 Jun 2021 13:00:00 GMT": None,
    "1617288056": None,
    "": None,
}


@pytest.mark.parametrize("stamp", MACHINE)
def test_a_machines_time(stamp: str) -> None:
    read = machine_time(stamp)
    assert (read and read.isoformat()) == MACHINE[stamp]


def _at(day: int, hour: int, minute: int, zone: timezone | None, second: int = 0) -> datetime:
    return datetime(2021, 6, day, hour, minute, second, tzinfo=zone)


PUBLISHED = [
    ("merdeka: -07:00 for WIB", _at(16, 13, 0, timezone(timedelta(hours=-7))), _at(16, 13, 0, WIB), _at(16, 13, 0, WIB)),
    ("-07:00 and nothing shown", _at(16, 13, 0, timezone(timedelta(hours=-7))), None, _at(16, 13, 0, WIB)),
    ("detik 2015: Z for WIB", _at(16, 10, 8, UTC, 58), _at(16, 10, 8, WIB), _at(16, 10, 8, WIB, 58)),
    ("liputan6 2016: Z is UTC", _at(16, 2, 10, UTC, 56), _at(16, 9, 10, WIB), _at(16, 9, 10, WIB, 56)),
    ("Z and a time updated minutes later", _at(16, 10, 8, UTC), _at(16, 10, 31, WIB), _at(16, 10, 8, WIB)),
    ("Z and nothing shown", _at(16, 2, 10, UTC), None, _at(16, 9, 10, WIB)),
    ("Z and another story's time", _at(16, 2, 10, UTC), _at(2, 9, 0, WIB), _at(16, 9, 10, WIB)),
    ("no zone", _at(16, 9, 10, None), None, _at(16, 9, 10, WIB)),
    ("no zone, WITA shown", _at(16, 9, 10, None), _at(16, 9, 10, WITA), _at(16, 9, 10, WITA)),
    ("+07:00, and the same clock as WITA", _at(16, 9, 10, WIB), _at(16, 9, 10, WITA), _at(16, 9, 10, WITA)),
    ("+07:00, told in WIT", _at(16, 9, 10, WIB), _at(16, 11, 10, WIT), _at(16, 11, 10, WIT)),
    ("+08:00 and nothing shown", _at(16, 9, 10, WITA), None, _at(16, 9, 10, WITA)),
    ("only shown", None, _at(16, 9, 10, WIB), _at(16, 9, 10, WIB)),
    ("nothing", None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "shown", "meant"), [row[1:] for row in PUBLISHED], ids=[row[0] for row in PUBLISHED]
)
def test_one_time_out_of_two(stated: datetime | None, shown: datetime | None, meant: datetime | None) -> None:
    found = published_time(stated, shown)
    assert (found and found.isoformat()) == (meant and meant.isoformat())
