"""Logs of every process: JSON lines for machines, plain lines for people, all libraries' records among them, no secret in any.

What is known of the work at hand (run, site, job) stands in each line. Never decides what is worth a line.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from etl.schedule.due import JOB

FORMATS = ("auto", "console", "json")
HIDDEN = "***"

_FIRST = ("timestamp", "level", "logger", "event")
_SHORTEST = 4  # characters of a secret; a shorter one would be found in half of all words
_USERINFO = re.compile(r"(?<=://)[^/\s@'\"]+@")
_IN_QUERY = re.compile(
    r"((?:^|[?&;\s'\"])[\w-]*(?:key|token|secret|passw(?:or)?d|signature|credential)=)[^&\s'\"]+", re.I
)
_IN_HEADER = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}", re.I)
_LOUD = ("apscheduler", "alembic", "urllib3", "apprise", "fsspec", "asyncio", "filelock")  # at less than a warning


def form_of(wanted: str, stream: TextIO) -> str:
    """'json' or 'console': what 'auto' means for a stream."""
    if wanted != "auto":
        return wanted
    return "console" if stream.isatty() else "json"


@dataclass(frozen=True, slots=True)
class Setup:
    """How a process logs, to be handed to the processes that it starts (`again`). It holds secrets: never print it."""

    form: str
    level: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    known: tuple[tuple[str, str], ...] = ()


_current: Setup | None = None


def configure(
    form: str = "auto",
    level: str = "INFO",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
    **known: str | None,
) -> None:
    """Send every record of this process to a stream (stderr), in that form, from that level on.

    `secrets` are replaced wherever they stand; so are users and passwords in addresses. `known` (run=..., site=...) stands
    in every line from now on, and the job that this process is. Calling it again replaces what was.
    """
    global _current
    stream = stream or sys.stderr
    bound = {"job": os.environ.get(JOB), **known}
    spelt = tuple(sorted((name, value) for name, value in bound.items() if value))
    _current = Setup(form_of(form, stream), level, tuple(secrets), spelt)
    _install(_current, stream)


def current() -> Setup | None:
    """How this process logs, with what its thread knows; None where nobody has said."""
    if _current is None:
        return None
    known = {name: str(value) for name, value in structlog.contextvars.get_contextvars().items()}
    return replace(_current, known=tuple(sorted(known.items())))


def again(setup: Setup | None) -> None:
    """Log as the process does that started this one."""
    if setup is not None:
        configure(setup.form, setup.level, setup.secrets, None, **dict(setup.known))


def _install(setup: Setup, stream: TextIO) -> None:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    ending: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,  # a traceback is text before it is looked through
        _redactor(setup.secrets),
        _renderer(setup.form, stream),
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=ending))
    handler.setLevel(setup.level)  # libraries set their own loggers' levels
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(setup.level)
    logging.captureWarnings(True)
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger, logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )  # fmt: skip
    structlog.contextvars.bind_contextvars(**dict(setup.known))


def about(**known: str) -> Any:
    """A context in which every line of this thread says so: `with about(site='detik', run=...)`."""
    return structlog.contextvars.bound_contextvars(**known)


def _renderer(form: str, stream: TextIO) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )


# --------------------------------------------------------------------------------------------------------------- secrets


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """A text without these secrets, without users and passwords in addresses, and without keys in queries and headers."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    text = _USERINFO.sub(f"{HIDDEN}@", text)
    return _IN_HEADER.sub(rf"\1 {HIDDEN}", _IN_QUERY.sub(rf"\1{HIDDEN}", text))


def spellings(secrets: Iterable[str]) -> tuple[str, ...]:
    """Each secret, and as an address has it; longest first, so that no part of one is left."""
    found = {way(secret) for secret in secrets if len(secret) >= _SHORTEST for way in (str, quote, quote_plus, _quoted)}
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


def _quoted(secret: str) -> str:
    return quote(secret, safe="")


def _redactor(secrets: Iterable[str]) -> Processor:
    known = spellings(secrets)

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return redacted(value, known)
        if isinstance(value, Mapping):
            return {key: clean(each) for key, each in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [clean(each) for each in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return redacted(str(value), known)

    def redact(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        first = {name: event[name] for name in _FIRST if name in event}
        return {key: clean(value) for key, value in {**first, **event}.items()}

    return redact
