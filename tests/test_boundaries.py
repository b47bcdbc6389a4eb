"""Imports that must never exist (ARCHITECTURE.md 2), held over the syntax trees: every import statement, wherever it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PURE = (
    *("etl.model", "etl.dates", "etl.stems", "etl.read", "etl.resolve", "etl.health"),
    *("etl.clean", "etl.extract", "etl.gazetteer", "etl.conferral", "etl.rulings", "etl.rulings.sheet"),
    *("etl.language_model.answer", "etl.output.formulas", "etl.output.marks", "etl.schedule.due"),
    *("etl.operate.alerts", "etl.operate.canary", "etl.operate.metrics", "etl.operate.tombstones"),
)
"""Values in, values out. A room counts with all that is in it, but for what the other tables name there."""
SERVING = ("etl.settings", "etl.engine", "etl.language_model")
COMPOSING = (
    *("etl.cli", "etl.run", "etl.schedule", "etl.operate", "etl.output", "etl.rulings.review"),
    *("etl.articles", "etl.newsite", "etl.__main__"),
)
STEPS = ("etl.run", "etl.operate.takedown", "etl.operate.backup", "etl.operate.watch")
ROOMS = (
    *("etl.gazetteer", "etl.clean", "etl.extract", "etl.conferral", "etl.rulings", "etl.language_model"),
    *("etl.run", "etl.schedule", "etl.operate", "etl.output", "etl.cli"),
)
"""Each imports from those before it, and from those behind it what is pure; what prints for a room imports `show`, too."""
PRINTING = ("etl.rulings.review", "etl.schedule.board", "etl.operate.report")
SOCKETS = ("socket", "socketserver", "http", "urllib.request", "ftplib", "requests", "aiohttp", "asyncio")
NETWORK = ("scrapy", "twisted", *SOCKETS)
DATABASE = ("db", "sqlalchemy")

# (modules, what they must not import: what is pure may always be)
RULES = [
    (PURE, ("scraper", "web", *NETWORK, *DATABASE, "apscheduler", "time", "random", *SERVING, *COMPOSING)),
    (("scraper",), ("web", "bs4", *DATABASE, *SERVING, *COMPOSING)),
    (("scraper.archive",), ("scrapy", "twisted")),
    (("db",), ("scraper", "web", "scrapy", "bs4", *SERVING, *COMPOSING)),
    (SERVING, COMPOSING),
    (("etl.schedule.jobs", "etl.schedule.roster", "etl.schedule.board", "etl.schedule.note"), STEPS),
    (("etl.rulings.review", "etl.output.export", "etl.operate.notify"), STEPS),
    (("etl.articles", "etl.newsite"), ("etl.schedule", "etl.operate", "etl.cli")),
]


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in ("scraper", "etl", "db"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, ast.parse(path.read_text(encoding="utf-8"))


MODULES = dict(modules())


def imports(name: str) -> Iterator[str]:
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports are absolute here"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from names
            if not all(name in MODULES for name in names):
                yield node.module or ""


def is_below(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def is_pure(module: str) -> bool:
    """By the table that names it most exactly."""
    named = [name for name in (*PURE, *SERVING, *COMPOSING) if is_below(module, name)]
    return max(named, key=len, default="") in PURE


@pytest.mark.parametrize("name", MODULES)
def test_no_module_imports_what_it_must_not(name: str) -> None:
    rules = [(below, banned) for below, banned in RULES if below is not PURE or is_pure(name)]
    forbidden = [f for below, banned in rules if any(is_below(name, b) for b in below) for f in banned]
    wrong = [f"{name} imports {i}" for i in imports(name) for f in forbidden if is_below(i, f) and not is_pure(i)]
    assert wrong == []


@pytest.mark.parametrize("number", range(len(ROOMS)), ids=ROOMS)
def test_a_room_imports_from_those_before_it(number: int) -> None:
    behind = ROOMS[number + 1 :]
    found = [(name, i) for name in MODULES if is_below(name, ROOMS[number]) for i in imports(name)]
    wrong = [(name, i) for name, i in found if any(is_below(i, room) for room in behind) and not is_pure(i)]
    assert [(name, i) for name, i in wrong if name not in PRINTING or not is_below(i, "etl.output.show")] == []


READING = tuple(f"etl.extract.{step}" for step in ("names", "claims", "fields", "places", "records"))
"""The steps by which an article is read: each knows nothing of those behind it."""


@pytest.mark.parametrize("number", range(len(READING)), ids=READING)
def test_a_step_of_reading_imports_from_those_before_it(number: int) -> None:
    inside = [name for name in MODULES if is_below(name, READING[number])]
    behind = READING[number + 1 :]
    assert inside
    assert [(n, i) for n in inside for i in imports(n) if any(is_below(i, step) for step in behind)] == []


def test_every_room_has_its_line_in_the_readme_in_this_order() -> None:
    readme = (ROOT / "etl" / "README.md").read_text(encoding="utf-8")
    assert [f"etl.{room}" for room in re.findall(r"^\| `(\w+)/` \|", readme, re.MULTILINE)] == list(ROOMS)


def test_every_module_is_in_the_readme_and_none_is_invented() -> None:
    """As `room/module.py`; behind a comma the room is the one before."""
    named = set()
    for cell in re.findall(r"^\| (`[^|]*`) \|", (ROOT / "etl" / "README.md").read_text(encoding="utf-8"), re.MULTILINE):
        folder = ""
        for path in re.findall(r"`([^`]+)`", cell):
            folder, name = (path.rpartition("/")[::2]) if "/" in path else (folder, path)
            named.add(f"{folder}/{name}".lstrip("/"))
    there = {path.relative_to(ROOT / "etl").as_posix() for path in (ROOT / "etl").rglob("*.py")}
    lines = {name for name in there if name.endswith("__init__.py")} | {"__main__.py"}
    inside = {name for name in there if name.startswith("clean/propose/")}
    assert there - named - lines - inside == set()
    assert {name for name in named if name.endswith(".py")} - there == set()


def test_model_imports_nothing_of_ours() -> None:
    assert [i for i in imports("etl.model") if is_below(i, "etl") or is_below(i, "db") or is_below(i, "scraper")] == []


def test_every_module_of_etl_has_its_place() -> None:
    """In the tables above: a new one is pure, or it composes, and says so here."""
    anywhere = ("etl.logs", *PURE, *SERVING, *COMPOSING)
    assert [n for n in MODULES if is_below(n, "etl") and n != "etl" and not any(is_below(n, a) for a in anywhere)] == []


@pytest.mark.parametrize("name", [*filter(is_pure, MODULES)])
def test_the_pure_middle_reads_no_clock(name: str) -> None:
    calls = {
        f"{ast.unparse(node.func)}"
        for node in ast.walk(MODULES[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert {c for c in calls if c.split(".")[-1] in ("now", "today", "utcnow", "monotonic", "perf_counter")} == set()


@pytest.mark.parametrize(
    "planted", ["from sqlalchemy import select", "import urllib.request", "from etl.operate import alerts, watch"]
)
def test_a_rule_can_fail(planted: str) -> None:
    """The check sees what it is for: a forbidden import written inside a function, beside an allowed one."""
    MODULES["etl.extract.planted"] = ast.parse(f"def f():\n    {planted}\n")
    try:
        with pytest.raises(AssertionError):
            test_no_module_imports_what_it_must_not("etl.extract.planted")
    finally:
        del MODULES["etl.extract.planted"]
