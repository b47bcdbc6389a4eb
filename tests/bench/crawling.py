"""What keeping everything costs: a crawl with archive against a bare Scrapy spider on the same local server."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

PAGES, SIZE = 2000, 100_000
SMALL = (10_000, 100_000)  # pages of 2 kB, at two sizes
LISTED = 500  # links on a list page
BARE = """
import json, sys, time
import scrapy
from scrapy.crawler import CrawlerProcess
class Bare(scrapy.Spider):
    name = "bare"
    start_urls = [sys.argv[1]]
    def parse(self, response):
        for link in response.css("a::attr(href)").getall():
            yield response.follow(link, self.kept)
    def kept(self, response):
        pass
process = CrawlerProcess({"ROBOTSTXT_OBEY": False, "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False,
                          "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16})
process.crawl(Bare)
process.start()
"""
SETTINGS = {
    "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "CONCURRENT_REQUESTS": 16,
    "LOG_LEVEL": "ERROR", "CLOSESPIDER_TIMEOUT": 0,
}  # fmt: skip


def crawling() -> str:
    """`awards crawl` with its archive against a bare Scrapy spider, 2,000 pages of 100 kB, throttle off (50 % is asked for)"""
    with _server(PAGES, SIZE) as base, tempfile.TemporaryDirectory() as folder:
        start = perf_counter()
        subprocess.run([sys.executable, "-c", BARE, f"{base}/all"], check=True, capture_output=True, timeout=600)
        bare = perf_counter() - start
        ours, first = _crawl(base, Path(folder))
        again, second = _crawl(base, Path(folder), days=2)  # when every article is due to be asked for again
        served = PAGES * SIZE
        size = sum(p.stat().st_size for p in Path(folder).rglob("*.warc.gz"))
    share = second["served"] / max(1, first["served"])
    return "\n".join([
        f"The crawl reaches **{bare / ours:.0%}** of the bare spider's pages/s. Its archive holds {size / served:.0%} of the"
        f" bytes served. A second crawl of the unchanged site: {again:.1f} s, **{share:.1%}** of the first one's bytes.", "",
        "| what | seconds | pages/s |", "|---|---|---|",
        f"| bare Scrapy spider | {bare:.1f} | {PAGES / bare:.0f} |",
        f"| crawl with archive | {ours:.1f} | {PAGES / ours:.0f} |",
    ])  # fmt: skip


def many_pages() -> str:
    """Crawls of many small pages: time linear, memory of the crawling process flat"""
    rows = []
    for count in SMALL:
        with _server(count, 2_000) as base, tempfile.TemporaryDirectory() as folder:
            began = _cpu_of_children()
            seconds, report = _crawl(base, Path(folder))
            cpu = _cpu_of_children() - began  # the server's is not among it: it goes on
        each = f"{seconds / count * 1000:.2f} | {cpu / count * 1000:.2f}"
        rows.append(f"| {count:,} | {seconds:.0f} | {each} | {report['peak'] / 1e6:.0f} |")
    return "\n".join(
        ["| pages | seconds | ms/page | CPU ms/page | peak resident, MB |", "|---|---|---|---|---|", *rows]
    )


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _crawl(base: str, folder: Path, days: int = 0) -> tuple[float, dict[str, int]]:
    """Seconds, and what the server served, the child's peak memory (bytes) and its counts."""
    declare = {
        "feeds": [], "article_url": rf"^{base}/berita/\d+", "article_id": r"/berita/(\d+)", "page_query": "all=1",
        "indexes": [{"url": f"{base}/list/{{page}}", "links": "a", "pages": 10_000}],
        "budget": 10_000_000, "max_articles": 1_000_000,
    }  # fmt: skip
    now = datetime.now(UTC) + timedelta(days=days)
    order = {"declare": declare, "settings": SETTINGS}
    command = [sys.executable, "-m", "tests.scraper.local_crawl", json.dumps(order), "local", "--archive", str(folder)]
    command += ["--now", now.isoformat(), "--since", f"{now:%Y-%m-%d}", "--contact", "bench@example.org"]
    before = _served(base)
    start = perf_counter()
    child = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=3600, cwd=Path(__file__).parents[2]
    )
    seconds = perf_counter() - start
    said = next(message for line in child.stdout.splitlines() if "report" in (message := json.loads(line)))
    report = said["report"]
    assert report["finished"] and not report["failures"], report
    return seconds, {
        "served": _served(base) - before,
        "peak": said["peak_memory"],
        **{k: v for k, v in report.items() if isinstance(v, int)},
    }


def _served(base: str) -> int:
    """Bytes of bodies that the server has sent so far."""
    from urllib.request import urlopen

    with urlopen(f"{base}/served", timeout=10) as answer:
        return int(answer.read())


@contextmanager
def _server(pages: int, size: int) -> Iterator[str]:
    """A server in a process of its own: /all names every page, /list/N some; each page has its own words and an ETag."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.crawling", str(pages), str(size)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert child.stdout is not None
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"
    finally:
        child.kill()
        child.wait(10)


# ------------------------------------------------------------------------------------------------------------- the server


def serve(pages: int, size: int) -> None:
    """Answer until killed."""
    chance = Random(4711)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(400)]
    texts = [" ".join(chance.choices(words, k=size // 8)) for _ in range(64)]
    sent = 0

    def page(number: int) -> bytes:
        return (
            f"<html><head><title>Penghargaan {number}</title><body><p>{number} {texts[number % 64]}</p></html>".encode()
        )

    def listing(numbers: range) -> bytes:
        links = (f'<a href="/berita/{n}-penghargaan">Penghargaan {n}</a>' for n in numbers)
        return f"<html><body>{''.join(links)}</body></html>".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        while head := await _head(reader):
            path, asked = head
            etag = f'"{path}"'
            status, body = b"200 OK", b""
            if path == "/all":
                body = listing(range(pages))
            elif path.startswith("/list/"):
                last = int(path.removeprefix("/list/")) * LISTED
                body = listing(range(last - LISTED, min(last, pages)))
            elif path == "/served":
                body = str(sent).encode()
            elif path.startswith("/berita/"):
                body = page(int(path.split("/")[2].split("-")[0].split("?")[0]))
            else:
                status = b"404 Not Found"
            if etag in asked and path != "/served":
                status, body = b"304 Not Modified", b""
            sent += len(body)
            writer.write(
                b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\nContent-Length: " + str(len(body)).encode()
                + b"\r\nETag: " + etag.encode() + b"\r\n\r\n" + body
            )  # fmt: skip
            await writer.drain()
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(main())


async def _head(reader: asyncio.StreamReader) -> tuple[str, str] | None:
    """(path, all headers) of the next request; None when the connection ends."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return head.split(" ", 2)[1], head


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
