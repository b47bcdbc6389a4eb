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
from etl.extract.entities import Entity, Organization, Recipient
from etl.gazetteer import Name, Series, lowered

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the words it was read from."""

    value: str
    start: int
    end: int


_ROMAN = r"(?:I{1,3}|IV|VI{0,3}|IX|X)"
_ORDINAL = rf"(?:{_ROMAN}|\d{{1,3}}|pertama|kesatu|kedua|ketiga|keempat|kelima|keenam|ketujuh|kedelapan|kesembilan|kesepuluh|satu|dua|tiga|ke-\d{{1,3}})"
_PLACE_RANK = re.compile(
    rf"\b(?:(?:[Jj]uara|[Tt]erbaik|[Pp]eringkat|[Rr]anking|[Uu]rutan|[Pp]osisi|[Pp]emenang|[Tt]ertinggi|[Pp]redikat)\s+(?:[Hh]arapan\s+)?(?:ke\s*-?\s*)?{_ORDINAL}"
    r"|[Jj]uara\s+[Uu]mum|[Rr]unner[- ]?[Uu]p|(?:\d{1,3}|enam|sepuluh|lima|tiga)\s+(?:besar|Besar)|[Tt]op\s+\d{1,3}|zona hijau|Zona Hijau)(?!\w)"
)
_GRADE = re.compile(
    r"(?:[Pp]redikat|[Nn]ilai|[Kk]ategori|[Oo]pini|SAKIP|peringkat)\s+[\"“']?(?P<grade>AA|A-|A|BB|B|CC)(?=[\s\"”',.;)]|$)"
)
_CATEGORY = re.compile(
    r"\b(?:[Kk]ategori|[Bb]idang|[Nn]ominasi|[Kk]lasifikasi|[Kk]elompok|[Ss]ub-?kategori)\s*:?\s+[\"“']?(?P<value>[^\n.;:\"”]{3,120})"
)
_AS = re.compile(r"\b(?:sebagai|selaku|menjadi)\s+[\"“']?(?P<value>[^\n.;:\"”]{4,120})")
_REASON = re.compile(r"\b(?:atas|karena|berkat)\s+(?P<value>[^\n.;:\"”]{4,120})")
# Where a category's phrase ends: at the next role or circumstance.
_PHRASE_END = re.compile(
    r"\s*(?:,|\(|\)|\b(?:dari|oleh|versi|pada|dalam (?:ajang|acara|rangka|malam)|di|yang|dengan (?:nilai|skor)|tingkat|tahun|periode|kepada|bagi|untuk|melalui|saat|setelah|usai|karena|berkat|sehingga|serta|kembali|jatuh|diraih|"
    r"diberikan|diserahkan|diterima|disabet|berhasil|meraih|menerima|mendapat|bersama|ini|itu|tersebut|adalah|berada|dan (?:kategori|predikat|penghargaan|terbaik|juara))\b)"
)
_TITLE_END = re.compile(
    r"\s*(?:,|\(|\)|\b(?:dari|oleh|versi|yang|pada|dalam (?:ajang|acara|rangka|malam)|kepada|melalui|saat|setelah|usai|karena|berkat|"
    r"atas|sehingga|serta|tahun|dengan (?:nilai|skor))\b)"
)
_VENUE = (
    "Gedung|Hotel|Ballroom|Aula|Auditorium|Istana|Pendopo|Pendapa|Balai|Balairung|Grand|JIExpo|JIEXPO|JCC|Jakarta Convention|TMII|Taman|Sasana|Kantor|"
    "kantor|Plaza|Alun-alun|Lapangan|Convention|Graha|Ruang|ruang|Rumah|Stadion|Universitas|Kampus|The|Balaikota|Museum|Gelora|Bali|ICE|Plenary|Birawa|"
    "Mall|Mal|Novotel|Aston|Swiss-Belhotel|Raffles|Ritz|Shangri-La|Mercure|Sheraton|Puri|Kompleks|Lagoon|Assembly|Kota|Mabes|Markas|Opus|Djakarta|Ciputra"
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
    if not found and series is not None:
        found = [Found(m[0], m.start(), m.end()) for m in _levels(series.id).finditer(text, *span)]
        if series.kind == "grade":
            found += [Found(m["grade"], m.start("grade"), m.end("grade")) for m in _GRADE.finditer(text, *span)]
    return min(found, key=lambda f: abs(f.start - anchor), default=None)


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


def days_in(text: str, span: Span, cues: Sequence[Name]) -> list[DateInText]:
    """Days named in a span that are not a statement's: the date right behind 'dalam keterangan tertulis', 'ujarnya'."""
    days = []
    for day in dates_in(text[span[0] : span[1]]):
        start = span[0] + day.start
        told = [
            c
            for c in cues
            if "statement" in c.ids and span[0] <= c.start < start and not _SENTENCE_GAP.search(text, c.end, start)
        ]
        acts = [c for c in cues if set(c.ids) & _ACTS and span[0] <= c.start < start]
        if not told or (acts and max(a.start for a in acts) > max(t.start for t in told)):
            days.append(DateInText(start, span[0] + day.end, day.day, day.month, day.year, day.weekday))
    return days


