"""Labelled pairs of mentions (pairs.jsonl): are they one award? Half are tuned on, half only measured.

Our own: mentions of the sample's and the corpus' articles and of the forms of the press, some changed as outlets err (a day
later, a letter wrong, another level), some only alike. Which half a pair belongs to its id's hash decides, once and for all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from etl.conferral import Claim, Statement, group

FILE = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims of two outlets, whether they are one award, and what is hard about it."""

    id: str
    case: str
    same: bool
    claims: tuple[Claim, Claim]

    @property
    def held_out(self) -> bool:
        """Whether rules may not be made by it."""
        return sha256(self.id.encode()).digest()[0] % 2 == 1

    @property
    def judged_same(self) -> bool:
        """What etl.conferral makes of it."""
        return len(group(self.claims)) == 1


def pairs() -> list[Pair]:
    """All of them, in order."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [_pair(json.loads(line)) for line in lines]


def _pair(row: dict[str, Any]) -> Pair:
    one, other = (_claim(n, dict(row[name])) for n, name in enumerate(("one", "other")))
    return Pair(row["id"], row["case"], row["same"], (one, other))


def _claim(number: int, row: dict[str, Any]) -> Claim:
    published = date.fromisoformat(row.pop("published_on"))
    return Claim(f"m{number}", f"site{number}:1", f"outlet {number}", published, Statement(**row))


@dataclass(frozen=True, slots=True)
class Score:
    """Of pairs said to be one award how many are (precision), and of those that are how many were found (recall)."""

    pairs: int
    found: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.true


def score(of: Iterable[Pair]) -> Score:
    """How well etl.conferral tells these pairs."""
    of = list(of)
    found = [pair for pair in of if pair.judged_same]
    return Score(len(of), len(found), sum(pair.same for pair in found), sum(pair.same for pair in of))
