"""A real crawl, as the child process that runs start, of one site that a test declares: `local_crawl.py JSON [flags]`.

JSON holds `declare` (what a spider file says), `settings` (over those of live crawls), `hosts` (names that stand for this
machine), and module values to change. At the end stdout has one more line: {"sockets": [...]}: whatever the process listened
on, connected to, sent to or looked up, and every other process it started. What is not on this machine is refused.
"""

from __future__ import annotations

import json
import resource
import socket
import sys
from ipaddress import ip_address
from typing import Any

_SOCKETS: set[str] = set()
_HERE = ("127.0.0.1", "localhost", "::1")
_ADDRESS = {  # audit events that name an address, and the place of it among their arguments
    "socket.connect": 1,
    "socket.bind": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.getnameinfo": 0,
    "subprocess.Popen": 1,
    "os.posix_spawn": 1,
    "os.exec": 1,
    "os.system": 0,
}
_NAMES = {"socket.getaddrinfo": "look up", "socket.gethostbyname": "look up"}


def _watch(event: str, given: tuple[Any, ...]) -> None:
    if event not in _ADDRESS:
        return
    address = given[_ADDRESS[event]]
    _SOCKETS.add(f"{_NAMES.get(event, event.rpartition('.')[2])} {address!r}")
    host = address[0] if isinstance(address, tuple) and address else address
    name = host.decode() if isinstance(host, bytes) else host
    if event.startswith("socket.") and name not in (*_HERE, "", None):
        raise socket.gaierror(f"a test asks nobody but this machine, and not {address!r}")


def _stand_for_this_machine(hosts: list[str]) -> None:
    """Answer these names with 127.0.0.1, whoever asks."""
    look_up, by_name = socket.getaddrinfo, socket.gethostbyname

    def meant(host: Any) -> Any:
        return "127.0.0.1" if (host.decode() if isinstance(host, bytes) else host) in hosts else host

    socket.getaddrinfo = lambda host, *rest, **further: look_up(meant(host), *rest, **further)
    socket.gethostbyname = lambda host: by_name(meant(host))


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
    _stand_for_this_machine(order.get("hosts", []))  # before Twisted takes the functions over
    from scraper import archive, crawl, domains, politeness, settings, sites
    from scraper.spider import ArticleSpider, Index

    declared = {"name": "local", "outlet": "Local", "article_url": "^$", "article_id": "^()$", **order["declare"]}
    declared["indexes"] = tuple(Index(**index) for index in declared.get("indexes", ()))
    spider = type("LocalSpider", (ArticleSpider,), declared)
    sites.spiders = lambda: {"local": spider}
    settings.LIVE.update(order.get("settings", {}))
    politeness.MAX_CRAWL_DELAY = order.get("max_crawl_delay", politeness.MAX_CRAWL_DELAY)
    politeness.FIRST_WAIT = order.get("first_wait", 0.02)
    politeness.MAX_WAIT = order.get("max_wait", politeness.MAX_WAIT)
    domains.PATIENCE = order.get("domain_patience", domains.PATIENCE)
    _resolve(order.get("names", {}))
    archive.LOCK_PATIENCE = order.get("lock_patience", archive.LOCK_PATIENCE)
    if "largest_file" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"], resource.RLIM_INFINITY))
    code = crawl.main()
    print(json.dumps({"sockets": sorted(_SOCKETS)}), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
