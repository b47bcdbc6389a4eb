"""Linear models over clues: how likely a pair of names is a record, how likely a name has a part in it.

A clue is a short string that says one thing about the words ('left:kepada', 'frame:give'); a model has a weight for each
clue and class, learned from labelled articles (`make learn`) and kept in weights.json. The sum of a candidate's weights is
its score: nothing else decides, so `clues sorted by weight` explains every decision.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from math import exp
from pathlib import Path

Weights = dict[str, list[float]]
MODELS = Path(__file__).with_name("weights.json")


class Clues:
    """Some clues that belong together, with the sums of their weights, counted once however many candidates share them."""

    __slots__ = ("_sums", "names")

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._sums: tuple[Weights, list[float]] | None = None

    def sums(self, weights: Weights) -> list[float]:
        """The sum of the weights of each class."""
        if self._sums is None or self._sums[0] is not weights:
            total = [0.0] * len(weights[""])
            for name in self.names:
                row = weights.get(name)
                if row is not None:
                    for k, value in enumerate(row):
                        total[k] += value
            self._sums = weights, total
        return self._sums[1]


def chances(model: str, groups: Sequence[Clues]) -> list[float]:
    """The chance of each class of a model, in the order of the classes; they add up to 1."""
    weights = models()[model]
    total = list(weights[""])
    for group in groups:
        for k, value in enumerate(group.sums(weights)):
            total[k] += value
    top = max(total)
    parts = [exp(s - top) for s in total]
    whole = sum(parts)
    return [p / whole for p in parts]


def promises(model: str, group: Clues, least: float) -> bool:
    """Whether some clues of a two-class model leave a chance: the log odds they give by themselves reach `least`."""
    weights = models()[model]
    return weights[""][1] + group.sums(weights)[1] >= least


@cache
def models() -> dict[str, Weights]:
    """Every model by name."""
    stored: dict[str, Weights] = json.loads(MODELS.read_text(encoding="utf-8"))
    return stored
