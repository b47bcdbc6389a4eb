"""Articles that a page holds only as data for its own script."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import lxml.html
import pytest

from etl.clean import clean
from etl.clean.generic import read_generic
from etl.clean.hydration import hydrate
from etl.model import IMPORTED, Article, Layout, Page, Site
from tests.clean.pages import FETCHED, SITE, TEXT, TITLE, page

ARTICLE = {
    "title": TITLE,
    "content": f"<p>{TEXT}</p><ul><li>Kota Y</li></ul>",
    "published_at": "2026-11-19T14:05:00+07:00",
    "authors": [{"name": "Ani Lestari"}, {"name": "Budi"}],
}
LAYOUT = Layout(
    "data", body="[data-from-script] > div", title="[data-from-script] h1", author="[data-from-script] address"
)


def next_page(article: Any) -> str:
    data = json.dumps({"props": {"pageProps": {"article": article, "latest": [{"title": "Lain", "content": ""}]}}})
    return (
        f"<html><head><title>{TITLE}</title></head><body><div id='__next'><h1>{TITLE}</h1><p>Memuat</p></div>"
        f"<script id='__NEXT_DATA__' type='application/json'>{data}</script></body></html>"
    )


def inertia_page(article: Any) -> str:
    data = escape(json.dumps({"component": "Article", "props": {"article": article}}))
    return f"<html><head><title>{TITLE}</title></head><body><div id='app' data-page=\"{data}\"></div></body></html>"


@pytest.mark.parametrize("source", [next_page(ARTICLE), inertia_page(ARTICLE)])
def test_a_layout_reads_it(source: str) -> None:
    site = Site(SITE.name, SITE.outlet, SITE.article_url, SITE.article_id, layouts=(LAYOUT,))
    found = clean(page(source), site)
    assert isinstance(found, Article), str(found)
    assert (found.title, found.author, found.editors) == (TITLE, "Ani Lestari", ("Budi",))
    assert found.published_at is not None and found.published_at.isoformat() == "2026-11-19T14:05:00+07:00"
    assert found.paragraphs == (TEXT, "Kota Y")


def test_the_generic_layout_reads_it_where_the_page_shows_nothing() -> None:
    found = read_generic(
        Page("imported", "https://kabar.example/b/1", FETCHED, 200, (), next_page(ARTICLE).encode()), IMPORTED
    )
    assert isinstance(found, Article) and found.paragraphs == (TEXT, "Kota Y")


@pytest.mark.parametrize(
    "article",
    [
        {},
        {**ARTICLE, "content": ""},
        {**ARTICLE, "content": "<p>Pendek</p>"},
        {**ARTICLE, "content": None},
        {**ARTICLE, "title": None},
        {**ARTICLE, "content": f"{TEXT} {TEXT}"},  # no HTML
    ],
)
def test_what_is_no_article_adds_nothing(article: Any) -> None:
    document = lxml.html.document_fromstring(next_page(article))
    assert not hydrate(document) and document.find(".//article") is None


def test_characters_that_no_tree_holds_are_left_out() -> None:
    odd = {**ARTICLE, "title": f"{TITLE}\ud800\x01", "authors": ["Ani\udfff\x00"], "published_at": "2026\ud800"}
    document = lxml.html.document_fromstring(next_page(odd))
    assert hydrate(document) and document.findtext(".//article/h1") == TITLE


@pytest.mark.parametrize("data", ["", "{", "[" * 3000, "null", '{"title": 1}'])
def test_data_that_is_none(data: str) -> None:
    assert not hydrate(
        lxml.html.document_fromstring(f"<body><script id='__NEXT_DATA__'>{data}</script><p>x</p></body>")
    )
