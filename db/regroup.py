"""Mentions -> conferrals: computes again those that a change touches, writes what is different, and logs it.

Which claims make a conferral etl/conferral says. Here is which of them must be looked at: those of the same group key
whose years belong together (`mention.linked_from`), so that a change costs no more than the awards it is about.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select

from db import counts, models, ruled, search, summaries
from db.bulk import Rows, among, among_pairs, change, insert, remove, remove_rows, unswept, upsert
from etl.conferral import COUNTED, Claim, Conferral, Statement

Key: TypeAlias = tuple[str, int | None]
"""A group key and a claim's own year."""
Links: TypeAlias = dict[str, set[tuple[int | None, int, int]]]
"""Group key -> own year of a claim, first and last year of those it may belong with."""

_MENTION: Final = models.table(models.Mention)
_CONFERRAL: Final = models.table(models.Conferral)
_MADE_OF: Final = models.table(models.ConferralMention)
_CHOICE: Final = models.table(models.ConferralChoice)
_CHANGE: Final = models.table(models.ConferralChange)

_ABOUT: Final = ("mention_ids", "witness_of", "choices")
_FIELDS: Final = (
    *(name for name in Conferral._fields if name not in _ABOUT), "days_to_print", "days_to_hand_over",
)  # fmt: skip
_OF_CLAIM: Final = ("id", "article_id", "outlet", "published_on", "sketch", "announced_on", "assessment_year")
_NO_RULING: Final[frozenset[str]] = frozenset()

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


# -------------------------------------------------------------------------------------------------- what hangs together


def links(connection: Connection, groups: Iterable[str]) -> Links:
    """Which years of these groups may belong together, as stored now."""
    c = _MENTION.c
    found: Links = defaultdict(set)
    rows = select(c.group_key, c.year, c.linked_from, c.linked_to).where(models.LINKED)
    for row in among(connection, rows, c.group_key, groups):
        found[row.group_key].add((row.year, row.linked_from, row.linked_to))
    return found


def whole(keys: Iterable[Key], *found: Links) -> set[Key]:
    """These keys and all whose claims can meet theirs, however many links away."""
    years: defaultdict[str, set[int | None]] = defaultdict(set)
    for group, year in keys:
        years[group].add(year)
    for group, its_own in years.items():
        ties = [({year, *range(first, last + 1)}) for known in found for year, first, last in known.get(group, ())]
        grown = True
        while grown:  # each round adds years, of which there are few
            new = {year for tie in ties if tie & its_own for year in tie} - its_own
            its_own |= new
            grown = bool(new)
    return {(group, year) for group, its_own in years.items() for year in its_own}


def _tied(connection: Connection, keys: set[Key]) -> set[Key]:
    """These keys and all that rulings tie to them, however far: what can only be computed together."""
    new = keys
    while new := ruled.tied(connection, new) - keys:  # each round adds keys, of which there are finitely many
        new = whole(new, links(connection, {group for group, _ in new})) - keys
        keys = keys | new
    return keys


# ------------------------------------------------------------------------------------------------------------- regroup


def current_claims() -> Select[Any]:
    """The mentions of current versions, with what a Claim needs."""
    c = _MENTION.c
    columns = (*(c[name] for name in _OF_CLAIM), *(c[name] for name in Statement._fields))
    return select(*columns).where(c.is_current)


def as_claim(row: Row[Any]) -> Claim:
    """A row of `current_claims` as a value."""
    values = tuple(row)
    id_, article, outlet, published_on, sketch, announced_on, assessment_year = values[: len(_OF_CLAIM)]
    mention = Statement._make(values[len(_OF_CLAIM) :])
    return Claim(
        id_, article, outlet, published_on, mention, _NO_RULING, "", sketch or b"", announced_on, assessment_year
    )


@unswept()
def regroup(connection: Connection, keys: set[Key], cause: Cause | None = None) -> None:
    """Computes the conferrals of these keys (`whole`) from the mentions of current versions; writes what differs."""
    if not keys:
        return
    c = _MENTION.c
    counted: ColumnElement[bool] = c.status.in_(sorted(COUNTED))
    if ruled.exist(connection):
        keys = _tied(connection, keys)
        counted = or_(counted, ruled.speaks_of(c.id))  # a person may say that a nominee won
    wanted = current_claims().where(counted)
    claims = [as_claim(row) for row in among_pairs(connection, wanted, (c.group_key, c.year), keys)]
    made = {conferral.id: conferral for conferral in ruled.conferrals(connection, keys, claims)}
    stored = _stored(connection, keys, made)
    _write(connection, made, stored, cause)
    search.index_conferrals(connection, made.values(), claims, stored.rows)


