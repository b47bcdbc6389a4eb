"""ArticleSpider: feeds, sitemaps, list pages -> links -> article pages. It finds and fetches, and reads no article.

A site is a subclass with nothing but declarations. Every response is kept by the crawl (scraper/crawl.py) before any
method here sees it.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import scrapy
from lxml import etree
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure
from w3lib.url import add_or_replace_parameters

from etl.gazetteer import series_names
from etl.health import FORBIDDEN
from etl.model import Layout, Site
from scraper.archive import ArchiveError, ArchiveWriter
from scraper.blocklist import Blocklist
from scraper.domains import registered_domain
from scraper.former import STATED
from scraper.frontier import Asked
from scraper.polling import Visit, is_due

JAKARTA = ZoneInfo("Asia/Jakarta")
RECHECK_AFTER = timedelta(days=1)  # an article is asked for again at most once a day ...
RECHECK_UNTIL = timedelta(days=14)  # ... while it is young: outlets correct names and ranks within days
MAX_PAGES = 20  # of one article
MAX_SITEMAPS = 50  # that one crawl follows out of sitemap indexes
MAX_SITEMAP_SIZE = 20_000_000  # bytes unpacked, as of any response
# What a tree in memory takes goes by its tags and attributes: 120 to 240 bytes each, whatever the bytes between them.
MAX_LIST_MARKS = 1_500_000  # '<' and '=' of a feed or sitemap; 50,000 entries have 600,000
MAX_PAGE_MARKS = 200_000  # of an HTML page that is read for links; long ones have 20,000
MAX_PAGE_SIZE = 5_000_000  # bytes of it
TOO_MUCH = "unpacks to more than allowed"
COUNTED = (
    "fetched",
    "stored",
    "not_modified",
    "lists",
    "lists_cut",
    "rested",
    "articles",
    "known",
    "passed_over",
    "withheld",
)

# Words of award headlines that are no award's name; the names are in the catalogue. On the left at a word's edge only,
# so that suffixes (-nya, -an) count.
_AWARD_WORDS = re.compile(
    r"(?<![a-z])(?:penghargaan|award|(?:di|meng)?anugerah|penganugerahan|apresiasi|predikat|piala|trofi|trophy|juara"
    r"|terbaik|teladan|nominasi|finalis|opini bpk|rekor|lomba|layak anak|informatif|keterbukaan informasi|zona hijau"
    r"|inovatif|nindya|wiwerda|peringkat|nomor satu|(?:di|me)?raih|(?:di)?sabet|menyabet|(?:di|mem)?boyong"
    r"|(?:di|mem)?borong|diganjar|dinobatkan|menobatkan|penobatan|didapuk)",
    re.IGNORECASE,
)


def promises_award(words: str) -> bool:
    """Whether address, headline or summary are likely an award article's: a run fetches these, not the day's news."""
    return bool(_AWARD_WORDS.search(words)) or bool(series_names().find(words))


@dataclass(frozen=True, slots=True)
class Index:
    """Numbered list pages. `url` holds `{page}` and, for a list by day, `{day:%Y-%m-%d}` (any strftime form).

    `links` is the CSS selector of the headlines' <a>; `pages` bounds how far a list is followed. The first page's number is
    `first`, and each next one's `step` more: 0 and 20 for a list that counts articles.
    """

    url: str
    links: str
    pages: int = 40
    first: int = 1
    step: int = 1

    @property
    def is_by_day(self) -> bool:
        """Whether the list can be asked for one day."""
        return "{day" in self.url

    def addresses(self, since: date, until: date) -> Iterator[str]:
        """Templates with the day filled in, newest first; one when the list knows no days."""
        days = (until - since).days if self.is_by_day else 0
        for back in range(days + 1):
            yield re.sub(r"\{day:([^}]+)\}", lambda m, b=back: (until - timedelta(days=b)).strftime(m[1]), self.url)  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one crawl is asked to do. `now` is the run's own clock, so that a replay is the same every time.

    `only`: these articles' addresses, and no list. `until`: a backfill of the days from `since` on, both included: only
    what can be asked by day, so no feed and no undated entry of a sitemap, and nothing is checked again. `seen` maps each
    article id in the archive to its (first, last) capture, `visits` each list asked lately to its captures, oldest first,
    `spent` each day (Asia/Jakarta) to the responses that the archive has of it. `blocked` are articles that were taken down.
    """

    now: datetime
    since: date
    limit: int | None = None
    only: tuple[str, ...] = ()
    until: date | None = None
    replaying: bool = False
    seen: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)
    known_urls: Mapping[str, str] = field(default_factory=dict)  # article id -> address to ask again
    spent: Mapping[date, int] = field(default_factory=dict)
    visits: Mapping[str, Sequence[Visit]] = field(default_factory=dict)
    blocked: Blocklist = field(default_factory=Blocklist)


