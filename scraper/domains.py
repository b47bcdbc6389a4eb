"""Registered domains: the hosts that share an owner are asked at one pace, and by one crawl at a time.

What a registered domain is comes from the copy of the public suffix list inside tldextract. It is never fetched.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from scraper.archive import ArchiveError

if TYPE_CHECKING:
    from tldextract import TLDExtract

PATIENCE = 600.0  # seconds that a crawl waits for another one to leave a domain


@lru_cache(maxsize=10_000)
def domain_of(url: str) -> str:
    """The registered domain of an address: 'mojokertokota.go.id' of any host below it.

    Addresses without one (an IP address, a bare name, a public suffix itself) give their host. Sites below a private
    suffix (blogspot.com) are one domain: they are one machine.
    """
    return registered_domain((urlsplit(url).hostname or "").rstrip("."))


@lru_cache(maxsize=1000)
def registered_domain(host: str) -> str:
    """The part of a host's name that somebody registered: 'm.kabar.go.id' -> 'kabar.go.id'; an address is its own.

    By publicsuffix.org, whose rule for an ending that it does not know is one label.
    """
    if ":" in host or host.replace(".", "").isdigit():
        return host
    return _suffixes().extract_str(host).top_domain_under_public_suffix or ".".join(host.split(".")[-2:])


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    # Here and not above: it imports an HTTP client, a tenth of a second that no replay and no other command needs.
    from tldextract import TLDExtract

    return TLDExtract(cache_dir=None, suffix_list_urls=())


@contextmanager
def alone_on(addresses: Iterable[str], folder: Path, patience: float) -> Iterator[None]:
    """Hold the registered domains of the addresses for as long as the block lasts, by lock files in the folder.

    No two crawls hold one domain. Raises ArchiveError when one stays taken for `patience` seconds in all. A crawl that
    dies frees its domains: the system does it.
    """
    end = time.monotonic() + patience
    with ExitStack() as held:
        for domain in sorted({domain_of(url) for url in addresses} - {""}):  # sorted: two crawls cannot wait in a ring
            path = folder / f".{domain}.lock"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                lock = FileLock(path)
                lock.acquire(timeout=max(0.0, end - time.monotonic()))
            except Timeout as error:
                raise ArchiveError(
                    f"another crawl is asking {domain}; wait for its end and start this one again"
                ) from error
            except OSError as error:
                raise ArchiveError(f"{path} cannot be locked: {error.strerror or error}") from error
            held.callback(lock.release)
        yield
