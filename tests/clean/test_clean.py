"""Page -> Article as a whole: layouts by fit, misfits with reasons, the seed article, the same answer every time."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from etl.clean import MIN_TEXT, clean
from etl.model import Article, Layout, Page, Site, Unread
from scraper.sites import spiders
from tests.clean.pages import FETCHED, LAYOUT, SITE, TEXT, TITLE, URL, html, page, read, refused

STORED = sorted((Path(__file__).parents[1] / "pages").glob("*/*.html.gz"))
SEED = Path("/work/shared/seed")


# ------------------------------------------------------------------------------------------------------------------ layouts


def of_layouts(source: str, *layouts: Layout) -> Article | Unread:
    site = Site(SITE.name, SITE.outlet, SITE.article_url, SITE.article_id, layouts=layouts)
    return clean(page(source), site)


def test_the_first_layout_that_fits_reads_the_page() -> None:
    old = Layout("2020", body="div.lama")
    assert of_layouts(html(), old, LAYOUT, Layout("any", body="body")).layout == "2026"  # type: ignore[union-attr]


def test_a_misfit_names_the_reason_of_every_layout() -> None:
    found = of_layouts(html(), Layout("2020", body="div.lama"), Layout("2022", body="p", blocks=(2, 3)))
    assert str(found) == "layout 2020: 'div.lama' matches 0 times, not 1; layout 2022: 'p' matches 1 times, not 2 to 3"


def test_too_little_text_is_no_article() -> None:
    assert refused(html(body="<p>Pendek.</p>")) == "layout 2026: 'div.isi' holds 7 characters of text"
    assert len(read(html(body=f"<p>{'a' * MIN_TEXT}</p>")).paragraphs) == 1


def test_several_blocks_are_one_text_and_nested_ones_count_once() -> None:
    layout = Layout("x", body="div.isi", blocks=(1, 3))
    body = f"<p>{TEXT}</p><div class='isi' style='display:none'><p>Halaman berikut.</p></div>"
    assert read(html(body=body)).paragraphs == (TEXT, "Halaman berikut.")
    twice = html(body=f"<p>{TEXT}</p>").replace("</body>", "<div class='isi'><p>Lagi.</p></div></body>")
    assert read(twice, layout=layout).paragraphs == (TEXT, "Lagi.")
    assert refused(twice) == "layout 2026: 'div.isi' matches 2 times, not 1"


PAGED = Site(
    SITE.name,
    SITE.outlet,
    SITE.article_url,
    SITE.article_id,
    layouts=SITE.layouts,
    page_number=r"[?&]page=(\d+)",
    whole="page=all",
)
NEXT = f"Pada tahap kedua, {TEXT[0].lower()}{TEXT[1:]}"
PAGES = "<div class='paging'><a href='?page=2'>2</a><a href='?page=3'>3</a><a href='/read/88/lain?page=9'>9</a></div>"


def further(number: int, text: str) -> Page:
    return page(html(body=f"<p>{TEXT}</p><p>{text}</p>", above=PAGES), url=f"{URL}?page={number}")


def test_further_pages_are_joined() -> None:
    first = page(html(above=PAGES))
    found = clean(first, PAGED, (further(2, NEXT), further(3, "Demikian. (abc/def)")))
    assert isinstance(found, Article) and found.complete
    assert found.paragraphs == (TEXT, NEXT, "Demikian."), (
        "the lead that each page repeats stands once, initials are the last page's"
    )
    assert found.editors == ("abc", "def")


def test_an_article_with_pages_missing_says_so() -> None:
    for parts in ((), (further(2, NEXT),)):
        found = clean(page(html(above=PAGES)), PAGED, parts)
        assert isinstance(found, Article) and not found.complete
    alone = clean(further(2, NEXT), PAGED)
    assert isinstance(alone, Article) and not alone.complete
    whole = clean(page(html(above=PAGES), url=f"{URL}?page=all"), PAGED)
    assert isinstance(whole, Article) and whole.complete
    single = clean(page(html()), PAGED)
    assert isinstance(single, Article) and single.complete


def test_a_page_that_is_no_article_is_no_misfit() -> None:
    found = clean(page(html(title="FOTO: Kirab Piala", body="<p>Kirab.</p>")), SITE)
    assert isinstance(found, Unread) and found.kind == "gallery"


def test_no_article_address_no_article() -> None:
    other = "https://koran.example/foto/9"
    assert str(clean(page(html(), url=other), SITE)) == f"{other} is no article address of koran"


def test_a_site_without_layouts_reads_nothing() -> None:
    assert str(of_layouts(html())) == "site koran declares no layout"


def test_every_field() -> None:
    article = read(html())
    assert article == Article(
        site="koran", outlet="Koran", article_id="77", url=URL, canonical_url=None, layout="2026", title=TITLE, author=None,
        editors=(), published_at=article.published_at, dateline=None, tags=(), photo_caption=None, paragraphs=(TEXT,),
    )  # fmt: skip
    assert article.text == f"{TITLE}\n{TEXT}"


# ---------------------------------------------------------------------------------------------------------------- addresses

ADDRESSES = {
    "https://news.detik.com/berita/d-6706010/slug": ("detik", "d-6706010"),
    "https://news.detik.com/berita/d-6706010/slug/amp": ("detik", "d-6706010"),
    "https://news.detik.com/berita/d-6706010/slug?tag_from=wp_nhl&single=1": ("detik", "d-6706010"),
    "https://www.detik.com/jatim/berita/d-6706010/slug": ("detik", "d-6706010"),
    "https://finance.detik.com/berita-ekonomi-bisnis/d-6706010/slug": ("detik", "d-6706010"),
    "https://news.detik.com/adv-nhl-detikcom/d-5517334/slug": ("detik", "d-5517334"),
    "https://news.detik.com/read/2018/11/05/165410/4288522/10/slug": ("detik", "4288522"),
    "https://news.detik.com/foto-news/d-6706010/slug": ("detik", None),
    "https://20.detik.com/detikupdate/20261118-261118123/slug": ("detik", None),
    "https://news.detik.com/indeks?page=2": ("detik", None),
    "https://www.kompas.com/tren/read/2026/11/18/193000865/slug": ("kompas", "2026/11/18/193000865"),
    "https://amp.kompas.com/tren/read/2026/11/18/193000865/slug": ("kompas", "2026/11/18/193000865"),
    "https://regional.kompas.com/read/2026/11/18/193000865/slug?page=all": ("kompas", "2026/11/18/193000865"),
    "http://regional.kompas.com/read/2015/11/04/21040031/Slug": ("kompas", "2015/11/04/21040031"),
    "https://www.kompas.com/galeri/photo/read/2026/11/18/1930001/slug": ("kompas", None),
    "https://www.antaranews.com/berita/5201002/slug?utm_source=antaranews": ("antaranews", "5201002"),
    "https://antaranews.com/berita/5201002/slug": ("antaranews", "5201002"),
    "https://m.antaranews.com/amp/berita/5201002/slug": ("antaranews", "5201002"),
    "https://jatim.antaranews.com/berita/9010001/slug": ("antaranews", "jatim/9010001"),
    "https://jatim.antaranews.com/amp/berita/9010001/slug": ("antaranews", "jatim/9010001"),
    "https://www.antaranews.com/video/5201002/slug": ("antaranews", None),
    "https://www.liputan6.com/regional/read/6201001/slug?page=2": ("liputan6", "6201001"),
    "https://m.liputan6.com/amp/read/6201001/slug": ("liputan6", "6201001"),
    "https://www.merdeka.com/peristiwa/slug-kota-x-441001-mvk.html?page=2": ("merdeka", "441001-mvk"),
    "https://m.merdeka.com/peristiwa/slug-kota-x-441001-mvk.html": ("merdeka", "441001-mvk"),
    "https://m.merdeka.com/amp/peristiwa/slug-kota-x-441001-mvk.html": ("merdeka", "441001-mvk"),
    "https://www.merdeka.com/jatim/cuma-ada-di-pamekasan.html": ("merdeka", "cuma-ada-di-pamekasan"),
    "https://www.merdeka.com/foto/artis/1319392/slug.html": ("merdeka", None),
    "https://mediaindonesia.com/nusantara/831001/slug": ("mediaindonesia", "831001"),
    "https://mediaindonesia.com/tag/iga": ("mediaindonesia", None),
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_one_article_has_one_id_at_all_its_addresses(url: str) -> None:
    site, article_id = ADDRESSES[url]
    assert spiders()[site].site().article_id_of(url) == article_id


# --------------------------------------------------------------------------------------------------------------------- seed


@pytest.mark.skipif(not SEED.is_dir(), reason=f"{SEED} is absent: the seed article is not part of the project")
def test_the_seed_article() -> None:
    wanted = json.loads((SEED / "expected.json").read_text(encoding="utf-8"))
    body = (SEED / "d-5517334.html").read_bytes()
    article = clean(Page("detik", wanted["url"], FETCHED, 200, (), body), spiders()["detik"].site())
    assert isinstance(article, Article), str(article)
    for field in ("title", "author", "dateline", "photo_caption", "article_id", "outlet"):
        assert getattr(article, field) == wanted[field], field
    for field in ("editors", "tags", "paragraphs"):
        assert list(getattr(article, field)) == wanted[field], field
    assert article.published_at is not None
    assert article.published_at.isoformat() == wanted["published_at"]
    assert [words for words in wanted["never_in_text"] if words in article.text] == []


# -------------------------------------------------------------------------------------------------------------- determinism


def stored_page(path: Path) -> tuple[Page, Site]:
    site = spiders()[path.parent.name].site()
    golden = json.loads(path.with_name(path.name.replace(".html.gz", ".json")).read_text(encoding="utf-8"))
    headers = (("content-type", "text/html"), ("content-encoding", "gzip"))
    return Page(site.name, golden["url"], FETCHED, 200, headers, path.read_bytes()), site


def digest() -> str:
    """One hash of everything all stored pages give."""
    articles = [clean(*stored_page(path)) for path in STORED]
    return sha256(repr([a if isinstance(a, Unread) else (a, a.version) for a in articles]).encode()).hexdigest()


def test_the_same_bytes_ten_times_give_equal_articles() -> None:
    for path in STORED:
        page_, site = stored_page(path)
        first = clean(page_, site)
        assert all(clean(page_, site) == first for _ in range(9)), path.name


def test_other_processes_read_the_same() -> None:
    code = "from tests.clean.test_clean import digest; print(digest())"
    seeds = ("0", "4711")
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PATH": ""}, cwd=Path(__file__).parents[2],
            capture_output=True, text=True, check=True, timeout=60,
        ).stdout.strip()
        for seed in seeds
    }  # fmt: skip
    assert told == {digest()}


# --------------------------------------------------------------------------------------------------------------- bad pages


def mutated(body: bytes, chance: random.Random) -> bytes:
    match chance.randrange(4):
        case 0:
            return body[: chance.randrange(len(body))]
        case 1:
            other = stored_page(chance.choice(STORED))[0].body
            return body[: chance.randrange(len(body))] + other[chance.randrange(len(other)) :]
        case 2:
            start = chance.randrange(len(body))
            return body[:start] + body[start + chance.randrange(400) :] + body[start : start + 200]
    damaged = bytearray(body)
    for _ in range(chance.randrange(1, 60)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_pages_never_crash(seed: int) -> None:
    from etl.clean.content import decoded_body

    chance = random.Random(seed)
    kinds = (
        "text/html",
        "text/html; charset=utf-8",
        "text/html; charset=utf-16",
        "text/html; charset=latin-1",
        "text/html; charset=x",
    )
    for _ in range(100):
        page_, site = stored_page(chance.choice(STORED))
        body = mutated(decoded_body(page_), chance)
        found = clean(Page(page_.site, page_.url, FETCHED, 200, (("content-type", chance.choice(kinds)),), body), site)
        if isinstance(found, Article):
            assert all("\0" not in p and p == p.strip() and p for p in found.paragraphs)


HUGE = {
    "2,000 nested tags": "<div>" * 2000 + TEXT,
    "2,000 nested lists": "<ul><li>" * 2000 + TEXT,
    "2,000 nested tables": "<table><tr><td>a<td>" * 2000,
    "5 MB in a paragraph": "<p>" + "kata " * 1_000_000,
    "5 MB of paragraphs": "<p>Kalimat.</p>" * 300_000,
    "5 MB of comments": "<!-- x -->" * 500_000,
    "as many links as an article may hold": "<a href=/x>kata</a> " * 19_000,
    "as many rows": "<table>" + "<tr><td>a<td>b" * 14_000 + "</table>",
    "as many items": "<ol>" + "<li>Kalimat pendek.</li>" * 16_000 + "</ol>",
    "as many brackets": "(" * 390_000,
    "as many dashes": "Kota - " * 55_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_pages_take_no_more_than_two_seconds(name: str) -> None:
    source = html(body=f"<p>{TEXT}</p>{HUGE[name]}")
    start = time.process_time()
    clean(page(source), SITE)
    assert time.process_time() - start < 2


def test_tags_nested_without_end_are_not_read_by_half() -> None:
    assert refused(html(body="<b>" * 300 + TEXT)) == "its tags are nested too deep to be read to the end"
    assert len(read(html(body=f"<p>{TEXT}</p>" + "<i>" * 200 + "Akhir.")).paragraphs) == 2


def test_a_selector_that_is_none_is_the_reason_of_a_misfit() -> None:
    layout = Layout("2026", body="div.isi", drop=("div..iklan",))
    site = Site(SITE.name, SITE.outlet, SITE.article_url, SITE.article_id, layouts=(layout,))
    misfit = clean(page(html()), site)
    assert isinstance(misfit, Unread) and "'div..iklan' is no CSS selector" in str(misfit)
