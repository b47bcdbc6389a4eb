"""Writes the picture of the tables and the data dictionary in db/README.md from db/models.py. Never describes by itself.

The picture is Mermaid, which code hosts draw: a line leads from a table to the one that its rows name.

python -m db.dictionary            write both
python -m db.dictionary --check    say whether it is up to date; exit 1 if not
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Table

from db.models import DERIVED, Base
from db.views import VIEWS, View

README: Final = Path(__file__).with_name("README.md")
_NAMES: Final = re.compile(r"\b([a-z_]+)\.(?:id|code|name)\b")
"""How a comment says what a column names: (region.code)."""
_BEGIN: Final = "<!-- dictionary: written by `python -m db.dictionary` -->"
_END: Final = "<!-- end of dictionary -->"


def render() -> str:
    """The picture, then the dictionary in Markdown: tables in the order of db/models.py with their columns; then the views."""
    tables = Base.metadata.tables.values()
    return "\n".join((_picture(tables), *map(_describe, tables), *map(_describe_view, VIEWS)))


def _picture(tables: Iterable[Table]) -> str:
    """Tables with their keys, and what refers to what: by constraint (a full line) or by value alone (a dotted one)."""
    tables = list(tables)
    lines = ["```mermaid", "erDiagram"]
    for table in tables:
        lines += [f"    {table.name} {{"]
        lines += [f"        {_type(column).partition(',')[0]} {column.name} PK" for column in table.primary_key]
        lines += ["    }"]
    names = {table.name for table in tables}
    for table in tables:
        for column in table.columns:
            lines += (f"    {link}" for link in _links(table, column, names))
    return "\n".join([*lines, "```", ""])


def _links(table: Table, column: Column[object], names: set[str]) -> Iterator[str]:
    many = "o|" if column.unique or list(table.primary_key) == [column] else "o{"
    bound = sorted(key.column.table.name for key in column.foreign_keys)
    named = _NAMES.search(column.comment or "")
    for target in bound:
        yield f'{target} ||--{many} {table.name} : "{column.name}"'
    if not bound and named and named[1] in names - {table.name}:
        yield f'{named[1]} |o..{many} {table.name} : "{column.name}"'


def updated(readme: str) -> str:
    """The text of the README with the dictionary of today between its markers. Raises ValueError without markers."""
    before, begin, rest = readme.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"no {_BEGIN} ... {_END}")
    return f"{before}{_BEGIN}\n\n{render()}\n{_END}{after}"


def _describe(table: Table) -> str:
    kind = " *(derived)*" if table in DERIVED else ""
    lines = [f"### {table.name}{kind}", "", f"{table.comment}.", "", "| column | type | meaning |", "|---|---|---|"]
    lines += [f"| {_name(column)} | {_type(column)} | {column.comment} |" for column in table.columns]
    return "\n".join([*lines, ""])


def _describe_view(view: View) -> str:
    lines = [f"### {view.name} *(view)*", "", f"{view.meaning}.", "", "| column | meaning |", "|---|---|"]
    lines += [f"| {name} | {meaning} |" for name, (_, meaning) in view.columns.items()]
    return "\n".join([*lines, ""])


def _name(column: Column[object]) -> str:
    return f"**{column.name}**" if column.primary_key else column.name


def _type(column: Column[object]) -> str:
    names = {"Utc": "time", "Integer": "integer", "BigInteger": "integer", "Double": "number", "LargeBinary": "bytes"}
    kind = (names | {"Searched": "text"}).get(type(column.type).__name__, type(column.type).__name__.lower())
    return f"{kind}, null" if column.nullable else kind


if __name__ == "__main__":
    now = README.read_text(encoding="utf-8")
    wanted = updated(now)
    if "--check" in sys.argv[1:]:
        sys.exit(None if now == wanted else "db/README.md is out of date: python -m db.dictionary")
    README.write_text(wanted, encoding="utf-8")
