"""kill -9 in the middle: the run after it gives what an undisturbed one gives, and nothing is stored twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.awards import Awards, Ran, ended, group_is_gone, kill_group, until

DETIK = ("run", "detik", "--replay", "sample")  # lists by day, validators
TWO = ("run", "detik", "merdeka", "--replay", "sample")  # and a feed, and none
WHOLE = ("run", "--replay", "sample")


@pytest.fixture(scope="module")
def detik(tmp_path_factory: pytest.TempPathFactory) -> Awards:
    """What a run of one site gives when nobody disturbs it."""
    made = Awards(tmp_path_factory.mktemp("detik") / "data")
    assert made(*DETIK).code == 0
    return made


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Awards:
    """What a run of two sites gives when nobody disturbs it."""
    made = Awards(tmp_path_factory.mktemp("two") / "data")
    assert made(*TWO).code == 0
    return made


def size(awards: Awards) -> int:
    return sum(path.stat().st_size for path in (awards.data / "archive").rglob("*.warc.gz"))


def share(of_all: float) -> Callable[[Awards, Awards], bool]:
    return lambda awards, undisturbed: size(awards) >= of_all * size(undisturbed)


# By what has happened, not by the clock: a busy machine must not move all of them to before the first byte.
MOMENTS: dict[str, Callable[[Awards, Awards], bool]] = {
    "the tables are being made": lambda a, _: (a.data / "awards.db").exists(),
    "the crawls are starting": lambda a, _: bool(list((a.data / "logs").glob("*.log"))),
    "the first bytes are kept": lambda a, _: size(a) > 0,
    "a third is fetched": share(0.33),
    "two thirds are fetched": share(0.66),
    "all is fetched": share(0.999),
    "the pages are loaded and the run is not noted": lambda a, _: has_pages(a),
}


def has_pages(awards: Awards) -> bool:
    """Whether the first transaction with pages has been kept."""
    try:
        with closing(sqlite3.connect(f"file:{awards.data / 'awards.db'}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT count(*) FROM page").fetchone()[0])
    except sqlite3.OperationalError:
        return False  # no file or no tables yet


def assert_same(awards: Awards, undisturbed: Awards) -> None:
    assert awards.rows() == undisturbed.rows()
    assert set(awards.captures()) == set(undisturbed.captures())
    assert awards.bodies() == undisturbed.bodies()
    assert len(awards.bodies()) == len(set(awards.bodies()))


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_with_all_its_children_and_run_again(awards: Awards, detik: Awards, moment: str) -> None:
    process = awards.start(*DETIK)
    came = until(lambda: process.poll() is not None or MOMENTS[moment](awards, detik))
    kill_group(process)
    ended(process)
    assert came and process.returncode == -signal.SIGKILL, "the moment did not come"
    again = awards(*DETIK)
    assert again.code == 0, again.err
    assert_same(awards, detik)


def test_killed_again_and_again_at_random_moments(awards: Awards, two: Awards) -> None:
    chance, killed = random.Random(20261120), 0
    for _ in range(3):
        process = awards.start(*TWO)
        assert until(lambda: bool(list((awards.data / "logs").glob("*.log"))))
        time.sleep(chance.uniform(0.2, 1.6))
        kill_group(process)
        killed += ended(process).code == -signal.SIGKILL
    assert killed >= 2, "the moments came too late to say anything"
    assert awards(*TWO).code == 0
    assert_same(awards, two)


def test_the_whole_sample_killed_half_way(awards: Awards, sample: Awards, first_run: tuple[Awards, Ran]) -> None:
    process = awards.start(*WHOLE)
    assert until(lambda: process.poll() is not None or share(0.5)(awards, sample))
    kill_group(process)
    assert ended(process).code == -signal.SIGKILL
    assert awards(*WHOLE).code == 0
    assert_same(awards, sample)


def test_when_only_the_parent_is_killed_its_crawls_end_by_themselves(awards: Awards, two: Awards) -> None:
    process = awards.start(*TWO)
    assert until(lambda: process.poll() is not None or size(awards) > 0)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    assert until(lambda: group_is_gone(process), 5), "a crawl goes on without its parent"
    process.communicate(timeout=5)
    again = awards(*TWO)
    assert again.code == 0, again.err
    assert_same(awards, two)


def test_a_killed_crawl_alone_fails_its_site_and_no_other(awards: Awards, two: Awards) -> None:
    process = awards.start(*TWO)
    assert until(lambda: process.poll() is not None or crawl_of(process.pid, "detik") is not None)
    os.kill(crawl_of(process.pid, "detik") or 0, signal.SIGKILL)
    ran = ended(process)
    assert ran.code == 1
    assert "the crawl of detik broke off" in ran.complaint and "detik.log" in ran.complaint
    assert {row["site"]: row["verdict"] for row in ran.table()} == {"detik": "failed", "merdeka": "OK"}
    assert awards(*TWO).code == 0
    assert_same(awards, two)


def crawl_of(parent: int, site: str) -> int | None:
    """The process that crawls a site for another."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            words = status.with_name("cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(fields[1]) == parent and b"scraper.crawl" in words and site.encode() in words:
            return int(status.parent.name)
    return None


def test_two_runs_of_a_site_at_once_double_nothing(awards: Awards, detik: Awards) -> None:
    both = [ended(process) for process in [awards.start(*DETIK) for _ in range(2)]]
    assert 0 in {ran.code for ran in both}
    for ran in both:
        assert "Traceback" not in ran.err
        if ran.code:
            assert "another crawl of detik" in ran.complaint
    assert awards(*DETIK).code == 0
    assert len(awards.captures()) == len({(url, at) for _, url, at, _ in awards.captures()})
    assert_same(awards, detik)
