"""The archive keeps what it was given: through crashes at any byte, full disks, lost indexes and damaged files."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, FileIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from etl.model import Page, PageRef
from scraper import archive
from scraper.archive import Archive, ArchiveError, ArchiveWriter, Capture, WarcFile, payload_digest
from tests.scraper.crawling import crawl, feed, outlet
from tests.scraper.local_site import cached, serving, status
from tests.scraper.local_site import page as page_of

SITE = "detik"
URL = "https://news.detik.com/berita/d-1/kota-x-raih-adipura"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def page(
    body: bytes = b"<html>Kota X</html>", url: str = URL, after: float = 0, status: int = 200, **headers: str
) -> Page:
    """A response `after` so many seconds; `etag="x"` and `last_modified="x"` are headers."""
    told = tuple((name.replace("_", "-"), value) for name, value in {"content_type": "text/html", **headers}.items())
    return Page(SITE, url, NOON + timedelta(seconds=after), status, told, body)


def kept(root: Path, *pages: Page) -> Archive:
    """An archive to which these were added in one go."""
    with Archive(root).writer(SITE) as writer:
        for each in pages:
            writer.add(each)
    return Archive(root)


def reference(capture: Capture) -> PageRef:
    """What reading asks the archive for."""
    warc, offset = capture.of or (capture.warc, capture.offset)
    at = datetime.fromisoformat(capture.fetched_at)
    return PageRef(capture.site, capture.url, capture.digest, warc, offset, capture.length, at, at)


def files(root: Path) -> dict[str, bytes]:
    """Every file of the site's folder except the lock."""
    return {path.name: path.read_bytes() for path in (root / SITE).iterdir() if path.name != ".lock"}


def records(path: Path) -> list[tuple[str, dict[str, str]]]:
    """(type, WARC fields) of each record, as warcio reads them."""
    with path.open("rb") as file:
        return [(record.rec_type, dict(record.rec_headers.headers)) for record in ArchiveIterator(file)]


def assert_whole(root: Path, site: str = SITE) -> None:
    """Files and indexes agree, every capture is readable, and warcio finds nothing wrong."""
    store, warcs = Archive(root), sorted((root / site).glob("*.warc.gz"))
    captures = store.captures(site)
    for capture in captures:
        store.read(reference(capture))
    assert len({(c.url, c.fetched_at) for c in captures}) == len(captures)
    listed = {(c.warc, c.offset): c.length for c in captures}
    for warc in warcs:
        found = {}
        with warc.open("rb") as file:
            records = ArchiveIterator(file, check_digests="raise")
            for record in records:
                record.raw_stream.read()
                if record.rec_type != "warcinfo":
                    found[warc.name, records.get_record_offset()] = records.get_record_length()
        assert found == {place: length for place, length in listed.items() if place[0] == warc.name}
    if warcs:
        with pytest.raises(SystemExit) as end:
            warcio(["check", *map(str, warcs)])
        assert end.value.code == 0


# ----------------------------------------------------------------------------------------------------- what a page leaves


def test_a_page_comes_back_as_it_was_served(tmp_path: Path) -> None:
    body = gzip.compress("<p>Pemkot Mojokerto – “Merdeka Award”</p>".encode())
    given = replace(
        page(body, etag='"a1"', content_encoding="gzip"),
        headers=(
            ("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip"), ("etag", '"a1"'),
            ("vary", "a"), ("vary", "b"), ("transfer-encoding", "chunked"), ("content-length", "7"),
        ),
    )  # fmt: skip
    (capture,) = kept(tmp_path, given).captures(SITE)
    assert capture.digest == payload_digest(body) and capture.etag == '"a1"' and capture.status == 200
    back = Archive(tmp_path).read(reference(capture))
    length = ("content-length", str(len(body)))
    assert back == replace(given, headers=(*given.headers[:5], length)), "what lies about the stored body is left out"


def test_headers_that_are_no_ascii_or_try_to_break_out_stay_one_line_each(tmp_path: Path) -> None:
    odd = page(etag='"caf\xe9"', x_evil="a\r\nx-injected: b", x_padded="  c ")
    store = kept(tmp_path, odd)
    (capture,) = store.captures(SITE)
    headers = dict(store.read(reference(capture)).headers)
    assert headers["x-evil"] == "a%0D%0Ax-injected: b" and "x-injected" not in headers
    assert headers["x-padded"] == "c" and headers["etag"] == capture.etag == '"caf%C3%A9"'
    assert_whole(tmp_path)


def test_record_first_line_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    real = archive.write_through

    def watched(file: FileIO, data: bytes) -> None:
        real(file, data)
        order.append(f"{Path(str(file.name)).suffix} {len(Archive(tmp_path).captures(SITE))}")

    monkeypatch.setattr(archive, "write_through", watched)
    kept(tmp_path, page(), page(b"other", after=1))
    assert order == [".gz 0", ".gz 0", ".jsonl 1", ".gz 1", ".jsonl 2"], "warcinfo, then record before line each time"


def test_a_record_without_its_line_does_not_exist_for_a_reader(tmp_path: Path) -> None:
    kept(tmp_path, page(), page(b"other", after=1))
    index = tmp_path / SITE / "2026-11.jsonl"
    lines = index.read_bytes().splitlines(keepends=True)
    for torn in (lines[0], lines[0] + lines[1][:-1]):
        index.write_bytes(torn)
        assert [c.digest for c in Archive(tmp_path).captures(SITE)] == [payload_digest(page().body)]
        assert index.read_bytes() == torn, "reading changes nothing"


