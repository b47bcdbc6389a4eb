"""Many rows at once: the quickest way in that each database has. Knows no table; never decides what is written.

SQLite takes the rows of a statement one by one from the driver, PostgreSQL takes new rows by COPY. What SQLAlchemy does
to a value (times, JSON) is done here too; what it does to a row (dicts, names of parameters) would take as long as storing it.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    event,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

Rows: TypeAlias = list[dict[str, Any]]
Values: TypeAlias = tuple[Any, ...]

CHUNK: Final = 1000
"""Keys looked up by one statement: few round trips, and no end of rows in memory at once."""

INSERTS: Final[dict[str, Callable[[Table], sqlite.Insert | postgresql.Insert]]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


@contextmanager
def unswept() -> Iterator[None]:
    """Keeps Python from looking for garbage among rows: there are a great many, and none is part of a circle."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def without_waiting(connection: Connection, pages: int) -> Iterator[None]:
    """Lets PostgreSQL be told what to write without an answer to each, where there is little; mistakes come at the end.

    A page that is replaced takes thirty statements of a row or two, and as many ways there and back are most of its time.
    """
    if connection.dialect.name == "sqlite" or pages > _FEW:
        yield
        return
    driver: Any = connection.connection.driver_connection
    with driver.pipeline() as pipeline:

        def answer(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith("SELECT"):  # or SQLAlchemy believes that there are no rows
                pipeline.sync()

        event.listen(connection, "after_cursor_execute", answer)
        try:
            yield
        finally:
            event.remove(connection, "after_cursor_execute", answer)


def _waits(connection: Connection) -> bool:
    driver: Any = connection.connection.driver_connection
    return not driver.pgconn.pipeline_status


_FEW: Final = 20


# -------------------------------------------------------------------------------------------------------------- writing


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that are not there yet. All have the same columns, in the same order."""
    if rows:
        names = tuple(rows[0])
        put(connection, table, names, _values(names, rows))


def put(connection: Connection, table: Table, names: Sequence[str], values: Sequence[Values]) -> None:
    """Inserts rows that are not there yet, given as the values of these columns."""
    if not values:
        return
    # COPY waits for the server twice, and cannot do without.
    if connection.dialect.name == "sqlite" or len(values) <= _FEW or not _waits(connection):
        _each(connection, f"INSERT INTO {_into(connection, table, names)}", table, names, values)
        return
    columns = ", ".join(_quoted(connection, names))
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in _converted(connection, table, names, values):
            copy.write_row(row)
    cursor.close()


def upsert(connection: Connection, table: Table, rows: Rows, unless_same: str | None = None) -> None:
    """Inserts rows, or where the primary key is there already, sets the columns they give. All rows have the same.

    A row that is there already is left alone when its column `unless_same` holds the same.
    """
    if not rows:
        return
    names, keys = tuple(rows[0]), [column.name for column in table.primary_key]
    given = [f"{name} = excluded.{name}" for name in _quoted(connection, (name for name in names if name not in keys))]
    effect = f"UPDATE SET {', '.join(given)}" if given else "NOTHING"  # of a row that is all key
    if unless_same is not None:
        effect += f" WHERE {table.name}.{unless_same} <> excluded.{unless_same}"
    on_conflict = f"ON CONFLICT ({', '.join(_quoted(connection, keys))}) DO {effect}"
    statement = f"INSERT INTO {_into(connection, table, names)} {on_conflict}"
    _each(connection, statement, table, names, _values(names, rows))


def change(
    connection: Connection, table: Table, rows: Mapping[Any, Mapping[str, Any]], by: Sequence[str] | None = None
) -> None:
    """Sets columns of the rows with these primary keys (a tuple where it has several columns); of each those it gives.

    `by` names other columns to know rows by. Rows that change the same columns go together: an index whose columns do not
    change is then left alone.
    """
    keys = by or [column.name for column in table.primary_key]
    alike: dict[tuple[str, ...], list[Values]] = {}
    for key, row in rows.items():
        alike.setdefault(tuple(row), []).append((*row.values(), *(key if isinstance(key, tuple) else (key,))))
    mark = _mark(connection)
    where = " AND ".join(f"{name} = {mark}" for name in _quoted(connection, keys))
    for names, values in alike.items():
        given = ", ".join(f"{name} = {mark}" for name in _quoted(connection, names))
        _each(connection, f"UPDATE {table.name} SET {given} WHERE {where}", table, (*names, *keys), values)


def _each(connection: Connection, statement: str, table: Table, names: Sequence[str], values: Sequence[Values]) -> None:
    connection.exec_driver_sql(statement, _converted(connection, table, names, values))


def _into(connection: Connection, table: Table, names: Sequence[str]) -> str:
    marks = ", ".join([_mark(connection)] * len(names))
    return f"{table.name} ({', '.join(_quoted(connection, names))}) VALUES ({marks})"


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.name == "sqlite" else "%s"


def _quoted(connection: Connection, names: Iterable[str]) -> list[str]:
    return [*map(connection.dialect.identifier_preparer.quote, names)]


def _values(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[Values]:
    return [*map(itemgetter(*names), rows)] if len(names) > 1 else [(row[names[0]],) for row in rows]


def _converted(connection: Connection, table: Table, names: Sequence[str], values: Sequence[Values]) -> list[Values]:
    """The values as the driver takes them."""
    converters = _converters(table, tuple(names), connection.dialect)
    if not converters:
        return list(values)
    changed = [*map(list, values)]
    for at, convert in converters:
        for row in changed:
            if row[at] is not None:
                row[at] = convert(row[at])
    return [*map(tuple, changed)]


@cache
def _converters(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """Place and function of the values that the driver does not take as they are."""
    found = ((at, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for at, name in enumerate(names))
    return tuple((at, convert) for at, convert in found if convert is not None)


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
