"""What the command line, web pages and exports ask of the stored rows. Never writes.

Every value a user gives is bound, never put into SQL; wildcards in it mean themselves. Rows come in an order that does
not change between runs or databases. Times are aware: in UTC, but a publication in the zone its outlet printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from db import models, ruled
from db.connect import connect, prepare, reading
from db.find import EXPORTED, Filter, count, exported, find, less_sure, stream
from db.questions import answer
from db.since import CHANGED, changed
from db.tombstones import hidden
from etl.conferral import COUNTED
from etl.model import AwardsError
from etl.operate.tombstones import masked

__all__ = [
    "CHANGED",
    "EXPORTED",
    "Filter",
    "answer",
    "changed",
    "count",
    "exported",
    "find",
    "less_sure",
    "stream",
]  # for who asks here


Found = dict[str, Any]

_SITE: Final = models.table(models.Site)
_PAGE: Final = models.table(models.Page)
_ARTICLE: Final = models.table(models.Article)
_VERSION: Final = models.table(models.ArticleVersion)
_MENTION: Final = models.table(models.Mention)
_PARTNER: Final = models.table(models.MentionPartner)
_EVIDENCE: Final = models.table(models.Evidence)
_CONFERRAL: Final = models.table(models.Conferral)
_CONFERRAL_MENTION: Final = models.table(models.ConferralMention)
_CHANGE: Final = models.table(models.ConferralChange)
_RUN: Final = models.table(models.Run)
_UNIT: Final = models.table(models.BackfillUnit)
_CANARY: Final = models.table(models.Canary)


# -------------------------------------------------------------------------------------------------------------- the door


@contextmanager
def open_database(url: str) -> Iterator[Connection]:
    """A connection to read from, as everything here takes it: one consistent state, closed at the end of the block.

    `url` as in AWARDS_DB: sqlite:///data/awards.db, postgresql://user@host/database. Raises AwardsError, in one line that
    says what to do, when there is no such database, when it is older or newer than this code, or cannot be reached.
    """
    engine = connect(url)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and not file.startswith("file:") and not Path(file).exists():
        raise AwardsError(f"there is no database {file}: give the address of one, or make it with `awards run`")
    try:
        prepare(engine)
        with reading(engine) as connection:
            yield connection
    finally:
        engine.dispose()


# -------------------------------------------------------------------------------------------------------------- lineage


def why(connection: Connection, key: str) -> Found:
    """The chain behind a conferral or mention: {'conferral': {...} or None, 'mentions': [...]}.

    A mention has its columns, `partners`, `evidence` (field, start, end, quote), `article` (id, outlet, title, url,
    published_at, current, gone_at) and `pages`, the one seen last first (id, url, site, warc, digest, fetched times,
    fingerprint). `key` is an id or its beginning. Raises AwardsError when nothing or more than one thing begins so.
    """
    table, whole = _identified(connection, key)
    made_of = _CONFERRAL_MENTION.c
    if table is _CONFERRAL:
        conferral_id: str | None = whole
        members = select(made_of.mention_id).where(made_of.conferral_id == whole)
        mentions = _mentions(connection, _MENTION.c.id.in_(members))
    else:
        conferral_id = connection.execute(select(made_of.conferral_id).where(made_of.mention_id == whole)).scalar()
        mentions = _mentions(connection, _MENTION.c.id == whole)
    conferral = _dicts(connection, select(*_shown(_CONFERRAL)).where(_CONFERRAL.c.id == conferral_id))
    return {"conferral": conferral[0] if conferral else None, "mentions": mentions}


def _identified(connection: Connection, key: str) -> tuple[Table, str]:
    """The table and the whole id of what `key` is, or is the beginning of."""
    found: list[tuple[Table, str]] = []
    for table in (_CONFERRAL, _MENTION):
        begins = select(table.c.id).where(table.c.id.startswith(key, autoescape=True)).order_by(table.c.id).limit(3)
        ids = list(connection.execute(begins).scalars())
        if key in ids:
            return table, key
        found += ((table, whole) for whole in ids)
    if not found:
        gone = _withdrawn(connection, key)
        raise AwardsError(gone or f"no conferral or mention has the id {key!r}: take one from `awards find`")
    if len(found) > 1:
        some = ", ".join(whole for _, whole in found[:3])
        raise AwardsError(f"more than one conferral or mention begins with {key!r} ({some} ...): give more of the id")
    return found[0]


def _withdrawn(connection: Connection, key: str) -> str | None:
    """What became of a conferral that somebody cited and that is no more; None when there never was one."""
    c = _CHANGE.c
    gone = select(c.conferral_id, c.at, c.new, c.reason).where(
        c.what == "withdrawn", c.conferral_id.startswith(key, autoescape=True)
    )
    last = connection.execute(gone.order_by(c.at.desc(), c.conferral_id).limit(1)).one_or_none()
    if last is None:
        return None
    now = f"what reported it makes {last.new} now" if last.new else "nothing reports it now"
    return f"conferral {last.conferral_id} was withdrawn on {last.at:%Y-%m-%d} ({last.reason}): {now}"


def _mentions(connection: Connection, chosen: ColumnElement[bool]) -> list[Found]:
    rows = connection.execute(
        select(_MENTION, *(_VERSION.c[name].label(f"v_{name}") for name in _OF_VERSION), *_OF_ARTICLE)
        .join(_VERSION, _VERSION.c.id == _MENTION.c.version_id)
        .join(_ARTICLE, _ARTICLE.c.id == _VERSION.c.article_id)
        .where(chosen)
        .order_by(_VERSION.c.published_at.is_(None), _VERSION.c.published_at, _ARTICLE.c.id, _MENTION.c.position)
    ).all()
    result = []
    persons = hidden(connection).persons
    for row in rows:
        mention = {column.name: getattr(row, column.name) for column in _shown(_MENTION)}
        mention["partners"] = list(connection.execute(_of(_PARTNER, row.id, _PARTNER.c.name)).scalars())
        e = _EVIDENCE.c
        words = _of(_EVIDENCE, row.id, e.field, e.start_at.label("start"), e.end_at.label("end"), e.quote)
        mention["evidence"] = _dicts(connection, words)
        mention["article"] = {
            "id": row.a_id,
            "outlet": row.v_outlet,
            "title": masked(row.v_title, persons),
            "url": row.a_url,
            "published_at": models.printed_time(row.v_published_at, row.v_published_offset),
            "current": row.a_current == row.version_id,
            "gone_at": row.a_gone_at,
        }
        mention["pages"] = _pages(connection, row.version_id)
        result.append(mention)
    return result


_OF_VERSION: Final = ("outlet", "title", "published_at", "published_offset")
_OF_ARTICLE: Final = (
    _ARTICLE.c.id.label("a_id"),
    _ARTICLE.c.url.label("a_url"),
    _ARTICLE.c.current_version_id.label("a_current"),
    _ARTICLE.c.gone_at.label("a_gone_at"),
)


def _of(table: Table, mention: str, *columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).where(table.c.mention_id == mention).order_by(table.c.position)


def _pages(connection: Connection, version: str) -> list[Found]:
    c = _PAGE.c
    times = (c.first_fetched_at, c.last_fetched_at)
    place = (c.site, c.warc, c.digest, c.fingerprint)
    pages = select(c.id, c.url, *times, *place).where(c.version_id == version)
    return _dicts(connection, pages.order_by(c.last_fetched_at.desc(), c.first_fetched_at.desc(), c.id.desc()))


# ----------------------------------------------------------------------------------------------------------- operations


def runs(connection: Connection, site: str | None = None, limit: int = 20, command: str | None = None) -> list[Found]:
    """The last runs, newest first, of one site or of all, called by one command or by any."""
    given = ((_RUN.c.site, site), (_RUN.c.command, command))
    wanted = [column == value for column, value in given if value is not None]
    return _dicts(connection, select(_RUN).where(*wanted).order_by(_RUN.c.started_at.desc(), _RUN.c.id).limit(limit))


def news(connection: Connection, site: str, limit: int = 50) -> list[datetime]:
    """When the last runs of a site that found something new began, newest first."""
    rows = select(_RUN.c.started_at).where(_RUN.c.site == site, _RUN.c.command == "run", _RUN.c.verdict == "OK")
    return list(connection.execute(rows.order_by(_RUN.c.started_at.desc()).limit(limit)).scalars())


def last_good_run(connection: Connection) -> datetime | None:
    """When the last run of any site that found the site as it should be began."""
    good = (_RUN.c.command == "run", _RUN.c.verdict.in_(("OK", "QUIET")))
    return connection.execute(select(func.max(_RUN.c.started_at)).where(*good)).scalar()


def first_run(connection: Connection) -> datetime | None:
    """When the first run of any site began."""
    return connection.execute(select(func.min(_RUN.c.started_at)).where(_RUN.c.command == "run")).scalar()


def good_runs(connection: Connection) -> dict[str, datetime]:
    """When the last run of each site began that found it as it should be."""
    good = (_RUN.c.command == "run", _RUN.c.verdict.in_(("OK", "QUIET")))
    rows = select(_RUN.c.site, func.max(_RUN.c.started_at)).where(*good).group_by(_RUN.c.site).order_by(_RUN.c.site)
    return dict(map(tuple, connection.execute(rows)))


def runs_by_verdict(connection: Connection) -> dict[tuple[str, str], int]:
    """How many runs of each site had which verdict; those that had none count as 'none'."""
    verdict = func.coalesce(_RUN.c.verdict, "none")
    rows = select(_RUN.c.site, verdict, func.count()).where(_RUN.c.command == "run").group_by(_RUN.c.site, verdict)
    return {(site, name): count for site, name, count in connection.execute(rows.order_by(_RUN.c.site, verdict))}


def units_done(connection: Connection, site: str) -> set[date]:
    """The days of a site that a backfill is done with."""
    return set(connection.execute(select(_UNIT.c.day).where(_UNIT.c.site == site)).scalars())


def canary(connection: Connection, site: str) -> list[Found]:
    """The newest check of a site's known articles, a row an address; empty when there was none."""
    newest = select(func.max(_CANARY.c.checked_at)).where(_CANARY.c.site == site).scalar_subquery()
    rows = select(_CANARY).where(_CANARY.c.site == site, _CANARY.c.checked_at == newest)
    return _dicts(connection, rows.order_by(_CANARY.c.url))


