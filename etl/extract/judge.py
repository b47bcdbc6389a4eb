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
MODELS = Path(__file__).with_name("weights.json")
_P = ParamSpec("_P")
# The weights of a clue are one number, a field of _WIDTH bits for each class but the first: so one look-up and one addition
# count for all classes, and integers add up to the same in any order and grouping.
ONE = 100  # a weight of 1: weights have two decimals
_WIDTH = 20  # for sums of up to 5,000
_HALF, _FIELD = 1 << _WIDTH - 1, (1 << _WIDTH) - 1
_ZEROS = repeat(0)
_LAST = chr(0x10FFFF)  # behind every letter
_SHARED = 1 << 14  # clues that one maker keeps


class Model:
    """A model as it is summed: the weights of each clue as one number, those of every class less those of the first."""

    __slots__ = ("_clues", "_tables", "bias")

    def __init__(self, weights: Weights) -> None:
        bias = weights[""]
        self.bias = tuple(value - bias[0] for value in bias[1:])
        self._clues = sorted(clue for clue in weights if clue)
        self._tables = {"": {clue: points for clue in self._clues if (points := _points(weights[clue]))}}

    def table(self, prefix: str) -> dict[str, int]:
        """The weights of the clues that begin with a prefix, by what follows; those without any left out."""
        table = self._tables.get(prefix)
        if table is None:
            whole = self._tables[""]
            first, last = (bisect_left(self._clues, prefix + end) for end in ("", _LAST))
            clues = (clue for clue in self._clues[first:last] if clue in whole)
            table = self._tables[prefix] = {clue[len(prefix) :]: whole[clue] for clue in clues}
        return table

    def scores(self, points: int) -> list[float]:
        """The scores of each class but the first, of the sum of a candidate's clues."""
        found = []
        for before in self.bias:
            own = ((points + _HALF) & _FIELD) - _HALF
            found.append(before + own / ONE)
            points = (points - own) >> _WIDTH
        return found


class Clues(dict[Model, int]):
    """Some clues that belong together: by model the sum of their weights, counted when it is first asked for, however many
    candidates share them.

    Each of `names` has the same `prefix`, which is put in front only where somebody asks for the clues by name. `parts`
    belong to it as well.
    """

    __slots__ = ("_names", "_parts", "_prefix")

    def __init__(self, names: Iterable[str], prefix: str = "", parts: Sequence[Clues] = ()) -> None:
        self._names = tuple(names)
        self._prefix = prefix
        self._parts = parts

    @property
    def names(self) -> tuple[str, ...]:
        """The clues."""
        own = [f"{self._prefix}{name}" for name in self._names]
        return (*own, *(name for part in self._parts for name in part.names))

    def __missing__(self, model: Model) -> int:
        points = sum(map(model.table(self._prefix).get, self._names, _ZEROS))
        if self._parts:
            points += sum([part[model] for part in self._parts])
        self[model] = points
        return points


def shared(make: Callable[_P, Iterable[str]]) -> Callable[_P, Clues]:
    """Clues that follow from a few words alone, made and weighed once for all the places of all texts that have these."""

    @lru_cache(maxsize=_SHARED)
    def made(*args: _P.args, **kwargs: _P.kwargs) -> Clues:
        return Clues(make(*args, **kwargs))

    return cast(Callable[_P, Clues], made)


def chances(model: str, groups: Sequence[Clues]) -> list[float]:
    """The chance of each class of a model, in the order of the classes; they add up to 1."""
    judged = models()[model]
    total = [0.0, *judged.scores(sum([group[judged] for group in groups]))]
    top = max(total)
    parts = [exp(score - top) for score in total]
    whole = sum(parts)
    return [p / whole for p in parts]


def odds(model: str, groups: Sequence[Clues], given: float | None = None) -> float:
    """The log odds of the second class of a two-class model; `given` are those without these clues."""
    judged = models()[model]
    before = judged.bias[0] if given is None else given
    return before + sum([group[judged] for group in groups]) / ONE


def _points(weights: Sequence[float]) -> int:
    return sum(round((weight - weights[0]) * ONE) << k * _WIDTH for k, weight in enumerate(weights[1:]))


@cache
def models() -> dict[str, Model]:
    """Every model by name."""
    return {name: Model(weights) for name, weights in stored().items()}


def stored() -> dict[str, Weights]:
    """The weights as `make learn` left them."""
    weights: dict[str, Weights] = json.loads(MODELS.read_text(encoding="utf-8"))
    return weights
