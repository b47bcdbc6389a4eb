"""Noticing that not all of a packed body came. Scrapy passes on what it could unpack, silently; this unpacks nothing to keep."""

from __future__ import annotations

import zlib

CUT_SHORT = "packed body cut short"
MOST = 20_000_000  # bytes unpacked, beyond which nobody takes the body anyway and nothing is said of it
_MAGIC = b"\x1f\x8b"
_PIECE = 1 << 16


def is_cut_short(body: bytes) -> bool:
    """Whether a gzip body lacks its end, or is damaged before it; False of a body that is none."""
    seen = 0
    while body[:2] == _MAGIC:  # one member after the other (RFC 1952 2.2)
        member = zlib.decompressobj(31)
        try:
            while body and not member.eof:
                seen += len(member.decompress(body, _PIECE))
                if seen > MOST:
                    return False
                body = member.unconsumed_tail
        except zlib.error:
            return True
        if not member.eof:
            return True
        body = member.unused_data
    return False


def is_badly_packed(body: bytes, encoding: str | None) -> bool:
    """Whether a body cannot be unpacked to its end as its Content-Encoding has it: it is not the page that was meant.

    Only gzip is judged, which is all that a crawl asks for.
    """
    is_said_to_be = "gzip" in (encoding or "").lower() and bool(body)
    return is_cut_short(body) or (is_said_to_be and body[:2] != _MAGIC)
