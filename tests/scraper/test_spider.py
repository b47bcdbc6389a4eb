"""What a site's lists lead to, on handmade responses; and that each site's declarations agree with each other."""

from __future__ import annotations

import ast
import asyncio
import builtins
import gzip
import inspect
import json
import re
import time
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import lxml.html
import parsel
import pytest
import scrapy.exceptions
import twisted.internet.error
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Request, Response, TextResponse, XmlResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

import scraper.spiders
from etl.clean import clean
from etl.clean.selectors import select
from etl.model import Article, Page
from scraper import archive
from scraper import spider as spider_module
from scraper.sites import spiders
from scraper.spider import ArticleSpider, Index, Plan, failure_name, promises_award

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)  # ten in the morning in Jakarta
BASE = "https://kabar.id"


class KabarSpider(ArticleSpider):
    """An outlet that lists its articles in every way there is."""

    name = "kabar"
    outlet = "Kabar"
    feeds = (f"{BASE}/rss",)
    sitemaps = (f"{BASE}/sitemap.xml",)
    indexes = (Index(f"{BASE}/indeks?tgl={{day:%d-%m-%Y}}&p={{page}}", "h3 a", pages=3), Index(f"{BASE}/terkini", "a"))
    article_url = r"https?://(?:www\.|m\.)?kabar\.id/(?:amp/)?berita/\d+"
    article_id = r"/berita/(\d+)"
    page_query = "page=all"


def spider(kind: type[ArticleSpider] = KabarSpider, **plan: Any) -> ArticleSpider:
    """A spider with a plan, and no archive: nothing here is fetched."""
    given = {"now": NOW, "since": date(2026, 11, 19), **plan}
    return kind(Plan(**given), archive=None)  # type: ignore[arg-type]


def urls(requests: Any) -> list[str]:
    return [request.url for request in requests]


def started(of: ArticleSpider) -> list[Request]:
    async def all_of(requests: AsyncIterator[Request]) -> list[Request]:
        return [request async for request in requests]

    return asyncio.run(all_of(of.start()))


def surf(of: ArticleSpider, answer: Callable[[str], Response], first: list[Request] | None = None) -> list[str]:
    """Follow every request that is no article's, in order; the articles' addresses."""
    waiting, articles, asked = list(started(of) if first is None else first), [], 0
    while waiting:
        request = waiting.pop(0)
        if request.callback == of.kept:
            articles.append(request.url)
            continue
        asked += 1
        assert asked < 500, "it does not end"
        assert callable(request.callback)
        waiting += request.callback(answer(request.url), **request.cb_kwargs)
    return articles


def xml(body: str | bytes, url: str = f"{BASE}/rss") -> XmlResponse:
    return XmlResponse(url, body=body.encode() if isinstance(body, str) else body)


def html(body: str, url: str = f"{BASE}/terkini") -> HtmlResponse:
    return HtmlResponse(url, body=body.encode(), encoding="utf-8")


def rss(*items: str) -> XmlResponse:
    return xml(
        '<?xml version="1.0"?><rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">'
        + "".join(f"<item>{item}</item>" for item in items)
        + "</rss>"
    )


def headline(number: int, title: str = "Kota X Raih Adipura") -> str:
    return f'<h3><a href="/berita/{number}/slug">{title}</a></h3>'


# ---------------------------------------------------------------------------------------------------------------- feeds


