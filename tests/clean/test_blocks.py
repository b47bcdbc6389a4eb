"""Blocks of HTML become lines: nothing of the article lost, nothing that is not shown."""

from __future__ import annotations

import pytest

from etl.clean.blocks import MAX_ARTICLE
from etl.model import UnreadablePage
from tests.clean.pages import lines

LINES = {
    # paragraphs
    "<p>A b.</p><p>C\n  d.</p>": ["A b.", "C d."],
    "A b.<br><br>C d.<br/>E f.": ["A b.", "C d.", "E f."],
    "Before <p>in</p> after": ["Before", "in", "after"],
    "<strong>Jakarta</strong> - <p>Text.</p>": ["Jakarta -", "Text."],
    "<div><div>A</div>B<section>C</section></div>": ["A", "B", "C"],
    "<p>A <b>bold</b>, <a href='/x'>link</a> and <i>i</i>talics.</p>": ["A bold, link and italics."],
    "<h2>Subhead</h2><p>Text.</p><blockquote>Quote.</blockquote>": ["Subhead", "Text.", "Quote."],
    "<p></p><p> &nbsp; </p><p>A&nbsp;b</p>": ["A b"],
    "<p>ko\u200bta\ufeff ta\u00adhun</p>": ["kota tahun"],
    "<p>A&#1;b&#127;</p>": ["Ab"],
    "<dl><dt>Kota</dt><dd>Kediri</dd></dl>": ["Kota", "Kediri"],
    # lists
    "<ol><li>A</li><li>B</li></ol>": ["1. A", "2. B"],
    "<ol start='4'><li>A</li><li>B</li></ol>": ["4. A", "5. B"],
    "<ol start='x'><li>A</li><li value='7'>B</li><li>C</li></ol>": ["1. A", "7. B", "8. C"],
    "<ol><li><p>A</p><p>B</p></li><li> <b>C</b></li></ol>": ["1. A", "B", "2. C"],
    "<ol><li>1. A</li><li>2) B</li></ol>": ["1. A", "2) B"],  # numbered twice: by hand and by the browser
    "<ul><li>A</li><li>B<ul><li>C</li></ul></li></ul>": ["A", "B", "C"],
    "<ol><li>A<ol start='3'><li>B</li></ol></li><li>C<ul><li>D</li></ul></li></ol>": ["1. A", "3. B", "2. C", "D"],
    "<ol><li></li><li>B</li></ol>": ["2. B"],
    "<ol><li>A</li></ol><p>x</p><ol><li>B</li></ol>": ["1. A", "x", "1. B"],
    "<li>loose</li>": ["loose"],
    # tables
    "<table><tr><th>No</th><th>Kota</th></tr><tr><td>1</td><td>Kota <b>Batu</b></td></tr></table>": [
        "No | Kota", "1 | Kota Batu"],
    "<table><tbody><tr><td>1</td><td></td><td>Kota Batu</td></tr><tr></tr></tbody></table>": ["1 | Kota Batu"],
    "<table><tr><td>1</td><td><p>Kota</p><p>Batu</p></td></tr></table>": ["1 | Kota Batu"],
    "<table><tr><td>a</td><td><table><tr><td>b</td><td>c</td></tr></table></td></tr></table>": ["a | b | c"],
    "<table><caption>Daftar</caption><tr><td>a<td>b<tr><td>c<td>d</table>": ["Daftar", "a | b", "c | d"],
    f"<table><tr><td><p>{'a' * 120}</p><p>{'b' * 120}</p></td><td>c</td></tr></table>": ["a" * 120, "b" * 120, "c"],
    # links away, and links to keep
    "<p>Text.</p><p><a href='/read/123/x'>Kota Lain Juga Raih Satu Penghargaan</a></p>": ["Text."],
    "<p><strong><a href='/tag/kota'>Semua Berita Kota Lain Ada Di Sini</a></strong></p>": [],
    "<ul><li><a href='/berita/9/x'>Kota Lain Juga Raih Satu Penghargaan</a></li></ul>": [],
    "<ul><li><a href='/tag/banjarmasin'>Pemerintah Kota Banjarmasin, Kalimantan Selatan Indonesia</a></li></ul>": [
        "Pemerintah Kota Banjarmasin, Kalimantan Selatan Indonesia"],
    "<ol><li><a href='/tag/b'>Dinas Kesehatan Kota Batu Jawa Timur</a></li></ol>": ["1. Dinas Kesehatan Kota Batu Jawa Timur"],
    "<table><tr><td>1</td><td><a href='/read/1/b'>Dinas Kesehatan Kota Batu Jawa Timur</a></td></tr></table>": [
        "1 | Dinas Kesehatan Kota Batu Jawa Timur"],
    "<p><a href='/read/123/x'>Kota Batu</a></p>": ["Kota Batu"],  # a subhead may be a link
    "<p>Menurut <a href='/read/123/x'>laporan kementerian yang terbit pada Rabu</a>, benar.</p>": [
        "Menurut laporan kementerian yang terbit pada Rabu, benar."],
    # never text, hidden
    "<p>A</p><script>x</script><style>y</style><noscript>z</noscript><!-- c --><ins>ad</ins><iframe>i</iframe>B": ["A", "B"],
    "<figure><img><figcaption>Foto: X</figcaption></figure>tail": ["tail"],
    "<p>A<span style='display: none'>no</span> b</p><div hidden>no</div><p style='DISPLAY:None'>no</p>": ["A b"],
    "<p>A</p><div class='isi' style='display:none'><p>Page 2</p></div>": ["A", "Page 2"],  # an article's next page
    # a dateline that only a tag ends
    "<p><b>Liputan6.com, Jakarta</b> Sepekan ini.</p><p><b>Liputan6.com, Jakarta</b> lagi.</p>": [
        "Liputan6.com, Jakarta - Sepekan ini.", "Liputan6.com, Jakarta lagi."],
    "<p><b>Kota Batu</b> menang.</p>": ["Kota Batu menang."],
}  # fmt: skip


@pytest.mark.parametrize("body", LINES)
def test_lines(body: str) -> None:
    assert lines(body) == LINES[body]


def test_dropped_blocks_leave_what_follows_them() -> None:
    assert lines("<p>A <span class='iklan'>ad</span> b</p><div class='iklan'><p>ad</p></div>c", ".iklan") == [
        "A b",
        "c",
    ]
    assert lines("<p>A</p><p>Baca juga: <a class='x'>B</a></p>", "p:has(a.x)") == ["A"]
    assert lines("<p>A</p><p class='ads-1'>B</p><p class='b ads-1'>C</p>", "[class^=ads-]") == ["A", "C"]


def test_dropping_every_block_drops_all() -> None:
    assert lines("<p>A</p><p>B</p>", "p", ".isi p") == []


def test_a_block_is_not_changed() -> None:
    body = "<p>A</p><p class='iklan'>B</p>"
    assert [lines(body, ".iklan"), lines(body)] == [["A"], ["A", "B"]]


def test_a_list_of_thousands_is_numbered_in_line() -> None:
    numbered = lines("<ol>" + "<li>x</li>" * 5000 + "</ol>")
    assert (numbered[0], numbered[-1]) == ("1. x", "5000. x")


def test_more_than_any_article_holds_is_refused() -> None:
    with pytest.raises(UnreadablePage, match="no article has more than"):
        lines("<p>" + "x " * MAX_ARTICLE + "</p>")
