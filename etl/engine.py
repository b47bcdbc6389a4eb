"""Where wide work runs: in this process when there is little of it, else in a pool of processes. Order is kept."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TypeVar

from etl import logs
from etl.model import AwardsError

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
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (logs.current(),)) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        try:
            while True:
                while len(waiting) < 2 * workers and (some := list(islice(coming, _CHUNK))):
                    waiting.append(pool.submit(_each, work, some))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        except BrokenProcessPool as error:
            raise AwardsError("a process that read pages was killed (out of memory?): set AWARDS_WORKERS=1") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _begin(setup: logs.Setup | None) -> None:
    _end_with_parent()
    logs.again(setup)


def _end_with_parent() -> None:
    """End this worker when the process that started it is gone: it would wait for work for ever."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _each(work: Callable[[Item], Result], items: list[Item]) -> list[Result]:
    return [work(item) for item in items]
