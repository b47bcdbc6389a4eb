"""Claims -> award mentions: what the sentences left open is resolved within the article, repeated claims become one.

Order of thought: which award and which recipient the article is about (its focus); each claim's award, named or meant;
then for each record the rank, category, giver, date, place, presenter and acceptor that the text ties to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from etl import gazetteer
from etl.extract import details
from etl.extract.details import Found
from etl.extract.entities import Award, Entity, Organization, Recipient
from etl.extract.frames import Claim
from etl.extract.text import Sentence
from etl.gazetteer import Name
from etl.model import AwardKind, AwardMention, Evidence, RecipientType, Status

# Awards that a person receives, whoever governs what (DOMAIN.md 1, GUIDE: 'official').
_PERSONAL = re.compile(
    r"satya?lancana|satyalencana|manggala karya|pembina|tokoh|ceo|nirwasita|bunda|kepala daerah", re.IGNORECASE
)
_KINDS: dict[str, AwardKind] = {
    k: k for k in ("award", "predicate", "grade", "opinion", "decoration", "record", "ranking", "certificate")
}  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Document:
    """An article taken apart: what every step below looks at."""

    text: str
    sentences: Sequence[Sentence]
    entities: Sequence[Entity]
    cues: Sequence[Name]
    published: date | None
    outlet: str | None

    def around(self, index: int) -> tuple[int, int]:
        """The span of a sentence."""
        return self.sentences[index].start, self.sentences[index].end


@dataclass(slots=True)
class Draft:
    """A record in the making: the claims that agree on recipient, award and category, and what was found around them."""

    recipient: Recipient
    name: str
    type: RecipientType
    award: str
    award_span: tuple[int, int]
    series: str | None
    claims: list[Claim]
    status: Status
    recalled: bool
    year: int | None = None
    found: dict[str, Found] = field(default_factory=dict)
    in_focus: bool = True


def mentions(document: Document, claims: Iterable[Claim]) -> list[AwardMention]:
    """Every record of the article, in the order of the text."""
    resolved = _resolved(document, list(claims))
    drafts = _merged(document, resolved)
    for draft in drafts:
        _describe(document, draft)
    drafts = _told_apart(drafts)
    _occasion(document, drafts)
    made = [_mention(document, draft) for draft in drafts]
    return sorted(made, key=lambda m: (m.evidence[0].start, m.recipient, m.award))


# ---------------------------------------------------------------------------------------------------- what was left open


def _resolved(document: Document, claims: list[Claim]) -> list[tuple[Claim, Recipient, Award | None]]:
    """Claims with a recipient and, where the article has one, a named award."""
    focus = _focus_recipient(document, claims)
    main = _main_award(document, claims)
    resolved = []
    for claim in claims:
        recipient = claim.recipient or (focus if claim.frame in ("receive", "receive_passive") else None)
        if recipient is None or _gives(claim, recipient):
            continue
        award = claim.award or (main if not claim.recalled else None)
        if award is None and not _is_formal(document, claim):
            continue
        resolved.append((claim, recipient, award))
    return resolved


def _focus_recipient(document: Document, claims: Sequence[Claim]) -> Recipient | None:
    """Whom the article is about: the first claim's recipient, headline and lead first."""
    named = [c.recipient for c in claims if c.recipient and not c.recalled]
    if named:
        return named[0]
    early = [
        e
        for e in document.entities
        if isinstance(e, Recipient) and e.start < document.around(min(3, len(document.sentences) - 1))[1]
    ]
    counted = Counter(e.name for e in early)
    return next((e for e in early if e.name == counted.most_common(1)[0][0]), None) if early else None


def _main_award(document: Document, claims: Sequence[Claim]) -> Award | None:
    """The award the article is about: the one most claims name, the earliest of them in the text."""
    named = [c.award for c in claims if c.award and not c.recalled]
    if not named:
        first = [e for e in document.entities if isinstance(e, Award) and not e.generic]
        return first[0] if first and first[0].start < document.around(min(4, len(document.sentences) - 1))[1] else None
    counts = Counter(a.series or a.name for a in named)
    best = max(counts.values())
    return next(a for a in named if counts[a.series or a.name] == best)


