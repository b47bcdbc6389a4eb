"""Rows -> files that others open: CSV, JSON, JSON lines, Parquet, XLSX. Never asks a database, never decides what goes out.

Rows pass through one by one or in batches, so a million need no more memory than a thousand. A file appears whole or
not at all. Every column has a declared kind, which each format turns into the type it has for it.

**CSV** follows RFC 4180: comma, CRLF, quotes doubled. A *file* begins with a byte order mark, because Excel takes UTF-8
without one for the machine's old code page; what goes into a pipe has none, because programs would read it as part of
the first heading. A text that a spreadsheet would run as a formula (it begins with = + - @, tab, CR, LF, NUL or a
full-width form of these) gets one apostrophe in front, and so does a text that begins with apostrophes before such a
character: so `unguarded` gives back exactly what was there. XLSX needs no guard: its cells are texts by type.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, TypeAlias

from etl.model import AwardsError, UsageError
from etl.output.formulas import guarded

Kind: TypeAlias = Literal["text", "integer", "number", "date", "time", "boolean", "list"]
Columns: TypeAlias = Mapping[str, Kind]
"""By name, in order. A 'list' holds texts, a 'time' aware datetimes; any cell may be None."""
Rows: TypeAlias = Iterable[Mapping[str, Any]]

BATCH: Final = 10_000
"""Rows held at a time where a format is written in groups."""

_SHEET_ROWS: Final = 1_048_576
_CELL: Final = 32_767
"""Rows of a sheet and characters of a cell: more, and Excel calls the file damaged."""
_BORN: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Written as the time a workbook was made, so that the same rows give the same bytes."""


# ------------------------------------------------------------------------------------------------------------- writing


def write(rows: Rows, columns: Columns, form: str, to: Path | None) -> int:
    """Writes rows as one of FORMATS to a file, or to stdout when `to` is None; keys that no column names are left out.

    Returns how many rows there were. Raises UsageError for a format that is not known, and for a binary one that would go
    to a terminal.
    """
    if form not in FORMATS:
        raise UsageError(f"--format {form!r} is not known: {', '.join(FORMATS)}")
    numbers = count()
    counted = (row for row, _ in zip(rows, numbers, strict=False))
    if to is not None:
        with replaced(to) as file:
            FORMATS[form](counted, columns, file, True)
        return next(numbers)
    if form in BINARY and sys.stdout.isatty():
        raise UsageError(f"{form} is no text for a terminal: give --out FILE, or a pipe")
    sys.stdout.flush()
    FORMATS[form](counted, columns, sys.stdout.buffer, False)
    sys.stdout.buffer.flush()
    return next(numbers)


def write_csv(text: str, to: Path | None) -> None:
    """A CSV that is made already, to a file as `write` would, or to stdout."""
    if to is None:
        sys.stdout.write(text)
        return
    with replaced(to) as file:
        file.write(text.encode("utf-8-sig"))


@contextmanager
def replaced(to: Path) -> Iterator[BinaryIO]:
    """A file to write; it takes the place of `to` when the block ends well, and leaves nothing when it does not.

    What is no file but takes bytes - a pipe, /dev/null - is written to as it stands. Raises AwardsError when nothing can
    be written there, or not all of it.
    """
    if to.is_dir():
        raise AwardsError(f"{to} is a folder: give --out the name of a file in it")
    if to.exists() and not to.is_file():
        with to.open("wb") as sink:
            yield sink
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{to.name}.", suffix=".part", dir=to.parent)
    except OSError as error:
        raise AwardsError(
            f"{to} cannot be written ({error.strerror}): give --out a file in a folder that is there"
        ) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(to)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise AwardsError(
            f"{to} cannot be written ({error.strerror}): free some space, or give --out another disk"
        ) from error
    finally:
        part.unlink(missing_ok=True)


_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


# ----------------------------------------------------------------------------------------------------------------- text


def _csv(rows: Rows, columns: Columns, file: BinaryIO, named: bool) -> None:
    with _as_text(file, "utf-8-sig" if named else "utf-8") as text:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, list | tuple):
        return guarded("; ".join(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, int | float) else plain(value)


def _json(rows: Rows, columns: Columns, file: BinaryIO, _named: bool) -> None:
    with _as_text(file) as text:
        text.write("[")
        for number, row in enumerate(rows):
            text.write((",\n" if number else "\n") + _object(row, columns))
        text.write("\n]\n")


def _jsonl(rows: Rows, columns: Columns, file: BinaryIO, _named: bool) -> None:
    with _as_text(file) as text:
        text.writelines(_object(row, columns) + "\n" for row in rows)


def _object(row: Mapping[str, Any], columns: Columns) -> str:
    return json.dumps({name: row.get(name) for name in columns}, ensure_ascii=False, default=plain)


def plain(value: Any) -> str:
    """A value that JSON and CSV have no type for: dates and times as ISO 8601."""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


@contextmanager
def _as_text(file: BinaryIO, encoding: str = "utf-8") -> Iterator[io.TextIOWrapper]:
    text = io.TextIOWrapper(file, encoding=encoding, newline="", write_through=False)
    try:
        yield text
        text.flush()
    finally:
        text.detach()  # the caller's file stays open


# --------------------------------------------------------------------------------------------------------------- binary


def _parquet(rows: Rows, columns: Columns, file: BinaryIO, _named: bool) -> None:
    import pyarrow as pa  # here, because loading it takes longer than most commands
    from pyarrow import parquet

    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
        "time": pa.timestamp("us", tz="UTC"),
        "boolean": pa.bool_(),
        "list": pa.list_(pa.string()),
    }
    schema = pa.schema([pa.field(name, types[kind]) for name, kind in columns.items()])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            made = {n: pa.array([row.get(n) for row in batch], types[kind]) for n, kind in columns.items()}
            writer.write_table(pa.table(made, schema=schema))


