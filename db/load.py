"""Stores readings: what a page yielded is replaced as a whole, and the conferrals it touches are computed again.

Replace, never patch: after loading the same readings once, twice or in another order, every derived table holds the
same rows, because each row follows from the pages alone. So nothing here reads a clock or asks a database for a key,
and everything happens in the caller's one transaction (`db.connect.writing`), which also keeps a second loader out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, Select, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from db import models
from db.connect import lock, overwriting
from etl.conferral import COUNTED, Claim, Conferral, group, group_key
from etl.model import Article, AwardMention, PageKind, PageRef, Reading, Unread, short_hash

Rows: TypeAlias = list[dict[str, Any]]

_CHUNK: Final = 500
"""Keys in one IN list: few round trips, and below every database's limit."""

_SITE: Final = models.table(models.Site)
_PAGE: Final = models.table(models.Page)
_ARTICLE: Final = models.table(models.Article)
_VERSION: Final = models.table(models.ArticleVersion)
_EDITOR: Final = models.table(models.ArticleEditor)
_TAG: Final = models.table(models.ArticleTag)
_MENTION: Final = models.table(models.Mention)
_PARTNER: Final = models.table(models.MentionPartner)
_EVIDENCE: Final = models.table(models.Evidence)
_CONFERRAL: Final = models.table(models.Conferral)
_CONFERRAL_MENTION: Final = models.table(models.ConferralMention)
_RUN: Final = models.table(models.Run)
_UNIT: Final = models.table(models.BackfillUnit)
_CANARY: Final = models.table(models.Canary)

_INSERTS: Final[dict[str, Callable[[Table], sqlite.Insert | postgresql.Insert]]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}

_MENTION_FIELDS: Final = tuple(
    f.name for f in fields(AwardMention) if f.name not in ("evidence", "partners", "decisions")
)
_CONFERRAL_FIELDS: Final = tuple(f.name for f in fields(Conferral) if f.name != "mention_ids")
_CLAIMED: Final = frozenset({"recipient", "award"})
"""Fields without which a mention says nothing: each needs words of the article behind it."""
_VISITS: Final = ("first_fetched_at", "warc", "last_fetched_at")
_ISO_DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Loss:
    """A mention that the stored reading of a page has and a new one has not."""

    site: str
    url: str
    recipient: str
    award: str


