"""`awards db check`: whether rows, evidence and archive agree. Mends nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine

from db import connect, queries
from etl.model import Site
from etl.run.pages import page_refs
from etl.settings import Settings
from scraper.archive import Archive, ArchiveError, Damage
from scraper.sites import sites


def check(settings: Settings, engine: Engine) -> list[str]:
    """What does not agree between rows, evidence and archive: a line each. Reads every stored record's bytes.

    A line about the archive names the file and the byte, what is wrong, which article it affects, and what to do.
    """
    archive = Archive(settings.archive)
    known = sites()
    wrong = []
    with connect.reading(engine) as connection:
        wrong += queries.unfounded(connection)
        wrong += queries.ungrouped(connection)
        for name in sorted({*known, *archive.sites()}):
            site = known.get(name)
            if archive.generation(name).under_way:
                wrong.append(
                    f"{name}: a take-down broke off while it replaced files; `awards takedown --sweep` finishes it"
                )
                continue
            wrong += [_told(damage, site) for damage in archive.damage(name)]
            stored = queries.page_places(connection, name)
            try:
                refs = {ref.id for ref in page_refs(archive, site)} if site else set(stored)
            except ArchiveError:
                continue  # its damage has a line already
            wrong += [
                f"{archive.where(name, place['warc'])}: page {place['id']} has rows and is not in the archive; affects the "
                f"article {place['url']}; bring back the file with its index, or `awards rebuild` drops the rows"
                for id_, place in stored.items()
                if id_ not in refs
            ]
    return wrong


def _told(damage: Damage, site: Site | None) -> str:
    articles = [url for url in damage.urls if site is not None and site.article_id_of(url) is not None]
    others = f"affects no article, but {_some(damage.urls)}; " if damage.urls else ""
    affected = f"affects the article {_some(articles)}; " if articles else others
    return f"{damage.file} at byte {damage.byte}: {damage.what}; {affected}{damage.remedy}"


def _some(urls: Sequence[str]) -> str:
    return ", ".join(urls[:3]) + (f" and {len(urls) - 3} more" if len(urls) > 3 else "")
