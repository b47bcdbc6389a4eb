"""Claims -> award mentions: what the sentences left open is resolved within the article, repeated claims become one.

Order of thought: which award and which recipient the article is about (its focus); each claim's award, named or meant;
claims that say the same become one draft; then what the text ties to each: rank, category, and the occasion.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from etl import gazetteer
from etl.extract import details, occasion
from etl.extract.details import Found
from etl.extract.document import Document
from etl.extract.entities import Award, Organization, Recipient
from etl.extract.scene import Claim
from etl.gazetteer import lowered
from etl.model import AwardKind, AwardMention, Evidence, RecipientType, Status

# Awards that a person receives, whoever governs what (DOMAIN.md 1; GUIDE: 'official').
_PERSONAL = re.compile(
    r"satya?lancana|satyalencana|manggala karya|pembina|tokoh|\bceo\b|nirwasita|bunda|kepala daerah|lencana|bintang",
    re.IGNORECASE,
)
_PLAQUE = "penghargaan-wtp"


@dataclass(slots=True)
class Draft:
    """A record in the making: the claims that agree on it, and what was found around them."""

    recipient: Recipient
    name: str
    type: RecipientType
    award: str
    award_span: tuple[int, int]
    series: str | None
    claims: list[Claim]
    status: Status
    recalled: bool
    year: int | None = None  # of the edition, or the one a recalled award is put in
    found: dict[str, Found] = field(default_factory=dict)
    partners: tuple[Found, ...] = ()

    @property
    def catalogue(self) -> gazetteer.Series | None:
        """The award's row of the catalogue."""
        return gazetteer.series().get(self.series) if self.series else None


def mentions(document: Document, claims: Sequence[Claim]) -> list[AwardMention]:
    """Every record of the article, in the order of the text."""
    drafts = _without_bystanders(_merged(document, _resolved(document, claims)))
    for draft in drafts:
        _describe(document, draft)
    drafts = [part for draft in drafts for part in _by_category(document, draft)]
    reported = [] if _is_about_something_else(document, claims) else [d for d in drafts if not d.recalled]
    _attach_occasion(document, reported)
    for draft in drafts:
        if draft.catalogue and draft.catalogue.kind in ("opinion", "record") and "giver" not in draft.found:
            giver = occasion.catalogued_giver(document, draft.series)  # always the same: BPK, MURI
            draft.found |= {"giver": giver} if giver else {}
    made = [_mention(document, draft, draft in reported) for draft in drafts]
    return sorted(made, key=lambda m: (m.evidence[0].start, m.evidence[1].start, m.recipient, m.award))


# ---------------------------------------------------------------------------------------------------- what was left open

Resolved = tuple[Claim, Recipient, Award | None]


def _resolved(document: Document, claims: Sequence[Claim]) -> list[Resolved]:
    """Claims with their recipient and, where the article has one, a named award."""
    focus = _focus_recipient(document, claims)
    main = _main_award(document, claims)
    owner = _owner_of_aside(document, claims, main, focus)
    resolved = []
    for claim in claims:
        recipient = claim.recipient or _pointed_at(document, claim) or focus
        if recipient is None or _gives_itself(claim, recipient):
            continue
        is_meant = owner in (None, recipient.name) or claim.frame == "others"
        award = claim.award
        if award is None and is_meant and not _is_another_award(document, claim, main):
            award = _meant(document, claim, main)
        if award is not None or (claim.giver is not None and _is_formal(document, claim)):
            resolved.append((claim, _typed(document, claim, recipient), award))
    return resolved


_THAT_REGION = re.compile(
    r"\b(?:kabupaten|kota|provinsi|daerah|desa|kelurahan)\s+(?:\w+\s+)?(?:itu|tersebut)\b", re.IGNORECASE
)


