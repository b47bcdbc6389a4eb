"""What an article tells of an edition: how many won, when they were announced, which year was judged. Pure.

Reads only what is plainly written: a number before 'kabupaten/kota' in a sentence that speaks of winning, a date behind
'diumumkan', a year behind 'LKPD'. What it does not find stays open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from etl.conferral import own_year
from etl.dates import dates_in, resolve_day
from etl.model import AwardMention

LISTED: Final = 3
"""Winners that make an article a list worth counting."""

_STATED: Final = re.compile(
    r"(?<![\d.,/-])(\d{1,3}(?:\.\d{3})?)\s+(?:pemerintah\s+)?"
    r"(?:(?:kabupaten|kota|provinsi)(?:(?:\s*/\s*|\s+dan\s+|,\s*)(?:kabupaten|kota|provinsi))*|daerah|pemda|kepala daerah"
    r"|desa|kelurahan|sekolah|puskesmas|instansi|penerima|pemenang)\b",
    re.IGNORECASE,
)
_WON: Final = re.compile(
    r"\b(?:me?raih|menerima|menyabet|memperoleh|mendapat\w*|dianugerahi|diganjar|penerima|pemenang|dinobatkan|ditetapkan)\b",
    re.IGNORECASE,
)
_NOT_WON: Final = re.compile(
    r"\b(?:peserta|mengikuti|dari total|nominasi|finalis|belum|diikuti|bersaing)\b", re.IGNORECASE
)
_AWARD: Final = re.compile(
    r"\b(?:penghargaan|anugerah|awards?|piala|predikat|juara|trofi|opini|wtp|adipura|adiwiyata|satyalancana|rekor)\b",
    re.I,
)
_SENTENCE: Final = re.compile(r"[^\n.!?]*(?:\.(?=\d)[^\n.!?]*)*")
_ANNOUNCED: Final = re.compile(r"\b(?:diumumkan|pengumuman|mengumumkan)\b[^.\n]{0,80}")
_JUDGED: Final = re.compile(
    r"(?:\bLKPD\b|\blaporan keuangan\b|\bpenilaian\b|\bevaluasi\b)[^.\n]{0,70}?"
    r"\b(?:tahun anggaran|tahun|TA|TA\.)\s*((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_JUDGED_KINDS: Final = frozenset({"opinion", "grade"})


@dataclass(frozen=True, slots=True)
class Report:
    """Winners of one edition that an article names, and that it says there are: `text[start:end]` says so."""

    series: str
    year: int
    listed: int
    stated: int | None = None
    start: int | None = None
    end: int | None = None


def reports(mentions: Sequence[AwardMention], published_on: date | None, text: str) -> Iterator[Report]:
    """Of each edition that an article lists winners of or states their number; a number only of the edition it is about."""
    listed: Counter[tuple[str, int]] = Counter()
    seen: set[tuple[str, int, str, str | None]] = set()
    for m in mentions:
        year = own_year(m, published_on)
        if m.series and year is not None and m.status == "won":
            key = (m.series, year, m.recipient, m.category)
            listed[m.series, year] += key not in seen
            seen.add(key)
    if not listed:
        return
    focus = Counter(
        (m.series, own_year(m, published_on)) for m in mentions if m.in_focus and m.status == "won" and m.series
    )
    about = min(focus, key=lambda key: (-focus[key], str(key)), default=None)
    for (series, year), count in sorted(listed.items()):
        stated = _stated(text) if (series, year) == about else None
        if stated is not None and stated[0] >= count:
            yield Report(series, year, count, *stated)
        elif count >= LISTED:
            yield Report(series, year, count)


def _stated(text: str) -> tuple[int, int, int] | None:
    """The first number of winners that a text states, and where."""
    for match in _STATED.finditer(text):
        begin = max(text.rfind(mark, 0, match.start()) for mark in ("\n", ". ")) + 1
        sentence = _SENTENCE.match(text, begin)
        words = sentence[0] if sentence else ""
        if _WON.search(words) and not _NOT_WON.search(words):
            return int(match[1].replace(".", "")), match.start(), match.end()
    return None


def announced_on(text: str, published_on: date | None) -> date | None:
    """The day on which winners were announced, where a text has one date behind 'diumumkan'."""
    if "umum" not in text or published_on is None:
        return None
    for match in _ANNOUNCED.finditer(text):
        days = [day for found in dates_in(match[0]) if (day := resolve_day(found, published_on))]
        if len(days) == 1 and days[0] <= published_on:
            return days[0]
    return None


def assessment_year(mention: AwardMention, text: str) -> int | None:
    """The year that was judged, of an opinion or grade: the one that a text names if it names only one."""
    if mention.kind not in _JUDGED_KINDS or not mention.in_focus:
        return None
    years = {int(match[1]) for match in _JUDGED.finditer(text)}
    return years.pop() if len(years) == 1 else None


def award_likeness(text: str) -> float:
    """How much headline and first paragraph sound like an award won, whatever was found in the text, 0..1."""
    headline, _, rest = text.partition("\n")
    first = rest.partition("\n")[0]
    signs = ((_AWARD, headline, 0.4), (_WON, headline, 0.3), (_AWARD, first, 0.2), (_WON, first, 0.1))
    found = sum(weight for pattern, words, weight in signs if pattern.search(words))
    return round(found * (0.5 if _NOT_WON.search(headline) else 1.0), 2)
