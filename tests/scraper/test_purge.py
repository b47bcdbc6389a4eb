"""A take-down's purge: what was asked for is gone from every byte, all else is as it was, whenever it is killed."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.model import Page
from scraper import archive as archive_module
from scraper import swap
from scraper.archive import Archive, ArchiveError, Capture
from scraper.blocklist import block, blocklist, unblock
from scraper.purge import Purged, Read, purge
from scraper.store import Folder
from tests.scraper.crawling import crawl, feed, outlet
from tests.scraper.local_site import page as feed_page
from tests.scraper.local_site import serving, status
from tests.scraper.test_archive import SITE, URL, assert_whole, files, kept, page, reference

AWAY, STAYS, OTHER = URL, "https://news.detik.com/berita/d-2/kota-y", "https://news.detik.com/berita/d-3/kota-z"
MONTH = 31 * 86400


def about(url: str) -> Callable[[Capture, Read], bool]:
    return lambda capture, _: capture.url == url


def seen(store: Archive) -> list[tuple[str, str, int, str, str | None, bytes]]:
    """What a reader can know of each capture, wherever it lies; bytes included."""
    found = []
    for c in store.captures(SITE):
        length = c.length if c.of is None else next(
            o.length for o in store.captures(SITE) if (o.warc, o.offset) == c.of
        )  # fmt: skip
        body = store.read(reference(replace(c, length=length))).body
        found.append((c.url, c.fetched_at, c.status, c.digest, c.etag, body))
    return found


def unpacked(root: Path) -> bytes:
    """Every byte of a site's files, compressed or not."""
    return b"".join(gzip.decompress(d) if n.endswith(".gz") else d for n, d in files(root).items())


def purged(root: Path, url: str = AWAY) -> Purged:
    return purge(Archive(root), SITE, about(url), root.parent / "work")


def a_history() -> tuple[Page, ...]:
    """Two months: own bytes, bytes shared both ways, confirmations of both."""
    return (
        page(b"private words", AWAY, 0, etag='"a"'),
        page(b"an error page", AWAY, 1, status=404),
        page(b"an error page", STAYS, 2, status=404),
        page(b"public words", STAYS, 3, etag='"s"'),
        page(b"", STAYS, 4, status=304),
        page(b"", AWAY, 5, status=304),
        page(b"shared words", AWAY, 6),
        page(b"shared words", OTHER, MONTH, etag='"o"'),
        page(b"", OTHER, MONTH + 1, status=304),
        page(b"public words", AWAY, MONTH + 2),
        page(b"an error page", OTHER, MONTH + 3, status=404),
    )


