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
    r"[\"”]\s*,?\s+(?=\w)|;|,?\s+(?:sedangkan|sementara(?: itu)?|adapun|namun|tetapi|tapi|disusul|diikuti|lalu|kemudian|padahal|meski(?:pun)?)\s+|\.\s+"
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

_OTHERS = re.compile(_SET.pattern + r"\s+(?:lain|lainnya)\b", re.IGNORECASE)
_SPEAKING = re.compile(
    r"[\"”\s,]*(?:\w+nya|kata|ujar|ucap|tutur|jelas|imbuh|ungkap|papar|sebut|tegas|tambah|lanjut)\b", re.IGNORECASE
)
_STEP = re.compile(
    r"\b(?:kategori|juara|terbaik|peringkat|posisi|urutan|tempat|predikat|level|tingkat|disusul|diikuti)\b",
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


def claims_of(scene: Scene, before: Scene | None, goes_on: bool) -> list[Claim]:
    """What one clause claims.

    `before` is the clause before it in the same sentence, whose subject may go on; `goes_on` says that it made claims.
    """
    made: list[Claim] = []
    for cue in scene.cues:
        frame = _frame_of(cue)
        if frame is None or _is_blocked(scene, cue):
            continue
        status: Status = "nominated" if scene.has("nominee") else "won"
        recipients, giver = _FRAMES[frame](scene, cue, before)
        awards = _awards_for(scene, cue, frame)
        if not awards and not _speaks_of_award(scene, cue, frame):
            continue
        recalled = _is_recalled(scene, before, cue)
        span, listed = (cue.start, cue.end), len(recipients) > 1
        for recipient in recipients or (None,):
            for award in awards or (None,):
                made.append(Claim(recipient, award, scene.sentence, span, status, recalled, giver, frame, listed))
    if not any(c.recipient for c in made):
        made += _others(scene) or (_following(scene) if goes_on else [])
    return made


def _speaks_of_award(scene: Scene, cue: Name, frame: str) -> bool:
    """Whether what is received is an award at all: an award noun, a place on a scale or a title in the clause."""
    nouns = any(isinstance(e, Award) for e in scene.entities)
    return nouns or _STEP.search(scene.text, cue.start, scene.end) is not None


def _frame_of(cue: Name) -> str | None:
    """The frame of a cue; 'pernah meraih' recalls, and still is a way to receive."""
    direct = next((c for c in cue.ids if c in WIN), None)
    return direct or ("receive" if "recall" in cue.ids and cue.end - cue.start > 12 else None)


def _is_recalled(scene: Scene, before: Scene | None, cue: Name) -> bool:
    """Whether the text puts this earlier: a cue of recall before the verb, or at the start of the sentence."""
    told = [c for c in scene.cues if "recall" in c.ids and c.start <= cue.start]
    return bool(told) or bool(before and any("recall" in c.ids and c.start - before.start < 15 for c in before.cues))


def _is_blocked(scene: Scene, cue: Name) -> bool:
    """A plan, a failure or a figure of speech that governs the cue: it stands before it, near, in the same clause."""
    for other in scene.cues:
        if other.start <= cue.start and any(c in _BLOCKING for c in other.ids):
            reach = 60 if other.end - other.start > 6 or "plan" in other.ids else 25
            if cue.start - other.end < reach:
                return True
    return False


def _others(scene: Scene) -> list[Claim]:
    """'... bersama 8 kabupaten/kota lainnya seperti R, R dan R': others who share the award of the text."""
    match = _OTHERS.search(scene.text, scene.start, scene.end)
    if match is None or scene.has("negative", "loser", "plan"):
        return []
    recipients = _listed_after(scene, match.end())
    status: Status = "nominated" if scene.has("nominee") else "won"
    return [Claim(r, None, scene.sentence, match.span(), status, False, None, "others", True) for r in recipients]


def _following(scene: Scene) -> list[Claim]:
    """', disusul R (rank)', ', sedangkan R di kategori C': who follows in the same list."""
    if scene.has("negative", "loser", "plan", "recall", "statement", "companion"):
        return []
    recipients = [e for e in scene.entities if isinstance(e, Recipient)]
    if not recipients or not _STEP.search(scene.text, scene.start, scene.end):
        return []
    group = _first_group(scene.text, recipients)
    award = next((e for e in scene.entities if isinstance(e, Award) and not e.generic), None)
    return [Claim(r, award, scene.sentence, (r.start, r.end), frame="following", listed=True) for r in group]


def _receive(scene: Scene, cue: Name, before: Scene | None) -> tuple[list[Recipient], Entity | None]:
    left = [e for e in scene.entities if e.end <= cue.start]
    subject = _last_group(scene.text, left)
    if not subject and _SET.search(scene.text, scene.start, cue.start):
        subject = _listed_after(scene, cue.end)
    if not subject and before is not None and not _SPEAKING.match(scene.text, scene.start, scene.end):
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
