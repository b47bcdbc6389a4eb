"""`make bench`: every benchmark in turn; prints them and writes tests/bench/RESULTS.md."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import (
    asking,
    cleaning,
    crawling,
    day,
    exporting,
    extraction,
    faults,
    generic,
    loading,
    operations,
    pipeline,
    proposals,
    reading,
    ruling,
    scheduling,
)

RESULTS = Path(__file__).with_name("RESULTS.md")
EXTRACTION = (
    extraction.scores,
    extraction.calibration,
    extraction.general_news,
    extraction.speed,
    extraction.agreement,
)
CLEANING = (cleaning.texts, generic.speed, cleaning.memory, cleaning.mutations)
PROPOSALS = (proposals.proposed_layouts, proposals.proposed_patterns)
BENCHMARKS = (
    reading.reading,
    pipeline.main_job,
    crawling.crawling,
    crawling.many_pages,
    faults.faults,
    day.a_day,
    *CLEANING,
    generic.generic,
    asking.asking,
    exporting.exporting,
    *PROPOSALS,
    *EXTRACTION,
    loading.same_award,
    loading.speed,
    ruling.rulings,
    scheduling.exactly_once,
    scheduling.many_jobs,
    scheduling.memory,
    operations.take_downs,
    operations.much,
)


def main() -> None:
    """Run all, or those whose name contains a word given on the command line (then nothing is written)."""
    words = sys.argv[1:]
    chosen = [b for b in BENCHMARKS if not words or any(w in f"{b.__module__}.{b.__name__}" for w in words)]
    machine = f"CPython {platform.python_version()}, {platform.machine()}"
    parts = [f"# Figures of {datetime.now(UTC):%Y-%m-%d}\n\n{machine}. Written by `make bench`.\n"]
    for benchmark in chosen:
        section = f"## {(benchmark.__doc__ or benchmark.__name__).splitlines()[0]}\n\n{benchmark()}\n"
        print(section)
        parts.append(section)
    if not words:
        RESULTS.write_text("\n".join(parts), encoding="utf-8")


main()
