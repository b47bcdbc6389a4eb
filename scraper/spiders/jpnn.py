"""jpnn.com; an article's address holds its slug, on the regional hosts a number."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index


class JpnnSpider(ArticleSpider):
    name = "jpnn"
    outlet = "JPNN"
    feeds = ("https://www.jpnn.com/rss",)
    indexes = (
        Index(
            "https://www.jpnn.com/indeks?id=&d={day:%d}&m={day:%m}&y={day:%Y}&tab=all&page={page}",
            "h1 a, h2 a, h3 a",
            pages=30,
        ),
    )
    article_url = (
        r"https?://(?:(?:www\.|m\.)?jpnn\.com/(?:amp/)?news/[a-z0-9]"
        r"|(?!(?:www|m|foto|video)\.)[a-z]+\.jpnn\.com/(?:amp/)?[a-z-]+/\d{3,}/[a-z0-9])"
    )
    article_id = r"jpnn\.com/(?:amp/)?news/([^/?#]+)|//([a-z]+)\.jpnn\.com/(?:amp/)?[a-z-]+/(\d{3,})/"
    unverified = "no source tells where the page shows its time; the <meta> has it in words"
    layouts = (
        Layout(
            "2024",
            body="div[itemprop=articleBody]",
            drop=("div.baca-juga", ".terkait", ".tags", ".pagination", ".top-medsos", ".creator-medsos", "[id*=div-gpt-ad]"),
        ),
    )  # fmt: skip
