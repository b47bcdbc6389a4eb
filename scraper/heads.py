"""A bound on the head of a response, which Twisted and Scrapy read for as long as it comes: status line, headers, 1xx answers."""

from __future__ import annotations

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, ParseError

MAX_HEAD = 256 * 1024  # bytes; browsers and servers take 8 to 256 KB


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    _head = 0  # bytes of the head that came so far, and of what came with its end

    def request(self, request):  # type: ignore[no-untyped-def]
        self._head = 0
        return super().request(request)

    def dataReceived(self, data):  # type: ignore[no-untyped-def]  # noqa: N802
        parser = self._parser
        if parser is not None and parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > MAX_HEAD:
                self._giveUp(Failure(ParseError("the head is too long", b"")))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr):  # type: ignore[no-untyped-def]  # noqa: N802
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHeads(HTTP11DownloadHandler):
    """Scrapy's download handler for http and https, with that bound."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory
