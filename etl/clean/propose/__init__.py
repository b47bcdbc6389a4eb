"""A page of a site that nobody declared -> what its spider could declare, each line with what on the page speaks for it.

A proposal, which a developer confirms: nothing that a crawl brings is read by it, and what it cannot tell it says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import lxml.html
from lxml.html import HtmlElement

from etl.clean import clean, kinds
from etl.clean.blocks import lines_of
from etl.clean.content import html_of
from etl.clean.hydration import hydrate
from etl.clean.metadata import agree, metadata_of
from etl.clean.propose import addresses
from etl.clean.propose.body import LEAST_TEXT, Body, Measured, body_of, measure, next_best
from etl.clean.propose.drops import Drops, drops_of
from etl.clean.propose.fields import SHOWN, Clue, with_author, with_time, with_title
from etl.clean.propose.lists import Lists, further_pages, lists_of, no_articles
from etl.clean.propose.names import outermost
from etl.clean.propose.plugs import plugs_among, popups
from etl.clean.selectors import squeezed, text_of
from etl.model import Article, Layout, Page, PageKind, Site, Unread, UnreadablePage

_NO_ARTICLE = "data-no-article"  # what has no name of its own is given one
_HEADLINE_WORDS = 6  # of a link that looks like one
_OUTLET_WORDS = 5  # at most, of a name at the end of <title>
_SEPARATOR = re.compile(r"\s(?:[-–—|:»]+)\s")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a spider file could say, how the page reads by it, and the evidence, line by line.

    `page_number` is declared only where the pattern that all sites have does not fit. `addresses`: this article's, and
    others at which it may be served; `no_articles`: what is none.
    """

    site: Site
    page_number: str | None
    lists: Lists
    article: Article
    addresses: tuple[str, ...]
    no_articles: tuple[str, ...]
    clues: tuple[Clue, ...]

    @property
    def layout(self) -> Layout:
        """The one layout that is proposed."""
        return self.site.layouts[0]


def propose(page: Page, layout_name: str, robots: str = "", page_number: str = "") -> Proposal | Unread:
    """What a site's spider could declare, from one of its article pages; what the page is when it holds no article.

    `page.site` is the name that the site is to have, `robots` the text of its robots.txt where that is known,
    `page_number` the pattern of further pages that a site has which declares none.
    """
    try:
        document = _parsed(html_of(page))
    except UnreadablePage as error:
        return Unread((str(error),))
    if (other := kinds.kind_of(document, page.url)) is not None:
        return other
    if addresses.is_front(page.url):
        return Unread(("its address is that of a front page",), PageKind.INDEX)
    try:
        headline, measured, body = _body_on(document)
        if body is None:
            return kinds.locked(document, 0) or _without_text(document)
        drops = drops_of(body, measured, headline)
    except UnreadablePage as error:
        return Unread((str(error),))
    outlet, outlet_clue = _outlet(document, page.url)
    site, lists, address_clues = _addressed(document, page, outlet, robots, page_number)
    layout = Layout(layout_name, body.css, tuple(drop.css for drop in drops.named), body.blocks)
    layout, title_clue = with_title(document, layout, outlet)
    layout, time_clue = with_time(document, layout, outlet, body.elements[0])
    layout, author_clue = with_author(document, layout, lambda tried: _read(page, site, tried))
    site = replace(site, layouts=(layout,))
    article = clean(page, site)
    if isinstance(article, Unread):
        if not article.is_misfit:
            return article
        held = sum(line.prose for line in measured.within(body.elements))
        return Unread((f"{body.css!r} holds {held} characters of running text, but {article}",))
    body_clues = (*_body_clues(body, measured), *_drop_clues(drops))
    clues = (outlet_clue, *lists.clues, *address_clues, *body_clues, title_clue, time_clue, author_clue)
    amp = _amp(document, page.url)
    own = tuple(a for a in addresses.variants(page.url, amp) if site.article_id_of(a) == article.article_id)
    none = tuple(a for a in no_articles(page.url, _links(document, page.url)) if site.article_id_of(a) is None)
    declared = site.page_number if site.page_number != page_number else None
    return Proposal(site, declared, lists, article, own, none, clues)


@dataclass(frozen=True, slots=True)
class Found:
    """What was made out of a page by itself: the outlet as it calls itself, and the layout of its body."""

    document: HtmlElement
    outlet: str
    layout: Layout
    lines: tuple[str, ...]


