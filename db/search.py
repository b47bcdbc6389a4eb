"""Full text: which conferrals and articles say what was asked. Alike on SQLite and PostgreSQL, token for token.

`load` keeps the index, in its own transaction and only for what it touches; what is deleted leaves the index with it
(ON DELETE CASCADE), so the take-down of an article needs no more than `forget`. Of a person who was taken down the texts
keep the name; the index does not (`hide`), and no hit shows it. `rebuild_index` makes all of it again.

A row's key holds its place in lists, so that the newest hits of a common word come first without looking at the others:
FTS5 walks its hits by rowid, and PostgreSQL may walk the primary key. Never writes anything but the index.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from rapidfuzz import fuzz, process
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Select,
    Table,
    UnaryExpression,
    any_,
    cast,
    column,
    delete,
    func,
    literal,
    select,
    table,
    true,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.sql.operators import custom_op

from db import models
from db.bulk import among, change, chunks, insert, remove, upsert
from db.connect import reading, writing
from db.tombstones import hidden
from etl import gazetteer, stems
from etl.model import UsageError, short_hash
from etl.operate.tombstones import masked, person_words
from etl.stems import MARK, Part, Question

_ARTICLE: Final = models.table(models.Article)
_VERSION: Final = models.table(models.ArticleVersion)
_MENTION: Final = models.table(models.Mention)
_CONFERRAL: Final = models.table(models.Conferral)
_CONFERRAL_MENTION: Final = models.table(models.ConferralMention)
_SERIES: Final = models.table(models.AwardSeries)
_REGION: Final = models.table(models.Region)
_ORGANIZATION: Final = models.table(models.Organization)
_CONFERRAL_WORDS: Final = models.table(models.ConferralWords)
_VERSION_WORDS: Final = models.table(models.VersionWords)
_NAME_WORD: Final = models.table(models.NameWord)

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_FACTS: Final = ("recipient", "award", "category", "rank", "giver", "region", "place")
_NAMES: Final = ("recipient", "award", "giver")  # of which the words are remembered

Told: TypeAlias = tuple[Mapping[str, Any], Sequence[str], Sequence[str]]
"""A conferral's row, the people whom its claims name, and the sites of their articles; both sorted."""
_LIKE: Final = 75.0
"""How alike, of 100, a name's word must be to one typed: 'mojekerto' is 89 like 'mojokerto', two letters of six are 67."""


# ---------------------------------------------------------------------------------------------------------------- asking


@dataclass(frozen=True, slots=True)
class Hits:
    """What to select from, the condition on it, and what to order by so that the newest come first."""

    source: FromClause
    condition: ColumnElement[bool]
    newest: ColumnElement[Any]


def hits(
    connection: Connection, asked: Question | None, site: str | None = None, giver: str | None = None,
    years: tuple[int, int] | None = None, few: Sequence[int] | None = None,
) -> Hits:  # fmt: skip
    """The rows of conferral_words that fit a question, are reported by a site, and whose giver's name has these words.

    The words of a giver stand in its order, the last may be a beginning. Raises UsageError for a giver without any. `years`
    (first, last) and `few`, keys of rows, only leave out what need not be looked at: the caller has conditions of its own.
    """
    marks = [Part((_site(site),))] if site is not None else []
    if giver is not None:
        *before, last = _giver_tokens(giver) or [""]
        if not last:
            raise UsageError(f"--giver {giver!r} holds no word: give a part of its name")
        marks.append(Part(tuple(before), last))
    span = (_of_year(years[1]), _of_year(years[0]) | _IN_A_YEAR) if years else None
    return _hits(connection, _CONFERRAL_WORDS, asked, marks, span, few)


