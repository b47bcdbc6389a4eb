"""The gate for every upgrade of Scrapy: what the settings promise, seen from the other side of real connections.

A site on this machine, a real crawl in a process of its own, and what the site saw.
"""

from __future__ import annotations

import gzip
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from etl.model import Page
from scraper.archive import Archive, ArchiveError
from scraper.crawl import _spent
from scraper.domains import alone_on, domain_of
from scraper.politeness import retry_after
from scraper.replay import SAMPLE
from scraper.settings import LIVE
from tests.scraper.crawling import CONTACT, crawl, feed, outlet, starts
from tests.scraper.local_site import (
    Answer,
    LocalSite,
    by_host,
    endless,
    hang_up,
    late,
    page,
    serving,
    silence,
    status,
)
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


def test_a_robots_txt_of_which_the_end_is_missing_forbids_everything(tmp_path: Path) -> None:
    packed = gzip.compress(b"User-agent: *\n# " + random.Random(1).randbytes(2000) + b"\nDisallow: /a")
    torn = page(packed[:-100], content_type="text/plain", content_encoding="gzip")
    with serving({"/robots.txt": torn, "/a": page("a")}) as site:
        crawled = crawl(tmp_path, starts(site, "/a"))
        assert site.paths() == ["/robots.txt"]
    assert crawled.failures == {"packed body cut short": 1, "robots.txt: packed body cut short": 1}


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
        assert len(site.hits) == 4 and 0.8 * 0.3 < min(gaps(site)[1:]) < 3
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


def test_autothrottle_follows_a_slow_site(tmp_path: Path) -> None:
    """Eight at a time were allowed; a site that takes its time is asked as often as it answers."""
    paths = [f"/{n}" for n in range(4)]
    with serving({"/robots.txt": late(0.5, status(404)), **{path: late(0.5, page("x")) for path in paths}}) as site:
        crawl(tmp_path, starts(site, *paths))
        assert len(site.hits) == 5 and min(gaps(site)) > 0.8 * 0.25  # Scrapy varies a delay by half


# ------------------------------------------------------------------------------------------------- one pace a domain

WWW, DESK, OTHER = "www.kabar-uji.co.id", "jatim.kabar-uji.co.id", "lain-uji.id"


def at_hosts(site: LocalSite, **paths: str) -> dict[str, Any]:
    return {"indexes": [{"url": site.at(host, path), "links": "a.none"} for path, host in paths.items()]}


def test_two_hosts_of_a_domain_share_one_pace_and_the_larger_crawl_delay(tmp_path: Path) -> None:
    slow, quick = robots("User-agent: *", "Crawl-delay: 0.6"), robots("User-agent: *", "Crawl-delay: 0.1")
    lists = [(host, f"/{n}") for n in range(3) for host in (WWW, DESK)]
    pages: dict[str, Answer | list[Answer]] = {f"/{n}": page("x") for n in range(3)}  # AutoThrottle trusts only a 200
    with serving({"/robots.txt": by_host({WWW: slow, DESK: quick}), **pages}) as site:
        declare = {"indexes": [{"url": site.at(host, path), "links": "a.none"} for host, path in lists]}
        crawl(tmp_path, declare, hosts=[WWW, DESK])
        assert site.paths()[:2] == ["/robots.txt"] * 2
        assert Counter(hit.headers["host"].partition(":")[0] for hit in site.hits) == {WWW: 4, DESK: 4}
        assert min(gaps(site)[1:]) > 0.8 * 0.6


def test_a_pause_is_the_domains_that_asked_for_it(tmp_path: Path) -> None:
    with serving({"/robots.txt": status(404), "/there": page("x"), "/after": page("x")}) as site:
        site.answers["/moved"] = status(302, location=site.at(OTHER, "/there"), retry_after="3")
        lists = [(WWW, "/moved"), (DESK, "/after")]
        declare = {"indexes": [{"url": site.at(host, path), "links": "a.none"} for host, path in lists]}
        settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1}
        crawled = crawl(tmp_path, declare, hosts=[WWW, DESK, OTHER], settings=settings)
        assert crawled.failures == {"redirected elsewhere": 1} and "/there" not in site.paths()
        moved, after = (next(h.at for h in site.hits if h.path == p) for p in ("/moved", "/after"))
        assert after - moved >= 3


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.detik.com/jatim/berita/d-1", "detik.com"),
        ("https://NEWS.Detik.com./x", "detik.com"),
        ("https://diskominfo.mojokertokota.go.id:8443/{page}", "mojokertokota.go.id"),
        ("https://go.id/", "go.id"),
        ("https://kabar.blogspot.com/", "blogspot.com"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://localhost/", "localhost"),
        ("mailto:redaksi@detik.com", ""),
    ],
)
def test_the_registered_domain_of_an_address(url: str, domain: str) -> None:
    assert domain_of(url) == domain


