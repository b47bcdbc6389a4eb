"""What `awards new-site` would propose for the sites there are, against what they declare."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from etl.clean import clean
from etl.clean.propose import Proposal, addresses, propose
from etl.model import Page, Site, Unread
from scraper.sites import spiders
from scraper.spider import ArticleSpider
from tests.bench.cleaning import FETCHED, real_pages
from tests.clean.test_real_pages import FOLDER as PAGES
from tests.clean.test_real_pages import f1

TESTS = Path(__file__).parents[1]
GOOD = 0.95


def proposed_layouts() -> str:
    """Article pages read by the layout that `awards new-site` proposes, against the declared one: F1 of 4-grams (0.95 asked)"""
    rows: list[str] = []
    scores: dict[str, list[float]] = {"saved real pages": [], "stored pages": []}
    same = {"title": 0, "published_at": 0, "author": 0}
    start = process_time()
    for group, name, page, site in _pages():
        declared = clean(page, site)
        if isinstance(declared, Unread):
            continue
        found = propose(page, "proposed", page_number=ArticleSpider.page_number)
        score, body = 0.0, str(found)
        if isinstance(found, Proposal):
            score, body = f1(found.article.text, declared.text), found.layout.body
            for field in same:
                same[field] += getattr(found.article, field) == getattr(declared, field)
        scores[group].append(score)
        if score < GOOD:
            rows.append(f"| {name} | {body} | {score:.3f} |")
    seconds, both = process_time() - start, [score for group in scores.values() for score in group]
    summary = [
        f"{group}: {len(s)}, mean **{sum(s) / len(s):.3f}**, {sum(score >= GOOD for score in s)} of them >= {GOOD}."
        for group, s in scores.items()
        if s
    ]
    fields = ", ".join(f"{field} {count}" for field, count in same.items())
    below = ["", f"Below {GOOD}:", "", "| page | body proposed | F1 |", "|---|---|---|", *rows] if rows else []
    cost = f"Fields as declared, of {len(both)}: {fields}. {seconds / len(both) * 1000:.0f} ms a page, both readings included."
    return "\n".join([*summary, cost, *below])


def proposed_patterns() -> str:
    """Address patterns that `awards new-site` proposes from one address alone, against the addresses that each site states"""
    accepted = stated = sites = 0
    others: list[str] = []
    for path in sorted((TESTS / "scraper" / "addresses").glob("*.json")):
        known = json.loads(path.read_text(encoding="utf-8"))
        first, *more = known["articles"][0]
        found = addresses.patterns(first)
        site = Site(path.stem, path.stem, found.article_url, found.article_id)
        own = [url for url in more if addresses.is_same_host(first, url)]
        accepted += sum(site.article_id_of(url) == site.article_id_of(first) is not None for url in own)
        stated, sites = stated + len(own), sites + 1
        others += [path.stem] if any(site.article_id_of(url) is not None for url in known["no_articles"]) else []
    return (
        f"{sites} sites: {accepted} of {stated} other addresses of the same article, on the same host, have its id."
        f" An address that is no article's is taken for one: {', '.join(others) or 'on no site'}."
    )


def _pages() -> Iterator[tuple[str, str, Page, Site]]:
    """(group, name, page, site) of every article page there is."""
    for real in real_pages() if PAGES.is_dir() else ():
        yield "saved real pages", real.name, real.page, real.site
    for path in sorted((TESTS / "pages").glob("*/*.html.gz")):
        golden = json.loads(path.with_name(path.name.removesuffix(".html.gz") + ".json").read_text(encoding="utf-8"))
        site = spiders()[path.parent.name].site()
        body = gzip.decompress(path.read_bytes())
        page = Page(site.name, golden["url"], FETCHED, 200, (("content-type", "text/html"),), body)
        yield "stored pages", f"{site.name}/{path.name.removesuffix('.html.gz')}", page, site