@dataclass(frozen=True, slots=True)
class _Stored:
    """Conferrals as stored, by id: their rows, the witness of each of their mentions, their choices by field."""

    rows: dict[str, dict[str, Any]]
    witness_of: Mapping[str, dict[str, str]]
    choices: Mapping[str, dict[str, tuple[str, str, dict[str, int]]]]


def _stored(connection: Connection, keys: set[Key], made: Iterable[str]) -> _Stored:
    c = _CONFERRAL.c
    columns = select(*(c[name] for name in _FIELDS))
    rows = {r.id: dict(r._mapping) for r in among_pairs(connection, columns, (c.group_key, c.year), keys)}
    witness_of: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in among(connection, select(_MADE_OF), _MADE_OF.c.conferral_id, rows):
        witness_of[row.conferral_id][row.mention_id] = row.witness
    choices: defaultdict[str, dict[str, tuple[str, str, dict[str, int]]]] = defaultdict(dict)
    for row in among(connection, select(_CHOICE), _CHOICE.c.conferral_id, rows):
        choices[row.conferral_id][row.field] = row.value, row.reason, row.dissent
    return _Stored(rows, witness_of, choices)


def _write(connection: Connection, made: Mapping[str, Conferral], stored: _Stored, cause: Cause | None) -> None:
    new = {id_: _row(conferral) for id_, conferral in made.items()}
    gone = {id_: row for id_, row in stored.rows.items() if id_ not in new}
    added = {id_: row for id_, row in new.items() if id_ not in stored.rows}
    changed = {id_: _difference(stored.rows[id_], row) for id_, row in new.items() if id_ in stored.rows}
    changed = {id_: row for id_, row in changed.items() if row}
    if cause is not None:
        moved = _moved(gone, stored, made)
        upsert(connection, _CHANGE, list(_changes(cause, added, changed, gone, moved, stored.rows)))
    remove(connection, _CONFERRAL.c.id, gone)
    insert(connection, _CONFERRAL, list(added.values()))
    change(connection, _CONFERRAL, changed)
    _write_members(connection, made, stored)
    _write_choices(connection, made, stored)
    # Only a new name, a new id or a loss can change what a recipient or a venue is called.
    named = {**added, **{id_: new[id_] for id_ in changed if summaries.NAMING & changed[id_].keys()}}
    lost = [*gone.values(), *(stored.rows[id_] for id_ in named if id_ in stored.rows)]
    summaries.name(connection, list(named.values()), lost)
    now = [*added.values(), *(new[id_] for id_ in changed)]
    counts.count(connection, now, [*gone.values(), *(stored.rows[id_] for id_ in changed)])


def _row(conferral: Conferral) -> dict[str, Any]:
    return {name: getattr(conferral, name) for name in _FIELDS}


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in new.items() if old[name] != value}


def _write_members(connection: Connection, made: Mapping[str, Conferral], stored: _Stored) -> None:
    rows: Rows = []
    lost: list[tuple[str, str]] = []
    moved: dict[tuple[str, str], dict[str, str]] = {}
    for id_, conferral in made.items():
        had = stored.witness_of.get(id_, {})
        for mention, witness in conferral.witness_of.items():
            if mention not in had:
                rows.append({"conferral_id": id_, "mention_id": mention, "witness": witness})
            elif had[mention] != witness:
                moved[id_, mention] = {"witness": witness}
        lost += ((id_, mention) for mention in had if mention not in conferral.witness_of)
    remove_rows(connection, _MADE_OF, lost)
    change(connection, _MADE_OF, moved)
    insert(connection, _MADE_OF, rows)


def _write_choices(connection: Connection, made: Mapping[str, Conferral], stored: _Stored) -> None:
    rows: Rows = []
    lost: list[tuple[str, str]] = []
    for id_, conferral in made.items():
        had = stored.choices.get(id_, {})
        has = {choice.field: (choice.value, choice.reason, choice.dissent) for choice in conferral.choices}
        lost += ((id_, field) for field in had if has.get(field) != had[field])
        rows += (
            {"conferral_id": id_, "field": field, "value": value, "reason": reason, "dissent": dissent}
            for field, (value, reason, dissent) in has.items()
            if had.get(field) != (value, reason, dissent)
        )
    remove_rows(connection, _CHOICE, lost)
    insert(connection, _CHOICE, rows)


# ------------------------------------------------------------------------------------------------------------- the log


def _moved(gone: Iterable[str], stored: _Stored, made: Mapping[str, Conferral]) -> dict[str, str]:
    """Withdrawn conferral -> the one that most of its mentions make now."""
    if not gone:
        return {}
    now = {mention: id_ for id_, conferral in made.items() for mention in conferral.mention_ids}
    found = {}
    for id_ in gone:
        homes = Counter(now[mention] for mention in stored.witness_of.get(id_, ()) if mention in now)
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
