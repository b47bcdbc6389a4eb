"""Conferrals by what is known of them: the filters of `awards find`, of exports and of the web page. Never writes.

Every value a user gives is bound, never put into SQL; wildcards in it mean themselves. Rows come newest first in an order
that does not change between runs or databases, one by one where there are many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby, islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, UnaryExpression, func, or_, select
from sqlalchemy.sql.operators import custom_op

from db import models, search
from db.tombstones import hidden
from etl.model import UsageError, is_storable
from etl.operate.tombstones import masked
from etl.stems import question

Found = dict[str, Any]

_ARTICLE: Final = models.table(models.Article)
_VERSION: Final = models.table(models.ArticleVersion)
_MENTION: Final = models.table(models.Mention)
_EVIDENCE: Final = models.table(models.Evidence)
_CONFERRAL: Final = models.table(models.Conferral)
_MADE_OF: Final = models.table(models.ConferralMention)
_CONFERRAL_WORDS: Final = models.table(models.ConferralWords)

LEVELS: Final = (_CONFERRAL.c.rank, _CONFERRAL.c.category)
"""A level stands in `category` where a place took `rank` ('Terbaik II, Madya')."""
_AT_ONCE: Final = 1_000
"""Rows fetched at a time."""
_CITED: Final = 500
"""Conferrals whose reports are looked up at a time."""
_QUOTED: Final = 200
_CLAIMED: Final = ("recipient", "award")
_PROVINCE: Final = 2
"""Characters of a province's code."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which conferrals to find; what is None does not narrow.

    `region` is a Kemendagri code and includes what lies in it; `years` first and last year; `giver` words of a name in
    their order, of which the last may be a beginning; `level` and `category` whole ones; `text` a question as
    etl/stems.py reads it; `site` one that reports it; `confidence` and `outlets` the least; `sort` one of SORTS.
    """

    region: str | None = None
    recipient_type: str | None = None
    series: str | None = None
    kind: str | None = None
    status: str | None = None
    giver: str | None = None
    years: tuple[int, int] | None = None
    level: str | None = None
    category: str | None = None
    text: str | None = None
    site: str | None = None
    confidence: float | None = None
    outlets: int | None = None
    sort: str = "newest"
    limit: int | None = None
    offset: int = 0


_C: Final = _CONFERRAL.c
NEWEST: Final = (_C.year.desc().nulls_last(), _C.awarded_on.desc().nulls_last(), _C.id)
"""The order of lists; an index holds it (db/indexes.py), and the keys of the search index sort alike."""
_KINDS: Final = {"Integer": "integer", "Double": "number", "Date": "date", "Utc": "time", "Boolean": "boolean"}


def _kind(column: ColumnElement[Any]) -> str:
    return _KINDS.get(type(column.type).__name__, "text")


SORTS: Final[dict[str, tuple[ColumnElement[Any], ...]]] = {
    "newest": NEWEST,
    "confidence": (_C.confidence.desc(), *NEWEST),
    "outlets": (_C.outlet_count.desc(), _C.confidence.desc(), *NEWEST),
    "recipient": (_C.recipient, *NEWEST),
    "region": (func.coalesce(_C.region_code, ""), *NEWEST),
}


def find(connection: Connection, wanted: Filter) -> list[Found]:
    """The conferrals that fit: a dict a row with the columns of the table `conferral`. See `stream` for many."""
    return list(stream(connection, wanted))


def stream(connection: Connection, wanted: Filter) -> Iterator[Found]:
    """As `find`, one by one, holding no more than a thousand and those of one day. Raises UsageError for an unfit filter.

    Within one year and day, what belongs together stands together: by award, region and recipient.
    """
    if wanted.sort not in SORTS:
        raise UsageError(f"--sort {wanted.sort!r} is not known: {', '.join(SORTS)}")
    narrowed = _narrowed(connection, wanted)
    newest = wanted.sort == "newest"
    order = narrowed.newest if newest else SORTS[wanted.sort]
    chosen = select(_C.id).select_from(narrowed.source).where(*narrowed.conditions).order_by(*order)
    chosen = chosen.limit(wanted.limit).offset(wanted.offset or None)
    rows = chosen.with_only_columns(*shown())
    if (
        wanted.limit is not None and not newest
    ):  # an index has what is sorted by; the rows themselves are four times that
        first = chosen.subquery()
        rows = select(*shown()).join(first, first.c.id == _C.id).order_by(*order)
    if wanted.limit is None:  # on demand: the driver of PostgreSQL would else fetch all of them first
        rows = rows.execution_options(yield_per=_AT_ONCE)
    found = (dict(row) for row in connection.execute(rows).mappings())
    return _neighbours(found) if newest else found


def count(connection: Connection, wanted: Filter) -> int:
    """How many conferrals fit, whatever `limit` and `offset` say."""
    narrowed = _narrowed(connection, wanted)
    rows = select(func.count()).select_from(narrowed.counted).where(*narrowed.conditions)
    return connection.execute(rows).scalar_one()


def less_sure(connection: Connection, wanted: Filter, than: float) -> int:
    """How many conferrals fit but for a confidence below that: what `wanted.confidence` leaves out, or does not."""
    narrowed = _narrowed(connection, replace(wanted, confidence=None), _C.confidence < than)
    rows = select(func.count()).select_from(narrowed.counted).where(*narrowed.conditions)
    return connection.execute(rows).scalar_one()


def shown() -> list[ColumnElement[Any]]:
    """The columns that say something to people: how names are compared is no affair of theirs."""
    return [column for column in _CONFERRAL.columns if column.name != "group_key"]


EXPORTED: Final[dict[str, Any]] = {column.name: _kind(column) for column in shown()} | {
    "outlets": "list", "links": "list", "quote": "text",
}  # fmt: skip
"""The columns of `exported` with their kinds, as etl/output/export.py takes them."""


def _neighbours(rows: Iterable[Found]) -> Iterator[Found]:
    for _, of_one_day in groupby(rows, key=lambda row: (row["year"], row["awarded_on"])):
        yield from sorted(
            of_one_day, key=lambda row: (row["award"], row["region_code"] or "", row["recipient"], row["id"])
        )


# --------------------------------------------------------------------------------------------------------------- exports


def exported(connection: Connection, wanted: Filter) -> Iterator[Found]:
    """As `stream`, each with what it takes to cite it: `outlets`, `links`, and a `quote` of 200 characters at most.

    Links are those of the articles that report it, the first to appear first; the quote is from the surest of them.
    """
    return cited(connection, stream(connection, wanted))


def cited(connection: Connection, rows: Iterable[Found]) -> Iterator[Found]:
    """Conferrals with outlets, links and quote, as `exported` has them."""
    source = iter(rows)
    while chunk := list(islice(source, _CITED)):
        found = _citations(connection, [row["id"] for row in chunk])
        yield from (row | found.get(row["id"], {}) for row in chunk)


def matching(connection: Connection, wanted: Filter, ids: Sequence[str]) -> list[Found]:
    """Those of the conferrals with these ids that fit, by id."""
    narrowed = _narrowed(connection, wanted)
    rows = select(*shown()).select_from(narrowed.source).where(_C.id.in_(ids), *narrowed.conditions).order_by(_C.id)
    return [dict(row) for row in connection.execute(rows).mappings()]


def _citations(connection: Connection, conferrals: Sequence[str]) -> dict[str, Found]:
    m, v = _MENTION.c, _VERSION.c
    rows = connection.execute(
        select(_MADE_OF.c.conferral_id, m.id, m.in_focus, m.confidence, v.outlet, _ARTICLE.c.url, m.version_id)
        .join(_MENTION, m.id == _MADE_OF.c.mention_id)
        .join(_VERSION, v.id == m.version_id)
        .join(_ARTICLE, _ARTICLE.c.id == v.article_id)
        .where(_MADE_OF.c.conferral_id.in_(conferrals))
        .order_by(_MADE_OF.c.conferral_id, v.published_at.is_(None), v.published_at, m.id)
    ).all()
    reports = {key: list(of_one) for key, of_one in groupby(rows, key=lambda row: str(row.conferral_id))}
    surest = {key: max(of_one, key=lambda row: (row.in_focus, row.confidence)) for key, of_one in reports.items()}
    quotes = _quotes(connection, {row.id: row.version_id for row in surest.values()})
    return {
        key: {
            "outlets": list(dict.fromkeys(row.outlet for row in of_one)),
            "links": list(dict.fromkeys(row.url for row in of_one)),
            "quote": quotes.get(surest[key].id),
        }
        for key, of_one in reports.items()
    }


def _quotes(connection: Connection, versions: Mapping[str, str]) -> dict[str, str]:
    """Mention -> the words from its recipient to its award; both with an ellipsis where they stand far apart."""
    e = _EVIDENCE.c
    texts = dict(
        map(
            tuple,
            connection.execute(select(_VERSION.c.id, _VERSION.c.text).where(_VERSION.c.id.in_(versions.values()))),
        )
    )
    words = select(e.mention_id, e.field, e.start_at, e.end_at).where(e.mention_id.in_(versions), e.field.in_(_CLAIMED))
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for row in connection.execute(words.order_by(e.mention_id, e.position)):
        found.setdefault(row.mention_id, {}).setdefault(row.field, (row.start_at, row.end_at))
    persons = hidden(connection).persons  # whom no evidence names; but what lies between two pieces of it may
    return {
        mention: masked(_quoted(texts[versions[mention]], sorted(spans.values())), persons)
        for mention, spans in found.items()
    }


def _quoted(text: str, spans: Sequence[tuple[int, int]]) -> str:
    start, end = spans[0][0], max(end for _, end in spans)
    parts = [text[start:end]] if end - start <= _QUOTED else [text[a:b][: _QUOTED // 2 - 2] for a, b in spans[:2]]
    return " … ".join(" ".join(part.split()) for part in parts)


# -------------------------------------------------------------------------------------------------------------- filters


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """`source` has the columns of conferrals, `counted` as many rows."""

    source: FromClause
    counted: FromClause
    conditions: list[ColumnElement[bool]]
    newest: tuple[ColumnElement[Any], ...]


def _narrowed(connection: Connection, wanted: Filter, *more: ColumnElement[bool]) -> _Narrowed:
    _refuse_unaskable(wanted)
    walking = [*_conditions(wanted, walks=connection.dialect.name == "sqlite"), *more]
    asked = question(wanted.text) if wanted.text and not wanted.text.isspace() else None
    if asked is None and wanted.site is None and wanted.giver is None:
        return _Narrowed(_CONFERRAL, _CONFERRAL, walking, NEWEST)
    of_years = int(wanted.years is not None)  # which the index of words knows itself
    few = _few(connection, [*_conditions(wanted), *more]) if len(walking) > of_years else None
    hits = search.hits(connection, asked, wanted.site, wanted.giver, wanted.years, few)
    source = hits.source.join(_CONFERRAL, _C.id == _CONFERRAL_WORDS.c.conferral_id)
    counted = source if walking else hits.source
    return _Narrowed(source, counted, [hits.condition, *walking], (hits.newest,))


_FEW: Final = 5_000
"""Conferrals of which the index of words is asked one by one. Of more, the newest that have the words are soon met."""


def _few(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> list[int] | None:
    """The keys in the index of words of all conferrals that these fit, None when they are more than a few."""
    some = select(_C.id).where(*conditions).limit(_FEW + 1).subquery()
    if connection.execute(select(func.count()).select_from(some)).scalar_one() > _FEW:
        return None
    words = _CONFERRAL_WORDS.c
    keys = select(words.key).join(_CONFERRAL, _C.id == words.conferral_id).where(*conditions)
    return list(connection.execute(keys).scalars())


def _refuse_unaskable(wanted: Filter) -> None:
    """PostgreSQL takes no NUL, and no database half of a surrogate pair."""
    for f in fields(wanted):
        value = getattr(wanted, f.name)
        if isinstance(value, str) and not is_storable(value):
            raise UsageError(f"--{f.name.replace('_', '-')} {value[:40]!r} holds a character that no database can hold")


def _conditions(wanted: Filter, walks: bool = False) -> list[ColumnElement[bool]]:
    """What the columns must be; `walks`: SQLite is to walk a list in its order rather than to sort what an index has."""
    given = ("recipient_type", "series", "kind", "status")
    found = [_C[name] == getattr(wanted, name) for name in given if getattr(wanted, name) is not None]
    if wanted.region is not None:
        found.append(_within(wanted.region, walks))
    if wanted.years is not None:
        found.append(_C.year.between(*wanted.years))
    if wanted.level is not None:
        found.append(or_(*(func.lower(column) == func.lower(wanted.level) for column in LEVELS)))
    if wanted.category is not None:
        found.append(func.lower(_C.category) == func.lower(wanted.category))
    if wanted.confidence is not None:
        found.append(_C.confidence >= wanted.confidence)
    if wanted.outlets is not None:
        found.append(_C.outlet_count >= wanted.outlets)
    return found


def _within(code: str, walks: bool) -> ColumnElement[bool]:
    """A region and what lies in it: a range and no LIKE, so that indexes help. ('/' is the sign that follows '.'.)"""
    region: ColumnElement[Any] = _C.region_code
    if len(code) == _PROVINCE and walks:
        # Of a province's many conferrals the newest are soon met in the order of lists; SQLite, which counts nothing,
        # would fetch and sort them all. A sign in front of a column keeps it from that.
        region = UnaryExpression(region, operator=custom_op("+"), type_=region.type)
    return or_(region == code, (region > f"{code}.") & (region < f"{code}/"))
