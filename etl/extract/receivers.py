"""Who may have received something, at which sentence; which awards that may have been; in which earlier years it may have been.

Recall is this module's business, not judgement: four models weigh the clues (etl.extract.judge): `receives` (does this name
receive an award here: no, as the news, earlier, as a nominee), `award` (is it this one), `person` (the office's holder, not its
government), `year` (is it told of that year).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, islice
from typing import Concatenate, ParamSpec, TypeVar

from etl import gazetteer
from etl.extract import details, givers, prizes, shares
from etl.extract.document import Document
from etl.extract.entities import LIKELY, SURE, Award, Entity, Organization, Recipient, common_words
from etl.extract.judge import Clues, shared
from etl.extract.scene import Claim
from etl.extract.symbols import Symbol, symbols
from etl.gazetteer import lowered


@dataclass(frozen=True, slots=True)
class Choice:
    """An award that may be meant (None: one without a name), where it was looked for, and what speaks for it."""

    award: Award | None
    link: str
    clues: tuple[Clues, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """An earlier year of a sentence, where it stands, and what stands around it."""

    year: int
    start: int
    clues: Clues


@dataclass(frozen=True)
class Line:
    """One sentence as every name in it is looked at: its symbols, where its names stand among them, the awards it may mean."""

    article: Survey
    index: int
    row: Sequence[Symbol]
    speaks: bool  # of an award or an act of receiving, by its own words
    awards: Sequence[tuple[Award | None, str]]  # each with where it was looked for

    @cached_property
    def place(self) -> dict[int, int]:
        """Where a name that starts at an offset stands in the row."""
        return {s.start: i for i, s in enumerate(self.row) if s.entity is not None}

    @cached_property
    def names(self) -> list[str]:
        """The symbols by name."""
        return [s.name for s in self.row]

    @cached_property
    def marks(self) -> Marks:
        """Where the symbols stand that are looked for from every name of the row."""
        return Marks.of(self.row)

    @cached_property
    def recipients(self) -> list[Recipient]:
        """Its names that can receive."""
        return [e for e in self.article.document.within(self.index) if isinstance(e, Recipient)]

    @cached_property
    def series(self) -> list[gazetteer.Series]:
        """The rows of the catalogue of the awards that it may mean."""
        return [gazetteer.series()[a.series] for a, _ in self.awards if a is not None and a.series]

    @cached_property
    def acts(self) -> frozenset[str]:
        """The classes of its cues."""
        return frozenset([c for s in self.row for c in s.cues if c in _CUES])

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words in small letters."""
        return frozenset(self.spelled[1])

    @cached_property
    def spelled(self) -> tuple[list[int], list[str]]:
        """Where its words in small letters stand, and the words."""
        sentence = self.article.document.sentences[self.index]
        found = list(_LOWER_WORD.finditer(self.article.document.text, sentence.start, sentence.end))
        return [m.start() for m in found], [m[0] for m in found]

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Clues about the sentence, but for its words."""
        kind = self.article.document.sentences[self.index].kind
        quiet = () if self.speaks else ("quiet", f"quiet|{kind}")
        age = () if not self.years else _age_clues(self)
        return (*_sentence_clues(self), *quiet, *age)

    @cached_property
    def shared(self) -> Clues:
        """Clues about the sentence."""
        return Clues(self.facts, parts=(Clues(self.words, "word:"),))

    @cached_property
    def setting(self) -> Clues:
        """How it begins, the words of the sentence behind it and of the line that introduces its list: 'Kelima desa itu',
        'Mereka menerima', 'Para pemenang'.
        """
        document = self.article.document
        text, (start, end) = document.text, document.around(self.index)
        begins = Clues([lowered(m[0]) for m in islice(_BEGINNING.finditer(text, start, end), 2)], "begins:")
        parts = [begins]
        if self.index + 1 < len(document.sentences):
            parts.append(Clues(set(_LOWER_WORD.findall(text, *document.around(self.index + 1))), "next:"))
        heading = document.sentences[self.index].heading
        if heading is not None:
            parts.append(Clues(set(_LOWER_WORD.findall(text, *document.around(heading))), "heading word:"))
        return Clues((), parts=parts)

    @cached_property
    def implied(self) -> tuple[Clues, ...]:
        """The same, and those about the article, of a recipient that the sentence leaves unsaid."""
        words = Clues(self.words, "implied|word:")
        return Clues(self.facts, "implied|"), words, self.article.under["implied"], self.article.title, self.setting

    @cached_property
    def order(self) -> dict[int, int]:
        """How many names that can receive stand before each, by where it starts."""
        return {e.start: at for at, e in enumerate(self.recipients)}

    @cached_property
    def ranks(self) -> int:
        """How many places on a scale it names."""
        return len(_RANK.findall(self.article.document.text, *self.article.document.around(self.index)))

    @cached_property
    def meant(self) -> Sequence[tuple[Award | None, str]]:
        """Every award that may be meant: its own, and those beside which it may name only a category."""
        return [*self.awards, *_beside(self.article, self.index, self.awards)]

    @cached_property
    def about(self) -> list[Clues]:
        """Clues about each of these."""
        return [
            Clues((*_award_clues(self.article, a, self.row, self.place, link), *_rival_clues(self, a, link)))
            for a, link in self.meant
        ]

    @cached_property
    def years(self) -> tuple[Year, ...]:
        """The earlier years that the sentence names."""
        return tuple(_years(self.article.document, self.index, self.row))

    @cached_property
    def is_of_the_focus(self) -> bool:
        """Whether it is a line without a winner's name in a list whose heading names whom the article is about."""
        document, focus = self.article.document, self.article.focus
        sentence = document.sentences[self.index]
        if focus is None or sentence.heading is None or self.recipients:
            return False
        return any(isinstance(e, Recipient) and e.name == focus.name for e in document.within(sentence.heading))

    @cached_property
    def years_by_position(self) -> dict[int, frozenset[int]]:
        """The years of each of several names and of several awards, by where these start: 'A pada 2016 dan B pada 2017'."""
        marks = [shares.Mark(str(y.year), y.start, y.start + 4) for y in sorted(self.years, key=lambda y: y.start)]
        if len(marks) < 2:
            return {}
        document = self.article.document
        awards = [(e.start, e.end) for e in document.within(self.index) if isinstance(e, Award) and not e.generic]
        found: dict[int, frozenset[int]] = {}
        for named in (shares.winners(self.recipients), awards):
            if len(named) > 1:
                dealt = shares.dealt(document.text, document.around(self.index), marks, named)
                found |= {start: frozenset(int(m.value) for m in own) for start, own in dealt.items()}
        return found