def golden(connection: Connection, site: str, since: datetime, settled: datetime, limit: int) -> list[Found]:
    """Articles of a site that were read well, for a canary: url, article_id and the digest of the page seen last.

    Those whole, dated at `since` or later and not gone, that report an award; the ones that outlets no longer correct
    (published before `settled`) first, then the surest, then by id.
    """
    surest = (
        select(func.max(_MENTION.c.confidence))
        .where(_MENTION.c.version_id == _ARTICLE.c.current_version_id, _MENTION.c.in_focus)
        .scalar_subquery()
    )
    page = _PAGE.c
    rows = (
        select(_ARTICLE.c.url, _ARTICLE.c.article_id, page.digest)
        .join(_VERSION, _VERSION.c.id == _ARTICLE.c.current_version_id)
        .join(_PAGE, (page.version_id == _VERSION.c.id) & (page.url == _ARTICLE.c.url))
        .where(_ARTICLE.c.site == site, _ARTICLE.c.published_at >= since, _ARTICLE.c.gone_at.is_(None))
        .where(_VERSION.c.complete, page.is_award_article, surest.is_not(None))
        .order_by(
            _ARTICLE.c.published_at >= settled, surest.desc(), _ARTICLE.c.id, page.last_fetched_at.desc(), page.id
        )
    )
    found: dict[str, Found] = {}
    for row in _dicts(connection, rows):  # an address may have several pages of one content
        found.setdefault(row["article_id"], row)
    return list(found.values())[:limit]


