"""Conferrals as they are stored: reads them, writes what differs from what the claims make now, and logs it.

Never decides: which claims make a conferral etl/conferral says, which of them must be looked at db/regroup.py.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, select

from db import counts, models, search, summaries, tallies
from db.bulk import Rows, among, among_pairs, change, insert, remove, remove_rows, upsert
from etl.conferral import Choice, Claim, Conferral
from etl.conferral.tally import FEWEST, Joined, people, sites, tally

_CONFERRAL: Final = models.table(models.Conferral)
_MADE_OF: Final = models.table(models.ConferralMention)
_CHOICE: Final = models.table(models.ConferralChoice)
_CHANGE: Final = models.table(models.ConferralChange)

_ABOUT: Final = ("mention_ids", "witness_of", "choices")
_FIELDS: Final = (
    *(name for name in Conferral._fields if name not in _ABOUT), "days_to_print", "days_to_hand_over",
)  # fmt: skip
_VALUES: Final = attrgetter(*_FIELDS)
_ROWS: Final = select(*(_CONFERRAL.c[name] for name in _FIELDS))
_CHOICES: Final = select(_CHOICE)
_MEMBERS: Final = select(_MADE_OF)

Stored: TypeAlias = dict[str, dict[str, Any]]
"""Conferrals by id, as rows."""
Choices: TypeAlias = Mapping[str, Mapping[str, Choice]]
"""Conferral -> field -> what was chosen."""

LOGGED: Final = (
    "award", "series", "kind", "category", "recipient", "recipient_type", "region_code", "rank", "level", "giver",
    "awarded_on", "announced_on", "edition_year", "assessment_year", "place", "status",
)  # fmt: skip
"""Fields whose change is a correction. Counts and confidence grow with every report and are none."""
FACTS: Final = ("year", *LOGGED)
"""What the log keeps of a conferral that was withdrawn."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why rows change, for the log: when, in which run, and in a word or two ('read', 'rebuilt', 'ruling ...')."""

    at: datetime
    reason: str = "read"
    run_id: str | None = None


# ---------------------------------------------------------------------------------------------------------------- reading


def stored(connection: Connection, keys: Iterable[tuple[str, int | None]]) -> tuple[Stored, Choices]:
    """The conferrals of these group keys and years, and the choices between their claims."""
    c = _CONFERRAL.c
    found = among_pairs(connection, _ROWS, (c.group_key, c.year), keys)
    rows = {row.id: dict(zip(_FIELDS, row, strict=True)) for row in found}
    choices: defaultdict[str, dict[str, Choice]] = defaultdict(dict)
    for row in among(connection, _CHOICES, _CHOICE.c.conferral_id, rows):
        choices[row.conferral_id][row.field] = Choice(row.field, row.value, row.reason, row.dissent)
    return rows, choices


