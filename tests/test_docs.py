"""The documents tell the truth: every command, setting and path that they name exists, and none that exists is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from etl.cli import COMMANDS, app
from etl.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(p for p in ROOT.rglob("README.md") if ".venv" not in p.parts and "data" not in p.parts)


def commands() -> set[str]:
    """'run', 'db check', ...: every command of the command line."""
    group = typer.main.get_command(app())
    found = set()
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        found |= {f"{name} {sub}" for sub in command.commands} if hasattr(command, "commands") else {name}
    return found


@pytest.mark.parametrize("module", COMMANDS)
def test_a_command_is_loaded_with_the_module_that_has_it(module: str) -> None:
    """Else it would be there for --help and for nobody who calls it."""
    for name in COMMANDS[module]:
        group = typer.main.get_command(app([name, "--json"]))
        assert tuple(group.commands) == COMMANDS[module]  # type: ignore[attr-defined]


def test_the_two_commands_come_first() -> None:
    assert README.index("make run") < README.index("make test") < README.index("## ")


def test_every_command_is_in_the_table_and_none_is_invented() -> None:
    table = README[README.index("## All commands") :]
    named = {re.sub(r"\s*[\[A-Z].*", "", cell) for cell in re.findall(r"`awards ([a-z][^`]*)`", table)}
    assert named == commands()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_named_anywhere_exist(document: Path) -> None:
    first_words = {name.split()[0] for name in commands()}
    named = re.findall(r"(?:^|`|\s)awards ([a-z][a-z-]*)\b", "\n".join(_code(document.read_text(encoding="utf-8"))))
    assert [name for name in named if name not in first_words] == []


def _code(text: str) -> list[str]:
    return re.findall(r"```\n(.*?)```", text, re.DOTALL) + re.findall(r"`(awards [^`]*)`", text)


def test_settings_table_names_every_setting() -> None:
    named = set(re.findall(r"^\| `AWARDS_([A-Z_]+)`", README, re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []
