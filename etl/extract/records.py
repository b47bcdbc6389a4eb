"""Receivers -> award mentions: who likely received what, one record for all places that say the same, and what is tied to it.

Order of thought, a model each: does this name receive something here; which award; the office or its holder; in which year.
Places that agree are one draft; then rank, category, giver, day, place and people (etl.extract.fields.roles).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from etl import gazetteer, resolve
from etl.extract import judge, stance
from etl.extract.claims.scene import Claim
from etl.extract.document import Document
from etl.extract.fields import givers, prizes, roles
from etl.extract.fields.details import Found
from etl.extract.judge import Clues, shared
from etl.extract.names import namesakes
from etl.extract.names.entities import SURE, Award, Recipient
from etl.extract.places import second_look
from etl.extract.places.addresses import whose_address
from etl.extract.places.receivers import Receiver, receivers
from etl.extract.places.second_look import Looked
from etl.extract.places.survey import Survey, survey
from etl.extract.places.ties import Choice
from etl.gazetteer import lowered
from etl.model import AwardKind, AwardMention, Decision, Evidence, RecipientType, Status

STANDINGS = ("none", "focus", "background", "nominated")  # the classes of the model 'receives'
THRESHOLD = 0.55
_PLAQUE = "penghargaan-wtp"


@dataclass(slots=True)
class Draft:
    """A record in the making: where it is told, the likeliest place first, and what was found around it."""

    places: list[Receiver]
    chances: list[float]  # of STANDINGS, as the likeliest place has them
    name: str
    type: RecipientType
    award: str
    award_span: tuple[int, int]
    series: str | None
    named: Award | None = None
    told_year: int | None = None  # the earlier year it is told of
    item: int | None = None  # the list item that it stands in alone
    link: str = "here"  # where its award was looked for
    award_chance: float = 1.0
    decisions: tuple[Decision, ...] = ()
    found: dict[str, Found] = field(default_factory=dict)
    partners: tuple[Found, ...] = ()

    @property
    def recipient(self) -> Recipient:
        return self.places[0].recipient

    @property
    def year(self) -> int | None:
        """The earlier year it is told of; else the edition in the award's name."""
        return self.told_year or (self.named.year if self.named else None)

    @property
    def chance(self) -> float:
        return 1 - self.chances[0]

    @property
    def standing(self) -> str:
        return STANDINGS[max(range(1, 4), key=lambda k: self.chances[k])]

    @property
    def recalled(self) -> bool:
        return self.standing == "background"

    @property
    def status(self) -> Status:
        return "nominated" if self.standing == "nominated" else "won"

    @property
    def catalogue(self) -> gazetteer.Series | None:
        """The award's row of the catalogue."""
        return gazetteer.series().get(self.series) if self.series else None


def mentions(document: Document, claims: Sequence[Claim]) -> list[AwardMention]:
    """Every record of the article, in the order of the text."""
    made = [mention(document, draft) for draft in records(document, claims)]
    return sorted(made, key=lambda m: (m.evidence[0].start, m.evidence[1].start, m.recipient, m.award))


def describe(cast: roles.Cast, drafts: Sequence[Draft]) -> None:
    """What the text ties to each record."""
    if not drafts:
        return
    document = cast.document
    others = sorted({d.recipient.start for d in drafts})
    told = [
        roles.Told(anchors_of(document, d, n), _fields(d), d.series or lowered(d.award)) for n, d in enumerate(drafts)
    ]
    for draft, found in zip(drafts, roles.attached(cast, told, others), strict=True):
        draft.found = found
        if draft.found.get("received_by") and draft.found["received_by"].value == draft.name:
            del draft.found["received_by"]
        series = draft.catalogue
        if series and series.kind in ("opinion", "record") and "giver" not in draft.found:
            giver = givers.catalogued_giver(document, draft.series)  # always the same: BPK, MURI
            draft.found |= {"giver": giver} if giver else {}
    _share(drafts)
    for draft in drafts:
        day = draft.found.get("awarded_on")
        if day is not None and _is_among_others(draft) and day.start > draft.recipient.start:
            del draft.found["awarded_on"]  # named before any event is told: what others are, not what they got that day
    main = next(
        (d for d in drafts if d.standing == "focus" and d.recipient.name in document.text[: document.sentences[0].end]),
        drafts[0],
    )
    main.partners = givers.partners(document)


