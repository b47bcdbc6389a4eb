"""An archive at an address: in memory, in files that fsspec opens, and behind a server that stores whole objects only."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import FileIO
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import fsspec
import pytest

from etl.model import Page, UsageError
from scraper import archive
from scraper.archive import Archive, ArchiveError, ArchiveWriter, payload_digest
from scraper.store import store_at
from tests.scraper.crawling import crawl, feed, outlet
from tests.scraper.local_site import cached, serving, status
from tests.scraper.local_site import page as page_of
from tests.scraper.test_archive import ROOT, SITE, URL, Killed, a_month, assert_whole, page, reference


class Objects(BaseHTTPRequestHandler):
    """As an object store: GET a whole object or a range of it, POST a whole one, and a list of what begins alike."""

    protocol_version = "HTTP/1.1"
    stored: dict[str, bytes]
    asked: list[tuple[str, str, str]]
    is_broken = False

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, self.headers.get("Range", "")
        self.asked.append((self.command, path, asked))
        code, body = 200, self.stored.get(path)
        if self.is_broken:
            code, body = 503, b""
        elif body is None:
            inside = {path.rstrip("/") + "/" + p.removeprefix(path.rstrip("/") + "/").split("/")[0] + (
                "/" if "/" in p.removeprefix(path.rstrip("/") + "/") else "")
                for p in self.stored if p.startswith(path.rstrip("/") + "/")}  # fmt: skip
            code, body = (200, "".join(f'<a href="{p}">x</a>' for p in inside).encode()) if inside else (404, b"")
        if asked.startswith("bytes=") and code == 200:
            first, _, last = asked.removeprefix("bytes=").partition("-")
            code, body = 206, body[int(first) : int(last) + 1]
        self._answer(code, body)

    do_HEAD = do_GET  # noqa: N815  # http.server's name

    def do_POST(self) -> None:
        self.asked.append(("POST", self.path, ""))
        content = b""
        while (size := int(self.rfile.readline(), 16)) > 0:
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        if not self.is_broken:
            self.stored[self.path] = content
        self._answer(503 if self.is_broken else 200, b"")

    def _answer(self, code: int, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def objects() -> Iterator[tuple[str, type[Objects]]]:
    """Address and handler of a store on this machine."""
    kind = type("ObjectsHere", (Objects,), {"stored": {}, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/bucket", kind
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(params=["memory", "file", "objects"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An address at which nothing lies yet."""
    if request.param == "objects":
        with objects() as (url, _):
            yield url
    else:
        yield {"memory": f"memory://{uuid4()}/archive", "file": f"file://{tmp_path}/there"}[request.param]


def at(address: str, tmp_path: Path) -> Archive:
    return Archive(address, tmp_path / "staging")


def kept(address: str, tmp_path: Path, *pages: Page) -> Archive:
    with at(address, tmp_path).writer(SITE) as writer:
        for each in pages:
            writer.add(each)
    return at(address, tmp_path)


def contents(address: str) -> dict[str, bytes]:
    """Every file of the site at the address."""
    store = store_at(address)
    return {name: file.read() for name, file in store.opened(SITE, sorted(store.files(SITE)))}


def waiting(tmp_path: Path) -> list[str]:
    """Files that are not published."""
    found = (path for path in (tmp_path / "staging").rglob("*") if path.is_file() and path.name != ".lock")
    return sorted(path.name for path in found)


def assert_sound(address: str, tmp_path: Path) -> None:
    """Nothing waits, nothing is damaged, and a copy of it is whole by `warcio check` and opens as an archive in a folder."""
    assert waiting(tmp_path) == [] and list(at(address, tmp_path).damage(SITE)) == []
    copy = tmp_path / f"copy {uuid4()}"
    (copy / SITE).mkdir(parents=True)
    for name, content in contents(address).items():
        (copy / SITE / name).write_bytes(content)
    assert_whole(copy)
    assert Archive(copy).captures(SITE) == at(address, tmp_path).captures(SITE)


def newest(writer: ArchiveWriter) -> Page:
    capture = writer.latest(URL)
    assert capture is not None
    return writer.read(capture)


def left_behind(writer: ArchiveWriter) -> None:
    """As the system leaves it when a process is killed."""
    for pair in writer._files.values():
        for file in pair:
            file.close()
    writer._lock.release()


# ------------------------------------------------------------------------------------------------------------- sessions


