"""Headline, time and author of a page that nobody declared: what the metadata reader finds, else selectors that help it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from lxml import etree
from lxml.html import Element, HtmlElement

from etl.clean.boilerplate import people_of
from etl.clean.metadata import metadata_of
from etl.clean.propose.body import headline_of
from etl.clean.propose.names import group_names, name_of, tag_of
from etl.clean.selectors import text_of
from etl.dates import visible_time
from etl.model import Article, Layout

SHOWN = 60  # characters of a page's words in evidence
_LONGEST = 120  # characters of an element that shows a time or a byline
_AROUND_TIMES = ("div", "p", "li", "span", "header", "ul")
_AROUND_NAMES = ("div", "p", "span", "li", "td", "strong", "b")
_NOT_SHOWN = ("script", "style", "noscript", "a")
_BYLINE = re.compile(r"author|penulis|byline|reporter|jurnalis|wartawan|redaksi|editor", re.IGNORECASE)
_AUTHORS_PAGE = re.compile(r"/(?:author|penulis|reporter|jurnalis|wartawan|profile?)/")


@dataclass(frozen=True, slots=True)
class Clue:
    """One line of the declaration, and what on the page speaks for it. `doubt`: a developer should look at it twice."""

    field: str
    value: str
    because: str
    doubt: bool = False


def with_title(document: HtmlElement, layout: Layout, outlet: str) -> tuple[Layout, Clue]:
    """The layout with a selector for the headline, where no h1 agrees with what the head says."""
    head = metadata_of(document, layout, outlet)
    if head.title is not None:
        return layout, Clue("title", "", f"found: {head.title[:SHOWN]!r}, an h1 that agrees with the head")
    element = headline_of(document, head.headline)
    element = _that_says(head.headline, document) if element is None else element
    for css in _selectors(element, document) if element is not None else ():
        tried = replace(layout, title=css)
        if metadata_of(document, tried, outlet).title is not None and element is not None:
            return tried, Clue("title", css, f"no h1 agrees with the head; this does: {text_of(element)[:SHOWN]!r}")
    return layout, Clue("title", "", f"not found: nothing shown agrees with the head's {head.headline!r}", doubt=True)


def _that_says(headline: str | None, document: HtmlElement) -> HtmlElement | None:
    """The innermost element that says the headline and no more, where no heading does; no link, no title of the window."""
    found = [e for e in document.iter(*_AROUND_TIMES) if headline and text_of(e) == headline]
    return found[-1] if found else None


def with_time(document: HtmlElement, layout: Layout, outlet: str, body: HtmlElement) -> tuple[Layout, Clue]:
    """The layout with a selector for the time, where the head has none and the reader finds none, or another story's."""
    found = metadata_of(document, layout, outlet).published_at
    source = _source_of_time(document, layout, outlet, found)
    shown = _time_nearby(document, layout, outlet, body)
    if found is not None and (source or shown is None or shown[1] == found):
        return layout, Clue("published", "", f"found: {found.isoformat()}, {source or 'as the page shows it'}")
    near = (shown[0], *islice(shown[0].iterancestors(*_AROUND_TIMES), 3)) if shown is not None else ()
    selectors = [css for element in near for css in _selectors(element, document)]
    for css in sorted(selectors, key=lambda css: css.isalnum()):  # a tag alone when there is nothing better
        tried = replace(layout, published=css)
        if shown is not None and metadata_of(document, tried, outlet).published_at == shown[1]:
            words = f"the head has none; here stands {text_of(shown[0])[:SHOWN]!r}"
            return tried, Clue("published", css, f"{words}, read as {shown[1].isoformat()}", doubt=css.isalnum())
    return layout, Clue("published", "", "not found: no time in the head, and none near the headline", doubt=True)