_SENTENCE_GAP = re.compile(r"[.!?]\s")
_ACTS = frozenset(("receive", "receive_passive", "award_subject", "give", "hand_over", "accepted_by", "organizer"))


def day_found(day: DateInText, published: date | None, text: str) -> Found | None:
    """An ISO day, or None when its year cannot be told."""
    meant = resolve_day(day, published)
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


def presenter_in(text: str, span: Span, entities: Sequence[Entity], cues: Sequence[Name]) -> Found | None:
    """Who handed over: 'diserahkan (langsung) oleh X', 'X menyerahkan'."""
    for cue in cues:
        if not (span[0] <= cue.start < span[1]):
            continue
        if "hand_over" in cue.ids:
            after = [e for e in entities if cue.end <= e.start < span[1] and _person(e)]
            if after and after[0].start - cue.end < 60:
                return _person(after[0])
            named = _unlisted_person(text, (cue.end, min(span[1], cue.end + 120)))
            if named:
                return named
        if "give" in cue.ids and lowered(text[cue.start : cue.end]).startswith(
            ("menyerah", "serah", "menyemat", "semat", "menganugerah")
        ):
            before = [e for e in entities if span[0] <= e.start < cue.start and _person(e)]
            if before:
                return _person(before[-1])
    return None


def acceptor_in(text: str, span: Span, entities: Sequence[Entity], cues: Sequence[Name]) -> Found | None:
    """Who took it: 'diterima (langsung) oleh X', 'X menerima', 'kepada Bupati X'."""
    for cue in cues:
        if not (span[0] <= cue.start < span[1]):
            continue
        if "accepted_by" in cue.ids or text[cue.start : cue.end].lower() in ("diterima",):
            after = [e for e in entities if cue.end <= e.start < span[1] and isinstance(e, Recipient) and e.person]
            if after and after[0].start - cue.end < 30:
                return _person(after[0])
            named = _unlisted_person(text, (cue.end, min(span[1], cue.end + 140)))
            if named:
                return named
    for cue in cues:
        if span[0] <= cue.start < span[1] and lowered(text[cue.start : cue.end]).endswith(
            ("menerima", "terima", "menerimanya", "menerima langsung", "mengambil", "mewakili")
        ):
            before = [e for e in entities if span[0] <= e.start < cue.start and isinstance(e, Recipient) and e.person]
            if before:
                return _person(before[-1])
    for entity in entities:
        if (
            span[0] <= entity.start < span[1]
            and isinstance(entity, Recipient)
            and entity.person
            and re.search(r"\b(?:kepada|oleh)\s*$", text[max(0, entity.start - 10) : entity.start])
        ):
            if any(
                set(c.ids) & {"give", "hand_over", "award_subject"} and span[0] <= c.start < entity.start for c in cues
            ):
                return _person(entity)
    return None


def _person(entity: Entity) -> Found | None:
    if isinstance(entity, Recipient | Organization) and entity.person and entity.person_span:
        return Found(entity.person, *entity.person_span)
    return None


_OFFICE_PERSON = re.compile(
    r"^\s*(?:(?:oleh|langsung|secara|simbolis|virtual|kepada|dari)\s+)*(?:[A-Z][\w./()-]*,?\s+|(?:dan|bidang|Bidang)\s+){1,14}?"
    r"(?:(?:[Dd]r|[Dd]rg|Drs|Dra|Ir|H|Hj|KH|Prof|AKBP|Kombes Pol|Letkol(?: \w+)?|Letjen TNI)\.?\s+)*(?P<name>[A-Z][a-z'’]+(?:\s+[A-Z][\w'’.]+){1,4})(?=[,.(\s]|$)"
)


def _unlisted_person(text: str, span: Span) -> Found | None:
    """A person behind an office no table lists ('Deputi Koordinasi ... Didik Agung'): the last two or more capitals."""
    head = re.match(
        r"\s*(?:(?:oleh|langsung|secara|kepada|dari)\s+)*(?P<run>[A-Z][\w'’.()/-]*(?:,?\s+(?:dan|bidang|I{1,3}|[A-Z][\w'’.()/-]*))*)",
        text[span[0] : span[1]],
    )
    if head is None:
        return None
    words = head["run"].split()
    name = words[-2:] if len(words) > 3 else words
    if len(words) < 2 or any(w.endswith(",") for w in name[:-1]):
        return None
    value = " ".join(name).strip(",.")
    start = text.find(value, span[0] + head.start("run"))
    return Found(value, start, start + len(value)) if start >= 0 and not any(ch.isdigit() for ch in value) else None