@dataclass(frozen=True)
class Receiver:
    """A name of a sentence that may have received something there; `at` is its place in the row, None when it is left unsaid.

    What speaks for the receiving stands in `clues`; what else is asked of the likely ones is worked out when it is.
    """

    recipient: Recipient
    line: Line
    at: int | None
    clues: tuple[Clues, ...]
    claims: tuple[Claim, ...]
    company: tuple[object, ...] | None = None  # the run of names or the column of a list that the name stands in
    lead: int | None = None  # where the first name of that run stands

    @property
    def sentence(self) -> int:
        return self.line.index

    @property
    def implied(self) -> bool:
        return self.at is None

    @cached_property
    def years(self) -> tuple[tuple[int, tuple[Clues, ...]], ...]:
        """The earlier years that it may be told of."""
        return tuple((y.year, (y.clues, Clues(_year_tie(self, y)))) for y in self.line.years)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The awards that it may have received."""
        line, recipient = self.line, self.recipient
        return tuple(
            Choice(award, link, (clues, Clues(self._tie(award, link))))
            for (award, link), clues in zip(line.meant, line.about, strict=True)
            if award is None or self.at is None or _may_receive(recipient, award)
        )

    def _tie(self, award: Award | None, link: str) -> Iterator[str]:
        line = self.line
        if self.at is None:
            return _implied_tie(line, self.recipient, award, link)
        return _tie_clues(line.article, line.row, self.at, self.recipient, award, link, line.place, self.claims)

    @cached_property
    def person(self) -> Clues | None:
        """What speaks for and against the holder of an office as the receiver, not its government."""
        if self.recipient.office is None:
            return None
        own = () if self.at is None else tuple(_own(self.line, self.recipient, self.at, self.claims, ""))
        return Clues(_person_clues(self.line, self.recipient), parts=own)


@dataclass(frozen=True)
class Survey:
    """What only the whole article tells: who and what it is about, how often names stand in it."""

    document: Document
    claims: Sequence[Claim]
    focus: Recipient | None
    main: Award | None
    claims_by_name: dict[tuple[int, int], list[Claim]] = field(default_factory=dict)

    @cached_property
    def named(self) -> Counter[str]:
        """How often each recipient's name stands in the article."""
        return Counter(e.name for e in self.document.entities if isinstance(e, Recipient))

    @cached_property
    def awarded(self) -> Counter[str]:
        """How often each award's name stands in the article."""
        return Counter(
            _key(e) for e in self.document.entities if isinstance(e, Award) and e.chance >= SURE and not e.generic
        )

    def sentence_of(self, award: Award) -> int | None:
        """The sentence that an award stands in."""
        return self._sentences.get(award.start)

    @cached_property
    def _sentences(self) -> dict[int, int]:
        document = self.document
        return {e.start: i for i in range(len(document.sentences)) for e in document.within(i) if isinstance(e, Award)}

    @cached_property
    def spoken(self) -> dict[str, float]:
        """How each listed award is spoken of where it is most spoken of as one."""
        best: dict[str, float] = {}
        for e in self.document.entities:
            if isinstance(e, Award) and e.spoken is not None:
                best[_key(e)] = max(best.get(_key(e), 0.0), e.spoken)
        return best

    @cached_property
    def is_about_awards(self) -> bool:
        """Whether the headline or the first sentences name an award: then any name further down may be a winner's."""
        return bool(self.claims) or any(
            isinstance(e, Award) for i in range(min(4, len(self.document.sentences))) for e in self.document.within(i)
        )

    @cached_property
    def is_of_regions(self) -> bool:
        """Whether the article names any region, or whom a region employs: else its people are nobody's here."""
        return any(
            isinstance(e, Recipient) and (e.codes or e.type in ("village", "school", "agency", "police", "official"))
            for e in self.document.entities
        )

    @cached_property
    def has_nameless(self) -> bool:
        """Whether the article speaks of 'penghargaan' more often than it names one."""
        generic = sum(isinstance(e, Award) and e.generic for e in self.document.entities)
        return generic > sum(self.awarded.values())

    @cached_property
    def giver(self) -> Entity | None:
        """Who gives the awards of the article that have no name: whom a claim names, else who is named first."""
        claimed = next((c.giver for c in self.claims if c.giver is not None and givers.giver_name(c.giver)), None)
        early = (e for i in range(min(5, len(self.document.sentences))) for e in self.document.within(i))
        return claimed or next((e for e in early if isinstance(e, Organization) and givers.giver_name(e)), None)

    @cached_property
    def events(self) -> list[Award]:
        """The awards of the headline, and those named most often."""
        named = [e for e in self.document.entities if isinstance(e, Award) and e.chance >= SURE and not e.generic]
        often = {key for key, count in self.awarded.most_common(2) if count > 1}
        end = self.document.sentences[0].end if self.document.sentences else 0
        found: dict[str, Award] = {}
        for award in named:
            if award.start < end or _key(award) in often:
                found.setdefault(_key(award), award)
        return list(found.values())[:3]

    @cached_property
    def headline(self) -> frozenset[str]:
        """Names, awards and cue classes of the headline."""
        names = (
            e.name if isinstance(e, Recipient) else _key(e)
            for e in self.document.within(0)
            if not isinstance(e, Organization)
        )
        return frozenset((*names, *(f"cue:{c}" for cue in self.document.cues_within(0) for c in cue.ids)))

    @cached_property
    def claimed(self) -> dict[int, frozenset[str]]:
        """The kinds of recipients that claims name, by sentence."""
        found: dict[int, set[str]] = {}
        for claim in self.claims:
            if claim.recipient is not None:
                found.setdefault(claim.sentence, set()).add(claim.recipient.type)
        return {index: frozenset(types) for index, types in found.items()}

    @cached_property
    def winners(self) -> frozenset[tuple[str, str]]:
        """(kind, code of the region) of the recipients that claims name."""
        named = (c.recipient for c in self.claims if c.recipient is not None and len(c.recipient.codes) == 1)
        return frozenset(("region" if r.office else r.type, r.codes[0]) for r in named)

    @cached_property
    def held(self) -> dict[str, set[str]]:
        """The kinds of those winners that lie in a region, by its code."""
        found: dict[str, set[str]] = {}
        for type_, code in self.winners:
            if type_ != "region":
                found.setdefault(code, set()).add(type_)
            if "." in code:
                found.setdefault(code[: code.rindex(".")], set()).add(type_)
        return found

    @cached_property
    def unplaced(self) -> dict[int, tuple[Claim, ...]]:
        """Claims that leave their recipient unsaid, by sentence."""
        found: dict[int, list[Claim]] = {}
        for claim in self.claims:
            if claim.recipient is None:
                found.setdefault(claim.sentence, []).append(claim)
        return {index: tuple(claims) for index, claims in found.items()}

    @cached_property
    def article(self) -> Clues:
        """Clues about the article as a whole."""
        said = {c for cue in self.document.cues for c in cue.ids} & _CUES
        own = [f"headline {c}" for c in self.headline if c.startswith("cue:")]
        own.append(
            "headline:award" if any(isinstance(e, Award) for e in self.document.within(0)) else "headline:no award"
        )
        own += [f"article without {c}" for c in ("receive", "give", "award_subject") if c not in said]
        own.append(f"article claims:{min(4, len(self.claims))}")
        own.append(f"article awards:{min(4, len(self.awarded))}")
        own.append(f"article recipients:{min(6, len(self.named))}")
        regions = {e.name for e in self.document.entities if isinstance(e, Recipient) and e.type == "region"}
        own += [f"article regions:{min(4, len(regions))}", f"article home:{bool(self.document.home)}"]
        if not self.headline & _WINNING:
            own += [f"unwon headline {c}" for c in self.headline if c.startswith("cue:")] or ["unwon headline"]
        return Clues(own)

    @cached_property
    def title(self) -> Clues:
        """The common words of the headline: who is 'di ambang' or 'gagal' there wins nothing below."""
        words = _TITLE_WORD.findall(lowered(self.document.text[: max(0, self.document.text.find("\n"))]))
        return Clues(common_words().intersection(words), "title:")

    @cached_property
    def under(self) -> dict[str, Clues]:
        """Those of these clues that mean another thing by how a name is tied, by the tie; all for one left unsaid."""
        names = self.article.names
        general = [c for c in names if c.startswith(_GENERAL)]
        return {"implied": Clues(names, "implied|"), **{level: Clues(general, f"{level}|") for level in _LEVELS}}


_WINNING = frozenset(f"cue:{c}" for c in ("receive", "receive_passive", "award_subject", "give", "hand_over"))
_CUES = frozenset(
    "receive receive_passive award_subject give give_reverse hand_over accepted_by nominee plan negative "
    "figurative recall loser below "
    "statement streak co_winner stage organizer companion partner".split()
)


def survey(document: Document, claims: Sequence[Claim]) -> Survey:
    """Look the whole article over."""
    by_name: dict[tuple[int, int], list[Claim]] = {}
    for claim in claims:
        if claim.recipient is not None:
            by_name.setdefault((claim.recipient.start, claim.recipient.end), []).append(claim)
    return Survey(document, claims, _focus_recipient(document, claims), _main_award(document, claims), by_name)


def _key(award: Award) -> str:
    return award.series or lowered(award.name)


def _focus_recipient(document: Document, claims: Sequence[Claim]) -> Recipient | None:
    """Whom the article is about: the first claim's recipient; else the one named first in the headline."""
    named = [c.recipient for c in claims if c.recipient and not c.recalled]
    if named:
        return named[0]
    return next((e for e in document.within(0) if isinstance(e, Recipient)), None)


