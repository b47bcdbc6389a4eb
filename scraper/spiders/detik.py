"""detik.com: news and the regional channels; every channel uses one article template."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index


class DetikSpider(ArticleSpider):
    name = "detik"
    outlet = "detik"
    indexes = (
        Index(
            "https://news.detik.com/indeks?page={page}&date={day:%m/%d/%Y}",
            "article.list-content__item h3.media__title a",
        ),
    )
    article_url = r"https?://(?:news|www)\.detik\.com/(?:[a-z]+/)*d-\d+"
    article_id = r"/(d-\d+)"
    layouts = (
        Layout(
            "2021",
            body="div.detail__body-text",
            drop=(
                ".parallaxindetail", ".staticdetail_container", "table.linksisip", ".lihatjg", ".sisip_video_ds",
                ".noncontent", ".detail__body-tag", "table.pic_artikel_sisip_table", "[class^=ads-]",
            ),
            title="h1.detail__title",
            tags=".detail__body-tag a",
            caption=".detail__media-caption",
        ),
    )  # fmt: skip
