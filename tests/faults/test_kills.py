"""kill -9 at a hundred random moments of a crawl: no stored page is lost, none is doubled, and the rows are the same."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from db import connect, queries
from etl.model import Layout
from etl.run import reading
from etl.settings import Settings
from scraper.archive import Archive
from scraper.spider import ArticleSpider
from tests.faults.prepared import PreparedCrawls
from tests.scraper.crawling import feed, outlet
from tests.scraper.local_site import Answer, LocalSite, page, serving, status
from tests.scraper.test_archive import assert_whole

KILLS = 100
PAGES = 40
_WHEN = {"first_fetched_at", "last_fetched_at", "fetched_at"}  # of live crawls these differ
_TITLE = "Kota Mojokerto Raih Adipura Kencana"
_PAGE = """<html><head><meta property="og:title" content="{title} {n}">
<meta property="article:published_time" content="2026-11-19T10:00:00+07:00"></head><body><h1>{title} {n}</h1><div class="isi">
<p>Pemerintah Kota Mojokerto meraih penghargaan Adipura Kencana dari Kementerian Lingkungan Hidup, Kamis (19/11/2026).</p>
<p>Penghargaan itu diterima Wali Kota Mojokerto di Jakarta dalam acara ke-{n} tahun ini, di hadapan para undangan.</p>
</div></body></html>"""


def answers() -> dict[str, Answer | list[Answer]]:
    pages: dict[str, Answer | list[Answer]] = {
        f"/berita/{n}": page(_PAGE.format(title=_TITLE, n=n)) for n in range(PAGES)
    }
    return pages | {"/robots.txt": status(404), "/rss": page(feed(*range(PAGES)), content_type="text/xml")}


def stored(root: Path) -> Counter[tuple[str, str]]:
    """(address, digest) of every article's page, as often as it is there."""
    return Counter((c.url, c.digest) for c in Archive(root).captures("local") if "/berita/" in c.url)


def rows(data: Path, site: LocalSite, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    """What the archive in a data folder yields, without when it was fetched."""
    layout = Layout("2026", body="div.isi")
    kind: Any = type(
        "LocalSpider", (ArticleSpider,), {"name": "local", "outlet": "Local", "layouts": (layout,), **outlet(site)}
    )
    monkeypatch.setattr(reading, "sites", lambda: {"local": kind.site()})
    engine = connect.connect(f"sqlite:///{data / 'awards.db'}")
    connect.prepare(engine)
    reading.process(Settings(data=data, workers=1), engine, "local")
    with connect.reading(engine) as connection:
        found = queries.dump(connection)
    engine.dispose()
    return {table: [{k: v for k, v in row.items() if k not in _WHEN} for row in held] for table, held in found.items()}


@pytest.mark.timeout(600)  # a minute, where nothing else runs
def test_a_hundred_kills_lose_no_page_and_double_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, killed, rounds = random.Random(20261120), 0, 0
    crawls = PreparedCrawls(tmp_path)
    moments: list[int] = []  # pages in the archive at each kill
    with serving(answers()) as site:
        declared = outlet(site)
        undisturbed = tmp_path / "undisturbed"
        began = time.monotonic()
        crawls.start(undisturbed / "archive", declared).ended()
        span = time.monotonic() - began
        whole = stored(undisturbed / "archive")
        told = rows(undisturbed, site, monkeypatch)
        assert len(whole) == PAGES and len(told["mention"]) >= PAGES
        while killed < KILLS:  # a crawl that came to its end before its moment ends a round
            rounds += 1
            data = tmp_path / f"round {rounds}"
            had: Counter[tuple[str, str]] = Counter()
            ended = False
            while not ended:
                crawl = crawls.start(data / "archive", declared)
                if killed < KILLS:
                    time.sleep(chance.uniform(0, span))
                    crawl.kill()
                ended = (done := crawl.ended()).code == 0
                assert ended or done.code == -9, done.log
                killed += not ended
                has = stored(data / "archive")
                assert not had - has, "what was stored is lost"
                had = has
                moments += [] if ended else [has.total()]
            assert had == whole, "each page once"
            assert_whole(data / "archive", "local")
            bodies = [c.digest for c in Archive(data / "archive").captures("local") if c.of is None]
            assert len(bodies) == len(set(bodies))
            assert rows(data, site, monkeypatch) == told
    crawls.close()
    print(f"{killed} kills in {rounds} rounds, {time.monotonic() - began:.0f} s; a crawl takes {span:.1f} s")
    assert rounds > 1 and min(moments) == 0, "the moments are of the whole span"
    assert len({n * 5 // PAGES for n in moments}) >= 5, "the moments are of the whole span"
