"""The bytes of a page become text, or a misfit says why not. Nothing is half read."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest

from etl.clean.content import MAX_BODY, html_of
from etl.model import UnreadablePage
from tests.clean.pages import html, page, refused

SOURCE = html(body="<p>" + "Wali kota bilang “senang” — kota kecil itu naik kelas. " * 4 + "</p>")
BODY = SOURCE.encode()


def deflated(body: bytes, window: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    return packer.compress(body) + packer.flush()


PACKED = {
    "gzip": ("gzip", gzip.compress(BODY)),
    "x-gzip": ("x-gzip", gzip.compress(BODY)),
    "two gzip members": ("gzip", gzip.compress(BODY[:500]) + gzip.compress(BODY[500:])),
    "gzip and bytes behind it": ("gzip", gzip.compress(BODY) + b"\x00\x00rest"),
    "deflate with a zlib header": ("deflate", zlib.compress(BODY)),
    "bare deflate": ("deflate", deflated(BODY, -15)),
    "br": ("br", brotli.compress(BODY)),
    "twice": ("gzip, br", brotli.compress(gzip.compress(BODY))),
    "identity": ("identity", BODY),
    "capitals": ("GZip", gzip.compress(BODY)),
    "empty header": ("", BODY),
}


@pytest.mark.parametrize("name", PACKED)
def test_content_encodings(name: str) -> None:
    encoding, body = PACKED[name]
    assert html_of(page(body, ("content-encoding", encoding))) == SOURCE


REFUSED = {
    "gzip cut short": ("gzip", gzip.compress(BODY)[:-20], "cut short"),
    "gzip cut to its head": ("gzip", gzip.compress(BODY)[:12], "cut short"),
    "second member cut": ("gzip", gzip.compress(BODY) + gzip.compress(BODY)[:40], "cut short"),
    "deflate cut short": ("deflate", zlib.compress(BODY)[:-20], "cut short"),
    "br cut short": ("br", brotli.compress(BODY)[:-20], "cut short"),
    "not gzip at all": ("gzip", BODY, "damaged"),
    "not br at all": ("br", b"\xff" * 50, "damaged"),
    "a gzip bomb": ("gzip", gzip.compress(b"<p>" + b" " * (MAX_BODY + 10)), "grows past"),
    "a br bomb": ("br", brotli.compress(b"<p>" + b" " * (MAX_BODY + 10), quality=3), "grows past"),
    "a bomb in two members": ("gzip", gzip.compress(b"<p>" + b" " * (MAX_BODY - 5)) + gzip.compress(b" " * 99), "grows past"),
    "plain and too large": ("", b"<p>" + b" " * MAX_BODY, "larger than"),
    "unknown": ("zstd", BODY, "'zstd' is unknown"),
    "empty": ("gzip", b"", "empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_bodies_that_cannot_be_unpacked(name: str) -> None:
    encoding, body, why = REFUSED[name]
    with pytest.raises(UnreadablePage, match=why):
        html_of(page(body, ("content-encoding", encoding)))


NOT_HTML = [
    (b"", (), 200, "it is empty"),
    (b"  \n ", (), 200, "it is empty"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR<", (), 200, "it is not HTML, whatever its header says"),
    (b"PK\x03\x04\0\0<html>", (("content-type", "text/html"),), 200, "it is not HTML, whatever its header says"),
    (b"just words", (), 200, "it is not HTML, whatever its header says"),
    (b'{"a": 1}', (("content-type", "application/json"),), 200, "it is application/json, not HTML"),
    (BODY, (("content-type", "image/jpeg"),), 200, "it is image/jpeg, not HTML"),
    (BODY, (), 404, "the server answered 404"),
    (BODY, (), 503, "the server answered 503"),
]


@pytest.mark.parametrize(("body", "headers", "status", "why"), NOT_HTML)
def test_what_is_no_page(body: bytes, headers: tuple[tuple[str, str], ...], status: int, why: str) -> None:
    assert refused(body, *headers, status=status) == why


LATIN = SOURCE.replace("“", '"').replace("”", '"').replace("—", "-").replace("senang", "café")
META = '<meta charset="iso-8859-1">'
CHARSETS = {
    "no word of it": (SOURCE, "utf-8", "text/html"),
    "header says otherwise": (SOURCE, "utf-8", "text/html; charset=iso-8859-1"),
    "<meta> says otherwise": (SOURCE.replace("<head>", "<head>" + META), "utf-8", "text/html"),
    "a charset nobody knows": (SOURCE, "utf-8", "text/html; charset=utf8mb4-bogus"),
    "UTF-8 with a mark": ("\ufeff" + SOURCE, "utf-8", "text/html; charset=windows-1252"),
    "UTF-16 with a mark": (SOURCE, "utf-16", "text/html"),
    "UTF-16 by header": (SOURCE, "utf-16-le", "text/html; charset=utf-16le"),
    "Latin-1 by header": (LATIN, "latin-1", "text/html; charset=iso-8859-1"),
    "Latin-1 by <meta>": (LATIN.replace("<head>", "<head>" + META), "latin-1", "text/html"),
    "Latin-1 that nobody declared": (LATIN, "latin-1", "text/html"),
    "Windows-1252 called Latin-1": (SOURCE, "cp1252", "text/html; charset=iso-8859-1"),
}


@pytest.mark.parametrize("name", CHARSETS)
def test_charsets(name: str) -> None:
    source, encoding, kind = CHARSETS[name]
    assert html_of(page(source.encode(encoding), ("content-type", kind))) == source.removeprefix("\ufeff")


def test_half_a_character_at_the_end_costs_no_other() -> None:
    body = SOURCE.encode() + "“".encode()[:2]
    assert html_of(page(body, ("content-type", "text/html; charset=utf-8"))).startswith(SOURCE)


def test_mojibake_is_mended() -> None:
    wrong = SOURCE.encode().decode("cp1252", "replace").replace("�", "\x9d") + "Â\xa0Â½"
    assert html_of(page(wrong)) == SOURCE + "\xa0Â½"


def test_an_xml_declaration_does_not_matter() -> None:
    from tests.clean.pages import read

    assert read('<?xml version="1.0" encoding="iso-8859-1"?>\n' + SOURCE).paragraphs == read(SOURCE).paragraphs
