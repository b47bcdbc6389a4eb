"""A process that has loaded the command `awards` and forks for each call: a tenth of the time of a fresh interpreter.

Each call is a process of its own with its own environment, folder and streams; `main` runs in it as it does otherwise.
Tests of signals, terminals and first starts use fresh interpreters (`Awards.start`).
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
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


def _serve() -> None:
    from etl.cli import main
    from scraper.sites import spiders

    spiders()
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