def test_rss_titles_summaries_and_dates_decide() -> None:
    site = spider()
    found = site.parse_feed(
        rss(
            f"<title>Kota X Raih Adipura</title><link>{BASE}/berita/1/a</link>",
            f"<title>Kota X</title><link>{BASE}/berita/2/a</link><description>&lt;b&gt;Juara&lt;/b&gt;</description>",
            f"<title>Harga Cabai Naik</title><link>{BASE}/berita/3/a</link>",
            f"<title>Judul</title><link>{BASE}/berita/4/kota-x-sabet-piala</link>",
            f"<title>Raih</title><link>{BASE}/berita/5/a</link><pubDate>Wed, 18 Nov 2026 16:59:59 GMT</pubDate>",
            f"<title>Raih</title><link>{BASE}/berita/6/a</link><pubDate>Wed, 18 Nov 2026 17:00:00 GMT</pubDate>",
            f"<title>Raih</title><link>{BASE}/berita/7/a</link><pubDate>kemarin</pubDate>",
            f"<title>Raih</title><link>{BASE}/tentang-kami</link>",
            "<title>Raih, tanpa alamat</title>",
        )
    )
    assert urls(found) == [f"{BASE}/berita/{n}?page=all" for n in ("1/a", "2/a", "4/kota-x-sabet-piala", "6/a", "7/a")]
    assert site.counts["passed_over"] == 1 and site.counts["articles"] == 5 and site.counts["lists"] == 1


@pytest.mark.parametrize(
    "link",
    [
        "<link>\n  {}  \n</link>",
        "<link><![CDATA[{}]]></link>",
        '<atom:link rel="self" href="https://kabar.id/rss"/><link>{}</link>',
        '<atom:link rel="alternate" href="{}"/>',
        "<link/><guid>{}</guid>",
        '<guid isPermaLink="true">{}</guid>',
        "<link>/berita/1/a</link>",
        "<link>{}#komentar</link>",
    ],
)
def test_where_an_rss_item_holds_its_address(link: str) -> None:
    item = f"<title>Raih</title>{link.format(f'{BASE}/berita/1/a')}<media:title>x</media:title>"
    assert urls(spider().parse_feed(rss(item))) == [f"{BASE}/berita/1/a?page=all"]


def test_an_rss_guid_that_is_no_address_is_none() -> None:
    assert (
        urls(spider().parse_feed(rss(f'<title>Raih</title><guid isPermaLink="false">{BASE}/berita/1/a</guid>'))) == []
    )


def test_atom() -> None:
    entries = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Raih</title><link href="{BASE}/"/>
      <entry><title>Kota X Raih Adipura</title><link rel="replies" href="{BASE}/berita/9/komentar"/>
        <link rel="alternate" href="{BASE}/berita/1/a"/><updated>2026-11-19T01:00:00Z</updated></entry>
      <entry><title>Biasa</title><summary>Penghargaan</summary><link href="berita/2/a"/></entry>
      <entry><title>Raih</title><link href="{BASE}/berita/3/a"/><published>2026-11-18T16:59:59Z</published>
        <updated>2026-11-20T00:00:00Z</updated></entry>
    </feed>"""
    assert urls(spider().parse_feed(xml(entries))) == [f"{BASE}/berita/1/a?page=all", f"{BASE}/berita/2/a?page=all"]


def test_a_stray_ampersand_costs_no_article() -> None:
    broken = f"<rss><item><title>A & B raih</title><link>{BASE}/berita/1/a</link></item><item><title>Raih<link>"
    assert urls(spider().parse_feed(xml(broken))) == [f"{BASE}/berita/1/a?page=all"]


IN_IT = {b"\x1f\x8b": "badly packed", b"<!ENTITY": "list with entities of its own"}


@pytest.mark.parametrize(
    "body",
    [b"", b"  \n", b"no markup", b"\x00\x01\x02", b"\xff\xfe<rss/>", b"<html><p>Maaf", b"{}", b"\x1f\x8b\x08 torn",
     b"<?xml version='1.0' encoding='no-such'?><rss/>", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;"],
)  # fmt: skip
def test_what_is_no_feed_leads_nowhere_and_breaks_nothing(body: bytes) -> None:
    site = spider()
    assert urls(site.parse_feed(xml(body))) == [] and urls(site.parse_sitemap(xml(body))) == []
    assert site.counts["lists"] == 2
    assert site.failures == next(({name: 2} for what, name in IN_IT.items() if what in body), {})


@pytest.mark.parametrize("holder", ["<title>&l9;</title>", "<title>x</title><x>&l9;</x>", '<title a="&l9;">x</title>'])
def test_entities_that_explode_stay_small_and_quick(holder: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    item = f"<item><link>{BASE}/berita/1/a</link>{holder}</item>"
    body = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "Raih">{laughs}]><rss>{item}</rss>'
    start, site = time.perf_counter(), spider()
    assert urls(site.parse_feed(xml(body))) == [] and site.counts["passed_over"] == 1
    assert time.perf_counter() - start < 1


def test_entities_fetch_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Raih penghargaan")
    body = f"""<!DOCTYPE r [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]><rss>
      <item><title>&s;</title><link>{BASE}/berita/1/a</link></item></rss>"""
    site = spider()
    assert urls(site.parse_feed(xml(body))) == [] and site.counts["passed_over"] == 1


# ------------------------------------------------------------------------------------------------------------- sitemaps

NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><image:image><image:loc>https://cdn.kabar.id/1.jpg</image:loc></image:image><loc> https://kabar.id/berita/1/a </loc>
  <news:news><news:publication_date>2026-11-19T00:00:00+07:00</news:publication_date>
  <news:title>Kota X Raih Adipura</news:title></news:news></url>
 <url><loc>https://kabar.id/berita/2/a</loc><news:news><news:keywords>penghargaan</news:keywords></news:news></url>
 <url><loc>https://kabar.id/berita/3/raih-piala</loc><lastmod>2026-11-18</lastmod></url>
 <url><loc>https://kabar.id/berita/4/raih-piala</loc><lastmod>2026-11-19</lastmod></url>
 <url><loc/></url></urlset>"""


