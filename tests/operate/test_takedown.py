"""`awards takedown`: gone from rows, file and archive, and gone for good, whatever comes after or between."""

from __future__ import annotations

import gzip
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from sqlalchemy import Engine

from db import connect as connect_
from db import load, tombstones
from db.connect import connect, prepare, reading, writing
from db.queries import dump
from etl.clean.content import decoded_body
from etl.engine import in_order
from etl.model import AwardMention, Evidence
from etl.operate import takedown
from etl.operate.tombstones import masked, names_anyone, person_hash, without_persons
from etl.run.check import check
from etl.run.pages import page_refs
from etl.run.reading import Task, _load, process, read_task
from etl.settings import Settings
from scraper import swap
from scraper.archive import Archive, WarcFile
from scraper.sites import sites
from scraper.store import Folder
from tests.awards import Awards
from tests.scraper.test_archive import assert_whole

URL = "https://news.detik.com/berita/d-8201001/banyuwangi-sabet-iga-2026-lagi-lagi-jadi-kabupaten-terinovatif"
AMP = "https://news.detik.com/berita/d-8201001/banyuwangi-sabet-iga-2026-lagi-lagi-jadi-kabupaten-terinovatif/amp"
TITLE = "Banyuwangi Sabet IGA 2026"
NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


def settings_of(awards: Awards) -> Settings:
    return Settings(data=awards.data, db=awards.db, workers=1)


@pytest.fixture
def engine(sample: Awards) -> Iterator[Engine]:
    made = connect(sample.database)
    yield made
    made.dispose()


def archived(awards: Awards) -> bytes:
    """Every byte of the archive, unpacked, and every body as a browser shows it."""
    found = [path for path in (awards.data / "archive").rglob("*") if path.is_file()]
    raw = [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in found]
    bodies = []
    for warc in (path for path in found if path.suffix == ".gz"):
        file = WarcFile(warc)
        bodies += [decoded_body(file.read(c)) for c in file.captures("any") if c.status == 200]
    return b"".join(raw + bodies)


def stored(awards: Awards) -> bytes:
    """Every byte of the database and what lies beside it."""
    return b"".join(path.read_bytes() for path in awards.data.glob("awards.db*"))


def text_of(awards: Awards, url: str) -> str:
    with sqlite3.connect(awards.data / "awards.db") as connection:
        query = "SELECT v.text FROM article a JOIN article_version v ON v.id = a.current_version_id WHERE a.url = ?"
        (found,) = connection.execute(query, (url,)).fetchone()
    connection.close()
    return str(found)


def conferrals(awards: Awards) -> dict[str, Any]:
    return {row["id"]: row for row in awards.rows()["conferral"]}


def test_gone_from_rows_file_and_archive(sample: Awards) -> None:
    text, before = text_of(sample, URL), conferrals(sample)
    sentence = text.splitlines()[2][:60].encode()
    assert TITLE.encode() in archived(sample) and sentence in stored(sample)
    ran = sample("takedown", AMP, "--reason", "ticket 7")
    assert ran.code == 0, ran.err
    assert "taken down: detik:d-8201001" in ran.err and TITLE not in ran.err + ran.out
    assert sentence not in stored(sample), "not even in what SQLite has freed"
    everything = archived(sample)
    assert TITLE.encode() not in everything and b"d-8201001" not in everything, "lists that told of it neither"
    assert sample("db", "check").code == 0
    assert_whole(sample.data / "archive", "detik")
    rows = sample.rows()
    assert all("8201001" not in str(row) for name in ("article", "page", "article_version") for row in rows[name])
    after = {row["id"]: row for row in rows["conferral"]}
    lost = before.keys() - after.keys()
    assert lost and all(before[key]["outlet_count"] == 1 for key in lost), "only what nobody else reports is gone"
    fewer = [key for key in after if after[key]["outlet_count"] < before[key]["outlet_count"]]
    assert fewer, "what another outlet reports too has one source less"