def _share(drafts: Sequence[Draft]) -> None:
    """Winners of one award at one event have its giver, day and place, wherever the text says them (GUIDE: winner lists)."""
    events: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.standing == "focus" and not draft.told_year:
            events.setdefault(draft.series or lowered(draft.award), []).append(draft)
    for name in ("giver", "awarded_on", "place"):
        for winners in events.values():
            said = [d.found[name] for d in winners if name in d.found]
            if not said:
                continue
            often = Counter(f.value for f in said)
            value = max(often, key=lambda v: (often[v], len(v)))
            common = next(f for f in said if f.value == value)
            for draft in winners:
                own = draft.found.get(name)
                fuller = (
                    own is not None and name == "awarded_on" and value.startswith(own.value)
                )  # the year, where a day is
                if name in _fields(draft) and (own is None or fuller):
                    draft.found[name] = common


_PLACES = 5  # of a record, from which its fields are looked for


def anchors_of(document: Document, draft: Draft, number: int) -> list[roles.Anchor]:
    """Where a draft stands: its likeliest places."""
    places = {place.sentence: place for place in reversed(draft.places[:_PLACES])}
    return [anchor_at(document, p, draft.named, draft.series, draft.name, draft.type, number) for p in places.values()]


def anchor_at(
    document: Document, place: Receiver, award: Award | None, series: str | None, name: str, type_: str, number: int
) -> roles.Anchor:
    """Where a record stands that a place tells of."""
    recipient, sentence = place.recipient, document.sentences[place.sentence]
    start, end = (sentence.start, sentence.start) if place.implied else (recipient.start, recipient.end)
    return roles.Anchor(
        place.sentence, sentence.heading, start, end, award, series, name, type_, number, recipient.person, recipient.codes,
        start if place.lead is None or place.implied else min(start, place.lead),
    )  # fmt: skip


def _fields(draft: Draft) -> tuple[str, ...]:
    """What may be said of a record: of one that is only named among others who won, its giver and day (GUIDE: winner lists)."""
    if _is_among_others(draft):
        return ("giver", "awarded_on")
    return roles.FIELDS if draft.standing == "focus" else ("rank", "category", "giver")


def _is_among_others(draft: Draft) -> bool:
    """Whether it is only named among 'kota lainnya', who have won as well."""
    return all(p.claims and all(c.frame == "others" for c in p.claims) for p in draft.places)


def records(document: Document, claims: Sequence[Claim]) -> list[Draft]:
    """The drafts that become records, with all that belongs to them."""
    cast = roles.Cast(document, claims)
    this_year = document.published.year if document.published else document.latest_year
    drafts = chosen(cast, drafted(survey(document, claims), cast), this_year)
    describe(cast, drafts)
    told_at: defaultdict[int, set[str]] = defaultdict(set)
    for draft in drafts:
        told_at[draft.places[0].sentence].add(draft.name)
    return [part for draft in drafts for part in _by_prize(cast, draft, told_at)]


def confidence_clues(draft: Draft) -> tuple[Clues, ...]:
    """What the model 'right' weighs: the chances of the decisions that made the record, and how sure its names are."""
    place = draft.places[0]
    return (
        _over("chance", 20, bisect_left(_TWENTIETHS, draft.chance)),
        _over("award", 5, bisect_left(_FIFTHS, draft.award_chance)),
        _known(draft.series is not None, draft.link, draft.type, draft.standing, draft.told_year is not None),
        _told_at(min(3, len(draft.places)), place.implied, draft.item is not None),
        _framed(place.claims[0].frame if place.claims else None, len(draft.recipient.codes) > 1),
    )