def sitemap_index(*entries: str) -> str:
    inside = "".join(f"<sitemap>{entry}</sitemap>" for entry in entries)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</sitemapindex>'


def test_a_sitemap_index_leads_to_news_sitemaps() -> None:
    index = sitemap_index(
        f"<loc>{BASE}/news.xml</loc>", f"<loc>{BASE}/2019.xml</loc><lastmod>2019-12-31T00:00:00Z</lastmod>"
    )
    site = spider()
    answers = {f"{BASE}/sitemap.xml": xml(index), f"{BASE}/news.xml": xml(NEWS)}
    first = [request for request in started(site) if request.callback == site.parse_sitemap]
    assert surf(site, answers.__getitem__, first) == [
        f"{BASE}/berita/1/a?page=all", f"{BASE}/berita/2/a?page=all", f"{BASE}/berita/4/raih-piala?page=all"
    ]  # fmt: skip


def test_a_packed_sitemap_is_unpacked_within_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = Response(f"{BASE}/sitemap.xml.gz", body=gzip.compress(NEWS.encode()))
    assert len(urls(spider().parse_sitemap(packed))) == 3
    monkeypatch.setattr(spider_module, "MAX_SITEMAP_SIZE", NEWS.index("<url><loc>https://kabar.id/berita/2"))
    assert len(urls(spider().parse_sitemap(packed))) == 1