def test_backups_that_still_hold_what_went_are_said(sample: Awards) -> None:
    assert sample("backup").code == 0
    (made,) = [path.name for path in (sample.data / "backups").glob("2*")]
    ran = sample("takedown", URL, "--reason", "ticket 7")
    assert ran.code == 0 and f"1 backup made before may still hold these bytes (the newest: {made})" in ran.err
    assert "backup made before" not in sample("takedown", "--sweep").err  # nothing went with this one
    backups = Awards(sample.data / "backups")  # whose archive is laid out as any
    assert TITLE.encode() in archived(backups)
    while f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}" == made:
        time.sleep(0.05)  # a backup is named by its second
    keep_one = Awards(sample.data, sample.db, {**sample.settings, "AWARDS_BACKUP_KEEP": "1"})
    assert keep_one("backup").code == 0  # what the line says to do
    assert not (sample.data / "backups" / made).exists()
    assert archived(backups) and TITLE.encode() not in archived(backups)


def test_a_rebuild_and_a_second_run_bring_nothing_back(sample: Awards) -> None:
    assert sample("takedown", URL, "--reason", "ticket 7").code == 0
    after = sample.rows()
    assert sample("rebuild").code == 0
    assert sample.rows() == after
    ran = sample("run", "--replay", "sample", "detik")
    assert ran.code == 0, ran.err
    assert TITLE.encode() not in archived(sample) or sample("takedown", "--sweep").code == 0
    assert b"/d-8201001" not in b"".join(c.url.encode() for c in Archive(sample.data / "archive").captures("detik"))
    assert sample.rows()["conferral"] == after["conferral"]
    (decision, *_) = sample.json("takedown", "--list")
    assert decision["id"] == "detik:d-8201001" and decision["reason"] == "ticket 7" and decision["purged_at"]


def test_what_others_take_is_written_again_at_once(sample: Awards) -> None:
    only = "Kota Surabaya"  # said by this article alone
    (url,) = [
        row["url"] for row in sample.rows()["article"] if "8204012" in row["id"] or "surabaya-ganjar" in row["url"]
    ]
    assert sample("publish").code == 0
    published = sample.data / "publish" / "conferrals.csv"
    before = published.read_text()
    assert sample("takedown", url, "--reason", "ticket 7").code == 0
    assert published.read_text().count("\n") < before.count("\n") and only in before


def test_a_new_database_and_another_machine_know_it_from_the_archive(sample: Awards) -> None:
    assert sample("takedown", URL, "--reason", "ticket 7").code == 0
    for file in sample.data.glob("awards.db*"):
        file.unlink()
    assert sample("run", "--replay", "sample", "detik").code == 0
    assert all("8201001" not in row["id"] for row in sample.rows()["article"])


def test_an_import_keeps_none(sample: Awards) -> None:
    warc = next((sample.data / "archive" / "detik").glob("*.warc.gz"))
    elsewhere = sample.folder / "foreign.warc.gz"
    elsewhere.write_bytes(warc.read_bytes())
    assert sample("takedown", URL, "--reason", "ticket 7").code == 0
    ran = sample("import", str(elsewhere), "--all")
    assert ran.code == 0, ran.err
    assert [row["taken down"] for row in ran.table() if row["site"] == "detik"] == ["1"]
    assert not any("d-8201001" in c.url for c in Archive(sample.data / "archive").captures("detik"))
    assert all("8201001" not in row["id"] for row in sample.rows()["article"])


def test_while_a_crawl_writes_it_is_hidden_and_a_sweep_purges_it(sample: Awards) -> None:
    with FileLock(sample.data / "archive" / "detik" / ".lock"):
        ran = sample("takedown", URL, "--reason", "ticket 7")
        assert ran.code == 1 and "another crawl of detik is writing" in ran.complaint
        assert all("8201001" not in row["id"] for row in sample.rows()["article"])
        assert sample("process", "detik").code == 0
        assert all("8201001" not in row["id"] for row in sample.rows()["article"]), "its bytes wait, and are not read"
        assert "not yet" in sample("takedown", "--list").out
    assert TITLE.encode() in archived(sample)
    ran = sample("takedown", "--sweep")
    assert ran.code == 0 and TITLE.encode() not in archived(sample), ran.err
    again = sample.json("takedown", "--sweep")
    assert again["captures"] == 0 and again["pages"] == 0, "nothing is left to do"


def test_a_sweep_that_meets_a_crawl_and_has_nothing_left_to_do_is_no_failure(sample: Awards) -> None:
    assert sample("takedown", URL, "--reason", "ticket 7").code == 0
    with FileLock(sample.data / "archive" / "detik" / ".lock"):
        ran = sample("takedown", "--sweep")
        assert ran.code == 0 and "another crawl" in ran.err, "the next one looks again"


