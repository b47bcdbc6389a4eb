"""Where a site lists its articles, as far as one page and robots.txt tell; and further pages of the article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from etl.clean.propose import addresses
from etl.clean.propose.fields import Clue

_SITEMAPS = 2  # that are proposed
_NO_NEWS = re.compile(
    r"image|video|foto|categor|kategori|tag|author|penulis|page-|static|product|amp|webstor", re.IGNORECASE
)
_NEWS = re.compile(r"news|berita|post|artikel|article|index", re.IGNORECASE)
_NOT_THE_OUTLETS = re.compile(r"comment|komentar|oembed|/(?:tag|author)/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lists:
    """Where articles are listed. `index`: the front page and the selector of its links, where nothing better is known."""

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    index: tuple[str, str] | None = None
    clues: tuple[Clue, ...] = ()


def lists_of(document: HtmlElement, url: str, robots: str, accepted: int) -> Lists:
    """What the page and robots.txt name. `accepted`: how many of the page's links are articles."""
    if feeds := tuple(dict.fromkeys(_secure(feed, url) for feed in _feeds(document, url))):
        return Lists(feeds, clues=tuple(Clue("feeds", feed, "<link rel=alternate> of the page") for feed in feeds))
    if _is_wordpress(document):
        feed = _secure(f"{addresses.home_of(url)}feed/", url)
        clue = Clue("feeds", feed, "not named, but WordPress made the page, and has its feed there", doubt=True)
        return Lists((feed,), clues=(clue,))
    stated = re.findall(r"^\s*sitemap\s*:\s*(https?://\S+)", robots, re.IGNORECASE | re.MULTILINE)
    fitting = sorted(
        (s for s in stated if not _NO_NEWS.search(urlsplit(s).path)), key=lambda s: _NEWS.search(s) is None
    )
    if sitemaps := tuple(dict.fromkeys(_secure(s, url) for s in fitting[:_SITEMAPS])):
        because = f"one of {len(stated)} that robots.txt names; the page names no feed"
        return Lists(sitemaps=sitemaps, clues=tuple(Clue("sitemaps", s, because) for s in sitemaps))
    front = _secure(addresses.home_of(url), url)
    because = f"no feed and no sitemap is named: the front page as a list ({accepted} links of this page are articles)"
    return Lists(index=(front, "a"), clues=(Clue("indexes", front, because, doubt=True),))


def further_pages(url: str, links: Sequence[str]) -> tuple[str, str, tuple[Clue, ...]]:
    """The query that shows all pages of the article, else the pattern of their numbers in the path; from the page's links."""
    path = urlsplit(url).path.rstrip("/")
    own = [link for link in links if addresses.is_same_host(url, link)]
    for link in own:
        found = re.search(r"(?:^|&)(\w+=all)(?:&|$)", urlsplit(link).query)
        if found and urlsplit(link).path.rstrip("/") == path:
            return found[1], "", (Clue("page_query", found[1], f"the page links to {link}"),)
    numbered = [link for link in own if re.fullmatch(re.escape(path) + r"/\d{1,2}/?", urlsplit(link).path)]
    if numbered and path:
        last = r"[a-z0-9-]+" if re.fullmatch(r"[a-z0-9-]+", path.rpartition("/")[2]) else r"[^/?#]+"
        pattern = rf"/{last}/(\d{{1,2}})/?(?=[?#]|$)"
        return "", pattern, (Clue("page_number", pattern, f"the page links to {numbered[0]}"),)
    return "", "", ()


def no_articles(url: str, links: Sequence[str]) -> tuple[str, str]:
    """The front page, and a tag's: one that the page links to, or as most sites have it."""
    home = addresses.home_of(url)
    tags = (
        link for link in links if addresses.is_same_host(url, link) and re.search(r"/(?:tags?|topi[ck])/[^/]", link)
    )
    return home, next(tags, f"{home}tag/penghargaan").partition("?")[0]


def _feeds(document: HtmlElement, url: str) -> Iterator[str]:
    """The outlet's feeds: not those of an article's comments, of a tag, of this page."""
    path = urlsplit(url).path.rstrip("/")
    for link in document.iter("link"):
        feed, kind = addresses.joined(url, link.get("href") or ""), (link.get("type") or "").lower()
        if "alternate" in (link.get("rel") or "") and re.search("rss|atom", kind) and feed:
            is_this_pages = bool(path) and path in feed
            if not is_this_pages and not _NOT_THE_OUTLETS.search(feed + (link.get("title") or "")):
                yield feed


def _is_wordpress(document: HtmlElement) -> bool:
    generators = " ".join(document.xpath("//meta[@name='generator']/@content"))
    marks = document.xpath("//link[contains(@href, '/wp-content/')] | //link[@rel='https://api.w.org/']")
    return "WordPress" in generators or bool(marks)


def _secure(link: str, url: str) -> str:
    """A list's address with https, as every named host has it today; a machine with a port keeps what it has."""
    return link if ":" in urlsplit(url).netloc else link.replace("http://", "https://", 1)