def test_sitemaps_that_lead_to_each_other_end(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(range(10**6))
    site = spider()

    def endless(url: str) -> Response:
        return xml(sitemap_index(*(f"<loc>{BASE}/{next(numbers)}.xml</loc>" for _ in range(4))))

    assert surf(site, endless, [site._request(f"{BASE}/sitemap.xml", site.parse_sitemap)]) == []
    assert site.counts["lists"] == 1 + spider_module.MAX_SITEMAPS
    assert site.failures == {"sitemap beyond the bound": 4 * 51 - 50}


def test_a_long_sitemap_is_read_quickly() -> None:
    entries = "".join(f"<url><loc>{BASE}/berita/{n}/harga-cabai-naik</loc></url>" for n in range(20_000))
    site, start = spider(), time.perf_counter()
    assert urls(site.parse_sitemap(xml(f"<urlset>{entries}</urlset>"))) == []
    assert site.counts["passed_over"] == 20_000 and time.perf_counter() - start < 10


# ----------------------------------------------------------------------------------------------------------- list pages


def listing(pages: dict[int, str]) -> Callable[[str], Response]:
    """Answers `p=N` of any day with these pages, an empty one after the last."""

    def answer(url: str) -> Response:
        return html(pages.get(int(url.rpartition("p=")[2]), "<p>Tidak ada berita</p>"), url)

    return answer


def a_day(site: ArticleSpider) -> list[Request]:
    return [r for r in started(site) if "tgl=20-11-2026" in r.url]


def test_a_list_is_followed_to_its_end_and_no_further() -> None:
    site = spider()
    assert urls(a_day(site)) == [f"{BASE}/indeks?tgl=20-11-2026&p=1"]
    answer = listing({1: headline(1) + headline(2), 2: headline(3) + headline(2)})
    assert surf(site, answer, a_day(site)) == [f"{BASE}/berita/{n}/slug?page=all" for n in (1, 2, 3)]
    assert site.counts["lists"] == 3, "two pages and the empty one"


def test_a_list_that_never_ends_is_bounded() -> None:
    site, numbers = spider(), iter(range(10**6))
    articles = surf(site, lambda url: html(headline(next(numbers)), url), a_day(site))
    assert len(articles) == site.counts["lists"] == KabarSpider.indexes[0].pages == 3


def test_a_site_that_repeats_its_last_page_ends_the_list() -> None:
    site = spider()
    assert len(surf(site, lambda url: html(headline(1), url), a_day(site))) == 1 and site.counts["lists"] == 2


def test_a_list_goes_on_where_another_list_had_all_of_its_first_page() -> None:
    """A regional list that begins like the national one: what is new in this list decides, not what is new at all."""
    site = spider()
    national, regional = (r for r in started(site) if "tgl=" in r.url)
    surf(site, listing({1: headline(1) + headline(2)}), [national])
    assert surf(site, listing({1: headline(1) + headline(2), 2: headline(3)}), [regional]) == [
        f"{BASE}/berita/3/slug?page=all"
    ]


def test_a_page_of_other_things_does_not_end_a_list() -> None:
    answer = listing({1: '<h3><a href="https://20.kabar.id/video/1">Video</a></h3>', 2: headline(3)})
    site = spider()
    assert len(surf(site, answer, a_day(site))) == 1


def test_a_calendar_has_the_days_from_since_to_today_in_jakarta() -> None:
    late = spider(now=datetime(2026, 11, 20, 17, tzinfo=UTC), since=date(2026, 11, 19))  # the 21st there
    days = [re.findall(r"tgl=([\d-]+)", url)[0] for url in urls(started(late)) if "tgl" in url]
    assert days == ["21-11-2026", "20-11-2026", "19-11-2026"]
    assert [url for url in urls(started(spider())) if "terkini" in url] == [f"{BASE}/terkini"], "a list without days"
    assert not [url for url in urls(started(spider(since=date(2026, 12, 1)))) if "tgl" in url]


def test_index_addresses_fill_in_any_form_of_day() -> None:
    index = Index("https://x.id/{day:%Y/%m/%d}?d={day:%m/%d/%Y}&page={page}", "a")
    assert list(index.addresses(date(2026, 12, 31), date(2027, 1, 1))) == [
        "https://x.id/2027/01/01?d=01/01/2027&page={page}",
        "https://x.id/2026/12/31?d=12/31/2026&page={page}",
    ]


def parsed(site: ArticleSpider, body: str) -> list[str]:
    """What a list page of `/terkini`, which has no second page, leads to."""
    (request,) = (r for r in started(site) if r.url.endswith("/terkini"))
    return urls(site.parse_index(html(body), **request.cb_kwargs))


def test_links_of_every_form_and_none_twice() -> None:
    body = """<base href="https://kabar.id/berita/"><a href="1/raih">a</a><a href="//kabar.id/berita/2/raih">b</a>
      <a href=" /berita/3/raih ">c</a><a href="https://kabar.id/berita/4/raih?utm_source=x">d</a>
      <a href="/berita/1/raih#komentar">again</a><a href="/berita/1/raih?page=2">again</a>
      <a>no address</a><a href="">none</a><a href="javascript:void(0)">x</a><a href="http://[">x</a><a href="mailto:a@b">x</a>"""
    assert parsed(spider(), body) == [
        f"{BASE}/berita/1/raih?page=all",
        f"{BASE}/berita/2/raih?page=all",
        f"{BASE}/berita/3/raih?page=all",
        f"{BASE}/berita/4/raih?utm_source=x&page=all",
    ]


def test_the_page_query_replaces_another_page() -> None:
    assert parsed(spider(), '<a href="/berita/1/raih?page=2&a=b">x</a>') == [f"{BASE}/berita/1/raih?page=all&a=b"]


def test_canonical_amp_and_mobile_are_one_article() -> None:
    body = "".join(
        f'<a href="{url}">Raih</a>'
        for url in (f"{BASE}/berita/1/a", f"{BASE}/amp/berita/1/a", "https://m.kabar.id/berita/1", f"{BASE}/berita/1/b")
    )
    site = spider()
    assert parsed(site, body) == [f"{BASE}/berita/1/a?page=all"] and site.counts["articles"] == 1


def test_a_card_that_links_twice_is_judged_by_all_its_words() -> None:
    card = '<a href="/berita/1/kota-x"><img></a><h3><a href="/berita/1/kota-x">Kota X Terbaik</a></h3>'
    assert parsed(spider(), card) == [f"{BASE}/berita/1/kota-x?page=all"]


def test_other_hosts_are_ignored_also_when_they_quote_the_address() -> None:
    body = "".join(
        f'<a href="{url}">Raih</a>'
        for url in (
            "https://www.facebook.com/sharer?u=https://kabar.id/berita/1/a",
            "https://web.archive.org/web/2026/https://kabar.id/berita/2/a",
            "https://kabar.id.evil.example/berita/3/a",
            "https://evil.example/kabar.id/berita/4/a",
            "ftp://kabar.id/berita/5/a",
        )
    )
    site = spider()
    assert parsed(site, body) == [] and site.counts == dict.fromkeys(site.counts, 0) | {"lists": 1}


def test_a_pattern_of_a_path_alone_is_not_found_in_a_query() -> None:
    class ByPath(KabarSpider):
        article_url = r"/berita/\d+"

    body = f'<a href="{BASE}/berita/1/raih">a</a><a href="https://x.example/?u=/berita/2/raih">b</a>'
    assert parsed(spider(ByPath), body) == [f"{BASE}/berita/1/raih?page=all"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("image/png", "image/png"),
        ("application/pdf; charset=x", "application/pdf"),
        ("application/json", "application/json"),
        (None, "nothing"),
    ],
)
def test_a_list_page_that_is_no_html_is_counted(kind: str | None, name: str) -> None:
    site = spider()
    (request,) = (r for r in started(site) if r.url.endswith("/terkini"))
    headers = {"Content-Type": kind} if kind else {}
    json = TextResponse(request.url, headers=headers, body=b'{"a": "<a href=/berita/1/raih>"}', encoding="utf-8")
    response = json if name.endswith("json") else Response(request.url, headers=headers, body=b"\x89PNG")
    assert list(site.parse_index(response, **request.cb_kwargs)) == []
    assert site.failures == {f"list page is {name}": 1} and site.counts["lists"] == 0


