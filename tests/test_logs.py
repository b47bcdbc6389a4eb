"""Logs: one form for all libraries, what is known of the work in each line, and no secret in any, however it gets there."""

from __future__ import annotations

import json
import logging
import sys
import warnings
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from etl import logs
from etl.engine import in_order
from etl.settings import Settings
from tests.awards import Awards

KEY, PASSWORD = "sk-l0ng-and-secret", "p@ss w/ord"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Logging is the process's: put back what the test runner had."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def written(form: str = "json", secrets: tuple[str, ...] = (), **known: str) -> StringIO:
    stream = StringIO()
    logs.configure(form, "INFO", secrets, stream, **known)
    return stream


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_records_of_all_libraries_are_json_lines_that_say_what_is_worked_at() -> None:
    stream = written(run="r1", site="detik")
    logging.getLogger("scrapy.core.engine").info("Spider closed (%s)", "finished")
    structlog.get_logger("awards.x").warning("odd", count=3)
    with logs.about(job="backup"):
        logging.getLogger("apscheduler.scheduler").warning("missed")
    warnings.warn("old", DeprecationWarning, stacklevel=1)
    first, second, third, fourth = lines(stream)
    assert list(first)[:4] == ["timestamp", "level", "logger", "event"]
    assert first["event"] == "Spider closed (finished)" and first["logger"] == "scrapy.core.engine"
    assert second["count"] == 3 and second["level"] == "warning"
    assert third["job"] == "backup" and "job" not in fourth
    assert all(line["run"] == "r1" and line["site"] == "detik" for line in (first, second, third, fourth))


def test_what_libraries_say_in_confidence_is_left_out() -> None:
    stream = written()
    logging.getLogger("apscheduler").info("job added")
    logging.getLogger("scrapy").debug("crawled")
    assert stream.getvalue() == ""


def test_console_lines_for_people_without_colours_in_a_file() -> None:
    stream = written("console", site="detik")
    logging.getLogger("awards").warning("x failed")
    assert "x failed" in stream.getvalue() and "site=detik" in stream.getvalue() and "\x1b" not in stream.getvalue()


def test_auto_is_console_on_a_terminal_and_json_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = StringIO()
    assert logs.form_of("auto", stream) == "json"
    monkeypatch.setattr(stream, "isatty", lambda: True)
    assert logs.form_of("auto", stream) == "console" and logs.form_of("json", stream) == "json"