@dataclass(frozen=True, slots=True)
class Losses:
    """What reading pages again would change: their mentions as stored, as read now, and those that would go."""

    before: int
    after: int
    lost: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of a site, as in the table `run`. Times are aware; `exit_code` and `ended_at` are None while it runs."""

    id: str
    site: str
    started_at: datetime
    command: str
    ended_at: datetime | None = None
    exit_code: int | None = None
    fetched: int = 0
    stored: int = 0
    unchanged: int = 0
    not_modified: int = 0
    articles: int = 0
    known: int = 0
    passed_over: int = 0
    misfits: int = 0
    others: dict[str, int] = field(default_factory=dict)
    mentions: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    verdict: str | None = None
    code_version: str | None = None
    error: str | None = None
    log: str | None = None
    job: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CanaryRow:
    """One known article of a check, as in the table `canary`. `checked_at` is aware, the same for all of a check."""

    site: str
    checked_at: datetime
    url: str
    verdict: str
    known: str
    differs: tuple[str, ...] = ()


# -------------------------------------------------------------------------------------------------------------- loading


def fingerprints(connection: Connection, site: str) -> dict[str, str]:
    """Page id -> fingerprint of the code that read it, for the pages of a site that are stored."""
    stored = connection.execute(select(_PAGE.c.id, _PAGE.c.fingerprint).where(_PAGE.c.site == site))
    return {row.id: row.fingerprint for row in stored}


def load(connection: Connection, readings: Sequence[Reading], outlet_of: Mapping[str, str]) -> None:
    """Stores what these pages yielded in place of all they yielded before, and recomputes the conferrals touched.

    `outlet_of` gives the outlet of each site. Raises ValueError, naming address and field, for a mention that its
    evidence does not bear out and for texts that no database can hold; then nothing was written.
    """
    batch = _in_order(readings)
    for reading in batch.values():
        _refuse_unfounded(reading)
    if not batch:
        return
    lock(connection)
    stored = _stored_pages(connection, batch)
    versions: dict[str, tuple[Article, Sequence[AwardMention]]] = {}
    for reading in batch.values():
        if isinstance(reading.outcome, Article):
            versions[reading.outcome.version] = (reading.outcome, reading.mentions)
    former = {row.version_id for row in stored.values() if row.version_id} - versions.keys()
    touched = {article.key for article, _ in versions.values()} | _articles_of(connection, former)
    before = _current_groups(connection, touched)

    _write_sites(connection, {reading.page.site for reading in batch.values()}, outlet_of)
    _write_versions(connection, versions)
    seen = _by_page(reading.page for reading in readings)
    upsert(connection, _PAGE, [_page_row(made) | _visits(seen[key], stored.get(key)) for key, made in batch.items()])
    _delete_orphans(connection, former)
    _choose_current(connection, touched)
    _regroup(connection, before | _current_groups(connection, touched))


def visited(connection: Connection, refs: Sequence[PageRef]) -> None:
    """Notes when pages were seen again with the same bytes; pages that were never loaded are passed over.

    An article is what its page seen last says, so a visit can bring an earlier version back.
    """
    if not refs:
        return
    lock(connection)
    seen = _by_page(refs)
    stored = _stored_pages(connection, seen)
    now = {key: _visits(seen[key], row) for key, row in stored.items()}
    moved = {
        key: visits for key, visits in now.items() if visits != {name: getattr(stored[key], name) for name in visits}
    }
    if not moved:
        return
    touched = _articles_of(connection, {stored[key].version_id for key in moved} - {None})
    before = _current_groups(connection, touched)
    _update(connection, _PAGE, moved)
    if _choose_current(connection, touched):
        _regroup(connection, before | _current_groups(connection, touched))


def forget(connection: Connection, pages: Iterable[str]) -> int:
    """Deletes pages and all that only they say: versions, mentions, quotes, articles, conferrals without another source.

    How many there were. What they said is overwritten in the database's file too.
    """
    lock(connection)
    overwriting(connection)
    stored = _stored_pages(connection, pages)
    versions = {row.version_id for row in stored.values() if row.version_id}
    touched = _articles_of(connection, versions)
    before = _current_groups(connection, touched)
    _delete(connection, _PAGE.c.id, stored)
    _delete_orphans(connection, versions)
    _choose_current(connection, touched)
    _regroup(connection, before | _current_groups(connection, touched))
    return len(stored)


def unread(connection: Connection, versions: Iterable[str]) -> set[str]:
    """Deletes what these versions claim and leaves their pages to be read again; the sites that are to be processed."""
    lock(connection)
    overwriting(connection)
    versions = set(versions)
    touched = _articles_of(connection, versions)
    before = _current_groups(connection, touched)
    _delete(connection, _MENTION.c.version_id, versions)
    pages = {
        row.id: row.site for row in _among(connection, select(_PAGE.c.id, _PAGE.c.site), _PAGE.c.version_id, versions)
    }
    _update(connection, _PAGE, {key: {"fingerprint": ""} for key in pages})
    _regroup(connection, before | _current_groups(connection, touched))
    return set(pages.values())


def unread_all(connection: Connection) -> None:
    """Leaves every page to be read again; what is stored of it stays until then."""
    lock(connection)
    connection.execute(update(_PAGE).values(fingerprint=""))


def forget_canaries(connection: Connection, site: str, urls: Iterable[str]) -> None:
    """Deletes what checks of these known articles found."""
    for chunk in _chunks(urls):
        connection.execute(delete(_CANARY).where(_CANARY.c.site == site, _CANARY.c.url.in_(chunk)))


def losses(connection: Connection, readings: Sequence[Reading]) -> Losses:
    """What loading these readings would take away, over the pages that are stored already; changes nothing.

    Mentions are compared by recipient and award. Pages that are new count on neither side.
    """
    batch = _in_order(readings)
    had: dict[str, Counter[tuple[str, str]]] = {key: Counter() for key in _stored_pages(connection, batch)}
    claims = select(_PAGE.c.id, _MENTION.c.recipient, _MENTION.c.award).join(
        _MENTION, _MENTION.c.version_id == _PAGE.c.version_id
    )
    for row in _among(connection, claims, _PAGE.c.id, had):
        had[row.id][row.recipient, row.award] += 1
    has = {key: Counter((m.recipient, m.award) for m in batch[key].mentions) for key in had}
    lost = [
        Loss(batch[key].page.site, batch[key].page.url, recipient, award)
        for key in had
        for recipient, award in (had[key] - has[key]).elements()
    ]
    lost.sort(key=lambda loss: (loss.site, loss.url, loss.recipient, loss.award))
    return Losses(sum(c.total() for c in had.values()), sum(c.total() for c in has.values()), tuple(lost))


def record_run(connection: Connection, run: RunRow) -> None:
    """Stores a run, or what became of it: a second call with the same id replaces the first."""
    upsert(connection, _RUN, [asdict(run)])


def mark_gone(connection: Connection, site: str, gone: Mapping[str, datetime]) -> None:
    """Notes since when articles (by article.id) are gone; every other one of the site is there, also one that came back."""
    lock(connection)
    c = _ARTICLE.c
    marked = dict(map(tuple, connection.execute(select(c.id, c.gone_at).where(c.site == site, c.gone_at.is_not(None)))))
    stored = {row.id for row in _among(connection, select(c.id), c.id, gone)}
    wanted = {key: at for key, at in gone.items() if key in stored}
    changed = {key: wanted.get(key) for key in marked.keys() | wanted.keys() if marked.get(key) != wanted.get(key)}
    _update(connection, _ARTICLE, {key: {"gone_at": at} for key, at in changed.items()})


def record_unit(connection: Connection, site: str, day: date, done_at: datetime, run_id: str) -> None:
    """Stores that a backfill is done with a day of a site; the last one that was stands."""
    upsert(connection, _UNIT, [{"site": site, "day": day, "done_at": done_at, "run_id": run_id}])


def record_canary(connection: Connection, rows: Sequence[CanaryRow]) -> None:
    """Stores a check of known articles."""
    upsert(connection, _CANARY, [asdict(row) | {"differs": list(row.differs)} for row in rows])


# ----------------------------------------------------------------------------------------------- what may not be stored


def _in_order(readings: Iterable[Reading]) -> dict[str, Reading]:
    """Page id -> reading, the page seen last at the end, so that of two pages with one content it has the say."""
    seen = sorted(readings, key=lambda r: (r.page.last_fetched_at, r.page.first_fetched_at, r.page.id))
    return {reading.page.id: reading for reading in seen}


def _refuse_unfounded(reading: Reading) -> None:
    url, outcome = reading.page.url, reading.outcome
    _refuse_unstorable(url, outcome)
    if isinstance(outcome, Unread):
        if reading.mentions:
            raise ValueError(f"{url}: mentions: a page without an article cannot have any")
        return
    text = outcome.text
    for mention in reading.mentions:
        _refuse_unstorable(url, mention)
        claim = f"{url}: {mention.recipient!r}, {mention.award!r}"
        for words in mention.evidence:
            if not (0 <= words.start < words.end and text[words.start : words.end] == words.quote):
                raise ValueError(
                    f"{claim}: evidence for {words.field}: the article has not {words.quote!r} at"
                    f" {words.start}..{words.end}"
                )
        missing = _CLAIMED - {words.field for words in mention.evidence}
        if missing:
            raise ValueError(f"{claim}: no evidence for {' and '.join(sorted(missing))}")
        if mention.awarded_on is not None and not _is_date(mention.awarded_on):
            raise ValueError(f"{claim}: awarded_on: {mention.awarded_on!r} is no date")


def _refuse_unstorable(url: str, value: Article | Unread | AwardMention) -> None:
    for f in fields(value):
        content = getattr(value, f.name)
        for text in content if isinstance(content, tuple) else (content,):
            if isinstance(text, str) and not _is_storable(text):
                raise ValueError(f"{url}: {f.name}: a character that no database can hold in {text[:80]!r}")


def _is_storable(text: str) -> bool:
    """PostgreSQL takes no NUL, and no database half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _is_date(text: str) -> bool:
    if not _ISO_DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


