"""An article looked over: who and what it is about, how often names stand in it, and what that says of every name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from etl import gazetteer
from etl.extract.claims.scene import Claim
from etl.extract.document import Document
from etl.extract.fields import givers
from etl.extract.judge import Clues
from etl.extract.names.entities import SURE, Award, Entity, Organization, Recipient, common_words
from etl.extract.patterns import any_case, one_of
from etl.gazetteer import lowered


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
            award_key(e) for e in self.document.entities if isinstance(e, Award) and e.chance >= SURE and not e.generic
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
                best[award_key(e)] = max(best.get(award_key(e), 0.0), e.spoken)
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

    def names_giver(self, award: Award) -> bool:
        """Whether the article names who gives a listed award."""
        givers_ = gazetteer.series()[award.series].giver if award.series else None
        return givers_ is not None and not self._organizations.isdisjoint(givers_.split("; "))

    @cached_property
    def _organizations(self) -> frozenset[str]:
        return frozenset(e.name for e in self.document.entities if isinstance(e, Organization))

    @cached_property
    def events(self) -> list[Award]:
        """The awards of the headline, and those named most often."""
        named = [e for e in self.document.entities if isinstance(e, Award) and e.chance >= SURE and not e.generic]
        often = {key for key, count in self.awarded.most_common(2) if count > 1}
        end = self.document.sentences[0].end if self.document.sentences else 0
        found: dict[str, Award] = {}
        for award in named:
            if award.start < end or award_key(award) in often:
                found.setdefault(award_key(award), award)
        return list(found.values())[:3]

    @cached_property
    def lead(self) -> list[Award]:
        """The awards of the sentences that say what happened: 'dalam ajang X', whose prizes go by other names below."""
        named = (e for i in range(1, min(_LEAD, len(self.document.sentences))) for e in self.document.within(i))
        return [e for e in named if isinstance(e, Award) and e.chance >= SURE and not e.generic]

    @cached_property
    def headline(self) -> frozenset[str]:
        """Names, awards and cue classes of the headline."""
        names = (
            e.name if isinstance(e, Recipient) else award_key(e)
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
    def governments(self) -> frozenset[tuple[str, ...]]:
        """The regions of the recipients that claims name, but for the holders of offices."""
        return frozenset(
            c.recipient.codes for c in self.claims if c.recipient is not None and c.recipient.office is None
        )

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
        said = {c for cue in self.document.cues for c in cue.ids} & CUES
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
        general = [c for c in names if c.startswith(GENERAL)]
        return {"implied": Clues(names, "implied|"), **{level: Clues(general, f"{level}|") for level in LEVELS}}


_LEAD = 3  # sentences: the headline and those that say what happened
_WINNING = frozenset(f"cue:{c}" for c in ("receive", "receive_passive", "award_subject", "give", "hand_over"))
CUES = frozenset(
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


def award_key(award: Award) -> str:
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
    counts = Counter(award_key(a) for a in named)
    best = max(counts.values())
    return next(a for a in named if counts[award_key(a)] == best)


STEP = re.compile(
    one_of(
        *any_case(
            "kategori", r"juara\w*", "terbaik", r"peringkat\w*", "posisi", "urutan", "predikat", "level", "opini", "gelar",
            "pemenang", "penerima", "peraih", "nominasi", "nominator", "rekor", "WTP",
        )
    )
    + r"\b"
)  # fmt: skip


# Clues that mean one thing where words tie a name to an award and another where it only stands there.
GENERAL = (
    "first name", "fits", "foreign", "recipient in headline", "focus", "not focus", "home", "left:", "right:", "named:",
    "article claims",
    "headline", "unwon", "run after", "first<", "first>", "ambiguous", "award<", "award>", "kind:",
)  # fmt: skip


LEVELS = ("by frame", "by list", "by nothing", "by noun", "by act")
_POINTS = re.compile(
    one_of(
        *(
            rf"{place}\s+(?:\w+\s+)?(?i:itu|tersebut|ini)"
            for place in any_case(
                "kabupaten", "kota", "provinsi", "daerah", "desa", "kelurahan", "sekolah", "kecamatan", "rumah sakit",
                "perusahaan", "bank",
            )
        ),
        *any_case("ia", "dia", "beliau", "kami", "kita"),
    )
    + r"\b"
)  # fmt: skip
_OF_SOMEBODY = re.compile(r"[Nn](?<=\w.)[Yy][Aa]\b")


def points(text: str, start: int, end: int) -> bool:
    """Whether words point at somebody named before: 'kota itu', 'ia', 'prestasinya'."""
    return _POINTS.search(text, start, end) is not None or _OF_SOMEBODY.search(text, start, end) is not None


_TITLE_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")


def is_claimed(article: Survey, index: int, type_: str) -> bool | None:
    """Whether a sentence's claims name a recipient of a kind; None when they name none."""
    types = article.claimed.get(index)
    return type_ in types if types else None
