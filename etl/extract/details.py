"""What surrounds a claim: rank, category, date, place, who handed over and who took it. Each found with its words.

Every finder takes the text and a span to look in, and gives a `Found` (value and where it stands) or None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from etl import gazetteer
from etl.dates import DateInText, dates_in, resolve_day
from etl.extract.text import Sentence
from etl.gazetteer import Name, Series, lowered

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the words it was read from."""

    value: str
    start: int
    end: int


_ORDINAL = (
    r"(?:I{1,3}|IV|VI{0,3}|IX|X|\d{1,3}|ke-\d{1,3}|pertama|kesatu|kedua|ketiga|keempat|kelima|keenam|ketujuh|kedelapan"
    r"|kesembilan|kesepuluh|satu|dua|tiga)"
)
_RANKED_NOUN = (
    r"(?:[Jj]uara|[Tt]erbaik|[Pp]eringkat|[Rr]anking|[Uu]rutan|[Pp]osisi|[Pp]emenang|[Tt]ertinggi|[Pp]redikat)"
)
_PLACE_RANK = re.compile(
    rf"\b(?:{_RANKED_NOUN}\s+(?:[Hh]arapan\s+)?(?:ke\s*-?\s*)?{_ORDINAL}"
    r"|[Jj]uara(?:nya)?\s+adalah|[Pp]eringkat\s+satu|[Jj]uara\s+[Uu]mum|[Rr]unner[- ]?[Uu]p"
    r"|(?:\d{1,3}|enam|sepuluh|lima|tiga)\s+(?:besar|Besar)|[Tt]op\s+\d{1,3}|[Zz]ona [Hh]ijau)(?!\w)"
)
_GRADE = re.compile(
    r"(?:raih|mendapat|memperoleh|[Pp]redikat|[Nn]ilai|[Kk]ategori|[Oo]pini|SAKIP|peringkat)\s+[\"“']?(?P<grade>AA|A-|A|BB(?:\s+[Pp]lus|\+)?|B|CC)(?=[\s\"”',.;)]|$)"
)
_CATEGORY = re.compile(
    r"\b(?:[Kk]ategori|[Bb]idang|[Nn]ominasi|[Kk]lasifikasi|[Kk]elompok|[Ss]ub-?kategori)\s*:?\s+[\"“']?(?P<value>[^\n.;:\"”]{3,120})"
)
_AS = re.compile(r"\b(?:sebagai|selaku|menjadi)\s+[\"“']?(?P<value>[^\n.;:\"”]{4,120})")
_REASON = re.compile(r"\b(?:atas|karena|berkat)\s+(?P<value>[^\n.;:\"”]{4,120})")
# Where a category's phrase ends: at the next role, circumstance or verb.
_PHRASE_END = re.compile(
    r"\s*(?:,|\(|\)|\b(?:dari|oleh|versi|pada|dalam (?:ajang|acara|rangka|malam)|di|yang|dengan (?:nilai|skor)|tingkat|tahun"
    r"|periode|kepada|bagi|untuk|melalui|saat|setelah|usai|karena|berkat|sehingga|serta|kembali|jatuh|di[a-z]{4,}|tercatat"
    r"|berhasil|meraih|menerima|mendapat|bersama|ini|itu|tersebut|adalah|berada"
    r"|dan (?:kategori|predikat|penghargaan|terbaik|juara))\b)"
)
_TITLE_END = re.compile(
    r"\s*(?:,|\(|\)|\b(?:dari|oleh|versi|yang|pada|dalam (?:ajang|acara|rangka|malam)|kepada|melalui|saat|setelah|usai|karena"
    r"|berkat|atas|sehingga|serta|tahun|dengan (?:nilai|skor))\b)"
)
_VENUE = (
    "Gedung|Hotel|Ballroom|Aula|Auditorium|Istana|Pendopo|Pendapa|Balai|Balairung|Grand|JIExpo|JIEXPO|JCC|Jakarta Convention"
    "|TMII|Taman|Sasana|Kantor|kantor|Plaza|Alun-alun|Lapangan|Convention|Graha|Ruang|ruang|Rumah|Stadion|Universitas|Kampus"
    "|The|Balaikota|Museum|Gelora|Bali|ICE|Plenary|Birawa|Mall|Mal|Novotel|Aston|Swiss-Belhotel|Raffles|Ritz|Shangri-La"
    "|Mercure|Sheraton|Puri|Kompleks|Lagoon|Assembly|Kota|Mabes|Markas|Opus|Djakarta|Ciputra"
)
_PLACE = re.compile(
    rf"\b(?:di|bertempat di|dari|berlangsung di)\s+(?P<value>(?:{_VENUE})\b(?:\s+(?:[A-Z0-9][\w'’./&-]*|dan|Kabupaten))*"
    r"(?:\s*,\s*(?:[A-Z][\w'’./-]*)(?:\s+[A-Z][\w'’./-]*)*){0,3})"
)
_TOWN = re.compile(
    r"\bdi\s+(?P<value>[A-Z][a-z]+(?:\s+[A-Z][a-z]+){0,2}(?:\s*,\s*[A-Z][a-z]+(?:\s+[A-Z][a-z]+){0,2})?)"
)
_TODAY = re.compile(r"\b(?:hari ini|tadi malam|semalam|tadi|kemarin)\b", re.IGNORECASE)
_MONTHS_ONLY = re.compile(r"(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Ahad)\b")


