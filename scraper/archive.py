"""WARC in and out, and the index of captures. Knows nothing of Scrapy: re-reading the past must not start a reactor.

A site's folder holds the WARC files of each month (one gzip member a record, ISO 28500:2017), each with an index of JSON
lines beside it. The record is written first, its index line last: **a record without its line does not exist** for a
reader. Opening for writing mends what a crash left: a whole record gets its line, a torn one is cut. Bytes that the site
has served before are not stored again: a *revisit* record points at them. Behind an address that is no folder
(`store.py`) the same files are written to a folder of this machine first, and published when the writer closes.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from http.client import responses
from io import BytesIO, FileIO
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from filelock import FileLock, Timeout
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from etl.model import AwardsError, Page, PageRef, UnreadablePage
from scraper import swap
from scraper.blocklist import Blocklist, block, blocklist, unblock
from scraper.captures import Capture as Capture  # readers of archives find it here
from scraper.captures import Captures
from scraper.store import Folder, Remote, Store, store_at

MAX_FILE = 1_000_000_000  # bytes of a WARC file, a single larger record aside (ISO 28500:2017, annex C: 1 GB)
LOCK_PATIENCE = 3.0  # seconds; the crawl of a run that was killed ends within a quarter of one
_WARC_VERSION = "WARC/1.1"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins
_TOLD = tuple(field.name for field in fields(Capture) if field.name not in ("site", "warc"))  # by a line of the index
_RENAMINGS = 20  # times that a name may turn out to be taken by another machine's file


class ArchiveError(AwardsError):
    """The archive cannot be written or read: locked by another crawl, disk full, a file missing or damaged."""


class ArchiveBusy(ArchiveError):
    """Another process is writing the site's files: later it can be done."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is wrong: in which file, from which byte on, the addresses whose bytes it affects, and what to do."""

    file: str
    byte: int
    what: str
    urls: tuple[str, ...]
    remedy: str


def payload_digest(body: bytes) -> str:
    """'sha1:BASE32' over the body as served, as WARC-Payload-Digest writes it."""
    digester = Digester("sha1")
    digester.update(body)
    return str(digester)


# ---------------------------------------------------------------------------------------------------------- our archive


class Archive:
    """WARC files by site and month, in a folder or at an fsspec address. Reading needs no lock and never changes a file.

    `staging`: folder of this machine where what goes to an address waits until it is published.
    """

    def __init__(self, root: Path | str, staging: Path | None = None) -> None:
        self.store: Folder | Remote = store_at(root)
        self._staging = staging

    def sites(self) -> list[str]:
        """Names of the sites that have a folder here, sorted."""
        with reaching(self.store):
            return self.store.sites()

    def captures(self, site: str) -> list[Capture]:
        """Every capture of a site, oldest first. A torn last line counts as not written."""
        with reaching(self.store):
            found = [capture for _, captures in listings(self.store, site) for capture in captures]
        return sorted(found, key=lambda c: (c.fetched_at, c.url, c.digest))

    def read(self, ref: PageRef) -> Page:
        """The page as it was served at its first visit.

        Raises ArchiveError when the bytes are not where, or not what, the index says.
        """
        return _read_in(
            self.store, ref.site, (ref.warc, ref.offset, ref.length), ref.digest, ref.url, ref.first_fetched_at
        )

    def blocked(self, site: str) -> Blocklist:
        """The articles of a site that were taken down and may not be kept."""
        with reaching(self.store):
            return blocklist(self.store, site)

    def block(self, site: str, article_ids: Iterable[str]) -> None:
        """Let no article of these ids be kept any more; what is there of them stays until it is purged."""
        with reaching(self.store):
            block(self.store, site, article_ids)

    def unblock(self, site: str, article_ids: Iterable[str]) -> None:
        """Let them be kept again."""
        with reaching(self.store):
            unblock(self.store, site, article_ids)

    def generation(self, site: str) -> swap.Generation:
        """Which state a site's files are in: as long as it stays the same, what captures say of places holds."""
        with reaching(self.store):
            return swap.generation(self.store, site)

    def where(self, site: str, name: str) -> str:
        """A file's path or address."""
        return f"{self.store.address}/{site}/{name}"

    def writer(self, site: str) -> ArchiveWriter:
        """Open a site for adding captures; at most one writer a site at a time on a machine (ArchiveError otherwise)."""
        if isinstance(self.store, Folder):
            return ArchiveWriter(self.store.root / site, site)
        if self._staging is None:
            raise ArchiveError(f"{self.store.address} is not written in place: say where files wait (--staging FOLDER)")
        place = sha256(self.store.address.encode()).hexdigest()[:16]
        return ArchiveWriter(self._staging / place / site, site, self.store)

    def damage(self, site: str) -> Iterator[Damage]:
        """What is wrong with a site's files, reading every record that an index lists; nothing is changed.

        What follows the last listed record is named too: a crawl that goes on lists what it has written in the same moment.
        """
        with reaching(self.store):
            sizes = self.store.files(site)  # before the lines: a crawl may be going on
        listed: dict[str, list[Capture]] = {}
        for name in sorted((n for n in sizes if n.endswith(".jsonl")), key=_order):
            where, warc, captures, end = self.where(site, name), _warc_name(name), [], 0
            try:
                with reaching(self.store):
                    for _, lines in self.store.opened(site, [name]):
                        for capture, line_end in _index_lines(lines, where, warc, site):
                            captures.append(capture)
                            end = line_end
                listed[warc] = captures
            except ArchiveError as error:
                what = str(error).partition("; ")[0].removeprefix(f"{where} ") + ", and no page is found by this index"
                yield Damage(where, end, what, (), "delete the index; the next crawl makes it again")
        yield from _damage(self, site, sizes, listed)


