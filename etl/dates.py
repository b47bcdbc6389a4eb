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
            "januari jan january", "februari pebruari feb peb february", "maret mar march", "april apr", "mei may",
            "juni jun june", "juli jul july", "agustus agu agt ags aug august", "september sep sept",
            "oktober okt oct october", "november nopember nov nop", "desember des dec december",
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

RECENT = timedelta(days=60)  # news tells of what happened in the last weeks ...
AHEAD = timedelta(days=14)  # ... or is about to happen
FRESH = timedelta(days=14)  # a day not as written must be news at least

# 'minggu' in small letters is a week, 'Minggu' a Sunday.
_DAY_NAMES = sorted(
    {form for name in WEEKDAYS for form in (name.capitalize(), name.upper(), name) if form != "minggu"},
    key=lambda form: (-len(form), form),
)
_WEEKDAY = "(?:" + "|".join(_DAY_NAMES) + ")"
_WHEN = r"(?:\s+(?:pagi|siang|sore|petang|malam|dini hari|kemarin|lalu|pekan lalu|ini))"
_TO = r"\s*(?:[-–—]|s\.?/?d\.?|hingga|sampai(?:\s+dengan)?)\s*"

# A date begins with a day's number. Not one: a part of a score (98,02), of an id (d-12), of a name (COVID-19).
# (The looks behind come after the first digit: a pattern that begins with a digit is searched ten times faster.)
_NUMBER = re.compile(r"\d(?<![\w/.]\d)(?<!\d,\d)(?<!\w-\d)(?:\d?(?!\d)|\d{3}-\d\d-\d\d(?!\d))")
_NAMED = re.compile(  # 31 Maret 2021; 27, Januari 2026; 29-31 Mei 2023
    rf"(?P<day>\d{{1,2}})(?:(?:{_TO}|\s+dan\s+)(?P<last>\d{{1,2}}))?\s*,?\s*"
    rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?(?!\w)(?:\s*,?\s*(?P<year>\d{{4}})(?!\w))?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(  # 31/3; 31/3/2021; 27-29/11/2025
    rf"(?P<day>\d{{1,2}})(?:{_TO}(?P<last>\d{{1,2}}))?\s*(?P<sign>[/.-])\s*(?P<month>\d{{1,2}})"
    r"(?:\s*(?P=sign)\s*(?P<year>\d{1,5}))?(?![\d/]|[.,]\d)"
)
# What stands before and behind the number: 'Rabu malam (', 'Senin-Rabu, tanggal ', '(Kamis, '.
_BEFORE = re.compile(
    rf"(?:(?<!\w)(?P<first>{_WEEKDAY})(?:{_TO}(?P<second>{_WEEKDAY}))?{_WHEN}{{0,2}}\s*,?\s*)?"
    rf"(?P<open>\(\s*)?(?:(?<!\w)(?P<inner>{_WEEKDAY})\s*,?\s*)?(?:(?:tanggal|tgl\.?)\s+)?$"
)
_BEHIND = re.compile(r"\s*\)")
_JOINED = re.compile(rf"{_TO}(?:(?P<weekday>{_WEEKDAY})\s*,?\s*\(?)?(?=\d)")
_LONGEST_BEFORE = 64  # characters

_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?!\d)")
_ZONE = re.compile(r"\b(WIB|WITA|WIT)\b", re.IGNORECASE)
_ISO = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)(?:\s*T?\s*(\d\d):(\d\d)(?::(\d\d))?(?:[.,]\d+)?)?"
    r"\s*(Z|[+-]\d\d:?\d\d|[+-]\d\d)?\s*(WIB|WITA|WIT)?$"
)
_REAL_OFFSETS = frozenset(timedelta(hours=hours) for hours in (0, 7, 8, 9))  # what a server in Indonesia, or UTC, has


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
    """Every day named in a text, in order. Impossible days (17/21, 31 Februari) are not dates.

    A range ('29 Mei-1 Juni 2023') gives its first and its last day, both with the words of the whole range.
    """
    found: list[DateInText] = []
    end = 0
    for number in _NUMBER.finditer(text):
        if number.start() >= end and (days := _days_at(text, number, end)):
            found += days
            end = days[-1].end
    return found