def rank_near(text: str, span: Span, anchor: int, series: Series | None) -> Found | None:
    """The place or level step nearest to an anchor: 'Juara II', 'Nindya' (of this series only), 'BB'."""
    found = [Found(m[0], m.start(), m.end()) for m in _PLACE_RANK.finditer(text, *span)]
    if not found and series is not None and series.kind != "opinion":
        found = [Found(m[0], m.start(), m.end()) for m in _levels(series.id).finditer(text, *span)]
        if series.kind == "grade":
            found += [Found(m["grade"], m.start("grade"), m.end("grade")) for m in _GRADE.finditer(text, *span)]
    found = [f for f in found if not _LEFT_BEHIND.search(text, max(span[0], f.start - 30), f.start)]
    return min(found, key=lambda f: abs(f.start - anchor), default=None)


# 'naik dari Madya ke Utama': the step left behind is not the one reached.
_LEFT_BEHIND = re.compile(
    r"\b(?:dari|sebelumnya|semula)\s+(?:predikat|kategori|tingkat|level|peringkat)?\s*$", re.IGNORECASE
)


def has_level(text: str, span: Span, series: str) -> bool:
    """Whether a step of the series' own scale stands in a span."""
    return _levels(series).search(text, *span) is not None


@cache
def _levels(series: str) -> re.Pattern[str]:
    levels = [level for level in gazetteer.series()[series].levels if len(level) > 2]
    words = "|".join(re.escape(level) for level in sorted(levels, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else re.compile(r"(?!)")


def category_near(text: str, span: Span, anchor: int) -> Found | None:
    """'kategori Kota Kecil', 'bidang Kesehatan': the nearest one's phrase."""
    found = [_phrase(text, m) for m in _CATEGORY.finditer(text, *span)]
    return min((f for f in found if f), key=lambda f: abs(f.start - anchor), default=None)


def title_after(text: str, span: Span) -> Found | None:
    """'... sebagai kota dengan program inovatif': the title given, when it's no rank."""
    found = [_phrase(text, m, _TITLE_END) for m in _AS.finditer(text, *span)]
    return next((f for f in found if f and not _PLACE_RANK.match(f.value)), None)


_TITLE_WORD = re.compile(r"\b(?:terbaik|berprestasi|terinovatif|inovatif|berkinerja|teladan|terpuji)\b", re.IGNORECASE)


def title_in_name(text: str, start: int, end: int) -> Found | None:
    """'TPID Provinsi Terbaik 2013' names a series and says the title won: the title is the category, whole."""
    value = re.sub(r"\s+(?:[Tt]ahun\s+)?(?:19|20)\d\d$", "", text[start:end])
    return Found(value, start, start + len(value)) if _TITLE_WORD.search(value) else None


def reason_after(text: str, span: Span) -> Found | None:
    """'... atas pengelolaan arsip': why an award without a name was given."""
    match = _REASON.search(text, *span)
    return _phrase(text, match) if match else None


def _phrase(text: str, match: re.Match[str], until: re.Pattern[str] | None = None) -> Found | None:
    start, end = match.span("value")
    stop = (until or _PHRASE_END).search(text, start + 2, end)
    end = stop.start() if stop else end
    value = text[start:end].strip(" ,-")
    value = re.sub(r"\s+\d{4}$", "", value)
    return Found(value, start, start + len(value)) if len(value) > 2 else None


def all_days(text: str, span: Span) -> list[DateInText]:
    """Every day named in a span, with offsets into the text."""
    return [
        DateInText(span[0] + d.start, span[0] + d.end, d.day, d.month, d.year, d.weekday)
        for d in dates_in(text[span[0] : span[1]])
    ]


def days_in(text: str, span: Span, cues: Sequence[Name]) -> list[DateInText]:
    """Days named in a span that are not a statement's: the date right behind 'dalam keterangan tertulis', 'ujarnya'."""
    days = []
    for day in all_days(text, span):
        told = [c.start for c in cues if "statement" in c.ids and c.start < day.start]
        acts = [c.start for c in cues if set(c.ids) & _ACTS and c.start < day.start]
        if not told or (acts and max(acts) > max(told)):
            days.append(day)
    return days


_ACTS = frozenset(("receive", "receive_passive", "award_subject", "give", "hand_over", "accepted_by", "organizer"))


def day_found(day: DateInText, published: date | None, latest_year: int | None) -> Found | None:
    """An ISO day, or None when its year cannot be told. Without a publication date the latest year of the text is meant."""
    meant = resolve_day(day, published or (date(latest_year, 12, 31) if latest_year else None))
    return Found(meant.isoformat(), day.start, day.end) if meant else None


def place_in(text: str, span: Span) -> Found | None:
    """A venue ('Hotel Sahid, Jakarta'), else a town after 'di'."""
    for pattern in (_PLACE, _TOWN):
        for match in pattern.finditer(text, *span):
            value = re.split(r",\s*(?:Senin|Selasa|Rabu|Kamis|Jumat|Jum|Sabtu|Minggu|Ahad)\b", match["value"])[
                0
            ].rstrip(" ,.")
            value = re.sub(r"\s+(?:pada|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Ahad)(?:\s.*)?$", "", value)
            if value and lowered(value) not in _NO_PLACE and not _MONTHS_ONLY.match(value):
                return Found(value, match.start("value"), match.start("value") + len(value))
    return None


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
    )
)


