"""What others take in one go: all conferrals in every form, out of many, and beside a loader that writes.

    AWARDS_BENCH_MENTIONS=1000000 AWARDS_BENCH_FOLDER=... python -m tests.bench exporting

Each is the command as people call it, so that seconds and memory are those of the whole process.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter
from typing import Final

from tests.bench import asking

_COMMANDS: Final = {
    "csv": ("find", "--format", "csv", "--out", "all.csv"),
    "jsonl": ("find", "--format", "jsonl", "--out", "all.jsonl"),
    "parquet": ("find", "--out", "all.parquet"),
    "xlsx": ("find", "--out", "all.xlsx"),
    "one province, csv": ("find", "--region", "35", "--out", "province.csv"),
    "changed since 2026, csv": ("find", "--changed-since", "2026-01-01", "--out", "changed.csv"),
    "publish: csv, json, parquet, xlsx": ("publish",),
}


def exporting() -> str:
    """All conferrals as files: seconds by the clock and of the processor, most memory in MB, size in MB"""
    lines = [
        "| mentions | database | what | seconds | of processor time | memory | size |",
        "|---:|---|---|---:|---:|---:|---:|",
    ]
    with asking.folder() as folder:
        for size, name, url in asking.databases(folder):
            asking.filled(url, size).dispose()
            for what, command in _COMMANDS.items():
                seconds, processor, memory, written = _called(command, url, folder / "taken")
                figures = f"{seconds:.1f} | {processor:.1f} | {memory:.0f} | {written:.1f}"
                lines.append(f"| {size:,} | {name} | {what} | {figures} |")
    return "\n".join(lines)


_TELLS_ITS_MEMORY: Final = """
import atexit, sys
from pathlib import Path
atexit.register(lambda: print(Path("/proc/self/status").read_text(), file=sys.stderr))
from etl.cli import main
main()
"""
"""What the system counts of a process that has ended is at least what its parent had."""


def _called(command: tuple[str, ...], url: str, folder: Path) -> tuple[float, float, float, float]:
    folder.mkdir(exist_ok=True)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        path.unlink()
    environment = {**os.environ, "AWARDS_DB": url, "AWARDS_DATA": str(folder), "PYTHONPATH": str(Path.cwd())}
    before = getrusage(RUSAGE_CHILDREN)
    start = perf_counter()
    ran = subprocess.run(
        [sys.executable, "-c", _TELLS_ITS_MEMORY, *command],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=3600, check=False,
    )  # fmt: skip
    seconds, after = perf_counter() - start, getrusage(RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = re.search(r"VmHWM:\s+(\d+) kB", ran.stderr)
    if ran.returncode or peak is None:
        raise RuntimeError(f"awards {' '.join(command)} failed: {ran.stderr[-500:]}")
    written = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return seconds, processor, int(peak[1]) / 1024, written / 1e6
