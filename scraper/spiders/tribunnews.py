"""tribunnews.com and the Tribun papers of the regions, each at a host of its own with numbers of its own."""

from etl.model import Layout
from scraper.spider import ArticleSpider, Index

HOSTS = (
    "www aceh ambon babel bali banjarmasin banten banyumas batam bekasi bengkulu bogor cirebon flores gorontalo jabar"
    " jakarta jambi jateng jatim jogja kalteng kaltara kaltim kupang lampung lombok makassar manado mataraman medan"
    " padang palembang palu pantura papua papuabarat pekanbaru pontianak solo sulbar sultra surabaya suryamalang"
    " tangerang ternate toraja wartakota"
).split()


class TribunnewsSpider(ArticleSpider):
    name = "tribunnews"
    outlet = "Tribunnews"
    sitemaps = tuple(f"https://www.tribunnews.com/{part}/sitemap-news.xml" for part in ("regional", "nasional"))
    indexes = tuple(
        Index(f"https://{host}.tribunnews.com/index-news?date={{day:%Y-%m-%d}}&page={{page}}", "ul.lsi h3 a", pages=5)
        for host in HOSTS
    )
    schedule = "17 */6 * * *"
    article_url = (
        r"https?://(?!(?:video|shopping|belanja)\.)[a-z-]+\.tribunnews\.com/(?:amp/)?"
        r"(?!(?:images|foto|video|webstories|ampstory|penulis|editor|tag|topic)/)"
        r"(?:[a-z0-9-]+/){0,2}(?:\d{4}/\d\d/\d\d|\d{6,})/[a-z0-9]"
    )
    article_id = r"//(?:(?:www|m)|([a-z-]+))\.tribunnews\.com/(?:[a-z0-9-]+/)*?(?:(\d{4}/\d\d/\d\d/[^/?#]+)|(\d{6,})/)"
    page_query = "page=all"
    layouts = (
        Layout(
            "2022",
            body="div.side-article.txt-article",
            drop=("p.baca", "blockquote.summary-article", ".ads-placeholder", "[id^=div-]"),
            published="div.grey > time, div.mt10 time",
            author="div#penulis, div#editor",
            tags="h5.tagcloud3 a",
            caption="div#artimg div.arial",
        ),
    )