_TWENTIETHS = tuple(step / 20 for step in range(20))
_FIFTHS = tuple(step / 5 for step in range(5))


@shared
def _over(what: str, steps: int, reached: int) -> Iterator[str]:
    yield from (f"{what} over {step / steps}" for step in range(reached))


@shared
def _known(series: bool, link: str, type_: str, standing: str, year: bool) -> Iterator[str]:
    yield from (f"series:{series}", f"link:{link}", f"type:{type_}", f"standing:{standing}", f"year:{year}")


@shared
def _told_at(places: int, implied: bool, listed: bool) -> Iterator[str]:
    yield from (f"places:{places}", f"implied:{implied}", f"listed:{listed}")


@shared
def _framed(frame: str | None, ambiguous: bool) -> Iterator[str]:
    yield from (f"frame:{frame}", f"ambiguous:{ambiguous}")


def _confidence(draft: Draft) -> float:
    """The expected share of such records that are right, as measured on labelled articles that no model had seen."""
    return round(min(0.99, max(0.01, judge.chances("right", confidence_clues(draft))[1])), 2)


def drafted(article: Survey, cast: roles.Cast, least: float = 0.05) -> list[Draft]:
    """Every record that the text may hold, those that say the same as one; told at places with at least that chance.

    Where a place alone would be no record, it is asked only if its name may be one's that is.
    """
    found: dict[tuple[object, ...], Draft] = {}
    places = list(_weighed(article))
    likely = {name for place, weighed in places if 1 - weighed[0] >= THRESHOLD for name in _names(place.recipient)}
    asked = [
        (place, weighed)
        for place, weighed in places
        if 1 - weighed[0] >= least and not likely.isdisjoint(_names(place.recipient))
    ]
    winners = without_addresses(article, asked)
    for place, weighed in sorted(winners, key=lambda told: told[1][0]):  # the likeliest first
        for draft in _told(article, cast, place, weighed):
            key = (draft.name, draft.type, draft.series or lowered(draft.award), draft.told_year, draft.item)
            if key in found:
                found[key].places.append(place)
            else:
                found[key] = draft
    return list(found.values())


def without_addresses(
    article: Survey, places: Sequence[tuple[Receiver, list[float]]]
) -> Iterator[tuple[Receiver, list[float]]]:
    """Those that do not only tell where a likelier winner is: of 'KUD Mekar, Kecamatan Cisaat' one has won."""
    chances = {place.recipient.start: 1 - none for place, (none, *_) in places if not place.implied}
    for place, weighed in places:
        head = None if place.implied else whose_address(article, place.recipient)
        if not isinstance(head, Recipient) or chances.get(head.start, 0.0) < max(THRESHOLD, 1 - weighed[0]):
            yield place, weighed


def _names(recipient: Recipient) -> set[str | None]:
    """The names that a record may have that a recipient gets."""
    return {recipient.name, recipient.person, recipient.office} - {None}


def _weighed(article: Survey) -> Iterator[Looked]:
    """Every place with its chances of STANDINGS, looked at twice where the first look finds anybody."""
    about = stance.chances(article.document, article.claims)
    found = first_look(article, about)
    if not second_look.is_worth_it(found):
        return
    yield from _in_an_article(second_look.look_again(found, about), about)


def first_look(article: Survey, about: Sequence[float]) -> list[Looked]:
    """Every place with its chances by itself. None in an article that is surely about no award: most of a day's news is read
    no further.
    """
    if about[0] >= SURELY_NONE:
        return []
    return _one_unsaid([(place, judge.chances("receives", place.clues)) for place in receivers(article)])


