"""Many rows at once: the quickest way in that each database has. Knows no table; never decides what is written.

SQLite takes the rows of a statement one by one from the driver, PostgreSQL takes new rows by COPY. What SQLAlchemy does
to a value (times, JSON) is done here too; what it does to a row (dicts, names of parameters) would take as long as storing it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

Rows: TypeAlias = list[dict[str, Any]]

CHUNK: Final = 1000
"""Keys looked up by one statement: few round trips, and no end of rows in memory at once."""

INSERTS: Final[dict[str, Callable[[Table], sqlite.Insert | postgresql.Insert]]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


# -------------------------------------------------------------------------------------------------------------- writing


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that are not there yet. All have the same columns, in the same order."""
    if not rows:
        return
    names = tuple(rows[0])
    dialect = connection.dialect
    values = list(map(itemgetter(*names), rows)) if len(names) > 1 else [(row[names[0]],) for row in rows]
    converted = _converters(table, names, dialect)
    if converted:
        values = [_converted(row, converted) for row in values]
    quote = dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, names))
    if dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        cursor.close()
    else:
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks})", values)


@cache
def _converters(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """Place and function of the values that the driver does not take as they are."""
    found = ((at, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for at, name in enumerate(names))
    return tuple((at, convert) for at, convert in found if convert is not None)


def _converted(row: tuple[Any, ...], converters: Iterable[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    changed = list(row)
    for at, convert in converters:
        if changed[at] is not None:
            changed[at] = convert(changed[at])
    return tuple(changed)


def upsert(connection: Connection, table: Table, rows: Rows) -> None:
    """Inserts rows, or where the primary key is there already, sets the columns they give. All rows have the same."""
    if not rows:
        return
    insert_or = INSERTS[connection.dialect.name](table)
    keys = [column.name for column in table.primary_key]
    given = {name: insert_or.excluded[name] for name in rows[0] if name not in keys}
    if given:
        connection.execute(insert_or.on_conflict_do_update(index_elements=keys, set_=given), rows)
    else:  # a row that is all key
        connection.execute(insert_or.on_conflict_do_nothing(index_elements=keys), rows)


def remove(connection: Connection, column: Any, keys: Iterable[str]) -> None:
    """Deletes the rows whose column holds one of the keys."""
    for chunk in chunks(keys):
        connection.execute(delete(column.table).where(within(connection, column, chunk)))


def remove_rows(connection: Connection, table: Table, keys: Sequence[tuple[Any, ...]]) -> None:
    """Deletes the rows with these primary keys."""
    if not keys:
        return
    names = [column.name for column in table.primary_key]
    statement = delete(table).where(and_(*(table.c[name] == bindparam(f"key_{name}") for name in names)))
    parameters = [{f"key_{name}": part for name, part in zip(names, key, strict=True)} for key in keys]
    connection.execute(statement, parameters)


def change(connection: Connection, table: Table, rows: Mapping[Any, Mapping[str, Any]]) -> None:
    """Sets columns of the rows with these primary keys (a tuple where it has several columns); of each those it gives.

    Rows that change the same columns go together: an index whose columns do not change is then left alone.
    """
    keys = [column.name for column in table.primary_key]
    alike: dict[tuple[str, ...], Rows] = {}
    for key, row in rows.items():
        parts = key if isinstance(key, tuple) else (key,)
        # Names of columns are not free as names of parameters in an UPDATE, hence the prefixes.
        given = {f"new_{name}": value for name, value in row.items()}
        given |= {f"key_{name}": part for name, part in zip(keys, parts, strict=True)}
        alike.setdefault(tuple(row), []).append(given)
    for names, parameters in alike.items():
        statement = (
            update(table)
            .where(and_(*(table.c[name] == bindparam(f"key_{name}") for name in keys)))
            .values({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names})
        )
        connection.execute(statement, parameters)


# -------------------------------------------------------------------------------------------------------------- reading


def among(connection: Connection, statement: Select[Any], column: Any, keys: Iterable[str]) -> Iterator[Row[Any]]:
    """The rows of the statement whose column holds one of the keys."""
    for chunk in chunks(keys):
        yield from connection.execute(statement.where(within(connection, column, chunk))).all()


def among_pairs(
    connection: Connection, statement: Select[Any], columns: tuple[Any, Any], keys: Iterable[tuple[str, int | None]]
) -> Iterator[Row[Any]]:
    """The rows of the statement whose two columns hold one of the pairs; the second part of a pair may be None."""
    one, other = columns
    parts: list[ColumnElement[Any]]
    keys = list(keys)
    whole = sorted(key for key in keys if key[1] is not None)
    for start in range(0, len(whole), CHUNK):
        texts, numbers = zip(*whole[start : start + CHUNK], strict=True)
        if connection.dialect.name == "sqlite":
            pairs = func.json_each(json.dumps(whole[start : start + CHUNK])).table_valued("value")
            parts = [pairs.c.value.op("->>")(literal_column(place)) for place in ("0", "1")]
        else:
            pairs = func.unnest(_array(texts, Text()), _array(numbers, Integer())).table_valued("one", "other")
            pairs = pairs.render_derived()
            parts = [pairs.c.one, pairs.c.other]
        # Joined rather than IN: SQLite looks up no pair of columns in an index for that, it reads the whole table.
        yield from connection.execute(statement.where(one == parts[0], other == parts[1])).all()
    for chunk in chunks(first for first, second in keys if second is None):
        yield from connection.execute(statement.where(within(connection, one, chunk), other.is_(None))).all()


def within(connection: Connection, column: Any, keys: Sequence[str]) -> ColumnElement[bool]:
    """That a column holds one of the keys, which go as one value: a statement with as many marks is made anew each time."""
    if connection.dialect.name == "sqlite":
        found: ColumnElement[bool] = column.in_(select(func.json_each(json.dumps(keys)).table_valued("value").c.value))
        return found
    among_them: ColumnElement[bool] = column == any_(_array(keys, Text()))
    return among_them


def _array(values: Sequence[Any], kind: TypeEngine[Any]) -> Any:
    return bindparam(None, list(values), type_=postgresql.ARRAY(kind), unique=True)


def chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    """The keys in order, some at a time."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
