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
from etl.extract.names.entities import Recipient
from etl.extract.patterns import any_case, one_of
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
_PERSONS = ("ia", "dia", "beliau", "dirinya", "kepadanya", "namanya")
_OFFICES = ("bupati", "wali kota", "gubernur", "camat", "lurah", "kades")
_DEMONSTRATIVES = ("itu", "ini", "tersebut")
_POINTER = re.compile(one_of(*any_case(*_PERSONS, *_DEMONSTRATIVES, r"sang\s+\w+"), *_OFFICES) + r"\b")
_OF_SOMEBODY = re.compile(r"[Nn](?<=\w{5})[Yy][Aa]\b")  # 'sekolahnya'
_WORD = re.compile(r"\w+$")
_LONGEST = 30  # letters of a word
_VERBS = (("di", "agent"), ("me", "object"))  # 'diraihnya' means who did it, 'memilihnya' whom it befell
_SHORTEST_VERB = 8  # letters
_NO_POINTERS = ("diantaranya", "menurutnya", "misalnya", "mestinya")
_BEFORE = 5  # words before 'itu' among which the kind is looked for: 'gampong di Kecamatan Sawang itu'


def _pointers(text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """(word, kind) of each pointing word of a sentence, in the order of the text."""
    found = {match.start(): match[0] for match in _POINTER.finditer(text, start, end)}
    for ending in _OF_SOMEBODY.finditer(text, start, end):
        if (word := _WORD.search(text, max(start, ending.end() - _LONGEST), ending.end())) is not None:
            found.setdefault(word.start(), word[0])
    kinds = _kinds()
    for place, written in sorted(found.items()):
        said = lowered(written)
        if said in _PERSONS:
            yield "", "person"
        elif said in _OFFICES:
            yield said, "official"
        elif verb := _verb(said):
            yield "", verb
        elif (told := next((w for w in _told(text, start, place, said) if w in kinds), None)) is not None:
            yield told, kinds[told]


def _verb(word: str) -> str | None:
    """Whom a verb with 'nya' points at."""
    if not word.endswith("nya") or len(word) < _SHORTEST_VERB or word in _NO_POINTERS:
        return None
    return next((kind for beginning, kind in _VERBS if word.startswith(beginning)), None)


def _told(text: str, start: int, place: int, word: str) -> list[str]:
    """The words that may tell the kind of whom a pointing word means."""
    if word in _DEMONSTRATIVES:
        return [lowered(before) for before in text[start:place].split()[: -_BEFORE - 1 : -1]]
    return [word.removesuffix("nya")] if word.endswith("nya") else [word.split()[-1]]


@cache
def _kinds() -> dict[str, str]:
    """What kind of recipient a word points at."""
    return {row["word"]: row["type"] for row in gazetteer.rows("pointers")}