def resolve_day(written: DateInText, published: date | None) -> date | None:
    """The day meant; None when its year cannot be told.

    Without a year: the latest such day not after publication. When that is not recent and its weekday contradicts the
    one written, the weekday decides: a year earlier, or a day soon to come.

    With a year the day stands as written, unless it is neither recent nor on the weekday written, and one slip (the year
    of publication meant, day and month exchanged, the month next to it) gives a day of the last two weeks on that
    weekday.
    """
    weekday = written.weekday
    if written.year is not None:
        stated = date(written.year, written.month, written.day)
        if published is None or weekday in (None, stated.weekday()) or _is_recent(stated, published):
            return stated
        meant = {d for d in _slips(stated, published) if d.weekday() == weekday and published - FRESH <= d <= published}
        return meant.pop() if len(meant) == 1 else stated
    if published is None:
        return None
    years = (published.year + 1, published.year, published.year - 1)
    days = [date(year, written.month, written.day) for year in years if _exists(year, written.month, written.day)]
    past = [day for day in days if day <= published]
    if weekday is not None and not (past and _is_recent(past[0], published)):
        soon = [day for day in days if published < day <= published + AHEAD]
        past = [day for day in (*past, *soon) if day.weekday() == weekday] or past
    return past[0] if past else None


def visible_time(text: str) -> datetime | None:
    """The aware time a page shows: 'Kamis, 01 Apr 2021 21:40 WIB', '19/11/2026, 14:30 WIB'.

    WIB unless it says otherwise; None when there is no full date or no clock time.
    """
    day = next((d for d in dates_in(text) if d.year is not None), None)
    if day is None:
        return None
    clock = _CLOCK.search(text, day.end) or _CLOCK.search(text[: day.start])
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59 or int(clock[3] or 0) > 59:
        return None
    zone = _ZONE.search(text)
    hour, minute, second = (int(part or 0) for part in clock.groups())
    return datetime(
        day.year or 0, day.month, day.day, hour, minute, second, tzinfo=ZONES[zone[1].upper() if zone else "WIB"]
    )


def machine_time(stamp: str) -> datetime | None:
    """A metadata time: ISO 8601 and its slips ('2015-11-05 T10:08:58Z', '2021/04/01 21:40:56').

    Naive when no zone is given.
    """
    match = _ISO.match(stamp.strip())
    if match is None or match[4] is None or not _exists(int(match[1]), int(match[2]), int(match[3])):
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if hour > 23 or minute > 59 or second > 59:
        return None
    moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  naive as long as nothing tells the zone
    if match[8]:
        return moment.replace(tzinfo=ZONES[match[8]])
    if not match[7]:
        return moment
    sign, digits = match[7][0], match[7][1:].replace(":", "").ljust(4, "0")
    offset = timedelta(0) if sign == "Z" else timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= timedelta(hours=24):
        return moment
    return moment.replace(tzinfo=timezone(-offset if sign == "-" else offset))


def published_time(stated: datetime | None, visible: datetime | None) -> datetime | None:
    """One aware time out of metadata and what the page shows, in the zone that the page shows (WIB if it shows none).

    Metadata knows the seconds, but real sites publish its zone wrongly (merdeka -07:00, detik 'Z' for WIB; liputan6's 'Z'
    is right). So its clock is read both as it stands and as the zone of the page, and the one nearer to the visible time
    is taken. An offset that no Indonesian server has is a wrong zone anyway.
    """
    if stated is None:
        return visible
    as_shown = stated.replace(tzinfo=visible.tzinfo if visible else WIB)
    if stated.tzinfo is None or stated.utcoffset() not in _REAL_OFFSETS:
        return as_shown
    if visible is None or abs(visible - stated) > timedelta(days=1):  # far away: some other date on the page
        return stated.astimezone(WIB) if stated.utcoffset() == timedelta(0) else stated
    return min(as_shown, stated.astimezone(visible.tzinfo), key=lambda moment: abs(moment - visible))


