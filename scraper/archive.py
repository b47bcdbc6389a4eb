"""WARC in and out, and the index of captures. Knows nothing of Scrapy: re-reading the past must not start a reactor.

A site's folder holds one WARC file a month (one gzip member a record, ISO 28500:2017) and beside it an index of JSON
lines. The record is written first, its index line last: **a record without its line does not exist** for a reader.
Opening for writing mends what a crash left: a whole record gets its line, a torn one is cut. Bytes that the site has
served before are not stored again: a *revisit* record points at them.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
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

LOCK_PATIENCE = 3.0  # seconds; the crawl of a run that was killed ends within a quarter of one
_WARC_VERSION = "WARC/1.1"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins


class ArchiveError(AwardsError):
    """The archive cannot be written or read: locked by another crawl, disk full, a file missing or damaged."""


@dataclass(frozen=True, slots=True)
class Capture:
    """Where one response lies: file (below the archive's folder), offset and length of its record in bytes.

    `digest` is the WARC payload digest (SHA-1 over the body as served). Of a revisit, `of` names file and offset of the
    record that holds the bytes. Of a 304, `digest` and `status` are those of the page that it confirmed.
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


def payload_digest(body: bytes) -> str:
    """'sha1:BASE32' over the body as served, as WARC-Payload-Digest writes it."""
    digester = Digester("sha1")
    digester.update(body)
    return str(digester)


# ---------------------------------------------------------------------------------------------------------- our archive


class Archive:
    """A folder of WARC files by site and month. Reading needs no lock and never changes a file."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def sites(self) -> list[str]:
        """Names of the sites that have a folder here, sorted."""
        return sorted(p.name for p in self.root.iterdir() if p.is_dir()) if self.root.is_dir() else []

    def captures(self, site: str) -> list[Capture]:
        """Every capture of a site, oldest first. A torn last line counts as not written."""
        indexes = sorted((self.root / site).glob("*.jsonl"))
        found = [capture for index in indexes for capture, _ in _index_lines(index, site)]
        return sorted(found, key=lambda c: (c.fetched_at, c.url, c.digest))

    def read(self, ref: PageRef) -> Page:
        """The page as it was served at its first visit.

        Raises ArchiveError when the bytes are not where, or not what, the index says.
        """
        path = self.root / ref.site / ref.warc
        return _read_at(path, ref.offset, ref.digest, ref.site, ref.url, ref.first_fetched_at)

    def writer(self, site: str) -> ArchiveWriter:
        """Open a site's folder for appending; at most one writer a site at a time (ArchiveError otherwise)."""
        return ArchiveWriter(self.root / site, site)


class ArchiveWriter:
    """Appends captures of one site; a context manager. A crash at any byte loses at most the capture under way.

    `latest` holds the newest successful (200) capture of each address, with the validators its bytes are known by.
    """

    def __init__(self, folder: Path, site: str) -> None:
        self.folder, self.site = folder, site
        self.latest: dict[str, Capture] = {}
        self._seen: dict[tuple[str, str], Capture] = {}
        self._bodies: dict[str, Capture] = {}  # digest -> the capture that holds the bytes
        self._files: dict[str, tuple[FileIO, FileIO]] = {}
        self._closed: ArchiveError | None = None  # why nothing can be written any more
        self._lock = _locked(folder, site)
        try:
            self._mend()
        except OSError as error:
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
        except OSError as fault:
            if error is None:
                raise _unwritable(self.folder, fault) from fault
        finally:
            self._lock.release()

    def captures(self) -> Iterator[Capture]:
        """Every capture of the site, oldest first."""
        yield from sorted(self._seen.values(), key=lambda c: c.fetched_at)

    def read(self, capture: Capture) -> Page:
        """The page as it was served. Raises ArchiveError when its bytes are damaged."""
        warc, offset = capture.of or (capture.warc, capture.offset)
        at = datetime.fromisoformat(capture.fetched_at)
        return _read_at(self.folder / warc, offset, capture.digest, self.site, capture.url, at)

    # --------------------------------------------------------------------------------------------------------- writing

    def add(self, page: Page) -> bool:
        """Keep one response; True when its bytes were new. A 304 is kept as a revisit of the address's newest bytes.

        The same (address, time) twice, as when an archive is replayed again, is kept once. Raises ArchiveError when
        the disk refuses; the archive is then whole, without this page, and takes no other.
        """
        at = page.fetched_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        if (page.url, at) in self._seen:
            return False
        confirmed = self.latest.get(page.url) if page.status == 304 else None
        digest = confirmed.digest if confirmed else payload_digest(page.body)
        stored = self._bodies.get(digest) if page.body or confirmed else None
        page = replace(page, headers=_storable(page))
        record = _record(page, at, digest, stored, _NOT_MODIFIED if confirmed else _SAME_PAYLOAD)
        capture = Capture(
            self.site, page.url, at, confirmed.status if confirmed else page.status, digest,
            f"{at[:7]}.warc.gz", 0, len(record), page.header("etag"), page.header("last-modified"),
            (stored.warc, stored.offset) if stored else None,
        )  # fmt: skip
        self._remember(self._append(capture, record))
        return stored is None

    def _append(self, capture: Capture, record: bytes) -> Capture:
        """Write record and line; what the disk took of a capture that it did not take whole is cut off again."""
        if self._closed is not None:
            raise self._closed
        path = self.folder / capture.warc
        try:
            warc, index = self._open(path)
            offset, line_at = os.fstat(warc.fileno()).st_size, os.fstat(index.fileno()).st_size
            capture = replace(capture, offset=offset)
            try:
                _write(warc, record)
                _write(index, _line(capture))
            except OSError:
                warc.truncate(offset)
                index.truncate(line_at)
                raise
        except OSError as error:
            self._closed = _unwritable(path, error)
            raise self._closed from error
        return capture

    def _open(self, path: Path) -> tuple[FileIO, FileIO]:
        if path.name not in self._files:
            self._files[path.name] = warc, _ = FileIO(path, "ab"), FileIO(_index_of(path), "ab")
            if os.fstat(warc.fileno()).st_size == 0:
                try:
                    _write(warc, _warcinfo(path.name))
                except OSError:
                    warc.truncate(0)
                    raise
        return self._files[path.name]

    def _remember(self, capture: Capture) -> None:
        self._seen[capture.url, capture.fetched_at] = capture
        if capture.of is None:
            self._bodies.setdefault(capture.digest, capture)
        newest = self.latest.get(capture.url)
        if capture.status == 200 and (newest is None or newest.fetched_at <= capture.fetched_at):
            if newest is not None and newest.digest == capture.digest:  # a 304 need not repeat the validators
                capture = replace(
                    capture,
                    etag=capture.etag or newest.etag,
                    last_modified=capture.last_modified or newest.last_modified,
                )
            self.latest[capture.url] = capture

    # --------------------------------------------------------------------------------------------------------- mending

    def _mend(self) -> None:
        """Make files and indexes agree again, and remember every capture."""
        warcs = sorted(self.folder.glob("*.warc.gz"))
        for index in sorted(self.folder.glob("*.jsonl")):
            if index.stat().st_size and _warc_of(index) not in warcs:
                raise ArchiveError(f"{_warc_of(index)} is missing; bring it back, or delete {index.name} beside it too")
        ends = {}
        for warc in warcs:
            ends[warc] = 0
            for capture in _sound_lines(warc, self.site):
                self._remember(capture)
                ends[warc] = capture.offset + capture.length
        for warc, end in ends.items():
            if end < warc.stat().st_size:
                self._list_the_rest(warc, end)

    def _list_the_rest(self, warc: Path, end: int) -> None:
        """Give each whole record from `end` on its index line, and cut the torn one after them."""
        with warc.open("rb") as file, FileIO(_index_of(warc), "ab") as index:
            for offset, length in _whole_members(file, end):
                found = self._capture_at(file, offset)
                if found is not None:
                    found = replace(found, warc=warc.name, offset=offset, length=length)
                    _write(index, _line(found))
                    self._remember(found)
                end = offset + length
            if _another_record(file, end):
                raise ArchiveError(
                    f"{warc} is damaged at byte {end}, with records after it; bring back a copy, or move the file away"
                )
        if warc.stat().st_size > end:
            os.truncate(warc, end)

    def _capture_at(self, file: IO[bytes], offset: int) -> Capture | None:
        try:
            return _capture_of(_record_at(file, offset), self.site, lambda url, at: self._seen.get((url, at)))
        except UnreadablePage as error:
            raise ArchiveError(f"{file.name} at byte {offset}: no WARC record ({error}); move the file away") from error


def _locked(folder: Path, site: str) -> FileLock:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        lock.acquire(timeout=LOCK_PATIENCE)
    except Timeout as error:
        raise ArchiveError(f"another crawl of {site} is writing {folder}; wait for it or stop it") from error
    except OSError as error:
        raise _unwritable(folder, error) from error
    return lock


def _unwritable(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(f"{path} cannot be written: {error.strerror or error}")


def _write(file: FileIO, data: bytes) -> None:
    # Unbuffered: what the disk refused must not lie in a buffer and reach the file later, at closing.
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) or 0 :]