def _hits(
    connection: Connection, words: Any, asked: Question | None, marks: Sequence[Part] = (),
    span: tuple[int, int] | None = None, few: Sequence[int] | None = None,
) -> Hits:  # fmt: skip
    """`span` are the first and the last key to look at, `few` all of them."""
    alternatives = asked or ((),)
    if connection.dialect.name == "postgresql":
        query = " | ".join(f"({' & '.join(map(_tsquery, (*marks, *parts)))})" for parts in alternatives)
        typed = cast(query, TSQUERY)
        spanned = true() if span is None else words.c.key.between(*span)
        condition = words.c.words.bool_op("@@")(typed) & spanned
        if few is None and not _soon(connection, words, typed, spanned):
            few = _few(connection, words, condition)
            condition = condition if few is None else true()
        if few is not None:
            condition = condition & (words.c.key == any_(literal(few, ARRAY(BigInteger()))))
        return Hits(words, condition, words.c.key)
    name = f"fts_{words.name}"
    found = table(name, column("rowid"), column(name))
    query = " OR ".join(f"({' AND '.join(map(_phrase, (*marks, *parts)))})" for parts in alternatives)
    condition = found.c[name].bool_op("MATCH")(query)
    if span is not None:
        condition = condition & found.c.rowid.between(*span)
    if few is not None:  # a sign in front, or FTS5 is asked anew for each
        keys = func.json_each(json.dumps(list(few))).table_valued("value")
        condition = condition & UnaryExpression(found.c.rowid, operator=custom_op("+")).in_(select(keys.c.value))
    # By FTS5's own rowid, or SQLite would sort what comes in order already.
    return Hits(found.join(words, words.c.key == found.c.rowid), condition, found.c.rowid)


def _soon(connection: Connection, words: Table, typed: ColumnElement[Any], spanned: ColumnElement[bool]) -> bool:
    """Whether so many of PostgreSQL's newest rows fit that a walk soon has what a list shows.

    A phrase above all: the index knows the words and not their places, so that whatever has the words would be unpacked.
    """
    newest = select(words.c.words).where(spanned).order_by(words.c.key).limit(_NEWEST).subquery()
    fitting = select(func.count()).select_from(newest).where(newest.c.words.bool_op("@@")(typed))
    return connection.execute(fitting).scalar_one() >= _ENOUGH


_NEWEST: Final = 1_000
_ENOUGH: Final = 8


def _few(connection: Connection, words: Table, condition: ColumnElement[bool]) -> list[int] | None:
    """The keys of the rows of PostgreSQL that fit, or None when they are many and the newest are soon met on a walk.

    Its planner cannot tell which: of words that it has not counted it believes one row in two hundred has them, and what
    it costs to unpack a tsvector it leaves out. So the index is asked, and nothing else.
    """
    for way in _OTHER_WAYS:
        connection.exec_driver_sql(f"SET LOCAL {way} = off")
    found = list(connection.execute(select(words.c.key).where(condition).limit(_MANY)).scalars())
    for way in _OTHER_WAYS:
        connection.exec_driver_sql(f"SET LOCAL {way} TO DEFAULT")
    return found if len(found) < _MANY else None


_MANY: Final = 2_000
_OTHER_WAYS: Final = ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan")


def _tsquery(part: Part) -> str:
    whole = [f"'{stem}'" for stem in part.stems]
    if part.beginning is None:
        return f"({' <-> '.join(whole)})"
    if whole:
        whole.append(f"'{part.beginning}':*")
        return f"({' <-> '.join(whole)})"
    if part.beginning.startswith(MARK):
        return f"'{part.beginning}':*"
    return f"('{part.beginning}':* | '{MARK}{part.beginning}':*)"


