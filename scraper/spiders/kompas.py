"""kompas.com: all channels and regional hosts; `?page=all` shows an article whole."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index


class KompasSpider(ArticleSpider):
    name = "kompas"
    outlet = "kompas"
    indexes = (Index("https://indeks.kompas.com/?site=all&date={day:%Y-%m-%d}&page={page}", "a.article-link"),)
    article_url = r"https?://[a-z]+\.kompas\.com/(?:[a-z-]+/)?read/\d{4}/\d\d/\d\d/\d{9}"
    article_id = r"/read/(\d{4}/\d\d/\d\d/\d{9})"
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
            published=".read__time",
            author=".credit-title-name",
            tags=".tag__article__link",
            caption=".photo__caption",
        ),
    )
