"""What is asked is what comes back: filters, lineage, counts; and no text ever becomes SQL."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from db import models
from db.connect import reading as looking
from db.connect import writing
from db.find import SORTS
from db.load import load
from db.queries import Filter, count, dump, find, misfits, runs, totals, why
from etl.model import AwardsError, UsageError
from tests.db.readings import FIRST, OUTLETS, claim, many, misfit, page, reading

CLAIMS = (
    claim(category="Fesyen", rank="Utama"),
    claim("Kabupaten Mojokerto", region="Kabupaten Mojokerto", region_code="35.16", awarded_on="2022-05-01"),
    claim(
        "Provinsi Jawa Timur",
        "WTP",
        region="Provinsi Jawa Timur",
        region_code="35",
        series="wtp",
        kind="opinion",
        giver="BPK",
        awarded_on="2020",
    ),
    claim("Kota Bandung", "Anugerah 100%", region_code="32.73", series=None, giver="Kemen_PAN", awarded_on="2021-12"),
    claim("Ika Puspitasari", "Tokoh", recipient_type="official", series=None, giver=None, awarded_on=None),
    claim(
        "Kota Batu", "Innovation", region_code="35.79", category="Nindya", rank="Terbaik II", awarded_on="2023-01-02"
    ),
    claim("Kota Kediri", "Kota Sehat", region_code="350.71", series="sehat", status="nominated"),
)


@pytest.fixture(scope="module")
def filled_engine(shared_engine: Engine) -> Engine:
    with writing(shared_engine) as connection:
        load(connection, [reading(page(), CLAIMS, published_at=None), misfit(page(path="d-9", seen=3))], OUTLETS)
        again = reading(page("kompas", "read/1", seen=2), [CLAIMS[0]], article_id="1")
        load(connection, [again, reading(page("kompas", "read/2"), [claim(series="kla", award="KLA")])], OUTLETS)
    return shared_engine


@pytest.fixture
def filled(filled_engine: Engine) -> Iterator[Connection]:
    with looking(filled_engine) as connection:
        yield connection


@pytest.mark.parametrize(
    ("wanted", "recipients"),
    [
        (Filter(region="35.76"), ["Kota Mojokerto", "Ika Puspitasari", "Kota Mojokerto"]),
        (Filter(region="35", years=(2022, 2023)), ["Kota Batu", "Kabupaten Mojokerto"]),
        (Filter(region="3"), []),
        (Filter(region="35.1"), []),
        (Filter(recipient_type="official"), ["Ika Puspitasari"]),
        (Filter(series="wtp"), ["Provinsi Jawa Timur"]),
        (Filter(kind="opinion"), ["Provinsi Jawa Timur"]),
        (Filter(giver="bpk"), ["Provinsi Jawa Timur"]),
        (Filter(giver="kemen_p"), ["Kota Bandung"]),
        (Filter(giver="pan"), ["Kota Bandung"]),
        (Filter(giver="n_p"), []),
        (Filter(years=(2021, 2021), region="32"), ["Kota Bandung"]),
        (Filter(level="utama"), ["Kota Mojokerto"]),
        (Filter(level="nindya"), ["Kota Batu"]),
        (Filter(level="Nind"), []),
        (Filter(text="100%"), ["Kota Bandung"]),
        (Filter(text="MOJOKERTO fesy*"), ["Kota Mojokerto"]),
        (Filter(text="mojokerto bpk"), []),
        (Filter(site="kompas"), ["Kota Mojokerto", "Kota Mojokerto"]),
        (Filter(site="tempo"), []),
        (Filter(text="   "), None),
        (Filter(region="35.76", limit=1), ["Kota Mojokerto"]),
        (Filter(region="35.76", limit=5, offset=2), ["Ika Puspitasari"]),
        (Filter(region="35.76", offset=1), ["Ika Puspitasari", "Kota Mojokerto"]),
    ],
)
def test_filters(filled: Connection, wanted: Filter, recipients: list[str] | None) -> None:
    found = find(filled, wanted)
    if recipients is None:
        assert len(found) == 7
    else:
        assert sorted(row["recipient"] for row in found) == sorted(recipients)
    if wanted.limit is None and not wanted.offset:
        assert count(filled, wanted) == len(found)


def test_newest_come_first_and_always_in_one_order(filled: Connection) -> None:
    found = find(filled, Filter())
    assert [row["year"] for row in found] == [2023, 2022, 2021, 2021, 2021, 2020, None]
    assert [row["awarded_on"] for row in found[2:5]] == ["2021-12", "2021-03-31", "2021-03-31"]
    assert find(filled, Filter()) == found
    assert "group_key" not in found[0]


@pytest.mark.parametrize("sort", sorted(SORTS.keys() - {"newest"}))
def test_the_first_of_a_sorted_list_are_those_of_the_whole(filled: Connection, sort: str) -> None:
    whole = find(filled, Filter(sort=sort))
    assert find(filled, Filter(sort=sort, limit=3, offset=1)) == whole[1:4]
    assert find(filled, Filter(sort=sort, region="35", limit=9)) == [
        row for row in whole if (row["region_code"] or "").startswith("35")
    ]


STRANGE = (
    "'; DROP TABLE conferral; --",
    "' OR '1'='1",
    "%",
    "_",
    "\\",
    "/%",
    "(",
    "\u2019; --",
    "a" * 5000,
    ":x",
    "%(x)s",
    "?",
)


@pytest.mark.parametrize("text", STRANGE)
def test_no_text_becomes_sql(filled: Connection, text: str) -> None:
    before = dump(filled)
    for f in fields(Filter):
        if f.name in ("years", "confidence", "outlets", "limit", "offset"):
            continue
        given: dict[str, Any] = {f.name: text}
        try:
            found = find(filled, Filter(**given))
        except UsageError:  # no word to search for, or no sort by that name
            continue
        assert {row["award"] for row in found} <= {"Anugerah 100%"}, f.name
    with pytest.raises(AwardsError):
        why(filled, text)
    assert misfits(filled, text) == runs(filled, text) == []
    assert dump(filled) == before


def test_strange_text_is_stored_and_found_as_it_is(engine: Engine) -> None:
    award = "Award 'x'; DROP TABLE page; -- %s _ \\ \"y\" \u2019"
    with writing(engine) as connection:
        load(connection, [reading(mentions=[claim(award=award, series=None)])], OUTLETS)
    with looking(engine) as connection:
        (row,) = find(connection, Filter(text=award))
    assert row["award"] == award


# -------------------------------------------------------------------------------------------------------------- lineage


def test_why_gives_the_whole_chain(filled: Connection) -> None:
    (conferral,) = find(filled, Filter(level="Utama"))
    chain = why(filled, conferral["id"][:12])
    assert chain["conferral"] == conferral
    dated, undated = chain["mentions"]
    assert (dated["article"]["outlet"], dated["article"]["id"]) == ("Kompas.com", "kompas:1")
    assert dated["article"]["published_at"].isoformat() == "2021-04-01T21:40:00+07:00"
    assert dated["article"]["current"] is True
    assert (undated["article"]["outlet"], undated["article"]["published_at"]) == ("detikcom", None)
    assert [words["quote"] for words in dated["evidence"]] == ["Kota Mojokerto", "Natamukti Award"]
    assert dated["pages"] == [
        {
            "id": page("kompas", "read/1", seen=2).id,
            "url": "https://kompas.example/read/1",
            "first_fetched_at": FIRST + timedelta(hours=2),
            "last_fetched_at": FIRST + timedelta(hours=2),
            "warc": "kompas/2021-04.warc.gz",
            "site": "kompas",
            "digest": page("kompas", "read/1").digest,
            "fingerprint": "f1",
        }
    ]
    mention = why(filled, dated["id"])
    assert mention["conferral"] == conferral
    assert mention["mentions"] == [dated]


def test_why_of_what_makes_no_conferral(filled: Connection) -> None:
    (nominated,) = (row for row in dump(filled)["mention"] if row["status"] == "nominated")
    assert why(filled, nominated["id"])["conferral"] is None


def test_why_of_a_former_version(engine: Engine) -> None:
    with writing(engine) as connection:
        load(connection, [reading(page(body="a"), [claim()]), reading(page(body="b", seen=5), title="Ralat")], OUTLETS)
    with looking(engine) as connection:
        (mention,) = dump(connection)["mention"]
        chain = why(connection, mention["id"])
    assert (chain["conferral"], chain["mentions"][0]["article"]["current"]) == (None, False)


def test_an_id_must_lead_to_one_thing(filled: Connection) -> None:
    with pytest.raises(AwardsError, match="no conferral or mention has the id 'zz'"):
        why(filled, "zz")
    with pytest.raises(AwardsError, match="give more of the id"):
        why(filled, "")


# --------------------------------------------------------------------------------------------------------------- counts


def test_totals_and_misfits(filled: Connection) -> None:
    assert totals(filled) == [
        {
            "site": "detik",
            "outlet": "detikcom",
            "pages": 2,
            "articles": 1,
            "misfits": 1,
            "mentions": 7,
            "conferrals": 6,
        },
        {
            "site": "kompas",
            "outlet": "Kompas.com",
            "pages": 2,
            "articles": 2,
            "misfits": 0,
            "mentions": 2,
            "conferrals": 2,
        },
    ]
    (row,) = misfits(filled, "detik")
    assert (row["url"], row["reason"]) == (page(path="d-9").url, "2021: 'div.detail__body-text' matches nothing")
    assert misfits(filled, "kompas") == []


def test_a_dump_holds_every_derived_table(engine: Engine) -> None:
    with looking(engine) as connection:
        assert list(dump(connection)) == [table.name for table in models.DERIVED]


def test_answers_are_quick_enough_to_be_asked_often(engine: Engine) -> None:
    """No figure, only the plan: filters on region, series and year do not read the whole table."""
    with writing(engine) as connection:
        load(connection, many(50), OUTLETS)
    if engine.dialect.name == "postgresql":
        pytest.skip("its planner reads small tables whole")
    with looking(engine) as connection:
        plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN SELECT * FROM conferral WHERE region_code = '35.76'")
        assert "fast_conferral_counted" in str(plan.all())
