"""Media Indonesia."""

from etl.model import Layout
from scraper.spider import ArticleSpider


class MediaIndonesiaSpider(ArticleSpider):
    name = "mediaindonesia"
    outlet = "mediaindonesia"
    sitemaps = ("https://mediaindonesia.com/sitemap.xml",)
    article_url = r"https?://(?:www\.)?mediaindonesia\.com/[a-z0-9-]+/\d+/"
    article_id = r"mediaindonesia\.com/[a-z0-9-]+/(\d+)/"
    layouts = (
        Layout(
            "2025",
            body="div.article",
            drop=("p.related-news", ".flying-carpet", ".ext-channel", ".info-author", "._ap_apex_ad", ".dfp-ad"),
            published="span.datetime",
            author="div.author-2",
            editors="div.info-author",
            caption="figure.main-img figcaption",
        ),
    )
