"""What is proposed for sites never seen: pages in the structures that news sites have, each with the same invented article."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from etl.clean import clean
from etl.clean.propose import Proposal, addresses, propose
from etl.clean.propose.names import lasts
from etl.model import Article, Page, PageKind, Unread
from tests.clean.test_clean import mutated

URL = "https://www.kabarsenja.id/daerah/88123/kota-sorong-terima-piala-adipura-pertama-kali"
TITLE = "Kota Sorong Terima Piala Adipura Pertama Kali"
TEXT = (
    "Sorong - Pemerintah Kota Sorong menerima Piala Adipura dari Kementerian Lingkungan Hidup untuk pertama kalinya.",
    "Wali Kota Sorong Markus Wambrauw mengatakan piala itu milik para penyapu jalan yang bekerja sejak pukul tiga pagi.",
    '"Tanpa mereka kota ini tidak akan bersih, dan piala ini tidak akan sampai ke Sorong," ujar Markus, Rabu (18/11/2026).',
    "Selain Kota Sorong, piala yang sama diberikan kepada Kabupaten Fakfak dan Kabupaten Kaimana di Provinsi Papua Barat.",
)
PARAGRAPHS = (TEXT[0].removeprefix("Sorong - "), *TEXT[1:])
OTHERS = (
    "Bupati Raja Ampat Buka Festival Bahari di Waisai",
    "Harga Pinang di Pasar Remu Naik Jelang Akhir Tahun",
    "Tiga Puskesmas di Manokwari Terima Ambulans Laut",
    "Jembatan Rufei Ditutup Sementara untuk Perbaikan",
)
HEAD = f"""<title>{TITLE} - Kabar Senja</title><meta property="og:title" content="{TITLE}">
<meta property="og:site_name" content="Kabar Senja"><meta property="article:published_time" content="2026-11-18T19:05:00+09:00">
<link rel="canonical" href="{URL}"><link rel="alternate" type="application/rss+xml" href="https://www.kabarsenja.id/feed">
<link rel="alternate" type="application/rss+xml" title="Komentar" href="https://www.kabarsenja.id/comments/feed">"""


TEASER = "Warga berdatangan sejak pagi untuk melihat sendiri apa yang terjadi di tempat itu kemarin."


def link(number: int, title: str, channel: str = "daerah") -> str:
    slug = re.sub(r"\W+", "-", title.lower())
    return f'<a href="https://www.kabarsenja.id/{channel}/{88000 + number}/{slug}">{title}</a>'


def cards(times: int = 1, teaser: str = "") -> str:
    channels = ("daerah", "ekonomi", "olahraga", "nasional")
    return "".join(
        f'<div class="kartu"><h3>{link(i + 10 * n, title, channels[i])}</h3><p>{teaser}</p></div>'
        for n in range(times)
        for i, title in enumerate(OTHERS)
    )


def page(body: str, head: str = HEAD, url: str = URL, above: str = f"<h1>{TITLE}</h1>") -> Page:
    menu = "".join(
        f'<li><a href="/{name}">{name.title()}</a></li>' for name in ("daerah", "ekonomi", "olahraga", "video")
    )
    foot = "<footer>Redaksi Kabar Senja</footer>"
    html = f'<html><head>{head}</head><body><ul id="nav">{menu}</ul>{above}{body}{foot}</body></html>'
    return Page(
        "kabarsenja", url, datetime(2026, 11, 20, tzinfo=UTC), 200, (("content-type", "text/html"),), html.encode()
    )


def proposed(given: Page, robots: str = "") -> Proposal:
    found = propose(given, "2026", robots)
    assert isinstance(found, Proposal), str(found)
    read = clean(given, found.site)
    assert read == found.article, "the article is what cleaning by the proposal gives"
    return found


def p(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines or TEXT)


# ----------------------------------------------------------------------------------------------------------------- structures

WORDPRESS = f"""<main id="main"><article id="post-88123" class="post-88123 post type-post category-daerah tag-adipura">
<header class="entry-header"><h1 class="entry-title">{TITLE}</h1>
<div class="entry-meta">Oleh <a href="/author/rina">Rina Wopari</a>
<time class="entry-date">18 November 2026 19:05 WIT</time></div></header><div class="entry-content clearfix">
<div class="sharedaddy"><a href="#">Facebook</a> <a href="#">WhatsApp</a></div>
{p(*TEXT[:2])}<div class="baca-juga-7">Simak liputan lain: {link(1, OTHERS[0])}</div>
<div class="code-block ai-track ads">Ruang iklan disewakan, hubungi redaksi kami</div>{p(*TEXT[2:])}
<div class="wp-block-newsletter">Dapatkan kabar terbaru langsung di surel Anda setiap pagi hari tanpa biaya apa pun</div>
</div><div class="jp-relatedposts">{cards()}</div></article></main><aside class="sidebar">{cards(2)}</aside>"""

DIV_SOUP = f"""<div class="w-100 d-flex"><div class="col-md-8 px-3"><div class="isi">{"<br><br>".join(TEXT)}<br>
<br></div></div><div class="col-md-4">{cards()}</div></div>"""

NO_PARAGRAPHS = f"""<table width="100%"><tr><td class="kiri">{cards()}</td><td class="tengah"><span class="teks">{TEXT[0]}
<br/>{TEXT[1]}<br/>{TEXT[2]}<br/>{TEXT[3]}</span></td></tr></table>"""

BUILT_NAMES = f"""<div class="css-1x2y3z"><div class="sc-bdVaJa kXwQzT"><div class="jsx-3128">{p()}</div></div>
<div class="sc-fzqBZW">{cards()}</div></div>"""

CSS_MODULES = f"""<div class="Layout_grid__a1B2c"><section class="Article_body__x9Y8z">{p()}</section>
<section class="Sidebar_list__q1W2e">{cards()}</section></div>"""

PARTED = f"""<div class="badan"><div class="halaman-isi">{p(*TEXT[:2])}</div><div class="adsbygoogle-wrap">Iklan</div>
<div class="halaman-isi">{p(*TEXT[2:])}</div></div>{cards()}"""

HIDDEN_PAGES = f"""<div class="badan"><div class="potongan isi">{p(*TEXT[:2])}</div>
<div class="potongan isi" style="display: none">{p(*TEXT[2:])}</div></div>{cards()}"""

SEVERAL_ARTICLES = f"""<div class="gulung"><article class="kisah"><h1>{TITLE}</h1><div class="naskah">{p()}</div></article>
<article class="kisah"><h1>{OTHERS[0]}</h1><div class="naskah">{p(*(line[::-1] for line in TEXT))}</div></article>
<article class="kisah"><h1>{OTHERS[1]}</h1><div class="naskah">{p(*(line[::-1].title() for line in TEXT))}</div></article>
</div>"""

RELATED_IS_LARGER = f"""<div class="konten"><div class="post-content">{p()}</div>
<div class="daftar">{cards(8, TEASER)}</div></div>"""

SUMMARY_ABOVE = f"""<div class="post-content"><div class="ringkas"><p>{PARAGRAPHS[0]}</p>
<p>Piala diterima di Jakarta pekan ini.</p></div>
{p()}<div class="kredit-penulis">Penulis: Rina Wopari Editor: Yosep Kambu</div></div>{cards()}"""

STRUCTURES = {
    "WordPress": (WORDPRESS, "div.entry-content"),
    "div soup with <br>": (DIV_SOUP, "div.isi"),
    "text in a table cell, not in <p>": (NO_PARAGRAPHS, "span.teks"),
    "CSS modules": (CSS_MODULES, "section[class*=Article_body__]"),
    "several blocks": (PARTED, None),
    "pages hidden until clicked": (HIDDEN_PAGES, "div.isi"),
    "several articles": (SEVERAL_ARTICLES, None),
    "related stories larger than the article": (RELATED_IS_LARGER, "div.post-content"),
    "a summary above, a byline below": (SUMMARY_ABOVE, "div.post-content"),
}


def of_structure(name: str) -> Page:
    """The page of that structure, with the headline above it where it has none of its own."""
    body = STRUCTURES[name][0]
    return page(body, above="") if "<h1" in body else page(body)


@pytest.mark.parametrize("name", STRUCTURES)
def test_the_text_is_the_articles_and_nothing_else(name: str) -> None:
    selector, found = STRUCTURES[name][1], proposed(of_structure(name))
    assert found.article.paragraphs == PARAGRAPHS
    assert (found.article.title, found.article.dateline) == (TITLE, "Sorong")
    assert selector is None or found.layout.body == selector


def test_what_is_dropped_has_a_lasting_name_and_a_reason() -> None:
    found = proposed(page(WORDPRESS, above=""))
    assert found.layout.drop == (".sharedaddy", "[class^=baca-juga]", ".ads", ".wp-block-newsletter")
    because = {clue.value: clue.because for clue in found.clues if clue.field == "drop"}
    assert because["[class^=baca-juga]"].startswith(
        "other stories by its name; 1 of it, first words 'Simak liputan lain"
    )
    assert because[".ads"].startswith("an ad by its name") and because[".sharedaddy"].startswith("to share or follow")


def test_a_table_of_winners_is_text() -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td>Kabupaten {name}</td><td>{80 - n},5</td></tr>" for n, name in enumerate("ABCDEFGH", 1)
    )
    table = f"<table class='daftar-penerima'><tr><th>No</th><th>Daerah</th><th>Nilai</th></tr>{rows}</table>"
    found = proposed(page(f"<div class='berita-isi'>{p(*TEXT[:1])}{table}{p(*TEXT[1:2])}</div><div>{cards(3)}</div>"))
    assert found.layout.body == "div.berita-isi"
    assert "3 | Kabupaten C | 77,5" in found.article.paragraphs and found.article.paragraphs[-1] == TEXT[1]


def test_no_name_that_lasts_is_a_position_and_a_doubt() -> None:
    found = proposed(page(BUILT_NAMES))
    (clue,) = [clue for clue in found.clues if clue.field == "body"]
    assert clue.doubt and "nth-child" in found.layout.body and "css-" not in found.layout.body
    assert found.article.paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    ("name", "is_good"),
    [
        ("entry-content", True), ("detail__body-text", True), ("articleBody", True), ("td-post-content", True),
        ("isiBerita", True), ("css-1x2y3z", False), ("sc-bdVaJa", False), ("kXwQzT", False), ("post-88123", False),
        ("category-daerah", False), ("mb-4", False), ("md:w-1/2", False), ("col-md-8", False), ("text-justify", False),
        ("svelte-1abc", False), ("active", False),
    ],
)  # fmt: skip
def test_names_that_last(name: str, is_good: bool) -> None:
    assert lasts(name) is is_good


# --------------------------------------------------------------------------------------------------------------------- fields


def test_evidence_names_where_each_field_stands() -> None:
    clues = {clue.field: clue for clue in proposed(page(WORDPRESS, above="")).clues}
    assert clues["outlet"].because == "og:site_name"
    assert clues["published"].because == "found: 2026-11-18T19:05:00+09:00, from <meta>"
    assert clues["title"].because.startswith(f"found: {TITLE!r}")
    assert (clues["author"].value, clues["author"].doubt) == ("a[href*='/author/']", False)
    assert "characters of running text in 4 lines, 0 % of it linked" in clues["body"].because


def test_an_author_s_name_elsewhere_makes_no_editor() -> None:
    again = (
        '<div class="vcard" hidden><a href="/author/rina">Rina Wopari</a></div><a href="/author/yosep">Yosep Kambu</a>'
    )
    found = proposed(page(WORDPRESS + again, above=""))
    assert (found.article.author, found.article.editors) == ("Rina Wopari", ())


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-11-18T19:05:00+09:00"}</script>',
            "JSON-LD",
        ),
        ('<meta property="article:published_time" content="2026-11-18T19:05:00+09:00">', "<meta>"),
    ],
)
def test_where_the_time_was_read(head: str, source: str) -> None:
    found = proposed(page(f"<div class='isi'>{p()}</div>", head=f"<title>{TITLE}</title>{head}"))
    assert [c.because for c in found.clues if c.field == "published"] == [
        f"found: 2026-11-18T19:05:00+09:00, from {source}"
    ]
    assert found.layout.published is None


def test_title_and_time_that_only_the_page_shows_get_selectors() -> None:
    clock = '<p class="jam">Jumat, 20 November 2026 08:00 WIB</p>'
    top = f'{clock}<h2 class="judul">{TITLE}</h2><i class="tayang">18/11/2026, 19:05 WIT</i>'
    head = f'<title>{TITLE} | Kabar Senja</title><meta property="og:title" content="{TITLE}">'
    found = proposed(page(f"<div class='isi'>{p()}</div>", head=head, above=top))
    assert found.layout.title == "h2.judul" and found.article.title == TITLE
    assert found.layout.published == "i.tayang"
    assert (
        found.article.published_at is not None and found.article.published_at.isoformat() == "2026-11-18T19:05:00+09:00"
    )
    assert found.site.outlet == "Kabar Senja"


def test_a_headline_that_is_no_heading_is_found_by_its_words() -> None:
    found = proposed(page(f"<div class='isi'>{p()}</div>", above=f'<div class="kepala">{TITLE}</div>'))
    assert found.layout.title == "div.kepala" and found.article.title == TITLE


def test_a_byline_without_a_telling_name_is_found_by_what_it_says() -> None:
    found = proposed(page(f"<div class='isi'>{p()}</div><div class='kaki'>Penulis: Yohana Rumbiak</div>"))
    assert found.article.author == "Yohana Rumbiak"


def test_a_time_without_a_name_is_found_by_what_stands_before_it() -> None:
    head = f'<title>{TITLE}</title><meta property="og:title" content="{TITLE}">'
    times = "<span>18 November 2026 19:05 WIT</span><span>Dibaca 3 kali</span>"
    top = f'<h3 class="judul">{TITLE}</h3><div class="d-flex">{times}</div>'
    found = proposed(
        page(f"{top}<div class='isi'>{p()}</div>", head=head, above="<span>20 November 2026 07:00 WIB</span>")
    )
    assert found.layout.published == "h3.judul + div span"


def test_a_time_of_other_stories_is_not_the_articles() -> None:
    head = f'<title>{TITLE}</title><meta property="og:title" content="{TITLE}">'
    others = '<div class="date">20 November 2026 10:00 WIB</div>'
    own = f"<div class='atas'><h1>{TITLE}</h1><em>Rabu, 18 November 2026 19:05 WIT</em></div>"
    body = f"{others}{own}<div class='isi'>{p()}</div>"
    found = proposed(page(body, head=head, above=""))
    assert found.layout.published == "div.atas em"
    assert found.article.published_at is not None and found.article.published_at.day == 18


# ------------------------------------------------------------------------------------------------------------------ addresses


def test_patterns_and_addresses_agree() -> None:
    found = proposed(page(f"<div class='isi'>{p()}</div><div>{cards()}</div>"))
    assert found.site.article_id == r"/(\d{3,})/"
    assert {found.site.article_id_of(address) for address in found.addresses} == {"88123"}
    hosts = {address.split("/")[2] for address in found.addresses}
    assert hosts == {"www.kabarsenja.id", "kabarsenja.id", "m.kabarsenja.id", "amp.kabarsenja.id"}
    assert any("/amp/daerah/" in address for address in found.addresses)
    assert found.no_articles == ("https://www.kabarsenja.id/", "https://www.kabarsenja.id/tag/penghargaan")
    assert found.lists.feeds == ("https://www.kabarsenja.id/feed",)
    (clue,) = [clue for clue in found.clues if clue.field == "article_url" and clue.value]
    assert (
        "4 other links of this shape on the page, in 4 channels (daerah, ekonomi, olahraga, nasional)" in clue.because
    )
    assert found.site.article_id_of("https://www.kabarsenja.id/video/88200/kota-sorong-dari-udara") is None


ADDRESSES = [
    # address, its id, one more article, no article
    ("https://kabar.id/read/2026/11/18/101533/kota-x-raih", "2026/11/18/101533/kota-x-raih", "read/2026/11/18/101533/y", "tag/x"),
    ("https://kabar.id/read/2026/11/18/337/3232094/kota-x", "3232094", "read/2026/11/19/12/3232100/y-z", "read/2026/11/18"),
    ("https://kabar.id/2026/11/18/kota-x-raih/", "2026/11/18/kota-x-raih", "2026/11/19/kota-y", "2026/11/"),
    ("https://kabar.id/daerah/kota-x-raih-piala-1234567", "1234567", "ekonomi/harga-beras-1234570", "daerah/kota-x-raih-piala"),
    ("https://kabar.id/berita/d-1234567/kota-x-raih", "1234567", "berita/d-1234570", "berita/indeks"),
    ("https://kabar.id/daerah/123456-kota-x-raih.html", "123456", "ekonomi/123460-harga.html", "daerah/2"),
    ("https://kabar.id/daerah/kota-x-raih-piala.html", "kota-x-raih-piala", "ekonomi/harga-beras-naik-lagi.html", "x.html"),
    ("https://kabar.id/kota-x-raih-piala/", "kota-x-raih-piala", "harga-beras-naik-lagi", "pedoman-media-siber-dan-etik"),
    ("https://kabar.id/kota-x-raih--piala-/", "kota-x-raih--piala-", "harga-beras-naik-lagi", "tag/kota-x-raih-piala"),
    ("https://kabar.id/kanal/kota-x-raih-piala-27oRU1T1EYV", "27oRU1T1EYV", "kanal/harga-1sEpsm2D2jN", "kanal/kota-penghargaan"),
    ("https://kabar.id/berita/sy24g3512/kota-x", "sy24g3512", "berita/tio9zt472/harga", "berita/kota"),
    ("https://kabar.go.id/berita/57/kota-x-raih", "57", "berita/1234/harga", "berita/"),
    ("https://kabar.go.id/index.php/read/4123", "4123", "index.php/read/41", "index.php/profil"),
    ("https://kabar.go.id/?p=4123", "4123", "?p=41", "?cat=4"),
    ("https://kabar.go.id/detail_berita?id=4123", "4123", "detail_berita?x=1&id=41", "detail_foto?id=41"),
    ("https://kabar.id/news/20261118101533-20-41/kota-x", "20261118101533-20-41", "news/20261118101533-4-1/y", "news/2026"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "id_", "more", "none"), ADDRESSES, ids=[a[0] for a in ADDRESSES])
def test_patterns_from_one_address(url: str, id_: str, more: str, none: str) -> None:
    found = addresses.patterns(url)
    site = replace(
        proposed(page(f"<div class='isi'>{p()}</div>")).site, article_url=found.article_url, article_id=found.article_id
    )
    home = addresses.home_of(url)
    assert site.article_id_of(url) == id_
    assert (
        site.article_id_of(url.replace("//", "//www.")) == id_
        and site.article_id_of(url.replace("https", "http")) == id_
    )
    assert site.article_id_of(home + more) not in (None, id_)
    assert [
        a for a in (home, home + none, f"{home}tag/penghargaan", f"https://lain.id/{more}") if site.article_id_of(a)
    ] == []


def test_numbers_of_a_headline_are_no_ids() -> None:
    for slug in ("kota-x-raih-5-piala-di-2026", "daftar-lengkap-38-pemenang-adipura-2026", "hut-ke-81-ri"):
        found = addresses.patterns(f"https://kabar.id/2026/11/18/{slug}/")
        assert re.search(found.article_id, f"https://kabar.id/2026/11/18/{slug}/")[2] == slug  # type: ignore[index]


def test_further_pages_of_the_article() -> None:
    whole = f"<a href='{URL}?page=2'>2</a><a href='{URL}?page=all'>Semua</a>"
    assert proposed(page(f"<div class='isi'>{p()}</div>{whole}")).site.whole == "page=all"
    found = proposed(page(f"<div class='isi'>{p()}</div><a href='{URL}/2'>2</a>"))
    assert found.site.page_of(f"{URL}/2") == 2 and found.site.page_of(URL) == 1
    assert not found.article.complete
    url = "https://kabar.id/daerah/kota-sorong-terima-piala"
    found = proposed(page(f"<div class='isi'>{p()}</div><a href='{url}/2'>2</a>", url=url))
    assert found.site.page_of(f"{url}/2") == 2 and found.site.article_id_of(f"{url}/2") == found.article.article_id


def test_lists_from_the_page_then_from_robots_then_the_front_page() -> None:
    bare = HEAD[: HEAD.index('<link rel="alternate"')]
    body = f"<div class='isi'>{p()}</div>{cards()}"
    robots = "User-agent: *\nSitemap: https://www.kabarsenja.id/image-sitemap.xml\nSitemap: http://www.kabarsenja.id/sitemap-news.xml"
    assert proposed(page(body), robots).lists.sitemaps == ()
    assert proposed(page(body, head=bare), robots).lists.sitemaps == ("https://www.kabarsenja.id/sitemap-news.xml",)
    assert proposed(page(body, head=bare)).lists.index == ("https://www.kabarsenja.id/", "a")
    wordpress = f'{bare}<meta name="generator" content="WordPress 6.8">'
    assert proposed(page(body, head=wordpress)).lists.feeds == ("https://www.kabarsenja.id/feed/",)


# -------------------------------------------------------------------------------------------------------- what is no article


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (page(cards(6), head="<title>Kabar Senja</title>", url="https://www.kabarsenja.id/", above=""), PageKind.INDEX),
        (page(p(), url="https://www.kabarsenja.id/"), PageKind.INDEX),
        (page("", head="<title>404 Halaman tidak ditemukan</title>", above="<h1>404</h1>"), PageKind.SOFT_404),
        (page("", head="<title>Just a moment...</title>", above="<h1>Checking</h1>"), PageKind.BLOCK),
        (page(f"<div class='isi'>{p(TEXT[0])}<p>Artikel ini khusus untuk pelanggan.</p></div>"), PageKind.PAYWALL),
        (page(cards(6)), PageKind.MISFIT),
        (page('<script id="__NEXT_DATA__" type="application/json">{}</script>'), PageKind.MISFIT),
        (replace(page(""), body=b"\x00\x01"), PageKind.MISFIT),
        (replace(page(""), body=b""), PageKind.MISFIT),
    ],
)  # fmt: skip
def test_what_is_no_article_is_said(given: Page, kind: PageKind) -> None:
    found = propose(given, "2026")
    assert isinstance(found, Unread) and found.kind is kind and str(found)


def test_rubbish_breaks_nothing() -> None:
    chance = random.Random(7)
    sources = [of_structure(name).body for name in STRUCTURES]
    for _ in range(150):
        broken = replace(page(""), body=mutated(chance.choice(sources), chance))
        assert isinstance(propose(broken, "2026"), Proposal | Unread)


def test_an_address_that_is_odd_breaks_nothing() -> None:
    body = f"<div class='isi'>{p()}</div><a href='http://['>x</a><a href='javascript:void(0)'>y</a><a href='mailto:a@b'>z</a>"
    for url in (
        "https://kabar.id/a",
        "https://kabar.id/%20/1",
        "http://127.0.0.1:8000/berita/12/x",
        "https://kabar.id/a/b/c/d/e/f/1-2-3?x#y",
    ):
        found = propose(page(body, url=url), "2026")
        assert isinstance(found, Proposal) and isinstance(found.article, Article)
        assert url in found.addresses
