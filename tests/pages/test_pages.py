"""Every stored page is read as its golden says: tests/pages/<site>/<name>.html.gz beside <name>.json.

A golden holds the page's `url` and its `article`, as `awards read --json` prints it. One that is missing is written and
the test fails: review it, then run again. AWARDS_REWRITE_GOLDENS=1 writes all of them anew; `git diff` shows what that
changed. Where a page's own link names another address (an AMP page names the ordinary one), correct `url` by hand.
"""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from etl.clean import clean
from etl.model import Article, Page, Unread
from scraper.sites import spiders

HERE = Path(__file__).parent
PAGES = sorted(HERE.glob("*/*.html.gz"))
FIELDS = ("url", "canonical_url", "article_id", "outlet", "site", "layout", "title", "author", "editors", "published_at",
          "dateline", "tags", "photo_caption", "paragraphs")  # fmt: skip


@pytest.mark.parametrize("path", PAGES, ids=lambda p: f"{p.parent.name}/{p.name.removesuffix('.html.gz')}")
def test_page_is_read_as_its_golden_says(path: Path) -> None:
    stored = path.with_name(path.name.removesuffix(".html.gz") + ".json")
    known: dict[str, Any] = json.loads(stored.read_text(encoding="utf-8")) if stored.exists() else {}
    found = _golden(path, known.get("url"))
    if "article" in known and not os.environ.get("AWARDS_REWRITE_GOLDENS"):
        assert found == {key: known[key] for key in found}
        return
    found |= {key: value for key, value in known.items() if key not in found}
    stored.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if "article" not in known:
        pytest.fail(f"{stored.relative_to(HERE)} was written: review it, then run again")


@pytest.mark.parametrize("site", spiders())
def test_every_layout_has_a_page(site: str) -> None:
    goldens = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / site).glob("*.json"))]
    read = {golden["article"]["layout"] for golden in goldens}
    assert {layout.name for layout in spiders()[site].layouts} <= read


def test_every_golden_has_its_page() -> None:
    names = {path.with_name(path.name.removesuffix(".html.gz")) for path in PAGES}
    assert {path.with_suffix("") for path in HERE.glob("*/*.json")} <= names


def test_every_folder_is_a_site() -> None:
    assert {path.parent.name for path in PAGES} <= set(spiders())


def _golden(path: Path, url: str | None) -> dict[str, Any]:
    body = gzip.decompress(path.read_bytes())
    address = url or _own_address(body)
    site = spiders()[path.parent.name].site()
    page = Page(site.name, address, datetime(2026, 11, 20, tzinfo=UTC), 200, (("content-type", "text/html"),), body)
    article = clean(page, site)
    assert not isinstance(article, Unread), f"{address}: {article}"
    return {"url": address, "article": _plain(article)}


def _plain(article: Article) -> dict[str, Any]:
    values = {name: getattr(article, name) for name in FIELDS}
    values["published_at"] = article.published_at and article.published_at.isoformat()
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _own_address(body: bytes) -> str:
    document = lxml.html.document_fromstring(body)
    for where in ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"):
        for address in document.xpath(where):
            return str(address)
    pytest.fail("the page does not say its address: write a golden that holds only its `url`")