def test_months_have_files_of_their_own(tmp_path: Path) -> None:
    late = datetime(2026, 12, 1, 6, 59, tzinfo=UTC).astimezone()  # any zone: the file is that of the UTC month
    kept(tmp_path, page(), replace(page(b"December"), fetched_at=late))
    assert sorted(files(tmp_path)) == ["2026-11.jsonl", "2026-11.warc.gz", "2026-12.jsonl", "2026-12.warc.gz"]
    assert [c.warc for c in Archive(tmp_path).captures(SITE)] == ["2026-11.warc.gz", "2026-12.warc.gz"]
    assert_whole(tmp_path)


def test_the_same_visit_is_kept_once(tmp_path: Path) -> None:
    with Archive(tmp_path).writer(SITE) as writer:
        assert writer.add(page()) is True
        assert writer.add(page(b"something else at the same time")) is False
    before = files(tmp_path)
    kept(tmp_path, page())
    assert files(tmp_path) == before


def test_sites_and_an_archive_that_is_not_there(tmp_path: Path) -> None:
    assert Archive(tmp_path / "nowhere").sites() == [] and Archive(tmp_path / "nowhere").captures(SITE) == []
    kept(tmp_path, page())
    assert Archive(tmp_path).sites() == [SITE]


# ------------------------------------------------------------------------------------------------------------- rotation


def test_a_file_that_is_full_is_followed_by_the_next_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILE", 9000)
    pages = [page(random.Random(n).randbytes(2000), f"{URL}{n}", n) for n in range(40)]
    for start in (0, 7, 23):  # also over several writers
        kept(tmp_path, *pages[start : start + 20])
    store = Archive(tmp_path)
    warcs = list(dict.fromkeys(c.warc for c in store.captures(SITE)))
    assert warcs == ["2026-11.warc.gz", *(f"2026-11-{n}.warc.gz" for n in range(2, len(warcs) + 1))] and len(warcs) > 10
    assert all((tmp_path / SITE / warc).stat().st_size <= 9000 for warc in warcs)
    assert [store.read(reference(c)).body for c in store.captures(SITE)] == [p.body for p in pages]
    kept(tmp_path, page(pages[0].body, "https://x.id/again", 99), page(b"", f"{URL}39", 100, status=304))
    again, confirmed = store.captures(SITE)[-2:]
    assert (again.of or ("",))[0] == "2026-11.warc.gz" and again.warc == warcs[-1] == (confirmed.of or ("",))[0]
    assert store.read(reference(again)).body == pages[0].body
    assert_whole(tmp_path)


