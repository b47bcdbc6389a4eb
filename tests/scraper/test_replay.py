"""An archive in place of the network: what the last visit found, in order, as it was served."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Request, Response
from scrapy.settings import Settings
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from etl.model import Page, UsageError
from scraper.archive import Archive, ArchiveError, WarcFile
from scraper.replay import SAMPLE, ReplayHandler, archive_path, last_moment
from scraper.sites import spiders
from tests.scraper.crawling import ROOT
from tests.scraper.test_archive import URL, assert_whole, page

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def warc(folder: Path, *pages: Page) -> Path:
    """A WARC file of these captures."""
    with Archive(folder).writer("detik") as writer:
        for each in pages:
            writer.add(each)
    (path,) = (folder / "detik").glob("*.warc.gz")
    return path


class Replayed:
    """Asks a ReplayHandler, as Scrapy's downloader does."""

    def __init__(self, path: Path, as_of: datetime = NOON + timedelta(days=9)) -> None:
        crawler: Any = type("Crawler", (), {"settings": Settings({"REPLAY_FILE": str(path), "REPLAY_AS_OF": as_of})})
        self.handler = ReplayHandler(crawler)
        self.request = Request(URL)

    def get(self, url: str = URL, **headers: str) -> Response:
        self.request = Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return asyncio.run(self.handler.download_request(self.request))


HOUR, DAY = 3600, 86400


def test_the_last_visit_is_what_is_served(tmp_path: Path) -> None:
    path = warc(tmp_path, page(b"older", after=0), page(b"newer", after=HOUR + 1))
    site = Replayed(path)
    assert [site.get().body for _ in range(3)] == [b"newer"] * 3
    assert site.request.meta["fetched_at"] == NOON + timedelta(seconds=HOUR + 1), "the archive's time, not today's"


def test_a_visit_is_the_hour_before_its_last_answer_in_order(tmp_path: Path) -> None:
    visit = [page(b"before", after=-2 * HOUR), page(b"busy", after=0, status=503), page(b"here", after=HOUR)]
    site = Replayed(warc(tmp_path, *visit))
    assert [(site.get().status, site.request.meta["fetched_at"]) for _ in range(3)] == [
        (503, NOON), (200, NOON + timedelta(hours=1)), (200, NOON + timedelta(hours=1))
    ]  # fmt: skip


def test_as_of_looks_no_further(tmp_path: Path) -> None:
    path = warc(tmp_path, page(b"older", after=0), page(b"newer", after=DAY))
    for seconds, body in ((0, b"older"), (DAY - 1, b"older"), (DAY, b"newer")):
        assert Replayed(path, NOON + timedelta(seconds=seconds)).get().body == body
    assert Replayed(path, NOON - timedelta(seconds=1)).get().status == 404


def test_what_the_archive_lacks_answers_404_and_is_marked(tmp_path: Path) -> None:
    site = Replayed(warc(tmp_path, page()))
    assert site.get(URL + "x").status == 404 and site.request.meta["not_archived"] is True
    assert site.get().status == 200 and "not_archived" not in site.request.meta


def test_addresses_are_compared_in_canonical_form(tmp_path: Path) -> None:
    site = Replayed(warc(tmp_path, page(url="https://x.id/i?date=1&page=2")))
    assert site.get("https://x.id/i?page=2&date=1#top").status == 200
    assert site.get("https://x.id/i?page=3&date=1").status == 404


@pytest.mark.parametrize(
    ("stored", "asked", "status"),
    [
        ({"etag": '"a"'}, {"If_None_Match": '"a"'}, 304),
        ({"etag": '"a"'}, {"If_None_Match": '"b"'}, 200),
        ({"etag": '"a"'}, {}, 200),
        ({}, {"If_None_Match": '"a"'}, 200),
        ({"last_modified": "Fri"}, {"If_Modified_Since": "Fri"}, 304),
        ({"last_modified": "Fri"}, {"If_Modified_Since": "Thu"}, 200),
        ({}, {"If_Modified_Since": "Fri"}, 200),
        ({"etag": '"b"', "last_modified": "Fri"}, {"If_None_Match": '"a"', "If_Modified_Since": "Fri"}, 200),
        ({"etag": '"a"', "last_modified": "Sat"}, {"If_None_Match": '"a"', "If_Modified_Since": "Fri"}, 304),
    ],
)
def test_validators_are_answered_as_a_server_would(
    tmp_path: Path, stored: dict[str, str], asked: dict[str, str], status: int
) -> None:
    """RFC 9110 13.1: If-Modified-Since is ignored beside If-None-Match."""
    site = Replayed(warc(tmp_path, page(**stored)))  # type: ignore[arg-type]
    response = site.get(**asked)
    assert response.status == status and response.body == (b"" if status == 304 else page().body)
    assert site.request.meta["fetched_at"] == NOON


def test_a_failure_is_never_answered_with_304(tmp_path: Path) -> None:
    assert Replayed(warc(tmp_path, page(status=404, etag='"a"'))).get(If_None_Match='"a"').status == 404


def test_packed_bodies_come_back_as_they_were_served(tmp_path: Path) -> None:
    body = gzip.compress(b"<p>Kota X</p>", mtime=7)
    response = Replayed(warc(tmp_path, page(body, content_encoding="gzip"))).get()
    assert response.body == body and response.headers["Content-Encoding"] == b"gzip"
    assert response.headers["Content-Type"] == b"text/html"