def _one_unsaid(found: Sequence[Looked]) -> list[Looked]:
    """Of several whom a sentence may leave unsaid, the likeliest."""
    likeliest: dict[int, float] = {}
    for place, (none, *_) in found:
        if place.implied:
            likeliest[place.sentence] = min(none, likeliest.get(place.sentence, 1.0))
    return [(p, chances) for p, chances in found if not p.implied or chances[0] == likeliest[p.sentence]]


SURELY_NONE = 0.9  # the chance of being about no award from which it is so; `make learn` prints what that costs
_STANCE = 0.8  # how much the whole article's word counts beside its likeliest place's
_NO_NEWS, _NEWS = 0.4, 0.6  # the chance that an article is news of an award, below and above which it decides
_HINT = 0.1  # a place less likely than that is no winner, whatever the article is about


def _in_an_article(places: Sequence[Looked], article: Sequence[float]) -> list[Looked]:
    """Places in the light of what their article is likely about, `article` with chances of STANDINGS.

    Where it is surely no news of an award won, what looks like news is what the article is about instead; where it surely
    is and no place alone would do, the likeliest do.
    """
    top = max(chances[1] for _, chances in places)
    news = _STANCE * article[1] + (1 - _STANCE) * top
    together: dict[tuple[object, ...], list[float]] = {}
    for n, (place, chances) in enumerate(places):
        together.setdefault(place.company or (n,), []).append(chances[1])
    best = max(together.values(), key=lambda some: sum(some) / len(some))
    top = max(min(best), 0.7 * sum(best) / len(best))
    if news < _NO_NEWS:
        instead = max((0, 2, 3), key=lambda k: article[k])
        return [(place, _moved(chances, instead)) for place, chances in places]
    if news >= _NEWS and _HINT < top < THRESHOLD:
        return [(place, _raised(chances, THRESHOLD / top)) for place, chances in places]
    return list(places)


def _moved(chances: Sequence[float], instead: int) -> list[float]:
    """The chance of news given to another standing."""
    moved = [chances[0], 0.0, *chances[2:]]
    moved[instead] += chances[1]
    return moved


def _raised(chances: Sequence[float], times: float) -> list[float]:
    """A place's chances, that of news so many times as large."""
    if chances[1] < max(chances[2:]):
        return list(chances)
    won = min(0.99, chances[1] * times)
    left = (1 - won) / (1 - chances[1])
    return [chances[0] * left, won, *(c * left for c in chances[2:])]


def _told(article: Survey, cast: roles.Cast, place: Receiver, weighed: list[float]) -> Iterator[Draft]:
    """What one place tells of its receiver: each award it speaks of, in each earlier year."""
    document, recipient = article.document, place.recipient
    awards = chosen_awards(place)
    is_person = (
        place.person is not None and judge.chances("person", (place.person,))[1] > 0.5 and not _only_for_regions(awards)
    )
    type_: RecipientType = "official" if is_person else recipient.type
    name = (recipient.person or recipient.office or recipient.name) if is_person else recipient.name
    is_listed = document.sentences[place.sentence].kind in ("item", "row") and not place.implied
    item = place.sentence if is_listed else None
    years: list[int | None] = [
        year for year, clues in place.years if _is_told_of(judge.chances("year", clues)[1], weighed)
    ]
    for choice, likely in awards:
        award = choice.award
        decisions: tuple[Decision, ...] = ()
        if award is None:
            giver = _giver_of(document, cast, place, choice)
            if giver is None:
                continue
            label, series, span = f"Penghargaan {giver.value}", None, (giver.start, giver.end)
        else:
            label, series, span = award.name, award.series, (award.start, award.end)
            if series is None:
                spelled = resolve.series(label)
                if spelled.value is not None:
                    label, series, decisions = gazetteer.series()[spelled.value].name, spelled.value, (spelled,)
            if series == "opini-wtp" and _is_plaque(document, cast, place, choice):
                label, series = gazetteer.series()[_PLAQUE].name, _PLAQUE
        for year in _years_of(place, award, years) or [None]:
            chances = weighed if year is None else [weighed[0], 0.0, 1 - weighed[0] - weighed[3], weighed[3]]
            yield Draft(
                [place], chances, name, type_, label, span, series, award, year, item, choice.link, likely, decisions
            )


