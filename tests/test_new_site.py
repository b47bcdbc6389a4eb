"""`awards new-site` as a developer uses it: from a page nobody has declared to a spider file and a green test."""

from __future__ import annotations

import ast
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import scraper
from etl.clean.propose import Proposal, propose
from etl.clean.propose.spiderfile import class_name, source_of
from etl.model import Page
from scraper.sites import spiders
from scraper.spider import ArticleSpider
from tests.awards import _CLEAN, _OFFLINE, Awards, Ran
from tests.clean import test_propose as pages
from tests.scraper.local_site import page as answer
from tests.scraper.local_site import serving, status

ROOT = Path(__file__).parents[1]
README = (Path(scraper.__path__[0]) / "README.md").read_text(encoding="utf-8")
HTML = pages.page(pages.WORDPRESS, above="").body
SLUG = "kota-sorong-terima-piala-adipura-pertama-kali"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved article page of an outlet that no spider knows; it says its address itself."""
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(HTML))
    os.utime(path, (1_795_000_000, 1_795_000_000))  # November 2026
    return path


@pytest.fixture(autouse=True)
def _nothing_is_left_in_the_repository() -> None:
    """Whatever a test gets wrong is seen at once."""
    before = {path for folder in ("scraper", "tests") for path in (ROOT / folder).rglob("*senja*")}
    assert before == set()


def written(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


# ---------------------------------------------------------------------------------------------------- from page to green test


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A source tree of one's own: the packages, and the tests that every site has."""
    folder = tmp_path / "checkout"
    for name in ("scraper", "etl", "db", "tests/scraper/addresses"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "tests" / "pages").mkdir()
    for name in ("pyproject.toml", "tests/__init__.py", "tests/pages/__init__.py", "tests/pages/test_pages.py",
                 "tests/scraper/__init__.py", "tests/scraper/test_spider.py"):  # fmt: skip
        shutil.copy(ROOT / name, folder / name)
    return folder