def test_indexes_of_numbered_files_are_made_again_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All at once too: a revisit may come before what it refers to, by name (the tenth file) and by month (October)."""
    monkeypatch.setattr(archive, "MAX_FILE", 6000)
    bodies = [random.Random(n).randbytes(1500) for n in range(30)]
    kept(tmp_path, *(page(body, f"{URL}{n}", n) for n, body in enumerate(bodies)))
    kept(tmp_path, *(page(body, f"{URL}a{n}", 100 + n) for n, body in enumerate(bodies)))
    kept(tmp_path, *(page(body, f"{URL}b{n}", n - 31 * 86400) for n, body in enumerate(bodies)))
    before = files(tmp_path)
    assert "2026-11-10.warc.gz" in before and len(Archive(tmp_path).captures(SITE)) == 90
    for lost in ("*-2.jsonl", "2026-11*.jsonl", "*.jsonl"):
        for index in (tmp_path / SITE).glob(lost):
            index.unlink()
        kept(tmp_path)
        assert files(tmp_path) == before


def test_a_record_larger_than_a_file_may_be_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILE", 3000)
    kept(tmp_path, *(page(os.urandom(5000), f"{URL}{n}", n) for n in range(2)), page(b"small", after=9))
    assert [c.warc for c in Archive(tmp_path).captures(SITE)][1:] == ["2026-11-2.warc.gz", "2026-11-3.warc.gz"]
    assert_whole(tmp_path)


def test_an_archive_of_before_goes_on_in_its_file(full: Path, tmp_path: Path) -> None:
    shutil.copytree(full, tmp_path, dirs_exist_ok=True)
    before = files(tmp_path)
    kept(tmp_path, page(b"one more", f"{URL}9", 1))
    assert files(tmp_path).keys() == before.keys()
    assert files(tmp_path)["2026-11.warc.gz"].startswith(before["2026-11.warc.gz"])
    assert archive.MAX_FILE == 10**9, "as the standard's annex C recommends"


def test_fsspec_is_asked_for_nothing_where_the_address_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("core.url_to_fs", "core.open", "spec.AbstractFileSystem.__init__"):
        monkeypatch.setattr(f"fsspec.{name}", None)  # a call of any of them fails
    for root in (tmp_path, str(tmp_path / "as a text")):
        with Archive(root).writer(SITE) as writer:
            writer.add(page())
        (capture,) = Archive(root).captures(SITE)
        assert Archive(root).read(reference(capture)).body == page().body and list(Archive(root).damage(SITE)) == []
    with pytest.raises(TypeError):
        Archive("memory://x")


# ------------------------------------------------------------------------------------------------------------- revisits


def test_unchanged_bytes_are_a_revisit_also_across_months_and_addresses(tmp_path: Path) -> None:
    month, other = 31 * 86400, "https://www.detik.com/jatim/d-2/kota-x-raih-adipura"
    with Archive(tmp_path).writer(SITE) as writer:
        assert [writer.add(p) for p in (page(), page(after=9), page(url=other, after=10))] == [True, False, False]
    store = kept(tmp_path, page(after=month), page(b"changed", after=month + 1))
    first, again, elsewhere, later, changed = store.captures(SITE)
    assert first.of is None and changed.of is None and changed.warc == "2026-12.warc.gz"
    assert {c.of for c in (again, elsewhere, later)} == {(first.warc, first.offset)}
    assert store.read(reference(later)).body == page().body and store.read(reference(elsewhere)).url == other
    kind, fields = records(tmp_path / SITE / "2026-12.warc.gz")[1]
    assert kind == "revisit"
    assert fields["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert fields["WARC-Refers-To-Target-URI"] == URL and fields["WARC-Refers-To-Date"] == first.fetched_at
    assert fields["WARC-Payload-Digest"] == first.digest and fields["WARC-Target-URI"] == URL
    assert_whole(tmp_path)


def test_a_304_is_a_revisit_of_the_page_it_confirms(tmp_path: Path) -> None:
    store = kept(tmp_path, page(etag='"a"'), page(b"", after=86400, status=304, date="x"))
    served, confirmed = store.captures(SITE)
    assert (confirmed.status, confirmed.digest, confirmed.of) == (200, served.digest, (served.warc, served.offset))
    assert confirmed.etag is None, "the index says what was served"
    kind, fields = records(tmp_path / SITE / "2026-11.warc.gz")[2]
    assert kind == "revisit" and fields["WARC-Payload-Digest"] == served.digest
    assert fields["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    with (tmp_path / SITE / "2026-11.warc.gz").open("rb") as file:
        names = [name for record in ArchiveIterator(file) for name, _ in record.rec_headers.headers]
    assert names.count("WARC-Profile") == 1, "a field stands once in a record"
    assert_whole(tmp_path)


def validators(writer: ArchiveWriter) -> tuple[str | None, str | None]:
    newest = writer.latest(URL)
    assert newest is not None
    return newest.etag, newest.last_modified


def test_a_304_need_not_repeat_the_validators(tmp_path: Path) -> None:
    """The next crawl asks with those that the bytes are known by."""
    kept(tmp_path, page(etag='"a"', last_modified="Fri"), page(b"", after=9, status=304))
    with Archive(tmp_path).writer(SITE) as writer:
        assert validators(writer) == ('"a"', "Fri")
        writer.add(page(b"changed", after=20))
        assert validators(writer) == (None, None), "new bytes are not known by the old ones' validators"


def test_a_304_after_a_failure_confirms_the_page_and_not_the_failure(tmp_path: Path) -> None:
    """If-None-Match is sent again when a 503 is retried; the 304 that follows says nothing of the 503's bytes."""
    store = kept(tmp_path, page(etag='"a"'), page(b"try later", after=8, status=503), page(b"", after=9, status=304))
    served, failed, confirmed = store.captures(SITE)
    assert failed.status == 503 and (confirmed.status, confirmed.digest) == (200, served.digest)


def test_a_304_that_nobody_asked_for_stands_for_itself(tmp_path: Path) -> None:
    (capture,) = kept(tmp_path, page(b"", status=304)).captures(SITE)
    assert capture.status == 304 and capture.of is None
    assert_whole(tmp_path)


def test_a_block_page_served_as_403_and_as_200_keeps_both_statuses(tmp_path: Path) -> None:
    kept(tmp_path, page(b"blocked", status=403), page(b"blocked", after=1, etag='"b"'), page(b"", after=2, status=304))
    before = files(tmp_path)
    assert [c.status for c in Archive(tmp_path).captures(SITE)] == [403, 200, 200]
    (tmp_path / SITE / "2026-11.jsonl").unlink()
    kept(tmp_path)
    assert files(tmp_path) == before


# --------------------------------------------------------------------------------------------------- crashes and damage


