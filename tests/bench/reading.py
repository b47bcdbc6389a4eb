"""What reading a page costs, step by step."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import lxml.html
from bs4 import BeautifulSoup

from etl.clean import clean
from etl.clean.content import html_of
from etl.extract import extract
from etl.model import Article, Page
from scraper.archive import WarcFile
from scraper.replay import SAMPLE
from scraper.sites import spiders

ROUNDS = 5


def reading() -> str:
    """Reading the sample's article pages, one core, CPU time

    Against what the libraries underneath need for the same pages in the same run: lxml's parse, BeautifulSoup's parse.
    """
    file = WarcFile(SAMPLE)
    sites = {name: spider.site() for name, spider in spiders().items()}
    pages: list[Page] = []
    for capture in file.captures(""):
        for name, site in sites.items():
            if capture.status == 200 and site.article_id_of(capture.url):
                page = file.read(capture)
                pages.append(Page(name, page.url, page.fetched_at, 200, page.headers, page.body))
    articles = [a for p in pages if isinstance(a := clean(p, sites[p.site]), Article)]
    html = [html_of(p) for p in pages]
    steps: list[tuple[str, float]] = [
        ("lxml parses the page", _ms(lambda: [lxml.html.document_fromstring(h) for h in html], len(pages))),
        ("BeautifulSoup parses the page", _ms(lambda: [BeautifulSoup(h, "lxml") for h in html], len(pages))),
        ("clean: page -> article", _ms(lambda: [clean(p, sites[p.site]) for p in pages], len(pages))),
        ("extract: article -> mentions", _ms(lambda: [_extract(a) for a in articles], len(articles))),
    ]
    base, total = steps[0][1], steps[2][1] + steps[3][1]
    size = sum(len(h) for h in html) / len(html) / 1000
    rows = [f"| {name} | {cost:.2f} | {cost / base:.1f} |" for name, cost in steps]
    rows.append(f"| clean + extract | {total:.2f} | {total / base:.1f} |")
    rate = f"**{1000 / total:.0f} pages/s on one core**"
    head = f"{len(pages)} pages of {size:.0f} kB on average: {rate}, from bytes to mentions.\n"
    return "\n".join([head, "| step | ms/page | times lxml's parse |", "|---|---|---|", *rows])


def _extract(article: Article) -> object:
    return extract(article.text, article.published_at.date() if article.published_at else None, article.site)


def _ms(work: Callable[[], object], count: int) -> float:
    """CPU milliseconds per item: the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = process_time()
        work()
        best = min(best, process_time() - start)
    return best / count * 1000
