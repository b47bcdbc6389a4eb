"""What follows from many rows and is asked of one: recipients, venues, persons, terms in office, editions.

Each is kept current by its extremes: a name is that of the first conferral by id, a term goes from the first sighting to
the last. So a new row is compared with what is stored, and only where the very row that stood for it is gone are the
others looked at. Nothing here depends on the order in which rows came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, Row, Select, Table, func, select

from db import models
from db.bulk import Rows, among, among_pairs, insert, remove, remove_rows, upsert
from etl.conferral import owner, persons, venue

_ARTICLE: Final = models.table(models.Article)
_MENTION: Final = models.table(models.Mention)
_SIGHTING: Final = models.table(models.MentionPerson)
_PERSON: Final = models.table(models.Person)
_TERM: Final = models.table(models.OfficeTerm)
_REPORT: Final = models.table(models.EditionReport)
_EDITION: Final = models.table(models.Edition)
_CONFERRAL: Final = models.table(models.Conferral)

NAMING: Final = frozenset({"recipient_id", "recipient", "recipient_type", "region_code", "venue_id", "place"})
"""Columns of a conferral that recipients and venues are described by."""


# ------------------------------------------------------------------------------------------------- recipients and venues


def _recipient(row: Mapping[str, Any]) -> dict[str, Any]:
    kind, name, code = row["recipient_type"], row["recipient"], row["region_code"]
    is_person = kind in ("official", "person")
    return {
        "id": row["recipient_id"],
        "kind": kind,
        "name": name,
        "region_code": code,
        "owner_region_code": owner(kind, name, code),
        "person_id": persons.person_id(name, code) if is_person else None,
        "named_by": row["id"],
    }


def _venue(row: Mapping[str, Any]) -> dict[str, Any]:
    found = venue.venue(row["place"])
    return {
        "id": found.id,
        "name": found.name,
        "city_code": found.city_code,
        "online": found.online,
        "named_by": row["id"],
    }


@dataclass(frozen=True, slots=True)
class _Named:
    """A table whose rows conferrals name, the column in which they do, and how a conferral describes such a row."""

    table: Table
    column: Column[Any]
    described: Callable[[Mapping[str, Any]], dict[str, Any]]


_NAMED: Final = (
    _Named(models.table(models.Recipient), _CONFERRAL.c.recipient_id, _recipient),
    _Named(models.table(models.Venue), _CONFERRAL.c.venue_id, _venue),
)


def name(connection: Connection, new: Sequence[Mapping[str, Any]], lost: Sequence[Mapping[str, Any]]) -> None:
    """Brings recipients and venues up to date with these conferrals, written or gone (or what they were before)."""
    for named in _NAMED:
        _name(connection, named, new, lost)


def _name(
    connection: Connection, named: _Named, new: Iterable[Mapping[str, Any]], lost: Iterable[Mapping[str, Any]]
) -> None:
    key = named.column.name
    first: dict[str, Mapping[str, Any]] = {}
    for row in new:
        if row[key] is not None and (row[key] not in first or row["id"] < first[row[key]]["id"]):
            first[row[key]] = row
    gone = {(row[key], row["id"]) for row in lost if row[key] is not None}
    touched = first.keys() | {id_ for id_, _ in gone}
    stored = {row.id: row for row in among(connection, select(named.table), named.table.c.id, touched)}
    doubtful = {id_ for id_, row in stored.items() if (id_, row.named_by) in gone}
    first |= _firsts(connection, named, doubtful)
    rows = [
        named.described(row)
        for id_, row in first.items()
        if id_ not in stored or id_ in doubtful or row["id"] <= stored[id_].named_by
    ]
    insert(connection, named.table, [row for row in rows if row["id"] not in stored])
    upsert(
        connection,
        named.table,
        [row for row in rows if row["id"] in stored and row != dict(stored[row["id"]]._mapping)],
    )
    remove(connection, named.table.c.id, doubtful - first.keys())


def _firsts(connection: Connection, named: _Named, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The first conferral by id of each of these."""
    found: dict[str, Mapping[str, Any]] = {}
    c = _CONFERRAL.c
    columns = (c.id, c.recipient_id, c.recipient, c.recipient_type, c.region_code, c.venue_id, c.place)
    for id_ in sorted(ids):
        row = connection.execute(select(*columns).where(named.column == id_).order_by(c.id).limit(1)).first()
        if row is not None:
            found[id_] = dict(row._mapping)
    return found


# ------------------------------------------------------------------------------------------------- persons and terms


class Sighting(NamedTuple):
    """A person in a current mention: a row of mention_person."""

    mention_id: str
    role: str
    person_id: str
    name: str
    office: str | None
    region_code: str | None
    seen_on: date | None


def see(connection: Connection, before: Iterable[Sighting], after: Iterable[Sighting]) -> None:
    """Brings persons and terms up to date: `before` are sightings that counted, `after` those that count now instead."""
    was, now = set(before), set(after)
    _name_persons(connection, was - now, now - was)
    _date_terms(connection, was - now, now - was)


def _of_current(*columns: Any) -> Select[Any]:
    return select(*columns).join(_MENTION, _MENTION.c.id == _SIGHTING.c.mention_id).where(_MENTION.c.is_current)