def _phrase(part: Part) -> str:
    if part.beginning is None:
        return f'"{" ".join(part.stems)}"'
    if part.stems:
        return f'"{" ".join([*part.stems, part.beginning])}" *'
    if part.beginning.startswith(MARK):
        return f'"{part.beginning}" *'
    return f'("{part.beginning}" * OR "{MARK}{part.beginning}" *)'


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that says what was asked: `text` an excerpt of it, `marks` the places in it (start, end).

    `conferrals` are the ids of what its current version reports; `published_at` is in the zone its outlet printed.
    """

    version_id: str
    outlet: str
    title: str
    url: str
    published_at: datetime | None
    text: str
    marks: tuple[tuple[int, int], ...]
    conferrals: tuple[str, ...]


def articles(connection: Connection, asked: Question, limit: int = 20, offset: int = 0) -> list[Hit]:
    """The articles whose current version says what was asked and reports an award, newest first."""
    found = _hits(connection, _VERSION_WORDS, asked)
    v = _VERSION.c
    rows = connection.execute(
        select(v.id, v.outlet, v.title, v.published_at, v.published_offset, v.text, _ARTICLE.c.url)
        .select_from(found.source)
        .join(_VERSION, v.id == _VERSION_WORDS.c.version_id)
        .join(_ARTICLE, _ARTICLE.c.current_version_id == v.id)
        .where(found.condition)
        .order_by(found.newest)
        .limit(limit)
        .offset(offset or None)
    ).all()
    reported = _conferrals_of(connection, [row.id for row in rows])
    persons = hidden(connection).persons
    return [_hit(row, asked, reported[row.id], persons) for row in rows]


def _hit(row: Any, asked: Question, conferrals: Sequence[str], persons: frozenset[str]) -> Hit:
    whole = masked(row.text, persons)  # begins with the headline
    text, marks = stems.excerpt(whole, asked)
    published = models.printed_time(row.published_at, row.published_offset)
    title = whole[: len(row.title)] if row.text.startswith(row.title) else masked(row.title, persons)
    return Hit(row.id, row.outlet, title, row.url, published, text, tuple(marks), tuple(conferrals))


def _conferrals_of(connection: Connection, versions: Sequence[str]) -> defaultdict[str, list[str]]:
    made_of = _CONFERRAL_MENTION.c
    rows = connection.execute(
        select(_MENTION.c.version_id, made_of.conferral_id)
        .join(_MENTION, _MENTION.c.id == made_of.mention_id)
        .where(_MENTION.c.version_id.in_(versions))
        .distinct()
        .order_by(_MENTION.c.version_id, made_of.conferral_id)
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for version, conferral in rows:
        found[version].append(conferral)
    return found


def respelled(connection: Connection, text: str) -> str | None:
    """The question as it may have been meant: words that nothing stored says, written as the likest word of a name is.

    None when everything is said somewhere, or nothing is like it.
    """
    typed = {word.folded for word in stems.words(text) if word.folded.isalpha() and len(word.folded) >= _SHORTEST}
    unsaid = (word for word in sorted(typed) if not _is_said(connection, word))
    spelling = {word: likest for word in unsaid if (likest := _likest(connection, word)) not in (None, word)}
    return stems.respelled(text, spelling) if spelling else None


def _is_said(connection: Connection, word: str) -> bool:
    asked = ((Part((stems.stem(word),)),),)
    for words in (_CONFERRAL_WORDS, _VERSION_WORDS):
        found = _hits(connection, words, asked)
        rows = select(words.c.key).select_from(found.source).where(found.condition).order_by(found.newest).limit(1)
        if connection.execute(rows).first():
            return True
    return False


_SHORTEST: Final = 4
"""Letters of a word that may be one typed wrongly: shorter ones are like too many."""


def _likest(connection: Connection, word: str) -> str | None:
    length = func.length(_NAME_WORD.c.word)
    near = select(_NAME_WORD.c.word).where(length.between(len(word) - 2, len(word) + 2)).order_by(_NAME_WORD.c.word)
    names = [*connection.execute(near).scalars(), *_catalogued(connection)]
    found = process.extractOne(word, names, scorer=fuzz.ratio, score_cutoff=_LIKE)
    return found[0] if found else None


def _catalogued(connection: Connection) -> list[str]:
    """The words of the names that the tables know, whether an award was found for them or not."""
    names = [name for t in (_REGION, _SERIES, _ORGANIZATION) for name in connection.execute(select(t.c.name)).scalars()]
    return sorted(_name_words(names))


def _name_words(names: Iterable[str | None]) -> set[str]:
    return {word for name in set(names) if name for word in _words_of_name(name)}


@lru_cache(maxsize=50_000)
def _words_of_name(name: str) -> tuple[str, ...]:
    folded = (word.folded for word in stems.words(name))
    return tuple(word for word in folded if len(word) >= _SHORTEST and word.isalpha())


# --------------------------------------------------------------------------------------------------------------- keeping


def index_versions(
    connection: Connection, found_by: Mapping[str, dict[str, Any] | None], known: Container[str] = ()
) -> None:
    """Sets what versions are found by: their `version_row`, or None for one that claims nothing and is not searched.

    `known` are the versions that may be in the index already.
    """
    remove(connection, _VERSION_WORDS.c.version_id, [v for v, row in found_by.items() if row is None and v in known])
    rows = [row for row in found_by.values() if row is not None]
    rows = _without_persons(connection, rows)
    _put(connection, _VERSION_WORDS, rows, lambda row: row["version_id"] in known)


def version_row(version: str, published: datetime | None, text: str) -> dict[str, Any]:
    """What a version is found by."""
    return {"key": _newest_first(published, version), "version_id": version, "words": stems.tokens(text)}


def _without_persons(connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What versions are found by, without the names of persons who were taken down."""
    persons = hidden(connection).persons
    if not persons:
        return rows
    v = _VERSION.c
    stored = among(connection, select(v.id, v.text), v.id, (row["version_id"] for row in rows))
    naming = {row.id: shown for row in stored if (shown := masked(row.text, persons)) != row.text}
    return [row | {"words": stems.tokens(naming[key])} if (key := row["version_id"]) in naming else row for row in rows]


