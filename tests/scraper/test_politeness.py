"""The gate for every upgrade of Scrapy: what the settings promise, seen from the other side of real connections.

A site on this machine, a real crawl in a process of its own, and what the site saw.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from scraper.archive import Archive
from tests.scraper.crawling import CONTACT, crawl, feed, outlet, starts
from tests.scraper.local_site import Answer, LocalSite, endless, hang_up, page, serving, silence, status
from tests.scraper.test_archive import assert_whole as archive_is_whole


def robots(*lines: str) -> Answer:
    return page("\n".join(lines), content_type="text/plain")


# ----------------------------------------------------------------------------------------------------------- robots.txt


def test_six_forbidden_addresses_at_once_are_all_refused(tmp_path: Path) -> None:
    """Scrapy 2.14 - 2.19 fetched four of them: only the first waiter for robots.txt got its rules."""
    forbidden = [f"/rahasia/{n}" for n in range(6)]
    with serving({"/robots.txt": robots("User-agent: *", "Disallow: /rahasia"), "/boleh": page("ya")}) as site:
        crawled = crawl(tmp_path, starts(site, *forbidden, "/boleh"))
        assert sorted(site.paths()) == ["/boleh", "/robots.txt"]
    assert crawled.failures == {"forbidden by robots.txt": 6} and crawled.code == 0


def test_a_group_of_our_own_counts_before_the_one_for_all(tmp_path: Path) -> None:
    rules = robots("User-agent: *", "Disallow:", "", "User-agent: awards-etl", "Disallow: /a")
    with serving({"/robots.txt": rules, "/a": page("a"), "/b": page("b")}) as site:
        assert crawl(tmp_path, starts(site, "/a", "/b")).failures == {"forbidden by robots.txt": 1}
        assert site.paths() == ["/robots.txt", "/b"]


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (status(503), "http 503"),
        (status(429), "http 429"),
        (hang_up, "connection lost"),
        (silence(), "timeout"),
        (status(302, location="/robots.txt"), "redirect loop"),
        (endless, "larger than allowed"),
    ],
)
def test_robots_txt_that_cannot_be_had_forbids_everything(tmp_path: Path, answer: Answer, name: str) -> None:
    with serving({"/robots.txt": answer, "/a": page("a"), "/b": page("b"), "/c": page("c")}) as site:
        crawled = crawl(
            tmp_path, starts(site, "/a", "/b", "/c"), settings={"DOWNLOAD_TIMEOUT": 0.3, "DOWNLOAD_MAXSIZE": 50_000},
            faulty=True,
        )  # fmt: skip
        assert set(site.paths()) == {"/robots.txt"} and len(site.hits) <= 6
    assert crawled.failures == {f"robots.txt: {name}": 3} and crawled.code == 0


def test_a_host_that_refuses_connections_is_not_taken_for_one_that_forbids(tmp_path: Path) -> None:
    with serving({}) as site:
        pass  # the port is free again
    crawled = crawl(tmp_path, starts(site, "/a", "/b"), faulty=True)
    assert crawled.failures == {"robots.txt: connection refused": 2} and crawled.code == 0
    assert crawled.said["report"]["fetched"] == 0 and crawled.said["report"]["finished"] is True


@pytest.mark.parametrize("answer", [status(404), status(403), page("<html>Selamat datang")])
def test_a_site_without_robots_txt_allows(tmp_path: Path, answer: Answer) -> None:
    with serving({"/robots.txt": answer, "/a": page("a"), "/b": page("b")}) as site:
        assert crawl(tmp_path, starts(site, "/a", "/b")).failures == {}
        assert sorted(site.paths()) == ["/a", "/b", "/robots.txt"]


def test_a_robots_txt_that_has_moved_is_obeyed(tmp_path: Path) -> None:
    answers = {"/robots.txt": status(301, location="/r2"), "/r2": robots("User-agent: *", "Disallow: /a")}
    with serving({**answers, "/a": page("a")}) as site:
        assert crawl(tmp_path, starts(site, "/a")).failures == {"forbidden by robots.txt": 1}
        assert site.paths() == ["/robots.txt", "/r2"]


# ----------------------------------------------------------------------------------------------------------------- pace


def gaps(site: LocalSite) -> list[float]:
    return [after.at - before.at for before, after in pairwise(site.hits)]


def test_crawl_delay_is_a_floor(tmp_path: Path) -> None:
    """Also below AutoThrottle, which wants to go as fast as this quick site answers, and for eight slots at once."""
    paths = [f"/{n}" for n in range(5)]
    with serving({"/robots.txt": robots("User-agent: *", "Crawl-delay: 0.6")}) as site:
        crawl(tmp_path, starts(site, *paths), settings={"AUTOTHROTTLE_ENABLED": True})
        assert sorted(site.paths()) == [*paths, "/robots.txt"]
        assert min(gaps(site)) > 0.8 * 0.6


def test_an_endless_crawl_delay_is_capped_and_logged(tmp_path: Path) -> None:
    with serving({"/robots.txt": robots("User-agent: awards-etl", "Crawl-delay: 86400")}) as site:
        crawled = crawl(tmp_path, starts(site, "/a", "/b", "/c"), max_crawl_delay=0.3)
        assert len(site.hits) == 4 and 0.8 * 0.3 < min(gaps(site)) < 3
    assert "127.0.0.1 asks for a Crawl-delay of 86400.0 s; it gets 0.3 s" in crawled.log


def test_without_a_crawl_delay_our_own_is_kept(tmp_path: Path) -> None:
    own = {"DOWNLOAD_DELAY": 0.5, "AUTOTHROTTLE_START_DELAY": 0.5}
    with serving({"/robots.txt": status(404)}) as site:
        crawl(tmp_path, starts(site, "/a", "/b", "/c"), settings=own)
        assert len(site.hits) == 4 and min(gaps(site)) > 0.8 * 0.25  # Scrapy varies a delay of its own by half


def test_an_overloaded_site_is_asked_a_few_times_and_left_alone(tmp_path: Path) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        "/robots.txt": status(404),
        "/rss": page(feed(1, 2, 3)),
        "/berita/1": status(503),
        "/berita/2": [status(429), status(503), page("Kota X")],
        "/berita/3": status(403),
    }
    with serving(answers) as site:
        crawled = crawl(tmp_path, outlet(site))
        asked = site.paths()
        assert [asked.count(f"/berita/{n}") for n in (1, 2, 3)] == [3, 3, 1]
    assert crawled.failures == {"http 503": 1, "http 403": 1}
    statuses = [(c.url[-1], c.status) for c in Archive(tmp_path).captures("local") if "/berita/" in c.url]
    assert sorted(statuses) == [("1", 503)] * 3 + [("2", 200), ("2", 429), ("2", 503), ("3", 403)]
    archive_is_whole(tmp_path, "local")


# --------------------------------------------------------------------------------------------------- who we are, no more


def test_who_asks_and_what_is_not_told_or_opened(tmp_path: Path) -> None:
    baked = {"set_cookie": "id=42; Path=/"}
    answers = {
        "/robots.txt": robots("User-agent: *"),
        "/rss": page(feed(1, 2), **baked),
        "/berita/1": page("a", **baked),
    }
    with serving({**answers, "/berita/2": page("b", **baked)}) as site:
        crawled = crawl(tmp_path, outlet(site), settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
        assert len(site.hits) == 4
        for hit in site.hits:
            assert hit.headers["user-agent"].startswith("awards-etl/") and CONTACT in hit.headers["user-agent"]
            assert "cookie" not in hit.headers and hit.headers["accept-language"].startswith("id")
            assert hit.headers["accept-encoding"] == "gzip"
        only = {f"connect ('127.0.0.1', {site.port})", "look up '127.0.0.1'", "look up b'127.0.0.1'"}
        assert set(crawled.said["sockets"]) <= only, "no console listens, and nobody else is asked anything"
        assert f"connect ('127.0.0.1', {site.port})" in crawled.said["sockets"], "the check sees connections"
    assert (tmp_path / "local").is_dir() and sorted(p.name for p in tmp_path.iterdir()) == ["local"]
