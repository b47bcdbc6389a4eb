"""Other extractors, in an environment of their own below .venv: they are no dependency of the project or of its tests.

The environment is made when a benchmark first asks for it, and again when the lock has changed. `read_pages.py` runs in it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"  # uv pip compile --universal --generate-hashes --python-version 3.11 requirements.in
ENVIRONMENT = HERE.parents[2] / ".venv" / "competitors"
MAKING = 600  # seconds that making it may take
READING = 900  # seconds that reading all pages may take

# As tables show them, by their function in read_pages.py.
EXTRACTORS = {
    "trafilatura, precision": "trafilatura_precision",
    "trafilatura, default": "trafilatura_default",
    "readability-lxml": "readability_lxml",
    "resiliparse": "resiliparse",
    "newspaper4k": "newspaper4k",
}


class NoCompetitors(Exception):
    """Their environment cannot be made: no registry, no network. Says why in one line."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one of them made of the pages: their texts in order, and the CPU time a page, the best of the rounds."""

    texts: tuple[str, ...]
    ms_per_page: float


def read(function: str, pages: Sequence[tuple[str, str]], rounds: int = 1) -> Read:
    """(HTML, address) of pages, read by a function of read_pages.py. Raises NoCompetitors."""
    lines = "\n".join(json.dumps({"html": html, "url": url}) for html, url in pages)
    command = [str(environment()), str(HERE / "read_pages.py"), function, str(rounds)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=READING, check=False)
    if done.returncode:
        raise NoCompetitors(f"{function} failed: {_last_line(done.stderr)}")
    found = json.loads(done.stdout)
    return Read(tuple(found["texts"]), found["ms_per_page"])


@cache
def environment() -> Path:
    """Its interpreter, made if need be. Raises NoCompetitors."""
    python, made = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "made-from"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if made.is_file() and made.read_text() == digest:
        return python
    # The lock names everything, so nothing is resolved: old versions of pip stumble over extras.
    pip = (
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--no-deps",
        "-r",
        str(LOCK),
    )
    for command in ([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], [str(python), *pip]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=MAKING, check=False)
        except subprocess.TimeoutExpired as error:
            raise NoCompetitors(f"their environment was not there after {MAKING} s") from error
        if done.returncode:
            raise NoCompetitors(f"their environment cannot be made: {_last_line(done.stderr)}")
    made.write_text(digest)
    return python


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it says nothing")
