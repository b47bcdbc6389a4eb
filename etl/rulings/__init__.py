"""Claims x rulings -> claims as people ruled, and what is worth a person's look next. Never reads or stores anything.

Mentions stay as read; a ruling changes what conferrals make of them. It speaks of a claim by what outlives re-reading,
new wording and rebuilds: article, award, recipient, category and year. And it holds as long as **the lines of the
article that it was decided on still stand in it**, wherever the reader finds its quotes now. Else it is kept, does not
apply, and the claim stands in the queue again: re-opened.

A merge speaks of two conferrals by the claims that they had: a conferral's own key may change with what comes later.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import Any, Final, get_args

from etl import gazetteer
from etl.conferral import (
    RULED,
    Choice,
    Claim,
    Conferral,
    Event,
    Said,
    agreed,
    events,
    group_key,
    linked_years,
    own_year,
)
from etl.conferral.alike import normalised
from etl.model import AwardKind, AwardsError, RecipientType, Status, UsageError, short_hash

FACTS: Final = (
    "recipient", "recipient_type", "region", "region_code", "award", "series", "kind", "category", "rank", "giver",
    "presented_by", "received_by", "awarded_on", "edition_year", "place", "status",
)  # fmt: skip
"""Fields of a claim that a ruling remembers: what the person saw."""

UNEXPLAINED: Final = frozenset({"confirm", "region"})
"""Kinds that need no reason: the words of the article are the reason. All others are asked why."""

_NAMED: Final = ("recipient", "award")
_ISO_DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's decision, as in the table `ruling`, which explains every column. `ruled_at` is aware.

    `evidence` are quotes by field, `evidence_hashes` those of the article's lines (`line_hash`) that hold them, `facts`
    what the person saw.
    """

    id: str
    kind: str
    key: str
    about: str
    ruled_by: str
    ruled_at: datetime
    facts: Mapping[str, Any]
    evidence: Mapping[str, str]
    evidence_hashes: Sequence[str]
    article_id: str | None = None
    group_key: str | None = None
    into_group: str | None = None
    field: str | None = None
    value: str | None = None
    why: str | None = None
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says: a kind of ruling on conferrals, mentions or rulings by `ids` (whole, or their beginnings).

    `field` and `value` as the kind asks for them: a correction's right value, a region, the conferral to merge into, a
    name for the part split off. `line` is where in a file it stands.
    """

    kind: str
    ids: tuple[str, ...]
    by: str
    why: str | None = None
    field: str | None = None
    value: str | None = None
    line: int | None = None


class Refused(AwardsError):
    """Decisions that cannot be taken as they are; none was. `problems` are (line or None, what is wrong).

    `exit_code`: that of wrong usage where a command's own words are at fault; a bad line of a file is none.
    """

    def __init__(self, problems: Sequence[tuple[int | None, str]], exit_code: int = AwardsError.exit_code) -> None:
        self.problems = tuple(problems)
        self.exit_code = exit_code
        first = "; ".join(text if line is None else f"line {line}: {text}" for line, text in self.problems[:1])
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__(f"{first}{more}")


@dataclass(frozen=True, slots=True)
class Link:
    """That a ruling speaks of a mention. `reopened`: why it does not apply any more, or None; the rest: as ruled."""

    mention_id: str
    ruling_id: str
    reopened: str | None
    group_key: str
    year: int | None
    linked_from: int | None
    linked_to: int | None


# ------------------------------------------------------------------------------------------------ what a ruling is about

KINDS: Final = ("confirm", "reject", "correct", "region", "split", "merge", "withdraw")
_VALUED: Final = {"region": "which region: its code or full name", "merge": "which conferral to merge into"}


def complete(decision: Decision) -> Decision:
    """The decision with its value as it is stored. Raises UsageError saying what it lacks or has too much."""
    kind = decision.kind
    if kind not in KINDS:
        raise UsageError(f"{kind!r} is no decision: one of {', '.join(KINDS)}")
    if not decision.ids:
        raise UsageError(f"{kind}: say of which conferral, mention or ruling, by its id")
    if not decision.by.strip():
        raise UsageError("nobody is named who decided: give --by, or set AWARDS_REVIEWER")
    if kind not in UNEXPLAINED and not (decision.why or "").strip():
        raise UsageError(f"{kind} needs a reason: give it as --why, or in the column `why`")
    if decision.field and kind != "correct":
        raise UsageError(f"{kind} takes no field; to correct one, decide `correct`")
    if kind == "correct" and not decision.field:
        raise UsageError("correct needs the field that is wrong")
    if kind in _VALUED and not decision.value:
        raise UsageError(f"{kind} needs a value: {_VALUED[kind]}")
    if decision.value and kind in ("confirm", "reject", "withdraw"):
        raise UsageError(f"{kind} takes no value")
    for text, most in ((decision.by, 100), (decision.value or "", 400), (decision.why or "", 2000)):
        if len(_storable(" ".join(text.split()))) > most:
            raise UsageError(f"{text[:40]!r}... has more than {most} characters: shorten it")
    value = decision.value
    if kind == "correct":
        value = right_value(decision.field or "", value)
    elif kind == "region":
        value = region_code((value or "").strip())
    return replace(decision, by=decision.by.strip(), why=(decision.why or "").strip() or None, value=value)


def claim_key(article_id: str, mention: Said) -> str:
    """Key of a claim that outlives new versions of its article and new code: no offset, no level in it."""
    where = mention.region_code or normalised(mention.region or "")
    is_government = mention.recipient_type == "region" and mention.region_code
    who = "" if is_government else normalised(mention.recipient)
    award = mention.series or normalised(mention.award)
    year = str(mention.edition_year or (mention.awarded_on or "")[:4])
    return short_hash(article_id, award, mention.recipient_type, where, who, normalised(mention.category or ""), year)


def region_key(article_id: str, mention: Said) -> str:
    """Key of a region's name in an article: all its claims under that name, resolved alike, share it."""
    return short_hash(article_id, normalised(mention.region or mention.recipient), mention.region_code or "")