def index_conferrals(
    connection: Connection, made: Iterable[Told], before: Mapping[str, Mapping[str, Any]] = _NOTHING
) -> None:
    """Sets what conferrals are found by; `before` are by id the rows that they had."""
    made = list(made)
    rows = [_conferral_row(*one) for one in made]
    moved = {
        row["id"] for row, _, _ in made if row["id"] in before and before[row["id"]]["awarded_on"] != row["awarded_on"]
    }
    remove(connection, _CONFERRAL_WORDS.c.conferral_id, moved)  # the day is in the key
    _put(
        connection,
        _CONFERRAL_WORDS,
        rows,
        lambda row: row["conferral_id"] in before and row["conferral_id"] not in moved,
    )
    _remember(connection, (row[name] for row, _, _ in made for name in _NAMES))


def forget(connection: Connection, versions: Iterable[str]) -> None:
    """Takes versions of articles out of the index, and every name that nothing stored says any more: for take-downs.

    To be called in the transaction that deletes or blanks them and after the conferrals were made again.
    """
    remove(connection, _VERSION_WORDS.c.version_id, versions)
    names = connection.execute(select(*(_CONFERRAL.c[name] for name in _NAMES)).distinct())
    said = _name_words(name for row in names for name in row)
    known = set(connection.execute(select(_NAME_WORD.c.word)).scalars())
    remove(connection, _NAME_WORD.c.word, known - said)
    _vacuum(connection)


def hide(connection: Connection, name: str | None = None) -> int:
    """Takes the names of persons who were taken down out of the index; how many versions of articles name them.

    With the `name` of one, only what has its words is looked at; without, every text is, which takes a minute where there
    are a hundred thousand: for a database in which nobody knows what was hidden already.
    """
    persons = hidden(connection).persons
    v = _VERSION.c
    texts = select(_VERSION_WORDS.c.key, v.id, v.text).join(_VERSION_WORDS, _VERSION_WORDS.c.version_id == v.id)
    if name is not None:
        said = (tuple(Part((stems.stem(word),)) for word in person_words(name)),)
        found = _hits(connection, _VERSION_WORDS, said)
        texts = select(_VERSION_WORDS.c.key, v.id, v.text).select_from(found.source)
        texts = texts.join(_VERSION, v.id == _VERSION_WORDS.c.version_id).where(found.condition)
    rows = connection.execute(texts.execution_options(yield_per=1000))
    naming = [
        {"key": row.key, "version_id": row.id, "words": stems.tokens(shown)}
        for row in rows
        if (shown := masked(row.text, persons)) != row.text
    ]
    _put(connection, _VERSION_WORDS, naming, lambda _: True)
    return len(naming)


