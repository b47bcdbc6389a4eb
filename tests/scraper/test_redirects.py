"""Which redirects are followed; those of a real crawl are in tests/faults/misbehaving.py."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request, Response
from scrapy.settings import Settings

from scraper import redirects
from scraper.domains import registered_domain
from scraper.redirects import ELSEWHERE, NOWHERE, PRIVATE, HomeRedirects, RedirectRefused


def redirects_of(*public: str) -> HomeRedirects:
    settings = Settings({"PUBLIC_ADDRESSES": public, "REDIRECT_MAX_TIMES": 5})
    signals = SimpleNamespace(connect=lambda *_, **__: None)
    crawler: Any = SimpleNamespace(settings=settings, signals=signals, spider=SimpleNamespace())
    return HomeRedirects.from_crawler(crawler)


NAMES = {"kabar.go.id": "93.184.216.34", "www.kabar.go.id": "93.184.216.34", "intern.kabar.go.id": "192.168.3.4"}
OPEN = "https://kabar.go.id/a"


@pytest.fixture(autouse=True)
def look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def address(self: HomeRedirects, request: Request, host: str) -> redirects.Address | None:
        return redirects._literal(NAMES.get(host, host))

    monkeypatch.setattr(HomeRedirects, "_address", address)


def follow(to: str, url: str = OPEN, public: tuple[str, ...] = (), **meta: Any) -> str:
    """Where a redirect leads, or why it is not followed."""
    request = Request(url, meta=meta)
    try:
        found = asyncio.run(redirects_of(*public).process_response(request, Response(url, 302, {"Location": to})))
    except RedirectRefused as refused:
        return str(refused)
    return found.url


@pytest.mark.parametrize(
    "to",
    ["https://kabar.go.id/b", "http://www.kabar.go.id/b", "https://KABAR.go.id./b", "https://www.kabar.go.id:8443/b"],
)
def test_at_home_it_is_followed(to: str) -> None:
    assert follow(to).lower() == to.lower()


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("https://lain.go.id/", ELSEWHERE),  # go.id is nobody's domain
        ("https://kabar.go.id.lain.id/", ELSEWHERE),
        ("//iklan.id/", ELSEWHERE),
        ("https://8.8.8.8/", ELSEWHERE),
        ("http://localhost/", PRIVATE),
        ("http://a.localhost:8000/", PRIVATE),
        ("http://127.0.0.1/", PRIVATE),
        ("http://10.0.0.1/", PRIVATE),
        ("http://172.16.9.9/", PRIVATE),
        ("http://192.168.1.1/", PRIVATE),
        ("http://169.254.169.254/latest/meta-data/", PRIVATE),
        ("http://0.0.0.0/", PRIVATE),
        ("http://100.64.0.1/", PRIVATE),
        ("http://[::1]/", PRIVATE),
        ("http://[fe80::1]/", PRIVATE),
        ("http://[::ffff:10.0.0.1]/", PRIVATE),
        ("http://intern.kabar.go.id/", PRIVATE),
        ("http://[", NOWHERE),
        ("http://kabar.go.id:99999/", NOWHERE),
    ],
)
def test_elsewhere_it_is_not(to: str, why: str) -> None:
    assert follow(to) == why


def test_all_steps_count_from_the_first_address() -> None:
    assert follow("https://lain.id/c", url="https://lain.id/b", redirect_urls=[OPEN]) == ELSEWHERE
    assert follow(OPEN, url="https://www.kabar.go.id/x", redirect_urls=[OPEN]) == OPEN


def test_robots_may_lie_elsewhere_and_not_in_private() -> None:
    assert follow("https://lain.id/robots.txt", dont_obey_robotstxt=True) == "https://lain.id/robots.txt"
    assert follow("http://10.0.0.1/robots.txt", dont_obey_robotstxt=True) == PRIVATE


def test_what_is_private_itself_may_stay_so() -> None:
    assert follow("http://10.0.0.1/b", url="http://10.0.0.1/a") == "http://10.0.0.1/b"
    assert follow("http://10.0.0.2/b", url="http://10.0.0.1/a") == ELSEWHERE
    assert follow("http://10.0.0.2/b", url="http://10.0.0.1/a", public=("10.0.0.1/32",)) == PRIVATE


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.detik.com", "detik.com"), ("jatim.antaranews.com", "antaranews.com"), ("jatengprov.go.id", "jatengprov.go.id"),
        ("gemamedia.mojokertokota.go.id", "mojokertokota.go.id"), ("a.b.co.id", "b.co.id"), ("m.kabar.test", "kabar.test"),
        ("go.id", "go.id"), ("10.0.0.1", "10.0.0.1"), ("::1", "::1"), ("kabar", "kabar"),
    ],
)  # fmt: skip
def test_what_somebody_registered(host: str, domain: str) -> None:
    assert registered_domain(host) == domain