def a_month() -> list[Page]:
    """Thirty responses of all kinds, in three months."""
    chance = random.Random(7)
    pages = []
    for n in range(30):
        body = chance.choice([b"same", b"", b"x" * 70_000, chance.randbytes(chance.randrange(1, 40_000))])
        body = gzip.compress(body, mtime=0) if chance.random() < 0.3 else body  # looks like a member inside a member
        status = chance.choice([200, 200, 200, 404, 503, 304])
        url = f"https://news.detik.com/berita/d-{n % 7}/judul"
        pages.append(page(b"" if status == 304 else body, url, n * 2.2 * 86400, status, etag=f'"{n}"'))
    return pages


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of `a_month`. Not to be written to: copy it."""
    root = tmp_path_factory.mktemp("full")
    kept(root, *a_month())
    return root


def test_all_kinds_together_are_whole(full: Path) -> None:
    captures = Archive(full).captures(SITE)
    assert len(captures) == 30 and len({c.warc for c in captures}) == 3
    assert any(c.of and c.of[0] != c.warc for c in captures), "revisits across months are among them"
    assert_whole(full)


def test_torn_tails_are_mended(full: Path, tmp_path: Path) -> None:
    """Both files cut anywhere: every record that is whole is kept, nothing is doubled, and the rest can come again."""
    chance, pages = random.Random(20261120), a_month()
    last = sorted((full / SITE).glob("*.warc.gz"))[-1]
    size, lines = last.stat().st_size, archive._index_of(last).stat().st_size
    for attempt in range(60):
        root = tmp_path / str(attempt)
        shutil.copytree(full, root)
        warc = root / SITE / last.name
        warc_end = chance.choice([size, size - chance.randrange(1, 60), chance.randrange(size)])
        index_end = chance.choice([lines, lines - 1, chance.randrange(lines)])
        whole = {c.fetched_at for c in Archive(root).captures(SITE) if c.warc != last.name}
        whole |= {c.fetched_at for c in Archive(root).captures(SITE) if c.offset + c.length <= warc_end}
        os.truncate(warc, warc_end)
        os.truncate(archive._index_of(warc), index_end)
        kept(root)
        assert {c.fetched_at for c in Archive(root).captures(SITE)} == whole, f"cut at {warc_end}, {index_end}"
        if attempt % 6 == 0:
            assert_whole(root)
            kept(root, *pages)
            assert len(Archive(root).captures(SITE)) == 30
            assert_whole(root)
        shutil.rmtree(root)


def test_a_lost_index_is_made_again_byte_for_byte(full: Path, tmp_path: Path) -> None:
    shutil.copytree(full, tmp_path, dirs_exist_ok=True)
    before = files(tmp_path)
    indexes = sorted((tmp_path / SITE).glob("*.jsonl"))
    for lost in ([indexes[0]], [indexes[-1]], indexes):
        for index in lost:
            index.unlink()
        kept(tmp_path)
        assert files(tmp_path) == before


def test_a_page_older_than_what_is_there_survives_the_loss_of_its_index(tmp_path: Path) -> None:
    """An old archive replayed into a newer one: the revisit in October points to a record of November."""
    kept(tmp_path, page())
    kept(tmp_path, page(after=-31 * 86400))
    before = files(tmp_path)
    (tmp_path / SITE / "2026-10.jsonl").unlink()
    kept(tmp_path)
    assert files(tmp_path) == before and len(Archive(tmp_path).captures(SITE)) == 2


def test_an_index_of_other_spacing_is_kept_as_it_is(tmp_path: Path) -> None:
    """Where a line ends is read, not computed: nothing is cut because it was written otherwise."""
    kept(tmp_path, page(), page(b"other", after=1))
    index = tmp_path / SITE / "2026-11.jsonl"
    index.write_text("".join(json.dumps(json.loads(line)) + "\n" for line in index.read_text().splitlines()))
    before = files(tmp_path)
    kept(tmp_path)
    assert files(tmp_path) == before and len(Archive(tmp_path).captures(SITE)) == 2


@pytest.mark.parametrize(
    "line", [b"rubbish", b"[1]", b'{"url":"x"}', b'{"offset":"a"}', b"\xff\xfe", b"", b'{"of":1}', b"null"]
)
def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path, line: bytes) -> None:
    kept(tmp_path, page(), page(b"other", after=1))
    index = tmp_path / SITE / "2026-11.jsonl"
    first, second = index.read_bytes().splitlines(keepends=True)
    index.write_bytes(first + line + b"\n" + second)
    for look in (lambda: Archive(tmp_path).captures(SITE), lambda: Archive(tmp_path).writer(SITE)):
        with pytest.raises(ArchiveError, match=r"2026-11\.jsonl line 2 is damaged .* delete the file") as error:
            look()
        assert "\n" not in str(error.value)
    index.unlink()  # what the message says helps
    kept(tmp_path)
    assert index.read_bytes() == first + second


def test_damage_before_the_end_is_no_torn_tail(tmp_path: Path) -> None:
    """With the index lost too, cutting at the damage would lose every page after it."""
    kept(tmp_path, *(page(os.urandom(3000), after=n) for n in range(5)))
    warc, index = tmp_path / SITE / "2026-11.warc.gz", tmp_path / SITE / "2026-11.jsonl"
    middle = Archive(tmp_path).captures(SITE)[2]
    content = bytearray(warc.read_bytes())
    content[middle.offset + 12 : middle.offset + 30] = bytes(18)
    warc.write_bytes(content)
    index.unlink()
    with pytest.raises(ArchiveError, match=rf"damaged at byte {middle.offset}, with records after it"):
        Archive(tmp_path).writer(SITE)
    assert warc.read_bytes() == content
    with pytest.raises(ArchiveError, match="damaged at byte"):  # and the lock was given back
        Archive(tmp_path).writer(SITE)


def test_zeros_at_the_end_are_a_torn_tail(tmp_path: Path) -> None:
    """As some file systems leave them after a power failure."""
    kept(tmp_path, page(), page(b"other", after=1))
    before = files(tmp_path)
    with (tmp_path / SITE / "2026-11.warc.gz").open("ab") as file:
        file.write(bytes(5000))
    kept(tmp_path)
    assert files(tmp_path) == before


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    store = kept(tmp_path, page())
    capture = store.captures(SITE)[0]
    (tmp_path / SITE / "2026-11.warc.gz").unlink()
    with pytest.raises(ArchiveError, match=r"2026-11\.warc\.gz is missing; bring it back"):
        store.writer(SITE)
    with pytest.raises(ArchiveError, match=r"no whole record at byte .*No such file"):
        store.read(reference(capture))


def test_bytes_that_are_not_what_the_index_says(tmp_path: Path) -> None:
    store = kept(tmp_path, page(), page(b"other", after=1))
    first, second = store.captures(SITE)
    with pytest.raises(ArchiveError, match="the bytes are not those the index names"):
        store.read(replace(reference(first), digest=second.digest))
    for offset in (first.offset + 1, 10**9):
        with pytest.raises(ArchiveError, match=f"no whole record at byte {offset}"):
            store.read(replace(reference(first), offset=offset))
    with pytest.raises(ArchiveError, match="no HTTP response"):
        store.read(replace(reference(first), offset=0))


def test_flipped_bytes_never_read_as_a_page(tmp_path: Path) -> None:
    store = kept(tmp_path, page(random.Random(3).randbytes(2000)))
    (capture,) = store.captures(SITE)
    warc, chance = tmp_path / SITE / capture.warc, random.Random(5)
    whole = warc.read_bytes()
    for _ in range(80):
        content = bytearray(whole)
        content[capture.offset + chance.randrange(capture.length)] ^= 1 << chance.randrange(8)
        warc.write_bytes(content)
        try:
            assert store.read(reference(capture)).body == page(random.Random(3).randbytes(2000)).body
        except ArchiveError as error:
            assert "\n" not in str(error)


# --------------------------------------------------------------------------------------------------- damage that is named


def damage(root: Path) -> list[tuple[str, int, str, tuple[str, ...]]]:
    """(file, byte, what, addresses) of everything that is wrong."""
    found = list(Archive(root).damage(SITE))
    assert all(d.remedy and "\n" not in d.what + d.remedy for d in found)
    return [(d.file.removeprefix(f"{root}/{SITE}/"), d.byte, d.what, d.urls) for d in found]


OTHER = "https://www.detik.com/jatim/d-2/kota-x-raih-adipura"


@pytest.fixture
def three(tmp_path: Path) -> tuple[Path, list[Capture]]:
    """Two pages of a month, and a revisit of the first one by another address in the next month."""
    store = kept(
        tmp_path, page(os.urandom(3000)), page(os.urandom(3000), URL + "2", 1), page(os.urandom(30), URL + "3", 2)
    )
    first = store.read(reference(store.captures(SITE)[0])).body
    kept(tmp_path, page(first, OTHER, 31 * 86400))
    return tmp_path, store.captures(SITE)


def test_a_whole_archive_has_no_damage(full: Path, three: tuple[Path, list[Capture]]) -> None:
    assert damage(full) == [] and damage(three[0]) == []
    assert list(Archive(full / "nowhere").damage(SITE)) == []


def test_a_flipped_byte_is_named_with_all_addresses_that_it_affects(three: tuple[Path, list[Capture]]) -> None:
    root, (first, *_) = three
    warc = root / SITE / first.warc
    content = bytearray(warc.read_bytes())
    content[first.offset + first.length // 2] ^= 0xFF
    warc.write_bytes(content)
    ((file, byte, what, urls),) = damage(root)
    assert (file, byte, urls) == (first.warc, first.offset, (URL, OTHER)) and what.startswith(
        "no whole record is there ("
    )
    (found,) = Archive(root).damage(SITE)
    assert found.remedy == f"bring back a copy of the file; without one, delete line 1 of {root}/{SITE}/2026-11.jsonl"


def test_a_record_of_other_bytes_is_named(three: tuple[Path, list[Capture]]) -> None:
    root, captures = three
    index = root / SITE / "2026-11.jsonl"
    old, new = captures[2].digest, payload_digest(b"other")
    index.write_text(index.read_text().replace(old, new))
    assert damage(root) == [
        (
            "2026-11.warc.gz",
            captures[2].offset,
            f"the bytes are {old}, and not those the index names ({new})",
            (URL + "3",),
        )
    ]


def test_a_line_without_its_record_is_named(three: tuple[Path, list[Capture]]) -> None:
    root, captures = three
    index, place = root / SITE / "2026-11.jsonl", f'"offset":{captures[1].offset},'
    whole = index.read_text()
    index.write_text(whole.replace(place, f'"offset":{captures[0].offset},'))
    ((file, byte, what, urls),) = damage(root)
    assert (file, byte, urls) == ("2026-11.warc.gz", captures[0].offset, (URL + "2",))
    assert what.startswith(f"the record there is {URL} of 2026-11-20T12:00:00.000000Z, and the index names {URL}2")
    index.write_text(whole.replace(place, f'"offset":{10**7},'))
    assert (10**7, (URL + "2",)) in [(byte, urls) for _, byte, _, urls in damage(root)]


def test_a_missing_file_is_named_once(three: tuple[Path, list[Capture]]) -> None:
    root, _ = three
    (root / SITE / "2026-11.warc.gz").unlink()
    assert damage(root) == [
        ("2026-11.warc.gz", 0, "the file is missing, and 3 captures with it", (URL, OTHER, URL + "2", URL + "3"))
    ]
    (found,) = Archive(root).damage(SITE)
    assert found.remedy == f"bring back a copy; without one, delete {root}/{SITE}/2026-11.jsonl too"
    (root / SITE / "2026-11.jsonl").unlink()
    ((file, _, what, urls),) = damage(root)
    assert (file, urls) == ("2026-12.warc.gz", (OTHER,)) and "of 2026-11.warc.gz, where the index names no such" in what


def test_indexes_that_are_lost_torn_or_damaged_are_named_and_made_again(three: tuple[Path, list[Capture]]) -> None:
    root, captures = three
    index = root / SITE / "2026-11.jsonl"
    whole = index.read_bytes()
    lines = whole.splitlines(keepends=True)
    lost = "its index 2026-11.jsonl is missing, and no page of it is found"
    end, size = captures[0].offset + captures[0].length, (root / SITE / "2026-11.warc.gz").stat().st_size
    cases: list[tuple[bytes | None, str, int, str]] = [
        (None, "2026-11.warc.gz", 0, lost),
        (lines[0], "2026-11.warc.gz", end, f"no line of the index names the {size - end} bytes from there on"),
        (lines[0] + b"{}\n" + lines[2], "2026-11.jsonl", len(lines[0]), "line 2 is damaged"),
    ]
    for content, file, byte, what in cases:
        index.unlink() if content is None else index.write_bytes(content)
        ((found, at, words, _),) = damage(root)
        assert (found, at) == (file, byte) and words.startswith(what)
        if file == "2026-11.jsonl":
            index.unlink()
        kept(root)
        assert index.read_bytes() == whole and damage(root) == []
    index.write_bytes(b"")
    assert "no line of the index names" in damage(root)[0][2], "an empty index too"


class Killed(BaseException):
    """Stands for the end of the process: nothing after it runs."""


STEP = st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([200, 200, 304, 404]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=st.lists(st.tuples(st.lists(STEP, max_size=6), st.integers(0, 900)), max_size=5))
def test_any_sequence_of_adding_and_dying(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[list[tuple[int, int, int]], int]]
) -> None:
    """Runs that die after so many bytes of a record or line: at most the capture under way is lost, nothing doubled."""
    root, moment, expected = tmp_path_factory.mktemp("runs"), 0, []
    with pytest.MonkeyPatch.context() as patch:
        for steps, budget in runs:
            left = budget

            def dying(file: FileIO, data: bytes) -> None:
                nonlocal left
                file.write(data[:left])
                if left < len(data):
                    raise Killed
                left -= len(data)

            writer, lost = Archive(root).writer(SITE), None
            patch.setattr(archive, "write_through", dying)
            try:
                for url, body, status in steps:
                    moment += 1
                    given = page(b"" if status == 304 else b"%d" % body, f"https://x.id/{url}", moment * 1e5, status)
                    writer.add(given)
                    expected.append(given.fetched_at)
            except Killed:
                lost = given.fetched_at
            patch.undo()
            for pair in writer._files.values():
                for file in pair:
                    file.close()
            writer._lock.release()  # as the system does when a process ends
            kept(root)
            found = [datetime.fromisoformat(c.fetched_at) for c in Archive(root).captures(SITE)]
            assert found in (expected, [*expected, lost])
            expected = found
    assert_whole(root)


def test_killed_in_the_middle_of_writing(tmp_path: Path) -> None:
    """A real process, killed for good while it writes as fast as it can."""
    program = (
        "import os, sys; from pathlib import Path; from datetime import *; from etl.model import Page\n"
        "from scraper.archive import Archive\n"
        "with Archive(Path(sys.argv[1])).writer('detik') as w:\n"
        "    for n in range(10**6):\n"
        "        at = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=n)\n"
        "        w.add(Page('detik', f'https://x.id/{n}', at, 200, (), os.urandom(20000)))\n"
        "        print(n, flush=True)\n"
    )
    for round_ in range(2):
        child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT)
        assert child.stdout is not None
        while int(child.stdout.readline()) < 20 + round_:
            pass
        os.kill(child.pid, signal.SIGKILL)
        said = int((child.stdout.read().split() or [b"20"])[-1])
        child.wait()
        child.stdout.close()
        kept(tmp_path)
        numbers = [int(c.url.rpartition("/")[2]) for c in Archive(tmp_path).captures(SITE)]
        assert numbers == list(range(len(numbers))) and len(numbers) > said
    assert_whole(tmp_path)


# ------------------------------------------------------------------------------------------------- locks and full disks


def test_a_second_writer_is_refused_until_the_first_has_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LOCK_PATIENCE", 0.1)
    with Archive(tmp_path).writer(SITE) as writer:
        writer.add(page())
        with pytest.raises(ArchiveError, match=r"another crawl of detik is writing .*; wait for it or stop it"):
            Archive(tmp_path).writer(SITE)
        assert len(Archive(tmp_path).captures(SITE)) == 1, "readers need no lock"
        with Archive(tmp_path).writer("kompas") as other:
            other.add(replace(page(), site="kompas"))
    with Archive(tmp_path).writer(SITE) as writer:
        assert writer.add(page(b"other", after=1)) is True


def test_a_writer_waits_a_little_for_one_that_is_ending(tmp_path: Path) -> None:
    holder = (
        "import sys, time; from pathlib import Path; from scraper.archive import Archive\n"
        "with Archive(Path(sys.argv[1])).writer('detik'): print(1, flush=True); time.sleep(0.4)\n"
    )
    with subprocess.Popen([sys.executable, "-c", holder, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout is not None and child.stdout.readline()
        start = time.monotonic()
        kept(tmp_path, page())
        assert 0.1 < time.monotonic() - start < archive.LOCK_PATIENCE


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / SITE).write_text("a file where the folder should be")
    with pytest.raises(ArchiveError, match=r"detik cannot be written: (File exists|Not a directory)"):
        Archive(tmp_path).writer(SITE)


FULL = """
import resource, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from etl.model import Page
from scraper.archive import Archive, ArchiveError

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
chance, errors, n = Random(1), [], 0
with Archive(Path(sys.argv[1])).writer("detik") as writer:
    for n in range(40):
        at = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=n)
        try:
            writer.add(Page("detik", f"https://x.id/{n}", at, 200, (), chance.randbytes(700)))
        except ArchiveError as error:
            errors.append(n)
            message = str(error)
