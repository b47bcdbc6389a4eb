"""infopublik.id, the government's news portal: what the media centres of provinces, regencies and cities send in."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index


class InfopublikSpider(ArticleSpider):
    name = "infopublik"
    outlet = "InfoPublik"
    indexes = (
        Index("https://infopublik.id/kategori/nusantara?page={page}", "a[href*='/kategori/nusantara/']", pages=5),
    )
    article_url = r"https?://(?:www\.|m\.)?infopublik\.id/(?:amp/)?kategori/[a-z0-9-]+/\d+(?:/|$)"
    article_id = r"/kategori/[a-z0-9-]+/(\d+)"
    unverified = "no source tells the page structure: body selectors as home-made portals have them"
    layouts = (
        Layout(
            "common",
            body=(
                "div[itemprop=articleBody], div.entry-content, div.post-content, div.article-content, div.news-content,"
                " div.detail-content, div.isi-berita, div.content-berita, div.detail-berita"
            ),
            title="h1, h2, h3",
            published="p, div, li, small, span",  # 'Oleh MC KAB AGAM, Jumat, 8 Maret 2024 | 01:23 WIB - Redaktur: ...'
            editors="p",
        ),
    )