# --------------------------------------------------------------------------------------------------- records we write


def _record(page: Page, at: str, digest: str, stored: Capture | None, profile: str) -> bytes:
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


def _storable(page: Page) -> tuple[tuple[str, str], ...]:
    """The headers as they read back from a record: one line each, in ASCII, and a length that is the body's.

    The body is stored after transfer decoding, so the server's own transfer-encoding and content-length would lie.
    """
    kept = [h for h in page.headers if h[0] not in ("transfer-encoding", "content-length")]
    told = ((name, re.sub(r"[^\x20-\x7e]", lambda m: quote(m[0]), value.strip())) for name, value in kept)
    return (*told, ("content-length", str(len(page.body))))


# ------------------------------------------------------------------------------------------------------------ the index


def _index_of(warc: Path) -> Path:
    return warc.with_name(warc.name.removesuffix(".warc.gz") + ".jsonl")


def _warc_of(index: Path) -> Path:
    return index.with_name(index.name.removesuffix(".jsonl") + ".warc.gz")


def _line(capture: Capture) -> bytes:
    fields = {key: value for key, value in asdict(capture).items() if value is not None and key not in ("site", "warc")}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _index_lines(index: Path, site: str) -> Iterator[tuple[Capture, int]]:
    """Each capture of an index, and the byte where its line ends. A torn last line counts as not written."""
    end = 0
    with index.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            end += len(line)
            try:
                fields = json.loads(line)
                of = fields.pop("of", None)
                capture = Capture(site=site, warc=_warc_of(index).name, of=of and (of[0], of[1]), **fields)
                if capture.offset < 0 or capture.length <= 0:
                    raise ValueError("no such place")
            except (ValueError, TypeError, AttributeError, LookupError) as error:
                raise ArchiveError(
                    f"{index} line {number} is damaged ({error}); delete the file, the next crawl makes it again"
                ) from error
            yield capture, end


