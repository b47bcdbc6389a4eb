"""Runs in the competitors' own environment: pages as JSON lines in, their texts and the time they took as JSON out.

    python read_pages.py READER ROUNDS < pages.jsonl

Imports nothing of ours. Texts are those of the first round; milliseconds a page are CPU time, the best of the rounds.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any


def trafilatura_precision(html: str, url: str) -> Any:
    from trafilatura import extract

    return extract(html, url=url, favor_precision=True, include_comments=False)


def trafilatura_default(html: str, url: str) -> Any:
    from trafilatura import extract

    return extract(html, url=url, include_comments=False)


def trafilatura_with_metadata(html: str, url: str) -> Any:
    from trafilatura import bare_extraction

    found = bare_extraction(html, url=url, with_metadata=True)
    return found.text if found is not None else ""


def readability_lxml(html: str, url: str) -> Any:
    from lxml.html import fromstring
    from readability import Document

    summary = fromstring(Document(html, url=url).summary())
    for block in summary.iter("p", "div", "li", "br", "td", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"):
        block.tail = "\n" + (block.tail or "")  # the last word of a block and the first of the next are two
    return summary.text_content()


def resiliparse(html: str, url: str) -> Any:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(html, main_content=True, alt_texts=False, list_bullets=False)


def newspaper4k(html: str, url: str) -> Any:
    from newspaper import Article, Config

    config = Config()
    config.fetch_images = False
    article = Article(url, config=config)
    article.download(input_html=html)
    article.parse()
    return article.text


def text_of(reader: Callable[[str, str], Any], html: str, url: str) -> str:
    """What it reads; nothing where it fails: that is its score too."""
    try:
        return reader(html, url) or ""
    except Exception as error:  # noqa: BLE001 - whatever a library raises on a real page
        print(f"{url}: {type(error).__name__}: {error}", file=sys.stderr)
        return ""


def main(name: str, rounds: int) -> None:
    logging.disable(logging.CRITICAL)
    reader = globals()[name]
    pages = [json.loads(line) for line in sys.stdin]
    texts: list[str] = []
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        read = [text_of(reader, page["html"], page["url"]) for page in pages]
        best = min(best, time.process_time() - start)
        texts = texts or read
    json.dump({"texts": texts, "ms_per_page": best / max(1, len(pages)) * 1000}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
