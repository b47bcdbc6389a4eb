"""An article taken apart: text, sentences, names and cues. What every later step looks at; decides nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from etl import gazetteer
from etl.dates import dates_in
from etl.extract.names.entities import Award, Entity, Organization, Recipient, entities
from etl.extract.names.lists import with_listed
from etl.extract.names.namesakes import with_kinds
from etl.extract.names.short_names import with_short_names
from etl.extract.text import Sentence, sentences
from etl.gazetteer import Name


@dataclass(frozen=True)
class Document:
    """`entities` and `cues` are in the order of the text; `published` is the day of publication if known."""

    text: str
    sentences: Sequence[Sentence]
    entities: Sequence[Entity]
    cues: Sequence[Name]
    published: date | None
    outlet: str | None

    def around(self, index: int) -> tuple[int, int]:
        """The span of a sentence."""
        return self._spans[index]

    def within(self, index: int) -> Sequence[Entity]:
        """The names of a sentence."""
        return self._names[index]

    def cues_within(self, index: int) -> Sequence[Name]:
        """The cues of a sentence."""
        return self._cues[index]

    @cached_property
    def recipient_ends(self) -> dict[int, Recipient]:
        """The names of those who can receive, by where they end."""
        return {e.end: e for e in self.entities if isinstance(e, Recipient)}

    @cached_property
    def latest_year(self) -> int | None:
        """The year of publication; without one, the latest year the text names."""
        if self.published is not None:
            return self.published.year
        dated = [d.year for d in dates_in(self.text) if d.year is not None]
        if dated:
            return max(dated)
        years = (
            int(m[1])
            for m in _YEAR.finditer(self.text)
            if not _AHEAD.search(self.text, max(0, m.start() - 40), m.start())
        )
        return max((y for y in years if y < 2100), default=None)

    @cached_property
    def home(self) -> tuple[str, ...]:
        """Code of the kabupaten or kota the article names most, else of the province; () when it names none surely."""
        codes = [e.codes[0] for e in self._regions]
        regencies = [code for code in codes if "." in code]
        often = Counter(regencies or codes).most_common(1)
        return (often[0][0],) if often else ()

    @cached_property
    def scene(self) -> str | None:
        """Where the article plays: the kabupaten or kota it names most, unless that is named once, further down, and a
        province is named as well: then it is somebody's address.
        """
        if not self.home:
            return None
        (home,) = self.home
        early = self.sentences[min(1, len(self.sentences) - 1)].end
        own = [e for e in self._regions if e.codes[0] == home]
        provinces = Counter(e.codes[0] for e in self._regions if "." not in e.codes[0])
        if len(own) == 1 and own[0].start >= early and provinces:
            return provinces.most_common(1)[0][0]
        return home

    @cached_property
    def _regions(self) -> list[Recipient]:
        """The regions that it names surely."""
        return [e for e in self.entities if isinstance(e, Recipient) and e.type == "region" and len(e.codes) == 1]

    @cached_property
    def rows(self) -> dict[int, Any]:
        """What etl.extract.symbols makes of each sentence, kept so that it is made once."""
        return {}

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [(s.start, s.end) for s in self.sentences]

    @cached_property
    def _names(self) -> list[Sequence[Entity]]:
        return _by_span(self.entities, self._spans)

    @cached_property
    def _cues(self) -> list[Sequence[Name]]:
        return _by_span(self.cues, self._spans)


_Placed = TypeVar("_Placed", Entity, Name)


def _by_span(placed: Sequence[_Placed], spans: Sequence[tuple[int, int]]) -> list[Sequence[_Placed]]:
    """Those that begin in each span; both are in the order of the text."""
    starts = [p.start for p in placed]
    return [placed[bisect_left(starts, start) : bisect_left(starts, end)] for start, end in spans]


_YEAR = re.compile(r"((?:1(?<!\d.)9|2(?<!\d.)0)\d\d)(?!\d)")
# Words that put a year ahead: a plan, a target, a vision.
_AHEAD = re.compile(
    r"\b(?:menuju|target\w*|hingga|sampai|visi|emas|mendatang|depan|RPJMD|periode|pada akhir|rencana\w*"
    r"|akan)\b[^.]{0,30}$",
    re.IGNORECASE,
)


def document_of(text: str, published: date | None, outlet: str | None) -> Document:
    """Take an article's text apart."""
    lines = sentences(text)
    names = entities(text)
    names = with_kinds(text, lines, with_listed(text, lines, names))
    names = with_short_names(text, lines[0].end if lines else 0, names)
    inside = [
        (e.start, e.end) for e in names if isinstance(e, Organization) or (isinstance(e, Award) and not e.generic)
    ]
    cues = [c for c in gazetteer.cues().find(text) if not _overlaps(inside, c)]
    return Document(text, lines, names, cues, published, outlet)


def _overlaps(spans: list[tuple[int, int]], cue: Name) -> bool:
    """Whether a cue is part of a name: 'tanpa' in 'Wajar Tanpa Pengecualian' denies nothing."""
    index = bisect_left(spans, (cue.end, 0))
    return any(start < cue.end and cue.start < end for start, end in spans[max(0, index - 2) : index])
