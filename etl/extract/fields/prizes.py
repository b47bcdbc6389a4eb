"""Several prizes of one award that one sentence gives to one winner, each with rank and category: 'peringkat 2 X dan peringkat 3
Y', 'dua kategori, yakni X dan Y', 'kategori X dan kategori Y'; and sentences that number prizes: 'Piagam kedua untuk Y'.

Only what the words set side by side; whether anybody won anything is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from etl.extract.fields.details import Found, Span
from etl.extract.fields.shares import Mark
from etl.extract.patterns import either, one_of
from etl.extract.text import Sentence


class Prize(NamedTuple):
    """What one of several prizes is won in."""

    rank: Found | None
    category: Found | None


def prizes_in(
    text: str, span: Span, ranks: Sequence[Mark], categories: Sequence[Mark], names: Sequence[Span]
) -> list[Prize]:
    """The prizes of a sentence whose `ranks` and `categories` are one winner's, in the order of the text; [] if it is one.
    `names` are those of awards and winners, which are no categories.
    """
    ranked = list(_ranked(text, span, ranks))
    if len(ranked) > 1:
        return ranked
    found = _enumerated(text, span, names) or _joined(text, categories)
    return [Prize(None, category) for category in found] if len(found) > 1 else []


_JOINS = re.compile(r",|;|\b(?:dan|serta|juga|sekaligus|plus|ditambah|sedangkan|sementara|lalu)\b")


def _ranked(text: str, span: Span, ranks: Sequence[Mark]) -> Iterator[Prize]:
    """'peringkat 2 Kompetensi dan peringkat 3 Mutasi', 'lomba X juara I dan lomba Y juara II': ranks with what they are in."""
    places = [m for m in ranks if len(m.numbers) == 1 and text[m.start : m.end] == m.value]
    if len(places) < 2:
        return
    gaps = [text[one.end : other.start] for one, other in pairwise(places)]
    if not all(_JOINS.search(gap) and len(gap) < _WIDEST for gap in gaps):
        return
    behind = [
        _phrase_after(text, m.end, end)
        for m, end in zip(places, [*(m.start for m in places[1:]), span[1]], strict=True)
    ]
    before = [
        _phrase_before(text, start, m.start)
        for m, start in zip(places, [span[0], *(m.end for m in places)], strict=False)
    ]
    named = behind if sum(c is not None for c in behind) >= sum(c is not None for c in before) else before
    if len({c.value for c in named if c is not None}) < len(places):
        return
    yield from (Prize(Found(m.value, m.start, m.end), c) for m, c in zip(places, named, strict=True))


_WIDEST = 160  # characters between two ranks of one winner
_LEAD = (
    r"(?:(?:untuk|pada|di|dalam|atas)\s+)?(?:(?:kategori|bidang|lomba|nomor|cabang|mata lomba|subkategori|aspek)\s+)?"
)
_AFTER = re.compile(rf"\s+{_LEAD}(?P<value>[A-Za-z][^,;.:\n]{{3,110}})")
_ENDS = re.compile(
    r"\s+(?:(?:dan|serta|juga|plus|sekaligus|sedangkan|sementara|lalu|oleh|yang|dengan|dari|ditambah)\b|$)"
)
_BEFORE = re.compile(
    r"(?:kategori|bidang|lomba|nomor|cabang|aspek)\s+(?P<value>[^,;.:\n]{3,90}?)\s*,?\s*$", re.IGNORECASE
)
_NO_PHRASE = re.compile(r"\d|^(?:tingkat|se-|nasional|yang|pada|tahun|kali|di|dari)\b", re.IGNORECASE)


def _phrase_after(text: str, start: int, end: int) -> Found | None:
    match = _AFTER.match(text, start, end)
    if match is None:
        return None
    first, last = match.span("value")
    stop = _LAST_AND.search(text, first, last) or _ENDS.search(text, first + 3, last)
    return _whole(text, first, stop.start() if stop else last)


_LAST_AND = re.compile(r",?\s+(?:dan|serta|juga|sedangkan|sementara|plus)\s*$")


def _phrase_before(text: str, start: int, end: int) -> Found | None:
    match = _BEFORE.search(text, max(start, end - 110), end)
    return _whole(text, *match.span("value")) if match else None


def _whole(text: str, start: int, end: int) -> Found | None:
    value = text[start:end].rstrip(" ,")
    return Found(value, start, start + len(value)) if len(value) > 3 and not _NO_PHRASE.search(value) else None


def _joined(text: str, categories: Sequence[Mark]) -> list[Found]:
    """'kategori X dan kategori Y': as the one word announces both."""
    if len(categories) < 2:
        return []
    for one, other in pairwise(categories):
        if not _AND_ANOTHER.fullmatch(text, one.end, other.start):
            return []
    found = [Found(m.value, m.start, m.end) for m in categories]
    return found if len({f.value.lower() for f in found}) == len(found) else []


# 'tiga kategori, yakni X, Y, serta Z', 'dua sekaligus: X dan Y', 'tiga kelas, X, Y, dan Z', 'dua, yaitu X dan Y'
_ENUMERATED = re.compile(
    one_of(*(rf"{n}" for n in either("dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan")), r"\d\d?")
    + r"(?:\s+(?P<what>kategori|bidang|kelas|piagam|penghargaan|piala|trofi|predikat|gelar|nomor|lomba|sekaligus|kali)\b"
    r"(?:[^.:;]{0,25}?(?:,?\s*(?:yakni|yaitu|antara lain|masing-masing)|:)|(?P<bare>,))|(?::|,\s+(?:yakni|yaitu)))\s*"
    r"(?:(?:di|untuk|pada|sebagai)\s+)?(?P<list>[^\d.;\n][^.;\n]*?)"
    r"(?=,\s+(?:di|pada|dalam|oleh|saat|ketika|yang|karena|setelah|dari)\s|[.;\n]|$)",
    re.IGNORECASE,
)
_COUNTS = {"dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8}
_PART = re.compile(r"(,\s*(?:(?:dan|serta|juga)\s+)?|\s+(?:dan|serta)\s+)")
_FIRST_WORD = re.compile(
    r"\s*(?:(?:kategori|bidang|lomba|sebagai|untuk|terbaik\s+(?:sebagai|dalam|pada|di))\s+)?", re.IGNORECASE
)


def _enumerated(text: str, span: Span, names: Sequence[Span]) -> list[Found]:
    """The categories that are counted out, if there are as many as the text says. Cut at commas first, then at 'dan'."""
    match = _ENUMERATED.search(text, *span)
    if match is None:
        return _uncounted(text, span, names)
    said = re.match(r"\w+", match[0])[0].lower()  # type: ignore[index]  # it begins with one
    count = int(said) if said.isdigit() else _COUNTS[said]
    start, end = match.span("list")
    of_a_category = match["bare"] is None and (match["what"] or "").lower() in ("kategori", "bidang")
    if match["bare"] is not None and any(c.isdigit() for c in match["list"]):
        return []  # 'dua kali, pada 2017 dan 2018'
    if not of_a_category and any(start <= a < end for a, _ in names):
        return []  # 'tiga penghargaan, yakni Adipura, ...': awards of their own
    cuts = list(_PART.finditer(text, start, end))
    commas = [m for m in cuts if "," in m[0]]
    loose = [m for m in cuts if "serta" in m[0]]  # 'kemitraan dan kerja sama serta perencanaan'
    for chosen in (commas, cuts, [*commas, *(m for m in cuts[-1:] if commas and m not in commas)], loose):
        parts = _between(start, end, chosen)
        if len(parts) == count or (of_a_category and chosen is commas and len(parts) > 1):
            return [_stripped(text, a, b) for a, b in parts]
    return []


# 'kategori Kinerja Total, Kesejahteraan Rakyat, serta Pelayanan Publik', 'terbaik sebagai X, terbaik dalam Y, juga Z'
_CAPITALS = r"[A-Z][\w-]*(?:\s+(?:(?:dan|di|dengan)\s+)?[A-Z][\w-]*){0,5}(?:\s+\([A-Z]+\))?"
_ANNOUNCED = r"(?:kategori|bidang|lomba|terbaik\s+(?:sebagai|dalam|pada|di))\s+"
_UNCOUNTED = re.compile(
    rf"\b{_ANNOUNCED}(?P<list>{_CAPITALS}(?:,\s+(?:{_ANNOUNCED})?{_CAPITALS})+,?\s+(?:dan|serta|juga)\s+{_CAPITALS})"
)


def _uncounted(text: str, span: Span, names: Sequence[Span]) -> list[Found]:
    """Three and more categories in capitals that one word announces."""
    match = _UNCOUNTED.search(text, *span)
    if match is None or any(match.start("list") <= a < match.end("list") for a, _ in names):
        return []
    start, end = match.span("list")
    cuts = list(_PART.finditer(text, start, end))
    commas = [m for m in cuts if "," in m[0]]
    closed = _CLOSES.search(commas[-1][0]) is not None  # else the last 'dan' closes the list
    return [_stripped(text, a, b) for a, b in _between(start, end, commas if closed else [*commas, cuts[-1]])]


_CLOSES = re.compile(r"dan|serta|juga")


def _between(start: int, end: int, cuts: Sequence[re.Match[str]]) -> list[Span]:
    bounds = [start, *(edge for m in cuts for edge in m.span()), end]
    return [(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True) if b - a > 3]


def _stripped(text: str, start: int, end: int) -> Found:
    first = _FIRST_WORD.match(text, start, end).end()  # type: ignore[union-attr]  # it matches nothing, too
    value = text[first:end].rstrip(" ,")
    return Found(value, first, first + len(value))


_AND_ANOTHER = re.compile(
    r"\s*,?\s*(?:(?:dan|serta|sekaligus|juga|maupun)\s+)?(?:(?:untuk|pada|di|dalam)\s+)?(?:kategori|bidang)\s+[\"“']?",
    re.IGNORECASE,
)

_NUMBERED = re.compile(
    "[\\s\"“]*(?:"
    + one_of(
        *(
            rf"{noun}\s+(?:yang\s+)?(?:pertama|ke(?:dua|tiga|empat|lima|enam|tujuh)|lainnya|berikutnya|terakhir)\b"
            for noun in either(
                "piagam", "penghargaan", "rekor", "piala", "trofi", "gelar", "predikat", "sertifikat", "apresiasi", "anugerah",
                "yang", "prestasi", "catatan",
            )
        ),
        *(f"{nth}," for nth in either("pertama", "kedua", "ketiga", "keempat", "kelima", "keenam", "terakhir")),
    )
    + ")"
)  # fmt: skip


def numbering(text: str, sentence: Sentence) -> Span | None:
    """The words by which a sentence begins with one of several prizes that are counted out: 'Piagam kedua karena ...'."""
    match = _NUMBERED.match(text, sentence.start, sentence.end)
    return match.span() if match else None
