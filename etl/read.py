"""Page -> Reading: clean, then extract. The one path that every command reads a page by; pure and safe to run in parallel."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import etl
from etl.clean import clean
from etl.extract import extract, is_award_article
from etl.model import Misfit, Page, PageRef, Reading, Site

_READERS = (
    "model.py",
    "dates.py",
    "read.py",
    "conferral.py",
    "clean/*.py",
    "extract/*.py",
    "gazetteer/*.py",
    "gazetteer/*.csv",
)


def read(page: Page, ref: PageRef, site: Site) -> Reading:
    """Everything the page yields: an article with its mentions, or a misfit with its reasons."""
    article = clean(page, site)
    if isinstance(article, Misfit):
        return Reading(ref, fingerprint(site), article)
    published = article.published_at.date() if article.published_at else None
    mentions = extract(article.text, published, site.name)
    return Reading(ref, fingerprint(site), article, mentions, is_award_article(mentions))


def fingerprint(site: Site) -> str:
    """Names the code, the tables and the site's layouts that read a page: 16 hexadecimal digits.

    Code counts by its syntax tree without docstrings, so that a comment or a line break never makes anyone read again.
    """
    return sha256(f"{_code()}{site!r}".encode()).hexdigest()[:16]


@cache
def _code() -> str:
    digest = sha256()
    for path in _sources():
        content = path.read_text(encoding="utf-8")
        digest.update(path.name.encode())
        digest.update((_tree(content) if path.suffix == ".py" else content).encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    root = Path(etl.__file__).parent
    for pattern in _READERS:
        yield from sorted(root.glob(pattern))


def _tree(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            body.pop(0)
    return ast.dump(tree)
