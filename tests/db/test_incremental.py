"""Articles that are gone, days that are done, known articles: on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from db.connect import reading as looking
from db.connect import writing
from db.load import CanaryRow, RunRow, load, mark_gone, record_canary, record_run, record_unit
from db.queries import canary, dump, golden, news, runs, units_done, why
from tests.db.readings import FIRST, OUTLETS, claim, misfit, page, reading


def gone(engine: Engine) -> dict[str, datetime]:
    with looking(engine) as connection:
        return {row["id"]: row["gone_at"] for row in dump(connection)["article"] if row["gone_at"]}


def test_gone_articles_are_marked_and_cleared(engine: Engine) -> None:
    later = FIRST + timedelta(days=3)
    of_site = [reading(page(path=f"d-{n}"), [claim(award=f"Award {n}")]) for n in range(3)]
    with writing(engine) as connection:
        load(connection, [*of_site, reading(page("kompas", "k-1"))], OUTLETS)
        mark_gone(connection, "detik", {"detik:d-0": later, "detik:d-1": later, "detik:never-read": later})
        mark_gone(connection, "kompas", {"kompas:k-1": FIRST})
    assert gone(engine) == {"detik:d-0": later, "detik:d-1": later, "kompas:k-1": FIRST}
    with writing(engine) as connection:
        load(connection, of_site, OUTLETS)  # read again by other code: it is as gone as it was
    assert len(gone(engine)) == 3
    with writing(engine) as connection:
        mark_gone(connection, "detik", {"detik:d-1": later})
    assert gone(engine) == {"detik:d-1": later, "kompas:k-1": FIRST}
    with looking(engine) as connection:
        chains = [why(connection, m["id"])["mentions"][0]["article"] for m in dump(connection)["mention"]]
    assert {chain["id"]: chain["gone_at"] for chain in chains} == {
        "detik:d-0": None,
        "detik:d-1": later,
        "detik:d-2": None,
    }
    with writing(engine) as connection:
        mark_gone(connection, "detik", {})
        mark_gone(connection, "kompas", {})
    assert gone(engine) == {}


def test_days_that_are_done(engine: Engine) -> None:
    first = date(2026, 3, 1)
    with writing(engine) as connection:
        for run in ("r1", "r2"):  # done again: the last time stands
            record_unit(connection, "detik", first, FIRST, run)
        record_unit(connection, "detik", first + timedelta(days=2), FIRST, "r3")
        record_unit(connection, "kompas", first + timedelta(days=1), FIRST, "r4")
    with looking(engine) as connection:
        assert units_done(connection, "detik") == {first, first + timedelta(days=2)}
        assert units_done(connection, "liputan6") == set()


def test_the_newest_check_of_a_site(engine: Engine) -> None:
    old = [CanaryRow("detik", FIRST, f"https://x/{n}", "green", "sha1:A") for n in range(3)]
    new = [
        CanaryRow("detik", FIRST + timedelta(days=1), "https://x/1", "red", "sha1:A", ("title", "paragraphs")),
        CanaryRow("detik", FIRST + timedelta(days=1), "https://x/0", "green", "sha1:B"),
    ]
    with writing(engine) as connection:
        record_canary(connection, old)
        record_canary(connection, new)
        record_canary(connection, [])
    with looking(engine) as connection:
        found = canary(connection, "detik")
        assert [(r["url"], r["verdict"], r["differs"], r["known"]) for r in found] == [
            ("https://x/0", "green", [], "sha1:B"), ("https://x/1", "red", ["title", "paragraphs"], "sha1:A"),
        ]  # fmt: skip
        assert found[0]["checked_at"] == FIRST + timedelta(days=1) and canary(connection, "kompas") == []
    with pytest.raises(IntegrityError), writing(engine) as connection:
        record_canary(connection, [replace(old[0], verdict="yellow")])


def test_golden_articles_are_chosen_the_same_way_each_time(engine: Engine) -> None:
    def made(path: str, days: int, confidence: float = 0.9, **more: object) -> None:
        one = reading(page(path=path), [claim(confidence=confidence)], published_at=FIRST + timedelta(days=days))
        made_of.append(replace(one, outcome=replace(one.outcome, **more)) if more else one)  # type: ignore[arg-type]

    made_of = [misfit(page(path="d-misfit")), reading(page(path="d-without"), published_at=FIRST + timedelta(days=5))]
    made("d-young", 25)
    made("d-b", 5)
    made("d-a", 15)
    made("d-unsure", 6, 0.4)
    made("d-old", -5)
    made("d-part", 7, complete=False)
    made("d-gone", 8)
    with writing(engine) as connection:
        load(connection, made_of, OUTLETS)
        mark_gone(connection, "detik", {"detik:d-gone": FIRST + timedelta(days=20)})
    with looking(engine) as connection:
        found = golden(connection, "detik", FIRST, FIRST + timedelta(days=20), 9)
        assert [row["article_id"] for row in found] == ["d-a", "d-b", "d-unsure", "d-young"]
        assert found[0]["url"] == "https://detik.example/d-a" and found[0]["digest"] == page(path="d-a").digest
        assert golden(connection, "detik", FIRST, FIRST + timedelta(days=20), 2) == found[:2]
        assert golden(connection, "kompas", FIRST, FIRST, 9) == []


def test_history_knows_what_was_called(engine: Engine) -> None:
    rows = [("run", "OK"), ("run", "QUIET"), ("backfill", "OK"), ("run", "OK")]
    with writing(engine) as connection:
        for n, (command, verdict) in enumerate(rows):
            record_run(
                connection,
                RunRow(f"r{n}", "detik", FIRST + timedelta(hours=n), command, verdict=verdict, not_modified=n),
            )
    with looking(engine) as connection:
        assert [row["id"] for row in runs(connection, "detik")] == ["r3", "r2", "r1", "r0"]
        assert [row["not_modified"] for row in runs(connection, "detik", 5, "run")] == [3, 1, 0]
        assert news(connection, "detik") == [FIRST + timedelta(hours=3), FIRST]
