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

from lxml import etree
from lxml.html import HtmlElement

from etl.clean.boilerplate import AUTHOR_ROLES, names_in, people_of
from etl.clean.selectors import select, squeezed, text_of, texts
from etl.dates import machine_time, published_time, visible_time
from etl.model import Layout

# In order of preference: a WebPage may hold an article's date, but not its author.
_ARTICLE_TYPES = ("NewsArticle", "ReportageNewsArticle", "Article", "BlogPosting", "WebPage")
_TIME_META = (
    "article:published_time",
    "publishdate",
    "og:published_time",
    "content_PublishedDate",
    "jpnncom_news_pubdate",
    "pubdate",
    "datePublished",
)
_AUTHOR_META = ("content_author", "author", "article:author", "jpnncom_news_author", "dable:author")
# Where pages without a selector of their own show the time: any element whose class or tag says so.
_TIME_ELEMENTS = etree.XPath(
    ".//time | .//*[contains(concat(' ', @class), 'date') or contains(@class, 'time') or contains(@class, 'waktu')]"
)
_MOST_TIME_ELEMENTS = 40
_NEWSROOMS = frozenset(("redaksi", "timredaksi", "admin", "administrator", "newsroom", "editor", "developer"))
_HOUSE_BEGINS = frozenset(
    ("pt", "pt.", "tim", "redaksi", "kantor")
)  # of a house's name: 'PT. Viva Media Baru', 'Tim PRMN'
_HOUSE_ENDS = frozenset(("indonesia", "media", "news", "online", "tv", "times", "network"))  # 'CNN Indonesia'
_MAX_NAME = 60  # characters


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
    shown = texts(page, layout.title or "h1")
    stamps = (linked.get("datePublished"), *(meta.get(name) for name in _TIME_META))
    times = (machine_time(stamp) or visible_time(stamp[:120]) for stamp in stamps if isinstance(stamp, str))
    author, editors = _people(page, layout, outlet)
    if author is None and not (layout.author and select(page, layout.author)):
        names = (*_names(linked.get("author")), *(meta.get(name) for name in _AUTHOR_META))
        author = next((name for name in names if name and _is_person(name, outlet)), None)
    return Metadata(
        headline=headline,
        title=next((t for t in shown if agree(t, headline)), None) if headline else next(iter(shown), None),
        published_at=published_time(next((t for t in times if t), None), _visible(page, layout)),
        author=author,
        editors=editors,
        tags=tuple(dict.fromkeys((texts(page, layout.tags) if layout.tags else ()) or _keywords(linked, meta))),
        caption=next(iter(texts(page, layout.caption or "figcaption")), None),
        canonical_url=next((e.get("href") for e in page.iter("link") if e.get("rel") == "canonical"), None)
        or meta.get("og:url"),
    )


def agree(shown: str, headline: str | None) -> bool:
    """Whether a shown title is the headline of the head: the shorter one's words stand in the longer, but for a few."""
    left, right = (set(re.findall(r"\w+", (t or "").lower())) for t in (shown, headline))
    shorter = min(left, right, key=len)
    return bool(shorter) and (left == right or (len(shorter) >= 2 and len(left & right) >= 0.7 * len(shorter)))


def _visible(page: HtmlElement, layout: Layout) -> datetime | None:
    """The first time shown: where the layout says, else in whatever calls itself a time."""
    if layout.published and (shown := texts(page, layout.published)):
        return next((t for t in (visible_time(text[:120]) for text in shown) if t), None)
    elements = _TIME_ELEMENTS(page)[:_MOST_TIME_ELEMENTS]
    return next((t for t in (visible_time(text_of(e)[:120]) for e in elements) if t), None)


# ---------------------------------------------------------------------------------------------------------- JSON-LD, meta


def _json_ld(page: HtmlElement) -> dict[str, Any]:
    """The schema.org article among the page's JSON-LD blocks: arrays, @graph, comments, stray commas allowed.

    Of several, the one of the most telling type that has a date. A block that is no JSON still yields its date.
    """
    found: dict[str, Any] = {}
    best = len(_ARTICLE_TYPES)
    for script in page.iter("script"):
        if "ld+json" not in (script.get("type") or "") or "datePublished" not in (script.text or ""):
            continue
        for item in _objects(_loads(script.text), 4):
            kinds = item.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            rank = min((_ARTICLE_TYPES.index(kind) for kind in kinds if kind in _ARTICLE_TYPES), default=best)
            if rank < best and item.get("datePublished"):
                found, best = item, rank
    return found