def _damage(archive: Archive, site: str, sizes: dict[str, int], listed: dict[str, list[Capture]]) -> Iterator[Damage]:
    every = [capture for captures in listed.values() for capture in captures]
    bodies = {(c.warc, c.offset, c.digest) for c in every if c.of is None}
    users: defaultdict[tuple[str, int, str], dict[str, None]] = defaultdict(dict)
    for capture in every:
        users[*(capture.of or (capture.warc, capture.offset)), capture.digest][capture.url] = None
    for warc in sorted((n for n in sizes if n.endswith(".warc.gz") and index_name(n) not in sizes), key=_order):
        what = f"its index {index_name(warc)} is missing, and no page of it is found"
        yield Damage(archive.where(site, warc), 0, what, (), "the next crawl makes it again")
    for warc, captures in listed.items():
        file, index = archive.where(site, warc), archive.where(site, index_name(warc))
        if warc not in sizes:
            urls = tuple(
                dict.fromkeys(url for c in captures for url in users.get((c.warc, c.offset, c.digest), [c.url]))
            )
            if captures:
                yield Damage(file, 0, f"the file is missing, and {len(captures)} captures with it", urls,
                             f"bring back a copy; without one, delete {index} too")  # fmt: skip
            continue
        for number, capture in enumerate(captures, 1):
            urls = tuple(users.get((capture.warc, capture.offset, capture.digest), [capture.url]))
            remedy = f"bring back a copy of {{}}; without one, delete line {number} of {index}"
            if fault := _fault(archive.store, capture):
                yield Damage(file, capture.offset, fault, urls, remedy.format("the file"))
            elif capture.of is not None and (*capture.of, capture.digest) not in bodies:
                if capture.of[0] in sizes and capture.of[0] not in listed:
                    continue  # its index is what is wrong, and named
                what = f"a revisit of byte {capture.of[1]} of {capture.of[0]}, where the index names no such bytes"
                yield Damage(file, capture.offset, what, urls, remedy.format(f"{capture.of[0]} with its index"))
        end = captures[-1].offset + captures[-1].length if captures else _end_of_first(archive.store, site, warc)
        if sizes[warc] > end:
            what = f"no line of the index names the {sizes[warc] - end} bytes from there on"
            yield Damage(file, end, what, (), "the next crawl lists what is whole and cuts the rest")


def _end_of_first(store: Store, site: str, warc: str) -> int:
    """Where the file's first record, which is no page and has no line, ends; 0 when it is torn."""
    with reaching(store), store.at(site, warc, 0, 1 << 16) as file:
        return next((length for _, length in whole_members(file, 0)), 0)