# ------------------------------------------------------------------------------------------------------ reading one date


def _days_at(text: str, number: re.Match[str], earliest: int) -> list[DateInText]:
    """The day, or the first and last day of a range, that begins with a number; [] when it is no date."""
    start = number.start()
    if number.end() - start > 2:
        year, month, day = (int(part) for part in number[0].split("-"))
        return [DateInText(start, number.end(), day, month, year, None)] if _exists(year, month, day) else []
    first = _NAMED.match(text, start) or _NUMERIC.match(text, start)
    if first is None:
        return []
    last, joined = first, _JOINED.match(text, first.end())
    if joined and first["last"] is None:
        last = _NAMED.match(text, joined.end()) or _NUMERIC.match(text, joined.end()) or first
    before = _BEFORE.search(text, max(earliest, start - _LONGEST_BEFORE), start)
    behind = _BEHIND.match(text, last.end()) if before and before["open"] else None
    weekday = before and (before["inner"] or before["first"])
    if not (_is_date(first, bool(behind), bool(weekday)) or _is_date(last, bool(behind), bool(weekday))):
        return []
    begin, end = before.start() if before else start, behind.end() if behind else last.end()
    weekdays = (weekday, (joined and joined["weekday"]) if last is not first else before and before["second"])
    return [
        DateInText(begin, end, day, month, year, WEEKDAYS[name.lower()] if name else None)
        for (day, month, year), name in zip(_ends(first, last), weekdays, strict=False)
    ]


def _is_date(match: re.Match[str], bracketed: bool, has_weekday: bool) -> bool:
    """A month's name makes a date. Numbers need a whole year, or a slash and a weekday or brackets: '2-1' is a result."""
    sign = match.groupdict().get("sign")
    return sign is None or _year(match["year"]) is not None or (sign == "/" and (bracketed or has_weekday))


def _ends(first: re.Match[str], last: re.Match[str]) -> list[tuple[int, int, int | None]]:
    """(day, month, year) of both ends of a range, of one day once. What does not exist is left out."""
    month, year = _month(last["month"]), _year(last["year"])
    if last is not first:
        begin = (int(first["day"]), _month(first["month"]), _year(first["year"]) or year)
        if begin[1] > month and year is not None and first["year"] is None:
            begin = (*begin[:2], year - 1)
        ends = [begin, (int(last["day"]), month, year)]
    elif first["last"] is not None:
        ends = [(int(first["day"]), month, year), (int(first["last"]), month, year)]
        ends = ends if ends[0] < ends[1] else []
    else:
        ends = [(int(first["day"]), month, year)]
    return ends if all(_exists(y, m, d) for d, m, y in ends) else []


def _month(name: str) -> int:
    return int(name) if name.isdigit() else MONTHS[name.lower()]


def _year(written: str | None) -> int | None:
    """A year as written; two digits are of 1970 to 2069. None for a slip ('205')."""
    if written is None or len(written) not in (2, 4):
        return None
    year = int(written) if len(written) == 4 else (2000 if int(written) < 70 else 1900) + int(written)
    return year if 1945 <= year <= 2100 else None


def _is_recent(day: date, published: date) -> bool:
    return published - RECENT <= day <= published


def _slips(stated: date, published: date) -> list[date]:
    """What may have been meant by a day written wrongly in one place."""
    year, month, day = stated.year, stated.month, stated.day
    parts = [(published.year, month, day), (published.year - 1, month, day), (year, day, month)]
    parts += [(year, month - 1, day), (year, month + 1, day)]
    return [date(*part) for part in parts if _exists(*part)]


def _exists(year: int | None, month: int, day: int) -> bool:
    try:
        date(year if year is not None else 2024, month, day)  # 2024: a leap year, so that 29/2 may be meant
    except ValueError:
        return False
    return year is None or 1945 <= year <= 2100