def _years_of(place: Receiver, award: Award | None, years: Sequence[int | None]) -> Sequence[int | None]:
    """Those of the years that a place is told of which belong to one of its awards: the year in its name, else by position."""
    if len(years) > 1 and place.line.years_between_names and not place.implied:
        dealt = place.line.years_by_position.get(place.recipient.start, frozenset())
        years = [year for year in years if year in dealt] or years
    if award is None or len(years) < 2:
        return years
    own = {award.year} if award.year in years else place.line.years_by_position.get(award.start, frozenset())
    return [year for year in years if year in own] or years


def _is_told_of(likely: float, weighed: list[float]) -> bool:
    """Whether a place recalls a year: the more likely, the likelier it recalls at all."""
    _, focus, background, _ = weighed
    return likely * (background + 0.05) > (1 - likely) * (focus + 0.05)


def _only_for_regions(awards: Sequence[tuple[Choice, float]]) -> bool:
    """Whether the awards that are meant go to governments, never to their heads."""
    known = [gazetteer.series()[c.award.series] for c, _ in awards if c.award is not None and c.award.series]
    return bool(known) and all(s.recipients and not set(s.recipients) & {"official", "person"} for s in known)


_PLAQUE_WORD = re.compile(r"\b(?:penghargaan|piagam|plakat|apresiasi)\b", re.IGNORECASE)


def _is_plaque(document: Document, cast: roles.Cast, place: Receiver, choice: Choice) -> bool:
    """Whether it is a ministry's or a province's plaque for BPK's opinion, not the opinion."""
    if not _PLAQUE_WORD.search(document.text, *document.around(place.sentence)):
        return False
    giver = _giver_of(document, cast, place, choice)
    return giver is not None and giver.value != "BPK"


def chosen_awards(place: Receiver) -> list[tuple[Choice, float]]:
    """The awards that a place speaks of, with their chances: every likely one that its sentence names, else the likeliest.
    What its frame ties to it goes before: 'R meraih A, sedangkan S meraih B', to each its own.
    """
    likely = [(choice, judge.chances("award", choice.clues)[1]) for choice in place.choices]
    likely.sort(key=lambda pair: -pair[1])
    framed = {c.award.name for c in place.claims if c.award is not None}
    own = [pair for pair in likely if pair[0].award is not None and pair[0].award.name in framed]
    best, rest = (own or likely)[:1], (own or likely)[1:]
    return best + [pair for pair in rest if pair[1] > 0.5 and pair[0].link.startswith("here")]


def _giver_of(document: Document, cast: roles.Cast, place: Receiver, choice: Choice) -> Found | None:
    """Who gives what a place speaks of: whom its frame names, else the likeliest."""
    for claim in place.claims:
        if (
            claim.giver is not None
            and (name := givers.giver_name(claim.giver))
            and claim.giver.start != place.recipient.start
        ):
            return Found(name, claim.giver.start, claim.giver.end)
    anchor = anchor_at(document, place, choice.award, None, place.recipient.name, place.recipient.type, 0)
    return roles.attach(cast, (anchor,), (place.recipient.start,), ("giver",)).get("giver")


