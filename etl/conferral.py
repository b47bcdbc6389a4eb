"""Claims -> conferrals: which claims speak of one award won, and what they agree on. Never reads or stores anything.

Five outlets print one ceremony; analysts count one. Outlets word titles, givers and levels differently, so likeness of
text decides nothing: two claims are one conferral when series (or award name), year, category and recipient agree.

* **Year.** Edition, assessment, announcement and ceremony are four years, up to a year and a half apart, and the day an
  article appears is none of them. The edition comes first, since it stays the same however often the trophy is handed
  on; then the ceremony; the year of publication only for what an article reports as its news.
* **Rank is not part of the key**: a corrected level must change a conferral, not make a second one. Nor are giver,
  place and day, on which outlets err (one ceremony is printed with two dates).
* **Region rather than name** for governments: "Pemkot X", "Wali Kota X" and "Kota X" are one recipient, 35.76.

Nothing is lost: a conferral keeps the ids of all its claims, so every disagreement can be shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final, cast

from etl.model import AwardKind, AwardMention, RecipientType, Status, short_hash

COUNTED: Final = frozenset({"won", "record"})
"""The statuses that make a conferral; a nomination does not."""

_LONGEST_KEY: Final = 400
"""Databases refuse to index longer texts; a name as long as that is a misreading, but must not stop a load."""
_DAY: Final = len("2021-03-31")
_SAME_CEREMONY: Final = 3
"""Days by which outlets differ on one ceremony: reports of the next morning and misprints stay within three."""

_NOT_WORDS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """One mention as its outlet printed it. `published_on` is the day of publication in the outlet's own zone.

    What people ruled (etl/rulings.py): fields in `ruled` outvote those of other claims; `apart` names a part that was
    split off, whose claims only meet each other.
    """

    mention_id: str
    article_key: str
    outlet: str
    published_on: date | None
    mention: AwardMention
    ruled: frozenset[str] = frozenset()
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """The claims that speak of one award won: of one group key, year, category and part split off."""

    group_key: str
    apart: str
    year: int | None
    category: str
    claims: tuple[Claim, ...]

    @property
    def id(self) -> str:
        """Key of the conferral they make."""
        return short_hash(self.group_key, str(self.year or ""), self.category, *filter(None, (self.apart,)))


@dataclass(frozen=True, slots=True)
class Conferral:
    """One award won, as all claims about it agree. Fields as in AwardMention, except:

    `id` 20 hexadecimal digits, the same in every database; `group_key` the award and recipient, without year and
    category (all claims that could ever meet share it); `year` of the key, or None when no claim tells;
    `mention_count` articles that say so; `outlet_count` outlets among them; `confidence` of the surest claim, 0..1;
    `first_published_on` the first report; `mention_ids` every claim, sorted.
    """

    id: str
    group_key: str
    series: str | None
    award: str
    kind: AwardKind
    year: int | None
    category: str | None
    recipient: str
    recipient_type: RecipientType
    region_code: str | None
    region: str | None
    rank: str | None
    giver: str | None
    awarded_on: str | None
    place: str | None
    status: Status
    mention_count: int
    outlet_count: int
    confidence: float
    first_published_on: date | None
    mention_ids: tuple[str, ...]


# ------------------------------------------------------------------------------------------------------------ the keys


def normalised(name: str) -> str:
    """A name in lower case with single spaces for everything that is no letter or digit: how keys compare names."""
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


def award_key(mention: AwardMention) -> str:
    """The series id, or the normalised name of an award outside the catalogue."""
    return mention.series or normalised(mention.award)


def recipient_key(mention: AwardMention) -> str:
    """'region|35.76' for a government whose code is known, else 'type|code or region|name'."""
    if mention.recipient_type == "region" and mention.region_code:
        return f"region|{mention.region_code}"
    region = mention.region_code or normalised(mention.region or "")
    return "|".join((mention.recipient_type, region, normalised(mention.recipient)))


def group_key(mention: AwardMention) -> str:
    """Award and recipient in one text. Claims with different group keys never meet in one conferral."""
    key = f"{award_key(mention)}|{recipient_key(mention)}"
    return key if len(key) <= _LONGEST_KEY else short_hash(key)


# ------------------------------------------------------------------------------------------------------------ grouping


def group(claims: Iterable[Claim]) -> list[Conferral]:
    """The conferrals that the claims speak of, sorted by group key, year and category; their order does not matter.

    Only claims won or recorded count. A claim without category joins the one categorised conferral of the same award,
    year and recipient if there is exactly one, and one that names no edition joins the one edition that was handed over
    within three days of its date: the short report and the long one tell of the same trophy.
    """
    return [agreed(event) for event in events(claims)]


def events(claims: Iterable[Claim]) -> list[Event]:
    """The claims by the award they speak of, in the order of `group`."""
    kin: defaultdict[tuple[str, str], dict[str, Claim]] = defaultdict(dict)
    for claim in claims:
        if claim.mention.status in COUNTED:
            kin[group_key(claim.mention), claim.apart][claim.mention_id] = claim
    return [
        Event(*key, year, category, tuple(members))
        for key in sorted(kin)
        for (year, category), members in _events(list(kin[key].values()))
    ]


def _events(kin: Sequence[Claim]) -> Iterator[tuple[tuple[int | None, str], list[Claim]]]:
    """Splits the claims of one group key by year and category."""
    editions = _dated_editions(kin)
    events: defaultdict[tuple[int | None, str], list[Claim]] = defaultdict(list)
    for claim in kin:
        events[_year(claim, editions), normalised(claim.mention.category or "")].append(claim)
    for year in {year for year, category in events if not category}:
        named = [key for key in events if key[0] == year and key[1]]
        if len(named) == 1:
            events[named[0]] += events.pop((year, ""))
    yield from sorted(events.items(), key=lambda event: (event[0][0] or 0, event[0][1]))


def _dated_editions(kin: Sequence[Claim]) -> list[tuple[int, date, str]]:
    """(edition, day of hand-over, category) of the claims that tell both edition and day."""
    dated = ((claim.mention, _day(claim.mention.awarded_on)) for claim in kin)
    return [
        (mention.edition_year, day, normalised(mention.category or ""))
        for mention, day in dated
        if mention.edition_year is not None and day is not None
    ]


def _year(claim: Claim, editions: Sequence[tuple[int, date, str]]) -> int | None:
    mention = claim.mention
    if mention.edition_year is not None:
        return mention.edition_year
    day, own = _day(mention.awarded_on), normalised(mention.category or "")
    if day is not None:
        near = {
            edition
            for edition, handed_over, category in editions
            if abs((handed_over - day).days) <= _SAME_CEREMONY and (not own or not category or own == category)
        }
        if len(near) == 1:
            return near.pop()
    if mention.awarded_on:
        return int(mention.awarded_on[:4])
    return claim.published_on.year if mention.in_focus and claim.published_on else None


def _day(awarded_on: str | None) -> date | None:
    return date.fromisoformat(awarded_on) if awarded_on and len(awarded_on) == _DAY else None


# ----------------------------------------------------------------------------------------------------------- agreement


def agreed(event: Event) -> Conferral:
    """One conferral out of the claims that belong to it."""
    members = event.claims
    articles: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(members, key=surest_first):
        articles[claim.article_key].append(claim)
    once = list(articles.values())
    first = min((claim.published_on for claim in members if claim.published_on), default=None)

    def chosen(name: str) -> str | None:
        return _chosen(name, once)

    return Conferral(
        id=event.id,
        group_key=event.group_key,
        series=chosen("series"),
        award=chosen("award") or "",
        kind=cast(AwardKind, chosen("kind")),
        year=event.year,
        category=chosen("category"),
        recipient=chosen("recipient") or "",
        recipient_type=members[0].mention.recipient_type,
        region_code=chosen("region_code"),
        region=chosen("region"),
        rank=chosen("rank"),
        giver=chosen("giver"),
        awarded_on=chosen("awarded_on"),
        place=chosen("place"),
        status=cast(Status, chosen("status")),
        mention_count=len(articles),
        outlet_count=len({claim.outlet for claim in members}),
        # Copies of one press release are no second witness, so agreement of many does not raise it.
        confidence=max(claim.mention.confidence for claim in members),
        first_published_on=first,
        mention_ids=tuple(sorted(claim.mention_id for claim in members)),
    )


def surest_first(claim: Claim) -> tuple[bool, bool, float, str]:
    """Key by which claims sort: what people ruled on, then what an article is about, then by confidence."""
    return not claim.ruled, not claim.mention.in_focus, -claim.mention.confidence, claim.mention_id


def _chosen(name: str, articles: Sequence[Sequence[Claim]]) -> str | None:
    """The value that a person ruled, else the one most outlets give; then that printed first; then the first in the
    order of text.

    An article speaks once, with its surest claim that has the field. Of days, '2021' does not contradict '2021-03-31':
    who says less agrees with who says more, else three short reports would outvote the one that knows the day.
    """
    said: list[tuple[str, Claim]] = []
    for claims in articles:
        said += islice(((value, claim) for claim in claims if (value := getattr(claim.mention, name))), 1)
    said = [(value, claim) for value, claim in said if name in claim.ruled] or said
    values = {value for value, _ in said}
    if len(values) < 2:
        return next(iter(values), None)
    outlets = {value: {claim.outlet for other, claim in said if bears_out(name, other, value)} for value in values}
    printed = {
        value: min(claim.published_on or date.max for other, claim in said if other == value) for value in values
    }
    precision = {value: len(value) if name == "awarded_on" else 0 for value in values}
    return min(values, key=lambda value: (-len(outlets[value]), -precision[value], printed[value], value))


def bears_out(name: str, said: str, value: str) -> bool:
    """Whether who says the one does not contradict the other: '2021' of a day leaves '2021-03-31' open."""
    return said == value or (name == "awarded_on" and value.startswith(said))
