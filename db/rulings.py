"""People's decisions: made, withdrawn, listed; what to look at next; how right the reader was. Rows in, rows out.

A ruling is appended and never changed. What it does to conferrals is computed in the same transaction, by the same way
that loading takes (`db.load.rule`), so that its effect is the same before and after a rebuild.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Engine, Row, Table, and_, case, or_, select
from sqlalchemy.orm import aliased

from db import models, ruled
from db.bulk import among, insert
from db.connect import reading, writing
from db.load import rule
from db.regroup import Cause, as_claim, current_claims
from etl import rulings
from etl.conferral import RULED, Claim, bears_out, events, own_year
from etl.model import AwardsError, UsageError, short_hash
from etl.rulings import KINDS, Decision, Refused, Ruling

Found = dict[str, Any]

_ARTICLE: Final = models.table(models.Article)
_VERSION: Final = models.table(models.ArticleVersion)
_MENTION: Final = models.table(models.Mention)
_EVIDENCE: Final = models.table(models.Evidence)
_CONFERRAL: Final = models.table(models.Conferral)
_CONFERRAL_MENTION: Final = models.table(models.ConferralMention)
_CHOICE: Final = models.table(models.ConferralChoice)
_RULING: Final = models.table(models.Ruling)
_LINK: Final = models.table(models.MentionRuling)

_TABLES: Final[dict[str, Table]] = {"conferral": _CONFERRAL, "mention": _MENTION, "ruling": _RULING}


@dataclass(frozen=True, slots=True)
class Made:
    """What became of decisions: rulings made anew, and how many were in force already."""

    made: tuple[Ruling, ...]
    known: int


# ------------------------------------------------------------------------------------------------------------- deciding


def decide(connection: Connection, decisions: Iterable[Decision], at: datetime) -> Made:
    """Makes the rulings that these decisions are, all or none; computes again, and logs, what they touch.

    A decision on a conferral is one on each of its claims; a confirmation only on those that do not contradict what the
    conferral says. What is in force already is not made again. Raises Refused with everything that is wrong.
    """
    problems: list[tuple[int | None, str]] = []
    drafts: list[tuple[Decision, Ruling]] = []
    known, exit_code = 0, AwardsError.exit_code
    for decision in decisions:
        try:
            whole = rulings.complete(decision)
            for draft in _drafts(connection, whole, at):
                if draft is None:
                    known += 1
                else:
                    drafts.append((whole, draft))
        except AwardsError as error:
            problems.append((decision.line, str(error)))
            exit_code = error.exit_code if decision.line is None else exit_code
    new: dict[tuple[str, str, str], tuple[Decision, Ruling]] = {}
    for decision, draft in drafts:
        place = rulings.slot(draft.kind, draft.key, draft.field)
        if draft.kind == "withdraw":
            place = ("", "withdraw", draft.supersedes or "")
        other, earlier = new.get(place, (decision, draft))
        if _says(earlier) != _says(draft):
            where = f" (line {other.line} says {earlier.kind} {earlier.value or ''})".replace(" )", ")")
            problems.append((decision.line, f"{draft.kind}: contradicts another decision on the same claim{where}"))
        new.setdefault(place, (decision, draft))
    if problems:
        raise Refused(problems, exit_code)
    standing = _standing(connection, {draft.key for _, draft in new.values()})
    appended = []
    for place, (_, draft) in new.items():
        now = standing.get(place)
        if now is not None and _says(now) == _says(draft):
            known += 1
            continue
        appended.append(_identified(replace(draft, supersedes=draft.supersedes or (now.id if now else None))))
    _append(connection, appended, _cause(appended, at))
    return Made(tuple(appended), known)


def hand_in(connection: Connection, kept: Sequence[Ruling], decisions: Sequence[Decision], at: datetime) -> Made:
    """What a file says: rulings of an export, as they are, then decisions. All or none: raises Refused."""
    restored, decided = restore(connection, kept, at), decide(connection, decisions, at)
    return Made((*restored.made, *decided.made), restored.known + decided.known)


def restore(connection: Connection, kept: Sequence[Ruling], at: datetime) -> Made:
    """Puts rulings back that were exported from this or another database, as they are; those that are there stay.

    Raises Refused when one supersedes a ruling that is in neither, or one that another supersedes already.
    """
    ids = made(connection)
    new = [ruling for ruling in kept if ruling.id not in ids]
    taken = set(connection.execute(select(_RULING.c.supersedes).where(_RULING.c.supersedes.is_not(None))).scalars())
    there = ids | {ruling.id for ruling in new}
    problems: list[tuple[int | None, str]] = []
    for ruling in new:
        if ruling.supersedes and ruling.supersedes not in there:
            problems.append((None, f"ruling {ruling.id} stands in place of {ruling.supersedes}, which is missing"))
        elif ruling.supersedes and ruling.supersedes in taken:
            problems.append((None, f"ruling {ruling.id} and another one both stand in place of {ruling.supersedes}"))
        taken.add(ruling.supersedes or "")
    if problems:
        raise Refused(problems)
    _append(connection, sorted(new, key=lambda ruling: (ruling.ruled_at, ruling.id)), _cause(new, at))
    return Made(tuple(new), len(kept) - len(new))


def _append(connection: Connection, new: Sequence[Ruling], cause: Cause | None = None) -> None:
    if not new:
        return
    insert(connection, _RULING, [_row(ruling) for ruling in _earlier_first(new)])
    ruled.made(connection)
    named = {ruling.supersedes for ruling in new if ruling.kind == "withdraw"} - {None}
    touched = [*new, *(ruled.stored(row) for row in _by_id(connection, named))]
    keys = ruled.all_years(connection, {group for r in touched for group in (r.group_key, r.into_group) if group})
    rule(connection, {ruling.article_id for ruling in touched if ruling.article_id}, keys, cause)


def _cause(new: Sequence[Ruling], at: datetime) -> Cause:
    """What the log of changes says: of one ruling all of it, of many by whom."""
    if len(said := {(r.kind, r.ruled_by, r.why) for r in new}) == 1:
        ((kind, by, why),) = said
        return Cause(at, f"ruling: {kind} by {by}{f', {why}' if why else ''}")
    return Cause(at, f"rulings by {', '.join(sorted({r.ruled_by for r in new}))}")


def _earlier_first(new: Sequence[Ruling]) -> list[Ruling]:
    """In an order in which each can name the one that it supersedes."""
    waiting = {ruling.id: ruling for ruling in new}
    ordered: dict[str, Ruling] = {}
    for ruling in new:
        chain = []
        current: Ruling | None = ruling
        while current is not None and current.id not in ordered and current not in chain:
            chain.append(current)
            current = waiting.get(current.supersedes or "")
        ordered |= {one.id: one for one in reversed(chain)}
    return list(ordered.values())


def _row(ruling: Ruling) -> Found:
    return asdict(ruling) | {"facts": dict(ruling.facts), "evidence_hashes": list(ruling.evidence_hashes)}


def _identified(draft: Ruling) -> Ruling:
    parts = (draft.kind, draft.key, draft.field or "", draft.value or "", draft.ruled_by, draft.ruled_at.isoformat())
    return replace(draft, id=short_hash("ruling", *parts, draft.supersedes or ""))


def _says(ruling: Ruling) -> tuple[Any, ...]:
    """What makes two rulings on one thing the same one: not who, when and why."""
    seen = json.dumps(dict(ruling.facts), sort_keys=True) if ruling.kind == "confirm" else ""
    return ruling.kind, ruling.key, ruling.field, ruling.value, sorted(ruling.evidence_hashes), seen


def _standing(connection: Connection, keys: Iterable[str]) -> dict[tuple[str, str, str], Ruling]:
    rows = select(*ruled.columns()).where(ruled.standing()).order_by(_RULING.c.ruled_at, _RULING.c.id)
    found = (ruled.stored(row) for row in among(connection, rows, _RULING.c.key, keys))
    return {rulings.slot(one.kind, one.key, one.field): one for one in found}


def _by_id(connection: Connection, ids: Iterable[Any]) -> list[Any]:
    return list(among(connection, select(*ruled.columns()), _RULING.c.id, ids))


# ------------------------------------------------------------------------------------------------ decision -> rulings


def _drafts(connection: Connection, decision: Decision, at: datetime) -> list[Ruling | None]:
    """The rulings that a decision is, still without ids; None for each that is known to be in force."""
    subjects = [_subject(connection, decision, key) for key in decision.ids]
    if decision.kind == "merge":
        return _mergers(connection, decision, at, subjects)
    if decision.kind == "withdraw":
        return [_withdrawal(connection, decision, at, whole) for _, whole in subjects]
    part = decision.value
    drafts: dict[str, Ruling | None] = {}
    for kind, whole in subjects:
        claims = _claims(connection, kind, whole)
        if decision.kind == "split":
            part = part or min(rulings.claim_key(c.article_key, c.mention) for c in claims)
        for draft in _on_claims(connection, replace(decision, value=part), at, kind, whole, claims):
            drafts[draft.key] = draft
    return list(drafts.values())


def _subject(connection: Connection, decision: Decision, key: str) -> tuple[str, str]:
    """What an id names: (table, whole id). A conferral that a ruling took away is still named: ("ruled", whole id).

    Raises AwardsError when nothing, or more than one thing, begins so.
    """
    allowed = {"withdraw": ("ruling",), "merge": ("conferral",), "split": ("mention",)}.get(
        decision.kind, ("conferral", "mention")
    )
    what = " or ".join(allowed)
    found = [(name, whole) for name in allowed for whole in _beginning(connection, _TABLES[name].c.id, key)]
    if not found and decision.kind != "withdraw":
        found = [("ruled", whole) for whole in _beginning(connection, _RULING.c.about, key)]
    exact = [one for one in found if one[1] == key]
    if exact or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise AwardsError(f"no {what} has the id {key!r}: take one from `awards ruling {_SOURCES.get(what, 'queue')}`")
    some = ", ".join(whole for _, whole in found[:3])
    raise AwardsError(f"more than one {what} begins with {key!r} ({some} ...): give more of the id")


_SOURCES: Final = {"ruling": "list"}


def _beginning(connection: Connection, column: Column[Any], key: str) -> list[str]:
    """Up to three ids that begin so. Unlike with LIKE, both databases look in the index; no digit comes after 'f'."""
    if not key:
        return []
    ids = select(column).where(column >= key, column < f"{key}g").distinct().order_by(column).limit(3)
    return list(connection.execute(ids).scalars())


def _claims(connection: Connection, kind: str, whole: str) -> list[Claim]:
    """The claims of a conferral, or that of a mention. Raises AwardsError for what counts no more."""
    members = {
        "conferral": select(_CONFERRAL_MENTION.c.mention_id).where(_CONFERRAL_MENTION.c.conferral_id == whole),
        "ruled": select(_LINK.c.mention_id)
        .join(_RULING, _RULING.c.id == _LINK.c.ruling_id)
        .where(_RULING.c.about == whole),
    }
    chosen = _MENTION.c.id.in_(members[kind]) if kind in members else _MENTION.c.id == whole
    claims = [as_claim(row) for row in connection.execute(current_claims().where(chosen).order_by(_MENTION.c.id))]
    if not claims and kind == "mention":
        raise AwardsError(f"the mention {whole} stands in an earlier version of its article: take one of the current")
    if not claims:
        raise AwardsError(f"{whole} was ruled on, and no article claims it any more: there is nothing to rule on")
    return claims


def _on_claims(
    connection: Connection, decision: Decision, at: datetime, kind: str, whole: str, claims: Sequence[Claim]
) -> list[Ruling]:
    applied = ruled.applied(connection, (claim.mention_id for claim in claims))
    now = [(claim, rulings.as_ruled(claim, applied.get(claim.mention_id, ())) or claim) for claim in claims]
    if kind == "conferral" and decision.kind == "confirm":
        now = _borne_out(connection, whole, now)
    evidence = _evidence(connection, [claim.mention_id for claim, _ in now])
    drafts = []
    for claim, as_it_is in now:
        wanted = rulings.evidence_fields(decision.kind, decision.field)
        words = [row for row in evidence[claim.mention_id] if wanted is None or row.field in wanted]
        drafts.append(
            Ruling(
                id="",
                kind=decision.kind,
                key=rulings.subject_key(decision.kind, claim.article_key, claim.mention),
                about=whole,
                ruled_by=decision.by,
                ruled_at=at,
                why=decision.why,
                article_id=claim.article_key,
                field=decision.field,
                value=decision.value,
                facts=rulings.facts(as_it_is.mention),
                evidence={row.field: row.quote for row in reversed(words)},
                evidence_hashes=sorted({line for row in words for line in _lines_of(row)}),
            )
        )
    return drafts


def _borne_out(connection: Connection, whole: str, claims: Sequence[tuple[Claim, Claim]]) -> list[tuple[Claim, Claim]]:
    """The claims that do not contradict the conferral in what readers take from it: a year, a level, a day."""
    conferral = connection.execute(select(_CONFERRAL).where(_CONFERRAL.c.id == whole)).one()

    def agrees(name: str, said: str | None) -> bool:
        chosen = getattr(conferral, name)
        return not said or not chosen or bears_out(name, said, chosen)

    shown = ("rank", "category", "awarded_on")
    borne_out = [(claim, now) for claim, now in claims if all(agrees(n, getattr(now.mention, n)) for n in shown)]
    if not borne_out:
        raise AwardsError(
            f"no article says all of what {whole} says: confirm a mention (`awards why {whole}`), or correct a field"
        )
    return borne_out


def _evidence(connection: Connection, mentions: Sequence[str]) -> dict[str, list[Any]]:
    e = _EVIDENCE.c
    rows = (
        select(e.mention_id, e.field, e.start_at, e.end_at, e.quote, _VERSION.c.text)
        .join(_MENTION, _MENTION.c.id == e.mention_id)
        .join(_VERSION, _VERSION.c.id == _MENTION.c.version_id)
        .order_by(e.mention_id, e.position)
    )
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in among(connection, rows, e.mention_id, mentions):
        found[row.mention_id].append(row)
    return found


def _lines_of(row: Any) -> list[str]:
    """Hashes of the lines of the article in which a quote stands."""
    start = row.text.rfind("\n", 0, row.start_at) + 1
    end = row.text.find("\n", row.end_at)
    return [rulings.line_hash(line) for line in row.text[start : end if end >= 0 else None].split("\n")]


def _mergers(
    connection: Connection, decision: Decision, at: datetime, subjects: Sequence[tuple[str, str]]
) -> list[Ruling | None]:
    kept = _subject(connection, decision, decision.value or "")
    into = _conferral(connection, *kept)
    drafts: list[Ruling | None] = []
    for subject in subjects:
        one = _conferral(connection, *subject)
        if one is None or into is None:
            if not _is_merged(connection, subject[1]):
                gone = subject[1] if one is None else kept[1]
                raise AwardsError(f"there is no conferral {gone} any more: take its id of today from `awards find`")
            drafts.append(None)
            continue
        if one.id == into.id:
            raise UsageError(f"{one.id} cannot be merged into itself: name two conferrals")
        draft = Ruling(
            id="", kind="merge", key=one.id, about=one.id, ruled_by=decision.by, ruled_at=at, why=decision.why,
            group_key=one.group_key, into_group=into.group_key, value=into.id,
            facts={**_summary(connection, one), "into": _summary(connection, into)}, evidence={}, evidence_hashes=(),
        )  # fmt: skip
        drafts.append(draft)
    return drafts


def _conferral(connection: Connection, kind: str, whole: str) -> Row[Any] | None:
    if kind != "conferral":
        return None
    return connection.execute(select(_CONFERRAL).where(_CONFERRAL.c.id == whole)).one()


def _is_merged(connection: Connection, whole: str) -> bool:
    """Whether a conferral is not there because a merge in force took it into another."""
    merge = select(_RULING.c.id).where(ruled.standing(), _RULING.c.kind == "merge", _RULING.c.key == whole)
    return connection.execute(merge).first() is not None


def _summary(connection: Connection, conferral: Row[Any]) -> Found:
    """What a conferral says, and the keys of its claims, by which it is known again."""
    names = ("recipient", "award", "series", "year", "category", "rank")
    said = {name: value for name in names if (value := getattr(conferral, name)) is not None}
    claims = {claim.mention_id: claim for claim in _claims(connection, "conferral", conferral.id)}
    applied = ruled.applied(connection, claims)
    as_ruled = (rulings.as_ruled(claim, applied.get(key, ())) for key, claim in claims.items())
    # What was merged into it before is not its own: that merge may be withdrawn.
    own = [event for event in events(claim for claim in as_ruled if claim) if event.id == conferral.id]
    members = [claims[claim.mention_id] for event in own for claim in event.claims] or list(claims.values())
    said["claims"] = sorted({rulings.claim_key(c.article_key, c.mention) for c in members})[:_KNOWN_BY]
    return said | ({"apart": own[0].apart} if own and own[0].apart else {})


_KNOWN_BY: Final = 200
"""Claims by which a merged conferral is known again."""


def _withdrawal(connection: Connection, decision: Decision, at: datetime, whole: str) -> Ruling | None:
    (row,) = _by_id(connection, [whole])
    target = ruled.stored(row)
    later = connection.execute(
        select(_RULING.c.id, _RULING.c.kind).where(_RULING.c.supersedes == target.id)
    ).one_or_none()
    if later is not None and later.kind == "withdraw":
        return None
    if later is not None or target.kind == "withdraw":
        text = (
            f"ruling {later.id} stands in its place: withdraw that" if later else "it is itself a withdrawal: rule anew"
        )
        raise AwardsError(f"ruling {target.id} cannot be withdrawn: {text}")
    return Ruling(
        id="", kind="withdraw", key=target.key, about=target.id, ruled_by=decision.by, ruled_at=at, why=decision.why,
        article_id=target.article_id, facts={}, evidence={}, evidence_hashes=(), supersedes=target.id,
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------------------- rebuilds


def made(connection: Connection) -> set[str]:
    """The ids of all rulings ever made."""
    return set(connection.execute(select(_RULING.c.id)).scalars())


def carry(live: Engine, fresh: Engine) -> set[str]:
    """Copies all rulings into a fresh database and applies them there; the ids of those it has then."""
    with reading(live) as connection:
        kept = [ruled.stored(row) for row in connection.execute(select(*ruled.columns()))]
    with writing(fresh) as connection:
        there = made(connection)
        _append(connection, [ruling for ruling in kept if ruling.id not in there])
    return {ruling.id for ruling in kept}


# --------------------------------------------------------------------------------------------------------------- asking


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the queue, or which rulings; what is None does not narrow. `region` includes what lies in it."""

    site: str | None = None
    series: str | None = None
    region: str | None = None
    limit: int | None = 50


