"""What a reviewer sees of rulings and hands in: printed lines, CSV files out and in. Decides and stores nothing."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from db.rulings import Made
from etl.model import AwardsError, UsageError
from etl.output import show
from etl.rulings import Refused, sheet
from etl.settings import Settings

_SHORT = 8  # digits of an id that people are shown


def reviewer(settings: Settings, by: str | None) -> str:
    """Who decides: --by, the setting, or who is logged in. Raises UsageError when none of them names anybody."""
    if by or settings.reviewer:
        return by or settings.reviewer
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise UsageError("nobody is named who decides: give --by NAME, or set AWARDS_REVIEWER") from error


def made(done: Made, as_json: bool, dry_run: bool = False) -> None:
    """What became of decisions, or would."""
    if as_json:
        rows = [{"id": r.id, "kind": r.kind, "about": r.about, "field": r.field, "value": r.value} for r in done.made]
        show.json_out({"made": rows, "known": done.known})
        return
    for ruling in done.made:
        what = " ".join(part for part in (ruling.kind, ruling.field, ruling.value and f"-> {ruling.value}") if part)
        of = " · ".join(str(ruling.facts[name]) for name in ("recipient", "award") if name in ruling.facts)
        show.out.print(Text(f"{ruling.id[:_SHORT]}  {what}  {of}".rstrip()), soft_wrap=True)
    known = f"{done.known} in force already; " if done.known else ""
    count = f"{len(done.made)} ruling{'s' * (len(done.made) != 1)}"
    then = (
        "would be made; nothing was stored" if dry_run else f"made; {known}`awards ruling withdraw ID` takes one back"
    )
    show.err.print(f"{count} {then}", soft_wrap=True)


def queue(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """What to look at next, with its words."""
    if as_json:
        show.json_out(rows)
        return
    for row in rows:
        level = " · ".join(str(row[name]) for name in ("category", "rank", "giver", "awarded_on") if row.get(name))
        head = Text(f"{row['id'][:_SHORT]}  ", style="bold").append(f"{row['recipient']} · {row['award']}")
        show.out.print(
            head.append(f" · {level}" if level else "").append(f"  {row['year'] or ''}".rstrip()), soft_wrap=True
        )
        show.out.print(Text(f"          {row['because']}", style="dim"), soft_wrap=True)
        show.out.print(Text(f'          "{row["quote"]}"'), soft_wrap=True)
        show.out.print(Text(f"          {row['url']}", style="dim"), soft_wrap=True)
    show.err.print(
        f"{show.counted(len(rows), 'line')}; "
        "`awards ruling confirm ID`, `reject ID --why ...`, `correct ID FIELD VALUE --why ...`",
        soft_wrap=True,
    )


def rulings(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Rulings as a table."""
    if as_json:
        show.json_out(rows)
        return
    show.table([_short(row) for row in rows], ("id", "status", "decision", "recipient", "award", "by", "at", "why"))
    for row in rows:
        if row["reopened"]:
            show.err.print(f"{row['id'][:_SHORT]}: {row['reopened']}", soft_wrap=True)


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"][:_SHORT],
        "status": row["status"],
        "decision": decision(row),
        "recipient": row["facts"].get("recipient"),
        "award": row["facts"].get("award"),
        "by": row["ruled_by"],
        "at": row["ruled_at"].isoformat(sep=" ", timespec="minutes"),
        "why": row["why"],
    }


def decision(row: Mapping[str, Any]) -> str:
    """A ruling in a few words: 'correct rank to Madya'."""
    if row["kind"] == "correct":
        return f"correct {row['field']} to {row['value'] or 'nothing'}"
    value = row["value"] or ""
    words = {
        "region": f"region is {value}",
        "merge": f"merge into {value[:_SHORT]}",
        "withdraw": f"withdraw {(row['supersedes'] or '')[:_SHORT]}",
    }
    return words.get(row["kind"], str(row["kind"]))


def behind(rows: Sequence[Mapping[str, Any]]) -> None:
    """The rulings of a chain (`awards why`)."""
    for row in rows:
        show.out.print(Text(f"\nruling {row['id']}", style="bold"))
        said = {"decision": decision(row), "by": row["ruled_by"], "at": row["ruled_at"], "why": row["why"]}
        said |= {"status": row["status"], "reopened": row["reopened"], "article": row["url"]}
        for name, value in said.items():
            if value is not None:
                show.out.print(f"   {name:<20}{show.when(value)}", soft_wrap=True)


def precision(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """How right the reader was, by site and series."""
    if as_json:
        show.json_out(rows)
        return
    rounded = [{**row, "precision": round(row["precision"], 3)} for row in rows]
    show.table(rounded, ("site", "series", "reviewed", "confirmed", "corrected", "rejected", "precision"))


def handed_in(file: Path, by: str) -> sheet.Sheet:
    """What a file says. Raises Refused, after printing each bad line."""
    try:
        return sheet.read(file.read_bytes(), by)
    except Refused as error:
        raise refused(error) from error


def spare(file: Path | None) -> None:
    """Raises UsageError for a file that somebody has written decisions into: an export would lose them."""
    if file is not None and file.is_file() and sheet.is_filled(file.read_bytes()):
        raise UsageError(
            f"{file} holds decisions or is no sheet of ours, and is not written over: `awards ruling import {file}` takes"
            " them; give --out another name, or --force"
        )


def refused(error: Refused) -> AwardsError:
    """Prints each bad line; gives the error that says what became of the rest."""
    if len(error.problems) == 1 and error.problems[0][0] is None:
        return error
    for line, text in error.problems[:_SAID]:
        show.err.print(text if line is None else f"line {line}: {text}", style="red", soft_wrap=True)
    wrong = f"{show.counted(count := len(error.problems), 'line')} {'is' if count == 1 else 'are'} wrong"
    return AwardsError(f"{wrong}, so nothing was taken: mend that and import the file again")


_SAID = 100  # bad lines that are printed
