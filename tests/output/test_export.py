"""What goes out can be opened by what people have, comes back as it was, and never lies half-written."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from etl.model import AwardsError, UsageError
from etl.output.export import FORMATS, chosen, inferred, replaced, write
from etl.output.formulas import guarded, unguarded

COLUMNS: dict[str, Any] = {
    "id": "text", "year": "integer", "confidence": "number", "first": "date", "at": "time", "online": "boolean",
    "links": "list",
}  # fmt: skip
ROWS: list[dict[str, Any]] = [
    {"id": 'Kota "Batu", Jawa\nTimur', "year": 2021, "confidence": 0.5, "first": date(2021, 4, 1),
     "at": datetime(2021, 4, 1, 14, 40, tzinfo=UTC), "online": True, "links": ["https://a.example/1", "https://b.example"]},
    {"id": "=1+1", "year": -3, "confidence": -0.25, "first": None, "at": None, "online": False, "links": []},
    {"id": "’kutip’ é", "year": None, "confidence": None, "first": None, "at": None, "online": None, "links": None},
]  # fmt: skip


def written(form: str, to: Path, rows: list[dict[str, Any]] = ROWS) -> bytes:
    write(iter(rows), COLUMNS, form, to)
    return to.read_bytes()


def test_csv_is_rfc_4180_with_a_mark_for_excel(tmp_path: Path) -> None:
    content = written("csv", tmp_path / "a.csv")
    assert content.startswith(b"\xef\xbb\xbfid,year,")
    assert content.count(b"\r\n") == 4 and content.endswith(b"\r\n")
    first, second, third = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert first == {
        "id": 'Kota "Batu", Jawa\nTimur', "year": "2021", "confidence": "0.5", "first": "2021-04-01",
        "at": "2021-04-01T14:40:00+00:00", "online": "true", "links": "https://a.example/1; https://b.example",
    }  # fmt: skip
    assert (second["id"], second["year"], second["confidence"]) == ("'=1+1", "-3", "-0.25")  # numbers need no guard
    assert third == dict.fromkeys(COLUMNS, "") | {"id": "’kutip’ é"}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠"])
def test_no_text_is_a_formula(sign: str) -> None:
    assert guarded(f"{sign}HYPERLINK(1)") == f"'{sign}HYPERLINK(1)"
    assert guarded(f"Dinas {sign}x") == f"Dinas {sign}x"


@given(st.text(alphabet="'=+-@\t\r\n\x00＝a", max_size=6) | st.text(max_size=20))
def test_the_guard_can_be_taken_off(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r\n\x00＝＋－＠")


def test_json_and_json_lines_hold_the_values_as_they_are(tmp_path: Path) -> None:
    whole = json.loads(written("json", tmp_path / "a.json"))
    lines = [json.loads(line) for line in written("jsonl", tmp_path / "a.jsonl").decode().splitlines()]
    assert whole == lines
    assert whole[0]["links"] == ["https://a.example/1", "https://b.example"]
    assert (whole[1]["id"], whole[1]["year"], whole[2]["links"]) == ("=1+1", -3, None)
    assert json.loads(written("json", tmp_path / "b.json", [])) == []


def test_parquet_has_types(tmp_path: Path) -> None:
    written("parquet", tmp_path / "a.parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table.to_pylist() == ROWS
    assert table.schema.field("first").type == pyarrow.date32()
    assert table.schema.field("links").type == pyarrow.list_(pyarrow.string())
    written("parquet", tmp_path / "b.parquet", [])
    assert parquet.read_table(tmp_path / "b.parquet").schema.equals(table.schema)


def sheet(content: bytes) -> list[list[tuple[str | None, str | None]]]:
    """(type, text) of each cell of the first sheet."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        tree = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # our own
    return [
        [(cell.get("t"), "".join(cell.itertext())) for cell in row.iter(f"{space}c")]
        for row in tree.iter(f"{space}row")
    ]


