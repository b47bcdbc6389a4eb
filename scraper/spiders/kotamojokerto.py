"""gemamedia.mojokertokota.go.id, the news portal of the city of Mojokerto."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index


class KotamojokertoSpider(ArticleSpider):
    name = "kotamojokerto"
    outlet = "Gema Media Kota Mojokerto"
    region = "35.76"
    indexes = (Index("https://gemamedia.mojokertokota.go.id/", "a[href*='/berita/']", pages=1),)
    article_url = r"https?://gemamedia\.mojokertokota\.go\.id/berita/\d+/\d{4}/\d\d/"
    article_id = r"/berita/(\d+)/\d{4}/\d\d/"
    unverified = "only the address form is known: body selectors as home-made portals have them"
    layouts = (
        Layout(
            "common",
            body=(
                "div[itemprop=articleBody], div.entry-content, div.post-content, div.article-content, div.news-content,"
                " div.detail-content, div.isi-berita, div.content-berita, div.detail-berita"
            ),
            title="h1, h2, h3",
        ),
    )
