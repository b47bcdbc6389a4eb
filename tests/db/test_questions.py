"""The twenty questions have answers, the same on both databases, and those are right for the shipped sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from db.bulk import insert
from db.connect import connect, reading, writing
from db.load import load
from db.models import Base
from db.questions import FILE, NEEDED, NUMBERS, answer, questions
from db.reference import sync_reference
from etl.model import UsageError
from tests.awards import Awards, Ran
from tests.db.readings import OUTLETS, claim, page
from tests.db.readings import reading as made

REFUSES = ("INSERT ", "UPDATE ", "DELETE ", "DROP ", "CREATE ")


@pytest.fixture(scope="module")
def sampled(first_run: tuple[Awards, Ran], shared_engine: Engine) -> Engine:
    """The sample as `awards run --replay sample` stored it, copied row by row."""
    source = connect(first_run[0].database)
    with reading(source) as there, writing(shared_engine) as here:
        for table in Base.metadata.sorted_tables:
            insert(here, table, [dict(row) for row in there.execute(select(table)).mappings()])
    source.dispose()
    return shared_engine


@pytest.fixture
def asked(sampled: Engine) -> Iterator[Connection]:
    with reading(sampled) as connection:
        yield connection


def banyuwangi(connection: Connection) -> str:
    """The conferral that two outlets tell of."""
    found = answer(connection, "Q10", {"region": "35.10"}) or answer(connection, "Q01", {"region": "35.10"})
    return str(next(row["id"] for row in found if row["year"] == 2026))


# What to ask, and what of the answer must be so: known from the pages of tests/sample.
CASES: dict[str, tuple[dict[str, Any], Any]] = {
    "Q01": ({"region": "35.10", "first": 2023, "last": 2026},
            lambda rows: [(r["year"], r["award"]) for r in rows if r["award"].startswith("Innovative")]
            == [(2023, "Innovative Government Award"), (2024, "Innovative Government Award"),
                (2026, "Innovative Government Award")]),
    "Q02": ({"region": "15.71"}, lambda rows: {r["recipient_type"] for r in rows} == {"company", "official"}),
    "Q03": ({}, lambda rows: {(r["region"], r["level"], r["moved"]) for r in rows if r["year"] == 2026}
            >= {("Kota Yogyakarta", "Utama", "first seen"), ("Kabupaten Bantul", "Nindya", "first seen")}),
    "Q04": ({"region": "35"}, lambda rows: {("35.10", 2026), ("35.10", 2024)} <= {(r["region_code"], r["year"]) for r in rows}
            and [r["own_awards"] for r in rows] == sorted((r["own_awards"] for r in rows), reverse=True)),
    "Q05": ({"region": "35"}, lambda rows: rows[0]["region"] == "Kabupaten Banyuwangi"
            and rows[0]["points"] == 4 * rows[0]["awards"]),  # of ministries
    "Q06": ({"region": "96"}, lambda rows: {(r["region"], r["first_year"], r["years"]) for r in rows}
            >= {("Kabupaten Sorong", 2025, 1), ("Kabupaten Sorong Selatan", 2025, 1)}),
    "Q07": ({"region": "65"}, lambda rows: [(r["region"], r["awards"], round(r["per_million"], 2)) for r in rows]
            == [("Kabupaten Tana Tidung", 1, 33.29)]),
    "Q08": ({}, lambda rows: (rows[0]["year"], rows[0]["found"] >= 5, rows[0]["stated"]) == (2026, True, None)),
    "Q09": ({"region": "64"}, lambda rows: {r["witness"] for r in rows} == {"one outlet"}
            and "Desa Batuah" in {r["recipient"] for r in rows}),
    "Q10": ({"region": "35.78"}, lambda rows: [(r["field"], r["chosen"], r["dissent"]) for r in rows]
            >= [("awarded_on", "2026-11-17", '{"2026-11-16": 1}')]),
    "Q11": ({"conferral": banyuwangi}, lambda rows: {r["field"] for r in rows} >= {"recipient", "award"}
            and all(r["quote"] in r["words"] for r in rows) and len({r["outlet"] for r in rows}) == 2),
    "Q12": ({}, lambda rows: rows[0]["giver_kind"] == "ministry" and 0 < rows[0]["within_a_day"] <= rows[0]["reports"]),
    "Q13": ({}, lambda rows: ("Kementerian Lingkungan Hidup", "environment") in {(r["giver"], r["theme"]) for r in rows}),
    "Q14": ({}, lambda rows: rows and all(r["nominated"] == r["won"] + r["never_won"] for r in rows)
            and "paritrana" in {r["series"] for r in rows}),
    "Q15": ({"region": "35.10"}, lambda rows: [(r["office"], r["awards"] > 0) for r in rows] == [("Bupati", True)]),
    "Q16": ({}, lambda rows: rows[0]["city_code"] == "31" and rows[0]["ceremonies"] > rows[1]["ceremonies"]),
    "Q17": ({}, lambda rows: (rows[0]["giver"], rows[0]["recipient_type"]) == ("Provinsi Jawa Tengah", "region")),
    "Q18": ({"region": ""}, lambda rows: rows[0]["year"] == 2026 and rows[0]["scope"] == "national"),
    "Q19": ({"limit": 5}, lambda rows: len(rows) == 5 and {r["what"] for r in rows} == {"added"}),
    "Q20": ({}, lambda rows: {r["what"] for r in rows} >= {"conferrals under 0.6"}),
}  # fmt: skip


@pytest.mark.parametrize("id_", CASES)
def test_answers(asked: Connection, first_run: tuple[Awards, Ran], id_: str) -> None:
    given, is_right = CASES[id_]
    given = {name: value(asked) if callable(value) else value for name, value in given.items()}
    rows = answer(asked, id_, given)
    assert is_right(rows), rows[:10]
    live = connect(first_run[0].database)
    with reading(live) as connection:
        assert list(map(rounded, answer(connection, id_, given))) == list(map(rounded, rows))
    live.dispose()


def rounded(row: dict[str, Any]) -> dict[str, tuple[type, Any]]:
    """Types and all; but databases sum in other orders."""
    return {name: (type(value), round(value, 9) if isinstance(value, float) else value) for name, value in row.items()}


def test_twenty_questions_of_which_none_writes() -> None:
    assert list(questions()) == [f"Q{number:02}" for number in range(1, 21)] == list(CASES)
    for one in questions().values():
        assert one.asked and one.told and set(one.values) - NUMBERS <= {
            "region", "series", "level", "conferral", "day", "since",
        }  # fmt: skip
        assert not [word for word in REFUSES if word in one.sql.upper()]
    assert Path(FILE).suffix == ".sql"


def test_what_cannot_be_asked_is_said(asked: Connection) -> None:
    with pytest.raises(UsageError, match="Q01 to Q20"):
        answer(asked, "Q21")
    with pytest.raises(UsageError, match="Q08 takes no region: it takes series"):
        answer(asked, "Q08", {"region": "35"})
    with pytest.raises(UsageError, match="no whole number"):
        answer(asked, "Q04", {"limit": "1; DROP TABLE page"})


def test_levels_move_from_edition_to_edition(engine: Engine) -> None:
    steps = {
        "34.04": ("Nindya", "Nindya", "same"),
        "34.02": ("Madya", "Nindya", "up"),
        "34.71": ("Utama", "Nindya", "down"),
    }
    names = {"34.04": "Kabupaten Sleman", "34.02": "Kabupaten Bantul", "34.71": "Kota Yogyakarta"}
    with writing(engine) as connection:
        sync_reference(connection)
        for year, number in (("2025", 0), ("2026", 1)):
            mentions = [
                claim(names[code], "Kabupaten/Kota Layak Anak", series="kabupaten-kota-layak-anak", region=names[code],
                      region_code=code, rank=step[number], giver="Kementerian PPPA", awarded_on=f"{year}-07-22")
                for code, step in steps.items()
            ]  # fmt: skip
            load(connection, [made(page(path=f"d-{year}", seen=number), mentions)], OUTLETS)
    with reading(engine) as connection:
        rows = answer(connection, "Q03", {})
    assert {r["region_code"]: r["moved"] for r in rows if r["year"] == 2026} == {c: s[2] for c, s in steps.items()}


@pytest.mark.parametrize("text", ["'; DROP TABLE conferral; --", "' OR '1'='1", "%", "~", ":x", "%(x)s"])
def test_no_value_becomes_sql(asked: Connection, text: str) -> None:
    for one in questions().values():
        for name in one.values.keys() - NUMBERS:
            needed = dict.fromkeys(set(NEEDED) & one.values.keys(), "x")
            answer(asked, one.id, needed | {name: text})
    assert answer(asked, "Q19", {"limit": 1})
