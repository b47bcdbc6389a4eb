"""`awards serve`: a small read-only HTTP server. Today it answers /metrics and /health; the web page will be one more route.

Bounded on all sides: so many requests at a time, so long for each, GET and HEAD only. What it says is at most CACHE seconds
old, so that no number of askers makes the database count more often. Writes nothing.
"""

from __future__ import annotations

import json
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from socketserver import ThreadingMixIn
from typing import Any, Generic, TypeVar
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import make_wsgi_app
from sqlalchemy import Engine

from etl.model import AwardsError
from etl.operate import monitor
from etl.operate.metrics import registry
from etl.settings import Settings

CACHE = 15.0  # seconds
REQUESTS = 8  # at a time; the next ones wait
PATIENCE = 10.0  # seconds for a client to say what it wants, and to take the answer

log = logging.getLogger("awards.serve")
_T = TypeVar("_T")


class _Lately(Generic[_T]):
    """A value that is computed again when it is older than CACHE, by one thread at a time."""

    def __init__(self, compute: Callable[[], _T]) -> None:
        self._compute, self._lock = compute, threading.Lock()
        self._until, self._value = 0.0, None  # type: float, _T | None

    def __call__(self) -> _T:
        with self._lock:
            if self._value is None or time.monotonic() > self._until:
                self._value = self._compute()
                self._until = time.monotonic() + CACHE
            return self._value


def routes(settings: Settings, engine: Engine) -> dict[str, WSGIApplication]:
    """What answers which path. To add a page, add a line."""
    metrics = _Lately(lambda: make_wsgi_app(registry(monitor.facts(settings, engine, datetime.now(UTC)))))
    health = _Lately(lambda: monitor.health(settings, engine, datetime.now(UTC)))

    def show_metrics(environ: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
        app: WSGIApplication = metrics()
        return app(environ, respond)

    def show_health(_environ: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
        return _json(respond, "200 OK", health())

    return {"/metrics": show_metrics, "/health": show_health}


def application(table: Mapping[str, WSGIApplication]) -> WSGIApplication:
    """One application of many: by path. A database that cannot be read is a 503 that says so; a fault of ours a 500."""

    def app(environ: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _json(respond, "405 Method Not Allowed", {"error": "this server only answers questions: GET"})
        chosen = table.get(environ["PATH_INFO"])
        if chosen is None:
            return _json(respond, "404 Not Found", {"error": "there is nothing here", "paths": sorted(table)})
        try:
            return chosen(environ, respond)
        except AwardsError as error:
            log.error("%s: %s", environ["PATH_INFO"], error)
            return _json(respond, "503 Service Unavailable", {"error": str(error)})
        except Exception:
            log.exception("%s failed", environ["PATH_INFO"])
            return _json(respond, "500 Internal Server Error", {"error": "a fault of this server; its log says more"})

    return app


def _json(respond: StartResponse, status: str, content: Mapping[str, Any]) -> Iterable[bytes]:
    body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
    respond(status, [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


class _Handler(WSGIRequestHandler):
    timeout = PATIENCE  # of every read and write of the connection

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
        log.debug(format, *args)


class Server(ThreadingMixIn, WSGIServer):
    """A thread a request, REQUESTS at most; those that come while all are busy wait in the socket's queue."""

    daemon_threads = True
    request_queue_size = 32

    def __init__(self, host: str, port: int, app: WSGIApplication) -> None:
        self._free = threading.BoundedSemaphore(REQUESTS)
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)
        self.set_app(app)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin a thread when one is free."""
        self._free.acquire()
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._free.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or is too slow, is no fault of ours."""
        log.debug("a request broke off", exc_info=True)


def serve(settings: Settings, engine: Engine, host: str, port: int) -> None:
    """Answer until SIGTERM or SIGINT. Raises AwardsError when the address cannot be listened at."""
    try:
        server = Server(host, port, application(routes(settings, engine)))
    except OSError as error:
        raise AwardsError(
            f"nobody can listen at {host}:{port} ({error.strerror or error}): give another --port, or another --host"
        ) from error
    with server:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
        log.info("answering at http://%s:%d: %s", host, server.server_port, ", ".join(("/metrics", "/health")))
        server.serve_forever(poll_interval=0.2)
