"""The generic layout against well-kept extractors on pages of unknown sites: same pages, same scorer, same run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from statistics import mean
from time import process_time

from etl.clean import clean
from etl.clean.generic import read_generic
from etl.model import IMPORTED, Article, Page
from tests.bench import competitors, labelled
from tests.bench.cleaning import FETCHED, Real, real_pages, stored_pages
from tests.bench.labelled import Labelled
from tests.clean.test_real_pages import FOLDER as PAGES
from tests.clean.test_real_pages import bags


def generic() -> str:
    """The generic layout and other extractors on pages of unknown sites: F1 of the bags of 4-grams

    Scored as scrapinghub/article-extraction-benchmark does: F1 of mean precision and mean recall; in brackets the mean of
    the pages' own F1. Its 181 pages are parted in two by a hash of their names: only the first half was looked at while the
    layout was worked on. `2015-17`: the pages of anpandu/indonesian-news-scraper, galleries among them; `real`: those of
    ../shared/pages, `stored`: all of tests/pages, both against what their own site's layout reads.
    """
    public = list(labelled.public())
    sets = {
        "benchmark": public,
        "half tuned on": [page for page in public if not _is_held_out(page.name)],
        "half held out": [page for page in public if _is_held_out(page.name)],
        "Indonesian, 2015-17": list(labelled.indonesian()),
        "Indonesian, real": list(_real()),
        "Indonesian, stored": list(_stored()),
    }
    pages = list(dict.fromkeys(page for pages in sets.values() for page in pages))
    rows = [_row("ours", dict(zip(pages, (_ours(page) for page in pages), strict=True)), sets)]
    try:
        for name, function in competitors.EXTRACTORS.items():
            read = competitors.read(function, [(page.html, page.url) for page in pages])
            rows.append(_row(name, dict(zip(pages, read.texts, strict=True)), sets))
    except competitors.NoCompetitors as missing:
        rows.append(f"\nThe others were left out: {missing}.")
    heads = " | ".join(f"{name} ({len(pages)})" for name, pages in sets.items())
    return "\n".join([f"| extractor | {heads} |", "|---" * (1 + len(sets)) + "|", *rows])


def speed() -> str:
    """Reading a real page of a known site, one core, CPU time, against trafilatura with metadata (5 times is asked for)"""
    pages = (
        [real for real in real_pages() if isinstance(clean(real.page, real.site), Article)] if PAGES.is_dir() else []
    )
    if not pages:
        return "Left out: ../shared/pages is not there."
    ours = _ms_per_page(pages)
    html = [(real.page.body.decode("utf-8", "replace"), real.page.url) for real in pages]
    size = sum(len(real.page.body) for real in pages) / len(pages) / 1000
    try:
        theirs = competitors.read("trafilatura_with_metadata", html, ROUNDS).ms_per_page
    except competitors.NoCompetitors as missing:
        return f"Ours alone, for {missing}: {ours:.2f} ms/page."
    ours = min(ours, _ms_per_page(pages))  # before and after them: what else the machine does disturbs both alike
    rows = ["| reader | ms/page | pages/s |", "|---|---|---|", f"| ours | {ours:.2f} | {1000 / ours:.0f} |"]
    rows.append(f"| trafilatura | {theirs:.2f} | {1000 / theirs:.0f} |")
    summary = f"{len(pages)} pages of {size:.0f} kB on average, bytes to article with metadata: **{theirs / ours:.1f} times**."
    return "\n".join([summary, "", *rows])


ROUNDS = 5  # of which the best counts


def _ms_per_page(pages: Sequence[Real]) -> float:
    """CPU milliseconds that one of our pages costs, the best of the rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = process_time()
        for real in pages:
            clean(real.page, real.site)
        best = min(best, process_time() - start)
    return best / len(pages) * 1000


def _ours(known: Labelled) -> str:
    headers = (("content-type", "text/html; charset=utf-8"),)
    found = read_generic(Page(IMPORTED.name, known.url, FETCHED, 200, headers, known.html.encode()), IMPORTED)
    return "\n".join(found.paragraphs) if isinstance(found, Article) else ""


def _row(name: str, texts: dict[Labelled, str], sets: dict[str, list[Labelled]]) -> str:
    cells = (_scored([(texts[page], page.text) for page in pages]) for pages in sets.values())
    return f"| {name} | {' | '.join(cells)} |"


def _scored(pairs: Sequence[tuple[str, str]]) -> str:
    """'0.964 (0.960)': F1 of mean precision and mean recall, and the mean of the pages' F1."""
    if not pairs:
        return "left out"
    counts = [bags(text, truth) for text, truth in pairs]
    precision = mean(common / ours for common, ours, _ in counts if ours)
    recall = mean(common / theirs for common, _, theirs in counts if theirs)
    pages = mean(2 * common / (ours + theirs) for common, ours, theirs in counts)
    return f"{2 * precision * recall / (precision + recall):.3f} ({pages:.3f})"


def _is_held_out(key: str) -> bool:
    return int(sha256(key.encode()).hexdigest(), 16) % 2 == 1


def _real() -> Iterator[Labelled]:
    for real in real_pages() if PAGES.is_dir() else ():
        if isinstance(found := clean(real.page, real.site), Article):
            yield Labelled(
                real.name, real.page.body.decode("utf-8", "replace"), real.page.url, "\n".join(found.paragraphs)
            )


def _stored() -> Iterator[Labelled]:
    for page, site in stored_pages():
        if isinstance(found := clean(page, site), Article):
            yield Labelled(page.url, page.body.decode("utf-8", "replace"), page.url, "\n".join(found.paragraphs))
