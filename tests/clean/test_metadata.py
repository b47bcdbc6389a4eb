"""Title, time, people, tags, caption and address out of a page's head, and what real heads get wrong."""

from __future__ import annotations

import json

import pytest

from etl.clean.metadata import agree
from etl.model import Layout
from tests.clean.pages import TIME, TITLE, html, read, refused

STAMP = "2026-11-19T14:05:00+07:00"
NEWS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": STAMP,
    "author": {"@type": "Person", "name": "Siti Aminah"},
}


def ld(content: object, kind: str = "application/ld+json") -> str:
    return f'<script type="{kind}">{content if isinstance(content, str) else json.dumps(content)}</script>'


CRUMBS = {"@type": "BreadcrumbList", "itemListElement": [{"name": "Home"}]}
PAGE = {"@type": "WebPage", "headline": TITLE, "datePublished": STAMP}
JSON_LD = {
    "object": ld(NEWS),
    "array": ld([CRUMBS, NEWS]),
    "array in array": ld([[CRUMBS], [NEWS]]),
    "@graph": ld({"@context": "https://schema.org", "@graph": [CRUMBS, NEWS]}),
    "@graph of one": ld({"@graph": NEWS}),
    "two blocks": ld(CRUMBS) + ld(NEWS),
    "a WebPage first": ld(PAGE) + ld(NEWS),
    "several types": ld({**NEWS, "@type": ["CreativeWork", "NewsArticle"]}),
    "comment": ld(f"<!-- {json.dumps(NEWS)} -->"),
    "CDATA": ld(f"<![CDATA[{json.dumps(NEWS)}]]>"),
    "CDATA in a comment": ld(f"/* <![CDATA[ */ {json.dumps(NEWS)} /* ]]> */"),
    "CDATA behind slashes": ld(f"//<![CDATA[\n{json.dumps(NEWS)}\n//]]>"),
    "stray commas": ld(json.dumps(NEWS).replace("}", ",}")),
    "line breaks in texts": ld(json.dumps({**NEWS, "description": "satu BARIS dua"}).replace("BARIS", "\n\t")),
    "charset in the type": ld(NEWS, "application/ld+json; charset=utf-8"),
    "a broken block first": ld('{"@type": "NewsArticle", oops') + ld(NEWS),
    "authors in a list": ld({**NEWS, "author": [{"name": "Siti Aminah"}, {"name": "B"}]}),
    "an author's name alone": ld({**NEWS, "author": " Siti  Aminah "}),
}


@pytest.mark.parametrize("form", JSON_LD)
def test_json_ld(form: str) -> None:
    article = read(html(head=JSON_LD[form]))
    assert article.published_at is not None
    assert (article.published_at.isoformat(), article.author) == (STAMP, "Siti Aminah")


def test_a_block_that_cannot_be_mended_still_tells_the_time() -> None:
    broken = '{"@type": "NewsArticle", "headline": "Kota "X" menang", "datePublished": "2026-11-19T14:05:00+07:00"}'
    article = read(html(head=ld(broken) + '<meta name="author" content="Siti Aminah">'))
    assert article.published_at is not None
    assert (article.published_at.isoformat(), article.author) == (STAMP, "Siti Aminah")


ODD = [
    {"@type": "NewsArticle", "datePublished": 5, "headline": [1], "author": {"name": ["x"]}, "keywords": [1, {"a": 2}]},
    {"@type": {"a": 1}, "datePublished": STAMP},
    {"@type": "NewsArticle", "datePublished": {"@value": STAMP}, "author": 7, "keywords": {"a": 1}},
    {"@type": "NewsArticle", "datePublished": "kemarin", "author": [None, [], {}], "@graph": 7},
    [None, 1, "x", [[[[[[NEWS]]]]]]],
    "[" * 100_000 + '"datePublished"',
    '{"datePublished":' + '{"a":' * 5_000,
    '"datePublished"',
    "",
]


@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
def test_odd_json_ld_neither_crashes_nor_counts(content: object) -> None:
    article = read(html(head=ld(content) + TIME))
    assert article.published_at is not None
    assert (article.published_at.isoformat(), article.author) == (STAMP, None)


def test_no_time_is_a_misfit() -> None:
    assert refused(html(head="")) == "layout 2026: no time of publication can be read"


