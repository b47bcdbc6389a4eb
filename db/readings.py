"""A reading -> its rows: all that follows from one page alone, keys and stems included. Never asks a database.

Whoever reads pages in a pool of processes calls `prepared` there, and what `load` does in its one transaction is left
with the writing and with what pages say together.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, Final

from sqlalchemy import Table

from db import models, search
from db.bulk import Rows, Values
from db.regroup import CLAIMED, Key, as_claim
from etl.conferral import (
    COUNTED,
    Claim,
    Said,
    catalogue,
    dated_on,
    editions,
    group_key,
    linked_years,
    own_year,
    persons,
    stated,
)
from etl.conferral.witness import sketch
from etl.model import Article, AwardMention, PageKind, Reading, Site, Unread, is_storable, placed_hash

ARTICLE: Final = models.table(models.Article)
VERSION: Final = models.table(models.ArticleVersion)
MENTION: Final = models.table(models.Mention)
REPORT: Final = models.table(models.EditionReport)
SIGHTING: Final = models.table(models.MentionPerson)
_EDITOR: Final = models.table(models.ArticleEditor)
_TAG: Final = models.table(models.ArticleTag)
_PARTNER: Final = models.table(models.MentionPartner)
_EVIDENCE: Final = models.table(models.Evidence)

PRINTED: Final = (_EDITOR, _TAG)
"""What hangs on a version and is part of its key, so that it never changes."""
READ: Final = (MENTION, REPORT, _PARTNER, _EVIDENCE, SIGHTING)
"""What hangs on a version and is what a reader made of it."""

_TEXTS: Final = attrgetter(*(f.name for f in fields(AwardMention) if f.type in ("str", "str | None")))
_CLAIMED: Final = frozenset({"recipient", "award"})
"""Fields without which a mention says nothing: each needs words of the article behind it."""
_ISO_DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_IN_ORDER: Final = {t: itemgetter(*t.columns.keys()) for t in (ARTICLE, VERSION, *PRINTED, *READ)}
_STATUS, _GROUP = (MENTION.columns.keys().index(name) for name in ("status", "group_key"))
_LINK: Final = itemgetter(*map(MENTION.columns.keys().index, ("group_key", "year", "linked_from", "linked_to")))
_AS_CLAIM: Final = itemgetter(*map(MENTION.columns.keys().index, CLAIMED))
_KEY: Final = itemgetter("group_key", "year")
_EDITION: Final = itemgetter("series", "year")


@dataclass(frozen=True, slots=True)
class Written:
    """An article with its mentions as rows, by table, in the order of the tables' columns.

    `keys` are those of its mentions, `editions` what it reports on, `words` the row it is found by, None without mentions.
    """

    version: str
    article: str
    outlet: str
    rows: Mapping[str, Sequence[Values]]
    keys: frozenset[Key]
    editions: frozenset[tuple[str, int]]
    words: dict[str, Any] | None

    def links(self) -> Iterator[tuple[str, tuple[int | None, int, int]]]:
        """Group key, and own, first and last linked year, of each mention that may belong with those of other years."""
        for row in self.rows[MENTION.name]:
            group, year, first, last = _LINK(row)
            if first is not None:
                yield group, (year, first, last)

    def counted(self) -> Iterator[tuple[str, Claim]]:
        """Group key and claim of each mention that counts."""
        for row in self.rows[MENTION.name]:
            if row[_STATUS] in COUNTED:
                yield row[_GROUP], as_claim(_AS_CLAIM(row))


def prepared(reading: Reading) -> Reading:
    """The reading, with its rows made: they go with it from process to process."""
    with suppress(ValueError):  # `load` says it again, and it is there that somebody listens
        written(reading)
    return reading


def written(reading: Reading) -> Written | None:
    """The rows of what a page says; None of a page without an article. Made once.

    Raises ValueError, naming address and field, for a mention that its evidence does not bear out and for texts that no
    database can hold.
    """
    if "written" not in reading.derived:
        _refuse_unfounded(reading)
        outcome = reading.outcome
        reading.derived["written"] = None if isinstance(outcome, Unread) else _written(outcome, reading.mentions)
    made: Written | None = reading.derived["written"]
    return made


def page_row(reading: Reading) -> dict[str, Any]:
    """The page's own row without its visits: those of other crawls count too."""
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


def outlet_rows(sites: Iterable[Site]) -> Rows:
    """The rows of the outlets of these sites: of the region that all of an outlet's sites write for."""
    regions: defaultdict[str, set[str | None]] = defaultdict(set)
    for site in sites:
        regions[site.outlet].add(site.region)
    return [
        {"name": name, "region_code": next(iter(codes)) if len(codes) == 1 else None}
        for name, codes in sorted(regions.items())
    ]


# ------------------------------------------------------------------------------------------------------------- the rows


def _written(article: Article, mentions: Sequence[AwardMention]) -> Written:
    version = article.version
    made: dict[Table, Rows] = {table: [] for table in (*PRINTED, *READ)}
    made[_EDITOR] += _numbered("version_id", version, "name", article.editors)
    made[_TAG] += _numbered("version_id", version, "tag", article.tags)
    for mention, row in _mention_rows(article, mentions):
        key = row["id"]
        made[MENTION].append(row)
        made[_PARTNER] += _numbered("mention_id", key, "name", mention.partners)
        made[_EVIDENCE] += _evidence_rows(key, mention)
        made[SIGHTING] += _sighting_rows(row, mention, article.text)
    made[REPORT] += _report_rows(article, mentions)
    keys = frozenset(map(_KEY, made[MENTION]))
    of_editions = frozenset(map(_EDITION, made[REPORT]))
    made[ARTICLE], made[VERSION] = [_article_row(article)], [_version_row(article)]
    words = search.version_row(version, article.published_at, article.text) if mentions else None
    in_order = {table.name: [*map(_IN_ORDER[table], rows)] for table, rows in made.items()}
    return Written(version, article.key, article.outlet, in_order, keys, of_editions, words)