# ------------------------------------------------------------------------------------------------------------- the rows


def _page_row(reading: Reading) -> dict[str, Any]:
    """Without the visits: those of other crawls count too (`_visits`)."""
    page, outcome = reading.page, reading.outcome
    return {
        "id": page.id,
        "site": page.site,
        "url": page.url,
        "digest": page.digest,
        "outcome": str(outcome.kind if isinstance(outcome, Unread) else PageKind.ARTICLE),
        "reason": str(outcome) if isinstance(outcome, Unread) else None,
        "version_id": None if isinstance(outcome, Unread) else outcome.version,
        "fingerprint": reading.fingerprint,
        "is_award_article": reading.is_award_article,
    }


def _visits(refs: Sequence[PageRef], stored: Row[Any] | None) -> dict[str, Any]:
    """When a page was seen and in which file it lies. Times only widen and the first file stays, whatever comes first.

    Where in the file is the archive index's business: the same pages fetched in another order lie elsewhere.
    """
    firsts = [(ref.first_fetched_at, ref.warc) for ref in refs]
    lasts = [ref.last_fetched_at for ref in refs]
    if stored is not None:
        firsts.append((stored.first_fetched_at, stored.warc))
        lasts.append(stored.last_fetched_at)
    return dict(zip(_VISITS, (*min(firsts), max(lasts)), strict=True))


