"""A site that misbehaves on purpose, a fault at a time; `make bench` prints what each leaves behind (tests/bench/faults.py).

Its name is kabar.test and it has a feed with two good articles beside the fault, so that one sees whether the run went on.
"""

from __future__ import annotations

import gzip
import random
import socket
import struct
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli

from scraper.archive import Archive, Capture
from tests.faults.prepared import PreparedCrawls
from tests.scraper.local_site import Answer, Asked, LocalSite, cut, endless, page, serving, silence, status

NAMES = {
    "kabar.test": "127.0.0.1",
    "m.kabar.test": "127.0.0.1",
    "intern.kabar.test": "127.0.0.2",
    "lain.test": "127.0.0.1",
}
BOUNDS = {"DOWNLOAD_TIMEOUT": 1.5, "RETRY_TIMES": 1, "PUBLIC_ADDRESSES": ["127.0.0.1/32"]}
MOST_MEMORY = 300_000_000  # bytes
ARTICLE = "/berita/13"  # where the fault is, if it is an article's


@dataclass(frozen=True)
class Fault:
    """What is answered at which path, and what must come of it.

    `counted`: the run's failures. `kept`: how many responses beside the good ones are in the archive. `lists`: what the
    site declares beside its feed; where it declares nothing, the feed leads to ARTICLE.
    """

    answers: dict[str, Answer | list[Answer]]
    counted: dict[str, int] = field(default_factory=dict)
    kept: int = 0
    lists: dict[str, Any] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a fault. `memory`: bytes at most; `good`: paths of the good articles that were kept; `left`: the other
    responses in the archive, by kind.
    """

    counted: dict[str, int]
    kept: int
    good: set[str]
    finished: bool
    memory: int
    seconds: float
    asked: list[str]
    report: dict[str, Any]
    left: Counter[str]


# ------------------------------------------------------------------------------------------------------------- answers


def moved(to: str, code: int = 302) -> Answer:
    """A redirect; '{port}' stands for this site's."""
    return lambda asked: status(code, location=to.format(port=asked.site.port))(asked)


def reset(after: bytes = b"") -> Answer:
    """These bytes, and then the connection is reset (RST)."""

    def write(asked: Asked) -> None:
        asked.wfile.write(after)
        asked.wfile.flush()
        time.sleep(0.05 if after else 0)
        asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        asked.connection.close()
        asked.close_connection = True

    return write


def raw(*parts: bytes) -> Answer:
    """These bytes as the whole answer, and the end of the connection."""

    def write(asked: Asked) -> None:
        asked.close_connection = True
        with suppress(OSError):
            for part in parts:
                asked.wfile.write(part)

    return write


def repeated(first: bytes, again: bytes, every: float = 0.0) -> Answer:
    """These bytes, then those again and again, until the other side has had enough (or half a minute)."""

    def write(asked: Asked) -> None:
        asked.close_connection = True
        end = time.monotonic() + 30
        with suppress(OSError):
            asked.wfile.write(first)
            while time.monotonic() < end:
                asked.wfile.write(again)
                time.sleep(every)

    return write


def pieces(size: int, piece: bytes = b"<p>Kota X</p>\n" * 5000) -> Answer:
    """A page of so many bytes, with its length."""

    def write(asked: Asked) -> None:
        asked.close_connection = True
        asked.send_response(200)
        asked.send_header("Content-Type", "text/html")
        asked.send_header("Content-Length", str(size))
        asked.end_headers()
        with suppress(OSError):
            for at in range(0, size, len(piece)):
                asked.wfile.write(piece[: size - at])

    return write


def xml(body: str) -> Answer:
    """A feed or sitemap; '{port}' stands for this site's."""
    return lambda asked: page(body.replace("{port}", str(asked.site.port)), content_type="text/xml")(asked)


def links(paths: list[str], more: str = "") -> Answer:
    """A list page."""
    return page("".join(f'<h3><a href="{path}">Kota X Raih Penghargaan</a></h3>' for path in paths) + more)


def _bomb(size: int) -> bytes:
    return gzip.compress(bytes(size), 9)


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PACKED = gzip.compress(random.Random(1).randbytes(20_000))
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
RUBBISH_LINKS = [
    "http://[", "http://kabar.test:99999/berita/3", "http://kabar.test:x/berita/4", "javascript:raih()", "//",
    "/berita/" + "9" * 60_000,
    "http://user:pw@[::1/berita/5", "\x7f\u202e%00%zz", "data:text/html,/berita/6", "mailto:raih@kabar.test", "http:///berita/7",
    "\\\\kabar.test\\berita\\8",
]  # fmt: skip