def unseen(connection: Connection, site: str, since: datetime) -> list[str]:
    """Addresses of a site's award articles that are there and were last fetched before `since`, by address."""
    c = _ARTICLE.c
    rows = (
        select(c.url)
        .join(_PAGE, _PAGE.c.version_id == c.current_version_id)
        .where(c.site == site, c.gone_at.is_(None), _PAGE.c.is_award_article)
        .group_by(c.url)
        .having(func.max(_PAGE.c.last_fetched_at) < since)
        .order_by(c.url)
    )
    return list(connection.execute(rows).scalars())


def totals(connection: Connection) -> list[Found]:
    """What is stored of each site, by name: site, outlet, pages, articles, misfits, mentions, conferrals.

    Mentions are those of current versions; a conferral counts at every site that reports it.
    """
    counted = {
        "pages": select(_PAGE.c.site, func.count()).group_by(_PAGE.c.site),
        "articles": select(_ARTICLE.c.site, func.count()).group_by(_ARTICLE.c.site),
        "misfits": select(_PAGE.c.site, func.count()).where(_PAGE.c.outcome == "misfit").group_by(_PAGE.c.site),
        "mentions": select(_ARTICLE.c.site, func.count())
        .join(_MENTION, _MENTION.c.version_id == _ARTICLE.c.current_version_id)
        .group_by(_ARTICLE.c.site),
        "conferrals": select(_ARTICLE.c.site, func.count(_CONFERRAL_MENTION.c.conferral_id.distinct()))
        .join(_MENTION, _MENTION.c.version_id == _ARTICLE.c.current_version_id)
        .join(_CONFERRAL_MENTION, _CONFERRAL_MENTION.c.mention_id == _MENTION.c.id)
        .group_by(_ARTICLE.c.site),
    }
    numbers = {name: dict(map(tuple, connection.execute(rows))) for name, rows in counted.items()}
    sites = connection.execute(select(_SITE.c.name, _SITE.c.outlet).order_by(_SITE.c.name))
    return [
        {"site": site, "outlet": outlet} | {name: by_site.get(site, 0) for name, by_site in numbers.items()}
        for site, outlet in sites
    ]


