"""ANTARA, national and provincial desks. It asks that its article pages not be read by programs: live, feeds only."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider


class AntaranewsSpider(ArticleSpider):
    name = "antaranews"
    outlet = "antaranews"
    feeds = (
        *(f"https://{desk}.antaranews.com/rss/terkini" for desk in ("www", "jatim")),
        *(f"https://{desk}.antaranews.com/rss/terkini.xml" for desk in "jateng jabar bali sumut makassar".split()),
    )
    article_url = r"https?://(?:[a-z]+\.)?antaranews\.com/(?:amp/)?berita/\d+"
    article_id = r"//(?:(?!www\.|m\.)([a-z]+)\.|www\.|m\.)?antaranews\.com/(?:amp/)?berita/(\d+)"
    article_pages = False
    layouts = (
        Layout(
            "2023",
            body="div.wrap__article-detail-content",
            drop=(".baca-juga", ".adsbygoogle", "[class^=ads]"),
            title="div.wrap__article-detail-title",
            published="li.list-inline-item",
            caption="figcaption",
            tags="div.blog-tags a",
        ),
        *former.ANTARANEWS,
    )
