"""Full text finds the same on both databases, follows what is loaded, and lets nothing typed become SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from db import search
from db.connect import reading as looking
from db.connect import writing
from db.find import Filter, count, find, less_sure
from db.load import load
from db.meant import meant, searched
from db.models import SEARCH
from db.rebuild import fresh_copy, swap
from db.reference import refresh
from etl.model import AwardsError, UsageError
from etl.stems import question
from tests.db.readings import OUTLETS, WIB, claim, many, misfit, page, reading

CLAIMS = (
    claim(category="Pengelolaan Sampah", received_by="Ika Puspitasari", giver="Kementerian Lingkungan Hidup"),
    claim("Dinas Kesehatan Kota Batu", "Anugerah Layak Anak", recipient_type="agency", region="Kota Batu",
          region_code="35.79", series=None, giver="Pemerintah Provinsi Jawa Timur"),
    claim("Kabupaten Banyuwangi", "Innovative Government Award", region="Kabupaten Banyuwangi", region_code="35.10",
          series="innovative-government-award", giver="Kementerian Dalam Negeri", awarded_on="2026-11-17"),
)  # fmt: skip
BATU = reading(
    page("kompas", "read/2"), CLAIMS[1:2], title="Dinas Kesehatan Batu Dihargai", article_id="2",
    published_at=datetime(2021, 4, 1, 22, 40, tzinfo=WIB),
)  # fmt: skip


@pytest.fixture(scope="module")
def filled_engine(shared_engine: Engine) -> Engine:
    refresh(shared_engine)
    with writing(shared_engine) as connection:
        load(connection, [reading(page(), CLAIMS[:1]), BATU, reading(page(path="d-3", seen=3), CLAIMS[2:])], OUTLETS)
    return shared_engine


@pytest.fixture
def filled(filled_engine: Engine) -> Iterator[Connection]:
    with looking(filled_engine) as connection:
        yield connection


def recipients(connection: Connection, **wanted: Any) -> list[str]:
    return sorted(row["recipient"] for row in find(connection, Filter(**wanted)))


MOJOKERTO, BATU_DINAS, BANYUWANGI = "Kota Mojokerto", "Dinas Kesehatan Kota Batu", "Kabupaten Banyuwangi"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("mojokerto", [MOJOKERTO]),
        ("kelola sampah", [MOJOKERTO]),  # stems: Pengelolaan
        ("sampah batu", []),
        ("sampah OR batu", [BATU_DINAS, MOJOKERTO]),
        ('"layak anak"', [BATU_DINAS]),
        ('"anak layak"', []),
        ('"kesehatan kota"', [BATU_DINAS]),
        ("peng*", [MOJOKERTO]),
        ("kesehat*", [BATU_DINAS]),
        ("sehat*", [BATU_DINAS]),
        ("kota-ba*", [BATU_DINAS]),
        ("ika puspitasari", [MOJOKERTO]),  # who took it
        ("innovative-government-award", [BANYUWANGI]),
        ('"kota mojokerto pengelolaan"', []),  # no phrase crosses from one fact to the next
        ("KOTA", [BATU_DINAS, MOJOKERTO]),
        ("zzyzx", []),
    ],
)
def test_conferrals_by_their_words(filled: Connection, asked: str, found: list[str]) -> None:
    assert recipients(filled, text=asked) == found


def test_words_go_with_other_filters(filled: Connection) -> None:
    assert recipients(filled, text="kota", site="kompas") == [BATU_DINAS]
    assert recipients(filled, text="kota", site="detik", region="35") == [MOJOKERTO]
    assert recipients(filled, giver="kementerian") == [BANYUWANGI, MOJOKERTO]
    assert recipients(filled, giver="Kementerian Dalam Neg") == [BANYUWANGI]
    assert recipients(filled, giver="dalam kementerian") == []
    assert recipients(filled, text="kementerian", giver="lingkungan hidup") == [MOJOKERTO]
    assert recipients(filled, text="mojokerto", years=(2026, 2026)) == []
    with pytest.raises(UsageError, match="no word"):
        recipients(filled, giver="%")


@pytest.mark.parametrize(("few", "enough", "many"), [(0, 1, 1), (0, 99, 1), (0, 99, 99), (99, 99, 99)])
def test_whichever_way_is_taken_the_same_is_found(
    filled: Connection, monkeypatch: pytest.MonkeyPatch, few: int, enough: int, many: int
) -> None:
    """Few conferrals or many, on a walk or out of the index."""
    monkeypatch.setattr("db.find._FEW", few)
    monkeypatch.setattr("db.search._ENOUGH", enough)
    monkeypatch.setattr("db.search._MANY", many)
    for narrowed in (
        {"region": "35"},
        {"kind": "award", "years": (2020, 2026)},
        {"years": (1800, 2026)},
        {"confidence": 0.1},
    ):
        assert recipients(filled, text="kota", **narrowed) == [BATU_DINAS, MOJOKERTO]
        assert count(filled, Filter(text="kota", **narrowed)) == 2
    assert recipients(filled, text="kota", region="32") == recipients(filled, text="kota", years=(1999, 2001)) == []
    assert recipients(filled, text='"layak anak"', site="kompas", region="35.79") == [BATU_DINAS]
    assert less_sure(filled, Filter(text="kota"), 1.0) == 2 and less_sure(filled, Filter(text="kota"), 0.1) == 0


def test_articles_with_the_place_in_the_text(filled: Connection) -> None:
    (hit,) = search.articles(filled, question("penghargaan dinas"))
    assert (hit.outlet, hit.title, hit.url) == ("Kompas.com", "Dinas Kesehatan Batu Dihargai", BATU.page.url)
    assert [hit.text[a:b] for a, b in hit.marks] == ["Dinas", "Dihargai", "Dinas"]
    (row,) = find(filled, Filter(text="batu"))
    assert hit.conferrals == (row["id"],)
    assert [hit.title for hit in search.articles(filled, question("kota"), limit=1)] == [hit.title]
    assert search.articles(filled, question("zzyzx")) == []


@pytest.mark.parametrize(
    ("typed", "note", "found"),
    [
        (Filter(text="Mojekerto"), "no hits for 'Mojekerto'; searched 'Mojokerto'", MOJOKERTO),
        (Filter(text='"kota mojokreto"'), "no hits for '\"kota mojokreto\"'; searched '\"kota mojokerto\"'", MOJOKERTO),
        (Filter(text="Banyuwengi innov*"), "searched 'Banyuwangi innov*'", BANYUWANGI),
        (Filter(giver="Kementrian Dalam Negri"), "searched 'Kementerian Dalam Negeri'", BANYUWANGI),
        (Filter(region="Kabupaten Banyuwengi"), "no region 'Kabupaten Banyuwengi'; searched", BANYUWANGI),
        (Filter(series="Inovative Goverment Award"), "searched 'innovative-government-award'", BANYUWANGI),
    ],
)
def test_names_typed_wrongly_are_found_and_it_is_said(filled: Connection, typed: Filter, note: str, found: str) -> None:
    understood = meant(filled, typed)
    assert [row["recipient"] for row in find(filled, understood.filter)] == [found]
    (said,) = understood.notes
    assert note in said


@pytest.mark.parametrize(
    ("typed", "code"),
    [("35.76", "35.76"), ("kota mojokerto", "35.76"), ("Kab. Mojokerto", "35.16"), ("Jawa Timur", "35")],
)
def test_regions_by_name(filled: Connection, typed: str, code: str) -> None:
    understood = meant(filled, Filter(region=typed))
    assert (understood.filter.region, understood.notes) == (code, ())


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (Filter(region="mojokerto"), r"35\.16 Kabupaten Mojokerto or 35\.76 Kota Mojokerto"),
        (Filter(region="zzyzx"), "no region's name"),
        (Filter(region="99"), "no region's code"),
        (Filter(recipient_type="city"), "region, official"),
        (Filter(kind="prize"), "award, predicate"),
        (Filter(status="lost"), "record, won"),
    ],
)
def test_what_nobody_can_have_meant_is_refused(filled: Connection, typed: Filter, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        meant(filled, typed)


def test_a_word_that_is_said_somewhere_is_not_corrected(filled: Connection) -> None:
    understood = meant(filled, Filter(text="sampah batu"))
    assert (understood.filter.text, understood.notes) == ("sampah batu", ())
    hits, notes = searched(filled, "Dihargaii Baatu", 5)
    assert (len(hits), notes) == (0, ("no hits for 'Dihargaii Baatu'; none either for 'Dihargaii Batu'",))


# -------------------------------------------------------------------------------------------------------------- current


def index(connection: Connection) -> list[list[tuple[Any, ...]]]:
    """Every row that search keeps, but for words remembered of names that are gone."""
    tables = [table for table in SEARCH if table.name != "name_word"]
    return [sorted(map(tuple, connection.execute(text(f"SELECT * FROM {table.name}")))) for table in tables]


def indexed(connection: Connection) -> bool:
    """Whether the index holds exactly what is stored: it is as one made again, and FTS5 agrees with its content."""
    before = index(connection)
    if connection.dialect.name == "sqlite":
        for name in ("fts_conferral_words", "fts_version_words"):
            connection.exec_driver_sql(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")
    search.rebuild_index(connection)
    return before == index(connection) and bool(before[0])


def test_the_index_follows_what_is_loaded(engine: Engine) -> None:
    readings = many(60)
    for start in range(0, len(readings), 7):
        with writing(engine) as connection:
            load(connection, readings[start : start + 7], OUTLETS)
    with writing(engine) as connection:
        load(connection, many(60, seed=2)[:30], OUTLETS)  # other mentions of the same pages
        load(connection, [misfit(readings[0].page), misfit(readings[3].page)], OUTLETS)
    with writing(engine) as connection:
        assert indexed(connection)


def test_what_is_read_otherwise_is_found_otherwise(engine: Engine) -> None:
    def said(award: str, day: str) -> None:
        with writing(engine) as connection:
            load(connection, [reading(page(), [claim(award=award, series=None, awarded_on=day)])], OUTLETS)

    said("Anugerah Bening", "2021-03-31")
    said("Anugerah Hijau", "2021-03-31")
    said("Anugerah Hijau", "2021-04-01")
    with writing(engine) as connection:
        assert recipients(connection, text="bening") == []
        assert recipients(connection, text="hijau") == [MOJOKERTO]
        assert [hit.title for hit in search.articles(connection, question("hijau"))] == [
            "Kota Mojokerto Raih Penghargaan"
        ]
        assert indexed(connection)


def test_a_rebuild_brings_its_index(url: str, engine: Engine) -> None:
    with writing(engine) as connection:
        load(connection, many(20), OUTLETS)
    with fresh_copy(url) as fresh:
        with writing(fresh) as connection:
            load(connection, many(40, seed=3), OUTLETS)
        swap(fresh, engine)
    with writing(engine) as connection:
        assert indexed(connection)


def test_a_take_down_leaves_no_word(engine: Engine) -> None:
    rare = claim("Zulfikar Wiranegara", "Anugerah Purbakala", recipient_type="person", series=None)
    with writing(engine) as connection:
        load(connection, [reading(page(), [rare]), reading(page("kompas", "read/1"), [claim()], "1")], OUTLETS)
        version = connection.execute(text("SELECT version_id FROM mention WHERE recipient LIKE 'Zulf%'")).scalar_one()
        load(connection, [misfit(page())], OUTLETS)
        search.forget(connection, [version])
    with writing(engine) as connection:
        assert recipients(connection, text="purbakala OR zulfikar") == []
        assert search.articles(connection, question("purbakala OR zulfikar")) == []
        words = set(connection.execute(text("SELECT word FROM name_word")).scalars())
        assert "mojokerto" in words and not {"zulfikar", "wiranegara", "purbakala"} & words
        assert indexed(connection)
        if engine.dialect.name == "sqlite":
            pages = connection.exec_driver_sql("SELECT block FROM fts_conferral_words_data").scalars()
            assert not [block for block in pages if b"zulfikar" in block]


def test_old_versions_are_not_found(engine: Engine) -> None:
    with writing(engine) as connection:
        load(connection, [reading(page(body="a"), [claim()], title="Judul lama")], OUTLETS)
        load(connection, [reading(page(body="b", seen=5), [claim()], title="Judul baru")], OUTLETS)
        assert search.articles(connection, question("lama")) == []
        assert [hit.title for hit in search.articles(connection, question("baru"))] == ["Judul baru"]


# -------------------------------------------------------------------------------------------------------------- attacks


@given(st.text(max_size=40) | st.text(alphabet="'\"*()-:&|!<>\\ aORNEAR%_^{}+,.;·", max_size=25))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_question_breaks_the_database(filled: Connection, asked: str) -> None:
    """Whatever is typed is answered, or refused by name; the count of rows shows that nothing came of it."""
    for wanted in (Filter(text=asked), Filter(giver=asked), Filter(site=asked), Filter(text="kota", level=asked)):
        with suppress(AwardsError):
            meant(filled, wanted)
            assert len(find(filled, wanted)) <= 3
    with suppress(UsageError):
        assert len(search.articles(filled, question(asked))) <= 3
    assert filled.execute(text("SELECT count(*) FROM conferral")).scalar_one() == 3
