"""Imports that must never exist (ARCHITECTURE.md 2), held over the syntax trees: every import statement, wherever it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PURE = (
    "model",
    "due",
    "dates",
    "read",
    "tombstones",
    "alerts",
    "metrics",
    "answer",
    "canary",
    "health",
    "conferral",
    "alike",
    "catalogue",
    "stems",
    "editions",
    "persons",
    "venue",
    "witness",
    "rulings",
    "sheet",
    "formulas",
    "resolve",
    "clean",
    "extract",
    "gazetteer",
)
COMPOSING = (
    "etl.run",
    "etl.backfill",
    "etl.takedown",
    "etl.backup",
    "etl.watch",
    "etl.monitor",
    "etl.notify",
    "etl.monitor",
    "etl.serve",
    "etl.schedule",
    "etl.jobs",
    "etl.children",
    "etl.note",
    "etl.roster",
    "etl.board",
    "etl.cli",
    "etl.ask",
    "etl.show",
    "etl.report",
    "etl.review",
    "etl.articles",
    "etl.newsite",
    "etl.settings",
    "etl.engine",
    "etl.__main__",
)
SOCKETS = ("socket", "socketserver", "http", "urllib.request", "ftplib", "requests", "aiohttp", "asyncio")

# (modules below, what they must not import, except)
RULES = [
    (
        [f"etl.{name}" for name in PURE],
        (
            "scraper",
            "db",
            "web",
            "scrapy",
            "twisted",
            "sqlalchemy",
            "apscheduler",
            "time",
            "random",
            *SOCKETS,
            *COMPOSING,
        ),
    ),
    (["scraper"], ("db", "web", "sqlalchemy", "bs4", *COMPOSING)),
    (["scraper.archive"], ("scrapy", "twisted")),
    (["db"], ("scraper", "web", "scrapy", "bs4", *COMPOSING)),
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
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_below(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("name", MODULES)
def test_no_module_imports_what_it_must_not(name: str) -> None:
    forbidden = [f for below, banned in RULES if any(is_below(name, b) for b in below) for f in banned]
    wrong = [f"{name} imports {i}" for i in imports(name) for f in forbidden if is_below(i, f)]
    assert wrong == []


def test_model_imports_nothing_of_ours() -> None:
    assert [i for i in imports("etl.model") if is_below(i, "etl") or is_below(i, "db") or is_below(i, "scraper")] == []


def test_only_the_command_line_imports_the_composing_modules() -> None:
    composing = {"etl.run", "etl.backfill", "etl.takedown", "etl.backup", "etl.watch", "etl.schedule", "etl.cli"}
    allowed = composing | {
        "etl.monitor",
        "etl.publish",
        "etl.serve",
        "etl.children",
        "etl.show",
        "etl.report",
        "etl.articles",
        "etl.newsite",
        "etl.__main__",
    }
    wrong = [(n, i) for n in MODULES if n not in allowed for i in imports(n) if any(is_below(i, c) for c in composing)]
    assert wrong == []


@pytest.mark.parametrize("name", [n for n in MODULES if any(is_below(n, f"etl.{p}") for p in PURE)])
def test_the_pure_middle_reads_no_clock(name: str) -> None:
    calls = {
        f"{ast.unparse(node.func)}"
        for node in ast.walk(MODULES[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert {c for c in calls if c.split(".")[-1] in ("now", "today", "utcnow", "monotonic", "perf_counter")} == set()


def test_a_rule_can_fail() -> None:
    """The check sees what it is for: a forbidden import written inside a function."""
    MODULES["etl.extract.planted"] = ast.parse("def f():\n    from sqlalchemy import select\n")
    try:
        with pytest.raises(AssertionError):
            test_no_module_imports_what_it_must_not("etl.extract.planted")
    finally:
        del MODULES["etl.extract.planted"]
