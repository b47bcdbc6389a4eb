"""The generic layout: an article page of a site that nobody declared, read by what the page itself proposes.

Used only where a site asks for it by name (`Site.generic`: imported pages). Its articles say so: their layout is `generic`.
"""

from __future__ import annotations

from typing import Final

from etl.clean import MIN_TEXT, kinds
from etl.clean.boilerplate import without_furniture
from etl.clean.metadata import metadata_of
from etl.clean.propose import found_on
from etl.model import Article, Page, Site, Unread

GENERIC: Final = "generic"
TRUST: Final = 0.85  # of what is read out of such an article: its text may lack lines, or have some too many


def read_generic(page: Page, site: Site) -> Article | Unread:
    """The article in the body that holds most of the page's text; what the page is when it holds none.

    What stands before a paywall is read, and says that it is not all (`complete`).
    """
    found = found_on(page, GENERIC)
    if isinstance(found, Unread):
        return found
    paragraphs, ends = without_furniture(list(found.lines))
    head = metadata_of(found.document, found.layout, found.outlet)
    title, key = head.title or head.headline, site.article_id_of(page.url)
    if title is None or key is None or sum(map(len, paragraphs)) < MIN_TEXT:
        return Unread((f"the generic layout finds {sum(map(len, paragraphs))} characters of text below {title!r}",))
    is_locked = kinds.is_locked_by_schema(found.document) or kinds.locked(found.document, sum(map(len, paragraphs)))
    return Article(
        site=site.name, outlet=found.outlet, article_id=key, url=page.url, canonical_url=head.canonical_url, layout=GENERIC,
        title=title, author=head.author or ends.author, editors=tuple(dict.fromkeys((*head.editors, *ends.editors))),
        published_at=head.published_at, dateline=ends.dateline, tags=head.tags, photo_caption=head.caption,
        paragraphs=tuple(paragraphs), complete=not is_locked,
    )  # fmt: skip
