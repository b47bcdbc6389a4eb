"""What the claims of a conferral say in short, so that one more joins it without a look at all the others. Pure.

A claim of a form that is there already goes where that one went, and moves no other. If it also says what was chosen,
it changes no choice: only counts, the first and the surest report, and who tells it in words of his own. So it is with
nine of ten reports of an award that is stored already. `joined` gives up on all others: those are decided anew, by all claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from etl.conferral import DECIDED, MOST, TOLD, Choice, Claim, alike, day_of, days_between, held, named, own_year
from etl.conferral.witness import copies_of
from etl.rulings import disagreements, gain

FEWEST: Final = 2
"""Claims of a conferral that has a tally; a single one is as quickly read."""

Forms: TypeAlias = dict[str, list[str]]
"""By year, award, recipient and category of claims the days and precisions they come with: all that grouping looks at."""


class Witness(NamedTuple):
    """Those who tell it in the same words: their first mention by id, outlets, and sketches of their texts (as digits)."""

    first: str
    outlets: list[str]
    sketches: list[str]


class Tally(NamedTuple):
    """The claims of one conferral: their forms, who tells it (first by mention), people named, sites. All are sorted."""

    forms: Forms
    witnesses: list[Witness]
    people: list[str]
    sites: list[str]


class Stored(NamedTuple):
    """A conferral as it is stored: its row, its tally if it has one, and the choices between its claims."""

    row: Mapping[str, Any]
    tally: Tally | None
    choices: Collection[Choice]


class Joined(NamedTuple):
    """A conferral with more claims: columns that change, its tally, the witness of each new mention.

    `moved` are witnesses that have another first mention now: former first -> first. `told` is whether people or sites
    are new.
    """

    changes: dict[str, Any]
    tally: Tally
    witness_of: dict[str, str]
    moved: dict[str, str]
    told: bool


def tally(claims: Iterable[Claim], witness_of: Mapping[str, str]) -> Tally:
    """The tally of a conferral's claims, in whatever order; `witness_of` as in Conferral."""
    claims = list(claims)
    forms: defaultdict[str, set[str]] = defaultdict(set)
    outlets: defaultdict[str, set[str]] = defaultdict(set)
    sketches: defaultdict[str, set[str]] = defaultdict(set)
    for claim in claims:
        said, dated = _form(claim)
        forms[said].add(dated)
        first = witness_of[claim.mention_id]
        outlets[first].add(claim.outlet)
        if claim.sketch:
            sketches[first].add(claim.sketch.hex())
    witnesses = [Witness(first, sorted(outlets[first]), sorted(sketches[first])) for first in sorted(outlets)]
    return Tally({said: sorted(forms[said]) for said in sorted(forms)}, witnesses, people(claims), sites(claims))


def revived(stored: Sequence[Any]) -> Tally:
    """A tally out of the lists that JSON makes of it."""
    forms, witnesses, people, sites = stored
    return Tally(forms, [Witness(*one) for one in witnesses], people, sites)


def people(claims: Iterable[Claim]) -> list[str]:
    """Who took and who presented it, as the claims name them, sorted."""
    return sorted({name for c in claims for name in (c.mention.received_by, c.mention.presented_by) if name})


def sites(claims: Iterable[Claim]) -> list[str]:
    """The sites of the claims' articles, sorted."""
    return sorted({claim.article_key.partition(":")[0] for claim in claims})


def _form(claim: Claim) -> tuple[str, str]:
    """Year, award, recipient and category as compared; and days, with what names them: in words, to be stored."""
    m = claim.mention
    days = held(m, claim.published_on)
    category = " ".join(alike.category(m.category, m.series))
    said = "|".join((str(own_year(m, claim.published_on) or ""), *named(m), category))
    named_by = ("edition" if m.edition_year is not None else "", "day" if m.awarded_on else "")
    return said, "|".join((*(day.isoformat() for day in days or ()), *named_by))


# --------------------------------------------------------------------------------------------------------------- joining


