"""Clauses with the names and cues in them, and runs of names ('R, R dan R'): what every frame is made of. Claims nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from etl.extract.names.entities import Award, Entity, Recipient
from etl.gazetteer import Name
from etl.model import Status


@dataclass(frozen=True, slots=True)
class Claim:
    """One recipient, one award, at one place of the text; None where these words do not name it.

    `place_in_list` counts from 0 within a run of names ('R, disusul R dan R').
    """

    recipient: Recipient | None
    award: Award | None
    sentence: int
    span: tuple[int, int]
    frame: str
    status: Status = "won"
    recalled: bool = False
    giver: Entity | None = None
    place_in_list: int | None = None


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

    def recipients(self, position: int = 0) -> list[Recipient]:
        """Recipients from a position on."""
        return [e for e in self.entities if isinstance(e, Recipient) and e.start >= position]

    @property
    def words(self) -> str:
        """The clause itself."""
        return self.text[self.start : self.end]


# --------------------------------------------------------------------------------------------------------------- clauses

_CLAUSE = re.compile(  # begins with the signs it may begin with, for speed (etl.extract.patterns)
    r"[\"”;.,\s](?:(?<=[\"”])\s*,?\s+(?=\w)|(?<=;)|(?<=\.)\s+"
    r"|(?<=,)\s+(?:lalu|kemudian)\s+"
    r"|(?:(?<=,)\s+|(?<=\s)\s*)(?:sedangkan|sementara(?:\s+itu)?|adapun|namun|tetapi|tapi|padahal|meski(?:pun)?|disusul"
    r"|diikuti|selanjutnya)\s+)",
    re.IGNORECASE,
)


def scenes(whole: Scene) -> list[Scene]:
    """The clauses of a sentence, in order. A boundary inside a name is none."""
    bounds = [whole.start]
    for match in _CLAUSE.finditer(whole.text, whole.start, whole.end):
        if not any(e.start < match.end() and match.start() < e.end for e in whole.entities):
            bounds.append(match.start())
    if len(bounds) == 1:
        return [whole]
    return [
        Scene(
            whole.text,
            start,
            end,
            whole.sentence,
            tuple([e for e in whole.entities if start <= e.start < end]),
            tuple([c for c in whole.cues if start <= c.start < end]),
        )
        for start, end in pairwise((*bounds, whole.end))
        if end > start
    ]


# ---------------------------------------------------------------------------------------------------------- runs of names

# What may stand between two names of one list.
JOINT = re.compile(
    r"(?:\s|,|;|/|&|\(|\)|(?-i:[A-Z][\w'.-]*)|\b(?:dan|serta|maupun|hingga|juga|sampai|kemudian|lalu|disusul"
    r"|diikuti)\b|\b[A-Z]{2,6}\)"
    r"|\d{4}\s*[-–]\s*\d{4}|\b(?:(?:di|sebagai|pada)\s+)?(?:(?:peringkat|juara|urutan|posisi|terbaik"
    r"|tempat)\s+)+\w+\b(?:\s+(?:diraih|ditempati|adalah|oleh))?"
    r"|\b(?:lewat|dengan|melalui|karena|berkat|untuk kategori|kategori)\s[^,;.]{2,70}(?=,|\s(?:dan|serta)\s))*",
    re.IGNORECASE,
)
LIST_AFTER = re.compile(
    r"(?:yakni|yaitu|seperti|antara lain|di antaranya|diantaranya|meliputi|ialah|adalah|terdiri (?:dari|atas)"
    r"|masing-masing|:)\s*(?:dari\s+)?$",
    re.IGNORECASE,
)


def last_group(text: str, left: Sequence[Entity]) -> list[Recipient]:
    """The subject before a verb: the last recipient that no preposition governs, with those joined to it."""
    group: list[Recipient] = []
    for entity in reversed(left):
        if not isinstance(entity, Recipient):
            if group:
                break
            continue
        if group and not JOINT.fullmatch(text, entity.end, group[0].start):
            break
        group.insert(0, entity)
        lead = text[max(0, entity.start - 20) : entity.start]
        if NOT_SUBJECT.search(lead) and not LIST_AFTER.search(lead):
            group.pop(0)
            if group:
                break
    return group


def first_group(text: str, right: Sequence[Recipient]) -> list[Recipient]:
    """The first recipient and those joined to it."""
    group: list[Recipient] = []
    for entity in right:
        if group and not JOINT.fullmatch(text, group[-1].end, entity.start):
            between = text[group[-1].end : entity.start]
            if not LIST_AFTER.search(between) or len(between) > 60:
                break
        group.append(entity)
    return group


def listed_after(scene: Scene, position: int) -> list[Recipient]:
    """The names behind 'yakni', 'seperti', ':' ..."""
    right = scene.recipients(position)
    for index, entity in enumerate(right):
        if is_governed(scene, entity, LIST_AFTER, 25):
            return first_group(scene.text, right[index:])
    return []


NOT_SUBJECT = re.compile(
    r"\b(?:dari|oleh|versi|untuk|kepada|bagi|bersama|dengan|antara|mengalahkan|di|se|atas|ke|asal|seperti|pada"
    r"|melalui|usai"
    r"|mengatakan|didampingi|disaksikan|oleh\s+\w+|milik|wilayah|asal|warga|halaman|kantor)\s*$",
    re.IGNORECASE,
)


def is_governed(scene: Scene, entity: Entity, preposition: re.Pattern[str], reach: int) -> bool:
    return preposition.search(scene.text[max(scene.start, entity.start - reach) : entity.start]) is not None
