"""kompas.com: all channels and regional hosts; `?page=all` shows an article whole."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider, Index


class KompasSpider(ArticleSpider):
    name = "kompas"
    outlet = "kompas"
    indexes = (Index("https://indeks.kompas.com/?site=all&date={day:%Y-%m-%d}&page={page}", "a.article-link"),)
    article_url = r"https?://[a-z]+\.kompas\.com/(?:[a-z-]+/)?read/\d{4}/\d\d/\d\d/\d{8,9}"
    article_id = r"/read/(\d{4}/\d\d/\d\d/\d{8,9})"
    page_query = "page=all"
    layouts = (
        Layout(
            "2020",
            body="div.read__content",
            drop=(
                "[class^=inject-baca-juga]",
                "[class^=kompasidRec]",
                "p:has(a.inner-link-baca-juga)",
                ".ads-on-body",
                ".read__tag",
            ),
            title="h1.read__title",
            published="div.read__time",
            author="div.credit-title-name h6, div.read__author",
            tags="a.tag__article__link, div.read__tag a",
            caption="div.photo__caption",
        ),
        *former.KOMPAS,
    )