def _main_award(document: Document, claims: Sequence[Claim]) -> Award | None:
    """The award the article is about: the one most claims name, the earliest of them; else the first named early on."""
    named = [c.award for c in claims if c.award and c.award.chance >= SURE and not c.recalled]
    if not named:
        early = document.sentences[min(4, len(document.sentences) - 1)].end
        sure = (e for e in document.entities if isinstance(e, Award) and e.chance >= SURE and not e.generic)
        return next((e for e in sure if e.start < early), None)
    counts = Counter(_key(a) for a in named)
    best = max(counts.values())
    return next(a for a in named if counts[_key(a)] == best)


# ------------------------------------------------------------------------------------------------------------- receivers

_STEP = re.compile(
    r"\b(?:kategori|juara\w*|terbaik|peringkat\w*|posisi|urutan|predikat|level|opini|gelar|pemenang|penerima"
    r"|peraih|nominasi"
    r"|nominator|rekor|WTP)\b",
    re.IGNORECASE,
)
_ACTS = frozenset(
    (
        "receive",
        "receive_passive",
        "award_subject",
        "give",
        "hand_over",
        "accepted_by",
        "nominee",
        "co_winner",
        "streak",
    )
)


def receivers(article: Survey) -> Iterator[Receiver]:
    """Every name of every sentence that may speak of an award. A sentence that names an award or an act of receiving may
    also leave its recipient unsaid: the article's focus.
    """
    document = article.document
    for index, sentence in enumerate(document.sentences):
        recipients = [e for e in document.within(index) if isinstance(e, Recipient)]
        speaks = _may_speak(document, index)
        recalls = _YEAR.search(document.text, sentence.start, sentence.end) is not None
        if sentence.kind == "aside" or not (speaks or ((recipients or recalls) and article.is_about_awards)):
            continue
        line = Line(article, index, symbols(document, index), speaks, list(_awards(article, index)))
        row = line.row
        if (
            (speaks or line.years or line.is_of_the_focus)
            and article.focus is not None
            and index
            and all(r.name != article.focus.name for r in recipients)
        ):
            yield from _implied(line)
        for recipient in recipients:
            at = line.place.get(recipient.start)
            if at is None or (recipient.type in ("person", "community") and not article.is_of_regions):
                continue
            claims = tuple(article.claims_by_name.get((recipient.start, recipient.end), ()))
            level = _level(claims, sentence.kind, speaks, bool(line.acts & _ACTS) or not index)
            first, _ = _run(row, at)
            company: tuple[object, ...] = (index, first, recipient.type)
            if sentence.kind in ("item", "row"):
                company = (sentence.heading, "list", sum(s.name.startswith("R:") for s in row[:at]), recipient.type)
            own = _own(line, recipient, at, claims, level)
            clues = (article.article, article.title, article.under[level], line.shared, line.setting, *own)
            yield Receiver(recipient, line, at, clues, claims, company, row[first].start)


# Clues that mean one thing where words tie a name to an award and another where it only stands there.
_GENERAL = (
    "first name", "fits", "foreign", "recipient in headline", "focus", "not focus", "home", "left:", "right:", "named:",
    "article claims",
    "headline", "unwon", "run after", "first<", "first>", "ambiguous", "award<", "award>", "kind:",
)  # fmt: skip


_LEVELS = ("by frame", "by list", "by nothing", "by noun", "by act")


def _level(claims: Sequence[Claim], kind: str, speaks: bool, acts: bool) -> str:
    """How strongly the words tie a name: by a frame, by a list, by an act or an award noun of the sentence, or not at all."""
    if claims:
        return "by frame"
    if kind in ("item", "row"):
        return "by list"
    if not speaks:
        return "by nothing"
    return "by act" if acts else "by noun"


_P = ParamSpec("_P")


def _tied(make: Callable[_P, Iterator[str]]) -> Callable[Concatenate[str, _P], Clues]:
    """Shared clues; those of _GENERAL once more under the level that the made ones are asked for with first, if any."""

    def told(level: str, /, *args: _P.args, **kwargs: _P.kwargs) -> Iterator[str]:
        for clue in make(*args, **kwargs):
            yield clue
            if level and clue.startswith(_GENERAL):
                yield f"{level}|{clue}"

    return shared(told)


def _implied(line: Line) -> Iterator[Receiver]:
    """The focus as the recipient a sentence leaves unsaid, or only points at ('kota itu', 'ia')."""
    article, index, row = line.article, line.index, line.row
    document, focus = article.document, article.focus
    assert focus is not None
    classes = {c for s in row for c in s.cues}
    named = any(link == "here" for _, link in line.awards)
    if not named and not classes & _ACTS and not line.years and not line.is_of_the_focus:
        return
    names = line.names
    first = next((s.name for s in row if set(s.cues) & _CUES), None)
    own = [
        "implied",
        f"implied first cue:{first}",
        f"implied start:{' '.join(names[:2])}",
        f"implied start:{names[0] if names else ''}",
    ]
    own.append(f"implied others:{min(3, line.marks.recipients[-1])}")
    own.append(f"implied award:{named}|{first}")
    if _POINTS.search(document.text, *document.around(index)):
        own.append("implied pointed")
    if prizes.numbering(document.text, document.sentences[index]):
        own.append("implied, a numbered prize")
    if line.is_of_the_focus:
        own += ["implied, in its list", f"implied, in its list|named:{named}|acts:{bool(classes & _ACTS)}"]
    before = document.within(index - 1)
    is_near = any(isinstance(e, Recipient) and e.name == focus.name for e in before)
    own.append(f"implied, focus before:{is_near}")
    own.append(f"implied type:{focus.type}")
    unplaced = article.unplaced.get(index, ())
    own += [f"implied frame:{c.frame}" for c in unplaced]
    yield Receiver(focus, line, None, (Clues(own, parts=line.implied),), unplaced)


def _implied_tie(line: Line, focus: Recipient, award: Award | None, link: str) -> Iterator[str]:
    yield f"implied link:{link}"
    at = line.place.get(award.start) if award is not None else None
    if at is not None:
        yield f"implied award:{line.row[at - 1].name if at else '^'} _"
        yield f"implied award:_ {line.row[at + 1].name if at + 1 < len(line.row) else '$'}"
    if award is not None:
        yield from _series_clues(line.article.document, line.row, focus, award, link)


_POINTS = re.compile(
    r"\b(?:kabupaten|kota|provinsi|daerah|desa|kelurahan|sekolah|kecamatan|rumah sakit|perusahaan"
    r"|bank)\s+(?:\w+\s+)?(?:itu|tersebut|ini)\b"
    r"|\b(?:ia|dia|beliau|pihaknya|kami|kita)\b|\b\w+nya\b",
    re.IGNORECASE,
)


def _person_clues(line: Line, recipient: Recipient) -> Iterator[str]:
    """What speaks for the holder of an office as the receiver, and what for the government."""
    article, awards = line.article, line.awards
    yield f"named:{recipient.person is not None}"
    award = awards[0][0] if awards else None
    series = gazetteer.series().get(award.series) if award and award.series else None
    label = article.document.text[award.start : award.end] if award else ""
    personal = bool(_PERSONAL.search(label)) or (series is not None and series.kind == "decoration")
    yield f"personal:{personal}"
    yield f"series:{series.kind if series else 'unlisted' if award else 'nameless'}"
    if series is not None:
        yield f"series id:{series.id}"
        yield f"fits official:{'official' in series.recipients}|region:{'region' in series.recipients}"
    yield f"office in headline:{any(isinstance(e, Recipient) and e.office for e in article.document.within(0))}"
    region_named = any(
        isinstance(e, Recipient) and e.type == "region" and not e.office and e.codes == recipient.codes
        for e in article.document.within(0)
    )
    yield f"region in headline:{region_named}"
    text, (start, end) = article.document.text, article.document.around(line.index)
    yield f"of a person:{_OF_A_PERSON.search(text, start, end) is not None}|{personal}"
    yield f"of a government:{_OF_A_GOVERNMENT.search(text, start, end) is not None}|{personal}"
    yield f"offices:{min(3, sum(r.office is not None for r in line.recipients))}"
    if recipient.person is not None:
        yield f"person in headline:{recipient.person.split()[0] in text[: article.document.sentences[0].end]}"
    named = any(
        c.recipient is not None and c.recipient.office is None and c.recipient.codes == recipient.codes
        for c in article.claims
    )
    yield f"government receives:{named}"


