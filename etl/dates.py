"""Indonesian dates and times: the forms of the press, of page metadata, and the typing errors in both. Knows no clock.

Forms and slips: tests/test_dates.py lists them. Zones: Keppres 41/1987 (WIB +7, WITA +8, WIT +9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan", "februari pebruari feb peb", "maret mar", "april apr", "mei may", "juni jun june",
            "juli jul july", "agustus agu agt ags aug august", "september sep sept", "oktober okt oct october",
            "november nopember nov nop", "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("senin monday", "selasa tuesday", "rabu wednesday", "kamis thursday", "jumat jum'at jum’at friday", "sabtu saturday",
         "minggu ahad sunday")
    )
    for name in names.split()
}  # fmt: skip
ZONES = {"WIB": timezone(timedelta(hours=7)), "WITA": timezone(timedelta(hours=8)), "WIT": timezone(timedelta(hours=9))}
WIB = ZONES["WIB"]

_WEEKDAY = r"(?P<weekday>" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")"
_MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_PART_OF_DAY = r"(?:\s+(?:pagi|siang|sore|petang|malam|dini hari))?"

# One pattern a form, in order of trust. `(?<![\d/.])` and `(?![\d/])` keep scores (98,02) and article ids out.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # Rabu (31/3/2021), Rabu malam (31/3), Kamis, 1/4/2021
        rf"(?:{_WEEKDAY}{_PART_OF_DAY}\s*,?\s*)?\(\s*(?P<day>\d{{1,2}})\s*[/.-]\s*(?P<monthnumber>\d{{1,2}})"
        rf"(?:\s*[/.-]\s*(?P<year>\d{{4}}|\d{{2}}))?\s*\)",
        rf"{_WEEKDAY}{_PART_OF_DAY}\s*,?\s*(?P<day>\d{{1,2}})[/.-](?P<monthnumber>\d{{1,2}})(?:[/.-](?P<year>\d{{4}}))?(?![\d/])",
        # Selasa, 27, Januari 2026; Rabu 12 November 2025; 23 Juli 2019; Rabu (12 November 2025)
        rf"(?:{_WEEKDAY}{_PART_OF_DAY}\s*,?\s*\(?\s*)?(?:tanggal\s+)?(?<![\d/.,])(?P<day>\d{{1,2}})\s*,?\s*{_MONTH}"
        rf"(?:\s*,?\s+(?P<year>\d{{4}}))?(?!\w)",
        # 31/3/2021
        r"(?<![\d/.])(?P<day>\d{1,2})/(?P<monthnumber>\d{1,2})/(?P<year>\d{4})(?![\d/])",
        # 2021-03-31
        r"(?<![\d/.-])(?P<year>(?:19|20)\d\d)-(?P<monthnumber>\d\d)-(?P<day>\d\d)(?!\d)",
    )
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*(WIB|WITA|WIT)?(?!\d)")
_ISO = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)(?:\s*T?\s*(\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d|[+-]\d\d)?\s*(WIB|WITA|WIT)?$"
)


@dataclass(frozen=True, slots=True)
class DateInText:
    """A day as written: `text[start:end]`. `year` is None when not given, `weekday` 0 (Monday) .. 6 or None."""

    start: int
    end: int
    day: int
    month: int
    year: int | None
    weekday: int | None


def dates_in(text: str) -> list[DateInText]:
    """Every day named in a text, in order. Impossible days (17/21, 31 Februari) are not dates."""
    found: dict[int, DateInText] = {}
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            day = int(parts["day"])
            month = int(parts["monthnumber"]) if parts.get("monthnumber") else MONTHS[parts["month"].lower()]
            year = _full_year(parts.get("year"))
            if any(match.start() < end and start < match.end() for start, end in taken) or not _exists(
                year, month, day
            ):
                continue
            weekday = WEEKDAYS[parts["weekday"].lower()] if parts.get("weekday") else None
            found[match.start()] = DateInText(match.start(), match.end(), day, month, year, weekday)
            taken.append((match.start(), match.end()))
    return [found[start] for start in sorted(found)]


def resolve_day(written: DateInText, published: date | None) -> date | None:
    """The day meant. Without a year: the latest such day not after publication; None when that cannot be told.

    With no publication date either, a weekday alone cannot choose among years, so the answer is None.
    """
    if written.year is not None:
        return date(written.year, written.month, written.day)
    if published is None:
        return None
    for year in (published.year, published.year - 1):
        if _exists(year, written.month, written.day) and date(year, written.month, written.day) <= published:
            return date(year, written.month, written.day)
    return None


def visible_time(text: str) -> datetime | None:
    """The aware time a page shows: 'Kamis, 01 Apr 2021 21:40 WIB', '19/11/2026, 14:30 WIB'; WIB unless it says otherwise.

    None when there is no full date or no clock time.
    """
    days = [d for d in dates_in(text) if d.year is not None]
    if not days:
        return None
    clock = _CLOCK.search(text, days[0].end) or _CLOCK.search(text[: days[0].start])
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        return None
    zone = re.search(r"\b(WIB|WITA|WIT)\b", text)
    day = date(days[0].year or 0, days[0].month, days[0].day)
    return datetime(
        day.year,
        day.month,
        day.day,
        int(clock[1]),
        int(clock[2]),
        int(clock[3] or 0),
        tzinfo=ZONES[zone[1] if zone else "WIB"],
    )


def machine_time(stamp: str) -> datetime | None:
    """A metadata time: ISO 8601 and its slips ('2015-11-05 T10:08:58Z', '2021/04/01 21:40:56'). Naive when no zone is given."""
    match = _ISO.match(stamp.strip())
    if match is None or match[4] is None or not _exists(int(match[1]), int(match[2]), int(match[3])):
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if hour > 23 or minute > 59 or second > 59:
        return None
    moment = datetime(year, month, day, hour, minute, second)
    if match[8]:
        return moment.replace(tzinfo=ZONES[match[8]])
    if not match[7]:
        return moment
    sign, digits = match[7][0], match[7][1:].replace(":", "").ljust(4, "0")
    offset = timedelta(0) if sign == "Z" else timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return moment.replace(tzinfo=timezone(-offset if sign == "-" else offset))


def published_time(stated: datetime | None, visible: datetime | None) -> datetime | None:
    """One aware time out of metadata and what the page shows.

    Real sites publish wrong zones (merdeka -07:00, liputan6 and detik 'Z' for WIB): when both show the same clock time,
    the visible zone wins. Otherwise metadata is the more exact one, told in the visible zone, or in WIB.
    """
    if stated is None:
        return visible
    zone = visible.tzinfo if visible else WIB
    if stated.tzinfo is None:
        return stated.replace(tzinfo=zone)
    same_clock = visible is not None and stated.replace(tzinfo=None, second=0) == visible.replace(tzinfo=None, second=0)
    if same_clock:
        return stated.replace(tzinfo=zone)
    return stated.astimezone(zone) if stated.utcoffset() == timedelta(0) else stated


def _full_year(year: str | None) -> int | None:
    if year is None:
        return None
    return int(year) if len(year) == 4 else 2000 + int(year)


def _exists(year: int | None, month: int, day: int) -> bool:
    try:
        date(year if year is not None else 2024, month, day)  # 2024: a leap year, so that 29/2 may be meant
    except ValueError:
        return False
    return year is None or 1945 <= year <= 2100
