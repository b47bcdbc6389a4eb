"""tempo.co; its lists are drawn by JavaScript, its feeds name the address of the old channel hosts."""

from etl.model import Layout
from scraper import former
from scraper.spider import ArticleSpider


class TempoSpider(ArticleSpider):
    name = "tempo"
    outlet = "Tempo"
    feeds = tuple(f"https://rss.tempo.co/{part}" for part in ("", "nasional", "politik", "ekonomi", "info-tempo"))
    article_url = (
        r"https?://(?!(?:foto|video|grafis|en|koran|majalah|newsletter|interaktif|indonesiana)\.)(?:[a-z]+\.)?tempo\.co/"
        r"(?:(?:inforial/)?(?:read|amp)/(?:news/\d{4}/\d\d/\d\d/)?\d{6,}/"
        r"|(?!(?:tag|penulis|newsletter|foto|video|play|grafis)/)[a-z-]+/[a-z0-9-]+-\d{5,}(?=$|[/?#]))"
    )
    # Since 2025 the numbers of both kinds of address are the same; below two million they are not.
    article_id = (
        r"(tempo)\.co/(?:inforial/)?(?:read|amp)/(?:news/\d{4}/\d\d/\d\d/\d{3})?(1?\d{6}|\d{5})/"
        r"|tempo\.co/(?:read|amp)/(\d{7,})/|-(\d{5,})(?=$|[/?#])"
    )
    unverified = "one of three scrapers of 2025-26 reads .detail-content, not #content-wrapper"
    layouts = (
        Layout("2025", body="div#content-wrapper", blocks=(1, 200), tags="a[href^='/tag/']"),  # a block a paragraph
        Layout("2026", body="div.detail-content", tags="a[href^='/tag/']"),
        *former.TEMPO,
    )
