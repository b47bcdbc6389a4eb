"""Which version of an article counts: that of its page seen last. Never reads what a version claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from db import models
from db.bulk import among, change, chunks, remove, within

_PAGE: Final = models.table(models.Page)
_ARTICLE: Final = models.table(models.Article)
_VERSION: Final = models.table(models.ArticleVersion)
_MENTION: Final = models.table(models.Mention)

_CHOSEN: Final = ("url", "canonical_url", "current_version_id", "published_at")
"""Columns of an article that are those of its current version."""

_SAYING: Final = (
    select(
        _VERSION.c.article_id,
        *(_PAGE.c[name] for name in ("last_fetched_at", "first_fetched_at", "id", "url", "version_id")),
        _VERSION.c.canonical_url,
        _VERSION.c.published_at,
        *(_ARTICLE.c[name].label(f"former_{name}") for name in _CHOSEN),
    )
    .join(_PAGE, _PAGE.c.version_id == _VERSION.c.id)
    .join(_ARTICLE, _ARTICLE.c.id == _VERSION.c.article_id)
)
"""The pages of articles, with what they and the article say."""


def delete_orphans(connection: Connection, versions: Iterable[str]) -> None:
    """Deletes those of the versions that no page says any more, with all that hangs on them."""
    versions = set(versions)
    said = {page.version_id for page in among(connection, select(_PAGE.c.version_id), _PAGE.c.version_id, versions)}
    remove(connection, _VERSION.c.id, versions - said)


def choose_current(connection: Connection, articles: Iterable[str]) -> dict[str, str]:
    """Points each article to the version of its page seen last, deletes those without any; gives article -> version."""
    articles = set(articles)
    latest: dict[str, Row[Any]] = {}
    several: set[str] = set()
    for page in among(connection, _SAYING, _VERSION.c.article_id, articles):
        best = latest.get(page.article_id)
        if best is not None and best.version_id != page.version_id:
            several.add(page.article_id)
        if best is None or _seen(page) > _seen(best):
            latest[page.article_id] = page
    changed = {
        key: dict(zip(_CHOSEN, chosen, strict=True))
        for key, page in latest.items()
        if (chosen := (page.url, page.canonical_url, page.version_id, page.published_at))
        != tuple(page)[-len(_CHOSEN) :]
    }
    change(connection, _ARTICLE, changed)
    remove(connection, _ARTICLE.c.id, articles - latest.keys())
    current = {key: page.version_id for key, page in latest.items()}
    _settle(connection, {key: current[key] for key in several})
    return current


def _settle(connection: Connection, current: Mapping[str, str]) -> None:
    """Marks the mentions of these articles: those of the current version count, those of others do not."""
    rows = select(_VERSION.c.id, _VERSION.c.article_id)
    for chosen, others in ((True, False), (False, True)):
        versions = [
            row.id
            for row in among(connection, rows, _VERSION.c.article_id, current)
            if (current[row.article_id] == row.id) == chosen
        ]
        for chunk in chunks(versions):
            marked = update(_MENTION).where(
                within(connection, _MENTION.c.version_id, chunk), _MENTION.c.is_current == others
            )
            connection.execute(marked.values(is_current=chosen))


def _seen(page: Row[Any]) -> tuple[datetime, datetime, str]:
    return page.last_fetched_at, page.first_fetched_at, page.id
