"""A process that has loaded the crawl and forks for each one: a fifth of the time of a fresh interpreter.

Each crawl is a process of its own, whose stdout and stderr are files; what runs in it is tests/scraper/local_crawl.py.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.prepared import _exit_after, load_crawls
from tests.scraper.crawling import ROOT, Crawled, command


@dataclass
class Crawling:
    """A crawl that has begun."""

    pid: int
    out: Path
    err: Path
    nursery: PreparedCrawls

    def kill(self) -> None:
        """kill -9, if it is still there: nobody takes its number before `ended` was asked."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def ended(self) -> Crawled:
        """Wait for its end."""
        code = self.nursery.answer()
        said: dict[str, Any] = {}
        for line in self.out.read_text(encoding="utf-8").splitlines():
            if code >= 0 or line.endswith("}"):  # what was killed may have been speaking
                said |= json.loads(line)
        return Crawled(code, said, self.err.read_text(encoding="utf-8"))


class PreparedCrawls:
    """The process that waits. One crawl at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.prepared"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=ROOT,
        )  # fmt: skip
        self.answer()

    def start(self, archive: Path | str, declare: dict[str, Any], *flags: str, **order: Any) -> Crawling:
        """Begin a crawl; the arguments are those of tests.scraper.crawling.crawl."""
        assert self._process.stdin is not None
        out, err = self._folder / "out", self._folder / "err"
        told = {"arguments": command(archive, declare, *flags, **order)[3:], "out": str(out), "err": str(err)}
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return Crawling(self.answer(), out, err, self)

    def answer(self) -> int:
        """The number that it says next."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


def _serve() -> None:
    from etl.gazetteer import series_names
    from tests.scraper.local_crawl import main

    load_crawls()
    series_names()
    gc.freeze()
    print(0, flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(order)
            _exit_after(lambda: sys.exit(main()))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(order: dict[str, Any]) -> None:
    sys.argv = ["local_crawl", *order["arguments"]]
    for number, name in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115  # else what was read ahead would be there again


if __name__ == "__main__":
    _serve()
