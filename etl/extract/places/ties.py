"""Which awards a sentence may speak of, and what ties each to a name; the model `award` weighs it.

Recall is this module's business: those that the sentence names, else those named before, the article's own, or one without
a name.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl import gazetteer
from etl.extract.claims.scene import Claim
from etl.extract.document import Document
from etl.extract.fields import details
from etl.extract.judge import Clues
from etl.extract.names.entities import LIKELY, SURE, Award, Recipient
from etl.extract.places.survey import CUES, Survey, award_key
from etl.extract.symbols import Symbol, reach_of
from etl.gazetteer import lowered

if TYPE_CHECKING:
    from etl.extract.places.receivers import Line


@dataclass(frozen=True, slots=True)
class Choice:
    """An award that may be meant (None: one without a name), where it was looked for, and what speaks for it."""

    award: Award | None
    link: str
    clues: tuple[Clues, ...]


def implied_tie(line: Line, focus: Recipient, award: Award | None, link: str) -> Iterator[str]:
    yield f"implied link:{link}"
    at = line.place.get(award.start) if award is not None else None
    if at is not None:
        yield f"implied award:{line.row[at - 1].name if at else '^'} _"
        yield f"implied award:_ {line.row[at + 1].name if at + 1 < len(line.row) else '$'}"
    if award is not None:
        yield from _series_clues(line.article.document, line.row, focus, award, link)


def awards_of(article: Survey, index: int) -> Iterator[tuple[Award | None, str]]:
    """Those it names; else the ones named last before, the article's own, or one without a name. With how it was found."""
    document, main = article.document, article.main
    named: dict[str, Award] = {}
    for entity in document.within(index):
        if isinstance(entity, Award) and not entity.generic:
            named.setdefault(award_key(entity), entity)
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
        if any(award_key(award) == award_key(other) for other in asked):
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
                is_main = main is not None and award_key(award) == award_key(main)
                yield award, link(award, "before", "earlier") + (", main" if is_main else "")
    if main is not None and new(main):
        yield main, "main" if main.start < document.sentences[index].start else "main, later"
    for found, awards in (("event", article.events), ("lead", article.lead)):
        yield from ((award, found) for award in awards if new(award))
    if generic or not sure or (heading is not None and article.has_nameless):
        yield None, "nameless"
    elif article.has_nameless:
        yield None, "nameless before"


def awards_beside(
    article: Survey, index: int, named: Sequence[tuple[Award | None, str]]
) -> Iterator[tuple[Award | None, str]]:
    """Awards that a sentence may mean though it, or the line above its list, names a sure one: that may be a category of
    theirs or an aside.
    """
    if not any(award is not None and link in ("here", "heading") for award, link in named):
        return
    document, main = article.document, article.main
    seen = {award_key(award) for award, _ in named if award is not None}

    def new(award: Award) -> bool:
        if award.generic or award.chance < LIKELY or award_key(award) in seen:
            return False
        seen.add(award_key(award))
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
    for found, awards in (("event, beside", article.events), ("lead, beside", article.lead)):
        yield from ((award, found) for award in awards if new(award))
    if article.has_nameless and all(award is not None for award, _ in named):
        yield None, "nameless, beside"


def rival_clues(line: Line, award: Award | None, link: str) -> Iterator[str]:
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


def _told_before(article: Survey, index: int) -> list[Award]:
    """The awards of the sentence before, which a sentence goes on with: 'Ketujuhnya ialah Bupati X, ...'."""
    document = article.document
    if not _POINTS_BACK.match(document.text, document.sentences[index].start):
        return []
    before = next((i for i in range(index - 1, -1, -1) if document.sentences[i].kind != "aside"), None)
    found: dict[str, Award] = {}
    for entity in document.within(before) if before is not None else ():
        if isinstance(entity, Award) and not entity.generic and entity.chance >= SURE:
            found.setdefault(award_key(entity), entity)
    return list(found.values())


def award_clues(
    article: Survey, award: Award | None, row: Sequence[Symbol], place: dict[int, int], link: str
) -> Iterator[str]:
    if award is None:
        yield f"nameless|{link}"
        classes = {c for symbol in row for c in symbol.cues} & CUES
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
    if award.subject:
        yield from (f"subject|{link}", f"subject:{award.series}", f"subject, its giver:{article.names_giver(award)}")
    if award.spoken is not None:
        yield from _spoken_clues(article, award, link)
    if award_key(award) in article.headline:
        yield "award in headline"
        yield f"award in headline|{link}"
    if article.main is not None and award_key(award) == award_key(article.main):
        yield "main award"
        yield f"main award|{link}"
    at = place.get(award.start)
    if at is not None:
        names = [s.name for s in row]
        yield f"award left:{names[at - 1] if at else '^'}"
        yield f"award left:{' '.join(names[max(0, at - 2) : at])}"
        yield f"award right:{names[at + 1] if at + 1 < len(names) else '$'}"
    if award.year is not None and article.document.latest_year is not None:
        yield f"award age:{min(3, max(0, article.document.latest_year - award.year))}"


def tie_clues(
    article: Survey, row: Sequence[Symbol], at: int, recipient: Recipient, award: Award | None, link: str,
    place: dict[int, int], claims: Sequence[Claim],
) -> Iterator[str]:  # fmt: skip
    kind = row[at].name
    where = link
    there = place.get(award.start) if award is not None else None
    if there is not None:
        where = "right" if there > at else "left"
        yield from _gap(row, at, there, where)
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
            same = award is not None and award_key(claim.award) == award_key(award)
            yield f"frame's award:{same}"
            yield f"frame's award:{same}|{where}"
    if award is not None:
        yield from _series_clues(article.document, row, recipient, award, where)


def _spoken_clues(article: Survey, award: Award, link: str) -> Iterator[str]:
    """How a listed award is spoken of, here and where the article speaks of it best: 'kategori Evaluasi SAKIP' is no prize."""
    best = article.spoken.get(award_key(award), 0.0)
    for name, chance in (("spoken", award.spoken or 0.0), ("best spoken", best)):
        step = bisect_left(_SPOKEN, chance)
        yield f"{name}:{step}|{link}"
        yield from (f"{name} over {_SPOKEN[n]}" for n in range(step))


_SPOKEN = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9)
_PERSONS_TITLE = re.compile(
    r"(?:Guru|Kepala|Tenaga|Nakes|Bidan|Dokter|Perawat|Polisi|Bhabin|Babinsa|Camat|Lurah|Kades|Bupati|Wali"
    r"|Gubernur|Tokoh|Petani|Kader)\b"
)


def may_receive(recipient: Recipient, award: Award) -> bool:
    """A 'Provinsi Layak Anak' is no kabupaten, a Satyalancana no government's and an audit opinion nobody's but one."""
    series = gazetteer.series().get(award.series) if award.series else None
    if series is not None and series.recipients and series.kind in ("decoration", "opinion", "predicate"):
        # 'Tulungagung' may stand for its bupati, and a name without a title be an official's
        heads = recipient.office is not None or recipient.type in ("region", "person")
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


def _gap(row: Sequence[Symbol], at: int, award: int, where: str) -> Iterator[str]:
    """How far a name stands from an award, and what is between the two."""
    between = row[min(at, award) + 1 : max(at, award)]
    yield f"gap {where}:{reach_of(abs(at - award))}"
    if len(between) <= 5:
        yield f"gap {where}:{' '.join(s.name for s in between)}"
