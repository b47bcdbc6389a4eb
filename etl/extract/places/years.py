"""Earlier years that a sentence names, and which of its names each may be told of; the model `year` weighs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.dates import MONTHS
from etl.extract.document import Document
from etl.extract.judge import Clues
from etl.extract.names.entities import Award, Recipient
from etl.extract.places.survey import CUES, STEP, points
from etl.extract.symbols import JOINTS, Symbol, run_start
from etl.gazetteer import lowered

if TYPE_CHECKING:
    from etl.extract.places.receivers import Line, Receiver


@dataclass(frozen=True, slots=True)
class Year:
    """An earlier year of a sentence, where it stands, and what stands around it."""

    year: int
    start: int
    clues: Clues


YEAR = re.compile(r"((?:1(?<![\d/.-].)9|2(?<![\d/.-].)0)\d\d)(?![\d/]|\s*[-–]\s*\d)")
_RANGE = re.compile(r"((?:19|20)\d\d)\s*(?:[-–]|sampai|hingga|s/d)\s*((?:19|20)\d\d)")


# '2019, 2020, dan 2021': each is an edition.
_YEARS_LISTED = re.compile(
    r"(?:19|20)\d\d(?:(?:,? (?:dan|serta|juga|lalu|hingga|kemudian) |, )(?:pada |tahun )?(?:19|20)\d\d)+(?!\d)"
)


def age_clues(line: Line) -> Iterator[str]:
    """What a sentence that names years tells of them: how many are earlier than the news, and what stands with them."""
    latest = line.article.document.latest_year or 0
    earlier = [y.year for y in line.years if y.year < latest]
    if not earlier:
        yield "this year only"
        return
    text, (start, end) = line.article.document.text, line.article.document.around(line.index)
    yield "earlier years"
    yield f"earlier years:{min(4, len(earlier))}"
    yield f"earlier years only:{len(earlier) == len(line.years)}"
    if listed := _YEARS_LISTED.search(text, start, end):
        yield f"years listed:{min(4, len(listed[0].split()))}"
    yield f"earlier years|speaks:{line.speaks}"
    yield f"earlier years|step:{STEP.search(text, start, end) is not None}"
    yield f"earlier years|link:{line.awards[0][1] if line.awards else None}"
    yield f"earlier years|points:{points(text, start, end)}"
    yield f"earlier years|begins:{line.row[0].name if line.row else '^'}"


def years_of(document: Document, index: int, row: Sequence[Symbol]) -> Iterator[Year]:
    """Earlier years a sentence names, a range by its last: each with what stands around it."""
    text, (start, end) = document.text, document.around(index)
    if document.latest_year is None or not any(text.find(sign, start, end) >= 0 for sign in ("20", "19", "ahun ")):
        return
    taken = [(e.start, e.end) for e in document.within(index) if isinstance(e, Award) and e.year is None]
    found: dict[int, tuple[int, int, str]] = {}
    for match in _RANGE.finditer(text, start, end):
        taken.append(match.span())
        if any(e.end <= match.start() <= e.end + 10 for e in document.within(index) if isinstance(e, Recipient)):
            continue  # 'Gubernur Jawa Timur 2019-2024': a term of office
        found.setdefault(int(match[2]), (match.start(), match.end(), "range"))
    for match in YEAR.finditer(text, start, end):
        if not any(a <= match.start() < b for a, b in taken):
            found.setdefault(int(match[1]), (match.start(), match.end(), "year"))
    for match in _AGO.finditer(text, start, end):
        if (counted := _counted(document, index, match)) is not None:
            found.setdefault(counted, (match.start(), match.end(), f"counted {lowered(match['from'])}"))
    names = [(s.start, s.name) for s in row]
    cues = [(s.start, c) for s in row for c in s.cues if c in CUES]
    grades = [(s.start, "below" in s.cues) for s in row if CUES.difference(("co_winner",)).intersection(s.cues)]
    heads = {
        run.start() + m.start(): run.start()
        for run in _YEARS_LISTED.finditer(text, start, end)
        for m in _PLAIN_YEAR.finditer(run[0])
    }
    for year, (first, last, kind) in sorted(found.items()):
        if year > document.latest_year or next((below for s, below in reversed(grades) if s < first), False):
            continue  # ahead; 'tergelincir ke WDP pada 2011'
        head = heads.get(first, first)
        before = [n for s, n in names if s < first][-2:]
        after = [n for s, n in names if s >= last][:1]
        word = _WORD_BEFORE.search(text, max(start, head - 40), head)
        word_before = lowered(word[1]) if word else "^"
        cue_before = next((c for s, c in reversed(cues) if s < first), "^")
        cue_after = next((c for s, c in cues if s >= last), "$")
        age = document.latest_year - year
        yield Year(year, first, Clues((
            "year", f"year {kind}", f"year before:{' '.join(before)}", f"year before:{before[-1] if before else '^'}",
            f"year after:{after[0] if after else '$'}", f"year word:{word_before}", f"year age:{min(age, 6)}",
            f"year age:{min(age, 2)}|sentence:{min(index, 3)}", f"years:{min(4, len(found))}",
            f"year cue before:{cue_before}", f"year cue after:{cue_after}", f"year cues:{cue_before} _ {cue_after}",
            f"year in a run:{first in heads}",
            *(f"year, sentence {c}" for c in {c for s in row for c in s.cues} & {"recall", "streak", "plan", "receive"}),
            f"year age:{min(age, 2)}|recall:{any('recall' in s.cues for s in row)}",
        )))  # fmt: skip


_PLAIN_YEAR = re.compile(r"(?:19|20)\d\d")
# The word before a year, or before its month: 'tahun anggaran 2019', 'ditangkap Oktober 2019'.
_WORD_BEFORE = re.compile(rf"(\w+)\W+(?:(?:\d{{1,2}}\s+)?(?:{'|'.join(MONTHS)})\s+)?$", re.IGNORECASE)
# 'tahun lalu', 'dua tahun silam', 'setahun kemudian'
_AGO = re.compile(
    r"\b(?P<many>se|(?:dua|tiga|empat|lima|enam|tujuh|delapan|sepuluh|\d)\s+)?tahun\s+"
    r"(?P<from>lalu|silam|kemarin|sebelumnya|kemudian|sesudahnya|setelahnya|berselang|berikutnya)\b",
    re.IGNORECASE,
)
_MANY = {"se": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sepuluh": 10}
_BACK = frozenset(("lalu", "silam", "kemarin", "sebelumnya"))


def _counted(document: Document, index: int, match: re.Match[str]) -> int | None:
    """The year that words count to: back from the news, on from the year named last."""
    many = lowered(match["many"] or "se").strip()
    years = _MANY.get(many) or int(many)
    if lowered(match["from"]) in _BACK:
        return (document.latest_year or 0) - years
    named = list(YEAR.finditer(document.text, document.around(max(0, index - 1))[0], match.start()))
    return int(named[-1][1]) + years if named else None


def year_tie(place: Receiver, year: Year) -> Iterator[str]:
    """How a year stands to a name of its sentence: 'X juara pada 2016, setahun kemudian Y': to each the nearest."""
    if place.at is None:
        yield "year of one left unsaid"
        return
    row = place.line.row
    own = row[place.at].start
    names = [i for i, s in enumerate(row) if s.name.startswith("R:")]
    side = "behind" if year.start > own else "before"
    low, high = sorted((own, year.start))
    between = [s for s in row if low < s.start < high]
    others = sum(s.name.startswith("R:") and s is not row[place.at] for s in between)
    numbers = sum(low < y.start < high for y in place.line.years)
    yield f"year {side}, names between:{min(3, others)}"
    yield f"year {side}, years between:{min(3, numbers)}"
    yield f"year {side}, names between:{min(2, others)}|years between:{min(2, numbers)}"
    yield f"year {side}, names:{min(3, len(names))}|years:{min(3, len(place.line.years))}|between:{min(2, others)}"
    tied = place.line.years_by_position.get(own)
    yield f"year by position:{year.year in tied if tied else None}"
    nearest = min(names, key=lambda i: abs(row[i].start - year.start), default=place.at)
    last = max((i for i in names if row[i].start < year.start), default=None)
    yield f"year of the nearest name:{run_start(row, nearest)[0] == run_start(row, place.at)[0]}|{side}"
    yield f"year of the last name before:{last is not None and run_start(row, last)[0] == run_start(row, place.at)[0]}|{side}"
    if others:
        yield f"year {side}, joined:{all(s.name.startswith('R:') or s.name in JOINTS for s in between)}"
    for mark in {s.name for s in between} & {";", "sedangkan", "sementara", "lalu", "kemudian", "dan", "serta", ","}:
        yield f"year {side}, between:{mark}|names:{min(1, others)}"
