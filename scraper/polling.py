"""What past visits say: which lists are to be asked again, which articles are gone. Pure: reads no archive and no clock."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

LATEST = 8  # visits that say how often a list changes: what was before is another time
ENOUGH = 4  # times between visits, below which nothing is known
LONGEST = timedelta(hours=10)  # no list waits longer: runs two hours apart, and late ones, ask twice a day nevertheless
GONE = (404, 410)  # RFC 9110: not found, gone
_TOLD = (200, *GONE)  # what other answers (a redirect, a 503) say of an article is nothing


@dataclass(frozen=True, slots=True)
class Visit:
    """One answer of one address: when (aware), HTTP status (of a 304 that of the page it confirmed) and body digest."""

    at: datetime
    status: int
    digest: str


def is_due(visits: Sequence[Visit], now: datetime) -> bool:
    """Whether a list is to be asked at `now`. `visits` of its address, oldest first.

    It is when it was never seen, when the last answer was anything but a 200, when it was seen too seldom to say, and
    when half of the mean time between its changes has passed since the last visit, or LONGEST. A visit that got no answer
    at all leaves none here: the list is then as old as its last answer.
    """
    if not visits or visits[-1].status != 200:
        return True
    age = now - visits[-1].at
    return (
        not timedelta(0) <= age < waiting_time(visits)
    )  # a visit in the future: a clock was wrong, so nothing is known


def waiting_time(visits: Sequence[Visit]) -> timedelta:
    """How long a list may wait since its last visit: zero to LONGEST.

    Of n visits after the first, x found it changed: it changes -ln((n - x + 0.5) / (n + 0.5)) times from one visit to the
    next (Cho and Garcia-Molina, Estimating frequency of change, ACM TOIT 3(3), 2003, 4.2), which the plain x / n would
    understate. Visits count as if they were equally far apart, by the median: a pause of ours says nothing of the list.
    """
    answered = [visit for visit in visits if visit.status == 200][-LATEST:]
    pairs = list(pairwise(answered))
    if len(pairs) < ENOUGH:
        return timedelta(0)
    changes = sum(before.digest != after.digest for before, after in pairs)
    if not changes:
        return LONGEST
    rate = -math.log((len(pairs) - changes + 0.5) / (len(pairs) + 0.5))
    apart = timedelta(seconds=median((after.at - before.at).total_seconds() for before, after in pairs))
    return min(LONGEST, apart / rate / 2)


def gone_since(visits: Iterable[Visit]) -> datetime | None:
    """When an article was first found gone, by all visits of its addresses in any order; None when it is there.

    It is gone when the newest answer that says anything is 404 or 410 and one before it was 200. A redirect, a refusal or
    a server's fault leaves it as it was.
    """
    since: datetime | None = None
    was_there = False
    for visit in sorted((v for v in visits if v.status in _TOLD), key=lambda v: (v.at, v.status)):
        if visit.status == 200:
            was_there, since = True, None
        elif was_there and since is None:
            since = visit.at
    return since
