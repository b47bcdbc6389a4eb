"""CSS selectors on lxml trees, each compiled once: a layout's selectors are used on every page of its site."""

from __future__ import annotations

from functools import lru_cache

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement


def select(element: HtmlElement, css: str) -> list[HtmlElement]:
    """What a selector matches in an element and below it, in the order of the page."""
    found: list[HtmlElement] = _compiled(css)(element)
    return found


def text_of(element: HtmlElement) -> str:
    """An element's text, whitespace squeezed."""
    return squeezed(element.text_content())


def texts(element: HtmlElement, css: str) -> list[str]:
    """The texts of what a selector matches; empty ones are left out."""
    return [text for found in select(element, css) if (text := text_of(found))]


def squeezed(text: str) -> str:
    """Text with every run of whitespace as one space and without characters that have no width."""
    return " ".join(text.translate(_NO_WIDTH).split())


# Zero-width space, joiners and byte order mark; soft hyphen.
_NO_WIDTH = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD))


@lru_cache(maxsize=1024)  # more than the selectors of all sites
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")