_OF_A_PERSON = re.compile(
    r"\b(?:kepala daerah|pemimpin|tokoh|pembina|sosok|figur|pribadi|jasa(?:nya)?|kepemimpinan\w*|(?:bupati|wali ?kota|gubernur)"
    r"\s+(?:ter\w+|lain\w*|inovatif|peduli|pendukung)|kepadanya|dirinya|bunda|bapak|ia|pria|perempuan)\b",
    re.IGNORECASE,
)
_OF_A_GOVERNMENT = re.compile(
    r"\b(?:atas nama|(?:kota|kabupaten|daerah|provinsi|pemkab|pemkot)nya|mewakili|untuk (?:kota|kabupaten|provinsi|daerah)"
    r"|pemerintah (?:kota|kabupaten|daerah|provinsi)|pemkot|pemkab|pemprov|pemda)\b",
    re.IGNORECASE,
)

# Awards that a person receives, whoever governs what (DOMAIN.md 1; GUIDE: 'official').
_PERSONAL = re.compile(
    r"satya?lancana|satyalencana|manggala karya|pembina|tokoh|\bceo\b|nirwasita|bunda|kepala daerah|lencana"
    r"|bintang|leader"
    r"|pemimpin|bupati|wali kota|gubernur|achievement",
    re.IGNORECASE,
)


# ----------------------------------------------------------------------------------------- awards a sentence may speak of


def _awards(article: Survey, index: int) -> Iterator[tuple[Award | None, str]]:
    """Those it names; else the ones named last before, the article's own, or one without a name. With how it was found."""
    document, main = article.document, article.main
    named: dict[str, Award] = {}
    for entity in document.within(index):
        if isinstance(entity, Award) and not entity.generic:
            named.setdefault(_key(entity), entity)
    yield from ((award, "here" if award.chance >= SURE else "here, perhaps") for award in named.values())
    generic = any(isinstance(e, Award) and e.generic for e in document.within(index))
    if any(award.chance >= SURE for award in named.values()):
        if generic:
            yield None, "nameless beside"
        return
    told = _told_before(article, index)
    if told:
        yield from ((award, "pointed at") for award in told)
        return
    asked: list[Award] = list(named.values())
    sure = 0

    def new(award: Award) -> bool:
        nonlocal sure
        if any(_key(award) == _key(other) for other in asked):
            return False
        asked.append(award)
        sure += award.chance >= SURE
        return True

    def link(award: Award, first: str, later: str) -> str:
        """How an award was found; one that is perhaps none takes no other's place."""
        if award.chance < SURE:
            return f"{later}, perhaps"
        return first if sure == 1 else later

    heading = document.sentences[index].heading
    if heading is not None:
        for back in range(heading, -1, -1):
            if sure and back < heading - 3:
                break
            for award in reversed(document.within(back)):
                if isinstance(award, Award) and not award.generic and new(award):
                    yield award, link(award, "heading", "heading, earlier")
            if back == heading and sure:  # the line above a list says what the list is of
                if generic:
                    yield None, "nameless beside"
                return
    for back in range(index - 1, max(-1, index - 6), -1):
        for award in reversed(document.within(back)):
            if isinstance(award, Award) and not award.generic and (sure < 3 or award.chance < SURE) and new(award):
                is_main = main is not None and _key(award) == _key(main)
                yield award, link(award, "before", "earlier") + (", main" if is_main else "")
    if main is not None and new(main):
        yield main, "main" if main.start < document.sentences[index].start else "main, later"
    for award in article.events:
        if new(award):
            yield award, "event"
    if generic or not sure or (heading is not None and article.has_nameless):
        yield None, "nameless"
    elif article.has_nameless:
        yield None, "nameless before"


def _beside(
    article: Survey, index: int, named: Sequence[tuple[Award | None, str]]
) -> Iterator[tuple[Award | None, str]]:
    """Awards that a sentence may mean though it, or the line above its list, names a sure one: that may be a category of
    theirs or an aside.
    """
    if not any(award is not None and link in ("here", "heading") for award, link in named):
        return
    document, main = article.document, article.main
    seen = {_key(award) for award, _ in named if award is not None}

    def new(award: Award) -> bool:
        if award.generic or award.chance < LIKELY or _key(award) in seen:
            return False
        seen.add(_key(award))
        return True

    heading = document.sentences[index].heading
    for back in range(heading, max(-1, heading - 3), -1) if heading is not None else ():
        for award in reversed(document.within(back)):
            if isinstance(award, Award) and new(award):
                yield award, "heading, beside"
    for back in range(index - 1, max(-1, index - 4), -1):
        for award in reversed(document.within(back)):
            if isinstance(award, Award) and new(award):
                yield award, "before, beside"
    if main is not None and new(main):
        yield main, "main, beside"
    for award in article.events:
        if new(award):
            yield award, "event, beside"
    if article.has_nameless and all(award is not None for award, _ in named):
        yield None, "nameless, beside"


def _rival_clues(line: Line, award: Award | None, link: str) -> Iterator[str]:
    """What else may be meant, and whether it is nearer."""
    rivals = [
        (other, found) for other, found in line.meant if other is not award and (other is None or other.chance >= SURE)
    ]
    named = [(other, found) for other, found in rivals if other is not None]
    yield f"rivals:{min(3, len(named))}|{link}"
    for found in {found for _, found in rivals}:
        yield f"rival {found}|{link}"
    if award is None:
        perhaps = max((int(10 * a.chance) for a, _ in line.meant if a is not None and a.chance < 1), default=0)
        yield from (f"nameless, rival chance over {step}" for step in range(1, perhaps + 1))
        yield f"nameless, sure rivals:{min(2, len(named))}, perhaps:{perhaps >= 3}|{link}"
        return
    yield f"rival listed:{any(other.series for other, _ in named)}|{award.series is not None}"
    sentences = line.article.document.sentences
    own = line.article.sentence_of(award)
    if own is not None and own < line.index:
        introduces = line.article.document.text[sentences[own].start : sentences[own].end].rstrip()[-1:] == ":"
        nearest = all((there := line.article.sentence_of(o)) is None or not own < there <= line.index for o, _ in named)
        yield f"nearest:{nearest}|introduces:{introduces}"
        yield f"nearest:{nearest}|{link}"
        yield f"introduces:{introduces}|{link}"
        yield f"same paragraph:{sentences[own].paragraph == sentences[line.index].paragraph}|{link}"


def _told_before(article: Survey, index: int) -> list[Award]:
    """The awards of the sentence before, which a sentence goes on with: 'Ketujuhnya ialah Bupati X, ...'."""
    document = article.document
    if not _POINTS_BACK.match(document.text, document.sentences[index].start):
        return []
    before = next((i for i in range(index - 1, -1, -1) if document.sentences[i].kind != "aside"), None)
    found: dict[str, Award] = {}
    for entity in document.within(before) if before is not None else ():
        if isinstance(entity, Award) and not entity.generic and entity.chance >= SURE:
            found.setdefault(_key(entity), entity)
    return list(found.values())


def _may_speak(document: Document, index: int) -> bool:
    sentence = document.sentences[index]
    if any(isinstance(e, Award) for e in document.within(index)):
        return True
    if any(set(c.ids) & _ACTS for c in document.cues_within(index)):
        return True
    if sentence.kind in ("item", "row") and sentence.heading is not None:
        return _may_introduce(document, sentence.heading)
    return _STEP.search(document.text, sentence.start, sentence.end) is not None


def _may_introduce(document: Document, heading: int) -> bool:
    """Whether a list's introduction, or one of the lines above it, speaks of awards."""
    return any(
        any(isinstance(e, Award) for e in document.within(index))
        or _STEP.search(document.text, *document.around(index))
        for index in range(max(0, heading - 3), heading + 1)
    )


# ---------------------------------------------------------------------------------------------------------------- years

_YEAR = re.compile(r"((?:1(?<![\d/.-].)9|2(?<![\d/.-].)0)\d\d)(?![\d/]|\s*[-–]\s*\d)")
_RANGE = re.compile(r"((?:19|20)\d\d)\s*(?:[-–]|sampai|hingga|s/d)\s*((?:19|20)\d\d)")