def _members(connection: Connection, rows: Iterable[str]) -> dict[str, dict[str, str]]:
    """Conferral -> mention -> its witness."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in among(connection, _MEMBERS, _MADE_OF.c.conferral_id, rows):
        found[row.conferral_id][row.mention_id] = row.witness
    return found


# ---------------------------------------------------------------------------------------------------------------- writing


def write(
    connection: Connection, made: Mapping[str, Conferral], claims: Iterable[Claim], more: Mapping[str, Joined],
    rows: Stored, choices: Choices, cause: Cause | None,
) -> None:  # fmt: skip
    """Stores conferrals in place of those of `rows`: `made` of these `claims`, and those that `more` claims joined.

    `choices` are those stored of `rows`; a conferral of `rows` that is neither made nor joined is gone.
    """
    new = {id_: dict(zip(_FIELDS, _VALUES(conferral), strict=True)) for id_, conferral in made.items()}
    gone = {id_: row for id_, row in rows.items() if id_ not in new and id_ not in more}
    added = {id_: row for id_, row in new.items() if id_ not in rows}
    changed = {id_: _difference(rows[id_], row) for id_, row in new.items() if id_ in rows}
    changed |= {id_: one.changes for id_, one in more.items()}
    changed = {id_: row for id_, row in changed.items() if row}
    had = _members(connection, rows.keys() - more.keys())
    if cause is not None:
        moved = _moved(gone, had, made)
        upsert(connection, _CHANGE, list(_changes(cause, added, changed, gone, moved, rows)))
    remove(connection, _CONFERRAL.c.id, gone)
    insert(connection, _CONFERRAL, list(added.values()))
    change(connection, _CONFERRAL, changed)
    _write_members(connection, made, had)
    _write_choices(connection, made, choices)
    # Only a new name, a new id or a loss can change what a recipient or a venue is called.
    named = {**added, **{id_: new[id_] for id_ in changed if summaries.NAMING & changed[id_].keys()}}
    lost = [*gone.values(), *(rows[id_] for id_ in named if id_ in rows)]
    summaries.name(connection, list(named.values()), lost)
    now = [*added.values(), *(rows[id_] | row for id_, row in changed.items())]
    counts.count(connection, now, [*gone.values(), *(rows[id_] for id_ in changed)])
    _write_words(connection, made, claims, more, new, rows)


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in new.items() if old[name] != value}


def _write_members(connection: Connection, made: Mapping[str, Conferral], had_of: Mapping[str, dict[str, str]]) -> None:
    rows: Rows = []
    lost: list[tuple[str, str]] = []
    moved: dict[tuple[str, str], dict[str, str]] = {}
    for id_, conferral in made.items():
        had = had_of.get(id_, {})
        for mention, witness in conferral.witness_of.items():
            if mention not in had:
                rows.append({"conferral_id": id_, "mention_id": mention, "witness": witness})
            elif had[mention] != witness:
                moved[id_, mention] = {"witness": witness}
        lost += ((id_, mention) for mention in had if mention not in conferral.witness_of)
    remove_rows(connection, _MADE_OF, lost)
    change(connection, _MADE_OF, moved)
    insert(connection, _MADE_OF, rows)


def _write_choices(connection: Connection, made: Mapping[str, Conferral], had_of: Choices) -> None:
    rows: Rows = []
    lost: list[tuple[str, str]] = []
    for id_, conferral in made.items():
        had = had_of.get(id_, {})
        has = {choice.field: choice for choice in conferral.choices}
        lost += ((id_, field) for field in had if has.get(field) != had[field])
        rows += ({"conferral_id": id_, **choice._asdict()} for field, choice in has.items() if had.get(field) != choice)
    remove_rows(connection, _CHOICE, lost)
    insert(connection, _CHOICE, rows)


def _write_words(
    connection: Connection, made: Mapping[str, Conferral], claims: Iterable[Claim], more: Mapping[str, Joined],
    new: Stored, rows: Stored,
) -> None:  # fmt: skip
    """Tallies, and what conferrals are found by."""
    by_id = {claim.mention_id: claim for claim in claims}
    told: list[search.Told] = []
    tallied = {}
    for id_, conferral in made.items():
        said = [by_id[mention] for mention in conferral.mention_ids]
        told.append((new[id_], people(said), sites(said)))
        if len(said) >= FEWEST:
            tallied[id_] = tally(said, conferral.witness_of)
    told += ((rows[id_] | one.changes, one.tally.people, one.tally.sites) for id_, one in more.items() if one.told)
    lost = [id_ for id_ in made if id_ not in tallied and id_ in rows]
    tallies.write(connection, tallied, more, lost, rows)
    search.index_conferrals(connection, told, rows)


# ------------------------------------------------------------------------------------------------------------- the log


def _moved(gone: Iterable[str], had: Mapping[str, Iterable[str]], made: Mapping[str, Conferral]) -> dict[str, str]:
    """Withdrawn conferral -> the one that most of its mentions make now."""
    if not gone:
        return {}
    now = {mention: id_ for id_, conferral in made.items() for mention in conferral.mention_ids}
    found = {}
    for id_ in gone:
        homes = Counter(now[mention] for mention in had.get(id_, ()) if mention in now)
        if homes:
            found[id_] = min(homes, key=lambda home: (-homes[home], home))
    return found


def _changes(
    cause: Cause, added: Mapping[str, Any], changed: Mapping[str, Mapping[str, Any]],
    gone: Mapping[str, Mapping[str, Any]], moved: Mapping[str, str], old: Mapping[str, Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:  # fmt: skip
    common = {"at": cause.at, "reason": cause.reason, "run_id": cause.run_id}
    for id_ in added:
        yield {"conferral_id": id_, "field": "", "what": "added", "old": None, "new": None} | common
    for id_, row in changed.items():
        for name in (name for name in LOGGED if name in row):
            values = {"old": as_text(old[id_][name]), "new": as_text(row[name])}
            yield {"conferral_id": id_, "field": name, "what": "corrected"} | values | common
    for id_, row in gone.items():
        values = {"old": facts(row), "new": moved.get(id_)}
        yield {"conferral_id": id_, "field": "", "what": "withdrawn"} | values | common


def facts(row: Mapping[str, Any]) -> str:
    """What a conferral was, as JSON."""
    said = {name: row[name] for name in FACTS if row[name] is not None}
    return json.dumps(said, ensure_ascii=False, default=str)


def as_text(value: Any) -> str | None:
    """A value as the log has it."""
    return None if value is None else str(value)
