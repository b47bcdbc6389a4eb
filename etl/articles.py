"""Reads what no crawl brought: a saved page, an address, a plain text, JSON lines of texts. Stores nothing."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import lxml.html

from etl.clean import clean
from etl.clean.content import html_of
from etl.dates import WIB
from etl.engine import in_order
from etl.extract import extract, is_award_article
from etl.language_model import ask
from etl.model import Article, AwardMention, AwardsError, Extractor, Page, Site, Unread, UnreadablePage, UsageError
from etl.output import show
from etl.run.crawling import crawl
from etl.run.order import Order
from etl.run.pages import page_refs
from etl.settings import Settings
from scraper.archive import Archive
from scraper.sites import spiders

Read = tuple[Article, tuple[AwardMention, ...], bool]


def read_one(settings: Settings, page: str, url: str | None, published: date | None = None) -> Read:
    """A saved page (its address from `url`, rel=canonical or og:url), an address to fetch, or a text: '-' or a .txt file.

    `published` is the day a text appeared on. Raises AwardsError: no such file, no site has such addresses, not HTML, no
    layout fits, no text.
    """
    extractor = ask.configured(settings)
    if page == "-" or page.endswith(".txt"):
        if url is not None:
            raise UsageError(f"--url gives the address of a saved page, and {page} is a text: leave --url out")
        return _read_text(_text_in(page), published, extractor)
    if published is not None:
        raise UsageError(f"--published gives the day of a text, and {page} is a page that says its own: leave it out")
    if page.startswith(("http://", "https://")):
        if url is not None:
            raise UsageError(
                f"--url gives the address of a saved page, and {page} is an address itself: leave --url out"
            )
        return _read_page(_fetched(settings, page), extractor)
    try:
        return _read_page(_saved(_bytes_of(page), url), extractor, page)
    except UnreadablePage as error:
        raise AwardsError(f"{page} cannot be read: {error}") from error


def _bytes_of(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise AwardsError(f"{file} cannot be read: {error.strerror or error}") from error


def _text_in(file: str) -> str:
    try:
        text = _bytes_of(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AwardsError(f"{file} is no text in UTF-8 (byte {error.start}): save it as UTF-8") from error
    if not text.strip():
        raise AwardsError(f"{file} holds no text: the first line is the headline, each other line a paragraph")
    return text


def _read_text(text: str, published: date | None, extractor: Extractor) -> Read:
    """A text without an outlet; the blank lines that part its paragraphs are not the article's."""
    title, *paragraphs = (line.strip() for line in text.splitlines() if line.strip())
    day = datetime.combine(published, time(), WIB) if published else None
    article = Article(
        site="", outlet="", article_id="", url="", canonical_url=None, layout="plain text", title=title, author=None,
        editors=(), published_at=day, dateline=None, tags=(), photo_caption=None, paragraphs=tuple(paragraphs),
    )  # fmt: skip
    mentions = extractor(article.text, published, None)
    return article, mentions, is_award_article(mentions)


def _read_page(page: Page, extractor: Extractor, name: str | None = None) -> Read:
    article = clean(page, spiders()[page.site].site())
    if isinstance(article, Unread):
        raise AwardsError(f"{name or page.url} fits no layout of {page.site}: {article}")
    mentions = extractor(article.text, article.published_at.date() if article.published_at else None, article.site)
    return article, mentions, is_award_article(mentions)


def _saved(body: bytes, url: str | None) -> Page:
    """Saved bytes as the page they once were. Raises UnreadablePage, UsageError."""
    page = Page("", url or "", datetime.fromtimestamp(0, UTC), 200, _headers(body), body)
    address = url or _own_address(html_of(page))
    site = site_of(address)
    return Page(site.name, address, page.fetched_at, 200, page.headers, body)


def _headers(body: bytes) -> tuple[tuple[str, str], ...]:
    packed = (("content-encoding", "gzip"),) if body[:2] == b"\x1f\x8b" else ()
    return (("content-type", "text/html"), *packed)


