"""Many rows at once: the quickest way in that each database has. Knows no table; never decides what is written.

SQLite takes the rows of a statement one by one from the driver, PostgreSQL takes new rows by COPY and others as JSON: one
statement for all. What SQLAlchemy does to a value (times, JSON) is done here too; what it does to a row (dicts, names of
parameters) would take as long as storing it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Delete,
    Integer,
    LargeBinary,
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
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from db.pace import FEW, waits

Rows: TypeAlias = list[dict[str, Any]]
Values: TypeAlias = tuple[Any, ...]

CHUNK: Final = 1000
"""Keys looked up by one statement: few round trips, and no end of rows in memory at once."""


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
    if connection.dialect.name == "sqlite" or len(values) <= FEW or not waits(connection):
        _each(connection, f"INSERT INTO {_into(connection, table, names)}", table, names, values)
        return
    columns = ", ".join(_quoted(connection, names))
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in _converted(connection, table, names, values):
            copy.write_row(row)
    cursor.close()


def upsert(
    connection: Connection, table: Table, rows: Rows, unless_same: str | None = None, added: bool = False
) -> None:
    """Inserts rows, or where the primary key is there already, sets the columns they give: no two of one key, all the same.

    A row that is there already is left alone when its column `unless_same` holds the same. `added`: what they give is
    added to what is there.
    """
    if not rows:
        return
    names, keys = tuple(rows[0]), [column.name for column in table.primary_key]
    given = _quoted(connection, (name for name in names if name not in keys))
    given = [f"{name} = {f'{table.name}.{name} + ' if added else ''}excluded.{name}" for name in given]
    effect = f"UPDATE SET {', '.join(given)}" if given else "NOTHING"  # of a row that is all key
    if unless_same is not None:
        effect += f" WHERE {table.name}.{unless_same} <> excluded.{unless_same}"
    on_conflict = f"ON CONFLICT ({', '.join(_quoted(connection, keys))}) DO {effect}"
    if _by_json(connection, rows):
        columns = ", ".join(_quoted(connection, names))
        # WHERE, or the parser takes ON for the condition of a join.
        statement = (
            f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {_records(table)} WHERE true {on_conflict}"
        )
        _at_once(connection, statement, table, names, _values(names, rows))
        return
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
        if _by_json(connection, values):
            given = ", ".join(f"{name} = given.{name}" for name in _quoted(connection, names))
            same = " AND ".join(f"{table.name}.{name} = given.{name}" for name in _quoted(connection, keys))
            statement = f"UPDATE {table.name} SET {given} FROM {_records(table)} AS given WHERE {same}"
            _at_once(connection, statement, table, (*names, *keys), values)
            continue
        given = ", ".join(f"{name} = {mark}" for name in _quoted(connection, names))
        _each(connection, f"UPDATE {table.name} SET {given} WHERE {where}", table, (*names, *keys), values)


def _by_json(connection: Connection, rows: Sequence[Any]) -> bool:
    """Whether rows go as one value: PostgreSQL begins and ends a statement for each row otherwise."""
    return connection.dialect.name == "postgresql" and len(rows) > FEW


def _records(table: Table) -> str:
    return f"json_populate_recordset(NULL::{table.name}, %s)"


def _at_once(
    connection: Connection, statement: str, table: Table, names: Sequence[str], values: Sequence[Values]
) -> None:
    converted = _converted(connection, table, names, values, as_json=True)
    records = [dict(zip(names, row, strict=True)) for row in converted]
    connection.exec_driver_sql(statement, (json.dumps(records, ensure_ascii=False, default=_in_json),))


def _in_json(value: date | bytes) -> str:
    """Days, times and bytes as PostgreSQL reads them."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value.isoformat()


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


def _converted(
    connection: Connection, table: Table, names: Sequence[str], values: Sequence[Values], as_json: bool = False
) -> list[Values]:
    """The values as the driver takes them, or as they stand in JSON."""
    converters = _converters(table, tuple(names), connection.dialect, as_json)
    if not converters or not values:
        return list(values)
    columns: list[Sequence[Any]] = [*zip(*values, strict=True)]
    for at, convert in converters:
        columns[at] = [None if value is None else convert(value) for value in columns[at]]
    return [*zip(*columns, strict=True)]


