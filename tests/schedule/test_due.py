"""Which due times run, which are passed over and why; who counts as dead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.schedule.due import CHUNK, CatchUp, Ending, Planned, Pulse, State, listen, orphaned, outcome, plan
from etl.schedule.timetable import Interval

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOURLY = Interval(3600)
DUE, MISSED, OVERLAP = State.DUE, State.SKIPPED_MISSED, State.SKIPPED_OVERLAP


def states(catch_up: CatchUp, minutes_late: int, hours_missed: int, is_open: bool = False) -> list[State]:
    """Of the due times from some hours before noon on until noon."""
    after = NOON - timedelta(hours=hours_missed + 1)
    found = plan("x", after, NOON + timedelta(minutes=minutes_late), HOURLY.after, catch_up, is_open)
    assert [row.due_at for row in found.rows] == [NOON - timedelta(hours=n) for n in range(hours_missed, -1, -1)]
    assert (found.until, found.next_due) == (NOON, NOON + timedelta(hours=1))
    assert all((row.reason is None) == (row.state is DUE) for row in found.rows)
    return [row.state for row in found.rows]


CASES = {
    "in time": (CatchUp.RUN_ONCE, 0, 0, False, [DUE]),
    "in time, a job that skips": (CatchUp.SKIP, 4, 0, False, [DUE]),
    "missed, one start for all": (CatchUp.RUN_ONCE, 30, 2, False, [MISSED, MISSED, DUE]),
    "missed, one start each": (CatchUp.RUN_EACH, 30, 2, False, [DUE, DUE, DUE]),
    "missed, none": (CatchUp.SKIP, 30, 2, False, [MISSED, MISSED, MISSED]),
    "missed, but the newest is not": (CatchUp.SKIP, 1, 2, False, [MISSED, MISSED, DUE]),
    "the one before still runs": (CatchUp.RUN_ONCE, 0, 0, True, [OVERLAP]),
    "the one before still runs, a job that skips": (CatchUp.SKIP, 0, 0, True, [OVERLAP]),
    "the one before still runs, each has its turn": (CatchUp.RUN_EACH, 0, 0, True, [DUE]),
    "missed, and one is still to be done": (CatchUp.RUN_ONCE, 30, 1, True, [MISSED, MISSED]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_due_times(case: str) -> None:
    catch_up, late, missed, is_open, expected = CASES[case]
    assert states(catch_up, late, missed, is_open) == expected


@given(st.sampled_from(CatchUp), st.integers(0, 3 * CHUNK), st.booleans())
def test_many_are_planned_in_parts_and_none_is_left_out(catch_up: CatchUp, count: int, is_open: bool) -> None:
    minutely, end = Interval(60), NOON + timedelta(seconds=30)
    after = NOON - timedelta(minutes=count)
    found: list[Planned] = []
    for _ in range(5):
        part = plan("x", after, end, minutely.after, catch_up, is_open)
        found += part.rows
        after = part.until
    assert [row.due_at for row in found] == [NOON - timedelta(minutes=n) for n in range(count - 1, -1, -1)]
    if catch_up is not CatchUp.RUN_EACH:
        assert [row.state for row in found].count(DUE) == (count > 0 and not is_open)


def test_jitter_is_the_same_whoever_plans_and_spreads() -> None:
    def starts(job: str) -> list[float]:
        rows = plan(job, NOON, NOON + timedelta(hours=50), HOURLY.after, CatchUp.RUN_EACH, False, 600).rows
        return [(row.start_at - row.due_at).total_seconds() for row in rows]

    shifts = starts("run-detik")
    assert shifts == starts("run-detik") != starts("run-kompas")
    assert all(0 <= shift < 600 for shift in shifts) and len(set(shifts)) > 40


def test_what_an_exit_status_means() -> None:
    assert outcome(0, None, 60).state is State.DONE
    assert outcome(0, Ending.LIMIT, 60).state is State.DONE, "it ended well after all"
    assert outcome(75, None, 60).state is State.SKIPPED_OVERLAP
    assert outcome(1, None, 60, "the disk is full").reason == "the disk is full"
    assert (outcome(137, None, 60).state, outcome(137, None, 60).reason) == (State.FAILED, "ended by signal 9")
    assert "time limit of 60 s" in str(outcome(143, Ending.LIMIT, 60).reason)
    stopped = outcome(143, Ending.STOP, 60)
    assert (stopped.state, stopped.counts) == (State.DUE, False), "it is due again, and that was no attempt"
    assert [orphaned(n).state for n in (1, 2, 3)] == [State.DUE, State.DUE, State.FAILED]


# -------------------------------------------------------------------------------------------------------------- hearing


def heard(looks: list[tuple[float, int]], lease: float = 10) -> list[float]:
    """When, of looks (at, count of heartbeats) at one scheduler, it counts as dead."""
    pulses: dict[str, Pulse] = {}
    last, found = looks[0][0], []
    for at, beat in looks:
        pulses, dead = listen(pulses, {"a": (beat, lease)}, at, last)
        last = at
        found += [at] if dead else []
    return found


def test_a_heart_that_stands_still_for_a_lease_is_dead() -> None:
    assert heard([(float(t), t) for t in range(60)]) == []
    assert heard([(float(t), min(t, 5)) for t in range(17)]) == [15.0, 16.0]


def test_who_could_not_look_concludes_nothing() -> None:
    assert heard([(0.0, 1), (30.0, 1), (33.0, 1)]) == [], "we slept: perhaps all did"
    assert heard([(0.0, 1), (30.0, 1), (35.0, 1), (40.0, 1)]) == [40.0]
