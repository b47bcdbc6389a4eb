"""CNN Indonesia; its pages are of the same family as detik's and CNBC Indonesia's."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider, Index


class CnnIndonesiaSpider(ArticleSpider):
    name = "cnnindonesia"
    outlet = "CNN Indonesia"
    feeds = ("https://www.cnnindonesia.com/nasional/rss", "https://www.cnnindonesia.com/ekonomi/rss")
    indexes = (Index("https://www.cnnindonesia.com/indeks/2?date={day:%Y/%m/%d}&page={page}", "article a"),)
    article_url = (
        r"https?://(?:www|m)\.cnnindonesia\.com/(?:amp/)?(?!tv/|foto/|video/)[a-z0-9-]+/"
        r"\d{14}-\d+-\d+/(?!foto-|video-)"
    )
    article_id = r"/\d{14}-\d+-(\d+)/"
    page_number = r"[?&]page=(\d{1,2})(?!\d)|/\d{14}-\d+-\d+/[^/?#]+/(\d{1,2})(?=[?#]|$)"
    layouts = (
        Layout(
            "2023",
            body="div.detail-text",
            drop=(".paradetail", ".linksisip", ".newstag", ".end-of-article", "[id^=div-gpt-ad]", "a.border"),
            published="div.text-cnn_grey.text-sm",
            tags="aside a[href*='/tag/']",
        ),
        *former.CNN_INDONESIA,
    )
