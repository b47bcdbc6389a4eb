"""Sentences -> claims: who is said to have received (or to be nominated for) what. One frame a construction.

A frame is an order of roles around a cue word of etl/gazetteer/cues.csv:

    receive          R meraih A (dari G)                R  = recipient
    receive_passive  R dinobatkan sebagai C / dianugerahi A
    award_subject    A diraih R; A jatuh kepada R; A diberikan kepada R
    give             G menganugerahkan A kepada R; G mengganjar R (dengan) A
    list             a heading or a sentence that ends in ':' or 'yakni', then recipients

Nothing here knows the rest of the article; what is left open (`award` None) etl.extract.records resolves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etl.extract.entities import Award, Entity, Organization, Recipient
from etl.extract.text import Sentence
from etl.gazetteer import Name
from etl.model import Status

WIN = ("receive", "receive_passive", "award_subject", "give")
_BLOCKING = ("negative", "plan", "figurative")
_CLAUSE = re.compile(
    r";|,?\s+(?:sedangkan|sementara(?: itu)?|adapun|namun|tetapi|tapi|disusul|diikuti|lalu|kemudian|padahal|meski(?:pun)?)\s+|\.\s+"
)
# What may stand between two names of one list.
_JOINT = re.compile(
    r"\s*(?:,|;|/|&|dan|serta|maupun|hingga|,\s*dan|,\s*serta|juga|\(|\)|[A-Z]{2,6}\)|\s)*\s*", re.IGNORECASE
)
_NOT_SUBJECT = re.compile(
    r"(?:\b(?:dari|oleh|versi|untuk|kepada|bagi|bersama|dengan|antara|mengalahkan|di|se-?|atas|ke|asal|seperti)\s*)$",
    re.IGNORECASE,
)
_TO = re.compile(r"\b(?:kepada|bagi|untuk|pada|ke tangan|ke)\s*$", re.IGNORECASE)
_LIST_AFTER = re.compile(
    r"(?:yakni|yaitu|seperti|antara lain|di antaranya|meliputi|ialah|adalah|terdiri (?:dari|atas)|:)\s*(?:dari\s+)?$",
    re.IGNORECASE,
)
_SET = re.compile(
    r"\b(?:\d{1,3}|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sejumlah|beberapa|belasan|puluhan)\s+"
    r"(?:\w+\s+){0,2}?(?:kabupaten/kota|kabupaten|kota|daerah|provinsi|pemda|pemerintah|kepala daerah|desa|kelurahan|sekolah|pemenang|penerima|wilayah|polres|satuan)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One recipient, one award (None: the text says only 'penghargaan' here), at one place of the text."""

    recipient: Recipient | None
    award: Award | None
    sentence: int
    span: tuple[int, int]
    status: Status = "won"
    recalled: bool = False
    giver: Entity | None = None
    frame: str = ""
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """One clause with the names and cues in it, in order."""

    text: str
    start: int
    end: int
    sentence: int
    entities: tuple[Entity, ...]
    cues: tuple[Name, ...]

    def has(self, *classes: str) -> bool:
        """Whether any cue of these classes stands in the clause."""
        return any(c in classes for cue in self.cues for c in cue.ids)


def scenes(text: str, sentence: Sentence, index: int, entities: Sequence[Entity], cues: Sequence[Name]) -> list[Scene]:
    """The clauses of a sentence. A boundary inside a name is none."""
    inside = [e for e in entities if sentence.start <= e.start < sentence.end]
    bounds = [sentence.start]
    if sentence.kind != "item":
        for match in _CLAUSE.finditer(text, sentence.start, sentence.end):
            if not any(e.start < match.end() and match.start() < e.end for e in inside):
                bounds.append(match.start())
    bounds.append(sentence.end)
    return [
        Scene(
            text,
            start,
            end,
            index,
            tuple(e for e in inside if start <= e.start < end),
            tuple(c for c in cues if start <= c.start < end),
        )  # fmt: skip
        for start, end in zip(bounds, bounds[1:], strict=False)
        if end > start
    ]


def claims_of(scene: Scene, before: Scene | None) -> Iterator[Claim]:
    """What one clause claims. `before` is the clause before it in the same sentence, whose subject may go on."""
    recalled = scene.has("recall") or bool(before and before.has("recall"))
    for cue in scene.cues:
        frame = next((c for c in cue.ids if c in WIN), None)
        if frame is None or _is_blocked(scene, cue):
            continue
        status: Status = "nominated" if scene.has("nominee") else "won"
        recipients, giver = _FRAMES[frame](scene, cue, before)
        awards = _awards_for(scene, cue, frame)
        listed = len(recipients) > 1
        for recipient in recipients or [None]:
            for award in awards or [None]:
                yield Claim(
                    recipient, award, scene.sentence, (cue.start, cue.end), status, recalled, giver, frame, listed
                )


def _is_blocked(scene: Scene, cue: Name) -> bool:
    """A plan, a failure or a figure of speech that governs the cue: it stands before it, near, in the same clause."""
    for other in scene.cues:
        if any(c in _BLOCKING for c in other.ids):
            gap = cue.start - other.end
            if other.start <= cue.start and gap < 60 or 0 <= other.start - cue.end < 3:
                return True
    return False