def _gives(claim: Claim, recipient: Recipient) -> bool:
    """Whether the claim's recipient is its own giver (a region honours its citizens)."""
    giver = claim.giver
    return (
        isinstance(giver, Recipient)
        and bool(set(giver.codes) & set(recipient.codes))
        and giver.type == recipient.type == "region"
    )


def _is_formal(document: Document, claim: Claim) -> bool:
    """An award without a name counts when the clause has an award noun and a giver or a place on a scale."""
    start, end = document.around(claim.sentence)
    nouns = any(isinstance(e, Award) and start <= e.start < end for e in document.entities)
    return nouns and (
        claim.giver is not None or details.rank_near(document.text, (start, end), claim.span[0], None) is not None
    )


# -------------------------------------------------------------------------------------------------------- one per record


def _merged(document: Document, resolved: list[tuple[Claim, Recipient, Award | None]]) -> list[Draft]:
    drafts: dict[tuple[str, str, int | None, bool], Draft] = {}
    for claim, recipient, award in resolved:
        name, type_ = _recipient_name(document, recipient, award)
        label, series, span = _award_label(document, claim, award)
        if label is None:
            continue
        year = award.year if award else None
        recalled = claim.recalled or bool(year and document.published and year < document.published.year - 2)
        key = (name, series or label.lower(), year if recalled else None, recalled)
        own = _own_key(document, claim)
        draft = drafts.get((*key[:2], own, key[3])) or drafts.get((*key[:2], None, False))
        if draft is not None:
            draft.claims.append(claim)
            draft.recalled &= recalled
            draft.year = draft.year or year
            continue
        drafts[(*key[:2], own if recalled else None, key[3])] = Draft(
            recipient, name, type_, label, span, series, [claim], claim.status, recalled, year
        )
    return list(drafts.values())


def _own_key(document: Document, claim: Claim) -> int | None:
    return claim.sentence if claim.recalled else None


def _recipient_name(document: Document, recipient: Recipient, award: Award | None) -> tuple[str, RecipientType]:
    """A head of government stands for the region, unless the award is one that persons receive."""
    if recipient.office is not None:
        label = document.text[award.start : award.end] if award else ""
        series = gazetteer.series().get(award.series) if award and award.series else None
        if (series and series.kind == "decoration") or _PERSONAL.search(label):
            return (recipient.person or recipient.office), "official"
    return recipient.name, recipient.type


def _award_label(
    document: Document, claim: Claim, award: Award | None
) -> tuple[str | None, str | None, tuple[int, int]]:
    """(name, series, span); an award without a name is called after its giver."""
    if award is not None:
        return award.name, award.series, (award.start, award.end)
    if isinstance(claim.giver, Organization):
        return f"Penghargaan {claim.giver.name}", None, (claim.giver.start, claim.giver.end)
    if isinstance(claim.giver, Recipient):
        return f"Penghargaan Pemerintah {claim.giver.name}", None, (claim.giver.start, claim.giver.end)
    return None, None, claim.span


# ------------------------------------------------------------------------------------------------------ around a record


def _describe(document: Document, draft: Draft) -> None:
    """Rank, category and giver as the clauses of its claims say them."""
    series = gazetteer.series().get(draft.series) if draft.series else None
    for claim in draft.claims:
        span = document.around(claim.sentence)
        if claim.frame == "list":
            span = (claim.span[0], span[1])
        anchor = claim.award.start if claim.award else claim.span[0]
        rank = details.rank_near(document.text, span, anchor, series)
        category = details.category_near(document.text, span, anchor)
        title = details.title_after(document.text, span) if claim.frame in ("receive", "receive_passive") else None
        if rank and "rank" not in draft.found and (not claim.listed or claim.frame == "list"):
            draft.found["rank"] = rank
        if category and "category" not in draft.found and not (rank and category.value.lower() == rank.value.lower()):
            draft.found["category"] = category
        elif title and "category" not in draft.found and not category:
            draft.found["category"] = title
        if isinstance(claim.giver, Organization) and "giver" not in draft.found:
            draft.found["giver"] = Found(claim.giver.name, claim.giver.start, claim.giver.end)
        if claim.frame == "list":
            _inherit_from_heading(document, draft, claim, series)


