"""Which rank or category of a sentence is whose, by position: 'juara I A, juara II B', 'A (I), B (II)', 'juara I sampai III
berturut-turut A, B, dan C', 'A, B, dan C masing-masing untuk X, Y, dan Z'.

Marks (ranks or categories) and names alternate: a run of names takes the marks right before it where the sentence begins with
a mark, else those right behind. As many marks as names are dealt out one to one; a mark that counts ('I sampai III', 'juara
pertama A, disusul B') goes on from name to name. Where marks and names do not alternate nobody has a share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from etl.extract.entities import Recipient
from etl.extract.patterns import either, one_of
from etl.extract.scene import JOINT
from etl.gazetteer import lowered


@dataclass(frozen=True, slots=True)
class Mark:
    """A rank or category as a sentence says it; `numbers` are the places on a scale that a rank names, in their order."""

    value: str
    start: int
    end: int
    numbers: tuple[int, ...] = ()


Span = tuple[int, int]

_MOST = 40  # names of a sentence that are dealt out


def dealt(text: str, marks: Sequence[Mark], names: Sequence[Span]) -> dict[int, list[Mark]]:
    """The marks of each name, by where the name starts; both in the order of the text. {} where they do not alternate."""
    if not marks or not names or len(names) > _MOST:
        return {}
    groups = list(_groups(text, marks, names))
    if len(groups) < 2:
        return {}
    before = isinstance(groups[0][0], Mark)
    if before is isinstance(groups[-1][0], Mark):
        return {}  # 'A juara I, juara II B': whose is the one between?
    found: dict[int, list[Mark]] = {}
    pairs = zip(groups[::2], groups[1::2], strict=True)
    for first, second in pairs:
        own, whose = (first, second) if before else (second, first)
        found |= _deal(
            text, [m for m in own if isinstance(m, Mark)], [n for n in whose if not isinstance(n, Mark)], before
        )
    return found


def _groups(text: str, marks: Sequence[Mark], names: Sequence[Span]) -> Iterator[list[Mark | Span]]:
    """Marks and names in the order of the text, those of a kind that follow each other as one."""
    inside = [n for n in names if not any(m.start < n[1] and n[0] < m.end for m in marks)]
    together: list[Mark | Span] = sorted([*marks, *inside], key=_start)
    for _, group in groupby(together, key=lambda one: isinstance(one, Mark)):
        yield list(group)


def _start(one: Mark | Span) -> int:
    return one.start if isinstance(one, Mark) else one[0]


def _deal(text: str, marks: Sequence[Mark], names: Sequence[Span], before: bool) -> dict[int, list[Mark]]:
    """The marks of one run of names."""
    if not before:  # 'di hadapan A, B juara I': only the names that are joined to the last have a share
        last = len(names) - 1
        while last and JOINT.fullmatch(text, names[last - 1][1], names[last][0]):
            last -= 1
        names = names[last:]
    numbers = [n for m in marks for n in m.numbers]
    if len(marks) == len(names) > 1:
        return {name[0]: [mark] for name, mark in zip(names, marks, strict=True)}
    if len(names) > 1 and len(numbers) == len(names) and len(marks) == 1:
        return {name[0]: [_counted(marks[0], n)] for name, n in zip(names, numbers, strict=True)}
    (mark,) = marks if len(marks) == 1 else (None,)
    if before and mark is not None and len(mark.numbers) == 1 and len(names) > 1:
        if _IN_ORDER.search(text, max(0, mark.start - _NEAR), names[0][0]) or _IN_ORDER.search(
            text, names[0][1], names[1][0]
        ):
            return {name[0]: [_counted(mark, mark.numbers[0] + i)] for i, name in enumerate(names)}
    return {name[0]: list(marks) for name in names}


_NEAR = 25  # characters before a mark in which 'berturut-turut' counts its names
_IN_ORDER = re.compile(
    one_of(
        *either(
            "disusul", "diikuti", "berurutan", "berturut-turut", "selanjutnya", "berikutnya", "lalu", "kemudian", "menyusul", "di bawahnya",
        )
    )
    + r"(?!\w)"
)  # fmt: skip


def winners(recipients: Sequence[Recipient]) -> list[Span]:
    """The names of a sentence that marks are dealt out to: those of the kind it names most of, of two such the finer one."""
    often = Counter(_kind(r) for r in recipients)
    kind = max(often, key=lambda k: (often[k], k != "region"), default=None)
    return [(r.start, r.end) for r in recipients if _kind(r) == kind]


def _kind(recipient: Recipient) -> str:
    return "official" if recipient.office else recipient.type


# ------------------------------------------------------------------------------------------------------------- numbers

_WORDS = (
    "pertama", "kedua", "ketiga", "keempat", "kelima", "keenam", "ketujuh", "kedelapan", "kesembilan", "kesepuluh",
)  # fmt: skip
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_VALUES: dict[str, int] = {
    **{word: n for n, word in enumerate(_WORDS, 1)},
    **{roman.lower(): n for n, roman in enumerate(_ROMAN, 1)},
    "kesatu": 1, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5,
}  # fmt: skip
_NUMBER = rf"(?:ke-?\s?)?\d{{1,2}}|{'|'.join(sorted(_VALUES, key=len, reverse=True))}"
_TO = r"(?:sampai|hingga|s\.?d\.?|s/d|-|–)(?:\s+(?:dengan|ke))?"
_SERIES = re.compile(
    one_of(
        *either("juara", "peringkat", "terbaik", "urutan", "posisi", "ranking", "pemenang", "harapan", "dari", "nomor")
    )
    + rf"(?:\s+(?:harapan|terbaik|ke|nomor|dari))?\s+(?P<first>{_NUMBER})(?:\s*(?P<to>{_TO})\s*(?P<last>{_NUMBER})"
    rf"|(?P<more>(?:\s*,\s*(?:{_NUMBER}))*\s*,?\s*(?:dan|serta|&)\s+(?:{_NUMBER})))(?!\w)",
    re.IGNORECASE,
)


def number(words: str) -> int | None:
    """The place that words name: 2 of 'juara II', 'peringkat ke-2', 'kedua'."""
    for word in reversed(re.findall(r"\w+", lowered(words))):
        value = value_of(word)
        if value is not None:
            return value
    return None


def value_of(word: str) -> int | None:
    """The number of one word or numeral."""
    digits = word.removeprefix("ke").strip(" -")
    return int(digits) if digits.isdigit() and len(digits) < 3 else _VALUES.get(word)


def series_of_ranks(text: str, span: Span) -> Iterator[Mark]:
    """'juara I sampai III', 'peringkat 1, 2, dan 3': several places said at once."""
    for match in _SERIES.finditer(text, *span):
        first = value_of(lowered(match["first"]))
        if match["to"]:
            last = value_of(lowered(match["last"]))
            numbers = tuple(range(first, last + 1)) if first and last and first < last < first + _MOST else ()
        else:
            said = [match["first"], *re.findall(_NUMBER, match["more"], re.IGNORECASE)]
            values = [v for word in said if (v := value_of(lowered(word))) is not None]
            numbers = tuple(values) if len(values) == len(said) else ()
        if len(numbers) > 1:
            yield Mark(match[0], match.start(), match.end(), numbers)


def _counted(mark: Mark, place: int) -> Mark:
    """A place that a mark counts to, written as the mark writes."""
    if mark.numbers == (place,):
        return mark
    noun = re.match(r"[A-Za-z]+(?:\s+harapan)?", mark.value)
    word = next((w for w in re.findall(r"\w+", lowered(mark.value)) if value_of(w) is not None), "")
    if word in _WORDS or word == "kesatu":
        written = _WORDS[place - 1] if place <= len(_WORDS) else f"ke-{place}"
    elif word.isalpha() and word.upper() in _ROMAN:
        written = _ROMAN[place - 1] if place <= len(_ROMAN) else str(place)
    else:
        written = str(place)
    lead = noun[0] if noun and value_of(lowered(noun[0])) is None and lowered(noun[0]) != "dari" else "peringkat"
    return Mark(f"{lead} {written}", mark.start, mark.end, (place,))
