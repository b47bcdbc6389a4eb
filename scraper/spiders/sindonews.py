"""sindonews.com: all channels, one series of numbers a decade; `?showpage=all` shows an article whole, without its JSON-LD."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider, Index


class SindonewsSpider(ArticleSpider):
    name = "sindonews"
    outlet = "SINDOnews"
    feeds = tuple(f"https://{host}.sindonews.com/rss" for host in ("daerah", "nasional", "ekbis", "edukasi"))
    indexes = tuple(
        Index(f"https://www.sindonews.com/indeks/{channel}/{{page}}?t={{day:%Y-%m-%d}}", "div.news-title a", 6, 0, 20)
        for channel in (7, 5)
    )
    article_url = (
        r"https?://(?!(?:scope|media|index|video|photo|foto|e|pict)\.)[a-z]+\.sindonews\.com/"
        r"(?:news)?read/\d+/\d+/[a-z0-9]"
    )
    # The numbers began anew in 2020: of the years before, the time at the slug's end tells the two apart.
    article_id = r"read/(\d+)/(?:\d+/[^/?#]*-(1[3-5]\d{8})(?=$|[/?#]))?"
    page_query = "showpage=all"
    layouts = (
        Layout(
            "2022",
            body="div#detail-desc, div.detail-desc",
            drop=("[class^=v-]", "[class^=baca-juga]", "[class^=lihat-juga]", "[class^=related]", "[id^=ads_]"),
            title="h1.detail-title",
            published="div.detail-date-artikel",
            author="div.detail-nama-redaksi",
            tags=".article-tags a",
        ),
        *former.SINDONEWS,
    )
