"""Articles that were taken down, as an archive's own files name them: by hash, so the list says nothing of what it hides.

People decide what is taken down, and the database keeps their decisions (`tombstone`). This list is what the decision means
where no database is known: a crawl asks for no such article, an import keeps none, nothing reads one. It lies with the
archive, so it holds for every machine that writes there, and for a database that is made anew. Never decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from etl.model import Site, short_hash
from scraper.store import Store

NAME = "blocked.txt"


@dataclass(frozen=True, slots=True)
class Blocklist:
    """The articles of one site that may not be kept: `article_id in blocklist`."""

    site: str = ""
    hashes: frozenset[str] = frozenset()

    def __contains__(self, article_id: object) -> bool:
        return bool(self.hashes) and isinstance(article_id, str) and _hash(self.site, article_id) in self.hashes

    def holds(self, site: Site, url: str) -> bool:
        """Whether an address is one of a blocked article's: any of them, as the site's ids are the same at all."""
        return bool(self.hashes) and (key := site.article_id_of(url)) is not None and key in self


def blocklist(store: Store, site: str) -> Blocklist:
    """The list of a site; an empty one where it has none. Raises OSError."""
    if NAME not in store.files(site):
        return Blocklist(site)
    lines = [line for _, file in store.opened(site, [NAME]) for line in file.read().decode("ascii").split()]
    return Blocklist(site, frozenset(lines))


def block(store: Store, site: str, article_ids: Iterable[str]) -> None:
    """Add articles to the list of a site. Raises OSError."""
    before = blocklist(store, site).hashes
    _write(store, site, before, before | {_hash(site, key) for key in article_ids})


def unblock(store: Store, site: str, article_ids: Iterable[str]) -> None:
    """Take articles off the list of a site. Raises OSError."""
    before = blocklist(store, site).hashes
    _write(store, site, before, before - {_hash(site, key) for key in article_ids})


def _write(store: Store, site: str, before: frozenset[str], hashes: frozenset[str]) -> None:
    if hashes != before:
        store.put(site, NAME, "".join(f"{each}\n" for each in sorted(hashes)).encode())


def _hash(site: str, article_id: str) -> str:
    return short_hash("article", site, article_id)