def _by_page(refs: Iterable[PageRef]) -> dict[str, list[PageRef]]:
    seen: defaultdict[str, list[PageRef]] = defaultdict(list)
    for ref in refs:
        seen[ref.id].append(ref)
    return seen


def _article_row(article: Article) -> dict[str, Any]:
    """As the page at hand tells it; `_choose_current` sets what depends on the other pages."""
    return {"id": article.key, "site": article.site, "article_id": article.article_id, "url": article.url}


def _version_row(article: Article) -> dict[str, Any]:
    offset = article.published_at.utcoffset() if article.published_at else None
    return {
        "id": article.version,
        "article_id": article.key,
        "outlet": article.outlet,
        "canonical_url": article.canonical_url,
        "layout": article.layout,
        "title": article.title,
        "author": article.author,
        "published_at": article.published_at,
        "published_offset": None if offset is None else offset // timedelta(minutes=1),
        "dateline": article.dateline,
        "photo_caption": article.photo_caption,
        "complete": article.complete,
        "text": article.text,
    }


def _mention_rows(version: str, mentions: Sequence[AwardMention]) -> Iterator[tuple[AwardMention, dict[str, Any]]]:
    """Each mention with its row. Equal ones of a version are told apart by their order."""
    equal: Counter[tuple[str, ...]] = Counter()
    for position, mention in enumerate(mentions):
        claim: tuple[str, ...] = (mention.recipient, mention.recipient_type, mention.award)
        claim += (mention.category or "", mention.rank or "", mention.awarded_on or "")
        row = {name: getattr(mention, name) for name in _MENTION_FIELDS}
        row |= {"id": short_hash(version, *claim, str(equal[claim])), "version_id": version, "position": position}
        row["group_key"] = group_key(mention)
        equal[claim] += 1
        yield mention, row


def _evidence_rows(mention_id: str, mention: AwardMention) -> Iterator[dict[str, Any]]:
    for position, words in enumerate(mention.evidence):
        yield {
            "mention_id": mention_id,
            "position": position,
            "field": words.field,
            "start_at": words.start,
            "end_at": words.end,
            "quote": words.quote,
        }