def test_each_session_publishes_files_of_its_own(address: str, tmp_path: Path) -> None:
    assert at(address, tmp_path).sites() == [] and at(address, tmp_path).captures(SITE) == []
    pages = a_month()
    for start in range(0, 30, 10):
        kept(address, tmp_path, *pages[start : start + 12])
    store = at(address, tmp_path)
    assert store.sites() == [SITE] and len(store.captures(SITE)) == 30
    december = sorted(name for name in contents(address) if name.startswith("2026-12") and name.endswith("gz"))
    assert december == ["2026-12-2.warc.gz", "2026-12.warc.gz"]
    local = tmp_path / "local"
    with Archive(local).writer(SITE) as writer:
        for each in pages:
            writer.add(each)
    mine = {(c.url, c.fetched_at, c.status, c.digest, c.etag, bool(c.of)) for c in Archive(local).captures(SITE)}
    assert {(c.url, c.fetched_at, c.status, c.digest, c.etag, bool(c.of)) for c in store.captures(SITE)} == mine
    sized = {(c.warc, c.offset): c.length for c in store.captures(SITE)}
    for capture in store.captures(SITE):
        length = sized[capture.of or (capture.warc, capture.offset)]
        assert payload_digest(store.read(replace(reference(capture), length=length)).body) == capture.digest
    assert_sound(address, tmp_path)


def test_readers_see_what_is_published_and_nothing_else(address: str, tmp_path: Path) -> None:
    with at(address, tmp_path).writer(SITE) as writer:
        writer.add(page())
        assert at(address, tmp_path).captures(SITE) == [] and waiting(tmp_path) == ["2026-11.jsonl", "2026-11.warc.gz"]
        assert newest(writer).body == page().body, "the writer has what it wrote"
    assert [c.url for c in at(address, tmp_path).captures(SITE)] == [URL]
    with at(address, tmp_path).writer(SITE) as writer:
        assert newest(writer).body == page().body, "and what was published before"
        assert writer.add(page(after=9)) is False, "which is not stored again"
        assert writer.add(page()) is False
    assert_sound(address, tmp_path)


def test_a_session_that_fetched_nothing_leaves_nothing(address: str, tmp_path: Path) -> None:
    kept(address, tmp_path)
    assert contents(address) == {} and waiting(tmp_path) == []
    kept(address, tmp_path, page())
    before = contents(address)
    kept(address, tmp_path)
    assert contents(address) == before