# '2019, 2020, dan 2021': each is an edition.
_YEARS_LISTED = re.compile(r"(?:19|20)\d\d(?:(?:,? (?:dan|serta|lalu|hingga|kemudian) |, )(?:19|20)\d\d)+(?!\d)")


def _age_clues(line: Line) -> Iterator[str]:
    """What a sentence that names years tells of them: how many are earlier than the news, and what stands with them."""
    latest = line.article.document.latest_year or 0
    earlier = [y.year for y in line.years if y.year < latest]
    if not earlier:
        yield "this year only"
        return
    text, (start, end) = line.article.document.text, line.article.document.around(line.index)
    yield "earlier years"
    yield f"earlier years:{min(4, len(earlier))}"
    yield f"earlier years only:{len(earlier) == len(line.years)}"
    if listed := _YEARS_LISTED.search(text, start, end):
        yield f"years listed:{min(4, len(listed[0].split()))}"
    yield f"earlier years|speaks:{line.speaks}"
    yield f"earlier years|step:{_STEP.search(text, start, end) is not None}"
    yield f"earlier years|link:{line.awards[0][1] if line.awards else None}"
    yield f"earlier years|points:{_POINTS.search(text, start, end) is not None}"
    yield f"earlier years|begins:{line.row[0].name if line.row else '^'}"


def _years(document: Document, index: int, row: Sequence[Symbol]) -> Iterator[Year]:
    """Earlier years a sentence names, a range by its last: each with what stands around it."""
    text, (start, end) = document.text, document.around(index)
    if document.latest_year is None or not (text.find("20", start, end) >= 0 or text.find("19", start, end) >= 0):
        return
    taken = [(e.start, e.end) for e in document.within(index) if isinstance(e, Award) and e.year is None]
    found: dict[int, tuple[int, int, str]] = {}
    for match in _RANGE.finditer(text, start, end):
        taken.append(match.span())
        if any(e.end <= match.start() <= e.end + 10 for e in document.within(index) if isinstance(e, Recipient)):
            continue  # 'Gubernur Jawa Timur 2019-2024': a term of office
        found.setdefault(int(match[2]), (match.start(), match.end(), "range"))
    for match in _YEAR.finditer(text, start, end):
        if not any(a <= match.start() < b for a, b in taken):
            found.setdefault(int(match[1]), (match.start(), match.end(), "year"))
    names = [(s.start, s.name) for s in row]
    for year, (first, last, kind) in sorted(found.items()):
        if year > document.latest_year:
            continue
        before = [n for s, n in names if s < first][-2:]
        after = [n for s, n in names if s >= last][:1]
        word = re.search(r"(\w+)\W*$", text[max(start, first - 25) : first])
        word_before = lowered(word[1]) if word else "^"
        age = document.latest_year - year
        yield Year(year, first, Clues((
            "year", f"year {kind}", f"year before:{' '.join(before)}", f"year before:{before[-1] if before else '^'}",
            f"year after:{after[0] if after else '$'}", f"year word:{word_before}", f"year age:{min(age, 6)}",
            f"year age:{min(age, 2)}|sentence:{min(index, 3)}", f"years:{min(4, len(found))}",
            *(f"year, sentence {c}" for c in {c for s in row for c in s.cues} & {"recall", "streak", "plan", "receive"}),
            f"year age:{min(age, 2)}|recall:{any('recall' in s.cues for s in row)}",
        )))  # fmt: skip


def _year_tie(place: Receiver, year: Year) -> Iterator[str]:
    """How a year stands to a name of its sentence: 'X juara pada 2016, setahun kemudian Y': to each the nearest."""
    if place.at is None:
        yield "year of one left unsaid"
        return
    row = place.line.row
    own = row[place.at].start
    names = [i for i, s in enumerate(row) if s.name.startswith("R:")]
    side = "behind" if year.start > own else "before"
    low, high = sorted((own, year.start))
    between = [s for s in row if low < s.start < high]
    others = sum(s.name.startswith("R:") and s is not row[place.at] for s in between)
    numbers = sum(low < y.start < high for y in place.line.years)
    yield f"year {side}, names between:{min(3, others)}"
    yield f"year {side}, years between:{min(3, numbers)}"
    yield f"year {side}, names between:{min(2, others)}|years between:{min(2, numbers)}"
    yield f"year {side}, names:{min(3, len(names))}|years:{min(3, len(place.line.years))}|between:{min(2, others)}"
    tied = place.line.years_by_position.get(own)
    yield f"year by position:{year.year in tied if tied else None}"
    nearest = min(names, key=lambda i: abs(row[i].start - year.start), default=place.at)
    last = max((i for i in names if row[i].start < year.start), default=None)
    yield f"year of the nearest name:{_run(row, nearest)[0] == _run(row, place.at)[0]}|{side}"
    yield f"year of the last name before:{last is not None and _run(row, last)[0] == _run(row, place.at)[0]}|{side}"
    if others:
        yield f"year {side}, joined:{all(s.name.startswith('R:') or s.name in _JOINTS for s in between)}"
    for mark in {s.name for s in between} & {";", "sedangkan", "sementara", "lalu", "kemudian", "dan", "serta", ","}:
        yield f"year {side}, between:{mark}|names:{min(1, others)}"


# ---------------------------------------------------------------------------------------------------------------- clues

_NEAR, _MID, _FAR = 3, 8, 60  # symbols


def _reach(distance: int) -> str:
    return "near" if distance <= _NEAR else "mid" if distance <= _MID else "far"


def _sentence_clues(line: Line) -> Iterator[str]:
    document, index, row = line.article.document, line.index, line.row
    sentence, acts = document.sentences[index], line.acts & _ACTS
    yield f"kind:{sentence.kind}"
    yield f"paragraph:{min(sentence.paragraph, 5)}"
    for name in line.acts:
        yield f"has:{name}"
        yield f"has:{name}|{sentence.kind}"
    if not line.marks.awards:
        yield "no award noun"
        yield f"no award noun|{'act' if acts else 'no act'}"
    if row and row[0].name == '"':
        yield "quoted"
    if prizes.numbering(document.text, sentence):
        yield "a numbered prize"
    if index and not acts:
        yield "no act"
        yield f"no act|{sentence.kind}"
    for cue in document.cues_within(index - 1) if index > 1 else ():
        for name in cue.ids:
            if name in ("plan", "negative", "recall", "nominee", "loser", "figurative"):
                yield f"before has:{name}"
    yield f"recipients:{min(5, line.marks.recipients[-1])}"
    if sentence.heading is not None:
        yield from _heading_clues(document, sentence.heading)


_LOWER_WORD = re.compile(r"(?<!\w)[a-z][a-z-]+")
_BEGINNING = re.compile(r"[a-z][a-z-]+|[A-Z]\w+|\d+|[^\w\s]")
_TITLE_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")


