"""What is known of a site's captures while it is crawled: in a temporary file, so that a million take no more memory than ten.

Nothing here is the archive: all of it is learnt again from the indexes at each opening, and gone at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

_CACHE = -2048  # KiB of its pages in memory, as SQLite wants it said
_FIELDS = (
    "site, url, fetched_at, status, digest, warc, offset, length, etag, last_modified, of_warc, of_offset, truncated"
)
_PLACES = ", ".join("?" * 13)
_SCHEMA = "; ".join(
    f"CREATE TABLE {table} ({_FIELDS}, PRIMARY KEY ({key})) WITHOUT ROWID"
    for table, key in (("seen", "url, fetched_at"), ("body", "digest"))
)


@dataclass(frozen=True, slots=True)
class Capture:
    """Where one response lies: file (below the archive's folder), offset and length of its record in bytes.

    `digest` is the WARC payload digest (SHA-1 over the body as served). Of a revisit, `of` names file and offset of the
    record that holds the bytes. Of a 304, `digest` and `status` are those of the page that it confirmed. `truncated`: the
    body is not all of what was to come, by WARC-Truncated's word for why.
    """

    site: str
    url: str
    fetched_at: str
    status: int
    digest: str
    warc: str
    offset: int
    length: int
    etag: str | None = None
    last_modified: str | None = None
    of: tuple[str, int] | None = None
    truncated: str | None = None


class Captures:
    """The captures of one site: by address and time, by their bytes, and the newest copy of each address.

    All raise sqlite3.Error when the temporary file cannot be written: the disk is full.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # '': a file without a name, which the system takes back
        self._db.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = {_CACHE}; {_SCHEMA}"
        )
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def clear(self) -> None:
        """Forget all."""
        for table in ("seen", "body"):
            self._db.execute(f"DELETE FROM {table}")  # names of this module

    def remember(self, capture: Capture) -> None:
        """Know one more."""
        self._put("REPLACE INTO seen", capture)
        if capture.of is None:
            self._put("INSERT OR IGNORE INTO body", capture)

    def at(self, url: str, fetched_at: str) -> Capture | None:
        """The capture of an address at a time."""
        return self._one("seen WHERE url = ? AND fetched_at = ?", url, fetched_at)

    def body(self, digest: str) -> Capture | None:
        """The capture that holds these bytes."""
        return self._one("body WHERE digest = ?", digest)

    def latest(self, url: str) -> Capture | None:
        """The newest successful (200), whole capture of an address, with the validators its bytes are known by."""
        copies = (
            "seen WHERE url = ? AND status = 200 AND truncated IS NULL"  # half a page is none: a 304 would confirm it
        )
        newest = self._one(f"{copies} ORDER BY fetched_at DESC LIMIT 1", url)
        if newest is None or (newest.etag and newest.last_modified):
            return newest
        etag, modified = (
            self._validator(name, newest) for name in ("etag", "last_modified")
        )  # a 304 need not repeat them
        return replace(newest, etag=etag, last_modified=modified)

    def all(self, since: str = "") -> Iterator[Capture]:
        """Those from a time on, oldest first."""
        rows = self._db.execute(f"SELECT {_FIELDS} FROM seen WHERE fetched_at >= ? ORDER BY fetched_at", (since,))
        return map(_capture, rows)

    def _validator(self, name: str, of: Capture) -> str | None:
        """What the bytes of a capture were last said to be known by at its address."""
        row = self._db.execute(
            f"SELECT {name} FROM seen WHERE url = ? AND status = 200 AND digest = ? AND {name} IS NOT NULL"
            " ORDER BY fetched_at DESC LIMIT 1", (of.url, of.digest),
        ).fetchone()  # fmt: skip
        return row[0] if row else None

    def _put(self, how: str, c: Capture) -> None:
        of_warc, of_offset = c.of or (None, None)
        self._db.execute(
            f"{how} VALUES ({_PLACES})",
            (c.site, c.url, c.fetched_at, c.status, c.digest, c.warc, c.offset, c.length, c.etag, c.last_modified,
             of_warc, of_offset, c.truncated),
        )  # fmt: skip

    def _one(self, where: str, *given: str) -> Capture | None:
        row = self._db.execute(f"SELECT {_FIELDS} FROM {where}", given).fetchone()
        return _capture(row) if row is not None else None


def _capture(row: tuple[Any, ...]) -> Capture:
    of_warc, of_offset, truncated = row[-3:]
    of = (of_warc, of_offset) if of_warc is not None else None
    return replace(Capture(*row[:10]), of=of, truncated=truncated)