def _own_address(html: str) -> str:
    """What the page says its address is: the first that is an article's. Raises UsageError."""
    # As bytes, because lxml takes no text that begins with an XML declaration.
    try:
        document = lxml.html.document_fromstring(html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except lxml.etree.ParserError as error:
        raise UnreadablePage(f"no HTML can be made of it: {error}") from error
    links = document.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    for link in links:
        if _site_or_none(link) is not None:
            return str(link)
    said = (
        f"says that its address is {links[0]}, no article address of any site" if links else "does not say its address"
    )
    raise UsageError(f"the page {said}; give it with --url")


def site_of(url: str) -> Site:
    """The site whose article address this is. Raises UsageError when it is no site's."""
    site = _site_or_none(url)
    if site is None:
        raise UsageError(f"{url} is no article address of any site; the sites are {', '.join(spiders())}")
    return site


def _site_or_none(url: str) -> Site | None:
    sites = (spider.site() for spider in spiders().values())
    return next((site for site in sites if site.article_id_of(url) is not None), None)


def _fetched(settings: Settings, url: str) -> Page:
    """One page from the network, by the site's own spider, as politely as any crawl.

    Raises AwardsError, also where the publisher asks that article pages not be read by programs.
    """
    site = site_of(url)
    if not spiders()[site.name].article_pages:
        raise AwardsError(
            f"{site.outlet} asks that its article pages not be read by programs, so {url} is not fetched:"
            " save the page in your browser and give the file"
        )
    with tempfile.TemporaryDirectory(prefix="awards-") as folder:
        apart = settings.model_copy(update={"data": Path(folder), "archive": str(Path(folder) / "archive")})
        report = crawl(apart, Order([site.name], only=(url,)), site.name, datetime.now(UTC), locks=settings.locks)
        refs = page_refs(Archive(apart.archive), site)
        if not refs:
            reasons = ", ".join(report.failures) or "it answered nothing"
            raise AwardsError(f"{url} could not be fetched: {reasons}")
        return Archive(apart.archive).read(refs[-1])


# ------------------------------------------------------------------------------------------------------------ JSON lines


def read_lines(settings: Settings, source: Path, to: Path | None) -> int:
    """Read each line of a file and write its answer, in the same order; how many lines could not be read."""
    failed = 0
    read = partial(read_line, extractor=ask.configured(settings))
    with _lines(source) as lines, _output(source, to) as out:
        for is_read, answer in in_order(read, lines, settings.workers):
            failed += not is_read
            out.write(answer + "\n")
    return failed


def read_line(line: str, extractor: Extractor = extract) -> tuple[bool, str]:
    """`{"id", "text" | "html", "url"?, "outlet"?, "published_on"?}` -> `{"id", "is_award_article", "records"}`.

    A line that cannot be read gives False and `{"id", "error"}`.
    """
    id_ = None
    try:
        given = json.loads(line)
        if not isinstance(given, dict):
            raise UsageError("the line is not a JSON object")
        id_ = given.get("id")
        mentions = _mentions(given, extractor)
    except (AwardsError, ValueError) as error:
        return False, json.dumps({"id": id_, "error": str(error)}, ensure_ascii=False)
    except Exception as error:  # noqa: BLE001  # a fault of ours on one line must not keep all others unread
        return False, json.dumps({"id": id_, "error": f"{type(error).__name__}: {error}"}, ensure_ascii=False)
    records = [show.record_json(m) for m in mentions]
    answer = {"id": id_, "is_award_article": is_award_article(mentions), "records": records}
    return True, json.dumps(answer, ensure_ascii=False)


def _mentions(given: dict[str, Any], extractor: Extractor) -> tuple[AwardMention, ...]:
    if isinstance(given.get("text"), str):
        return extractor(given["text"].rstrip("\n"), published_day(given.get("published_on")), given.get("outlet"))
    if isinstance(given.get("html"), str):
        return _read_page(_saved(given["html"].encode(), given.get("url")), extractor)[1]
    raise UsageError('the line has neither "text" nor "html"')


def published_day(stated: Any) -> date | None:
    """The day of publication; of a month, its last day, so that every day in it may be meant."""
    if not isinstance(stated, str) or not stated:
        return None
    if re.fullmatch(r"\d{4}-\d\d", stated):
        year, month = int(stated[:4]), int(stated[5:])
        return date(year, month, monthrange(year, month)[1])
    return date.fromisoformat(stated[:10])


@contextmanager
def _lines(source: Path) -> Iterator[Iterator[str]]:
    try:
        file = source.open(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise AwardsError(f"{source} cannot be read: {error.strerror or error}") from error
    with file:
        yield (line for line in file if line.strip())


@contextmanager
def _output(source: Path, to: Path | None) -> Iterator[TextIO]:
    if to is None:
        yield sys.stdout
        return
    if to.exists() and to.samefile(source):
        raise UsageError(f"--out {to} is the file that is read: give another, or it would be lost")
    # Half of a surrogate pair, which JSON can hold and UTF-8 cannot, is written as JSON writes it: \\ud83d.
    with to.open("w", encoding="utf-8", errors="backslashreplace") as file:
        yield file