# ----------------------------------------------------------------------------------- what is asked for, and what is not


def test_only_one_article_and_no_list() -> None:
    site = spider(only=(f"{BASE}/berita/1/harga-cabai",))
    assert urls(started(site)) == [f"{BASE}/berita/1/harga-cabai?page=all"] and site.counts["articles"] == 1


def test_limit_counts_article_pages_and_stops_the_lists() -> None:
    site = spider(limit=2)
    answer = listing({n: headline(2 * n) + headline(2 * n + 1) for n in range(1, 4)})
    assert len(surf(site, answer, a_day(site))) == 2 and site.counts["lists"] == 1
    none = spider(limit=0)
    assert surf(none, answer, a_day(none)) == []


def test_articles_are_bounded_and_what_is_beyond_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KabarSpider, "max_articles", 3)
    site = spider()
    assert len(parsed(site, "".join(headline(n) for n in range(1, 6)))) == 3
    assert site.counts["articles"] == 3 and site.failures == {"article beyond the bound": 2}
    asked = spider(limit=2)
    assert len(parsed(asked, "".join(headline(n) for n in range(1, 6)))) == 2 and asked.failures == {}


def test_what_is_known_is_asked_again_a_day_later_and_not_after_two_weeks() -> None:
    def ago(**time_ago: float) -> datetime:
        return NOW - timedelta(**time_ago)

    seen = {
        "1": (ago(hours=23, minutes=59), ago(hours=23, minutes=59)),
        "2": (ago(days=1), ago(days=1)),
        "3": (ago(days=13, hours=23), ago(days=2)),
        "4": (ago(days=14), ago(days=2)),
        "5": (ago(days=13), ago(hours=3)),
    }
    known = {key: f"{BASE}/berita/{key}/harga-cabai" for key in seen}
    site = spider(seen=seen, known_urls=known)
    due = [r.url for r in started(site) if r.callback == site.kept]
    assert due == [f"{BASE}/berita/{n}/harga-cabai?page=all" for n in (2, 3)], "whatever its headline promises"
    again = urls(site.parse_feed(rss(*(f"<title>Raih</title><link>{BASE}/berita/{n}/x</link>" for n in range(1, 7)))))
    assert again == [f"{BASE}/berita/6/x?page=all"] and site.counts["known"] == 3


