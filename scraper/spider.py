"""ArticleSpider: feeds, sitemaps and list pages -> links -> article pages. It finds and fetches; it never reads an article.

A site is a subclass with nothing but declarations. Every response is kept by the crawl (scraper/crawl.py) before any
method here sees it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import scrapy
from lxml import etree
from scrapy.http import Request, Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from etl.gazetteer import series_names
from etl.model import Layout, Site
from scraper.archive import ArchiveError, ArchiveWriter

JAKARTA = ZoneInfo("Asia/Jakarta")
RECHECK_AFTER = timedelta(days=1)  # an article is asked for again at most once a day ...
RECHECK_UNTIL = timedelta(days=14)  # ... while it is young: outlets correct names and ranks within days

# Words of award headlines that are no award's name; the names are in the catalogue. On the left at a word's edge only, so
# that suffixes (-nya, -an) count.
_AWARD_WORDS = re.compile(
    r"(?<![a-z])(?:penghargaan|award|anugerah|dianugerah|menganugerah|apresiasi|predikat|piala|trofi|juara|terbaik|teladan|nominasi|finalis"
    r"|opini bpk|rekor|lomba|layak anak|informatif|zona hijau|inovatif|raih|sabet|boyong|borong|diganjar|dinobatkan)",
    re.IGNORECASE,
)


def promises_award(words: str) -> bool:
    """Whether an address, headline or summary is likely an award article's: a run fetches these, not a whole day's news."""
    return bool(_AWARD_WORDS.search(words)) or bool(series_names().find(words))


@dataclass(frozen=True, slots=True)
class Index:
    """Numbered list pages. `url` holds `{page}` and, for a list by day, `{day:%Y-%m-%d}` (any strftime form).

    `links` is the CSS selector of the headlines' <a>; `pages` bounds how far a list is followed.
    """

    url: str
    links: str
    pages: int = 40

    def addresses(self, since: date, until: date) -> Iterator[str]:
        """Templates with the day filled in, newest first; one when the list knows no days."""
        days = (until - since).days if "{day" in self.url else 0
        for back in range(days + 1):
            yield re.sub(r"\{day:([^}]+)\}", lambda m, b=back: (until - timedelta(days=b)).strftime(m[1]), self.url)  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one crawl is asked to do. `now` is the run's own clock, so that a replay is the same every time.

    `only`: one article's address, and no list. `seen` maps each article id the archive holds to (first, last) capture time.
    """

    now: datetime
    since: date
    limit: int | None = None
    only: str | None = None
    replaying: bool = False
    seen: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)
    known_urls: Mapping[str, str] = field(default_factory=dict)  # article id -> address to ask again


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
    article_pages False where the publisher asks that article pages not be read automatically: the feed only
    layouts       newest first; chosen by fit
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
    article_pages: ClassVar[bool] = True
    layouts: ClassVar[tuple[Layout, ...]] = ()
    schedule: ClassVar[str] = "17 */2 * * *"

    @classmethod
    def site(cls) -> Site:
        """What reading needs to know of the site."""
        return Site(cls.name, cls.outlet, cls.article_url, cls.article_id, cls.region, cls.layouts)

    def __init__(self, plan: Plan, archive: ArchiveWriter, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan, self.archive = plan, archive
        self.declared = self.site()
        self._asked: set[str] = set()
        self.counts = dict.fromkeys(("fetched", "stored", "lists", "articles", "known", "passed_over", "withheld"), 0)
        self.failures: dict[str, int] = {}
        self.error: ArchiveError | None = None

    async def start(self) -> AsyncIterator[Request]:
        """Requests for every list, then for young articles whose daily re-check is due."""
        if self.plan.only is not None:
            yield self._request(self.plan.only, self.kept)
            return
        today = self.plan.now.astimezone(JAKARTA).date()
        for feed in self.feeds:
            yield self._request(feed, self.parse_feed)
        for sitemap in self.sitemaps:
            yield self._request(sitemap, self.parse_sitemap)
        for index in self.indexes:
            for address in index.addresses(self.plan.since, today):
                yield self._list_page(index, address, 1)
        for key, url in self.plan.known_urls.items():
            if self._is_due(key):
                for request in self._article(url, "", recheck=True):
                    yield request

    # ------------------------------------------------------------------------------------------------------ discovery

    def parse_feed(self, response: Response) -> Iterator[Request]:
        """RSS 2.0 <item> and Atom <entry>: link, title, summary, date."""
        self.counts["lists"] += 1
        for item in _xml(response).iter("{*}item", "{*}entry"):
            words = " ".join(_texts(item, "title", "description", "summary"))
            link = next(iter(_texts(item, "link")), "") or next((e.get("href", "") for e in item.iter("{*}link")), "")
            if not self._is_too_old(_texts(item, "pubDate", "published", "updated")):
                yield from self._article(response.urljoin(link.strip()), words)

    def parse_sitemap(self, response: Response) -> Iterator[Request]:
        """Sitemap protocol 0.9, with Google News tags; a sitemap index is followed."""
        self.counts["lists"] += 1
        root = _xml(response)
        for entry in root.iter("{*}sitemap", "{*}url"):
            link = next(iter(_texts(entry, "loc")), "").strip()
            if not link or self._is_too_old(_texts(entry, "publication_date", "lastmod")):
                continue
            if etree.QName(entry).localname == "sitemap":
                yield self._request(link, self.parse_sitemap)
            else:
                yield from self._article(link, " ".join(_texts(entry, "title", "keywords")))

    def parse_index(self, response: Response, index: Index, address: str, number: int) -> Iterator[Request]:
        """A list page: its articles, and the next page as long as this one showed any that were new."""
        if not isinstance(response, TextResponse):
            self.failed(f"list page is {response.headers.get('Content-Type', b'?').decode()}")
            return
        self.counts["lists"] += 1
        before, cards = len(self._asked), 0
        for anchor in response.css(index.links):
            cards += 1
            words = " ".join(anchor.css("::text").getall())
            yield from self._article(response.urljoin(anchor.attrib.get("href", "").strip()), words)
        if cards and number < index.pages and "{page}" in index.url and len(self._asked) > before:
            yield self._list_page(index, address, number + 1)

    def _list_page(self, index: Index, address: str, number: int) -> Request:
        request = self._request(address.replace("{page}", str(number)), self.parse_index)
        return request.replace(cb_kwargs={"index": index, "address": address, "number": number})

    # -------------------------------------------------------------------------------------------------------- articles

    def _article(self, url: str, words: str, recheck: bool = False) -> Iterator[Request]:
        """The request for an article's page, unless it was asked for, is known, or promises no award."""
        key = self.declared.article_id_of(url)
        if key is None or key in self._asked:
            return
        self._asked.add(key)
        if key in self.plan.seen and not self._is_due(key):
            self.counts["known"] += 1
        elif not recheck and not promises_award(f"{words} {url}".replace("-", " ")):
            self.counts["passed_over"] += 1
        elif not self.article_pages and not self.plan.replaying:
            self.counts["withheld"] += 1
        elif self.plan.limit is None or self.counts["articles"] < self.plan.limit:
            self.counts["articles"] += 1
            whole = self.page_query and self.page_query not in url
            yield self._request(f"{url}{'&' if '?' in url else '?'}{self.page_query}" if whole else url, self.kept)

    def _is_due(self, key: str) -> bool:
        first, last = self.plan.seen[key]
        return self.plan.now - last >= RECHECK_AFTER and self.plan.now - first < RECHECK_UNTIL

    def _is_too_old(self, stamps: list[str]) -> bool:
        when = next((d for d in map(_day, stamps) if d), None)
        return when is not None and when < self.plan.since

    def kept(self, response: Response) -> None:
        """An article's page: the crawl has kept it, and nothing more is done with it here."""

    # -------------------------------------------------------------------------------------------------------- failures

    def _request(self, url: str, callback: Any) -> Request:
        return Request(url, callback=callback, errback=self.not_fetched)

    def not_fetched(self, failure: Failure) -> None:
        """Count a request that brought no page under the name of what went wrong. A 304 is no failure."""
        if isinstance(failure.value, HttpError):
            if failure.value.response.status != 304:
                self.failed(f"http {failure.value.response.status}")
        else:
            self.failed(_FAILURES.get(type(failure.value).__name__, type(failure.value).__name__))

    def failed(self, name: str) -> None:
        """Count one failure by name."""
        self.failures[name] = self.failures.get(name, 0) + 1


_FAILURES = {
    "IgnoreRequest": "forbidden by robots.txt",
    "CannotResolveHostError": "host not found",
    "DNSLookupError": "host not found",
    "DownloadConnectionRefusedError": "connection refused",
    "ConnectionRefusedError": "connection refused",
    "DownloadFailedError": "connection lost",
    "ResponseDataLossError": "cut short",
    "DownloadTimeoutError": "timeout",
    "TimeoutError": "timeout",
    "DownloadCancelledError": "larger than allowed",
}


def _xml(response: Response) -> Any:
    # recover: real feeds hold stray '&'; no entities, no network: a feed must not be able to explode or to fetch.
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(response.body, parser) if response.body.strip() else None
    return root if root is not None else etree.Element("empty")


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