def ranks_in_run(text: str, span: Span, names: Sequence[Span]) -> dict[int, Found]:
    """Ranks of several names in one sentence, by where each name starts: 'peringkat pertama R, disusul R dan R'.

    A rank holds for the name behind it; 'disusul', 'diikuti' count on; a first name before 'peringkat kedua R' is first.
    Empty when the sentence names no place on a scale.
    """
    if behind := _ranks_behind(text, span, names):
        return behind
    found: dict[int, Found] = {}
    rank, said, position = None, None, span[0]
    counting = _IN_ORDER.search(text, *span) is not None
    for start, end in names:
        if match := _PLACE_RANK.search(text, position, start):
            rank, said = _number(match[0]), Found(match[0], match.start(), match.end())
            if rank == 2 and len(found) == 0 and position > span[0]:
                found[names[0][0]] = Found("peringkat 1", match.start(), match.end())
        elif said is not None and counting and rank is not None:
            rank += 1
            said = Found(f"peringkat {rank}", said.start, said.end)
        elif not counting:
            said = None
        if said is not None:
            found[start] = said
        position = end
    return found


def _ranks_behind(text: str, span: Span, names: Sequence[Span]) -> dict[int, Found]:
    """'R di posisi terbaik kedua dan R di posisi ketiga', 'R sebagai juara kedua': ranks that follow their names."""
    if _PLACE_RANK.search(text, span[0], names[0][0]):
        return {}
    found: dict[int, Found] = {}
    for (start, end), following in zip(names, [*(s for s, _ in names[1:]), span[1]], strict=True):
        match = _BEHIND.match(text, end, following)
        rank = _PLACE_RANK.search(text, end, following) if match else None
        if rank:
            found[start] = Found(rank[0], rank.start(), rank.end())
    return found


