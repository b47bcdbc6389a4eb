"""`awards read`: one page, and many lines."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.command.conftest import SHARED, Awards, needs_shared, one_line

TEXT = "Kota Bogor Raih Adipura\nKota Bogor meraih Adipura dari Kementerian Lingkungan Hidup, Rabu (18/11/2026)."


@needs_shared
def test_the_article_the_project_began_with(awards: Awards) -> None:
    expected = json.loads((SHARED / "seed" / "expected.json").read_text(encoding="utf-8"))
    said = awards.json("read", str(SHARED / "seed" / "d-5517334.html"))
    article, records = said["article"], said["records"]
    for key in ("url", "outlet", "article_id", "title", "author", "editors", "dateline", "published_at", "photo_caption",
                "tags", "paragraphs"):  # fmt: skip
        assert article[key] == expected[key], key
    assert said["is_award_article"] is True
    assert len(records) == len(expected["records"])
    for record, wanted in zip(records, expected["records"], strict=True):
        for key in wanted.keys() - {"optional", "evidence"}:
            assert record[key] == wanted[key], (wanted["recipient"], key)
        quotes = {e["field"]: e["quote"] for e in record["evidence"]}
        assert all(article["text"][e["start"] : e["end"]] == e["quote"] for e in record["evidence"])
        fields = ("recipient", "award", "category", "received_by", "awarded_on", "place", "status", "partners")
        assert {f for f in fields if record[f]} <= quotes.keys()
    assert records[0]["region_code"] == expected["region_codes"]["Kota Mojokerto"]
    assert records[0]["partners"] == expected["partners"]
    assert not [word for word in expected["never_in_text"] if word in article["text"]]


@needs_shared
def test_a_page_on_a_terminal_shows_the_words(awards: Awards) -> None:
    done = awards("read", str(SHARED / "seed" / "d-5517334.html"))
    assert done.returncode == 0
    assert "1. Kota Mojokerto · Merdeka Award" in done.stdout and '"Rabu (31/3)"' in done.stdout


def test_lines_keep_their_order_and_bad_ones_say_why(awards: Awards) -> None:
    lines = [
        json.dumps({"id": "a", "text": TEXT, "published_on": "2026-11-19"}),
        "this is no JSON",
        json.dumps({"id": "c"}),
        json.dumps({"id": "d", "text": "Harga Cabai Naik\nHarga cabai di pasar naik.", "outlet": None}),
        json.dumps(
            {"id": "e", "html": "<html><body><p>x</p></body></html>", "url": "https://news.detik.com/berita/d-1/x"}
        ),
        json.dumps({"id": "f", "text": TEXT, "published_on": "kemarin"}),
    ]
    source, out = awards.data / "in.jsonl", awards.data / "out.jsonl"
    source.write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    done = awards("read", "--jsonl", str(source), "--out", str(out))
    assert done.returncode == 1 and "4 lines could not be read" in one_line(done)
    said = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(s["id"], "error" in s) for s in said] == [
        ("a", False),
        (None, True),
        ("c", True),
        ("d", False),
        ("e", True),
        ("f", True),
    ]
    assert [(r["recipient"], r["award"], r["awarded_on"]) for r in said[0]["records"]] == [
        ("Kota Bogor", "Adipura", "2026-11-18")
    ]
    assert said[3] == {"id": "d", "is_award_article": False, "records": []}


def test_many_lines_in_a_pool_read_like_few(awards: Awards) -> None:
    source = awards.data / "many.jsonl"
    source.write_text("".join(json.dumps({"id": i, "text": TEXT}) + "\n" for i in range(400)), encoding="utf-8")
    alone, pool = (awards("read", "--jsonl", str(source), AWARDS_WORKERS=n) for n in ("1", "2"))
    assert alone.returncode == pool.returncode == 0
    assert alone.stdout == pool.stdout and len(pool.stdout.splitlines()) == 400


BAD_FILES = {
    "missing": (None, "cannot be read"),
    "empty": (b"", "empty"),
    "png": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "not HTML"),
    "text": (b"Bukan halaman web.", "not HTML"),
    "truncated gzip": (gzip.compress(b"<html>" + bytes(range(256)) * 200)[:300], "cut short"),
    "no address": (b"<html><body><p>Halo</p></body></html>", "--url"),
    "not an article": (
        b"<html><link rel='canonical' href='https://example.org/1'><p>Halo</p></html>",
        "no article address",
    ),
    "no layout": (
        b"<html><link rel='canonical' href='https://news.detik.com/berita/d-1/x'><p>Halo</p></html>",
        "fits no layout",
    ),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_files_that_are_no_article_say_so_in_one_line(awards: Awards, case: str) -> None:
    content, reason = BAD_FILES[case]
    path: Path = awards.data / "page.html"
    if content is not None:
        path.write_bytes(content)
    done = awards("read", str(path))
    assert done.returncode in (1, 2)
    assert reason in one_line(done)
    assert done.stdout == ""