def _pointed_at(document: Document, claim: Claim) -> Recipient | None:
    """'Opini WTP juga diperoleh kabupaten kepulauan tersebut': the region named last before."""
    match = _THAT_REGION.search(document.text, *document.around(claim.sentence))
    if match is None:
        return None
    before = [e for e in document.entities if isinstance(e, Recipient) and e.codes and e.start < match.start()]
    return before[-1] if before else None


def _focus_recipient(document: Document, claims: Sequence[Claim]) -> Recipient | None:
    """Whom the article is about: the first claim's recipient; else the one named first in the headline."""
    named = [c.recipient for c in claims if c.recipient and not c.recalled]
    if named:
        return named[0]
    headline = [e for e in document.within(0) if isinstance(e, Recipient)]
    return headline[0] if headline else None


def _main_award(document: Document, claims: Sequence[Claim]) -> Award | None:
    """The award the article is about: the one most claims name, the earliest of them; else the first named at all."""
    named = [c.award for c in claims if c.award and not c.recalled]
    if not named:
        early = document.sentences[min(4, len(document.sentences) - 1)].end
        return next((e for e in document.entities if isinstance(e, Award) and not e.generic and e.start < early), None)
    counts = Counter(a.series or a.name for a in named)
    best = max(counts.values())
    return next(a for a in named if counts[a.series or a.name] == best)


def _meant(document: Document, claim: Claim, main: Award | None) -> Award | None:
    """The award a claim leaves unsaid: the one whose scale has the level it names ('kategori Pratama didapat R'); of a list
    or a roll the one named shortly before it; else the article's own.
    """
    heading = document.sentences[claim.sentence].heading
    last = claim.sentence if heading is None else heading
    in_list = claim.frame in ("roll", "following", "list")
    reach = range(max(0, last - (2 if in_list else 6)), last + 1)
    before = [e for i in reach for e in document.within(i) if e.start < claim.span[0]]
    named = [e for e in reversed(before) if isinstance(e, Award) and not e.generic]
    spans = [document.around(claim.sentence), document.around(last)]
    for award in named:
        if award.series and any(details.has_level(document.text, span, award.series) for span in spans):
            return award
    return (named[0] if named else main) if in_list else main


def _owner_of_aside(
    document: Document, claims: Sequence[Claim], main: Award | None, focus: Recipient | None
) -> str | None:
    """Of an award named once and late, whose it is: nobody else's unnamed award is meant by it. None: anybody's."""
    late = document.sentences[min(6, len(document.sentences) - 1)].end
    named = [c for c in claims if c.award is not None and not c.recalled]
    same = [
        e for e in document.entities if isinstance(e, Award) and main and (e.series, e.name) == (main.series, main.name)
    ]
    if main is None or same[0].start < late or len(named) != 1:
        return None
    owner = named[0].recipient or focus
    return owner.name if owner else None


def _gives_itself(claim: Claim, recipient: Recipient) -> bool:
    """Whether the claim's recipient is its own giver (a region that honours its citizens)."""
    giver = claim.giver
    return isinstance(giver, Recipient) and giver.type == recipient.type == "region" and giver.name == recipient.name


def _is_another_award(document: Document, claim: Claim, main: Award | None) -> bool:
    """'Pemkot X memberikan penghargaan kepada ...' in an article about the city's own award: not that award."""
    if main is None or claim.frame != "give" or not isinstance(claim.giver, Recipient):
        return False
    generic = any(isinstance(e, Award) and e.generic for e in document.within(claim.sentence))
    return generic and claim.recipient is not None and claim.recipient.type != "region"


def _is_formal(document: Document, claim: Claim) -> bool:
    """An award without a name counts when an award noun stands with its giver."""
    return any(isinstance(e, Award) for e in document.within(claim.sentence))


