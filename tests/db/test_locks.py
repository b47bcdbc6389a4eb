"""One at a time, on both databases: who comes second is told who was first; what a dead process held is free."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.connect import connect
from db.locks import Taken, take

HOLDER = """
import sys, time
from pathlib import Path
from db.connect import connect
from db.locks import take
held = take(connect(sys.argv[1]), Path(sys.argv[2]), "crawl of detik", "run")
print("held", flush=True)
time.sleep(60)
"""


def test_the_second_is_told_who_was_first(engine: Engine, tmp_path: Path) -> None:
    other = connect(engine.url.render_as_string(hide_password=False))
    release = take(engine, tmp_path, "crawl of detik", "run")
    start = time.monotonic()
    with pytest.raises(
        Taken, match=rf"another crawl of detik goes on \(run: pid {os.getpid()} on .+\); nothing was done"
    ):
        take(other, tmp_path, "crawl of detik", "run", patience=30)
    assert time.monotonic() - start < 10, "two runs do not wait for each other"
    take(other, tmp_path, "crawl of kompas", "run")()
    release()
    take(other, tmp_path, "crawl of detik", "run")()
    other.dispose()


def test_another_kind_of_work_is_waited_for(engine: Engine, tmp_path: Path) -> None:
    other = connect(engine.url.render_as_string(hide_password=False))
    release = take(engine, tmp_path, "crawl of detik", "backfill")
    with pytest.raises(Taken, match="backfill: pid"):
        take(other, tmp_path, "crawl of detik", "run", patience=0.1)
    timer = threading.Timer(1.0, release)  # by another thread than the one that took it
    timer.start()
    take(other, tmp_path, "crawl of detik", "run", patience=30)()
    timer.join()
    other.dispose()


def test_a_dead_process_holds_nothing(url: str, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, url, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        engine = connect(url)
        with pytest.raises(Taken):
            take(engine, tmp_path, "crawl of detik", "run")
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
    take(engine, tmp_path, "crawl of detik", "canary", patience=20)()
    engine.dispose()
