"""Which rank or category of a sentence is whose, by position: 'juara I A, juara II B', 'A (I), B (II)', 'juara I sampai III
berturut-turut A, B, dan C', 'A, B, dan C masing-masing untuk X, Y, dan Z'.

Marks (ranks or categories) belong to the run of names beside them, on the side where no comma and no 'dan' parts them. As many
marks as names are dealt out one to one; a mark that counts ('I sampai III', 'juara pertama A, disusul B') goes on from name to
name. A proposal: the models weigh it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from etl.extract.claims.scene import JOINT
from etl.extract.names.entities import Recipient
from etl.extract.patterns import either, one_of
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


def dealt(text: str, span: Span, marks: Sequence[Mark], names: Sequence[Span]) -> dict[int, list[Mark]]:
    """The marks of each name of a sentence, by where the name starts; both in the order of the text."""
    found: dict[int, list[Mark]] = {}
    if marks and 0 < len(names) <= _MOST:
        for start, end in _clauses(text, span):
            inside = [
                m for m in marks if start <= m.start < end and not any(a < m.end and m.start < b for a, b in names)
            ]
            found |= _dealt(text, inside, [n for n in names if start <= n[0] < end])
    return found


_CLAUSE = re.compile(r";|,?\s+(?:sementara|sedangkan|adapun)\s", re.IGNORECASE)


def _clauses(text: str, span: Span) -> Iterator[Span]:
    start = span[0]
    for match in _CLAUSE.finditer(text, *span):
        yield start, match.start()
        start = match.end()
    yield start, span[1]


def _dealt(text: str, marks: Sequence[Mark], names: Sequence[Span]) -> dict[int, list[Mark]]:
    """The marks of each name of a clause: of the run before or behind, whichever no comma and no 'dan' parts from them."""
    together: list[Mark | Span] = sorted([*marks, *names], key=_start)
    groups = [list(group) for _, group in groupby(together, key=lambda one: isinstance(one, Mark))]
    found: dict[int, list[Mark]] = {}
    for at, group in enumerate(groups):
        own = [m for m in group if isinstance(m, Mark)]
        if not own:
            continue
        before = [n for n in groups[at - 1] if not isinstance(n, Mark)] if at else []
        behind = [n for n in groups[at + 1] if not isinstance(n, Mark)] if at + 1 < len(groups) else []
        if before and behind:
            to, on = text[before[-1][1] : own[0].start], text[own[-1].end : behind[0][0]]
            if _IN_ORDER.search(on) and len(own[-1].numbers) == 1:
                _give(found, _of_run_before(text, own, before))
                first = own[-1].numbers[0] + 1
                _give(found, {n[0]: [_counted(own[-1], first + i)] for i, n in enumerate(behind)})
                continue
            parted, parting = _PARTS.search(to) is not None, _PARTS.search(on) is not None
            is_before = (parting and not parted) or (parting == parted and isinstance(groups[0][0], tuple))
        else:
            is_before = bool(before)
        _give(found, _of_run_before(text, own, before) if is_before else _of_run_behind(text, own, behind))
    return found


_PARTS = re.compile(r",|\b(?:dan|serta)\b")


def _give(found: dict[int, list[Mark]], shares: dict[int, list[Mark]]) -> None:
    for name, marks in shares.items():
        found.setdefault(name, marks)


def _start(one: Mark | Span) -> int:
    return one.start if isinstance(one, Mark) else one[0]


def _one_to_one(marks: Sequence[Mark], names: Sequence[Span]) -> dict[int, list[Mark]]:
    """As many marks, or places that one mark says, as names; {} of other numbers."""
    if len(marks) == len(names) > 1:
        return {name[0]: [mark] for name, mark in zip(names, marks, strict=True)}
    if len(marks) == 1 and 1 < len(marks[0].numbers) <= len(names):
        return {name[0]: [_counted(marks[0], n)] for name, n in zip(names, marks[0].numbers, strict=False)}
    return {}


def _of_run_before(text: str, marks: Sequence[Mark], names: Sequence[Span]) -> dict[int, list[Mark]]:
    """'A, B dan C di tingkat Utama': those that are joined to the last name; a place on a scale is the last one's alone."""
    first = len(names) - 1
    while first and JOINT.fullmatch(text, names[first - 1][1], names[first][0]):
        first -= 1
    joined = names[first:]
    if shares := _one_to_one(marks, joined):
        return shares
    if any(m.numbers for m in marks):
        joined = joined[-1:]
    return {name[0]: list(marks) for name in joined}


