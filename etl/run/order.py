"""What a run is asked for and what came of it, site by site; which sites that can be. Does nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from difflib import get_close_matches

from etl.health import Verdict
from etl.model import AwardsError, CrawlReport, UsageError
from etl.settings import Settings
from scraper.archive import Archive, WarcFile
from scraper.replay import archive_path, last_moment
from scraper.sites import sites, spiders

Progress = Callable[[str, str, int, int], None]  # site, step, done, of how many (0: unknown)


def silent(site: str, step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is asked for. `replay`: a WARC file or 'sample' that answers instead of the network."""

    sites: Sequence[str]
    replay: str | None = None
    as_of: datetime | None = None
    since: date | None = None
    limit: int | None = None
    only: Sequence[str] = ()  # these articles' addresses, and no list
    until: date | None = None  # a backfill of the days from `since` on

    @property
    def is_whole(self) -> bool:
        """Whether all that is new is to be asked for."""
        return not (self.since or self.until or self.only or self.limit is not None)

    def clock(self) -> datetime:
        """The run's own time: a replay's is the moment its archive ends, so that it is the same whenever it is run."""
        if self.replay is None:
            return datetime.now(UTC)
        return self.as_of or last_moment(archive_path(self.replay))


@dataclass(slots=True)
class SiteResult:
    """What a run did for one site."""

    site: str
    report: CrawlReport
    started_at: datetime
    ended_at: datetime | None = None
    read: int = 0
    misfits: int = 0
    others: dict[str, int] = field(default_factory=dict)  # pages that are no article, by kind
    mentions: int = 0
    verdict: Verdict | None = None  # None: nothing was judged, or the run broke off for a reason that is not the site's
    error: str | None = None
    passed_by: bool = False  # another process was crawling the site; nothing was done here
    log: str | None = None  # the end of the crawl's
    bad_pages: list[tuple[str, str]] = field(default_factory=list)  # address, reason

    @property
    def run_id(self) -> str:
        """Key of its row in the table `run`."""
        return f"{self.started_at:%Y%m%dT%H%M%S.%f}-{self.site}"

    @property
    def problem(self) -> str | None:
        """Why the site's run counts as failed, in one line; None when it does not. Red verdicts are for `health`."""
        nothing_came = self.verdict is Verdict.UNREACHABLE or (
            self.verdict is Verdict.REFUSED and not self.report.lists
        )
        if self.error or not nothing_came:
            return self.error
        why = ", ".join(f"{name} ({count})" for name, count in self.report.failures.items())
        return f"{self.site} is {str(self.verdict).lower()}: {why}; what came is kept, the next run asks again"


def chosen(names: Sequence[str]) -> list[str]:
    """The sites named, or all. Raises UsageError for a name that is no site's, with the nearest ones."""
    known = spiders()
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 3)
            hint = f"did you mean {' or '.join(near)}?" if near else f"the sites are {', '.join(known)}"
            raise UsageError(f"there is no site {name!r}; {hint}")
    return list(dict.fromkeys(names)) or list(known)


def archived(settings: Settings) -> list[str]:
    """The sites that were crawled; all of them before the first crawl."""
    archive = Archive(settings.archive)
    there = set(archive.sites())
    return [name for name in sites() if name in there and archive.captures(name)] or list(spiders())


def replayable(replay: str) -> list[str]:
    """The sites of which an archive holds an article's page. Raises AwardsError when it holds none of any."""
    urls = {capture.url for capture in WarcFile(archive_path(replay)).captures("replay")}
    sites = [kind.site() for kind in spiders().values()]
    found = [site.name for site in sites if any(site.article_id_of(url) is not None for url in urls)]
    if not found:
        raise AwardsError(f"{replay} holds no article of any site; the sites are {', '.join(spiders())}")
    return found


def whole_replay(order: Order) -> str | None:
    """What is wrong with the end of the archive that was replayed: None when it is whole."""
    if order.replay is None:
        return None
    file = WarcFile(archive_path(order.replay))
    for _ in file.captures("replay"):
        pass
    return file.cut_short and f"{file.cut_short}; what came before was used: get the whole file and run again"
