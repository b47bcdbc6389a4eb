"""viva.co.id, and its regional hosts with numbers of their own; `?page=all` shows an article whole."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider, Index


class VivaSpider(ArticleSpider):
    name = "viva"
    outlet = "VIVA"
    feeds = ("https://www.viva.co.id/get/all",)
    indexes = (Index("https://www.viva.co.id/indeks?page={page}", "a.article-list-title", pages=10),)
    article_url = (
        r"https?://(?!(?:foto|video|forum)\.)(?:[a-z]+\.){0,3}viva\.co\.id/(?:amp/)?"
        r"(?!(?:foto|video|indeks|tag|search|siapa|read)/)(?:[a-z0-9-]+/){1,2}\d+-[a-z0-9]"
    )
    article_id = (
        r"//(?:www\.|m\.)?viva\.co\.id/(?:[a-z0-9-]+/)+(\d+)-|viva\.co\.id/[a-z0-9-]+/read/(\d+)-"
        r"|//([a-z]+)\.viva\.co\.id/(?:(?!read/)[a-z0-9-]+/)+(\d+)-"
    )
    page_query = "page=all"
    layouts = (
        Layout(
            "2021",
            body="div.main-content-detail",
            drop=(".recommended-article", ".widget-other-article", ".ads", ".ad-slot", ".adsbygoogle"),
            published="div.main-content-date",
        ),
        *former.VIVA,
    )
