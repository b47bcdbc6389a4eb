"""Where wide work runs: in this process when there is little of it, else in a pool of processes. Order is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_WORTH_A_POOL = 150  # items; below it, starting processes costs more than it saves
_CHUNK = 16


def in_order(work: Callable[[Item], Result], items: Sequence[Item], workers: int) -> Iterator[Result]:
    """`work` of each item, in the order of the items. `work` and items must pickle."""
    if workers <= 1 or len(items) < _WORTH_A_POOL:
        yield from map(work, items)
        return
    # spawn: a forked child would inherit this process's open databases and locks
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, items, chunksize=_CHUNK)