def test_an_archive_of_ours_replays_also_what_was_unchanged(tmp_path: Path) -> None:
    other = "https://www.detik.com/jatim/d-2/sama"
    path = warc(tmp_path, page(etag='"a"'), page(b"", after=DAY, status=304), page(url=other, after=DAY + 1))
    site = Replayed(path)
    assert site.get().body == page().body and site.request.meta["fetched_at"] == NOON + timedelta(days=1)
    assert site.get(other).body == page().body


def test_moments_of_other_forms_are_put_in_order(tmp_path: Path) -> None:
    """As text, '12:00:00.5Z' comes before '12:00:00Z'."""
    path = tmp_path / "foreign.warc"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False, warc_version="1.1")
        for at, status in (("12:00:00.5Z", "200 OK"), ("12:00:00Z", "503 Busy")):
            dated, http = {"WARC-Date": f"2026-11-20T{at}"}, StatusAndHeaders(status, [], "HTTP/1.1")
            writer.write_record(writer.create_warc_record(URL, "response", BytesIO(b"x"), 1, "", dated, None, http))
    site = Replayed(path)
    assert [site.get().status, site.get().status] == [503, 200]
    assert last_moment(path) == NOON + timedelta(seconds=0.5)


def test_names_and_moments_of_archives(tmp_path: Path) -> None:
    assert archive_path("sample") == SAMPLE and archive_path("x/y.warc.gz") == Path("x/y.warc.gz")
    assert last_moment(SAMPLE) > NOON - timedelta(days=1)
    with pytest.raises(ArchiveError, match="is not there"):
        last_moment(tmp_path / "none.warc.gz")
    path = warc(tmp_path, page())
    path.write_bytes(path.read_bytes()[: Archive(tmp_path).captures("detik")[0].offset])
    with pytest.raises(UsageError, match="holds no response to replay"):
        last_moment(path)


# ------------------------------------------------------------------------------------------------------- whole crawls


def crawl(archive: Path, site: str, replay: str, *flags: str) -> dict[str, Any]:
    """The report of one replayed crawl."""
    asked = ["--now", "2026-11-20T03:00:00+00:00", "--since", "2026-11-18", "--contact", "x", "--replay", replay]
    ended = subprocess.run(
        [sys.executable, "-m", "scraper.crawl", site, "--archive", str(archive), *asked, *flags],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])["report"]
    return report


@pytest.mark.parametrize("site", ["detik", "kompas"])
def test_a_crawl_of_the_sample_keeps_what_the_sample_holds(tmp_path: Path, site: str) -> None:
    """Every stage of Scrapy between: robots.txt, paging, validators, packed bodies. And the second time nothing."""
    first = crawl(tmp_path, site, "sample")
    captures = Archive(tmp_path).captures(site)
    assert first["stored"] == first["fetched"] == len(captures) and first["articles"] >= 6 and first["finished"] is True
    served = {(c.url, c.fetched_at[:19]): c.digest for c in WarcFile(SAMPLE).captures(site)}
    assert all(served[c.url, c.fetched_at[:19]] == c.digest for c in captures)
    before = {p.name: p.read_bytes() for p in (tmp_path / site).iterdir()}
    second = crawl(tmp_path, site, "sample")
    assert second["stored"] == 0 and second["unchanged"] == second["fetched"] > 0
    refused = sum(first["failures"].values())  # asked for again each time, and refused each time
    assert second["articles"] == refused and second["known"] == first["articles"] - refused
    assert second["lists"] == first["lists"]
    assert second["failures"] == first["failures"] == ({"forbidden by robots.txt": 1} if site == "detik" else {})
    assert {p.name: p.read_bytes() for p in (tmp_path / site).iterdir()} == before
    assert_whole(tmp_path, site)


def test_a_503_is_met_again_and_tried_again(tmp_path: Path) -> None:
    failed = next(c for c in WarcFile(SAMPLE).captures("any") if c.status == 503)
    name = next(name for name, spider in spiders().items() if spider.site().article_id_of(failed.url))
    report = crawl(tmp_path, name, "sample")
    statuses = [c.status for c in Archive(tmp_path).captures(name) if c.url == failed.url]
    assert statuses == [503, 200] and "http 503" not in report["failures"]


def test_what_is_not_in_the_archive_is_not_archived(tmp_path: Path) -> None:
    missing = "https://news.detik.com/berita/d-1/tidak-ada"
    report = crawl(tmp_path, "detik", "sample", "--only", missing)
    assert report["failures"] == {"http 404": 1} and report["articles"] == 1
    assert missing not in {c.url for c in Archive(tmp_path).captures("detik")}


def test_limit_and_only(tmp_path: Path) -> None:
    assert crawl(tmp_path / "a", "detik", "sample", "--limit", "2")["articles"] == 2
    url = next(c.url for c in WarcFile(SAMPLE).captures("detik") if "/berita/d-" in c.url and c.status == 200)
    assert crawl(tmp_path / "b", "detik", "sample", "--only", url)["lists"] == 0
    assert url in {c.url for c in Archive(tmp_path / "b").captures("detik")}


def test_our_own_archive_replays_like_the_one_it_came_from(tmp_path: Path) -> None:
    first = crawl(tmp_path / "a", "antaranews", "sample")
    (path,) = (tmp_path / "a" / "antaranews").glob("*.warc.gz")
    assert crawl(tmp_path / "b", "antaranews", str(path)) == first
    found = [[(c.url, c.fetched_at, c.digest) for c in Archive(tmp_path / d).captures("antaranews")] for d in "ab"]
    assert found[0] == found[1] and len(found[0]) == first["stored"]
