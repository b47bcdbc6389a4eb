"""Writes the data dictionary in db/README.md from the comments in db/models.py. Never describes a column by itself.

python -m db.dictionary            write it
python -m db.dictionary --check    say whether it is up to date; exit 1 if not
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Table

from db.models import DERIVED, Base
from db.views import VIEWS, View

README: Final = Path(__file__).with_name("README.md")
_BEGIN: Final = "<!-- dictionary: written by `python -m db.dictionary` -->"
_END: Final = "<!-- end of dictionary -->"


def render() -> str:
    """The dictionary in Markdown: a heading and a list of columns a table, in the order of db/models.py; then the views."""
    return "\n".join([*map(_describe, Base.metadata.tables.values()), *map(_describe_view, VIEWS)])


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
    kind = {"Utc": "time", "Text": "text", "Integer": "integer", "Double": "number"}.get(
        type(column.type).__name__, type(column.type).__name__.lower()
    )
    return f"{kind}, null" if column.nullable else kind


if __name__ == "__main__":
    now = README.read_text(encoding="utf-8")
    wanted = updated(now)
    if "--check" in sys.argv[1:]:
        sys.exit(None if now == wanted else "db/README.md is out of date: python -m db.dictionary")
    README.write_text(wanted, encoding="utf-8")
