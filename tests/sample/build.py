"""Builds scraper/sample.warc.gz: articles -> pages in each outlet's layout -> one WARC file, the same bytes every time.

    python -m tests.sample.build            write the archive
    python -m tests.sample.build --check    say whether it still is what the sources give; exit 1 if not

It reads from top to bottom: the outlets, the sources, the pages, the archive. No clock and no chance decides anything
here: what varies from page to page (which headlines surround an article) hangs on a hash of its address.
"""

import argparse
import datetime as dt
import gzip
import hashlib
import html
import io
import re
import sys
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HERE: Final = Path(__file__).resolve().parent
ARCHIVE: Final = HERE.parents[1] / "scraper" / "sample.warc.gz"

WIB: Final = dt.timezone(dt.timedelta(hours=7), "WIB")
DAYS: Final = (dt.date(2026, 11, 18), dt.date(2026, 11, 19), dt.date(2026, 11, 20))
LISTS_AT: Final = dt.datetime(2026, 11, 20, 2, 0, 0, tzinfo=dt.UTC)  # robots.txt, list pages, feeds: a second apart
ARTICLES_AT: Final = dt.datetime(2026, 11, 20, 2, 10, 0, tzinfo=dt.UTC)  # articles: three seconds apart
EARLIER_AT: Final = dt.datetime(2026, 11, 18, 3, 0, 0, tzinfo=dt.UTC)  # what `changed_from` names
ENTRIES_PER_PAGE: Final = 5


class SourceError(Exception):
    """A source breaks the format of README.md; the message says where."""


# ---------------------------------------------------------------------------------------------------------- the outlets


@dataclass(frozen=True, slots=True)
class Feed:
    """An RSS feed: it lists the articles whose address begins with `holds`, unless an earlier feed took them."""

    url: str
    holds: str
    story_url: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """How an outlet serves its pages, and where it lists them: by date (`index`), in feeds, or in a news sitemap."""

    site: str
    domain: str
    hosts: tuple[str, ...]  # besides those of its pages
    story_url: str  # address of a story that exists only as a headline
    server: str
    packed: bool = False  # Content-Encoding: gzip
    validator: str = ""  # ETag, Last-Modified, or neither
    page_query: str = ""  # what the spider appends to an article's address
    index: str = ""
    video_url: str = ""
    photo_url: str = ""
    feeds: tuple[Feed, ...] = ()
    sitemap: str = ""


OUTLETS: Final = {
    outlet.site: outlet
    for outlet in (
        Outlet(
            site="detik",
            domain="detik.com",
            hosts=("news.detik.com", "20.detik.com"),
            story_url="https://news.detik.com/berita/d-81{id}/{slug}",
            server="openresty",
            packed=True,
            validator="ETag",
            index="https://news.detik.com/indeks?page={page}&date={day:%m/%d/%Y}",
            video_url="https://20.detik.com/detikupdate/{when:%Y%m%d}-{when:%y%m%d}1{id}/{slug}",
            photo_url="https://news.detik.com/foto-news/d-81{id}/{slug}",
        ),
        Outlet(
            site="kompas",
            domain="kompas.com",
            hosts=("indeks.kompas.com", "www.kompas.com", "regional.kompas.com", "video.kompas.com"),
            story_url="https://regional.kompas.com/read/{when:%Y/%m/%d/%H%M%S}178/{slug}",
            server="nginx",
            packed=True,
            page_query="?page=all",
            index="https://indeks.kompas.com/?site=all&date={day:%Y-%m-%d}&page={page}",
            video_url="https://video.kompas.com/watch/17{id}/{slug}",
            photo_url="https://www.kompas.com/galeri/photo/read/{when:%Y/%m/%d/%H%M%S}1/{slug}",
        ),
        Outlet(
            site="antaranews",
            domain="antaranews.com",
            hosts=("www.antaranews.com",),
            story_url="https://www.antaranews.com/berita/52{id}/{slug}",
            server="nginx",
            validator="ETag",
            feeds=(
                Feed(
                    "https://jatim.antaranews.com/rss/terkini",
                    "https://jatim.antaranews.com/",
                    "https://jatim.antaranews.com/berita/10{id}/{slug}",
                ),
                Feed(
                    "https://www.antaranews.com/rss/terkini",
                    "https://www.antaranews.com/",
                    "https://www.antaranews.com/berita/52{id}/{slug}",
                ),
            ),
        ),
        Outlet(
            site="liputan6",
            domain="liputan6.com",
            hosts=("feed.liputan6.com", "www.liputan6.com"),
            story_url="https://www.liputan6.com/regional/read/62{id}/{slug}",
            server="Tengine",
            packed=True,
            validator="Last-Modified",
            feeds=(
                Feed(
                    "https://feed.liputan6.com/rss/regional",
                    "https://www.liputan6.com/regional/",
                    "https://www.liputan6.com/regional/read/62{id}/{slug}",
                ),
                Feed(
                    "https://feed.liputan6.com/rss/news",
                    "https://www.liputan6.com/",
                    "https://www.liputan6.com/news/read/62{id}/{slug}",
                ),
            ),
        ),
        Outlet(
            site="merdeka",
            domain="merdeka.com",
            hosts=("www.merdeka.com",),
            story_url="https://www.merdeka.com/peristiwa/{slug}-4{id}-mvk.html",
            server="nginx",
            feeds=(
                Feed(
                    "https://www.merdeka.com/rss/",
                    "https://www.merdeka.com/",
                    "https://www.merdeka.com/peristiwa/{slug}-4{id}-mvk.html",
                ),
            ),
        ),
        Outlet(
            site="mediaindonesia",
            domain="mediaindonesia.com",
            hosts=("mediaindonesia.com",),
            story_url="https://mediaindonesia.com/nusantara/9{id}/{slug}",
            server="nginx/1.24.0",
            sitemap="https://mediaindonesia.com/sitemap-news.xml",
        ),
    )
}


