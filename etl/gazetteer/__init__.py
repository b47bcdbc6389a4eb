"""Small curated tables, changed by pull request (README.md here says how), and the matcher that finds their names in text.

Loads each table once; knows nothing of articles.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import ahocorasick

FOLDER = Path(__file__).parent


def rows(table: str) -> list[dict[str, str]]:
    """The rows of a table by its file name without '.csv'."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class Region:
    """A province, kabupaten or kota by Kemendagri code (Kepmendagri 300.2.2-2138/2025)."""

    code: str
    kind: str  # provinsi, kabupaten, kota
    name: str  # 'Kota Mojokerto'
    base: str  # 'Mojokerto'
    province: str


@dataclass(frozen=True, slots=True)
class Series:
    """An award series of the catalogue; `levels` low to high, local to the series."""

    id: str
    name: str
    kind: str
    giver: str | None
    levels: tuple[str, ...]
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organization:
    """A giver, organizer or partner under its full name."""

    id: str
    name: str
    kind: str
    publisher: str | None


class Name(NamedTuple):  # a hundred an article, and a tuple is made several times as fast as a frozen dataclass
    """A name found: `text[start:end]` stands for each of `ids` (more than one: ambiguous)."""

    start: int
    end: int
    ids: tuple[str, ...]


Form = tuple[str, tuple[str, ...]]
"""A name as its table spells it, and the ids it stands for."""


class Names:
    """The names of a table; finds many at once, longest first, at word edges, in the letter case rules of the press.

    A name in capitals only (UHC, PALI) must stand in capitals, one with capitals inside (AMPeRa) as it is; any other
    must begin with a capital letter unless it has four words or more, or `any_case`.
    """

    def __init__(self, names: Iterable[tuple[str, str]], any_case: bool = False) -> None:
        ids: dict[str, dict[str, None]] = {}
        for name, id_ in names:
            ids.setdefault(name, {})[id_] = None
        self.forms: dict[str, list[Form]] = {}
        """By the name in small letters."""
        for name, found in ids.items():
            self.forms.setdefault(lowered(name), []).append((name, tuple(found)))
        if any_case:
            self.forms = {lower: [(lower, _merged(forms))] for lower, forms in self.forms.items()}
        self._any_case = any_case

    def find(self, text: str, lower: str | None = None) -> list[Name]:
        """Names in a text, in order, none overlapping another."""
        candidates: list[Name] = []
        for start, end, forms in _whole_words(lowered(text) if lower is None else lower)[self]:
            written = text[start:end]
            fitting = forms if self._any_case else [form for form in forms if _fits(form[0], written)]
            if fitting:
                candidates.append(Name(start, end, fitting[0][1] if len(fitting) == 1 else _merged(fitting)))
        return list(longest(candidates))


@cache
def _tables() -> tuple[Names, ...]:
    return (
        region_names(), district_names(), series_names(), award_subjects(), organization_names(), minister_names(), cues()
    )  # fmt: skip


@cache
def _machine() -> ahocorasick.Automaton:
    """Each name of any table, in small letters: its length, the tables that have it."""
    held: dict[str, list[tuple[Names, list[Form]]]] = {}
    for table in _tables():
        for lower, forms in table.forms.items():
            held.setdefault(lower, []).append((table, forms))
    machine = ahocorasick.Automaton()
    for lower, tables in held.items():
        machine.add_word(lower, (len(lower), tables))
    machine.make_automaton()
    return machine


@lru_cache(maxsize=4)  # one table after the other is asked about the same text, and in between about a short name in it
def _whole_words(lower: str) -> dict[Names, list[tuple[int, int, list[Form]]]]:
    """Where whole words of a text in small letters are a table's name, for all tables in one run over the text."""
    found: dict[Names, list[tuple[int, int, list[Form]]]] = {table: [] for table in _tables()}
    for last, (length, tables) in _machine().iter(lower):
        end = last + 1
        if lower[end : end + 1].isalnum():
            continue  # most of what is found begins a longer word
        start = end - length
        before = lower[start - 1 : start]
        if before.isalnum() or (before == "-" and lower[start - 2 : start - 1].isalpha()):
            continue
        for table, forms in tables:
            found[table].append((start, end, forms))
    return found


