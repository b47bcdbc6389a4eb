"""The words of the domain, as frozen values. Imports nothing of ours; never does any input or output."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, Final, Literal, TypeAlias

RecipientType = Literal["region", "official", "agency", "village", "school", "police", "company", "community", "person"]
AwardKind = Literal["award", "predicate", "grade", "opinion", "decoration", "record", "ranking", "certificate"]
Status = Literal["won", "nominated", "record"]


class AwardsError(Exception):
    """Something a user can act on; its text is one line that says what was wrong and what to do."""

    exit_code = 1


class UsageError(AwardsError):
    """The command was called wrongly: an unknown site, a flag that does not fit."""

    exit_code = 2


class UnreadablePage(AwardsError):
    """The stored bytes are not a page: not HTML, a body cut short, an encoding nobody can undo."""


def short_hash(*parts: str) -> str:
    """20 hexadecimal digits of SHA-256 over the parts: a key that needs no counter and no clock."""
    return sha256("\x1f".join(parts).encode()).hexdigest()[:20]


def placed_hash(site: str, moment: datetime | None, *parts: str) -> str:
    """As `short_hash`, but the first 6 of its 20 digits tell site and day.

    What comes together then lies together in every index; keys that are all hash would send each row of a batch to
    another leaf, and the more of them the larger a database is.
    """
    return _place(site, moment.toordinal() if moment else 0) + short_hash(*parts)[:14]


@lru_cache(1 << 14)
def _place(site: str, day: int) -> str:
    return f"{short_hash(site)[:2]}{min(max(day - _FIRST_DAY, 0), 0xFFFF):04x}"


_FIRST_DAY: Final = date(1970, 1, 1).toordinal()


def is_storable(text: str) -> bool:
    """PostgreSQL takes no NUL, and no database half of a surrogate pair."""
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# ---------------------------------------------------------------------------------------------------- what was fetched


@dataclass(frozen=True)
class Page:
    """One response as it was served.

    `body` holds the bytes after transfer decoding and **before** content decoding (it may be gzip); `fetched_at` is an
    aware UTC time; header names are lower case, in the order served.
    """

    site: str
    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of that (lower case) name."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """How one version of a site's template is read. Selectors are CSS.

    A layout fits when `body` matches once, or as often as `blocks` allows (fewest, most). The metadata reader finds
    title, time and author by itself; the other selectors only override it where a site publishes them wrongly or not at
    all. `drop` names blocks inside the body that are not the article.
    """

    name: str
    body: str
    drop: tuple[str, ...] = ()
    blocks: tuple[int, int] = (1, 1)
    title: str | None = None
    published: str | None = None
    author: str | None = None
    editors: str | None = None
    tags: str | None = None
    caption: str | None = None


@dataclass(frozen=True)
class Site:
    """What reading a site's pages needs to know of it; a spider class declares it.

    `article_url` is a pattern that an article's address contains; `article_id` is the pattern whose first group (or
    groups, joined by '/') is the outlet's own id, the key that outlives slugs, AMP copies and mirrors. `page_number` is a
    pattern whose first group is the number of a further page; `whole` stands in addresses that show all pages at once.
    `generic`: pages that no layout fits are read by the generic layout, and say so.
    """

    name: str
    outlet: str
    article_url: str
    article_id: str
    region: str | None = None
    layouts: tuple[Layout, ...] = ()
    page_number: str = ""
    whole: str = ""
    generic: bool = False

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        return re.compile(self.article_url), re.compile(self.article_id)

    def article_id_of(self, url: str) -> str | None:
        """The outlet's article id in an address, or None when the address is not an article's."""
        is_article, id_in = self._patterns
        if not is_article.search(url):
            return None
        found = id_in.search(url)
        return "/".join(group for group in found.groups() if group) if found else None

    def page_of(self, url: str) -> int:
        """Which of an article's pages an address leads to: 2 for '?page=2'; 1 for the first, and for all in one."""
        found = re.search(self.page_number, url) if self.page_number else None
        return max(1, int(next(group for group in found.groups() if group))) if found else 1

    def is_whole(self, url: str) -> bool:
        """Whether an address shows all pages of its article at once."""
        return bool(self.whole) and self.whole in url


IMPORTED: Final = Site(
    name="imported",
    outlet="",
    article_url=r"^https?://[^/]+/[^?#]",
    article_id=r"^https?://(?:www\.|m\.|amp\.)?([^?#]+?)(?:/amp)?/?(?:[?#]|$)",
    generic=True,
)
"""Pages of outlets that no spider declares, brought by `awards import`. Their articles' outlet is what the page calls itself."""


# ------------------------------------------------------------------------------------------------------ what was read


@dataclass(frozen=True)
class Article:
    """A clean article: no ads, no boilerplate. `published_at` is aware, in the zone the outlet prints.

    `complete` is False when the page names further pages of the article that were not there to be read, or says that part
    of it is for subscribers only.
    """

    site: str
    outlet: str
    article_id: str
    url: str
    canonical_url: str | None
    layout: str
    title: str
    author: str | None
    editors: tuple[str, ...]
    published_at: datetime | None
    dateline: str | None
    tags: tuple[str, ...]
    photo_caption: str | None
    paragraphs: tuple[str, ...]
    complete: bool = True

    @property
    def key(self) -> str:
        """'site:article_id', the same for every address and version of the article."""
        return f"{self.site}:{self.article_id}"

    @cached_property
    def version(self) -> str:
        """Key of what the article says: two pages with the same content are one version."""
        said = (repr(getattr(self, f.name)) for f in fields(self) if f.name != "url")
        return placed_hash(self.site, self.published_at, self.key, *said)

    @cached_property
    def text(self) -> str:
        """Headline, newline, paragraphs joined by newlines: what every evidence offset counts in."""
        return "\n".join((self.title, *self.paragraphs))


