"""Whom a sentence means that does not say: 'Desa itu juara', 'Ia juga menerima', 'Setahun kemudian piala diraih lagi'.

A pointing word tells the kind, and the name of that kind told last is meant; without one, who the sentence before begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from etl import gazetteer
from etl.extract.document import Document
from etl.extract.entities import Recipient
from etl.gazetteer import lowered

_FAR = 6  # sentences back


@dataclass(frozen=True, slots=True)
class Antecedent:
    """Who is meant, by which kind of word, how many sentences ago he was named, and whether his sentence begins with him."""

    recipient: Recipient
    pointer: str
    back: int
    subject: bool


def antecedents(document: Document, index: int) -> Iterator[Antecedent]:
    """Whom a sentence may mean beside those it names: one for each kind of pointing word in it, or for none at all."""
    pointed = dict.fromkeys(_pointers(document.text, *document.around(index)))
    for word, kind in pointed:
        if (found := _last(document, index, word, kind)) is not None:
            yield found
    if not pointed and (found := _last(document, index, "none", "")) is not None:
        yield found


def _last(document: Document, index: int, word: str, kind: str) -> Antecedent | None:
    for back in range(1, min(_FAR, index) + 1):
        names = [e for e in document.within(index - back) if isinstance(e, Recipient)]
        for place, name in enumerate(names):
            if _is_meant(name, word, kind):
                return Antecedent(name, kind or "none", back, place == 0)
        if not kind and names:
            return None
    return None


def _is_meant(name: Recipient, word: str, kind: str) -> bool:
    if not kind:
        return True
    if kind == "person":
        return name.type in ("person", "official") or name.person is not None
    if kind == "official":
        return name.office is not None and word in lowered(name.office)
    if kind == "region" and word in _REGIONS:
        return name.type == kind and any(gazetteer.regions()[c].kind == _REGIONS[word] for c in name.codes)
    return name.type == kind


_REGIONS = {
    "kabupaten": "kabupaten",
    "kota": "kota",
    "provinsi": "provinsi",
    "pemkab": "kabupaten",
    "pemkot": "kota",
    "pemprov": "provinsi",
}
_POINTER = re.compile(
    r"\b(?:(?P<person>ia|dia|beliau|dirinya|kepadanya|namanya)|sang\s+(?P<office>\w+)|(?:itu|ini|tersebut)(?=\W))\b",
    re.IGNORECASE,
)
_BEFORE = 5  # words before 'itu' among which the kind is looked for: 'gampong di Kecamatan Sawang itu'


def _pointers(text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """(word, kind) of each pointing word of a sentence."""
    kinds = _kinds()
    for match in _POINTER.finditer(text, start, end):
        if match["person"]:
            yield "ia", "person"
            continue
        words = [match["office"]] if match["office"] else text[start : match.start()].split()[: -_BEFORE - 1 : -1]
        word = next((w for w in map(lowered, words) if w in kinds), None)
        if word is not None:
            yield word, kinds[word]


@cache
def _kinds() -> dict[str, str]:
    """What kind of recipient a word points at."""
    return {row["word"]: row["type"] for row in gazetteer.rows("pointers")}
