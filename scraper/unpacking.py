"""Unpacking what came compressed, and noticing when not all of it did: Scrapy passes on what it could read, silently."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Request, Response

CUT_SHORT = "packed body cut short"


class Unpacking(HttpCompressionMiddleware):
    """Scrapy's, which counts a gzip body without its end. What could be unpacked is passed on: its links are links."""

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self.failed: Callable[[str], None] = crawler.spider.failed  # type: ignore[union-attr]

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The response unpacked; DOWNLOAD_MAXSIZE bounds it."""
        unpacked: Request | Response = super().process_response(request, response)
        if unpacked is not response and isinstance(unpacked, Response) and is_cut_short(response.body, unpacked.body):
            self.failed(CUT_SHORT)
        return unpacked


def is_cut_short(packed: bytes, unpacked: bytes) -> bool:
    """Whether the end of a gzip body is missing; False of a body packed otherwise, as far as this can see.

    Its last four bytes are the length of what it holds (RFC 1952 2.3.1): read again only when they are not.
    """
    if packed[:2] != b"\x1f\x8b" or packed[-4:] == (len(unpacked) & 0xFFFFFFFF).to_bytes(4, "little"):
        return False
    member = zlib.decompressobj(31)
    try:
        while packed and not member.eof:
            member.decompress(packed, 1 << 16)
            packed = member.unconsumed_tail
            if member.eof and member.unused_data[:2] == b"\x1f\x8b":  # another member
                packed, member = member.unused_data, zlib.decompressobj(31)
    except zlib.error:
        return True
    return not member.eof
