"""Jawa Pos and its network (radar*.jawapos.com and others); since 2025 every host counts its articles by the day."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index

HOSTS = (
    "www", "radarsurabaya", "radarmalang", "radarkediri", "radarmadiun", "radarbojonegoro", "radarbromo", "radarjember",
    "radarbanyuwangi", "radarmojokerto", "radartulungagung", "radarsolo", "radarsemarang", "radarkudus", "radarjogja",
    "radarbali", "radarbogor", "lombokpost", "kaltimpost", "pontianakpost", "kaltengpos", "riaupos",
)  # fmt: skip


class JawaPosSpider(ArticleSpider):
    name = "jawapos"
    outlet = "Jawa Pos"
    feeds = tuple(f"https://{host}.jawapos.com/rss" for host in HOSTS)
    indexes = tuple(Index(f"https://{host}.jawapos.com/tag/penghargaan?page={{page}}", "a", pages=2) for host in HOSTS)
    article_url = (
        r"https?://(?:[a-z]+\.)?jawapos\.com/(?:amp/)?(?!tag/|author/|foto/|video/|infografis/)[a-z0-9-]+/(?:amp/)?"
        r"\d{7,10}/[a-z0-9]"
    )
    article_id = r"//(?:(?:www|m)\.|([a-z]+)\.)?jawapos\.com/(?:[a-z0-9-]+/)+?(\d{7,10})/"
    page_query = "page=all"
    layouts = (
        Layout(
            "2021",
            body="article.read__content",
            drop=(
                "p:has(strong.read__others)", "p:has(strong.readmore)", ".ads", "[class^=ads__]", "[id^=div-gpt-ad]", ".photo",
                ".paging",
            ),
            title="h1.read__title", published="div.read__info__date",
            author="div.read__info__author a[href*='/author/']",
            editors="div.read__info__author",
            tags="ul.tag__list a", caption="div.photo__caption",
        ),
        Layout("2026 data", body="[data-from-script] > div", title="[data-from-script] h1", author="[data-from-script] address",
               drop=("p:has(strong.read__others)", "p:has(strong.readmore)", ".linksisip", ".ads")),
    )  # fmt: skip
    unverified = "that new pages hold their text as data of __NEXT_DATA__ is known from one scraper only, 2026"
