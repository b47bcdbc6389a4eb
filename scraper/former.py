"""Layouts that outlets had in former years, by site: what a backfill and foreign archives still bring.

Behind each what it is known from: a real page of that year, or public scrapers of that year (then without a page seen).
Sites put them behind those of today; which one reads a page is decided by fit, never by date.
"""

from __future__ import annotations

from typing import Final

from etl.model import Layout

_LINKS = (".linksisip", ".lihatjg", ".baca-inline", ".baca-juga", ".detail_tag", ".adsbygoogle", "[id^=div-gpt-ad]")

# Any year, any site, after its own layouts: the page itself says in schema.org's words where its text is.
STATED: Final = Layout(
    "stated",
    body="[itemprop=articleBody]",
    drop=(
        *_LINKS, "[class*=baca-juga]", "[class*=bacajuga]", "[class*=related]", "[class*=terkait]", "[class*=share]",
        "[class^=ads]",
    ),
)  # fmt: skip
# 2015: real pages. 2020, channels beside news (inet, health, food) have the body's second class alone: three scrapers.
DETIK: Final = (
    Layout(
        "2020 channels",
        body="div.itp_bodycontent, div#detikdetailtext",
        drop=(*_LINKS, ".parallaxindetail", ".noncontent", "table.linksisip", ".sisip_video_ds", ".staticdetail_container"),
        published="div.detail__date, div.date",
        author="div.author strong, div.detail__author",
        caption="figcaption, div.pic_artikel span",
    ),
    Layout(
        "2015",
        body="div.text_detail, div.detail_text",
        published="div.date",
        author="div.author strong",
        caption="div.pic_artikel span",
    ),
)  # fmt: skip
# Real pages.
KOMPAS: Final = (
    Layout(
        "2016 channels",
        body="div.div-read",
        title="div.baca-content h1",
        published="div.kcm-date",
        author="div.penulis-editor",
        caption="div.big-img-content div.photo",
    ),
    Layout(
        "2015",
        body="div.kcm-read-text, span.kcmread1114",
        title="div.kcm-read h2",
        published="div.msmall",
        author="div.kcm-read-copy",
        caption="div.kcm-read div.photo",
    ),
)
# 2020: a scraper. 2015 and 2017 (celebrity and other channels): real pages.
OKEZONE: Final = (
    Layout(
        "2020",
        body="div.read",
        drop=("#baca-juga", *_LINKS),
        title="div.title h1",
        published="div.namerep b",
        author="div.namerep a",
        caption="div.caption-img-ab",
    ),
    Layout(
        "2017",
        body="div.ctn-desc",
        drop=("#AdAsia", *_LINKS),
        title="div.title-detail h1",
        published="div.title-detail > span",
        author="div.title-detail > span b",
        caption="div.caption-img-ab",
    ),
    Layout(
        "2015",
        body="div.detail-content div.detail-img, div#contentx",
        title="div.titles h1, div.title h1",
        published="time.tgl, div.namerep b",
        author="div.nmreporter > div, div.namerep a",
        tags="div.meta-bottom-content > span a",
        caption="div.caption-img-ab",
    ),
)
# 2020: a scraper. 2015 to 2017 (ihram and other channels): real pages.
REPUBLIKA: Final = (
    Layout(
        "2020",
        body="div.artikel",
        drop=_LINKS,
        title="div.wrap_detail_set h1",
        published="div.date_detail",
        author="div.by",
        caption="div.caption",
    ),
    Layout(
        "2017",
        body="div.teaser.global-detail",
        title="div.h5.global-detail",
        published="div.date-detail",
        author="div.red td",
        caption="div.set-cp div.caption",
    ),
    Layout(
        "2016",
        body="div.content-detail",
        title="div.jdl-detail",
        published="div.date-detail",
        author="div.red",
        caption="div.wp-cap div.caption",
    ),
    Layout(
        "2015",
        body="div.txt-detailberita",
        title="h1.jdl-detail",
        published="div.rangka div.date",
        author="div.red td",
        caption="div.caption-foto",
    ),
)
# 2020: a scraper. 2015 and 2016: real pages.
SINDONEWS: Final = (
    Layout("2020", body="div#content", drop=_LINKS, title="div.article h1", published="time", author="p.author"),
)
TEMPO: Final = (
    Layout(
        "2020",
        body="div#isi",
        drop=_LINKS,
        title="h1[itemprop=headline]",
        published="span[itemprop=datePublished]",
        author="span[itemprop=author]",
    ),
    Layout(
        "2015",
        body="div.artikel",
        drop=("ul.block-kanal-map", "h1", "div.block-tanggal", "div.block-display"),
        published="div.block-tanggal",
        caption="div.deskripsi",
    ),
)
VIVA: Final = (
    Layout("2020", body="div#article-detail-content", drop=_LINKS, title="li.dtb-title h1", published="li.dtb-date h6"),
    Layout(
        "2016",
        body="span[itemprop=articleBody]",
        drop=("blockquote.twitter-tweet",),
        title="div.title h1",
        published="div.smalldesc div.date",
        author="div.smalldesc div.author b",
        caption="div.photodesc",
    ),
)
# 2020: two scrapers. 2015: a scraper.
CNN_INDONESIA: Final = (
    Layout("2020", body="div.detail_text, div#detikdetailtext", drop=(*_LINKS, ".paradetail"), published="div.date"),
    Layout("2015", body="div#detail", author="strong[itemprop=author]", published="div[itemprop=datePublished]"),
)
# A scraper of 2020.
CNBC_INDONESIA: Final = (
    Layout("2020", body="div.detail_text", drop=(*_LINKS, ".paradetail"), published="div.date", author="div.author"),
)
# 2015: a scraper. 2016: real pages.
MERDEKA: Final = (
    Layout(
        "2015",
        body="div#mdk-body-newsarea",
        published="div#mdk-body-news-reporter",
        author="div#mdk-body-news-reporter a",
    ),
)
LIPUTAN6: Final = (
    Layout(
        "2016",
        body="div.read-page__content-body",
        drop=(".baca-juga",),
        published="time.read-page--header__datetime",
        author="span.read-page--header__author",
        tags="a.read-page--tags__link",
    ),
    Layout("2015", body="div.text-detail", drop=_LINKS, published="time.updated", author="[itemprop=author]"),
)
SUARA: Final = (Layout("2015", body="div[itemprop=description]", drop=_LINKS, published="time", author="author"),)
# 2015: real pages; regional and subject desks: a scraper.
ANTARANEWS: Final = (
    Layout("2015 desks", body="div.news_content", drop=_LINKS, published="div.date", author="div.byline"),
    Layout(
        "2015",
        body="div#content_news",
        drop=("p.date", ".adsbygoogle"),
        published="div.date",
        author="div.byline",
        editors="p.mt10",
        caption="div#caption_news",
    ),
)