def _fault(store: Store, capture: Capture) -> str | None:
    """What is wrong with the record of a capture, and None when it is as its line says."""
    try:
        with store.at(capture.site, capture.warc, capture.offset, capture.length) as file:
            record = record_at(file)
            url, at = record.rec_headers["WARC-Target-URI"], record.rec_headers["WARC-Date"]
            if (url, at) != (capture.url, capture.fetched_at):
                return f"the record there is {url or record.rec_type} of {at}, and the index names {capture.url}"
            page = page_of(record, capture.site, capture.url, datetime.fromisoformat(capture.fetched_at))
    except (OSError, UnreadablePage, ValueError) as error:
        return f"no whole record is there ({_brief(error)})"
    found = payload_digest(page.body)
    if capture.of is None and found != capture.digest:
        return f"the bytes are {found}, and not those the index names ({capture.digest})"
    return None


class ArchiveWriter:
    """Appends captures of one site; a context manager. A crash at any byte loses at most the capture under way.

    With `published`, the folder holds what waits: closing publishes it, and so does the next writer after a crash.
    """

    def __init__(self, folder: Path, site: str, published: Remote | None = None) -> None:
        self.folder, self.site, self._published = folder, site, published
        self._newest: dict[str, int] = {}  # month -> number of its newest file, here or published
        self._files: dict[str, tuple[FileIO, FileIO]] = {}
        self._closed: ArchiveError | None = None  # why nothing can be written any more
        self._lock = _locked(folder, site)
        try:
            self._known = Captures()
            self._finish_a_swap()
            self._learn()
            self._publish()
        except (OSError, sqlite3.Error) as error:
            self._lock.release()
            raise _unwritable(folder, error) from error
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with ExitStack() as closing:
                for file in (file for pair in self._files.values() for file in pair):
                    closing.enter_context(file)
                    os.fsync(file.fileno())
            self._publish()
        except OSError as fault:
            if error is None:
                raise _unwritable(self.folder, fault) from fault
        except ArchiveError:
            if error is None:
                raise
        finally:
            self._known.close()
            self._lock.release()

    def captures(self, since: datetime | None = None) -> Iterator[Capture]:
        """Every capture of the site, or those from a time on, oldest first."""
        return self._known.all(_stamp(since) if since else "")

    def latest(self, url: str) -> Capture | None:
        """The newest whole and successful (200) capture of an address, with the validators its bytes are known by."""
        return self._known.latest(url)

    def read(self, capture: Capture) -> Page:
        """The page as it was served. Raises ArchiveError when its bytes are damaged."""
        held = self._known.body(capture.digest) or capture
        is_here = self._published is None or (self.folder / held.warc).exists()
        store = Folder(self.folder.parent) if is_here else self._published
        assert store is not None
        at = datetime.fromisoformat(capture.fetched_at)
        return _read_in(store, self.site, (held.warc, held.offset, held.length), capture.digest, capture.url, at)

    # --------------------------------------------------------------------------------------------------------- writing

    def add(self, page: Page, truncated: bool = False) -> bool:
        """Keep one response; True when its bytes were new. A 304 is kept as a revisit of the address's newest bytes.

        `truncated`: its body broke off; it is kept, and is no address's newest copy. The same (address, time) twice, as
        when an archive is replayed again, is kept once. Raises ArchiveError when the disk refuses; the archive is then
        whole, without this page, and takes no other.
        """
        at = _stamp(page.fetched_at)
        if self._known.at(page.url, at) is not None:
            return False
        confirmed = self.latest(page.url) if page.status == 304 else None
        digest = confirmed.digest if confirmed else payload_digest(page.body)
        stored = self._known.body(digest) if page.body or confirmed else None
        page = replace(page, headers=storable_headers(page))
        why = "unspecified" if truncated else None
        record = record_bytes(page, at, digest, stored, NOT_MODIFIED if confirmed else SAME_PAYLOAD, why)
        capture = Capture(
            self.site, page.url, at, confirmed.status if confirmed else page.status, digest,
            "", 0, len(record), page.header("etag"), page.header("last-modified"),
            (stored.warc, stored.offset) if stored else None, why,
        )  # fmt: skip
        self._append(capture, record)
        return stored is None

    def _append(self, capture: Capture, record: bytes) -> None:
        """Write record and line; what the disk took of a capture that it did not take whole is cut off again."""
        if self._closed is not None:
            raise self._closed
        path = self.folder
        try:
            path = self._file_of(capture.fetched_at[:7], len(record))
            warc, index = self._open(path)
            offset, line_at = os.fstat(warc.fileno()).st_size, os.fstat(index.fileno()).st_size
            capture = replace(capture, warc=path.name, offset=offset)
            try:
                write_through(warc, record)
                write_through(index, index_line(capture))
                self._known.remember(capture)
            except (OSError, sqlite3.Error):
                warc.truncate(offset)
                index.truncate(line_at)
                raise
        except (OSError, sqlite3.Error) as error:
            self._closed = _unwritable(path, error)
            raise self._closed from error

    def _file_of(self, month: str, length: int) -> Path:
        """The month's newest file, or the one after it where that is published, or would become too long."""
        number = self._newest.get(month, 0)
        path = self.folder / _warc_of_month(month, number)
        if number == 0 or not path.exists() or path.stat().st_size + length > MAX_FILE:
            path = self.folder / _warc_of_month(month, number + 1)
            self._newest[month] = number + 1
        return path

    def _open(self, path: Path) -> tuple[FileIO, FileIO]:
        if path.name not in self._files:
            self._files[path.name] = warc, _ = FileIO(path, "ab"), FileIO(_index_of(path), "ab")
            if os.fstat(warc.fileno()).st_size == 0:
                try:
                    write_through(warc, _warcinfo(path.name))
                except OSError:
                    warc.truncate(0)
                    raise
        return self._files[path.name]

    # --------------------------------------------------------------------------------------------------------- mending

    def _finish_a_swap(self) -> None:
        store = self._published or Folder(self.folder.parent)
        with reaching(store):
            swap.finish(store, self.folder.name if self._published is None else self.site)

    def _learn(self) -> None:
        """Make files and indexes agree again, and know every capture, here and published."""
        self._known.clear()
        names = [path.name for kind in ("*.warc.gz", "*.jsonl") for path in self.folder.glob(kind)]
        if self._published is not None:
            with reaching(self._published):
                published = self._published.files(self.site)
                for _, captures in listings(self._published, self.site):
                    for capture in captures:
                        self._known.remember(capture)
                for index in (name for name in published if name.endswith(".jsonl")):
                    if _warc_name(index) not in published:
                        where = f"{self._published.address}/{self.site}/{_warc_name(index)}"
                        raise ArchiveError(f"{where} is missing; bring it back, or delete {index} beside it too")
                for warc in (name for name in published if name.endswith(".warc.gz")):
                    # Its index was lost, or whoever published it did not come to the index: it is made again here.
                    if index_name(warc) not in published and warc not in names:
                        self._published.fetch(self.site, warc, self.folder / warc)
                names += published
        self._mend()
        for month, number in map(_order, names):
            self._newest[month] = max(number, self._newest.get(month, 0))

    def _mend(self) -> None:
        warcs = sorted(self.folder.glob("*.warc.gz"), key=lambda path: _order(path.name))
        for index in sorted(self.folder.glob("*.jsonl")):
            if index.stat().st_size and _warc_of(index) not in warcs:
                raise ArchiveError(f"{_warc_of(index)} is missing; bring it back, or delete {index.name} beside it too")
        ends = {}
        for warc in warcs:
            ends[warc] = 0
            for capture in _sound_lines(warc, self.site):
                self._known.remember(capture)
                ends[warc] = capture.offset + capture.length
        torn = {warc: end for warc, end in ends.items() if end < warc.stat().st_size}
        # Twice: a revisit may refer to a record of a file that comes later.
        again = {warc: end for warc, end in torn.items() if not self._list_the_rest(warc, end, is_last_try=False)}
        for warc, end in again.items():
            self._list_the_rest(warc, end, is_last_try=True)

    def _list_the_rest(self, warc: Path, end: int, is_last_try: bool) -> bool:
        """Give each whole record from `end` on its index line, and cut the torn one after them.

        False, and nothing written, when a revisit refers to what is not known yet; at the last try it is passed over.
        """
        found = []
        with warc.open("rb") as file:
            is_known = True
            for offset, length in whole_members(file, end):
                capture, refers_to_known = self._capture_at(file, offset)
                is_known &= refers_to_known
                if capture is not None:
                    capture = replace(capture, warc=warc.name, offset=offset, length=length)
                    found.append(capture)
                    self._known.remember(capture)
                end = offset + length
            if _another_record(file, end):
                raise ArchiveError(
                    f"{warc} is damaged at byte {end}, with records after it; bring back a copy, or move the file away"
                )
        if not is_known and not is_last_try:
            return False
        with FileIO(_index_of(warc), "ab") as index:
            for capture in found:
                write_through(index, index_line(capture))
        if warc.stat().st_size > end:
            os.truncate(warc, end)
        return True

    def _capture_at(self, file: IO[bytes], offset: int) -> tuple[Capture | None, bool]:
        """The capture of a record, if it is one, and whether what it refers to is known."""
        is_known = True

        def stored_at(url: str, at: str) -> Capture | None:
            nonlocal is_known
            stored = self._known.at(url, at)
            is_known = stored is not None
            return stored

        file.seek(offset)
        try:
            return _capture_of(record_at(file), self.site, stored_at), is_known
        except UnreadablePage as error:
            raise ArchiveError(f"{file.name} at byte {offset}: no WARC record ({error}); move the file away") from error

    # ------------------------------------------------------------------------------------------------------ publishing

    def _publish(self) -> None:
        """Put what waits in the folder where readers see it: the record's file first, then its index, and then forget it.

        What another machine has published under the same name meanwhile stays; ours takes the next number.
        """
        if self._published is None:
            return
        for _ in range(_RENAMINGS):
            taken = self._publish_until_taken(self._published)
            if taken is None:
                return
            for index in self.folder.glob("*.jsonl"):  # made again: their revisits name the file
                index.unlink()
            month, number = _order(taken.name)
            with reaching(self._published):
                there = [_order(name) for name in self._published.files(self.site)]
            here = [_order(path.name) for path in self.folder.glob("*.warc.gz")]
            number = max(n for m, n in [*here, *there, (month, number)] if m == month) + 1
            taken.rename(self.folder / _warc_of_month(month, number))
            self._learn()
        raise ArchiveError(f"{self._published.address}: other files take every name; ours wait in {self.folder}")

    def _publish_until_taken(self, published: Remote) -> Path | None:
        """The first file whose name is another one's; None when all are published."""
        for warc in sorted(self.folder.glob("*.warc.gz"), key=lambda path: _order(path.name)):
            index = _index_of(warc)
            if index.exists() and index.stat().st_size:
                with reaching(published, f"; what was fetched waits in {self.folder}, the next crawl publishes it"):
                    if not published.publish(self.site, warc):
                        return warc
                    if not published.publish(self.site, index):
                        raise ArchiveError(
                            f"{published.address}/{self.site}/{index.name} is not the index of {warc.name}; delete it, "
                            "the next crawl makes it again"
                        )
            index.unlink(missing_ok=True)  # the index first: a record's file alone can be listed again
            warc.unlink()
        return None