def chosen(cast: roles.Cast, drafts: Iterable[Draft], this_year: int | None) -> list[Draft]:
    """The drafts that are more likely records than not, the likeliest first asked; what says the same joins it.

    The lead's 'Jawa Tengah raih A' and the list's item '5. Jawa Tengah' are one record; so are a government and its head. Two
    items of a list are two. What is news is not recalled again without a year of its own.
    """
    kept: list[Draft] = []
    told: dict[tuple[object, ...], Draft] = {}  # by name, award and year: the one told in prose, else the first item
    offices: dict[tuple[object, ...], Draft] = {}
    news: set[tuple[object, ...]] = set()
    likely = [d for d in drafts if d.chance >= THRESHOLD]
    for draft in sorted(likely, key=lambda d: (d.recalled, d.chances[0])):
        recipient, claim = draft.recipient, (draft.award, draft.told_year)
        same = told.get((*claim, draft.name, draft.type))
        if same is None:
            same = next(
                (
                    d
                    for d in kept
                    if (d.award, d.told_year, d.type) == (*claim, draft.type) and _at_an_address(d, draft)
                ),
                None,
            )
        if same is not None and same.item is not None and draft.item is not None:
            same = None
        if same is not None and is_another_prize(cast, same, draft):
            same = None
        if same is None and draft.type in ("region", "official") and len(recipient.codes) == 1:
            head = offices.get((*claim, recipient.codes))
            same = head if head is not None and head.type != draft.type else None
        if same is not None:
            if len(draft.name) > len(same.name) and draft.type == same.type:
                same.name = draft.name
            same.places += draft.places
            continue
        mention = (draft.name, draft.type, draft.award)
        if draft.recalled and draft.item is None and mention in news and not _is_earlier(draft, this_year):
            continue
        if not draft.recalled and draft.item is None:
            news.add(mention)
        kept.append(draft)
        key = (*claim, draft.name, draft.type)
        if key not in told or draft.item is None:
            told[key] = draft
        if draft.type in ("region", "official") and len(recipient.codes) == 1:
            offices.setdefault((*claim, recipient.codes), draft)
    return sorted(kept, key=lambda d: (d.recipient.start, d.award_span))


def is_another_prize(cast: roles.Cast, one: Draft, other: Draft) -> bool:
    """Whether a sentence behind a list tells of one of its winners a category that the list does not have: 'Bone terbaik
    kategori penggerak' is another prize than its line under 'Bebas sampah'.
    """
    listed, told = (one, other) if other.item is None else (other, one)
    place = told.places[0]
    if listed.item is None or told.item is not None or place.implied or place.sentence <= listed.item:
        return False
    document = cast.document
    mine = cast.shares(place.sentence, "category").get(place.recipient.start, [])
    before = lowered(document.text[: document.around(listed.item)[1]])
    return bool(mine) and not any(lowered(mark.value) in before for mark in mine)


def _at_an_address(one: Draft, other: Draft) -> bool:
    """Whether one name is the other and its address: 'RW 05' and 'RW 05 Kelurahan Kebonsari' are one winner, 'Polres
    Malang' and 'Polres Malang Kota' are two.
    """
    short, long = sorted((one.name, other.name), key=len)
    return long.startswith(short) and _ADDRESS.match(long, len(short)) is not None


_ADDRESS = re.compile(r" (?:Kelurahan|Desa|Kecamatan|Kabupaten|Kota|Provinsi) [A-Z]")


def _is_earlier(draft: Draft, this_year: int | None) -> bool:
    """Whether what is recalled has a year of its own: 'lalu pada 2023 ini' is the news told again."""
    return draft.told_year is not None and (this_year is None or draft.told_year < this_year)


def _kind_above(document: Document, place: Receiver) -> str | None:
    """The kind of region that the category beside a name, else the heading of its list, names."""
    start, _ = document.around(place.sentence)
    at = (start, start) if place.implied else (place.recipient.start, place.recipient.end)
    return namesakes.kind_told(document.text, document.sentences, place.sentence, *at)


# ------------------------------------------------------------------------------------------------------ around a record