def _heading_clues(document: Document, heading: int) -> Iterator[str]:
    yield "listed"
    for name in {c for cue in document.cues_within(heading) for c in cue.ids} & _CUES:
        yield f"heading:{name}"
    for entity in document.within(heading):
        if isinstance(entity, Award):
            yield "heading:a" if entity.generic else "heading:A"
    words = lowered(document.text[document.sentences[heading].start : document.sentences[heading].end])
    for word in (
        "kategori",
        "juara",
        "pemenang",
        "penerima",
        "daftar",
        "terbaik",
        "peringkat",
        "nomin",
        "finalis",
        "peserta",
    ):
        if word in words:
            yield f"heading:{word}"


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the symbols of a row stand that are looked for from every name in it, in order."""

    cues: Sequence[tuple[int, tuple[str, ...]]]  # those of _CUES
    said: Sequence[tuple[int, str]]  # what they say became of a name
    awards: Sequence[tuple[int, str]]
    steps: Sequence[tuple[int, str]]
    recipients: Sequence[int]  # how many stand before each place of the row, and before its end

    @classmethod
    def of(cls, row: Sequence[Symbol]) -> Marks:
        names = [s.name for s in row]
        meant = ((at, tuple([c for c in s.cues if c in _CUES])) for at, s in enumerate(row) if s.cues)
        cues = [(at, classes) for at, classes in meant if classes]
        said = ((at, next((s for c in classes if (s := _SAYS.get(c))), "")) for at, classes in cues)
        return cls(
            cues,
            [(at, what) for at, what in said if what],
            [(at, name) for at, name in enumerate(names) if name in ("A", "a")],
            [(at, s.word) for at, s in enumerate(row) if s.word in _STEPS],
            list(accumulate([name.startswith("R:") for name in names], initial=0)),
        )


def _own(line: Line, recipient: Recipient, at: int, claims: Sequence[Claim], level: str) -> Iterator[Clues]:
    """What speaks of one name of a sentence: what stands around it, what claims it, how the article names it elsewhere."""
    article, names, marks = line.article, line.names, line.marks
    kind = names[at]
    before = ["^", "^", *names[max(0, at - 3) : at]][-3:]
    after = [*names[at + 1 : at + 4], "$", "$"][:3]
    own = [
        f"left2:{before[-2]} {before[-1]}", f"left3:{' '.join(before)}", f"right2:{after[0]} {after[1]}",
        f"right3:{' '.join(after)}", f"around:{before[-1]}_{after[0]}",
    ]  # fmt: skip
    own += [level] if level else []
    yield _left(level, kind, before[-1])
    yield _right(level, kind, after[0])
    run, length = _run(line.row, at)
    last = _run_end(line.row, at)
    for side, way, edge in ((">", 1, last), ("<", -1, run)):  # what governs a run governs each of its names
        cues = _within_reach(marks.cues, edge, way)
        awards = _within_reach(marks.awards, edge, way)
        steps = _within_reach(marks.steps, edge, way)
        for position, classes in cues:
            reach = _reach(abs(position - edge))
            own += [f"cue{side}{name}/{reach}" for name in classes]
        if cues:
            position, (name, *_) = cues[0]
            low, high = min(edge, position), max(edge, position)
            others = min(3, marks.recipients[high] - marks.recipients[low + 1])
            yield _first(level, side, name, kind, others)
            own.append(f"first{side}{name}|left:{before[-1]}")
            if level:
                own.append(f"{level}|first{side}{name}|left:{before[-1]}")
            if high - low <= _PATH:
                own.append(f"path{side}{name}:{' '.join(names[low + 1 : high])}")
        if awards:
            position, noun = awards[0]
            low, high = min(edge, position), max(edge, position)
            yield _award_at(level, side, noun, _reach(high - low))
            if high - low <= _PATH:
                own.append(f"to award{side}{noun}:{' '.join(names[low + 1 : high])}")
        if steps:
            position, word = steps[0]
            reach = _reach(abs(position - edge))
            own += [f"step{side}{word}/{reach}", f"step{side}|{kind}|{reach}"]
    if at and line.row[at - 1].word:
        own.append(f"left word:{line.row[at - 1].word}")
    if at + 1 < len(names) and line.row[at + 1].word:
        own.append(f"right word:{line.row[at + 1].word}")
    tied = _address_of(article, recipient)
    if tied is not None:
        own += [f"address of:{tied}", f"address|{kind}"]
    if run != at or length > 1:
        own.append(f"run:{names[run - 1] if run else '^'}")
        own.append(f"run place:{min(2, marks.recipients[at] - marks.recipients[run])}")
        before_run = bisect_left(marks.cues, (run, ()))
        if before_run:
            yield _run_after(level, marks.cues[before_run - 1][1][0])
    own.append(f"run before:{' '.join(['^', '^', *names[max(0, run - 2) : run]][-2:])}")
    own.append(f"run behind:{' '.join([*names[last + 1 : last + 3], '$', '$'][:2])}")
    yield _fate(marks, run, last, kind)
    if _is_set_before(article.document.text, recipient.start):
        own.append(f"where a set lies|{kind}")
    own += _holding_clues(article, recipient, kind)
    own += _words_beside(line, recipient)
    yield _ranked(level, kind, *_ranks_beside(line, recipient))
    yield _standing(
        level,
        kind,
        recipient.type,
        min(4, article.named[recipient.name]),
        recipient.name in article.headline,
        article.focus is not None and recipient.name == article.focus.name,
        bool(recipient.codes) and recipient.codes == article.document.home,
        min(2, len(recipient.codes)),
        marks.recipients[at] == 0,
    )
    once, twice = (_is_claimed(article, line.index - back, recipient.type) for back in (1, 2))
    yield _claimed_before(once, twice, recipient.type)
    yield from (_frame(c.frame, kind, c.recalled, c.status, c.award is not None) for c in claims)
    if not claims:
        yield _no_frame(kind)
    told = [s.recipients for s in line.series if s.recipients]
    fits = any(recipient.type in kinds for kinds in told) if told else None
    yield _fit(level, fits, bool(line.series), recipient.type, line.awards[0][1] if line.awards else None)
    own += _finer_clues(recipient, line.recipients, line.article.document.sentences[line.index].kind)
    yield Clues(own)


_BESIDE = 4  # words in small letters on each side that are looked at one by one


def _words_beside(line: Line, recipient: Recipient) -> list[str]:
    """The words next to a name, which say more of it than those of its sentence do: 'mengalahkan', 'menyusul', 'asal'."""
    starts, words = line.spelled
    before, behind = bisect_left(starts, recipient.start), bisect_left(starts, recipient.end)
    return [
        *[f"before:{word}" for word in set(words[max(0, before - _BESIDE) : before])],
        *[f"behind:{word}" for word in set(words[behind : behind + _BESIDE])],
    ]


# A place on a scale: 'kedua', 'ke-3', '(II)', 'nomor satu', 'posisi', 'teratas'.
_RANK = re.compile(
    r"\b(?:pertama|kesatu|ke(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)|ke-\s?\d+|I{1,3}|IV|VI?|nomor|juara|harapan"
    r"|runner[- ]up|teratas|puncak|pamungkas|urutan|peringkat|posisi|tempat|terbaik)\b"
)
_RANK_NEAR = 60  # characters between a name and its place


def _ranks_beside(line: Line, recipient: Recipient) -> tuple[bool, bool, int, int]:
    """Whether a place on a scale stands before the name, and behind it, with no other name between; how many places and
    names the sentence has.
    """
    text, (first, last) = line.article.document.text, line.article.document.around(line.index)
    at, names = line.order[recipient.start], line.recipients
    before = names[at - 1].end if at else first
    behind = names[at + 1].start if at + 1 < len(names) else last
    return (
        _RANK.search(text, max(before, recipient.start - _RANK_NEAR), recipient.start) is not None,
        _RANK.search(text, recipient.end, min(behind, recipient.end + _RANK_NEAR)) is not None,
        min(4, line.ranks),
        min(4, len(names)),
    )


@_tied
def _ranked(kind: str, before: bool, behind: bool, ranks: int, names: int) -> Iterator[str]:
    yield f"rank before:{before}"
    yield f"rank behind:{behind}"
    yield f"rank:{before}{behind}|{kind}"
    yield f"ranks:{ranks}|names:{names}"


_SAYS = {
    "receive": "yes", "receive_passive": "yes", "award_subject": "yes", "give": "yes", "hand_over": "yes", "accepted_by": "yes",
    "below": "below", "negative": "no", "loser": "no", "figurative": "no", "plan": "plan", "nominee": "nominee",
    "recall": "recall",
}  # fmt: skip


def _fate(marks: Marks, first: int, last: int, kind: str) -> Clues:
    """What the nearest words before and behind a run of names say became of them, whatever else stands between."""
    before, behind = bisect_left(marks.said, (first, "")), bisect_left(marks.said, (last + 1, ""))
    return _said(
        marks.said[before - 1][1] if before else None,
        marks.said[behind][1] if behind < len(marks.said) else None,
        kind,
    )


@shared
def _said(before: str | None, behind: str | None, kind: str) -> Iterator[str]:
    yield f"said before:{before}"
    yield f"said behind:{behind}"
    yield f"said:{before}/{behind}"
    yield f"said:{before}/{behind}|{kind}"


_Mark = TypeVar("_Mark", str, tuple[str, ...])
_PATH = 5  # symbols from one name or cue to another, the last included, that make one construction


def _within_reach(places: Sequence[tuple[int, _Mark]], at: int, way: int) -> list[tuple[int, _Mark]]:
    """What stands behind (way 1) or before (-1) a place of the row, near enough to be looked at, the nearest first."""
    return [place for place in places[::way] if 0 < (place[0] - at) * way < _FAR]


@_tied
def _left(kind: str, name: str) -> Iterator[str]:
    yield from (f"left:{name}", f"{kind}|left:{name}")


@_tied
def _right(kind: str, name: str) -> Iterator[str]:
    yield from (f"right:{name}", f"{kind}|right:{name}")


@_tied
def _first(side: str, name: str, kind: str, between: int) -> Iterator[str]:
    """The nearest cue on a side."""
    yield f"first{side}{name}"
    yield f"first{side}{name}|{kind}"
    yield f"first{side}{name}|names between:{between}"


@_tied
def _award_at(side: str, noun: str, reach: str) -> Iterator[str]:
    yield f"award{side}{noun}/{reach}"


@_tied
def _run_after(cue: str) -> Iterator[str]:
    yield f"run after:{cue}"


@_tied
def _standing(
    kind: str, type_: str, named: int, headline: bool, focus: bool, home: bool, codes: int, first: bool
) -> Iterator[str]:
    """How the article names a recipient elsewhere."""
    yield f"named:{named}"
    if headline:
        yield "recipient in headline"
        yield f"recipient in headline|{kind}"
    yield "focus" if focus else f"not focus|{kind}"
    if home:
        yield "home"
    if codes > 1:
        yield "ambiguous region"
    yield f"tied to a region:{codes > 0}|{type_}"
    if first:
        yield "first name"
        yield f"first name|{kind}"


@shared
def _claimed_before(once: bool | None, twice: bool | None, type_: str) -> Iterator[str]:
    """Who was said to receive something in the sentences before: a name of the same kind may be the next."""
    yield f"claims 1 before:{once}"
    yield f"claims 2 before:{twice}"
    yield f"claims before|{type_}:{once}"


def _is_claimed(article: Survey, index: int, type_: str) -> bool | None:
    """Whether a sentence's claims name a recipient of a kind; None when they name none."""
    types = article.claimed.get(index)
    return type_ in types if types else None


