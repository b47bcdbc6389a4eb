"""The scheduler: due times in Jakarta, runs as child processes, and an end that leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from etl import schedule
from etl.model import UsageError
from scraper.crawl import spiders
from tests.awards import Awards, group_is_gone, kill_group, until

JAKARTA = ZoneInfo("Asia/Jakarta")


def test_every_site_is_due_at_its_next_time_in_jakarta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spiders()["detik"], "schedule", "30 6 * * *")
    monkeypatch.setattr(spiders()["kompas"], "schedule", "17 */2 * * *")
    due = schedule.next_due(datetime(2026, 11, 19, 23, 0, tzinfo=UTC))  # 06:00 on 20 November in Jakarta
    assert set(due) == set(spiders())
    assert due["detik"] == datetime(2026, 11, 20, 6, 30, tzinfo=JAKARTA)
    assert due["kompas"] == datetime(2026, 11, 20, 6, 17, tzinfo=JAKARTA)
    assert all(when.utcoffset() == timedelta(hours=7) for when in due.values())
    later = schedule.next_due(datetime(2026, 11, 19, 23, 30, 1, tzinfo=UTC))
    assert later["detik"] == datetime(2026, 11, 21, 6, 30, tzinfo=JAKARTA)


def test_what_is_no_cron_expression_is_said_with_its_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spiders()["detik"], "schedule", "every morning")
    with pytest.raises(UsageError, match="the schedule of detik, 'every morning', is no cron expression"):
        schedule.next_due(datetime(2026, 11, 20, tzinfo=UTC))


# --------------------------------------------------------------------------------------------------------------- children


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def test_a_run_that_takes_too_long_is_killed(child: subprocess.Popen[bytes]) -> None:
    assert schedule._ended(child, 0.1, threading.Event()) == -signal.SIGKILL


def test_a_run_is_told_to_end_when_the_scheduler_stops(child: subprocess.Popen[bytes]) -> None:
    stop = threading.Event()
    stop.set()
    assert schedule._ended(child, 600, stop) == -signal.SIGTERM


def test_a_run_that_does_not_listen_is_killed_after_its_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "STOP_GRACE", 0.2)
    deaf = subprocess.Popen(["sh", "-c", "trap '' TERM; echo; sleep 60"], stdout=subprocess.PIPE)
    assert deaf.stdout is not None
    deaf.stdout.readline()
    stop = threading.Event()
    stop.set()
    assert schedule._ended(deaf, 600, stop) == -signal.SIGKILL
    deaf.stdout.close()


# ---------------------------------------------------------------------------------------------------------------- serving

# As `awards schedule detik`, with a trigger that fires each second and a run that notes its words and takes a while.
SERVE = """
import sys
from pathlib import Path
from apscheduler.triggers.interval import IntervalTrigger
from etl import schedule
from etl.settings import load_settings

schedule._trigger = lambda name, expression: IntervalTrigger(seconds=1)
real = schedule.subprocess.Popen
def popen(command, **given):
    run = "import sys, time; print(*sys.argv[1:], flush=True); time.sleep(float(sys.argv[1]))"
    return real([sys.executable, "-c", run, SECONDS, *command[1:]], **given)
schedule.subprocess.Popen = popen
schedule.serve(load_settings(), ["detik"])
"""


def serving(awards: Awards, seconds: float, out: Path) -> subprocess.Popen[str]:
    code = SERVE.replace("SECONDS", repr(str(seconds)))
    with out.open("w") as file:
        return subprocess.Popen(
            [sys.executable, "-c", code], env=awards.environment, cwd=awards.folder, text=True, stdout=file, stderr=file,
            start_new_session=True,
        )  # fmt: skip


def fired(out: Path) -> int:
    return out.read_text(encoding="utf-8").count("-m etl run detik")


def test_due_runs_are_children_one_at_a_time(awards: Awards, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = serving(awards, 0.1, out)
    try:
        assert until(lambda: fired(out) >= 2, 30), out.read_text(encoding="utf-8")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    finally:
        kill_group(process)
    said = out.read_text(encoding="utf-8")
    assert "detik runs next at" in said and "detik: run ended, exit status 0" in said and "stopping" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_in_the_middle_of_a_run_it_ends_at_once_and_leaves_no_child(
    awards: Awards, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "out"
    process = serving(awards, 60, out)
    try:
        assert until(lambda: fired(out) == 1, 30), out.read_text(encoding="utf-8")
        time.sleep(1.2)  # the next due time comes, and must not start a second run beside the first
        process.send_signal(number)
        assert process.wait(10) == 0
        assert until(lambda: group_is_gone(process), 5)
    finally:
        kill_group(process)
    assert fired(out) == 1


def test_the_command_serves_until_it_is_stopped(awards: Awards) -> None:
    process = awards.start("schedule", "detik", "merdeka")
    assert process.stderr is not None
    try:
        lines = [process.stderr.readline() for _ in range(2)]
        assert all("runs next at" in line and "+07:00" in line for line in lines), lines
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert until(lambda: group_is_gone(process), 5)
    finally:
        kill_group(process)
        process.communicate()