def _receive(scene: Scene, cue: Name, before: Scene | None) -> tuple[list[Recipient], Entity | None]:
    left = [e for e in scene.entities if e.end <= cue.start]
    subject = _last_group(scene.text, left)
    if not subject and _SET.search(scene.text, scene.start, cue.start):
        subject = _listed_after(scene, cue.end)
    if not subject and before is not None:
        subject = _last_group(scene.text, list(before.entities))
    return subject, _giver_after(scene, cue)


def _award_subject(scene: Scene, cue: Name, before: Scene | None) -> tuple[list[Recipient], Entity | None]:
    right = [e for e in scene.entities if e.start >= cue.end and isinstance(e, Recipient)]
    giver = next((e for e in scene.entities if isinstance(e, Organization) and e.start >= cue.end), None)
    after = [e for e in right if giver is None or e.start > giver.end or giver.start > e.end]
    return _first_group(scene.text, after), giver


def _give(scene: Scene, cue: Name, before: Scene | None) -> tuple[list[Recipient], Entity | None]:
    right = [e for e in scene.entities if e.start >= cue.end and isinstance(e, Recipient)]
    to = [e for e in right if _TO.search(scene.text, max(scene.start, e.start - 12), e.start)]
    left = [e for e in scene.entities if e.end <= cue.start and isinstance(e, Recipient | Organization)]
    giver = left[-1] if left else None
    first = to[0] if to else (right[0] if right and right[0].start - cue.end < 25 else None)
    if first is None:
        return [], giver
    return _first_group(scene.text, [e for e in right if e.start >= first.start]), giver


_FRAMES = {"receive": _receive, "receive_passive": _receive, "award_subject": _award_subject, "give": _give}


def _last_group(text: str, left: list[Entity]) -> list[Recipient]:
    """The subject before a verb: the last recipient that no preposition governs, with those joined to it."""
    group: list[Recipient] = []
    for entity in reversed(left):
        if not isinstance(entity, Recipient):
            if group:
                break
            continue
        if group and not _JOINT.fullmatch(text, entity.end, group[0].start):
            break
        group.insert(0, entity)
        if not group[1:] and _NOT_SUBJECT.search(text, max(0, entity.start - 14), entity.start):
            group = []
    if (
        group
        and _NOT_SUBJECT.search(text, max(0, group[0].start - 14), group[0].start)
        and not _LIST_AFTER.search(text, max(0, group[0].start - 20), group[0].start)
    ):
        return []
    return group


def _first_group(text: str, right: Sequence[Recipient]) -> list[Recipient]:
    group: list[Recipient] = []
    for entity in right:
        if group and not _JOINT.fullmatch(text, group[-1].end, entity.start):
            if not _LIST_AFTER.search(text, group[-1].end, entity.start):
                break
        group.append(entity)
    return group


def _listed_after(scene: Scene, position: int) -> list[Recipient]:
    """The names behind 'yakni', 'seperti', ':' ..."""
    right = [e for e in scene.entities if isinstance(e, Recipient) and e.start >= position]
    for index, entity in enumerate(right):
        if _LIST_AFTER.search(scene.text, max(scene.start, entity.start - 25), entity.start):
            return _first_group(scene.text, right[index:])
    return []


def _giver_after(scene: Scene, cue: Name) -> Entity | None:
    for entity in scene.entities:
        if entity.start >= cue.end and isinstance(entity, Organization | Recipient):
            if re.search(
                r"\b(?:dari|oleh|versi|besutan|pemberian)\s+(?:\w+\s+){0,2}$",
                scene.text[max(scene.start, entity.start - 30) : entity.start],
            ):
                return entity
    return None


def _awards_for(scene: Scene, cue: Name, frame: str) -> list[Award]:
    """Named awards on the side where the frame has them, else on the other; [] when the text says only 'penghargaan'."""
    named = [e for e in scene.entities if isinstance(e, Award) and not e.generic]
    right = [a for a in named if a.start >= cue.start]
    left = [a for a in named if a.end <= cue.start]
    first, second = (left, right) if frame == "award_subject" else (right, left)
    if first:
        return _joined_awards(scene.text, first if first is right else first[::-1])
    return second[-1:] if second else []


def _joined_awards(text: str, awards: list[Award]) -> list[Award]:
    """The nearest award, and those that 'dan' or a comma joins to it."""
    joined = awards[:1]
    for award in awards[1:]:
        a, b = sorted((joined[-1], award), key=lambda e: e.start)
        if (
            re.fullmatch(
                r"[^.;:]{0,60}?(?:,|\bdan|\bserta|sekaligus)\s*(?:(?:penghargaan|predikat|piala|sertifikat)\s*)?",
                text[a.end : b.start],
            )
            and a.series != b.series
        ):
            joined.append(award)
        else:
            break
    return joined


def list_claims(
    text: str, sentences: Sequence[Sentence], index: int, entities: Sequence[Entity], won: bool
) -> Iterator[Claim]:
    """A list item or table row under a heading that announces winners: its first recipient, its own award if it names one."""
    sentence = sentences[index]
    inside = [e for e in entities if sentence.start <= e.start < sentence.end]
    recipients = [e for e in inside if isinstance(e, Recipient)]
    if not recipients or not won:
        return
    award = next((e for e in inside if isinstance(e, Award) and not e.generic), None)
    for recipient in _first_group(text, recipients):
        yield Claim(recipient, award, index, (recipient.start, recipient.end), frame="list", listed=True)
