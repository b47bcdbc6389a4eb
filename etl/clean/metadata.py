"""Headline, time, author, tags and canonical address out of a page's head, the same way for every site.

Order of trust: JSON-LD (schema.org NewsArticle), then OpenGraph and plain <meta>, then what the page shows. A layout's
selectors override where a site is known to publish a field wrongly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from etl.clean.boilerplate import AUTHOR_ROLES, BYLINE
from etl.dates import machine_time, published_time, visible_time
from etl.model import Layout

_ARTICLE_TYPES = {"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "WebPage"}
_TIME_META = (
    "article:published_time",
    "publishdate",
    "og:published_time",
    "content_PublishedDate",
    "jpnncom_news_pubdate",
)
_AUTHOR_META = ("content_author", "author", "article:author", "jpnncom_news_author", "dable:author")
# Where pages without a selector of their own show the time: any element whose class or tag says so.
_VISIBLE_TIME = (
    ".//time | .//*[contains(concat(' ', @class), 'date') or contains(@class, 'time') or contains(@class, 'waktu')]"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head and the first lines of a page say of the article."""

    headline: str | None
    title: str | None
    published_at: datetime | None
    author: str | None
    editors: tuple[str, ...]
    tags: tuple[str, ...]
    caption: str | None
    canonical_url: str | None


def metadata_of(page: HtmlElement, layout: Layout, outlet: str) -> Metadata:
    """Everything but the text. `headline` is what the head claims, `title` what the page shows (None: nothing found)."""
    linked = _json_ld(page)
    meta = _meta(page)
    headline = _clean(linked.get("headline")) or meta.get("og:title") or _clean(page.findtext(".//title"))
    shown = _texts(page, layout.title or "h1")
    times = [
        machine_time(stamp) for stamp in (linked.get("datePublished"), *(meta.get(n) for n in _TIME_META)) if stamp
    ]
    byline = " | ".join(_texts(page, layout.author)) if layout.author else ""
    author, editors = _people(byline)
    names = (author, *_names(linked.get("author")), *(meta.get(n) for n in _AUTHOR_META))
    return Metadata(
        headline=headline,
        title=next((t for t in shown if agree(t, headline)), None) if headline else next(iter(shown), None),
        published_at=published_time(next((t for t in times if t), None), _visible(page, layout)),
        author=next((n for n in names if n and _is_person(n, outlet)), None),
        editors=(*editors, *(_people(" | ".join(_texts(page, layout.editors)))[1] if layout.editors else ())),
        tags=tuple(_texts(page, layout.tags) if layout.tags else _keywords(linked, meta)),
        caption=next(iter(_texts(page, layout.caption or "figcaption")), None),
        canonical_url=next((e.get("href") for e in page.iterfind(".//link[@rel='canonical']")), None)
        or meta.get("og:url"),
    )


def agree(shown: str, headline: str | None) -> bool:
    """Whether a shown title is the headline of the head: the shorter one's words stand in the longer, but for a few."""
    left, right = (set(re.findall(r"\w+", (t or "").lower())) for t in (shown, headline))
    shorter = min(left, right, key=len)
    return len(shorter) >= 2 and len(left & right) >= 0.7 * len(shorter)


def _visible(page: HtmlElement, layout: Layout) -> datetime | None:
    shown = _texts(page, layout.published) if layout.published else []
    if not shown:
        shown = [_clean(e.text_content()) or "" for e in page.xpath(_VISIBLE_TIME)[:40]]
    return next((t for t in (visible_time(text[:120]) for text in shown) if t), None)


def _json_ld(page: HtmlElement) -> dict[str, Any]:
    """The first schema.org article among the page's JSON-LD blocks: arrays, @graph, comments, stray commas allowed."""
    for script in page.iterfind(".//script[@type='application/ld+json']"):
        for item in _objects(_loads(script.text or "")):
            kinds = item.get("@type")
            if _ARTICLE_TYPES & set(kinds if isinstance(kinds, list) else [kinds]) and item.get("datePublished"):
                return item
    return {}


def _loads(text: str) -> Any:
    text = re.sub(r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|/\*\s*\]\]>\s*\*/|\]\]>)\s*$", "", text)
    for attempt in (text, re.sub(r",\s*([}\]])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except ValueError:
            continue
    return None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"))
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item)


def _names(author: Any) -> list[str]:
    if isinstance(author, list):
        return [name for one in author for name in _names(one)]
    name = author.get("name") if isinstance(author, dict) else author
    return [name.strip()] if isinstance(name, str) and name.strip() else []


def _meta(page: HtmlElement) -> dict[str, str]:
    """First content of every <meta name> or <meta property>."""
    found: dict[str, str] = {}
    for tag in page.iterfind(".//meta[@content]"):
        name, content = tag.get("property") or tag.get("name"), _clean(tag.get("content"))
        if name and content:
            found.setdefault(name, content)
    return found


def _keywords(linked: dict[str, Any], meta: dict[str, str]) -> list[str]:
    words = linked.get("keywords") or meta.get("keywords") or meta.get("news_keywords") or ""
    parts = words if isinstance(words, list) else str(words).split(",")
    return [part.strip() for part in parts if str(part).strip()]


def _people(byline: str) -> tuple[str | None, tuple[str, ...]]:
    """(author, editors) of 'Penulis: X | Editor: Y', or of a bare name."""
    author: str | None = None
    editors: list[str] = []
    for found in BYLINE.finditer(byline):
        if found["role"].lower() in AUTHOR_ROLES:
            author = author or found["name"].strip()
        else:
            editors.append(found["name"].strip())
    if author is None and not editors:
        names = [name.strip() for name in byline.split("|") if name.strip()]
        author, editors = (names[0] if names else None), names[1:]
    return author, tuple(editors)


def _is_person(name: str, outlet: str) -> bool:
    """A byline, not a caption, an address or the outlet's own name."""
    words = name.split()
    is_outlet = re.sub(r"\W|com$", "", name.lower()).startswith(re.sub(r"\W", "", outlet.lower()))
    return (
        0 < len(words) <= 6 and len(name) <= 60 and not re.search(r"\d|https?:|foto|[@/]", name, re.I) and not is_outlet
    )


def _texts(page: HtmlElement, selector: str) -> list[str]:
    return [text for e in page.cssselect(selector) if (text := _clean(e.text_content()))]


def _clean(text: Any) -> str | None:
    return re.sub(r"\s+", " ", text).strip() or None if isinstance(text, str) else None
