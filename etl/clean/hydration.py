"""Articles that a page holds only as data for its own script (Next.js, Inertia): made elements, where a layout finds them.

Runs no script, and changes nothing that the page shows: what is added stands at the end of <body>, in an <article> with
`data-from-script`: <h1>, <address> with the authors, <div> with the text. The time goes to the <meta> of articles.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml import etree
from lxml.html import HtmlElement, builder

from etl.clean.selectors import squeezed

MARK = "data-from-script"
_MAX_DATA = 5_000_000  # characters of JSON
_DEPTH = 6  # levels below which an article's object stands: props, pageProps, article
_LEAST = 120  # characters of text
_TEXTS = ("content", "body", "articleBody", "content_html")
_TIMES = ("published_at", "publishedAt", "published_date", "publish_date", "datePublished")


def hydrate(document: HtmlElement) -> bool:
    """Adds the article that the page's data holds; whether there is one."""
    body = document.find("body")
    found = next((item for data in _data(document) for item in _objects(data, _DEPTH) if _text_of(item)), None)
    if found is None or body is None:
        return False
    names = (author.get("name") if isinstance(author, dict) else author for author in _listed(found.get("authors")))
    byline = ", ".join(_plain(name) for name in names if isinstance(name, str))
    text = lxml.html.fragment_fromstring(_text_of(found), create_parent="div")
    title = builder.H1(_plain(found["title"]))
    body.append(builder.E.article(title, builder.ADDRESS(byline), text, **{MARK: ""}))
    stamp = next((found[key] for key in _TIMES if isinstance(found.get(key), str)), None)
    if stamp and (head := document.find("head")) is not None:
        head.append(builder.META(property="article:published_time", content=_plain(stamp)))
    return True


def _data(document: HtmlElement) -> Iterator[Any]:
    """What the page's script is given, where it is JSON."""
    texts = [script.text for script in document.iter("script") if script.get("id") == "__NEXT_DATA__"]
    texts += document.xpath("//*[@data-page]/@data-page")
    for text in texts:
        if text and len(text) <= _MAX_DATA:
            try:
                yield json.loads(text)
            except (ValueError, RecursionError):
                continue


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The objects of a document, the outer ones first."""
    waiting = [value]
    for _ in range(depth):
        inner: list[Any] = []
        for one in waiting:
            if isinstance(one, dict):
                yield one
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        waiting = inner


def _text_of(item: dict[str, Any]) -> str:
    """The HTML of an article's text in its object; empty when the object is none: it has a title, and text enough."""
    html = next((value for key in _TEXTS if isinstance(value := item.get(key), str) and "<" in value), "")
    if not isinstance(item.get("title"), str) or len(html) < _LEAST:
        return ""
    try:
        text = lxml.html.fragment_fromstring(html, create_parent="div").text_content()
    except (etree.ParserError, ValueError):  # control characters
        return ""
    return html if len(squeezed(text)) >= _LEAST else ""


def _plain(text: str) -> str:
    """Text that a tree can hold: no control characters, no halves of characters."""
    return squeezed(text).encode("utf-8", "ignore").decode()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
