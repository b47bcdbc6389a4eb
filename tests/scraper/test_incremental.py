"""What a crawl does not ask for: lists that rest, articles that are gone, days that a backfill is not about."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import XmlResponse

from etl.model import Page
from etl.run.pages import page_refs
from scraper.archive import Archive
from scraper.polling import Visit
from scraper.spider import ArticleSpider, Index
from tests.scraper.crawling import crawl, feed, outlet
from tests.scraper.local_site import Answer, Asked, cached, page, serving, status
from tests.scraper.test_archive import assert_whole
from tests.scraper.test_spider import BASE, NOW, KabarSpider, sitemap_index, spider, started, urls, xml


def kept(root: Path, base: str, *visits: tuple[str, float, int, str]) -> None:
    """Answers in the archive as if earlier crawls had left them: path, hours ago, status, body."""
    now = datetime.now(UTC)
    with Archive(root).writer("local") as writer:
        for path, hours, code, body in visits:
            at = now - timedelta(hours=hours)
            writer.add(Page("local", base + path, at, code, (("content-type", "text/xml"),), body.encode()))


def now(hours: float = 0) -> tuple[str, str]:
    return "--now", (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def often(path: str, body: str, *hours: float) -> list[tuple[str, float, int, str]]:
    return [(path, ago, 200, body) for ago in hours]


EVERY_TWO = (16, 14, 12, 10, 8, 6, 4, 2)


def test_304s_are_counted_by_themselves(tmp_path: Path) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        "/robots.txt": status(404), "/rss": cached(feed(1), etag='"f"'), "/berita/1": page("x"),
    }  # fmt: skip
    with serving(answers) as site:
        assert crawl(tmp_path, outlet(site)).said["report"]["not_modified"] == 0
        report = crawl(tmp_path, outlet(site)).said["report"]
    assert (report["fetched"], report["unchanged"], report["not_modified"]) == (2, 2, 1)


def test_a_feed_that_seldom_changes_rests_and_its_links_are_followed_all_the_same(tmp_path: Path) -> None:
    with serving({"/robots.txt": status(404), "/rss": page(feed(1, 2, 3)), "/berita/1": page("x")}) as site:
        kept(tmp_path, site.base, *often("/rss", feed(1), *EVERY_TWO))
        rested = crawl(tmp_path, outlet(site), *now())
        assert site.paths() == ["/robots.txt", "/berita/1"], "the crawls before had not come to its article"
        report = rested.said["report"]
        assert (report["lists"], report["rested"], report["articles"], report["fetched"]) == (0, 1, 1, 2)
        site.hits.clear()
        due = crawl(tmp_path, outlet(site), *now(9))
        assert due.said["report"]["lists"] == 1 and "/rss" in site.paths()
    assert_whole(tmp_path, "local")


@pytest.mark.parametrize(
    "visits",
    [
        [],
        often("/rss", feed(1), 6, 4, 2),
        [("/rss", ago, 200, feed(n)) for n, ago in enumerate(EVERY_TWO)],
        [*often("/rss", feed(1), *EVERY_TWO), ("/rss", 1, 503, "busy")],
    ],
    ids=["never seen", "seen too seldom", "always new", "failed"],
)
def test_other_feeds_are_asked_at_every_visit(tmp_path: Path, visits: list[Any]) -> None:
    with serving({"/robots.txt": status(404), "/rss": page(feed())}) as site:
        kept(tmp_path, site.base, *visits)
        assert crawl(tmp_path, outlet(site), *now()).said["report"]["rested"] == 0
        assert "/rss" in site.paths()


def test_a_sitemap_index_that_rests_leads_to_sitemaps_that_do_not(tmp_path: Path) -> None:
    def urlset(*numbers: int) -> str:
        return "<urlset>" + "".join(f"<url><loc>/berita/{n}/raih-piala</loc></url>" for n in numbers) + "</urlset>"

    index = sitemap_index("<loc>/news.xml</loc>", "<loc>/old.xml</loc>")
    answers = {"/robots.txt": status(404), "/news.xml": page(urlset(1, 2)), "/berita/2/raih-piala": page("x")}
    with serving(answers) as site:  # type: ignore[arg-type]
        kept(
            tmp_path,
            site.base,
            *often("/sitemap.xml", index, *EVERY_TWO),
            *often("/old.xml", urlset(), *EVERY_TWO),
            *(("/news.xml", ago, 200, urlset(n)) for n, ago in enumerate(EVERY_TWO)),
            ("/berita/1/raih-piala", 3, 200, "x"),
        )
        declared = outlet(site, feeds=[], sitemaps=[f"{site.base}/sitemap.xml"])
        report = crawl(tmp_path, declared, *now()).said["report"]
        assert site.paths() == ["/robots.txt", "/news.xml", "/berita/2/raih-piala"]
    assert (report["lists"], report["rested"], report["known"]) == (1, 2, 1)


def test_a_list_that_rests_and_whose_copy_is_damaged_is_asked(tmp_path: Path) -> None:
    with serving({"/robots.txt": status(404), "/rss": page(feed())}) as site:
        kept(tmp_path, site.base, *often("/rss", feed(1), *EVERY_TWO))
        first = next(c for c in Archive(tmp_path).captures("local") if c.of is None)
        with (tmp_path / "local" / first.warc).open("r+b") as file:
            file.seek(first.offset + first.length // 2)
            file.write(bytes(9))
        report = crawl(tmp_path, outlet(site), *now()).said["report"]
        assert report["lists"] == 1 and report["rested"] == 0 and "/rss" in site.paths()


def test_a_replay_asks_every_list() -> None:
    unchanged = [Visit(NOW - timedelta(hours=h), 200, "a") for h in EVERY_TWO]
    visits = {f"{BASE}/rss": unchanged}
    (live,) = (r for r in started(spider(visits=visits)) if r.url == f"{BASE}/rss")
    (replayed,) = (r for r in started(spider(visits=visits, replaying=True)) if r.url == f"{BASE}/rss")
    assert live.meta.get("as_kept") and "as_kept" not in replayed.meta


def test_an_article_that_is_gone_is_asked_once_a_day(tmp_path: Path) -> None:
    with serving({"/robots.txt": status(404), "/rss": page(feed(1)), "/berita/1": status(410)}) as site:
        kept(tmp_path, site.base, ("/berita/1", 30, 200, "Kota X"))
        first = crawl(tmp_path, outlet(site), *now())
        assert first.failures == {"http 410": 1}
        site.hits.clear()
        assert crawl(tmp_path, outlet(site), *now()).failures == {}
        assert "/berita/1" not in site.paths()
        site.answers["/berita/1"] = page("Kota X")
        assert crawl(tmp_path, outlet(site), *now(25)).said["report"]["articles"] == 1, "it may come back"


# ------------------------------------------------------------------------------------------------------------- backfill


DAY = date(2026, 3, 1)


def test_a_backfill_asks_for_its_days_only() -> None:
    site = spider(since=DAY, until=DAY + timedelta(days=1), known_urls={"7": f"{BASE}/berita/7"},
                  seen={"7": (NOW - timedelta(days=3), NOW - timedelta(days=2))})  # fmt: skip
    assert urls(started(site)) == [
        f"{BASE}/sitemap.xml", f"{BASE}/indeks?tgl=02-03-2026&p=1", f"{BASE}/indeks?tgl=01-03-2026&p=1",
    ]  # fmt: skip


def test_a_backfill_takes_its_days_entries_of_a_sitemap() -> None:
    def entry(number: int, stamp: str) -> str:
        return f"<url><loc>{BASE}/berita/{number}/raih-piala</loc><lastmod>{stamp}</lastmod></url>"

    body = "<urlset>" + "".join(
        [
            entry(1, "2026-02-28T16:59:59Z"),  # the last second of February in Jakarta
            entry(2, "2026-02-28T17:00:00Z"),
            entry(3, "2026-03-01T23:59:59+07:00"),
            entry(4, "2026-03-02"),
            f"<url><loc>{BASE}/berita/5/raih-piala</loc></url>",  # of no day that is told
        ]
    )
    site = spider(since=DAY, until=DAY)
    assert urls(site.parse_sitemap(xml(body + "</urlset>"))) == [
        f"{BASE}/berita/{n}/raih-piala?page=all" for n in (2, 3)
    ]
    index = sitemap_index(
        f"<loc>{BASE}/februari.xml</loc><lastmod>2026-02-28</lastmod>",
        f"<loc>{BASE}/maret.xml</loc><lastmod>2026-04-01</lastmod>",
        f"<loc>{BASE}/semua.xml</loc>",
    )
    followed: XmlResponse = xml(index)
    assert urls(site.parse_sitemap(followed)) == [f"{BASE}/maret.xml", f"{BASE}/semua.xml"]


def test_which_sites_have_days() -> None:
    def made(**declared: Any) -> type[ArticleSpider]:
        return type("MadeSpider", (ArticleSpider,), {"name": "made", **declared})

    assert KabarSpider.has_days() and made(sitemaps=("https://x/s.xml",)).has_days()
    assert made(indexes=(Index("https://x/{day:%Y}", "a"),)).has_days()
    assert not made(feeds=("https://x/rss",), indexes=(Index("https://x/{page}", "a"),)).has_days()


def test_several_articles_and_no_list(tmp_path: Path) -> None:
    answers = {"/robots.txt": status(404), **{f"/berita/{n}": page(f"Kota {n}") for n in (1, 2)}}
    with serving(answers) as site:  # type: ignore[arg-type]
        flags = [part for n in (1, 2) for part in ("--only", f"{site.base}/berita/{n}")]
        crawled = crawl(tmp_path, outlet(site), *flags)
        assert sorted(site.paths()) == ["/berita/1", "/berita/2", "/robots.txt"]
    assert crawled.said["report"]["articles"] == 2 and json.dumps(crawled.said["report"])


# ---------------------------------------------------------------------------------------------- bodies that broke off


def packed_and_known(*bodies: bytes) -> Answer:
    """Bodies packed with gzip, one after the other, all under one ETag; 304 for who has that."""
    left = list(bodies)

    def write(asked: Asked) -> None:
        if asked.headers.get("If-None-Match") == '"a"':
            asked.send_response(304)
            asked.end_headers()
        else:
            page(left.pop(0) if len(left) > 1 else left[0], etag='"a"', content_encoding="gzip")(asked)

    return write


PACKED = gzip.compress(b"<p>Kota X Raih Adipura" + random.Random(5).randbytes(3000))


@pytest.mark.parametrize("broken", [PACKED[:-200], PACKED[:900] + bytes(9) + PACKED[909:], b"Kota X"])
def test_a_body_that_broke_off_is_never_confirmed_by_a_304(tmp_path: Path, broken: bytes) -> None:
    with serving(
        {"/robots.txt": status(404), "/rss": page(feed(1)), "/berita/1": packed_and_known(broken, PACKED)}
    ) as site:
        assert sum(crawl(tmp_path, outlet(site), faulty=True).failures.values()) == 1
        first = crawl(tmp_path, outlet(site)).said["report"]
        assert (first["articles"], first["failures"]) == (1, {}), "asked for again at the next visit, not a day later"
        later = crawl(tmp_path, outlet(site), *now(25)).said["report"]
        told = [hit.headers.get("if-none-match") for hit in site.hits if hit.path == "/berita/1"]
    assert told == [None, None, '"a"'] and later["not_modified"] == 1
    visits = [c for c in Archive(tmp_path).captures("local") if c.url.endswith("/berita/1")]
    assert [bool(c.truncated) for c in visits] == [True, False, False] and visits[2].digest == visits[1].digest
    assert_whole(tmp_path, "local")
    local: Any = type("Local", (ArticleSpider,), {"name": "local", "outlet": "Local", **outlet(site)})
    (ref,) = page_refs(Archive(tmp_path), local.site())
    assert ref.digest == visits[1].digest, "what broke off is no version of the article"


def test_what_broke_off_is_known_by_an_index_that_was_made_again(tmp_path: Path) -> None:
    with serving(
        {"/robots.txt": status(404), "/rss": page(feed(1)), "/berita/1": packed_and_known(PACKED[:-9])}
    ) as site:
        crawl(tmp_path, outlet(site))
        crawl(tmp_path, outlet(site))
    (index,) = (tmp_path / "local").glob("*.jsonl")
    written = index.read_bytes()
    index.unlink()
    with Archive(tmp_path).writer("local") as writer:
        assert [c.truncated for c in writer.captures() if c.url.endswith("/berita/1")] == ["unspecified"] * 2
        assert writer.latest(f"{site.base}/berita/1") is None
    assert index.read_bytes() == written


def test_a_list_that_broke_off_is_asked_at_the_next_visit_however_seldom_it_changes(tmp_path: Path) -> None:
    whole = gzip.compress(feed(1).encode())
    with serving({"/robots.txt": status(404), "/rss": packed_and_known(whole), "/berita/1": page("x")}) as site:
        kept(tmp_path, site.base, *often("/rss", feed(1), *EVERY_TWO[:-1]))
        with Archive(tmp_path).writer("local") as writer:
            at = datetime.now(UTC) - timedelta(hours=2)
            writer.add(Page("local", f"{site.base}/rss", at, 200, (), whole[:-9]), truncated=True)
        assert crawl(tmp_path, outlet(site), *now()).said["report"]["lists"] == 1
