"""CNBC Indonesia: economy first, and the awards that it gives and reports."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider, Index


class CnbcIndonesiaSpider(ArticleSpider):
    name = "cnbcindonesia"
    outlet = "CNBC Indonesia"
    feeds = ("https://www.cnbcindonesia.com/rss?tag=penghargaan", "https://www.cnbcindonesia.com/news/rss")
    indexes = (Index("https://www.cnbcindonesia.com/indeks?date={day:%Y/%m/%d}&tipe=&page={page}", "article a"),)
    article_url = (
        r"https?://(?:www|m)\.cnbcindonesia\.com/(?:amp/)?(?!tv/|foto/|video/)[a-z-]+/\d{14}-\d+-\d+/(?!foto-|video-)"
    )
    article_id = r"/\d{14}-\d+-(\d+)/"
    page_number = r"[?&]page=(\d{1,2})(?!\d)|/\d{14}-\d+-\d+/[^/?#]+/(\d{1,2})(?=[?#]|$)"
    layouts = (
        Layout(
            "2023",
            body="div.detail-text",
            drop=("[class^=sisip_]", "[class^=link_sisip]", ".linksisip", ".paradetail", "[id^=div-gpt-ad]"),
            published="div.text-cm.text-gray",
        ),
        *former.CNBC_INDONESIA,
    )
