"""Pages out of foreign WARC files: known sites by their layouts, any other by the generic one, nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from etl.model import Page
from scraper.archive import Archive
from tests.awards import Awards

TEXT = (
    "Pemerintah Kabupaten Sleman meraih Adipura 2026 dari Kementerian Lingkungan Hidup di Jakarta, Rabu (18/11/2026). "
)
PAGE = (
    "<html><head><title>Sleman Raih Adipura - Kabar Lereng</title>"
    '<meta property="og:title" content="Sleman Raih Adipura"><meta property="og:site_name" content="Kabar Lereng">'
    '<meta property="article:published_time" content="2026-11-19T08:00:00+07:00"></head><body><nav><a href="/">Beranda</a></nav>'
    f"<h1>Sleman Raih Adipura</h1><div class='isi'><p>{TEXT}</p><p>{'Warga menyambut piala itu di alun-alun. ' * 12}</p></div>"
    "<ul class='terkait'><li><a href='/2'>Berita lain yang terkait dengan piala itu</a></li></ul></body></html>"
)


def foreign(folder: Path, *pages: tuple[str, str]) -> Path:
    """A WARC file of some other crawler."""
    with Archive(folder).writer("other") as writer:
        for url, body in pages:
            at = datetime(2026, 11, 20, tzinfo=UTC)
            writer.add(Page("other", url, at, 200, (("content-type", "text/html; charset=utf-8"),), body.encode()))
    return next((folder / "other").glob("*.warc.gz"))


def test_a_page_of_no_known_site_is_read_by_the_generic_layout(awards: Awards, tmp_path: Path) -> None:
    plain = PAGE.replace("Adipura", "Kabar").replace("meraih", "membuka").replace("Raih", "Buka")
    warc = foreign(
        tmp_path,
        ("https://www.kabarlereng.id/sleman/2026/11/19/adipura", PAGE),
        ("https://www.kabarlereng.id/biasa", plain),
    )
    ran = awards("import", str(warc))
    assert ran.code == 0, ran.err
    assert ran.out.split("\n")[1].split()[1:] == ["imported", "1", "0", "1", "0"]
    (version,) = awards.rows()["article_version"]
    assert (version["layout"], version["outlet"], version["title"]) == (
        "generic",
        "Kabar Lereng",
        "Sleman Raih Adipura",
    )
    (mention,) = awards.rows()["mention"]
    assert mention["recipient"] == "Kabupaten Sleman" and float(str(mention["confidence"])) <= 0.85
    again = awards("import", str(warc))
    assert again.code == 0 and again.out.split("\n")[1].split()[1:] == ["imported", "0", "1", "1", "0"]
    assert awards("rebuild").code == 0 and len(awards.rows()["mention"]) == 1


def test_what_is_no_warc_file_is_said_in_one_line(awards: Awards, tmp_path: Path) -> None:
    (tmp_path / "x.warc.gz").write_bytes(b"nothing")
    ran = awards("import", str(tmp_path / "x.warc.gz"))
    assert ran.code == 1 and "is no WARC file" in ran.complaint
    assert awards("import", str(tmp_path / "none.warc.gz")).code == 1
