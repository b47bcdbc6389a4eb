"""The main job as its user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter


def main_job() -> str:
    """`awards run --replay sample`: wall time of the first and the second run

    Against a Python process that only imports Scrapy and starts its reactor's module, in the same run.
    """
    with tempfile.TemporaryDirectory() as folder:
        bare = _seconds([sys.executable, "-c", "import scrapy.crawler, twisted.internet.asyncioreactor"], folder)
        job = [sys.executable, "-m", "etl", "run", "--replay", "sample"]
        first, second = _seconds(job, folder), _seconds(job, folder)
        stored = sum(path.stat().st_size for path in Path(folder).rglob("*.warc.gz")) / 1000
    rows = [
        ("a process that imports Scrapy", bare),
        ("first run (6 crawls, 43 pages read)", first),
        ("second run", second),
    ]
    table = [f"| {name} | {seconds:.1f} | {seconds / bare:.1f} |" for name, seconds in rows]
    head = f"The archive then holds {stored:.0f} kB; the second run stores no body.\n"
    return "\n".join([head, "| what | seconds | times the bare import |", "|---|---|---|", *table])


def _seconds(command: list[str], folder: str) -> float:
    environment = {**os.environ, "AWARDS_DATA": folder, "AWARDS_DB": ""}
    start = perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=300)
    return perf_counter() - start