@contextmanager
def reaching(store: Store, so: str = "") -> Iterator[None]:
    """What a store refuses comes out as an ArchiveError that names it; `so` says what follows."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(f"{store.address} cannot be read or written: {_brief(error)}{so}") from error


def _locked(folder: Path, site: str) -> FileLock:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        lock.acquire(timeout=LOCK_PATIENCE)
    except Timeout as error:
        raise ArchiveBusy(f"another crawl of {site} is writing {folder}; wait for it or stop it") from error
    except OSError as error:
        raise _unwritable(folder, error) from error
    return lock


def _unwritable(path: Path, error: OSError | sqlite3.Error) -> ArchiveError:
    if isinstance(error, sqlite3.Error):
        return ArchiveError(
            f"{path} cannot be written: the folder of temporary files: {error}; SQLITE_TMPDIR sets another"
        )
    return ArchiveError(f"{path} cannot be written: {error.strerror or error}")


def write_through(file: FileIO, data: bytes) -> None:
    """All of the bytes, or OSError."""
    # Unbuffered: what the disk refused must not lie in a buffer and reach the file later, at closing.
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) or 0 :]


# --------------------------------------------------------------------------------------------------- records we write


def record_bytes(
    page: Page, at: str, digest: str, stored: Capture | None, profile: str, truncated: str | None
) -> bytes:
    """A response record, or a revisit record of the bytes that are `stored`."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version=_WARC_VERSION)
    fields = {"WARC-Date": at, "WARC-Payload-Digest": digest}
    if stored is not None:
        fields |= {
            "WARC-Profile": profile,
            "WARC-Refers-To-Target-URI": stored.url,
            "WARC-Refers-To-Date": stored.fetched_at,
        }
    if truncated is not None:
        fields["WARC-Truncated"] = truncated
    http = StatusAndHeaders(f"{page.status} {responses.get(page.status, 'Status')}", list(page.headers), "HTTP/1.1")
    kind, payload = ("response", BytesIO(page.body)) if stored is None else ("revisit", None)
    record = writer.create_warc_record(page.url, kind, payload=payload, warc_headers_dict=fields, http_headers=http)
    writer.write_record(record)
    return buffer.getvalue()


