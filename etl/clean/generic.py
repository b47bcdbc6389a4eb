"""The generic layout: an article page of a site that nobody declared, read by what the page itself proposes.

Used only where a site asks for it by name (`Site.generic`: imported pages). Its articles say so: their layout is `generic`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from etl.clean.propose import propose
from etl.model import Article, Page, Site, Unread

GENERIC: Final = "generic"
TRUST: Final = 0.85  # of what is read out of such an article: its text may lack lines, or have some too many


def read_generic(page: Page, site: Site) -> Article | Unread:
    """The article in the body that holds most of the page's text; what the page is when it holds none."""
    found = propose(page, GENERIC)
    if isinstance(found, Unread):
        return found
    key = site.article_id_of(page.url)
    assert key is not None, "asked for articles only"
    return replace(found.article, site=site.name, article_id=key, layout=GENERIC)
