"""Many rows at once: the quickest way in that each database has. Knows no table; never decides what is written.

SQLite takes the rows of a statement one by one from the driver, PostgreSQL takes new rows by COPY. What SQLAlchemy does
to a value (times, JSON) is done here too; what it does to a row (dicts, names of parameters) would take as long as storing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, Select, Table, and_, bindparam, delete, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

Rows: TypeAlias = list[dict[str, Any]]

CHUNK: Final = 500
"""Keys in one IN list: few round trips, and below every database's limit."""

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
        connection.execute(delete(column.table).where(column.in_(chunk)))


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
        yield from connection.execute(statement.where(column.in_(chunk))).all()


def among_pairs(
    connection: Connection, statement: Select[Any], columns: tuple[Any, Any], keys: Iterable[tuple[str, Any]]
) -> Iterator[Row[Any]]:
    """The rows of the statement whose two columns hold one of the pairs; the second part of a pair may be None."""
    one, other = columns
    whole = sorted(key for key in keys if key[1] is not None)
    half = sorted(first for first, second in keys if second is None)
    for start in range(0, len(whole), CHUNK):
        yield from connection.execute(statement.where(tuple_(one, other).in_(whole[start : start + CHUNK]))).all()
    for chunk in chunks(half):
        yield from connection.execute(statement.where(one.in_(chunk), other.is_(None))).all()


def chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    """The keys in order, some at a time."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
