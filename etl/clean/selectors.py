"""CSS selectors on lxml trees, each compiled once: a layout's selectors are used on every page of its site.

A selector that begins with a tag name ('div.isi', not '.isi') is found several times faster.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from etl.model import UnreadablePage


def select(element: HtmlElement, css: str) -> list[HtmlElement]:
    """What a selector matches in an element and below it, in the order of the page.

    Raises UnreadablePage when it is no selector: a site from another package may declare what nobody tested.
    """
    found: list[HtmlElement] = _compiled(css)(element)
    return found


def text_of(element: HtmlElement) -> str:
    """An element's text, whitespace squeezed."""
    return squeezed(element.text_content())


def texts(element: HtmlElement, css: str) -> list[str]:
    """The texts of what a selector matches; empty ones are left out."""
    return [text for found in select(element, css) if (text := text_of(found))]


def squeezed(text: str) -> str:
    """Text with every run of whitespace as one space and without characters that nobody sees."""
    return " ".join(_UNSEEN.sub("", text).split())


# Zero-width space, joiners and byte order mark; soft hyphen; control characters, which databases refuse.
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\x00-\x08\x0e-\x1b\x7f]")


@lru_cache(maxsize=1024)  # more than the selectors of all sites
def _compiled(css: str) -> CSSSelector:
    try:
        return CSSSelector(css, translator="html")
    except SelectorError as error:
        raise UnreadablePage(f"{css!r} is no CSS selector: {error}") from error