def test_a_workbook_has_typed_cells_and_no_formula(tmp_path: Path) -> None:
    content = written("xlsx", tmp_path / "a.xlsx")
    head, first, second, _ = sheet(content)
    assert [text for _, text in head] == list(COLUMNS)
    assert first[1:4] == [(None, "2021"), (None, "0.5"), (None, "44287")]  # days since 1899-12-30
    assert first[5] == ("b", "1")
    assert second[0] == ("inlineStr", "=1+1")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert written("xlsx", tmp_path / "b.xlsx") == content  # the same rows, the same bytes
    assert len(sheet(written("xlsx", tmp_path / "c.xlsx", []))) == 1


def test_a_workbook_goes_on_in_a_second_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.output.export._SHEET_ROWS", 3)
    content = written("xlsx", tmp_path / "a.xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"} <= set(book.namelist())
        assert "xl/worksheets/sheet3.xml" not in book.namelist()
    assert len(sheet(content)) == 3


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_whole_or_as_it_was(form: str, tmp_path: Path) -> None:
    to = tmp_path / f"a.{form}"
    to.write_bytes(b"as it was")

    def rows() -> Iterator[dict[str, Any]]:
        yield from ROWS
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        write(rows(), COLUMNS, form, to)
    assert to.read_bytes() == b"as it was"
    assert list(tmp_path.iterdir()) == [to]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(AwardsError, match="a folder that is there"):
        written("csv", tmp_path / "none" / "a.csv")


def test_a_file_may_be_read_by_others(tmp_path: Path) -> None:
    with replaced(tmp_path / "a") as file:
        file.write(b"x")
    (tmp_path / "b").write_bytes(b"x")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_rows_pass_through_one_by_one(tmp_path: Path) -> None:
    """None but a batch is held: the source is asked for more only when what it gave has been written."""
    held: list[int] = []

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(25_000):
            held.append(number)
            yield {"id": str(number), "year": number}

    for form in FORMATS:
        held.clear()
        write(rows(), {"id": "text", "year": "integer"}, form, tmp_path / f"a.{form}")
        assert len(held) == 25_000
    assert parquet.ParquetFile(tmp_path / "a.parquet").num_row_groups == 3


def test_formats_by_name_and_by_ending() -> None:
    assert chosen(None, None) == "table"
    assert chosen(None, Path("a.XLSX")) == "xlsx"
    assert chosen(None, Path("awards")) == "csv"
    assert chosen("json", Path("a.csv")) == "json"
    with pytest.raises(UsageError, match="xlsx"):
        chosen("xls", None)
    with pytest.raises(UsageError, match=r"\.xlsx"):  # what came would be no Excel file
        chosen(None, Path("a.xls"))
    with pytest.raises(UsageError, match="table"):
        chosen("table", Path("a.csv"))


def test_what_is_no_file_is_written_to_and_stays_what_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(iter(ROWS), COLUMNS, "jsonl", pipe)
        assert len(os.read(reader, 10_000).splitlines()) == len(ROWS)
    finally:
        os.close(reader)
    assert pipe.is_fifo() and list(tmp_path.iterdir()) == [pipe]
    with pytest.raises(AwardsError, match="is a folder"):
        write(iter(ROWS), COLUMNS, "jsonl", tmp_path)


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_said_with_the_file_and_leaves_what_was_there(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    to = tmp_path / f"a.{form}"
    to.write_text("before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AwardsError, match=rf"a\.{form} cannot be written \(No space left on device\): free some space"):
        write(iter(ROWS), COLUMNS, form, to)
    assert to.read_text() == "before" and list(tmp_path.iterdir()) == [to]


def test_kinds_by_values() -> None:
    assert inferred(ROWS) == COLUMNS
    assert inferred([{"a": 1, "b": None}, {"a": 0.5, "b": None}]) == {"a": "number", "b": "text"}
    assert inferred([]) == {}
    assert inferred([], ("a", "b")) == {"a": "text", "b": "text"}  # a file of no rows has its heading
