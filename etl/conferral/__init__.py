"""Claims -> conferrals: which claims speak of one award won, and what they agree on. Never reads or stores anything.

Five outlets print one ceremony; analysts count one. Outlets word titles, givers and levels differently, so likeness of
text decides nothing: two claims are one conferral when award, year, category and recipient agree.

* **Award**: the series of the catalogue, else the name without the words that every award has (alike.py).
* **Year.** Edition, assessment, announcement and ceremony are four years, up to a year and a half apart, and the day an
  article appears is none of them. The edition comes first, since it stays the same however often the trophy is handed
  on; then the ceremony; the year of publication only for what an article reports as its news.
* **Rank is not part of the key**: a corrected level must change a conferral, not make a second one. Nor are giver,
  place and day, on which outlets err (one ceremony is printed with two dates).
* **Region rather than name** for governments: "Pemkot X", "Wali Kota X" and "Kota X" are one recipient, 35.76.

Nothing is lost: a conferral keeps the ids of all its claims, and of each field on which they differ what was chosen, why,
and what the others say. Nothing of it is final: the claims stay apart, so another rule groups them otherwise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeAlias

from etl.conferral import alike, catalogue, venue
from etl.conferral.alike import normalised as normalised
from etl.conferral.witness import witnesses
from etl.model import AwardKind, AwardMention, RecipientType, Status, short_hash

COUNTED: Final = frozenset({"won", "record"})
"""The statuses that make a conferral; a nomination does not."""

_LONGEST_KEY: Final = 400
"""Databases refuse to index longer texts; a name as long as that is a misreading, but must not stop a load."""
_DAY: Final = len("2021-03-31")
_MONTH: Final = len("2021-03")
_SAME_CEREMONY: Final = timedelta(days=3)
"""By how much outlets differ on one ceremony: reports of the next morning and misprints stay within three days."""
_REPORTED: Final = timedelta(days=7)
"""How long after a ceremony news of it is printed that names no day."""
_OWNED: Final = frozenset({"region", "official", "agency", "village", "school"})
"""Recipients that are, or belong to, the government of their region; companies by the first word of their names."""
_OWNED_COMPANY: Final = ("perumda", "perumdam", "pdam", "perseroda", "bumd", "rsud", "pd ", "perusahaan daerah", "bpr")
_PERSONS: Final = frozenset({"official", "person"})
_AUDITOR: Final = "bpk"
_PLAQUE: Final = "penghargaan-wtp"
"""Who gives audit opinions (organization.id), and the series of the plaques for them."""
_PLAQUES: Final = frozenset({"plakat", "piagam", "penghargaan", "anugerah", "trofi"})
_UNITS: Final = {"agency": "unit", "company": "unit"}
"""What one outlet calls an agency another calls a company: hospitals, waterworks."""


class Statement(NamedTuple):
    """What a mention says, as conferrals compare it: an AwardMention without evidence, partners and decisions.

    A tuple like all that there is of each claim and conferral here: loading makes them by the ten thousand.
    """

    recipient: str
    recipient_type: RecipientType
    award: str
    region: str | None = None
    region_code: str | None = None
    series: str | None = None
    kind: AwardKind = "award"
    category: str | None = None
    rank: str | None = None
    giver: str | None = None
    presented_by: str | None = None
    received_by: str | None = None
    awarded_on: str | None = None
    edition_year: int | None = None
    place: str | None = None
    status: Status = "won"
    in_focus: bool = True
    confidence: float = 0.5


Said: TypeAlias = AwardMention | Statement
_STATED: Final = attrgetter(*Statement._fields)


def stated(mention: AwardMention) -> Statement:
    """What a mention says."""
    return Statement._make(_STATED(mention))


class Claim(NamedTuple):
    """One mention as its outlet printed it. `published_on` is the day of publication in the outlet's own zone.

    `sketch` is that of the article's text (witness.py); `announced_on` and `assessment_year` what the article tells.
    What people ruled (etl/rulings): fields in `ruled` outvote those of other claims; `apart` names a part that was
    split off, whose claims only meet each other.
    """

    mention_id: str
    article_key: str
    outlet: str
    published_on: date | None
    mention: Statement
    ruled: frozenset[str] = frozenset()
    apart: str = ""
    sketch: bytes = b""
    announced_on: date | None = None
    assessment_year: int | None = None


class Event(NamedTuple):
    """The claims that speak of one award won: of one group key, award, recipient, year, category and part split off."""

    group_key: str
    apart: str
    year: int | None
    category: str
    claims: tuple[Claim, ...]
    award: str = ""
    recipient: str = ""

    @property
    def id(self) -> str:
        """Key of the conferral they make."""
        parts = (self.group_key, self.award, self.recipient, str(self.year or ""), self.category)
        return short_hash(*parts, *filter(None, (self.apart,)))


class Choice(NamedTuple):
    """Of a field on which claims differ what was chosen and why, and what others say: value -> number of outlets."""

    field: str
    value: str
    reason: str
    dissent: dict[str, int]


class Conferral(NamedTuple):
    """One award won, as all claims about it agree. Fields as in AwardMention, except:

    `id` 20 hexadecimal digits, the same in every database; `group_key` the award and recipient as compared, without year
    and category (all claims that could ever meet share it); `year` of the key, or None when no claim tells;
    `recipient_id` key of who it is, under all names;
    `level`, `level_position` the step of the series; `giver_id`, `giver_region_code`, `giver_kind`, `scope`, `theme`
    what the tables say of the giver and the award; `venue_id` key of the place; `mention_count` articles that say so;
    `outlet_count` outlets among them; `independent_count` those with words of their own; `confidence` of the surest claim,
    0..1; `first_published_on` the first report; `mention_ids` every claim, sorted; `witness_of` by mention id the first
    mention of the same witness; `choices` the fields on which claims differ. `ruled` and `review_gain` are filled by
    etl/rulings.
    """

    id: str
    group_key: str
    series: str | None
    award: str
    kind: AwardKind
    year: int | None
    category: str | None
    recipient: str
    recipient_id: str
    recipient_type: RecipientType
    region_code: str | None
    region: str | None
    rank: str | None
    level: str | None
    level_position: int | None
    giver: str | None
    giver_id: str | None
    giver_region_code: str | None
    giver_kind: str | None
    scope: str | None
    theme: str | None
    awarded_on: str | None
    announced_on: date | None
    edition_year: int | None
    assessment_year: int | None
    place: str | None
    venue_id: str | None
    status: Status
    mention_count: int
    outlet_count: int
    independent_count: int
    confidence: float
    first_published_on: date | None
    mention_ids: tuple[str, ...]
    witness_of: Mapping[str, str]
    choices: tuple[Choice, ...]
    ruled: str | None = None
    review_gain: float = 0.0

    @property
    def days_to_print(self) -> int | None:
        """Days from hand-over to the first report, where the day of both is known."""
        return days_between(day_of(self.awarded_on), self.first_published_on)

    @property
    def days_to_hand_over(self) -> int | None:
        """Days from announcement to hand-over, where the day of both is known."""
        return days_between(self.announced_on, day_of(self.awarded_on))


def days_between(start: date | None, end: date | None) -> int | None:
    """Days from one to the other, where both are known."""
    return (end - start).days if start is not None and end is not None else None


# ------------------------------------------------------------------------------------------------------------ the keys


def group_key(mention: Said) -> str:
    """Award and recipient in one text. Claims with different group keys never meet in one conferral.

    Of an award outside the catalogue, and of recipients that are no government, only the first letters of the words: so
    that names typed wrongly meet, and `events` can look closer.
    """
    m = mention
    series = _PLAQUE if m.kind == "opinion" and m.series and _is_plaque(m.award, m.giver) else m.series
    return _group_key(series, m.award, m.recipient, m.recipient_type, m.region_code, m.region)


@lru_cache(1 << 16)
def _is_plaque(award: str, giver: str | None) -> bool:
    """Whether what is called by an audit opinion's name is the ministry's plaque for it: two things, handed over apart."""
    giver_id, region = catalogue.giver(giver)
    given_by_others = giver_id not in (None, _AUDITOR) or region is not None
    return given_by_others or bool(_PLAQUES & set(normalised(award).split()))


@lru_cache(1 << 16)
def _group_key(
    series: str | None, award: str, recipient: str, kind: str, region_code: str | None, region: str | None
) -> str:
    prize = series or f"~{alike.initials(alike.award(award))}"
    where = region_code or normalised(region or "")
    if region_code and (kind == "region" or (kind == "official" and alike.office_only(recipient))):
        key = f"{prize}|region|{region_code}"
    elif kind in _PERSONS and where:
        key = f"{prize}|{kind}|{where}"
    else:
        words = alike.recipient(recipient, kind, region_code)
        key = f"{prize}|{_UNITS.get(kind, kind)}|{where}|{alike.initials(words) if where else ' '.join(words)}"
    return key if len(key) <= _LONGEST_KEY else short_hash(key)


def _recipient(mention: Said) -> tuple[str, ...]:
    """Core words of who received it; none for the government of a known region, which the group key names."""
    kind, code = mention.recipient_type, mention.region_code
    if code and (kind == "region" or (kind == "official" and alike.office_only(mention.recipient))):
        return ()
    return alike.recipient(mention.recipient, kind, code)


def own_year(mention: Said, published_on: date | None) -> int | None:
    """Edition, else ceremony, else publication of news: the year that a claim tells by itself."""
    if mention.edition_year is not None:
        return mention.edition_year
    if mention.awarded_on:
        return int(mention.awarded_on[:4])
    return published_on.year if mention.in_focus and published_on else None


def dated_on(mention: Said, published_on: date | None) -> date | None:
    """The hand-over where its day is known, else the publication of news."""
    return day_of(mention.awarded_on) or (published_on if mention.in_focus else None)


def linked_years(mention: Said, published_on: date | None) -> tuple[int, int] | None:
    """First and last year of the claims that may mean the same award although their own year is another; None: none.

    Claims of one group key that no such years connect never meet: what loading needs, to compute no more than it must.
    """
    days = held(mention, published_on)
    if days is None:
        return None
    first, last = (days[0] - _SAME_CEREMONY).year, (days[1] + _SAME_CEREMONY + _REPORTED).year
    return None if first == last == own_year(mention, published_on) else (first, last)


def held(mention: Said, published_on: date | None) -> tuple[date, date] | None:
    """First and last day on which the ceremony can have been, as far as the claim tells it to the month."""
    said = mention.awarded_on
    if said is None:
        return (published_on - _REPORTED, published_on) if mention.in_focus and published_on else None
    if len(said) == _DAY:
        day = date.fromisoformat(said)
        return day, day
    if len(said) == _MONTH:
        first = date.fromisoformat(f"{said}-01")
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return None


@lru_cache(1 << 14)
def day_of(awarded_on: str | None) -> date | None:
    """The day of a hand-over that is known to the day."""
    return date.fromisoformat(awarded_on) if awarded_on and len(awarded_on) == _DAY else None


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
    return [event for key in sorted(kin) for event in _events(*key, list(kin[key].values()))]


def _events(key: str, apart: str, kin: Sequence[Claim]) -> Iterator[Event]:
    """Splits the claims of one group key by award, recipient, year and category."""
    if len(kin) == 1:  # as most are
        (claim,) = kin
        m = claim.mention
        said = alike.category(m.category, m.series)
        year = own_year(m, claim.published_on)
        yield Event(key, apart, year, " ".join(said), (claim,), *named(m))
        return
    persons = kin[0].mention.recipient_type in _PERSONS
    of_year: defaultdict[int | None, list[Claim]] = defaultdict(list)
    for claim, year in zip(kin, _years(kin), strict=True):
        of_year[year].append(claim)
    ordered: list[Event] = []
    for year, members in of_year.items():
        for award, alike_named in _by_award(members).items():
            for recipient, theirs in _by_recipient(alike_named, persons).items():
                for category, its_own in _by_category(theirs).items():
                    ordered.append(Event(key, apart, year, category, tuple(its_own), award, recipient))
    yield from sorted(ordered, key=lambda event: (event.year or 0, event.award, event.recipient, event.category))


def named(mention: Said) -> tuple[str, str]:
    """Award and recipient as compared within a group key: core words; nothing of a series, or of a region's government."""
    return "" if mention.series else " ".join(alike.award(mention.award)), " ".join(_recipient(mention))


