"""What is no article is told apart by what it says of itself, and nothing that may be one is."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import lxml.html
import pytest

from etl.clean.kinds import kind_of, locked
from etl.model import PageKind, Unread
from tests.clean.pages import TEXT, TIME, html, read, refused

ADDRESS = "https://www.kabar.id/berita/123456/judul"
PROSE = "<p>" + "Pemerintah kota menerima piala itu di alun-alun, disaksikan ratusan warga yang datang. " * 12 + "</p>"
LINKS = "".join(
    f"<p><a href='/berita/{n}'>Sebuah judul berita lain yang cukup panjang nomor {n}</a></p>" for n in range(40)
)


def page(body: str, title: str = "Kota X Raih Adipura", head: str = "") -> str:
    return f"<html><head><title>{title} - Kabar</title>{head}</head><body><h1>{title}</h1>{body}</body></html>"


def schema(kind: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "{kind}"}}</script>'


NO_ARTICLES = {
    "a firewall": (page("<p>Checking your browser</p>", "Just a moment..."), ADDRESS, PageKind.BLOCK),
    "a captcha": (page("<form><input></form>", "Verifikasi Keamanan"), ADDRESS, PageKind.BLOCK),
    "access denied": (page("<p>You don't have permission</p>", "Access Denied"), ADDRESS, PageKind.BLOCK),
    "not found": (page(LINKS, "Halaman Tidak Ditemukan"), ADDRESS, PageKind.SOFT_404),
    "404": (page(LINKS, "404 Not Found"), ADDRESS, PageKind.SOFT_404),
    "consent": (page("<button>Setuju</button>", "We value your privacy"), ADDRESS, PageKind.CONSENT),
    "a video by its address": (page("<video></video>"), "https://20.detik.com/e-flash/2026-1", PageKind.VIDEO),
    "a video by its headline": (page("<video></video>", "VIDEO: Kirab Piala Adipura"), ADDRESS, PageKind.VIDEO),
    "a video by its schema": (page("<video></video>", head=schema("VideoObject")), ADDRESS, PageKind.VIDEO),
    "a gallery by its headline": (page("<figure></figure>", "FOTO: Kirab Piala"), ADDRESS, PageKind.GALLERY),
    "a gallery by its address": (page("<img>"), "https://www.kabar.id/foto/1234/kirab", PageKind.GALLERY),
    "a front page": (page(LINKS, head='<link rel="canonical" href="https://www.kabar.id/">'), ADDRESS, PageKind.INDEX),
    "a tag page": (page(LINKS, head='<meta property="og:url" content="https://kabar.id/tag/adipura">'), ADDRESS, PageKind.INDEX),
    "a list by its schema": (page(LINKS, head=schema("CollectionPage")), ADDRESS, PageKind.INDEX),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_ARTICLES)
def test_what_is_no_article(case: str) -> None:
    html, url, kind = NO_ARTICLES[case]
    found = kind_of(lxml.html.document_fromstring(html), url)
    assert isinstance(found, Unread) and found.kind is kind and not found.is_misfit
    assert len(str(found)) > 15, "it says by what"


# How outlets and the firewalls before them word it: (title, headline).
WORDED = {
    PageKind.SOFT_404: [
        ("Halaman tidak ditemukan - Kabar", "Maaf, halaman yang Anda cari tidak ditemukan"),
        ("Kabar", "Maaf, halaman yang Anda tuju tidak dapat ditemukan"),
        ("404 - Kabar", "Halaman Yang Anda Cari Tidak Ditemukan"),
        ("Error 404", "Oops! Halaman ini tidak ada"),
        ("Kabar", "Artikel tidak ditemukan"),
        ("Kabar", "Berita ini sudah tidak tersedia"),
        ("Kabar", "Berita yang Anda cari sudah dihapus"),
        ("Kabar", "Cerita ini tidak ditemukan"),
        ("Page Not Found | Kabar", "Sorry, the page you are looking for does not exist"),
        ("Kabar", "Halaman tidak tersedia"),
        ("Konten Tidak Ditemukan", "Konten yang kamu cari tidak tersedia"),
    ],
    PageKind.BLOCK: [
        ("Just a moment...", "kabar.id"),
        ("Tunggu sebentar...", "www.kabar.id"),
        ("Attention Required! | Cloudflare", "Sorry, you have been blocked"),
        ("Access denied | kabar.id used Cloudflare to restrict access", "Error 1015 You are being rate limited"),
        ("Access Denied", "Access Denied"),
        ("kabar.id", "Verifying you are human. This may take a few seconds."),
        ("Human Verification", "Human Verification"),
        ("kabar.id", "Memverifikasi bahwa Anda adalah manusia"),
        ("Request unsuccessful", "Request unsuccessful. Incapsula incident ID: 1-2"),
        ("DDoS-Guard", "Checking your browser before accessing kabar.id"),
        ("403 Forbidden", "403 Forbidden"),
        ("The requested URL was rejected. Please consult with your administrator.", ""),
    ],
    PageKind.CONSENT: [
        ("Sebelum melanjutkan ke Kabar", "Sebelum Anda melanjutkan"),
        ("Before you continue", "Before you continue to Kabar"),
        ("Kabar", "Kami menghargai privasi Anda"),
        ("Persetujuan Cookie", "Persetujuan Cookie"),
    ],
    PageKind.INDEX: [
        ("Hasil pencarian penghargaan", "Hasil pencarian: penghargaan"),
        ("Indeks Berita Hari Ini", "Indeks Berita"),
    ],
    PageKind.GALLERY: [("FOTO: Kirab Piala", "FOTO: Kirab Piala"), ("Potret Foto: Wali Kota", "Galeri Foto: Wali Kota")],
    PageKind.VIDEO: [("VIDEO: Kirab Piala", "VIDEO: Kirab Piala"), ("Video | Kirab", "Video | Kirab Piala")],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "title", "head"), [(k, *words) for k, pages in WORDED.items() for words in pages])
def test_how_outlets_word_it(kind: PageKind, title: str, head: str) -> None:
    """A page that says so in its title or headline, among links to other stories, and holds no text to speak of."""
    html = (
        f"<html><head><title>{title}</title></head><body><h1>{head}</h1>{LINKS}<p>Kembali ke beranda.</p></body></html>"
    )
    found = kind_of(lxml.html.document_fromstring(html), ADDRESS)
    assert found is not None and found.kind is kind, found
    article = html.replace(LINKS, PROSE * 2)
    if kind in (PageKind.BLOCK, PageKind.SOFT_404, PageKind.CONSENT):
        assert kind_of(lxml.html.document_fromstring(article), ADDRESS) is None, "an article may have such a headline"


MAY_BE_ARTICLES = {
    "plain": page(PROSE),
    "with a video": page(PROSE, head=schema("VideoObject")),
    "about a video": page(PROSE * 2, "Video: Detik-detik Kota X Terima Adipura", schema("NewsArticle")),
    "about a ban": page(PROSE, "Akses Ditolak, Warga Kota X Tetap Terima Piala"),
    "about what was not found": page(PROSE, "Piala Adipura Tidak Ditemukan di Lemari Wali Kota"),
    "among many links": page(PROSE + LINKS),
    "a short one with its schema": page("<p>Kota X meraih Adipura.</p>", head=schema("NewsArticle")),
}


@pytest.mark.parametrize("case", MAY_BE_ARTICLES)
def test_what_may_be_an_article(case: str) -> None:
    assert kind_of(lxml.html.document_fromstring(MAY_BE_ARTICLES[case]), ADDRESS) is None


@pytest.mark.parametrize(
    ("body", "is_wall"),
    [
        ("<p>Kota X meraih piala. Berlangganan untuk membaca selengkapnya</p>", True),
        ('<script type="application/ld+json">{"isAccessibleForFree": "False"}</script><p>Kota X</p>', True),
        ("<p>Artikel ini khusus pelanggan.</p>", True),
        ("<p>Kota X meraih piala.</p><div>Berlangganan untuk lanjutkan membaca</div>", True),
        ("<p>Kota X meraih piala.</p><div>Baca selengkapnya dengan berlangganan Koran Plus</div>", True),
        ("<p>Kota X meraih piala.</p><div>Masuk atau daftar untuk membaca selengkapnya</div>", True),
        ("<p>Kota X meraih piala.</p><div>Untuk melanjutkan membaca, silakan berlangganan</div>", True),
        ("<p>Kota X meraih piala.</p><div>Konten premium. Sudah berlangganan? Masuk di sini</div>", True),
        ("<p>Kota X meraih piala.</p><div>Artikel ini hanya untuk pelanggan premium</div>", True),
        ("<p>Kota X meraih piala.</p><div>Lanjut membaca dengan kumparanPLUS</div>", True),
        ("<p>Warga diminta masuk untuk membaca pengumuman di balai.</p>", False),
        ("<p>Kota X meraih piala.</p><div>Langganan koran cetak: hubungi kami</div>", False),
        ("<p>Kota X meraih piala. Silakan berlangganan buletin kami.</p>", False),
    ],
)
def test_walls(body: str, is_wall: bool) -> None:
    document = lxml.html.document_fromstring(page(body))
    assert (locked(document, 100) is not None) == is_wall
    assert locked(document, 5000) is None, "what is all there is not locked"


LOCKED = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'


def test_what_a_paywall_shows_is_not_loaded_as_if_whole() -> None:
    """A teaser is no article; a longer beginning is one, and says that something is missing."""
    assert refused(html(head=TIME + LOCKED)) == "its schema says isAccessibleForFree: false"
    long = "".join(f"<p>{TEXT} Bagian {n}.</p>" for n in range(9))
    assert read(html(head=TIME + LOCKED, body=long)).complete is False
    assert read(html(body=long)).complete is True


REAL = Path(os.environ.get("AWARDS_REAL_PAGES", "/work/shared/pages"))


@pytest.mark.skipif(not REAL.is_dir(), reason=f"{REAL} is absent: the saved real pages are not part of the project")
def test_real_pages() -> None:
    """No article of the saved pages is anything else, and every list that says its address is known as one."""
    wrong = []
    for entry in json.loads((REAL / "manifest.json").read_text(encoding="utf-8")):
        body = gzip.decompress((REAL / entry["file"]).read_bytes())
        if entry["kind"] == "fragment" or not body.strip().startswith((b"<", b"\xef\xbb\xbf<")):
            continue
        document = lxml.html.document_fromstring(body)
        stated = document.xpath("string(//link[@rel='canonical']/@href)") or entry.get("url") or ADDRESS
        found = kind_of(document, stated)
        is_list = entry["kind"] == "listing"
        if (
            entry["kind"] == "article"
            and found is not None
            and "foto" not in entry["file"]
            and "video" not in entry["file"]
        ):
            wrong.append((entry["file"], str(found)))
        if is_list and found is not None and found.is_misfit:
            wrong.append((entry["file"], str(found)))
    assert wrong == []
