"""Weights add up to the same however clues are grouped, named or kept."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.extract import judge
from etl.extract.judge import Clues, Model, shared

WEIGHTS = {
    f"{prefix}{n}": [0.0, round(0.37 * n - 1.1, 2), round(0.11 - 0.23 * n, 2)]
    for prefix in ("", "x|")
    for n in range(9)
}
BIAS = [0.1, 0.253, -20.0]
MODEL = Model({"": BIAS, **WEIGHTS})
NAMES = st.lists(st.sampled_from([*WEIGHTS, "unknown"]), max_size=30)


@given(NAMES, NAMES, NAMES)
def test_the_same_sums_in_any_grouping_and_order(one: list[str], other: list[str], third: list[str]) -> None:
    whole = Clues([*one, *other, *third])[MODEL]
    assert Clues(reversed(third), parts=(Clues(other), Clues(one)))[MODEL] == whole
    exact = [fsum((BIAS[k], *(WEIGHTS.get(name, [0.0] * 3)[k] for name in (*one, *other, *third)))) for k in (1, 2)]
    assert MODEL.scores(whole) == pytest.approx([score - BIAS[0] for score in exact])


@given(st.lists(st.sampled_from([str(n) for n in range(12)])))
def test_a_prefix_is_part_of_each_name(names: list[str]) -> None:
    clues, written = Clues(names, "x|"), Clues([f"x|{name}" for name in names])
    assert clues.names == written.names
    assert clues[MODEL] == written[MODEL]


def test_shared_clues_are_made_once() -> None:
    asked = []

    @shared
    def beside(word: str) -> Iterator[str]:
        asked.append(word)
        yield word

    assert beside("1") is beside("1")
    assert beside("2").names == ("2",)
    assert asked == ["1", "2"]


def test_chances_add_up_to_one_and_follow_the_odds(monkeypatch: pytest.MonkeyPatch) -> None:
    two = Model({"": [0.0, -0.5], "for": [0.0, 1.75], "against": [0.0, -0.25]})
    monkeypatch.setattr(judge, "models", lambda: {"two": two, "three": MODEL})
    assert judge.odds("two", (Clues(["for"]), Clues(["against"]))) == 1.0
    assert judge.odds("two", (Clues(["against"]),), 1.25) == 1.0
    assert sum(judge.chances("three", (Clues(["1", "x|3"]),))) == pytest.approx(1)