@shared
def _frame(frame: str, kind: str, recalled: bool, status: str, named: bool) -> Iterator[str]:
    yield f"frame:{frame}"
    yield f"frame:{frame}|{kind}"
    yield f"frame:{frame}|recalled:{recalled}"
    yield f"frame status:{status}"
    yield f"frame award:{named}"


@shared
def _no_frame(kind: str) -> Iterator[str]:
    yield from ("no frame", f"no frame|{kind}")


@_tied
def _fit(fits: bool | None, known: bool, type_: str, link: str | None) -> Iterator[str]:
    """Whether the awards that may be meant go to recipients of this kind."""
    if fits is not None:
        yield f"fits:{fits}"
        yield f"fits:{fits}|{type_}"
    yield f"award known:{known}|{type_}"
    yield f"award link:{link}"


def _holding_clues(article: Survey, recipient: Recipient, kind: str) -> Iterator[str]:
    """Whether winners lie in a region: a village's prize is not its province's (GUIDE)."""
    if recipient.type != "region" or len(recipient.codes) != 1:
        return
    (code,) = recipient.codes
    inside = article.held.get(code, set())
    held = "finer" if inside - {"region"} else "region" if inside else None
    level = "province" if "." not in code else "regency"
    yield f"holds a winner:{held}|wins itself:{('region', code) in article.winners}|{level}"


# Words that stand for the award that a sentence before named: 'X menerima kategori yang sama'.
_STEPS = frozenset("kategori juara terbaik peringkat posisi predikat pemenang penerima peraih gelar".split())


def _address_of(article: Survey, recipient: Recipient) -> str | None:
    """The kind of the name whose place another only tells: 'Desa X, Penengahan, Kabupaten Y', 'Siti asal Kota Z',
    'Bank Sampah A, Kelurahan B', 'Hotel C, Kuningan'.
    """
    part = _PART.match(recipient.name)
    if not (recipient.type == "region" or part) or recipient.office is not None:
        return None
    text = article.document.text
    start = max(0, recipient.start - 70)
    if not text[start : recipient.start].rstrip().endswith(_ADDRESS_ENDS):
        return None
    if _VENUE.search(text, start, recipient.start):
        return "venue"
    match = _ADDRESS.search(text, start, recipient.start)
    if match is None:
        return None
    ends = article.document.recipient_ends
    head = ends.get(match.start()) or ends.get(match.start() + 1)
    if head is None or (head.type == "region" and head.office is None and not _lies_in(head, recipient)):
        return None
    if part and (head.type == "region" or (recipient.type == head.type and not _SMALLER.match(head.name))):
        return None  # two villages of one list
    return head.type


_PART = re.compile(r"(?:Desa|Kelurahan|Kalurahan|Nagari|Kampung|Gampong|Pekon|Kecamatan|Kapanewon|Distrik)\b")
_SMALLER = re.compile(r"(?:Dusun|Padukuhan|RW|RT|Jorong|Kampung KB|Banjar|Lingkungan)\b")
_VENUE = re.compile(
    r"\b(?:Hotel|Gedung|Auditorium|Aula|Ballroom|Pendopo|Pendapa|Plaza|Istana|Kantor|Convention|Lapangan|Alun-alun|Stadion"
    r"|Jalan|Jl\.|Menara|Graha|Balairung|Grand)\b[^,.;\n]{0,40},\s*(?:[A-Z]\w+(?:\s[A-Z]\w+)?,\s*)?$"
)


def _lies_in(part: Recipient, whole: Recipient) -> bool:
    return bool(part.codes) and bool(whole.codes) and all(c.startswith(f"{whole.codes[0]}.") for c in part.codes)


_ADDRESS = re.compile(
    r"(?:\s*,\s+(?:[a-z]+\s+){0,4}(?:asal|dari|di|warga)\s+|\s*,(?:\s*(?:Kecamatan|Kec\.|Distrik|Desa|Kelurahan|Nagari)?\s*[A-Z]\w+(?:\s+[A-Z]\w+){0,2}\s*,){0,3}\s*"
    r"|\s*\(|\s*,?\s+(?:dari|asal|di)\s+(?:[A-Z]\w+(?:\s+[A-Z]\w+){0,2}\s*,\s*){0,2})$"
)
_ADDRESS_ENDS = (",", "(", "dari", "asal", "di", "warga")


def _is_set_before(text: str, position: int) -> bool:
    words = text[max(0, position - 8) : position].lower()
    return any(word in words for word in _OF_A_SET) and (
        _SET_BEFORE.search(text, max(0, position - 40), position) is not None
    )


# 'tiga kota di Sumatera Barat': the region where the recipients are, none itself.
_SET_BEFORE = re.compile(
    r"\b(?:kota|kabupaten|kabupaten/kota|daerah|desa|kelurahan|sekolah|puskesmas|polres|pemda|kepala daerah"
    r"|warga|guru|petani|pelajar|kampung|perusahaan)"
    r"\s+(?:lain\w*\s+)?(?:di|asal|dari|se)[\s-]+$",
    re.IGNORECASE,
)
_OF_A_SET = ("di", "asal", "dari", "se")
_JOINTS = frozenset((",", "dan", "serta", "(", ")", ";", "w", "W", "#", "di", "juga"))


def _run(row: Sequence[Symbol], at: int) -> tuple[int, int]:
    """Where the run of names begins that the name at `row[at]` is part of ('R, R dan R'), and how many names up to it."""
    first, gap, count = at, 0, 1
    for position in range(at - 1, -1, -1):
        name = row[position].name
        if name.startswith("R:"):
            first, gap, count = position, 0, count + 1
        elif name not in _JOINTS or gap > 4:
            break
        else:
            gap += 1
    return first, count


def _run_end(row: Sequence[Symbol], at: int) -> int:
    """Where the last name of the run stands that the name at `row[at]` is part of."""
    last, gap = at, 0
    for position in range(at + 1, len(row)):
        name = row[position].name
        if name.startswith("R:"):
            last, gap = position, 0
        elif name not in _JOINTS or gap > 4:
            break
        else:
            gap += 1
    return last