def schema_types(page: HtmlElement) -> frozenset[str]:
    """Every @type that the page's JSON-LD names, at any depth, also of blocks that are no JSON."""
    blocks = (s.text or "" for s in page.iter("script") if "ld+json" in (s.get("type") or ""))
    return frozenset(name for block in blocks for name in _TYPE.findall(block))


_TYPE = re.compile(r"\"@type\"\s*:\s*\[?\s*\"(\w+)\"")


def _loads(text: str) -> Any:
    """What a JSON-LD block holds. Of one that cannot be mended, its date alone."""
    text = _WRAPPED.sub("", text)
    for attempt in (text, re.sub(r",\s*([}\]])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    stamp = re.search(r"\"datePublished\"\s*:\s*\"([^\"]{10,40})\"", text)
    return {"@type": _ARTICLE_TYPES[-1], "datePublished": stamp[1]} if stamp else None


# HTML comments and CDATA sections around the JSON, themselves in comments of JavaScript or not.
_WRAPPED = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|(?://\s*)?<!\[CDATA\[)"
    r"|(?:-->|/\*\s*\]\]>\s*\*/|(?://\s*)?\]\]>)\s*$"
)


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The objects of a document and of its @graph, in order; `depth` levels of lists at most."""
    if isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"), depth - 1)
    elif isinstance(value, list) and depth:
        for item in value:
            yield from _objects(item, depth - 1)


def _meta(page: HtmlElement) -> dict[str, str]:
    """First content of every <meta name>, <meta property> or <meta itemprop>."""
    found: dict[str, str] = {}
    for tag in page.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        if name and name not in found and (content := _clean(tag.get("content"))):
            found[name] = content
    return found


def _keywords(linked: dict[str, Any], meta: dict[str, str]) -> list[str]:
    words = linked.get("keywords") or meta.get("keywords") or meta.get("news_keywords") or ""
    parts = words if isinstance(words, list) else str(words).split(",")
    return [text for part in parts if isinstance(part, str) and (text := squeezed(part))]


# ------------------------------------------------------------------------------------------------------------------ people


def _people(page: HtmlElement, layout: Layout, outlet: str) -> tuple[str | None, tuple[str, ...]]:
    """Author and editors where the layout says they stand: 'Penulis: X', 'Editor: Y', or names, the author's first."""
    roles = [found for shown in (texts(page, layout.author) if layout.author else ()) for found in people_of(shown)]
    if layout.author and not roles:
        names = [name for shown in texts(page, layout.author) for name in names_in(shown) if _is_person(name, outlet)]
        roles = [("penulis" if i == 0 else "editor", name) for i, name in enumerate(names)]
    if layout.editors:
        roles += [found for shown in texts(page, layout.editors) for found in people_of(shown)]
    author = next((name for role, name in roles if role in AUTHOR_ROLES and _is_person(name, outlet)), None)
    return author, tuple(dict.fromkeys(name for role, name in roles if role not in AUTHOR_ROLES))


def _names(author: Any) -> list[str]:
    """Names in schema.org's author: a text, an object, or a list of them."""
    authors = author if isinstance(author, list) else [author]
    names = [one.get("name") if isinstance(one, dict) else one for one in authors]
    return [squeezed(name) for name in names if isinstance(name, str) and name.strip()]


def _is_person(name: str, outlet: str) -> bool:
    """A byline, not a caption, an address, the newsroom or the outlet's own name ('Kompas Cyber Media', 'detikJatim')."""
    words = name.split()
    letters = re.sub(r"[\W\d]", "", name.lower())
    house = re.sub(r"\W", "", outlet.lower())
    named_after = rf"(?:tim)?{house}(?:com|co|id|net|news|cybermedia|developer)*"
    is_house = letters in _NEWSROOMS or re.fullmatch(named_after, letters)
    is_brand = len(words) == 1 and (letters.startswith(house) or (len(letters) > 3 and house.startswith(letters)))
    ends = [word.lower() for word in (words[:1] + words[-1:])]
    is_company = len(words) > 1 and (ends[0] in _HOUSE_BEGINS or ends[1] in _HOUSE_ENDS)
    is_odd = re.search(r"\d|https?:|\bfoto\b|[@/:©]", name, re.IGNORECASE)
    return 0 < len(words) <= 6 and len(name) <= _MAX_NAME and not (is_house or is_company or is_brand or is_odd)


def _clean(text: Any) -> str | None:
    return squeezed(text) or None if isinstance(text, str) else None
