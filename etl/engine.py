"""Where wide work runs: in this process when there is little of it, else in a pool of processes. Order is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

WORTH_A_POOL = 150  # items; below it, starting processes costs more than it saves
_CHUNK = 16


def in_order(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """`work` of each item, in the order of the items, with only a few chunks in memory. `work` and items must pickle."""
    coming = iter(items)
    first = list(islice(coming, WORTH_A_POOL))
    if workers <= 1 or len(first) < WORTH_A_POOL:
        yield from map(work, chain(first, coming))
        return
    coming = chain(first, coming)
    # spawn: a forked child would inherit this process's open databases and locks
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        while True:
            while len(waiting) < 2 * workers and (some := list(islice(coming, _CHUNK))):
                waiting.append(pool.submit(_each, work, some))
            if not waiting:
                return
            yield from waiting.popleft().result()


def _each(work: Callable[[Item], Result], items: list[Item]) -> list[Result]:
    return [work(item) for item in items]
