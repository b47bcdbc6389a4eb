"""The download handler that answers every request from an archive instead of the network.

Everything above it is the real Scrapy stack. What is served is the archive's **last visit** to an address at or before
`as_of`: the captures within an hour before the newest, in order, so that a 503 followed by a 200 is met as it was then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes
from w3lib.url import canonicalize_url

from etl.model import Page, UsageError
from scraper.archive import Capture, WarcFile

SAMPLE = Path(__file__).with_name("sample.warc.gz")
_VISIT = timedelta(hours=1)


def archive_path(name: str) -> Path:
    """The WARC file that `--replay` names; 'sample' is the one shipped here."""
    return SAMPLE if name == "sample" else Path(name)


def last_moment(path: Path) -> datetime:
    """When the newest response of a WARC file was fetched. Raises ArchiveError when it is no WARC file."""
    moments = [_moment(capture) for capture in WarcFile(path).captures("replay")]
    if not moments:
        raise UsageError(f"{path} holds no response to replay")
    return max(moments)


def response_of(page: Page, url: str) -> Response:
    """A stored page as the response that it was."""
    headers = Headers()
    for name, value in page.headers:
        headers.appendlist(name, value)
    kind = responsetypes.from_args(headers=headers, url=url, body=page.body)
    return kind(url, status=page.status, headers=headers, body=page.body)


class ReplayHandler(BaseDownloadHandler):
    """Settings: REPLAY_FILE (path), REPLAY_AS_OF (aware datetime). An address that the archive lacks answers 404."""

    lazy = True  # one scheme is the rule, so the file is read once and not once a scheme

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        as_of: datetime = crawler.settings["REPLAY_AS_OF"]
        self._file = WarcFile(Path(crawler.settings["REPLAY_FILE"]))
        visits: dict[str, list[Capture]] = {}
        for capture in sorted(self._file.captures("replay"), key=_moment):
            if _moment(capture) <= as_of:
                visits.setdefault(canonicalize_url(capture.url), []).append(capture)
        self._answers = {url: _last_visit(captures) for url, captures in visits.items()}

    async def download_request(self, request: Request) -> Response:
        """The next answer of the last visit; its time goes to `request.meta['fetched_at']`."""
        answers = self._answers.get(canonicalize_url(request.url))
        if not answers:
            request.meta["not_archived"] = True
            return Response(request.url, status=404)
        page = self._file.read(answers.pop(0) if len(answers) > 1 else answers[0])
        request.meta["fetched_at"] = page.fetched_at
        response = response_of(page, request.url)
        if page.status == 200 and _is_current(request, page.header("etag"), page.header("last-modified")):
            return Response(request.url, status=304, headers=response.headers)
        return response


def _moment(capture: Capture) -> datetime:
    return datetime.fromisoformat(capture.fetched_at)


def _last_visit(captures: list[Capture]) -> list[Capture]:
    newest = _moment(captures[-1])
    return [c for c in captures if newest - _moment(c) <= _VISIT]


def _is_current(request: Request, etag: str | None, last_modified: str | None) -> bool:
    """Whether the request's validators say that the client has these bytes (RFC 9110 13.1)."""
    asked_etag, asked_since = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
    if asked_etag is not None:
        return etag is not None and asked_etag.decode("latin-1") == etag
    return asked_since is not None and last_modified is not None and asked_since.decode("latin-1") == last_modified
