"""Bad input: one clear line on stderr that says what to do, exit 1 or 2, and nothing lost."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.replay import SAMPLE
from tests.awards import Awards, ended
from tests.scraper.local_site import page, serving, silence, status
from tests.warcs import Answer
from tests.warcs import sample as sample_answers
from tests.warcs import write as write_warc

# ------------------------------------------------------------------------------------------------------ the command line

WRONG_USE = {
    "an unknown site": (("run", "detk", "--replay", "sample"), "did you mean detik"),
    "a site that is like none": (("crawl", "qqqqq"), "the sites are antaranews, beritajatim"),
    "an unknown site to read again": (("process", "kompass"), "did you mean kompas"),
    "an unknown site to find": (("find", "--site", "merdeka.com"), "did you mean merdeka"),
    "an unknown site's runs": (("runs", "detk"), "did you mean detik"),
    "a day that is none": (("run", "--replay", "sample", "--since", "2026-11-31"), "--since '2026-11-31'"),
    "a day in another order": (("crawl", "--since", "19/11/2026"), "2026-11-19"),
    "an empty day": (("run", "--since", ""), "--since ''"),
    "a time that is none": (("run", "--replay", "sample", "--as-of", "kemarin"), "+07:00"),
    "as-of without replay": (("run", "--as-of", "2026-11-19"), "--as-of goes with --replay"),
    "a format nobody knows": (("find", "--format", "docx"), "table, csv, json, jsonl, parquet, xlsx"),
    "a year that is none": (("find", "--year", "tahun lalu"), "2021..2025"),
    "a limit of nothing": (("run", "--limit", "0"), "--limit"),
    "a limit that is no number": (("run", "--limit", "two"), "--limit"),
    "a flag nobody knows": (("run", "--sice", "2026-11-19"), "--since"),
    "a command nobody knows": (("rn",), "--help"),
    "nothing to read": (("read",), "--jsonl"),
    "a page of no site": (("read", "http://127.0.0.1:1/halaman"), "no article address of any site"),
    "an address with an address": (
        ("read", "https://news.detik.com/berita/d-1/x", "--url", "https://x"),
        "leave --url out",
    ),
    "a file beside --jsonl": (("read", "page.html", "--jsonl", "in.jsonl"), "leave out"),
}


@pytest.mark.parametrize("case", WRONG_USE)
def test_wrong_use_is_exit_2_and_touches_nothing(awards: Awards, case: str) -> None:
    arguments, said = WRONG_USE[case]
    ran = awards(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.complaint
    assert ran.err == ran.complaint + "\n"
    assert not (awards.data / "archive").exists()


SETTINGS = {
    "an unknown key": ("dta = 'x'\n", "awards.toml sets 'dta', which is no setting"),
    "a value that is too small": ("db_timeout = 0\n", "db_timeout"),
    "a value of another kind": ("crawl_limit = 'long'\n", "'long'"),
    "no TOML": ("= = =\n", "awards.toml cannot be read"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_a_wrong_setting_in_awards_toml_is_named(awards: Awards, case: str) -> None:
    content, said = SETTINGS[case]
    (awards.folder / "awards.toml").write_text(content, encoding="utf-8")
    ran = awards("find")
    assert (ran.code, ran.out) == (2, "") and said in ran.complaint


def test_a_wrong_setting_in_the_environment_is_named(awards: Awards) -> None:
    ran = replace(awards, settings={"AWARDS_WORKERS": "many"})("find")
    assert (ran.code, ran.out) == (2, "") and "AWARDS_WORKERS" in ran.complaint and "'many'" in ran.complaint


def test_the_environment_wins_over_awards_toml(awards: Awards) -> None:
    (awards.folder / "awards.toml").write_text("db_timeout = 0.5\nworkers = 0\n", encoding="utf-8")
    assert awards("find").code == 0  # AWARDS_WORKERS is set


def test_a_data_folder_that_cannot_be_made(awards: Awards) -> None:
    (awards.folder / "file").write_text("here already", encoding="utf-8")
    there = replace(awards, data=awards.folder / "file" / "data")
    for command in (("run", "detik", "--replay", "sample"), ("crawl", "detik", "--replay", "sample"), ("find",)):
        ran = there(*command)
        assert (ran.code, ran.out) == (1, "") and "AWARDS_DATA" in ran.complaint
    elsewhere = replace(there, db=f"sqlite:///{awards.folder / 'awards.db'}")
    ran = elsewhere("run", "detik", "--replay", "sample")
    assert ran.code == 1 and "AWARDS_DATA" in ran.complaint
    assert (awards.folder / "file").read_text(encoding="utf-8") == "here already"


def test_an_archive_that_cannot_be_written(awards: Awards) -> None:
    awards.data.mkdir()
    (awards.data / "archive").write_text("here already", encoding="utf-8")
    ran = awards("run", "detik", "--replay", "sample")
    assert ran.code == 1 and "archive" in ran.complaint and "cannot be written" in ran.complaint


def test_a_file_that_cannot_be_written(sample: Awards) -> None:
    ran = sample("find", "--format", "csv", "--out", str(sample.folder / "no" / "such.csv"))
    assert ran.code == 1 and "such.csv" in ran.complaint
    (sample.folder / "in.jsonl").write_text('{"id": 1, "text": "x"}\n', encoding="utf-8")
    ran = sample("read", "--jsonl", str(sample.folder / "in.jsonl"), "--out", str(sample.folder))
    assert ran.code == 1 and str(sample.folder) in ran.complaint
    ran = sample("read", "--jsonl", str(sample.folder / "none.jsonl"))
    assert ran.code == 1 and "none.jsonl cannot be read" in ran.complaint


# ----------------------------------------------------------------------------------------------------------------- pages

ADDRESS = b"<html><link rel='canonical' href='https://news.detik.com/berita/d-1/x'>"
PAGES = {
    "missing": (None, "cannot be read: No such file"),
    "empty": (b"", "it is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "not HTML"),
    "a text": (b"Bukan halaman web.", "not HTML"),
    "nothing but a comment": (b"<!-- -->", "no HTML can be made of it"),
    "gzip cut short": (gzip.compress(bytes(range(256)) * 200)[:300], "cut short"),
    "gzip damaged": (b"\x1f\x8b\x08\x00" + b"\xff" * 100, "damaged"),
    "no address": (b"<html><body><p>Halo</p></body></html>", "does not say its address; give it with --url"),
    "another's address": (
        b"<html><link rel='canonical' href='https://example.org/1'><p>Halo</p></html>",
        "https://example.org/1",
    ),
    "no layout": (ADDRESS + b"<p>Halo</p></html>", "fits no layout of detik"),
    "damaged bytes": (ADDRESS + b"<p>\xff\xfe\xc3</p></html>", "fits no layout of detik"),
}


@pytest.mark.parametrize("case", PAGES)
def test_a_file_that_is_no_article_says_so(awards: Awards, case: str) -> None:
    content, reason = PAGES[case]
    path = awards.folder / "page.html"
    if content is not None:
        path.write_bytes(content)
    ran = awards("read", str(path))
    assert ran.code in (1, 2) and ran.out == ""
    assert reason in ran.complaint and ran.err == ran.complaint + "\n"


def test_a_folder_is_no_page(awards: Awards) -> None:
    ran = awards("read", str(awards.folder))
    assert ran.code == 1 and "Is a directory" in ran.complaint


# --------------------------------------------------------------------------------------------------------------- replays


NO_ARCHIVES = {
    "missing": None,
    "empty": b"",
    "a text": b"this is no WARC file\n" * 9,
    "a packed text": gzip.compress(b"nor is this"),
}


@pytest.mark.parametrize("case", NO_ARCHIVES)
def test_a_replay_of_what_is_no_archive(awards: Awards, case: str) -> None:
    content = NO_ARCHIVES[case]
    path = awards.folder / "replay.warc.gz"
    if content is not None:
        path.write_bytes(content)
    for command in ("run", "crawl"):
        ran = awards(command, "detik", "--replay", str(path))
        assert ran.code in (1, 2) and ran.out == "" and str(path) in ran.complaint
    assert not list(awards.data.rglob("*.warc.gz"))


def test_a_replay_cut_short_is_used_as_far_as_it_goes(awards: Awards, sample: Awards) -> None:
    path = awards.folder / "cut.warc.gz"
    path.write_bytes(SAMPLE.read_bytes()[:300_000])
    ran = awards("run", "detik", "--replay", str(path))
    assert ran.code == 1
    assert f"{path} is damaged or cut short after" in ran.complaint and "get the whole file" in ran.complaint
    (row,) = ran.table()
    assert int(row["read"]) >= 2
    whole = {page["id"]: page for page in sample.rows()["page"]}
    assert all(page == whole[page["id"]] for page in awards.rows()["page"])
    ran = awards("run", "detik", "--replay", "sample")
    assert ran.code == 0
    assert awards.rows()["page"] == [page for page in whole.values() if page["site"] == "detik"]


# ------------------------------------------------------------------------------------------------------ pages in a replay


def test_one_bad_page_never_stops_a_run(awards: Awards, sample: Awards) -> None:
    bad: dict[str, tuple[bytes, tuple[tuple[str, str], ...], str]] = {
        "/d-8201002/": (b"%PDF-1.7 ...", (("Content-Type", "application/pdf"),), "it is application/pdf, not HTML"),
        "/d-8201004/": (b"\x89PNG\r\n\x1a\n" + bytes(100), (("Content-Type", "text/html"),), "not HTML"),
        "/d-8201005/": (
            b"<html><p>Sedang dalam perbaikan</p></html>",
            (("Content-Type", "text/html"),),
            "matches 0 times",
        ),
    }

    broken_off = (gzip.compress(bytes(range(256)) * 900)[:400], (("Content-Encoding", "gzip"),), "")

    def served(answer: Answer) -> Answer:
        made_up = {**bad, "/d-8201001/": broken_off}
        found = next((made for path, made in made_up.items() if path in answer.url), None)
        return replace(answer, body=found[0], headers=found[1]) if found else answer

    path = write_warc(awards.folder / "bad.warc.gz", [served(answer) for answer in sample_answers("detik.com")])
    ran = awards("run", "detik", "--replay", str(path))
    assert ran.code == 0, ran.err
    pages = awards.rows()["page"]
    misfits = {page["url"]: page for page in pages if page["outcome"] == "misfit"}
    assert len(misfits) == len(bad) < len(pages)
    for part, (body, _, reason) in bad.items():
        (misfit,) = [page for url, page in misfits.items() if part in url]
        assert reason in misfit["reason"]
        assert f"misfit: {misfit['url']}\n        {misfit['reason']}\n" in ran.err  # shown
        assert misfit["digest"] in {digest for *_, digest in awards.captures()}  # and kept
        assert body
    assert any("/d-8201001/" in url for _, url, *_ in awards.captures())
    assert not any("/d-8201001/" in page["url"] for page in pages), "what broke off is kept, and is no page to be read"
    (run,) = json.loads(awards("runs", "detik", "--json").out)
    assert run["failures"]["packed body cut short"] == 1
    (row,) = ran.table()
    assert (row["misfits"], row["read"]) == (str(len(bad)), str(len(pages)))
    good = {page["id"]: page for page in sample.rows()["page"]}
    assert all(page == good[page["id"]] for page in pages if page["outcome"] == "article")
    again = awards("run", "detik", "--replay", str(path))
    assert again.code == 0 and {r["read"] for r in again.table()} == {"0"}


# ------------------------------------------------------------------------------------------------------ sites on the way


def site_package(folder: Path, base: str) -> dict[str, str]:
    """A package of somebody else that brings a site through the entry point `awards.sites`; its environment."""
    (folder / "their_site.py").write_text(
        "from scraper.spider import ArticleSpider\n\n\n"
        "class TheirSpider(ArticleSpider):\n"
        '    name = "their"\n    outlet = "Theirs"\n'
        f'    feeds = ("{base}/rss",)\n'
        f'    article_url = r"{base}/berita/\\d+"\n    article_id = r"/berita/(\\d+)"\n',
        encoding="utf-8",
    )
    info = folder / "their_site-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-site\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[awards.sites]\ntheir = their_site:TheirSpider\n", encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])}


def test_an_unreachable_host(awards: Awards) -> None:
    there = replace(awards, settings=site_package(awards.folder, "http://127.0.0.1:1"))
    ran = there("run", "their")
    assert ran.code == 1
    assert "their is unreachable: robots.txt: connection refused (1)" in ran.complaint and "asks again" in ran.complaint
    assert [(row["site"], row["fetched"], row["verdict"]) for row in ran.table()] == [("their", "0", "UNREACHABLE")]
    health = there("health")
    assert health.code == 1 and "their" in health.complaint


def test_a_host_that_never_answers_is_given_up_at_the_time_limit(awards: Awards) -> None:
    with serving({"/robots.txt": silence()}) as site:
        own = site_package(awards.folder, site.base)
        ran = replace(awards, settings=own | {"AWARDS_CRAWL_LIMIT": "4"})("run", "their")
    assert ran.code == 1
    assert "the crawl of their broke off (ended by the time limit of 4 s)" in ran.complaint
    assert str(awards.data / "logs" / "their.log") in ran.complaint


def test_a_crawl_that_takes_too_much_memory_is_ended(awards: Awards) -> None:
    """Many pages, each small enough: what they take together is beyond what the crawl may have."""
    items = "".join(f"<item><title>Raih</title><link>/berita/{n}</link></item>" for n in range(200_000))
    answers = {"/robots.txt": status(404), "/rss": page(f"<rss>{items}</rss>", content_type="text/xml")}
    with serving(answers) as site:  # type: ignore[arg-type]
        own = site_package(awards.folder, site.base)
        small = replace(awards, settings=own | {"AWARDS_CRAWL_MEMORY": "80000000"})
        ran = ended(small.start("run", "their"))  # a fresh interpreter: a fork has its parent's memory
    assert ran.code == 1
    assert "the crawl of their broke off: it used more than 80 MB of memory and was ended" in ran.complaint
    assert "what it fetched is kept; AWARDS_CRAWL_MEMORY allows more" in ran.complaint
    (run,) = replace(awards, settings=own).json("runs")
    assert run["exit_code"] == 1 and "80 MB" in run["error"] and "scrapy" in run["log"].lower()


def test_the_end_of_a_crawls_log_stays_with_its_run(awards: Awards) -> None:
    with serving({"/robots.txt": page("User-agent: *\nDisallow: /"), "/rss": page("x")}) as site:
        own = replace(awards, settings=site_package(awards.folder, site.base))
        own("run", "their")
    (run,) = own.json("runs")
    log = (awards.data / "logs" / "their.log").read_text(encoding="utf-8")
    assert len(run["log"]) <= 4000 and log.rstrip().endswith(run["log"]) and "Spider closed" in run["log"]
    assert run["log"].splitlines()[0] in log.splitlines(), "whole lines"
    assert "Spider closed" in own("runs", "--log").out and "Spider closed" not in own("runs").out


def test_a_live_run_of_somebody_elses_site(awards: Awards) -> None:
    rss = "<rss><item><title>Kota X Raih Adipura</title><link>/berita/1</link></item></rss>"
    answers = {
        "/robots.txt": page("User-agent: *"),
        "/rss": page(rss),
        "/berita/1": page("<h1>Kota X Raih Adipura</h1>"),
    }
    with serving({**answers}) as site:
        own = site_package(awards.folder, site.base)
        ran = replace(awards, settings=own | {"AWARDS_CONTACT": "https://bot.example"})("run", "their", "--json")
        assert site.paths() == ["/robots.txt", "/rss", "/berita/1"]
        assert {hit.headers["user-agent"] for hit in site.hits} == {"awards-etl/0.1 (+https://bot.example)"}
    assert ran.code == 0, ran.err
    (row,) = json.loads(ran.out)
    assert (row["fetched"], row["stored"], row["read"], row["misfits"]) == (3, 3, 1, 1)
    assert row["verdict"] == "LAYOUT CHANGED"
    assert row["bad_pages"] == [{"url": f"{site.base}/berita/1", "reason": "site their declares no layout"}]
    assert [url for _, url, *_ in awards.captures()] == [
        f"{site.base}/{path}" for path in ("berita/1", "robots.txt", "rss")
    ]
