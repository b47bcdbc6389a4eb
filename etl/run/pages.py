"""What the archive holds of a site: its articles' pages, each content once, and which articles are gone. Reads no body."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from etl.model import PageRef, Site
from etl.settings import Settings
from scraper.archive import Archive, Capture
from scraper.polling import Visit, gone_since
from scraper.sites import sites


def standing(archive: Archive, name: str) -> list[Capture]:
    """The captures of a site but for those of articles that were taken down, whose bytes may still wait to be purged."""
    blocked, site = archive.blocked(name), sites().get(name)
    captures = archive.captures(name)
    return [c for c in captures if not blocked.holds(site, c.url)] if site is not None and blocked.hashes else captures


def page_refs(archive: Archive, site: Site) -> list[PageRef]:
    """Each content of each article address in the archive, with its first and last visit, oldest first.

    An article's further pages are parts of its first one, in their newest content, and stand for themselves only where the
    first one never came.
    """
    return refs_of(standing(archive, site.name), site)


def refs_of(captures: Sequence[Capture], site: Site) -> list[PageRef]:
    """As `page_refs`, of these captures of the site."""
    refs: dict[tuple[str, str], PageRef] = {}
    # Of all first: a body may have been stored at a later visit than the one that points to it (an older replay).
    lengths = {(capture.warc, capture.offset): capture.length for capture in captures}
    for capture in captures:
        if capture.status != 200 or capture.truncated or site.article_id_of(capture.url) is None:
            continue  # what broke off is no version of an article: the next visit asks for it again
        at = datetime.fromisoformat(capture.fetched_at)
        known = refs.get((capture.url, capture.digest))
        if known is None:
            warc, offset = capture.of or (capture.warc, capture.offset)
            length = lengths.get((warc, offset), 0)  # 0: reading it says that the record is not there
            known = PageRef(site.name, capture.url, capture.digest, warc, offset, length, at, at)
        refs[capture.url, capture.digest] = replace(known, last_fetched_at=at)
    return _joined(list(refs.values()), site)


def _joined(refs: list[PageRef], site: Site) -> list[PageRef]:
    further: dict[str, dict[int, PageRef]] = {}
    first = {site.article_id_of(ref.url) for ref in refs if site.page_of(ref.url) == 1}
    for ref in sorted(refs, key=lambda r: r.last_fetched_at):
        key, number = site.article_id_of(ref.url), site.page_of(ref.url)
        if number > 1 and key in first:
            further.setdefault(key or "", {})[number] = ref
    joined = []
    for ref in refs:
        key = site.article_id_of(ref.url) or ""
        if site.page_of(ref.url) == 1:
            parts = further.get(key, {}) if not site.is_whole(ref.url) else {}
            joined.append(replace(ref, parts=tuple(parts[number] for number in sorted(parts))))
        elif key not in first:
            joined.append(ref)
    return joined


def gone_articles(captures: Sequence[Capture], site: Site) -> dict[str, datetime]:
    """Since when each article ('site:article_id') is gone, of those that are: see scraper.polling.gone_since."""
    visits: defaultdict[str, list[Visit]] = defaultdict(list)
    gave_it = {capture.url for capture in captures if capture.status == 200}
    for capture in captures:
        key = site.article_id_of(capture.url) if capture.url in gave_it else None
        if key is not None and site.page_of(capture.url) == 1:
            at = datetime.fromisoformat(capture.fetched_at)
            visits[f"{site.name}:{key}"].append(Visit(at, capture.status, capture.digest))
    return {key: since for key, found in visits.items() if (since := gone_since(found)) is not None}


def fetched(captures: Sequence[Capture], refs: Sequence[PageRef]) -> dict[str, list[tuple[datetime, int]]]:
    """Page id -> when it was fetched, with the HTTP status."""
    seen: defaultdict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
    for capture in captures:
        seen[capture.url, capture.digest].append((datetime.fromisoformat(capture.fetched_at), capture.status))
    return {ref.id: seen[ref.url, ref.digest] for ref in refs}


def locate(settings: Settings, found: dict[str, Any]) -> None:
    """Add to the pages of a `why` where their bytes lie: file, offset and length in bytes, from the archive's index."""
    for page in (page for mention in found["mentions"] for page in mention["pages"]):
        site, archive = sites().get(page["site"]), Archive(settings.archive)
        refs = page_refs(archive, site) if site else []
        for ref in refs:
            if ref.id == page["id"]:
                file = archive.where(ref.site, ref.warc)
                page |= {"warc": file, "offset": ref.offset, "length": ref.length}