def subject_key(kind: str, article_id: str, mention: Said) -> str:
    """The key that a ruling of this kind on this claim has."""
    return (region_key if kind == "region" else claim_key)(article_id, mention)


def slot(kind: str, key: str, field: str | None) -> tuple[str, str, str]:
    """Of rulings with one slot only the last is in force: a rejection takes the place of a confirmation."""
    return key, {"confirm": "verdict", "reject": "verdict"}.get(kind, kind), field or ""


def line_hash(line: str) -> str:
    """Of a line of an article; case, spaces and punctuation do not count."""
    return short_hash(normalised(line))


def evidence_fields(kind: str, field: str | None) -> frozenset[str] | None:
    """The fields whose words a ruling is decided on; None: all that the claim has."""
    named = {"confirm": None, "region": ("recipient", "region")}.get(kind, (*_NAMED, *filter(None, (field,))))
    return None if named is None else frozenset(named)


def facts(mention: Said) -> dict[str, Any]:
    """What a ruling remembers of a claim: its fields that have a value."""
    return {name: value for name in FACTS if (value := getattr(mention, name)) is not None}


# --------------------------------------------------------------------------------------------------------- right values


def right_value(field: str, text: str | None) -> str | None:
    """The value of a correction, checked, as it is stored; None when the field has none.

    A region may be given by its full name. Raises UsageError for a field that is none, or a value it cannot have.
    """
    if field not in _CHECKS:
        raise UsageError(f"{field!r} is no field of a claim: one of {', '.join(_CHECKS)}")
    text = " ".join((text or "").split())
    if not text:
        if field in _NEEDED:
            raise UsageError(f"{field} cannot be empty: reject the claim if it has none")
        return None
    return _CHECKS[field](text)


def region_code(text: str) -> str:
    """The code of a region given by code or full name. Raises UsageError when there is none, or the name has several."""
    known = gazetteer.regions()
    if text in known:
        return text
    named = [code for code, region in known.items() if normalised(region.name) == normalised(text)]
    if len(named) == 1:
        return named[0]
    alike = [f"{r.name} ({code})" for code, r in known.items() if normalised(r.base) == normalised(text)]
    alike = alike or [f"{known[full].name} ({full})" for full in (f"{text}0",) if full in known]  # cut by a spreadsheet
    hint = f"is it {' or '.join(alike)}?" if alike else "give a Kemendagri code (35.76) or a full name (Kota Mojokerto)"
    raise UsageError(f"{text!r} is no region: {hint}")