class PageKind(StrEnum):
    """What a page is. Only articles are read; all others are counted, and only a misfit is somebody's fault."""

    ARTICLE = "article"
    MISFIT = "misfit"  # an article, for all one knows, that no layout of its site fits
    INDEX = "index"  # a list of headlines: a front page, a tag, a search
    GALLERY = "gallery"
    VIDEO = "video"
    CONSENT = "consent page"
    BLOCK = "block page"  # a firewall, a captcha
    PAYWALL = "paywall"
    SOFT_404 = "soft 404"  # an error page that says 200


@dataclass(frozen=True, slots=True)
class Unread:
    """A page without an article: a misfit with the reason of each layout (or why it could not be read at all), or a page
    of another kind with the words that say so.
    """

    reasons: tuple[str, ...]
    kind: PageKind = PageKind.MISFIT

    @property
    def is_misfit(self) -> bool:
        """Whether an article may be lost: layouts or bytes are wrong."""
        return self.kind is PageKind.MISFIT

    def __str__(self) -> str:
        return "; ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words behind one field: `text[start:end] == quote`."""

    field: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a name of a mention was taken to mean, and why (etl.resolve).

    `value` is None when that stays open; `candidates` are then what it may be, else what it was chosen from.
    """

    field: str
    value: str | None
    reason: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AwardMention:
    """One claim in one article that a recipient received an award. Fields as shared by every command's JSON.

    `awarded_on` is an ISO date of the precision known: '2021', '2021-03' or '2021-03-31'. `region_code` is a Kemendagri
    code (Kepmendagri 300.2.2-2138/2025) or None; `series` the id in etl/gazetteer/award_series.csv or None;
    `confidence` the expected share of such mentions that are right, 0..1.
    """

    recipient: str
    recipient_type: RecipientType
    award: str
    evidence: tuple[Evidence, ...]
    region: str | None = None
    region_code: str | None = None
    series: str | None = None
    kind: AwardKind = "award"
    category: str | None = None
    rank: str | None = None
    giver: str | None = None
    presented_by: str | None = None
    received_by: str | None = None
    partners: tuple[str, ...] = ()
    awarded_on: str | None = None
    edition_year: int | None = None
    place: str | None = None
    status: Status = "won"
    in_focus: bool = True
    confidence: float = 0.5
    decisions: tuple[Decision, ...] = ()


Extractor: TypeAlias = Callable[[str, date | None, str | None], tuple[AwardMention, ...]]
"""Text, day of publication and site -> its award mentions. The rules (etl.extract) are one, a model (etl.language_model) another.

One that depends on more than its code names that in an attribute `identity`.
"""


class InPlace(tuple[AwardMention, ...]):
    """What the rules say in place of an extractor that could not be asked: the page is to be read again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PageRef:
    """One content of one address, and where its bytes lie in the archive.

    `digest` is the WARC payload digest; `first_fetched_at` and `last_fetched_at` are aware UTC times of the first and the
    last visit that found these bytes. `parts` are the article's further pages, in order.
    """

    site: str
    url: str
    digest: str
    warc: str
    offset: int
    length: int
    first_fetched_at: datetime
    last_fetched_at: datetime
    parts: tuple[PageRef, ...] = ()

    @property
    def id(self) -> str:
        """Key of (site, url, digest), and the digests of its parts: 20 hexadecimal digits, the same in every database."""
        return short_hash(self.site, self.url, self.digest, *(part.digest for part in self.parts))


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one page yielded: an article with its mentions, or a misfit. A pure function of page, site and code.

    `fingerprint` names the code, layouts and tables that read it. In `derived` others keep what they worked out from it
    (db.rows), so that it is done once, and where the page is read; what `replace` makes starts without.
    """

    page: PageRef
    fingerprint: str
    outcome: Article | Unread
    mentions: tuple[AwardMention, ...] = ()
    is_award_article: bool = False
    derived: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What one crawl of a site counted.

    `fetched`: responses of any kind, of which `stored` were new bytes and the others, `unchanged`, known ones, most cheaply
    where the site answered 304 (`not_modified`); `lists`: feeds, sitemaps and list pages that were asked for and read for
    links, `lists_cut` times to the last page that is declared while there were more; `rested`: those that seldom change and
    were read as the archive has them; `articles`: article pages asked for; `known`, `passed_over`: links to articles that
    were had lately, or promise no award. `failures` counts by name ('http 503', 'timeout', 'forbidden by robots.txt').
    """

    site: str
    fetched: int = 0
    stored: int = 0
    unchanged: int = 0
    not_modified: int = 0
    lists: int = 0
    lists_cut: int = 0
    rested: int = 0
    articles: int = 0
    known: int = 0
    passed_over: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    finished: bool = False