def joined(stored: Mapping[str, Stored], claims: Iterable[Claim]) -> dict[str, Joined] | None:
    """What becomes of conferrals, by id, when these claims of new articles join them; None where that is not so simple.

    All are of one group key, `stored` all conferrals that such claims can meet; no person ruled on any of them.
    """
    # Where all claims are of one year, no day can make it another.
    years = {said.partition("|")[0] for one in stored.values() for said in (one.tally.forms if one.tally else ("?",))}
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    forms: dict[str, tuple[str, str]] = {}
    for claim in claims:
        said, dated = forms[claim.mention_id] = _form(claim)
        home = next(
            (
                id_
                for id_, (_, known, _) in stored.items()
                if known and said in known.forms and (dated in known.forms[said] or len(years) == 1)
            ),
            None,
        )
        if home is None:
            return None
        found[home].append(claim)
    if not all(_agree(stored[id_], theirs) for id_, theirs in found.items()):
        return None
    return {id_: _joined(stored[id_], theirs, forms) for id_, theirs in found.items()}


def _agree(stored: Stored, claims: Sequence[Claim]) -> bool:
    """Whether the claims change no choice: each of an article of its own, saying what most outlets say, or nothing."""
    row, _, choices = stored
    if row["ruled"] is not None or not all(choice.reason == MOST for choice in choices):
        return False
    chosen = [row[name] for name in DECIDED]
    return len({claim.article_key for claim in claims}) == len(claims) and all(
        claim.assessment_year in (None, row["assessment_year"])
        and all(said is None or said == value for said, value in zip(TOLD(claim.mention), chosen, strict=True))
        for claim in claims
    )


def _joined(stored: Stored, claims: Sequence[Claim], forms_of: Mapping[str, tuple[str, str]]) -> Joined:
    row, known, choices = stored
    assert known is not None
    forms = {said: set(dated) for said, dated in known.forms.items()}
    witnesses = known.witnesses
    for claim in claims:
        said, dated = forms_of[claim.mention_id]
        forms[said].add(dated)
        witnesses = _heard(witnesses, claim)
    now = Tally(
        {said: sorted(dated) for said, dated in forms.items()},
        sorted(witnesses),
        sorted({*known.people, *people(claims)}),
        sorted({*known.sites, *sites(claims)}),
    )
    first_of = {outlet: witness.first for witness in now.witnesses for outlet in witness.outlets}
    outlets = len(first_of)
    confidence = max(row["confidence"], *(claim.mention.confidence for claim in claims))
    published = _first(row["first_published_on"], (claim.published_on for claim in claims))
    announced = _first(row["announced_on"], (claim.announced_on for claim in claims))
    handed_over = day_of(row["awarded_on"])
    contradicted = disagreements(choices, row["region_code"], row["region"])
    changes = {
        "mention_count": row["mention_count"] + len(claims),
        "outlet_count": outlets,
        "independent_count": len(now.witnesses),
        "confidence": confidence,
        "first_published_on": published,
        "announced_on": announced,
        "review_gain": gain(confidence, outlets, len(contradicted)),
        "days_to_print": days_between(handed_over, published),
        "days_to_hand_over": days_between(announced, handed_over),
    }
    return Joined(
        {name: value for name, value in changes.items() if value != row[name]},
        now,
        {claim.mention_id: first_of[claim.outlet] for claim in claims},
        {w.first: first for w in known.witnesses if (first := first_of[w.outlets[0]]) != w.first},
        (now.people, now.sites) != (known.people, known.sites),
    )


def _first(known: Any, others: Iterable[Any]) -> Any:
    return min((day for day in (known, *others) if day), default=None)


def _heard(witnesses: Sequence[Witness], claim: Claim) -> list[Witness]:
    """The witnesses when one more article is heard: those whose outlet or words it shares are one with it."""
    words = claim.sketch.hex()
    is_copy = copies_of(claim.sketch)
    his: list[Witness] = []
    others: list[Witness] = []
    for one in witnesses:
        shared = claim.outlet in one.outlets or any(map(is_copy, one.sketches))
        (his if shared else others).append(one)
    outlets = sorted({claim.outlet, *(outlet for one in his for outlet in one.outlets)})
    sketches = sorted({*([words] if words else ()), *(known for one in his for known in one.sketches)})
    return [*others, Witness(min([claim.mention_id, *(one.first for one in his)]), outlets, sketches)]