def queue(connection: Connection, wanted: Wanted) -> list[Found]:
    """What to look at next, at most `limit` lines: first what is re-opened, then conferrals by expected gain.

    A line is a dict with `id` and `is_a` (mention or conferral), `because`, `review_gain` (etl.rulings.gain), the facts
    of a conferral, `outlets`, `disagreements` (field -> values), `quote` and `url` of the surest article.
    """
    lines = _reopened(connection, wanted)
    c = _CONFERRAL.c
    reopened = select(_LINK.c.mention_id).join(
        _CONFERRAL_MENTION, _CONFERRAL_MENTION.c.mention_id == _LINK.c.mention_id
    )  # has a line of its own
    reopened = reopened.where(_CONFERRAL_MENTION.c.conferral_id == c.id, _LINK.c.reopened.is_not(None))
    rows = select(_CONFERRAL).where(c.review_gain > 0, ~reopened.exists(), *_narrowed(wanted, c.series, c.region_code))
    if wanted.site is not None:
        rows = rows.where(_reported_by(wanted.site))
    left = None if wanted.limit is None else wanted.limit - len(lines)
    # A series or a city has few conferrals, so finding those and sorting them is quicker than going down the index of
    # gains until enough of them were met; of a province, or of all, the first are met at once.
    few = wanted.series is not None or "." in (wanted.region or "")
    gain = c.review_gain + 0.0 if few else c.review_gain
    rows = rows.order_by(gain.desc(), c.id.desc()).limit(left)
    doubtful = connection.execute(rows).all() if left is None or left > 0 else []
    return lines + _conferral_lines(connection, doubtful)


