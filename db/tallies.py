"""Lets new reports join conferrals that are stored, by their tallies (etl/conferral/tally.py). Never decides for itself.

An award with three hundred reports gets one more for the price of one row read and written, not of three hundred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, select

from db import models
from db.bulk import among, change, insert, remove, upsert
from etl.conferral import Choice, Claim
from etl.conferral.tally import Joined, Stored, Tally, joined, revived

_TALLY: Final = models.table(models.ConferralTally)
_MADE_OF: Final = models.table(models.ConferralMention)

Grown: TypeAlias = Mapping[str, Sequence[Claim]]
"""By group key the claims of new articles, of groups in which nothing else has changed."""
NONE: Final[Grown] = MappingProxyType({})


def join(
    connection: Connection,
    grown: Grown,
    rows: Mapping[str, Mapping[str, Any]],
    choices: Mapping[str, Mapping[str, Choice]],
) -> dict[str, Joined]:
    """Conferrals, by id, with the claims that simply join them: all of a group's do, or none.

    `rows` and `choices` are those stored of these groups, by conferral.
    """
    of_group: defaultdict[str, dict[str, Stored]] = defaultdict(dict)
    mine = [id_ for id_, row in rows.items() if row["group_key"] in grown]
    known = {
        row.conferral_id: revived(row.tally) for row in among(connection, select(_TALLY), _TALLY.c.conferral_id, mine)
    }
    for id_ in mine:
        of_group[rows[id_]["group_key"]][id_] = Stored(rows[id_], known.get(id_), tuple(choices.get(id_, {}).values()))
    found: dict[str, Joined] = {}
    for group, stored in of_group.items():
        found |= joined(stored, grown[group]) or {}
    return found


def write(connection: Connection, made: Mapping[str, Tally], more: Mapping[str, Joined], lost: Iterable[str]) -> None:
    """Stores tallies by conferral: of those `made` from all their claims, and with `more`, whose new claims too.

    `lost` are conferrals that have too few claims for one now.
    """
    remove(connection, _TALLY.c.conferral_id, lost)
    tallies = {**made} | {id_: one.tally for id_, one in more.items()}
    upsert(connection, _TALLY, [{"conferral_id": id_, "tally": one} for id_, one in tallies.items()])
    moved = {(id_, old): {"witness": first} for id_, one in more.items() for old, first in one.moved.items()}
    change(connection, _MADE_OF, moved, by=("conferral_id", "witness"))
    insert(
        connection,
        _MADE_OF,
        [
            {"conferral_id": id_, "mention_id": mention, "witness": first}
            for id_, one in more.items()
            for mention, first in one.witness_of.items()
        ],
    )