def _list(answer: Answer | list[Answer], **index: Any) -> dict[str, Any]:
    return {
        "answers": {"/indeks/1": answer},
        "lists": {"indexes": [{"url": "/indeks/{page}", "links": "h3 a", "pages": 1, **index}]},
    }


def _sitemap(answers: dict[str, Answer | list[Answer]], counted: dict[str, int], kept: int, remark: str = "") -> Fault:
    return Fault(answers, counted, kept, {"sitemaps": ["/sitemap.xml"]}, remark)


def _feed(answer: Answer, counted: dict[str, int], kept: int = 1, remark: str = "") -> Fault:
    return Fault({"/rss2": answer}, counted, kept, {"feeds": ["/rss2"]}, remark)


def _at_article(answer: Answer | list[Answer], name: str = "", kept: int = 0, remark: str = "") -> Fault:
    return Fault({ARTICLE: answer}, {name: 1} if name else {}, kept, {}, remark)


def _many_sitemaps() -> dict[str, Answer | list[Answer]]:
    entries = "".join(
        f"<url><loc>http://kabar.test:{{port}}/berita/{1000 + n}/{'harga-cabai' if n % 1000 else 'raih-penghargaan'}</loc>"
        "<lastmod>2026-11-20T00:00:00+07:00</lastmod><news:title>Kabar dari Kota X hari ini</news:title></url>"
        for n in range(50_000)
    )
    return {"/sitemap.xml": xml(f'<urlset xmlns:news="n">{entries}</urlset>')}


def _one_text() -> dict[str, Answer | list[Answer]]:
    paths = [f"/berita/{n}" for n in range(100, 130)]
    texts: dict[str, Answer | list[Answer]] = {path: page("Kota X Raih Adipura") for path in paths}
    return texts | {"/indeks/1": links(paths)}


def _sitemap_after_sitemap() -> dict[str, Answer | list[Answer]]:
    def leading_to(n: int) -> Answer:
        return xml(f"<sitemapindex><sitemap><loc>/{n}.xml</loc></sitemap></sitemapindex>")

    return {(f"/{n}.xml" if n else "/sitemap.xml"): leading_to(n + 1) for n in range(99)}


def _endless_list(folder: str = "/indeks") -> dict[str, Answer | list[Answer]]:
    lists: dict[str, Answer | list[Answer]] = {f"{folder}/{n}": links([f"/berita/{100 + n}"]) for n in range(1, 100)}
    return lists | {f"/berita/{100 + n}": page(f"Kota X ke-{n}") for n in range(1, 100)}


def _paged_article() -> dict[str, Answer | list[Answer]]:
    def further(n: int) -> str:
        return f"{ARTICLE}?page={n}"

    return {
        (further(n) if n > 1 else ARTICLE): page(f'bagian {n} <a href="{further(n + 1)}">lanjut</a>')
        for n in range(1, 99)
    }


def _chain(length: int) -> dict[str, Answer | list[Answer]]:
    steps: dict[str, Answer | list[Answer]] = {f"/langkah/{n}": moved(f"/langkah/{n + 1}") for n in range(1, length)}
    return {ARTICLE: moved("/langkah/1")} | steps


# ------------------------------------------------------------------------------------------------------------ the table