@pytest.mark.parametrize(
    ("head", "above", "time"),
    [
        ('<meta name="publishdate" content="2026/11/19 14:05:56">', "", "2026-11-19T14:05:56+07:00"),
        ('<meta name="content_PublishedDate" content="2026-11-19 14:05:56">', "", "2026-11-19T14:05:56+07:00"),
        ('<meta itemprop="datePublished" content="2026-11-19T14:05:56+07:00">', "", "2026-11-19T14:05:56+07:00"),
        ('<meta property="article:published_time" content="">' + TIME, "", STAMP),
        ("", "<div class='post-date'>Kamis, 19 Nov 2026 14:05 WIB</div>", STAMP),
        ("", "<time datetime='x'>19/11/2026 14:05</time>", STAMP),
        ("", "<i class='waktu-baca'>3 menit</i><i class='waktu'>19 November 2026, 14.05 WIB</i>", STAMP),
        (TIME.replace("+07:00", "-07:00"), "", STAMP),
        (TIME.replace("+07:00", "Z"), "<time>19/11/2026 14:05 WIB</time>", STAMP),
        (TIME.replace("14:05:00+07:00", "07:05:00Z"), "<time>19/11/2026 14:05 WIB</time>", STAMP),
    ],
)  # fmt: skip
def test_time_of_publication(head: str, above: str, time: str) -> None:
    published = read(html(head=head, above=above)).published_at
    assert published is not None
    assert published.isoformat() == time


def test_a_layout_says_where_the_time_is_shown() -> None:
    above = "<time>1/1/2020 10:00 WIB</time><p class='kapan'>19/11/2026 14:05 WITA</p>"
    published = read(html(head="", above=above), layout=Layout("x", body="div.isi", published="p.kapan")).published_at
    assert published is not None
    assert published.isoformat() == "2026-11-19T14:05:00+08:00"


# ------------------------------------------------------------------------------------------------------------------ title


@pytest.mark.parametrize(
    ("shown", "headline", "same"),
    [
        (TITLE, TITLE, True),
        (TITLE, f"{TITLE} - Koran.com Regional", True),
        (TITLE, f"{TITLE} | koran", True),
        ("Kota X Raih Penghargaan: Apa Katanya?", "Kota X Raih Penghargaan Apa Katanya", True),
        ("Kota X Raih Penghargaan Nasional 2026", "Kota X Raih Penghargaan Tahun 2026", True),
        ("kota x raih penghargaan", TITLE, True),
        ("Banjir", "Banjir", True),
        ("Regional", TITLE, False),
        ("TAG", TITLE, False),
        ("Kota Y Gelar Pasar Murah Ramadan", TITLE, False),
        ("", TITLE, False),
        (TITLE, None, False),
    ],
)
def test_title_agrees_with_the_headline(shown: str, headline: str | None, same: bool) -> None:
    assert agree(shown, headline) is same


def test_of_several_h1_the_one_that_agrees_is_the_title() -> None:
    head = f'<meta property="og:title" content="{TITLE} - Koran">' + TIME
    page = html(head=head).replace("<h1>", "<h1>Regional</h1><h1>TAG</h1><h1>")
    assert read(page).title == TITLE


def test_no_title_that_agrees_is_a_misfit() -> None:
    head = '<meta property="og:title" content="Pasar Murah Digelar Besok">' + TIME
    assert "no 'h1' agrees with the page's headline 'Pasar Murah Digelar Besok'" in refused(html(head=head))


def test_a_layout_says_where_the_title_stands() -> None:
    page = html().replace("h1>", "h2>")
    assert read(page, layout=Layout("x", body="div.isi", title="h2")).title == TITLE


# ----------------------------------------------------------------------------------------------------------------- people


@pytest.mark.parametrize(
    "name",
    ["Koran", "Koran.com", "koran.com developer", "Tim Koran", "KoranJatim", "Redaksi", "Tim Redaksi", "Admin",
     "Foto: Humas Pemkot X", "Dok. Humas ©2026", "https://www.facebook.com/koran", "@korancom", "19 November 2026",
     "Wali Kota X usai menerima penghargaan di Jakarta", ""],
)  # fmt: skip
def test_what_is_no_author(name: str) -> None:
    assert read(html(head=TIME + f'<meta name="author" content="{name}">')).author is None