def misfits(connection: Connection, site: str) -> list[Found]:
    """The pages of a site that no layout fits, seen last first: id, url, reason, times, place in the archive."""
    c = _PAGE.c
    columns = (c.id, c.url, c.reason, c.first_fetched_at, c.last_fetched_at)
    place = (c.warc, c.fingerprint)
    rows = select(*columns, *place).where(c.site == site, c.outcome == "misfit")
    return _dicts(connection, rows.order_by(c.last_fetched_at.desc(), c.id))


def unfounded(connection: Connection) -> list[str]:
    """Evidence whose offsets do not give its quote in the stored text: a line each. Loading lets none in; damage may."""
    e, m, v = _EVIDENCE.c, _MENTION.c, _VERSION.c
    rows = connection.execute(
        select(m.id, e.field, e.start_at, e.end_at, e.quote, v.text)
        .join(_MENTION, m.id == e.mention_id)
        .join(_VERSION, v.id == m.version_id)
        .order_by(m.id, e.position)
        .execution_options(yield_per=1000)
    )
    return [
        f"mention {row.id}: the words of {row.field} are not in the article at {row.start_at}"
        for row in rows
        if row.text[row.start_at : row.end_at] != row.quote
    ]


def ungrouped(connection: Connection) -> list[str]:
    """Mentions that should make a conferral and make none, and conferrals that no mention makes: a line each.

    A person may say that one should not: by a rejection, or by another status.
    """
    m, made_of = _MENTION.c, _CONFERRAL_MENTION.c
    counted = m.is_current & m.status.in_(sorted(COUNTED)) & ~ruled.counts_no_more(m.id)
    loose = (
        select(m.id)
        .outerjoin(_CONFERRAL_MENTION, made_of.mention_id == m.id)
        .where(counted, made_of.mention_id.is_(None))
    )
    empty = (
        select(_CONFERRAL.c.id)
        .outerjoin(_CONFERRAL_MENTION, made_of.conferral_id == _CONFERRAL.c.id)
        .where(made_of.conferral_id.is_(None))
    )
    lost, void = (sorted(connection.execute(rows).scalars()) for rows in (loose, empty))
    return [f"mention {key}: counts, and makes no conferral; `awards rebuild` computes them again" for key in lost] + [
        f"conferral {key}: no mention makes it; `awards rebuild` computes them again" for key in void
    ]


