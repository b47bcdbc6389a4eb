"""One day of seven outlets on this machine, with the clock moved: what they publish, correct and take away, and how they fail.

The command `awards run` is the real one, called at each outlet's own times by its schedule; only its clock and its network
are ours: the package that brings the sites moves the one and looks up the names of the other.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha1
from pathlib import Path
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from scraper.spider import JAKARTA
from tests.awards import Awards
from tests.local_outlet import BODY, article
from tests.scraper.local_site import Answer, LocalSite, cached, serving, status

DAY = date(2026, 11, 20)
MIDNIGHT = datetime(DAY.year, DAY.month, DAY.day, tzinfo=JAKARTA)
NOTE = "Ralat: semula tertulis nama dinas yang keliru, dan telah kami perbaiki."
EMPTY: dict[str, Any] = {  # of an article whose text is gone but for its last paragraphs
    "title": "Warga Kota Mojokerto Menata Kampung {n}", "paragraphs": BODY[1:],
}  # fmt: skip


@dataclass(frozen=True)
class Outlet:
    """What an outlet does, by the hours of the day in Jakarta (negative: the day before).

    `dated`: it has a list by day, else a feed. `news`: when an article appears, number 1 first. `corrected`, `gone`: article
    -> hour. `down`, `blocked`: from, to. From `new_box` on articles, from `new_list` on the lists have another markup; from
    `empty` on the articles of which headlines promise an award say nothing of one. `schedule`: cron, as a spider declares it.
    """

    news: tuple[float, ...] = (-16, -15, -14, 1, 5, 9, 13, 17, 21)
    dated: bool = False
    corrected: Mapping[int, float] = field(default_factory=dict)
    gone: Mapping[int, float] = field(default_factory=dict)
    down: tuple[float, float] = (99, 99)
    blocked: tuple[float, float] = (99, 99)
    new_box: float = 99
    new_list: float = 99
    empty: float = 99
    schedule: str = "17 */2 * * *"

    def visits(self) -> Iterator[datetime]:
        """The times of its runs: one on the day before, then as its schedule says."""
        when: datetime | None = MIDNIGHT - timedelta(hours=14)
        while when is not None and when < MIDNIGHT + timedelta(days=1):
            yield when
            after = max(when, MIDNIGHT)
            when = CronTrigger.from_crontab(self.schedule, timezone=JAKARTA).get_next_fire_time(
                None, after + timedelta(seconds=1)
            )

    def answers(self, now: datetime) -> dict[str, Answer | list[Answer]]:
        """What it answers at a moment."""
        hour = (now - MIDNIGHT).total_seconds() / 3600
        numbers = [number for number, at in enumerate(self.news, 1) if at <= hour]
        articles = {f"/berita/{n}/x": self._article(n, hour) for n in numbers}
        pages = self._lists(numbers, hour) | articles
        if self.down[0] <= hour < self.down[1]:
            return {path: status(503) for path in ("/robots.txt", *pages)}
        if self.blocked[0] <= hour < self.blocked[1]:
            pages = {path: status(403) for path in pages}
        return {"/robots.txt": status(404), **pages}

    def _article(self, number: int, hour: float) -> Answer:
        if hour >= self.gone.get(number, 99):
            return status(410)
        at = self.news[number - 1]
        day, box = _day(at), "konten" if at >= self.new_box else "isi"
        more = (NOTE,) if hour >= self.corrected.get(number, 99) else ()
        text = EMPTY if at >= self.empty else {}
        return _known(article(number, day, box, more=more, time=f"{int(at % 24):02}:00", **text))

    def _lists(self, numbers: Sequence[int], hour: float) -> dict[str, Answer | list[Answer]]:
        if not self.dated:
            items = "".join(f"<item><title>Raih</title><link>/berita/{n}/x</link></item>" for n in (*numbers, 0))
            return {
                "/rss": _known(
                    f"<rss>{items.replace('<title>Raih</title><link>/berita/0', '<title>Cabai</title><link>/berita/0')}</rss>"
                )
            }
        mark = "h4" if hour >= self.new_list else "h3"
        by_day: dict[date, str] = {DAY - timedelta(days=back): "<p>Berita hari ini</p>" for back in range(15)}
        for n in numbers:
            by_day[_day(self.news[n - 1])] += (
                f'<{mark}><a href="/berita/{n}/x">Kota Mojokerto raih penghargaan {n}</a></{mark}>'
            )
        return {f"/indeks/{day}": _known(body) for day, body in by_day.items()}


def _day(hour: float) -> date:
    return (MIDNIGHT + timedelta(hours=hour)).date()


def _known(body: str) -> Answer:
    return cached(body, etag=f'"{sha1(body.encode()).hexdigest()[:12]}"')


OUTLETS = {
    "pagi": Outlet(corrected={1: 7, 2: 9}),
    "siang": Outlet(dated=True, gone={1: 7}),
    "sore": Outlet(down=(10, 14)),
    "malam": Outlet(dated=True, blocked=(12, 16)),
    "subuh": Outlet(new_box=13),
    "petang": Outlet(news=(-16, -15, -14, 1, 5, 9, 13, 17, *[18.5] * 6), empty=18.5),
    "fajar": Outlet(dated=True, new_list=19),
}


@dataclass
class Simulated:
    """What is left of a day. `awards`: the command, at the last visit; `visits`: a row each, in order.

    A row is what `awards run --json` says of the site, and when in Jakarta that was (`at`).
    """

    awards: Awards
    sites: dict[str, LocalSite]
    visits: list[dict[str, Any]] = field(default_factory=list)

    def of(self, site: str) -> list[dict[str, Any]]:
        """A site's visits, in order."""
        return [row for row in self.visits if row["site"] == site]

    def asked(self, site: str) -> Counter[str]:
        """How often each path of a site was asked for."""
        return Counter(self.sites[site].paths())


