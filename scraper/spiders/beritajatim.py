"""beritajatim.com, news of East Java; an article's slug is its only id."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index


class BeritajatimSpider(ArticleSpider):
    name = "beritajatim"
    outlet = "beritajatim"
    region = "35"
    feeds = ("https://beritajatim.com/feed/",)
    indexes = (Index("https://beritajatim.com/tag/penghargaan?page={page}", "h2 a, h3 a", pages=5),)
    article_url = (
        r"https?://(?:www\.|m\.)?beritajatim\.com"
        r"/(?!(?:kanal|tag|author|category|page|arsip|foto|galeri|video)/|pedoman-|kode-etik-)"
        r"(?:[a-z0-9-]+/)?[a-z0-9]+(?:-[a-z0-9]+){3,}(?:/amp)?/?(?:$|[?#])"
    )
    article_id = r"/([a-z0-9]+(?:-[a-z0-9]+){3,})(?:/amp)?/?(?:$|[?#])"
    unverified = "each body selector is known from one scraper only, 2025 and 2026"
    layouts = (
        Layout("2026", body="div[itemprop=articleBody]"),
        Layout("2024", body="div.entry-content"),
    )