def _article_row(article: Article) -> dict[str, Any]:
    """As the page at hand tells it; loading sets what other pages say better."""
    return {
        "id": article.key,
        "site": article.site,
        "article_id": article.article_id,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "current_version_id": article.version,
        "published_at": article.published_at,
        "gone_at": None,
    }


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
        "text": article.text,
        "complete": article.complete,
        "award_likeness": editions.award_likeness(article.text),
    }


def _mention_rows(article: Article, mentions: Sequence[AwardMention]) -> Iterator[tuple[AwardMention, dict[str, Any]]]:
    """Each mention with its row. Equal ones of a version are told apart by their order."""
    if not mentions:
        return
    published = article.published_at.date() if article.published_at else None
    text, version = article.text, article.version
    announced = editions.announced_on(text, published)
    of_version = {
        "version_id": version,
        "is_current": True,  # loading sees to those that are not
        "article_id": article.key,
        "outlet": article.outlet,
        "published_on": published,
        "sketch": sketch(text),
    }
    equal: Counter[tuple[str, ...]] = Counter()
    for position, mention in enumerate(mentions):
        claim: tuple[str, ...] = (mention.recipient, mention.recipient_type, mention.award)
        claim += (mention.category or "", mention.rank or "", mention.awarded_on or "")
        yield (
            mention,
            {
                "id": placed_hash(article.site, article.published_at, version, *claim, str(equal[claim])),
                "position": position,
                **of_version,
                **key_columns(mention, published),
                **stated(mention)._asdict(),
                "announced_on": announced if mention.in_focus else None,
                "assessment_year": editions.assessment_year(mention, text),
            },
        )
        equal[claim] += 1


def key_columns(mention: Said, published_on: date | None) -> dict[str, Any]:
    """The columns of a mention that follow from what it claims and from the tables of etl/gazetteer."""
    linked = linked_years(mention, published_on)
    level = catalogue.level(mention.series, mention.rank, mention.category)
    giver_id, giver_region = catalogue.giver(mention.giver)
    return {
        "group_key": group_key(mention),
        "year": own_year(mention, published_on),
        "linked_from": linked and linked[0],
        "linked_to": linked and linked[1],
        "dated_on": dated_on(mention, published_on),
        "level": level and level[0],
        "level_position": level and level[1],
        "giver_id": giver_id,
        "giver_region_code": giver_region,
    }


def _numbered(owner: str, key: str, column: str, values: Sequence[str]) -> Iterator[dict[str, Any]]:
    for position, value in enumerate(values):
        yield {owner: key, "position": position, column: value}


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


def _sighting_rows(row: Mapping[str, Any], mention: AwardMention, text: str) -> Iterator[dict[str, Any]]:
    for seen in persons.sightings(mention, text):
        yield {
            "mention_id": row["id"],
            "role": seen.role,
            "person_id": seen.id,
            "name": seen.name,
            "office": seen.office,
            "region_code": seen.region_code,
            "seen_on": row["dated_on"],
        }


def _report_rows(article: Article, mentions: Sequence[AwardMention]) -> Iterator[dict[str, Any]]:
    published = article.published_at.date() if article.published_at else None
    for report in editions.reports(mentions, published, article.text):
        yield {
            "version_id": article.version,
            "series": report.series,
            "year": report.year,
            "listed_count": report.listed,
            "stated_count": report.stated,
            "start_at": report.start,
            "end_at": report.end,
        }


# ----------------------------------------------------------------------------------------------- what may not be stored


def _refuse_unfounded(reading: Reading) -> None:
    url, outcome = reading.page.url, reading.outcome
    _refuse_unstorable(url, outcome)
    if isinstance(outcome, Unread):
        if reading.mentions:
            raise ValueError(f"{url}: mentions: a page without an article cannot have any")
        return
    text = outcome.text
    for mention in reading.mentions:
        if not is_storable("".join(filter(None, (*_TEXTS(mention), *mention.partners)))):
            _refuse_unstorable(url, mention)
        said = set()
        for words in mention.evidence:
            said.add(words.field)
            if not (0 <= words.start < words.end and text[words.start : words.end] == words.quote):
                raise ValueError(
                    f"{_claim(url, mention)}: evidence for {words.field}: the article has not {words.quote!r} at"
                    f" {words.start}..{words.end}"
                )
        if not said >= _CLAIMED:
            missing = " and ".join(sorted(_CLAIMED - said))
            raise ValueError(f"{_claim(url, mention)}: no evidence for {missing}")
        if mention.awarded_on is not None and not _is_date(mention.awarded_on):
            raise ValueError(f"{_claim(url, mention)}: awarded_on: {mention.awarded_on!r} is no date")


def _claim(url: str, mention: AwardMention) -> str:
    return f"{url}: {mention.recipient!r}, {mention.award!r}"


def _refuse_unstorable(url: str, value: Article | Unread | AwardMention) -> None:
    for f in fields(value):
        content = getattr(value, f.name)
        for text in content if isinstance(content, tuple) else (content,):
            if isinstance(text, str) and not is_storable(text):
                raise ValueError(f"{url}: {f.name}: a character that no database can hold in {text[:80]!r}")


@lru_cache(1 << 14)
def _is_date(text: str) -> bool:
    if not _ISO_DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True
