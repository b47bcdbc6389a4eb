"""When a job is due: a cron expression in an IANA zone, or an interval. Knows no job, no ledger and no clock.

APScheduler's cron trigger finds the times on a wall clock without a zone; which moments those are is said here. Left to
itself the library skips a day whose midnight the zone leaves out, runs a daily job twice where it repeats an hour, and
takes weekday 0 for Monday (3.11.3; each has a test).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

_SHIFT = timedelta(hours=3)  # more than any clock is put forward or back at once
_WEEK = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")  # crontab(5): 0 and 7 are Sunday
_NICKNAMES = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}  # fmt: skip
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_TICK = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cron:
    """Times of a cron expression (minute, hour, day of month, month, weekday) on the wall clock of a zone.

    A time that the zone leaves out (clocks put forward) is moved by as much as they are. In an hour that it repeats, an
    expression whose hours begin with `*` is due in both, any other in the first only, as cron(8) has it. Where both days
    are restricted, either is enough, as crontab(5) has it. Raises ValueError saying what is wrong with it.
    """

    expression: str
    zone: str
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _walls: tuple[CronTrigger, ...] = field(init=False, repr=False, compare=False)
    _every_hour: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fields = _NICKNAMES.get(self.expression.strip(), self.expression).split()
        if len(fields) != 5:
            raise ValueError(f"{len(fields)} fields instead of minute, hour, day, month and weekday")
        minute, hour, day, month, weekday = fields
        days = [(day, "*"), ("*", weekday)] if "*" not in (day[0], weekday[0]) else [(day, weekday)]
        triggers = tuple(
            CronTrigger(minute=minute, hour=hour, day=d, month=month, day_of_week=_named(w), timezone=UTC)
            for d, w in days
        )
        object.__setattr__(self, "_zone", zone_of(self.zone))
        object.__setattr__(self, "_walls", triggers)
        object.__setattr__(self, "_every_hour", hour.startswith("*"))
        if self._wall(datetime(2024, 1, 1)) is None:  # noqa: DTZ001  # a leap year, on a wall clock
            raise ValueError("no day is like that")

    def __str__(self) -> str:
        return f"{self.expression} {self.zone}"

    def after(self, moment: datetime) -> datetime | None:
        """The first due time after an aware moment, in UTC; None when there is none."""
        local = moment.astimezone(self._zone)
        wall = self._wall(local.replace(tzinfo=None))
        if wall is None:
            return None
        found = wall.replace(tzinfo=self._zone).astimezone(UTC)
        if self._is_steady(moment) and self._is_steady(found):
            return found
        return self._around_a_shift(moment, local.replace(tzinfo=None))

    def _around_a_shift(self, moment: datetime, local: datetime) -> datetime | None:
        best: datetime | None = None
        wall = self._wall(local - _SHIFT)
        while wall is not None:
            for found in self._moments(wall):
                if found > moment and (best is None or found < best):
                    best = found
            if best is not None and wall.replace(tzinfo=self._zone).astimezone(UTC) - _SHIFT > best:
                break
            wall = self._wall(wall)
        return best

    def _moments(self, wall: datetime) -> Iterator[datetime]:
        """When a wall clock of the zone shows this: once, twice, or - left out - when it would have."""
        first, second = (wall.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        yield first
        if second > first and self._every_hour:
            yield second

    def _is_steady(self, moment: datetime) -> bool:
        """Whether the zone keeps its offset for some hours around a moment."""
        offsets = {(moment + by).astimezone(self._zone).utcoffset() for by in (-_SHIFT, timedelta(0), _SHIFT)}
        return len(offsets) == 1

    def _wall(self, wall: datetime) -> datetime | None:
        start = (wall + _TICK).replace(tzinfo=UTC)
        found = [trigger.get_next_fire_time(None, start) for trigger in self._walls]
        return min((time.replace(tzinfo=None) for time in found if time is not None), default=None)


@dataclass(frozen=True, slots=True)
class Interval:
    """Times that are whole multiples of so many seconds after 1970-01-01 00:00 UTC, whoever counts and since when."""

    seconds: int

    def __post_init__(self) -> None:
        if self.seconds < 1:
            raise ValueError("an interval is one second at least")

    def __str__(self) -> str:
        return f"every {self.seconds} s"

    def after(self, moment: datetime) -> datetime | None:
        """The first due time after an aware moment, in UTC."""
        past = (moment - _EPOCH) // timedelta(seconds=self.seconds)
        return _EPOCH + timedelta(seconds=(past + 1) * self.seconds)


Timetable = Cron | Interval


def interval(text: str | int) -> Interval:
    """An interval from seconds, or a number with s, min, h or d. Raises ValueError."""
    found = re.fullmatch(r"(\d{1,9})\s*(s|m|min|h|d)?", str(text).strip())
    if not found:
        raise ValueError("a number of seconds, or one with s, min, h or d, such as '90 s' or '2 h'")
    return Interval(int(found[1]) * _SECONDS[found[2] or "s"])


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA zone, such as Asia/Jakarta") from error


def _named(weekdays: str) -> str:
    """Weekdays by name: those of crontab(5) count from Sunday, the library's from Monday."""
    return ",".join(day for part in weekdays.split(",") for day in _days(part))


def _days(part: str) -> list[str]:
    span, _, step = part.partition("/")
    if span == "*":
        return ["*"] if not step else [_WEEK[n] for n in range(0, 7, int(step))]
    first, _, last = span.lower().partition("-")
    numbers = [int(day) if day.isdigit() else _number(day) for day in (first, last or first)]
    if not 0 <= numbers[0] <= 7 or not 0 <= numbers[1] <= 7:
        raise ValueError(f"weekday {part!r}: 0 (Sunday) to 6, or sun to sat")
    if numbers[1] < numbers[0]:  # fri-mon
        numbers[1] += 7
    return list(dict.fromkeys(_WEEK[n % 7] for n in range(numbers[0], numbers[1] + 1, int(step or 1))))


def _number(day: str) -> int:
    try:
        return _WEEK.index(day[:3])
    except ValueError:
        raise ValueError(f"weekday {day!r}: 0 (Sunday) to 6, or sun to sat") from None