def fill(engine: Engine) -> None:
    """Makes the index of a database that has none yet, because it was made before there was one."""
    with reading(engine) as connection:
        claims = connection.execute(select(_MENTION.c.id).limit(1)).first()
        found = connection.execute(select(_VERSION_WORDS.c.key).limit(1)).first()
    if claims and not found:
        with writing(engine) as connection:
            rebuild_index(connection)


def rebuild_index(connection: Connection) -> None:
    """Makes all of it again from what is stored."""
    for gone in models.SEARCH:
        connection.execute(delete(gone))
    ids = connection.execute(select(_CONFERRAL.c.id)).scalars().all()
    for chunk in chunks(ids):
        _index_stored(connection, chunk)
    claiming = connection.execute(select(_MENTION.c.version_id).distinct()).scalars().all()
    for chunk in chunks(claiming):
        v = _VERSION.c
        rows = connection.execute(select(v.id, v.published_at, v.text).where(v.id.in_(chunk)))
        index_versions(connection, {row.id: version_row(row.id, row.published_at, row.text) for row in rows})


def _index_stored(connection: Connection, ids: Sequence[str]) -> None:
    c, m, made_of = _CONFERRAL.c, _MENTION.c, _CONFERRAL_MENTION.c
    reports = connection.execute(
        select(made_of.conferral_id, m.received_by, m.presented_by, _ARTICLE.c.site)
        .join(_MENTION, m.id == made_of.mention_id)
        .join(_VERSION, _VERSION.c.id == m.version_id)
        .join(_ARTICLE, _ARTICLE.c.id == _VERSION.c.article_id)
        .where(made_of.conferral_id.in_(ids))
    ).all()
    people: defaultdict[str, set[str]] = defaultdict(set)
    sites: defaultdict[str, set[str]] = defaultdict(set)
    for row in reports:
        people[row.conferral_id] |= {*filter(None, (row.received_by, row.presented_by))}
        sites[row.conferral_id].add(row.site)
    columns = (c.id, c.year, c.awarded_on, c.series, *(c[name] for name in _FACTS))
    stored = connection.execute(select(*columns).where(c.id.in_(ids))).mappings().all()
    rows = [_conferral_row(dict(row), sorted(people[row["id"]]), sorted(sites[row["id"]])) for row in stored]
    _put(connection, _CONFERRAL_WORDS, rows, lambda _: False)
    _remember(connection, (row[name] for row in stored for name in _NAMES))


def refill(connection: Connection) -> None:
    """Lets SQLite's index say what the tables say, after somebody else wrote them whole."""
    _order(connection, "rebuild")


def _vacuum(connection: Connection) -> None:
    """Merges the index's segments, so that what was taken out is not in the file any more either."""
    _order(connection, "optimize")


def _order(connection: Connection, command: str) -> None:
    if connection.dialect.name == "sqlite":
        for words in (_CONFERRAL_WORDS, _VERSION_WORDS):
            name = f"fts_{words.name}"
            connection.exec_driver_sql(f"INSERT INTO {name} ({name}) VALUES ('{command}')")


# ------------------------------------------------------------------------------------------------------------------ rows


def _series_name(key: str | None) -> str | None:
    known = gazetteer.series().get(key or "")
    return known.name if known else None


def _conferral_row(row: Mapping[str, Any], people: Iterable[str], sites: Iterable[str]) -> dict[str, Any]:
    """Each text once, and a MARK between two, which no phrase crosses."""
    texts = (*(row[name] for name in _FACTS), _series_name(row["series"]), *people)
    words = [token for text in dict.fromkeys(texts) if text for token in (*stems.name_tokens(text), MARK)]
    words += [*_giver_tokens(row["giver"] or ""), MARK, *sorted(map(_site, sites))]
    return {"key": _place(row["year"], row["awarded_on"], row["id"]), "conferral_id": row["id"], "words": words}


