"""Recipients, venues, persons, terms and editions follow from the rows, whatever came first and whatever went."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from db import models
from db.connect import reading as looking
from db.connect import writing
from db.load import load
from db.queries import dump
from etl.model import Article, Evidence, Reading
from tests.bench.records import OUTLETS, readings
from tests.db.readings import claim, misfit, page, reading


def rows(engine: Engine, model: type[models.Base]) -> list[Any]:
    table = models.table(model)
    with looking(engine) as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key)))


def store(engine: Engine, readings: list[Reading]) -> None:
    with writing(engine) as connection:
        load(connection, readings, OUTLETS)


def test_the_generator_gives_the_same_readings_for_a_seed() -> None:
    made = list(readings(500, seed=3))
    assert made == list(readings(500, seed=3)) != list(readings(500, seed=4))
    assert sum(len(one.mentions) for one in made) == 500
    assert len({one.page.id for one in made}) == len(made)


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_with_replacements_gives_the_same_rows(engine: Engine, seed: int) -> None:
    """Lifelike readings: loaded at once, or shuffled in small batches with wrong readings that are replaced."""
    made = list(readings(400, seed))
    store(engine, made)
    with looking(engine) as connection:
        expected = dump(connection)
    assert all(
        expected[name] for name in ("recipient", "venue", "person", "office_term", "edition", "conferral_choice")
    )
    with writing(engine) as connection:
        for table in reversed(models.DERIVED):
            connection.execute(table.delete())
    chance = random.Random(seed)
    wrong = [replace(one, mentions=one.mentions[: chance.randrange(len(one.mentions) + 1)]) for one in made]
    for batch in (wrong, made):
        chance.shuffle(batch)
        for start in range(0, len(batch), 37):
            store(engine, batch[start : start + 37])
    with looking(engine) as connection:
        assert dump(connection) == expected


def with_acceptor(made: Reading, name: str, before: str) -> Reading:
    """The same article with a last paragraph that names who took the award."""
    article = made.outcome
    assert isinstance(article, Article)
    start = len(article.text) + 1 + len(before)
    longer = replace(article, paragraphs=(*article.paragraphs, f"{before}{name}."))
    words = Evidence("received_by", start, start + len(name), name)
    mention = replace(made.mentions[0], received_by=name, evidence=(*made.mentions[0].evidence, words))
    return replace(made, outcome=longer, mentions=(mention,))


def test_a_term_goes_from_the_first_sighting_to_the_last(engine: Engine) -> None:
    early = with_acceptor(reading(page(path="d-1"), [claim()]), "Ika Puspitasari", "Diterima Wali Kota Mojokerto ")
    late = with_acceptor(
        reading(page(path="d-2"), [claim(awarded_on="2022-05-05")]),
        "Ika Puspitasari",
        "Diserahkan kepada Wali Kota, Hj. ",
    )
    store(engine, [early])
    store(engine, [late])
    (term,) = rows(engine, models.OfficeTerm)
    assert (term.office, term.region_code) == ("Wali Kota", "35.76")
    assert (term.first_seen, term.last_seen) == (date(2021, 3, 31), date(2022, 5, 5))
    (person,) = rows(engine, models.Person)
    assert (person.name, person.region_code) == ("Ika Puspitasari", "35.76")
    store(engine, [misfit(page(path="d-2"))])
    (term,) = rows(engine, models.OfficeTerm)
    assert term.first_seen == term.last_seen == date(2021, 3, 31)
    store(engine, [misfit(page(path="d-1"))])
    assert rows(engine, models.OfficeTerm) == rows(engine, models.Person) == []


def test_who_belongs_to_a_government_and_who_does_not(engine: Engine) -> None:
    claims = [
        claim("Kota Mojokerto"),
        claim("Dinas Kesehatan Kota Mojokerto", recipient_type="agency"),
        claim("Perumda Tirta Maja", recipient_type="company"),
        claim("PT Sepatu Jaya", recipient_type="company"),
        claim("Polres Mojokerto Kota", recipient_type="police"),
        claim("Ika Puspitasari", recipient_type="official"),
    ]
    store(engine, [reading(mentions=claims)])
    owners = {row.name: row.owner_region_code for row in rows(engine, models.Recipient)}
    assert owners == {
        "Kota Mojokerto": "35.76",
        "Dinas Kesehatan Kota Mojokerto": "35.76",
        "Perumda Tirta Maja": "35.76",
        "PT Sepatu Jaya": None,
        "Polres Mojokerto Kota": None,
        "Ika Puspitasari": "35.76",
    }


def test_one_venue_however_it_is_spelt(engine: Engine) -> None:
    store(engine, [reading(page(path="d-1"), [claim(place="Ballrom Hotel Raffless, Jakarta")])])
    store(
        engine, [reading(page(path="d-2"), [claim(awarded_on="2022-03-01", place="Ballroom Hotel Raffles, Jakarta")])]
    )
    store(engine, [reading(page(path="d-3"), [claim(awarded_on="2020-09-01", place="secara virtual dari Surabaya")])])
    found = sorted((row.city_code or "", row.online) for row in rows(engine, models.Venue))
    assert found == [("", True), ("31", False)]


def test_an_edition_has_the_numbers_that_articles_state_and_list(engine: Engine) -> None:
    codes = ("35.76", "35.77", "35.78", "35.79")
    made = reading(mentions=[claim(f"Kota {code}", region=f"Kota {code}", region_code=code) for code in codes])
    article = made.outcome
    assert isinstance(article, Article)
    told = "Sebanyak 16 kabupaten/kota meraih penghargaan itu."
    store(engine, [replace(made, outcome=replace(article, paragraphs=(*article.paragraphs, told)))])
    (edition,) = rows(engine, models.Edition)
    assert (edition.series, edition.year, edition.stated_count, edition.listed_count) == ("natamukti", 2021, 16, 4)
    store(engine, [misfit(page())])
    assert rows(engine, models.Edition) == []
