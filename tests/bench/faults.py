"""Sites that misbehave on purpose: what each fault is counted as, what it leaves in the archive, and what it costs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.faults.misbehaving import DOES, FAULTS, MOST_MEMORY, Fault, Outcome, observe
from tests.faults.prepared import PreparedCrawls

_ALSO = ("lists_cut", "unchanged", "passed_over")  # counts that say of a fault what no failure does


def faults() -> str:
    """Faults of a site: what is counted, what is left, the memory at most (300 MB are allowed)"""
    rows, most, missed = [], 0, []
    with tempfile.TemporaryDirectory(prefix="awards-faults-") as folder:
        crawls = PreparedCrawls(Path(folder))
        for number, (name, fault) in enumerate(FAULTS.items()):
            out = observe(fault, Path(folder) / f"archive {number}", crawls)
            most = max(most, out.memory)
            went_on = out.finished and len(out.good) == 2
            if not went_on or (out.counted, out.kept) != (fault.counted, fault.kept):
                missed.append(name)
            left = (
                ", ".join(f"{count} x {kind}" if count > 1 else kind for kind, count in sorted(out.left.items())) or "-"
            )
            rows.append(
                f"| {name} | {DOES[name]} | {_counted(fault, out)} | {left} | {out.memory / 1e6:.0f} | {out.seconds:.1f} |"
            )
        crawls.close()
    return "\n".join([
        f"{len(rows)} faults, each beside two good articles in a feed: the crawl ended well and kept both"
        f" {'each time' if not missed else f'but for **{missed}**'}. Most memory: {most / 1e6:.0f} MB"
        f" of {MOST_MEMORY / 1e6:.0f}. What is left names statuses of the responses in the archive.", "",
        "| fault | what the site answers | counted as | left in the archive | peak MB | seconds |", "|---|---|---|---|---|---|",
        *rows,
    ])  # fmt: skip


def _counted(fault: Fault, out: Outcome) -> str:
    """The run's failures, else the counts that tell of it; in brackets what becomes of it."""
    counted = [f"{name} ({count})" for name, count in out.counted.items()]
    counted = counted or [f"*{name.replace('_', ' ')}* ({out.report[name]})" for name in _ALSO if out.report[name]]
    remark = f" [{fault.remark}]" if fault.remark else ""
    return (", ".join(counted) or "-") + remark
