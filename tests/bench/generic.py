"""The generic layout against well-kept extractors on pages of unknown sites."""

from __future__ import annotations

import gzip
import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from etl.clean.generic import read_generic
from etl.model import IMPORTED, Article, Page
from tests.bench.cleaning import FETCHED, PAGES, real_pages
from tests.clean.test_real_pages import f1

BENCHMARK = Path(os.environ.get("AWARDS_ARTICLE_BENCHMARK", "/work/aeb/article-extraction-benchmark"))
Reader = Callable[[str, str], str]  # HTML, address -> text


def generic() -> str:
    """The generic layout and other extractors: mean F1 of the bags of 4-grams

    Pages: scrapinghub/article-extraction-benchmark (its folder in AWARDS_ARTICLE_BENCHMARK), and the Indonesian ones of
    ../shared/pages with known text. Extractors that are not installed are left out.
    """
    sets = {"article-extraction-benchmark": list(_public()), "Indonesian pages": list(_indonesian())}
    rows = []
    for name, reader in _readers().items():
        scores = [[f1(reader(html, url), text) for html, url, text in pages] for pages in sets.values()]
        means = (f"{sum(s) / len(s):.3f}" if s else "left out" for s in scores)
        rows.append(f"| {name} | {' | '.join(means)} |")
    heads = " | ".join(f"{name} ({len(pages)})" for name, pages in sets.items())
    return "\n".join([f"| extractor | {heads} |", "|---|---|---|", *rows])


def _public() -> Iterator[tuple[str, str, str]]:
    truth = BENCHMARK / "ground-truth.json"
    for key, entry in json.loads(truth.read_text(encoding="utf-8")).items() if truth.is_file() else ():
        html = gzip.decompress((BENCHMARK / "html" / f"{key}.html.gz").read_bytes()).decode("utf-8", "replace")
        yield html, entry.get("url") or f"https://x.example/a/{key}", entry["articleBody"]


def _indonesian() -> Iterator[tuple[str, str, str]]:
    for real in real_pages() if PAGES.is_dir() else ():
        if real.text is not None:
            yield real.page.body.decode("utf-8", "replace"), real.page.url, real.text


def _readers() -> dict[str, Reader]:
    def ours(html: str, url: str) -> str:
        page = Page(IMPORTED.name, url, FETCHED, 200, (("content-type", "text/html; charset=utf-8"),), html.encode())
        found = read_generic(page, IMPORTED)
        return "\n".join(found.paragraphs) if isinstance(found, Article) else ""

    readers: dict[str, Reader] = {"ours": ours}
    try:
        import trafilatura

        logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
        readers["trafilatura, precision"] = lambda html, url: (
            trafilatura.extract(html, favor_precision=True, include_comments=False) or ""
        )
    except ImportError:
        pass
    try:
        import lxml.html
        from readability import Document

        logging.getLogger("readability").setLevel(logging.CRITICAL)
        readers["readability-lxml"] = lambda html, url: str(
            lxml.html.fromstring(Document(html).summary()).text_content()
        )
    except ImportError:
        pass
    return readers
