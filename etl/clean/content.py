"""The bytes of a page -> its HTML as text: content encoding undone, charset found. Never guesses past a limit."""

from __future__ import annotations

import re
import zlib

import brotli
from w3lib.encoding import html_to_unicode, read_bom

from etl.model import Page, UnreadablePage

MAX_BODY = 20_000_000  # bytes after content decoding; a news page has some 200,000


def html_of(page: Page) -> str:
    """The page's HTML.

    Raises UnreadablePage: not a 200, not HTML, empty, cut short, damaged, or larger than `MAX_BODY`.
    """
    kind = (page.header("content-type") or "text/html").split(";")[0].strip().lower()
    if page.status != 200:
        raise UnreadablePage(f"the server answered {page.status}")
    if kind not in ("text/html", "application/xhtml+xml"):
        raise UnreadablePage(f"it is {kind}, not HTML")
    html = _text(decoded_body(page), page.header("content-type"))
    if "\0" in html[:1024] or "<" not in html[:4096]:
        raise UnreadablePage("it is not HTML, whatever its header says" if html.strip() else "it is empty")
    return _MOJIBAKE.sub(_mended, html) if "â€" in html or "Â\xa0" in html else html


def decoded_body(page: Page) -> bytes:
    """The body with its Content-Encoding undone; raises UnreadablePage when that fails or grows past `MAX_BODY`."""
    body = page.body
    for encoding in reversed([e.strip().lower() for e in (page.header("content-encoding") or "").split(",")]):
        if encoding in ("gzip", "x-gzip", "deflate"):
            body = _inflated(body, encoding)
        elif encoding == "br":
            body = _unbrotlied(body)
        elif encoding not in ("", "identity"):
            raise UnreadablePage(f"content encoding {encoding!r} is unknown")
    if len(body) > MAX_BODY:
        raise UnreadablePage(f"the body is larger than {MAX_BODY} bytes")
    return body


def _text(body: bytes, content_type: str | None) -> str:
    """The body as text. What is UTF-8 throughout is UTF-8, whatever header and <meta> say; else as browsers decide."""
    if read_bom(body)[0] is None and b"\0" not in body[:1024]:
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    text: str = html_to_unicode(content_type, body, auto_detect_fun=_undeclared)[1]
    return text


def _undeclared(body: bytes) -> str:
    """UTF-8 with damage in it, or, when none of it is UTF-8, what old Windows machines wrote."""
    return "cp1252" if body.decode("utf-8", "ignore").isascii() else "utf-8"


# UTF-8 that a site once took for Windows-1252: 'â€œ' for a quotation mark, 'Â' before a space.
_TYPOGRAPHIC = "“”‘’–—…•\xa0"
_MENDED = {sign.encode().decode("latin-1").translate(
    {byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
): sign for sign in _TYPOGRAPHIC}  # fmt: skip
_MOJIBAKE = re.compile("|".join(map(re.escape, _MENDED)))


def _mended(match: re.Match[str]) -> str:
    return _MENDED[match[0]]


def _inflated(body: bytes, encoding: str) -> bytes:
    out, rest = bytearray(), body
    while rest:
        # 47: a gzip or a zlib header (RFC 1952, 1950); -15: bare deflate (RFC 1951), as some servers send it
        stream = zlib.decompressobj(-15 if encoding == "deflate" and rest[0] & 0x0F != 8 else 47)
        try:
            out += stream.decompress(rest, MAX_BODY + 1 - len(out))
        except zlib.error as error:
            if out:
                break  # bytes behind the last whole gzip member are ignored, as browsers do
            raise UnreadablePage(f"the {encoding} body is damaged: {error}") from error
        if len(out) > MAX_BODY:
            raise UnreadablePage(f"the {encoding} body grows past {MAX_BODY} bytes")
        if not stream.eof:
            raise UnreadablePage(f"the {encoding} body is cut short after {len(out)} bytes")
        rest = stream.unused_data
    return bytes(out)


def _unbrotlied(body: bytes) -> bytes:
    stream = brotli.Decompressor()
    try:
        out: bytes = stream.process(body, output_buffer_limit=MAX_BODY + 1)
    except brotli.error as error:
        raise UnreadablePage(f"the br body is damaged: {error}") from error
    if len(out) > MAX_BODY:
        raise UnreadablePage(f"the br body grows past {MAX_BODY} bytes")
    if not stream.is_finished():
        raise UnreadablePage(f"the br body is cut short after {len(out)} bytes")
    return out
