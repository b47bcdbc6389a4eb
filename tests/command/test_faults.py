"""Bad input and a bad world: one clear line, the right exit status, nothing lost."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import sqlite3
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from db.connect import connect, writing
from scraper.replay import SAMPLE
from tests.command.conftest import Awards, one_line

WRONG_USE = {
    "an unknown site": (("run", "detk", "--replay", "sample"), "did you mean detik"),
    "a date that is none": (("run", "--replay", "sample", "--since", "19/11/2026"), "--since"),
    "a time that is none": (("run", "--replay", "sample", "--as-of", "kemarin"), "--as-of"),
    "as-of without replay": (("run", "--as-of", "2026-11-19"), "--replay"),
    "a format nobody knows": (("find", "--format", "docx"), "docx"),
    "a year that is none": (("find", "--year", "tahun lalu"), "--year"),
    "a page of no site": (("read", "http://127.0.0.1:1/halaman"), "no article address of any site"),
}


@pytest.mark.parametrize("case", WRONG_USE)
def test_wrong_use_is_exit_2_and_says_what_to_do(awards: Awards, case: str) -> None:
    arguments, said = WRONG_USE[case]
    done = awards(*arguments)
    assert done.returncode == 2
    assert said in one_line(done)


@pytest.mark.parametrize("content", [None, b"", b"this is no WARC file"])
def test_a_replay_that_is_no_archive(awards: Awards, content: bytes | None) -> None:
    path = awards.data / "replay.warc.gz"
    if content is not None:
        path.write_bytes(content)
    done = awards("run", "--replay", str(path))
    assert done.returncode in (1, 2) and str(path) in one_line(done)


def test_a_replay_cut_short_is_used_as_far_as_it_goes(awards: Awards) -> None:
    path = awards.data / "cut.warc.gz"
    path.write_bytes(SAMPLE.read_bytes()[:300_000])
    done = awards("run", "--replay", str(path))
    assert done.returncode == 1
    assert "cut short" in one_line(done)
    assert awards.rows()["mention"]


def broken_pages(path: Path) -> None:
    """The sample, with one detik page's gzip cut short and another served as a PDF."""
    with SAMPLE.open("rb") as source, path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        for record in ArchiveIterator(source):
            url = record.rec_headers["WARC-Target-URI"] or ""
            if record.rec_type != "response":
                continue
            body, headers = record.raw_stream.read(), record.http_headers
            if "/d-8201001/" in url:
                body = gzip.compress(b"<html>" + bytes(range(256)) * 500)[:400]
                headers = StatusAndHeaders(
                    "200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], "HTTP/1.1"
                )
            if "/d-8201002/" in url:
                body, headers = (
                    b"%PDF-1.7 ...",
                    StatusAndHeaders("200 OK", [("Content-Type", "application/pdf")], "HTTP/1.1"),
                )
            when = {"WARC-Date": record.rec_headers["WARC-Date"]}
            made = writer.create_warc_record(
                url, "response", payload=BytesIO(body), http_headers=headers, warc_headers_dict=when
            )
            writer.write_record(made)


def test_one_bad_page_never_stops_a_run(awards: Awards) -> None:
    broken_pages(awards.data / "bad.warc.gz")
    done = awards("run", "detik", "--replay", str(awards.data / "bad.warc.gz"))
    assert done.returncode == 0
    misfits = {page["url"]: page["reason"] for page in awards.rows()["page"] if page["outcome"] == "misfit"}
    assert len(misfits) == 2
    assert any("cut short" in reason for reason in misfits.values())
    assert any("application/pdf" in reason for reason in misfits.values())
    assert all(url in done.stderr for url in misfits)
    assert len([page for page in awards.rows()["page"] if page["outcome"] == "article"]) >= 4


# -------------------------------------------------------------------------------------------------------------- databases


def test_a_locked_database_loses_nothing(sample: Awards) -> None:
    rows = sample.rows()
    holder = sqlite3.connect(sample.data / "awards.db", isolation_level=None)
    holder.execute("begin immediate")
    late = sample("run", "--replay", "sample", AWARDS_DB_TIMEOUT="1")
    assert late.returncode == 1 and "locked by another process" in late.stderr and "Traceback" not in late.stderr
    holder.execute("rollback")
    holder.close()
    assert sample("run", "--replay", "sample").returncode == 0
    assert sample.rows() == rows