def _inherit_from_heading(document: Document, draft: Draft, claim: Claim, series: gazetteer.Series | None) -> None:
    """A list item takes the category and level its heading announces."""
    sentence = document.sentences[claim.sentence]
    if sentence.heading is None:
        return
    span = document.around(sentence.heading)
    heading = details.category_near(document.text, span, span[0])
    level = details.rank_near(document.text, span, span[0], series)
    if heading and "category" not in draft.found:
        draft.found["category"] = heading
    if level and "rank" not in draft.found:
        draft.found["rank"] = level
    if (
        "rank" not in draft.found
        and sentence.number
        and re.search(r"peringkat|juara|terbaik|urutan", document.text[span[0] : span[1]], re.IGNORECASE)
    ):
        match = re.match(r"\s*\(?(\d{1,3})", document.text[sentence.start : sentence.end])
        if match:
            draft.found["rank"] = Found(match[1], sentence.start + match.start(1), sentence.start + match.end(1))


def _told_apart(drafts: list[Draft]) -> list[Draft]:
    """In focus is what the article reports; what it recalls from before is not."""
    for draft in drafts:
        draft.in_focus = not draft.recalled
    return drafts


def _occasion(document: Document, drafts: list[Draft]) -> None:
    """Date, place, presenter and acceptor of the reported event, for the records in focus that share its award."""
    focus = [d for d in drafts if d.in_focus]
    if not focus:
        return
    main = focus[0]
    sentences = sorted({c.sentence for d in focus for c in d.claims} | _event_sentences(document))
    found: dict[str, Found] = {}
    for index in sentences:
        span = document.around(index)
        for day in details.days_in(document.text, span, document.cues):
            meant = details.day_found(day, document.published, document.text)
            if (
                meant
                and "awarded_on" not in found
                and (document.published is None or meant.value <= document.published.isoformat())
            ):
                found["awarded_on"] = meant
        for name, value in (
            ("place", details.place_in(document.text, span) if index > 0 else None),
            ("presented_by", details.presenter_in(document.text, span, document.entities, document.cues)),
            ("received_by", details.acceptor_in(document.text, span, document.entities, document.cues)),
        ):
            if value and name not in found:
                found[name] = value
    if "received_by" not in found:
        speaker = _speaker_who_received(document)
        if speaker:
            found["received_by"] = speaker
    giver = _giver(document, focus)
    for draft in focus:
        co_winner = draft is not main and draft.name != main.name
        for name, value in found.items():
            if name == "received_by" and (co_winner or value.value == draft.name):
                continue
            if (
                co_winner
                and name in ("place", "presented_by", "awarded_on")
                and all(c.listed and c.frame != "list" for c in draft.claims)
                and draft.claims[0].award is None
            ):
                continue
            draft.found.setdefault(name, value)
        if giver and (draft.series == main.series or draft.award == main.award):
            draft.found.setdefault("giver", giver)


def _event_sentences(document: Document) -> set[int]:
    """Sentences that tell of the ceremony: a hand-over, an acceptance, an organizer, beside an award noun or a date."""
    marks = {"hand_over", "accepted_by", "give", "receive", "receive_passive", "award_subject", "organizer"}
    found = set()
    for index, sentence in enumerate(document.sentences):
        inside = [c for c in document.cues if sentence.start <= c.start < sentence.end]
        if any(set(c.ids) & marks for c in inside) and not any("recall" in c.ids or "plan" in c.ids for c in inside):
            if any(isinstance(e, Award) and sentence.start <= e.start < sentence.end for e in document.entities):
                found.add(index)
    return found


_AFTER_RECEIVING = re.compile(
    r"(?:nya|ujar|kata|ucap|tutur)\s+(?:seusai|usai|setelah|saat|ketika)\s+menerima\b", re.IGNORECASE
)


