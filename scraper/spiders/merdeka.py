"""merdeka.com; an article is one to six page blocks, some hidden until clicked."""

from etl.model import Layout
from scraper.spider import ArticleSpider


class MerdekaSpider(ArticleSpider):
    name = "merdeka"
    outlet = "merdeka"
    feeds = ("https://www.merdeka.com/rss/",)
    article_url = r"https?://(?:www|m)\.merdeka\.com/[a-z-]+/.+-\d+-mvk\.html|https?://(?:www|m)\.merdeka\.com/[a-z-]+/[^/]+\.html"
    article_id = r"(?:-(\d+-mvk)|/([^/]+))\.html"
    layouts = (
        Layout(
            "2021",
            body="div.mdk-body-paragraph",
            blocks=(1, 12),
            drop=(".baca-juga-collections", ".box-video", "[id^=div-gpt-ad]", "blockquote.instagram-media"),
            author=".mdk-date-reporter",
            published=".mdk-date-reporter",
            tags=".tag__list a",
            caption=".mdk-news-img-copyright",
        ),
    )