def _one_of(what: str, allowed: Callable[[], Iterable[str]], text: str) -> str:
    if text not in (known := tuple(allowed())):
        near = get_close_matches(text, known, n=3, cutoff=0.4) if len(known) > 12 else ()
        some = f"is it {' or '.join(near)}?" if near else f"one of {', '.join(known[:12])}{' ...' * (len(known) > 12)}"
        raise UsageError(f"{text!r} is no {what}: {some}")
    return text


def _storable(text: str) -> str:
    if any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in text):
        raise UsageError(f"a character that no database can hold in {text[:80]!r}")
    return text


def _iso_date(text: str) -> str:
    try:
        if not _ISO_DATE.fullmatch(text):
            raise ValueError
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        raise UsageError(f"{text!r} is no date: 2021, 2021-03 or 2021-03-31") from None
    return text


def _year(text: str) -> str:
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise UsageError(f"{text!r} is no year: 2021")
    return text


_NEEDED: Final = frozenset({"recipient", "recipient_type", "award", "kind", "status"})
_CHECKS: Final[dict[str, Callable[[str], str]]] = {
    "recipient": _storable,
    "recipient_type": partial(_one_of, "type of recipient", lambda: get_args(RecipientType)),
    "region_code": region_code,
    "award": _storable,
    "series": partial(_one_of, "award series of the catalogue", gazetteer.series),
    "kind": partial(_one_of, "kind of award", lambda: get_args(AwardKind)),
    "category": _storable,
    "rank": _storable,
    "giver": _storable,
    "presented_by": _storable,
    "received_by": _storable,
    "awarded_on": _iso_date,
    "edition_year": _year,
    "place": _storable,
    "status": partial(_one_of, "status", lambda: get_args(Status)),
}


# ----------------------------------------------------------------------------------------------------- claims as ruled


def as_ruled(claim: Claim, rulings: Iterable[Ruling]) -> Claim | None:
    """The claim as these rulings, which apply to it, make it; None when it is rejected."""
    ruled: Claim | None = claim
    for ruling in sorted(rulings, key=_in_time):
        ruled = ruled and _EFFECTS[ruling.kind](ruled, ruling)
    return ruled


def _in_time(ruling: Ruling) -> tuple[datetime, str]:
    return ruling.ruled_at, ruling.id


def _confirmed(claim: Claim, _: Ruling) -> Claim:
    sure = claim.mention._replace(confidence=1.0)
    return claim._replace(mention=sure, ruled=claim.ruled.union(facts(sure)))


def _corrected(claim: Claim, ruling: Ruling) -> Claim:
    """A field that is ruled to be empty says no more than that: it does not silence other articles."""
    name = ruling.field or ""
    if name == "region_code":
        return _in_region(claim, ruling)
    right: Any = int(ruling.value) if name == "edition_year" and ruling.value else ruling.value
    mention = claim.mention._replace(**{name: right})
    return claim._replace(mention=mention, ruled=claim.ruled.union({name} if right is not None else ()))


def _in_region(claim: Claim, ruling: Ruling) -> Claim:
    mention, code = claim.mention, ruling.value
    place = gazetteer.regions().get(code or "")  # a code may have left the table since
    mention = mention._replace(region_code=code, region=place.name if place else mention.region)
    ruled = {"region_code", "region"}
    if place and mention.recipient_type == "region":
        mention = mention._replace(recipient=place.name)
        ruled.add("recipient")
    return claim._replace(mention=mention, ruled=claim.ruled | ruled)


_EFFECTS: Final[dict[str, Callable[[Claim, Ruling], Claim | None]]] = {
    "confirm": _confirmed,
    "reject": lambda claim, ruling: None,
    "correct": _corrected,
    "region": _in_region,
    "split": lambda claim, ruling: claim._replace(apart=ruling.value or ""),
}


