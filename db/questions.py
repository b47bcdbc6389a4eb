"""The twenty questions of db/questions.sql: their names, their values, their answers. Never writes SQL of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from etl.model import UsageError

FILE: Final = Path(__file__).with_name("questions.sql")
NUMBERS: Final = frozenset({"first", "last", "limit"})
"""Values that are whole numbers; all others are texts."""
NEEDED: Final = ("conferral",)
"""Values without which nothing is asked; all others have something that they are when not given."""

_NAME: Final = re.compile(r"^-- name: (Q\d\d) (.+)$", re.MULTILINE)
_VALUE: Final = re.compile(r"^-- :(\w+) = ?(.*)$", re.MULTILINE)
_TOLD: Final = re.compile(r"^-- (?!:)(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Question:
    """`id` as Q07; `asked` in words; `told` what comes; `values` what may be given, as they are when it is not."""

    id: str
    asked: str
    told: str
    values: Mapping[str, int | str]
    sql: str


@cache
def questions() -> Mapping[str, Question]:
    """All of them by id, in order."""
    parts = _NAME.split(FILE.read_text(encoding="utf-8"))[1:]
    return {id_: _question(id_, asked, body) for id_, asked, body in zip(*[iter(parts)] * 3, strict=True)}


def _question(id_: str, asked: str, body: str) -> Question:
    sql = "\n".join(line for line in body.splitlines() if not line.startswith("--")).strip().removesuffix(";")
    values = {name: _typed(name, given) for name, given in _VALUE.findall(body)}
    return Question(id_, asked, " ".join(_TOLD.findall(body)), values, sql)


def _typed(name: str, given: str | int) -> int | str:
    try:
        return int(given) if name in NUMBERS else str(given).strip()
    except ValueError:
        raise UsageError(f"{name} {given!r} is no whole number") from None


def question(id_: str) -> Question:
    """One of the twenty, by its number in small letters or large. Raises UsageError for one that is not there."""
    asked = questions().get(id_.upper())
    if asked is None:
        raise UsageError(f"no question {id_!r}: `awards ask` lists them, Q01 to Q{len(questions()):02}")
    return asked


def answer(connection: Connection, id_: str, given: Mapping[str, str | int] | None = None) -> list[dict[str, Any]]:
    """The rows that answer a question, a dict each. Raises UsageError for one that is not there, or a value it has not."""
    return answered(connection, id_, given)[1]


def answered(
    connection: Connection, id_: str, given: Mapping[str, str | int] | None = None
) -> tuple[list[str], list[dict[str, Any]]]:
    """As `answer`, behind the names of the columns, which also an answer of no rows has."""
    asked = question(id_)
    given = given or {}
    if unknown := sorted(given.keys() - asked.values.keys()):
        takes = ", ".join(asked.values) or "nothing"
        raise UsageError(f"{asked.id} takes no {', '.join(unknown)}: it takes {takes}")
    values = {**asked.values, **{name: _typed(name, value) for name, value in given.items()}}
    if missing := [name for name in NEEDED if values.get(name) == ""]:
        raise UsageError(f"{asked.id} needs {', '.join(missing)}: say which")
    found = connection.execute(text(asked.sql).bindparams(**values))
    names = list(found.keys())
    return names, [{name: _as_declared(name, value) for name, value in row.items()} for row in found.mappings()]


def _as_declared(name: str, value: Any) -> Any:
    """A value as both databases would give it if they knew of types: times and days, and floats rather than decimals."""
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, str) and name in _TYPES:
        return _TYPES[name].fromisoformat(value)
    return value.astimezone(UTC) if isinstance(value, datetime) else value


_TYPES: Final[Mapping[str, type[date]]] = {
    "at": datetime, "read_at": datetime, "first_seen": date, "last_seen": date,
}  # fmt: skip