def with_author(document: HtmlElement, layout: Layout, read: Callable[[Layout], Article | None]) -> tuple[Layout, Clue]:
    """The layout with a selector for the author, where neither head nor text name one. `read`: the page by a layout."""
    before = read(layout)
    if before is not None and before.author is not None:
        return layout, Clue("author", "", f"found: {before.author!r}")
    for element, css in _bylines(document) if before is not None else ():
        tried = replace(layout, author=css)
        article, is_byline = read(tried), bool(people_of(text_of(element)))
        if article is None or before is None or not article.author or article.author not in text_of(element):
            continue
        # Names that the selector matches beside the author's are read as editors'; without a role they are of other stories.
        if article.editors == before.editors or (is_byline and article.author not in article.editors):
            return tried, Clue("author", css, f"the head names none; here stands {text_of(element)[:SHOWN]!r}")
    return layout, Clue("author", "", "not found: neither the head nor a byline names one", doubt=True)


def _selectors(element: HtmlElement, document: HtmlElement) -> Iterator[str]:
    """Selectors that may say where a field stands: the element alone, its kind, its place behind a named one, its tag."""
    if (named := name_of(element, document)) is not None:
        yield named.css
    yield from (f"{tag_of(element)}{name}" for name in group_names(element, False) if name.startswith("."))
    parent, tag = element.getparent(), tag_of(element)
    beside = ((element, tag), (parent, f"{tag_of(parent)} {tag}")) if parent is not None else ()
    for one, below in beside:
        before = one.getprevious()
        if before is not None and (named := name_of(before, document)) is not None:
            yield f"{named.css} + {below}"
    yield tag


def _source_of_time(document: HtmlElement, layout: Layout, outlet: str, found: datetime | None) -> str:
    """Which part of the head says the time by itself. Empty: it was read from what is shown."""
    for tag, source in (("script", "from JSON-LD"), ("meta", "from <meta>")):
        head = Element("html")
        head.extend(deepcopy(element) for element in document.iter(tag))
        if found is not None and metadata_of(head, layout, outlet).published_at == found:
            return source
    return ""


def _time_nearby(
    document: HtmlElement, layout: Layout, outlet: str, body: HtmlElement
) -> tuple[HtmlElement, datetime] | None:
    """The smallest element that shows a time: between headline and text if there is one, else the one nearest to them."""
    order = {element: number for number, element in enumerate(document.iter())}
    head = headline_of(document, metadata_of(document, layout, outlet).headline)
    first, last = sorted((order[head if head is not None else body], order[body]))
    best: tuple[int, HtmlElement, datetime] | None = None
    for element in document.iter(etree.Element):
        text = text_of(element) if element.tag not in _NOT_SHOWN else ""
        if len(text) > _LONGEST or not re.search(r"\d", text) or (time := visible_time(text)) is None:
            continue
        if any(visible_time(text_of(child)[:_LONGEST]) for child in element if child.tag not in _NOT_SHOWN):
            continue  # the child shows it
        distance = max(0, first - order[element], order[element] - last)
        if best is None or distance < best[0]:
            best = distance, element, time
    return best[1:] if best is not None else None


def _bylines(document: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Elements that may name the author, each with a selector: links to an author's page, then the shortest that is named so,
    or says so: 'Oleh: X'.
    """
    found: list[tuple[bool, int, int, HtmlElement, re.Match[str] | None]] = []
    for element in document.iter(etree.Element):
        said = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('rel') or ''}"
        place = _AUTHORS_PAGE.search(element.get("href") or "") if element.tag == "a" else None
        is_named = _BYLINE.search(said) or place or element.tag in ("address", "author")
        text = text_of(element) if is_named or element.tag in _AROUND_NAMES else ""
        if (is_named or people_of(text[:_LONGEST])) and 0 < len(text) <= _LONGEST:
            found.append((place is None, len(text_of(element)), len(found), element, place))
    for _, _, _, element, place in sorted(found, key=lambda f: f[:3]):
        if place:
            yield element, f"a[href*='{place[0]}']"
        if (named := name_of(element, document)) is not None:
            yield element, named.css
        classes = (element.get("class") or "").split()
        yield from ((element, f"{tag_of(element)}.{name}") for name in classes if _BYLINE.fullmatch(name))