print(errors[0], len(errors), message)
"""


@pytest.mark.parametrize("limit", [200, 5000, 9123])
def test_a_full_disk_leaves_a_valid_archive(tmp_path: Path, limit: int) -> None:
    """A real refusal of the operating system, in the middle of a record (or of the file's first)."""
    told = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), str(limit)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    first, many, message = told.stdout.strip().split(" ", 2)
    assert int(many) == 40 - int(first), "after the first refusal nothing more is written"
    assert message == f"{tmp_path / SITE / '2026-11.warc.gz'} cannot be written: File too large"
    assert [c.url for c in Archive(tmp_path).captures(SITE)] == [f"https://x.id/{n}" for n in range(int(first))]
    assert_whole(tmp_path)
    kept(tmp_path, page())
    assert len(Archive(tmp_path).captures(SITE)) == int(first) + 1
    assert_whole(tmp_path)


@pytest.mark.parametrize("target", ["2026-11.warc.gz", "2026-11.jsonl"])
def test_a_disk_that_fills_up_between_record_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    kept(tmp_path, page())
    before, real = files(tmp_path), archive.write_through

    refusals = [28]

    def full(file: FileIO, data: bytes) -> None:
        if Path(str(file.name)).name == target and refusals:
            real(file, data[: len(data) // 2])
            raise OSError(refusals.pop(), "No space left on device")
        real(file, data)

    monkeypatch.setattr(archive, "write_through", full)
    with Archive(tmp_path).writer(SITE) as writer:
        for _ in range(2):  # the second would fit: but a crawl that lost a page must not look complete
            with pytest.raises(ArchiveError, match="cannot be written: No space left on device"):
                writer.add(page(b"other", after=1))
    assert files(tmp_path) == before
    monkeypatch.undo()
    kept(tmp_path, page(b"other", after=1))
    assert len(Archive(tmp_path).captures(SITE)) == 2
    assert_whole(tmp_path)


# --------------------------------------------------------------------------------------------------- readers of others


def test_the_archive_of_a_crawl_with_all_kinds_of_answers_is_read_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`warcio check` is clean, and each record comes back by its offset, alone, with the bytes that were served."""
    unpacked = "<p>Kota X raih Adipura</p>" * 50
    packed = gzip.compress(unpacked.encode(), mtime=0)
    served = {
        "/robots.txt": status(404), "/lists": cached(feed(*range(9)), etag='"l"'), "/berita/0": page_of("Kota X"),
        "/berita/1": page_of(packed, content_encoding="gzip"), "/berita/2": page_of(b""), "/berita/3": status(404),
        "/berita/4": status(503), "/berita/5": status(301, location="/berita/0"), "/berita/6": status(302, location="/b"),
        "/berita/7": page_of("Kota X"), "/berita/8": page_of(os.urandom(70_000), content_type="image/png"),
    }  # fmt: skip
    with serving(dict(served)) as site:
        declared = outlet(site, feeds=[f"{site.base}/lists"])
        for now in ("2026-11-20T03:00:00+00:00", "2099-11-21T04:00:00+00:00"):
            assert crawl(tmp_path, declared, "--now", now).code == 0
    captures = Archive(tmp_path).captures("local")
    kinds = {(c.status, c.of is not None) for c in captures}
    assert {(200, False), (200, True), (404, False), (503, True), (301, False), (302, False)} <= kinds
    assert_whole(tmp_path, "local")
    bodies = {}
    for capture in captures:
        with (tmp_path / "local" / capture.warc).open("rb") as file:
            file.seek(capture.offset)
            alone = BytesIO(file.read(capture.length))
        (record,) = list(map(read_whole, ArchiveIterator(alone, check_digests="raise")))
        kind, fields, body = record
        assert kind == ("revisit" if capture.of else "response") and fields["WARC-Target-URI"] == capture.url
        assert fields["WARC-Payload-Digest"] == capture.digest
        if capture.of is None:
            assert payload_digest(body) == capture.digest
            bodies[capture.warc, capture.offset] = body
            continue
        said = next(c for c in captures if (c.url, c.fetched_at) == (
            fields["WARC-Refers-To-Target-URI"], fields["WARC-Refers-To-Date"]))  # fmt: skip
        assert (said.warc, said.offset) == capture.of and said.digest == capture.digest, (
            "pywb finds it by address and time"
        )
    by_path = {c.url.removeprefix(site.base): bodies[c.of or (c.warc, c.offset)] for c in captures}
    assert by_path["/berita/1"] == packed and by_path["/berita/2"] == b"" and by_path["/berita/7"] == b"Kota X"


def read_whole(record: ArcWarcRecord) -> tuple[str, dict[str, str], bytes]:
    """Type, WARC fields and payload; a wrong block or payload digest raises."""
    body: bytes = record.raw_stream.read()
    return record.rec_type, dict(record.rec_headers.headers), body


# ----------------------------------------------------------------------------------------------------- foreign archives


def foreign(packed: bool) -> bytes:
    """As other crawlers write: a request and a DNS answer between, chunks kept, a page with no status, a revisit."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version="1.0")
    writer.write_record(writer.create_warcinfo_record("CC-NEWS.warc", {"software": "another"}))

    def response(url: str, body: bytes, at: str, *headers: tuple[str, str], status: str = "200 OK") -> None:
        http = StatusAndHeaders(status, list(headers), "HTTP/1.1")
        dated = {"WARC-Date": at}
        writer.write_record(writer.create_warc_record(url, "response", BytesIO(body), len(body), "", dated, None, http))

    def other(kind: str, url: str, body: bytes) -> None:
        writer.write_record(writer.create_warc_record(url, kind, BytesIO(body), len(body)))

    other("request", URL, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    other("resource", "dns:news.detik.com", b"20261120 127.0.0.1")
    response(URL, b"<p>Kota X</p>", "2026-11-20T12:00:00Z", ("ETag", '"a"'))
    response(URL + "2", b"5\r\nKota \r\n1\r\nY\r\n0\r\n\r\n", "2026-11-20T12:00:01Z", ("Transfer-Encoding", "chunked"))
    response(URL + "3", b"?", "2026-11-20T12:00:02Z", status="unknown")
    dated = {"WARC-Date": "2026-11-20T12:00:03Z"}
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
    writer.write_record(
        writer.create_revisit_record(URL + "4", "sha1:X", URL, "2026-11-20T12:00:00Z", http, dict(dated))
    )
    earlier = (URL + "4", "2026-11-20T12:00:03Z")  # a revisit of a revisit
    writer.write_record(writer.create_revisit_record(URL + "5", "sha1:X", *earlier, http, dict(dated)))
    writer.write_record(writer.create_revisit_record(URL + "6", "sha1:X", URL, "2020-01-01T00:00:00Z", http, dated))
    return out.getvalue()


@pytest.mark.parametrize("name", ["cc.warc.gz", "cc.warc"])
def test_foreign_files_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(foreign(packed=name.endswith("gz")))
    file = WarcFile(path)
    captures = list(file.captures(SITE))
    assert [(c.url.removeprefix(URL), c.status) for c in captures] == [(n, 200) for n in ("", "2", "4", "5")]
    bodies = [file.read(capture).body for capture in captures]
    assert bodies == [b"<p>Kota X</p>", b"Kota Y", b"<p>Kota X</p>", b"<p>Kota X</p>"]
    assert captures[0].etag == '"a"' and file.read(captures[0]).fetched_at == NOON and file.cut_short is None
    assert captures[2].of == (name, captures[0].offset) and captures[2].digest == payload_digest(b"<p>Kota X</p>")


@pytest.mark.parametrize("packed", [True, False])
def test_a_foreign_file_cut_short_is_read_as_far_as_it_goes(tmp_path: Path, packed: bool) -> None:
    whole, path = foreign(packed), tmp_path / "cut.warc"
    path.write_bytes(whole)
    places = [(c.offset + c.length, c.url) for c in WarcFile(path).captures(SITE)]
    chance = random.Random(11)
    for _ in range(40):
        end = chance.randrange(400, len(whole))
        path.write_bytes(whole[:end])
        file = WarcFile(path)
        found = [c.url for c in file.captures(SITE)]
        assert found == [url for last, url in places if last <= end]
        assert file.cut_short is None or "damaged or cut short after" in file.cut_short
    path.write_bytes(whole[: places[0][0] - 30])
    file = WarcFile(path)
    assert list(file.captures(SITE)) == []
    assert file.cut_short and file.cut_short.startswith(f"{path} is damaged or cut short after 3 whole records")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no WARC record"),
        (b"just some text\nof two lines\n", "is no WARC file, or damaged from its start"),
        (b"<!DOCTYPE html><html></html>", "is no WARC file, or damaged from its start"),
        (gzip.compress(b"a packed text", mtime=0), "is no WARC file, or damaged from its start"),
        (b"\x1f\x8b\x08\x00 torn", "WARC"),
        (bytes(range(256)) * 9, "WARC"),
    ],
    ids=["empty", "text", "html", "packed text", "torn", "binary"],
)
def test_what_is_no_archive_is_said_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "thing.warc.gz"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=words) as error:
        list(WarcFile(path).captures(SITE))
    assert "\n" not in str(error.value) and len(str(error.value)) < 400


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.warc.gz", tmp_path):
        with pytest.raises(ArchiveError, match="is not there; give the path of a WARC file"):
            WarcFile(path)


def test_a_file_packed_as_one_is_told_from_one_packed_by_record(tmp_path: Path) -> None:
    path = tmp_path / "whole.warc.gz"
    path.write_bytes(gzip.compress(foreign(packed=False)))
    file = WarcFile(path)
    list(file.captures(SITE))
    assert file.cut_short and "non-chunked gzip" in file.cut_short and "\n" not in file.cut_short


def test_our_own_files_are_read_like_foreign_ones(full: Path) -> None:
    """With what a site served twice, so that a replay of our archive finds every address."""
    for warc in (full / SITE).glob("*.warc.gz"):
        file = WarcFile(warc)
        mine = {c.fetched_at: c for c in Archive(full).captures(SITE) if c.warc == warc.name}
        for capture in file.captures(SITE):
            expected = mine.pop(capture.fetched_at)
            assert capture == expected and payload_digest(file.read(capture).body) == capture.digest
        assert all(c.of and c.of[0] != warc.name for c in mine.values()), "only what points into another month is left"