# ------------------------------------------------------------------------------------------------------------ the steps


def _stored_pages(connection: Connection, pages: Iterable[str]) -> dict[str, Row[Any]]:
    """Page id -> its row, for those of the pages that are stored."""
    columns = (_PAGE.c[name] for name in ("id", "version_id", *_VISITS))
    return {row.id: row for row in _among(connection, select(*columns), _PAGE.c.id, pages)}


def _articles_of(connection: Connection, versions: Iterable[str]) -> set[str]:
    found = _among(connection, select(_VERSION.c.article_id), _VERSION.c.id, versions)
    return {row.article_id for row in found}


def _current_groups(connection: Connection, articles: Iterable[str]) -> set[str]:
    """The group keys of what these articles claim at present."""
    claims = select(_MENTION.c.group_key).join(_ARTICLE, _ARTICLE.c.current_version_id == _MENTION.c.version_id)
    return {row.group_key for row in _among(connection, claims.distinct(), _ARTICLE.c.id, articles)}


def _write_sites(connection: Connection, sites: Iterable[str], outlet_of: Mapping[str, str]) -> None:
    """Makes sure that pages have a site to name; db.reference keeps what is known of it up to date."""
    known = set(connection.execute(select(_SITE.c.name)).scalars())
    rows = [{"name": site, "outlet": outlet_of.get(site, site)} for site in sorted(set(sites) - known)]
    upsert(connection, _SITE, rows)


def _write_versions(connection: Connection, versions: Mapping[str, tuple[Article, Sequence[AwardMention]]]) -> None:
    """Writes the versions with everything that hangs on them, after deleting what hung on them before."""
    articles = {article.key: _article_row(article) for article, _ in versions.values()}
    upsert(connection, _ARTICLE, list(articles.values()))
    upsert(connection, _VERSION, [_version_row(article) for article, _ in versions.values()])
    for table in (_EDITOR, _TAG, _MENTION):
        _delete(connection, table.c.version_id, versions)
    editors: Rows = []
    tags: Rows = []
    mentions: Rows = []
    partners: Rows = []
    evidence: Rows = []
    for version, (article, claims) in versions.items():
        editors += ({"version_id": version, "position": n, "name": name} for n, name in enumerate(article.editors))
        tags += ({"version_id": version, "position": n, "tag": tag} for n, tag in enumerate(article.tags))
        for mention, row in _mention_rows(version, claims):
            key = row["id"]
            mentions.append(row)
            partners += ({"mention_id": key, "position": n, "name": name} for n, name in enumerate(mention.partners))
            evidence += _evidence_rows(key, mention)
    _insert(connection, _EDITOR, editors)
    _insert(connection, _TAG, tags)
    _insert(connection, _MENTION, mentions)
    _insert(connection, _PARTNER, partners)
    _insert(connection, _EVIDENCE, evidence)


def _delete_orphans(connection: Connection, versions: Iterable[str]) -> None:
    """Deletes those of the versions that no page says any more, with all that hangs on them."""
    versions = set(versions)
    said = {page.version_id for page in _among(connection, select(_PAGE.c.version_id), _PAGE.c.version_id, versions)}
    _delete(connection, _VERSION.c.id, versions - said)


def _choose_current(connection: Connection, articles: Iterable[str]) -> set[str]:
    """Points each article to the version of its page seen last, deletes those without any; gives what changed."""
    articles = set(articles)
    pages = select(
        _VERSION.c.article_id,
        _PAGE.c.last_fetched_at,
        _PAGE.c.first_fetched_at,
        _PAGE.c.id,
        _PAGE.c.url,
        _PAGE.c.version_id,
        _VERSION.c.canonical_url,
        _VERSION.c.published_at,
    ).join(_PAGE, _PAGE.c.version_id == _VERSION.c.id)
    latest: dict[str, Row[Any]] = {}
    for page in _among(connection, pages, _VERSION.c.article_id, articles):
        best = latest.get(page.article_id)
        if best is None or _seen(page) > _seen(best):
            latest[page.article_id] = page
    columns = ("url", "canonical_url", "current_version_id", "published_at")
    chosen = {key: (page.url, page.canonical_url, page.version_id, page.published_at) for key, page in latest.items()}
    stored = select(_ARTICLE.c.id, *(_ARTICLE.c[name] for name in columns))
    changed = {
        row.id: dict(zip(columns, chosen[row.id], strict=True))
        for row in _among(connection, stored, _ARTICLE.c.id, latest)
        if tuple(row)[1:] != chosen[row.id]
    }
    _update(connection, _ARTICLE, changed)
    _delete(connection, _ARTICLE.c.id, articles - latest.keys())
    return changed.keys() | (articles - latest.keys())