def links(
    claims: Sequence[Claim], quotes: Mapping[str, Mapping[str, str]], lines: Set[str], rulings: Iterable[Ruling]
) -> list[Link]:
    """Which of an article's rulings speak of which of its claims, and whether they still apply.

    `claims` and `quotes` (mention id -> field -> quote) are those of its current version, `lines` the hashes of its
    lines, `rulings` those that nothing supersedes.
    """
    found: list[tuple[Claim, Ruling, str | None]] = []
    applied: defaultdict[str, list[Ruling]] = defaultdict(list)
    # Two databases' rulings that came together may both stand: then the later one does.
    last = {slot(r.kind, r.key, r.field): r for r in sorted(rulings, key=_in_time)}
    for ruling in sorted(last.values(), key=lambda r: (r.kind == "confirm", *_in_time(r))):
        for claim, reopened in _spoken_of(ruling, claims, quotes, lines):
            if ruling.kind == "confirm" and not reopened:
                reopened = _reads_otherwise(ruling, claim, applied[claim.mention_id])
            if not reopened:
                applied[claim.mention_id].append(ruling)
            found.append((claim, ruling, reopened))
    places = {claim.mention_id: _place(claim, applied[claim.mention_id]) for claim, _, _ in found}
    return [Link(c.mention_id, ruling.id, reopened, *places[c.mention_id]) for c, ruling, reopened in found]


def _spoken_of(
    ruling: Ruling, claims: Sequence[Claim], quotes: Mapping[str, Mapping[str, str]], lines: Set[str]
) -> Iterator[tuple[Claim, str | None]]:
    """The claims with the ruling's key; else those found in the same words, which are read differently now."""
    meant = [c for c in claims if subject_key(ruling.kind, c.article_key, c.mention) == ruling.key]
    changed = None if lines >= set(ruling.evidence_hashes) else "the words it was decided on have changed"
    if meant:
        yield from ((claim, changed) for claim in meant)
        return
    named = {name: ruling.evidence[name] for name in _NAMED if name in ruling.evidence}
    for claim in claims:
        said = quotes.get(claim.mention_id, {})
        if named and all(said.get(name) == quote for name, quote in named.items()):
            yield claim, None if _agrees(ruling, claim) else "the words it was decided on are read differently now"


def _agrees(ruling: Ruling, claim: Claim) -> bool:
    """Whether the reader has come to read by itself what the ruling says."""
    name = {"correct": ruling.field, "region": "region_code"}.get(ruling.kind)
    if name is None:
        return False
    read = getattr(claim.mention, name)
    return (None if read is None else str(read)) == ruling.value


def _reads_otherwise(ruling: Ruling, claim: Claim, corrections: Sequence[Ruling]) -> str | None:
    """What of the facts that were confirmed is not what the claim says now; what a person corrected since is."""
    ruled = as_ruled(claim, corrections)
    if ruled is None:
        return None
    differs = [
        f"{name} was confirmed as {was!r} and is read as {now!r}"
        for name, was in ruling.facts.items()
        if name in FACTS and name not in ruled.ruled and (now := getattr(ruled.mention, name)) != was
    ]
    return "; ".join(differs) or None


def _place(claim: Claim, applied: Iterable[Ruling]) -> tuple[str, int | None, int | None, int | None]:
    """Group key, year, first and last linked year of the claim as ruled."""
    ruled = as_ruled(claim, applied) or claim
    said = ruled.mention, ruled.published_on
    return group_key(ruled.mention), own_year(*said), *(linked_years(*said) or (None, None))


# ------------------------------------------------------------------------------------------------ conferrals as ruled


def conferrals(
    claims: Iterable[Claim], applied: Mapping[str, Sequence[Ruling]], merges: Sequence[Ruling]
) -> list[Conferral]:
    """What `etl.conferral.group` makes of the claims, as ruled.

    `applied` are the rulings by mention id, `merges` those of conferrals, oldest first.
    """
    claims = list(claims)
    ruled = (as_ruled(claim, applied.get(claim.mention_id, ())) for claim in claims)
    found = united(events(claim for claim in ruled if claim), merges, claims if merges else ())
    return [_ruled(event, absorbed, applied) for event, absorbed in found]


