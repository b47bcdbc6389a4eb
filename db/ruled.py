"""What rulings make of stored mentions, for loading: which of them apply, which conferrals they tie together.

`db.load` calls it on the way from mentions to conferrals; etl/rulings.py decides, this module fetches and stores. Never
makes a ruling (`db.rulings`) and costs one look at an empty table where there are none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, insert, select
from sqlalchemy.orm import aliased

from db import models
from etl import rulings
from etl.conferral import Claim
from etl.rulings import Ruling

_ARTICLE: Final = models.table(models.Article)
_VERSION: Final = models.table(models.ArticleVersion)
_MENTION: Final = models.table(models.Mention)
_EVIDENCE: Final = models.table(models.Evidence)
_RULING: Final = models.table(models.Ruling)
_LINK: Final = models.table(models.MentionRuling)

_FIELDS: Final = tuple(f.name for f in fields(Ruling))
_CHUNK: Final = 500


def standing() -> ColumnElement[bool]:
    """That a row of `ruling` has the last word: it withdraws nothing, and nothing supersedes it."""
    later = aliased(_RULING)
    superseded = select(later.c.id).where(later.c.supersedes == _RULING.c.id).exists()
    return (_RULING.c.kind != "withdraw") & ~superseded


def exist(connection: Connection) -> bool:
    """Whether anybody ever ruled on anything."""
    return connection.execute(select(_RULING.c.id).limit(1)).first() is not None


def stored(row: Row[Any]) -> Ruling:
    """A row of `ruling` as a value."""
    return Ruling(**{name: row._mapping[name] for name in _FIELDS})


def columns() -> Sequence[ColumnElement[Any]]:
    """Those of `ruling` that `stored` needs."""
    return [_RULING.c[name] for name in _FIELDS]


# ------------------------------------------------------------------------------------------------- which rulings apply


def relink(connection: Connection, articles: Iterable[str], claims: Sequence[Claim]) -> None:
    """Finds anew which rulings speak of the claims of these articles' current versions, and which of them apply.

    `claims` are those of articles that `spoken_of` gives, whatever their status.
    """
    articles = sorted(articles)
    of_article: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        of_article[claim.article_key].append(claim)
    made = (
        select(*columns())
        .where(standing(), _RULING.c.kind != "merge")
        .order_by(_RULING.c.article_id, _RULING.c.ruled_at, _RULING.c.id)
    )
    ruled: defaultdict[str, list[Ruling]] = defaultdict(list)
    for row in among(connection, made, _RULING.c.article_id, articles):
        ruled[row.article_id].append(stored(row))
    old = (
        select(_MENTION.c.id)
        .join(_VERSION, _VERSION.c.id == _MENTION.c.version_id)
        .join(_LINK, _LINK.c.mention_id == _MENTION.c.id)
    )
    stale = {row.id for row in among(connection, old, _VERSION.c.article_id, articles)}
    for chunk in _chunks(stale):
        connection.execute(delete(_LINK).where(_LINK.c.mention_id.in_(chunk)))
    lines = _lines(connection, ruled)
    quotes = _quotes(connection, (claim.mention_id for article in ruled for claim in of_article[article]))
    found = [
        link
        for article, made_of in ruled.items()
        for link in rulings.links(of_article[article], quotes, lines.get(article, frozenset()), made_of)
    ]
    if found:
        connection.execute(insert(_LINK), [asdict(link) for link in found])


def spoken_of(connection: Connection, articles: Iterable[str]) -> set[str]:
    """Those of the articles on whose claims anybody ever ruled."""
    ever = select(_RULING.c.article_id).distinct()
    return {row.article_id for row in among(connection, ever, _RULING.c.article_id, articles)}


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


def groups_of(connection: Connection, articles: Iterable[str]) -> set[str]:
    """The group keys, as ruled, of what these articles claim at present."""
    moved = (
        select(_LINK.c.group_key)
        .join(_MENTION, _MENTION.c.id == _LINK.c.mention_id)
        .join(_ARTICLE, _ARTICLE.c.current_version_id == _MENTION.c.version_id)
    )
    return {row.group_key for row in among(connection, moved, _ARTICLE.c.id, articles)}


def kin(connection: Connection, groups: Iterable[str]) -> set[str]:
    """These group keys and all that rulings tie to them, however far: what can only be computed together."""
    read, ruled = _MENTION.c.group_key, _LINK.c.group_key
    tied = (
        (select(ruled).join(_MENTION, _MENTION.c.id == _LINK.c.mention_id).where(ruled != read), read),
        (select(read).join(_LINK, _MENTION.c.id == _LINK.c.mention_id).where(ruled != read), ruled),
        (select(_RULING.c.into_group).where(standing()), _RULING.c.group_key),
        (select(_RULING.c.group_key).where(standing()), _RULING.c.into_group),
    )
    known: set[str] = set()
    new = set(groups)
    while new:  # each round adds keys, of which there are finitely many
        known |= new
        new = {row[0] for rows, column in tied for row in among(connection, rows, column, new)} - known
    return known


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


def merges(connection: Connection, groups: Iterable[str]) -> dict[str, str]:
    """Conferral id -> id of the conferral it is merged into, for those of these group keys."""
    rows = select(_RULING.c.key, _RULING.c.value).where(standing(), _RULING.c.kind == "merge")
    rows = rows.order_by(_RULING.c.ruled_at, _RULING.c.id)
    return {row.key: row.value for row in among(connection, rows, _RULING.c.group_key, groups)}


def conferrals(connection: Connection, groups: Iterable[str], claims: Sequence[Claim]) -> list[rulings.Ruled]:
    """The conferrals that the claims of these groups (`kin`) make, as ruled."""
    by_mention: Mapping[str, Sequence[Ruling]] = {}
    into: Mapping[str, str] = {}
    if exist(connection):
        by_mention = applied(connection, (claim.mention_id for claim in claims))
        into = merges(connection, groups)
    return rulings.conferrals(claims, by_mention, into)


# --------------------------------------------------------------------------------------------------------- many at once


def among(connection: Connection, statement: Select[Any], column: Any, keys: Iterable[str]) -> Iterator[Row[Any]]:
    """The rows of the statement whose column holds one of the keys."""
    for chunk in _chunks(keys):
        yield from connection.execute(statement.where(column.in_(chunk))).all()


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]