_BEHIND = re.compile(r"\s*,?\s*(?:yang\s+)?(?:di|sebagai|pada|menempati|meraih|berada|menjadi|dengan|\()\s*")
_IN_ORDER = re.compile(
    r"\b(?:disusul|diikuti|berurutan|berturut-turut|selanjutnya|urutan berikutnya|lalu|kemudian)\b", re.IGNORECASE
)
_NUMBERS = (
    ("pertama", "kesatu", "satu", "i", "1"), ("kedua", "dua", "ii", "2"), ("ketiga", "tiga", "iii", "3"),
    ("keempat", "empat", "iv", "4"), ("kelima", "lima", "v", "5"),
)  # fmt: skip


def _number(rank: str) -> int | None:
    words = set(re.findall(r"\w+", rank.lower()))
    return next((n for n, forms in enumerate(_NUMBERS, 1) if words & set(forms)), None)


def number_as_rank(text: str, sentence: Sentence, heading: Span) -> Found | None:
    """An item's own number is its rank when the heading announces ranks, not when it merely lists."""
    if sentence.number is None or not _RANKED.search(text, *heading):
        return None
    start = text.index(str(sentence.number), sentence.start)
    return Found(str(sentence.number), start, start + len(str(sentence.number)))


_RANKED = re.compile(r"\b(?:peringkat|juara|terbaik|urutan|ranking)\b", re.IGNORECASE)


def cell_under(text: str, sentences: Sequence[Sentence], index: int, columns: Sequence[str]) -> Found | None:
    """The cell of a table row below the first column whose head is one of `columns`."""
    heading = sentences[index].heading
    rows = [s for s in sentences if s.kind == "row" and s.heading == heading]
    head = [cell.strip().lower() for cell in text[rows[0].start : rows[0].end].split("|")]
    place = next((i for i, name in enumerate(head) if name in columns), None)
    if place is None or rows[0] is sentences[index]:
        return None
    position, sentence = sentences[index].start, sentences[index]
    for number, cell in enumerate(text[sentence.start : sentence.end].split("|")):
        if number == place and cell.strip():
            start = position + len(cell) - len(cell.lstrip())
            return Found(cell.strip(), start, start + len(cell.strip()))
        position += len(cell) + 1
    return None


def heading_category(text: str, span: Span) -> Found | None:
    """The category that a list's heading names: 'Kategori Kota Kecil:', or the heading itself when it is short."""
    named = category_near(text, span, span[0])
    if named is not None:
        return named
    words = text[span[0] : span[1]].strip().rstrip(":").strip()
    is_label = len(words) <= 60 and not re.search(
        r"\b(?:berikut|daftar|yakni|yaitu|antara lain|pemenang|penerima)\b", words, re.IGNORECASE
    )
    start = text.index(words, span[0]) if words else 0
    return Found(words, start, start + len(words)) if words and is_label and not words.endswith(".") else None


_ENUMERATED = re.compile(
    r"\b(?:dua|tiga|empat|lima|enam|\d{1,2})\s+(?:kategori|bidang)\b[^.:;]{0,20}?"
    r"(?:,?\s*(?:yakni|yaitu|antara lain)|:)\s*(?P<list>[^.;]+)",
    re.IGNORECASE,
)


def enumerated_categories(text: str, span: Span) -> list[Found]:
    """'untuk tiga kategori, yakni X, Y, serta Z' -> X, Y and Z; [] when nothing is enumerated."""
    match = _ENUMERATED.search(text, *span)
    if match is None:
        return []
    found, position = [], match.start("list")
    for part in re.split(r"(,\s*(?:dan|serta)?\s+|\s+(?:dan|serta)\s+(?=\S+\s+\S+\s+\S+))", match["list"]):
        if len(part.strip()) > 3 and not re.fullmatch(r"[,\s]*(?:dan|serta)?\s*", part):
            start = position + len(part) - len(part.lstrip())
            found.append(Found(part.strip(), start, start + len(part.strip())))
        position += len(part)
    return found
