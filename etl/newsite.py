"""`awards new-site`: one article page -> a spider file, the stored page, the site's addresses. Fetches, proposes, writes."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import lxml.html

import scraper
from etl.clean.content import decoded_body, html_of
from etl.clean.propose import Proposal, addresses, propose
from etl.clean.propose.spiderfile import source_of
from etl.dates import WIB
from etl.model import AwardsError, Page, Unread, UnreadablePage, UsageError
from etl.run.crawling import crawl
from etl.run.order import Order
from etl.run.pages import page_refs
from etl.settings import Settings
from scraper.archive import Archive
from scraper.sites import sites, spiders, stranger
from scraper.spider import ArticleSpider

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|msclkid")


@dataclass(frozen=True, slots=True)
class NewSite:
    """What is proposed for a site, and the files that say so: `spider`, `page` (a copy of the outlet's page), others."""

    name: str
    url: str
    proposal: Proposal
    spider: Path
    page: Path
    files: dict[Path, bytes]
    in_source: bool  # or for a package of somebody else


def new_site(settings: Settings, name: str, page: str, url: str | None, into: Path | None) -> NewSite:
    """Everything that `write` would write. `page`: an address, or a saved page (packed or not); `into`: a folder for the files.

    Raises UsageError: a bad name, a site or file that is there, an address of another site or none at all; AwardsError:
    nothing fetched, no such file, no article.
    """
    root = _root(into)
    spider, folder, listed = _places(root, name, into is None)
    _refuse(name, [spider, folder, listed])
    is_address = page.startswith(("http://", "https://"))
    if is_address and url is not None:
        raise UsageError(f"--url gives the address of a saved page, and {page} is an address itself: leave --url out")
    if is_address:
        _refuse_known(page)
        got, robots = _fetched(settings, name, page)
    else:
        got, robots = _saved(name, Path(page), url), ""
    _refuse_known(got.url)
    proposal = propose(got, str(got.fetched_at.astimezone(WIB).year), robots, ArticleSpider.page_number)
    if isinstance(proposal, Unread):
        what = (
            "no article can be read on it"
            if proposal.is_misfit
            else f"it is no article but a page of the kind {proposal.kind}"
        )
        raise AwardsError(f"{page}: {what}: {proposal}")
    stored = folder / f"{addresses.slug_of(got.url)}.html.gz"
    files = {
        spider: source_of(proposal).encode(),
        stored: gzip.compress(_plain(got), mtime=0),
        listed: _addresses(proposal),
    }
    if (golden := _golden(got, proposal)) is not None:
        files[stored.with_name(stored.name.removesuffix(".html.gz") + ".json")] = golden
    return NewSite(name, got.url, proposal, spider, stored, files, into is None)


def write(made: NewSite) -> None:
    """Write the files; nothing that is there is written over."""
    for path, content in made.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)


# ------------------------------------------------------------------------------------------------------------ what is refused


def _root(into: Path | None) -> Path:
    """Where the files go. Raises UsageError when the package lies without its tests."""
    source = Path(scraper.__path__[0]).parent
    if into is None and not (source / "tests" / "pages").is_dir():
        raise UsageError(
            f"{source} is no source tree to write to: work in a checkout, or give --into FOLDER for a package of your own"
        )
    return source if into is None else into


def _places(root: Path, name: str, in_source: bool) -> tuple[Path, Path, Path]:
    """The spider file, the folder of the site's pages, the file of its addresses."""
    if in_source:
        tests = root / "tests"
        return (
            root / "scraper" / "spiders" / f"{name}.py",
            tests / "pages" / name,
            tests / "scraper" / "addresses" / f"{name}.json",
        )
    return root / f"{name}.py", root / "pages" / name, root / "addresses" / f"{name}.json"


def _refuse(name: str, places: list[Path]) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]{1,30}", name):
        raise UsageError(f"{name!r} is no name for a site: small letters and digits, a letter first, as balipost")
    if name in sites():  # pages that no spider brought have a name too
        raise UsageError(f"there is a site {name!r} already: choose another name, or add a layout to its file")
    for place in places:
        if place.exists():
            raise UsageError(f"{place} is there already, and is not written over: move it away, or choose another name")