def found_on(page: Page, layout_name: str) -> Found | Unread:
    """Where the article stands on a page, and its lines; what the page is when it holds none. Asks for no time or title."""
    try:
        document = _parsed(html_of(page))
    except UnreadablePage as error:
        return Unread((str(error),))
    if (other := kinds.kind_of(document, page.url)) is not None:
        return other
    for popup in list(popups(document)):
        popup.drop_tree()
    try:
        headline, measured, body = _body_on(document)
        if body is None:
            return kinds.locked(document, 0) or _without_text(document)
        plugs = {line.text for line in plugs_among(measured.within(body.elements))}
        drops = drops_of(body, measured, headline)
        for element in drops.surely:
            element.set(_NO_ARTICLE, "")
        drop = (*(drop.css for drop in drops.named), f"[{_NO_ARTICLE}]")
        layout = Layout(layout_name, body.css, drop, body.blocks)
        lines = [line for element in outermost(body.elements) for line in lines_of(element, layout.body, layout.drop)]
    except UnreadablePage as error:
        return Unread((str(error),))
    outlet, _ = _outlet(document, page.url)
    return Found(document, outlet, layout, tuple(line for line in lines if line not in plugs))


def _body_on(document: HtmlElement) -> tuple[str | None, Measured, Body | None]:
    """The headline, what the page's elements hold, and which is the body: shown, else in the data of its script."""
    headline = metadata_of(document, Layout("", "body"), "").headline
    measured = measure(document, headline, _told(document))
    body = body_of(document, measured)
    if body is None and hydrate(document):
        measured = measure(document, headline, _told(document))
        body = body_of(document, measured)
    return headline, measured, body


def _read(page: Page, site: Site, layout: Layout) -> Article | None:
    article = clean(page, replace(site, layouts=(layout,)))
    return article if isinstance(article, Article) else None


def _parsed(html: str) -> HtmlElement:
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(_XML_DECLARATION.sub("", html, count=1), parser=parser)
    except lxml.etree.ParserError as error:
        raise UnreadablePage(f"no HTML can be made of it: {error}") from error


def _without_text(document: HtmlElement) -> Unread:
    in_script = any(s.get("id") == "__NEXT_DATA__" or "__NUXT__" in (s.text or "") for s in document.iter("script"))
    why = "; the text may stand in a script (JSON) only, which no layout reads" if in_script else ""
    return Unread((f"no block of it holds {LEAST_TEXT} characters of running text{why}",))


# ----------------------------------------------------------------------------------------------------------------- the head


def _told(document: HtmlElement) -> tuple[str, ...]:
    """What the head says of the text: its description, and the beginning of schema.org's articleBody."""
    found = document.xpath("//meta[@name='description' or @property='og:description']/@content")
    found += [body for item in _linked_data(document) if isinstance(body := item.get("articleBody"), str)]
    return tuple(squeezed(text) for text in found)


