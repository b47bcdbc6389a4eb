"""Which sites there are: the declarations of scraper/spiders, and those of other packages. Loads nothing that fetches."""

from __future__ import annotations

import importlib
import pkgutil
from importlib.metadata import entry_points

import scraper.spiders
from etl.model import IMPORTED, Site
from scraper.spider import ArticleSpider


def spiders() -> dict[str, type[ArticleSpider]]:
    """Every site: the modules of scraper/spiders, and what other packages declare as entry points `awards.sites`."""
    modules = [
        importlib.import_module(m.name) for m in pkgutil.iter_modules(scraper.spiders.__path__, "scraper.spiders.")
    ]
    found = [value for module in modules for value in vars(module).values() if _is_site(value)]
    found += [point.load() for point in entry_points(group="awards.sites")]
    return {spider.name: spider for spider in sorted(found, key=lambda s: s.name)}


def sites() -> dict[str, Site]:
    """What reading needs to know of every site, and of pages that came from no spider."""
    return {**{name: spider.site() for name, spider in spiders().items()}, IMPORTED.name: IMPORTED}


def _is_site(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, ArticleSpider) and hasattr(value, "outlet")


def stranger(name: str) -> type[ArticleSpider]:
    """A site that nobody has declared yet: one page of it may be asked for, as politely as any, and no list."""
    any_page = {"article_url": r"^https?://", "article_id": r"^https?://(.+)", "page_number": ""}
    return type("Stranger", (ArticleSpider,), {"name": name, "outlet": name, **any_page})
