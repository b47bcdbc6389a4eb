"""What the counts of a run mean: every verdict, and what it must not be mistaken for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etl.health import Counts, Verdict, silent_since, verdict
from etl.model import CrawlReport


def counts(read: int = 0, misfits: int = 0, mentions: int = 0, **report: Any) -> Counts:
    return Counts(CrawlReport("local", **{"finished": True, **report}), read, misfits, mentions)


NEWS = {"fetched": 14, "stored": 14, "lists": 3, "articles": 10, "passed_over": 20}
SAME = {"fetched": 4, "stored": 0, "lists": 3, "known": 30, "passed_over": 20}

CASES: dict[str, tuple[Counts, Verdict]] = {
    # all is well
    "news": (counts(10, 0, 25, **NEWS), Verdict.OK),
    "news without a single award": (counts(4, 0, 0, **NEWS), Verdict.OK),
    "news, one page in two a misfit": (counts(10, 5, 8, **NEWS), Verdict.OK),
    "news, one article gone": (counts(9, 0, 20, failures={"http 404": 1}, **NEWS), Verdict.OK),
    "news, some articles time out": (counts(6, 0, 20, failures={"timeout": 4}, **NEWS), Verdict.OK),
    "news, one page always forbidden": (counts(9, 0, 20, failures={"forbidden by robots.txt": 1}, **NEWS), Verdict.OK),
    # nothing new, and nothing wrong
    "nothing new": (counts(**SAME), Verdict.QUIET),
    "nothing new, read again by other code": (counts(30, 0, 60, **SAME), Verdict.QUIET),
    "nothing new, one page always forbidden": (
        counts(fetched=4, lists=3, articles=1, known=30, failures={"forbidden by robots.txt": 1}), Verdict.QUIET,
    ),
    "nothing new, ten pages always forbidden": (
        counts(fetched=4, lists=3, articles=10, known=30, failures={"forbidden by robots.txt": 10}), Verdict.QUIET,
    ),
    "nothing new, one page always 403": (
        counts(fetched=5, lists=3, articles=1, known=30, failures={"http 403": 1}), Verdict.QUIET,
    ),
    "nothing new, one list of ten missing": (
        counts(fetched=12, lists=9, known=30, failures={"http 503": 1}), Verdict.QUIET,
    ),
    "only links that are no award's": (counts(fetched=4, stored=3, lists=3, passed_over=50), Verdict.QUIET),
    # the site does not answer
    "the crawl broke off": (counts(fetched=3, lists=1, articles=2, known=1, finished=False), Verdict.UNREACHABLE),
    "no connection": (counts(failures={"robots.txt: connection refused": 2}), Verdict.UNREACHABLE),
    "errors only, each asked three times": (counts(fetched=10, failures={"http 503": 3}), Verdict.UNREACHABLE),
    "most lists fail": (counts(fetched=9, lists=1, known=5, failures={"timeout": 3}), Verdict.UNREACHABLE),
    "lists come and articles do not": (
        counts(fetched=26, lists=10, articles=5, known=30, failures={"http 500": 5}), Verdict.UNREACHABLE,
    ),
    # the site does not want us
    "403 to everything": (counts(fetched=4, failures={"http 403": 3}), Verdict.REFUSED),
    "robots.txt forbids all articles": (
        counts(fetched=4, lists=3, articles=10, failures={"forbidden by robots.txt": 10}), Verdict.REFUSED,
    ),
    "robots.txt forbids everything": (counts(fetched=1, failures={"forbidden by robots.txt": 3}), Verdict.REFUSED),
    "too many requests, so the robots say": (counts(fetched=3, failures={"robots.txt: http 429": 2}), Verdict.REFUSED),
    "lists come and articles are 403": (
        counts(fetched=18, lists=12, articles=5, known=30, failures={"http 403": 5}), Verdict.REFUSED,
    ),
    "articles are not read at the publisher's wish": (
        counts(fetched=4, stored=2, lists=2, failures={"withheld at the publisher's wish": 1}), Verdict.REFUSED,
    ),
    "asked to wait for an hour, in the middle": (
        counts(5, 0, 9, fetched=8, stored=8, lists=2, articles=9, failures={"asked to wait 3600 s": 4}, finished=False),
        Verdict.REFUSED,
    ),
    "429 again and again": (
        counts(fetched=6, articles=2, failures={"left alone after http 429": 6}, finished=False), Verdict.REFUSED,
    ),
    # the site is not asked for more
    "503 again and again": (
        counts(fetched=6, lists=1, failures={"left alone after http 503": 6}, finished=False), Verdict.UNREACHABLE,
    ),
    "the day's budget ends with the last articles": (
        counts(7, 0, 9, **NEWS, failures={"beyond the day's budget": 3}, finished=False), Verdict.OK,
    ),
    "the day's budget was spent before": (
        counts(failures={"beyond the day's budget": 3}, finished=False), Verdict.UNREACHABLE,
    ),
    # the site has changed
    "lists without links": (counts(fetched=4, stored=3, lists=3), Verdict.FEED_CHANGED),
    "lists without links, and one missing": (counts(fetched=5, lists=4, failures={"http 404": 1}), Verdict.FEED_CHANGED),
    "most pages are misfits": (counts(10, 6, 8, **NEWS), Verdict.LAYOUT_CHANGED),
    "the only page is a misfit": (counts(1, 1, 0, **NEWS), Verdict.LAYOUT_CHANGED),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_the_counts_mean(case: str) -> None:
    now, expected = CASES[case]
    assert verdict(now) is expected


@pytest.mark.parametrize(
    ("read", "mentions", "past", "expected"),
    [
        (5, 0, [4, 1], Verdict.THIN),  # it used to have some, and pages still come
        (5, 1, [40, 10], Verdict.OK),
        (4, 0, [40, 10], Verdict.OK),  # too few pages to say
        (5, 0, [2, 2], Verdict.OK),  # too few before
        (5, 0, [], Verdict.OK),  # no past
        (5, 0, [0, 0, 0, 0, 0, 90], Verdict.OK),  # what was before the last five is another time
    ],
)
def test_thin_is_measured_against_the_sites_own_past(
    read: int, mentions: int, past: list[int], expected: Verdict
) -> None:
    assert verdict(counts(read, 0, mentions, **NEWS), past) is expected


USUAL = [60, 55, 70, 58, 62, 64]


@pytest.mark.parametrize(
    ("links", "past", "expected"),
    [
        (60, USUAL, Verdict.QUIET),
        (7, USUAL, Verdict.QUIET),  # a quiet day
        (5, USUAL, Verdict.FEED_CHANGED),  # one of the lists still has a few
        (0, USUAL, Verdict.FEED_CHANGED),
        (5, USUAL[:4], Verdict.QUIET),  # too short a past
        (5, [], Verdict.QUIET),
        (1, [12, 9, 15, 20, 11], Verdict.QUIET),  # a small site goes up and down
        (5, [*[50] * 10, *[2] * 40], Verdict.QUIET),  # 10 % of 50 is 5
        (4, [*[50] * 10, *[2] * 40], Verdict.FEED_CHANGED),
        (4, [*[20] * 10, *[900] * 40], Verdict.QUIET),  # what was before the last ten is another time
    ],
)
def test_links_are_measured_against_the_sites_own_past(links: int, past: list[int], expected: Verdict) -> None:
    assert verdict(counts(fetched=4, lists=3, known=links), (), past) is expected


def test_a_list_that_did_not_come_is_no_changed_feed() -> None:
    assert verdict(counts(failures={"timeout": 3}), (), USUAL) is Verdict.UNREACHABLE
    assert verdict(counts(rested=3, known=2), (), USUAL) is Verdict.QUIET, "no list was asked"


# One site's history, run by run: what the counts are, and what they mean after all that came before.
HISTORY: list[tuple[str, Counts, Verdict]] = [
    *[("news", counts(10, 0, 25, **NEWS), Verdict.OK)] * 5,
    ("a night", counts(**SAME), Verdict.QUIET),
    ("a misfit among ten", counts(10, 1, 20, **NEWS), Verdict.OK),
    ("the server is down", counts(failures={"robots.txt: timeout": 2}), Verdict.UNREACHABLE),
    ("up again", counts(10, 0, 25, **NEWS), Verdict.OK),
    ("a firewall", counts(fetched=4, failures={"http 403": 3}), Verdict.REFUSED),
    ("it lets us in", counts(10, 0, 25, **NEWS), Verdict.OK),
    ("the list has another markup", counts(2, 0, 3, fetched=5, stored=5, lists=3, articles=2), Verdict.FEED_CHANGED),
    ("mended", counts(10, 0, 25, **NEWS), Verdict.OK),
    ("half of the pages have a new template", counts(10, 6, 9, **NEWS), Verdict.LAYOUT_CHANGED),
    ("mended again", counts(10, 0, 25, **NEWS), Verdict.OK),
    ("only the first paragraph is left", counts(10, 0, 0, **NEWS), Verdict.THIN),
]


def test_a_sites_history_run_by_run() -> None:
    mentions: list[int] = []
    links: list[int] = []
    for what, now, expected in HISTORY:
        found = verdict(now, mentions, links)
        assert found is expected, what
        report = now.report
        if found is Verdict.OK:
            mentions.insert(0, now.mentions)
        if not found.stale:
            links.insert(0, report.articles + report.known + report.passed_over)
    assert {expected for _, _, expected in HISTORY} == set(Verdict)


NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pauses", "days", "silent"),
    [
        ([0.1] * 9, 2.9, False),  # hours between news: a long weekend
        ([0.1] * 9, 3.1, True),
        ([0.1, 0.1, 4, 0.1, 0.1], 7.9, False),  # it was silent for four days before
        ([0.1, 0.1, 4, 0.1, 0.1], 8.1, True),
        ([0.1] * 3, 30, False),  # too short a past
        ([], 30, False),
        ([30] * 6, 59, False),  # a small government with an award a month
        ([30] * 6, 61, True),
    ],
)
def test_a_site_is_silent_by_its_own_measure(pauses: list[float], days: float, silent: bool) -> None:
    news = [NOON]
    for pause in pauses:
        news.append(news[-1] - timedelta(days=pause))
    assert silent_since(news, NOON + timedelta(days=days)) == (NOON if silent else None)


def test_every_verdict_has_a_case_and_says_whether_data_are_missing() -> None:
    assert {expected for _, expected in CASES.values()} | {Verdict.THIN} == set(Verdict)
    assert {v for v in Verdict if not v.stale} == {Verdict.OK, Verdict.QUIET}
    assert str(Verdict.LAYOUT_CHANGED) == "LAYOUT CHANGED"
