"""Who may have received something, at which sentence: every name of a sentence that may speak of an award, and the article's
focus where it is left unsaid.

Recall is this module's business, not judgement: models weigh the clues (etl.extract.judge). `receives`: does this name
receive an award here (no, as the news, earlier, as a nominee); its own clues are `standing`'s. What else is asked of the
likely ones: `award` (`ties`), `person` (`holders`), `year` (`years`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from etl import gazetteer
from etl.extract.claims.scene import Claim
from etl.extract.document import Document
from etl.extract.fields import prizes, shares
from etl.extract.judge import Clues
from etl.extract.names.entities import Award, Recipient
from etl.extract.places.antecedents import Antecedent, antecedents
from etl.extract.places.holders import person_clues
from etl.extract.places.standing import RANK, Marks, name_clues
from etl.extract.places.survey import CUES, STEP, Survey, points
from etl.extract.places.ties import (
    Choice,
    award_clues,
    awards_beside,
    awards_of,
    implied_tie,
    may_receive,
    rival_clues,
    tie_clues,
)
from etl.extract.places.years import YEAR, Year, age_clues, year_tie, years_of
from etl.extract.symbols import Symbol, run_start, symbols
from etl.gazetteer import lowered


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
        return frozenset([c for s in self.row for c in s.cues if c in CUES])

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
        age = () if not self.years else age_clues(self)
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
        return len(RANK.findall(self.article.document.text, *self.article.document.around(self.index)))

    @cached_property
    def meant(self) -> Sequence[tuple[Award | None, str]]:
        """Every award that may be meant: its own, and those beside which it may name only a category."""
        return [*self.awards, *awards_beside(self.article, self.index, self.awards)]

    @cached_property
    def about(self) -> list[Clues]:
        """Clues about each of these."""
        return [
            Clues((*award_clues(self.article, a, self.row, self.place, link), *rival_clues(self, a, link)))
            for a, link in self.meant
        ]

    @cached_property
    def years(self) -> tuple[Year, ...]:
        """The earlier years that the sentence names."""
        return tuple(years_of(self.article.document, self.index, self.row))

    @cached_property
    def is_of_the_focus(self) -> bool:
        """Whether it is a line without a winner's name in a list whose heading names whom the article is about, or goes on
        with sentences that do: 'Bupati X lima kali dipanggil. Kelimanya masing-masing:'.
        """
        document, focus = self.article.document, self.article.focus
        heading = document.sentences[self.index].heading
        if focus is None or heading is None or self.recipients:
            return False
        paragraph = document.sentences[heading].paragraph
        for above in range(heading, -1, -1):
            named = [e.name for e in document.within(above) if isinstance(e, Recipient)]
            if named or document.sentences[above].paragraph != paragraph:
                return focus.name in named
        return False

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

    @cached_property
    def years_between_names(self) -> bool:
        """Whether years stand between its names, so that each has its own: 'A pada 2016 dan B pada 2017'."""
        starts = [start for start, _ in shares.winners(self.recipients)]
        return len(starts) > 1 and any(starts[0] < y.start < starts[-1] for y in self.years)


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

    @property
    def is_focus(self) -> bool:
        """Whether it is whom the article is about."""
        focus = self.line.article.focus
        return focus is not None and self.recipient.name == focus.name

    @cached_property
    def years(self) -> tuple[tuple[int, tuple[Clues, ...]], ...]:
        """The earlier years that it may be told of."""
        return tuple((y.year, (y.clues, Clues(year_tie(self, y)))) for y in self.line.years)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The awards that it may have received."""
        line, recipient = self.line, self.recipient
        return tuple(
            Choice(award, link, (clues, Clues(self._tie(award, link))))
            for (award, link), clues in zip(line.meant, line.about, strict=True)
            if award is None or may_receive(recipient, award)
        )

    def _tie(self, award: Award | None, link: str) -> Iterator[str]:
        line = self.line
        if self.at is None:
            return implied_tie(line, self.recipient, award, link)
        return tie_clues(line.article, line.row, self.at, self.recipient, award, link, line.place, self.claims)

    @cached_property
    def person(self) -> Clues | None:
        """What speaks for and against the holder of an office as the receiver, not its government."""
        if self.recipient.office is None:
            return None
        own = () if self.at is None else tuple(name_clues(self.line, self.recipient, self.at, self.claims, ""))
        return Clues(person_clues(self.line, self.recipient), parts=own)


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
        recalls = YEAR.search(document.text, sentence.start, sentence.end) is not None
        if sentence.kind == "aside" or not (speaks or ((recipients or recalls) and article.is_about_awards)):
            continue
        line = Line(article, index, symbols(document, index), speaks, list(awards_of(article, index)))
        row = line.row
        if index and (speaks or line.years or line.is_of_the_focus):
            yield from _unsaid(line)
        for recipient in recipients:
            at = line.place.get(recipient.start)
            if at is None or (recipient.type in ("person", "community") and not article.is_of_regions):
                continue
            claims = tuple(article.claims_by_name.get((recipient.start, recipient.end), ()))
            level = _level(claims, sentence.kind, speaks, bool(line.acts & _ACTS) or not index)
            first, _ = run_start(row, at)
            company: tuple[object, ...] = (index, first, recipient.type)
            if sentence.kind in ("item", "row"):
                company = (sentence.heading, "list", sum(s.name.startswith("R:") for s in row[:at]), recipient.type)
            own = name_clues(line, recipient, at, claims, level)
            clues = (article.article, article.title, article.under[level], line.shared, line.setting, *own)
            yield Receiver(recipient, line, at, clues, claims, company, row[first].start)