def test_a_read_only_database(sample: Awards) -> None:
    done = Awards(sample.data, f"sqlite:///file:{sample.data / 'awards.db'}?mode=ro&uri=true")(
        "run", "--replay", "sample"
    )
    assert done.returncode == 1 and "read-only" in one_line(done)


def test_a_database_newer_than_the_code(sample: Awards) -> None:
    engine = connect(f"sqlite:///{sample.data / 'awards.db'}")
    with writing(engine) as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()
    for command in (("run", "--replay", "sample"), ("find",), ("db", "upgrade")):
        done = sample(*command)
        assert done.returncode == 1 and "newer than this code" in one_line(done)


def test_a_file_that_is_no_database(awards: Awards) -> None:
    (awards.data / "awards.db").write_bytes(b"this is a letter to my aunt, " * 100)
    done = awards("run", "--replay", "sample")
    assert done.returncode == 1 and "not a database" in one_line(done)
    assert (awards.data / "awards.db").read_bytes().startswith(b"this is a letter")


def test_a_server_that_is_not_there(awards: Awards) -> None:
    done = Awards(awards.data, "postgresql://nobody:secret@127.0.0.1:1/none")("find", AWARDS_DB_TIMEOUT="2")
    assert done.returncode == 1
    assert "127.0.0.1" in one_line(done) and "secret" not in done.stderr


def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here already", encoding="utf-8")
    done = Awards(tmp_path / "file" / "data")
    (tmp_path / "cwd").mkdir()
    result = Awards(tmp_path / "cwd")("run", "--replay", "sample", AWARDS_DATA=str(done.data))
    assert result.returncode == 1 and "cannot be made" in one_line(result)


@pytest.mark.parametrize(
    ("content", "said"), [("dta = 'x'\n", "dta"), ("crawls = 0\n", "crawls"), ("= = =", "awards.toml")]
)
def test_a_wrong_setting_is_named(awards: Awards, content: str, said: str) -> None:
    (awards.data.parent / "awards.toml").write_text(content, encoding="utf-8")
    done = awards("find")
    assert done.returncode == 2 and said in one_line(done)


# ------------------------------------------------------------------------------------------------------- plugs pulled


@pytest.mark.parametrize("moment", [0.8, 1.6, 2.4, 3.2, 4.0])
def test_killed_at_any_moment_and_run_again(awards: Awards, sample: Awards, moment: float) -> None:
    process = awards.start("run", "--replay", "sample")
    time.sleep(moment)
    whole_group = int(moment * 10) % 16 == 0  # else the parent alone: its crawls must end by themselves
    with suppress(ProcessLookupError):  # it was faster than we
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    again = awards("run", "--replay", "sample")
    assert again.returncode == 0, again.stderr
    assert awards.rows() == sample.rows()
    assert set(awards.captures()) == set(sample.captures())
    assert awards.bodies() == sample.bodies()


def test_two_runs_at_once_double_nothing(awards: Awards, sample: Awards) -> None:
    both = [awards.start("run", "detik", "--replay", "sample") for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert 0 in {process.returncode for process in both}
    assert all("Traceback" not in line for line in said)
    assert awards("run", "--replay", "sample").returncode == 0
    assert (awards.rows(), awards.bodies()) == (sample.rows(), sample.bodies())


def test_a_lost_database_is_made_again_from_the_archive(sample: Awards) -> None:
    rows = sample.rows()
    for path in sample.data.glob("awards.db*"):
        path.unlink()
    assert sample("process").returncode == 0
    assert sample.rows() == rows


def test_a_lost_index_is_made_again_from_the_warc(sample: Awards) -> None:
    rows = sample.rows()
    for path in (sample.data / "archive").rglob("*.jsonl"):
        path.unlink()
    assert sample("run", "--replay", "sample").returncode == 0
    shutil.rmtree(sample.data / "logs")
    assert sample("rebuild").returncode == 0
    assert sample.rows() == rows