def _refuse_known(url: str) -> None:
    for name, spider in spiders().items():
        if spider.site().article_id_of(url) is not None:
            raise UsageError(
                f"{url} is an article of the site {name}, which is there already: `awards read` shows how it reads"
            )


# --------------------------------------------------------------------------------------------------------------------- the page


def _fetched(settings: Settings, name: str, url: str) -> tuple[Page, str]:
    """The page from the network and the text of its host's robots.txt, as politely as any crawl. Raises AwardsError."""
    with tempfile.TemporaryDirectory(prefix="awards-") as folder:
        apart = settings.model_copy(update={"data": Path(folder), "archive": str(Path(folder) / "archive")})
        report = crawl(apart, Order([name], only=(url,)), name, datetime.now(UTC), locks=settings.locks)
        archive = Archive(apart.archive)
        pages = [archive.read(ref) for ref in page_refs(archive, stranger(name).site())]
    robots = [page for page in pages if urlsplit(page.url).path == "/robots.txt"]
    articles = [page for page in pages if page not in robots]
    if not articles:
        raise AwardsError(f"{url} could not be fetched: {', '.join(report.failures) or 'it answered nothing'}")
    got = articles[-1]
    rules = next((r for r in robots if urlsplit(r.url).netloc == urlsplit(got.url).netloc), None)
    got = Page(name, _without_tracking(got.url), got.fetched_at, got.status, got.headers, got.body)
    try:
        return got, decoded_body(rules).decode("utf-8", "replace") if rules is not None else ""
    except UnreadablePage:  # the crawl obeyed it as far as it goes; its sitemaps are not known then
        return got, ""


def _saved(name: str, file: Path, url: str | None) -> Page:
    """A saved page under the address given, else the one that it says it has. Raises AwardsError, UsageError."""
    try:
        body, at = file.read_bytes(), datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        raise AwardsError(f"{file} cannot be read: {error.strerror or error}") from error
    packed = (("content-encoding", "gzip"),) if body[:2] == b"\x1f\x8b" else ()
    page = Page(name, url or "", at, 200, (("content-type", "text/html"), *packed), body)
    try:
        address = url or own_address(html_of(page))
    except UnreadablePage as error:
        raise AwardsError(f"{file} cannot be read: {error}") from error
    if address is None or not addresses.joined(address, ""):
        said = (
            "says nowhere which address it has"
            if address is None
            else f"has {address!r}, which is no address of the web"
        )
        raise UsageError(f"{file} {said}: give it with --url https://...")
    return Page(name, _without_tracking(address), at, 200, page.headers, body)


def own_address(html: str) -> str | None:
    """What a page says its address is, the first that it says; None when it does not. Raises UnreadablePage."""
    try:
        document = lxml.html.document_fromstring(html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except lxml.etree.ParserError as error:
        raise UnreadablePage(f"no HTML can be made of it: {error}") from error
    said = document.xpath("//link[@rel='canonical']/@href") + document.xpath("//meta[@property='og:url']/@content")
    return str(said[0]).strip() if said else None


def _without_tracking(url: str) -> str:
    split = urlsplit(url)
    kept = [
        (name, value) for name, value in parse_qsl(split.query, keep_blank_values=True) if not _TRACKING.fullmatch(name)
    ]
    return split._replace(query=urlencode(kept) if split.query else "", fragment="").geturl()


# -------------------------------------------------------------------------------------------------------------------- the files


def _plain(page: Page) -> bytes:
    """The page's bytes, unpacked; as UTF-8 where only a header said what else they are."""
    body, text = decoded_body(page), html_of(page)
    bare = Page(page.site, page.url, page.fetched_at, 200, (("content-type", "text/html"),), body)
    return body if html_of(bare) == text else text.encode()


def _addresses(proposal: Proposal) -> bytes:
    stated = {"articles": [list(proposal.addresses)], "no_articles": list(proposal.no_articles)}
    return (json.dumps(stated, ensure_ascii=False, indent=1) + "\n").encode()


def _golden(page: Page, proposal: Proposal) -> bytes | None:
    """A golden that holds only the address, for a page that does not say its own, or says another's."""
    own = own_address(html_of(page))
    if own is not None and proposal.site.article_id_of(own) == proposal.article.article_id:
        return None
    return (json.dumps({"url": page.url}, ensure_ascii=False, indent=1) + "\n").encode()
