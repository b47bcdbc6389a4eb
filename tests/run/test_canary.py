"""Known articles fetched again: the rule of what may differ, and the command against a site whose layout changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from db import queries
from db.connect import connect, reading
from etl.model import Article, PageKind, Unread
from etl.operate.canary import GOLDEN, Sight, differing, of_site, word_f1
from etl.run.known import canary
from etl.settings import Settings
from scraper.archive import Archive
from tests.awards import Awards
from tests.local_outlet import BODY, article, package
from tests.scraper.local_site import Answer, LocalSite, page, serving, status

WIB = timezone(timedelta(hours=7))
LONG = tuple(f"Paragraf {n} tentang penghargaan yang diterima kota itu pada hari Rabu lalu." for n in range(12))
KNOWN = Article(
    site="lokal", outlet="Lokal", article_id="1", url="https://lokal.example/berita/1", canonical_url=None, layout="2026",
    title="Kota Mojokerto Raih Natamukti Award", author="Sari Dewi", editors=("fat", "iwd"),
    published_at=datetime(2026, 3, 1, 8, 30, tzinfo=WIB), dateline="Mojokerto", tags=("umkm", "award"),
    photo_caption=None, paragraphs=LONG,
)  # fmt: skip

CASES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "nothing": ({}, ()),
    # what outlets change
    "a new layout": ({"layout": "2027", "url": "https://m.lokal.example/berita/1", "photo_caption": "Piala"}, ()),
    "other tags": ({"tags": ("natamukti",)}, ()),
    "blanks and case": ({"title": "KOTA  Mojokerto raih Natamukti Award "}, ()),
    "the same moment": ({"published_at": datetime(2026, 3, 1, 1, 30, tzinfo=UTC)}, ()),
    "a correction": ({"paragraphs": (*LONG, "Ralat: " + "semula tertulis nama yang keliru " * 20)}, ()),
    "a note on top": ({"paragraphs": ("Catatan Redaksi: " + "judul ini telah diubah " * 20, *LONG)}, ()),
    "a related link": ({"paragraphs": (*LONG[:3], "Baca juga: Kota Lain Raih Adipura " * 5, *LONG[3:])}, ()),
    "a word mended": ({"paragraphs": (LONG[0].replace("Rabu", "Kamis"), *LONG[1:])}, ()),
    # what says that it is read otherwise
    "title": ({"title": "Lokal.example - berita hari ini"}, ("title",)),
    "a minute": ({"published_at": datetime(2026, 3, 1, 8, 31, tzinfo=WIB)}, ("published_at",)),
    "no time": ({"published_at": None}, ("published_at",)),
    "no author": ({"author": None}, ("author",)),
    "editors": ({"editors": ("fat",)}, ("editors",)),
    "dateline": ({"dateline": None}, ("dateline",)),
    "no tags": ({"tags": ()}, ("tags",)),
    "half of the text": ({"paragraphs": LONG[:6]}, ("paragraphs",)),
    "an advertisement": ({"paragraphs": (*LONG, "Dapatkan promo belanja hemat setiap akhir pekan " * 4)}, ("paragraphs",)),
    "several": ({"title": "x", "author": "y", "paragraphs": ()}, ("title", "author", "paragraphs")),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_may_differ_and_what_may_not(case: str) -> None:
    changes, expected = CASES[case]
    assert differing(KNOWN, replace(KNOWN, **changes)) == expected


def test_what_was_not_known_may_come() -> None:
    bare = replace(KNOWN, author=None, editors=(), dateline=None, tags=())
    assert differing(bare, KNOWN) == ()


def test_a_page_that_is_read_no_more_says_why() -> None:
    misfit = Unread(("layout 2026: 'div.isi' matches nothing",))
    assert differing(KNOWN, misfit) == ("misfit", "layout 2026: 'div.isi' matches nothing")
    assert differing(KNOWN, Unread(("a captcha",), PageKind.BLOCK)) == ("block page", "a captcha")


def test_f1_of_words() -> None:
    assert word_f1(["a b c d"], ["d c", "b A"]) == 1
    assert word_f1(["a b c d"], ["a b"]) == pytest.approx(2 / 3)
    assert word_f1(["a"], ["b"]) == word_f1([], ["b"]) == 0 and word_f1([], []) == 1


def test_the_result_of_a_site() -> None:
    assert of_site([Sight.GREEN, Sight.RED, Sight.GONE]) == "red"
    assert of_site([Sight.GREEN, Sight.NOT_FETCHED]) == "green"
    assert of_site([Sight.GONE]) is of_site([]) is None


# -------------------------------------------------------------------------------------------------- against a real server

DAYS = (3, 20, 30, 40, 60)  # days ago of the articles 1 to 5


def pages(**changed: Any) -> dict[str, Answer | list[Answer]]:
    today = datetime.now(WIB).date()
    made: dict[str, Answer | list[Answer]] = {
        f"/berita/{n}/x": page(article(n, today - timedelta(days=ago), **changed)) for n, ago in enumerate(DAYS, 1)
    }
    return made


@pytest.fixture
def lokal(awards: Awards) -> Iterator[tuple[Awards, LocalSite]]:
    """A site that was crawled and read, and its server."""
    feed = "".join(f"<item><title>Raih</title><link>/berita/{n}/x</link></item>" for n in range(1, len(DAYS) + 1))
    lists: dict[str, Answer | list[Answer]] = {"/robots.txt": status(404), "/rss": page(f"<rss>{feed}</rss>")}
    with serving(lists | pages()) as site:
        ours = replace(awards, settings=package(awards.folder, site.base, dated=False))
        ran = ours("run", "lokal")
        assert ran.code == 0 and {row["verdict"] for row in ran.table()} == {"OK"}, ran.err
        assert len(ours.rows()["mention"]) >= len(DAYS)
        site.hits.clear()
        yield ours, site


def checked(awards: Awards) -> dict[str, tuple[str, list[str]]]:
    """Path -> verdict and fields of the newest check, as `awards canary --json` says it."""
    ran = awards("canary", "lokal", "--json")
    return {row["url"].split("/", 3)[3]: (row["verdict"], row["differs"]) for row in json.loads(ran.out)}


def health(awards: Awards) -> dict[str, Any]:
    return next(row for row in json.loads(awards("health", "--json").out) if row["site"] == "lokal")


def test_a_green_canary_verifies_the_site(lokal: tuple[Awards, LocalSite]) -> None:
    awards, site = lokal
    assert health(awards)["unverified"] == "never met" and health(awards)["canary"] is None
    ran = awards("canary", "lokal")
    assert ran.code == 0, ran.err
    asked = sorted(path for path in site.paths() if path.startswith("/berita/"))
    assert len(asked) == GOLDEN and "/berita/1/x" not in asked, "the young ones may still be corrected"
    assert {row["verdict"] for row in ran.table()} == {"green"}
    row = health(awards)
    assert (row["canary"], row["unverified"], row["canary_differs"]) == ("green", None, {})
    site.hits.clear()
    assert awards("canary", "lokal").code == 0
    again = sorted(path for path in site.paths() if path.startswith("/berita/"))
    assert again == asked, "the same ones each time, in whatever order they are answered"
    assert awards("health").code == 0


def test_a_layout_that_changes_turns_it_red_until_it_is_mended(lokal: tuple[Awards, LocalSite]) -> None:
    awards, site = lokal
    assert awards("canary", "lokal").code == 0
    site.answers.update(pages(box="konten"))
    red = awards("canary", "lokal")
    assert red.code == 1 and "the canary of lokal is red" in red.complaint and "misfit" in red.out
    row = health(awards)
    assert row["canary"] == "red" and row["unverified"] == "never met" and len(row["canary_differs"]) == GOLDEN
    ended = awards("health")
    assert ended.code == 1 and "canary red: lokal" in ended.complaint
    # what came is loaded by the next run, and is not what is known
    awards("process", "lokal")
    assert {verdict for verdict, _ in checked(awards).values()} == {"red"}
    site.answers.update(pages())
    assert {verdict for verdict, _ in checked(awards).values()} == {"green"}
    assert awards("health").code == 0


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"paragraphs": BODY[:1], "more": ("Selengkapnya hanya untuk pelanggan kami.",)}, ["paragraphs"]),
        ({"title": "Raih Natamukti {n}, Kota Mojokerto Bangga"}, ["title"]),
        ({"time": "00:00"}, ["published_at"]),
        ({"tags": False}, ["tags"]),
    ],
)
def test_a_page_that_still_fits_and_reads_otherwise_names_the_fields(
    lokal: tuple[Awards, LocalSite], changed: dict[str, Any], fields: list[str]
) -> None:
    awards, site = lokal
    site.answers.update(pages(**changed))
    assert list(checked(awards).values()) == [("red", fields)] * GOLDEN
    awards("process", "lokal", "--accept")  # the changed text is a version of the article now, and the current one
    assert list(checked(awards).values()) == [("red", fields)] * GOLDEN, "what came once is not known thereby"
    assert awards("canary", "lokal", "--accept").code == 1
    assert {verdict for verdict, _ in checked(awards).values()} == {"green"}, "it was accepted"


def test_a_correction_and_a_confirmation_are_green(lokal: tuple[Awards, LocalSite]) -> None:
    awards, site = lokal
    site.answers.update(pages(more=("Ralat: semula tertulis bahwa penghargaan itu yang pertama. Redaksi mohon maaf.",)))
    assert {verdict for verdict, _ in checked(awards).values()} == {"green"}


def test_articles_that_are_gone_or_lead_elsewhere_or_do_not_come(lokal: tuple[Awards, LocalSite]) -> None:
    awards, site = lokal
    first, second, third = checked(awards)
    site.answers |= {f"/{first}": status(410), f"/{second}": status(302, location="/"), "/": page("<h1>Lokal</h1>")}
    site.answers[f"/{third}"] = status(403)
    said = checked(awards)
    assert said[first] == ("gone", ["http 410"]) and said[second] == ("red", ["url"])
    assert said[third][0] == "not fetched" and "http 403" in said[third][1]
    awards("process", "lokal")
    key = f"lokal:{first.split('/')[1]}"
    assert [a["id"] for a in awards.rows()["article"] if a["gone_at"]] == [key]
    again = checked(awards)
    assert first not in again and len(again) == GOLDEN, "another takes the place of the one that is gone"


def test_an_article_that_is_gone_is_marked_until_it_comes_back(lokal: tuple[Awards, LocalSite]) -> None:
    awards, site = lokal
    (first, *_) = checked(awards)
    there, site.answers[f"/{first}"] = site.answers[f"/{first}"], status(404)
    before = datetime.now(UTC)
    checked(awards)
    assert awards("process", "lokal").code == 0
    rows = awards.rows()
    (gone,) = [article for article in rows["article"] if article["gone_at"]]
    assert before <= gone["gone_at"] <= datetime.now(UTC) and first in gone["url"]
    mention = next(m for m in rows["mention"] if m["version_id"] == gone["current_version_id"])
    assert "gone at" in awards("why", mention["id"]).out
    assert awards.json("why", mention["id"])["mentions"][0]["article"]["gone_at"]
    assert awards("rebuild").code == 0
    assert awards.rows() == rows, "it follows from the archive alone"
    site.answers[f"/{first}"] = there
    ran = awards("read", f"{site.base}/{first}", "--json")  # which keeps nothing
    assert ran.code == 0
    visited = datetime.now(UTC) + timedelta(minutes=1)
    with Archive(awards.data / "archive").writer("lokal") as writer:
        old = next(c for c in writer.captures() if c.url.endswith(first) and c.status == 200)
        writer.add(replace(writer.read(old), fetched_at=visited))
    assert awards("process", "lokal").code == 0
    assert [article["gone_at"] for article in awards.rows()["article"] if article["gone_at"]] == []
    after = awards.rows()
    assert awards("rebuild").code == 0 and awards.rows() == after


def test_an_unreachable_site_is_no_red_canary(lokal: tuple[Awards, LocalSite]) -> None:
    awards, site = lokal
    site.answers["/robots.txt"] = status(503)
    assert {verdict for verdict, _ in checked(awards).values()} == {"not fetched"}
    assert health(awards)["canary"] is None and health(awards)["unverified"] == "never met"


def test_a_site_without_articles_that_were_read_well_says_so(awards: Awards) -> None:
    with serving({"/robots.txt": status(404), "/rss": page("<rss/>")}) as site:
        lokal = replace(awards, settings=package(awards.folder, site.base, dated=False))
        ran = lokal("canary", "lokal")
        assert ran.code == 0 and "no article that may be fetched was read well: lokal" in ran.err
        assert site.hits == []


def test_a_publisher_who_asks_that_article_pages_be_left_alone_is_left_alone(sample: Awards) -> None:
    engine = connect(sample.database)
    settings = Settings(data=sample.data, crawl_limit=1.0)
    with reading(engine) as connection:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        assert queries.golden(connection, "antaranews", long_ago, long_ago, 9), "there is what it could ask for"
    assert canary(settings, engine, "antaranews").sights == ()
    engine.dispose()