def _by_award(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """By award, names typed wrongly together: of one year only, since claims of others may not have been looked at."""
    first = alike.clusters(alike.award(claim.mention.award) for claim in claims if not claim.mention.series)
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        found["" if claim.mention.series else " ".join(first[alike.award(claim.mention.award)])].append(claim)
    return found


def _by_recipient(claims: Sequence[Claim], persons: bool) -> dict[str, list[Claim]]:
    said = [_recipient(claim.mention) for claim in claims]
    first = alike.clusters(said, persons=persons)
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim, form in zip(claims, said, strict=True):
        found[" ".join(first[form])].append(claim)
    return found


def _by_category(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """By category, those typed wrongly together; claims without one with the only one there is."""
    said = [alike.category(claim.mention.category, claim.mention.series) for claim in claims]
    first = alike.clusters(said)
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim, form in zip(claims, said, strict=True):
        found[" ".join(first[form])].append(claim)
    said_so = [category for category in found if category]
    if len(said_so) == 1 and "" in found:
        found[said_so[0]] += found.pop("")
    return found


def _years(claims: Sequence[Claim]) -> list[int | None]:
    """The year of each claim: its edition; of one that names none, that of the only edition handed over near its day.

    One that names neither edition nor day takes the year of the ceremony that was in the week before it was printed.
    """
    own = [own_year(claim.mention, claim.published_on) for claim in claims]
    if len(set(own)) == 1:
        return own
    spans = [held(claim.mention, claim.published_on) for claim in claims]
    editions = [
        (year, days, alike.category(claim.mention.category, claim.mention.series))
        for claim, year, days in zip(claims, own, spans, strict=True)
        if claim.mention.edition_year is not None and days is not None
    ]
    found = [
        year if claim.mention.edition_year is not None else _only_near(claim, days, editions, year)
        for claim, year, days in zip(claims, own, spans, strict=True)
    ]
    ceremonies = [
        (year, days, alike.category(claim.mention.category, claim.mention.series))
        for claim, year, days in zip(claims, found, spans, strict=True)
        if days is not None and claim.mention.awarded_on
    ]
    return [
        year
        if claim.mention.edition_year is not None or claim.mention.awarded_on
        else _only_near(claim, days, ceremonies, year)
        for claim, year, days in zip(claims, found, spans, strict=True)
    ]


_Dated = tuple[int | None, tuple[date, date], tuple[str, ...]]


def _only_near(claim: Claim, days: tuple[date, date] | None, dated: Sequence[_Dated], own: int | None) -> int | None:
    """The only year among those dated near these days and of a category that does not contradict; else its own."""
    if days is None:
        return own
    said = alike.category(claim.mention.category, claim.mention.series)
    first, last = days[0] - _SAME_CEREMONY, days[1] + _SAME_CEREMONY
    near = {
        year
        for year, (begin, end), category in dated
        if begin <= last and first <= end and (not said or not category or said == category)
    }
    return near.pop() if len(near) == 1 else own


# ----------------------------------------------------------------------------------------------------------- agreement

DECIDED: Final = (
    "series", "award", "kind", "category", "recipient", "recipient_type", "region_code", "region", "rank", "giver",
    "awarded_on", "edition_year", "place", "status",
)  # fmt: skip
"""Fields of a claim that a conferral takes from those who say them."""
TOLD: Final = attrgetter(*DECIDED)
_DISPUTED: Final = frozenset(
    {"recipient_type", "rank", "giver", "awarded_on", "edition_year", "place", "status", "kind"}
)
"""Those on which claims of one conferral can differ in more than wording."""


def agreed(event: Event) -> Conferral:
    """One conferral out of the claims that belong to it."""
    members = event.claims
    if len(members) == 1:
        claim = members[0]
        said: dict[str, Any] = dict(zip(DECIDED, TOLD(claim.mention), strict=True))
        choices: tuple[Choice, ...] = tuple(
            Choice(name, str(said[name]), RULED, {})
            for name in DECIDED
            if name in claim.ruled and said[name] is not None
        )
        articles, outlets, independent = 1, 1, 1
        witness = {claim.mention_id: claim.mention_id}
    else:
        once = _by_article(members)
        said, choices = _decided(once)
        outlets = len({claim.outlet for claim in members})
        articles = len(once)
        witness = _witnesses(members)
        independent = len(set(witness.values()))
    m = members[0].mention
    level = catalogue.level(said["series"], said["rank"], said["category"])
    giver_id, giver_region = catalogue.giver(said["giver"])
    giver_kind = catalogue.giver_kind(giver_id, giver_region, said["series"])
    published = [claim.published_on for claim in members if claim.published_on]
    return Conferral(
        **said,
        id=event.id,
        group_key=event.group_key,
        year=event.year,
        recipient_id=_recipient_id(m, event.recipient),
        level=level and level[0],
        level_position=level and level[1],
        giver_id=giver_id,
        giver_region_code=giver_region,
        giver_kind=giver_kind,
        scope=catalogue.scope(said["series"], giver_kind, giver_region),
        theme=catalogue.theme(said["series"], said["award"], said["category"], said["giver"]),
        announced_on=min((c.announced_on for c in members if c.announced_on), default=None),
        assessment_year=_most_said(claim.assessment_year for claim in members),
        venue_id=venue.venue(said["place"]).id if said["place"] else None,
        mention_count=articles,
        outlet_count=outlets,
        independent_count=independent,
        # Copies of one press release are no second witness, so agreement of many does not raise it.
        confidence=max(claim.mention.confidence for claim in members),
        first_published_on=min(published, default=None),
        mention_ids=tuple(sorted(claim.mention_id for claim in members)),
        witness_of=witness,
        choices=choices,
    )


def _recipient_id(mention: Said, words: str) -> str:
    """The same for all names of one recipient in one region, whatever it won."""
    if not words and mention.region_code:
        return short_hash("recipient", "region", mention.region_code)
    kind = _UNITS.get(mention.recipient_type, mention.recipient_type)
    return short_hash("recipient", kind, mention.region_code or normalised(mention.region or ""), words)


def owner(kind: str, name: str, region_code: str | None) -> str | None:
    """The region whose government a recipient is or belongs to; None of police, private companies and citizens."""
    owned = kind in _OWNED or (kind == "company" and name.casefold().startswith(_OWNED_COMPANY))
    return region_code if owned else None


def _most_said(years: Iterable[int | None]) -> int | None:
    said = Counter(year for year in years if year is not None)
    return min(said, key=lambda year: (-said[year], year), default=None)


def _by_article(members: Iterable[Claim]) -> list[list[Claim]]:
    articles: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in members:
        articles[claim.article_key].append(claim)
    for claims in articles.values():
        if len(claims) > 1:
            claims.sort(key=surest_first)
    return list(articles.values())


def _witnesses(members: Iterable[Claim]) -> dict[str, str]:
    """Mention -> the first mention in order of the same witness."""
    first = witnesses([(claim.article_key, claim.outlet, claim.sketch) for claim in members])
    theirs: dict[str, str] = {}
    for claim in sorted(members, key=lambda claim: claim.mention_id):
        theirs.setdefault(first[claim.article_key], claim.mention_id)
    return {claim.mention_id: theirs[first[claim.article_key]] for claim in members}


def surest_first(claim: Claim) -> tuple[bool, bool, float, str]:
    """Key by which claims sort: what people ruled on, then what an article is about, then by confidence."""
    return not claim.ruled, not claim.mention.in_focus, -claim.mention.confidence, claim.mention_id


RULED: Final = "ruled by a person"
MOST: Final = "most outlets say so"
_PRECISE: Final = "the most precise day of as many outlets"
_FIRST: Final = "as many outlets as any, and printed first"
_ORDER: Final = "as many outlets as any on the same day; the first in the order of text"


def _decided(articles: Sequence[Sequence[Claim]]) -> tuple[dict[str, Any], tuple[Choice, ...]]:
    """Of each field the value that a person ruled, else the one most outlets give; then that printed first; then the
    first in the order of text.

    An article speaks once, with its surest claim that has the field. Of days, '2021' does not contradict '2021-03-31':
    who says less agrees with who says more, else three short reports would outvote the one that knows the day.
    """
    ruled = any(claim.ruled for claims in articles for claim in claims)
    values: dict[str, Any] = {}
    choices: list[Choice] = []
    for name, told in zip(DECIDED, zip(*map(_surest, articles), strict=True), strict=True):
        distinct = {value for value in told if value is not None}
        if len(distinct) < 2 and not ruled:  # as it is nearly always
            values[name] = next(iter(distinct), None)
            continue
        values[name], choice = _settled(name, [said for claims in articles for said in _said(name, claims)])
        if choice is not None:
            choices.append(choice)
    return values, tuple(choices)


def _surest(claims: Sequence[Claim]) -> Sequence[Any]:
    """What an article says of each field: of its claims, surest first, the first that has it."""
    if len(claims) == 1:
        told: tuple[Any, ...] = TOLD(claims[0].mention)
        return told
    columns = zip(*(TOLD(claim.mention) for claim in claims), strict=True)
    return [next((value for value in column if value is not None), None) for column in columns]


_Spoken = tuple[Any, Claim]


def _said(name: str, claims: Sequence[Claim]) -> Iterator[_Spoken]:
    spoken = ((value, claim) for claim in claims if (value := getattr(claim.mention, name)) is not None)
    yield from islice(spoken, 1)


def _settled(name: str, said: Sequence[_Spoken]) -> tuple[Any, Choice | None]:
    """The value of a field on which articles differ, or on which a person ruled, and why."""
    ruled = [(value, claim) for value, claim in said if name in claim.ruled]
    distinct = {value for value, _ in ruled or said}
    value, reason = next(iter(distinct), None), ""
    if len(distinct) > 1:
        value, reason = _chosen(name, distinct, ruled or said)
    dissent = _dissent(name, value, said)
    if value is not None and (ruled or (dissent and name in _DISPUTED)):
        return value, Choice(name, str(value), RULED if ruled else reason, dissent)
    return value, None


def _chosen(name: str, values: set[Any], said: Sequence[_Spoken]) -> tuple[Any, str]:
    outlets = {value: {claim.outlet for other, claim in said if bears_out(name, other, value)} for value in values}
    printed = {
        value: min(claim.published_on or date.max for other, claim in said if other == value) for value in values
    }
    precision = {value: len(value) if name == "awarded_on" else 0 for value in values}
    ranks = {value: (-len(outlets[value]), -precision[value], printed[value], value) for value in values}
    best, second = sorted(ranks.values())[:2]
    at = next(place for place in range(4) if best[place] != second[place])
    return best[3], (MOST, _PRECISE, _FIRST, _ORDER)[at]


def _dissent(name: str, chosen: Any, said: Sequence[_Spoken]) -> dict[str, int]:
    """What others say -> by how many outlets; the same name in other letters is no dissent, nor is a day in short."""
    others: defaultdict[str, set[str]] = defaultdict(set)
    for value, claim in said:
        if value != chosen and not (isinstance(value, str) and _is_less(name, value, chosen)):
            others[str(value)].add(claim.outlet)
    return {value: len(others[value]) for value in sorted(others)}


def _is_less(name: str, said: str, chosen: str) -> bool:
    """Whether it says the same, or part of it."""
    if bears_out(name, said, chosen):
        return True
    less, more = normalised(said), normalised(chosen)
    return less == more or (name == "place" and (less in more or more in less))


def bears_out(name: str, said: str, value: str) -> bool:
    """Whether who says the one does not contradict the other: '2021' of a day leaves '2021-03-31' open."""
    return said == value or (name == "awarded_on" and value.startswith(said))
