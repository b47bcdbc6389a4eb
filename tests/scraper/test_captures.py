"""What is known of a site's captures and of what was asked for, on disk: the same answers, in memory that does not grow."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from etl.model import Page
from scraper import archive
from scraper.archive import Archive, ArchiveError
from scraper.captures import Capture, Captures
from scraper.frontier import Asked
from scraper.memory import memory
from tests.scraper.test_archive import SITE, assert_whole, page

FIRST = Capture(
    SITE, "http://x/1", "2026-11-20T00:00:00.000000Z", 200, "sha1:A", "2026-11.warc.gz", 300, 500, '"a"', "Fri"
)


def known(*captures: Capture) -> Captures:
    made = Captures()
    for capture in captures:
        made.remember(capture)
    return made


def test_by_address_and_time_by_bytes_and_the_newest() -> None:
    again = replace(FIRST, fetched_at="2026-11-21T00:00:00.000000Z", of=(FIRST.warc, 300), offset=900)
    changed = replace(FIRST, fetched_at="2026-11-20T12:00:00.000000Z", digest="sha1:B", offset=700, etag=None)
    captures = known(again, FIRST, changed)
    assert captures.at(FIRST.url, FIRST.fetched_at) == FIRST and captures.at(FIRST.url, "2026") is None
    assert captures.body("sha1:A") == FIRST and captures.body("sha1:B") == changed and captures.body("sha1:C") is None
    assert captures.latest(FIRST.url) == again and captures.latest("http://x/2") is None
    assert list(captures.all()) == [FIRST, changed, again]
    assert list(captures.all(since="2026-11-20T12")) == [changed, again]
    captures.clear()
    assert list(captures.all()) == [] and captures.body("sha1:A") is None


@pytest.mark.parametrize(
    "later",
    [{"status": 404}, {"status": 503}, {"truncated": "unspecified"}, {"fetched_at": "2026-11-19T00:00:00.000000Z"}],
)
def test_what_is_no_newer_copy(later: dict[str, Any]) -> None:
    captures = known(
        FIRST, replace(FIRST, **{"fetched_at": "2026-11-22T00:00:00.000000Z", "digest": "sha1:B", **later})
    )
    assert captures.latest(FIRST.url) == FIRST


def test_a_hundred_thousand_take_no_more_memory_than_ten_thousand() -> None:
    captures, asked = Captures(), Asked()

    def more(first: int, last: int) -> None:
        for n in range(first, last):
            at = f"2026-11-20T00:00:00.{n:06d}Z"
            captures.remember(replace(FIRST, url=f"http://x/berita/{n}", fetched_at=at, digest=f"sha1:{hash(str(n))}"))
            assert asked.add(f"{n}")

    more(0, 10_000)
    before = memory()
    more(10_000, 40_000)
    assert memory() - before < 5_000_000, "100 bytes a page would be 3 MB; kept in memory they would be 25 MB"
    assert not asked.add("7") and captures.latest("http://x/berita/7") is not None


def test_temporary_files_that_cannot_be_written_end_the_crawl_and_leave_the_archive_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(Captures):
        def remember(self, capture: Capture) -> None:
            if capture.url.endswith("/3"):
                raise sqlite3.OperationalError("database or disk is full")
            super().remember(capture)

    monkeypatch.setattr(archive, "Captures", Full)
    with Archive(tmp_path).writer(SITE) as writer:
        assert [writer.add(_numbered(n)) for n in (1, 2)] == [True, True]
        for n in (3, 4):
            with pytest.raises(
                ArchiveError, match="the folder of temporary files: database or disk is full; SQLITE_TMPDIR"
            ):
                writer.add(_numbered(n))
    monkeypatch.undo()
    assert_whole(tmp_path)
    with Archive(tmp_path).writer(SITE) as writer:
        assert [c.url[-2:] for c in writer.captures()] == ["/1", "/2"] and writer.add(_numbered(3))


def _numbered(n: int) -> Page:
    return replace(page(b"Kota %d" % n, after=n), url=f"http://x/{n}")
