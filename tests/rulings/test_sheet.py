"""Decisions through a spreadsheet: what is written is harmless and comes back as it was, what is wrong is named by line."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.output.formulas import guarded, unguarded
from etl.rulings import Decision, Refused, Ruling, sheet

HEADING = "id,because,decision,field,value,why,by"


def read(*lines: str, encoding: str = "utf-8") -> sheet.Sheet:
    return sheet.read("\r\n".join((HEADING, *lines)).encode(encoding), "ani")


def wrong(*lines: str) -> list[tuple[int | None, str]]:
    with pytest.raises(Refused) as refused:
        read(*lines)
    return list(refused.value.problems)


@given(st.text())
def test_every_text_survives_the_guard_and_begins_no_formula(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")


def test_a_line_is_a_decision_and_an_empty_one_is_none() -> None:
    given = read(
        "conferral 0c6236ced40da5828eb2,confidence 0.5,Confirm,,,,",
        "mention aa,x,,,,,",
        ",,,,,,",
        '"mention ab, mention ac",x,split,,,"beda acara, beda tahun",budi',
        "conferral ad,x,merge,,conferral ae,satu acara,",
        "conferral af,x,correct,Awarded On,2021-03,salah baca,",
    )
    assert given.decisions == (
        Decision("confirm", ("0c6236ced40da5828eb2",), "ani", line=2),
        Decision("split", ("ab", "ac"), "budi", "beda acara, beda tahun", line=5),
        Decision("merge", ("ad",), "ani", "satu acara", value="ae", line=6),
        Decision("correct", ("af",), "ani", "salah baca", "awarded_on", "2021-03", line=7),
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_spreadsheets_save_is_read(separator: str, encoding: str) -> None:
    text = "\n".join((HEADING, "conferral ab,x,reject,,,'=bukan; juara – é,")).replace(",", separator)
    text = text.replace("'=bukan; juara – é", '"\'=bukan; juara – é"')
    (one,) = sheet.read(text.encode(encoding), "ani").decisions
    assert (one.kind, one.ids, one.why) == ("reject", ("ab",), "=bukan; juara – é")


def test_every_bad_line_is_named() -> None:
    assert wrong("ab,x,,,,sebab,", 'ac,"two\nlines",confirm,,,,', "ad,x,,rank,,,", "ae,x,reject,,,a,b,c") == [
        (2, "a why without a decision: one of confirm, reject, correct, region, split, merge, withdraw, or clear it"),
        (5, "a field without a decision: one of confirm, reject, correct, region, split, merge, withdraw, or clear it"),
        (6, "8 cells under 7 headings: is a separator in a text not quoted?"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "no column 'id'"),
        (b"id,recipient\nab,x\n", 1, "no column 'decision'"),
        (f"{HEADING}\nab,x,reject,,,pe\xf1a,\n".encode("latin-1"), 2, "not UTF-8"),
        (f'{HEADING}\nab,x,confirm,,,,\nac,"x,confirm,,,,\n'.encode(), 3, "quotation mark left open"),
        (f"{HEADING}\nab,x,confirm,,,{'x' * 200_000},\n".encode(), 2, "cannot be read as CSV"),
        (f"{HEADING},record\nab,x,,,,,,{{}}\n".encode(), 2, "not as it was exported"),
        (f"{HEADING}\n".encode() + b"ab,x,confirm,,,,\n" * 100_001, 100_001, "more than 100000 lines"),
    ],
    ids=["empty", "no decisions", "latin-1", "open quote", "huge cell", "record", "too many lines"],
)
def test_a_file_that_is_none(content: bytes, line: int, said: str) -> None:
    with pytest.raises(Refused) as refused:
        sheet.read(content, "ani")
    ((number, text),) = refused.value.problems
    assert number == line and said in text


RULING = Ruling(
    id="a" * 20, kind="reject", key="k", about="b" * 20, ruled_by="=ani", ruled_at=datetime(2026, 11, 28, tzinfo=UTC),
    facts={"recipient": "-Kota Bogor", "edition_year": 2025}, evidence={"award": "Adipura\n"}, evidence_hashes=["h"],
    article_id="detik:1", why="@home",
)  # fmt: skip


def exported(ruling: Ruling, **more: Any) -> dict[str, Any]:
    return asdict(ruling) | {"status": "in force", "reopened": None, "url": "https://x/1"} | more


def test_an_exported_ruling_comes_back_as_it_was() -> None:
    text = sheet.rulings([exported(RULING)])
    assert sheet.read(text.encode("utf-8-sig"), "x") == sheet.Sheet((), (RULING,))
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["id"], row["ruled_by"], row["reason"], row["recipient"]) == (
        f"ruling {RULING.id}", "'=ani", "'@home", "'-Kota Bogor",
    )  # fmt: skip
    assert row["year"] == "2025"


@pytest.mark.parametrize(
    "change",
    [{"kind": "merge"}, {"kind": "withdraw"}, {"kind": "applaud"}, {"id": None}, {"facts": []}, {"why": "a\x00b"},
     {"evidence": {"award": 1}}, {"ruled_at": "2026-11-28T00:00:00"}, {"colour": "red"}],
    ids=str,
)  # fmt: skip
def test_a_record_that_somebody_edited_is_refused(change: dict[str, Any]) -> None:
    text = sheet.rulings([exported(RULING)])
    (row,) = csv.DictReader(io.StringIO(text))
    record = json.dumps(json.loads(row["record"]) | change)
    content = io.StringIO()
    csv.writer(content).writerows([(HEADING + ",record").split(","), ["", "", "", "", "", "", "", record]])
    with pytest.raises(Refused, match="not as it was exported"):
        sheet.read(content.getvalue().encode(), "ani")


def test_an_exported_ruling_can_be_decided_on() -> None:
    rows = list(csv.reader(io.StringIO(sheet.rulings([exported(RULING)]))))
    for name, value in (("decision", "withdraw"), ("why", "keliru")):
        rows[1][rows[0].index(name)] = value
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(rows)
    given = sheet.read(file.getvalue().encode(), "ani")
    assert given == sheet.Sheet((Decision("withdraw", (RULING.id,), "ani", "keliru", line=2),), ())
