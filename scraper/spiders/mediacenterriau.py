"""mediacenter.riau.go.id, the news portal of the province of Riau."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index


class MediacenterriauSpider(ArticleSpider):
    name = "mediacenterriau"
    outlet = "Media Center Riau"
    region = "14"
    indexes = (Index("https://mediacenter.riau.go.id/indexberita/index/{page}", ".titletengah > b > a", 11, 0, 10),)
    article_url = r"https?://mediacenter\.riau\.go\.id/(?:index\.php\??/)?read/\d+"
    article_id = r"/read/(\d+)"
    unverified = "the body selector is known from one crawler only, 2025; where the time stands is not known"
    layouts = (Layout("2025", body=".post", drop=("h1",), title="h1, h2, h3"),)
