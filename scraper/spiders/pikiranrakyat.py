"""Pikiran Rakyat and the hosts of its network, whose article numbers are one series behind each host's own."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index

HOSTS = (
    "www", "galamedia", "kabarbanten", "jabar", "bekasi", "bogorraya", "yogyakarta", "klaten", "portaljember", "wartapontianak",
    "lubuklinggau",
)  # fmt: skip


class PikiranRakyatSpider(ArticleSpider):
    name = "pikiranrakyat"
    outlet = "Pikiran Rakyat"
    feeds = ("https://www.pikiran-rakyat.com/rss", "https://kabarbanten.pikiran-rakyat.com/rss")
    indexes = tuple(
        Index(f"https://{host}.pikiran-rakyat.com/search?q=penghargaan&page={{page}}", "h2 a, a.latest__link", pages=3)
        for host in HOSTS
    )
    article_url = (
        r"https?://(?:[a-z0-9-]+\.)?pikiran-rakyat\.com/(?!foto/|video/)[a-z0-9-]+/(?:amp/)?pr-\d{6,12}(?:[/?#]|$)"
    )
    article_id = r"/pr-(\d{6,12})"
    page_query = "page=all"
    layouts = (
        Layout(
            "2021",
            body="article.read__content",
            drop=(
                "p:has(strong.read__others)", ".ads", "[class^=ads__]", "[id^=div-gpt-ad]", ".google-auto-placed",
                ".ap_container", ".read__tagging", ".latest", ".prads", ".coverwa", ".social", ".photo", ".paging",
            ),
            published="div.read__info__date, span.date_detail",
            author="div.read__info__author a[href*='/author/']",
            editors="div.read__info__author",
            tags="section.read__tagging a, ul.tag__list a",
            caption="div.photo__caption",
        ),
    )  # fmt: skip
