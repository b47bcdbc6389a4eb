"""The generic layout: what of an article page that nobody declared is its text, and what only stands in the same block."""

from __future__ import annotations

import pytest

from etl.clean.generic import GENERIC, read_generic
from etl.model import IMPORTED, Article, Page, Unread
from tests.clean.pages import FETCHED

FIRST = "Pemerintah Kota Senja menerima piala itu di alun-alun pada Selasa, disaksikan ratusan warga yang datang sejak pagi."
SECOND = "Tim penilai dari kementerian mengunjungi kota itu tiga kali dalam setahun sebelum menjatuhkan pilihannya."
LAST = "Tahun depan kota itu ingin mempertahankan piala yang sama, kata kepala dinas lingkungan hidup."
TEXT = [FIRST, SECOND, LAST]


def read(inside: str) -> list[str]:
    """The paragraphs of an article whose block holds `inside` between its second and its last paragraph."""
    html = (
        "<html><head><title>Kota Senja Raih Piala</title></head><body><h1>Kota Senja Raih Piala</h1>"
        f"<article class='entry'><p>{FIRST}</p><p>{SECOND}</p>{inside}<p>{LAST}</p></article></body></html>"
    )
    page = Page("imported", "https://kabar.example/berita/12345/piala", FETCHED, 200, (), html.encode())
    found = read_generic(page, IMPORTED)
    assert isinstance(found, Article) and found.layout == GENERIC, str(found)
    return list(found.paragraphs)


def links(*words: str) -> str:
    return "".join(
        f"<li>{w.split()[0]} <a href='/berita/{i}'>{' '.join(w.split()[1:])}</a></li>" for i, w in enumerate(words)
    )


NOT_TEXT = {
    "an announcement and what it announces": "<p>More Great Stories</p><ul>"
    + links("Warga kota itu tidak mau piala", "Bupati dari barat tidak datang ke alun-alun")
    + "</ul>",
    "a call to subscribe": "<p>Sign up for our daily newsletter to get the news in your inbox.</p>",
    "an account to follow": "<p>Budi Santoso writes about cities. Follow him on Twitter @budi.</p>",
    "a related story": "<p>Related: The town that gave its prize back</p>",
    "a counter of a gallery": "<p>Image 1 of 5</p>",
    "articles inside it": "".join(
        f"<article class='kartu'><h3><a href='/berita/{n}'>Cerita lain nomor {n}</a></h3><p>{SECOND[::-1]}</p></article>"
        for n in range(3)
    ),
}


@pytest.mark.parametrize("case", NOT_TEXT)
def test_what_stands_in_the_block_and_is_no_text(case: str) -> None:
    assert read(NOT_TEXT[case]) == TEXT


IS_TEXT = {
    "a post that it quotes": (
        "<blockquote class='twitter-tweet'><p>Terima kasih warga Kota Senja, piala ini milik kalian semua.</p></blockquote>",
        ["Terima kasih warga Kota Senja, piala ini milik kalian semua."],
    ),
    "the same rank in two categories": (
        "<h3>Kota besar</h3><p>Juara I</p><p>Kota Fajar</p><h3>Kota kecil</h3><p>Juara I</p><p>Kota Senja</p>",
        ["Kota besar", "Juara I", "Kota Fajar", "Kota kecil", "Juara I", "Kota Senja"],
    ),
    "a list whose items are links": (
        "<ul><li><a href='/berita/1'>Kota Fajar</a></li><li><a href='/berita/2'>Kota Senja</a></li></ul>",
        ["Kota Fajar", "Kota Senja"],
    ),
    "a sentence that begins like a plug": (
        "<p>Related costs were borne by the town, which follows a plan of its own for ten years.</p>",
        ["Related costs were borne by the town, which follows a plan of its own for ten years."],
    ),
}


@pytest.mark.parametrize("case", IS_TEXT)
def test_what_looks_like_less_and_is_text(case: str) -> None:
    html, lines = IS_TEXT[case]
    assert read(html) == [FIRST, SECOND, *lines, LAST]


def test_a_list_of_stories_behind_a_word_is_left_out_and_the_word_stays() -> None:
    shown = "".join(f"<a href='/berita/{n}'>Sebuah judul lain yang panjang nomor {n}</a>" for n in range(3))
    person = f"<span class='orang'><a href='/tokoh/1'>Wali Kota</a><span class='kartu'>{shown}</span></span>"
    assert read(f"<p>Piala itu diterima {person} dari menteri di ibu kota provinsi pada hari Rabu.</p>") == [
        FIRST, SECOND, "Piala itu diterima Wali Kota dari menteri di ibu kota provinsi pada hari Rabu.", LAST,
    ]  # fmt: skip


def test_what_stands_before_a_paywall_is_not_whole() -> None:
    for wall, is_whole in (("<div>Berlangganan untuk membaca</div>", False), ("<div>Langganan koran</div>", True)):
        body = f"<h1>Kota Senja</h1><div><p>{FIRST}</p><p>{SECOND}</p>{wall}</div>"
        html = f"<html><head><title>Kota Senja</title></head><body>{body}</body></html>"
        url = "https://kabar.example/berita/1/x"
        found = read_generic(Page("imported", url, FETCHED, 200, (), html.encode()), IMPORTED)
        assert isinstance(found, Article) and found.complete is is_whole


def test_pages_of_an_article_that_match_inside_one_another_are_read_once() -> None:
    html = f"<div class='isi'><div class='isi'><p>{FIRST}</p><p>{SECOND}</p></div><p>{LAST}</p></div>"
    page = f"<html><head><title>Kota Senja Raih Piala</title></head><body><h1>Kota Senja Raih Piala</h1>{html}</body></html>"
    found = read_generic(
        Page("imported", "https://kabar.example/berita/1/x", FETCHED, 200, (), page.encode()), IMPORTED
    )
    assert isinstance(found, Article) and list(found.paragraphs) == TEXT


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{f'<p>{FIRST}</p>' * 40_000}</div>",  # 5 MB
        "<div>" * 2000 + f"<p>{FIRST}</p><p>{SECOND}</p>",
        f"<div>{f'<p>{FIRST}</p>' * 4_000}</div>",
    ],
)
def test_pages_that_are_no_articles_are_refused_by_name(body: str) -> None:
    html = f"<html><head><title>Kota Senja</title></head><body><h1>Kota Senja</h1>{body}</body></html>"
    found = read_generic(
        Page("imported", "https://kabar.example/berita/1/x", FETCHED, 200, (), html.encode()), IMPORTED
    )
    assert isinstance(found, Unread) and found.is_misfit and len(str(found)) > 15
