"""Wide work: order kept, little in memory, the same in a pool as without, and no worker that outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.engine import WORTH_A_POOL, in_order
from etl.model import AwardsError


def doubled(number: int) -> int:
    return 2 * number


def process_id(_: int) -> int:
    return os.getpid()


def killed_at(number: int) -> int:
    if number == WORTH_A_POOL + 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def failing_at(number: int) -> int:
    if number == WORTH_A_POOL + 5:
        raise ValueError(f"number {number}")
    return number


@pytest.mark.parametrize("items", [0, 1, WORTH_A_POOL - 1, WORTH_A_POOL, WORTH_A_POOL + 1, 1000])
@pytest.mark.parametrize("workers", [1, 2])
def test_results_in_the_order_of_the_items(items: int, workers: int) -> None:
    assert list(in_order(doubled, iter(range(items)), workers)) == [2 * n for n in range(items)]


def test_much_work_runs_elsewhere_and_little_here() -> None:
    here = os.getpid()
    assert set(in_order(process_id, range(WORTH_A_POOL - 1), 2)) == {here}
    assert set(in_order(process_id, range(1000), 1)) == {here}
    assert here not in set(in_order(process_id, range(WORTH_A_POOL), 2))


def test_items_are_taken_as_they_are_needed() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield number

    results = in_order(doubled, items(), 2)
    assert next(results) == 0
    assert taken < 2 * WORTH_A_POOL
    results.close()  # type: ignore[attr-defined]  # it is a generator, and a caller may have had enough
    assert taken < 2 * WORTH_A_POOL


def test_a_fault_in_a_worker_is_raised_where_its_result_belongs() -> None:
    results = in_order(failing_at, range(1000), 2)
    with pytest.raises(ValueError, match=f"number {WORTH_A_POOL + 5}"):
        list(results)


def test_a_worker_that_is_killed_is_said_in_one_line() -> None:
    with pytest.raises(AwardsError, match="AWARDS_WORKERS=1") as raised:
        list(in_order(killed_at, range(1000), 2))
    assert "\n" not in str(raised.value)


POOL = """
import time
from etl.engine import in_order

def slow(number):
    print(number, flush=True)
    time.sleep(60)

if __name__ == "__main__":
    list(in_order(slow, range(1000), 2))
"""


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    from tests.awards import group_is_gone, until  # here, because each worker of the tests above loads this module

    (tmp_path / "pool.py").write_text(POOL, encoding="utf-8")
    with (tmp_path / "out").open("w") as out:
        process = subprocess.Popen(
            [sys.executable, str(tmp_path / "pool.py")], stdout=out, text=True, start_new_session=True
        )
    assert until(lambda: len((tmp_path / "out").read_text().split()) == 2), "two workers have begun"
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    assert until(lambda: group_is_gone(process), 10)
