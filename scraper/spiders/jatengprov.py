"""jatengprov.go.id, the portal of the province of Central Java: its own news and those of its regencies and cities."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index


class JatengprovSpider(ArticleSpider):
    name = "jatengprov"
    outlet = "Pemprov Jawa Tengah"
    region = "33"
    feeds = ("https://jatengprov.go.id/feed/",)
    indexes = (Index("https://jatengprov.go.id/", "a[href*='/publik/'], a[href*='/beritadaerah/']", pages=1),)
    article_url = r"https?://(?:www\.)?jatengprov\.go\.id/(?:publik|beritadaerah|beritaopd)/[a-z0-9]+(?:-[a-z0-9]+)+"
    article_id = r"/(?:publik|beritadaerah|beritaopd)/([a-z0-9-]+)"
    unverified = "no source tells the page structure: body selectors as WordPress themes have them"
    layouts = (
        Layout(
            "WordPress",
            body="div.entry-content, div.td-post-content, div.elementor-widget-theme-post-content",
            title="h1, h2",
            author="div.entry-content > p:last-of-type",
        ),
    )