def in_checkout(folder: Path, *arguments: str) -> Ran:
    """Python in a source tree, which it imports from before any other."""
    environment = {**_CLEAN, **_OFFLINE, "AWARDS_DATA": str(folder / "data"), "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_from_a_saved_page_to_a_green_test(checkout: Path, saved: Path) -> None:
    before = written(checkout)
    made = in_checkout(checkout, "-m", "etl", "new-site", "kabarsenja", str(saved))
    assert made.code == 0, made.err
    golden = f"tests/pages/kabarsenja/{SLUG}.json"
    stored = f"tests/pages/kabarsenja/{SLUG}.html.gz"
    assert written(checkout) - before == {
        "scraper/spiders/kabarsenja.py", stored, "tests/scraper/addresses/kabarsenja.json"
    }  # fmt: skip
    assert f"{stored}   # a copy of the outlet's page" in made.out and "awards" in made.out.splitlines()[-1]
    command = next(line for line in made.out.splitlines() if "-m pytest" in line and "review it" in line)
    test = re.findall(r"-m pytest (.*?)\s+#", command)[0].split()
    options = ("-m", "pytest", "-q", "-n0", "--noconftest", "-p", "no:cacheprovider")
    first = in_checkout(checkout, *options, *test)
    assert first.code == 1 and "was written: review it, then run again" in first.out
    assert first.out.count("FAILED") == 1, first.out
    second = in_checkout(checkout, *options, *test)
    assert second.code == 0, second.out
    assert written(checkout) - before == {
        "scraper/spiders/kabarsenja.py",
        stored,
        golden,
        "tests/scraper/addresses/kabarsenja.json",
    }
    article = json.loads((checkout / golden).read_text(encoding="utf-8"))["article"]
    assert article["paragraphs"] == list(pages.PARAGRAPHS) and article["author"] == "Rina Wopari"
    assert gzip.decompress((checkout / stored).read_bytes()) == HTML
    again = in_checkout(checkout, "-m", "etl", "new-site", "kabarsenja", str(saved))
    assert again.code == 2 and "there is a site 'kabarsenja' already" in again.complaint


def test_a_page_that_does_not_say_its_address_is_stored_with_it(awards: Awards, tmp_path: Path) -> None:
    (tmp_path / "bare.html").write_bytes(HTML.replace(b'rel="canonical"', b'rel="x"'))
    ran = awards("new-site", "kabarsenja", str(tmp_path / "bare.html"), "--into", "mine")
    assert ran.code == 2 and "--url" in ran.complaint and not (awards.folder / "mine").exists()
    url = f"{pages.URL}?utm_source=x&utm_medium=y#komentar"
    assert awards("new-site", "kabarsenja", str(tmp_path / "bare.html"), "--url", url, "--into", "mine").code == 0
    golden = awards.folder / "mine" / "pages" / "kabarsenja" / f"{SLUG}.json"
    assert json.loads(golden.read_text(encoding="utf-8")) == {"url": pages.URL}


def test_a_page_in_an_encoding_of_its_own_is_stored_as_it_reads(awards: Awards, tmp_path: Path) -> None:
    text = HTML.decode().replace("Wali Kota Sorong", "Wali Kota “Sorong”")
    (tmp_path / "old.html").write_bytes(text.encode("cp1252"))
    ran = awards("new-site", "kabarsenja", str(tmp_path / "old.html"), "--into", "mine", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["article"]["paragraphs"][1].startswith("Wali Kota “Sorong” Markus")


# -------------------------------------------------------------------------------------------------------------- what is printed


def test_a_dry_run_prints_and_writes_nothing(awards: Awards, saved: Path) -> None:
    ran = awards("new-site", "kabarsenja", str(saved), "--into", "mine", "--dry-run")
    assert ran.code == 0 and not (awards.folder / "mine").exists()
    lines = ran.out.splitlines()
    assert "  body         div.entry-content" in lines
    assert (
        "matches once: 458 characters of running text in 4 lines"
        in lines[lines.index("  body         div.entry-content") + 1]
    )
    assert any(
        line.strip().startswith("other stories by its name; 1 of it, first words 'Simak liputan lain") for line in lines
    )
    assert "Would be written:" in lines and "Next:" not in lines
    assert not awards.data.exists()


def test_json_says_all_of_it(awards: Awards, saved: Path) -> None:
    said = awards.json("new-site", "kabarsenja", str(saved), "--into", "mine")
    assert said["written"] is True and all((awards.folder / path).is_file() for path in said["files"])
    assert (awards.folder / "mine" / "kabarsenja.py").read_text(encoding="utf-8") == said["spider"]
    assert written(awards.folder / "mine") == {
        "kabarsenja.py", f"pages/kabarsenja/{SLUG}.html.gz", "addresses/kabarsenja.json"
    }  # fmt: skip
    assert {clue["field"] for clue in said["evidence"]} >= {
        "outlet",
        "feeds",
        "article_url",
        "article_id",
        "body",
        "drop",
        "author",
    }
    assert said["article"]["text"].startswith(pages.TITLE)
    assert json.loads((awards.folder / "mine" / "addresses" / "kabarsenja.json").read_text()) == said["addresses"]


def test_the_same_page_gives_the_same_files(awards: Awards, saved: Path) -> None:
    for folder in ("one", "two"):
        assert awards("new-site", "kabarsenja", str(saved), "--into", folder).code == 0
    for name in written(awards.folder / "one"):
        assert (awards.folder / "one" / name).read_bytes() == (awards.folder / "two" / name).read_bytes()


# -------------------------------------------------------------------------------------------------------------- the spider file


def proposals() -> dict[str, Proposal]:
    """What is proposed for every structure of tests/clean/test_propose.py, and for names and addresses that are long."""
    found = {f"s{n}": pages.of_structure(name) for n, name in enumerate(pages.STRUCTURES)}
    long_host = "https://" + "panjang-sekali." * 6 + "kabarsenja.id/daerah/88123/kota-sorong-terima-piala"
    many = "".join(
        f'<div class="iklan-{word}">Ruang iklan {word}</div>'
        for word in ("atas", "bawah", "kiri", "kanan", "tengah", "samping")
    )
    bare = pages.HEAD[: pages.HEAD.index('<link rel="alternate"')]
    body = f"<h1>{pages.TITLE}</h1><div class='isi-berita-yang-namanya-panjang-sekali'>{pages.p()}{many}</div>"
    found["long"] = pages.page(body, head=bare, url=long_host, above="")
    found["short"] = pages.page(
        f"<h1>{pages.TITLE}</h1><div class='isi'>{pages.p()}</div>", url="https://a.id/berita/12/x", above=""
    )
    quoted = pages.HEAD.replace("Kabar Senja", "Kabar &quot;Senja&quot; \\ Timur")
    found["quoted"] = pages.page(f"<h1>{pages.TITLE}</h1><div class='isi'>{pages.p()}</div>", head=quoted, above="")
    made = {
        name: propose(
            Page(name, p.url, p.fetched_at, 200, p.headers, p.body), "2026", page_number=ArticleSpider.page_number
        )
        for name, p in found.items()
    }
    return {name: proposal for name, proposal in made.items() if isinstance(proposal, Proposal)}


def test_spider_files_are_as_the_formatter_leaves_them_and_say_what_was_proposed(tmp_path: Path) -> None:
    made = proposals()
    assert len(made) == len(pages.STRUCTURES) + 3
    for name, proposal in made.items():
        source = source_of(proposal)
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        assert len(source.splitlines()) <= 40 and ast.get_docstring(ast.parse(source))
        space: dict[str, object] = {}
        exec(compile(source, name, "exec"), space)
        (kind,) = [
            v
            for v in space.values()
            if isinstance(v, type) and v.__name__.endswith("Spider") and v.__name__ != "ArticleSpider"
        ]
        declared = kind.site()  # type: ignore[attr-defined]
        assert replace(declared, layouts=kind.layouts) == proposal.site  # type: ignore[attr-defined]
    for check in (["format", "--check"], ["check"]):
        command = [
            sys.executable,
            "-m",
            "ruff",
            *check,
            "--no-cache",
            "--config",
            str(ROOT / "pyproject.toml"),
            str(tmp_path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_class_names() -> None:
    assert class_name("balipost", "Bali Post") == "BaliPostSpider"
    assert class_name("jatengprov", "Pemprov Jawa Tengah") == "JatengprovSpider"
    assert class_name("kabar24", "Kabar24.com") == "Kabar24Spider"


# ---------------------------------------------------------------------------------------------------------------- from an address


def test_an_address_is_fetched_as_politely_as_any(awards: Awards) -> None:
    article = HTML.replace(b'<link rel="alternate"', b'<link rel="x"').replace(b'rel="canonical"', b'rel="x"')
    path = f"/berita/88123/{SLUG}"
    robots = "User-agent: *\nDisallow: /rahasia\nSitemap: {}/sitemap.xml\n"
    with serving({}) as site:
        site.answers |= {
            "/robots.txt": answer(robots.format(site.base), content_type="text/plain"),
            "/lama": status(301, location=path),
            path: answer(gzip.compress(article), content_encoding="gzip"),
        }
        ran = awards("new-site", "kabarsenja", f"{site.base}/lama", "--into", "mine")
        assert ran.code == 0, ran.err
        assert site.paths() == ["/robots.txt", "/lama", path]
        assert all("awards-etl" in hit.headers["user-agent"] for hit in site.hits)
        refused = awards("new-site", "senjakala", f"{site.base}/rahasia/1/x", "--into", "mine")
        lost = awards("new-site", "senjakala", f"{site.base}/tak-ada", "--into", "mine")
    stored = awards.folder / "mine" / "pages" / "kabarsenja" / f"{SLUG}.html.gz"
    assert gzip.decompress(stored.read_bytes()) == article
    source = (awards.folder / "mine" / "kabarsenja.py").read_text(encoding="utf-8")
    assert f'sitemaps = ("{site.base}/sitemap.xml",)' in source
    assert rf'article_url = r"https?://127\.0\.0\.1:{site.port}/(?:amp/)?berita/\d+/[^/?#]"' in source
    assert json.loads(stored.with_name(f"{SLUG}.json").read_text()) == {"url": f"{site.base}{path}"}
    assert refused.code == 1 and "forbidden by robots.txt" in refused.complaint
    assert lost.code == 1 and "http 404" in lost.complaint
    assert not (awards.data / "archive").exists(), "what was fetched is in the stored page, and in no archive"


# ------------------------------------------------------------------------------------------------------------------- wrong uses


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("Kabar-Senja", "page"), "'Kabar-Senja' is no name for a site"),
        (("1senja", "page"), "no name for a site"),
        (("detik", "page"), "there is a site 'detik' already"),
        (("imported", "page"), "there is a site 'imported' already"),
        (
            ("kabarsenja", "page", "--url", "https://news.detik.com/berita/d-5517334/x"),
            "is an article of the site detik",
        ),
        (("kabarsenja", "https://news.detik.com/berita/d-5517334/x"), "is an article of the site detik"),
        (("kabarsenja", "https://www.kabarsenja.id/1/x", "--url", "https://x.id"), "leave --url out"),
        (("kabarsenja", "page", "--url", "kabarsenja.id/1/x"), "no address of the web"),
        (("kabarsenja",), "Missing argument"),
    ],
)
@pytest.mark.parametrize("flags", [(), ("--into", "mine")], ids=["source tree", "--into"])
def test_wrong_uses(awards: Awards, saved: Path, arguments: tuple[str, ...], says: str, flags: tuple[str, ...]) -> None:
    ran = awards("new-site", *(str(saved) if a == "page" else a for a in arguments), *flags)
    assert ran.code == 2 and says in ran.complaint
    assert written(awards.folder) == set()


@pytest.mark.parametrize("there", ["kabarsenja.py", "pages/kabarsenja/x.json", "addresses/kabarsenja.json"])
def test_nothing_is_written_over(awards: Awards, saved: Path, there: str) -> None:
    path = awards.folder / "mine" / there
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    ran = awards("new-site", "kabarsenja", str(saved), "--into", "mine")
    assert ran.code == 2 and "is there already, and is not written over" in ran.complaint
    assert written(awards.folder) == {f"mine/{there}"} and path.read_text() == "mine"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (pages.page(pages.cards(6), above="").body, "no article can be read on it: no block of it holds"),
        (b"<title>404 Halaman tidak ditemukan</title><h1>404</h1>", "a page of the kind soft 404"),
        (b"<title>Just a moment...</title><p>Checking</p>", "a page of the kind block page"),
        (pages.page("", above="<h1>Lain</h1>" + pages.p()).body, "holds 458 characters of running text, but layout"),
        (b"", "it is empty"),
        (b"\x1f\x8b\x08 torn", "the gzip body is damaged"),
        (None, "No such file"),
    ],
)
def test_what_is_no_article_is_said(awards: Awards, tmp_path: Path, body: bytes | None, says: str) -> None:
    if body is not None:
        (tmp_path / "page.html").write_bytes(body)
    ran = awards("new-site", "kabarsenja", str(tmp_path / "page.html"), "--url", pages.URL, "--into", "mine")
    assert ran.code == 1 and says in ran.complaint
    assert not (awards.folder / "mine").exists()