def _warcinfo(name: str) -> bytes:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version=_WARC_VERSION)
    info = {"software": "awards-etl", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(name, info))
    return buffer.getvalue()


def storable_headers(page: Page) -> tuple[tuple[str, str], ...]:
    """The headers as they read back from a record: one line each, in ASCII, and a length that is the body's.

    The body is stored after transfer decoding, so the server's own transfer-encoding and content-length would lie.
    """
    kept = [h for h in page.headers if h[0] not in ("transfer-encoding", "content-length")]
    told = ((name, re.sub(r"[^\x20-\x7e]", lambda m: quote(m[0]), value.strip())) for name, value in kept)
    return (*told, ("content-length", str(len(page.body))))


# ------------------------------------------------------------------------------------------------------------ the index


def _stamp(at: datetime) -> str:
    """A time as WARC-Date has it, in UTC and to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _warc_of_month(month: str, number: int) -> str:
    return f"{month}.warc.gz" if number < 2 else f"{month}-{number}.warc.gz"


def _order(name: str) -> tuple[str, int]:
    """Month and number of a file, by which names sort: the tenth comes after the ninth."""
    stem = name.partition(".")[0]
    found = re.fullmatch(r"(\d{4}-\d\d)-(\d+)", stem)
    return (found[1], int(found[2])) if found else (stem, 1)


def index_name(warc: str) -> str:
    """The name of a WARC file's index."""
    return warc.removesuffix(".warc.gz") + ".jsonl"


