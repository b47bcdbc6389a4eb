"""Jobs as processes: each under a warden (warden.py) that ends it with the scheduler. Knows no ledger."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from etl.run.crawling import tail
from etl.schedule.due import DUE_AT, JOB, Ending
from etl.schedule.jobs import Job

WARDEN = Path(__file__).with_name("warden.py")
AWARDS = (sys.executable, "-m", "etl")
QUIET = 0.7  # of a lease: after such a silence a warden ends its job, politely ...
GRACE = 0.2  # ... and after this much more by force, both before another scheduler may begin it
LONGEST_GRACE = 20.0  # seconds


@dataclass(slots=True)
class Child:
    """A job that runs. `owner` is the scheduler that claimed it, `end_at` its time limit in monotonic seconds."""

    job: Job
    due_at: datetime
    owner: str
    process: subprocess.Popen[bytes]
    log: Path
    end_at: float
    code: int | None = None  # exit status, None while it runs
    ending: Ending | None = None

    def is_its_own(self) -> None:
        """Say that the job is still this scheduler's."""
        self._tell(b".")

    def end(self, why: Ending, at_once: bool = False) -> None:
        """Have it ended, politely or at once; the first reason stands."""
        self.ending = self.ending or why
        self._tell(b"k" if at_once else b"t")

    def said(self) -> tuple[str | None, str | None]:
        """The end of its log, and the last line in which it complained."""
        text = tail(self.log)
        complaints = [line for line in (text or "").splitlines() if line.startswith("awards: ")]
        return text, complaints[-1].removeprefix("awards: ") if complaints else None

    def is_stored(self) -> None:
        """Say that its exit status is in the ledger, or no longer this scheduler's to store: the warden may go."""
        assert self.process.stdin is not None
        self._tell(b"a")
        with suppress(BrokenPipeError):
            self.process.stdin.close()

    def _tell(self, word: bytes) -> None:
        assert self.process.stdin is not None
        with suppress(BrokenPipeError, BlockingIOError):  # it has ended; it is stopped, and wakes to a full pipe
            os.write(self.process.stdin.fileno(), word)


def start(
    job: Job, due_at: datetime, owner: str, lease: float, logs: Path, program: Sequence[str], ended: Callable[[], None]
) -> Child:
    """Start a job; `ended` is called, in a thread of its own, when it has ended. Raises OSError.

    `lease` in seconds; `program` is what its command is given to.
    """
    log = logs / f"job-{job.name}.log"
    due = due_at.isoformat()
    note = [sys.executable, "-m", "etl.schedule.note", owner, job.name, due]
    warden = [sys.executable, "-I", "-S", str(WARDEN)]
    warden += [str(lease * QUIET), str(min(LONGEST_GRACE, lease * GRACE)), str(len(note)), *note]
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*warden, *program, *job.command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said,
            start_new_session=True, env={**os.environ, JOB: job.name, DUE_AT: due},
        )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    os.set_blocking(process.stdin.fileno(), False)
    child, report = Child(job, due_at, owner, process, log, time.monotonic() + job.limit), process.stdout

    def wait() -> None:
        with report:
            status = report.readline()
        if not status.strip().isdigit():  # the warden itself was killed, and its job with it or not: nobody knows
            status = b"%d" % (128 + signal.SIGKILL)
        child.code = int(status)
        ended()
        process.wait()

    threading.Thread(target=wait, name=f"waits for {job.name}", daemon=True).start()
    return child
