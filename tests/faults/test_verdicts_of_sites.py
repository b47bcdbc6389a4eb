"""Verdicts from what a real crawl reports: the names that it counts under are those that a verdict knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from etl.health import ASKED_TO_WAIT, BEYOND_BUDGET, DENIED, FORBIDDEN, WITHHELD, Counts, Verdict, verdict
from etl.model import CrawlReport
from tests.faults.prepared import PreparedCrawls
from tests.scraper.crawling import feed, outlet
from tests.scraper.local_site import Answer, page, serving, silence, status

NUMBERS = range(1, 8)
GOOD: dict[str, Answer | list[Answer]] = {
    "/robots.txt": status(404), "/rss": page(feed(*NUMBERS)), **{f"/berita/{n}": page(f"Kota {n}") for n in NUMBERS},
}  # fmt: skip
ARTICLES = [path for path in GOOD if "/berita/" in path]


@dataclass(frozen=True)
class Case:
    """A site, what its crawl must count (beginnings of names) and what that means when `misfits` of what came fit no layout."""

    expected: Verdict
    counted: tuple[str, ...] = ()
    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    declared: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)
    misfits: int = 0
    mentions: int = 9
    past: tuple[int, ...] = ()


def everywhere(answer: Answer) -> dict[str, Answer | list[Answer]]:
    return {path: answer for path in GOOD if path != "/robots.txt"}


def at_articles(answer: Answer) -> dict[str, Answer | list[Answer]]:
    return {path: answer for path in ARTICLES}  # noqa: C420  # of a wider type than dict.fromkeys has


FORBIDS = page("User-agent: *\nDisallow: /berita", content_type="text/plain")
ONE = {"settings": {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "RETRY_TIMES": 0}}

CASES = {
    "news": Case(Verdict.OK),
    "401": Case(Verdict.REFUSED, ("http 401",), everywhere(status(401))),
    "403": Case(Verdict.REFUSED, ("http 403",), everywhere(status(403))),
    "403 to articles": Case(Verdict.REFUSED, ("http 403",), at_articles(status(403))),
    "429": Case(Verdict.REFUSED, ("http 429",), everywhere(status(429)), order={"first_wait": 0.001, **ONE}),
    "429 again and again": Case(
        Verdict.REFUSED, ("left alone after http 429",), at_articles(status(429)), order={"max_wait": 0.02, **ONE}
    ),
    "429 to robots.txt": Case(Verdict.REFUSED, ("robots.txt: http 429",), {"/robots.txt": status(429)}, order=ONE),
    "asked to wait": Case(Verdict.REFUSED, (ASKED_TO_WAIT,), at_articles(status(503, retry_after="3600"))),
    "robots.txt forbids": Case(Verdict.REFUSED, (FORBIDDEN,), {"/robots.txt": FORBIDS}),
    "the publisher's wish": Case(Verdict.REFUSED, (WITHHELD,), declared={"article_pages": False}),
    "the day's budget in the middle": Case(Verdict.OK, (BEYOND_BUDGET,), declared={"budget": 7}),
    "the day's budget at once": Case(Verdict.UNREACHABLE, (BEYOND_BUDGET,), declared={"budget": 1}),
    "503": Case(Verdict.UNREACHABLE, ("http 503",), everywhere(status(503)), order=ONE),
    "503 to robots.txt": Case(Verdict.UNREACHABLE, ("robots.txt: http 503",), {"/robots.txt": status(503)}, order=ONE),
    "503 again and again": Case(
        Verdict.UNREACHABLE, ("left alone after http 503",), at_articles(status(503)), order={"max_wait": 0.02, **ONE}
    ),
    "articles hang": Case(
        Verdict.UNREACHABLE, ("timeout",), at_articles(silence()), order={"settings": {"DOWNLOAD_TIMEOUT": 0.3, "RETRY_TIMES": 0}}
    ),
    "a feed without links": Case(Verdict.FEED_CHANGED, answers={"/rss": page("<rss></rss>")}),
    "links that promise no award": Case(
        Verdict.QUIET, answers={"/rss": page(feed(1, 2).replace("Raih", "Cabai"))}
    ),
    "most pages fit no layout": Case(Verdict.LAYOUT_CHANGED, misfits=5),
    "no mention where there were some": Case(Verdict.THIN, mentions=0, past=(4, 3)),
}  # fmt: skip


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreparedCrawls]:
    made = PreparedCrawls(tmp_path_factory.mktemp("crawls"))
    yield made
    made.close()


@pytest.mark.parametrize("name", CASES)
def test_what_a_crawl_counts_is_what_a_verdict_knows(tmp_path: Path, crawls: PreparedCrawls, name: str) -> None:
    case = CASES[name]
    with serving(GOOD | case.answers) as site:
        crawled = crawls.start(tmp_path, outlet(site, **case.declared), **case.order).ended()
        came = sum(hit.path in ARTICLES for hit in site.hits)
    assert crawled.code == 0, crawled.log
    assert case.counted == () or any(n.startswith(case.counted) for n in crawled.failures), crawled.failures
    report = CrawlReport(**crawled.said["report"])
    read = came if not set(case.answers) & set(ARTICLES) else 0
    assert verdict(Counts(report, read, case.misfits, case.mentions), case.past) is case.expected, report


def test_every_name_and_every_verdict_is_met_here() -> None:
    met = {name for case in CASES.values() for name in case.counted}
    assert {*DENIED, ASKED_TO_WAIT, BEYOND_BUDGET, FORBIDDEN, WITHHELD} <= met
    assert {case.expected for case in CASES.values()} == set(Verdict)