def test_a_publisher_s_no_is_kept_live_and_counted() -> None:
    class Withheld(KabarSpider):
        article_pages = False

    live, replayed = spider(Withheld), spider(Withheld, replaying=True)
    assert parsed(live, headline(1)) == [] and live.counts["withheld"] == 1 and live.counts["articles"] == 0
    assert len(parsed(replayed, headline(1))) == 1 and replayed.counts["withheld"] == 0


@pytest.mark.parametrize(
    "words",
    [
        "Kota Mojokerto Raih Merdeka Award", "Pemkab X diganjar WTP", "BUPATI TERIMA PENGHARGAAN", "Sang juaranya",
        "Desa X Wakili Jatim di Lomba Desa", "Kabupaten Y Meraih Predikat Nindya", "Kota Batu Naik ke Wiwerda",
        "TPID Kota Madiun Nomor Satu", "Adipura untuk Sidoarjo", "kabupaten x boyong dua trofi", "Bank Z: Diamond Trophy",
    ],
)  # fmt: skip
def test_words_that_promise_an_award(words: str) -> None:
    assert promises_award(words)


@pytest.mark.parametrize(
    "words", ["Harga Cabai Naik", "Banjir di Kota X", "Bupati Lantik Pejabat", "Pelajuaran", "Kecelakaan di Tol"]
)
def test_words_that_do_not(words: str) -> None:
    assert not promises_award(words)


# ------------------------------------------------------------------------------------------------------------- failures


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (IgnoreRequest("Forbidden by robots.txt"), "forbidden by robots.txt"),
        (IgnoreRequest("max redirections reached"), "redirect loop"),
        (IgnoreRequest("... exceeded DOWNLOAD_MAXSIZE (9 B) during decompression."), "unpacks to more than allowed"),
        (IgnoreRequest("what a later Scrapy says"), "refused by Scrapy"),
        (HttpError(Response(BASE, status=451), "x"), "http 451"),
        (KeyError("x"), "KeyError"),
    ],
)
def test_failures_have_names(error: Exception, name: str) -> None:
    site = spider()
    for _ in range(2):
        site.not_fetched(Failure(error))  # type: ignore[no-untyped-call]
    assert failure_name(error) == name and site.failures == {name: 2}