def _narrowed(wanted: Wanted, series: ColumnElement[Any], region: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.series is not None:
        found.append(series == wanted.series)
    if wanted.region is not None:
        found.append(and_(region >= wanted.region, region < f"{wanted.region}/"))  # '/' is the next after '.'
    return found


def _reported_by(site: str) -> ColumnElement[bool]:
    return (
        select(_CONFERRAL_MENTION.c.mention_id)
        .join(_MENTION, _MENTION.c.id == _CONFERRAL_MENTION.c.mention_id)
        .join(_ARTICLE, _ARTICLE.c.id == _MENTION.c.article_id)
        .where(_CONFERRAL_MENTION.c.conferral_id == _CONFERRAL.c.id, _ARTICLE.c.site == site)
        .exists()
    )


def _reopened(connection: Connection, wanted: Wanted) -> list[Found]:
    """Mentions of which a ruling applies no more, the one ruled on first first."""
    m = _MENTION.c
    rows = (
        select(
            _LINK.c.mention_id, _LINK.c.reopened, _RULING.c.kind, _RULING.c.ruled_by, _RULING.c.ruled_at, _RULING.c.why
        )
        .join(_RULING, _RULING.c.id == _LINK.c.ruling_id)
        .join(_MENTION, m.id == _LINK.c.mention_id)
        .join(_ARTICLE, _ARTICLE.c.current_version_id == m.version_id)
        .where(_LINK.c.reopened.is_not(None), *_narrowed(wanted, m.series, m.region_code))
        .order_by(_RULING.c.ruled_at, _RULING.c.id, m.id)
        .limit(wanted.limit)
    )
    if wanted.site is not None:
        rows = rows.where(_ARTICLE.c.site == wanted.site)
    reopened = connection.execute(rows).all()
    claims = {c.mention_id: c for c in _claims_of(connection, (row.mention_id for row in reopened))}
    words = _words(connection, claims)
    lines = []
    for row in reopened:
        claim = claims[row.mention_id]
        day = row.ruled_at.date().isoformat()
        because = f"re-opened: {row.reopened}; {row.kind} by {row.ruled_by} on {day}{f', {row.why}' if row.why else ''}"
        mention = {name: getattr(claim.mention, name) for name in rulings.FACTS}
        lines.append(
            {"id": claim.mention_id, "is_a": "mention", "because": because, "review_gain": 1.0, **mention}
            | {
                "year": own_year(claim.mention, claim.published_on),
                "confidence": claim.mention.confidence,
                "outlets": 1,
            }
            | {"disagreements": {}, **words[claim.mention_id]}
        )
    return lines


def _conferral_lines(connection: Connection, doubtful: Sequence[Row[Any]]) -> list[Found]:
    differ = _differences(connection, doubtful)
    surest = _surest(connection, [row.id for row in doubtful])
    words = _words(connection, surest.values())
    lines = []
    for row in doubtful:
        facts = {name: row._mapping[name] for name in rulings.FACTS if name in row._mapping}
        because = _because(row, differ[row.id])
        line = {"id": row.id, "is_a": "conferral", "because": because, "review_gain": row.review_gain}
        line |= {**facts, "year": row.year, "confidence": row.confidence, "outlets": row.outlet_count}
        lines.append(line | {"disagreements": differ[row.id], **words[surest[row.id]]})
    return lines


def _differences(connection: Connection, conferrals: Iterable[Row[Any]]) -> dict[str, dict[str, list[str]]]:
    """Conferral id -> field -> what was chosen, then what others say; of an open region's code what it may be."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in conferrals:
        namesakes = rulings.namesakes(row.region) if row.region_code is None else ()
        found[row.id] = {"region_code": list(namesakes)} if len(namesakes) > 1 else {}
    c = _CHOICE.c
    for row in among(connection, select(_CHOICE).order_by(c.conferral_id, c.field), c.conferral_id, found):
        if row.dissent and row.reason != RULED:
            found[row.conferral_id][row.field] = [row.value, *row.dissent]
    return found


def _surest(connection: Connection, conferrals: Sequence[str]) -> dict[str, str]:
    """Conferral id -> its surest mention, one that the article is about first."""
    m, members = _MENTION.c, _CONFERRAL_MENTION.c
    rows = select(members.conferral_id, m.id, m.in_focus, m.confidence).join(_MENTION, m.id == members.mention_id)
    best: dict[str, tuple[bool, float, str]] = {}
    for row in among(connection, rows, members.conferral_id, conferrals):
        this = (not row.in_focus, -row.confidence, row.id)
        best[row.conferral_id] = min(best.get(row.conferral_id, this), this)
    return {key: mention for key, (*_, mention) in best.items()}


def _because(row: Row[Any], differ: Mapping[str, Sequence[str]]) -> str:
    parts = [f"confidence {row.confidence:.2f}", f"{row.outlet_count} outlet{'s' * (row.outlet_count != 1)}"]
    parts += (f"{name.replace('_', ' ')}: {' or '.join(values)}" for name, values in differ.items())
    return ", ".join(parts)


def _claims_of(connection: Connection, mentions: Iterable[str]) -> list[Claim]:
    return [as_claim(row) for row in among(connection, current_claims(), _MENTION.c.id, mentions)]


_QUOTED: Final = 300
"""Characters of a line that go out around the words: enough to decide on, no article."""


def _words(connection: Connection, mentions: Iterable[str]) -> dict[str, Found]:
    """Mention id -> the line of the article that says it, shortened around the verb or the award, and its address."""
    e = _EVIDENCE.c
    rows = (
        select(e.mention_id, e.start_at, e.end_at, _VERSION.c.text, _ARTICLE.c.url)
        .join(_MENTION, _MENTION.c.id == e.mention_id)
        .join(_VERSION, _VERSION.c.id == _MENTION.c.version_id)
        .join(_ARTICLE, _ARTICLE.c.id == _VERSION.c.article_id)
        .where(e.field.in_(("status", "award")))
        .order_by(e.mention_id, e.field.desc(), e.position)
    )
    found: dict[str, Found] = {}
    for row in among(connection, rows, e.mention_id, mentions):
        found.setdefault(row.mention_id, {"quote": _around(row.text, row.start_at, row.end_at), "url": row.url})
    return found


def _around(text: str, start: int, end: int) -> str:
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    begin, stop = max(first, start - _QUOTED // 2), min(last, max(end, start + _QUOTED // 2))
    return f"{'... ' * (begin > first)}{text[begin:stop]}{' ...' * (stop < last)}"


STATUSES: Final = ("in force", "re-opened", "without object", "superseded", "withdrawn", "withdrawal")


def listed(
    connection: Connection, wanted: Wanted, kind: str | None = None, status: str | None = None,
    ids: Iterable[str] | None = None,
) -> list[Found]:  # fmt: skip
    """The rulings, newest first: their columns, and `status` with `reopened` (why), `site`, `url` of the article.

    Status: in force, re-opened (what it was decided on changed: `reopened` says how), without object (what it speaks of
    is not claimed at present), superseded or withdrawn (a withdrawal itself: withdrawal). Raises UsageError for a kind
    or status that there is not.
    """
    for flag, given, known in (("--kind", kind, KINDS), ("--status", status, STATUSES)):
        if given is not None and given not in known:
            raise UsageError(f"{flag} {given!r} is not known: {', '.join(known)}")
    later = aliased(_RULING)
    link = _LINK.c
    speaks = select(link.mention_id).where(link.ruling_id == _RULING.c.id)
    merged = select(_CONFERRAL.c.id).where(
        _CONFERRAL.c.group_key == _RULING.c.into_group, _CONFERRAL.c.ruled.contains("merged")
    )
    state = case(
        (_RULING.c.kind == "withdraw", "withdrawal"),
        (later.c.kind == "withdraw", "withdrawn"),
        (later.c.id.is_not(None), "superseded"),
        ((_RULING.c.kind == "merge") & merged.exists(), "in force"),
        (_RULING.c.kind == "merge", "without object"),
        (speaks.where(link.reopened.is_not(None)).exists(), "re-opened"),
        (speaks.exists(), "in force"),
        else_="without object",
    )
    why = (
        select(link.reopened)
        .where(link.ruling_id == _RULING.c.id, link.reopened.is_not(None))
        .order_by(link.mention_id)
    )
    rows = (
        select(*ruled.columns(), state.label("status"), why.limit(1).scalar_subquery().label("reopened"))
        .add_columns(_ARTICLE.c.site, _ARTICLE.c.url)
        .outerjoin(later, later.c.supersedes == _RULING.c.id)
        .outerjoin(_ARTICLE, _ARTICLE.c.id == _RULING.c.article_id)
        .where(*(column == value for column, value in ((_RULING.c.kind, kind), (state, status)) if value is not None))
        .order_by(_RULING.c.ruled_at.desc(), _RULING.c.id)
        .limit(wanted.limit)
    )
    if ids is not None:
        rows = rows.where(_RULING.c.id.in_(sorted(ids)))
    facts = _RULING.c.facts
    if wanted.series is not None:
        rows = rows.where(facts["series"].as_string() == wanted.series)
    if wanted.region is not None:
        code = facts["region_code"].as_string()
        rows = rows.where(or_(code == wanted.region, code.startswith(f"{wanted.region}.", autoescape=True)))
    if wanted.site is not None:
        rows = rows.where(_ARTICLE.c.site == wanted.site)
    return [dict(row) for row in connection.execute(rows).mappings()]


def behind(connection: Connection, conferral: str | None, mentions: Sequence[str]) -> list[Found]:
    """The rulings that made a conferral what it is, or that speak of these mentions, newest first, as `listed`.

    Rejected claims of the same award and recipient are among them: they would be, or could be, part of it.
    """
    ids = set(connection.execute(select(_LINK.c.ruling_id).where(_LINK.c.mention_id.in_(mentions))).scalars())
    c = _CONFERRAL.c
    row = connection.execute(select(c.group_key, c.ruled).where(c.id == conferral)).one_or_none()
    if row is not None:
        rejected = select(_LINK.c.ruling_id).join(_RULING, _RULING.c.id == _LINK.c.ruling_id)
        rejected = rejected.where(_LINK.c.group_key == row.group_key, _RULING.c.kind == "reject")
        ids |= set(connection.execute(rejected).scalars())
        if "merged" in (row.ruled or ""):
            ids |= _merges_into(connection, row.group_key)
    return listed(connection, Wanted(limit=_MOST), ids=ids) if ids else []


_MOST: Final = 1000
"""Rulings shown of one conferral."""


def _merges_into(connection: Connection, group: str) -> set[str]:
    """The merges that lead to conferrals of a group key, by whatever chain."""
    rows = select(_RULING.c.id, _RULING.c.group_key).where(ruled.standing(), _RULING.c.kind == "merge")
    ids: set[str] = set()
    ends = {group}
    while ends:
        found = [row for row in among(connection, rows, _RULING.c.into_group, ends) if row.id not in ids]
        ids |= {row.id for row in found}
        ends = {row.group_key for row in found}
    return ids


def precision(connection: Connection) -> list[Found]:
    """How right the reader was, by site and series, from claims that people confirmed, corrected or rejected.

    A row: site, series (None: outside the catalogue), confirmed, corrected (right but for a field), rejected, reviewed
    (their sum) and precision, the share that was not rejected. A decision that is re-opened counts too: it was about
    what had been read then. The queue leads to doubtful claims, so this is less than the share among all claims.
    """
    rows = (
        select(_RULING.c.key, _RULING.c.kind, _RULING.c.article_id, _RULING.c.facts, _ARTICLE.c.site)
        .outerjoin(_ARTICLE, _ARTICLE.c.id == _RULING.c.article_id)
        .where(ruled.standing(), _RULING.c.kind.in_(_JUDGED))
        .order_by(_RULING.c.ruled_at, _RULING.c.id)
    )
    verdicts: dict[str, tuple[int, str, str | None]] = {}
    for row in connection.execute(rows.execution_options(yield_per=1000)):
        site = row.site or row.article_id.partition(":")[0]  # an article may be gone
        rank, *_ = verdicts.get(row.key, (0,))
        verdicts[row.key] = (max(rank, _JUDGED[row.kind]), site, row.facts.get("series"))
    counted: defaultdict[tuple[str, str | None], Counter[int]] = defaultdict(Counter)
    for rank, site, series in verdicts.values():
        counted[site, series][rank] += 1
    return [
        {"site": site, "series": series, **{name: ranks[rank] for name, rank in _VERDICTS.items()}}
        | {"reviewed": ranks.total(), "precision": 1 - ranks[_JUDGED["reject"]] / ranks.total()}
        for (site, series), ranks in sorted(counted.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    ]


_JUDGED: Final = {"confirm": 1, "correct": 2, "reject": 3}
"""What says whether a claim is right; of several the last in this order counts."""
_VERDICTS: Final = {"confirmed": 1, "corrected": 2, "rejected": 3}
