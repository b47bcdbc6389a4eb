"""Writes the stored pages of tests/pages: our own articles (tests/sample/articles) in every layout that a spider knows.

    python -m tests.pages.build

Of a site in the sample the layouts of today are the sample's; its older ones, and those of every other site, are templates
in templates/, drawn after real pages and filled with our words. Of a site that is not in the sample the articles lie beside
their pages: tests/pages/<site>/<name>.md, poured into templates/<site>.html, or into templates/<site>-<layout>.html when it
is called <name>-<layout>.md. A page that is already stored is left alone: delete it to have it built anew.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2

from tests.sample import build as sample

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Stored:
    """A page to store: `template` fills `site`'s `article`; `address` where it is not the article's own."""

    site: str
    article: str
    template: str = "article.html"
    address: str = ""

    @property
    def path(self) -> Path:
        """Where the page lies."""
        layout = Path(self.template).stem.removeprefix(f"{self.site}-")
        return HERE / self.site / (self.article + ("" if layout == "article" else f"-{layout}") + ".html.gz")


STORED = (
    Stored("detik", "daftar-bkn-award"),
    Stored("detik", "daftar-bkn-award", "amp.html"),
    Stored("detik", "kediri-informatif"),
    Stored("detik", "polman-wtp", "detik-2015.html", "http://news.detik.com/read/2015/11/05/100026/3062623/10/sempat-molor"),
    Stored("kompas", "daftar-digital-government-award"),
    Stored("kompas", "tirta-manuntung-top-bumd", "amp.html"),
    Stored("kompas", "donggala-muri", "kompas-2015.html", "http://regional.kompas.com/read/2015/11/04/21040031/Donggala.Muri"),
    Stored("antaranews", "desa-wisata-tebara"),
    Stored("antaranews", "jombang-adiwiyata"),
    Stored("antaranews", "kubu-raya-sakip", "antaranews-2015.html", "http://www.antaranews.com/berita/527615/kubu-raya"),
    Stored("liputan6", "keterbukaan-informasi-jateng"),
    Stored("liputan6", "finalis-desa-wisata"),
    Stored("liputan6", "keterbukaan-informasi-jateng", "kly-2022-today.html"),
    Stored("liputan6", "paritrana-ntb", "liputan6-2016.html", "http://regional.liputan6.com/read/2436773/paritrana-ntb"),
    Stored("merdeka", "uhc-award-humbahas"),
    Stored("merdeka", "ombudsman-zona-hijau-tangsel"),
    Stored("merdeka", "uhc-award-humbahas", "kly-2022-today.html"),
    Stored("mediaindonesia", "tpid-award-jateng"),
    Stored("mediaindonesia", "manggala-karya-kencana-tabanan"),
)  # fmt: skip


def rendered() -> Iterator[tuple[Path, str]]:
    """(path, HTML) of every stored page."""
    renderer = sample.Renderer(sample.HERE / "templates")
    templates = [renderer.templates, HERE / "templates"]
    renderer.environment.loader = jinja2.FileSystemLoader(templates)
    for page in STORED:
        article = sample.read_article(sample.HERE / "articles" / page.site / f"{page.article}.md")
        at = article.captured or sample.ARTICLES_AT
        if page.template in ("article.html", "amp.html"):
            yield page.path, renderer.article(article, at, page.template)
        else:
            yield page.path, _poured(renderer, page.template, article, page.address or article.url)
    for source in sorted(HERE.glob("*/*.md")):
        site = source.parent.name
        layouts = [
            t.stem
            for t in (HERE / "templates").glob(f"{site}-*.html")
            if source.stem.endswith(t.stem.removeprefix(site))
        ]
        article = sample.read_article(source)
        yield source.with_suffix(".html.gz"), _poured(renderer, f"{(layouts or [site])[0]}.html", article, article.url)


def _poured(renderer: sample.Renderer, template: str, article: sample.Article, address: str) -> str:
    boxes = renderer.boxes(article, article.captured or sample.ARTICLES_AT) if article.site in sample.OUTLETS else None
    image = "https://images.example/photo.jpg"
    return renderer.render(template, article=article, address=address, boxes=boxes, image=image)


def main() -> None:
    """Store what is missing."""
    for path, html in rendered():
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(gzip.compress(html.encode(), mtime=0))
            print(path.relative_to(HERE))


if __name__ == "__main__":
    main()