def test_decisions_on_a_site_that_is_declared_no_more(sample: Awards, engine: Engine) -> None:
    old = tombstones.of_article("kabarlama", "7", "why", NOW)
    with writing(engine) as connection:
        tombstones.decide(connection, [old])
    waiting = takedown.sweep(settings_of(sample), engine, NOW).waiting
    assert "no site is called kabarlama" in waiting["kabarlama"]
    with writing(engine) as connection:
        tombstones.purged(connection, old.id, NOW, 1)
    assert takedown.sweep(settings_of(sample), engine, NOW).waiting == {}


STEPS = (
    (tombstones, "decide"), (load, "forget"), (Archive, "block"), (takedown, "purge"), (Folder, "move"),
    (swap, "finish"), (tombstones, "purged"), (connect_, "settle"),
)  # fmt: skip


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=lambda each: each if isinstance(each, str) else "")
def test_killed_before_any_step_a_sweep_finishes_it(sample: Awards, engine: Engine, owner: Any, name: str) -> None:
    settings = settings_of(sample)
    child = os.fork()
    if child == 0:
        setattr(owner, name, lambda *_, **__: os._exit(9))
        takedown.articles(settings, connect(sample.database), [URL], "ticket 7", NOW)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    if name == "decide":  # it was never said to be done; the operator says it again
        takedown.articles(settings, engine, [URL], "ticket 7", NOW)
    assert takedown.sweep(settings, engine, NOW).waiting == {}
    assert TITLE.encode() not in archived(sample)
    assert all("8201001" not in row["id"] for row in sample.rows()["article"])
    assert check(settings, engine) == []


def test_what_broke_off_while_files_were_replaced_is_said_and_finished_by_the_next_to_read(
    sample: Awards, engine: Engine
) -> None:
    settings = settings_of(sample)
    child = os.fork()
    if child == 0:
        real, left = Folder.move, iter([1])

        def die_second(self: Folder, *given: str) -> None:
            if next(left, 0) == 0:
                os._exit(9)
            real(self, *given)

        setattr(Folder, "move", die_second)  # noqa: B010  # mypy forbids the plain way
        takedown.articles(settings, connect(sample.database), [URL], "ticket 7", NOW)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    ran = sample("db", "check")
    assert ran.code == 1 and "detik: a take-down broke off" in ran.err
    sample.change("UPDATE page SET fingerprint = 'old'")
    assert process(settings, engine, "detik").misfits == []
    assert TITLE.encode() not in archived(sample)


def test_what_was_read_before_and_is_loaded_after_does_not_come_back(sample: Awards, engine: Engine) -> None:
    """A take-down between the reading of a page and its loading."""
    settings, site = settings_of(sample), sites()["detik"]
    ref = next(r for r in page_refs(Archive(settings.archive), site) if "8201001" in r.url)
    read = read_task(Task(settings.archive, site, ref))
    takedown.articles(settings, engine, [URL], "ticket 7", NOW)
    assert _load(engine, [read], site, None, True) == []
    assert all("8201001" not in row["id"] for row in sample.rows()["article"])


