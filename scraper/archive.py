"""WARC in and out, and the index of captures. Knows nothing of Scrapy: re-reading the past must not start a reactor.

A site's folder holds one WARC file a month (one gzip member a record, ISO 28500:2017) and beside it an index of JSON
lines. The record is written first and its index line last, so **a record without its line does not exist** for a reader.
Opening for writing mends what a crash left: a whole record gets its line, a torn one is cut. Bytes that the site has
served before are not stored again: a *revisit* record points at them.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from filelock import FileLock, Timeout
from warcio.archiveiterator import ArchiveIterator
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


class ArchiveError(AwardsError):
    """The archive cannot be written or read: locked by another crawl, disk full, a file missing or damaged."""


@dataclass(frozen=True, slots=True)
class Capture:
    """Where one response lies: file (below the archive's folder), offset and length of its record in bytes.

    `digest` is the WARC payload digest (SHA-1 over the body as served). Of a revisit, `of` names file and offset of the
    record that holds the bytes, and `digest` and `status` are that record's.
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
        found = [c for index in sorted((self.root / site).glob("*.jsonl")) for c in _index_lines(index, site)]
        return sorted(found, key=lambda c: (c.fetched_at, c.url, c.digest))

    def read(self, ref: PageRef) -> Page:
        """The page as it was served at its first visit.

        Raises ArchiveError when the bytes are not where, or not what, the index says.
        """
        path = self.root / ref.site / ref.warc
        page = _read_at(path, ref.offset, ref.site, ref.url, ref.first_fetched_at.isoformat())
        if payload_digest(page.body) != ref.digest:
            raise ArchiveError(f"{path} at byte {ref.offset}: the bytes are not those the index names ({ref.digest})")
        return page

    def writer(self, site: str) -> ArchiveWriter:
        """Open a site's folder for appending; at most one writer a site at a time (ArchiveError otherwise)."""
        return ArchiveWriter(self.root / site, site)


class ArchiveWriter:
    """Appends captures of one site. Use as a context manager; a crash at any byte loses at most the capture under way."""

    def __init__(self, folder: Path, site: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / ".lock")
            self._lock.acquire(timeout=LOCK_PATIENCE)
        except Timeout as error:
            raise ArchiveError(f"another crawl of {site} is writing {folder}; wait for it or stop it") from error
        except OSError as error:
            raise ArchiveError(f"{folder} cannot be written: {error.strerror or error}") from error
        self.folder, self.site = folder, site
        self._files: dict[str, tuple[IO[bytes], IO[bytes]]] = {}
        self.latest: dict[str, Capture] = {}  # the newest capture of each address
        self._bodies: dict[str, tuple[str, int, str, str]] = {}  # digest -> file, offset, url, time of the stored bytes
        self._seen: dict[tuple[str, str], Capture] = {}
        for warc in sorted(folder.glob("*.warc.gz")):
            for capture in _mended(warc, site, self._stored_at):
                self._remember(capture)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for warc, index in self._files.values():
            for file in (warc, index):
                os.fsync(file.fileno())
                file.close()
        self._lock.release()

    def add(self, page: Page) -> bool:
        """Keep one response; True when its bytes were new. A 304 is kept as a revisit of the address's newest bytes.

        The same (address, time) twice, as when an archive is replayed again, is kept once.
        """
        at = page.fetched_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        if (page.url, at) in self._seen:
            return False
        before = self.latest.get(page.url)
        if page.status == 304 and before is not None:
            digest, status, profile = before.digest, before.status, _NOT_MODIFIED
        else:
            digest, status, profile = payload_digest(page.body), page.status, _SAME_PAYLOAD
        stored = self._bodies.get(digest) if page.body or page.status == 304 else None
        headers = StatusAndHeaders(f"{page.status} {_reason(page)}", _storable_headers(page), "HTTP/1.1")
        buffer = BytesIO()
        writer = WARCWriter(buffer, gzip=True, warc_version=_WARC_VERSION)
        if stored is None:
            record = writer.create_warc_record(
                page.url,
                "response",
                payload=BytesIO(page.body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": at},
            )
        else:
            record = writer.create_revisit_record(
                page.url, digest, stored[2], stored[3], headers, {"WARC-Date": at, "WARC-Profile": profile}
            )
        writer.write_record(record)
        self._append(buffer.getvalue(), page, at, digest, status, stored)
        return stored is None

    def _append(
        self, record: bytes, page: Page, at: str, digest: str, status: int, stored: tuple[str, int, str, str] | None
    ) -> None:
        name = f"{at[:7]}.warc.gz"
        try:
            warc, index = self._open(name)
            offset = warc.tell()
            capture = Capture(
                self.site, page.url, at, status, digest, name, offset, len(record),
                page.header("etag"), page.header("last-modified"), stored and (stored[0], stored[1]),
            )  # fmt: skip
            warc.write(record)
            warc.flush()
            index.write(_line(capture))
            index.flush()
        except OSError as error:
            raise ArchiveError(f"{self.folder / name} cannot be written: {error.strerror or error}") from error
        self._remember(capture)

    def _open(self, name: str) -> tuple[IO[bytes], IO[bytes]]:
        if name not in self._files:
            path = self.folder / name
            index, warc = _index_of(path).open("ab"), path.open("ab")
            self._files[name] = warc, index
            if warc.tell() == 0:
                writer = WARCWriter(warc, gzip=True, warc_version=_WARC_VERSION)
                info = {"software": "awards-etl", "format": "WARC File Format 1.1"}
                writer.write_record(writer.create_warcinfo_record(name, info))
        return self._files[name]

    def captures(self) -> Iterator[Capture]:
        """Every capture of the site, oldest first."""
        yield from sorted(self._seen.values(), key=lambda c: c.fetched_at)

    def _stored_at(self, url: str, at: str) -> Capture | None:
        return self._seen.get((url, at))

    def _remember(self, capture: Capture) -> None:
        self._seen[capture.url, capture.fetched_at] = capture
        if capture.of is None:
            self._bodies.setdefault(capture.digest, (capture.warc, capture.offset, capture.url, capture.fetched_at))
        newest = self.latest.get(capture.url)
        if newest is None or newest.fetched_at <= capture.fetched_at:
            self.latest[capture.url] = capture


def _index_of(warc: Path) -> Path:
    return warc.with_name(warc.name.removesuffix(".warc.gz") + ".jsonl")


def _line(capture: Capture) -> bytes:
    fields = {key: value for key, value in asdict(capture).items() if value is not None and key not in ("site", "warc")}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _index_lines(index: Path, site: str) -> Iterator[Capture]:
    warc = index.name.removesuffix(".jsonl") + ".warc.gz"
    with index.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            try:
                fields = json.loads(line)
                of = fields.pop("of", None)
                yield Capture(site=site, warc=warc, of=of and (of[0], of[1]), **fields)
            except (ValueError, TypeError) as error:
                raise ArchiveError(f"{index} line {number} is damaged: {error}") from error


def _mended(warc: Path, site: str, stored_at: Callable[[str, str], Capture | None]) -> Iterator[Capture]:
    """Every capture of a file, after index and file have been made to agree again.

    `stored_at` finds the capture of an address at a time, to which a revisit record refers.
    """
    index, size, end, whole = _index_of(warc), warc.stat().st_size, 0, 0
    for capture in _index_lines(index, site) if index.exists() else ():
        if capture.offset + capture.length > size:
            break  # the line reached the disk, its record did not (a power failure)
        end, whole = capture.offset + capture.length, whole + len(_line(capture))
        yield capture
    if index.exists() and index.stat().st_size > whole:
        os.truncate(index, whole)
    with warc.open("rb") as file:
        for offset, length in _whole_members(file, end):
            found = _capture_at(file, site, warc.name, offset, length, stored_at)
            if found is not None:
                with index.open("ab") as lines:
                    lines.write(_line(found))
                yield found
            end = offset + length
    if size > end:
        os.truncate(warc, end)


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


def _capture_at(
    file: IO[bytes], site: str, warc: str, offset: int, length: int, stored_at: Callable[[str, str], Capture | None]
) -> Capture | None:
    """The capture that a record describes, read from the record itself; None for a warcinfo record."""
    file.seek(offset)
    record = next(iter(ArchiveIterator(file)))
    if record.rec_type not in ("response", "revisit"):
        return None
    head = record.rec_headers
    page = _page_of(record, site, head["WARC-Target-URI"], head["WARC-Date"])
    capture = Capture(
        site, page.url, head["WARC-Date"], page.status, payload_digest(page.body), warc, offset, length,
        page.header("etag"), page.header("last-modified"),
    )  # fmt: skip
    if record.rec_type == "response":
        return capture
    body = stored_at(head["WARC-Refers-To-Target-URI"], head["WARC-Refers-To-Date"])
    if body is None:
        return None  # what it refers to is gone, so it says nothing
    status = body.status if page.status == 304 else page.status
    return replace(capture, digest=body.digest, status=status, of=(body.warc, body.offset))


# ------------------------------------------------------------------------------------------------------ foreign archives


class WarcFile:
    """One WARC file of any origin, ours or foreign, read in order. `cut_short` tells, afterwards, where it broke off."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cut_short: str | None = None
        if not path.is_file():
            raise ArchiveError(f"{path} is not there; give the path of a WARC file, or 'sample'")

    def captures(self, site: str) -> Iterator[Capture]:
        """Each response's place, in file order; stops at the first damaged record and says so in `cut_short`."""
        count = 0
        with self.path.open("rb") as file:
            records = ArchiveIterator(file)
            try:
                for record in records:
                    if record.rec_type == "response" and record.http_headers is not None:
                        url, at = record.rec_headers["WARC-Target-URI"], record.rec_headers["WARC-Date"]
                        page = _page_of(record, site, url, at)
                        offset, length = records.get_record_offset(), records.get_record_length()
                        yield Capture(
                            site, url, at, page.status, payload_digest(page.body), self.path.name, offset, length,
                            page.header("etag"), page.header("last-modified"),
                        )  # fmt: skip
                    count += 1
            except (ArchiveLoadFailed, UnreadablePage, EOFError, zlib.error, ValueError) as error:
                self.cut_short = f"{self.path} is damaged or cut short after {count} whole records ({error})"
        if count == 0:
            raise ArchiveError(self.cut_short or f"{self.path} holds no WARC record")

    def read(self, capture: Capture) -> Page:
        """The page at a place that `captures` gave."""
        return _read_at(self.path, capture.offset, capture.site, capture.url, capture.fetched_at)


def _read_at(path: Path, offset: int, site: str, url: str, at: str) -> Page:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file)))
            return _page_of(record, site, url, at)
    except (OSError, StopIteration, ArchiveLoadFailed, UnreadablePage) as error:
        raise ArchiveError(f"{path} holds no whole record at byte {offset}: {error}") from error


def _page_of(record: ArcWarcRecord, site: str, url: str, at: str) -> Page:
    if record.http_headers is None:
        raise UnreadablePage("the record holds no HTTP response")
    headers = tuple((name.lower(), value) for name, value in record.http_headers.headers)
    body: bytes = record.raw_stream.read()
    if getattr(record.raw_stream, "limit", 0):
        raise UnreadablePage(f"the record of {url} is cut short")
    return Page(site, url, datetime.fromisoformat(at), int(record.http_headers.get_statuscode()), headers, body)


def _reason(page: Page) -> str:
    return {200: "OK", 304: "Not Modified", 404: "Not Found", 503: "Service Unavailable"}.get(page.status, "Status")


def _storable_headers(page: Page) -> list[tuple[str, str]]:
    # The body is stored after transfer decoding, so these two would lie about it.
    kept = [(name, value) for name, value in page.headers if name not in ("transfer-encoding", "content-length")]
    return [*kept, ("content-length", str(len(page.body)))]