def test_two_crawls_never_ask_one_domain_at_once(tmp_path: Path) -> None:
    with serving({"/robots.txt": status(404)}) as site:
        declare = at_hosts(site, **{"/a": WWW})
        with alone_on([f"https://{DESK}/rss"], tmp_path, 0):
            crawled = crawl(tmp_path, declare, hosts=[WWW], domain_patience=0.2)
            assert site.hits == [] and crawled.code == 1
            expected = "another crawl is asking kabar-uji.co.id; wait for its end and start this one again"
            assert crawled.said["error"] == expected
        assert crawl(tmp_path, declare, hosts=[WWW], domain_patience=0.2).code == 0


def test_a_crawl_waits_for_another_to_leave_the_domain(tmp_path: Path) -> None:
    taken, told = threading.Event(), threading.Event()

    def hold() -> None:
        with alone_on(["http://127.0.0.1/"], tmp_path, 0):
            taken.set()
            told.wait(20)

    with serving({"/robots.txt": status(404), "/a": page("x")}) as site:
        threading.Thread(target=hold).start()
        taken.wait(5)
        leaving = threading.Timer(2, told.set)
        leaving.start()
        began = time.monotonic()
        assert crawl(tmp_path, starts(site, "/a")).failures == {}
        assert site.hits[0].at - began > 1.9


def test_one_article_needs_its_own_domain_only_and_a_replay_needs_none(tmp_path: Path) -> None:
    with serving({"/robots.txt": status(404), "/berita/1": page("x")}) as site:
        declare = outlet(site, feeds=[f"http://{WWW}/rss"])
        with alone_on([f"http://{WWW}/rss"], tmp_path, 0):
            assert crawl(tmp_path, declare, "--only", f"{site.base}/berita/1", domain_patience=0).code == 0
            assert crawl(tmp_path, declare, domain_patience=0).code == 1
            assert crawl(tmp_path, declare, "--replay", str(SAMPLE), domain_patience=0).code == 0
        with alone_on([site.base], tmp_path / "elsewhere", 0):
            read = ("--only", f"{site.base}/berita/1", "--locks", str(tmp_path / "elsewhere"))
            assert crawl(tmp_path, declare, *read, domain_patience=0).code == 1


def test_locks_that_cannot_be_made_are_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ArchiveError, match=r"\.detik\.com\.lock cannot be locked: "),
        alone_on(["https://www.detik.com/rss"], tmp_path / "file", 0),
    ):
        pass


# ------------------------------------------------------------------------------------------------------- asked to wait


def in_seconds(seconds: int, code: int) -> Answer:
    return status(code, retry_after=str(seconds))


def by_date(seconds: int, code: int) -> Answer:
    return lambda asked: status(code, retry_after=formatdate(int(time.time()) + seconds, usegmt=True))(asked)


@pytest.mark.parametrize(
    ("answer", "code"), [(in_seconds, 429), (in_seconds, 503), (by_date, 429), (by_date, 503), (in_seconds, 403)]
)
def test_retry_after_pauses_everything_that_is_asked_of_the_site(
    tmp_path: Path, answer: Callable[[int, int], Answer], code: int
) -> None:
    articles: dict[str, Answer | list[Answer]] = {f"/berita/{n}": page("x") for n in range(2, 6)}
    articles["/berita/1"] = [answer(2, code), page("Kota X")]
    with serving({"/robots.txt": status(404), "/rss": page(feed(1, 2, 3, 4, 5)), **articles}) as site:
        one = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1}
        crawled = crawl(tmp_path, outlet(site), settings=one)
        pause = gaps(site)[site.paths().index("/berita/1")]
    assert pause > (2 if answer is in_seconds else 0.9)  # a second may turn between the two dates of one answer
    tried_again = {} if code != 403 else {"http 403": 1}
    assert crawled.failures == tried_again and crawled.said["report"]["finished"] is True