def _merged(forms: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """The ids of several forms of a name, each once."""
    return tuple(dict.fromkeys(id_ for _, ids in forms for id_ in ids))


def _fits(name: str, written: str) -> bool:
    if name.isupper() and len(name) <= 8:
        return written == name
    if _MIXED.fullmatch(name):
        return written in (name, name.upper())  # 'AMPeRa' is an award, 'Ampera' a street, a bridge, a person
    return written[:1].isupper() or not name[:1].isupper() or name.count(" ") > 2


_MIXED = re.compile(r"[A-Z]+[a-z]+[A-Z]\w*")


def longest(found: Iterable[Name]) -> Iterator[Name]:
    """Of overlapping names the longest; of equally long ones the first."""
    taken = Taken()
    chosen = [n for n in sorted(found, key=lambda n: (n.start - n.end, n.start)) if taken.take(n.start, n.end)]
    yield from sorted(chosen, key=lambda n: n.start)


class Taken:
    """Spans that do not overlap."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def take(self, start: int, end: int) -> bool:
        """Take a span if it is free; whether it was."""
        at = bisect_left(self._starts, end)
        if at and self._ends[at - 1] > start:
            return False
        at = bisect_left(self._starts, start)
        self._starts.insert(at, start)
        self._ends.insert(at, end)
        return True


def lowered(text: str) -> str:
    """Lower case without a change of length, so that offsets stay true."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@cache
def regions() -> dict[str, Region]:
    """Every region by code."""
    return {r["code"]: Region(r["code"], r["kind"], r["name"], r["base"], r["province"]) for r in rows("regions")}


@cache
def region_names() -> Names:
    """Base names and aliases -> region codes; a capital town stands for its kabupaten.

    An alias that begins with its kind ('Kabupaten Mitra') holds only behind a word of that kind, so it is found as
    'Mitra' with the code in the form '?71.07'.
    """
    names = [(name, r["code"]) for r in rows("regions") for name in (r["base"], *_list(r["aliases"]))]
    typed = [(n.split(" ", 1)[1], f"?{code}") for n, code in names if n.startswith(("Kabupaten ", "Kota "))]
    capitals = [(r["capital"], r["code"]) for r in rows("capitals")]
    return Names([*names, *typed, *capitals])


@cache
def district_names() -> Names:
    """Names of kecamatan of two words and more -> codes of the kabupaten and kota that have one; not that 'Kota Padang'
    which reads as the city.
    """
    several = (r for r in rows("districts") if " " in r["name"] and not r["name"].startswith("Kota "))
    return Names((r["name"], r["regency"]) for r in several)


@cache
def series() -> dict[str, Series]:
    """The award catalogue by id."""
    return {
        r["id"]: Series(
            r["id"],
            r["name"],
            r["kind"],
            r["giver"] or None,
            tuple(_list(r["levels"])),
            tuple(_list(r["recipient_kinds"])),
        )
        for r in rows("award_series")
    }


@cache
def series_names() -> Names:
    """Names and aliases of award series -> id."""
    return Names((name, r["id"]) for r in rows("award_series") for name in (r["name"], *_list(r["aliases"])))


@cache
def award_subjects() -> Names:
    """What prizes are for -> id of the series that is given for it: 'pengawasan kearsipan' beside 'penghargaan'."""
    return Names(((r["form"], r["series"]) for r in rows("award_subjects")), any_case=True)


@cache
def organizations() -> dict[str, Organization]:
    """Every organization by id."""
    return {r["id"]: Organization(r["id"], r["name"], r["kind"], r["publisher"] or None) for r in rows("organizations")}


@cache
def organization_names() -> Names:
    """Names and aliases -> organization id."""
    return Names((name, r["id"]) for r in rows("organizations") for name in (r["name"], *_list(r["aliases"])))


@cache
def minister_names() -> Names:
    """Title phrases of an organization's head ('Menteri Dalam Negeri', 'Mendagri') -> organization id."""
    return Names((name, r["id"]) for r in rows("organizations") for name in _list(r["minister"]))


@cache
def cues() -> Names:
    """Verb forms and cue phrases -> class (cues.csv); a verb also with its object in one word ('menerimanya'). What is below
    the grades that count is a negative as well.
    """
    forms = [(r["form"], r["class"]) for r in rows("cues")]
    with_object = [(f"{f}nya", c) for f, c in forms if " " not in f and c in ("receive", "give", "hand_over")]
    worse = [(f, "negative") for f, c in forms if c == "below"]
    return Names([*forms, *with_object, *worse], any_case=True)


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]
