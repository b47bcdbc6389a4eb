"""The words of an article behind its records, marked: by colours for a terminal, in characters elsewhere. Prints nothing."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rich.text import Text

from etl.model import AwardMention

# The sixteen colours that every terminal's theme makes readable; a line under the lesser of two fields of one colour.
STYLES = {
    "recipient": "bold green",
    "award": "bold yellow",
    "rank": "magenta",
    "category": "bright_magenta",
    "giver": "cyan",
    "presented_by": "bright_cyan",
    "received_by": "bright_green",
    "partners": "underline cyan",
    "awarded_on": "bright_blue",
    "place": "underline bright_blue",
    "region": "underline green",
    "edition_year": "underline yellow",
    "status": "underline",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Words behind one field, and the numbers of the records (from 1) that they stand behind."""

    field: str
    start: int
    end: int
    records: tuple[int, ...]

    @property
    def style(self) -> str:
        """How the field looks on a terminal."""
        return STYLES.get(self.field, "underline")


def spans(mentions: Iterable[AwardMention]) -> list[Span]:
    """Each stretch of words once for each field, the longest first: what is marked later lies inside or on top."""
    records: defaultdict[tuple[str, int, int], dict[int, None]] = defaultdict(dict)
    for number, mention in enumerate(mentions, 1):
        for words in mention.evidence:
            records[words.field, words.start, words.end][number] = None
    found = (Span(*words, tuple(numbers)) for words, numbers in records.items())
    return sorted(
        found, key=lambda s: (s.start - s.end, s.start, list(STYLES).index(s.field) if s.field in STYLES else 99)
    )


def legend(marked: Sequence[Span]) -> Text:
    """The fields that are marked, each in its colours."""
    fields = {span.field: span.style for span in marked}
    known = [name for name in STYLES if name in fields]
    names = [*known, *sorted(fields.keys() - STYLES.keys())]
    return Text("  ").join(Text(name.replace("_", " "), style=fields[name]) for name in names)


def coloured(text: str, marked: Sequence[Span]) -> list[Text]:
    """The lines of a text in colours, with the numbers of the records, as [1], behind their recipients."""
    whole = Text(harmless(text))
    for span in marked:
        whole.stylize(span.style, span.start, span.end)
    tags: defaultdict[int, set[int]] = defaultdict(set)
    for span in marked:
        if span.field == "recipient":
            tags[span.end].update(span.records)
    ends = sorted(tags)
    tagged = Text()
    for part, end in zip(whole.divide(ends), [*ends, None], strict=True):
        tagged.append_text(part)
        if end is not None:
            tagged.append(f"[{_numbers(sorted(tags[end]))}]", style="dim")
    return list(tagged.split("\n", allow_blank=True))


def in_characters(text: str, marked: Sequence[Span]) -> str:
    """The text with marks like ‹recipient 1: Kota Bogor›, one in another where words overlap."""
    opened: defaultdict[int, list[Span]] = defaultdict(list)
    closed: defaultdict[int, int] = defaultdict(int)
    for span in _nested(marked):
        opened[span.start].append(span)
        closed[span.end] += 1
    places = sorted({0, len(text), *opened, *closed})
    parts = []
    for place, following in pairwise([*places, len(text)]):
        parts.append("›" * closed[place])
        for span in sorted(opened[place], key=lambda s: -s.end):
            parts.append(f"‹{span.field.replace('_', ' ')} {_numbers(span.records)}: ")
        parts.append(harmless(text[place:following]))
    return "".join(parts)


def _nested(marked: Sequence[Span]) -> list[Span]:
    """The spans, those that cross a longer one in two parts: outside it and within."""
    placed: list[Span] = []
    for span in marked:
        cuts = {span.start, span.end}
        for other in placed:
            if other.start < span.start < other.end < span.end:
                cuts.add(other.end)
            elif span.start < other.start < span.end < other.end:
                cuts.add(other.start)
        placed += [replace(span, start=start, end=end) for start, end in pairwise(sorted(cuts))]
    return placed


def _numbers(records: Sequence[int]) -> str:
    """1, 2, 3, 5 as '1-3,5'."""
    runs: list[list[int]] = []
    for number in records:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def harmless(text: str) -> str:
    """The text without what would command a terminal; a sign for a sign, so that offsets stay true."""
    return "".join("\ufffd" if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
