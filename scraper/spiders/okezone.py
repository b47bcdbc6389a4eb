"""okezone.com: every channel is a host of its own, with one series of numbers; `?page=all` shows an article whole."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider, Index


class OkezoneSpider(ArticleSpider):
    name = "okezone"
    outlet = "Okezone"
    feeds = tuple(f"https://sindikasi.okezone.com/index.php/rss/{channel}/RSS2.0" for channel in (0, 1))
    indexes = (Index("https://index.okezone.com/bydate/channel/{day:%Y/%m/%d}/1/{page}/", "h4 a", 10, 0, 15),)
    article_url = r"https?://(?!(?:foto|video|tv)\.)[a-z]+\.okezone\.com/(?:read|amp)/\d{4}/\d\d/\d\d/\d+/\d+"
    article_id = r"/(?:read|amp)/\d{4}/\d\d/\d\d/\d+/(\d+)"
    page_query = "page=all"
    layouts = (
        Layout(
            "2024",
            body="div.c-detail.read",
            drop=("#baca-juga", ".vicon", "[class^=inject-]", "[class^=banner]"),
            title="div.title-article h1",
            published="div.journalist",
            author="div.journalist a",
            tags="div#tag div.box-tag a",
        ),
        *former.OKEZONE,
    )