def _linked_data(document: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, where it is JSON."""
    for script in document.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                yield value
                waiting.append(value.get("@graph"))
            elif isinstance(value, list):
                waiting += value


def _outlet(document: HtmlElement, url: str) -> tuple[str, Clue]:
    """The outlet as readers know it, and where the page says so."""
    publishers = (item.get("publisher") for item in _linked_data(document))
    names = (
        *((name, "og:site_name") for name in document.xpath("//meta[@property='og:site_name']/@content")),
        *(
            (p["name"], "the publisher in JSON-LD")
            for p in publishers
            if isinstance(p, dict) and isinstance(p.get("name"), str)
        ),
        *((name, "application-name") for name in document.xpath("//meta[@name='application-name']/@content")),
        *((name, "the end of <title>") for name in _title_ends(document)),
    )
    for name, where in names:
        if words := squeezed(_SEPARATOR.split(name)[0].replace("\\", "").replace('"', "'")).strip("' ")[:SHOWN]:
            return words, Clue("outlet", words, where)
    host = urlsplit(url).netloc.removeprefix("www.")
    return host, Clue("outlet", host, "the host: the page names no outlet", doubt=True)


def _title_ends(document: HtmlElement) -> Iterator[str]:
    """What stands behind the headline in <title>: 'Kota X Raih Y - Kabar Z'."""
    headline, *rest = (squeezed(part) for part in _SEPARATOR.split(document.findtext(".//title") or ""))
    is_headline = any(agree(text_of(head), headline) for head in document.iter("h1", "h2", "h3"))
    if rest and is_headline and len(rest[-1].split()) <= _OUTLET_WORDS:
        yield rest[-1]


# ---------------------------------------------------------------------------------------------------------------- addresses


def _addressed(
    document: HtmlElement, page: Page, outlet: str, robots: str, page_number: str
) -> tuple[Site, Lists, tuple[Clue, ...]]:
    """The site by its addresses, where it lists them, and what speaks for both."""
    links, amp = _links(document, page.url), _amp(document, page.url)
    found = addresses.patterns(page.url, links, amp)
    query, number, page_clues = further_pages(page.url, links)
    site = Site(page.site, outlet, found.article_url, found.article_id, page_number=number or page_number, whole=query)
    own = [link for link in links if addresses.is_same_host(page.url, link)]
    taken = [link for link in own if site.article_id_of(link) is not None]
    others = (link for link in taken if site.article_id_of(link) != site.article_id_of(page.url))
    example = f", as {other}" if (other := next(others, None)) else ""
    counted = f"takes {len(taken)} of the page's {len(own)} links to this host{example}"
    clues = (
        Clue("article_url", found.article_url, f"{found.url_because}; {counted}"),
        Clue("article_id", found.article_id, f"{found.id_because}: {site.article_id_of(page.url)!r} here"),
        *_doubts(document, page.url, site, links, amp),
        *page_clues,
    )
    return site, lists_of(document, page.url, robots, len(taken)), clues


def _doubts(document: HtmlElement, url: str, site: Site, links: Sequence[str], amp: str | None) -> Iterator[Clue]:
    """What the patterns leave out that may be an article, and an AMP page that they take for another one."""
    passed = [link for link in dict.fromkeys(_headline_links(document, url)) if site.article_id_of(link) is None]
    if passed:
        because = f"does not take {len(passed)} links that look like headlines, as {passed[0]}"
        yield Clue("article_url", "", because, doubt=True)
    if amp and site.article_id_of(amp) != site.article_id_of(url):
        yield Clue("article_id", "", f"is {site.article_id_of(amp)!r} on the AMP page {amp}", doubt=True)
    if beside := addresses.neighbours(url, links):
        example = next(iter(beside.values()))
        because = f"takes this host only; such addresses lie on {len(beside)} more of the domain, as {example}"
        yield Clue("article_url", "", because, doubt=True)


def _links(document: HtmlElement, url: str) -> tuple[str, ...]:
    """Where the page's links lead."""
    return tuple(dict.fromkeys(link for href in document.xpath("//a/@href") if (link := addresses.joined(url, href))))


def _amp(document: HtmlElement, url: str) -> str | None:
    links = (addresses.joined(url, href) for href in document.xpath("//link[@rel='amphtml']/@href"))
    return next((link for link in links if link), None)


def _headline_links(document: HtmlElement, url: str) -> Iterator[str]:
    """Links of this host whose words are as many as a headline's."""
    for anchor in document.iter("a"):
        link = addresses.joined(url, anchor.get("href") or "")
        if link and addresses.is_same_host(url, link) and len(text_of(anchor).split()) >= _HEADLINE_WORDS:
            yield link


# ------------------------------------------------------------------------------------------------------------------ the body


def _body_clues(body: Body, measured: Measured) -> Iterator[Clue]:
    """How much text the body selector holds, and what else on the page holds some."""
    lines = [line for line in measured.within(body.elements) if line.prose]
    characters = sum(line.prose for line in lines)
    linked = round(100 * sum(line.linked for line in lines) / characters)
    matched = "once" if body.blocks == (1, 1) else f"{len(body.elements)} times, for the article is parted in blocks"
    rest = next_best(body, measured)
    beside = f"the next largest block is {rest}" if rest else "no other block holds as much as a paragraph"
    held = f"matches {matched}: {characters} characters of running text in {len(lines)} lines, {linked} % of it linked; {beside}"
    unnamed = "" if body.is_named else "; no name that lasts was found, so it is a position only"
    yield Clue("body", body.css, held + unnamed, doubt=not body.is_named)


def _drop_clues(drops: Drops) -> Iterator[Clue]:
    for drop in drops.named:
        words = f"first words {drop.words!r}" if drop.words else "empty here"
        yield Clue("drop", drop.css, f"{drop.because}; {drop.count} of it, {words}")
    for words in drops.left:
        yield Clue("drop", "", f"not dropped, for it has no name of its own: {words!r}", doubt=True)