def simulate(folder: Path, outlets: Mapping[str, Outlet], awards: Awards) -> Simulated:
    """Step through the times of all outlets, in order; runs due at one time are one call."""
    with ExitStack() as open_:
        sites = {name: open_.enter_context(serving({})) for name in outlets}
        day = Simulated(awards, sites)
        due: dict[datetime, list[str]] = {}
        for name, outlet in outlets.items():
            for when in outlet.visits():
                due.setdefault(when, []).append(name)
        for when in sorted(due):
            for name in due[when]:
                sites[name].answers = outlets[name].answers(when)
            day.awards = moved(awards, folder, outlets, sites, when)
            ran = day.awards("run", *due[when], "--json")
            found = {row["site"]: row for row in json.loads(ran.out)}
            day.visits += [{"at": when, **found[name]} for name in due[when]]
    return day


def moved(
    awards: Awards, folder: Path, outlets: Mapping[str, Outlet], sites: Mapping[str, LocalSite], when: datetime
) -> Awards:
    """The command with these outlets and no other network, its clock moved to a moment."""
    own = {"AWARDS_CRAWLS": "2", "no_proxy": ".test", "SIMULATED_NOW": when.isoformat()}
    return replace(awards, settings={**awards.settings, **_package(folder, outlets, sites), **own})


def _package(folder: Path, outlets: Mapping[str, Outlet], sites: Mapping[str, LocalSite]) -> dict[str, str]:
    """A package that brings the sites, moves the clock of whoever loads it, and knows the sites' names; its environment."""
    module = """
import os, socket, time
from datetime import datetime
from ipaddress import ip_address

from etl.model import Layout
from scraper import settings
from scraper.spider import ArticleSpider, Index

now = datetime.fromisoformat(os.environ["SIMULATED_NOW"])
if abs(time.time() - now.timestamp()) > 1800:  # else whoever started this process has moved it
    import time_machine

    time_machine.travel(now, tick=True).start()


def look_up(name):
    return "127.0.0.1" if name.endswith(".test") else str(ip_address(name))


socket.gethostbyname = look_up  # what Twisted's resolver calls
settings.LIVE.update({"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_START_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "RETRY_TIMES": 0})
"""
    for name, outlet in outlets.items():
        base = f"http://{name}.test:{sites[name].port}"
        lists = (
            f'indexes = (Index("{base}/indeks/{{day:%Y-%m-%d}}", "h3 a"),)'
            if outlet.dated
            else f'feeds = ("{base}/rss",)'
        )
        module += (
            f"\n\nclass {name.title()}Spider(ArticleSpider):\n"
            f'    name = "{name}"\n    outlet = "{name.title()}"\n    {lists}\n    schedule = "{outlet.schedule}"\n'
            f'    article_url = r"{base}/berita/\\d+"\n    article_id = r"/berita/(\\d+)"\n'
            '    layouts = (Layout("2026", body="div.isi", tags="div.tag a"),)\n'
        )
    (folder / "hari_sites.py").write_text(module, encoding="utf-8")
    info = folder / "hari_sites-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hari-sites\nVersion: 1.0\n", encoding="utf-8")
    points = "".join(f"{name} = hari_sites:{name.title()}Spider\n" for name in outlets)
    (info / "entry_points.txt").write_text(f"[awards.sites]\n{points}", encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])}


COLUMNS = ("fetched", "stored", "unchanged", "not_modified", "known", "passed_over", "misfits", "mentions")


def table(day: Simulated) -> str:
    """The visits as markdown, and the day's sums."""
    head = ["at", "site", *(name.replace("_", " ") for name in COLUMNS), "verdict", "counted"]
    rows = [head, ["---"] * len(head)]
    for row in day.visits:
        counted = ", ".join(f"{name} ({count})" for name, count in row["failures"].items()) or "-"
        rows.append(
            [f"{row['at']:%d %H:%M}", row["site"], *(str(row[name]) for name in COLUMNS), row["verdict"], counted]
        )
    rows.append(["**sum**", "", *(f"**{sum(row[name] for row in day.visits)}**" for name in COLUMNS), "", ""])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
