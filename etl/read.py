"""Page -> Reading: clean, then extract. The one path that every command reads a page by; pure and safe to run in parallel."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import etl
from etl.clean import clean
from etl.clean.generic import GENERIC, TRUST, read_generic
from etl.extract import extract, is_award_article
from etl.model import Extractor, InPlace, Page, PageRef, Reading, Site, Unread

_READERS = (
    "model.py",
    "dates.py",
    "read.py",
    "conferral/*.py",
    "resolve.py",
    "clean/*.py",
    "clean/propose/*.py",
    "extract/*.py",
    "extract/*.json",
    "gazetteer/*.py",
    "gazetteer/*.csv",
)


def read(page: Page, ref: PageRef, site: Site, extractor: Extractor = extract, parts: Sequence[Page] = ()) -> Reading:
    """Everything the page and its further pages yield: an article with its mentions, or why it holds none."""
    article = clean(page, site, parts)
    if site.generic and isinstance(article, Unread) and article.is_misfit:
        article = read_generic(page, site)
    if isinstance(article, Unread):
        return Reading(ref, fingerprint(site, extractor), article)
    published = article.published_at.date() if article.published_at else None
    mentions = extractor(article.text, published, site.name)
    reader = fingerprint(site, extractor, isinstance(mentions, InPlace))
    if article.layout == GENERIC:
        mentions = tuple(replace(m, confidence=round(m.confidence * TRUST, 2)) for m in mentions)
    return Reading(ref, reader, article, tuple(mentions), is_award_article(mentions))


def fingerprint(site: Site, extractor: Extractor = extract, in_place: bool = False) -> str:
    """Names the code, the tables, the site's layouts and the extractor that read a page: 16 hexadecimal digits.

    Code counts by its syntax tree without docstrings, so that a comment or a line break never makes anyone read again.
    `in_place`: by the rules, because the extractor could not be asked.
    """
    reader = f"{getattr(extractor, 'identity', '')}{' in place' if in_place else ''}"
    return sha256(f"{code()}{site!r}{reader}".encode()).hexdigest()[:16]


@cache
def code(files: tuple[str, ...] = _READERS) -> str:
    """What the code and tables in these files of this package say, as 64 hexadecimal digits."""
    digest = sha256()
    for path in _sources(files):
        content = path.read_text(encoding="utf-8")
        digest.update(path.name.encode())
        digest.update((_tree(content) if path.suffix == ".py" else content).encode())
    return digest.hexdigest()


def _sources(files: tuple[str, ...]) -> Iterator[Path]:
    root = Path(etl.__file__).parent
    for pattern in files:
        found = sorted(root.glob(pattern))
        if not found:  # a file that moved away would be left out without a word
            raise FileNotFoundError(f"{root / pattern} names no file")
        yield from found


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
