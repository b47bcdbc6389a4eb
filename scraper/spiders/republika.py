"""republika.co.id: all channels and regional hosts (rejabar, rejogja), one series of codes."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider, Index


class RepublikaSpider(ArticleSpider):
    name = "republika"
    outlet = "Republika"
    feeds = ("https://www.republika.co.id/rss/",)
    indexes = (Index("https://republika.co.id/index/{page}/{day:%Y/%m/%d}", "li.list-group-item a", 6, 0, 50),)
    article_url = (
        r"https?://(?!(?:visual|video|tv|static)\.)(?:[a-z]+\.)?republika\.co\.id/(?:amp/|amp_version/"
        r"|berita/(?!inpicture/|video/)(?:[a-z0-9-]+/)*?(?:\d\d/\d\d/\d\d/)?/?)(?=[a-z]*\d)[a-z0-9]{6,14}(?:[-/?#]|$)"
    )
    article_id = (
        r"republika\.co\.id/(?:amp/|amp_version/|berita/(?:[a-z0-9-]+/)*?(?:\d\d/\d\d/\d\d/)?/?)"
        r"((?=[a-z]*\d)[a-z0-9]{6,14})(?:[-/?#]|$)"
    )
    layouts = (
        Layout(
            "2023",
            body="div.article-content article",
            drop=(".picked-article", ".footnote-wrap", "[id^=div-gpt-ad]", "[id^=bn_]"),
            title="div.max-card__title h1",
            published="div.date-item__headline",
            author="div.max-card__title div",
            caption="div.caption-img",
        ),
        *former.REPUBLIKA,
    )  # fmt: skip
