"""liputan6.com; its articles come in several page blocks inside one body."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider


class Liputan6Spider(ArticleSpider):
    name = "liputan6"
    outlet = "liputan6"
    feeds = ("https://feed.liputan6.com/rss/regional", "https://feed.liputan6.com/rss/news")
    article_url = r"https?://[a-z0-9]+\.liputan6\.com/(?:[a-z0-9-]+/)?read/\d+"
    article_id = r"/read/(\d+)"
    layouts = (
        Layout(
            "2022 today", body="div.detail-paragraph", blocks=(1, 12), title="div.detail-headline h2", published="span.time"
        ),
        Layout(
            "2020",
            body="div.article-content-body",
            drop=(
                ".baca-juga", ".baca-juga-collections", ".seamless-ads", ".article-ad", ".advertisement-placeholder",
                ".advertisement-text", ".article-content-body__item-media", ".article-content-body__break",
                ".article-content-body__load-more", ".article-photo-gallery--item", ".article-video-gallery--item",
            ),
            published="time.read-page--header--author__datetime, span.article-header__datetime",
            author="span.read-page--header--author__name, a.article-header__author-link",
            editors="div.read-page--credit span",
            tags="a[class*=tags--][class*=link]",
            caption="figcaption, div.article-photo-gallery--item_full div[class$=description]",
        ),
        *former.LIPUTAN6,
    )  # fmt: skip
