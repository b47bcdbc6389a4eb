"""Page -> Article. A page fits one of its site's layouts or is a misfit that says why; nothing is guessed."""

from __future__ import annotations

import re

import lxml.html
from lxml.html import HtmlElement

from etl.clean.blocks import lines_of
from etl.clean.boilerplate import without_furniture
from etl.clean.content import html_of
from etl.clean.metadata import metadata_of
from etl.clean.selectors import select
from etl.model import Article, Layout, Misfit, Page, Site, UnreadablePage

MIN_TEXT = 120  # characters; the shortest news flash seen has 200

# A page with an encoding declaration cannot be given to lxml as text.
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class NoLayoutFits(UnreadablePage):
    """Why one layout does not fit a page."""


def clean(page: Page, site: Site) -> Article | Misfit:
    """The article on a page, read by the first of the site's layouts that fits; else a misfit with each one's reason."""
    article_id = site.article_id_of(page.url)
    if article_id is None:
        return Misfit((f"{page.url} is no article address of {site.name}",))
    try:
        document = _parsed(html_of(page))
    except UnreadablePage as error:
        return Misfit((str(error),))
    reasons = []
    for layout in site.layouts:
        try:
            return _read(document, page.url, article_id, site, layout)
        except UnreadablePage as misfit:
            reasons.append(f"layout {layout.name}: {misfit}")
    return Misfit(tuple(reasons) or (f"site {site.name} declares no layout",))


def _parsed(html: str) -> HtmlElement:
    """The page as a tree. Raises UnreadablePage when there is none, or libxml2 gave up in the middle of it."""
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        document = lxml.html.document_fromstring(_XML_DECLARATION.sub("", html, count=1), parser=parser)
    except lxml.etree.ParserError as error:
        raise UnreadablePage(f"no HTML can be made of it: {error}") from error
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise UnreadablePage("its tags are nested too deep to be read to the end")
    return document


def _read(document: HtmlElement, url: str, article_id: str, site: Site, layout: Layout) -> Article:
    """The article as one layout reads it. Raises NoLayoutFits."""
    lines = [line for block in _bodies(document, layout) for line in lines_of(block, layout.body, layout.drop)]
    head = metadata_of(document, layout, site.outlet)
    paragraphs, ends = without_furniture(lines)
    if head.title is None:
        raise NoLayoutFits(f"no {layout.title or 'h1'!r} agrees with the page's headline {head.headline!r}")
    if sum(map(len, paragraphs)) < MIN_TEXT:
        raise NoLayoutFits(f"{layout.body!r} holds {sum(map(len, paragraphs))} characters of text")
    if head.published_at is None:
        raise NoLayoutFits("no time of publication can be read")
    return Article(
        site=site.name,
        outlet=site.outlet,
        article_id=article_id,
        url=url,
        canonical_url=head.canonical_url,
        layout=layout.name,
        title=head.title,
        author=head.author or ends.author,
        editors=tuple(dict.fromkeys((*head.editors, *ends.editors))),
        published_at=head.published_at,
        dateline=ends.dateline,
        tags=head.tags,
        photo_caption=head.caption,
        paragraphs=tuple(paragraphs),
    )


def _bodies(document: HtmlElement, layout: Layout) -> list[HtmlElement]:
    """The outermost elements that the body selector matches, as many as the layout allows."""
    found = select(document, layout.body)
    matched = set(found)
    outermost = [e for e in found if matched.isdisjoint(e.iterancestors())]
    fewest, most = layout.blocks
    if not fewest <= len(outermost) <= most:
        wanted = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        raise NoLayoutFits(f"{layout.body!r} matches {len(outermost)} times, not {wanted}")
    return outermost