def _seen(page: Row[Any]) -> tuple[datetime, datetime, str]:
    return page.last_fetched_at, page.first_fetched_at, page.id


def _regroup(connection: Connection, groups: Iterable[str]) -> None:
    """Computes the conferrals of these group keys from the mentions of current versions, in place of those stored."""
    groups = sorted(groups)
    current = (
        select(
            _MENTION.c.id,
            *(_MENTION.c[name] for name in _MENTION_FIELDS),
            _VERSION.c.article_id,
            _VERSION.c.outlet,
            _VERSION.c.published_at,
            _VERSION.c.published_offset,
        )
        .join(_ARTICLE, _ARTICLE.c.current_version_id == _MENTION.c.version_id)
        .join(_VERSION, _VERSION.c.id == _MENTION.c.version_id)
        .where(_MENTION.c.status.in_(sorted(COUNTED)))
    )
    conferrals = group(_claim(row) for row in _among(connection, current, _MENTION.c.group_key, groups))
    _delete(connection, _CONFERRAL.c.group_key, groups)
    _insert(connection, _CONFERRAL, [{name: getattr(c, name) for name in _CONFERRAL_FIELDS} for c in conferrals])
    _insert(
        connection,
        _CONFERRAL_MENTION,
        [{"conferral_id": c.id, "mention_id": mention} for c in conferrals for mention in c.mention_ids],
    )


def _claim(row: Row[Any]) -> Claim:
    values = row._mapping
    mention = AwardMention(evidence=(), **{name: values[name] for name in _MENTION_FIELDS})
    published = models.printed_time(row.published_at, row.published_offset)
    return Claim(row.id, row.article_id, row.outlet, published.date() if published else None, mention)


# --------------------------------------------------------------------------------------------------------- many at once


def upsert(connection: Connection, table: Table, rows: Rows) -> None:
    """Inserts rows, or where the primary key is there already, sets the columns they give. All rows have the same."""
    if not rows:
        return
    insert_or = _INSERTS[connection.dialect.name](table)
    keys = [column.name for column in table.primary_key]
    given = {name: insert_or.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(insert_or.on_conflict_do_update(index_elements=keys, set_=given), rows)


def _insert(connection: Connection, table: Table, rows: Rows) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _delete(connection: Connection, column: Any, keys: Iterable[str]) -> None:
    for chunk in _chunks(keys):
        connection.execute(delete(column.table).where(column.in_(chunk)))


def _update(connection: Connection, table: Table, rows: Mapping[str, dict[str, Any]]) -> None:
    """Sets columns of the rows with these ids; all rows give the same columns."""
    if not rows:
        return
    # Names of columns are not free as names of parameters in an UPDATE, hence the prefix.
    given = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in next(iter(rows.values()))}
    statement = update(table).where(table.c.id == bindparam("key")).values(given)
    connection.execute(
        statement, [{"key": key} | {f"new_{name}": row[name] for name in given} for key, row in rows.items()]
    )


def _among(connection: Connection, statement: Select[Any], column: Any, keys: Iterable[str]) -> Iterator[Row[Any]]:
    """The rows of the statement whose column holds one of the keys."""
    for chunk in _chunks(keys):
        yield from connection.execute(statement.where(column.in_(chunk))).all()


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]
