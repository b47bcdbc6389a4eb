"""Stores readings: what a page yielded is replaced as a whole, and the conferrals it touches are computed again.

Replace, never patch: after loading the same readings once, twice or in another order, every derived table holds the
same rows, because each row follows from the pages alone. So nothing here reads a clock or asks a database for a key,
and everything happens in the caller's one transaction (`db.connect.writing`), which also keeps a second loader out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Table, delete, func, select, union_all, update

from db import models, ruled, search, summaries
from db.bulk import among, change, chunks, insert, put, remove, upsert, within
from db.connect import lock, overwriting, reading, writing
from db.pace import unswept, without_waiting
from db.readings import PRINTED, READ, SIGHTING, Written, key_columns, page_row, written
from db.regroup import Cause, Key, Links, as_claim, current_claims, links, regroup, whole
from db.summaries import Sighting
from db.tallies import NONE, Grown
from db.versions import choose_current, delete_orphans
from etl.conferral import Claim, Statement
from etl.model import PageRef, Reading

_OUTLET: Final = models.table(models.Outlet)
_SITE: Final = models.table(models.Site)
_PAGE: Final = models.table(models.Page)
_ARTICLE: Final = models.table(models.Article)
_VERSION: Final = models.table(models.ArticleVersion)
_MENTION: Final = models.table(models.Mention)
_REPORT: Final = models.table(models.EditionReport)
_CAPTURE: Final = models.table(models.Capture)
_CHANGE: Final = models.table(models.ConferralChange)
_MADE_OF: Final = models.table(models.ConferralMention)
_RUN: Final = models.table(models.Run)
_UNIT: Final = models.table(models.BackfillUnit)
_CANARY: Final = models.table(models.Canary)

_PRINTED: Final = (_VERSION.c.published_at, _VERSION.c.published_offset)
_RENEWED: Final = 2000
"""Mentions, or group keys, of which so much is in memory at once."""
_VISITS: Final = ("first_fetched_at", "warc", "last_fetched_at")
_PAGES: Final = select(*(_PAGE.c[name] for name in ("id", "version_id", *_VISITS)))
_IDS: Final = select(union_all(select(_VERSION.c.id), select(_ARTICLE.c.id)).subquery().c.id)


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


@unswept()
def load(
    connection: Connection, readings: Sequence[Reading], outlet_of: Mapping[str, str], cause: Cause | None = None,
    grouped: bool = True,
) -> None:  # fmt: skip
    """Stores what these pages yielded in place of all they yielded before, and recomputes the conferrals touched.

    Not `grouped`, conferrals are left for `regroup_all`: who fills a database of his own reads each claim once for that.

    `outlet_of` gives the outlet of each site; `cause` why, for the log of changes, which is not written without one.
    Raises ValueError, naming address and field, for a mention that its evidence does not bear out and for texts that no
    database can hold; then nothing was written.
    """
    batch = _in_order(readings)
    versions = {rows.version: rows for made in batch.values() if (rows := written(made))}
    if not batch:
        return
    lock(connection)
    with without_waiting(connection, len(batch)):
        _load(connection, readings, batch, versions, outlet_of, cause, grouped)


def _load(
    connection: Connection, readings: Sequence[Reading], batch: Mapping[str, Reading], versions: Mapping[str, Written],
    outlet_of: Mapping[str, str], cause: Cause | None, grouped: bool,
) -> None:  # fmt: skip
    stored = _stored_pages(connection, batch)
    former = {row.version_id for row in stored.values() if row.version_id} - versions.keys()
    touched = {rows.article for rows in versions.values()} | _articles_of(connection, former)
    there = _there(connection, {*versions, *touched})
    known = touched & there
    there &= versions.keys()
    before = _told(connection, known)
    linked = links(connection, before.groups)

    _write_outlets(connection, {rows.outlet for key, rows in versions.items() if key not in there})
    _write_sites(connection, {made.page.site for key, made in batch.items() if key not in stored}, outlet_of)
    _write_versions(connection, versions, known, there)
    seen = _by_page(made.page for made in readings)
    pages = {key: page_row(made) | _visits(seen[key], stored.get(key)) for key, made in batch.items()}
    insert(connection, _PAGE, [row for key, row in pages.items() if key not in stored])
    upsert(connection, _PAGE, [row for key, row in pages.items() if key in stored])
    delete_orphans(connection, former)
    current = choose_current(connection, touched)
    ruled.relink(connection, current, partial(_claims, connection))
    after = _told(connection, {article for article, version in current.items() if version not in versions})
    after.keys |= ruled.keys_of(connection, current)
    read = [versions[version] for version in current.values() if version in versions]
    for version in read:
        if version.article in known:
            after.add(version)
    new = [version for version in read if version.article not in known]
    grown = _grown(new, before.groups | after.groups)
    for version in new:
        after.add(version)
    _recompute(connection, before, after, linked, cause, grouped, grown)


def visited(connection: Connection, refs: Sequence[PageRef], cause: Cause | None = None, grouped: bool = True) -> None:
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
    several = _with_versions(connection, touched)  # of the others the current version cannot change
    before = _told(connection, several)
    linked = links(connection, before.groups)
    change(connection, _PAGE, moved)
    current = choose_current(connection, touched)
    if several:
        ruled.relink(connection, several & current.keys(), partial(_claims, connection))
        _recompute(connection, before, _told(connection, several & current.keys()), linked, cause, grouped)


def rule(connection: Connection, articles: Iterable[str], keys: Iterable[Key], cause: Cause | None = None) -> None:
    """Computes the conferrals again that rulings on these articles, or on conferrals of these keys, touch."""
    articles = set(articles)
    before = _told(connection, articles).keys
    ruled.relink(connection, articles, partial(_claims, connection))
    keys = {*before, *_told(connection, articles).keys, *keys}
    regroup(connection, whole(keys, links(connection, {group for group, _ in keys})), cause)


def _claims(connection: Connection, articles: Iterable[str]) -> list[Claim]:
    """What current versions of articles claim."""
    of = current_claims().join(_ARTICLE, _ARTICLE.c.current_version_id == _MENTION.c.version_id)
    return [as_claim(row) for row in among(connection, of, _ARTICLE.c.id, articles)]


def captured(connection: Connection, site: str, visits: Mapping[str, Sequence[tuple[datetime, int]]]) -> None:
    """Stores the visits (when, HTTP status) of a site's pages by id; known ones and pages without rows are passed over."""
    lock(connection)
    c = _CAPTURE.c
    counted = select(_PAGE.c.id, func.count(c.page_id)).outerjoin(_CAPTURE, c.page_id == _PAGE.c.id)
    known = dict(map(tuple, connection.execute(counted.where(_PAGE.c.site == site).group_by(_PAGE.c.id))))
    new = sorted(page for page, count in known.items() if len(dict(visits.get(page, ()))) > count)
    stored = {tuple(row) for row in among(connection, select(c.page_id, c.fetched_at), c.page_id, new)}
    rows = {
        (page, at): {"page_id": page, "fetched_at": at, "status": status} for page in new for at, status in visits[page]
    }
    insert(connection, _CAPTURE, [row for key, row in rows.items() if key not in stored])