@lru_cache(maxsize=50_000)
def _giver_tokens(name: str) -> tuple[str, ...]:
    """The words of a giver's name, as printed but for case, apart from all other words."""
    return tuple(f"{MARK}giver{MARK}{word.folded}" for word in stems.words(name))


@cache
def _site(name: str) -> str:
    """The token of a site: of a hash, because tokens are letters and digits whatever a name holds."""
    return f"{MARK}site{MARK}{short_hash(name)}"


def _place(year: int | None, awarded_on: str | None, key: str) -> int:
    """63 bits that sort as (year, awarded_on) from new to old, then by id: 8 year, 4 year of hand-over, 9 day, 42 id.

    Two in a million million of one day share all bits; the later one is then found, the other not.
    """
    since, day = 0, 0
    if awarded_on:
        since = min(max(int(awarded_on[:4]) - (year or 0) + 6, 1), 15)
        month_and_day = [int(part) for part in awarded_on.split("-")[1:]] + [0, 0]
        day = month_and_day[0] * 32 + month_and_day[1]
    return _of_year(year) | (15 - since) << 51 | (511 - day) << 42 | int(key[:11], 16) >> 2


def _of_year(year: int | None) -> int:
    """The first key of a year."""
    return (255 - min(max((year or 0) - 1900, 0), 255)) << 55


_IN_A_YEAR: Final = (1 << 55) - 1
"""The bits of a key that tell the conferrals of a year apart."""


def _newest_first(moment: datetime | None, key: str) -> int:
    """63 bits: 26 of minutes from new to old, 37 of the id, whose beginning tells no more than the day."""
    minutes = (moment - _EPOCH).total_seconds() // 60 if moment else 0
    return ((1 << 26) - 1 - min(max(int(minutes), 0), (1 << 26) - 1)) << 37 | int(key[-10:], 16) >> 3


_EPOCH: Final = datetime(1990, 1, 1, tzinfo=UTC)


# ---------------------------------------------------------------------------------------------------------- many at once


def _put(connection: Connection, words: Table, rows: list[dict[str, Any]], is_known: Callable[[Any], bool]) -> None:
    """Writes rows in the order of the index; of those that may be there already only what says something new."""
    rows.sort(key=itemgetter("key"))
    new, known = [row for row in rows if not is_known(row)], [row for row in rows if is_known(row)]
    if connection.dialect.name == "postgresql":
        insert(connection, words, new)
        upsert(connection, words, known, unless_same="words")
        return
    w = words.c
    stored = {row.key: row.words for row in among(connection, _stored(words), w.key, (r["key"] for r in known))}
    changed = {row["key"]: row for row in known if stored.get(row["key"]) != " ".join(row["words"])}
    new += [row for key, row in changed.items() if key not in stored]
    # FTS5 wants rows in order, and all that leave before the first that comes.
    gone = [(key, stored[key]) for key in changed if key in stored]
    _fts5(connection, words, f"(fts_{words.name}, rowid, words) VALUES ('delete', ?, ?)", gone)
    insert(connection, words, new)
    change(connection, words, {key: {"words": changed[key]["words"]} for key, _ in gone})
    come = sorted((row["key"], " ".join(row["words"])) for row in (*new, *(changed[key] for key, _ in gone)))
    _fts5(connection, words, "(rowid, words) VALUES (?, ?)", come)


@cache
def _stored(words: Table) -> Select[Any]:
    return select(words.c.key, words.c.words)


def _fts5(connection: Connection, words: Table, statement: str, values: list[tuple[int, str]]) -> None:
    if values:
        connection.exec_driver_sql(f"INSERT INTO fts_{words.name} {statement}", values)


def _remember(connection: Connection, names: Iterable[str | None]) -> None:
    """Adds the words of names to those that a word typed wrongly may have meant."""
    upsert(connection, _NAME_WORD, [{"word": word} for word in sorted(_name_words(names))])
