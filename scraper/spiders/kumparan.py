"""kumparan: its own newsrooms and everybody's stories, one address form; class names change, `data-qa-id` stays."""

from etl.model import Layout
from scraper.spider import ArticleSpider


class KumparanSpider(ArticleSpider):
    name = "kumparan"
    outlet = "kumparan"
    feeds = ("https://lapi.kumparan.com/v2.0/rss/",)
    sitemaps = ("https://kumparan.com/sitemap_channel_news.xml",)
    article_url = (
        r"https?://(?:www\.|m\.|amp\.)?kumparan\.com/(?:amp/)?(?!channel/|topic/|trending/)@?[\w.-]+/"
        r"(?:[\w.-]+-)?\d[0-9A-Za-z]{10}(?=/full|/?(?:[?#]|$))"
    )
    article_id = r"[/-](\d[0-9A-Za-z]{10})(?=/full|/?(?:[?#]|$))"
    layouts = (
        Layout(
            "2026",  # the element that holds the paragraphs, or where each has its own, all of these
            body="article:has(> [data-qa-id=story-paragraph]), div:has(> [data-qa-id=story-paragraph])",
            blocks=(1, 300),
            drop=(
                "aside", "time", "h1", "[data-qa-id=author-name]", "[data-qa-id=story-title]", "[data-qa-id=tag-topic]",
                "[data-qa-id=story-footer]", "[data-qa-id=breaking-news-compartment]", "[data-qa-id=share-wrapper]",
            ),
            published="[data-qa-id=publish-date]",
            tags="a[data-qa-id=tag-topic]",
        ),
    )  # fmt: skip
    unverified = "scrapers agree on the paragraphs; the element around them, with lists and subheads, was not seen"
