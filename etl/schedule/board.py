"""What is printed of jobs and schedulers: when they are due, what became of due times, who lives. Stores nothing."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from etl.output.show import json_out, out, table, when
from etl.schedule.jobs import ZONE
from etl.schedule.roster import Life, Roster, Standing, life_of
from etl.schedule.timetable import Cron


def status(
    totals: Mapping[str, Mapping[str, Any]], last: Mapping[str, Mapping[str, Any] | None], found: Roster, as_json: bool
) -> None:
    """What is stored of each site, its last run and its next; then the jobs of no site, and the schedulers."""
    runs = {s.job.site: s for s in found.standings if s.job.name == f"run-{s.job.site}"}
    rows = [
        {
            **{k: v for k, v in totals.get(name, {}).items() if k != "site"}, "site": name,
            "last_run": (run := last.get(name)) and when(run["started_at"]), "verdict": run and run["verdict"],
            **_standing(runs.get(name)), "scheduler": str(found.life),
        }
        for name in last
    ]  # fmt: skip
    if as_json:
        json_out(rows)
        return
    columns = ("site", "pages", "articles", "misfits", "mentions", "conferrals", "last_run", "verdict", "next_due")
    table(rows, (*columns, *(("overdue_since",) if any(row["overdue_since"] for row in rows) else ())))
    out.print()
    others = [{"job": s.job.name, **_standing(s)} for s in found.standings if s.job.site is None]
    table(others, ("job", "state", "last_good", "next_due", "overdue_since"))
    out.print()
    for line in _schedulers(found):
        out.print(line, soft_wrap=True)


def _standing(standing: Standing | None) -> dict[str, Any]:
    """All times in one zone, that of `when`; `state` is running, waiting or that of the last due time."""
    if standing is None:
        return dict.fromkeys(("next_due", "last_good", "state", "overdue_since"))
    row = standing.ledger
    last = row.get("last") or {}
    state = "running" if row.get("running_since") else "waiting" if row.get("waiting_since") else last.get("state")
    return {
        "next_due": standing.next_due and when(standing.next_due),
        "last_good": row.get("last_good") and when(row["last_good"]),
        "state": state if standing.job.enabled else "off",
        "overdue_since": standing.overdue_since and when(standing.overdue_since),
    }


def _local(standing: Standing) -> str | None:
    if standing.next_due is None:
        return None
    timetable = standing.job.timetable
    zone = ZoneInfo(timetable.zone if isinstance(timetable, Cron) else ZONE)
    return standing.next_due.astimezone(zone).isoformat(sep=" ", timespec="minutes")


def _schedulers(found: Roster) -> list[str]:
    if found.life is Life.NONE:
        return ["no scheduler has run yet: `awards schedule` is one"]
    lines = []
    for row in found.schedulers:
        where, life = f"scheduler on {row['host']} (pid {row['pid']})", life_of(row, found.now)
        if life is Life.ALIVE:
            quiet = "its jobs are done" if row["next_due"] is None else f"next due {when(row['next_due'])}"
            lines.append(f"{where}: alive, last heartbeat {when(row['beat_at'])}, {quiet}")
        elif life is Life.DEAD:
            lines.append(f"{where}: DEAD, last heartbeat {when(row['beat_at'])}: start `awards schedule` again")
        elif found.life is Life.STOPPED:
            lines.append(f"{where}: {row['ending']} at {when(row['ended_at'])}")
        if row["trouble"] and life is not Life.STOPPED:
            lines.append(f"  could not reach the ledger once, for {row['trouble']}")
    return lines


def schedule(standings: Sequence[Standing], as_json: bool = False) -> None:
    """The jobs, soonest first; those that are off at the end."""
    rows = [
        {
            "next_due": _local(s), "job": s.job.name, "times": str(s.job.timetable), "catch_up": str(s.job.catch_up),
            "priority": s.job.priority, "command": "awards " + shlex.join(s.job.command), "off": not s.job.enabled,
            "site": s.job.site, "limit": s.job.limit, "jitter": s.job.jitter,
        }
        for s in sorted(standings, key=lambda s: (s.next_due is None, s.next_due, s.job.name))
    ]  # fmt: skip
    if as_json:
        json_out(rows)
        return
    for row in rows:
        row["next_due"] = row["next_due"] or "off"
    table(rows, ("next_due", "job", "times", "catch_up", "command"))


def occurrences(rows: Sequence[Mapping[str, Any]], as_json: bool, logs: bool = False) -> None:
    """History of jobs, newest first; `logs`: each with the end of what its process said."""
    if as_json:
        json_out(list(rows))
        return
    shown = [
        {**row, **{name: row[name] and when(row[name]) for name in ("due_at", "started_at", "ended_at")}}
        for row in rows
    ]
    table(shown, ("due_at", "job", "state", "started_at", "ended_at", "exit_code", "attempts", "reason"))
    for row in rows if logs else ():
        out.print(f"\n{row['job']} {when(row['due_at'])}\n{row['log'] or 'its process said nothing'}", soft_wrap=True)
