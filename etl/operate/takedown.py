"""`awards takedown`: what people decided must go is blocked, hidden and purged, in this order; a kill at any moment loses none.

The decision is stored first, then rows go, then the archive's blocklist, then the bytes. Each step is done again by a sweep
until nothing is left to do, so what broke off, what a crawl kept from being purged, and what came back by another way go
with the next one. Says which articles, never what they said.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from db import connect, load, queries, search
from db import tombstones as kept
from db.regroup import Cause
from db.tombstones import Tombstone
from etl.clean.content import decoded_body
from etl.model import IMPORTED, AwardsError, Site, UnreadablePage, UsageError
from etl.operate.tombstones import names_anyone, person_words
from etl.run.reading import process
from etl.settings import Settings
from scraper.archive import Archive, ArchiveBusy, ArchiveError, Capture
from scraper.purge import Read, purge
from scraper.sites import sites

TAKEN_DOWN = "taken down"  # why a conferral changed, for those who took its facts before

log = logging.getLogger("awards.takedown")

_ADDRESS = re.compile(rb"""https?://[^\s"'<>\\\])]+|(?<=href=["'])[^"'<>\s]+""")
MOST_ALIASES = 5  # of one article
_ROBOTS = "/robots.txt"


@dataclass(slots=True)
class Done:
    """What a take-down did: decisions that were new, pages whose rows went, captures and bytes taken out of the archive,
    articles that were read again because a claim in them named a person, and those that search does not find by it any more.

    `waiting`: sites whose archive could not be purged yet, each with the reason; the next sweep does it. `naming`: addresses
    of articles that name a person who was taken down: they are the outlet's, and stay until they are taken down themselves.
    """

    decided: list[Tombstone] = field(default_factory=list)
    pages: int = 0
    captures: int = 0
    size: int = 0
    articles_read_again: int = 0
    articles_masked: int = 0
    waiting: dict[str, str] = field(default_factory=dict)
    naming: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the tables say anything else than before."""
        return bool(self.pages or self.articles_read_again or self.articles_masked)


def articles(settings: Settings, engine: Engine, urls: Sequence[str], reason: str, now: datetime) -> Done:
    """Take articles down by any of their addresses. Raises UsageError for what is no address."""
    with connect.writing(engine) as connection:
        keys = [key for url in urls for key in _articles_at(url, connection)]
        new = kept.decide(connection, [kept.of_article(site, id_, reason, now) for site, id_ in keys])
    return _said(_swept(settings, engine, now, {f"{site}:{id_}" for site, id_ in keys}), new)


def persons(settings: Settings, engine: Engine, names: Sequence[str], reason: str, now: datetime) -> Done:
    """Let no record name these persons any more. Raises UsageError for a name that is none."""
    for name in names:
        if len(person_words(name)) < 1 or len("".join(person_words(name))) < 3:
            raise UsageError(f"--person {name!r} is no name: give it as articles print it, 'Budi Santoso'")
    decisions = [kept.of_person(name, reason, now) for name in names]
    with connect.writing(engine) as connection:
        new = kept.decide(connection, decisions)
        masked = sum(search.hide(connection, name) for name in names)  # here the names are known, a sweep has hashes
    done = _swept(settings, engine, now, {each.id for each in decisions}, masked)
    with connect.reading(engine) as connection:
        done.naming = queries.articles_saying(connection, [" ".join(person_words(name)) for name in names])
    return _said(done, new)


def sweep(settings: Settings, engine: Engine, now: datetime) -> Done:
    """Do again what every decision asks for: what broke off, what had to wait, what came back, under whatever address."""
    return _said(_swept(settings, engine, now, None), [])


def lift(settings: Settings, engine: Engine, urls: Sequence[str], names: Sequence[str]) -> int:
    """Take decisions back: the articles may be fetched again; their bytes are gone. How many decisions there were.

    What records said of a person is read from the archive again by the next `awards process`.
    """
    with connect.writing(engine) as connection:
        ids = [f"{site}:{id_}" for url in urls for site, id_ in _articles_at(url, connection)]
        ids += [kept.person_id(name) for name in names]
        going = [each for each in kept.known(connection) if each.id in ids or each.alias_of in ids]
        archive = Archive(settings.archive)
        for each in going:
            if each.site is not None and each.article_id is not None:
                archive.unblock(each.site, [each.article_id])
        if any(each.kind == "person" for each in going):
            load.unread_all(connection)
        kept.lift(connection, ids)
        kept.note(connection, Path(settings.backups))
    return len(going)


def _articles_at(url: str, connection: Connection) -> list[tuple[str, str]]:
    """Site and article id of an address: at the site whose it is, else, and where it was, among what was imported."""
    found = [(site.name, key) for site in sites().values() if (key := site.article_id_of(url)) is not None]
    if not found or not re.match(r"https?://[^/\s]+/\S", url):
        raise UsageError(f"{url} is no address of an article: give it whole, with https://")
    declared = [(site, key) for site, key in found if site != IMPORTED.name]
    there = {row["id"] for row in queries.articles(connection, [f"{site}:{key}" for site, key in found])}
    return declared + [each for each in found if each not in declared and (not declared or ":".join(each) in there)]


def _said(done: Done, new: list[Tombstone]) -> Done:
    done.decided = new + done.decided
    for each in done.decided:
        log.info("taken down: %s", each.id)
    return done


# ---------------------------------------------------------------------------------------------------------------- steps


def _swept(settings: Settings, engine: Engine, now: datetime, only: Collection[str] | None, masked: int = 0) -> Done:
    done = Done(articles_masked=masked)
    with connect.reading(engine) as connection:
        wanted = [each for each in kept.known(connection) if only is None or each.id in only or each.alias_of in only]
    by_site: defaultdict[str, list[Tombstone]] = defaultdict(list)
    for each in wanted:
        if each.site is not None:
            by_site[each.site].append(each)
    for name, decisions in sorted(by_site.items()):
        _take_down(settings, engine, now, name, decisions, done)
    if any(each.kind == "person" for each in wanted):
        _hide_persons(
            settings, engine, now, [e for e in wanted if e.kind == "person"], done, look_everywhere=only is None
        )
    if done.changed:
        _settle(engine)
    with connect.reading(engine) as connection:
        kept.note(connection, Path(settings.backups))
    return done


def _settle(engine: Engine) -> None:
    try:
        connect.settle(engine)
    except DBAPIError as error:  # somebody holds a table; everything is done, but for this
        log.warning("what was deleted leaves the database's files with the next vacuum (%s)", type(error.orig).__name__)


def _take_down(
    settings: Settings, engine: Engine, now: datetime, name: str, decisions: list[Tombstone], done: Done
) -> None:
    """One site's articles: rows, then the blocklist, then bytes."""
    site, is_pending = sites().get(name), any(each.purged_at is None for each in decisions)
    if site is None:
        if not is_pending:
            return  # nothing is left, and nothing of it can come back
        done.waiting[name] = f"no site is called {name} any more, so nobody knows which addresses are its articles'"
        return
    with connect.writing(engine) as connection:
        pages = queries.pages_of(connection, name)
        aliases = kept.decide(connection, _aliases(site, pages, decisions, now))
        decisions = decisions + aliases
        done.decided += aliases
        ids = {each.article_id for each in decisions if each.article_id is not None}
        going = [row for row in pages if site.article_id_of(row["url"]) in ids]
        load.forget_canaries(connection, name, {row["url"] for row in going})
        done.pages += load.forget(connection, [row["id"] for row in going], Cause(now, TAKEN_DOWN))
    archive = Archive(settings.archive, settings.staging)
    try:
        archive.block(name, ids)
        purged = purge(archive, name, _doomed(site, ids, _since(decisions)), settings.staging)
    except ArchiveBusy as error:
        if is_pending or aliases:
            done.waiting[name] = str(error)
        else:
            log.warning("%s: only looked at by the next sweep: %s", name, error)
        return
    except ArchiveError as error:
        done.waiting[name] = str(error)
        return
    done.captures += purged.captures
    done.size += purged.size
    with connect.writing(engine) as connection:
        for number, each in enumerate(decisions):
            kept.purged(connection, each.id, now, purged.captures if number == 0 else 0)


