"""Which kind of page it is, before any layout is tried: only articles are read, the others are counted by what they are.

Decided by what the page says of itself (title, headline, address, og:type, JSON-LD) together with how much running text it
holds. What is not surely something else may be an article, and then the layouts have the word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from etl.clean.metadata import schema_types
from etl.clean.selectors import squeezed
from etl.model import PageKind, Unread

FEW = 400  # characters of running text that a block page, a consent page or a soft 404 stays under
TEASER = 900  # ... and what a paywall shows at most
ARTICLE = 500  # ... and from which a page with a video or pictures is an article all the same
_SHORTEST = 40  # characters of a piece of text outside of links that counts as running text

_ARTICLES = frozenset(("NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "LiveBlogPosting"))

_BLOCKED = (
    r"attention required|just a moment|tunggu sebentar|sebentar\.\.\.|verifying you are human|human verification"
    r"|access (?:to this page has been )?denied|403 forbidden|forbidden|request (?:was )?blocked"
    r"|request rejected|are you (?:a )?(?:human|robot)|verify (?:that )?you are human|verifikasi keamanan|security check"
    r"|pardon our interruption|captcha|too many requests|you have been blocked|akses (?:anda )?(?:ditolak|diblokir)"
    r"|bot verification|memverifikasi bahwa anda|checking your browser|request unsuccessful|incapsula incident"
    r"|requested url was rejected|ddos-guard|rate limited"
)
_LOST = (
    r"404|page not found|not found|(?:halaman|berita|artikel|konten|cerita)(?: yang (?:anda|kamu) (?:cari|tuju))?(?: ini)?"
    r"(?: (?:sudah|telah))? (?:(?:tidak|tak|belum)(?: lagi)? (?:dapat )?(?:ditemukan|tersedia|ada)|dihapus)|oops"
)
_CONSENT = (
    r"cookie consent|before you continue|sebelum (?:anda )?melanjutkan|persetujuan (?:cookie|privasi)"
    r"|privacy (?:consent|settings)|we value your privacy|kami menghargai privasi|consent"
)
_STORY = r"(?:artikel|konten|berita|cerita)"
_ENTER = r"(?:berlangganan|langganan|daftar|masuk|login)"
_READ_ON = r"(?:membaca|melanjutkan|lanjutkan membaca|mengakses)"
# At the beginning of a sentence: 'diminta masuk untuk membaca' is somebody's news.
_PAYWALL = re.compile(
    rf"(?:^|[.!?]\s)\s*(?P<words>{_STORY} (?:ini )?(?:khusus|eksklusif|premium|hanya)(?: tersedia)?(?: untuk| bagi)?"
    r" (?:pelanggan|member|anggota)"
    rf"|{_ENTER}(?: (?:atau|/) {_ENTER})?(?: sekarang)? (?:untuk|agar (?:dapat|bisa)) {_READ_ON}"
    rf"|untuk {_READ_ON}\b[^.]{{0,40}}\b{_ENTER}"
    r"|(?:lanjut|lanjutkan|baca)(?: membaca| selengkapnya| artikel ini)? dengan (?:berlangganan|\w*(?:plus|premium))"
    r"|sudah (?:berlangganan|jadi pelanggan|menjadi pelanggan)(?=\?)|subscribe to (?:read|continue))\b",
    re.IGNORECASE,
)
_LOCKED = re.compile(r"\"isAccessibleForFree\"\s*:\s*\"?false", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Sign:
    """A mark of a kind of page: a pattern in the title and headlines, in the address, or a schema type."""

    kind: PageKind
    said: str | None = None
    address: str | None = None
    schema: frozenset[str] = frozenset()
    most: int = ARTICLE  # characters of running text that such a page has at most


_SIGNS = (
    _Sign(PageKind.BLOCK, said=rf"\b(?:{_BLOCKED})\b", most=FEW),
    _Sign(PageKind.SOFT_404, said=rf"\b(?:{_LOST})\b", most=FEW),
    _Sign(PageKind.CONSENT, said=rf"\b(?:{_CONSENT})\b", most=FEW),
    _Sign(
        PageKind.INDEX,
        said=r"^\W*(?:hasil pencarian\b|indeks(?: berita)?\b(?:\W*$| hari ini| terkini|\W*[-|]))",
        address=r"//[^/]+/?$|//(?:indeks|index|search|tag)\."
        r"|//[^/]+/(?:index|indeks|tag|tags|topik|search|cari|terkini|terpopuler|arsip)\b",
        most=10 * ARTICLE,
    ),
    _Sign(
        PageKind.VIDEO,
        said=r"^\W*(?:video|vidio)\b\s*[:|]",
        address=r"//(?:20|video|tv|vod)\.|/(?:video|videos|watch|detiktv|streaming)/",
        most=3 * ARTICLE,
    ),
    _Sign(PageKind.VIDEO, schema=frozenset(("VideoObject",))),
    _Sign(
        PageKind.GALLERY,
        said=r"^\W*(?:foto|galeri foto|potret foto)\b\s*[:|]",
        address=r"//(?:foto|photo)\.|/(?:foto|photo|photos|galeri|gallery|fotonews|foto-news)/",
        most=3 * ARTICLE,
    ),
    _Sign(PageKind.GALLERY, schema=frozenset(("ImageGallery", "MediaGallery"))),
    _Sign(PageKind.INDEX, schema=frozenset(("CollectionPage", "SearchResultsPage", "ItemList"))),
)


def kind_of(document: HtmlElement, url: str) -> Unread | None:
    """What a page is if it is no article, with the mark that says so; None when it may be one."""
    said, declared = _said(document), schema_types(document)
    addresses = (url, *document.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"))
    measured: int | None = None
    for sign in _SIGNS:
        mark = _mark(sign, said, addresses, declared)
        if mark is None:
            continue
        if measured is None:
            measured = running_text(document)
        is_article = bool(declared & _ARTICLES) and measured > ARTICLE and sign.most > FEW
        if measured <= sign.most and not is_article:
            return Unread((mark,), sign.kind)
    return None


def _mark(sign: _Sign, said: tuple[str, ...], addresses: tuple[str, ...], declared: frozenset[str]) -> str | None:
    """Where a page bears a sign, in words."""
    if sign.said and (line := next((s for s in said if re.search(sign.said, s, re.IGNORECASE)), None)):
        return f"its headline says {line[:80]!r}"
    if sign.address and (found := next((m for a in addresses if (m := re.search(sign.address, a))), None)):
        return f"its address holds {found[0].strip('/')!r}"
    if declared & sign.schema and not declared & _ARTICLES:
        return f"its schema says {min(declared & sign.schema)}"
    return None


def locked(document: HtmlElement, text_length: int) -> Unread | None:
    """Whether a page that showed so little text keeps the rest for subscribers: by its schema, or in words."""
    if text_length >= TEASER:
        return None
    if is_locked_by_schema(document):
        return Unread(("its schema says isAccessibleForFree: false",), PageKind.PAYWALL)
    walls = (_PAYWALL.search(squeezed(text)) for text in _SHOWN(document))
    wall = next((wall["words"] for wall in walls if wall), None)
    return Unread((f"it says {wall!r}",), PageKind.PAYWALL) if wall else None


def is_locked_by_schema(document: HtmlElement) -> bool:
    """Whether the page tells search engines that not everybody may read all of it."""
    return any(_LOCKED.search(s.text or "") for s in document.iter("script") if "ld+json" in (s.get("type") or ""))


_SHOWN = etree.XPath("//body//text()[not(ancestor::script or ancestor::style)]", smart_strings=False)


def running_text(document: HtmlElement) -> int:
    """Characters of text in pieces long enough to be prose, outside of links, navigation and scripts."""
    total, skipped = 0, set()
    for element in document.iter():
        parent = element.getparent()
        if not isinstance(element.tag, str) or element.tag in _NO_PROSE or parent in skipped:
            skipped.add(element)
        elif element.text and len(piece := element.text.strip()) >= _SHORTEST:
            total += len(piece)
        if element.tail and parent not in skipped and len(piece := element.tail.strip()) >= _SHORTEST:
            total += len(piece)
    return total


_NO_PROSE = frozenset(
    "script style noscript a nav header footer aside form button select option head title template svg".split()
)


def _said(document: HtmlElement) -> tuple[str, ...]:
    """What the page calls itself: title, og:title, first headlines."""
    heads = (squeezed(h.text_content()) for h in document.iter("h1", "h2") if h is not None)
    found = [squeezed(document.findtext(".//title") or ""), *document.xpath("//meta[@property='og:title']/@content")]
    return tuple(text for text in (*found, *(head for head, _ in zip(heads, range(2), strict=False))) if text)
