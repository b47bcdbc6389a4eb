"""WARC files for tests, made from the sample's captures: dated otherwise, damaged, or with other bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.replay import SAMPLE


@dataclass(frozen=True)
class Answer:
    """One response of a site, and when it came."""

    url: str
    at: str
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@cache
def sample(holds: str = "") -> tuple[Answer, ...]:
    """The sample's answers from addresses that hold these words, oldest first."""
    found = []
    with SAMPLE.open("rb") as file:
        for record in ArchiveIterator(file):
            url = record.rec_headers["WARC-Target-URI"] or ""
            if record.rec_type == "response" and holds in url:
                http = record.http_headers
                at, body = record.rec_headers["WARC-Date"], record.raw_stream.read()
                found.append(Answer(url, at, http.statusline, tuple(http.headers), body))
    return tuple(sorted(found, key=lambda answer: answer.at))


def write(path: Path, answers: Iterable[Answer]) -> Path:
    """A WARC file of these answers."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        for answer in answers:
            http = StatusAndHeaders(answer.status, list(answer.headers), "HTTP/1.1")
            record = writer.create_warc_record(
                answer.url, "response", payload=BytesIO(answer.body), http_headers=http,
                warc_headers_dict={"WARC-Date": answer.at},
            )  # fmt: skip
            writer.write_record(record)
    return path