def _of_run_behind(text: str, marks: Sequence[Mark], names: Sequence[Span]) -> dict[int, list[Mark]]:
    """'juara I A', 'juara I sampai III A, B, dan C', 'juara pertama A, disusul B dan C'."""
    if shares := _one_to_one(marks, names):
        return shares
    mark = marks[-1]
    if len(mark.numbers) == 1 and len(names) > 1:
        lead = max(0, mark.start - _NEAR)
        if _IN_ORDER.search(text, lead, names[0][0]) or _IN_ORDER.search(text, names[0][1], names[1][0]):
            return {name[0]: [_counted(mark, mark.numbers[0] + i)] for i, name in enumerate(names)}
    return {name[0]: list(marks) for name in names}


def counted_on(text: str, span: Span, names: Sequence[Span], last: Mark | None, before: Span) -> dict[int, Mark]:
    """Places of a sentence that says none: 'Berikutnya A, B, dan C' goes on from the `last` place of the sentence `before`, or
    from the first that this one says in other words; 'Berturut-turut A, B, dan C' begins with the first.
    """
    start = min(names[0][0], span[0] + 90) if names else span[0]
    if match := _GOES_ON.match(text, span[0], start):
        behind = [n for n in names if n[0] >= match.end()]
        if last is None and not _LEADS.search(text, *before):
            return {}
        if last is None or not last.numbers:
            last = Mark("peringkat pertama", match.start(), match.end(), (1,))
        return {n[0]: _counted(last, last.numbers[-1] + i) for i, n in enumerate(behind[:_MOST], 1)}
    if len(names) > 1 and (match := _FIRST_TO_LAST.search(text, *span)):
        behind = [n for n in names if n[0] >= match.end()]
        mark = Mark("peringkat pertama", match.start(), match.end(), (1,))
        return {n[0]: _counted(mark, i) for i, n in enumerate(behind[:_MOST], 1)} if len(behind) > 1 else {}
    return {}


_GOES_ON = re.compile(
    r"\s*(?:(?:giliran|urutan|posisi|peringkat|tempat)\s+)?(?:berikutnya|selanjutnya|disusul|diikuti|menyusul|di bawahnya"
    r"|di belakangnya|berturut-turut di bawahnya|di (?:bawah|belakang)\b)",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"\b(?:memuncaki|puncak|memimpin|teratas|paling atas|tertinggi|juara|terbaik|jawara|nilai|skor)\b", re.IGNORECASE
)
_FIRST_TO_LAST = re.compile(
    r"(?<!kali )(?<!tahun )\b(?:berturut-turut|berurutan|secara berurutan|urutan(?:nya)?(?: \w+)? (?:adalah|ialah))\b",
    re.IGNORECASE,
)
_NEAR = 25  # characters before a mark in which 'berturut-turut' counts its names
_IN_ORDER = re.compile(
    one_of(
        *either(
            "disusul", "diikuti", "berurutan", "berturut-turut", "selanjutnya", "berikutnya", "lalu", "kemudian", "menyusul",
            "di bawahnya",
        )
    )
    + r"(?!\w)"
)  # fmt: skip


def winners(recipients: Sequence[Recipient]) -> list[Span]:
    """The names of a sentence that marks are dealt out to: those of the kind it names most of; persons last, then regions."""
    often = Counter(_kind(r) for r in recipients)
    kind = max(often, key=lambda k: (often[k], k != "person", k != "region"), default=None)
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
        *either(
            "juara",
            "peringkat",
            "terbaik",
            "urutan",
            "posisi",
            "ranking",
            "pemenang",
            "harapan",
            "dari",
            "nomor",
            "tempat",
            "teladan",
        )
    )
    + rf"(?:\s+(?:harapan|terbaik|ke|nomor|dari))?\s+(?P<first>{_NUMBER})(?:\s*(?P<to>{_TO})\s*(?P<last>{_NUMBER})"
    rf"|(?P<more>(?:\s*,\s*(?:{_NUMBER}))*\s*,?\s*(?:dan|serta|&)\s+(?:{_NUMBER})))(?!\w)",
    re.IGNORECASE,
)


_FIRST_WORDS = ("teratas", "tertinggi", "wahid", "juaranya adalah", "juara adalah")


def number(words: str) -> int | None:
    """The place that words name: 2 of 'juara II', 'peringkat ke-2', 'kedua'; 1 of 'urutan teratas'."""
    if lowered(words).endswith(_FIRST_WORDS):
        return 1
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
    lead = (
        noun[0]
        if noun and value_of(lowered(noun[0])) is None and not noun[0].endswith(("nya", "dari"))
        else "peringkat"
    )
    return Mark(f"{lead.lower()} {written}", mark.start, mark.end, (place,))