def _by_prize(cast: roles.Cast, draft: Draft, told_at: Mapping[int, Set[str]]) -> list[Draft]:
    """A draft for each of several prizes of one award: those that one sentence sets side by side, else those that sentences
    of their own number, or lines of a list if they differ in rank or category. `told_at` has the names of the sentences that
    tell records.
    """
    document = cast.document
    for place in draft.places:
        span = document.around(place.sentence)
        start = span[0] if place.implied else place.recipient.start
        ranks, categories = (cast.shares(place.sentence, field).get(start, []) for field in roles.OF_A_PRIZE)
        names = [
            (e.start, e.end)
            for e in document.within(place.sentence)
            if not isinstance(e, Award) or (e.chance >= SURE and (e.series is None or e.series != draft.series))
        ]
        together = prizes.prizes_in(document.text, span, ranks, categories, names)
        if together:
            return [replace(draft, found={**draft.found, **_said(prize)}) for prize in together]
    numbered = {
        p.sentence: p
        for p in draft.places
        if told_at.get(p.sentence, set()) <= {draft.name} and _is_numbered(document, p)
    }
    parts = [replace(draft, places=[place]) for _, place in sorted(numbered.items())] if len(numbered) > 1 else []
    for part in parts:
        own = roles.attach(cast, anchors_of(document, part, 0), [part.recipient.start], roles.OF_A_PRIZE)
        words = prizes.numbering(document.text, document.sentences[part.places[0].sentence])
        if "rank" in own and words is not None and own["rank"].start < words[1] and own["rank"].end > words[0]:
            del own["rank"]  # 'piagam kedua' is no second place
        part.found = {**{k: v for k, v in draft.found.items() if k not in roles.OF_A_PRIZE}, **own}
    won = {tuple(part.found[k].value for k in roles.OF_A_PRIZE if k in part.found) for part in parts}
    counted = all(prizes.numbering(document.text, document.sentences[part.places[0].sentence]) for part in parts)
    return parts if parts and (counted or len(won) == len(parts)) else [draft]


_LISTED = 0.12  # the chance from which a line of a list that leaves its winner unsaid is a prize of its own


def _is_numbered(document: Document, place: Receiver) -> bool:
    """Whether a place tells of one of several prizes: it is counted out, or a line of the winner's own list."""
    if prizes.numbering(document.text, document.sentences[place.sentence]):
        return True
    return (
        place.implied
        and place.is_focus
        and place.line.is_of_the_focus
        and judge.chances("receives", place.clues)[0] <= 1 - _LISTED
    )


def _said(prize: prizes.Prize) -> dict[str, Found]:
    return {name: found for name, found in zip(roles.OF_A_PRIZE, prize, strict=True) if found is not None}


# ---------------------------------------------------------------------------------------------------------------- output

_KINDS: dict[str, AwardKind] = {
    k: k for k in ("award", "predicate", "grade", "opinion", "decoration", "record", "ranking", "certificate")
}


def mention(document: Document, draft: Draft) -> AwardMention:
    """A draft as it goes out: names resolved, each decision with its reason, each field with its words."""
    known = gazetteer.regions()
    series = draft.catalogue
    value = {name: found.value for name, found in draft.found.items()}
    day = _awarded_on(document, draft, value.get("awarded_on"))
    where = _region_of(document, draft, day)
    code, codes = where.value, draft.recipient.codes or document.home
    givers_ = [resolve.organization(name, day) for name in (value.get("giver") or "").split("; ") if name]
    steps = [resolve.level(series.id, value["rank"])] if series and series.levels and "rank" in value else []
    evidence = (
        _evidence(document, "recipient", *_recipient_span(draft)),
        _evidence(document, "award", *draft.award_span),
        *(_evidence(document, name, found.start, found.end) for name, found in sorted(draft.found.items())),
        *(_evidence(document, "partners", partner.start, partner.end) for partner in draft.partners),
        _evidence(document, "status", *_status_span(document, draft.places[0])),
    )
    return AwardMention(
        recipient=known[code].name if code and draft.type == "region" and draft.recipient.codes else draft.name,
        recipient_type=draft.type,
        award=draft.award,
        evidence=evidence,
        region=known[code].name
        if code
        else (draft.recipient.name if codes and draft.type == "region" else _region(codes)),
        region_code=code,
        series=draft.series,
        kind=_KINDS[series.kind] if series else "award",
        category=value.get("category"),
        rank=value.get("rank"),
        giver="; ".join(d.value for d in givers_ if d.value) or None,
        presented_by=value.get("presented_by"),
        received_by=value.get("received_by"),
        partners=tuple(partner.value for partner in draft.partners),
        awarded_on=day,
        edition_year=draft.year,
        place=value.get("place"),
        status="record" if series and series.kind == "record" and draft.status == "won" else draft.status,
        in_focus=not draft.recalled,
        confidence=_confidence(draft),
        decisions=(where, *draft.decisions, *givers_, *steps),
    )