def _aliases(
    site: Site, pages: Sequence[dict[str, str | None]], decisions: Iterable[Tombstone], now: datetime
) -> list[Tombstone]:
    """Decisions on the same articles under other ids: one page calls the other the right one, or their bytes are the same.

    Only what says so of the article itself, and not further; and none where so many do that a broken template is likelier.
    """
    asked = {each.article_id: each for each in decisions}
    names = [(site.article_id_of(row["url"] or ""), _names(site, row)) for row in pages]
    found: list[Tombstone] = []
    for id_, decision in asked.items():
        if id_ is None or decision.alias_of is not None:
            continue
        same = {name for own, also in names if own == id_ for name in also} | {id_}
        others = {own for own, also in names if own is not None and not same.isdisjoint({own, *also})}
        others |= {name for own, also in names if own == id_ for name in also if not name.startswith("sha1:")}
        new = sorted(others - asked.keys() - {None})
        if len(new) > MOST_ALIASES:
            log.warning("%s: %d articles seem to be the same; take them down by their addresses", decision.id, len(new))
        else:
            found += [kept.of_article(site.name, key, decision.reason, now, decision.id) for key in new if key]
    return found


def _names(site: Site, row: dict[str, str | None]) -> set[str]:
    """By what else a page's article may be known: the id in the address it calls right, and its bytes."""
    right = site.article_id_of(row["canonical_url"]) if row["canonical_url"] else None
    return {name for name in (right, row["digest"] if row["version_id"] else None) if name is not None}