def _speaker_who_received(document: Document) -> Found | None:
    """'..., imbuhnya usai menerima penghargaan': the speaker is the head named last before."""
    match = _AFTER_RECEIVING.search(document.text)
    if match is None:
        return None
    heads = [
        e
        for e in document.entities
        if isinstance(e, Recipient) and e.person and e.person_span and e.start < match.start()
    ]
    return Found(heads[-1].person or "", *(heads[-1].person_span or (0, 0))) if heads else None


_BY = re.compile(
    r"\b(?:dari|oleh|versi|besutan|digelar|diselenggarakan|diberikan|diadakan|dihelat|yang)\s+(?:oleh\s+|langsung\s+)?(?:Kantor\s+|Majalah\s+|media\s+)?$"
)


def _giver(document: Document, focus: list[Draft]) -> Found | None:
    """The organization that the sentences about the award name as its giver or organizer."""
    about = {c.sentence for d in focus for c in d.claims} | _event_sentences(document)
    heads: list[Organization] = []
    for entity in document.entities:
        if not isinstance(entity, Organization):
            continue
        if not any(document.around(i)[0] <= entity.start < document.around(i)[1] for i in about):
            continue
        if _BY.search(document.text, max(0, entity.start - 30), entity.start):
            return Found(entity.name, entity.start, entity.end)
        heads.append(entity)
    giving = [
        e
        for e in heads
        if e.head
        or re.match(
            r"\s*(?:\([^)]*\)\s*)?(?:kembali\s+|juga\s+)?(?:memberi|mengganjar|menganugerah|menyerah|menobat|menetap|menggelar)",
            document.text[e.end : e.end + 40],
        )
    ]
    return Found(giving[0].name, giving[0].start, giving[0].end) if giving else None


# ---------------------------------------------------------------------------------------------------------------- output


def _mention(document: Document, draft: Draft) -> AwardMention:
    known = gazetteer.regions()
    codes = draft.recipient.codes
    code = codes[0] if len(codes) == 1 else None
    region = known[code].name if code else (_default_region(codes) if codes else None)
    series = gazetteer.series().get(draft.series) if draft.series else None
    claim = draft.claims[0]
    evidence = [
        _evidence(document, "recipient", draft.recipient.start, draft.recipient.end),
        _evidence(document, "award", *draft.award_span),
        *(_evidence(document, name, found.start, found.end) for name, found in sorted(draft.found.items())),
    ]
    value = {name: found.value for name, found in draft.found.items()}
    awarded_on = value.get("awarded_on")
    if draft.recalled:
        awarded_on = str(draft.year) if draft.year else None
    elif awarded_on is None and document.published and draft.status == "won" and claim.frame != "others":
        awarded_on = str(draft.year or document.published.year)
    return AwardMention(
        recipient=draft.name,
        recipient_type=draft.type,
        award=draft.award,
        evidence=tuple(evidence),
        region=region,
        region_code=code,
        series=draft.series,
        kind=_KINDS[series.kind] if series else "award",
        category=value.get("category"),
        rank=value.get("rank"),
        giver=value.get("giver"),
        presented_by=value.get("presented_by"),
        received_by=value.get("received_by"),
        awarded_on=awarded_on,
        edition_year=draft.year,
        place=value.get("place"),
        status="record" if series and series.kind == "record" and draft.status == "won" else draft.status,
        in_focus=draft.in_focus,
        confidence=_confidence(draft, claim),
    )


def _default_region(codes: tuple[str, ...]) -> str:
    known = gazetteer.regions()
    return known[min(codes, key=lambda c: {"kabupaten": 0, "kota": 1, "provinsi": 2}[known[c].kind])].name


def _evidence(document: Document, name: str, start: int, end: int) -> Evidence:
    return Evidence(name, start, end, document.text[start:end])


def _confidence(draft: Draft, claim: Claim) -> float:
    """A first, uncalibrated order: named award and typed recipient in one clause, twice told, in focus."""
    score = 0.55
    score += 0.15 * (claim.award is not None)
    score += 0.10 * (draft.series is not None)
    score += 0.10 * (draft.recipient.typed or draft.type != "region")
    score += 0.05 * (len(draft.claims) > 1)
    score -= 0.15 * draft.recalled + 0.10 * (draft.status == "nominated")
    return round(min(0.95, max(0.05, score)), 2)