class ArticleSpider(scrapy.Spider):
    """A site as data. Subclasses declare; they have no methods.

    name          short, lower case, the site's key everywhere
    outlet        as readers know it
    region        Kemendagri code when the outlet covers one region only
    feeds         RSS or Atom addresses
    sitemaps      sitemap or sitemap index addresses
    indexes       numbered list pages
    article_url   pattern that only article addresses contain
    article_id    pattern whose groups are the outlet's id; the same on AMP, mobile and mirror addresses
    page_query    query that shows all pages of an article at once ('page=all')
    page_number   else pattern whose first group is the number of a further page; these are followed and joined
    article_pages False where the publisher asks that article pages not be read automatically: the feed only
    budget        requests a day (Asia/Jakarta) at most, robots.txt and further tries among them
    max_articles  articles that one crawl asks for at most
    layouts       newest first; chosen by fit
    unverified    why the declarations are not sure yet; `awards health` shows it
    schedule      cron expression (Asia/Jakarta) of its runs
    """

    outlet: ClassVar[str]
    region: ClassVar[str | None] = None
    feeds: ClassVar[tuple[str, ...]] = ()
    sitemaps: ClassVar[tuple[str, ...]] = ()
    indexes: ClassVar[tuple[Index, ...]] = ()
    article_url: ClassVar[str]
    article_id: ClassVar[str]
    page_query: ClassVar[str] = ""
    page_number: ClassVar[str] = r"[?&](?:page|halaman|hal)=(\d{1,2})(?!\d)"
    article_pages: ClassVar[bool] = True
    budget: ClassVar[int] = 3000
    max_articles: ClassVar[int] = 10_000  # as many as three hours hold at a page a second
    layouts: ClassVar[tuple[Layout, ...]] = ()
    unverified: ClassVar[str] = ""
    schedule: ClassVar[str] = "17 */2 * * *"

    @classmethod
    def site(cls) -> Site:
        """What reading needs to know of the site."""
        return Site(
            cls.name,
            cls.outlet,
            cls.article_url,
            cls.article_id,
            cls.region,
            (*cls.layouts, STATED) if cls.layouts else (),
            cls.page_number,
            cls.page_query,
        )

    def __init__(self, plan: Plan, archive: ArchiveWriter, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan, self.archive = plan, archive
        self.declared = self.site()
        self._asked = Asked()
        self._sitemaps = 0
        self.counts = dict.fromkeys(COUNTED, 0)
        self.failures: dict[str, int] = {}
        self.spent = Counter(plan.spent)  # requests by day, against the budget (scraper/politeness.py)
        self.left_alone: dict[str, str] = {}  # registered domain -> why nothing more is asked of it
        self.error: ArchiveError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's constructor; what Scrapy only logs is counted too."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.not_read, signals.spider_error)
        crawler.signals.connect(spider.not_asked, signals.request_dropped)
        crawler.signals.connect(spider.began, signals.headers_received)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Requests for every list, then for young articles whose daily re-check is due; a backfill's for its days only."""
        for address in self.plan.only:
            if not self.article_pages and not self.plan.replaying:
                self.counts["withheld"] += 1
                continue
            self.counts["articles"] += 1
            yield self._request(self._whole(address), self.kept)
        if self.plan.only:
            return
        backfill = self.plan.until is not None
        until = self.plan.until or self.plan.now.astimezone(JAKARTA).date()
        for feed in self.feeds if not backfill else ():
            yield self._list_request(feed, self.parse_feed)
        for sitemap in self.sitemaps:
            yield self._list_request(sitemap, self.parse_sitemap)
        for index in self.indexes:
            for address in index.addresses(self.plan.since, until) if index.is_by_day or not backfill else ():
                yield self._list_page(index, address, 1)
        for key, url in self.plan.known_urls.items() if not backfill else ():
            if self._is_due(key):
                for request in self._article(url, "", recheck=True):
                    yield request

    @classmethod
    def has_days(cls) -> bool:
        """Whether the site can be asked for the articles of one day."""
        return bool(cls.sitemaps) or any(index.is_by_day for index in cls.indexes)

    # ------------------------------------------------------------------------------------------------------ discovery

    def parse_feed(self, response: Response) -> Iterator[Request]:
        """RSS 2.0 <item> and Atom <entry>: link, title, summary, date."""
        self._count_list(response)
        for item in self._xml(response).iter("{*}item", "{*}entry"):
            words = " ".join(_texts(item, "title", "description", "summary"))
            if not self._is_too_old(_texts(item, "pubDate", "published", "updated", "date")):
                yield from self._article(_joined(response, _link(item)), words)

    def parse_sitemap(self, response: Response) -> Iterator[Request]:
        """Sitemap protocol 0.9, with Google News tags; a sitemap index is followed, as far as MAX_SITEMAPS, at home."""
        self._count_list(response)
        for entry in self._xml(response).iter("{*}sitemap", "{*}url"):
            address = _joined(response, entry.findtext("{*}loc") or "")
            stamps = _texts(entry, "publication_date", "lastmod")
            if not address or self._is_too_old(stamps):
                continue
            if etree.QName(entry).localname == "url":
                if not self._is_beyond(stamps):
                    yield from self._article(address, " ".join(_texts(entry, "title", "keywords")))
            elif not _is_at_home(address, response.url):  # the protocol has it so, and a link can lead anywhere
                self.failed("sitemap elsewhere")
            elif self._sitemaps < MAX_SITEMAPS:
                self._sitemaps += 1
                yield from self._followed(address, self.parse_sitemap)
            else:
                self.failed("sitemap beyond the bound")

    def parse_index(self, response: Response, index: Index, address: str, number: int) -> Iterator[Request]:
        """A list page: its articles, and the next page as long as this one showed what those before did not.

        So the list also ends where a site answers its last page for every higher number.
        """
        if _is_too_large(response.body):
            self.failed("list page too large to read")
            return
        if not isinstance(response, TextResponse) or response.selector.type == "json":
            kind = (response.headers.get("Content-Type") or b"nothing").decode("latin-1").partition(";")[0]
            self.failed(f"list page is {kind.strip()[:40]}")
            return
        self.counts["lists"] += 1
        headlines: dict[str, str] = {}  # a card may link twice: the picture, then the words
        for anchor in response.css(index.links):
            link = _joined(response, anchor.attrib.get("href", ""))
            headlines[link] = " ".join([headlines.get(link, ""), *anchor.css("::text").getall()])
        for link, words in headlines.items():
            yield from self._article(link, words)
        news = [link for link in headlines if self._asked.add(f"{address} shows {link}")]
        if news and "{page}" in index.url and self._has_room():
            if number < index.pages:
                yield self._list_page(index, address, number + 1)
            elif index.is_by_day:  # a day ends by itself; a list of everything ends where it is declared to
                self.failed("list of a day beyond the bound")
            else:
                self.counts["lists_cut"] += 1

    def _list_request(self, url: str, callback: Any) -> Request:
        """The request for a feed or sitemap; one that seldom changes and was had lately is read as the archive has it.

        So its links are followed where a crawl that was cut did not come to them, and a sitemap index that rests still
        leads to sitemaps that do not.
        """
        request = self._request(url, callback)
        if not self.plan.replaying and not is_due(self.plan.visits.get(url, ()), self.plan.now):
            request.meta["as_kept"] = True
        return request

    def _count_list(self, response: Response) -> None:
        rested = response.request is not None and "as_kept" in response.request.meta
        self.counts["rested" if rested else "lists"] += 1

    def _list_page(self, index: Index, address: str, number: int) -> Request:
        stands = str(index.first + (number - 1) * index.step)
        request = self._request(address.replace("{page}", stands), self.parse_index)
        # After the articles that are waiting: else a long list would be in memory before its first article is asked for.
        return request.replace(cb_kwargs={"index": index, "address": address, "number": number}, priority=1 - number)

    # -------------------------------------------------------------------------------------------------------- articles

    def _article(self, url: str, words: str, recheck: bool = False) -> Iterator[Request]:
        """The request for an article's page, unless it was asked for, is known, or promises no award."""
        key = self.declared.article_id_of(url) if self._is_its_own(url) else None
        if key is None or not self._asked.add(key):
            return
        if key in self.plan.blocked or (key in self.plan.seen and not self._is_due(key)):
            self.counts["known"] += 1
        elif not recheck and not promises_award(f"{words} {url}".replace("-", " ")):
            self.counts["passed_over"] += 1
        elif not self.article_pages and not self.plan.replaying:
            self.counts["withheld"] += 1
        elif self._has_room():
            for request in self._followed(url, self.kept):
                self.counts["articles"] += 1
                yield request
        elif self.counts["articles"] >= self.max_articles:
            self.failed("article beyond the bound")

    def _is_its_own(self, url: str) -> bool:
        # A link to share an article holds the article's address inside another: not at its start, or in its query.
        found = re.search(self.article_url, url)
        return (
            found is not None
            and (found.start() == 0 or not found[0].startswith("http"))
            and found.start() < len(url.partition("?")[0])
        )

    def _whole(self, url: str) -> str:
        """The address that shows all pages of an article at once."""
        return add_or_replace_parameters(url, dict(parse_qsl(self.page_query))) if self.page_query else url

    def _has_room(self) -> bool:
        limit = self.max_articles if self.plan.limit is None else min(self.plan.limit, self.max_articles)
        return self.counts["articles"] < limit

    def _is_due(self, key: str) -> bool:
        first, last = self.plan.seen[key]
        return self.plan.now - last >= RECHECK_AFTER and self.plan.now - first < RECHECK_UNTIL

    def _is_too_old(self, stamps: list[str]) -> bool:
        when = next((d for d in map(_day, stamps) if d), None)
        return when is not None and when < self.plan.since

    def _is_beyond(self, stamps: list[str]) -> bool:
        """Whether a backfill leaves an entry out: it is of a later day, or of none that is told."""
        if self.plan.until is None:
            return False
        when = next((d for d in map(_day, stamps) if d), None)
        return when is None or when > self.plan.until

    def kept(self, response: Response) -> Iterator[Request]:
        """An article's page, which the crawl has kept: its further pages are asked for, nothing else is done with it."""
        key = self.declared.article_id_of(response.url)
        if self.page_query or key is None or not isinstance(response, TextResponse):
            return
        if _is_too_large(response.body) or response.selector.type != "html":
            return
        for link in response.css("a::attr(href)").getall():
            url = _joined(response, link)
            number = self.declared.page_of(url) if self._is_its_own(url) else 1
            if number <= 1 or self.declared.article_id_of(url) != key or not self._asked.add(f"{key} page {number}"):
                continue
            if number <= MAX_PAGES:
                yield from self._followed(url, self.kept)
            else:
                self.failed("article page beyond the bound")

    # -------------------------------------------------------------------------------------------------------- failures

    def _request(self, url: str, callback: Any) -> Request:
        return Request(url, callback=callback, errback=self.not_fetched)

    def _followed(self, url: str, callback: Any) -> Iterator[Request]:
        """The request for an address that a page gave, unless it is none: 'http://kabar.id:99999/'."""
        try:
            is_article = callback == self.kept
            request = self._request(self._whole(url), callback) if is_article else self._list_request(url, callback)
        except ValueError:
            self.failed("address that is none")
        else:
            yield request

    def not_fetched(self, failure: Failure) -> None:
        """Count a request that brought no page under the name of what went wrong.

        A list that was not asked for when the archive was made is no failure of its replay.
        """
        request = getattr(failure, "request", None)
        if request is None or not request.meta.get("not_archived") or request.callback == self.kept:
            name = failure_name(failure.value)
            dripped = name == TIMEOUT and request is not None and "began" in request.meta
            self.failed(f"{name} in the body" if dripped else name)

    def began(self, request: Request) -> None:
        """Note that an answer to this request has begun: what drips is told from what hangs."""
        request.meta["began"] = True

    def not_asked(self, request: Request) -> None:
        """Count a redirect back to where it came from, which Scrapy drops as a duplicate without a word."""
        if request.url in request.meta.get("redirect_urls", ()):
            self.failed("redirect loop")

    def not_read(self, failure: Failure) -> None:
        """Count a response whose links could not be read for a fault in this module; the log has the traceback."""
        self.failed(f"links not read: {type(failure.value).__name__}")

    def failed(self, name: str) -> None:
        """Count one failure by name."""
        self.failures[name] = self.failures.get(name, 0) + 1

    # ------------------------------------------------------------------------------------------------------------ XML

    def _xml(self, response: Response) -> Any:
        """The root of an XML response, an empty element when it is none or larger than a tree of it may be.

        Read as far as possible, for real feeds hold stray '&'; no entities and no network, for a feed must not be able to
        explode or to fetch.
        """
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
        body = self._unpacked(response.body)
        if b"<!ENTITY" in body:
            self.failed("list with entities of its own")
        if _marks(body) > MAX_LIST_MARKS:
            self.failed("list too large to read")
            body = b""
        try:
            root = etree.fromstring(body, parser) if body.strip() else None
        except etree.XMLSyntaxError:
            root = None
        return root if root is not None else etree.Element("empty")

    def _unpacked(self, body: bytes) -> bytes:
        """A list's bytes, those of sitemap.xml.gz unpacked as far as they go and may go."""
        if not body.startswith(b"\x1f\x8b"):
            return body
        member = zlib.decompressobj(31)
        try:
            unpacked = member.decompress(body, MAX_SITEMAP_SIZE)
        except zlib.error:
            self.failed("badly packed")
            return b""
        if len(unpacked) >= MAX_SITEMAP_SIZE and not member.eof:
            self.failed(TOO_MUCH)
        return unpacked


TIMEOUT = "timeout"
_FAILURES = {
    "CannotResolveHostError": "host not found",
    "DNSLookupError": "host not found",
    "DownloadConnectionRefusedError": "connection refused",
    "ConnectionRefusedError": "connection refused",
    "DownloadFailedError": "connection lost",
    "ResponseDataLossError": "cut short",
    "DownloadTimeoutError": TIMEOUT,
    "TimeoutError": TIMEOUT,
    "DownloadCancelledError": "larger than allowed",
    "BadGzipFile": "badly packed",
    "EOFError": "badly packed",
    "error": "badly packed",  # so zlib and brotli call theirs
    "ArchiveError": "stored copy damaged",  # a 304 confirmed it; what cannot be written ends the crawl instead
}
_NO_HTTP = {"ParseError", "ValueError", "InvalidHeaderName"}  # what Twisted could not read; Scrapy wraps it once more
_IGNORED = {  # Scrapy has one class for all it refuses to fetch, and says why in the text
    "robots.txt": FORBIDDEN,
    "redirections": "redirect loop",
    "DOWNLOAD_MAXSIZE": TOO_MUCH,  # only said of what was packed
}


def failure_name(error: BaseException | None) -> str:
    """What a run counts this failure as: 'http 503', 'timeout', 'forbidden by robots.txt'."""
    name = type(error).__name__
    if isinstance(error, HttpError):
        return f"http {error.response.status}"
    if name in ("NoRobots", "NotAsked", "RedirectRefused"):
        return str(error)
    if isinstance(error, IgnoreRequest):
        return next((known for words, known in _IGNORED.items() if words in str(error)), "refused by Scrapy")
    reasons = {type(reason.value).__name__ for reason in getattr(error.__cause__, "reasons", ())} if error else set()
    return "no HTTP" if reasons & _NO_HTTP else _FAILURES.get(name, name)


# -------------------------------------------------------------------------------------------------------- reading lists


def _joined(response: Response, link: str) -> str:
    """A link as an absolute address without fragment; empty when it is none."""
    try:
        return response.urljoin(link.strip()).partition("#")[0] if link.strip() else ""
    except ValueError:  # 'http://[': what else stands on the page counts nevertheless
        return ""


def _link(item: Any) -> str:
    """The address of an RSS <item> or Atom <entry>."""
    links = list(item.iterchildren("{*}link"))
    texts = (link.text or "" for link in links)
    pages = (link.get("href", "") for link in links if link.get("rel", "alternate") == "alternate")
    guids = (guid.text or "" for guid in item.iterchildren("{*}guid") if guid.get("isPermaLink") != "false")
    return next((address for address in (*texts, *pages, *guids) if address.strip()), "")


def _marks(body: bytes) -> int:
    """How many tags and attributes markup has at most."""
    return body.count(b"<") + body.count(b"=")


def _is_too_large(body: bytes) -> bool:
    return len(body) > MAX_PAGE_SIZE or _marks(body) > MAX_PAGE_MARKS


def _is_at_home(url: str, home: str) -> bool:
    """Whether two addresses are of one registered domain."""
    hosts = [urlsplit(address).hostname or "" for address in (url, home)]
    return hosts[0] == hosts[1] or registered_domain(hosts[0]) == registered_domain(hosts[1])


def _texts(element: Any, *names: str) -> list[str]:
    return ["".join(found.itertext()) for name in names for found in element.iter(f"{{*}}{name}")]


def _day(stamp: str) -> date | None:
    """The day, in Jakarta, of an RFC 822 or ISO 8601 time; None when it is neither."""
    try:
        when = datetime.fromisoformat(stamp.strip())
    except ValueError:
        try:
            when = parsedate_to_datetime(stamp.strip())
        except ValueError:
            return None
    return (when.astimezone(JAKARTA) if when.tzinfo else when).date()
