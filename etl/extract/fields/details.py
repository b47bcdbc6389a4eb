"""What surrounds a claim: rank, category, date, place, who handed over and who took it. Each found with its words.

Every finder takes the text and a span to look in, and gives a `Found` (value and where it stands) or None.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from etl import gazetteer
from etl.dates import MONTHS, WEEKDAYS, DateInText, dates_in, resolve_day
from etl.extract.patterns import any_case, either, one_of
from etl.extract.text import Sentence
from etl.gazetteer import Name, lowered

Span = tuple[int, int]


class Found(NamedTuple):
    """A value and the words it was read from."""

    value: str
    start: int
    end: int


_ORDINAL = (
    r"(?:I{1,3}|IV|VI{0,3}|IX|X|\d{1,3}|ke-\d{1,3}|pertama|kesatu|kedua|ketiga|keempat|kelima|keenam|ketujuh|kedelapan"
    r"|kesembilan|kesepuluh|satu|dua|tiga)"
)
_RANKED_NOUNS = either(
    "juara", "terbaik", "peringkat", "ranking", "urutan", "posisi", "pemenang", "tertinggi", "predikat"
)
PLACE_RANK = re.compile(
    one_of(
        *(rf"{noun}\s+(?:[Hh]arapan\s+)?(?:ke\s*-?\s*)?{_ORDINAL}" for noun in _RANKED_NOUNS),
        rf"[Hh]arapan\s+{_ORDINAL}",
        rf"nomor\s+(?:wahid|{_ORDINAL})",
        *(rf"{noun}\s+ter(?:atas|tinggi)" for noun in ("posisi", "peringkat", "urutan", "tempat")),
        r"[Jj]uara(?:nya)?\s+adalah",
        r"[Pp]eringkat\s+satu",
        r"[Jj]uara\s+[Uu]mum",
        "[Rr]unner[- ]?[Uu]p",
        *(rf"{count}\s+(?:besar|Besar)" for count in (r"\d\d{0,2}", "enam", "sepuluh", "lima", "tiga")),
        r"[Tt]op\s+\d{1,3}",
        "[Zz]ona [Hh]ijau",
    )
    + r"(?=nya\b|\W|$)"
)
_GRADE = re.compile(
    r"(?:raih|mendapat|memperoleh|pemegang|penerima|bernilai|[Pp]redikat|[Nn]ilai|[Kk]ategori|[Oo]pini|SAKIP"
    r"|peringkat)\s+[\"“']?(?P<grade>AA|A-|A|BB(?:\s+[Pp]lus|\+)?|B|CC)(?=[\s\"”',.;:)]|$)"
)
_GRADE_LETTERS = re.compile(r"[ABC](?:[ABC+-]?)(?=[\s\"”',.;:)]|$)")  # what must stand there, and rarely does
_VENUE = "|".join(
    re.escape(row["word"]) for row in sorted(gazetteer.rows("venues"), key=lambda row: (-len(row["word"]), row["word"]))
)
_PLACE = re.compile(
    rf"\b(?:di|bertempat di|dari|berlangsung di)\s+(?P<value>(?:{_VENUE})\b"
    r"(?:\s+(?:[A-Z0-9][\w'’./&-]*|dan(?= [A-Z])|depan|utama|rapat|rumah|dinas|jabatan|kerja|lantai))*"
    r"(?:\s*,\s*(?:[A-Z][\w'’./-]*)(?:\s+[A-Z][\w'’./-]*)*){0,3})"
)
_TOWN = re.compile(
    r"\bdi\s+(?P<value>[A-Z][a-z]+(?:\s+[A-Z][a-z]+){0,2}(?:\s*,\s*[A-Z][a-z]+(?:\s+[A-Z][a-z]+){0,2})?)"
)
_MONTHS_ONLY = re.compile(r"(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Ahad)\b")


def has_level(text: str, span: Span, series: str) -> bool:
    """Whether a step of the series' own scale stands in a span."""
    return _levels(series).search(text, *span) is not None