def _typed(document: Document, claim: Claim, recipient: Recipient) -> Recipient:
    """A bare ambiguous name takes the kind that the category beside it, or the heading above it, names."""
    known = gazetteer.regions()
    if len(recipient.codes) < 2 or recipient.type != "region" or recipient.typed:
        return recipient
    kinds = {lowered(m[1]) for m in _KIND_WORD.finditer(document.text, *document.around(claim.sentence))}
    heading = document.sentences[claim.sentence].heading
    if not kinds and heading is not None:
        kinds = {lowered(m[0]) for m in _KIND.finditer(document.text, *document.around(heading))}
    codes = tuple(c for c in recipient.codes if kinds == {known[c].kind})
    return replace(recipient, codes=codes, name=known[codes[0]].name) if len(codes) == 1 else recipient


_KIND = re.compile(r"\b(?:kota|kabupaten|provinsi)\b", re.IGNORECASE)
_KIND_WORD = re.compile(
    r"\b(kota|kabupaten|provinsi)\s+(?:besar|sedang|kecil|menengah|metropolitan|ter\w+|sangat|\()", re.IGNORECASE
)


# -------------------------------------------------------------------------------------------------------- one per record


def _merged(document: Document, resolved: Sequence[Resolved]) -> list[Draft]:
    """Claims that agree on recipient, award and, when recalled, year."""
    drafts: dict[tuple[object, ...], Draft] = {}
    for claim, recipient, award in resolved:
        name, type_ = _recipient_name(document, recipient, award)
        label, series, span = _award_label(claim, award)
        if not label or not name:
            continue
        edition = award.year if award else None
        for year in _recalled_years(document, claim, edition) or (None,):
            recalled = claim.recalled or year is not None
            key = (name, series or lowered(label), year if recalled else None, recalled, _own(claim))
            draft = drafts.get(key)
            if draft is None:
                drafts[key] = draft = Draft(recipient, name, type_, label, span, series, [], claim.status, recalled)
            draft.claims.append(claim)
            draft.year = draft.year or year or edition
            if claim.status == "won":
                draft.status = "won"
    return _with_lists(list(drafts.values()))


def _with_lists(drafts: list[Draft]) -> list[Draft]:
    """The lead's 'Jawa Tengah raih A' and the list's item '5. Jawa Tengah' are one record: the item, with the lead's words."""
    items = {(d.name, d.series or lowered(d.award)): d for d in reversed(drafts) if d.claims[0].frame == "list"}
    kept = []
    for draft in drafts:
        item = items.get((draft.name, draft.series or lowered(draft.award)))
        if item is None or item is draft or draft.recalled or draft.claims[0].frame == "list":
            kept.append(draft)
        else:
            item.claims += draft.claims
            item.recipient, item.award_span = draft.recipient, draft.award_span
    return kept


def _without_bystanders(drafts: list[Draft]) -> list[Draft]:
    """Without recipients of a kind that the series never goes to, where the same series has one of its kind.

    'Langkat raih empat Adiwiyata': the schools named receive it, the regency does not.
    """
    fitting = {d.series for d in drafts if d.catalogue and d.type in d.catalogue.recipients}
    return [
        d for d in drafts
        if d.series not in fitting or not d.catalogue or not d.catalogue.recipients or d.type in d.catalogue.recipients
    ]  # fmt: skip


def _own(claim: Claim) -> int | None:
    """List items are records of their own: the same name may win in two categories."""
    return claim.sentence if claim.frame == "list" else None


def _recipient_name(document: Document, recipient: Recipient, award: Award | None) -> tuple[str, RecipientType]:
    """A head of government stands for the region, unless the award is one that persons receive."""
    if recipient.office is not None:
        label = document.text[award.start : award.end] if award else ""
        series = gazetteer.series().get(award.series) if award and award.series else None
        if (series and series.kind == "decoration") or _PERSONAL.search(label):
            return (recipient.person or recipient.office), "official"
    return recipient.name, recipient.type


