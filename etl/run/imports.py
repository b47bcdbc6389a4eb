"""Pages out of foreign WARC files (Common Crawl's CC-NEWS, other crawlers, browsers) into our own archive. Reads nothing.

A page of a site that a spider declares becomes that site's; any other is kept as `imported` and read by the generic layout.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from etl.clean.content import html_of
from etl.model import IMPORTED, Page, Site, UnreadablePage
from scraper.archive import Archive, ArchiveError, ArchiveWriter, WarcFile
from scraper.blocklist import Blocklist
from scraper.sites import sites
from scraper.spider import promises_award

_TITLE = re.compile(r"<title[^>]*>(.{0,400}?)</title>", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class Imported:
    """What an import did for one site: pages kept for the first time, had already, passed over as promising no award,
    and taken down, so not kept."""

    site: str
    new: int = 0
    known: int = 0
    passed_over: int = 0
    taken_down: int = 0


@dataclass(slots=True)
class Import:
    """What became of a file: by site, how many records were no page, and what is wrong with its end (None: nothing)."""

    by_site: dict[str, Imported]
    no_pages: int = 0
    damage: str | None = None


def import_file(archive: Archive, file: Path, everything: bool = False) -> Import:
    """Keep the article pages of a WARC file that promise an award (`everything`: all of them), under their own times.

    Importing a file again keeps nothing twice. Raises ArchiveError: no such file, no WARC file, an archive that cannot be
    written. Damage in the middle ends the file there, and says so.
    """
    warc, known = WarcFile(file), sites()
    done, blocked = Import({}), dict[str, Blocklist]()
    with ExitStack() as open_writers:
        writers: dict[str, ArchiveWriter] = {}
        for capture in warc.captures(IMPORTED.name):
            page = _page(warc, capture) if capture.status == 200 else None
            html = _html(page) if page is not None else None
            site = _site_of(capture.url, known)
            if page is None or html is None or site is None:
                done.no_pages += 1
                continue
            counts = done.by_site.setdefault(site.name, Imported(site.name))
            if site.name not in blocked:
                blocked[site.name] = archive.blocked(site.name)
            if blocked[site.name].holds(site, capture.url):
                counts.taken_down += 1
                continue
            title = _TITLE.search(html)
            if not everything and not promises_award(f"{title[1] if title else ''} {capture.url}".replace("-", " ")):
                counts.passed_over += 1
                continue
            if site.name not in writers:
                writers[site.name] = open_writers.enter_context(archive.writer(site.name))
            is_new = writers[site.name].add(
                Page(site.name, page.url, page.fetched_at, page.status, page.headers, page.body)
            )
            counts.new += is_new
            counts.known += not is_new
    done.damage = warc.cut_short
    return done


def _page(warc: WarcFile, capture: object) -> Page | None:
    try:
        return warc.read(capture)  # type: ignore[arg-type]
    except ArchiveError:
        return None  # a record whose bytes are not what it says: counted among those that are no page


def _html(page: Page) -> str | None:
    if "html" not in (page.header("content-type") or "html"):
        return None
    try:
        return html_of(page)
    except UnreadablePage:
        return None


def _site_of(url: str, known: dict[str, Site]) -> Site | None:
    """The site that an address is an article of; `imported` last, as it takes any."""
    return next((site for site in known.values() if site.article_id_of(url) is not None), None)
