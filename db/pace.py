"""What loading need not wait for: PostgreSQL's answer to each statement, Python's search for garbage. Knows no table."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, event

FEW: Final = 20
"""Rows, or pages, that are too few for what is quick with many."""


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
    if connection.dialect.name == "sqlite" or pages > FEW:
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


def waits(connection: Connection) -> bool:
    """Whether PostgreSQL answers each statement now."""
    driver: Any = connection.connection.driver_connection
    return not driver.pgconn.pipeline_status
