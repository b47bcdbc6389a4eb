"""merdeka.com; an article is one to six page blocks, some hidden until clicked."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider


class MerdekaSpider(ArticleSpider):
    name = "merdeka"
    outlet = "merdeka"
    feeds = ("https://www.merdeka.com/rss/",)
    article_url = r"https?://(?:www|m)\.merdeka\.com/(?:amp/)?(?!foto/)[a-z-]+/[^/]+\.html"
    article_id = r"-(\d+-mvk)\.html|/(?![^/]*-\d+-mvk\.)([^/]+)\.html"
    page_number = ""  # every page shows the blocks of all
    layouts = (
        Layout(
            "2022 today", body="div.detail-paragraph", blocks=(1, 12), title="div.detail-headline h2", published="span.time"
        ),
        Layout(
            "2021",
            body="div.mdk-body-paragraph",
            blocks=(1, 12),
            drop=(
                ".baca-juga-collections", ".box-video", "[id^=div-gpt-ad]", "blockquote.instagram-media",
                ".imagecontent", ".imageinfo", ".dont-display",
            ),
            author="div.mdk-date-reporter",
            editors="div.mdk-news-credit",
            published="div.mdk-date-reporter",
            tags="ul.tag__list a",
            caption="span.mdk-news-img-copyright",
        ),
        *former.MERDEKA,
    )  # fmt: skip
