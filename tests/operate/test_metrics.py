"""Metrics say what the tables say; the server that answers them is bounded, read-only and survives its database."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from db.connect import connect
from etl.model import AwardsError
from etl.operate import monitor, serve
from etl.operate.metrics import METRICS, Facts, registry
from etl.schedule import alive
from etl.settings import Settings
from tests.awards import Awards
from tests.operate.test_alerts import fail, stamp

NOW = datetime(2026, 11, 28, 5, tzinfo=UTC)


@pytest.fixture
def engine(sample: Awards) -> Iterator[Engine]:
    made = connect(sample.database)
    yield made
    made.dispose()


def samples(text: str) -> dict[tuple[str, ...], float]:
    """(name, label values in order of names) -> value."""
    found = {}
    for family in text_string_to_metric_families(text):
        for each in family.samples:
            found[each.name, *(each.labels[name] for name in sorted(each.labels))] = each.value
    return found


def taken(sample: Awards, engine: Engine, now: datetime | None = None) -> dict[tuple[str, ...], float]:
    made = monitor.facts(Settings(data=sample.data), engine, now or datetime.now(UTC))
    return samples(generate_latest(registry(made)).decode())


def test_they_say_what_the_tables_say(sample: Awards, engine: Engine) -> None:
    fail(sample, "detik", "LAYOUT CHANGED")
    assert sample("backup").code == 0
    found = taken(sample, engine)
    rows = sample.rows()
    assert found["awards_conferrals",] == len(rows["conferral"])
    assert found["awards_stored", "articles", "kompas"] == sum(row["site"] == "kompas" for row in rows["article"])
    assert (
        found["awards_site_verdict", "detik", "LAYOUT CHANGED"] == 1
        and found["awards_site_verdict", "detik", "OK"] == 0
    )
    assert found["awards_site_stale", "detik"] == 1 and found["awards_site_stale", "kompas"] == 0
    assert found["awards_runs", "detik", "OK"] == 1 and found["awards_runs", "detik", "LAYOUT CHANGED"] == 1
    size = sum(p.stat().st_size for p in (sample.data / "archive" / "detik").iterdir())
    assert found["awards_archive_bytes", "detik"] == size
    assert (
        found["awards_run_last_timestamp_seconds", "detik"] > found["awards_run_last_good_timestamp_seconds", "detik"]
    )
    assert time.time() - found["awards_backup_timestamp_seconds",] < 60 and found["awards_disk_free_bytes",] > 0


def test_jobs_and_schedulers(sample: Awards, engine: Engine) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    due = now - timedelta(hours=1)
    sample.change(
        "INSERT INTO job (name, command, timetable, catch_up, enabled, planned_until, next_due) VALUES"
        f" ('backup', 'backup', 'x', 'run_once', 1, '{stamp(due)}', '{stamp(now + timedelta(hours=1))}')",
        "INSERT INTO occurrence (job, due_at, start_at, priority, state, attempts, started_at, ended_at, exit_code) VALUES"
        f" ('backup', '{stamp(due)}', '{stamp(due)}', 1, 'done', 1, '{stamp(due + timedelta(seconds=7))}',"
        f" '{stamp(due + timedelta(seconds=9))}', 0)",
        "INSERT INTO scheduler (id, host, pid, started_at, beat, beat_at, lease) VALUES"
        f" ('s', 'machine', 7, '{stamp(due)}', 9, '{stamp(now)}', 30)",
    )
    found = taken(sample, engine)
    assert found["awards_job_lag_seconds", "backup"] == 7 and found["awards_job_duration_seconds", "backup"] == 2
    assert found["awards_job_exit_code", "backup"] == 0 and found["awards_job_overdue", "backup"] == 0
    assert found["awards_scheduler_alive", "machine"] == 1


def test_nothing_known_is_written_as_nothing() -> None:
    found = samples(generate_latest(registry(Facts(at=NOW, code="1", revision="2"))).decode())
    assert {name for name, *_ in found} == {
        "awards_build_info", "awards_conferrals", "awards_alerts", "awards_looked_timestamp_seconds"
    }  # fmt: skip


def test_names_are_as_prometheus_wants_them() -> None:
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    for metric in METRICS:
        assert not {"job", "instance"} & set(metric.labels), "Prometheus writes over those"
        assert metric.name.startswith("awards_") and not metric.name.endswith("_total") and metric.meaning
        assert ("timestamp" in metric.name) == metric.name.endswith("_timestamp_seconds")


def test_the_textfile_is_written_after_each_run_whole_or_not(awards: Awards) -> None:
    file = awards.folder / "node" / "awards.prom"
    own = Awards(awards.data, settings={"AWARDS_METRICS_FILE": str(file)})
    assert own("run", "--replay", "sample", "detik").code == 0
    before = samples(file.read_text())
    assert before["awards_run_exit_code", "detik"] == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    file.unlink()
    file.mkdir()
    ran = own("run", "--replay", "sample", "detik")
    assert ran.code == 0 and "the metrics were not written" in ran.err, "that is worth failing no run for"


# --------------------------------------------------------------------------------------------------------------- server


@pytest.fixture
def server(sample: Awards, engine: Engine) -> Iterator[str]:
    made = serve.Server("127.0.0.1", 0, serve.application(serve.routes(Settings(data=sample.data), engine)))
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


def asked(url: str, method: str = "GET") -> tuple[int, str, str]:
    """Status, type and body of an answer."""
    request = urllib.request.Request(url, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


def test_metrics_and_health_are_answered(server: str) -> None:
    status, kind, body = asked(f"{server}/metrics")
    assert status == 200 and kind.startswith("text/plain") and samples(body)["awards_site_stale", "detik"] == 0
    status, kind, body = asked(f"{server}/health")
    assert status == 200 and kind.startswith("application/json")
    assert json.loads(body) == {"scheduler": "none", "stale": [], "canary red": [], "jobs": []}
    assert asked(f"{server}/health", "HEAD")[0] == 200


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/", "GET", 404), ("/x", "GET", 404), ("/metrics", "POST", 405)]
)
def test_nothing_else_is(server: str, path: str, method: str, status: int) -> None:
    found, _, body = asked(f"{server}{path}", method)
    assert found == status and "error" in json.loads(body)


def test_askers_do_not_make_the_database_count_more_often(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []
    real = monitor.facts
    monkeypatch.setattr(monitor, "facts", lambda *given: counted.append(0) or real(*given))  # type: ignore[func-returns-value]
    threads = [threading.Thread(target=asked, args=(f"{server}/metrics",)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counted) == 1


def test_a_client_that_says_nothing_keeps_nobody_waiting_for_ever(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve._Handler, "timeout", 0.3)
    host, _, port = server.removeprefix("http://").partition(":")
    silent = [socket.create_connection((host, int(port))) for _ in range(serve.REQUESTS)]
    assert asked(f"{server}/health")[0] == 200, "it waits until the silent ones are sent away"
    for each in silent:
        each.close()


def test_a_database_that_is_away_is_said_and_comes_back(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> Any:
        raise AwardsError("the database cannot be reached")

    with monkeypatch.context() as patch:
        patch.setattr(monitor, "facts", gone)
        status, _, body = asked(f"{server}/metrics")
        assert status == 503 and json.loads(body)["error"] == "the database cannot be reached"
    assert asked(f"{server}/metrics")[0] == 200

    def broken(*_: Any) -> Any:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(monitor, "health", broken)
    status, _, body = asked(f"{server}/health")
    assert status == 500 and "fault of ours" not in body


def test_the_command_answers_until_it_is_stopped(sample: Awards) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = sample.start("serve", "--port", str(port))
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                assert asked(f"http://127.0.0.1:{port}/health")[0] == 200
                break
            except urllib.error.URLError:
                assert time.monotonic() < deadline and process.poll() is None
                time.sleep(0.1)
        taken_twice = sample("serve", "--port", str(port))
        assert taken_twice.code == 1 and "nobody can listen" in taken_twice.complaint
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()


def test_a_container_asks_whether_a_scheduler_lives(sample: Awards, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWARDS_DATA", str(sample.data))
    assert not alive.alive()
    now = datetime.now(UTC)
    sample.change(
        "INSERT INTO scheduler (id, host, pid, started_at, beat, beat_at, lease) VALUES"
        f" ('s', 'm', 7, '{stamp(now)}', 9, '{stamp(now)}', 600)"
    )
    assert alive.alive()
    sample.change(f"UPDATE scheduler SET beat_at = '{stamp(now - timedelta(hours=1))}'")
    assert not alive.alive()
    command = [sys.executable, "-m", "etl.schedule.alive"]
    ended = subprocess.run(
        command, env=sample.environment, cwd=sample.folder, check=False, capture_output=True, text=True
    )
    assert ended.returncode == 1 and ended.stderr == "no scheduler's heart beats\n"


# ------------------------------------------------------------------------------------------------------------ dashboard

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana.json"


def test_the_dashboard_names_metrics_that_exist() -> None:

    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    known = {metric.name: set(metric.labels) for metric in METRICS}
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    assert len(panels) > 10 and len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    used = set()
    for panel in panels:
        for target in panel["targets"]:
            names = re.findall(r"\bawards_\w+", target["expr"])
            assert names, panel["title"]
            used |= set(names)
            for name, labels in re.findall(r"\b(awards_\w+)\{([^}]*)\}", target["expr"]):
                assert set(re.findall(r"(\w+)\s*[=!]", labels)) <= known[name], target["expr"]
            for shown in re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")):
                assert any(shown in known[name] for name in names), target
    assert used <= known.keys() and len(used) > 15
    assert DASHBOARD.stat().st_size < 100_000