def page_places(connection: Connection, site: str) -> dict[str, Found]:
    """By id, the pages of a site that have rows: id, url, and the WARC file that first held their bytes."""
    c = _PAGE.c
    rows = select(c.id, c.url, c.warc).where(c.site == site).order_by(c.id)
    return {row["id"]: row for row in _dicts(connection, rows)}


def pages_of(connection: Connection, site: str) -> list[Found]:
    """The pages of a site: id, url, digest, version_id, and of an article's page its article_id and canonical_url."""
    c, v = _PAGE.c, _VERSION.c
    joined = select(c.id, c.url, c.digest, c.version_id, v.article_id, v.canonical_url).outerjoin(
        _VERSION, v.id == c.version_id
    )
    return _dicts(connection, joined.where(c.site == site).order_by(c.id))


def versions_naming(connection: Connection, names: Callable[..., bool]) -> set[str]:
    """The versions with a claim of which one text, or one quote behind it, is such that `names(text)` holds."""
    m, e, p = _MENTION.c, _EVIDENCE.c, _PARTNER.c
    texts = (m.recipient, m.award, m.category, m.rank, m.giver, m.presented_by, m.received_by, m.place)
    said = (
        select(m.version_id, *texts),
        select(m.version_id, e.quote).join(_EVIDENCE, e.mention_id == m.id).distinct(),
        select(m.version_id, p.name).join(_PARTNER, p.mention_id == m.id).distinct(),
    )
    rows = (row for each in said for row in connection.execute(each.execution_options(yield_per=1000)))
    return {version for version, *found in rows if names(*found)}


def articles(connection: Connection, ids: Sequence[str]) -> list[Found]:
    """Those of the articles that are stored: id and url."""
    rows = select(_ARTICLE.c.id, _ARTICLE.c.url).where(_ARTICLE.c.id.in_(ids))
    return _dicts(connection, rows.order_by(_ARTICLE.c.id))


def articles_saying(connection: Connection, words: Sequence[str]) -> list[str]:
    """Addresses of the articles whose current text holds one of these, in large or small letters; in order."""
    rows = select(_ARTICLE.c.url).join(_VERSION, _VERSION.c.id == _ARTICLE.c.current_version_id)
    says = or_(*(_VERSION.c.text.icontains(each, autoescape=True) for each in words))
    return list(connection.execute(rows.where(says).order_by(_ARTICLE.c.url)).scalars())


def dump(connection: Connection) -> dict[str, list[Found]]:
    """Every row of every derived table, sorted by key: equal exactly when two databases hold the same."""
    return {table.name: _dicts(connection, select(table).order_by(*table.primary_key)) for table in models.DERIVED}


# ----------------------------------------------------------------------------------------------------------------- rows


def _shown(table: Table) -> Sequence[ColumnElement[Any]]:
    """The columns that say something to people: how names are compared is no affair of theirs."""
    return [column for column in table.columns if column.name != "group_key"]


def _dicts(connection: Connection, rows: Select[Any]) -> list[Found]:
    return [dict(row) for row in connection.execute(rows).mappings()]