def _level(claims: Sequence[Claim], kind: str, speaks: bool, acts: bool) -> str:
    """How strongly the words tie a name: by a frame, by a list, by an act or an award noun of the sentence, or not at all."""
    if claims:
        return "by frame"
    if kind in ("item", "row"):
        return "by list"
    if not speaks:
        return "by nothing"
    return "by act" if acts else "by noun"


def _unsaid(line: Line) -> Iterator[Receiver]:
    """Whom a sentence that may tell of an award leaves unsaid or only points at: the focus, and who was named last."""
    document, focus = line.article.document, line.article.focus
    named = any(link == "here" for _, link in line.awards)
    if not named and not line.acts & _ACTS and not line.years and not line.is_of_the_focus:
        return
    here = {r.name for r in line.recipients}
    meant = {a.recipient.name: a for a in antecedents(document, line.index)}
    if focus is not None and focus.name not in here:
        yield _implied(line, focus, meant.pop(focus.name, None), named)
    for name, antecedent in meant.items():
        if name not in here and antecedent.pointer != "none":
            yield _implied(line, antecedent.recipient, antecedent, named)


def _implied(line: Line, recipient: Recipient, pointed: Antecedent | None, named: bool) -> Receiver:
    article, index, row = line.article, line.index, line.row
    document = article.document
    names = line.names
    first = next((s.name for s in row if set(s.cues) & CUES), None)
    own = [
        "implied",
        f"implied first cue:{first}",
        f"implied start:{' '.join(names[:2])}",
        f"implied start:{names[0] if names else ''}",
    ]
    own.append(f"implied others:{min(3, line.marks.recipients[-1])}")
    own.append(f"implied award:{named}|{first}")
    if points(document.text, *document.around(index)):
        own.append("implied pointed")
    if prizes.numbering(document.text, document.sentences[index]):
        own.append("implied, a numbered prize")
    is_focus = recipient is article.focus
    if line.is_of_the_focus and is_focus:
        own += ["implied, in its list", f"implied, in its list|named:{named}|acts:{bool(line.acts & _ACTS)}"]
    before = document.within(index - 1)
    is_near = any(isinstance(e, Recipient) and e.name == recipient.name for e in before)
    own.append(f"implied, focus before:{is_near}")
    own.append(f"implied type:{recipient.type}")
    who = "focus" if is_focus else "other"
    own.append(f"implied {who}")
    if pointed is None:
        own.append(f"implied {who}, not pointed at")
    else:
        own += [
            f"implied {who}, pointer:{pointed.pointer}",
            f"implied {who}, pointer:{pointed.pointer}|{recipient.type}",
            f"implied {who}, pointer:{pointed.pointer != 'none'}|back:{min(3, pointed.back)}|subject:{pointed.subject}",
            f"implied {who}, pointer:{pointed.pointer}|{first}",
        ]
    own += [f"implied {clue}" for year in line.years for clue in year.clues.names]
    unplaced = article.unplaced.get(index, ())
    own += [f"implied frame:{c.frame}" for c in unplaced]
    own += [f"implied frame:{c.frame}|{who}|pointed:{pointed is not None}" for c in unplaced]
    return Receiver(recipient, line, None, (Clues(own, parts=line.implied),), unplaced)


def _may_speak(document: Document, index: int) -> bool:
    sentence = document.sentences[index]
    if any(isinstance(e, Award) for e in document.within(index)):
        return True
    if any(set(c.ids) & _ACTS for c in document.cues_within(index)):
        return True
    if sentence.kind in ("item", "row") and sentence.heading is not None:
        return _may_introduce(document, sentence.heading)
    return STEP.search(document.text, sentence.start, sentence.end) is not None


def _may_introduce(document: Document, heading: int) -> bool:
    """Whether a list's introduction, or one of the lines above it, speaks of awards."""
    return any(
        any(isinstance(e, Award) for e in document.within(index)) or STEP.search(document.text, *document.around(index))
        for index in range(max(0, heading - 3), heading + 1)
    )


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


def _heading_clues(document: Document, heading: int) -> Iterator[str]:
    yield "listed"
    for name in {c for cue in document.cues_within(heading) for c in cue.ids} & CUES:
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