def rows_of(file: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of a Parquet file that was written here, as they were given."""
    from pyarrow import parquet

    with parquet.ParquetFile(file) as opened:
        for batch in opened.iter_batches(BATCH):
            yield from batch.to_pylist()


def _batches(rows: Rows) -> Iterator[list[Mapping[str, Any]]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def _xlsx(rows: Rows, columns: Columns, file: BinaryIO, _named: bool) -> None:
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "remove_timezone": True,
        "default_date_format": "yyyy-mm-dd",
    }
    with tempfile.TemporaryDirectory(prefix="awards-xlsx-") as folder:
        whole = Path(folder, "whole.xlsx")  # zipfile seeks, and of a full disk it would complain by itself
        book = xlsxwriter.Workbook(whole, options | {"tmpdir": folder})
        book.set_properties({"created": _BORN})
        styles = {"head": {"bold": True}, "time": {"num_format": "yyyy-mm-dd hh:mm:ss"}}
        head, moment = (book.add_format(style) for style in styles.values())
        source, number = iter(rows), 0
        while (first := next(source, None)) is not None or not number:
            number += 1
            sheet = book.add_worksheet("awards" if number == 1 else f"awards {number}")
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(columns) - 1, 18)
            for place, name in enumerate(columns):
                sheet.write_string(0, place, name, head)
            for line, row in enumerate(_with_first(first, islice(source, _SHEET_ROWS - 2)), start=1):
                for place, name in enumerate(columns):
                    _write_cell(sheet, line, place, row.get(name), moment)
        book.close()
        with whole.open("rb") as made:
            shutil.copyfileobj(made, file)


def _with_first(first: Mapping[str, Any] | None, others: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    if first is not None:
        yield first
        yield from others


def _write_cell(sheet: Any, line: int, place: int, value: Any, moment: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, value.astimezone(UTC), moment)
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value)
    else:
        text = "; ".join(value) if isinstance(value, list | tuple) else str(value)
        sheet.write_string(line, place, text if len(text) <= _CELL else f"{text[: _CELL - 1]}…")


Writer: TypeAlias = Callable[[Rows, Columns, BinaryIO, bool], None]

FORMATS: Final[dict[str, Writer]] = {
    "csv": _csv, "json": _json, "jsonl": _jsonl, "parquet": _parquet, "xlsx": _xlsx,
}  # fmt: skip
"""By the name that `--format` and a file's ending give; the last argument says whether it is a named file."""

BINARY: Final = frozenset({"parquet", "xlsx"})


def inferred(rows: Sequence[Mapping[str, Any]], names: Sequence[str] = ()) -> Columns:
    """The kinds of rows that nobody declared, by the types of their values; text where they differ or are none.

    `names`: their columns, where there may be no row to have them from.
    """
    names = names or (list(rows[0]) if rows else [])
    return {name: _kind_of({type(row[name]) for row in rows if row[name] is not None}) for name in names}


def _kind_of(types: set[type]) -> Kind:
    if types == {int, float}:
        return "number"
    return _KINDS.get(types.pop(), "text") if len(types) == 1 else "text"


_KINDS: Final[dict[type, Kind]] = {
    bool: "boolean", int: "integer", float: "number", date: "date", datetime: "time", list: "list",
}  # fmt: skip


def chosen(form: str | None, to: Path | None) -> str:
    """The format asked for, else the one a file's ending names; 'csv' for a file without one, 'table' for the terminal.

    Raises UsageError for one that is not known, and for a table in a file.
    """
    if form is None:
        ending = to.suffix[1:].lower() or "csv" if to else "table"
        if to and ending not in FORMATS:
            raise UsageError(f"{to} ends as no format does: end it in .{', .'.join(FORMATS)}, or give --format")
        return ending
    if form not in ("table", *FORMATS):
        raise UsageError(f"--format {form!r} is not known: table, {', '.join(FORMATS)}")
    if form == "table" and to is not None:
        raise UsageError(f"a table is for reading, not for {to}: --format {', '.join(FORMATS)}")
    return form