def _region_of(document: Document, draft: Draft, day: str | None) -> Decision:
    """Where the recipient is: what its own name says, else where the article plays."""
    recipient = draft.recipient
    if not recipient.codes:
        beside = next((codes for p in draft.places if (codes := _codes_beside(document, p))), ())
        if beside:
            return resolve.region(beside, said=None, heading=None, elsewhere=None, only=None, on=day)
        return Decision(
            "region_code",
            document.scene,
            "no region beside the name: the one the article names most",
        )
    written = document.text[recipient.start : recipient.end]
    kind = gazetteer.regions()[recipient.codes[0]].kind
    said = kind if recipient.typed else None
    return resolve.region(
        resolve.namesakes(recipient.codes, written),
        said=said,
        heading=_kind_above(document, draft.places[0]),
        elsewhere=recipient.codes[0] if len(recipient.codes) == 1 and not said else None,
        only=resolve.only(draft.series),
        on=day,
    )


_BESIDE = 90  # characters behind a name within which its sentence may say where it is


def _codes_beside(document: Document, place: Receiver) -> tuple[str, ...]:
    """Where a recipient is whose name does not say it: 'Irhamto dari Banjarnegara', '1 | SD Santa Maria | Kota Magelang'."""
    if place.implied:
        return ()
    for entity in document.within(place.sentence):
        if not isinstance(entity, Recipient):
            continue
        if entity.codes and place.recipient.start - entity.end == 1:
            return entity.codes  # 'Ketua DPRD Banten Fahmi Hakim': the office says where
        if entity.start < place.recipient.end:
            continue
        if entity.start - place.recipient.end > _BESIDE or (entity.type in ("person", "official") and not entity.codes):
            return ()
        if entity.codes:
            return entity.codes
    return ()


def _status_span(document: Document, place: Receiver) -> tuple[int, int]:
    """The words that say so: the verb of the frame, else the sentence."""
    return place.claims[0].span if place.claims else document.around(place.sentence)


def _recipient_span(draft: Draft) -> tuple[int, int]:
    recipient = min(
        (p for p in draft.places if not p.implied), key=lambda p: p.sentence, default=draft.places[0]
    ).recipient
    if draft.type == "official" and recipient.person_span:
        return recipient.person_span
    return recipient.start, recipient.end


def _region(codes: tuple[str, ...]) -> str | None:
    known = gazetteer.regions()
    order = {"kabupaten": 0, "kota": 1, "provinsi": 2}
    return known[min(codes, key=lambda c: order[known[c].kind])].name if codes else None


def _awarded_on(document: Document, draft: Draft, day: str | None) -> str | None:
    """The day found; of a recalled award the year it is put in; of fresh news without a day the year of publication."""
    if draft.recalled or draft.told_year:
        return str(draft.year) if draft.year else None
    if day or draft.status == "nominated" or _is_among_others(draft):
        return day
    if document.published is not None:
        return str(document.published.year)
    year = draft.year or document.latest_year
    return str(year) if year else None


def _evidence(document: Document, name: str, start: int, end: int) -> Evidence:
    return Evidence(name, start, end, document.text[start:end])
