"""What a crawl has asked for already: in a temporary file, so that a hundred thousand pages take no more memory than ten."""

from __future__ import annotations

import sqlite3
from typing import Any

from scrapy.dupefilters import RFPDupeFilter
from scrapy.http import Request

_CACHE = -1024  # KiB of it in memory, as SQLite wants it said


class Asked:
    """A set of words that only grows. Raises sqlite3.Error when the temporary file cannot be written: the disk is full."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # '': a file without a name, which the system takes back
        self._db.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = {_CACHE};"
            "CREATE TABLE asked (word PRIMARY KEY) WITHOUT ROWID"
        )
        self._db.execute("BEGIN")

    def add(self, word: str | bytes) -> bool:
        """Put a word in; False when it was there."""
        return self._db.execute("INSERT OR IGNORE INTO asked VALUES (?)", (word,)).rowcount == 1


class AskedRequests(RFPDupeFilter):
    """Scrapy's filter of requests that were made before, without its set of all of them in memory."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asked = Asked()

    def request_seen(self, request: Request) -> bool:
        """Whether this request, or its like, was made before in this crawl."""
        return not self._asked.add(self.fingerprinter.fingerprint(request))