def _warc_name(index: str) -> str:
    return index.removesuffix(".jsonl") + ".warc.gz"


def _index_of(warc: Path) -> Path:
    return warc.with_name(index_name(warc.name))


def _warc_of(index: Path) -> Path:
    return index.with_name(_warc_name(index.name))


def index_line(capture: Capture) -> bytes:
    """A capture as its index lists it: one line of JSON."""
    told = {name: value for name in _TOLD if (value := getattr(capture, name)) is not None}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def listings(store: Store, site: str, names: Iterable[str] | None = None) -> Iterator[tuple[str, list[Capture]]]:
    """The captures that each index lists, with the name of its WARC file, months in order."""
    names = [name for name in store.files(site) if name.endswith(".jsonl")] if names is None else names
    for name, lines in store.opened(site, sorted(names, key=_order)):
        where = f"{store.address}/{site}/{name}"
        yield _warc_name(name), [capture for capture, _ in _index_lines(lines, where, _warc_name(name), site)]


def _index_lines(lines: Iterable[bytes], where: str, warc: str, site: str) -> Iterator[tuple[Capture, int]]:
    """Each capture of an index, and the byte where its line ends. A torn last line counts as not written."""
    end = 0
    for number, line in enumerate(lines, 1):
        if not line.endswith(b"\n"):
            return
        end += len(line)
        try:
            fields = json.loads(line)
            of = fields.pop("of", None)
            capture = Capture(site=site, warc=warc, of=of and (of[0], of[1]), **fields)
            if capture.offset < 0 or capture.length <= 0:
                raise ValueError("no such place")
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            raise ArchiveError(
                f"{where} line {number} is damaged ({error}); delete the file, the next crawl makes it again"
            ) from error
        yield capture, end


