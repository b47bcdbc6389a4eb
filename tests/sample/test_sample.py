"""The shipped sample is what its sources give, and holds what README.md here promises of it."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scraper.archive import WarcFile
from scraper.replay import SAMPLE
from scraper.sites import spiders
from tests.sample import build

ARTICLES = build.HERE / "articles"
LABELS: list[dict[str, Any]] = [
    json.loads(line) for line in (build.HERE / "labels.jsonl").read_text(encoding="utf-8").splitlines()
]
# Award records by outlet, as labelled: they change only with an article.
RECORDS = {"antaranews": 24, "detik": 38, "kompas": 34, "liputan6": 40, "mediaindonesia": 36, "merdeka": 31}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the sources."""
    return Path(shutil.copytree(ARTICLES, tmp_path / "articles"))


def test_the_shipped_file_is_what_the_sources_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--check"]) == 0 and "up to date" in capsys.readouterr().out


def test_a_build_writes_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.warc.gz", "b.warc.gz"):
        assert build.main(["--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.warc.gz").read_bytes() == (tmp_path / "b.warc.gz").read_bytes()


def test_a_source_that_changed_is_noticed(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = next(path for path in sorted(copy.glob("merdeka/*.md")) if "Penghargaan" in path.read_text("utf-8"))
    source.write_text(source.read_text("utf-8").replace("Penghargaan", "Anugerah"), "utf-8")
    assert build.main(["--check", "--articles", str(copy)]) == 1
    assert "differs first at https://www.merdeka.com/" in capsys.readouterr().err


def test_a_source_that_is_gone_or_a_file_that_is_missing_is_noticed(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sorted(copy.glob("merdeka/*.md"))[0].unlink()
    assert build.main(["--check", "--articles", str(copy)]) == 1
    assert build.main(["--check", "--out", str(tmp_path / "none.warc.gz")]) == 1
    assert "none.warc.gz: missing; build it with" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "', 'titel = "', "unknown key 'titel'"),
        ("+07:00\n", "\n", "published: needs its offset"),
        ('site = "merdeka"', 'site = "detik"', "site: 'detik' is not the folder's outlet"),
        ("\n+++\n", "\n+++\n\n> iklan\n\n", "unknown furniture 'iklan'"),
        ("\n+++\n", "\n+++\n\n# Judul\n\n", "the only heading is"),
    ],
)
def test_a_source_with_a_mistake_is_named(
    copy: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, words: str
) -> None:
    source = sorted(copy.glob("merdeka/*.md"))[0]
    source.write_text(source.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert build.main(["--check", "--articles", str(copy)]) == 1
    told = capsys.readouterr().err.strip()
    assert words in told and re.match(rf"{source}:\d+: ", told) and "\n" not in told


def test_the_sample_is_what_a_first_run_needs() -> None:
    """About sixty pages of six outlets: lists in every form, and what goes wrong in life."""
    file = WarcFile(SAMPLE)
    captures = list(file.captures("sample"))
    assert file.cut_short is None and SAMPLE.stat().st_size < 700_000
    sites = {name: spider.site() for name, spider in spiders().items()}
    articles = Counter(name for name, site in sites.items() for c in captures if site.article_id_of(c.url))
    assert min(articles.values()) >= 7 and set(articles) == set(build.OUTLETS)
    pages = {c.url for c in captures if not c.url.endswith(("/robots.txt", ".xml")) and "/rss" not in c.url}
    assert len(pages) >= 60
    robots = [c.url for c in captures if c.url.endswith("/robots.txt")]
    assert len(robots) == len(set(robots)) >= 6
    versions = Counter(c.url for c in captures if c.status == 200)
    assert sorted(n for n in versions.values() if n > 1) == [2], "one page changed between two captures"
    assert sum(c.status == 503 for c in captures) == 2
    assert sum(c.etag is not None for c in captures) > 10 and sum(c.last_modified is not None for c in captures) > 5
    packed = [c for c in captures if file.read(c).header("content-encoding") == "gzip"]
    assert 10 < len(packed) < len(captures)


@pytest.mark.parametrize("name", build.OUTLETS)
def test_the_lists_that_a_spider_asks_for_are_in_the_sample(name: str) -> None:
    spider = spiders()[name]
    held = {c.url for c in WarcFile(SAMPLE).captures("sample")}
    assert {*spider.feeds, *spider.sitemaps} & held or spider.indexes
    for index in spider.indexes:
        for address in index.addresses(build.DAYS[0], build.DAYS[-1]):
            assert address.replace("{page}", "1") in held and address.replace("{page}", "2") in held


def test_labels_name_every_version_of_every_article_once() -> None:
    articles = build.read_articles(ARTICLES)
    assert len(articles) >= 43
    versions = [(a.site, f"{a.id}@v1" if a.superseded else a.id) for a in articles]
    assert sorted(versions) == sorted((label["site"], label["id"]) for label in LABELS)
    sites = {name: spider.site() for name, spider in spiders().items()}
    for article in articles:
        assert sites[article.site].article_id_of(article.url) is not None, article.path


def test_labels_are_of_the_form_that_reading_gives() -> None:
    keys = [
        "recipient", "recipient_type", "region", "award", "category", "rank", "giver", "presented_by", "received_by",
        "awarded_on", "place", "status", "in_focus",
    ]  # fmt: skip
    for label in LABELS:
        won = [r for r in label["records"] if r["in_focus"] and r["status"] in ("won", "record")]
        assert label["is_award_article"] is bool(won), label["id"]
        for record in label["records"]:
            assert [key for key in record if key != "optional"] == keys and record["recipient"] and record["award"]
            assert record["status"] in ("won", "nominated", "record") and isinstance(record["in_focus"], bool)
            assert record["awarded_on"] is None or re.fullmatch(r"\d{4}(-\d\d){0,2}", record["awarded_on"])
    assert sum(not label["is_award_article"] for label in LABELS) >= 6, (
        "articles that are not about awards are among them"
    )


def test_records_by_outlet() -> None:
    counted = Counter({label["site"]: 0 for label in LABELS})
    for label in LABELS:
        counted[label["site"]] += len(label["records"])
    assert counted == RECORDS


def test_two_outlets_report_the_same_award() -> None:
    outlets: dict[tuple[str, str, str | None], set[str]] = {}
    for label in LABELS:
        for r in label["records"]:
            outlets.setdefault((r["recipient"], r["award"], r["awarded_on"]), set()).add(label["site"])
    assert [award for award, sites in outlets.items() if len(sites) > 1]