@cache
def _converters(
    table: Table, names: tuple[str, ...], dialect: Dialect, as_json: bool
) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """Place and function of the values that the driver does not take as they are."""
    left = (Boolean, LargeBinary, *((JSON,) if as_json else ()))  # drivers know these
    found = (
        (at, date.isoformat if dialect.name == "sqlite" and isinstance(kind, Date) else _bound(kind, dialect))
        for at, kind in enumerate(table.c[name].type for name in names)
        if not isinstance(kind, left)
    )
    return tuple((at, convert) for at, convert in found if convert is not None)


def _bound(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def remove(connection: Connection, column: Column[Any], keys: Iterable[str]) -> None:
    """Deletes the rows whose column holds one of the keys."""
    for chunk in chunks(keys):
        connection.execute(_deleting(column, connection.dialect.name), _sent(connection, chunk))


@cache
def _deleting(column: Column[Any], dialect: str) -> Delete:
    return delete(column.table).where(_held(column, dialect))


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
    """The rows of the statement whose column holds one of the keys.

    A statement that is a constant of its module is put together once, which for a few rows is half of the work.
    """
    for chunk in chunks(keys):
        yield from connection.execute(
            _asking(statement, column, connection.dialect.name), _sent(connection, chunk)
        ).all()


@lru_cache(256)
def _asking(statement: Select[Any], column: Any, dialect: str) -> Select[Any]:
    return statement.where(_held(column, dialect))


def among_pairs(
    connection: Connection, statement: Select[Any], columns: tuple[Any, Any], keys: Iterable[tuple[str, int | None]]
) -> Iterator[Row[Any]]:
    """The rows of the statement whose two columns hold one of the pairs; the second part of a pair may be None."""
    keys = list(keys)
    dialect = connection.dialect.name
    whole = sorted(key for key in keys if key[1] is not None)
    for start in range(0, len(whole), CHUNK):
        pairs = whole[start : start + CHUNK]
        sent: dict[str, Any] = {"pairs": json.dumps(pairs)}
        if dialect == "postgresql":
            sent = {"ones": [one for one, _ in pairs], "others": [other for _, other in pairs]}
        yield from connection.execute(_asking_pairs(statement, *columns, dialect), sent).all()
    for chunk in chunks(first for first, second in keys if second is None):
        without = _asking_halves(statement, *columns, dialect)
        yield from connection.execute(without, _sent(connection, chunk)).all()


@lru_cache(64)
def _asking_pairs(statement: Select[Any], one: Any, other: Any, dialect: str) -> Select[Any]:
    # Joined rather than IN: SQLite looks up no pair of columns in an index for that, it reads the whole table.
    if dialect == "sqlite":
        pair = func.json_each(bindparam("pairs", type_=Text())).table_valued("value").c.value.op("->>")
        return statement.where(one == pair(literal_column("0")), other == pair(literal_column("1")))
    ones, others = bindparam("ones", type_=_TEXTS), bindparam("others", type_=postgresql.ARRAY(Integer()))
    pairs = func.unnest(ones, others).table_valued("one", "other").render_derived()
    return statement.where(one == pairs.c.one, other == pairs.c.other)


@lru_cache(64)
def _asking_halves(statement: Select[Any], one: Any, other: Any, dialect: str) -> Select[Any]:
    return statement.where(_held(one, dialect), other.is_(None))


_TEXTS: Final = postgresql.ARRAY(Text())


def _held(column: Any, dialect: str, keys: Sequence[str] | None = None) -> ColumnElement[bool]:
    """That a column holds one of `keys`, which go as one value: a statement with as many marks is made anew each time."""
    if dialect == "sqlite":
        sent = bindparam("keys", json.dumps(keys or []), type_=Text(), unique=keys is not None)
        found: ColumnElement[bool] = column.in_(select(func.json_each(sent).table_valued("value").c.value))
        return found
    among_them: ColumnElement[bool] = column == any_(bindparam("keys", keys, type_=_TEXTS, unique=keys is not None))
    return among_them


def _sent(connection: Connection, keys: Sequence[str]) -> dict[str, Any]:
    """The parameters of `_held`."""
    return {"keys": json.dumps(keys) if connection.dialect.name == "sqlite" else list(keys)}


def within(connection: Connection, column: Any, keys: Sequence[str]) -> ColumnElement[bool]:
    """That a column holds one of the keys, for statements that say more."""
    return _held(column, connection.dialect.name, list(keys))


def chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    """The keys in order, some at a time."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
