"""Linear models over clues: how likely a pair of names is a record, how likely a name has a part in it.

A clue is a short string that says one thing about the words ('left:kepada', 'frame:give'); a model has a weight for each
clue and class, learned from labelled articles (`make learn`) and kept in weights.json. The sum of a candidate's weights is
its score: nothing else decides, so `clues sorted by weight` explains every decision.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import repeat
from math import exp, fsum
from pathlib import Path

Weights = Mapping[str, Sequence[float]]
"""Clue -> a weight for each class, as weights.json holds them; the clue '' has what stands before any clue."""
_ZEROS = repeat(0.0)
MODELS = Path(__file__).with_name("weights.json")


class Model:
    """A model as it is summed: of each class but the first a table of weights, less those of the first class."""

    __slots__ = ("bias", "columns")

    def __init__(self, weights: Weights) -> None:
        bias = weights[""]
        self.bias = tuple(value - bias[0] for value in bias[1:])
        self.columns: tuple[dict[str, float], ...] = tuple(
            {clue: row[k] - row[0] for clue, row in weights.items() if clue and row[k] != row[0]}
            for k in range(1, len(bias))
        )


class Clues:
    """Some clues that belong together, with the sums of their weights, counted once however many candidates share them."""

    __slots__ = ("_sums", "names")

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._sums: tuple[Model, tuple[float, ...]] | None = None

    def sums(self, model: Model) -> tuple[float, ...]:
        """The sum of the weights of each class but the first."""
        if self._sums is None or self._sums[0] is not model:
            # Without a loop of our own, for speed; exactly rounded, so that the order of clues, some out of sets, is all one.
            self._sums = model, tuple([fsum(map(column.get, self.names, _ZEROS)) for column in model.columns])
        return self._sums[1]


def chances(model: str, groups: Sequence[Clues]) -> list[float]:
    """The chance of each class of a model, in the order of the classes; they add up to 1."""
    judged = models()[model]
    total = [0.0, *map(sum, zip(judged.bias, *[group.sums(judged) for group in groups], strict=True))]
    top = max(total)
    parts = [exp(s - top) for s in total]
    whole = sum(parts)
    return [p / whole for p in parts]


def odds(model: str, groups: Sequence[Clues]) -> float:
    """The log odds of the second class of a two-class model."""
    judged = models()[model]
    return sum([group.sums(judged)[0] for group in groups], judged.bias[0])


@cache
def models() -> dict[str, Model]:
    """Every model by name."""
    return {name: Model(weights) for name, weights in stored().items()}


def stored() -> dict[str, Weights]:
    """The weights as `make learn` left them."""
    weights: dict[str, Weights] = json.loads(MODELS.read_text(encoding="utf-8"))
    return weights