FAULTS: dict[str, Fault] = {
    # what a site says when it does not want to, or cannot
    "429 with Retry-After": _at_article(status(429, retry_after="1"), "http 429", 2),
    "429 without": _at_article(status(429), "http 429", 2),
    "503 with Retry-After": _at_article(status(503, retry_after="1"), "http 503", 2),
    "503 without": _at_article(status(503), "http 503", 2),
    "503, then it comes": _at_article([status(503), page("Kota X")], "", 2),
    "403 with a block page": _at_article(status(403), "http 403", 1),
    # connections
    "connection reset": _at_article(reset(), "connection lost"),
    "connection reset in the headers": _at_article(reset(b"HTTP/1.1 200 OK\r\nContent-"), "connection lost"),
    "connection reset in the body": _at_article(reset(OK + b"Content-Length: 900\r\n\r\n<p>Kota"), "cut short"),
    "hang": _at_article(silence(), "timeout"),
    "hang in the body": _at_article(repeated(OK + b"Content-Length: 900\r\n\r\n<p>Kota", b"", 0.5), "timeout in the body"),
    "slow drip": _at_article(repeated(OK + b"\r\n", b"x", 0.1), "timeout in the body", remark="of the whole request"),
    "slow drip of headers": _at_article(repeated(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", 0.1), "timeout"),
    # lengths and packing
    "gzip cut short": _at_article(page(PACKED[:-900], content_encoding="gzip"), "packed body cut short", 1),
    "gzip that is none": _at_article(page("plain text", content_encoding="gzip"), "badly packed", 1),
    "length too long": _at_article(cut("a" * 99, missing=400), "cut short"),
    "length too short": _at_article(raw(OK + b"Content-Length: 5\r\n\r\nKota X"), "", 1, "its first 5 bytes, as HTTP has it"),
    "length that is no number": _at_article(raw(OK + b"Content-Length: banyak\r\n\r\nKota X"), "no HTTP"),
    "two lengths": _at_article(raw(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nKota X"), "no HTTP"),
    "chunks that are none": _at_article(raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzzz\r\nKota X"), "cut short"),
    "gzip bomb": _at_article(page(_bomb(300_000_000), content_encoding="gzip"), "unpacks to more than allowed", 1, "packed"),
    "gzip bomb in a gzip": _at_article(
        page(gzip.compress(_bomb(300_000_000)), content_encoding="gzip, gzip"), "unpacks to more than allowed", 1, "packed"
    ),
    "brotli bomb": _at_article(
        page(brotli.compress(bytes(300_000_000), quality=1), content_encoding="br"), "unpacks to more than allowed", 1, "packed"
    ),
    "sitemap.xml.gz that is a bomb": _sitemap(
        {"/sitemap.xml": page(_bomb(300_000_000), content_type="application/gzip")},
        {"unpacks to more than allowed": 1}, 1, "packed",
    ),
    "50 MB page": _at_article(pieces(50_000_000), "larger than allowed"),
    "50 MB page without a length": _at_article(endless, "larger than allowed"),
    "19 MB page of nothing but tags": _at_article(pieces(19_000_000, b"<a>" * 20_000), "", 1, "not read for links"),
    "19 MB list of nothing but tags": Fault(
        **_list(pieces(19_000_000, b"<a>" * 20_000)), counted={"list page too large to read": 1}, kept=1
    ),
    # redirects
    "redirect loop": _at_article(moved(ARTICLE), "redirect loop", 1),
    "redirect there and back": Fault({ARTICLE: moved("/sana"), "/sana": moved(ARTICLE)}, {"redirect loop": 1}, 2),
    "redirects without end": Fault(_chain(30), {"redirect loop": 1}, 6),
    "redirect at home": Fault(
        {ARTICLE: moved("http://m.kabar.test:{port}/m"), "/m": page("Kota X")}, {}, 2, remark="followed"
    ),
    "redirect to another domain": _at_article(moved("http://lain.test:{port}/iklan"), "redirected elsewhere", 1),
    "redirect to a private address": _at_article(moved("http://10.0.0.1/"), "redirected to a private address", 1),
    "redirect to the cloud's own": _at_article(moved("http://169.254.169.254/"), "redirected to a private address", 1),
    "redirect to a private IPv6 address": _at_article(moved("http://[::1]:{port}/"), "redirected to a private address", 1),
    "redirect to a loopback address": _at_article(moved("http://127.0.0.9:{port}/"), "redirected to a private address", 1),
    "redirect to a name at home that is private": _at_article(
        moved("http://intern.kabar.test:{port}/"), "redirected to a private address", 1
    ),
    "redirect of a list to another domain": Fault(
        **_list(moved("http://lain.test:{port}/")), counted={"redirected elsewhere": 1}, kept=1
    ),
    "redirect to rubbish": _at_article(moved("http://["), "redirected to no address", 1),
    "redirect to a file": _at_article(moved("file:///etc/passwd"), "http 302", 1),
    "redirect to nowhere": _at_article(status(302), "http 302", 1),
    # traps
    "endless pagination": Fault(
        _endless_list(), {}, 20, _list(silence(), pages=10)["lists"], "counted as a list that goes on (`lists_cut`)"
    ),
    "endless pagination of a day": Fault(
        _endless_list("/hari/20"), {"list of a day beyond the bound": 1}, 20,
        {"indexes": [{"url": "/hari/{day:%d}/{page}", "links": "h3 a", "pages": 10}]},
    ),
    "calendar trap": Fault(
        {"/hari/2026-11-20": links([f"/hari/{y}-{m:02}-01" for y in range(1, 999) for m in range(1, 13)])}, {}, 1,
        {"indexes": [{"url": "/hari/{day:%Y-%m-%d}", "links": "h3 a"}]}, "only the days asked for",
    ),
    "article of endless pages": Fault(_paged_article(), {"article page beyond the bound": 1}, 20),
    "one text under many addresses": Fault(_one_text(), {}, 31, _list(silence())["lists"], "stored once, 29 revisits"),
    "sitemap of 50,000 entries": _sitemap(_many_sitemaps() | {
        f"/berita/{1000 + n}/raih-penghargaan": page(f"Kota {n}") for n in range(0, 50_000, 1000)
    }, {}, 51, "50 articles asked for"),
    "sitemaps without end": _sitemap(_sitemap_after_sitemap(), {"sitemap beyond the bound": 1}, 51),
    "sitemap elsewhere": _sitemap(
        {"/sitemap.xml": xml("<sitemapindex><sitemap><loc>http://10.0.0.1/s.xml</loc></sitemap></sitemapindex>")},
        {"sitemap elsewhere": 1}, 1,
    ),
    "RSS with entities that explode": _feed(
        xml(f'<!DOCTYPE r [<!ENTITY l0 "Raih">{LAUGHS}]><rss><item a="&l9;"><title>&l9;</title><link>/x</link></item></rss>'),
        {"list with entities of its own": 1}, 1, "they stand for nothing",
    ),
    "RSS of millions of tags": _feed(xml("<rss>" + "<a/>" * 4_000_000 + "</rss>"), {"list too large to read": 1}),
    # rubbish
    "charset that is wrong": _at_article(
        page("Kota X – “Raih”".encode("utf-16"), content_type="text/html; charset=us-ascii"), "", 1, "kept as it came"
    ),
    "charset that is none": _feed(
        page(b"<rss><item><title>Raih \xff\xfe</title><link>/berita/2</link></item></rss>", content_type="text/xml; charset=?"),
        {}, 1,
    ),
    "addresses that are rubbish": Fault(
        _list(page("".join(f'<h3><a href="{link}">Raih</a></h3>' for link in RUBBISH_LINKS)))["answers"],
        {"address that is none": 1, "http 404": 1}, 2, _list(silence())["lists"], "what is an address is asked for",
    ),
    "headers without a colon, beyond ASCII": _at_article(
        raw(OK + b"kota\r\nX-Raih: \xff\xe2\x80\x9c\x07\r\nContent-Length: 6\r\n\r\nKota X"), "", 1
    ),
    "headers without a name": _at_article(raw(OK + b": x\r\n\x00\xff: \xfe\r\nContent-Length: 6\r\n\r\nKota X"), "no HTTP"),
    "a header of a megabyte": _at_article(raw(OK + b"X: " + b"a" * 1_000_000 + b"\r\n\r\nKota X"), "connection lost"),
    "headers without end": _at_article(repeated(OK, b"X-Kota: Raih Adipura\r\n" * 500), "no HTTP"),
    "a status line that is none": _at_article(raw(b"KOTA/9.9 raih\r\n\r\n"), "no HTTP"),
    "noise": _at_article(raw(random.Random(2).randbytes(3000)), "no HTTP"),
    "nothing but 'go on'": _at_article(repeated(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05), "timeout"),
    "an HTTP of before 1.0": _at_article(raw(b"<html>Kota X</html>"), "connection lost"),
}  # fmt: skip


DOES: dict[str, str] = {  # what the site answers to the request in question
    "429 with Retry-After": "429, wait a second; always",
    "429 without": "429, always",
    "503 with Retry-After": "503, wait a second; always",
    "503 without": "503, always",
    "503, then it comes": "503, at the second try the page",
    "403 with a block page": "403 and a page that says so",
    "connection reset": "resets the connection (RST) at once",
    "connection reset in the headers": "resets it in the middle of the headers",
    "connection reset in the body": "resets it after 8 of 900 bytes",
    "hang": "accepts and says nothing",
    "hang in the body": "says nothing more after 8 of 900 bytes",
    "slow drip": "a byte every tenth of a second, without end",
    "slow drip of headers": "a header every tenth of a second, without end",
    "gzip cut short": "gzip without its last 900 bytes",
    "gzip that is none": "plain text, said to be gzip",
    "length too long": "promises 400 bytes more than come",
    "length too short": "promises 5 bytes of 6",
    "length that is no number": "Content-Length: banyak",
    "two lengths": "two different Content-Length",
    "chunks that are none": "chunked, and the chunk's length is no number",
    "gzip bomb": "300 MB of zeros in 0.3 MB",
    "gzip bomb in a gzip": "the same, packed once more",
    "brotli bomb": "300 MB of zeros in brotli, which nobody asked for",
    "sitemap.xml.gz that is a bomb": "a sitemap of 300 MB of zeros in 0.3 MB",
    "50 MB page": "50 MB, with their length",
    "50 MB page without a length": "bytes without end",
    "19 MB page of nothing but tags": "6 million `<a>`",
    "19 MB list of nothing but tags": "a list page of 6 million `<a>`",
    "redirect loop": "302 to itself",
    "redirect there and back": "302 to a page that leads back",
    "redirects without end": "302 to ever another address",
    "redirect at home": "302 to another host of its domain",
    "redirect to another domain": "302 to an advertisement elsewhere",
    "redirect to a private address": "302 to 10.0.0.1",
    "redirect to the cloud's own": "302 to 169.254.169.254",
    "redirect to a private IPv6 address": "302 to [::1]",
    "redirect to a loopback address": "302 to 127.0.0.9",
    "redirect to a name at home that is private": "302 to a host of its domain that stands for 127.0.0.2",
    "redirect of a list to another domain": "302 of a list page to another domain",
    "redirect to rubbish": "302 to `http://[`",
    "redirect to a file": "302 to file:///etc/passwd",
    "redirect to nowhere": "302 without a Location",
    "endless pagination": "ever another list page with another article",
    "endless pagination of a day": "the same, of a list by day",
    "calendar trap": "a list page with 12,000 links to other days",
    "article of endless pages": "an article with ever another page",
    "one text under many addresses": "the same bytes at 30 addresses",
    "sitemap of 50,000 entries": "50,000 entries, 50 of which promise an award",
    "sitemaps without end": "a sitemap index that leads to another one, and so on",
    "sitemap elsewhere": "a sitemap index that leads to 10.0.0.1",
    "RSS with entities that explode": "a billion laughs",
    "RSS of millions of tags": "4 million tags",
    "charset that is wrong": "UTF-16, said to be ASCII",
    "charset that is none": "a feed that is no UTF-8, its charset '?'",
    "addresses that are rubbish": "a list of a dozen addresses such as `http://[`, `mailto:`, a port of 99999",
    "headers without a colon, beyond ASCII": "headers without a colon and with control characters",
    "headers without a name": "headers without a name, with NUL",
    "a header of a megabyte": "one header of 1 MB",
    "headers without end": "headers without end, fast",
    "a status line that is none": "KOTA/9.9 raih",
    "noise": "3,000 random bytes",
    "nothing but 'go on'": "100 Continue without end",
    "an HTTP of before 1.0": "HTML without any headers",
}


# ------------------------------------------------------------------------------------------------------------- a crawl


def observe(fault: Fault, folder: Path, crawls: PreparedCrawls) -> Outcome:
    """Crawl the site with this fault."""
    good = ["/berita/1", "/berita/2"]
    asked_for = good if fault.lists else [good[0], ARTICLE, good[1]]
    entries = "".join(f"<item><title>Kota X Raih Adipura</title><link>{path}</link></item>" for path in asked_for)
    answers: dict[str, Answer | list[Answer]] = {
        "/robots.txt": status(404), "/rss": xml(f"<rss>{entries}</rss>"), **{path: page(f"Kota {path}") for path in good},
    }  # fmt: skip
    with serving(answers | {path: list(a) if isinstance(a, list) else a for path, a in fault.answers.items()}) as site:
        began = time.monotonic()
        crawled = crawls.start(folder, _declared(site, fault.lists), settings=BOUNDS, names=NAMES).ended()
        seconds = time.monotonic() - began
    assert crawled.code == 0, (crawled.said, crawled.log)
    captures = Archive(folder).captures("local")
    paths = ["/" + c.url.split("/", 3)[3] for c in captures]
    report = crawled.said["report"]
    return Outcome(
        report["failures"], sum(path not in answers for path in paths), {path for path in paths if path in good},
        report["finished"], crawled.said["peak_memory"], seconds, site.paths(), report,
        Counter(_kind(c) for c, path in zip(captures, paths, strict=True) if path not in answers),
    )  # fmt: skip


def _kind(capture: Capture) -> str:
    return f"{capture.status}{', a revisit' if capture.of else ''}{', broken off' if capture.truncated else ''}"


def _declared(site: LocalSite, lists: dict[str, Any]) -> dict[str, Any]:
    base = f"http://kabar.test:{site.port}"
    declared: dict[str, Any] = {
        "article_url": r"https?://(m\.)?kabar\.test(:\d+)?/berita/\d+",
        "article_id": r"/berita/(\d+)",
    }
    return declared | {
        "feeds": [f"{base}/rss", *(base + path for path in lists.get("feeds", ()))],
        "sitemaps": [base + path for path in lists.get("sitemaps", ())],
        "indexes": [{**index, "url": base + index["url"]} for index in lists.get("indexes", ())],
    }
