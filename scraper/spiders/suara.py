"""suara.com and its regional hosts; an article's address holds no number but its time, which two articles may share."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider, Index


class SuaraSpider(ArticleSpider):
    name = "suara"
    outlet = "Suara"
    feeds = ("https://www.suara.com/rss", "https://www.suara.com/rss/news", "https://www.suara.com/rss/bisnis")
    indexes = (Index("https://www.suara.com/indeks?page={page}", "div.article-kanal-item h3 a", pages=15),)
    article_url = (
        r"https?://(?!yoursay\.|video\.)(?:[a-z]+\.)?suara\.com/(?:amp/)?(?!foto/|video/|tag/)[a-z0-9-]+/"
        r"\d{4}/\d\d/\d\d/\d{6}/[a-z0-9]"
    )
    article_id = r"/(\d{4}/\d\d/\d\d/\d{6})/([a-z0-9]+)"
    layouts = (
        Layout(
            "2026",
            body="div.article-content",
            drop=(
                ".ten-second", ".article-read", "[class*=baca-juga]", "[id*=next-article]", "[id*=div-ad]",
                ".placeholder_belt", ".placeholder_read_body", ".wrap-pagination", ".article-tags", ".google-pref",
            ),
            tags="div.article-tags a",
        ),
        Layout(
            "2023",
            body="article.detail-content, div.detail-content",
            drop=(".kesimpulan", "[class*=baca-juga]", "[id*=div-ad]"),
            published="div.date-article span",
        ),
        *former.SUARA,
    )  # fmt: skip
