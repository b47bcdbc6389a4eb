"""What is worth telling somebody, and when: findings of a look and what was told before -> one message. Pure; sends nothing.

A matter is told when it is new, when it gets worse, again after a day, and when it is over. All that a look has to tell is
one message. In quiet hours only what is critical goes out; the rest waits, what came and went meanwhile too. A message that
could not be sent has told nothing: the next look tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

_KEPT = timedelta(days=30)  # that a matter is remembered after it was said to be over
_MOST = 40  # lines of a message; the rest is counted
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class Severity(StrEnum):
    """How much a matter presses."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def weight(self) -> int:
        """The higher, the worse."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong now. `key` is the same at every look; `text` says what and what to do, in one line."""

    key: str
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class Alert:
    """A matter as the table `alert` has it. Times are aware."""

    key: str
    severity: Severity
    since: datetime
    text: str
    last_sent: datetime | None = None
    resolved_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still so."""
        return self.resolved_at is None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of a day, in a zone, in which only what is critical is told. From 22:00 to 06:00 goes over midnight."""

    start: time
    end: time
    zone: tzinfo

    def holds(self, now: datetime) -> bool:
        """Whether it is one of them."""
        at = now.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: the worst severity in it decides how it looks; None when it tells of recoveries only."""

    title: str
    body: str
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class Look:
    """What follows from a look. `alerts`: every matter, as to be stored; `gone`: keys to be forgotten.

    `message`: what to send, None when there is nothing to tell; `told`: keys of the matters that it tells of.
    """

    alerts: tuple[Alert, ...]
    gone: tuple[str, ...]
    message: Message | None
    told: frozenset[str]

    def sent(self, now: datetime) -> tuple[Alert, ...]:
        """The matters as they are to be stored once the message has arrived."""
        return tuple(replace(a, last_sent=now) if a.key in self.told else a for a in self.alerts)


def quiet_hours(text: str, zone: tzinfo) -> Quiet | None:
    """'22:00-06:00' as hours; None for ''. Raises ValueError."""
    if not text:
        return None
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} are no hours: give them as 22:00-06:00")
    first, last = (time(int(found[n]), int(found[n + 1])) for n in (1, 3))
    return Quiet(first, last, zone)


def look(
    before: Iterable[Alert], findings: Sequence[Finding], now: datetime, repeat: timedelta, quiet: Quiet | None = None
) -> Look:
    """What a look at `now` finds new, worse, still so after `repeat`, and over; and what of it is to be told."""
    known = {alert.key: alert for alert in before}
    found = {
        finding.key: finding for finding in sorted(findings, key=lambda f: f.severity.weight)
    }  # the worst of a key
    gone = tuple(key for key, alert in known.items() if key not in found and _is_forgotten(alert, now))
    alerts = [_seen(known.get(key), finding, now) for key, finding in found.items()]
    alerts += [_over(a, now) for key, a in known.items() if key not in found and key not in gone]
    is_quiet = quiet is not None and quiet.holds(now)
    due = [a for a in alerts if _is_due(a, now, repeat)]
    due = [a for a in due if not is_quiet or (a.is_open and a.severity is Severity.CRITICAL)]
    due.sort(key=lambda a: (not a.is_open, -a.severity.weight, a.key))
    alerts.sort(key=lambda a: a.key)
    return Look(tuple(alerts), gone, _message(due, now) if due else None, frozenset(a.key for a in due))


def _seen(before: Alert | None, finding: Finding, now: datetime) -> Alert:
    if before is None or (not before.is_open and _is_told(before)):
        return Alert(finding.key, finding.severity, now, finding.text)
    # It was thought to be over, and nobody was told yet: then it never was.
    last_sent = before.last_sent if finding.severity.weight <= before.severity.weight else None
    return replace(before, severity=finding.severity, text=finding.text, last_sent=last_sent, resolved_at=None)


def _over(alert: Alert, now: datetime) -> Alert:
    return replace(alert, resolved_at=now) if alert.is_open else alert


def _is_told(alert: Alert) -> bool:
    """Whether somebody was told how it stands: that it is so, or that it is over."""
    return alert.last_sent is not None and (alert.resolved_at is None or alert.last_sent >= alert.resolved_at)


def _is_due(alert: Alert, now: datetime, repeat: timedelta) -> bool:
    if not _is_told(alert):
        return True
    return alert.is_open and alert.last_sent is not None and now - alert.last_sent >= repeat


def _is_forgotten(alert: Alert, now: datetime) -> bool:
    return alert.resolved_at is not None and _is_told(alert) and now - alert.resolved_at > _KEPT


def _message(alerts: Sequence[Alert], now: datetime) -> Message:
    still = [a for a in alerts if a.is_open]
    counted: Mapping[str, int] = {
        **{str(s): sum(a.severity is s for a in still) for s in reversed(Severity)},
        "over": len(alerts) - len(still),
    }
    title = "awards: " + ", ".join(f"{count} {name}" for name, count in counted.items() if count)
    lines = [_line(alert, now) for alert in alerts[:_MOST]]
    if len(alerts) > _MOST:
        lines.append(f"and {len(alerts) - _MOST} more: `awards alert --list`")
    return Message(title, "\n".join(lines), max((a.severity for a in still), key=lambda s: s.weight, default=None))


def _line(alert: Alert, now: datetime) -> str:
    if alert.resolved_at is None:
        since = f" (for {_length(now - alert.since)})" if now - alert.since >= timedelta(minutes=1) else ""
        return f"{alert.severity.upper()}: {alert.text}{since}"
    return f"OVER after {_length(alert.resolved_at - alert.since)}: {alert.text}"


def _length(span: timedelta) -> str:
    """A span of time for people: '3 min', '5 h', '2 d'."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{round(minutes / 60)} h" if minutes < 48 * 60 else f"{round(minutes / 1440)} d"
