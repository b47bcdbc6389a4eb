"""Decisions in a spreadsheet: queue and rulings as CSV with empty columns to decide in, and what comes back. No files.

What is written can be opened by any spreadsheet: no cell is taken for a formula, and no id for a number, since it stands
behind its word ('conferral 0c6236ce...'). What is read may have been through one: a byte order mark, ';' or tabs for
commas and guarding apostrophes are understood.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from etl.model import AwardsError
from etl.output.formulas import guarded, unguarded
from etl.rulings import KINDS, Decision, Refused, Ruling

DECIDED: Final = ("decision", "field", "value", "why", "by")
"""The columns that a reviewer fills; a line without a decision says nothing."""

_OF_QUEUE: Final = (
    "id", "because", "year", "recipient", "recipient_type", "region_code", "region", "award", "series", "kind",
    "category", "rank", "giver", "awarded_on", "place", "status", "confidence", "outlets", "quote", "url",
)  # fmt: skip
_OF_RULINGS: Final = (
    "id", "status", "reopened", "ruling", "of_field", "ruled_value", "ruled_by", "ruled_at", "reason", "recipient",
    "award", "year", "quote", "url",
)  # fmt: skip
_RECORD: Final = "record"
"""A ruling as it is stored, so that an export brings it back: JSON, not to be edited."""

_SEPARATORS: Final = ",;\t"
_MOST: Final = 100_000
"""Lines of one file."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says: decisions that are to be taken, and rulings of an export that are to be there as they are."""

    decisions: tuple[Decision, ...]
    rulings: tuple[Ruling, ...]


# -------------------------------------------------------------------------------------------------------------- writing


def queue(rows: Sequence[Mapping[str, Any]]) -> str:
    """The lines of a queue (db.rulings.queue) as CSV."""
    return _written((*_OF_QUEUE, *DECIDED), ({**row, "id": f"{row['is_a']} {row['id']}"} for row in rows))


def rulings(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rulings (db.rulings.listed) as CSV, oldest first: in this order they can be made again."""
    return _written((*_OF_RULINGS, *DECIDED, _RECORD), map(_ruling_row, reversed(rows)))


def _ruling_row(row: Mapping[str, Any]) -> dict[str, Any]:
    facts = row["facts"]
    own = {f.name: row[f.name] for f in fields(Ruling)} | {"ruled_at": row["ruled_at"].isoformat()}
    return {
        "id": f"ruling {row['id']}",
        "status": row["status"],
        "reopened": row["reopened"],
        "ruling": row["kind"],
        "of_field": row["field"],
        "ruled_value": row["value"],
        "ruled_by": row["ruled_by"],
        "ruled_at": row["ruled_at"].isoformat(timespec="seconds"),
        "reason": row["why"],
        "recipient": facts.get("recipient"),
        "award": facts.get("award"),
        "year": facts.get("year") or facts.get("edition_year") or (facts.get("awarded_on") or "")[:4],
        "quote": " ... ".join(dict.fromkeys(row["evidence"].values())),
        "url": row["url"],
        _RECORD: json.dumps(own, ensure_ascii=False, sort_keys=True),
    }


def _written(columns: Sequence[str], rows: Iterator[Mapping[str, Any]] | map[dict[str, Any]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return file.getvalue()


def _cell(value: Any) -> str:
    return "" if value is None else guarded(value) if isinstance(value, str) else str(value)


# -------------------------------------------------------------------------------------------------------------- reading


def read(content: bytes, by: str) -> Sheet:
    """What a file says; decisions that name nobody are `by` that person. Raises Refused with every bad line's number."""
    lines = _lines(content)
    number, heading = next(lines, (1, []))
    names = [name.strip().lower() for name in heading]
    missing = [name for name in ("id", "decision") if name not in names]
    if missing:
        raise Refused([(number, f"no column {missing[0]!r}: take a file that `awards ruling export` wrote")])
    decisions: list[Decision] = []
    kept: list[Ruling] = []
    problems: list[tuple[int | None, str]] = []
    for number, cells in lines:
        try:
            if len(cells) > len(names) and any(cells[len(names) :]):
                raise AwardsError(
                    f"{len(cells)} cells under {len(names)} headings: is a separator in a text not quoted?"
                )
            row = dict(zip(names, map(unguarded, cells), strict=False))
            if row.get("decision", "").strip():
                decisions.append(_decision(row, by, number))
            elif said := [name for name in ("field", "value", "why") if row.get(name, "").strip()]:
                raise AwardsError(f"a {said[0]} without a decision: one of {', '.join(KINDS)}, or clear it")
            elif row.get(_RECORD, "").strip():
                kept.append(_ruling(row[_RECORD]))
        except AwardsError as error:
            problems.append((number, str(error)))
    if problems:
        raise Refused(problems)
    return Sheet(tuple(decisions), tuple(kept))


def is_filled(content: bytes) -> bool:
    """Whether a file holds decisions, or anything that is no untouched sheet: what writing over it would lose."""
    try:
        return bool(content) and bool(read(content, "nobody").decisions)
    except Refused:
        return True


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Number of its first line in the file, and cells, of each row that is not empty."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused([(line, "this is not UTF-8: save the file as `CSV UTF-8`")]) from error
    heading, _, _ = text.partition("\n")
    separator = max(_SEPARATORS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    first = 1
    for _ in range(_MOST):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused([(first, f"this cannot be read as CSV ({error}): is a quotation mark left open?")]) from error
        if any(cell.strip() for cell in cells):
            yield first, cells
        first = reader.line_num + 1
    raise Refused([(first, f"more than {_MOST} lines: split the file")])


def _decision(row: Mapping[str, str], by: str, number: int) -> Decision:
    def cell(name: str) -> str | None:
        return row.get(name, "").strip() or None

    return Decision(
        kind=(cell("decision") or "").lower(),
        ids=ids(cell("id") or ""),
        by=cell("by") or by,
        why=cell("why"),
        field=(cell("field") or "").lower().replace(" ", "_") or None,
        value=_value(cell("decision"), cell("value")),
        line=number,
    )


def _value(kind: str | None, text: str | None) -> str | None:
    """A value; of a merge the id, which may stand behind its word."""
    return next(iter(ids(text or "")), None) if (kind or "").lower() == "merge" else text


def ids(text: str) -> tuple[str, ...]:
    """The ids in a cell, without the words before them."""
    return tuple(word for word in re.split(r"[\s,;]+", text) if word and word not in ("conferral", "mention", "ruling"))


def _ruling(text: str) -> Ruling:
    try:
        given = json.loads(text)
        moment = datetime.fromisoformat(given["ruled_at"])
        if moment.tzinfo is None or not {f.name for f in fields(Ruling)} == given.keys():
            raise ValueError
        if not all(fits(given[name]) for name, fits in _SHAPES.items()) or "\\u0000" in text:
            raise ValueError
        if (given["kind"] == "merge") != bool(given["into_group"]) or (
            given["kind"] == "withdraw" and not given["supersedes"]
        ):
            raise ValueError
    except (ValueError, TypeError, KeyError) as error:
        raise AwardsError("the cell `record` is not as it was exported: take the line from the export again") from error
    return Ruling(**(given | {"ruled_at": moment}))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


_SHAPES: Final[dict[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("id", "key", "about", "ruled_by"), _is_text),
    "kind": KINDS.__contains__,
    **dict.fromkeys(("article_id", "group_key", "into_group", "field", "value", "why", "supersedes"), _is_text_or_none),
    "facts": lambda value: isinstance(value, dict),
    "evidence": lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
    "evidence_hashes": lambda value: isinstance(value, list) and all(map(_is_text, value)),
}