def _award_label(claim: Claim, award: Award | None) -> tuple[str, str | None, tuple[int, int]]:
    """(name, series, span); an award without a name is called after its giver."""
    giver = claim.giver
    if award is not None:
        by_others = isinstance(giver, Recipient) or (isinstance(giver, Organization) and giver.kind != "state_audit")
        if award.series == "opini-wtp" and by_others and _PLAQUE in gazetteer.series():
            return gazetteer.series()[_PLAQUE].name, _PLAQUE, (award.start, award.end)
        return award.name, award.series, (award.start, award.end)
    if giver is None:
        return "", None, claim.span
    return f"Penghargaan {occasion.giver_name(giver)}", None, (giver.start, giver.end)


_YEAR = re.compile(r"(?<![\d/.-])((?:19|20)\d\d)(?![\d/]|\s*[-–]\s*\d)")
_NOT_WHEN = re.compile(
    r"(?:anggaran|TA|LKPD|LPPD|keuangan|periode|kinerja|fiskal|penilaian|laporan|berjalan|sejak|UU|Nomor|No\.?|RPJMD|HUT|sepanjang|masa)"
    r"\s*(?:tahun\s+)?(?:\d{4}\s*[-–]\s*)?$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"((?:19|20)\d\d)\s*(?:[-–]|sampai|hingga|s/d)\s*((?:19|20)\d\d)")


def _recalled_years(document: Document, claim: Claim, edition: int | None) -> list[int]:
    """Earlier years that the claim's sentence puts it in: 'pada 2015 dan 2016', the last of '2007 sampai 2013'."""
    latest = document.latest_year
    if latest is None or claim.frame in ("list", "roll"):
        return []
    years = _years_said(document, claim.sentence)
    if len(years) > 1 and claim.sentence > 2:
        return sorted(years)
    earlier = sorted(y for y in years if y < latest)
    if not earlier or claim.recalled:
        return earlier
    is_news = latest in years or (edition is not None and edition >= latest - 1)
    dated = details.all_days(document.text, document.around(claim.sentence))
    return [] if is_news or dated or (claim.sentence <= 2 and max(earlier) == latest - 1) else earlier


def _years_said(document: Document, index: int) -> set[int]:
    """Years a sentence names as times: not in a date or an award's name, not a fiscal year, not the years of a streak."""
    text, (start, end) = document.text, document.around(index)
    ranges = [(m.start(), m.end(), int(m[2])) for m in _RANGE.finditer(text, start, end)]
    taken = [(d.start, d.end) for d in details.all_days(text, (start, end))]
    taken += [(e.start, e.end) for e in document.within(index) if isinstance(e, Award)]
    taken += [(first, last) for first, last, _ in ranges]
    taken += [(c.end, c.end + 30) for c in document.cues_within(index) if "streak" in c.ids]
    said = {last for first, _, last in ranges if not _NOT_WHEN.search(text, max(start, first - 30), first)}
    for match in _YEAR.finditer(text, start, end):
        if not any(a <= match.start() < b for a, b in taken):
            if not _NOT_WHEN.search(text, max(start, match.start() - 30), match.start()):
                said.add(int(match[1]))
    return said


# ------------------------------------------------------------------------------------------------------ around a record


def _describe(document: Document, draft: Draft) -> None:
    """Rank and category as the clauses of the draft's claims, or the heading of its list, say them."""
    for claim in draft.claims:
        if rank := _rank(document, draft, claim):
            draft.found.setdefault("rank", rank)
        category = _category(document, claim)
        if category and not (rank and lowered(category.value) == lowered(rank.value)):
            draft.found.setdefault("category", category)


def _rank(document: Document, draft: Draft, claim: Claim) -> Found | None:
    text, sentence, span = document.text, document.sentences[claim.sentence], document.around(claim.sentence)
    if sentence.kind == "row" and (cell := details.cell_under(text, document.sentences, claim.sentence, _RANK_COLUMNS)):
        return cell
    if claim.frame == "list":
        rank = details.rank_near(text, (claim.span[0], span[1]), claim.span[0], draft.catalogue)
        if rank is None and sentence.heading is not None:
            heading = document.around(sentence.heading)
            rank = details.rank_near(text, heading, heading[0], draft.catalogue)
            rank = rank or details.number_as_rank(text, sentence, heading)
        return rank
    named = [(e.start, e.end) for e in document.within(claim.sentence) if isinstance(e, Recipient)]
    ranks = details.ranks_in_run(text, span, named) if len(named) > 1 else {}
    if ranks and claim.recipient is not None:
        return ranks.get(claim.recipient.start)
    return details.rank_near(text, span, claim.span[0], draft.catalogue)


_RANK_COLUMNS = ("peringkat", "juara", "ranking", "predikat", "tingkat", "hasil")
_CATEGORY_COLUMNS = ("kategori", "bidang", "kelompok", "klaster")


def _category(document: Document, claim: Claim) -> Found | None:
    text, sentence, span = document.text, document.sentences[claim.sentence], document.around(claim.sentence)
    if sentence.kind == "row" and (
        cell := details.cell_under(text, document.sentences, claim.sentence, _CATEGORY_COLUMNS)
    ):
        return cell
    behind = claim.span[0], span[1]
    found = details.category_near(
        text, behind if claim.frame == "list" else span, claim.award.start if claim.award else claim.span[0]
    )
    if found is None and claim.award is not None:
        found = details.title_in_name(text, claim.award.start, claim.award.end)
    if found is None and claim.frame in ("receive", "receive_passive"):
        found = details.title_after(text, behind)
    if found is None and claim.award is None and claim.giver is not None:
        found = details.reason_after(text, behind)
    if found is None and claim.frame == "list" and sentence.heading is not None:
        found = details.heading_category(text, document.around(sentence.heading))
    return found


def _by_category(document: Document, draft: Draft) -> list[Draft]:
    """'untuk tiga kategori, yakni X, Y, serta Z': three records."""
    for claim in draft.claims:
        categories = details.enumerated_categories(document.text, document.around(claim.sentence))
        if len(categories) > 1:
            return [replace(draft, found={**draft.found, "category": category}) for category in categories]
    return [draft]


def _is_about_something_else(document: Document, claims: Sequence[Claim]) -> bool:
    """A target, a failure or a nominee list recalls awards; none of them is its news."""
    classes = {c for cue in document.cues_within(0) for c in cue.ids}
    return bool(classes & {"plan", "negative", "loser"}) and not any(c.sentence <= 3 and c.recipient for c in claims)


def _attach_occasion(document: Document, reported: Sequence[Draft]) -> None:
    """What the text ties to the event goes to the records it reports, as far as it holds for each of them."""
    if not reported:
        return
    main = reported[0]
    about = {c.sentence for d in reported for c in d.claims}
    shared = occasion.occasion_of(document, about, main.series)
    for draft in reported:
        own = next((c.giver for c in draft.claims if c.giver is not None and occasion.giver_name(c.giver)), None)
        if own is not None:
            draft.found["giver"] = Found(occasion.giver_name(own), own.start, own.end)
        same_award = draft.award == main.award or (draft.series is not None and draft.series == main.series)
        if "giver" not in draft.found:
            said = {c.sentence for c in draft.claims}
            giver = shared.found.get("giver") if same_award else occasion.giver_of(document, said, draft.series)
            if giver is not None:
                draft.found["giver"] = giver
        if all(c.frame == "others" for c in draft.claims):
            continue  # a bare mention among the winners says nothing of where and when
        if day := _own_day(document, draft):
            draft.found["awarded_on"] = day
        for name in ("awarded_on", "place", "presented_by"):
            if name in shared.found:
                draft.found.setdefault(name, shared.found[name])
        acceptor = shared.acceptor_for(draft.recipient.codes, draft.name == main.name)
        if acceptor is not None and acceptor.value != draft.name:
            draft.found.setdefault("received_by", acceptor)
    main.partners = shared.partners


def _own_day(document: Document, draft: Draft) -> Found | None:
    """The day that the sentence of a claim itself gives: 'meraih A pada 22 Juli 2023'."""
    for claim in draft.claims:
        span = claim.span[0], document.around(claim.sentence)[1]
        for day in details.days_in(document.text, span, document.cues_within(claim.sentence)):
            found = details.day_found(day, document.published, document.latest_year)
            if found and (document.published is None or found.value <= document.published.isoformat()):
                return found
    return None


# ---------------------------------------------------------------------------------------------------------------- output

_KINDS: dict[str, AwardKind] = {
    k: k for k in ("award", "predicate", "grade", "opinion", "decoration", "record", "ranking", "certificate")
}


def _mention(document: Document, draft: Draft, in_focus: bool) -> AwardMention:
    known = gazetteer.regions()
    codes = draft.recipient.codes or document.home
    code = codes[0] if len(codes) == 1 else None
    series = draft.catalogue
    first = draft.claims[0]
    value = {name: found.value for name, found in draft.found.items()}
    evidence = (
        _evidence(document, "recipient", *_recipient_span(draft)),
        _evidence(document, "award", *draft.award_span),
        *(_evidence(document, name, found.start, found.end) for name, found in sorted(draft.found.items())),
        *(_evidence(document, "partners", partner.start, partner.end) for partner in draft.partners),
        _evidence(document, "status", *first.span),
    )
    return AwardMention(
        recipient=draft.name,
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
        giver=value.get("giver"),
        presented_by=value.get("presented_by"),
        received_by=value.get("received_by"),
        partners=tuple(partner.value for partner in draft.partners),
        awarded_on=_awarded_on(document, draft, value.get("awarded_on")),
        edition_year=draft.year,
        place=value.get("place"),
        status="record" if series and series.kind == "record" and draft.status == "won" else draft.status,
        in_focus=in_focus,
        confidence=_confidence(draft),
    )


def _recipient_span(draft: Draft) -> tuple[int, int]:
    recipient = draft.recipient
    if draft.type == "official" and recipient.person_span:
        return recipient.person_span
    return recipient.start, recipient.end


def _region(codes: tuple[str, ...]) -> str | None:
    known = gazetteer.regions()
    order = {"kabupaten": 0, "kota": 1, "provinsi": 2}
    return known[min(codes, key=lambda c: order[known[c].kind])].name if codes else None


def _awarded_on(document: Document, draft: Draft, day: str | None) -> str | None:
    """The day found; of a recalled award the year it is put in; of fresh news without a day the year of publication."""
    if draft.recalled:
        return str(draft.year) if draft.year else None
    if day or draft.status == "nominated" or draft.claims[0].frame == "others":
        return day
    if document.published is not None:
        return str(document.published.year)
    year = draft.year or document.latest_year
    return str(year) if year else None


def _evidence(document: Document, name: str, start: int, end: int) -> Evidence:
    return Evidence(name, start, end, document.text[start:end])


# How often claims of a frame are right, measured on labelled articles (`make bench`, calibration); what is taken off it.
_FRAME_CONFIDENCE = {
    "list": 0.95, "roll": 0.95, "following": 0.94, "for": 0.91, "award_subject": 0.91, "hand_over": 0.90, "accepted_by": 0.88,
    "receive": 0.86, "others": 0.85, "give": 0.78, "receive_passive": 0.75, "nominee": 0.60,
}  # fmt: skip


def _confidence(draft: Draft) -> float:
    """The expected share of such mentions that are right: of the surest frame that claims it, less what is uncertain."""
    score = max(_FRAME_CONFIDENCE[c.frame] + 0.04 * (c.place_in_list is not None) for c in draft.claims)
    score -= 0.25 * (draft.series is None)  # a name only its capitals make one, or none at all
    score -= 0.08 * all(c.recipient is None for c in draft.claims)  # understood, not said
    score -= 0.05 * (len(draft.recipient.codes) > 1)  # kota or kabupaten
    score -= 0.05 * draft.recalled + 0.20 * (draft.status == "nominated")
    return round(min(0.99, max(0.05, score)), 2)