def _sound_lines(warc: Path, site: str) -> Iterator[Capture]:
    """The captures an index lists that the WARC file holds; the rest of the index is cut off.

    After a power failure a line may have reached the disk and its record not.
    """
    index, size, end = _index_of(warc), warc.stat().st_size, 0
    if not index.exists():
        return
    with index.open("rb") as lines:
        for capture, line_end in _index_lines(lines, str(index), warc.name, site):
            if capture.offset + capture.length > size:
                break
            end = line_end
            yield capture
    if index.stat().st_size > end:
        os.truncate(index, end)


# ------------------------------------------------------------------------------------------------ records of any origin


def whole_members(file: IO[bytes], start: int) -> Iterator[tuple[int, int]]:
    """Offset and length of each whole gzip member from `start`; stops where a member is torn or damaged."""
    offset, position, stream = start, start, zlib.decompressobj(31)
    file.seek(start)
    while chunk := file.read(1 << 16):
        while chunk:
            try:
                stream.decompress(chunk)
            except zlib.error:
                return
            position += len(chunk) - len(stream.unused_data)
            chunk = stream.unused_data
            if stream.eof:
                here = file.tell()
                yield offset, position - offset
                file.seek(here)
                offset, stream = position, zlib.decompressobj(31)


def _another_record(file: IO[bytes], damage: int) -> bool:
    """Whether a record begins somewhere after the damage: then it is no torn tail, and cutting would lose pages."""
    if os.fstat(file.fileno()).st_size <= damage:
        return False
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(_MEMBER, damage + 1)
        while at >= 0:
            try:
                if zlib.decompressobj(31).decompress(data[at : at + 512], 5) == b"WARC/":
                    return True
            except zlib.error:
                pass  # three bytes that only look like it
            at = data.find(_MEMBER, at + 1)
    return False


def record_at(file: IO[bytes]) -> ArcWarcRecord:
    """The record that begins where the file stands. Raises UnreadablePage when there is none, or not all of it."""
    start = file.tell()
    packed = file.read(len(_MEMBER)) == _MEMBER
    file.seek(start)
    try:
        return next(iter(ArchiveIterator(BytesIO(_unpacked(file)) if packed else file)))
    except (StopIteration, ArchiveLoadFailed, EOFError, ValueError, zlib.error) as error:
        raise UnreadablePage(_brief(error)) from error


def _unpacked(file: IO[bytes]) -> bytes:
    """One gzip member. (warcio would read a damaged one as far as it goes, and print what was wrong.)"""
    stream, parts = zlib.decompressobj(31), []
    while not stream.eof:
        chunk = file.read(1 << 16)
        if not chunk:
            raise EOFError("it is cut short")
        parts.append(stream.decompress(chunk))
    return b"".join(parts)


def _capture_of(record: ArcWarcRecord, site: str, stored_at: Callable[[str, str], Capture | None]) -> Capture | None:
    """What a record captured, its place still blank; None when that is no page (a warcinfo, a request, a DNS answer).

    `stored_at` finds the capture of an address at a time, to which a revisit refers; what it refers to may be in a
    file that is not here, and then it says nothing. Raises UnreadablePage when the record is cut short.
    """
    url, at = record.rec_headers["WARC-Target-URI"], record.rec_headers["WARC-Date"]
    if record.rec_type not in ("response", "revisit") or not url or not at or record.http_headers is None:
        return None
    try:
        page = page_of(record, site, url, datetime.fromisoformat(at))
    except ValueError:  # no date, or no status: nobody's HTTP
        return None
    digest = payload_digest(page.body)
    capture = Capture(
        site, url, at, page.status, digest, "", 0, 0, page.header("etag"), page.header("last-modified"),
        truncated=record.rec_headers["WARC-Truncated"],
    )  # fmt: skip
    if record.rec_type == "response":
        return capture
    stored = stored_at(record.rec_headers["WARC-Refers-To-Target-URI"], record.rec_headers["WARC-Refers-To-Date"])
    if stored is None:
        return None
    status = 200 if page.status == 304 else page.status
    return replace(capture, digest=stored.digest, status=status, of=stored.of or (stored.warc, stored.offset))