def _sound_lines(warc: Path, site: str) -> Iterator[Capture]:
    """The captures an index lists that the WARC file holds; the rest of the index is cut off.

    After a power failure a line may have reached the disk and its record not.
    """
    index, size, end = _index_of(warc), warc.stat().st_size, 0
    if not index.exists():
        return
    for capture, line_end in _index_lines(index, site):
        if capture.offset + capture.length > size:
            break
        end = line_end
        yield capture
    if index.stat().st_size > end:
        os.truncate(index, end)


# ------------------------------------------------------------------------------------------------ records of any origin


def _whole_members(file: IO[bytes], start: int) -> Iterator[tuple[int, int]]:
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


def _record_at(file: IO[bytes], offset: int) -> ArcWarcRecord:
    """The record that begins at an offset. Raises UnreadablePage when there is none, or not all of it."""
    file.seek(offset)
    packed = file.read(len(_MEMBER)) == _MEMBER
    file.seek(offset)
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
        page = _page_of(record, site, url, datetime.fromisoformat(at))
    except ValueError:  # no date, or no status: nobody's HTTP
        return None
    digest = payload_digest(page.body)
    capture = Capture(site, url, at, page.status, digest, "", 0, 0, page.header("etag"), page.header("last-modified"))
    if record.rec_type == "response":
        return capture
    stored = stored_at(record.rec_headers["WARC-Refers-To-Target-URI"], record.rec_headers["WARC-Refers-To-Date"])
    if stored is None:
        return None
    status = 200 if page.status == 304 else page.status
    return replace(capture, digest=stored.digest, status=status, of=stored.of or (stored.warc, stored.offset))


def _page_of(record: ArcWarcRecord, site: str, url: str, at: datetime) -> Page:
    headers = tuple((name.lower(), value) for name, value in record.http_headers.headers)
    body: bytes = record.raw_stream.read()
    if getattr(record.raw_stream, "limit", 0):
        raise UnreadablePage(f"the record of {url} is cut short")
    status, at = int(record.http_headers.get_statuscode()), at if at.tzinfo else at.replace(tzinfo=UTC)
    page = Page(site, url, at, status, headers, body)
    if (page.header("transfer-encoding") or "").lower() == "chunked":  # never in ours; some crawlers keep the chunks
        return replace(page, body=ChunkedDataReader(BytesIO(body)).read())
    return page


def _read_at(path: Path, offset: int, digest: str, site: str, url: str, at: datetime) -> Page:
    try:
        with path.open("rb") as file:
            record = _record_at(file, offset)
            if record.http_headers is None:
                raise UnreadablePage("it is no HTTP response")
            page = _page_of(record, site, url, at)
    except (OSError, UnreadablePage, ValueError) as error:
        raise ArchiveError(f"{path} holds no whole record at byte {offset}: {_brief(error)}") from error
    if payload_digest(page.body) != digest:
        raise ArchiveError(f"{path} at byte {offset}: the bytes are not those the index names ({digest})")
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
            raise ArchiveError(f"{path} is not there; give the path of a WARC file, or 'sample'")

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
        return _read_at(self.path, offset, capture.digest, capture.site, capture.url, at)
