"""scraper/README.md says what the code does: fields, numbers and modules, as far as they can be compared."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import scraper
from etl.health import BEYOND_BUDGET
from scraper import domains, heads, politeness, spider
from scraper.archive import Capture
from scraper.settings import LIVE
from scraper.spider import ArticleSpider, Index

FOLDER = Path(scraper.__path__[0])
README = (FOLDER / "README.md").read_text(encoding="utf-8")


def table(after: str) -> list[str]:
    """The names in the first column of the first table after a phrase."""
    rows = README[README.index(after) :].split("|---|---|\n", 1)[1].split("\n\n", 1)[0]
    return [name for row in rows.splitlines() for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_the_fields_of_a_site() -> None:
    assert table("## Adding a site") == ["name", *ArticleSpider.__annotations__]
    documented = re.findall(r"^    ([a-z_]+) +\S", ArticleSpider.__doc__ or "", re.MULTILINE)
    assert documented == ["name", *ArticleSpider.__annotations__]
    assert f"`Index({', '.join(field.name for field in fields(Index))})`" in README


def test_the_fields_of_an_index_line() -> None:
    assert table("A line of the index:") == [f.name for f in fields(Capture) if f.name not in ("site", "warc")]


def test_the_modules() -> None:
    modules = {p.name for p in FOLDER.glob("*.py") if p.name != "__init__.py"} | {"spiders/"}
    assert set(table("(`replay.py`).")) == modules


def test_the_numbers_of_politeness() -> None:
    assert f"as far as {politeness.MAX_CRAWL_DELAY:.0f} s" in README
    assert (
        f"longer than {politeness.MAX_WAIT:.0f} s" in README and f"a pause of {politeness.FIRST_WAIT:.0f} s" in README
    )
    assert f"waits {domains.PATIENCE:.0f} s" in README and BEYOND_BUDGET in README
    assert f"{ArticleSpider.budget} unless said" in README
    assert (LIVE["DOWNLOAD_DELAY"], LIVE["CONCURRENT_REQUESTS_PER_DOMAIN"]) == (1.0, 2)
    assert (LIVE["RETRY_TIMES"], LIVE["REDIRECT_MAX_TIMES"], LIVE["DOWNLOAD_TIMEOUT"]) == (2, 5, 30)
    assert (LIVE["DOWNLOAD_MAXSIZE"], LIVE["CLOSESPIDER_TIMEOUT"]) == (20_000_000, 3 * 3600)
    assert (
        f"{heads.MAX_HEAD // 1024} KB of headers" in README
        and f"{spider.ArticleSpider.max_articles} articles" in README
    )
    assert f"{spider.MAX_PAGE_SIZE // 10**6} MB or {spider.MAX_PAGE_MARKS} tags" in README
    assert f"lists of more than {spider.MAX_LIST_MARKS}" in README and f"{spider.MAX_SITEMAPS} sitemaps" in README
    assert (spider.RECHECK_AFTER.days, spider.RECHECK_UNTIL.days) == (1, 14)
