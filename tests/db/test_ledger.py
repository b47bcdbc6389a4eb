"""The ledger on both databases: a due time is one row, and its owner's until that says what became of it or is buried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from db import ledger
from db.connect import reading
from db.ledger import JobRow, Row

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
A = JobRow("a", None, "backup", "@hourly Asia/Jakarta", "run_once", True)
B = replace(A, name="b", site="detik")


def due(job: str, hour: int, state: str = "due", priority: int = 50) -> Row:
    at = NOON + hour * HOUR
    return Row(job, at, at, priority, state, None if state == "due" else "why")


def declared(engine: Engine, jobs: Sequence[JobRow] = (A, B), at: datetime = NOON, all_of_them: bool = True) -> None:
    with ledger.turn(engine) as connection:
        ledger.declare(connection, jobs, at, all_of_them)


def planned(engine: Engine, *rows: Row) -> None:
    with ledger.turn(engine) as connection:
        for row in rows:
            ledger.plan(connection, row.job, [row], row.due_at, row.due_at + HOUR)


def claimed(engine: Engine, owner: str, at: datetime = NOON + 9 * HOUR, free: int = 9) -> list[tuple[str, int]]:
    with ledger.turn(engine) as connection:
        found = ledger.claim(connection, owner, ["a", "b"], at, at, free, "1.0")
    return [(claim.job, round((claim.due_at - NOON) / HOUR)) for claim in found]


def joined(engine: Engine, *names: str) -> None:
    with ledger.turn(engine) as connection:
        for name in names:
            ledger.join(connection, name, "host", 1, None, 30.0, "1.0", NOON)


def rows(engine: Engine) -> dict[tuple[str, int], dict[str, Any]]:
    with reading(engine) as connection:
        found = ledger.occurrences(connection, limit=1000)
    return {(row["job"], round((row["due_at"] - NOON) / HOUR)): row for row in found}


def states(engine: Engine) -> dict[tuple[str, int], str]:
    return {key: row["state"] for key, row in sorted(rows(engine).items())}


def test_a_due_time_that_is_planned_again_is_the_same(engine: Engine) -> None:
    declared(engine)
    planned(engine, due("a", 1), due("a", 2))
    assert claimed(engine, "x", free=1) == [("a", 1)]
    planned(engine, due("a", 1), due("a", 2, "skipped_missed"))
    assert states(engine) == {("a", 1): "running", ("a", 2): "due"}


def test_claims_one_a_job_the_urgent_first_and_none_beside_a_running_one(engine: Engine) -> None:
    declared(engine)
    planned(engine, due("a", 1), due("a", 2), due("b", 3, priority=90))
    assert claimed(engine, "x", at=NOON) == [], "their time has not come"
    assert claimed(engine, "x", free=0) == []
    assert claimed(engine, "x") == [("b", 3), ("a", 1)]
    assert claimed(engine, "y") == []
    with ledger.turn(engine) as connection:
        assert ledger.settle(connection, "x", "a", NOON + HOUR, "done", NOON, exit_code=0, log="said")
    assert claimed(engine, "y") == [("a", 2)]
    row = rows(engine)["a", 1]
    assert (row["exit_code"], row["log"], row["attempts"], row["ended_at"]) == (0, "said", 1, NOON)


def test_only_the_owner_settles_and_only_once(engine: Engine) -> None:
    declared(engine)
    planned(engine, due("a", 1))
    assert claimed(engine, "x") == [("a", 1)]
    with ledger.turn(engine) as connection:
        assert not ledger.settle(connection, "y", "a", NOON + HOUR, "done", NOON)
        assert ledger.attempts(connection, "y", "a", NOON + HOUR) is None
        assert ledger.attempts(connection, "x", "a", NOON + HOUR) == 1
        assert ledger.running(connection, "x") == [("a", NOON + HOUR)]
        assert ledger.settle(connection, "x", "a", NOON + HOUR, "failed", NOON)
        assert not ledger.settle(connection, "x", "a", NOON + HOUR, "done", NOON)
    assert states(engine) == {("a", 1): "failed"}


def test_an_attempt_that_does_not_count_is_taken_back(engine: Engine) -> None:
    declared(engine)
    planned(engine, due("a", 1))
    claimed(engine, "x")
    with ledger.turn(engine) as connection:
        ledger.settle(connection, "x", "a", NOON + HOUR, "due", NOON, counts=False)
    row = rows(engine)["a", 1]
    assert (row["state"], row["attempts"], row["ended_at"]) == ("due", 0, None)


def test_the_buried_find_that_nothing_is_theirs(engine: Engine) -> None:
    declared(engine)
    joined(engine, "x", "y")
    planned(engine, due("a", 1))
    claimed(engine, "x")
    with ledger.turn(engine) as connection:
        assert ledger.beats(connection, "y") == {"x": (0, 30.0)}
        assert ledger.beat(connection, "x", NOON)
    with ledger.turn(engine) as connection:
        assert ledger.bury(connection, "x", 0, "y", NOON) is None, "its heart has beaten since"
        found = ledger.bury(connection, "x", 1, "y", NOON)
        assert found is not None and len(found) == 1
        left = found[0]
        assert (left.job, left.due_at, left.attempts) == ("a", NOON + HOUR, 1)
        assert ledger.settle(connection, "x", left.job, left.due_at, "due", NOON, reason="its scheduler died")
    with ledger.turn(engine) as connection:
        assert not ledger.beat(connection, "x", NOON)
        assert not ledger.settle(connection, "x", "a", NOON + HOUR, "done", NOON)
        assert ledger.beats(connection, "y") == {}
    assert claimed(engine, "y") == [("a", 1)]
    assert rows(engine)["a", 1]["attempts"] == 2
    with reading(engine) as connection:
        assert [row["ending"] for row in ledger.schedulers(connection)] == [None, "taken for dead by y"]


def test_a_clock_that_was_ahead_loses_nothing_and_repeats_nothing(engine: Engine) -> None:
    declared(engine)
    planned(engine, due("a", 1, "skipped_missed"), due("a", 2, "skipped_missed"), due("a", 3))
    assert claimed(engine, "x") == [("a", 3)]
    with ledger.turn(engine) as connection:
        ledger.settle(connection, "x", "a", NOON + 3 * HOUR, "done", NOON)
        (row,) = (row for row in ledger.to_plan(connection, ["a"], NOON + HOUR) if row["name"] == "a")
        assert row["planned_until"] == NOON + 3 * HOUR
        ledger.step_back(connection, "a", NOON + HOUR)
    assert states(engine) == {("a", 1): "skipped_missed", ("a", 3): "done"}, "the one of two o'clock is still to come"
    planned(engine, due("a", 2), due("a", 3))
    assert states(engine) == {("a", 1): "skipped_missed", ("a", 2): "due", ("a", 3): "done"}


def test_other_times_count_from_the_last_look_and_a_job_that_was_off_from_now(engine: Engine) -> None:
    def until(name: str) -> datetime:
        with reading(engine) as connection:
            (row,) = (row for row in ledger.jobs(connection) if row["name"] == name)
        found: datetime = row["planned_until"]
        return found

    declared(engine, [A, replace(B, enabled=False)])
    joined(engine, "x")
    with ledger.turn(engine) as connection:
        ledger.beat(connection, "x", NOON + 2 * HOUR)
    declared(engine, [replace(A, timetable="@daily Asia/Jakarta"), B], NOON + 3 * HOUR)
    assert until("a") == NOON + 2 * HOUR, "what came due in the hour in which nobody looked is caught up"
    assert until("b") == NOON + 3 * HOUR
    declared(engine, [B], NOON + 4 * HOUR, all_of_them=False)
    assert until("a") == NOON + 2 * HOUR


def test_what_waits_of_a_job_that_is_off_is_passed_over(engine: Engine) -> None:
    declared(engine)
    planned(engine, due("a", 1), due("b", 1))
    declared(engine, [B], all_of_them=True)
    assert states(engine) == {("a", 1): "skipped_missed", ("b", 1): "due"}
    with reading(engine) as connection:
        assert [row["name"] for row in ledger.to_plan(connection, ["a", "b"], NOON + 9 * HOUR)] == ["b"]


def test_overlaps_in_a_row(engine: Engine) -> None:
    declared(engine)
    planned(
        engine, due("a", 1, "skipped_overlap"), due("a", 2), due("a", 3, "skipped_overlap"),
        due("a", 4, "skipped_overlap"), due("b", 1, "skipped_overlap"), due("b", 2),
    )  # fmt: skip
    assert claimed(engine, "x") == [("a", 2), ("b", 2)]

    def overlaps() -> list[tuple[str, int, int]]:
        with reading(engine) as connection:
            found = ledger.overlaps(connection)
        return [(row["job"], row["in_a_row"], round((row["since"] - NOON) / HOUR)) for row in found]

    assert overlaps() == [("a", 3, 1), ("b", 1, 1)]
    with ledger.turn(engine) as connection:
        for job in ("a", "b"):
            ledger.settle(connection, "x", job, NOON + 2 * HOUR, "done", NOON)
    assert overlaps() == [("a", 2, 3)], "since the last one that was done"


def test_when_to_look_next(engine: Engine) -> None:
    declared(engine)
    with ledger.turn(engine) as connection:
        assert ledger.next_look(connection, ["a", "b"], NOON) is None
    late = replace(due("a", 1), start_at=NOON + 1.5 * HOUR)
    planned(engine, late, due("b", 3))
    with reading(engine) as connection:
        assert ledger.next_look(connection, ["a", "b"], NOON + HOUR) == NOON + 1.5 * HOUR
        assert ledger.next_look(connection, ["a", "b"], NOON + 1.6 * HOUR) == NOON + 2 * HOUR
        assert ledger.next_look(connection, ["b"], NOON + HOUR) == NOON + 3 * HOUR


def test_what_is_long_done_is_forgotten(engine: Engine) -> None:
    declared(engine)
    joined(engine, "x")
    planned(engine, due("a", 1, "skipped_missed"), due("a", 2), due("a", 3, "skipped_missed"))
    with ledger.turn(engine) as connection:
        ledger.leave(connection, "x", NOON, "stopped")
        ledger.prune(connection, NOON + 2.5 * HOUR)
        assert ledger.schedulers(connection) == []
    assert states(engine) == {("a", 2): "due", ("a", 3): "skipped_missed"}


def test_the_time_is_that_of_the_database(engine: Engine) -> None:
    with reading(engine) as connection:
        found = ledger.now(connection)
    assert found.tzinfo is UTC and abs(found - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("state", ["lost", ""])
def test_no_state_is_invented(engine: Engine, state: str) -> None:
    from sqlalchemy.exc import IntegrityError

    declared(engine)
    with pytest.raises(IntegrityError):
        planned(engine, due("a", 1, state))
