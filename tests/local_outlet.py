"""An outlet on this machine for tests of the whole command: lists by day, articles with awards, a layout that can change."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

from tests.scraper.local_site import Answer, page, status

BODY = (
    "Pemerintah Kota Mojokerto meraih Natamukti Award {n} dari ICSB Indonesia di Jakarta, Rabu. Penghargaan itu diterima"
    " langsung oleh Wali Kota Mojokerto Ika Puspitasari pada malam penganugerahan.",
    "Ia berterima kasih kepada semua pelaku usaha kecil dan menengah di kota itu yang bekerja keras sepanjang tahun, juga"
    " kepada dinas koperasi yang mendampingi mereka sejak awal.",
    "Menurut dia, ratusan usaha kecil telah dibina, dan setiap kelurahan kini memiliki satu produk unggulan yang dijual"
    " sampai ke luar daerah melalui pasar daring milik pemerintah kota.",
)


def article(
    number: int, day: date, box: str = "isi", title: str = "Kota Mojokerto Raih Natamukti Award {n}",
    more: tuple[str, ...] = (), paragraphs: tuple[str, ...] = BODY, time: str = "08:30", tags: bool = True,
) -> str:  # fmt: skip
    """An article's page in the layout of the day (`box` is the class of the block that holds the text)."""
    headline = title.format(n=2000 + number)
    about = json.dumps({
        "@type": "NewsArticle", "headline": headline, "datePublished": f"{day}T{time}:00+07:00",
        "author": {"@type": "Person", "name": "Sari Dewi"},
    })  # fmt: skip
    text = "".join(f"<p>{p.format(n=2000 + number)}</p>" for p in (*paragraphs, *more))
    words = '<div class="tag"><a href="/tag/umkm">umkm</a><a href="/tag/award">award</a></div>' if tags else ""
    return (
        f'<html><head><title>{headline}</title><meta property="og:title" content="{headline}">'
        f'<meta property="og:type" content="article"><script type="application/ld+json">{about}</script></head>'
        f'<body><h1>{headline}</h1><div class="{box}">{text}</div>{words}</body></html>'
    )


def listing(*numbers: int) -> str:
    """A list page."""
    return "".join(f'<h3><a href="/berita/{n}/x">Kota Mojokerto raih penghargaan {n}</a></h3>' for n in numbers)


def by_day(first: date, days: int) -> dict[str, Answer | list[Answer]]:
    """A site with one article a day, number 1 on the first."""
    answers: dict[str, Answer | list[Answer]] = {"/robots.txt": status(404), "/rss": page("<rss></rss>")}
    for n in range(1, days + 1):
        day = first + timedelta(days=n - 1)
        answers |= {f"/indeks/{day}": page(listing(n)), f"/berita/{n}/x": page(article(n, day))}
    return answers


def package(folder: Path, base: str, dated: bool = True) -> dict[str, str]:
    """A package that brings the site `lokal` through the entry point `awards.sites`; its environment."""
    index = f'    indexes = (Index("{base}/indeks/{{day:%Y-%m-%d}}", "h3 a"),)\n' if dated else ""
    (folder / "lokal_site.py").write_text(
        "from etl.model import Layout\nfrom scraper import settings\nfrom scraper.spider import ArticleSpider, Index\n\n"
        # Only for this machine, in the child that crawls: a test need not wait.
        'settings.LIVE.update({"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_START_DELAY": 0, "AUTOTHROTTLE_ENABLED": False})\n\n\n'
        "class LokalSpider(ArticleSpider):\n"
        '    name = "lokal"\n    outlet = "Lokal"\n    unverified = "never met"\n'
        f'    feeds = ("{base}/rss",)\n{index}'
        f'    article_url = r"{base}/berita/\\d+"\n    article_id = r"/berita/(\\d+)"\n'
        '    layouts = (Layout("2026", body="div.isi", tags="div.tag a"),)\n',
        encoding="utf-8",
    )
    info = folder / "lokal_site-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lokal-site\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[awards.sites]\nlokal = lokal_site:LokalSpider\n", encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])}
