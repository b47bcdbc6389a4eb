"""Who is told what, and when: decisions without a clock, and the command against a webhook that may be down."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from db import alerts as table
from db import load
from db.connect import connect, reading, writing
from etl.model import UsageError
from etl.operate import notify, watch
from etl.operate.alerts import Alert, Finding, Look, Message, Severity, look, quiet_hours
from etl.settings import Settings
from tests.awards import Awards

NOON = datetime(2026, 11, 28, 5, tzinfo=UTC)  # 12:00 in Jakarta
NIGHT = datetime(2026, 11, 28, 18, tzinfo=UTC)  # 01:00
DAY = timedelta(days=1)
JAKARTA = ZoneInfo("Asia/Jakarta")
QUIET = quiet_hours("22:00-06:00", JAKARTA)
STALE = Finding("stale detik", Severity.WARNING, "detik is stale")
DISK = Finding("disk", Severity.CRITICAL, "0.1 GB are free")


def looked(
    before: Look | None, *findings: Finding, at: datetime = NOON, arrives: bool = True, quiet: Any = None
) -> Look:
    """A look after another, whose message arrived or not; as `watch` stores it."""
    known = () if before is None else before.alerts
    seen = look(known, findings, at, DAY, quiet)
    return Look(seen.sent(at) if arrives else seen.alerts, seen.gone, seen.message, seen.told)


def body(seen: Look) -> list[str]:
    return seen.message.body.splitlines() if seen.message else []


def test_a_matter_is_told_once_then_after_a_day_then_when_it_is_over() -> None:
    first = looked(None, STALE)
    assert body(first) == ["WARNING: detik is stale"] and first.message and first.message.title == "awards: 1 warning"
    second = looked(first, STALE, at=NOON + timedelta(hours=1))
    assert second.message is None
    third = looked(second, STALE, at=NOON + DAY)
    assert body(third) == ["WARNING: detik is stale (for 24 h)"]
    over = looked(third, at=NOON + DAY + timedelta(hours=2))
    assert body(over) == ["OVER after 26 h: detik is stale"] and over.message and over.message.severity is None
    assert looked(over, at=NOON + 2 * DAY).message is None
    again = looked(over, STALE, at=NOON + 2 * DAY)
    assert body(again) == ["WARNING: detik is stale"], "it is new again"


def test_one_message_for_all_that_changed_the_worst_first() -> None:
    first = looked(None, STALE)
    many = [Finding(f"stale site{n}", Severity.WARNING, f"site{n} is stale") for n in range(60)]
    seen = looked(first, *many, DISK, at=NOON + timedelta(minutes=1))
    assert seen.message and seen.message.title == "awards: 1 critical, 60 warning, 1 over"
    assert seen.message.severity is Severity.CRITICAL
    assert body(seen)[0] == "CRITICAL: 0.1 GB are free" and body(seen)[-1].startswith("and 22 more")


def test_what_gets_worse_is_told_at_once() -> None:
    first = looked(None, Finding("disk", Severity.WARNING, "5 GB are free"))
    worse = looked(first, DISK, at=NOON + timedelta(minutes=5))
    assert body(worse) == ["CRITICAL: 0.1 GB are free (for 5 min)"]
    better = looked(worse, Finding("disk", Severity.WARNING, "5 GB are free"), at=NOON + timedelta(minutes=9))
    assert better.message is None, "still wrong, and known"


def test_at_night_only_what_is_critical_and_the_rest_after() -> None:
    night = looked(None, STALE, DISK, at=NIGHT, quiet=QUIET)
    assert body(night) == ["CRITICAL: 0.1 GB are free"]
    later = looked(night, STALE, at=NIGHT + timedelta(hours=1), quiet=QUIET)
    assert later.message is None, "that it is over can wait"
    morning = looked(later, STALE, at=NIGHT + timedelta(hours=6), quiet=QUIET)
    assert body(morning) == ["WARNING: detik is stale (for 6 h)", "OVER after 60 min: 0.1 GB are free"]


def test_what_came_and_went_in_the_night_is_told_in_the_morning() -> None:
    night = looked(None, STALE, at=NIGHT, quiet=QUIET)
    gone = looked(night, at=NIGHT + timedelta(hours=2), quiet=QUIET)
    assert night.message is gone.message is None
    assert body(looked(gone, at=NIGHT + timedelta(hours=6), quiet=QUIET)) == [
        "OVER after 2 h: detik is stale".replace("2 h", "2 h")
    ]


def test_what_did_not_arrive_is_told_at_the_next_look() -> None:
    first = looked(None, STALE, arrives=False)
    second = looked(first, STALE, DISK, at=NOON + timedelta(minutes=10), arrives=False)
    assert len(body(second)) == 2
    third = looked(second, DISK, at=NOON + timedelta(minutes=20))
    assert body(third) == ["CRITICAL: 0.1 GB are free (for 10 min)", "OVER after 20 min: detik is stale"]
    assert looked(third, DISK, at=NOON + timedelta(minutes=30)).message is None


def test_what_comes_back_before_it_was_said_to_be_over_never_was() -> None:
    first = looked(None, STALE)
    away = looked(first, at=NOON + timedelta(minutes=10), arrives=False)
    back = looked(away, STALE, at=NOON + timedelta(minutes=20))
    assert back.message is None and back.alerts[0].since == NOON


def test_what_is_long_over_is_forgotten() -> None:
    over = looked(looked(None, STALE), at=NOON + DAY)
    assert looked(over, at=NOON + 29 * DAY).gone == ()
    assert looked(over, at=NOON + 32 * DAY).gone == ("stale detik",)


FINDINGS = st.lists(st.sampled_from([STALE, DISK, Finding("disk", Severity.WARNING, "5 GB are free")]), max_size=3)
LOOKS = st.lists(st.tuples(FINDINGS, st.booleans(), st.integers(1, 400)), min_size=1, max_size=30)


@given(LOOKS)
def test_nothing_is_lost_and_nothing_is_told_twice_in_a_row(looks: list[tuple[list[Finding], bool, int]]) -> None:
    """Whatever comes, goes and fails to arrive: what is told is how it is, and in the end all of it is told."""
    now, last = NOON, None
    told: dict[str, bool] = {}
    for findings, arrives, minutes in looks:
        now += timedelta(minutes=minutes)
        last = looked(last, *findings, at=now, arrives=arrives, quiet=QUIET)
        if arrives:
            for alert in last.alerts:
                if alert.key in last.told:
                    told[alert.key] = alert.is_open
    findings = looks[-1][0]
    now = (now + DAY).replace(hour=5)
    last = looked(last, *findings, at=now, quiet=QUIET)
    told |= {alert.key: alert.is_open for alert in last.alerts if alert.key in last.told}
    assert {key for key, is_open in told.items() if is_open} == {finding.key for finding in findings}
    assert looked(last, *findings, at=now + timedelta(minutes=1), quiet=QUIET).message is None


@pytest.mark.parametrize(
    ("hours", "at", "is_quiet"),
    [
        ("22:00-06:00", "23:00", True), ("22:00-06:00", "05:59", True), ("22:00-06:00", "06:00", False),
        ("12:00-13:00", "12:30", True), ("12:00-13:00", "13:00", False), ("00:00-00:00", "12:00", False),
    ],
)  # fmt: skip
def test_hours(hours: str, at: str, is_quiet: bool) -> None:
    hour, minute = map(int, at.split(":"))
    quiet = quiet_hours(hours, JAKARTA)
    assert quiet is not None
    assert quiet.holds(datetime(2026, 11, 28, hour, minute, tzinfo=JAKARTA)) == is_quiet


# -------------------------------------------------------------------------------------------------------------- webhook


class Webhook:
    """A server on this machine that takes messages, or answers 503."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.is_down = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                if not outer.is_down:
                    outer.got.append(json.loads(content))
                self.send_response(503 if outer.is_down else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        self.url = f"json://user:sesame@127.0.0.1:{self.server.server_address[1]}/hook"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    made = Webhook()
    yield made
    made.close()


def alerting(sample: Awards, webhook: Webhook, **more: str) -> Awards:
    return Awards(sample.data, sample.db, {"AWARDS_ALERT_URLS": webhook.url, "AWARDS_ALERT_DISK": "0", **more})


def fail(awards: Awards, site: str, verdict: str, error: str | None = None) -> None:
    """A run of a site, now, that ended so."""
    engine, now = connect(awards.database), datetime.now(UTC)
    with writing(engine) as connection:
        row = load.RunRow(f"{now.isoformat()}-{site}", site, now, "run", now, 1, verdict=verdict, error=error)
        load.record_run(connection, row)
    engine.dispose()


def test_the_command_tells_a_webhook_once_and_when_it_is_over(sample: Awards, webhook: Webhook) -> None:
    awards = alerting(sample, webhook)
    ran = awards("alert")
    assert ran.code == 0 and ran.err.strip() == "nothing new to tell" and webhook.got == [], ran.err
    fail(awards, "detik", "LAYOUT CHANGED")
    fail(awards, "kompas", "OK", "kompas: re-reading would lose 9 of 20 mentions, so nothing was loaded")
    dry = awards("alert", "--dry-run")
    assert "would be told: awards: 2 warning" in dry.err and webhook.got == []
    for _ in range(2):
        assert awards("alert").code == 0
    (message,) = webhook.got
    assert message["title"] == "awards: 2 warning" and message["type"] == "warning"
    lines = message["message"].splitlines()
    assert lines[0].startswith("WARNING: the gate is closed: kompas: re-reading would lose 9 of 20")
    assert lines[1].startswith("WARNING: detik is stale: its last run was LAYOUT CHANGED")
    fail(awards, "detik", "OK")
    fail(awards, "kompas", "OK")
    assert awards("alert").code == 0
    assert webhook.got[1]["title"] == "awards: 2 over" and webhook.got[1]["type"] == "success"
    assert "sesame" not in ran.err + dry.err + dry.out


def test_a_webhook_that_is_down_is_asked_again(sample: Awards, webhook: Webhook) -> None:
    awards, webhook.is_down = alerting(sample, webhook), True
    fail(awards, "detik", "UNREACHABLE")
    ran = awards("alert")
    assert ran.code == 1 and "did not arrive at address 1 (JSON)" in ran.complaint
    assert "sesame" not in ran.err and "WARNING: detik" not in ran.out
    webhook.is_down = False
    assert awards("alert").code == 0
    (message,) = webhook.got
    assert "detik is stale" in message["message"]


def test_one_of_two_addresses_is_enough(webhook: Webhook) -> None:
    notify.sender(["json://127.0.0.1:9/nobody?cto=1", webhook.url])(Message("t", "b", Severity.INFO))
    assert len(webhook.got) == 1


def test_the_addresses_may_lie_in_a_file(sample: Awards, webhook: Webhook, tmp_path: Path) -> None:
    file = tmp_path / "addresses"
    file.write_text(f"{webhook.url}\n{webhook.url}/two\n")
    awards = Awards(sample.data, settings={"AWARDS_ALERT_URLS_FILE": str(file)})
    ran = awards("alert", "--test")
    assert ran.code == 0 and "2 addresses" in ran.err and len(webhook.got) == 2


@pytest.mark.parametrize("address", ["nothing://x:sesame@y", "sesame", "json://"])
def test_an_address_that_is_none_is_said_without_it(sample: Awards, address: str) -> None:
    with pytest.raises(UsageError, match="address 1 of alert_urls") as wrong:
        notify.sender([address])
    assert "x:sesame" not in str(wrong.value)


def test_an_address_that_is_none_is_said_before_there_is_anything_to_tell(sample: Awards) -> None:
    ran = Awards(sample.data, settings={"AWARDS_ALERT_DISK": "0", "AWARDS_ALERT_URLS": "sesame"})("alert")
    assert ran.code == 1 and "address 1 of alert_urls" in ran.complaint


def test_without_an_address_it_says_so_where_logs_go(sample: Awards) -> None:
    fail(sample, "detik", "UNREACHABLE")
    ran = Awards(sample.data, settings={"AWARDS_ALERT_DISK": "0"})("alert")
    assert ran.code == 0 and "set AWARDS_ALERT_URLS" in ran.err and "detik is stale" in ran.out


@pytest.mark.parametrize("hours", ["22-6", "25:00-06:00", "22:00"])
def test_hours_that_are_none(sample: Awards, hours: str) -> None:
    ran = Awards(sample.data, settings={"AWARDS_ALERT_QUIET": hours})("alert")
    assert ran.code == 2 and "AWARDS_ALERT_QUIET" in ran.complaint


# -------------------------------------------------------------------------------------------------------------- findings


@pytest.fixture
def engine(sample: Awards) -> Iterator[Engine]:
    made = connect(sample.database)
    yield made
    made.dispose()


def keys(sample: Awards, engine: Engine, now: datetime, **more: Any) -> dict[str, Severity]:
    settings = Settings(data=sample.data, **{"alert_disk": 0, **more})
    with reading(engine) as connection:
        return {f.key: f.severity for f in watch.found(settings, connection, now)}


def test_nothing_is_wrong_after_a_good_run(sample: Awards, engine: Engine) -> None:
    assert keys(sample, engine, datetime.now(UTC)) == {}


def test_no_good_run_of_any_site(sample: Awards, engine: Engine) -> None:
    now = datetime.now(UTC)
    assert "no good run" not in keys(sample, engine, now + timedelta(hours=11))
    assert keys(sample, engine, now + timedelta(hours=13))["no good run"] is Severity.CRITICAL


def test_a_disk_that_fills_up(sample: Awards, engine: Engine) -> None:
    free = watch.free_bytes(sample.data)
    assert free is not None and watch.free_bytes(Path("/nowhere")) is None
    assert keys(sample, engine, datetime.now(UTC), alert_disk=int(free * 0.5)) == {"disk": Severity.WARNING}
    assert keys(sample, engine, datetime.now(UTC), alert_disk=int(free * 1.1)) == {"disk": Severity.CRITICAL}


def test_a_scheduler_that_died_and_a_job_that_overruns(sample: Awards, engine: Engine) -> None:
    now, host = datetime.now(UTC), "'m', 7"
    sample.change(
        "INSERT INTO scheduler (id, host, pid, started_at, beat, beat_at, lease) VALUES"
        f" ('s', {host}, '{stamp(now - DAY)}', 9, '{stamp(now - timedelta(hours=1))}', 30)",
        *(
            "INSERT INTO occurrence (job, due_at, start_at, priority, state, attempts) VALUES"
            f" ('run-detik', '{stamp(now - timedelta(hours=n))}', '{stamp(now)}', 1, 'skipped_overlap', 0)"
            for n in (1, 2, 3)
        ),
    )
    assert keys(sample, engine, now) == {"scheduler": Severity.CRITICAL, "overlap run-detik": Severity.WARNING}


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def test_a_red_canary_an_old_backup_and_a_take_down_that_waits(sample: Awards, engine: Engine) -> None:
    now = datetime.now(UTC)
    with writing(engine) as connection:
        load.record_canary(connection, [load.CanaryRow("kompas", now, "https://k", "red", "sha1:X", ("title",))])
    assert sample("backup").code == 0
    sample.change(
        "INSERT INTO tombstone (id, kind, site, article_id, reason, decided_at, captures) VALUES"
        f" ('detik:d-1', 'article', 'detik', 'd-1', 'why', '{stamp(now - 2 * DAY)}', 0)"
    )
    found = keys(sample, engine, now + 4 * DAY, alert_after=999.0)
    assert found.keys() >= {"canary kompas", "backup", "take-downs"}


def test_the_table_keeps_what_it_is_given(engine: Engine) -> None:
    one = Alert("disk", Severity.CRITICAL, NOON, "x", NOON, None)
    with writing(engine) as connection:
        table.store(connection, [one])
    with reading(engine) as connection:
        assert one in table.known(connection)
    with writing(engine) as connection:
        table.store(connection, [], ["disk"])
        assert one not in table.known(connection)
