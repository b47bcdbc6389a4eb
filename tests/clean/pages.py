"""Small pages for tests: an invented site, and an article that its layout fits."""

from __future__ import annotations

from datetime import UTC, datetime

import lxml.html

from etl.clean import clean
from etl.clean.blocks import lines_of
from etl.model import Article, Layout, Page, Site, Unread

FETCHED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
URL = "https://koran.example/read/77/kota-x-raih-penghargaan"
LAYOUT = Layout("2026", body="div.isi", drop=(".iklan",))
SITE = Site("koran", "Koran", r"koran\.example/read/\d+", r"/read/(\d+)", layouts=(LAYOUT,))
TITLE = "Kota X Raih Penghargaan"
TEXT = (
    "Pemerintah Kota X meraih penghargaan dari kementerian atas layanan warga yang mudah, cepat, dan murah. "
    "Tim menilai layanan itu setahun penuh."
)
TIME = '<meta property="article:published_time" content="2026-11-19T14:05:00+07:00">'


def html(head: str = TIME, body: str = f"<p>{TEXT}</p>", above: str = "", title: str = TITLE) -> str:
    """A page of the invented site."""
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head>"
        f"<body><h1>{title}</h1>{above}<div class='isi'>{body}</div></body></html>"
    )


def page(source: str | bytes, *headers: tuple[str, str], url: str = URL, status: int = 200) -> Page:
    """A response with that body."""
    body = source.encode() if isinstance(source, str) else source
    return Page("koran", url, FETCHED, status, headers, body)


def read(source: str | bytes, *headers: tuple[str, str], layout: Layout = LAYOUT) -> Article:
    """The article on a page that must fit."""
    site = Site(SITE.name, SITE.outlet, SITE.article_url, SITE.article_id, layouts=(layout,))
    article = clean(page(source, *headers), site)
    assert isinstance(article, Article), str(article)
    return article


def refused(source: str | bytes, *headers: tuple[str, str], status: int = 200) -> str:
    """Why a page is a misfit."""
    misfit = clean(page(source, *headers, status=status), SITE)
    assert isinstance(misfit, Unread)
    return str(misfit)


def lines(body: str, *drop: str) -> list[str]:
    """The lines of a block of HTML."""
    document = lxml.html.document_fromstring(f"<html><body><div class='isi'>{body}</div></body></html>")
    block = document.cssselect("div.isi")[0]
    return lines_of(block, "div.isi", drop)
