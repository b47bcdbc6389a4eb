"""Where a redirect may lead: to the site it began at, and never from the open network into a private one.

A publisher that moves an article moves it at home. A redirect to another registered domain is an advertisement, a login
or a parked name; one to 10.0.0.1 or to localhost makes this machine ask its own network for somebody else (SSRF).
What is refused is kept in the archive like any other response: it is only not followed. Fetches no suffix list.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils.defer import maybe_deferred_to_future

from scraper.domains import registered_domain

Address = IPv4Address | IPv6Address

ELSEWHERE = "redirected elsewhere"
PRIVATE = "redirected to a private address"
NOWHERE = "redirected to no address"


class RedirectRefused(IgnoreRequest):
    """A redirect that is not followed; the text is the name under which a run counts it."""


class HomeRedirects(RedirectMiddleware):
    """Redirects within a registered domain. robots.txt alone may lie elsewhere (RFC 9309 2.3.1.2), not in private.

    Setting PUBLIC_ADDRESSES: networks that count as public though they are not ('127.0.0.1/32'), for sites of this machine.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HomeRedirects:
        """Scrapy's constructor."""
        made: HomeRedirects = super().from_crawler(crawler)
        made.public = [ip_network(network) for network in crawler.settings.getlist("PUBLIC_ADDRESSES")]
        return made

    public: list[Any]

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The request that a redirect asks for. Raises RedirectRefused when it leads where it must not."""
        try:
            following: Request | Response = super().process_response(request, response)
        except ValueError as error:  # 'http://[', a port that is no number
            raise RedirectRefused(NOWHERE) from error
        if isinstance(following, Request):
            first = request.meta.get("redirect_urls", [request.url])[0]
            why_not = await self._why_not(following, _host(first), _host(following.url))
            if why_not is not None:
                raise RedirectRefused(why_not)
        return following

    async def _why_not(self, request: Request, home: str, there: str) -> str | None:
        if there == home:
            return None
        elsewhere = registered_domain(there) != registered_domain(home)
        # Elsewhere is refused in any case, so its name need not be looked up.
        address = _literal(there) if elsewhere else await self._address(request, there)
        if address is not None and self._is_private(address):
            own = await self._address(request, home)
            if own is None or not self._is_private(own):
                return PRIVATE
        return ELSEWHERE if elsewhere and not request.meta.get("dont_obey_robotstxt") else None

    async def _address(self, request: Request, host: str) -> Address | None:
        """What a host's name stands for; None where it has no address, or a proxy looks it up.

        Asked of Scrapy's resolver, which remembers its answers: the connection goes to the address that was judged.
        """
        address = _literal(host)
        if address is None and not request.meta.get("proxy"):
            from twisted.internet import reactor

            resolve: Any = reactor.resolve
            try:
                address = ip_address(await maybe_deferred_to_future(resolve(host)))
            except OSError:  # Twisted's too: the request itself then fails by its own name
                return None
        return address

    def _is_private(self, address: Address) -> bool:
        return not address.is_global and not any(address in network for network in self.public)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".")


def _literal(host: str) -> Address | None:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 6.3
        return ip_address("127.0.0.1")
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
