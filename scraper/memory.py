"""The memory of a crawl: how much it took at most, and an end when it takes more than it may."""

from __future__ import annotations

import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

_LOOK_EVERY = 0.1  # seconds
_STATM = Path("/proc/self/statm")
_STATUS = Path("/proc/self/status")


def peak_memory() -> int:
    """Bytes of this process's memory that were in use at once, at most.

    Linux's own count where there is one: that of getrusage begins with what the parent had.
    """
    if _STATUS.exists():
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def bound_memory(limit: int, last_words: Callable[[str], None]) -> None:
    """From now on this process ends, with exit status 1, when it uses more than `limit` bytes.

    `last_words` is told why, in one line. What grows too fast to be noticed in time is stopped at twice the limit by the
    system: Python raises MemoryError there.
    """
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    twice = 2 * limit if hard == resource.RLIM_INFINITY else min(2 * limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (twice, hard))

    def watch() -> None:
        while memory() <= limit:
            time.sleep(_LOOK_EVERY)
        last_words(
            f"it used more than {limit // 1_000_000} MB of memory and was ended; what it fetched is kept; "
            "AWARDS_CRAWL_MEMORY allows more"
        )
        os._exit(1)  # what was written stays readable: no clean-up is owed

    threading.Thread(target=watch, daemon=True).start()


def memory() -> int:
    """Bytes of memory that this process has in use; where the system does not say, the most that it ever had."""
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    except OSError:
        return peak_memory()