def test_every_name_of_the_table_is_a_class_that_exists() -> None:
    """So that a class renamed by an upgrade is seen here, and not as a strange name in a run's table."""
    modules = (builtins, gzip, zlib, brotli, scrapy.exceptions, twisted.internet.error, archive)
    named = {name for module in modules for name, value in inspect.getmembers(module, inspect.isclass)}
    assert set(spider_module._FAILURES) <= named


def test_a_redirect_that_comes_back_is_counted() -> None:
    site = spider()
    site.not_asked(Request(f"{BASE}/a", meta={"redirect_urls": [f"{BASE}/a", f"{BASE}/b"]}))
    site.not_asked(Request(f"{BASE}/c", meta={"redirect_urls": [f"{BASE}/a"]}))  # two old addresses of one article
    site.not_asked(Request(f"{BASE}/d"))
    assert site.failures == {"redirect loop": 1}


# ---------------------------------------------------------------------------------------------------------- further pages


class PagedSpider(KabarSpider):
    """An outlet that cuts its articles into pages."""

    page_query = ""


def test_further_pages_of_an_article_are_asked_for_once_each() -> None:
    links = (
        "".join(f'<a href="/berita/7/judul?page={n}">{n}</a>' for n in (1, 2, 3, 2, 25))
        + '<a href="/berita/8/lain?page=2">x</a>'
    )
    site = spider(PagedSpider)
    first = HtmlResponse(f"{BASE}/berita/7/judul", body=links.encode(), encoding="utf-8")
    asked = list(site.kept(first))
    assert urls(asked) == [f"{BASE}/berita/7/judul?page=2", f"{BASE}/berita/7/judul?page=3"]
    second = HtmlResponse(asked[0].url, body=links.encode(), encoding="utf-8")
    assert list(site.kept(second)) == []
    assert list(spider(KabarSpider).kept(first)) == [], "page=all shows them at once"
    assert list(site.kept(Response(f"{BASE}/berita/9/gambar", body=b"x"))) == []


def test_a_list_may_count_articles() -> None:
    site = spider(KabarSpider)
    index = Index(f"{BASE}/indeks/{{page}}", "a", 3, 0, 20)
    assert [site._list_page(index, index.url, n).url for n in (1, 2, 3)] == [f"{BASE}/indeks/{n}" for n in (0, 20, 40)]


# ------------------------------------------------------------------------------------------------------- declared sites

# addresses/<site>.json: each article under every address that it is served at, and what looks like one.
SITES = spiders()
STATED = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in (Path(__file__).parent / "addresses").glob("*.json")
}


def test_the_sites_are_those_whose_addresses_stand_here() -> None:
    assert set(SITES) == set(STATED)


@pytest.mark.parametrize("name", SITES)
def test_an_article_has_one_id_at_all_its_addresses(name: str) -> None:
    site = SITES[name].site()
    ids = []
    for addresses in STATED[name]["articles"]:
        found = {address: site.article_id_of(address) for address in addresses}
        assert None not in found.values() and len(set(found.values())) == 1, found
        ids += list(found.values())[:1]
    assert len(set(ids)) == len(ids), "other articles have other ids"
    assert [url for url in STATED[name]["no_articles"] if site.article_id_of(url) is not None] == []
    others = [a for other, stated in STATED.items() if other != name for line in stated["articles"] for a in line]
    assert [url for url in others if site.article_id_of(url) is not None] == []


