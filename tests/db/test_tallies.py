"""A report that joins what is stored without a look at all other claims: the same rows as if all had been looked at."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from db import models
from db.connect import reading as looking
from db.connect import writing
from db.load import load, regroup_all
from db.queries import Found, dump
from db.rulings import decide
from etl.model import Article, Reading
from etl.rulings import Decision
from tests.bench.records import OUTLETS, readings
from tests.db.readings import FIRST, claim, page, reading


def store(engine: Engine, made: Sequence[Reading], size: int) -> list[str]:
    """Loads them, so many at a time; the statements that read claims."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT mention.id, mention.article_id"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    for start in range(0, len(made), size):
        with writing(engine) as connection:
            load(connection, made[start : start + size], OUTLETS)
    event.remove(engine, "before_cursor_execute", note)
    return asked


def rows(engine: Engine) -> dict[str, list[Found]]:
    """All that is derived, and what conferrals are found by."""
    words = models.table(models.ConferralWords)
    with looking(engine) as connection:
        found = connection.execute(select(words.c.conferral_id, words.c.words).order_by(words.c.conferral_id))
        return dump(connection) | {"conferral_words": [dict(row) for row in found.mappings()]}


def empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in reversed(models.DERIVED):
            connection.execute(table.delete())


@pytest.mark.parametrize("seed", [1, 5])
def test_reports_in_any_order_and_number_make_the_same_rows(engine: Engine, seed: int) -> None:
    made = list(readings(700, seed))
    with writing(engine) as connection:
        load(connection, made, OUTLETS, grouped=False)
        regroup_all(connection)
    expected = rows(engine)
    assert len(expected["conferral_tally"]) > 50 and expected["conferral_choice"]
    empty(engine)
    random.Random(seed).shuffle(made)
    store(engine, made, 9)
    assert rows(engine) == expected


def test_one_more_report_of_an_award_is_no_reason_to_read_the_others(engine: Engine) -> None:
    made = [told(n) for n in range(20)]
    assert store(engine, made[:1], 1) == []  # the first of all: there are no others
    assert len(store(engine, made[1:2], 1)) == 1  # two make a tally
    assert store(engine, made[2:], 1) == []
    (conferral,) = rows(engine)["conferral"]
    assert (conferral["mention_count"], conferral["outlet_count"]) == (20, 3)
    assert conferral["first_published_on"] == FIRST.date()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rank", "Madya"),
        ("place", "Balai Kota"),
        ("edition_year", 2020),
        ("awarded_on", "2021"),
        ("category", "Kota Kecil"),
    ],
)
def test_who_says_something_else_is_a_reason(engine: Engine, field: str, value: Any) -> None:
    made = [told(n) for n in range(4)]
    other = told(4, **{field: value})
    store(engine, [*made, other], 9)
    expected = rows(engine)
    empty(engine)
    store(engine, made, 2)
    assert store(engine, [other], 1)
    assert rows(engine) == expected


def test_one_that_is_a_copy_of_two_makes_them_one_witness(engine: Engine) -> None:
    """A text that shares half of its words with each of two others, which share none."""
    words = [f"kata{n}" for n in range(120)]
    texts = [" ".join(words[:60]), " ".join(words[60:]), " ".join(words)]
    made = [told(n, text=text) for n, text in enumerate(texts)]
    store(engine, made[:2], 9)
    assert rows(engine)["conferral"][0]["independent_count"] == 2
    assert store(engine, made[2:], 1) == []
    found = rows(engine)
    assert found["conferral"][0]["independent_count"] == 1
    assert len({row["witness"] for row in found["conferral_mention"]}) == 1
    empty(engine)
    store(engine, made, 9)
    assert rows(engine) == found


def test_what_a_person_ruled_on_is_looked_at_as_a_whole(engine: Engine) -> None:
    made = [told(n) for n in range(5)]
    store(engine, made[:3], 9)
    mention = rows(engine)["mention"][0]["id"]
    with writing(engine) as connection:
        decide(connection, [Decision("reject", (mention,), "Ani", "an error")], FIRST)
    assert store(engine, made[3:], 1)
    (conferral,) = rows(engine)["conferral"]
    assert conferral["mention_count"] == 4


def test_a_conferral_of_one_claim_has_no_tally(engine: Engine) -> None:
    made = [told(n) for n in range(2)]
    store(engine, made, 9)
    assert len(rows(engine)["conferral_tally"]) == 1
    store(engine, [reading(made[0].page, [], article_id="a-0", fingerprint="f2")], 9)
    assert rows(engine)["conferral_tally"] == [] and len(rows(engine)["conferral"]) == 1


def told(number: int, text: str = "", **fields: Any) -> Reading:
    """One outlet's report of one award: all say the same unless told otherwise."""
    site = ("detik", "kompas", "antaranews")[number % 3]
    said: dict[str, Any] = {"awarded_on": "2021-03-31", "rank": "Nindya", "edition_year": 2021, **fields}
    mention = claim("Kota Mojokerto", **said)
    made = page(site, f"a-{number}", body=f"{number}")
    when = FIRST + timedelta(hours=number)
    found = reading(made, [mention], article_id=f"a-{number}", title=f"Judul {number}", published_at=when)
    assert isinstance(found.outcome, Article)
    return replace(found, outcome=replace(found.outcome, paragraphs=(*found.outcome.paragraphs, text)))
