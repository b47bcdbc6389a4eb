"""A crawl asks only for what has changed, goes on whatever a site answers, and leaves a valid archive however it ends."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import brotli
import pytest

from scraper.archive import Archive
from tests.scraper.crawling import ROOT, command, crawl, feed, outlet, starts
from tests.scraper.local_site import Answer, cached, cut, endless, hang_up, page, serving, silence, status
from tests.scraper.test_archive import assert_whole as archive_is_whole

# --------------------------------------------------------------------------------------------------------- asking again


def test_the_second_crawl_asks_only_for_what_has_changed(tmp_path: Path) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        "/robots.txt": cached("User-agent: *\nDisallow: /berita/3", etag='"r1"', content_type="text/plain"),
        "/rss": cached(feed(1, 2, 3), etag='"f1"', last_modified="Fri, 20 Nov 2026 00:00:00 GMT"),
        "/berita/1": cached("Kota X", last_modified="Thu, 19 Nov 2026 00:00:00 GMT"),
        "/berita/2": [page("lama", etag='"b2"'), page("baru", etag='"b3"')],
        "/berita/3": page("terlarang"),
    }
    with serving(answers) as site:
        first = crawl(tmp_path, outlet(site))
        assert first.said["report"] | {"failures": {}} == first.said["report"] | {
            "fetched": 4, "stored": 4, "lists": 1, "articles": 3, "failures": {}
        }  # fmt: skip
        assert not any({"if-none-match", "if-modified-since"} & hit.headers.keys() for hit in site.hits)
        site.hits.clear()
        second = crawl(tmp_path, outlet(site), "--now", "2099-11-21T04:00:00+00:00")
        told = {hit.path: (hit.headers.get("if-none-match"), hit.headers.get("if-modified-since")) for hit in site.hits}
    assert told == {"/robots.txt": ('"r1"', None), "/rss": ('"f1"', "Fri, 20 Nov 2026 00:00:00 GMT")}
    assert second.failures == {"forbidden by robots.txt": 1}, "an unchanged robots.txt still forbids"
    report = second.said["report"]
    assert (report["fetched"], report["stored"], report["unchanged"], report["known"]) == (2, 0, 2, 2)
    assert report["lists"] == 1, "an unchanged list is read again: links that were not followed then are followed now"
    revisits = [c for c in Archive(tmp_path).captures("local") if c.of]
    assert sorted(c.url.rpartition("/")[2] for c in revisits) == ["robots.txt", "rss"]
    archive_is_whole(tmp_path, "local")


def test_articles_are_checked_again_while_they_are_young(tmp_path: Path) -> None:
    answers: dict[str, Answer | list[Answer]] = {
        "/robots.txt": status(404),
        "/rss": page(feed(1, 2)),
        "/berita/1": cached("Kota X", last_modified="Thu, 19 Nov 2026 00:00:00 GMT"),
        "/berita/2": [page("lama", etag='"b2"'), page("baru", etag='"b3"')],
    }
    with serving(answers) as site:
        crawl(tmp_path, outlet(site))
        site.hits.clear()
        tomorrow = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 90_000))
        again = crawl(tmp_path, outlet(site), "--now", tomorrow)
        asked = {hit.path: hit.headers for hit in site.hits}
    assert asked["/berita/1"]["if-modified-since"] == "Thu, 19 Nov 2026 00:00:00 GMT"
    assert asked["/berita/2"]["if-none-match"] == '"b2"'
    assert again.said["report"]["articles"] == 2 and again.said["report"]["stored"] == 1 and again.failures == {}
    bodies = [c.digest for c in Archive(tmp_path).captures("local") if c.url.endswith("/berita/2")]
    assert len(set(bodies)) == 2, "both versions are kept"
    archive_is_whole(tmp_path, "local")


def test_a_stored_copy_that_is_damaged_is_counted(tmp_path: Path) -> None:
    with serving({"/robots.txt": status(404), "/rss": cached(feed(1), etag='"f"'), "/berita/1": page("x")}) as site:
        crawl(tmp_path, outlet(site))
        (rss,) = (c for c in Archive(tmp_path).captures("local") if c.url.endswith("/rss"))
        with (tmp_path / "local" / rss.warc).open("r+b") as file:
            file.seek(rss.offset + rss.length // 2)
            file.write(bytes(9))
        assert crawl(tmp_path, outlet(site)).failures == {"stored copy damaged": 1}


def test_a_crawl_that_was_cut_before_the_articles_is_made_good_by_the_next(tmp_path: Path) -> None:
    """The list answers 304 then; its links must be found all the same."""
    answers = {"/robots.txt": status(404), "/rss": cached(feed(1, 2, 3), etag='"f"')}
    answers |= {f"/berita/{n}": page(f"Kota {n}") for n in (1, 2, 3)}
    with serving(answers) as site:  # type: ignore[arg-type]
        assert crawl(tmp_path, outlet(site), "--limit", "1").said["report"]["articles"] == 1
        assert crawl(tmp_path, outlet(site)).said["report"]["articles"] == 2
        assert sorted(p for p in site.paths() if "/berita/" in p) == ["/berita/1", "/berita/2", "/berita/3"]


# ---------------------------------------------------------------------------------------------------------------- faults


def test_every_fault_has_its_own_name_and_stops_nothing(tmp_path: Path) -> None:
    packed = gzip.compress(b"Kota X " * 3000)
    faults: dict[str, tuple[Answer, str | None]] = {
        "/403": (status(403), "http 403"),
        "/404": (status(404), "http 404"),
        "/long": (page(bytes(60_000)), "larger than allowed"),
        "/endless": (endless, "larger than allowed"),
        "/bomb": (page(gzip.compress(bytes(9_000_000)), content_encoding="gzip"), "unpacks to more than allowed"),
        "/loop": (status(302, location="/loop"), "redirect loop"),
        "/there": (status(302, location="/back"), "redirect loop"),
        "/back": (status(302, location="/there"), None),
        "/lost": (hang_up, "connection lost"),
        "/cut": (cut("a" * 99, missing=400), "cut short"),
        "/hang": (silence(), "timeout"),
        "/torn": (page(packed[:-40], content_encoding="gzip"), "packed body cut short"),
        "/lies": (page("plain text", content_encoding="gzip"), "badly packed"),
        "/odd": (page("x", content_encoding="rot13"), None),
        "/fine": (page("Kota X"), None),
    }
    faults |= {
        f"/far{n}": (status(302, location=f"/far{n + 1}"), "redirect loop" if n == 0 else None) for n in range(9)
    }
    first = [path for path in faults if path not in ("/back",) and not (path.startswith("/far") and path != "/far0")]
    with serving({"/robots.txt": status(404), **{path: answer for path, (answer, _) in faults.items()}}) as site:
        bounds = {"DOWNLOAD_MAXSIZE": 50_000, "DOWNLOAD_TIMEOUT": 0.5, "RETRY_TIMES": 1}
        crawled = crawl(tmp_path, starts(site, *first), settings=bounds)
        asked = site.paths()
    expected: dict[str, int] = {}
    for _, name in faults.values():
        if name is not None:
            expected[name] = expected.get(name, 0) + 1
    assert crawled.failures == expected and crawled.said["report"]["finished"] is True
    assert asked.count("/fine") == 1 and asked.count("/hang") == 2 and asked.count("/loop") <= 2
    assert sum(path.startswith("/far") for path in asked) == 6, "five redirects are followed"
    kept = {c.url.rpartition("/")[2] for c in Archive(tmp_path).captures("local")}
    assert {"403", "404", "bomb", "torn", "lies", "odd", "fine"} <= kept, "what came whole is kept, whatever it is"
    archive_is_whole(tmp_path, "local")


def test_brotli_that_nobody_asked_for(tmp_path: Path) -> None:
    bomb = page(brotli.compress(bytes(9_000_000)), content_encoding="br")
    lies = page("plain text", content_encoding="br")
    with serving({"/robots.txt": status(404), "/bomb": bomb, "/lies": lies}) as site:
        crawled = crawl(tmp_path, starts(site, "/bomb", "/lies"), settings={"DOWNLOAD_MAXSIZE": 50_000})
    assert crawled.failures == {"unpacks to more than allowed": 1}
    assert len(Archive(tmp_path).captures("local")) == 3, "small as they came, both are kept"


def test_a_fault_of_our_own_is_counted_too(tmp_path: Path) -> None:
    """Scrapy only logs what a callback raises."""
    with serving({"/robots.txt": status(404), "/a": page("<a>"), "/b": page("<a>")}) as site:
        wrong = {"indexes": [{"url": f"{site.base}/a", "links": "a["}, {"url": f"{site.base}/b", "links": "a"}]}
        crawled = crawl(tmp_path, wrong, faulty=True)
    assert crawled.failures == {"links not read: SelectorSyntaxError": 1} and crawled.said["report"]["lists"] == 2


def test_a_full_disk_ends_the_crawl_with_one_line(tmp_path: Path) -> None:
    articles = {f"/berita/{n}": page(os.urandom(3000)) for n in range(20)}
    with serving({"/robots.txt": status(404), "/rss": page(feed(*range(20))), **articles}) as site:
        crawled = crawl(tmp_path, outlet(site), largest_file=20_000, faulty=True)
    assert crawled.code == 1 and "report" not in crawled.said
    assert crawled.said["error"] == f"{tmp_path}/local/{_month(tmp_path)} cannot be written: File too large"
    before = len(Archive(tmp_path).captures("local"))
    assert 3 < before < 10
    archive_is_whole(tmp_path, "local")
    with serving({"/robots.txt": status(404), "/rss": page(feed(*range(20))), **articles}) as site:
        crawl(tmp_path, outlet(site))
    assert len(Archive(tmp_path).captures("local")) > before + 10
    archive_is_whole(tmp_path, "local")


def _month(root: Path) -> str:
    (warc,) = (root / "local").glob("*.warc.gz")
    return warc.name


def test_a_crawl_that_finds_the_archive_locked_says_so(tmp_path: Path) -> None:
    with Archive(tmp_path).writer("local"), serving({}) as site:
        crawled = crawl(tmp_path, starts(site, "/a"), lock_patience=0.1)
        assert site.hits == []
    assert crawled.code == 1 and crawled.said["error"].startswith("another crawl of local is writing")


# ------------------------------------------------------------------------------------------------------- dying and ending


def wait_for(what: Any, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("when", ["while it starts", "while it waits for a page"])
def test_a_crawl_whose_parent_is_killed_ends_and_frees_the_archive(tmp_path: Path, when: str) -> None:
    with serving({"/robots.txt": silence()}) as site:
        child = command(tmp_path, starts(site, "/a"))
        reader = "PIPE" if when == "while it starts" else "DEVNULL"
        start = (
            f"import subprocess, sys, time; p = subprocess.Popen(sys.argv[1:], stdout=subprocess.{reader}, stderr=-3)\n"
        )
        start += "print(p.pid, flush=True); time.sleep(60)"
        parent = subprocess.Popen([sys.executable, "-c", start, *child], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        if when == "while it waits for a page":
            wait_for(lambda: site.hits)
        parent.kill()
        parent.wait()
        parent.stdout.close()
        began = time.monotonic()
        wait_for(lambda: not is_alive(pid))
        if when == "while it waits for a page":
            assert time.monotonic() - began < 3
    with Archive(tmp_path).writer("local") as writer:
        assert list(writer.captures()) == []


def test_sigterm_leaves_a_valid_archive_and_a_report_that_says_so(tmp_path: Path) -> None:
    answers = {"/robots.txt": status(404), "/rss": page(feed(*range(300)))}
    articles = {f"/berita/{n}": page(os.urandom(2000)) for n in range(300)}
    with serving({**answers, **articles}) as site:
        slow = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.05}
        process = subprocess.Popen(
            command(tmp_path, outlet(site), settings=slow), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
        )
        wait_for(lambda: len(site.hits) > 12)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        out, _ = process.communicate(timeout=30)
        assert time.monotonic() - began < 8
    said: dict[str, Any] = {}
    for line in out.splitlines():
        said |= json.loads(line)
    assert process.returncode == 0 and said["report"]["finished"] is False
    assert said["report"]["failures"]["ended early: shutdown"] == 1
    kept = Archive(tmp_path).captures("local")
    assert 10 < len(kept) == said["report"]["fetched"] < 200
    archive_is_whole(tmp_path, "local")


# ------------------------------------------------------------------------------------------------------ the command line


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nosuch"], 2, "there is no site 'nosuch'"),
        (["detik", "--replay", "nowhere.warc.gz"], 1, "nowhere.warc.gz is not there"),
        (["detik", "--replay", "pyproject.toml"], 1, "pyproject.toml is no WARC file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    asked = ["--now", "2026-11-20T03:00:00+00:00", "--since", "2026-11-20", "--contact", "x"]
    ended = subprocess.run(
        [sys.executable, "-m", "scraper.crawl", *arguments, "--archive", str(tmp_path), *asked],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    (line,) = ended.stdout.splitlines()
    assert words in json.loads(line)["error"] and ended.returncode == code and "Traceback" not in ended.stderr
