"""What the commands that operate the project print: take-downs, backups, alerts. Data to stdout, all else to stderr."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from db.tombstones import Tombstone
from etl.backup import Backup, Made, Restored
from etl.show import err, json_out, table
from etl.takedown import Done


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


def taken_down(done: Done, as_json: bool) -> None:
    """What a take-down or a sweep did, without a word of what it took down."""
    if as_json:
        json_out({**asdict(done), "decided": [each.id for each in done.decided]})
        return
    for each in done.decided:
        err.print(
            f"taken down: {each.id}" + (f", the same article as {each.alias_of}" if each.alias_of else ""),
            soft_wrap=True,
        )
    err.print(
        f"{done.pages} pages lost their rows; {done.captures} captures, {done.size} bytes, left the archive; "
        f"{done.articles_read_again} articles were read again without a person's name",
        soft_wrap=True,
    )
    for site, why in done.waiting.items():
        err.print(
            f"{site}: the rest waits for the next `awards takedown --sweep`: {why}", style="yellow", soft_wrap=True
        )
    if done.naming:
        err.print("these articles' texts still hold the name; take them down by address where they are to go too:")
        for url in done.naming:
            print(url)


def lifted(count: int) -> None:
    """How many decisions were taken back."""
    if count:
        err.print(f"{count} decisions were taken back; the next crawl may fetch what the outlet still publishes")
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
