"""A web site on this machine that answers as a test tells it to, and remembers who asked for what, and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Asked"], None]  # writes the whole answer


@dataclass(frozen=True)
class Hit:
    """One request, as it arrived."""

    path: str
    at: float
    headers: dict[str, str]


@dataclass
class LocalSite:
    """Answers by path; what is not among them answers 404. A list of answers is used up from the left, to its last."""

    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    port: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def at(self, host: str, path: str) -> str:
        """The address of a path under another name of this machine (the crawl's order gives these as `hosts`)."""
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [hit.path for hit in self.hits]

    def answer(self, path: str) -> Answer:
        found = self.answers.get(path, status(404))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


class Asked(BaseHTTPRequestHandler):
    """One request to a LocalSite."""

    protocol_version = "HTTP/1.1"
    site: LocalSite

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.site.hits.append(Hit(self.path, time.monotonic(), headers))
        self.site.answer(self.path)(self)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def page(body: bytes | str, **headers: str) -> Answer:
    """A page, with headers (`etag="x"`)."""
    return _answer(200, body, headers)


def status(code: int, **headers: str) -> Answer:
    """An answer of few words."""
    return _answer(code, f"<h1>{code}</h1>", headers)


def cut(body: bytes | str, missing: int) -> Answer:
    """A page whose length promises so many bytes more than come."""
    return _answer(200, body, {}, missing)


def _answer(code: int, body: bytes | str, headers: dict[str, str], missing: int = 0) -> Answer:
    content = body.encode() if isinstance(body, str) else body

    def write(asked: Asked) -> None:
        asked.send_response(code)
        for name, value in {"content_type": "text/html; charset=utf-8", **headers}.items():
            asked.send_header(name.replace("_", "-"), value)
        asked.send_header("Content-Length", str(len(content) + missing))
        asked.end_headers()
        asked.wfile.write(content)
        asked.close_connection = missing > 0

    return write


def cached(body: str, **validators: str) -> Answer:
    """A page with `etag` or `last_modified`, and 304 for a client that has it."""

    def write(asked: Asked) -> None:
        known = asked.headers.get("If-None-Match"), asked.headers.get("If-Modified-Since")
        if known != (None, None) and known == (validators.get("etag"), validators.get("last_modified")):
            asked.send_response(304)
            asked.end_headers()
        else:
            page(body, **validators)(asked)

    return write


def silence(seconds: float = 20) -> Answer:
    """Accepts and says nothing, until the other side has had enough."""

    def write(asked: Asked) -> None:
        asked.connection.settimeout(seconds)
        with suppress(OSError):
            asked.connection.recv(1)
        asked.close_connection = True

    return write


def late(seconds: float, answer: Answer) -> Answer:
    """An answer that takes its time."""

    def write(asked: Asked) -> None:
        time.sleep(seconds)
        answer(asked)

    return write


def by_host(answers: dict[str, Answer]) -> Answer:
    """An answer that depends on the name that this machine was asked by."""
    return lambda asked: answers[(asked.headers["Host"] or "").partition(":")[0]](asked)


def hang_up(asked: Asked) -> None:
    """Ends the connection without a word."""
    asked.close_connection = True


def endless(asked: Asked) -> None:
    """A body without a length and without an end."""
    asked.send_response(200)
    asked.send_header("Content-Type", "text/html")
    asked.end_headers()
    asked.close_connection = True
    with suppress(OSError):
        while True:
            asked.wfile.write(bytes(10_000))


class Server(ThreadingHTTPServer):
    """As many connections as come, and no complaint of those that end early."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def serving(answers: dict[str, Answer | list[Answer]]) -> Iterator[LocalSite]:
    """A LocalSite on a free port for as long as the block lasts."""
    site = LocalSite(answers)
    server = Server(("127.0.0.1", 0), type("AskedHere", (Asked,), {"site": site}))
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