def test_a_site_read_while_its_archive_is_rewritten_is_read_again(
    sample: Awards, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.change("UPDATE page SET fingerprint = 'old'")
    settings, real = settings_of(sample), in_order
    turns = []

    def disturbed(*given: Any) -> Iterator[Any]:
        turns.append(0)
        if len(turns) == 1:
            takedown.articles(settings, engine, [URL], "ticket 7", NOW)
        yield from real(*given)

    monkeypatch.setattr("etl.run.reading.in_order", disturbed)
    done = process(settings, engine, "detik")
    assert len(turns) == 2 and done.misfits == [], "no page is called damaged for lying elsewhere now"


def row(
    id_: str, url: str, digest: str, canonical: str | None = None, version: str | None = "v"
) -> dict[str, str | None]:
    return {"id": id_, "url": url, "digest": digest, "canonical_url": canonical, "version_id": version}


def at(number: int) -> str:
    return f"https://news.detik.com/berita/d-{number}/kota-x"


def test_the_same_article_under_another_id() -> None:
    site, asked = sites()["detik"], tombstones.of_article("detik", "d-1", "why", NOW)

    def same(*pages: dict[str, str | None]) -> list[str]:
        return [each.id for each in takedown._aliases(site, pages, [asked], NOW)]

    own = row("a", at(1), "sha1:A", at(1))
    assert same(own, row("b", at(2), "sha1:B", at(2))) == []
    assert same(own, row("b", at(2), "sha1:B", at(1))) == ["detik:d-2"], "it calls ours the right one"
    assert same(row("a", at(1), "sha1:A", at(3))) == ["detik:d-3"], "ours calls it the right one"
    assert same(own, row("b", at(2), "sha1:A", None)) == ["detik:d-2"], "the same bytes"
    nothing = [row(f"{n}", at(n), "sha1:E", version=None) for n in (2, 3)]
    assert same(row("a", at(1), "sha1:E", version=None), *nothing) == [], "an error page is no article"
    broken = [row(f"{n}", at(n), f"sha1:{n}", at(1)) for n in range(2, 12)]
    assert same(own, *broken) == [], "a template that calls one article the right address of all"


# -------------------------------------------------------------------------------------------------------------- persons

GIVER, TAKER = "Suryo Handaru", "Yohanes Adiprana"


def test_no_record_names_a_person_and_the_awards_stay(sample: Awards) -> None:
    before = sample.rows()
    named = [m for m in before["mention"] if GIVER in (m["presented_by"], m["received_by"])]
    assert len(named) > 5
    ran = sample("takedown", "--person", f"Dr. H. {GIVER}, S.H.", "--reason", "ticket 8")
    assert ran.code == 0, ran.err
    after = sample.rows()
    assert len(after["mention"]) == len(before["mention"]), "the regions keep their awards"
    assert GIVER not in str(after["mention"]) + str(after["evidence"]) + str(after["conferral"])
    urls = ran.out.split()
    assert urls and all(GIVER in text_of(sample, url) for url in urls), "the operator is told where the text has it"
    assert GIVER not in str(sample.json("takedown", "--list"))
    assert sample("rebuild").code == 0
    assert sample.rows() == after
    assert sample("db", "check").code == 0
    assert sample("takedown", "--person", GIVER, "--lift").code == 0
    assert sample("process").code == 0
    assert sample.rows() == before, "taken back, and read from the archive again"


def test_nothing_made_of_records_names_a_person_whom_two_outlets_named(sample: Awards) -> None:
    name = "Ratna Kusumawardhani"
    assert name in str(sample.rows()["conferral_tally"])
    assert sample("takedown", "--person", name, "--reason", "ticket 9").code == 0
    assert [table for table, rows in sample.rows().items() if name in str(rows)] == ["article_version"]  # the texts


def mention(**fields: Any) -> AwardMention:
    recipient, award = fields.pop("recipient", "Kota X"), "Adipura"
    words = (Evidence("recipient", 0, 6, recipient), Evidence("award", 7, 14, award))
    more = tuple(Evidence(name, 20, 30, value) for name, value in fields.items() if isinstance(value, str))
    kind = fields.pop("recipient_type", "region")
    return AwardMention(recipient=recipient, recipient_type=kind, award=award, evidence=words + more, **fields)


def test_what_a_person_s_take_down_leaves_of_a_claim() -> None:
    persons = frozenset({person_hash("Budi Santoso")})
    assert without_persons(mention(), persons) == mention()
    assert without_persons(mention(recipient="Budi Santoso", recipient_type="person"), persons) is None
    assert without_persons(mention(recipient="Bupati X Budi Santoso", recipient_type="official"), persons) is None
    left = without_persons(mention(received_by="Drs. H. Budi Santoso, M.Si.", giver="Kemendagri"), persons)
    assert left == mention(giver="Kemendagri")
    assert without_persons(mention(partners=("PT Y", "Budi Santoso")), persons) == mention(partners=("PT Y",))
    assert without_persons(mention(received_by="Budi Hartono"), persons) == mention(received_by="Budi Hartono")


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Suharto", True), ("Pak Suharto", True), ("H. Suharto, S.E.", True),
        ("Suharto Wijaya", False), ("Jalan Suharto", False), ("", False),
    ],
)  # fmt: skip
def test_a_single_name_is_only_a_name_by_itself(text: str, is_named: bool) -> None:
    assert names_anyone(frozenset({person_hash("Suharto")}), text) == is_named