def test_a_site_that_asks_for_an_hour_is_left_alone_and_what_came_is_kept(tmp_path: Path) -> None:
    articles: dict[str, Answer | list[Answer]] = {f"/berita/{n}": page(f"Kota {n}") for n in range(30)}
    articles["/berita/9"] = in_seconds(3600, 429)
    with serving({"/robots.txt": status(404), "/rss": page(feed(*range(30))), **articles}) as site:
        crawled = crawl(tmp_path, outlet(site), settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
        assert site.paths()[-1] == "/berita/9"
        came = len(site.hits)
    assert crawled.failures == {"asked to wait 3600 s": 30 - (came - 3)} and crawled.code == 0
    assert crawled.said["report"]["finished"] is False and crawled.said["report"]["fetched"] == came
    assert len(Archive(tmp_path).captures("local")) == came
    assert "127.0.0.1: asked to wait 3600 s; nothing more is asked of it in this crawl" in crawled.log
    archive_is_whole(tmp_path, "local")


def test_a_robots_txt_that_asks_for_an_hour_ends_the_crawl(tmp_path: Path) -> None:
    with serving({"/robots.txt": in_seconds(3600, 503)}) as site:
        crawled = crawl(tmp_path, starts(site, "/a", "/b"))
        assert site.paths() == ["/robots.txt"]
    assert crawled.failures == {"asked to wait 3600 s": 2} and crawled.said["report"]["finished"] is False


def test_a_site_that_does_not_say_how_long_is_asked_ever_less_often(tmp_path: Path) -> None:
    answers: dict[str, Answer | list[Answer]] = {"/a": [status(503), status(429), page("x"), status(503)]}
    with serving({"/robots.txt": status(404), **answers}) as site:
        assert crawl(tmp_path, starts(site, "/a"), first_wait=0.4).failures == {}
        first, second = gaps(site)[1:]
    assert first > 0.4 and second > 0.8


def test_a_site_that_stays_busy_is_left_alone(tmp_path: Path) -> None:
    answers = {f"/{n}": status(503) for n in range(5)}
    with serving({"/robots.txt": status(404), **answers}) as site:
        one = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1}
        crawled = crawl(tmp_path, starts(site, *answers), first_wait=0.1, max_wait=0.5, settings=one)
        assert len(site.hits) == 1 + 4, "waits of 0.1, 0.2 and 0.4 s; 0.8 s are too long"
    assert crawled.failures == {"left alone after http 503": 5} and crawled.said["report"]["finished"] is False


NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
SOON = "Fri, 20 Nov 2026 03:00:30 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": " 30 "}, 30),
        ({"Retry-After": SOON}, 30),
        ({"Retry-After": "Friday, 20-Nov-26 03:00:30 GMT"}, 30),  # RFC 850
        ({"Retry-After": "Fri Nov 20 03:00:30 2026"}, 30),  # asctime
        ({"Retry-After": SOON, "Date": "Fri, 20 Nov 2026 03:00:10 GMT"}, 20),  # by the server's own clock
        ({"Retry-After": SOON, "Date": "yesterday"}, 30),
        ({"Retry-After": "0"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Fri, 20 Nov 2020 03:00:00 GMT"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "9" * 5000}, 31_536_000),
        ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, 31_536_000),
    ],
)
def test_what_retry_after_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    sent = {name: value.encode() for name, value in headers.items()}
    assert retry_after(Response("http://x/", status=503, headers=sent), NOW) == seconds


# --------------------------------------------------------------------------------------------------- the day's budget


def test_beyond_the_days_budget_nothing_is_asked_for(tmp_path: Path) -> None:
    articles = {f"/berita/{n}": page(f"Kota {n}") for n in range(1, 6)}
    with serving({"/robots.txt": status(404), "/rss": page(feed(1, 2, 3, 4, 5)), **articles}) as site:
        first = crawl(tmp_path, outlet(site, budget=5))
        assert len(site.hits) == 5 and site.paths()[:2] == ["/robots.txt", "/rss"]
        assert first.failures == {"beyond the day's budget": 2} and first.said["report"]["finished"] is False
        second = crawl(tmp_path, outlet(site, budget=5))
        assert len(site.hits) == 5, "what an earlier crawl of the day asked for counts"
        assert second.failures == {"beyond the day's budget": 1} and second.code == 0
        third = crawl(tmp_path, outlet(site, budget=20))
    assert third.failures == {} and third.said["report"]["finished"] is True


