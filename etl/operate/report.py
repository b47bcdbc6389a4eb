"""What the commands that operate the project print: take-downs, backups, alerts. Data to stdout, all else to stderr."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from etl.output.show import counted, err, json_out, table, when

if TYPE_CHECKING:
    from db.tombstones import Tombstone
    from etl.operate.alerts import Alert
    from etl.operate.backup import Backup, Made, Restored
    from etl.operate.takedown import Done
    from etl.operate.watch import Told


def tombstones(decisions: Sequence[Tombstone], as_json: bool) -> None:
    """What was decided to be taken down, oldest first."""
    if as_json:
        json_out([asdict(each) for each in decisions])
        return
    rows = [
        {
            "what": each.id, "decided": f"{each.decided_at:%Y-%m-%d}", "reason": each.reason, "same as": each.alias_of,
            "gone": f"{each.purged_at:%Y-%m-%d}" if each.purged_at else "not yet", "captures": each.captures,
        }
        for each in decisions
    ]  # fmt: skip
    table(rows, ("what", "decided", "reason", "same as", "gone", "captures"))


def taken_down(done: Done, held: Sequence[str], as_json: bool) -> None:
    """What a take-down or a sweep did, without a word of what it took down. `held`: backups made before it."""
    held = held if done.captures else ()
    if as_json:
        json_out({**asdict(done), "decided": [each.id for each in done.decided], "backups_made_before": list(held)})
        return
    for each in done.decided:
        err.print(
            f"taken down: {each.id}" + (f", the same article as {each.alias_of}" if each.alias_of else ""),
            soft_wrap=True,
        )
    err.print(
        f"{counted(done.pages, 'page')} without rows now; {counted(done.captures, 'capture')}, {done.size} bytes, gone from the "
        f"archive; {counted(done.articles_read_again, 'article')} read again without a person's name, "
        f"{done.articles_masked} found by it no more",
        soft_wrap=True,
    )
    if held:
        err.print(
            f"{counted(len(held), 'backup')} made before may still hold these bytes (the newest: {held[-1]}): they go as they"
            " are pruned, or now with `AWARDS_BACKUP_KEEP=1 awards backup`, which makes a new one and deletes all others",
            style="yellow", soft_wrap=True,
        )  # fmt: skip
    for site, why in done.waiting.items():
        err.print(
            f"{site}: the rest waits for the next `awards takedown --sweep`: {why}", style="yellow", soft_wrap=True
        )
    if done.naming:
        err.print(
            "these articles' texts still hold the name; take them down by address where they are to go too:",
            soft_wrap=True,
        )
        for url in done.naming:
            print(url)


def lifted(count: int) -> None:
    """How many decisions were taken back."""
    if count:
        taken_back = f"{counted(count, 'decision')} taken back"
        err.print(f"{taken_back}; the next crawl may fetch what the outlet still publishes", soft_wrap=True)
    else:
        err.print("there was no such decision; `awards takedown --list` shows all")


def backups(found: Sequence[Backup], as_json: bool) -> None:
    """The backups that are there, oldest first."""
    rows = [
        {"backup": str(each.folder), "made_at": each.made_at, "files": len(each.files), "bytes": each.size}
        for each in found
    ]
    if as_json:
        json_out(rows)
    else:
        table(rows, ("backup", "files", "bytes"))


def backup_made(made: Made, as_json: bool) -> None:
    """What `awards backup` did."""
    facts = {
        "backup": str(made.backup.folder), "files": len(made.backup.files), "bytes": made.backup.size,
        "bytes_new": made.copied, "seconds": round(made.seconds, 1), "pruned": made.pruned, "logs_deleted": made.logs,
    }  # fmt: skip
    if as_json:
        json_out(facts)
        return
    print(made.backup.folder)
    went = f"; gone: {', '.join(made.pruned)}" if made.pruned else ""
    err.print(
        f"{facts['files']} files, {made.backup.size} bytes, of which {made.copied} were new, in {made.seconds:.1f} s{went}",
        soft_wrap=True,
    )


def verified(backup: Backup, wrong: Sequence[str]) -> None:
    """Whether a backup is whole."""
    for line in wrong:
        err.print(line, style="red", soft_wrap=True)
    if not wrong:
        err.print(f"{backup.folder} is whole: {len(backup.files)} files, {backup.size} bytes", soft_wrap=True)


def restored(done: Restored) -> None:
    """What `awards restore` did, and what is wrong."""
    for line in done.wrong:
        err.print(line, style="red", soft_wrap=True)
    parts = [f"{done.backup.folder.name} is restored"]
    parts += ["the derived rows were made again from the archive"] if done.rebuilt else []
    parts += [f"{done.taken_down} later take-downs were done again"] if done.taken_down else []
    parts += ["rows, evidence and archive agree"] if not done.wrong else []
    err.print("; ".join(parts), soft_wrap=True)


def alerts(known: Sequence[Alert], as_json: bool) -> None:
    """What is wrong, or was."""
    if as_json:
        json_out([asdict(each) for each in known])
        return
    rows = [
        {
            "what": each.key, "severity": str(each.severity), "since": _at(each.since), "told": _at(each.last_sent),
            "over": _at(each.resolved_at), "text": each.text,
        }
        for each in known
    ]  # fmt: skip
    table(rows, ("what", "severity", "since", "told", "over", "text"))


def _at(moment: datetime | None) -> str | None:
    return when(moment) if moment else None


def look(told: Told, dry_run: bool, as_json: bool) -> None:
    """What a look found, and what of it was told."""
    message = told.look.message
    if as_json:
        found = [asdict(finding) for finding in told.findings]
        json_out({"found": found, "message": message and asdict(message), "sent": not dry_run and told.problem is None})
        return
    for finding in told.findings:
        print(f"{finding.severity}: {finding.text}")
    if message is None:
        err.print("nothing new to tell")
    elif dry_run:
        err.print(f"would be told: {message.title}", soft_wrap=True)
    elif told.problem is None:
        err.print(f"told: {message.title}", soft_wrap=True)


def test_sent(count: int) -> None:
    """That a test message went out."""
    err.print(
        f"a test was sent to {count} addresses" if count else "AWARDS_ALERT_URLS is not set: there is nobody to tell"
    )
