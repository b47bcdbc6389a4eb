"""What rulings make of stored mentions, for loading: which of them apply, which conferrals they tie together.

`db.load` calls it on the way from mentions to conferrals; etl/rulings decides, this module fetches and stores. Never
makes a ruling (`db.rulings`) and costs one look at an empty table where there are none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import asdict, fields
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, or_, select
from sqlalchemy.orm import aliased

from db import models
from db.bulk import among, insert, remove
from db.connect import remembered
from etl import rulings
from etl.conferral import Claim, Conferral
from etl.rulings import Ruling

Key: TypeAlias = tuple[str, int | None]
"""A group key and a year, as in `db.regroup`."""

_ARTICLE: Final = models.table(models.Article)
_VERSION: Final = models.table(models.ArticleVersion)
_MENTION: Final = models.table(models.Mention)
_EVIDENCE: Final = models.table(models.Evidence)
_RULING: Final = models.table(models.Ruling)
_LINK: Final = models.table(models.MentionRuling)

_FIELDS: Final = tuple(f.name for f in fields(Ruling))


def standing() -> ColumnElement[bool]:
    """That a row of `ruling` has the last word: it withdraws nothing, and nothing supersedes it."""
    later = aliased(_RULING)
    superseded = select(later.c.id).where(later.c.supersedes == _RULING.c.id).exists()
    return (_RULING.c.kind != "withdraw") & ~superseded


def exist(connection: Connection) -> bool:
    """Whether anybody ever ruled on anything. Asked once in a transaction; who rules in it says so (`made`)."""
    known = remembered(connection)
    if "ruled" not in known:
        known["ruled"] = connection.execute(select(_RULING.c.id).limit(1)).first() is not None
    return known["ruled"]


def made(connection: Connection) -> None:
    """Somebody ruled on something."""
    remembered(connection)["ruled"] = True


def stored(row: Row[Any]) -> Ruling:
    """A row of `ruling` as a value."""
    return Ruling(**{name: row._mapping[name] for name in _FIELDS})


def columns() -> Sequence[ColumnElement[Any]]:
    """Those of `ruling` that `stored` needs."""
    return [_RULING.c[name] for name in _FIELDS]


# ------------------------------------------------------------------------------------------------- which rulings apply


def forget(connection: Connection, articles: Iterable[str]) -> None:
    """Deletes what was ruled on articles that were taken down: a decision quotes what it was made on."""
    ids = [row.id for row in among(connection, select(_RULING.c.id), _RULING.c.article_id, articles)]
    remove(connection, _LINK.c.ruling_id, ids)
    remove(connection, _RULING.c.id, ids)


def relink(connection: Connection, articles: Iterable[str], claims: Callable[[Set[str]], Sequence[Claim]]) -> None:
    """Finds anew which rulings speak of the claims of these articles' current versions, and which of them apply.

    `claims` gives those of articles, whatever their status; it is asked only for such as somebody ruled on.
    """
    if not exist(connection):
        return
    ever = select(_RULING.c.article_id).distinct()
    spoken_of = {row.article_id for row in among(connection, ever, _RULING.c.article_id, articles)}
    if not spoken_of:
        return
    of_article: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims(spoken_of):
        of_article[claim.article_key].append(claim)
    made = select(*columns()).where(standing(), _RULING.c.kind != "merge")
    ruled: defaultdict[str, list[Ruling]] = defaultdict(list)
    for row in among(connection, made, _RULING.c.article_id, spoken_of):
        ruled[row.article_id].append(stored(row))
    old = (
        select(_LINK.c.mention_id)
        .join(_MENTION, _MENTION.c.id == _LINK.c.mention_id)
        .join(_VERSION, _VERSION.c.id == _MENTION.c.version_id)
    )
    remove(
        connection,
        _LINK.c.mention_id,
        {row.mention_id for row in among(connection, old, _VERSION.c.article_id, spoken_of)},
    )
    lines = _lines(connection, ruled)
    quotes = _quotes(connection, (claim.mention_id for article in ruled for claim in of_article[article]))
    found = [
        link
        for article, made_of in ruled.items()
        for link in rulings.links(of_article[article], quotes, lines.get(article, frozenset()), made_of)
    ]
    insert(connection, _LINK, [asdict(link) for link in found])


def articles(connection: Connection) -> set[str]:
    """All articles on whose claims anybody ever ruled."""
    made = select(_RULING.c.article_id).where(_RULING.c.article_id.is_not(None)).distinct()
    return set(connection.execute(made).scalars())


def _lines(connection: Connection, articles: Iterable[str]) -> dict[str, frozenset[str]]:
    """Article id -> hashes of the lines of its current version."""
    texts = select(_ARTICLE.c.id, _VERSION.c.text).join(_VERSION, _VERSION.c.id == _ARTICLE.c.current_version_id)
    return {
        row.id: frozenset(map(rulings.line_hash, row.text.split("\n")))
        for row in among(connection, texts, _ARTICLE.c.id, articles)
    }


def _quotes(connection: Connection, mentions: Iterable[str]) -> dict[str, dict[str, str]]:
    """Mention id -> field -> its first quote."""
    e = _EVIDENCE.c
    rows = select(e.mention_id, e.field, e.quote).order_by(e.mention_id, e.position)
    quotes: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in among(connection, rows, e.mention_id, mentions):
        quotes[row.mention_id].setdefault(row.field, row.quote)
    return quotes


# ------------------------------------------------------------------------------------- which conferrals hang together


def keys_of(connection: Connection, articles: Iterable[str]) -> set[Key]:
    """The keys, as ruled, of what these articles claim at present."""
    if not exist(connection):
        return set()
    moved = (
        select(*_PLACE)
        .join(_MENTION, _MENTION.c.id == _LINK.c.mention_id)
        .join(_ARTICLE, _ARTICLE.c.current_version_id == _MENTION.c.version_id)
    )
    return {key for row in among(connection, moved, _ARTICLE.c.id, articles) for key in _reach(row)}


_PLACE: Final = (_LINK.c.group_key, _LINK.c.year, _LINK.c.linked_from, _LINK.c.linked_to)


def _reach(row: Row[Any]) -> set[Key]:
    """The keys that a claim as ruled has, or may join."""
    linked = () if row.linked_from is None else range(row.linked_from, row.linked_to + 1)
    return {(row.group_key, year) for year in (row.year, *linked)}


def tied(connection: Connection, keys: Set[Key]) -> set[Key]:
    """The keys that rulings tie directly to these: of a claim as read and as ruled, of all years of groups merged."""
    groups = {group for group, _ in keys}
    m = _MENTION.c
    moved = select(m.group_key.label("read"), m.year.label("read_in"), *_PLACE).join(_LINK, m.id == _LINK.c.mention_id)
    ties: list[set[Key]] = []
    for column in (m.group_key, _LINK.c.group_key):
        found = among(connection, moved.where(m.is_current), column, groups)
        ties += ({(row.read, row.read_in), *_reach(row)} for row in found)
    c = _RULING.c
    merged = select(c.group_key, c.into_group).where(standing(), c.kind == "merge")
    both: set[str] = set()
    for column in (c.group_key, c.into_group):
        for row in among(connection, merged, column, groups):
            both |= {row.group_key, row.into_group}
    return {key for tie in ties if tie & keys for key in tie} | all_years(connection, both)


def groups(connection: Connection, among_them: Iterable[str]) -> set[str]:
    """Those of these group keys with claims, as read or as ruled, or conferrals that any ruling speaks of."""
    wanted = set(among_them)
    read = select(_MENTION.c.group_key).join(_LINK, _MENTION.c.id == _LINK.c.mention_id)
    merged = select(_RULING.c.group_key).where(_RULING.c.kind == "merge")
    into = select(_RULING.c.into_group).where(_RULING.c.kind == "merge")
    asked = (
        (read, _MENTION.c.group_key), (select(_LINK.c.group_key), _LINK.c.group_key),
        (merged, _RULING.c.group_key), (into, _RULING.c.into_group),
    )  # fmt: skip
    return {row[0] for spoken_of, column in asked for row in among(connection, spoken_of, column, wanted)}


def all_years(connection: Connection, groups: Iterable[str]) -> set[Key]:
    """All keys of these groups, of claims as read and as ruled. (A conferral's year is that of one of its claims.)

    One without a year at least: chains of merges lead through groups whose claims are all gone.
    """
    m, groups = _MENTION.c, set(groups)
    read = among(connection, select(m.group_key, m.year).where(m.is_current).distinct(), m.group_key, groups)
    ruled = among(connection, select(*_PLACE).distinct(), _LINK.c.group_key, groups)
    return {(group, None) for group in groups}.union({(row.group_key, row.year) for row in read}, *map(_reach, ruled))


def speaks_of(mention_id: ColumnElement[str]) -> ColumnElement[bool]:
    """That a ruling speaks of a mention."""
    return select(_LINK.c.mention_id).where(_LINK.c.mention_id == mention_id).exists()


def counts_no_more(mention_id: ColumnElement[str]) -> ColumnElement[bool]:
    """That a ruling in force rejects a mention, or says that it was not won."""
    link, c = _LINK.c, _RULING.c
    rejects = or_(c.kind == "reject", (c.kind == "correct") & (c.field == "status") & (c.value == "nominated"))
    found = select(link.mention_id).join(_RULING, c.id == link.ruling_id)
    return found.where(link.mention_id == mention_id, link.reopened.is_(None), rejects).exists()


def applied(connection: Connection, mentions: Iterable[str]) -> dict[str, list[Ruling]]:
    """Mention id -> the rulings that apply to it."""
    rows = (
        select(_LINK.c.mention_id, *columns())
        .join(_RULING, _RULING.c.id == _LINK.c.ruling_id)
        .where(_LINK.c.reopened.is_(None))
        .order_by(_LINK.c.mention_id, _RULING.c.ruled_at, _RULING.c.id)
    )
    found: defaultdict[str, list[Ruling]] = defaultdict(list)
    for row in among(connection, rows, _LINK.c.mention_id, mentions):
        found[row.mention_id].append(stored(row))
    return found


def conferrals(connection: Connection, keys: Set[Key], claims: Sequence[Claim]) -> list[Conferral]:
    """The conferrals that the claims of these keys make, as ruled. `keys` hold all that rulings tie together."""
    if not exist(connection):
        return rulings.conferrals(claims, {}, ())
    rows = select(*columns()).where(standing(), _RULING.c.kind == "merge")
    found = among(connection, rows, _RULING.c.group_key, {group for group, _ in keys})
    merges = sorted(map(stored, found), key=lambda ruling: (ruling.ruled_at, ruling.id))
    return rulings.conferrals(claims, applied(connection, (claim.mention_id for claim in claims)), merges)