_FINENESS = {"official": 0, "person": 0, "region": 2}  # any other kind: 1


def _finer_clues(recipient: Recipient, beside: Sequence[Recipient], kind: str) -> Iterator[str]:
    """In a list's line with names of several kinds the finest is the winner, and the others say where it is."""
    if kind not in ("item", "row") or len(beside) < 2:
        return
    own = _FINENESS.get(recipient.type, 1)
    least = min(_FINENESS.get(r.type, 1) for r in beside)
    yield f"finest of its line:{own == least}|{recipient.type}"
    yield f"finest of its {kind}:{own == least}"
    yield f"first of its line:{recipient is beside[0]}"


def _award_clues(
    article: Survey, award: Award | None, row: Sequence[Symbol], place: dict[int, int], link: str
) -> Iterator[str]:
    if award is None:
        yield f"nameless|{link}"
        classes = {c for symbol in row for c in symbol.cues} & _CUES
        generic = any(symbol.name == "a" for symbol in row)
        for name in classes:
            yield f"nameless|has:{name}|{generic}"
        yield f"nameless|noun:{generic}|named here:{any(symbol.name == 'A' for symbol in row)}"
        yield f"nameless|named before:{bool(article.awarded)}"
        return
    series = gazetteer.series().get(award.series) if award.series else None
    yield f"series:{series.kind if series else 'unlisted'}"
    if award.chance < 1:
        likely = int(award.chance * 10)
        yield f"name chance:{likely}"
        yield f"name chance:{likely}|{link}"
        yield from (f"name chance over {step}" for step in range(1, 10) if likely >= step)
    if award.spoken is not None:
        yield from _spoken_clues(article, award, link)
    yield f"award named:{min(4, article.awarded[_key(award)])}"
    if _key(award) in article.headline:
        yield "award in headline"
        yield f"award in headline|{link}"
    if article.main is not None and _key(award) == _key(article.main):
        yield "main award"
        yield f"main award|{link}"
    else:
        yield f"not main|{link}"
    at = place.get(award.start)
    if at is not None:
        names = [s.name for s in row]
        yield f"award left:{names[at - 1] if at else '^'}"
        yield f"award left:{' '.join(names[max(0, at - 2) : at])}"
        yield f"award right:{names[at + 1] if at + 1 < len(names) else '$'}"
        if at and row[at - 1].word:
            yield f"award left word:{row[at - 1].word}"
        for side, order in ((">", range(at + 1, len(row))), ("<", range(at - 1, -1, -1))):
            first = next((c for p in order for c in row[p].cues if c in _CUES), None)
            yield f"award first{side}{first}"
    if award.year is not None and article.document.latest_year is not None:
        yield f"award age:{min(3, max(0, article.document.latest_year - award.year))}"


def _tie_clues(
    article: Survey, row: Sequence[Symbol], at: int, recipient: Recipient, award: Award | None, link: str,
    place: dict[int, int], claims: Sequence[Claim],
) -> Iterator[str]:  # fmt: skip
    kind = row[at].name
    where = link
    there = place.get(award.start) if award is not None else None
    if there is not None:
        where = "right" if there > at else "left"
        yield from _between(row, at, there, where)
    yield f"link:{where}"
    yield f"link:{where}|{kind}"
    if there is None and _POINTS_BACK.match(article.document.text, row[0].start):
        yield f"link:{where}|pointing back"
    if award is None:
        yield f"nameless, giver in frame:{any(c.giver is not None for c in claims)}|{where}"
        yield f"nameless, frame:{claims[0].frame if claims else None}"
    for claim in claims:
        if claim.award is None:
            yield f"frame without award|{where}"
        else:
            same = award is not None and _key(claim.award) == _key(award)
            yield f"frame's award:{same}"
            yield f"frame's award:{same}|{where}"
    if award is not None:
        yield from _series_clues(article.document, row, recipient, award, where)


def _spoken_clues(article: Survey, award: Award, link: str) -> Iterator[str]:
    """How a listed award is spoken of, here and where the article speaks of it best: 'kategori Evaluasi SAKIP' is no prize."""
    best = article.spoken.get(_key(award), 0.0)
    for name, chance in (("spoken", award.spoken or 0.0), ("best spoken", best)):
        step = bisect_left(_SPOKEN, chance)
        yield f"{name}:{step}|{link}"
        yield from (f"{name} over {_SPOKEN[n]}" for n in range(step))


_SPOKEN = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9)

_PERSONS_TITLE = re.compile(
    r"(?:Guru|Kepala|Tenaga|Nakes|Bidan|Dokter|Perawat|Polisi|Bhabin|Babinsa|Camat|Lurah|Kades|Bupati|Wali"
    r"|Gubernur|Tokoh|Petani|Kader)\b"
)


def _may_receive(recipient: Recipient, award: Award) -> bool:
    """A 'Provinsi Layak Anak' is no kabupaten, a Satyalancana no government's and an audit opinion nobody's but one."""
    series = gazetteer.series().get(award.series) if award.series else None
    if series is not None and series.recipients and series.kind in ("decoration", "opinion", "predicate"):
        heads = recipient.office is not None or recipient.type == "region"  # 'Tulungagung' may stand for its bupati
        readings = {recipient.type, "official"} if heads else {recipient.type}
        if not readings & set(series.recipients):
            return False
    if _PERSONS_TITLE.match(award.name) and award.series is None:
        return recipient.office is not None or recipient.type in ("official", "person")
    kind = lowered(award.name.split()[0])
    if recipient.type != "region" or not recipient.codes or kind not in ("provinsi", "kabupaten", "kota"):
        return True
    return any(gazetteer.regions()[code].kind == kind for code in recipient.codes)


# A sentence that goes on with what the one before it told.
_POINTS_BACK = re.compile(
    r"(?:ke(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)\w*nya|mereka|penerima\w*|pemenang\w*|daftar\w*"
    r"|berikut\w*|adapun|antara lain|yakni|yaitu|rinciannya)\b",
    re.IGNORECASE,
)


def _series_clues(
    document: Document, row: Sequence[Symbol], recipient: Recipient, award: Award, where: str
) -> Iterator[str]:
    """Whether an award goes to such recipients, and has the level that the sentence names."""
    series = gazetteer.series().get(award.series) if award.series else None
    if series is not None and series.recipients:
        holder = recipient.person is not None and "official" in series.recipients
        fits = "fits" if recipient.type in series.recipients else "fits the holder" if holder else "foreign"
        yield f"{fits} the series"
        yield f"{fits} the series|{'holder' if recipient.person else recipient.type}"
    if award.series is not None and row and details.has_level(document.text, (row[0].start, row[-1].end), award.series):
        yield "level here"
        yield f"level here|link:{where}"
    if recipient.type == "region" and recipient.codes:
        region = gazetteer.regions()[recipient.codes[0]].kind
        words = lowered(award.name)
        for name in ("kabupaten", "kota", "provinsi"):
            if words.startswith(name) and "/" not in words[:16]:
                yield f"award of a {name}|{region}"


def _between(row: Sequence[Symbol], at: int, award: int, where: str) -> Iterator[str]:
    between = row[min(at, award) + 1 : max(at, award)]
    acts = [c for s in between for c in s.cues if c in _CUES]
    yield f"between {where}:{' '.join(acts[:3])}"
    for act in set(acts):
        yield f"between {where}, {act}"
    yield f"between {where}, others:{min(2, sum(s.name.startswith('R:') for s in between))}"
    yield f"between {where}, awards:{min(2, sum(s.name == 'A' for s in between))}"
    yield f"between {where}, givers:{min(2, sum(s.name.startswith('O') for s in between))}"
    yield f"gap {where}:{_reach(abs(at - award))}"
    if len(between) <= 5:
        yield f"gap {where}:{' '.join(s.name for s in between)}"
    for mark in {s.name for s in between} & {
        ";",
        ":",
        '"',
        "(",
        "sementara",
        "sedangkan",
        "yang",
        "kepada",
        "untuk",
        "dari",
        "oleh",
    }:
        yield f"between {where}: {mark}"
