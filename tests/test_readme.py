"""What the README shows analysts is what they get."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.awards import Awards, Ran

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SHOWN = [block.splitlines() for block in re.findall(r"```\n(\$ awards .*?)\n```", README, re.DOTALL)]


@pytest.fixture(scope="module")
def sample_data(first_run: tuple[Awards, Ran]) -> Awards:
    return first_run[0]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda lines: lines[0])
def test_commands_print_what_is_shown(sample_data: Awards, shown: list[str]) -> None:
    command, *printed = shown
    ran = sample_data(*words(command))
    assert ran.code == 0, ran.err
    said = [line.rstrip() for line in (ran.err + ran.out).splitlines()]
    assert [line for line in printed if line.rstrip() not in said] == []


def words(command: str) -> list[str]:
    typed = command.partition("#")[0].removeprefix("$ awards ")
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', typed)]


def test_the_python_example_runs(sample_data: Awards) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert "sqlite:///data/awards.db" in example
    names: dict[str, Any] = {}
    exec(example.replace("sqlite:///data/awards.db", sample_data.database), names)
    rows, league = names["rows"], names["league"]
    assert {row["region_code"][:2] for row in rows} == {"35"} and {row["recipient_type"] for row in rows} == {"region"}
    assert all(isinstance(row["year"], int) and isinstance(row["confidence"], float) for row in rows)
    assert league[0]["own_awards"] >= league[-1]["own_awards"] > 0
