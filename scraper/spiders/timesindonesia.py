"""TIMES Indonesia; the numbers of a regional host may be its own, times.co.id has codes."""

from etl.model import Layout
from scraper.spider import ArticleSpider


class TimesindonesiaSpider(ArticleSpider):
    name = "timesindonesia"
    outlet = "TIMES Indonesia"
    sitemaps = ("https://www.timesindonesia.co.id/sitemap.xml",)
    article_url = (
        r"https?://(?:(?:[a-z0-9-]+\.)?timesindonesia\.co\.id/(?:amp/)?(?:read/)?(?!(?:ekoran|foto|tag|tv|video)/)[a-z0-9-]+/\d+/"
        r"|[a-z0-9-]+\.times\.co\.id/news/[a-z0-9-]+/[A-Za-z0-9]+/)"
    )
    article_id = (
        r"//(?:(?!(?:www|m|amp)\.)([a-z0-9-]+)\.|(?:www|m|amp)\.)?timesindonesia\.co\.id/(?:amp/)?(?:read/)?[a-z0-9-]+/(\d+)/"
        r"|\.times\.co\.id/news/[a-z0-9-]+/([A-Za-z0-9]+)/"
    )
    unverified = "the body selector is known from the site's own front-end code only, 2025; that of times.co.id is not"
    layouts = (Layout("2025", body="article div.prose", drop=("p.italic",)),)