def leaking(way: str, secret: str) -> None:
    log = logging.getLogger("some.library")
    if way == "text":
        log.warning(f"key {secret} refused")
    elif way == "argument":
        log.warning("key %s refused", secret)
    elif way == "nested":
        structlog.get_logger("x").warning("asked", headers={"a": ["b", (secret,)]}, who=ValueError(secret))
    elif way == "exception":
        try:
            raise RuntimeError(f"cannot open {secret}")
        except RuntimeError:
            log.exception("failed")
    elif way == "context":
        with logs.about(address=secret):
            log.warning("x")
    else:
        warnings.warn(secret, UserWarning, stacklevel=1)


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("way", ["text", "argument", "nested", "exception", "context", "warning"])
@pytest.mark.parametrize("secret", [KEY, PASSWORD, "p%40ss%20w%2Ford"])
def test_a_secret_of_the_settings_is_in_no_line(form: str, way: str, secret: str) -> None:
    stream = written(form, (KEY, PASSWORD))
    leaking(way, secret)
    assert logs.HIDDEN in stream.getvalue() and secret not in stream.getvalue()


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgresql://awards:pw@db/awards is gone", "postgresql://***@db/awards is gone"),
        ("GET https://token@example.org/x", "GET https://***@example.org/x"),
        ("https://example.org/a?key=abc&x=1", "https://example.org/a?key=***&x=1"),
        ("https://example.org/a?access_token=abc", "https://example.org/a?access_token=***"),
        ("Authorization: Bearer abcdefgh12345", "Authorization: Bearer ***"),
        ("mail to a@example.org", "mail to a@example.org"),
        ("https://example.org/a?page=all", "https://example.org/a?page=all"),
        ("password=hunter2", "password=***"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_too(text: str, clean: str) -> None:
    assert logs.redacted(text) == clean


@given(st.text(min_size=4, max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_part_of_a_secret_is_left(secret: str, before: str, after: str) -> None:
    known = logs.spellings([secret])
    assert secret not in logs.redacted(before + secret + after, known) or secret in logs.HIDDEN


def test_the_settings_know_their_secrets(tmp_path: Path) -> None:
    file = tmp_path / "db"
    file.write_text("postgresql://awards:from%20file@db/awards\n")
    key = tmp_path / "key"
    key.write_text(KEY)
    settings = Settings(
        db_file=file, model_key_file=key, archive="s3://me:hush-hush@bucket/x",
        alert_urls=SecretStr("slack://tokenaaaa/tokenbbbb/#channel mailto://me:mailpass@example.org"),
    )  # fmt: skip
    assert {"from file", "from%20file", KEY, "hush-hush", "tokenaaaa", "tokenbbbb", "mailpass"} <= settings.secrets
    assert settings.database.endswith("@db/awards")


def test_no_secret_leaves_a_run_that_goes_wrong(awards: Awards, tmp_path: Path) -> None:
    """The command, its crawls' logs and its rows, with everything that can be secret set, and nothing reachable."""
    db = f"postgresql://awards:{KEY}1@127.0.0.1:9/awards"
    own = {
        "AWARDS_MODEL_URL": "http://127.0.0.1:9/v1", "AWARDS_MODEL_NAME": "m", "AWARDS_MODEL_KEY": KEY + "2",
        "AWARDS_ALERT_URLS": f"json://me:{KEY}3@127.0.0.1:9/x?cto=1", "AWARDS_LOG_LEVEL": "DEBUG",
    }  # fmt: skip
    ran = Awards(awards.data, db, own)("run", "--replay", "sample", "detik")
    assert ran.code == 1
    told = Awards(awards.data, "", own)("alert", "--test")
    assert told.code == 1
    read = Awards(awards.data, "", own)("run", "--replay", "sample", "detik")
    assert read.code == 0, read.err
    said = "".join(r.out + r.err for r in (ran, told, read))
    kept = b"".join(path.read_bytes() for path in awards.data.rglob("*") if path.is_file())
    assert KEY not in said and KEY.encode() not in kept


def test_a_crawl_s_log_says_which_run(sample: Awards) -> None:
    (run,) = sample.json("runs", "detik")
    said = [json.loads(line) for line in (sample.data / "logs" / "detik.log").read_text().splitlines()]
    assert said and all(line["site"] == "detik" and line["run"] == run["id"] for line in said)
    assert any(line["logger"].startswith("scrapy") for line in said)


def test_plain_logs_where_they_are_asked_for(awards: Awards) -> None:
    plain = Awards(awards.data, settings={"AWARDS_LOG_FORMAT": "console"})
    assert plain("run", "--replay", "sample", "detik").code == 0
    assert "Spider closed" in (awards.data / "logs" / "detik.log").read_text()
    with pytest.raises(ValueError, match="line 1"):
        json.loads((awards.data / "logs" / "detik.log").read_text().splitlines()[0])
    assert Awards(awards.data, settings={"AWARDS_LOG_FORMAT": "xml"})("runs").code == 2


def test_configuring_again_replaces_what_was() -> None:
    first, second = written(), written()
    logging.getLogger("x").warning("once")
    assert first.getvalue() == "" and len(lines(second)) == 1
    assert len(logging.getLogger().handlers) == 1 and sys.stderr is not second


def told(number: int) -> int:
    """Work for a pool that says something."""
    logging.getLogger("awards.work").warning("number %d and %s", number, KEY)
    return number


def test_processes_of_a_pool_log_alike(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "INFO", (KEY,), run="r1")
    with logs.about(site="detik"):
        assert list(in_order(told, range(160), 2)) == list(range(160))
    said = [json.loads(line) for line in capfd.readouterr().err.splitlines() if "number" in line]
    assert len(said) == 160 and all((line["run"], line["site"]) == ("r1", "detik") for line in said)
    assert all(line["event"].endswith("and ***") for line in said)
