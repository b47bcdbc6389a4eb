"""Which lists are due and which articles are gone, by their visits alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.polling import LONGEST, Visit, gone_since, is_due, waiting_time

START = datetime(2026, 11, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


def visits(digests: str, apart: timedelta = 2 * HOUR, status: int = 200) -> list[Visit]:
    """One visit a letter, which is the digest."""
    return [Visit(START + n * apart, status, digest) for n, digest in enumerate(digests)]


def after(of: list[Visit], hours: float) -> datetime:
    return of[-1].at + hours * HOUR


@pytest.mark.parametrize(
    ("digests", "hours", "due"),
    [
        ("", 0, True),  # never seen
        ("aaaa", 0.1, True),  # seen too seldom to say
        ("aaaaa", 9.9, False),
        ("aaaaa", 10, True),  # twice a day, whatever it did
        ("aaaaaaaa", 2, False),
        ("abcdefgh", 1, True),  # it changed every time: nothing is known of how much oftener it does
        ("aabbccdd", 2, True),  # every other time
        ("aaaabbbb", 2, False),  # once in fourteen hours
        ("aaaabbbb", 7, True),
        ("abcdefghaaaaaaaa", 2, False),  # what was before is another time
        ("aaaaaaaaabcdefgh", 2, True),
    ],
)
def test_a_list_is_asked_as_often_as_it_changes(digests: str, hours: float, due: bool) -> None:
    seen = visits(digests)
    assert is_due(seen, after(seen, hours) if seen else START) is due


@pytest.mark.parametrize("status", [301, 304, 403, 404, 429, 500, 503])
def test_a_list_whose_last_answer_was_no_page_is_due(status: int) -> None:
    seen = visits("aaaaaaaa")
    failed = [*seen, Visit(after(seen, 2), status, "x")]
    assert is_due(failed, after(failed, 0.01))


def test_a_visit_in_the_future_says_nothing() -> None:
    for digests in ("a", "aaaaaaaa"):
        assert is_due(visits(digests), START - HOUR)


def test_failures_in_between_are_no_changes() -> None:
    seen = visits("aaaaaaaa")
    mixed = sorted([*seen, *(Visit(v.at + HOUR, 503, "x") for v in seen[:-1])], key=lambda v: v.at)
    assert waiting_time(mixed) == waiting_time(seen) == LONGEST


def test_a_pause_of_ours_says_nothing_of_the_list() -> None:
    seen = visits("abcdefgh")
    paused = [Visit(v.at + (30 * 24 * HOUR if n > 3 else 0 * HOUR), v.status, v.digest) for n, v in enumerate(seen)]
    assert waiting_time(paused) == waiting_time(seen) < HOUR


def test_the_oftener_it_changes_the_shorter_it_waits() -> None:
    waits = [waiting_time(visits(digests)) for digests in ("aaaaaaaa", "aaaaaaab", "aaaaaabc", "aaaabcde", "abcdefgh")]
    assert waits == sorted(waits, reverse=True) and len(set(waits[1:])) == 4


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.sampled_from((200, 200, 200, 503)), st.sampled_from("abc")), max_size=20),
    st.floats(0, 1e6),
)
def test_never_longer_than_half_a_day_and_always_an_answer(raw: list[tuple[float, int, str]], later: float) -> None:
    seen = [Visit(START + timedelta(seconds=at), status, digest) for at, status, digest in sorted(raw)]
    assert timedelta(0) <= waiting_time(seen) <= LONGEST < timedelta(hours=12)
    now = (seen[-1].at if seen else START) + timedelta(seconds=later)
    assert is_due(seen, now) or now - seen[-1].at < LONGEST


# --------------------------------------------------------------------------------------------------------- gone articles


@pytest.mark.parametrize(
    ("statuses", "gone"),
    [
        ((), None),
        ((200,), None),
        ((404,), None),  # it never was there
        ((404, 200), None),
        ((200, 404), 1),
        ((200, 410), 1),
        ((200, 404, 404, 410), 1),  # since the first time
        ((200, 404, 200), None),  # it came back
        ((200, 404, 200, 404), 3),
        ((200, 404, 503, 301), 1),  # a fault of the server says nothing
        ((200, 503), None),
        ((200, 301), None),
        ((404, 200, 403, 404), 3),
    ],
)
def test_an_article_is_gone_when_its_newest_answer_says_so(statuses: tuple[int, ...], gone: int | None) -> None:
    seen = [Visit(START + n * HOUR, status, "a") for n, status in enumerate(statuses)]
    expected = None if gone is None else START + gone * HOUR
    assert gone_since(seen) == gone_since(reversed(seen)) == expected