def _name_persons(connection: Connection, gone: set[Sighting], new: set[Sighting]) -> None:
    first: dict[str, tuple[str, str, str, str | None]] = {}
    for s in new:
        seen = (s.mention_id, s.role, s.name, s.region_code)
        if s.person_id not in first or seen < first[s.person_id]:
            first[s.person_id] = seen
    touched = first.keys() | {s.person_id for s in gone}
    stored = {row.id: row for row in among(connection, select(_PERSON), _PERSON.c.id, touched)}
    vanished = {(s.person_id, s.mention_id) for s in gone}
    doubtful = {id_ for id_, row in stored.items() if (id_, row.named_by) in vanished}
    c = _SIGHTING.c
    for id_ in sorted(doubtful):
        named = _of_current(c.mention_id, c.role, c.name, c.region_code).where(c.person_id == id_)
        row = connection.execute(named.order_by(c.mention_id, c.role).limit(1)).first()
        first.pop(id_, None)
        if row is not None:
            first[id_] = (row.mention_id, row.role, row.name, row.region_code)
    rows = [
        {"id": id_, "name": called, "region_code": code, "named_by": mention}
        for id_, (mention, _, called, code) in first.items()
        if id_ not in stored or id_ in doubtful or mention <= stored[id_].named_by
    ]
    insert(connection, _PERSON, [row for row in rows if row["id"] not in stored])
    upsert(connection, _PERSON, [row for row in rows if row["id"] in stored])
    remove(connection, _PERSON.c.id, doubtful - first.keys())


_Term = tuple[str, str, str]
_Seen = tuple[date, str]


def _date_terms(connection: Connection, gone: set[Sighting], new: set[Sighting]) -> None:
    seen: defaultdict[_Term, set[_Seen]] = defaultdict(set)
    for s in new:
        if s.office and s.region_code and s.seen_on:
            seen[s.person_id, s.office, s.region_code].add((s.seen_on, s.mention_id))
    vanished: defaultdict[_Term, set[_Seen]] = defaultdict(set)
    for s in gone:
        if s.office and s.region_code and s.seen_on:
            vanished[s.person_id, s.office, s.region_code].add((s.seen_on, s.mention_id))
    touched = seen.keys() | vanished.keys()
    stored = {
        (row.person_id, row.office, row.region_code): row
        for row in among(connection, select(_TERM), _TERM.c.person_id, {key[0] for key in touched})
    }
    written: Rows = []
    lost: list[_Term] = []
    for key in sorted(touched):
        ends = _ends(stored.get(key))
        if ends & vanished[key]:
            ends = _extremes(connection, key)
        else:
            ends |= seen[key]
        if ends:
            written.append(_term(key, min(ends), max(ends)))
        elif key in stored:
            lost.append(key)
    upsert(connection, _TERM, [row for row in written if row != _as_dict(stored.get(_term_key(row)))])
    remove_rows(connection, _TERM, lost)


def _ends(row: Row[Any] | None) -> set[_Seen]:
    return set() if row is None else {(row.first_seen, row.first_mention_id), (row.last_seen, row.last_mention_id)}


def _extremes(connection: Connection, key: _Term) -> set[_Seen]:
    c = _SIGHTING.c
    person, office, region = key
    rows = _of_current(c.seen_on, c.mention_id).where(
        c.person_id == person, c.office == office, c.region_code == region, c.seen_on.is_not(None)
    )
    ends = (rows.order_by(c.seen_on, c.mention_id), rows.order_by(c.seen_on.desc(), c.mention_id.desc()))
    found = (connection.execute(end.limit(1)).first() for end in ends)
    return {(row.seen_on, row.mention_id) for row in found if row is not None}


def _term(key: _Term, first: _Seen, last: _Seen) -> dict[str, Any]:
    person, office, region = key
    return {
        "person_id": person,
        "office": office,
        "region_code": region,
        "first_seen": first[0],
        "last_seen": last[0],
        "first_mention_id": first[1],
        "last_mention_id": last[1],
    }


def _term_key(row: Mapping[str, Any]) -> _Term:
    return row["person_id"], row["office"], row["region_code"]


def _as_dict(row: Row[Any] | None) -> dict[str, Any] | None:
    return None if row is None else dict(row._mapping)


# ------------------------------------------------------------------------------------------------------------ editions


def editions_of(connection: Connection, articles: Iterable[str]) -> set[tuple[str, int]]:
    """The editions that the current versions of these articles report on."""
    rows = select(_REPORT.c.series, _REPORT.c.year).join(
        _ARTICLE, _ARTICLE.c.current_version_id == _REPORT.c.version_id
    )
    return {(row.series, row.year) for row in among(connection, rows, _ARTICLE.c.id, articles)}


def count_editions(connection: Connection, touched: set[tuple[str, int]]) -> None:
    """Computes these editions again from the reports of current versions."""
    if not touched:
        return
    c = _REPORT.c
    rows = (
        select(
            c.series,
            c.year,
            func.max(c.stated_count).label("stated_count"),
            func.max(c.listed_count).label("listed_count"),
        )
        .join(_ARTICLE, _ARTICLE.c.current_version_id == c.version_id)
        .group_by(c.series, c.year)
    )
    found: Rows = [dict(row._mapping) for row in among_pairs(connection, rows, (c.series, c.year), touched)]
    upsert(connection, _EDITION, found)
    there = {(row["series"], row["year"]) for row in found}
    remove_rows(connection, _EDITION, sorted(touched - there))