# ---------------------------------------------------------------------------------------------------------- the sources


@dataclass(frozen=True, slots=True)
class Link:
    """A `baca juga` line."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an article's body, in the order in which the page shows it."""

    kind: str  # paragraph, subhead, numbered, bullets, table; furniture: baca juga, video, ad
    text: str = ""
    items: tuple[str, ...] = ()
    start: int = 1
    rows: tuple[tuple[str, ...], ...] = ()
    headed: bool = False
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One `page` of an article that the outlet cuts into several."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One source file, read; the properties are what layouts print of it."""

    path: Path
    site: str
    id: str
    url: str
    title: str
    published: dt.datetime
    blocks: tuple[Block, ...]
    listed: dt.date
    author: str = ""
    editors: tuple[str, ...] = ()
    dateline: str = ""
    caption: str = ""
    tags: tuple[str, ...] = ()
    captured: dt.datetime | None = None
    broken: str = ""
    retry: bool = False
    amp: bool = False
    changed_from: str = ""
    superseded: bool = False  # another file's `changed_from` names this one

    @property
    def outlet(self) -> Outlet:
        """The outlet that published it."""
        return OUTLETS[self.site]

    @property
    def modified(self) -> dt.datetime:
        """A changed article was changed on the afternoon after its first capture."""
        changed = EARLIER_AT.astimezone(WIB) + dt.timedelta(hours=7, minutes=12)
        return max(self.published, changed) if self.changed_from else self.published

    @property
    def lead(self) -> str:
        """The summary for description, og:description and feeds."""
        first = next((block.text for block in self.blocks if block.kind == "paragraph"), self.title)
        return first if len(first) <= 160 else first[:160].rsplit(" ", 1)[0] + "..."

    @property
    def section(self) -> str:
        """The channel, as the address names it: 'berita', 'jatim', 'regional'."""
        parts = urlsplit(self.url)
        first = parts.path.split("/")[1]
        return parts.netloc.split(".")[0] if first == "read" else first

    @property
    def section_name(self) -> str:
        """The channel, as breadcrumbs print it."""
        return self.section.replace("-", " ").title()

    @property
    def section_url(self) -> str:
        """The channel's front page."""
        parts = urlsplit(self.url)
        return f"https://{parts.netloc}" + (f"/{self.section}" if parts.netloc.startswith("www.") else "")

    @property
    def amp_url(self) -> str:
        """Where the outlet keeps the AMP version; three outlets announce one that this archive never holds."""
        parts = urlsplit(self.url)
        if self.site == "detik":
            return f"{self.url}/amp"
        if self.site == "kompas":
            section = "" if parts.netloc.startswith("www.") else f"/{parts.netloc.split('.')[0]}"
            return f"https://amp.kompas.com{section}{parts.path}"
        return f"https://{parts.netloc.replace('www.', 'm.')}/amp{parts.path}"

    @property
    def layout(self) -> tuple[Block, ...]:
        """The body as served: `broken` leaves an ad, and an outlet shows two ads whoever placed the first."""
        if self.broken:
            return (Block("ad"),)
        kinds = [block.kind for block in self.blocks]
        placed = [kinds[:i].count("paragraph") for i, kind in enumerate(kinds) if kind == "ad"]
        apart = [n for n in (2, 5) if all(abs(n - other) > 1 for other in placed)]
        missing = apart[: max(0, 2 - len(placed))]
        blocks: list[Block] = []
        paragraphs = 0
        for block in self.blocks:
            blocks.append(block)
            paragraphs += block.kind == "paragraph"
            if block.kind == "paragraph" and paragraphs in missing:
                blocks.append(Block("ad"))
        return tuple(blocks)

    @property
    def pages(self) -> tuple[Page, ...]:
        """Cut at the subheads; a long article without any is cut in the middle."""
        blocks = self.layout
        cuts = [i for i, block in enumerate(blocks) if block.kind == "subhead" and i]
        if not cuts and len(blocks) >= 10:
            cuts = [i for i in range(len(blocks) // 2, len(blocks)) if blocks[i].kind == "paragraph"][:1]
        pages = []
        for start, end in zip([0, *cuts], [*cuts, len(blocks)], strict=True):
            titled = blocks[start].kind == "subhead"
            pages.append(Page(blocks[start].text if titled else "", blocks[start + titled : end]))
        return tuple(pages)


REQUIRED: Final = ("site", "id", "url", "title", "published")
KEYS: Final[dict[str, type]] = {
    "site": str,
    "id": str,
    "url": str,
    "title": str,
    "author": str,
    "editors": list,
    "published": dt.datetime,
    "dateline": str,
    "caption": str,
    "tags": list,
    "listed": str,
    "captured": str,
    "broken": str,
    "retry": bool,
    "amp": bool,
    "changed_from": str,
}


def read_articles(folder: Path) -> list[Article]:
    """Every source below `folder`, checked against each other, in the order of site and address."""
    articles = {path: read_article(path) for path in sorted(folder.glob("*/*.md"))}
    if strange := [path for path in articles if path.parent.name not in OUTLETS]:
        raise SourceError(f"{strange[0]}:1: site: {strange[0].parent.name!r} is no outlet of the sample")
    if not articles:
        raise SourceError(f"{folder}: no <site>/*.md")
    for article in list(articles.values()):
        if article.changed_from:
            path = article.path.parent / article.changed_from
            if path not in articles or articles[path].url != article.url:
                raise SourceError(f"{article.path}: changed_from: {path.name!r} is no file of the same url")
            captured = articles[path].captured or EARLIER_AT
            articles[path] = replace(articles[path], captured=captured, superseded=True)
    seen: dict[str, Path] = {}
    for article in articles.values():
        if not article.superseded and (other := seen.setdefault(article.url, article.path)) != article.path:
            raise SourceError(f"{article.path}: url: the same as in {other}")
        check_dates(article)
    sites = list(OUTLETS)
    return sorted(articles.values(), key=lambda a: (sites.index(a.site), a.url, not a.superseded))


def read_article(path: Path) -> Article:
    """One source file; whatever README.md does not know is an error that names file and line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != "+++" or "+++" not in lines[1:]:
        raise SourceError(f"{path}:1: front matter must stand between two lines of +++")
    end = lines.index("+++", 1)
    values = read_front_matter(path, lines[1:end])
    published: dt.datetime = values["published"]
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    fields["listed"] = published.astimezone(WIB).date()
    for key, parse in (("listed", dt.date.fromisoformat), ("captured", dt.datetime.fromisoformat)):
        if key in values:
            try:
                fields[key] = parse(values[key])
            except ValueError as error:
                raise SourceError(f"{path}:{line_of(lines, key)}: {key}: {error}") from error
    article = Article(path=path, blocks=tuple(read_body(path, lines[end + 1 :], end + 2)), **fields)
    check_article(article, lines)
    return article


def read_front_matter(path: Path, lines: Sequence[str]) -> dict[str, Any]:
    """The TOML values, each of a known key and of the type that key has."""
    try:
        values = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path}: front matter (its line 1 is the file's line 2): {error}") from error
    for key, value in values.items():
        if key not in KEYS:
            raise SourceError(f"{path}:{line_of(lines, key) + 1}: unknown key {key!r}")
        if not isinstance(value, KEYS[key]):
            raise SourceError(f"{path}:{line_of(lines, key) + 1}: {key} must be a {KEYS[key].__name__}, not {value!r}")
    if missing := [key for key in REQUIRED if key not in values]:
        raise SourceError(f"{path}:1: missing {', '.join(missing)}")
    return values


def line_of(lines: Sequence[str], key: str) -> int:
    """The 1-based number of the line that sets `key`."""
    return next((n for n, line in enumerate(lines, 1) if re.match(rf"\s*{re.escape(key)}\s*=", line)), 1)


def check_article(article: Article, lines: Sequence[str]) -> None:
    """What the types cannot say."""
    outlet = OUTLETS.get(article.site)

    def refuse(key: str, why: str) -> SourceError:
        return SourceError(f"{article.path}:{line_of(lines, key)}: {key}: {why}")

    if article.path.parent.name != article.site:
        raise refuse("site", f"{article.site!r} is not the folder's outlet")
    if outlet is None:  # a stored page of tests/pages, whose site is not in the sample
        return
    if not (urlsplit(article.url).hostname or "").endswith(outlet.domain) or article.id not in article.url:
        raise refuse("url", f"must be on {outlet.domain} and hold the id {article.id!r}")
    if article.published.tzinfo is None:
        raise refuse("published", "needs its offset, +07:00")
    if article.captured and article.captured.tzinfo is None:
        raise refuse("captured", "needs its offset, Z")
    if article.broken not in ("", "empty-body"):
        raise refuse("broken", f"{article.broken!r} is not 'empty-body'")
    if article.amp and not outlet.index:
        raise refuse("amp", f"no AMP layout for {article.site}")


def check_dates(article: Article) -> None:
    """A page is written before it is fetched, and the day that lists it has a list page."""
    captured = article.captured or ARTICLES_AT
    if article.published > captured:
        raise SourceError(f"{article.path}: published: later than the capture at {captured:%Y-%m-%dT%H:%MZ}")
    if article.outlet.index and not article.superseded and article.listed not in DAYS:
        raise SourceError(f"{article.path}: listed: {article.listed} has no list page; {DAYS[0]} to {DAYS[-1]} have")


def read_body(path: Path, lines: Sequence[str], first: int) -> Iterator[Block]:
    """The blocks below the front matter; `first` is the number of the first of these lines in the file."""
    block: Block | None = None  # not yet yielded: the next line may belong to it
    blank = True
    for number, line in enumerate(lines, first):
        where = f"{path}:{number}"
        more = read_line(where, line.rstrip())
        if more is None:
            blank = True
            continue
        if block and block.kind == more.kind:
            if more.kind == "paragraph" and not blank:
                raise SourceError(f"{where}: a paragraph is one line, with a blank line after it")
            if more.kind == "baca juga" or (more.kind in ("numbered", "bullets", "table") and not blank):
                block, blank = joined(block, more), False
                continue
        if block:
            yield block
        block, blank = more, False
    if block:
        yield block


def read_line(where: str, line: str) -> Block | None:
    """What one line of a body is; None for a blank one."""
    match line[:1]:
        case "":
            return None
        case ">":
            return read_furniture(where, line[1:].strip())
        case "#" if line.startswith("## "):
            return Block("subhead", line[3:].strip())
        case "#":
            raise SourceError(f"{where}: the only heading is '## A subhead'")
        case "-" if line.startswith("- "):
            return Block("bullets", items=(line[2:].strip(),))
        case "|":
            return Block("table", rows=(tuple(cell.strip() for cell in line.strip("|").split("|")),))
    if match := re.match(r"(\d+)\. +(.+)", line):
        return Block("numbered", items=(match[2],), start=int(match[1]))
    return Block("paragraph", line)


def read_furniture(where: str, line: str) -> Block:
    """A `>` line: baca juga, video or ad."""
    if line == "ad":
        return Block("ad")
    kind, _, rest = line.partition(":")
    rest = rest.strip()
    if kind == "video" and rest:
        return Block("video", rest)
    if kind == "baca juga":
        title, _, url = (part.strip() for part in rest.partition(" | "))
        if title and url.startswith("https://"):
            return Block("baca juga", links=(Link(title, url),))
        raise SourceError(f"{where}: must be '> baca juga: Headline | https://...'")
    raise SourceError(f"{where}: unknown furniture {line!r}; known: baca juga, video, ad")


def joined(block: Block, more: Block) -> Block:
    """Two neighbours of one kind as one; a table row of dashes makes the row above it the head."""
    if more.rows and all(re.fullmatch(r":?-+:?", cell) for cell in more.rows[0]):
        return replace(block, headed=True)
    return replace(block, items=block.items + more.items, rows=block.rows + more.rows, links=block.links + more.links)


# ------------------------------------------------------------------------------------------------------------ the pages


@dataclass(frozen=True, slots=True)
class Story:
    """A headline with an address: in a box, a list page or a feed."""

    title: str
    url: str
    when: dt.datetime
    id: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Boxes:
    """The headlines around an article."""

    related: tuple[Story, ...]
    popular: tuple[Story, ...]
    latest: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Headlines:
    """templates/headlines.toml."""

    awards: tuple[str, ...]
    ordinary: tuple[str, ...]
    videos: tuple[str, ...]
    photos: tuple[str, ...]
    forbidden: dict[str, str]


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of an outlet."""

    outlet: Outlet
    url: str
    at: dt.datetime
    media_type: str
    body: str
    status: str = "200 OK"
    modified: dt.datetime | None = None


@dataclass(frozen=True)
class Renderer:
    """The templates and the headlines; `article`, `lists` and `robots` give the pages of an outlet."""

    templates: Path
    headlines: Headlines = field(init=False)
    environment: jinja2.Environment = field(init=False)

    def __post_init__(self) -> None:
        """Read templates and headlines."""
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(self.templates),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        environment.filters.update(text=escaped, linked=linked, when=local_time, rfc822=rfc822, initials=initials)
        environment.globals.update(slug=slug, boxes=Boxes((), (), ()))
        with (self.templates / "headlines.toml").open("rb") as file:
            values = tomllib.load(file)
        lists: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
        object.__setattr__(self, "headlines", Headlines(**lists))
        object.__setattr__(self, "environment", environment)

    def render(self, template: str, **values: object) -> str:
        """One template, filled in."""
        return self.environment.get_template(template).render(**values)

    def article(self, article: Article, at: dt.datetime, template: str = "article.html") -> str:
        """The article as its outlet would have served it at that time."""
        image = f"https://{IMAGE_HOSTS[article.site]}/{article.published:%Y/%m/%d}/{slug(article.title)[:40]}.jpeg"
        boxes = self.boxes(article, at)
        return self.render(f"{article.site}/{template}", article=article, boxes=boxes, image=image)

    def boxes(self, article: Article, at: dt.datetime) -> Boxes:
        """Headlines that name nothing the article is tagged with; another hour brings others."""
        seed = f"{article.url} {at:%Y-%m-%d}"
        tags = [tag.casefold() for tag in article.tags]
        awards = [title for title in self.headlines.awards if not any(tag in title.casefold() for tag in tags)]
        awards = shuffled(awards, seed)
        ordinary = shuffled(self.headlines.ordinary, seed)

        def stories(titles: Iterable[str]) -> tuple[Story, ...]:
            days = {title: dt.date(2026, 11, 11 + spread(title, 6)) for title in titles}
            return tuple(self.story(article.outlet, title, day) for title, day in days.items())

        return Boxes(stories(awards[:6]), stories(awards[6:10] + ordinary[:2]), stories(awards[10:14] + ordinary[2:5]))

    def story(self, outlet: Outlet, title: str, day: dt.date, address: str = "") -> Story:
        """A headline that no page of the archive stands behind."""
        hours = 8 if day == DAYS[-1] else 24
        when = dt.datetime.combine(day, dt.time(), WIB) + dt.timedelta(seconds=spread(title, hours * 3600))
        number = f"{10000 + spread(title, 80000)}"
        url = (address or outlet.story_url).format(id=number, slug=slug(title), when=when)
        return Story(title, url, when, number, "Selengkapnya baca di sini.")

    def day(self, outlet: Outlet, articles: Iterable[Article], day: dt.date) -> list[Story]:
        """A day's list, newest first: the articles (AMP addresses too), four other stories, a video and a gallery."""
        n = DAYS.index(day)
        ordinary = shuffled(self.headlines.ordinary, outlet.site)[4 * n : 4 * n + 4]
        entries = [self.story(outlet, title, day) for title in ordinary]
        entries.append(self.story(outlet, self.headlines.videos[n], day, outlet.video_url))
        entries.append(self.story(outlet, self.headlines.photos[n], day, outlet.photo_url))
        if outlet.domain in self.headlines.forbidden["url"] and f"{day}" == self.headlines.forbidden["listed"]:
            entries.append(self.story(outlet, self.headlines.forbidden["title"], day, self.headlines.forbidden["url"]))
        for article in articles:
            if article.listed == day:
                entries.append(Story(article.title, article.url, article.published))
                if article.amp:
                    entries.append(Story(article.title, article.amp_url, article.published))
        return sorted(entries, key=newest_first)

    def lists(self, outlet: Outlet, articles: Sequence[Article]) -> Iterator[tuple[str, str, str]]:
        """(address, media type, body) of the outlet's list pages, feeds or sitemaps."""
        if outlet.index:
            for day in DAYS:
                yield from self.index_pages(outlet, self.day(outlet, articles, day), day)
        rest = list(articles)
        for feed in outlet.feeds:
            held = [article for article in rest if article.url.startswith(feed.holds)]
            rest = [article for article in rest if article not in held]
            stories = self.feed_stories(outlet, held, feed)
            yield feed.url, "application/rss+xml", self.render(f"{outlet.site}/feed.xml", feed=feed, stories=stories)
        if outlet.feeds and rest:
            raise SourceError(f"{rest[0].path}: no feed of {outlet.site} lists {rest[0].url}")
        if outlet.sitemap:
            stories = self.feed_stories(outlet, articles, Feed(outlet.sitemap, "", outlet.story_url))
            index = f"https://{urlsplit(outlet.sitemap).netloc}/sitemap.xml"
            yield index, "application/xml", self.render(f"{outlet.site}/sitemap.xml", news=outlet.sitemap, at=LISTS_AT)
            yield outlet.sitemap, "application/xml", self.render(f"{outlet.site}/sitemap-news.xml", stories=stories)

    def index_pages(self, outlet: Outlet, entries: Sequence[Story], day: dt.date) -> Iterator[tuple[str, str, str]]:
        """A day's list cut into pages, and the empty page past the end."""
        starts = range(0, len(entries), ENTRIES_PER_PAGE)

        def address(page: int) -> str:
            return outlet.index.format(page=page, day=day)

        for page, start in enumerate([*starts, len(entries)], 1):
            shown = entries[start : start + ENTRIES_PER_PAGE]
            values = {"entries": shown, "page": page, "last": len(starts), "address": address}
            midnight = dt.datetime.combine(day, dt.time(), WIB)
            yield address(page), "text/html", self.render(f"{outlet.site}/list.html", day=midnight, **values)

    def feed_stories(self, outlet: Outlet, articles: Iterable[Article], feed: Feed) -> list[Story]:
        """What a feed lists, newest first: the articles and three other stories."""
        titles = shuffled(self.headlines.ordinary, feed.url)[:3]
        stories = [self.story(outlet, title, day, feed.story_url) for title, day in zip(titles, DAYS, strict=True)]
        stories += [Story(a.title, a.url, a.published, a.id, a.lead) for a in articles]
        return sorted(stories, key=newest_first)


IMAGE_HOSTS: Final = {
    "detik": "akcdn.detik.net.id/community/media/visual",
    "kompas": "asset.kompas.com/crops/750x500/data/photo",
    "antaranews": "cdn.antaranews.com/cache/1200x800",
    "liputan6": "cdn0-production-images-kly.akamaized.net/kly-media-production/medias",
    "merdeka": "cdns.klimg.com/merdeka.com/i/w/news",
    "mediaindonesia": "asset.mediaindonesia.com/news",
}


def spread(text: str, below: int) -> int:
    """A number below `below` that hangs on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") % below


def shuffled(titles: Iterable[str], seed: str) -> list[str]:
    """The titles in an order that hangs on them and the seed alone."""
    return sorted(titles, key=lambda title: hashlib.sha256(f"{seed}|{title}".encode()).digest())


def newest_first(story: Story) -> float:
    """The sort key of lists and feeds."""
    return -story.when.timestamp()


def slug(text: str) -> str:
    """The text as part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def escaped(text: str) -> Markup:
    """Text between tags: quotes stay as they are."""
    return Markup(html.escape(text, quote=False))


def linked(text: str, tags: Iterable[str], base: str, end: str = "") -> Markup:
    """The text, the first tag that occurs in it linked to its tag page."""
    for tag in tags:
        if match := re.search(rf"\b{re.escape(tag)}\b", text, re.IGNORECASE):
            link = Markup('<a href="{}">{}</a>').format(f"{base}{slug(tag)}{end}", escaped(match[0]))
            return escaped(text[: match.start()]) + link + escaped(text[match.end() :])
    return escaped(text)


WEEKDAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)

DAY_NAMES: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local_time(when: dt.datetime, pattern: str) -> str:
    """strftime in WIB, weekdays and months in Indonesian."""
    when = when.astimezone(WIB)
    month = MONTHS[when.month - 1]
    pattern = pattern.replace("%A", WEEKDAYS[when.weekday()]).replace("%B", month)
    return when.strftime(pattern.replace("%b", "Agu" if month == "Agustus" else month[:3]))


def rfc822(when: dt.datetime) -> str:
    """The date of a feed, in WIB."""
    when = when.astimezone(WIB)
    return f"{DAY_NAMES[when.weekday()]}, {when.day:02} {MONTH_NAMES[when.month - 1]} {when:%Y %H:%M:%S} +0700"


def http_date(when: dt.datetime) -> str:
    """The date of a header."""
    when = when.astimezone(dt.UTC)
    return f"{DAY_NAMES[when.weekday()]}, {when.day:02} {MONTH_NAMES[when.month - 1]} {when:%Y %H:%M:%S} GMT"


def initials(name: str) -> str:
    """How merdeka signs: two letters of the first name, one of the last."""
    words = name.lower().split() or ["red"]
    return words[0][:2] + words[-1][0] if len(words) > 1 else words[0][:3]


def captures(articles: Sequence[Article], renderer: Renderer) -> list[Capture]:
    """Everything the archive holds, in the order of its time."""
    pages: list[Capture] = []
    for n, article in enumerate(articles):
        pages += article_captures(article, article.captured or ARTICLES_AT + dt.timedelta(seconds=3 * n), renderer)
    lists: list[Capture] = []
    for outlet in OUTLETS.values():
        hosts = {*outlet.hosts, *(urlsplit(page.url).netloc for page in pages if page.outlet is outlet)}
        for host in sorted(hosts):
            body = renderer.render(f"{outlet.site}/robots.txt", host=host)
            lists.append(Capture(outlet, f"https://{host}/robots.txt", LISTS_AT, "text/plain", body))
        listed = [article for article in articles if article.outlet is outlet and not article.superseded]
        for url, media_type, body in renderer.lists(outlet, listed):
            lists.append(Capture(outlet, url, LISTS_AT, media_type, body))
    lists = [replace(capture, at=capture.at + dt.timedelta(seconds=n)) for n, capture in enumerate(lists)]
    return sorted(lists + pages, key=lambda capture: (capture.at, capture.url))


def article_captures(article: Article, at: dt.datetime, renderer: Renderer) -> Iterator[Capture]:
    """The article's page; before it the failure, after it the AMP page, if the source asks for them."""
    outlet = article.outlet
    url = article.url + outlet.page_query
    if article.retry:
        before = at - dt.timedelta(seconds=2)
        reason = "503 Service Temporarily Unavailable"
        body = f"<html><head><title>{reason}</title></head><body><center><h1>{reason}</h1></center></body></html>\n"
        yield Capture(outlet, url, before, "text/html", body, reason)
    yield Capture(outlet, url, at, "text/html", renderer.article(article, at), modified=article.modified)
    if article.amp:
        body = renderer.article(article, at, "amp.html")
        for n, query in enumerate(dict.fromkeys(("", outlet.page_query)), 1):
            yield Capture(outlet, article.amp_url + query, at + dt.timedelta(seconds=n), "text/html", body)


# ---------------------------------------------------------------------------------------------------------- the archive


def write_archive(found: Iterable[Capture]) -> bytes:
    """The captures as WARC/1.1: a warcinfo record, then a response record each, a gzip member a record."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    info = "software: tests/sample/build.py\r\nformat: WARC File Format 1.1\r\n"
    info += "description: invented articles in the layouts of six Indonesian news outlets; not a crawl\r\n"
    payload = info.encode()
    headers = {"WARC-Filename": ARCHIVE.name, **identity(ARCHIVE.name, LISTS_AT)}
    writer.write_record(
        writer.create_warc_record("", "warcinfo", io.BytesIO(payload), len(payload), warc_headers_dict=headers)
    )
    for capture in found:
        payload = capture.body.encode()
        http = http_headers(capture, payload)
        if capture.outlet.packed and capture.status.startswith("200"):
            payload = gzip.compress(payload, mtime=0)
            http.append(("Content-Encoding", "gzip"))
        http.append(("Content-Length", str(len(payload))))
        record = writer.create_warc_record(
            capture.url,
            "response",
            io.BytesIO(payload),
            len(payload),
            warc_headers_dict=identity(capture.url, capture.at),
            http_headers=StatusAndHeaders(capture.status, http, protocol="HTTP/1.1"),
        )
        writer.write_record(record)
    return out.getvalue()


def identity(name: str, at: dt.datetime) -> dict[str, str]:
    """A record's id and date; the id follows from what the record is."""
    date = at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{name} {date}')}>", "WARC-Date": date}


def http_headers(capture: Capture, body: bytes) -> list[tuple[str, str]]:
    """As the outlet's server sends them, except those of the transfer."""
    headers = [
        ("Date", http_date(capture.at)),
        ("Content-Type", f"{capture.media_type}; charset=utf-8"),
        ("Server", capture.outlet.server),
        ("Vary", "Accept-Encoding"),
    ]
    if not capture.status.startswith("200"):
        return [*headers, ("Retry-After", "1")]
    headers.append(("Cache-Control", "max-age=60"))
    if capture.outlet.validator == "ETag":
        headers.append(("ETag", f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()[:20]}"'))
    if capture.outlet.validator == "Last-Modified":
        headers.append(("Last-Modified", http_date(capture.modified or capture.at - dt.timedelta(seconds=60))))
    return headers


def contents(archive: bytes) -> list[tuple[str, str, str, bytes]]:
    """(date, address, status, body unpacked) a record: what stays the same where another zlib packs otherwise."""
    records = []
    for record in ArchiveIterator(io.BytesIO(archive)):
        body: bytes = record.content_stream().read()
        status = record.http_headers.statusline if record.http_headers else ""
        headers = record.rec_headers
        records.append((headers.get_header("WARC-Date"), headers.get_header("WARC-Target-URI") or "", status, body))
    return records


def main(argv: Sequence[str] | None = None) -> int:
    """Build, and write or compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.sample.build", description="Build scraper/sample.warc.gz.")
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    parser.add_argument("--articles", type=Path, default=HERE / "articles", metavar="DIR", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=ARCHIVE, metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    try:
        found = captures(read_articles(options.articles), Renderer(HERE / "templates"))
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    archive = write_archive(found)
    if not options.check:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_bytes(archive)
        print(f"{options.out}: {len(found) + 1} records, {len(archive):,} bytes")
        return 0
    return compare(options.out, archive)


def compare(path: Path, archive: bytes) -> int:
    """0 if the file holds what the sources give, else 1 and the first record that differs."""
    if not path.exists():
        print(f"{path}: missing; build it with python -m tests.sample.build", file=sys.stderr)
        return 1
    stored, built = contents(path.read_bytes()), contents(archive)
    if stored == built:
        print(f"{path}: up to date, {len(built)} records")
        return 0
    for old, new in zip(stored, built, strict=False):
        if old != new:
            print(f"{path}: differs first at {new[1]} of {new[0]} (stored: {old[1]} of {old[0]})", file=sys.stderr)
            return 1
    print(f"{path}: {len(stored)} records, the sources give {len(built)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
