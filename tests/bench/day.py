"""One whole day, the clock moved: what `awards run` counts at each outlet's own times, and what is left in the end."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from etl.health import Verdict
from tests.awards import Awards
from tests.simulated_day import OUTLETS, simulate, table


def a_day() -> str:
    """A whole day of seven outlets, the clock moved: `awards run` at their own times, against servers that change by the hour"""
    with tempfile.TemporaryDirectory(prefix="awards-day-") as folder:
        day = simulate(Path(folder), OUTLETS, Awards(Path(folder) / "data"))
        rows, bodies = day.awards.rows(), day.awards.bodies()
        check = day.awards("db", "check")
    verdicts = Counter(row["verdict"] for row in day.visits)
    missing = [str(verdict) for verdict in Verdict if verdict not in verdicts]
    sums = {name: len(rows[name]) for name in ("article", "article_version", "mention", "conferral")}
    published = sum(len(outlet.news) for outlet in OUTLETS.values())
    gone = sum(row["gone_at"] is not None for row in rows["article"])
    return "\n".join([
        f"{len(day.visits)} visits: {', '.join(f'{verdict} {count}' for verdict, count in verdicts.most_common())}"
        f"{f' (none is {missing})' if missing else ''}.",
        f"Left: {sums['article']} articles of {published} published, in {sums['article_version']}"
        f" versions, {gone} marked as gone; {sums['mention']} mentions, {sums['conferral']} conferrals;"
        f" {len(bodies)} bodies, {len(bodies) - len(set(bodies))} of them twice; `awards db check` ends with {check.code}.", "",
        "What the outlets do: "
        "pagi corrects two articles, siang takes one away, sore is down from 10 to 14, malam answers 403 from 12 to 16, subuh has"
        " another layout from 13 on, petang publishes six articles without their text at 18:30, fajar's lists have another markup"
        " from 19 on. All but petang publish an article every four hours.", "",
        table(day),
    ])  # fmt: skip