def page_of(record: ArcWarcRecord, site: str, url: str, at: datetime) -> Page:
    """The page in a record, as served. Raises UnreadablePage when it holds none, or not all of it."""
    if record.http_headers is None:
        raise UnreadablePage("it is no HTTP response")
    headers = tuple((name.lower(), value) for name, value in record.http_headers.headers)
    body: bytes = record.raw_stream.read()
    if getattr(record.raw_stream, "limit", 0):
        raise UnreadablePage(f"the record of {url} is cut short")
    status, at = int(record.http_headers.get_statuscode()), at if at.tzinfo else at.replace(tzinfo=UTC)
    page = Page(site, url, at, status, headers, body)
    if (page.header("transfer-encoding") or "").lower() == "chunked":  # never in ours; some crawlers keep the chunks
        return replace(page, body=ChunkedDataReader(BytesIO(body)).read())
    return page


def _read_in(store: Store, site: str, place: tuple[str, int, int], digest: str, url: str, at: datetime) -> Page:
    """The page whose record lies in a WARC file at an offset, so many bytes long."""
    warc, offset, length = place
    where = f"{store.address}/{site}/{warc}"
    return _read_at(lambda: store.at(site, warc, offset, length), where, offset, digest, site, url, at)


def _read_at(
    opened: Callable[[], IO[bytes]], where: str, offset: int, digest: str, site: str, url: str, at: datetime
) -> Page:
    try:
        with opened() as file:
            page = page_of(record_at(file), site, url, at)
    except (OSError, UnreadablePage, ValueError) as error:
        raise ArchiveError(f"{where} holds no whole record at byte {offset}: {_brief(error)}") from error
    if payload_digest(page.body) != digest:
        raise ArchiveError(f"{where} at byte {offset}: the bytes are not those the index names ({digest})")
    return page


def _brief(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:120] or type(error).__name__


# ----------------------------------------------------------------------------------------------------- foreign archives


class WarcFile:
    """One WARC file of any origin, ours or foreign, read in order. `cut_short` tells, afterwards, where it ended."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cut_short: str | None = None
        if not path.is_file():
            raise ArchiveError(f"{path} is not there; give the path of a WARC file")

    def captures(self, site: str) -> Iterator[Capture]:
        """Each response's place, in file order; stops at the first damaged record and says so in `cut_short`.

        Raises ArchiveError when the file holds no record at all.
        """
        count = 0
        found: dict[tuple[str, str], Capture] = {}
        try:
            with self.path.open("rb") as file:
                records = ArchiveIterator(file)
                for record in records:
                    capture = _capture_of(record, site, lambda url, at: found.get((url, at)))
                    offset, length = records.get_record_offset(), records.get_record_length()
                    member = records.reader.decompressor
                    if member is not None and not member.eof and file.tell() == os.fstat(file.fileno()).st_size:
                        raise UnreadablePage("the end of its last record is missing")
                    count += 1
                    if capture is not None:
                        capture = replace(capture, warc=self.path.name, offset=offset, length=length)
                        found[capture.url, capture.fetched_at] = capture
                        yield capture
        except (ArchiveLoadFailed, UnreadablePage, OSError, EOFError, ValueError, AttributeError) as error:
            # (AttributeError: warcio's own, where a record's fields break off)
            if count == 0:
                raise ArchiveError(
                    f"{self.path} is no WARC file, or damaged from its start: {_brief(error)}"
                ) from error
            self.cut_short = f"{self.path} is damaged or cut short after {count} whole records ({_brief(error)})"
        if count == 0:
            raise ArchiveError(f"{self.path} holds no WARC record")

    def read(self, capture: Capture) -> Page:
        """The page at a place that `captures` gave."""
        offset = capture.of[1] if capture.of else capture.offset
        at = datetime.fromisoformat(capture.fetched_at)

        def opened() -> IO[bytes]:
            file = self.path.open("rb")
            file.seek(offset)
            return file

        return _read_at(opened, str(self.path), offset, capture.digest, capture.site, capture.url, at)
