"""`python -m tests.pages`: what each site's declarations are verified by, one line a site, as Markdown.

Real pages: saved ones (../shared/pages and, where it is there, anpandu/indonesian-news-scraper) that a layout of the site
reads. Stored pages: ours, with goldens, and how many of the site's layouts they cover. Lists: how many there are, and how
many of them ../shared/sites names, which is what public scrapers ask for. Addresses: how many addresses of articles, and
of what is no article, the patterns are held to.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from etl.clean import clean
from etl.model import Article
from scraper.sites import spiders
from scraper.spider import ArticleSpider
from tests.bench import cleaning
from tests.clean.test_real_pages import FOLDER

HERE = Path(__file__).parent
SITES = Path(os.environ.get("AWARDS_SITES", FOLDER.parent / "sites"))  # SITES.md, rss_links.csv
HEADS = (
    "site",
    "real pages (layouts)",
    "stored pages (layouts)",
    "feeds + sitemaps + list pages; named by others",
    "addresses",
    "not yet verified",
)


def main() -> None:
    """Print the table."""
    real, named = _real_pages(), _named_lists()
    print(f"| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}")
    for name, spider in spiders().items():
        known = json.loads((HERE.parent / "scraper" / "addresses" / f"{name}.json").read_text(encoding="utf-8"))
        lists = (*spider.feeds, *spider.sitemaps, *(index.url for index in spider.indexes))
        cells = (
            name,
            _counted(real.get(name, Counter()), spider),
            _counted(_stored(name), spider),
            f"{len(spider.feeds)} + {len(spider.sitemaps)} + {len(spider.indexes)}; "
            f"{sum(_is_named(url, name, named) for url in lists)}",
            f"{sum(map(len, known['articles']))} + {len(known['no_articles'])}",
            spider.unverified,
        )
        print(f"| {' | '.join(cells)} |")


def _counted(layouts: Counter[str], spider: type[ArticleSpider]) -> str:
    """'4 (2 of 3)': pages, and how many of the site's layouts read any."""
    return f"{layouts.total()} ({len(layouts)} of {len(spider.layouts)})" if layouts else "none"


def _stored(name: str) -> Counter[str]:
    goldens = (json.loads(path.read_text(encoding="utf-8")) for path in (HERE / name).glob("*.json"))
    return Counter(golden["article"]["layout"] for golden in goldens)


def _real_pages() -> dict[str, Counter[str]]:
    """By site, how many real pages each layout reads."""
    found: dict[str, Counter[str]] = {}
    pages = [(real.page, real.site) for real in cleaning.real_pages()] if FOLDER.is_dir() else []
    pages += [(page, site) for _, page, site, _ in cleaning.known_pages() if all(page.url != p.url for p, _ in pages)]
    for page, site in pages:
        if isinstance(article := clean(page, site), Article):
            found.setdefault(site.name, Counter())[article.layout] += 1
    return found


def _named_lists() -> list[str]:
    """What public scrapers name, line by line; nothing where ../shared/sites is not there."""
    files = (SITES / name for name in ("SITES.md", "rss_links.csv"))
    return [line for path in files if path.is_file() for line in path.read_text(encoding="utf-8").splitlines()]


def _is_named(url: str, name: str, lines: list[str]) -> bool:
    """Whether a line about the site names the list, with or without its host; hosts of regions are named as one."""
    path = re.split(r"[?{]", urlsplit(url).path)[0].rstrip("/") or urlsplit(url).netloc
    return any(name in re.sub(r"\W", "", line.lower()) and path in line for line in lines)


main()