def _since(decisions: Iterable[Tombstone]) -> str:
    """From when on lists have to be looked through: before that, a sweep has done it for all of these."""
    swept = [each.purged_at for each in decisions]
    return "" if None in swept else min(at.isoformat() for at in swept if at is not None)


def _doomed(site: Site, ids: Collection[str], since: str) -> Callable[[Capture, Read], bool]:
    """Which captures go: the articles' at every address, and lists that tell of them, headline and summary included."""
    lists: dict[str, bool] = {}

    def doomed(capture: Capture, read: Read) -> bool:
        key = site.article_id_of(capture.url)
        if key is not None:
            return key in ids
        if capture.status != 200 or capture.url.endswith(_ROBOTS) or not capture.digest or capture.fetched_at < since:
            return False
        if capture.digest not in lists:
            lists[capture.digest] = _tells_of(read, capture, site, ids)
        return lists[capture.digest]

    return doomed


def _tells_of(read: Read, capture: Capture, site: Site, ids: Collection[str]) -> bool:
    """Whether a list leads to one of the articles; one that cannot be read does not."""
    try:
        body = decoded_body(read(capture))
    except (UnreadablePage, ArchiveError):
        return False
    links = {urljoin(capture.url, unescape(found.decode("utf-8", "replace"))) for found in set(_ADDRESS.findall(body))}
    return any(site.article_id_of(link) in ids for link in links)


def _hide_persons(
    settings: Settings, engine: Engine, now: datetime, decisions: list[Tombstone], done: Done, look_everywhere: bool
) -> None:
    """Claims that name a person go at once; the articles they stand in are read again, and what they say without them stays."""
    with connect.writing(engine) as connection:
        if look_everywhere and any(each.purged_at is None for each in decisions):
            done.articles_masked += search.hide(connection)
        names = partial(names_anyone, kept.hidden(connection).persons)
        versions = queries.versions_naming(connection, names)
        touched = load.unread(connection, versions, Cause(now, TAKEN_DOWN))
    done.articles_read_again += len(versions)
    for site in sorted(touched):
        try:
            process(settings, engine, site)
        except AwardsError as error:
            done.waiting[site] = str(error)
    with connect.writing(engine) as connection:
        for each in decisions:
            kept.purged(connection, each.id, now, 0)


def joined(one: Done, other: Done) -> Done:
    """Two take-downs told as one."""
    return Done(
        one.decided + other.decided,
        one.pages + other.pages,
        one.captures + other.captures,
        one.size + other.size,
        one.articles_read_again + other.articles_read_again,
        one.articles_masked + other.articles_masked,
        {**one.waiting, **other.waiting},
        one.naming + other.naming,
    )