def test_what_was_asked_for_is_gone_and_all_else_is_as_it_was(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    store = kept(root, *a_history())
    before = seen(store)
    done = purged(root)
    assert done.captures == 5 and done.size > 0 and done.files == ("2026-11.warc.gz", "2026-12.warc.gz")
    assert seen(store) == [row for row in before if row[0] != AWAY]
    assert_whole(root)
    everything = unpacked(root)
    assert AWAY.encode() not in everything and b"private words" not in everything
    assert list(store.damage(SITE)) == []
    assert not (tmp_path / "work").exists() or not any((tmp_path / "work").iterdir())


def test_the_index_can_still_be_made_again_byte_for_byte(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    kept(root, *a_history())
    purged(root)
    before = files(root)
    for index in (root / SITE).glob("*.jsonl"):
        index.unlink()
    kept(root)
    assert files(root) == before


def test_the_site_goes_on_as_if_the_address_were_unknown(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    kept(root, *a_history())
    purged(root)
    with Archive(root).writer(SITE) as writer:
        assert writer.latest(AWAY) is None and (stays := writer.latest(STAYS)) is not None and stays.etag == '"s"'
        assert writer.add(page(b"private words", AWAY, 2 * MONTH)) is True, "its bytes are new again"
        assert writer.add(page(b"shared words", STAYS, 2 * MONTH)) is False, "these were handed on"
    assert_whole(root)


def test_nothing_is_written_when_there_is_nothing_to_take_out(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    kept(root, *a_history())
    before = files(root)
    assert purged(root, "https://news.detik.com/berita/d-9/x") == Purged()
    assert files(root) == before


def test_a_second_purge_finds_nothing(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    kept(root, *a_history())
    assert purged(root).captures and purged(root) == Purged()


def test_a_record_that_no_index_lists_goes_too(tmp_path: Path) -> None:
    """A revisit of bytes that never came has no line, but an address."""
    root = tmp_path / "archive"
    kept(root, page(b"private words", AWAY), page(b"private words", AWAY, 1), page(b"public words", STAYS, 2))
    warc, index = root / SITE / "2026-11.warc.gz", root / SITE / "2026-11.jsonl"
    first, second, third = Archive(root).captures(SITE)
    data = warc.read_bytes()
    warc.write_bytes(data[: first.offset] + data[second.offset :])
    index.unlink()
    kept(root)
    assert [c.url for c in Archive(root).captures(SITE)] == [STAYS] and AWAY.encode() in unpacked(root)
    assert purged(root).captures == 1
    assert AWAY.encode() not in unpacked(root) and third.url == STAYS
    assert_whole(root)


def test_a_crawl_that_is_writing_keeps_it_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "LOCK_PATIENCE", 0.05)
    root = tmp_path / "archive"
    kept(root, *a_history())
    with Archive(root).writer(SITE), pytest.raises(ArchiveError, match="another crawl"):
        purged(root)


def test_a_damaged_record_stops_it_and_nothing_changes(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    store = kept(root, *a_history())
    shared = next(
        c for c in store.captures(SITE) if c.url == AWAY and c.status == 200 and c.fetched_at.endswith("06.000000Z")
    )
    warc = root / SITE / shared.warc
    content = bytearray(warc.read_bytes())
    content[shared.offset + shared.length // 2] ^= 0xFF
    warc.write_bytes(content)
    before = files(root)
    with pytest.raises(ArchiveError, match="nothing was changed"):
        purged(root)
    assert files(root) == before


def steps(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the process die before the n-th thing that a store is told to do."""

    def die_before(number: int) -> None:
        left = iter(range(number, -1, -1))
        for name in ("put", "move", "delete"):
            real = getattr(Folder, name)

            def step(self: Folder, *given: object, real: Callable[..., None] = real) -> None:
                if next(left, 0) == 0:
                    os._exit(9)
                real(self, *given)

            monkeypatch.setattr(Folder, name, step)

    return die_before


def test_killed_at_any_step_it_is_as_before_or_finished_by_the_next_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tmp_path / "whole"
    kept(whole, *a_history())
    before = files(whole)
    number, ended, finished = 0, 9, 0
    while ended == 9:
        root = tmp_path / f"killed-{number}" / "archive"
        shutil.copytree(whole, root)
        child = os.fork()
        if child == 0:
            steps(monkeypatch)(number)
            purged(root)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        generation = swap.generation(Folder(root), SITE)
        if not generation.number:
            assert {n: d for n, d in files(root).items() if n in before} == before, "nothing has happened yet"
        kept(root)  # the next writer
        assert_whole(root)
        gone = AWAY.encode() not in unpacked(root)
        assert gone == bool(generation.number), number
        assert not swap.generation(Folder(root), SITE).under_way
        assert [n for n in files(root) if n.endswith((".new", ".part"))] == []
        finished += gone
        purged(root)
        assert AWAY.encode() not in unpacked(root)
        assert_whole(root)
        number += 1
    assert number > 8 and 0 < finished < number


BODIES = (b"a" * 50, b"b" * 5000, b"", b"c" * 200)
VISITS = st.lists(
    st.tuples(
        st.sampled_from((AWAY, STAYS, OTHER)), st.sampled_from((0, 1, 2, 3, -1)), st.sampled_from((1, MONTH // 3))
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits=VISITS)
def test_whatever_was_fetched(tmp_path: Path, visits: list[tuple[str, int, int]]) -> None:
    root = tmp_path / uuid4().hex / "archive"
    at, pages = 0.0, []
    for url, body, later in visits:
        at += later
        pages.append(page(b"" if body < 0 else BODIES[body], url, at, status=304 if body < 0 else 200))
    store = kept(root, *pages)
    before = seen(store)
    done = purged(root)
    assert done.captures == sum(row[0] == AWAY for row in before)
    assert seen(store) == [row for row in before if row[0] != AWAY]
    assert_whole(root)
    index = {n: d for n, d in files(root).items() if n.endswith(".jsonl")}
    for name in index:
        (root / SITE / name).unlink()
    kept(root)
    assert {n: d for n, d in files(root).items() if n.endswith(".jsonl")} == index


@pytest.fixture(params=["memory", "file"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield {"memory": f"memory://{uuid4()}/archive", "file": f"file://{tmp_path}/there"}[request.param]


def test_an_archive_at_an_address(address: str, tmp_path: Path) -> None:
    store = Archive(address, tmp_path / "staging")
    for pages in (a_history()[:6], a_history()[6:]):
        with store.writer(SITE) as writer:
            for each in pages:
                writer.add(each)
    before = seen(store)
    done = purge(store, SITE, about(AWAY), tmp_path / "work")
    assert done.captures == 5
    assert seen(store) == [row for row in before if row[0] != AWAY]
    assert list(store.damage(SITE)) == []
    everything = b""
    for name, file in store.store.opened(SITE, sorted(store.store.files(SITE))):
        everything += gzip.decompress(file.read()) if name.endswith(".gz") else file.read()
    assert AWAY.encode() not in everything and b"private words" not in everything


def test_a_crawl_asks_for_no_article_that_was_taken_down_whatever_leads_to_it(tmp_path: Path) -> None:
    """Neither from a list, nor by a redirect, nor when it is named."""
    with serving({"/robots.txt": status(404), "/rss": feed_page(feed(1, 2)), "/berita/1": feed_page("x")}) as site:
        site.answers["/berita/2"] = status(302, Location=f"{site.base}/berita/3")
        site.answers["/berita/3"] = feed_page("private words")
        block(Folder(tmp_path), "local", ["1", "3"])
        crawled = crawl(tmp_path, outlet(site))
        assert crawled.said["report"]["known"] == 1 and crawled.failures == {"taken down": 1}
        crawl(tmp_path, outlet(site), "--only", f"{site.base}/berita/3")
        assert set(site.paths()) == {"/robots.txt", "/rss", "/berita/2"}
    assert [c.url.rpartition("/")[2] for c in Archive(tmp_path).captures("local") if c.status == 200] == ["rss"]


def test_a_blocklist_says_nothing_of_what_it_hides(tmp_path: Path) -> None:
    store = Folder(tmp_path)
    assert "77" not in blocklist(store, SITE)
    block(store, SITE, ["77", "78"])
    block(store, SITE, ["79"])
    held = blocklist(store, SITE)
    assert all(key in held for key in ("77", "78", "79")) and "80" not in held and None not in held
    assert "77" not in blocklist(store, "kompas")
    unblock(store, SITE, ["78"])
    assert "78" not in blocklist(store, SITE) and "77" in blocklist(store, SITE)
    assert b"77\n" not in files(tmp_path)["blocked.txt"]