@pytest.mark.parametrize("name", SITES)
def test_declarations_are_consistent(name: str) -> None:
    kind = SITES[name]
    assert kind.name == name and re.fullmatch(r"[a-z0-9]+", name) and kind.outlet
    lists = [*kind.feeds, *kind.sitemaps, *(index.url for index in kind.indexes)]
    assert lists and all(url.startswith("https://") for url in lists)
    assert re.compile(kind.article_id).groups >= 1 and kind.article_url.startswith("http")
    site = kind.site()
    for index in kind.indexes:
        parsel.Selector("<a></a>").css(index.links)  # as a crawl reads its lists
        assert {"{page}"} <= set(re.findall(r"\{page\}", index.url)) or index.pages == 1
        for address in index.addresses(date(2026, 11, 19), date(2026, 11, 20)):
            assert site.article_id_of(address) is None and not re.search(r"[{}]", address.replace("{page}", "1"))
    assert len(kind.schedule.split()) == 5 and kind.schedule.split()[2:] == ["*", "*", "*"]
    assert kind.region is None or re.fullmatch(r"\d\d(\.\d\d)?", kind.region)


@pytest.mark.parametrize("name", SITES)
def test_layouts_compile(name: str) -> None:
    """By the reader that reads pages with them: what it cannot would be a misfit at night."""
    page = lxml.html.fromstring("<html><body><p>x</p></body></html>")
    layouts = SITES[name].layouts
    assert layouts and len({layout.name for layout in layouts}) == len(layouts)
    for layout in layouts:
        given = (layout.title, layout.published, layout.author, layout.editors, layout.tags, layout.caption)
        for selector in (layout.body, *layout.drop, *(s for s in given if s)):
            select(page, selector)
        select(page, ", ".join(layout.drop) or "p")
        assert 1 <= layout.blocks[0] <= layout.blocks[1]


@pytest.mark.parametrize("name", SITES)
def test_a_page_that_states_its_text_is_read_where_no_layout_fits(name: str) -> None:
    """Of any year: in schema.org's words, once on the page, below a headline that the head agrees with, with a time."""
    url, kind = STATED[name]["articles"][0][0], SITES[name]
    text = "Kota Senja menerima piala itu dari menteri di ibu kota provinsi, disaksikan warga dari sebelas desa. " * 2
    html = (
        '<html><head><title>Kota Senja Raih Piala</title><meta property="article:published_time"'
        ' content="2018-03-01T10:00:00+07:00"></head><body><h1>Kota Senja Raih Piala</h1>'
        f'<section itemprop="articleBody"><p>{text}</p><p class="box-baca-juga">Cerita lain</p></section></body></html>'
    )
    found = clean(Page(name, url, NOW, 200, (("content-type", "text/html"),), html.encode()), kind.site())
    assert isinstance(found, Article), str(found)
    assert found.paragraphs == (text.strip(),) and found.title == "Kota Senja Raih Piala"


FILES = [p for p in sorted(Path(scraper.spiders.__path__[0]).glob("*.py")) if p.name != "__init__.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_spider_file_is_data(path: Path) -> None:
    """One class, whose body assigns constants: no methods, no functions, no conditions."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert len(source.splitlines()) <= 40
    forbidden = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.If, ast.For, ast.While, ast.Try, ast.With)
    assert [type(node).__name__ for node in ast.walk(tree) if isinstance(node, forbidden)] == []
    docstring, *rest = tree.body
    assert isinstance(docstring, ast.Expr) and ast.get_docstring(tree)
    classes = [node for node in rest if isinstance(node, ast.ClassDef)]
    assert len(classes) == 1
    assert all(isinstance(node, ast.ImportFrom | ast.Assign | ast.ClassDef) for node in rest)
    body = [n for n in classes[0].body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
    assert all(isinstance(node, ast.Assign) for node in body)
    declared = {
        target.id for n in body if isinstance(n, ast.Assign) for target in n.targets if isinstance(target, ast.Name)
    }
    assert declared <= set(ArticleSpider.__annotations__) | {"name"}, "a word misspelt would be ignored"


def test_sites_of_other_packages_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        def load(self) -> type[ArticleSpider]:
            return KabarSpider

    monkeypatch.setattr("scraper.sites.entry_points", lambda group: [Point()] if group == "awards.sites" else [])
    assert spiders()["kabar"] is KabarSpider and list(spiders()) == sorted([*SITES, "kabar"])