def test_a_text_with_blocks_for_a_name() -> None:
    persons = frozenset({person_hash("Dr. H. Budi Santoso, M.Si.")})
    text = "Wali Kota X, BUDI\nSantoso (40), hadir. Menurut Budi, “Pak Santoso” senang."
    shown = masked(text, persons)
    assert shown == "Wali Kota X, ████\n███████ (40), hadir. Menurut ████, “Pak ███████” senang."
    assert masked("Budi Hartono dan Andi Santoso", persons) == "Budi Hartono dan Andi Santoso"
    assert masked("Jalan Suharto", frozenset({person_hash("Suharto")})) == "Jalan Suharto"


def finds_nobody(awards: Awards) -> None:
    first, last = GIVER.split()[0], GIVER.split()[-1]
    for asked in (GIVER, f'"{GIVER}"', f"{last} {first}", f"{GIVER[:-2]}*", GIVER.upper()):
        assert awards.json("search", asked) == [], asked
        assert GIVER not in awards("find", "--text", asked, "--format", "csv").out


def test_a_person_is_found_by_no_search_and_shown_in_no_hit(sample: Awards) -> None:
    naming = [hit["version_id"] for hit in sample.json("search", GIVER, "--limit", "99")]
    assert naming
    assert sample("takedown", "--person", GIVER, "--reason", "ticket 8").code == 0
    finds_nobody(sample)
    hits = [hit for hit in sample.json("search", "penghargaan", "--limit", "500") if hit["version_id"] in naming]
    assert hits and not any(GIVER in hit["text"] + hit["title"] for hit in hits), "found by its other words"
    assert GIVER not in sample("find", "--format", "csv").out, "nor quoted"
    assert GIVER.lower().encode() not in stored(sample), "stems are not kept either"
    assert sample("rebuild").code == 0
    finds_nobody(sample)
    assert sample("takedown", "--person", GIVER, "--lift").code == 0
    assert sample("process").code == 0
    assert [hit["version_id"] for hit in sample.json("search", GIVER, "--limit", "99")] == naming


def test_a_sweep_hides_whom_a_database_of_before_still_finds(sample: Awards, engine: Engine) -> None:
    """A backup was restored: the decision is known by its hash alone."""
    with writing(engine) as connection:
        tombstones.decide(connection, [tombstones.of_person(GIVER, "ticket 8", NOW)])
    assert sample.json("search", GIVER)
    assert sample("takedown", "--sweep").code == 0
    finds_nobody(sample)


# ---------------------------------------------------------------------------------------------------------------- usage


def test_taken_back_it_may_come_again(sample: Awards) -> None:
    before = sample.rows()["conferral"]
    assert sample("takedown", URL, "--reason", "a mistake").code == 0
    assert sample("takedown", URL, "--lift").code == 0
    assert sample.json("takedown", "--list") == []
    assert sample("run", "--replay", "sample", "detik").code == 0
    assert sample.rows()["conferral"] == before


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((), "give URLs"),
        ((URL,), "--reason is missing"),
        ((URL, "--reason", " "), "--reason is missing"),
        ((URL, "--sweep", "--reason", "x"), "give URLs"),
        (("banyuwangi", "--reason", "x"), "is no address of an article"),
        (("--person", "H.", "--reason", "x"), "is no name"),
        (("--lift",), "give URLs"),
    ],
)  # fmt: skip
def test_wrong_usage_is_said(awards: Awards, given: tuple[str, ...], says: str) -> None:
    ran = awards("takedown", *given)
    assert ran.code == 2 and says in ran.complaint


def test_on_postgres(sample: Awards, postgres_server: str, tmp_path: Path) -> None:
    import psycopg

    name = f"takedown_{os.getpid()}"
    with psycopg.connect(postgres_server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    there = Awards(sample.data, postgres_server.format(name))
    made = connect(there.database)
    prepare(made)
    assert there("process").code == 0
    for given in ((URL,), ("--person", GIVER)):
        ran = there("takedown", *given, "--reason", "ticket 9")
        assert ran.code == 0, ran.err
    with reading(made) as connection:
        rows = dump(connection)
    made.dispose()
    assert all("8201001" not in each["id"] for each in rows["article"]) and GIVER not in str(rows["mention"])
    assert there("db", "check").code == 0