def renew(engine: Engine) -> int:
    """Computes keys and conferrals of mentions whose keys a migration emptied, in one transaction; gives their number."""
    c = _MENTION.c
    with reading(engine) as connection:
        if connection.execute(select(c.id).where(c.group_key == "").limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        old = (
            select(c.id, c.is_current, *(c[name] for name in Statement._fields), *_PRINTED)
            .join(_VERSION, _VERSION.c.id == c.version_id)
            .where(c.group_key == "")
        )
        keys: set[Key] = set()
        count = 0
        while rows := connection.execute(old.order_by(c.id).limit(_RENEWED)).all():
            count += len(rows)
            changed = {row.id: _renewed(row) for row in rows}
            change(connection, _MENTION, changed)
            keys |= {(changed[row.id]["group_key"], changed[row.id]["year"]) for row in rows if row.is_current}
        ruled.relink(connection, ruled.articles(connection), partial(_claims, connection))
        _regroup_in_parts(connection, keys)
    return count


def regroup_all(connection: Connection) -> None:
    """Computes the conferrals of all mentions: after loading that was not `grouped`."""
    c = _MENTION.c
    rows = connection.execute(select(c.group_key, c.year).where(c.is_current).distinct())
    _regroup_in_parts(connection, {(row.group_key, row.year) for row in rows})


def _regroup_in_parts(connection: Connection, keys: set[Key]) -> None:
    of_group: defaultdict[str, set[Key]] = defaultdict(set)
    for key in keys:
        of_group[key[0]].add(key)
    groups = sorted(of_group)
    for start in range(0, len(groups), _RENEWED):
        part = groups[start : start + _RENEWED]
        regroup(connection, whole({key for group in part for key in of_group[group]}, links(connection, part)))


def _renewed(row: Any) -> dict[str, Any]:
    values = row._mapping
    mention = Statement._make(values[name] for name in Statement._fields)
    published = models.printed_time(row.published_at, row.published_offset)
    day = published.date() if published else None
    return {"published_on": day, **key_columns(mention, day)}


def _grown(new: Iterable[Written], others: Set[str]) -> dict[str, list[Claim]]:
    """By group key the claims that count of these versions of new articles, but of groups that `others` touch as well."""
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for version in new:
        for group, claim in version.counted():
            if group not in others:
                found[group].append(claim)
    return found


def _recompute(
    connection: Connection, before: _Told, after: _Told, linked: Links, cause: Cause | None, grouped: bool = True,
    grown: Grown = NONE,
) -> None:  # fmt: skip
    """Brings up to date what is computed from the mentions of current versions."""
    if grouped:
        more = links(connection, after.groups - before.groups)  # of the others none has come but those of pages read
        keys = whole(before.keys | after.keys, linked, after.links, more)
        regroup(connection, keys, cause, grown)
    summaries.see(connection, before.sightings, after.sightings)
    summaries.count_editions(connection, before.editions | after.editions)


def forget(connection: Connection, pages: Iterable[str], cause: Cause | None = None) -> int:
    """Deletes pages and all that only they say: versions, mentions, quotes, articles, conferrals without another source.

    How many there were. What they said is overwritten in the database's file too, and leaves the log of changes.
    """
    lock(connection)
    overwriting(connection)
    stored = _stored_pages(connection, pages)
    versions = {row.version_id for row in stored.values() if row.version_id}
    touched = _articles_of(connection, versions)
    before, conferrals = _told(connection, touched), _made(connection, versions)
    linked = links(connection, before.groups)
    remove(connection, _PAGE.c.id, stored)
    delete_orphans(connection, versions)
    current = choose_current(connection, touched)
    ruled.forget(connection, touched - current.keys())
    ruled.relink(connection, current, partial(_claims, connection))
    _recompute(connection, before, _told(connection, current), linked, cause)
    _leave_no_word(connection, conferrals, versions)
    return len(stored)


def unread(connection: Connection, versions: Iterable[str], cause: Cause | None = None) -> set[str]:
    """Deletes what these versions claim and leaves their pages to be read again; the sites that are to be processed."""
    lock(connection)
    overwriting(connection)
    versions = set(versions)
    touched = _articles_of(connection, versions)
    before, conferrals = _told(connection, touched), _made(connection, versions)
    linked = links(connection, before.groups)
    for owned in (_MENTION, _REPORT):
        remove(connection, owned.c.version_id, versions)
    pages = {
        row.id: row.site for row in among(connection, select(_PAGE.c.id, _PAGE.c.site), _PAGE.c.version_id, versions)
    }
    change(connection, _PAGE, {key: {"fingerprint": ""} for key in pages})
    ruled.relink(connection, touched, partial(_claims, connection))
    _recompute(connection, before, _told(connection, touched), linked, cause)
    _leave_no_word(connection, conferrals, versions)
    return set(pages.values())


def _made(connection: Connection, versions: Iterable[str]) -> set[str]:
    """The conferrals that mentions of these versions make."""
    made = select(_MADE_OF.c.conferral_id).join(_MENTION, _MENTION.c.id == _MADE_OF.c.mention_id)
    return {row.conferral_id for row in among(connection, made, _MENTION.c.version_id, versions)}


def _leave_no_word(connection: Connection, conferrals: Iterable[str], versions: Iterable[str]) -> None:
    """The log keeps that these conferrals changed, and no longer what they said; the index forgets the versions."""
    for chunk in chunks(conferrals):
        logged = update(_CHANGE).where(within(connection, _CHANGE.c.conferral_id, chunk))
        connection.execute(logged.values(old=None, new=None))
    search.forget(connection, versions)


def unread_all(connection: Connection) -> None:
    """Leaves every page to be read again; what is stored of it stays until then."""
    lock(connection)
    connection.execute(update(_PAGE).values(fingerprint=""))


def forget_canaries(connection: Connection, site: str, urls: Iterable[str]) -> None:
    """Deletes what checks of these known articles found."""
    for chunk in chunks(urls):
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
    for row in among(connection, claims, _PAGE.c.id, had):
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
    stored = {row.id for row in among(connection, select(c.id), c.id, gone)}
    wanted = {key: at for key, at in gone.items() if key in stored}
    changed = {key: wanted.get(key) for key in marked.keys() | wanted.keys() if marked.get(key) != wanted.get(key)}
    change(connection, _ARTICLE, {key: {"gone_at": at} for key, at in changed.items()})


def record_unit(connection: Connection, site: str, day: date, done_at: datetime, run_id: str) -> None:
    """Stores that a backfill is done with a day of a site; the last one that was stands."""
    upsert(connection, _UNIT, [{"site": site, "day": day, "done_at": done_at, "run_id": run_id}])


def record_canary(connection: Connection, rows: Sequence[CanaryRow]) -> None:
    """Stores a check of known articles."""
    upsert(connection, _CANARY, [asdict(row) | {"differs": list(row.differs)} for row in rows])


# ------------------------------------------------------------------------------------------------------------ the pages


def _in_order(readings: Iterable[Reading]) -> dict[str, Reading]:
    """Page id -> reading, the page seen last at the end, so that of two pages with one content it has the say."""
    seen = sorted(readings, key=lambda r: (r.page.last_fetched_at, r.page.first_fetched_at, r.page.id))
    return {made.page.id: made for made in seen}


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


# ------------------------------------------------------------------------------------------------------------ the steps


@dataclass(slots=True)
class _Told:
    """What current versions of articles tell: the keys of their claims, persons seen, editions reported on."""

    keys: set[Key] = field(default_factory=set)
    sightings: list[Sighting] = field(default_factory=list)
    editions: set[tuple[str, int]] = field(default_factory=set)
    links: Links = field(default_factory=lambda: defaultdict(set))

    @property
    def groups(self) -> set[str]:
        """The group keys of the claims."""
        return {group for group, _ in self.keys}

    def add(self, version: Written) -> None:
        """Adds what a version tells."""
        self.keys |= version.keys
        self.sightings += map(Sighting._make, version.rows["mention_person"])
        self.editions |= version.editions
        for group, linked in version.links():
            self.links[group].add(linked)


_TELLING: Final = (
    select(_MENTION.c.group_key, _MENTION.c.year, *SIGHTING.columns)
    .join(_ARTICLE, _ARTICLE.c.current_version_id == _MENTION.c.version_id)
    .outerjoin(SIGHTING, SIGHTING.c.mention_id == _MENTION.c.id)
)


def _told(connection: Connection, articles: Iterable[str]) -> _Told:
    """What these articles tell as they are stored."""
    articles = set(articles)
    if not articles:
        return _Told()
    told = _Told(ruled.keys_of(connection, articles), editions=summaries.editions_of(connection, articles))
    for row in among(connection, _TELLING, _ARTICLE.c.id, articles):
        told.keys.add((row.group_key, row.year))
        if row.mention_id is not None:
            told.sightings.append(Sighting._make(row[2:]))
    return told


def _stored_pages(connection: Connection, pages: Iterable[str]) -> dict[str, Row[Any]]:
    """Page id -> its row, for those of the pages that are stored."""
    return {row.id: row for row in among(connection, _PAGES, _PAGE.c.id, pages)}


def _there(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of these versions and articles that have rows."""
    return {row.id for row in among(connection, _IDS, _IDS.selected_columns.id, ids)}


def _articles_of(connection: Connection, versions: Iterable[str]) -> set[str]:
    found = among(connection, select(_VERSION.c.article_id), _VERSION.c.id, versions)
    return {row.article_id for row in found}


def _with_versions(connection: Connection, articles: Iterable[str]) -> set[str]:
    """Those of the articles that have more than one version."""
    c = _VERSION.c
    counted = select(c.article_id).group_by(c.article_id).having(func.count() > 1)
    return {row.article_id for row in among(connection, counted, c.article_id, articles)}


def _write_sites(connection: Connection, sites: Set[str], outlet_of: Mapping[str, str]) -> None:
    """Makes sure that pages have a site to name; db.reference keeps what is known of it up to date."""
    known = set(connection.execute(select(_SITE.c.name)).scalars()) if sites else sites
    rows = [{"name": site, "outlet": outlet_of.get(site, site)} for site in sorted(sites - known)]
    _write_outlets(connection, {row["outlet"] for row in rows})
    upsert(connection, _SITE, rows)


def _write_outlets(connection: Connection, names: Set[str]) -> None:
    """Makes sure that outlets have a row, those of imported pages too; db.reference keeps what is known of others."""
    known = set(connection.execute(select(_OUTLET.c.name)).scalars()) if names else names
    upsert(connection, _OUTLET, [{"name": name} for name in sorted(names - known)])


def _write_versions(
    connection: Connection, versions: Mapping[str, Written], articles: set[str], there: set[str]
) -> None:
    """Writes the versions with all that hangs on them: of those that are `there`, what a reader made of them.

    `articles` are those that have rows.
    """
    new = [version for key, version in versions.items() if key not in there]
    _put(
        connection, _ARTICLE, {version.article: version for version in new if version.article not in articles}.values()
    )
    for table in (_VERSION, *PRINTED):
        _put(connection, table, new)
    names = _VERSION.columns.keys()
    upsert(connection, _VERSION, [dict(zip(names, versions[key].rows[_VERSION.name][0], strict=True)) for key in there])
    for table in (_MENTION, _REPORT):
        remove(connection, table.c.version_id, there)
    for table in READ:
        _put(connection, table, versions.values())
    search.index_versions(connection, {key: version.words for key, version in versions.items()}, there)


def _put(connection: Connection, table: Table, versions: Iterable[Written]) -> None:
    put(connection, table, tuple(table.columns.keys()), [row for one in versions for row in one.rows[table.name]])