@cache
def _levels(series: str) -> re.Pattern[str]:
    levels = [level for level in gazetteer.series()[series].levels if len(level) > 2]
    words = "|".join(re.escape(level) for level in sorted(levels, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else re.compile(r"(?!)")


def all_days(text: str, span: Span) -> list[DateInText]:
    """Every day named in a span, with offsets into the text."""
    return [
        DateInText(span[0] + d.start, span[0] + d.end, d.day, d.month, d.year, d.weekday)
        for d in dates_in(text[span[0] : span[1]])
    ]


def day_found(day: DateInText, published: date | None, latest_year: int | None) -> Found | None:
    """An ISO day, or None when its year cannot be told. Without a publication date the latest year of the text is meant."""
    meant = resolve_day(day, published or (date(latest_year, 12, 31) if latest_year else None))
    return Found(meant.isoformat(), day.start, day.end) if meant else None


_NO_PLACE = frozenset(
    (
        "indonesia",
        "tingkat",
        "kota",
        "kabupaten",
        "kantor",
        "ruang",
        "rumah",
        "gedung",
        "provinsi",
        "balai",
        "hotel",
        "aula",
        "taman",
        "the",
        "halaman",
        "lapangan",
        "pasar",
    )
)


_RANKED = re.compile(r"\b(?:peringkat|juara|terbaik|urutan|ranking)\b", re.IGNORECASE)


@lru_cache(maxsize=1)  # who asks what a sentence says asks next whose it is
def ranks_in(text: str, span: Span) -> list[tuple[Found, str]]:
    """Every place, step or grade of a span, with which of the three it is."""
    found = [(Found(m[0], m.start(), m.end()), "place") for m in PLACE_RANK.finditer(text, *span)]
    if _GRADE_LETTERS.search(text, *span):
        found += [(Found(m["grade"], m.start("grade"), m.end("grade")), "grade") for m in _GRADE.finditer(text, *span)]
    taken = [(f.start, f.end) for f, _ in found]
    for match in _all_levels().finditer(text, *span):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            found.append((Found(match[0], match.start(), match.end()), "level"))
    if not found and span[1] - span[0] < _SHORT and text[span[0] : span[1]].isupper():
        found += _shouted(text, span)
    taken = [(f.start, f.end) for f, _ in found]
    for pattern, kind in (
        (_SMALL_LEVEL, "small level"),
        (_BEST, "best"),
        (_ORDINAL_ALONE, "ordinal"),
        (_BRACKETED, "bracket"),
    ):
        for match in pattern.finditer(text, *span):
            start, end = match.span(1)
            if not any(a < end and start < b for a, b in taken):
                found.append((Found(match[1], start, end), kind))
    return [(rank, kind) for rank, kind in found if not _is_former(text, max(span[0], rank.start - 40), rank.start)]


_SHORT = 60  # characters of a heading


def _shouted(text: str, span: Span) -> list[tuple[Found, str]]:
    """'WISTARA', 'KATEGORI MADYA': the step that a heading in capitals names."""
    words = text[span[0] : span[1]].title()
    found = [(m[0], span[0] + m.start(), span[0] + m.end()) for m in _all_levels().finditer(words)]
    return [(Found(*one), "level") for one in found] if len(words) == span[1] - span[0] else []


def _is_former(text: str, start: int, end: int) -> bool:
    return "dari" in text[start:end].lower() and _FORMER.search(text, start, end) is not None


# 'naik dari Nindya', 'dari sebelumnya peringkat dua': where it stood before.
_FORMER = re.compile(
    r"\b(?:(?:naik|turun|meningkat|melonjak|melompat|beranjak)\s+(?:\w+\s+)?dari|dari\s+sebelumnya)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_SMALL_LEVEL = re.compile(
    one_of("kategori", "predikat", "tingkat", "level", "peringkat", "strata", "kelas", "klasifikasi", "kualifikasi")
    + r"\s+[\"“']?(pratama|madya|nindya|utama|paripurna|mandiri|nasional|emas|perak|perunggu|informatif|unggul|memuaskan|baik"
    r"|sangat baik)\b"
)
_ORDINAL_ALONE = re.compile(
    "("
    + one_of(
        "pertama",
        "ke(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)",
        not_after=("kali ", "untuk ", "yang "),
    )
    + r")\b(?!\s*(?:kali|nya\b|\w+ (?:itu|tersebut)))"
)
_BRACKETED = re.compile(r"\((I{1,3}|IV|VI{0,3}|\d{1,2})\)")


_BEST = re.compile(
    "("
    + one_of(
        "ber[Kk]inerja [Tt]erbaik", "[Kk]inerja [Tt]erbaik", "[Tt]erbaik", "[Jj]uara",
        "[Tt]er(?:aktif|favorit|tinggi)", "Emas", "Perak",
        "Perunggu", "Gold", "Silver", "Platinum", "Bronze", "Diamond", r"Top \d+", "Finalis", "Unggul", "Informatif", "Mentor",
    )
    + r")(?!\w)"
)  # fmt: skip


@cache
def _all_levels() -> re.Pattern[str]:
    levels = {level for series in gazetteer.series().values() for level in series.levels if len(level) > 2}
    for row in gazetteer.rows("levels"):
        form = row["form"]
        if row["class"] in ("level", "medal", "zone") and form not in _COMMON:
            levels |= {form.title(), form.capitalize()} | ({form} if " " in form or form in _RARE else set())
    levels |= {"Utama", "Mandiri", "Bintang 5", "Bintang Lima"}
    return re.compile(
        one_of(*(re.escape(level) for level in sorted(levels, key=lambda w: (w[0], -len(w), w)))) + r"(?!\w)"
    )


# Steps that are ordinary words as well, and those that are none.
_COMMON = frozenset(
    ("baik", "tinggi", "rendah", "sedang", "cukup", "kurang", "muda", "peduli", "utama", "mandiri", "emas", "perak", "pelopor",
     "penggerak", "inovatif", "terinovatif", "lestari", "unggul", "informatif", "rentan", "mentor", "waspada")
)  # fmt: skip
_RARE = frozenset(("pratama", "madya", "nindya", "padapa", "wiwerda", "wistara", "paripurna"))


def speaks_of_ranks(text: str, span: Span) -> bool:
    """Whether a heading announces ranks, so that the numbers below it count places."""
    return _RANKED.search(text, *span) is not None


def cell_under(text: str, sentences: Sequence[Sentence], index: int, columns: Collection[str]) -> Found | None:
    """The cell of a table row below the first column whose head is one of `columns`; the table's first row has the heads."""
    first = index
    while first and sentences[first - 1].kind == "row" and index - first < _LONGEST_TABLE:
        first -= 1
    heads = [cell.strip().lower() for cell in text[sentences[first].start : sentences[first].end].split("|")]
    column = next((n for n, head in enumerate(heads) if head in columns), None)
    position = sentences[index].start
    for number, cell in enumerate(text[position : sentences[index].end].split("|")):
        if number == column and cell.strip() and first != index:
            start = position + len(cell) - len(cell.lstrip())
            return Found(cell.strip(), start, start + len(cell.strip()))
        position += len(cell) + 1
    return None


_LONGEST_TABLE = 200  # rows


def near_days(text: str, span: Span, published: date) -> list[tuple[Found, str]]:
    """'di Jakarta, Selasa', 'Kamis malam', 'kemarin': days without a date, told from the day of publication."""
    found = []
    for match in _NEAR_DAY.finditer(text, *span):
        weekday = WEEKDAYS.get(lowered(match["day"]))
        if weekday is None:
            back, kind = (0 if lowered(match["day"]) == "hari ini" else 1), "relative"
        else:
            back, kind = (published.weekday() - weekday) % 7 or (7 if match["past"] else 0), "weekday"
        found.append((Found((published - timedelta(back)).isoformat(), *match.span()), kind))
    return found


_NEAR_DAY = re.compile(
    "(?P<day>"
    + one_of(
        *("Senin", "Selasa", "Rabu", "Kamis", "Jum['’]?at", "Sabtu", "Minggu", "Ahad"),
        *any_case("kemarin", "hari ini"),
        not_after=("Pasar ",),
    )
    + r")(?!\w)(?:\s+(?:pagi|siang|sore|petang|malam))?(?P<past>\s+(?:lalu|kemarin)\b)?"
    r"(?!\s*[,(]*\s*\d|\s+(?:pekan|minggu|depan|[A-Z]))"
)


def statement_of(text: str, cues: Sequence[Name], start: int) -> str | None:
    """The kind of statement whose day it is, or None: 'told' of 'dalam keterangan tertulis, Kamis (1/4)', where no act of giving
    stands between; 'told there' of 'kata Bupati seusai menerima piala, Kamis (1/4)'.
    """
    told = max((c.start for c in cues if "statement" in c.ids and c.start < start), default=None)
    acts = max((c.start for c in cues if set(c.ids) & _ACTS and c.start < start), default=-1)
    if told is None or acts > told:
        return None
    return "told there" if _AT_IT.search(text, told, start) else "told"


_AT_IT = re.compile(r"\b(?:se)?usai\b|\bdi sela\b|\bsesudah\b")


_ACTS = frozenset(("receive", "receive_passive", "award_subject", "give", "hand_over", "accepted_by", "organizer"))


def months_in(text: str, span: Span) -> list[Found]:
    """'Desember 2012': a month and its year, where no day stands before."""
    return [
        Found(f"{m['year']}-{MONTHS[lowered(m['month'])]:02d}", m.start(), m.end())
        for m in _MONTH.finditer(text, *span)
    ]


_MONTH_NAMES = sorted((m.capitalize() for m in MONTHS if len(m) > 3 or m == "mei"), key=lambda m: (-len(m), m))
_MONTH = re.compile(
    "(?P<month>" + one_of(*_MONTH_NAMES, not_after=(r"\d ", r"\d")) + r")\s+(?P<year>(?:19|20)\d\d)(?!\w)"
)


def places_in(text: str, span: Span) -> list[tuple[Found, str]]:
    """Every venue and town of a span."""
    found: dict[int, tuple[Found, str]] = {}
    for pattern, kind in ((_PLACE, "venue"), (_TOWN, "town")):
        for match in pattern.finditer(text, *span):
            value = re.split(r",\s*(?:Senin|Selasa|Rabu|Kamis|Jumat|Jum|Sabtu|Minggu|Ahad)\b", match["value"])[
                0
            ].rstrip(" ,.")
            value = re.sub(r"\s+(?:pada|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Ahad)(?:\s.*)?$", "", value)
            if value and lowered(value) not in _NO_PLACE and not _MONTHS_ONLY.match(value):
                start = match.start("value")
                found.setdefault(start, (Found(value, start, start + len(value)), kind))
    return list(found.values())


def named_givers(text: str, span: Span) -> list[Found]:
    """Capitalised names, listed nowhere, that a word of giving makes givers: 'versi Citiasia', 'dari Wali Nanggroe'."""
    return [
        Found(m["name"].rstrip(" ."), m.start("name"), m.start("name") + len(m["name"].rstrip(" .")))
        for m in _NAMED_GIVER.finditer(text, *span)
    ]


_NAMED_GIVER = re.compile(
    r"\b(?:dari|oleh|versi|besutan|diselenggarakan|digelar|diadakan|dihelat|diinisiasi)\s+(?:oleh\s+"
    r"|langsung\s+|pihak\s+|lembaga\s+|majalah\s+|harian\s+|yayasan\s+)?"
    r"(?P<name>[A-Z][\w'&.-]*(?:\s+(?:(?:dan|of|for|the|&)\s+)?[A-Z][\w'&-]*){0,7})"
)
