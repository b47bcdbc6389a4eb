"""liputan6.com; its articles come in several page blocks inside one body."""

from etl.model import Layout
from scraper.spider import ArticleSpider


class Liputan6Spider(ArticleSpider):
    name = "liputan6"
    outlet = "liputan6"
    feeds = ("https://feed.liputan6.com/rss/regional", "https://feed.liputan6.com/rss/news")
    article_url = r"https?://[a-z0-9]+\.liputan6\.com/(?:[a-z0-9-]+/)?read/\d+"
    article_id = r"/read/(\d+)"
    layouts = (
        Layout(
            "2020",
            body="div.article-content-body",
            drop=(
                ".baca-juga",
                ".baca-juga-collections",
                ".advertisement-placeholder",
                ".advertisement-text",
                ".article-content-body__item-media",
                ".article-content-body__break",
                ".article-content-body__load-more",
            ),
            tags="a[class*=tags--][class*=link]",
            caption=".read-page--photo-gallery--item__caption",
        ),
    )
