"""`awards db check` names what is wrong with an archive, and an archive at an address is as good as one in a folder."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from etl.articles import site_of
from etl.model import Page, PageRef
from etl.run.check import _told
from etl.run.pages import page_refs
from etl.settings import Settings
from scraper.archive import Archive, Damage
from tests.awards import Awards


def told(sample: Awards) -> list[str]:
    """The lines of a check that finds something, without the last one, which says what to do with all."""
    ran = sample("db", "check")
    assert ran.code == 1 and "awards rebuild" in ran.complaint
    return [line for line in ran.err.splitlines() if not line.startswith("awards: ")]


def detik(sample: Awards) -> tuple[Path, list[PageRef]]:
    """A site's folder and the pages of its articles."""
    store = Archive(sample.data / "archive")
    return sample.data / "archive" / "detik", page_refs(store, site_of("https://news.detik.com/berita/d-1/x"))


def test_a_damaged_record_is_named_with_its_article(sample: Awards) -> None:
    folder, refs = detik(sample)
    warc, ref = folder / refs[0].warc, refs[0]
    content = bytearray(warc.read_bytes())
    content[ref.offset + ref.length // 2] ^= 0xFF
    warc.write_bytes(content)
    (line,) = told(sample)
    assert line.startswith(f"{warc} at byte {ref.offset}: no whole record is there (")
    assert f"; affects the article {ref.url}; bring back a copy of the file; without one, delete line " in line
    number = int(line.rpartition(" of ")[0].rpartition(" ")[2])
    index = folder / warc.name.replace(".warc.gz", ".jsonl")
    lines = index.read_bytes().splitlines(keepends=True)
    assert json.loads(lines.pop(number - 1))["offset"] == ref.offset
    index.write_bytes(b"".join(lines))
    (line,) = told(sample)  # what it said was done: now the rows are what is left
    assert line == (
        f"{warc}: page {ref.id} has rows and is not in the archive; affects the article {ref.url}; "
        "bring back the file with its index, or `awards rebuild` drops the rows"
    )
    assert sample("rebuild").code == 0 and sample("db", "check").code == 0


def test_a_missing_file_is_one_line(sample: Awards) -> None:
    folder, refs = detik(sample)
    warc = folder / refs[0].warc
    warc.rename(sample.folder / "away")
    (line,) = told(sample)
    assert line.startswith(f"{warc} at byte 0: the file is missing, and ")
    assert "; affects the article https://" in line and line.count("detik.com") == 3
    assert line.endswith(f"; bring back a copy; without one, delete {str(warc).replace('.warc.gz', '.jsonl')} too")
    (sample.folder / "away").rename(warc)
    assert sample("db", "check").code == 0, "what it said helps"


def test_rows_of_pages_that_are_not_in_the_archive(sample: Awards) -> None:
    folder, refs = detik(sample)
    shutil.rmtree(folder)
    lines = told(sample)
    assert len(lines) == len(refs) and all(
        ref.id in line for ref, line in zip(sorted(refs, key=id_of), lines, strict=True)
    )


def id_of(ref: PageRef) -> str:
    return ref.id


def test_further_pages_of_an_article_are_read_too(sample: Awards) -> None:
    """They have no rows of their own."""
    site = site_of("https://www.cnnindonesia.com/nasional/20261120120000-20-1/kota-x-raih-adipura")
    at = datetime.fromisoformat("2026-11-20T00:00:00+00:00")
    url = "https://www.cnnindonesia.com/nasional/20261120120000-20-1/kota-x-raih-adipura"
    with Archive(sample.data / "archive").writer("cnnindonesia") as writer:
        for number, body in enumerate((b"satu" * 99, b"dua" * 99), 1):
            writer.add(Page("cnnindonesia", url if number == 1 else f"{url}?page={number}", at, 200, (), body))
    store = Archive(sample.data / "archive")
    ref = next(ref for ref in page_refs(store, site) if ref.url == url)
    assert sample("db", "check").code == 0
    (part,) = ref.parts
    warc = sample.data / "archive" / "cnnindonesia" / part.warc
    content = bytearray(warc.read_bytes())
    content[part.offset + part.length - 30] ^= 0xFF
    warc.write_bytes(content)
    (line,) = told(sample)
    assert line.startswith(f"{warc} at byte {part.offset}: ") and part.url in line


def test_a_damaged_index_is_named_and_stops_no_other_line(sample: Awards) -> None:
    folder, _ = detik(sample)
    index = next(folder.glob("*.jsonl"))
    whole = index.read_bytes()
    index.write_bytes(b"rubbish\n" + whole)
    sample.change(
        "update evidence set quote = 'kata lain' where position = 0 and mention_id = (select min(id) from mention)"
    )
    words, line = told(sample)
    assert words.startswith("mention ") and line.startswith(f"{index} at byte 0: line 1 is damaged (")
    assert line.endswith("; delete the index; the next crawl makes it again")


def test_what_is_affected_is_said_in_few_words() -> None:
    site = site_of("https://news.detik.com/berita/d-1/x")
    urls = tuple(f"https://news.detik.com/berita/d-{n}/x" for n in range(1, 6))
    line = _told(Damage("f", 9, "torn", (*urls, "https://news.detik.com/rss"), "mend it"), site)
    assert line == f"f at byte 9: torn; affects the article {', '.join(urls[:3])} and 2 more; mend it"
    for known in (site, None):
        line = _told(Damage("f", 9, "torn", ("https://news.detik.com/rss",), "mend it"), known)
        assert line == "f at byte 9: torn; affects no article, but https://news.detik.com/rss; mend it"
    assert _told(Damage("f", 9, "torn", (), "mend it"), site) == "f at byte 9: torn; mend it"


# ---------------------------------------------------------------------------------------------------------- an address


def test_everything_works_with_an_archive_at_an_address(awards: Awards, sample: Awards) -> None:
    address = f"file://{awards.folder}/there"
    awards.settings["AWARDS_ARCHIVE"] = address
    ran = awards("run", "--replay", "sample", "detik")
    assert ran.code == 0, ran.err
    assert not (awards.data / "archive").exists() and (awards.folder / "there" / "detik").is_dir()
    found = Archive(address).captures("detik")
    assert sorted(("detik", c.url, c.fetched_at, c.digest) for c in found) == [
        capture for capture in sample.captures() if capture[0] == "detik"
    ]
    rows = awards.rows()
    assert awards("db", "check").code == 0 and awards("rebuild").code == 0 and awards.rows() == rows
    warc = next((awards.folder / "there" / "detik").glob("*.warc.gz"))
    content = bytearray(warc.read_bytes())
    content[-60] ^= 0xFF
    warc.write_bytes(content)
    ran = awards("db", "check")
    assert ran.code == 1 and f"{address}/detik/{warc.name} at byte " in ran.err


def test_an_address_that_cannot_be_opened_is_said_in_one_line(awards: Awards) -> None:
    awards.settings["AWARDS_ARCHIVE"] = "nosuch://bucket/x"
    for command in (["run", "--replay", "sample"], ["process"], ["db", "check"]):
        ran = awards(*command)
        assert ran.code in (1, 2) and "the archive's address nosuch://bucket/x cannot be opened" in ran.err
        assert "Traceback" not in ran.err


def test_the_archive_is_in_the_data_folder_unless_it_is_said_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWARDS_ARCHIVE", raising=False)
    monkeypatch.setenv("AWARDS_DATA", "/x")
    assert Settings().archive == "/x/archive" and Settings().staging == Path("/x/staging")
    for given, meant in (("", "/x/archive"), ("s3://b/a", "s3://b/a"), ("/y", "/y")):
        monkeypatch.setenv("AWARDS_ARCHIVE", given)
        assert Settings().archive == meant