def test_files_of_a_session_are_of_bounded_size(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILE", 5000)
    pages = [page(random.Random(n).randbytes(1500), f"{URL}{n}", n) for n in range(24)]
    kept(address, tmp_path, *pages[:14])
    kept(address, tmp_path, *pages)
    warcs = list(dict.fromkeys(c.warc for c in at(address, tmp_path).captures(SITE)))
    assert warcs == ["2026-11.warc.gz", *(f"2026-11-{n}.warc.gz" for n in range(2, len(warcs) + 1))] and len(warcs) > 10
    assert_sound(address, tmp_path)


# -------------------------------------------------------------------------------------------------------------- crashes


def test_what_a_killed_session_left_is_published_by_the_next(address: str, tmp_path: Path) -> None:
    kept(address, tmp_path, page())
    before = contents(address)
    writer = at(address, tmp_path).writer(SITE)
    for n in range(5):
        writer.add(page(os.urandom(900), f"{URL}{n}", 10 + n))
    left_behind(writer)
    (warc,) = (tmp_path / "staging").rglob("2026-11-2.warc.gz")
    os.truncate(warc, warc.stat().st_size - 40)  # torn in its last record
    assert contents(address) == before
    with at(address, tmp_path).writer(SITE):
        assert len(at(address, tmp_path).captures(SITE)) == 5, "published before the session begins"
    assert {name: contents(address)[name] for name in before} == before, "what was there is as it was"
    kept(address, tmp_path, page(after=99))
    assert {c.warc for c in at(address, tmp_path).captures(SITE)} == {f"2026-11{n}.warc.gz" for n in ("", "-2", "-3")}
    assert_sound(address, tmp_path)


STEPS = ("exists", "put_file", "size", "makedirs")


def test_publishing_that_is_killed_at_any_step_is_completed_once(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call to the store in turn is the last one, before and after it did its work; then the next session comes."""
    counted, last = 0, 10**9

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **told: object) -> object:
            nonlocal counted
            counted += 1
            if counted == last:
                raise Killed
            result = real(*given, **told)
            counted += 1
            if counted == last:
                raise Killed
            return result

        return call

    fs = fsspec.core.url_to_fs(address)[0]
    pages = [page(os.urandom(300), f"{URL}{n}", n) for n in range(90)]
    done, moments = 0, 0
    for moment in range(1, 40, 3 if address.startswith("http") else 1):  # three: before and after in turn
        given = pages[done : done + 2]
        writer = at(address, tmp_path).writer(SITE)
        for each in given:
            writer.add(each)
        done += 2
        with monkeypatch.context() as patch:
            counted, last = 0, moment
            for name in STEPS:
                patch.setattr(fs, name, dying(getattr(fs, name)))
            try:
                writer.__exit__(None, None, None)
                moments = moment
                break
            except Killed:
                left_behind(writer)
        kept(address, tmp_path)
        assert [c.url for c in at(address, tmp_path).captures(SITE)] == [p.url for p in pages[:done]]
    assert moments > 8, "the calls are seen"
    assert_sound(address, tmp_path)


def test_a_publication_that_broke_off_in_the_middle_of_a_file_is_completed(tmp_path: Path) -> None:
    """Where a store shows half of a file (a network folder does)."""
    address = f"file://{tmp_path}/there"
    writer = at(address, tmp_path).writer(SITE)
    for n in range(3):
        writer.add(page(os.urandom(900), f"{URL}{n}", n))
    left_behind(writer)
    (warc,) = (tmp_path / "staging").rglob("2026-11.warc.gz")
    there = tmp_path / "there" / SITE
    there.mkdir(parents=True)
    (there / warc.name).write_bytes(warc.read_bytes()[:1500])
    kept(address, tmp_path)
    assert len(at(address, tmp_path).captures(SITE)) == 3
    assert list(contents(address)) == ["2026-11.jsonl", "2026-11.warc.gz"]
    assert_sound(address, tmp_path)


def test_a_process_killed_in_the_middle_loses_no_page_and_doubles_none(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from datetime import *; from etl.model import Page\n"
        "from scraper.archive import Archive\n"
        "with Archive(sys.argv[1], Path(sys.argv[2])).writer('detik') as w:\n"
        "    for n in range(10**6):\n"
        "        at = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=n)\n"
        "        w.add(Page('detik', f'https://x.id/{n}', at, 200, (), os.urandom(20000)))\n"
        "        print(n, flush=True)\n"
    )
    address = f"file://{tmp_path}/there"
    for round_ in range(2):
        command = [sys.executable, "-c", program, address, str(tmp_path / "staging")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as child:
            assert child.stdout is not None
            while int(child.stdout.readline()) < 20 + 9 * round_:
                pass
            os.kill(child.pid, signal.SIGKILL)
            said = int((child.stdout.read().split() or [b"20"])[-1])
        kept(address, tmp_path)
        numbers = [int(c.url.rpartition("/")[2]) for c in at(address, tmp_path).captures(SITE)]
        assert numbers == list(range(len(numbers))) and len(numbers) > said
    assert_sound(address, tmp_path)


# ------------------------------------------------------------------------------------------------------ other machines


def test_a_name_that_another_machine_took_meanwhile_is_left_to_it(address: str, tmp_path: Path) -> None:
    """Also the revisits of this session then name the file by its new name."""
    kept(address, tmp_path, page())
    here = at(address, tmp_path).writer(SITE)
    body = os.urandom(500)
    for n, each in enumerate((page(body, URL + "here"), page(body, URL + "again"), page(body, URL + "later"))):
        here.add(page(each.body, each.url, (n + 1) * 10 + (n == 2) * 31 * 86400))
    there = Archive(address, tmp_path / "another machine")
    with there.writer(SITE) as writer:
        writer.add(page(os.urandom(5000), URL + "there", 5))
    before = contents(address)
    here.__exit__(None, None, None)
    assert before.items() <= contents(address).items()
    places = {c.url.removeprefix(URL): (c.warc, c.of and c.of[0]) for c in there.captures(SITE)}
    assert places == {
        "": ("2026-11.warc.gz", None), "there": ("2026-11-2.warc.gz", None), "here": ("2026-11-3.warc.gz", None),
        "again": ("2026-11-3.warc.gz", "2026-11-3.warc.gz"), "later": ("2026-12.warc.gz", "2026-11-3.warc.gz"),
    }  # fmt: skip
    assert_sound(address, tmp_path)


def test_a_second_writer_of_this_machine_is_refused(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LOCK_PATIENCE", 0.1)
    with at(address, tmp_path).writer(SITE), pytest.raises(ArchiveError, match="another crawl of detik is writing"):
        at(address, tmp_path).writer(SITE)


# ---------------------------------------------------------------------------------------------------------------- damage


def test_an_index_that_was_lost_is_made_again_from_the_published_file(tmp_path: Path) -> None:
    address = f"file://{tmp_path}/there"
    pages = a_month()
    kept(address, tmp_path, *pages[:20])
    kept(address, tmp_path, *pages)
    before = contents(address)
    for lost in ("2026-11.jsonl", "*.jsonl"):
        for index in (tmp_path / "there" / SITE).glob(lost):
            index.unlink()
        assert [d.what for d in at(address, tmp_path).damage(SITE)]
        kept(address, tmp_path)
        assert contents(address) == before
    assert_sound(address, tmp_path)


def test_damage_at_an_address_is_named(tmp_path: Path) -> None:
    address = f"file://{tmp_path}/there"
    store = kept(address, tmp_path, page(), page(os.urandom(900), URL + "2", 1))
    _, second = store.captures(SITE)
    warc = tmp_path / "there" / SITE / "2026-11.warc.gz"
    content = bytearray(warc.read_bytes())
    content[second.offset + second.length // 2] ^= 0xFF
    warc.write_bytes(content)
    (found,) = store.damage(SITE)
    assert (found.file, found.byte, found.urls) == (f"{address}/{SITE}/2026-11.warc.gz", second.offset, (URL + "2",))
    warc.unlink()
    (found,) = store.damage(SITE)
    assert found.what == "the file is missing, and 2 captures with it"
    with pytest.raises(ArchiveError, match=r"2026-11\.warc\.gz is missing; bring it back, or delete 2026-11\.jsonl"):
        store.writer(SITE)


def test_a_store_that_fails_is_said_in_one_line_and_what_was_fetched_waits(tmp_path: Path) -> None:
    with objects() as (address, server):
        kept(address, tmp_path, page())
        writer = at(address, tmp_path).writer(SITE)
        writer.add(page(b"other", after=1))
        server.is_broken = True
        with pytest.raises(
            ArchiveError, match=r"cannot be read or written: .*; what was fetched waits in .*staging"
        ) as error:
            writer.__exit__(None, None, None)
        assert "\n" not in str(error.value)
        for look in (lambda: at(address, tmp_path).captures(SITE), lambda: at(address, tmp_path).writer(SITE)):
            with pytest.raises(ArchiveError, match=r"^http://127\S+ cannot be read or written: "):
                look()
        server.is_broken = False
        kept(address, tmp_path)
        assert len(at(address, tmp_path).captures(SITE)) == 2
        assert_sound(address, tmp_path)


def test_a_full_disk_while_fetching_publishes_what_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address, real, refusals = f"file://{tmp_path}/there", archive.write_through, [28]

    def full(file: FileIO, data: bytes) -> None:
        if b"second" in data and refusals:
            real(file, data[: len(data) // 2])
            raise OSError(refusals.pop(), "No space left on device")
        real(file, data)

    monkeypatch.setattr(archive, "write_through", full)
    with pytest.raises(ArchiveError, match=r"2026-11\.warc\.gz cannot be written: No space left on device"):
        kept(address, tmp_path, page(), page(os.urandom(90), URL + "/second", 1))
    assert [c.url for c in at(address, tmp_path).captures(SITE)] == [URL]
    assert_sound(address, tmp_path)


def test_reading_asks_for_the_range_of_a_page_and_no_more(tmp_path: Path) -> None:
    with objects() as (address, server):
        store = kept(address, tmp_path, *(page(os.urandom(50_000), f"{URL}{n}", n) for n in range(4)))
        capture = store.captures(SITE)[2]
        server.asked.clear()
        store.read(reference(capture))
        assert server.asked == [
            ("GET", f"/bucket/{SITE}/2026-11.warc.gz", f"bytes={capture.offset}-{capture.offset + capture.length - 1}")
        ]


def test_addresses_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"the archive's address nosuch://x cannot be opened: .*nosuch"):
        Archive("nosuch://x")
    with pytest.raises(ArchiveError, match=r"memory://x is not written in place: say where files wait \(--staging"):
        Archive("memory://x").writer(SITE)


# ---------------------------------------------------------------------------------------------------------- a whole crawl


def test_a_crawl_into_an_address_and_the_next_one(tmp_path: Path) -> None:
    served = {
        "/robots.txt": status(404), "/rss": cached(feed(1, 2), etag='"f"'), "/berita/1": page_of("satu"),
        "/berita/2": page_of("dua"),
    }  # fmt: skip
    address, staging = f"file://{tmp_path}/there", ["--staging", str(tmp_path / "staging")]
    with serving(dict(served)) as site:
        first = crawl(address, outlet(site), *staging)
        again = crawl(address, outlet(site), *staging, "--now", "2099-11-21T04:00:00+00:00")
    assert (first.code, again.code) == (0, 0), first.log
    assert (first.said["report"]["stored"], again.said["report"]["stored"]) == (4, 0)
    there = Archive(address)
    assert len(there.captures("local")) == 6 and list(there.damage("local")) == [] and waiting(tmp_path) == []
    month = datetime.now(UTC).strftime("%Y-%m")
    assert sorted({c.warc for c in there.captures("local")}) == [f"{month}-2.warc.gz", f"{month}.warc.gz"]
    lines = (tmp_path / "there" / "local" / f"{month}-2.jsonl").read_text().splitlines()
    assert {json.loads(line)["of"][0] for line in lines} == {f"{month}.warc.gz"}
