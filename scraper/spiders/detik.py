"""detik.com: news and the regional channels; every channel uses one article template."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider, Index


class DetikSpider(ArticleSpider):
    name = "detik"
    outlet = "detik"
    feeds = ("https://www.detik.com/jatim/rss", "https://www.detik.com/jateng/rss")
    indexes = (
        Index(
            "https://news.detik.com/indeks?page={page}&date={day:%m/%d/%Y}",
            "article.list-content__item h3.media__title a",
        ),
    )
    article_url = r"https?://(?!20\.)[a-z]+\.detik\.com/(?:(?!foto)[a-z0-9-]+/)*(?:d-\d+|read/\d{4}/\d\d/\d\d/\d+/\d+)"
    article_id = r"/(d-\d+)|/read/\d{4}/\d\d/\d\d/\d+/(\d+)"
    layouts = (
        Layout(
            "2021",
            body="div.detail__body-text",
            drop=(
                ".parallaxindetail", ".staticdetail_container", "table.linksisip", ".lihatjg", ".sisip_video_ds",
                ".noncontent", ".detail__body-tag", "table.pic_artikel_sisip_table", "[class^=ads-]", ".para_caption",
            ),
            title="h1.detail__title",
            published="div.detail__date",
            tags="div.detail__body-tag a",
            caption="figcaption.detail__media-caption",
        ),
        *former.DETIK,
    )  # fmt: skip
