"""Radio Republik Indonesia: one site for all its stations, one series of article numbers."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index


class RriSpider(ArticleSpider):
    name = "rri"
    outlet = "RRI"
    feeds = ("https://rri.co.id/rss",)
    indexes = (Index("https://rri.co.id/search?q=penghargaan&page={page}", "a.title", pages=5),)
    article_url = (
        r"https?://(?:www\.|m\.)?rri\.co\.id/(?:amp/)?(?!foto/|video/|tag/)[a-z0-9-]+/(?:[a-z0-9-]+/)?\d{4,}/[a-z0-9]"
    )
    article_id = r"rri\.co\.id/(?:[a-z0-9-]+/)+?(\d{4,})/"
    layouts = (
        Layout(
            "2026",
            body="#news-content",
            title="h1, h2#news-title",
            published="li.date",
            author="li.author a",
        ),
        Layout(
            "2023",
            body="div.post_details_inner",
            drop=("h1", "h2#news-title", "li.date", "li.author"),
            title="h1, h2#news-title",
            published="li.date",
            author="li.author a",
        ),
    )
    unverified = "three scrapers name three body blocks"