def united(
    found: Sequence[Event], merges: Sequence[Ruling], claims: Iterable[Claim]
) -> list[tuple[Event, frozenset[str]]]:
    """The events after merging, each with the ids of those that went into it; one merged into nothing stands alone.

    `claims` as read: by their keys merges know the events again.
    """
    if not merges:
        return [(event, frozenset()) for event in found]
    by_id = {event.id: event for event in found}
    home = {claim.mention_id: event.id for event in found for claim in event.claims}
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for claim in claims:
        if claim.mention_id in home:
            homes[claim_key(claim.article_key, claim.mention)].add(home[claim.mention_id])

    def now(conferral: str, said: Mapping[str, Any], group: str | None) -> str:
        """The id it has now: of the event of its group where most of its claims are; where all are gone, the old one."""
        at = (event for claim in said.get("claims", ()) for event in homes.get(claim, ()))
        kind = group, said.get("apart", "")
        counted = Counter(event for event in at if (by_id[event].group_key, by_id[event].apart) == kind)
        return min(counted, key=lambda event: (-counted[event], event != conferral, event), default=conferral)

    into: dict[str, str] = {}
    for merge in merges:
        start = now(merge.key, merge.facts, merge.group_key)
        end = now(merge.value or "", merge.facts.get("into", {}), merge.into_group)
        if start != end and (end in by_id or start not in into):
            into[start] = end
    parts: defaultdict[str, list[Event]] = defaultdict(list)
    for event in found:
        parts[_end(event.id, into, by_id.keys())].append(event)
    return [
        (
            event._replace(claims=(*event.claims, *(c for part in parts[key] if part.id != key for c in part.claims))),
            frozenset(part.id for part in parts[key] if part.id != key),
        )
        for key, event in by_id.items()
        if key in parts
    ]


def _end(start: str, merges: Mapping[str, str], present: Set[str]) -> str:
    """Where a chain of merges ends: the last conferral of it that there is, and of a circle the first by id."""
    chain = [start]
    while (following := merges.get(chain[-1])) is not None:
        if following in chain:
            circle = [key for key in chain[chain.index(following) :] if key in present]
            return min(circle, default=[key for key in chain if key in present][-1])
        chain.append(following)
    return [key for key in chain if key in present][-1]


def _ruled(event: Event, absorbed: Set[str], applied: Mapping[str, Sequence[Ruling]]) -> Conferral:
    conferral = agreed(event)
    rulings = [ruling for claim in event.claims for ruling in applied.get(claim.mention_id, ())]
    sure = 1.0 if any(ruling.kind != "split" for ruling in rulings) else conferral.confidence
    contradicted = disagreements(conferral.choices, conferral.region_code, conferral.region)
    worth = gain(sure, conferral.outlet_count, len(contradicted))
    return conferral._replace(ruled=_marks(rulings, absorbed), review_gain=worth)


def _marks(rulings: Sequence[Ruling], absorbed: Set[str]) -> str | None:
    kinds = {ruling.kind for ruling in rulings}
    corrected = sorted({ruling.field or "" for ruling in rulings if ruling.kind == "correct"})
    marks = (
        ("confirmed", "confirm" in kinds),
        (f"corrected {', '.join(corrected)}", corrected),
        ("region named", "region" in kinds),
        ("split off", "split" in kinds),
        ("merged", absorbed),
    )
    return "; ".join(mark for mark, is_so in marks if is_so) or None


# --------------------------------------------------------------------------------------------------- what to look at next


def gain(confidence: float, outlets: int, disagreements: int) -> float:
    """What looking at a conferral is expected to mend: (1 - confidence / (1 + disagreements)) x outlets.

    The first factor is the chance that something is wrong: that of the surest claim, less for each field on which
    outlets contradict each other, since at most one of them is right. The second is how many readers it reaches.
    Unit: outlets that print something wrong. A conferral that a person looked at counts as sure.
    """
    return (1 - confidence / (1 + disagreements)) * outlets


def disagreements(choices: Iterable[Choice], region_code: str | None, region: str | None) -> tuple[str, ...]:
    """The fields of a conferral on which claims contradict each other and no person decided.

    A region whose name several bear, so that its code is open, is one of them.
    """
    found = [choice.field for choice in choices if choice.dissent and choice.reason != RULED]
    if region_code is None and len(namesakes(region)) > 1:
        found.append("region_code")
    return tuple(found)


@lru_cache(1 << 12)
def namesakes(name: str | None) -> tuple[str, ...]:
    """'Kabupaten Mojokerto (35.16)' and 'Kota Mojokerto (35.76)' for the full name of either."""
    known = gazetteer.regions()
    bases = {region.base for region in known.values() if region.name == name}
    return tuple(f"{region.name} ({code})" for code, region in known.items() if region.base in bases)
