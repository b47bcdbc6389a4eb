"""A process that has loaded the command `awards` and forks for each call: a tenth of the time of a fresh interpreter.

Each call is a process of its own with its own environment, folder and streams; `main` runs in it as it does otherwise, and
so do the crawls that it starts, which are forked too. Tests of signals, terminals and first starts use fresh interpreters
(`Awards.start`), and so does the replay that `first_run` has for all: there the command line of a crawl is what is tested.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn


class Prepared:
    """The process that waits, and how to make it call."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.prepared"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def call(self, arguments: tuple[str, ...], environment: dict[str, str], folder: Path) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of `awards ARGUMENTS`, run in a folder."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with tempfile.TemporaryDirectory(prefix="awards-call-") as own:
            out, err = Path(own, "out"), Path(own, "err")
            order = {
                "arguments": arguments,
                "environment": environment,
                "folder": str(folder),
                "out": str(out),
                "err": str(err),
            }
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            return code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


class Forking(subprocess.Popen[str]):
    """As any, but a crawl (`python -m scraper.crawl ...`) is a fork of this process instead of a fresh interpreter."""

    def __init__(self, args: Sequence[str], **given: Any) -> None:
        if list(args[1:3]) == ["-m", "scraper.crawl"]:
            given["preexec_fn"] = partial(_crawl, args[3:])  # called in the child; it never comes to `exec`
        super().__init__(args, **given)


def _crawl(arguments: Sequence[str]) -> NoReturn:
    gc.freeze()  # what is the parent's (a connection) is not taken apart here
    os.closerange(3, 4096)  # also the pipe by which the parent waits for `exec`
    sys.argv = ["scraper.crawl", *arguments]
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115  # without what the parent has not yet said
    from scraper.crawl import main

    _exit_after(lambda: sys.exit(main()))


def load_crawls() -> None:
    """Load what a crawl loads, but for the reactor, which no two processes can share."""
    import lxml.etree
    import scrapy.core.engine
    import scrapy.core.scheduler
    import scrapy.squeues
    from scrapy.utils.misc import load_object

    from scraper.settings import LIVE

    for kind in ("DOWNLOADER_MIDDLEWARES", "EXTENSIONS"):
        for name in LIVE[kind]:
            load_object(name)
    load_object(LIVE["DOWNLOAD_HANDLERS"]["http"])
    assert lxml.etree and scrapy.core.engine and scrapy.core.scheduler and scrapy.squeues
    assert "twisted.internet.reactor" not in sys.modules, "a reactor cannot be shared"


def _serve() -> None:
    from etl.cli import app, main
    from scraper.sites import spiders

    app()  # all commands
    spiders()
    load_crawls()
    subprocess.Popen = Forking  # type: ignore[assignment,misc]
    gc.freeze()  # or each child's first collection would copy all that is loaded here
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(order)
            _exit_after(main)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(order: dict[str, Any]) -> None:
    environment: dict[str, str] = order["environment"]
    os.setsid()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["awards", *order["arguments"]]
    sys.path[:0] = environment.get("PYTHONPATH", "").split(os.pathsep)
    for number, name in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        file = os.open(name, os.O_RDWR | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115  # else what was read ahead would be there again


def _exit_after(main: Callable[[], None]) -> NoReturn:
    """Run and exit as an interpreter does, but without taking everything apart, which takes longest."""
    code: int | str | None = 1
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001  # as any interpreter ends
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve()
