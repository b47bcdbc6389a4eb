"""Mentions -> conferrals: which claims must be looked at, so that a change costs no more than the awards it is about.

Those of the same group key whose years belong together (`mention.linked_from`); and where new reports simply join what is
stored (db/tallies.py), none but these. Which claims make a conferral etl/conferral says, what is written db/conferrals.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, Select, or_, select

from db import conferrals, models, ruled, tallies
from db.bulk import among, among_pairs
from db.conferrals import Cause as Cause
from db.pace import unswept
from etl.conferral import COUNTED, Claim, Statement

Key: TypeAlias = tuple[str, int | None]
"""A group key and a claim's own year."""
Links: TypeAlias = dict[str, set[tuple[int | None, int, int]]]
"""Group key -> own year of a claim, first and last year of those it may belong with."""

_MENTION: Final = models.table(models.Mention)
_LINKS: Final = select(*(_MENTION.c[name] for name in ("group_key", "year", "linked_from", "linked_to"))).where(
    models.LINKED
)
_OF_CLAIM: Final = ("id", "article_id", "outlet", "published_on", "sketch", "announced_on", "assessment_year")
_NO_RULING: Final[frozenset[str]] = frozenset()


# -------------------------------------------------------------------------------------------------- what hangs together


def links(connection: Connection, groups: Iterable[str]) -> Links:
    """Which years of these groups may belong together, as stored now."""
    found: Links = defaultdict(set)
    for row in among(connection, _LINKS, _MENTION.c.group_key, groups):
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


CLAIMED: Final = (*_OF_CLAIM, *Statement._fields)
"""Columns of a mention that a Claim needs."""


def current_claims() -> Select[Any]:
    """The mentions of current versions, with what a Claim needs."""
    return select(*(_MENTION.c[name] for name in CLAIMED)).where(_MENTION.c.is_current)


_COUNTED: Final = current_claims().where(_MENTION.c.status.in_(sorted(COUNTED)))
_RULED: Final = current_claims().where(or_(_MENTION.c.status.in_(sorted(COUNTED)), ruled.speaks_of(_MENTION.c.id)))
"""A person may say that a nominee won."""


def as_claim(row: Row[Any] | tuple[Any, ...]) -> Claim:
    """A row of `current_claims`, or of these columns, as a value."""
    values = tuple(row)
    id_, article, outlet, published_on, sketch, announced_on, assessment_year = values[: len(_OF_CLAIM)]
    mention = Statement._make(values[len(_OF_CLAIM) :])
    return Claim(
        id_, article, outlet, published_on, mention, _NO_RULING, "", sketch or b"", announced_on, assessment_year
    )


@unswept()
def regroup(
    connection: Connection, keys: set[Key], cause: Cause | None = None, grown: tallies.Grown = tallies.NONE
) -> None:
    """Computes the conferrals of these keys (`whole`) from the mentions of current versions; writes what differs.

    `grown` are by group key the claims that count, of groups that have nothing new but these: where they simply join
    what is stored, or are the first of their group, no other claim is read.
    """
    if not keys:
        return
    c, counted = _MENTION.c, _COUNTED
    if ruled.exist(connection):
        keys, counted = _tied(connection, keys), _RULED
        grown = {group: grown[group] for group in grown.keys() - ruled.groups(connection, grown)}
    rows, choices = conferrals.stored(connection, keys)
    more = tallies.join(connection, grown, rows, choices)
    joined = {rows[id_]["group_key"] for id_ in more}
    rows = {id_: row for id_, row in rows.items() if id_ in more or row["group_key"] not in joined}
    first = grown.keys() - {row["group_key"] for row in rows.values()}
    keys = {key for key in keys if key[0] not in joined}
    asked = (key for key in keys if key[0] not in first)
    claims = [as_claim(row) for row in among_pairs(connection, counted, (c.group_key, c.year), asked)]
    claims += (claim for group in first for claim in grown[group])
    made = {conferral.id: conferral for conferral in ruled.conferrals(connection, keys, claims)}
    conferrals.write(connection, made, claims, more, rows, choices, cause)
