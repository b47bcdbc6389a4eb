"""Linear models over clues: how likely a pair of names is a record, how likely a name has a part in it.

A clue is a short string that says one thing about the words ('left:kepada', 'frame:give'); a model has a weight for each
clue and class, learned from labelled articles (`make learn`) and kept in weights.json. The sum of a candidate's weights is
its score: nothing else decides, so `clues sorted by weight` explains every decision.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import repeat
from math import exp
from pathlib import Path
from typing import ParamSpec, cast

Weights = Mapping[str, Sequence[float]]
"""Clue -> a weight for each class, as weights.json holds them; the clue '' has what stands before any clue."""
Columns = tuple[dict[str, int], ...]
"""For each class of a model but the first the weights of clues in points, those without any left out."""
MODELS = Path(__file__).with_name("weights.json")
_P = ParamSpec("_P")
ONE = 1 << 60  # a weight of 1: floats as exact integers add up to the same in any order and grouping
_ZEROS = repeat(0)
_LAST = chr(0x10FFFF)  # behind every letter
_SHARED = 1 << 14  # clues that one maker keeps


class Model:
    """A model as it is summed: of each class but the first a table of weights, less those of the first class."""

    __slots__ = ("_clues", "_columns", "bias")

    def __init__(self, weights: Weights) -> None:
        bias = weights[""]
        self.bias = tuple(_points(value - bias[0]) for value in bias[1:])
        self._clues = sorted(clue for clue in weights if clue)
        self._columns: dict[str, Columns] = {
            "": tuple(
                {clue: _points(row[k] - row[0]) for clue, row in weights.items() if clue and row[k] != row[0]}
                for k in range(1, len(bias))
            )
        }

    def columns(self, prefix: str) -> Columns:
        """The tables of the clues that begin with a prefix, by what follows."""
        columns = self._columns.get(prefix)
        if columns is None:
            first, last = (bisect_left(self._clues, prefix + end) for end in ("", _LAST))
            clues = [(clue, clue[len(prefix) :]) for clue in self._clues[first:last]]
            columns = self._columns[prefix] = tuple(
                {rest: column[clue] for clue, rest in clues if clue in column} for column in self._columns[""]
            )
        return columns


class Clues:
    """Some clues that belong together, with the sums of their weights, counted once however many candidates share them.

    Each of `names` has the same `prefix`, which is put in front only where somebody asks for the clues by name. `parts`
    belong to it as well.
    """

    __slots__ = ("_names", "_parts", "_prefix", "_sums")

    def __init__(self, names: Iterable[str], prefix: str = "", parts: Sequence[Clues] = ()) -> None:
        self._names = tuple(names)
        self._prefix = prefix
        self._parts = parts
        self._sums: dict[Model, tuple[int, ...]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The clues."""
        own = [f"{self._prefix}{name}" for name in self._names]
        return (*own, *(name for part in self._parts for name in part.names))

    def sums(self, model: Model) -> tuple[int, ...]:
        """The sum of the weights of each class but the first, in points."""
        sums = self._sums.get(model)
        if sums is None:
            columns, names = model.columns(self._prefix), self._names
            sums = tuple([sum(map(column.get, names, _ZEROS)) for column in columns])
            if self._parts:
                sums = tuple(map(sum, zip(sums, *[part.sums(model) for part in self._parts], strict=True)))
            self._sums[model] = sums
        return sums


def shared(make: Callable[_P, Iterable[str]]) -> Callable[_P, Clues]:
    """Clues that follow from a few words alone, made and weighed once for all the places of all texts that have these."""

    @lru_cache(maxsize=_SHARED)
    def made(*args: _P.args, **kwargs: _P.kwargs) -> Clues:
        return Clues(make(*args, **kwargs))

    return cast(Callable[_P, Clues], made)


def chances(model: str, groups: Sequence[Clues]) -> list[float]:
    """The chance of each class of a model, in the order of the classes; they add up to 1."""
    judged = models()[model]
    total = [0, *map(sum, zip(judged.bias, *[group.sums(judged) for group in groups], strict=True))]
    top = max(total)
    parts = [exp((s - top) / ONE) for s in total]
    whole = sum(parts)
    return [p / whole for p in parts]


def odds(model: str, groups: Sequence[Clues], given: float | None = None) -> float:
    """The log odds of the second class of a two-class model; `given` are those without these clues."""
    judged = models()[model]
    before = judged.bias[0] / ONE if given is None else given
    return before + sum([group.sums(judged)[0] for group in groups]) / ONE


def _points(weight: float) -> int:
    return int(weight * ONE)


@cache
def models() -> dict[str, Model]:
    """Every model by name."""
    return {name: Model(weights) for name, weights in stored().items()}


def stored() -> dict[str, Weights]:
    """The weights as `make learn` left them."""
    weights: dict[str, Weights] = json.loads(MODELS.read_text(encoding="utf-8"))
    return weights
