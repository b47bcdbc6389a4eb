"""The sample's pages, cleaned, are the articles they were made from: every paragraph, nothing else, every field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from etl.clean import clean
from etl.model import Article, Page, Unread
from scraper.sites import spiders
from tests.sample import build as sample

SOURCES = sample.read_articles(sample.HERE / "articles")
PAGES = [(a, t) for a in SOURCES for t in ("article.html", "amp.html") if t == "article.html" or a.amp]
BROKEN = [a for a in SOURCES if a.broken]
WITHOUT_TOWN = {"merdeka", "mediaindonesia"}  # their pages print 'Merdeka.com -' and nothing
WITHOUT_EDITORS = {("kompas", "amp.html")}
# mediaindonesia's articles end with newsroom codes, in the source too: '(UK/N-2)', '(H-2)'.
CODES = re.compile(r" \((?:[A-Z]{2}/)?[A-Z]-\d\)$")


@cache
def renderer() -> sample.Renderer:
    return sample.Renderer(sample.HERE / "templates")


def read(source: sample.Article, template: str = "article.html") -> Article | Unread:
    at = source.captured or sample.ARTICLES_AT
    html = renderer().article(source, at, template)
    url = source.amp_url if template == "amp.html" else source.url + source.outlet.page_query
    headers = (("content-type", "text/html; charset=utf-8"),)
    return clean(Page(source.site, url, at, 200, headers, html.encode()), spiders()[source.site].site())


def lines(source: sample.Article) -> Iterator[str]:
    """The source's paragraphs as an Article holds them."""
    for block in source.blocks:
        match block.kind:
            case "paragraph" | "subhead":
                yield block.text
            case "numbered":
                yield from (f"{number}. {item}" for number, item in enumerate(block.items, block.start))
            case "bullets":
                yield from block.items
            case "table":
                yield from (" | ".join(row) for row in block.rows)


@pytest.mark.parametrize(
    ("source", "template"), PAGES, ids=lambda v: v if isinstance(v, str) else f"{v.site}/{v.path.stem}"
)
def test_article_is_its_source(source: sample.Article, template: str) -> None:
    article = read(source, template)
    if source.broken:
        assert isinstance(article, Unread)
        return
    assert not isinstance(article, Unread), str(article)
    wanted = list(lines(source))
    if source.site == "mediaindonesia":
        assert CODES.search(wanted[-1])
        wanted[-1] = CODES.sub("", wanted[-1])
    assert list(article.paragraphs) == wanted
    assert article.title == source.title
    assert article.author == (source.author or None)
    assert article.editors == (() if (source.site, template) in WITHOUT_EDITORS else source.editors)
    assert article.published_at == source.published
    assert article.dateline == (None if source.site in WITHOUT_TOWN else source.dateline)
    assert article.photo_caption == source.caption
    assert article.tags == source.tags
    assert article.article_id.split("/")[-1] == source.id.split("/")[-1]
    assert article.canonical_url == source.url


def test_published_time_is_told_in_wib() -> None:
    for source in SOURCES:
        article = read(source)
        if isinstance(article, Article):
            assert article.published_at is not None
            assert article.published_at.isoformat() == source.published.isoformat()


def test_the_sample_has_a_broken_page() -> None:
    assert [str(read(a)) for a in BROKEN] == [
        "layout 2020: 'div.read__content' holds 0 characters of text; "
        "layout 2016 channels: 'div.div-read' matches 0 times, not 1; "
        "layout 2015: 'div.kcm-read-text, span.kcmread1114' matches 0 times, not 1; "
        "layout stated: '[itemprop=articleBody]' matches 0 times, not 1"
    ]


def test_a_changed_article_is_another_version_of_the_same() -> None:
    changed = [a for a in SOURCES if a.superseded or a.changed_from]
    earlier, later = (read(a) for a in changed)
    assert isinstance(earlier, Article)
    assert isinstance(later, Article)
    assert earlier.key == later.key
    assert earlier.version != later.version


def test_the_amp_page_is_the_same_article() -> None:
    for source in (a for a in SOURCES if a.amp):
        page, amp = read(source), read(source, "amp.html")
        assert isinstance(page, Article)
        assert isinstance(amp, Article)
        assert (page.key, page.text) == (amp.key, amp.text)