def test_without_a_source_tree_it_says_so(tmp_path: Path, saved: Path) -> None:
    for name in ("scraper", "etl", "db"):
        shutil.copytree(ROOT / name, tmp_path / "installed" / name, ignore=shutil.ignore_patterns("__pycache__"))
    ran = in_checkout(tmp_path / "installed", "-m", "etl", "new-site", "kabarsenja", str(saved))
    assert ran.code == 2 and "--into FOLDER" in ran.complaint and "is no source tree" in ran.complaint


# ------------------------------------------------------------------------------------------------------- sites of other packages


def test_a_package_brings_a_site_as_the_readme_says(awards: Awards, saved: Path, tmp_path: Path) -> None:
    """The example of scraper/README.md, installed as pip would: its files on the path, its entry points in a dist-info."""
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    project = tomllib.loads(example)["project"]
    ((name, target),) = project["entry-points"]["awards.sites"].items()
    module, class_ = target.split(":")
    package = module.partition(".")[0]
    folder = tmp_path / "site-packages"
    assert awards("new-site", name, str(saved), "--into", str(folder / package)).code == 0
    (folder / package / "__init__.py").touch()
    source = (folder / package / f"{name}.py").read_text(encoding="utf-8")
    (folder / package / f"{name}.py").write_text(re.sub(r"class \w+\(", f"class {class_}(", source), encoding="utf-8")
    info = folder / f"{package}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    (info / "entry_points.txt").write_text(f"[awards.sites]\n{name} = {target}\n")
    assert name not in spiders()
    theirs = Awards(awards.data, settings={"PYTHONPATH": str(folder)})
    said = theirs.json("read", str(saved))
    assert (said["article"]["site"], said["article"]["layout"]) == (name, "2026")
    assert said["article"]["paragraphs"] == list(pages.PARAGRAPHS)
    assert name in theirs("schedule", "--list").out
