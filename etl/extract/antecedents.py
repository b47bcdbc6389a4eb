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
    for word, kind in pointed or {("", "none"): None}:
        for back in range(1, min(_FAR, index) + 1):
            names = [e for e in document.within(index - back) if isinstance(e, Recipient)]
            place = next((n for n, name in enumerate(names) if _is_meant(name, word, kind)), None)
            if place is not None:
                yield Antecedent(names[place], kind, back, place == 0)
                break


def _is_meant(name: Recipient, word: str, kind: str) -> bool:
    if kind in _ANY:
        return True
    if kind == "person":
        return name.type in ("person", "official") or name.person is not None
    if kind == "official":
        return name.office is not None and word in lowered(name.office)
    if kind == "region" and word in _REGIONS:
        return name.type == kind and any(gazetteer.regions()[c].kind == _REGIONS[word] for c in name.codes)
    return name.type == kind


_ANY = ("none", "agent", "object")  # kinds of pointing words that may mean any name
_REGIONS = {
    "kabupaten": "kabupaten",
    "kota": "kota",
    "provinsi": "provinsi",
    "pemkab": "kabupaten",
    "pemkot": "kota",
    "pemprov": "provinsi",
}
_POINTER = re.compile(
    r"\b(?:(?P<person>ia|dia|beliau|dirinya|kepadanya|namanya)|sang\s+(?P<office>\w+)"
    r"|(?P<official>(?-i:bupati|wali kota|gubernur|camat|lurah|kades))"
    r"|(?P<agent>di\w{3,}nya)|(?P<object>me\w{3,}nya)|(?P<own>\w{4,})nya|itu|ini|tersebut)\b",
    re.IGNORECASE,
)
_NO_POINTERS = ("diantaranya", "menurutnya", "misalnya", "mestinya")
_BEFORE = 5  # words before 'itu' among which the kind is looked for: 'gampong di Kecamatan Sawang itu'


def _pointers(text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """(word, kind) of each pointing word of a sentence."""
    kinds = _kinds()
    for match in _POINTER.finditer(text, start, end):
        said = match.lastgroup
        if said in ("person", "official", "agent", "object"):
            if lowered(match[0]) not in _NO_POINTERS:
                yield lowered(match[0]) if said == "official" else "", said
            continue
        words = [match[said]] if said else text[start : match.start()].split()[: -_BEFORE - 1 : -1]
        word = next((w for w in map(lowered, words) if w in kinds), None)
        if word is not None:
            yield word, kinds[word]


@cache
def _kinds() -> dict[str, str]:
    """What kind of recipient a word points at."""
    return {row["word"]: row["type"] for row in gazetteer.rows("pointers")}
