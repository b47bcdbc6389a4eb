"""Page -> Article. A page fits one of its site's layouts or is a misfit that says why; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from etl.clean import kinds
from etl.clean.blocks import lines_of
from etl.clean.boilerplate import without_furniture
from etl.clean.content import html_of
from etl.clean.hydration import hydrate
from etl.clean.metadata import metadata_of
from etl.clean.selectors import select
from etl.model import Article, Layout, Page, Site, Unread, UnreadablePage

MIN_REPEATED = 60  # characters of a line that a further page would not say again by chance
MIN_TEXT = 120  # characters; the shortest news flash seen has 200

# A page with an encoding declaration cannot be given to lxml as text.
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LINKS = etree.XPath("//a/@href", smart_strings=False)


class NoLayoutFits(UnreadablePage):
    """Why one layout does not fit a page."""


def clean(page: Page, site: Site, parts: Sequence[Page] = ()) -> Article | Unread:
    """The article on a page, read by the first of the site's layouts that fits, with the text of its further pages.

    Else what the page is instead, or a misfit with each layout's reason.
    """
    article_id = site.article_id_of(page.url)
    if article_id is None:
        return Unread((f"{page.url} is no article address of {site.name}",))
    try:
        document, *further = (_parsed(html_of(one)) for one in (page, *parts))
    except UnreadablePage as error:
        return Unread((str(error),))
    hydrate(document)
    if (other := kinds.kind_of(document, page.url)) is not None:
        return other
    reasons = []
    for layout in site.layouts:
        try:
            article = _read(document, further, page.url, article_id, site, layout)
            return kinds.locked(document, len(article.text)) or article
        except UnreadablePage as misfit:
            reasons.append(f"layout {layout.name}: {misfit}")
    return kinds.locked(document, 0) or Unread(tuple(reasons) or (f"site {site.name} declares no layout",))


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


def _read(
    document: HtmlElement, further: Sequence[HtmlElement], url: str, article_id: str, site: Site, layout: Layout
) -> Article:
    """The article as one layout reads it from its first page and the further ones. Raises NoLayoutFits."""
    lines = _lines(document, layout)
    for page in further:  # which may begin with the lead or end with the links of the first
        lines += [line for line in _lines(page, layout) if len(line) < MIN_REPEATED or line not in lines]
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
        complete=_is_complete(document, url, site, 1 + len(further)),
    )


def _is_complete(document: HtmlElement, url: str, site: Site, pages: int) -> bool:
    """Whether nothing of the article is known to be missing: no further page of it, and nothing kept for subscribers."""
    has_all_pages = site.is_whole(url) or (site.page_of(url) == 1 and _stated_pages(document, url, site) <= pages)
    return has_all_pages and not kinds.is_locked_by_schema(document)


def _lines(document: HtmlElement, layout: Layout) -> list[str]:
    return [line for block in _bodies(document, layout) for line in lines_of(block, layout.body, layout.drop)]


def _stated_pages(document: HtmlElement, url: str, site: Site) -> int:
    """How many pages the article has by its own links to them; 1 when it has none."""
    if not site.page_number:
        return 1
    own = site.article_id_of(url)
    numbered = (href for href in set(_LINKS(document)) if site.page_of(href) > 1)
    links = (_joined(url, href) for href in numbered)
    return max((site.page_of(link) for link in links if site.article_id_of(link) == own), default=1)


def _joined(url: str, href: str) -> str:
    """A link as an absolute address; empty when it is none."""
    try:
        return urljoin(url, href)
    except ValueError:  # 'http://['
        return ""


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
