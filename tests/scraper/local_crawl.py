"""A real crawl, as the child process that runs start, of one site that a test declares: `local_crawl.py JSON [flags]`.

JSON holds `declare` (what a spider file says), `settings` (over those of live crawls), `names` (host -> address), and
module values to change. At the end stdout has one more line: {"sockets": [...]}, every address that the process listened
on, connected to or looked up.
"""

from __future__ import annotations

import json
import resource
import socket
import sys
from ipaddress import ip_address
from typing import Any

_SOCKETS: set[str] = set()


def _watch(event: str, given: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.bind"):
        _SOCKETS.add(f"{event.removeprefix('socket.')} {given[1]}")
    elif event == "socket.getaddrinfo":
        _SOCKETS.add(f"look up {given[0]!r}")


def _resolve(names: dict[str, str]) -> None:
    """Look these names up here; no other name is known."""
    if names:

        def look_up(name: str) -> str:
            try:
                return names[name] if name in names else str(ip_address(name))
            except ValueError:
                raise socket.gaierror(socket.EAI_NONAME, "no such name") from None

        socket.gethostbyname = look_up  # what Twisted's resolver calls


def main() -> int:
    """Declare the site, then do what `python -m scraper.crawl` does."""
    sys.addaudithook(_watch)
    order = json.loads(sys.argv.pop(1))
    from scraper import archive, crawl, politeness, settings
    from scraper.spider import ArticleSpider, Index

    declared = {"name": "local", "outlet": "Local", "article_url": "^$", "article_id": "^()$", **order["declare"]}
    declared["indexes"] = tuple(Index(**index) for index in declared.get("indexes", ()))
    spider = type("LocalSpider", (ArticleSpider,), declared)
    crawl.spiders = lambda: {"local": spider}
    settings.LIVE.update(order.get("settings", {}))
    politeness.MAX_CRAWL_DELAY = order.get("max_crawl_delay", politeness.MAX_CRAWL_DELAY)
    _resolve(order.get("names", {}))
    archive.LOCK_PATIENCE = order.get("lock_patience", archive.LOCK_PATIENCE)
    if "largest_file" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"], resource.RLIM_INFINITY))
    code = crawl.main()
    print(json.dumps({"sockets": sorted(_SOCKETS)}), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