def test_further_tries_and_redirects_count_and_yesterday_does_not(tmp_path: Path) -> None:
    with Archive(tmp_path).writer("local") as writer:
        for n in range(9):
            before = datetime.now(UTC) - timedelta(days=1, seconds=n)
            writer.add(Page("local", f"http://127.0.0.1/{n}", before, 200, (), b"x"))
    answers = {"/robots.txt": status(404), "/a": status(503), "/b": status(302, location="/c"), "/c": page("x")}
    with serving(answers) as site:  # type: ignore[arg-type]
        crawled = crawl(tmp_path, {**starts(site, "/a", "/b"), "budget": 5})
        assert len(site.hits) == 5
    assert sum(crawled.failures.values()) == 1 and set(crawled.failures) == {"beyond the day's budget"}


def test_a_day_of_the_budget_is_one_of_jakarta(tmp_path: Path) -> None:
    moments = ["2026-11-19T16:59:59", "2026-11-19T17:00:00", "2026-11-20T16:59:59", "2026-11-20T17:00:00"]
    with Archive(tmp_path).writer("local") as writer:
        for moment in moments:
            writer.add(Page("local", "http://x/", datetime.fromisoformat(moment + "+00:00"), 200, (), b"x"))
        now = datetime.fromisoformat("2026-11-20T16:59:59+00:00")
        assert _spent(writer, now) == {date(2026, 11, 19): 1, date(2026, 11, 20): 2, date(2026, 11, 21): 1}


# ------------------------------------------------------------------------------------------- the publisher's own wish


def test_pages_that_the_publisher_withholds_are_asked_for_by_no_crawl(tmp_path: Path) -> None:
    with serving({"/robots.txt": status(404), "/rss": page(feed(1, 2)), "/berita/1": page("x")}) as site:
        declare = outlet(site, article_pages=False)
        assert crawl(tmp_path, declare).failures == {"withheld at the publisher's wish": 2}
        assert crawl(tmp_path, declare, "--only", f"{site.base}/berita/1").said["report"]["articles"] == 0
        assert set(site.paths()) == {"/robots.txt", "/rss"}


# --------------------------------------------------------------------------------------------------- who we are, no more


PROBES = {  # at import, of this machine: urllib3 (under tldextract) tries whether there is IPv6, platform asks its name
    "bind ('::1', 0)",
    "Popen ['uname', '-p']",
}


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
        only = {f"connect ('127.0.0.1', {site.port})", "look up '127.0.0.1'", "look up b'127.0.0.1'", *PROBES}
        assert set(crawled.said["sockets"]) <= only, "no console listens, and nobody else is asked anything"
        assert f"connect ('127.0.0.1', {site.port})" in crawled.said["sockets"], "the check sees connections"
    left = {path.name for path in tmp_path.iterdir()} - {".127.0.0.1.lock"}
    assert left == {"local"} and (tmp_path / "local").is_dir()


TELNET = "scrapy.extensions.telnet.TelnetConsole"
COOKIES = "scrapy.downloadermiddlewares.cookies.CookiesMiddleware"


def test_the_check_sees_a_console_that_listens(tmp_path: Path) -> None:
    with serving({"/robots.txt": status(404), "/a": page("x")}) as site:
        opened = {"EXTENSIONS": {**LIVE["EXTENSIONS"], TELNET: 0}, "TELNETCONSOLE_ENABLED": True}
        crawled = crawl(tmp_path, starts(site, "/a"), settings=opened)
    assert any(what.startswith("bind") for what in set(crawled.said["sockets"]) - PROBES), crawled.said


def test_the_check_sees_cookies_and_what_scrapy_fetches_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TLDEXTRACT_CACHE", str(tmp_path / "suffixes"))  # so that it has to ask for them
    answers = {"/robots.txt": status(404), "/rss": page(feed(1), set_cookie="id=42; Path=/"), "/berita/1": page("x")}
    with serving(answers) as site:  # type: ignore[arg-type]
        opened = {"DOWNLOADER_MIDDLEWARES": {**LIVE["DOWNLOADER_MIDDLEWARES"], COOKIES: 700}, "COOKIES_ENABLED": True}
        declare = {
            "feeds": [site.at(WWW, "/rss")],
            "article_url": r"http://\S+/berita/\d+",
            "article_id": r"/berita/(\d+)",
        }
        crawled = crawl(tmp_path, declare, hosts=[WWW], settings=opened, faulty=True)
        assert [hit.headers.get("cookie") for hit in site.hits] == [None, None, "id=42"]
    assert "look up 'publicsuffix.org'" in crawled.said["sockets"]