@pytest.mark.parametrize(
    "name", ["Siti", "Siti Aminah", "A. Rahman", "Korani Putra", "M. Fotografi Hadi", "Ni Luh Ayu Sri Wahyuni"]
)
def test_what_is_an_author(name: str) -> None:
    assert read(html(head=TIME + f'<meta name="author" content="{name}">')).author == name


def test_the_first_person_named_is_the_author() -> None:
    head = TIME + '<meta name="author" content="Koran"><meta name="content_author" content="Siti Aminah">'
    assert read(html(head=head)).author == "Siti Aminah"


NAMED = Layout("x", body="div.isi", author="div.oleh", editors="div.redaksi")


@pytest.mark.parametrize(
    ("above", "author", "editors"),
    [
        ("<div class='oleh'>Siti Aminah</div>", "Siti Aminah", ()),
        ("<div class='oleh'>Siti Aminah,</div><div class='oleh'>Budi Raharjo</div>", "Siti Aminah", ("Budi Raharjo",)),
        ("<div class='oleh'>JATIM | Kamis, 19 November 2026 Reporter : Siti Aminah</div>", "Siti Aminah", ()),
        (
            "<div class='oleh'>Penulis: Siti Aminah | Editor: Budi Raharjo, Eka</div>",
            "Siti Aminah",
            ("Budi Raharjo", "Eka"),
        ),
        ("<div class='redaksi'>Editor : Budi Raharjo</div>", "Dari Meta", ("Budi Raharjo",)),
        ("<div class='oleh'></div>", None, ()),  # the page leaves it empty: metadata names somebody else
        ("<div class='oleh'>Koran</div>", None, ()),
        ("", "Dari Meta", ()),
    ],
)
def test_a_layout_says_where_the_people_stand(above: str, author: str | None, editors: tuple[str, ...]) -> None:
    article = read(html(head=TIME + '<meta name="author" content="Dari Meta">', above=above), layout=NAMED)
    assert (article.author, article.editors) == (author, editors)


def test_people_named_below_the_text_count() -> None:
    body = html(
        body="<p>"
        + "Kota X meraih penghargaan. " * 8
        + "</p><p>Pewarta: Siti Aminah<br>Editor: Budi<br>Copyright © ANTARA 2026</p>"
    )
    article = read(body)
    assert (article.author, article.editors, len(article.paragraphs)) == ("Siti Aminah", ("Budi",), 1)


# --------------------------------------------------------------------------------------------------- tags, caption, address


def test_tags() -> None:
    keywords = '<meta name="keywords" content="kota x, penghargaan ,, kota x">'
    shown = Layout("x", body="div.isi", tags="a.tag")
    assert read(html(head=TIME + keywords)).tags == ("kota x", "penghargaan")
    assert read(html(head=TIME + keywords, above="<a class='tag'>iga</a><a class='tag'> </a>"), layout=shown).tags == (
        "iga",
    )
    assert read(html(head=TIME + keywords), layout=shown).tags == ("kota x", "penghargaan")
    assert read(html(head=ld({**NEWS, "keywords": ["a", "b"]}) + keywords)).tags == ("a", "b")
    assert read(html()).tags == ()


def test_caption() -> None:
    figure = "<figure><img><figcaption> Foto:\n Dok. Pemkot X </figcaption></figure>"
    assert read(html(above=figure)).photo_caption == "Foto: Dok. Pemkot X"
    assert read(html()).photo_caption is None


def test_canonical_address() -> None:
    link, og = (
        '<link rel="canonical" href="https://koran.example/a">',
        '<meta property="og:url" content="https://koran.example/b">',
    )
    assert read(html(head=TIME + og + link)).canonical_url == "https://koran.example/a"
    assert read(html(head=TIME + og)).canonical_url == "https://koran.example/b"
    assert read(html()).canonical_url is None


@pytest.mark.parametrize(
    "name", ["PT. Viva Media Baru", "CNN Indonesia", "Tim PRMN", "Kompas Cyber Media", "Kabar Online"]
)
def test_a_house_in_the_head_is_no_author(name: str) -> None:
    assert read(html(head=f'{TIME}<meta name="author" content="{name}">')).author is None


@pytest.mark.parametrize("name", ["Tia Indonesiana", "Media Wahyudi", "Rini Tim"])
def test_a_person_whose_name_is_like_one_is(name: str) -> None:
    assert read(html(head=f'{TIME}<meta name="author" content="{name}">')).author == name
