"""Commands that ask and that read, as their users call them. (What changes data: tests/run.)"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from tests.awards import SITES, Awards, ended, group_is_gone, until
from tests.warcs import sample as sample_answers

TEXT = "Kota Bogor Raih Adipura\nKota Bogor meraih Adipura dari Kementerian Lingkungan Hidup, Rabu (18/11/2026)."


# ------------------------------------------------------------------------------------------------------------------ find


@pytest.fixture(scope="module")
def asked(first_run: tuple[Awards, Any], tmp_path_factory: pytest.TempPathFactory) -> Awards:
    """The sample in a folder, for tests that only ask."""
    return first_run[0].copy(tmp_path_factory.mktemp("asked"))


FILTERS: dict[str, tuple[tuple[str, ...], Any]] = {
    "a province and what lies in it": (("--region", "35"), lambda r: str(r["region_code"]).split(".")[0] == "35"),
    "one region": (("--region", "35.10"), lambda r: r["region_code"] == "35.10"),
    "a series": (("--series", "adipura"), lambda r: r["series"] == "adipura"),
    "a kind of recipient": (("--recipient-type", "village"), lambda r: r["recipient_type"] == "village"),
    "part of the giver": (("--giver", "lingkungan HIDUP"), lambda r: "Lingkungan Hidup" in (r["giver"] or "")),
    "a year": (("--year", "2026"), lambda r: r["year"] == 2026),
    "years": (("--year", "2020..2025"), lambda r: r["year"] is not None and 2020 <= r["year"] <= 2025),
    "years since": (("--year", "2026.."), lambda r: r["year"] is not None and r["year"] >= 2026),
    "years until": (("--year", "..2025"), lambda r: r["year"] is not None and r["year"] <= 2025),
    "a level": (("--level", "wistara"), lambda r: "wistara" in {str(r["rank"]).lower(), str(r["category"]).lower()}),
    "words": (
        ("--text", "terinovatif BANYUWANGI"),
        lambda r: {"inovatif", "banyuwangi"} <= set(re.findall(r"inovatif|banyuwangi", _searched(r))),
    ),
    "a region by its name": (("--region", "kab. banyuwangi"), lambda r: r["region_code"] == "35.10"),
    "a series by its name": (("--series", "Opini WTP"), lambda r: r["series"] == "opini-wtp"),
    "a kind": (("--kind", "opinion"), lambda r: r["kind"] == "opinion"),
    "a category": (("--category", "kabupaten terinovatif"), lambda r: r["category"] == "Kabupaten Terinovatif"),
    "several outlets": (("--outlets", "2"), lambda r: r["outlet_count"] >= 2),
    "what is sure": (("--confidence", "0.9"), lambda r: r["confidence"] >= 0.9),
    "several at once": (
        ("--region", "33", "--recipient-type", "region", "--giver", "komisi informasi"),
        lambda r: (
            str(r["region_code"]).startswith("33")
            and r["recipient_type"] == "region"
            and (r["giver"] or "").startswith("Komisi Informasi")
        ),
    ),
}


def _searched(row: dict[str, Any]) -> str:
    return " ".join(str(row[name]) for name in ("recipient", "award", "category", "rank", "giver")).lower()


@pytest.mark.parametrize("case", FILTERS)
def test_find_narrows_to_what_was_asked_for(asked: Awards, case: str) -> None:
    flags, fits = FILTERS[case]
    everything = asked.rows()["conferral"]
    ran = asked("find", *flags, "--format", "json")
    assert ran.code == 0, ran.err
    found = {row["id"] for row in json.loads(ran.out)}
    assert found == {row["id"] for row in everything if fits(row)}
    assert 0 < len(found) < len(everything), "the case says nothing"


def test_find_by_site_is_what_the_site_reports(asked: Awards) -> None:
    found = json.loads(asked("find", "--site", "merdeka", "--format", "json").out)
    (status,) = [row for row in asked.json("status") if row["site"] == "merdeka"]
    assert len(found) == status["conferrals"] > 0


def test_find_prints_a_table_on_stdout_and_what_to_do_next_on_stderr(asked: Awards) -> None:
    ran = asked("find", "--region", "35.10")
    assert ran.out.splitlines()[0].split()[:4] == ["id", "year", "recipient", "award"]
    assert "Kabupaten Banyuwangi" in ran.out and "\x1b" not in ran.out
    assert re.match(r"\d+ conferrals; `awards why ID` shows the words behind a line\n", ran.err)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_find_writes_the_same_to_a_file_and_to_stdout(asked: Awards, form: str, tmp_path: Path) -> None:
    shown = asked("find", "--region", "35", "--format", form)
    to_file = asked("find", "--region", "35", "--format", form, "--out", str(tmp_path / "found"))
    assert (to_file.code, to_file.out) == (0, "")
    written = (tmp_path / "found").read_bytes()
    mark = "\ufeff" if form == "csv" else ""  # Excel takes a file without one for the machine's old code page
    assert written.decode() == mark + shown.out.replace("\n", "\r\n" if form == "csv" else "\n")
    if form == "csv":
        lines = list(csv.DictReader(io.StringIO(shown.out)))
        assert {line["recipient"] for line in lines} >= {"Kabupaten Banyuwangi"}
        none = asked("find", "--year", "1999", "--format", "csv")
        assert none.out.splitlines() == [shown.out.splitlines()[0]]  # the same columns when nothing was found


def test_find_writes_what_programs_and_spreadsheets_open(asked: Awards, tmp_path: Path) -> None:
    rows = json.loads(asked("find", "--outlets", "2", "--format", "json").out)
    assert [json.loads(line) for line in asked("find", "--outlets", "2", "--format", "jsonl").out.splitlines()] == rows
    for row in rows:
        assert len(row["outlets"]) == row["outlet_count"] == 2 and all(
            link.startswith("https://") for link in row["links"]
        )
        assert 0 < len(row["quote"]) <= 200
    for form in ("parquet", "xlsx"):
        ran = asked("find", "--outlets", "2", "--out", str(tmp_path / f"found.{form}"))
        assert (ran.code, ran.out) == (0, "")
    table = parquet.read_table(tmp_path / "found.parquet")
    assert [row["id"] for row in table.to_pylist()] == [row["id"] for row in rows]
    assert str(table.schema.field("first_published_on").type) == "date32[day]"
    refused = asked("find", "--format", "xls")
    assert refused.code == 2 and "xlsx" in refused.complaint


def test_find_limits_sorts_and_says_how_many_there_are(asked: Awards) -> None:
    surest = json.loads(asked("find", "--sort", "confidence", "--limit", "5", "--format", "json").out)
    assert [row["confidence"] for row in surest] == sorted((row["confidence"] for row in surest), reverse=True)
    assert len(surest) == 5
    assert re.match(rf"3 of {len(asked.rows()['conferral'])} conferrals", asked("find", "--limit", "3").err)
    sure = [row["confidence"] for row in asked.rows()["conferral"]]
    doubtful, citeable = sum(value < 0.5 for value in sure), sum(value >= 0.9 for value in sure)
    assert f"\n{doubtful} of them are rather wrong than right" in asked("find").err
    cited = asked("find", "--confidence", "0.9", "--format", "csv")
    assert cited.err.startswith(f"{len(sure) - citeable} more are less sure than 0.9")
    assert len(list(csv.DictReader(io.StringIO(cited.out)))) == citeable
    for flags, why in ((("--sort", "size"), "newest"), (("--kind", "prize"), "opinion"), (("--text", "%"), "no word")):
        refused = asked("find", *flags)
        assert refused.code == 2 and why in refused.complaint


def test_find_says_what_it_read_instead(asked: Awards) -> None:
    ran = asked("find", "--text", "Banyuwengi")
    assert ran.code == 0 and "Kabupaten Banyuwangi" in ran.out
    assert ran.err.splitlines()[0] == "no hits for 'Banyuwengi'; searched 'Banyuwangi'"
    for once in ("92.01", "kab. toba samosir"):  # a code, and a name, of before
        assert asked("find", "--region", once).err.startswith(f"no region {once!r}; searched ")
    assert asked("find", "--level", "Wistra").err.startswith("no level 'Wistra'; searched 'Wistara'\n")
    known = asked("find", "--level", "wistara", "--region", "11")  # others have it: that nobody here does is an answer
    assert (known.code, known.out.count("\n")) == (0, 1)


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (("--region", "99.99"), "is no region's code"),
        (("--series", "nosuch"), "is not in the catalogue"),
        (("--year", "20"), "2021..2025"),
        (("--year", ".."), "2021..2025"),
        (("--year", "2025..2021"), "begins after it ends"),
        (("--text", " "), "no word"),
        (("--out", "found.doc"), ".xlsx"),
        (("--json", "--format", "csv"), "leave one out"),
        (("--level", "nosuch"), "no conferral has the level 'nosuch'"),
        (("--category", "nosuch"), "no conferral has the category 'nosuch'"),
    ],
)
def test_find_takes_no_answer_of_nothing_for_a_question_that_cannot_be(
    asked: Awards, flags: tuple[str, ...], why: str
) -> None:
    refused = asked("find", *flags)
    assert refused.code == 2 and why in refused.complaint and not refused.out


def test_what_changed_since(sample: Awards) -> None:
    everything = sample.rows()["conferral"]
    first = json.loads(sample("find", "--changed-since", "2026-01-01", "--format", "json").out)
    assert {row["id"] for row in first} == {row["id"] for row in everything}
    assert {row["change"] for row in first} == {"added"}
    gone, kept = everything[0]["id"], everything[1]["id"]
    facts = json.dumps({"award": "Piala", "recipient": "Kota X", "year": 2026, "region_code": "35.76"})
    sample.change(
        f"delete from conferral where id = '{gone}'",
        "insert into conferral_change (conferral_id, at, field, what, old, new, reason) values "
        f"('{gone}', '2099-01-02T00:00:00.000000+00:00', '', 'withdrawn', '{facts}', null, 'read again'),"
        f"('{kept}', '2099-01-02T00:00:00.000000+00:00', 'rank', 'corrected', 'Madya', 'Utama', 'read again'),"
        f"('{kept}', '2099-01-03T00:00:00.000000+00:00', 'rank', 'corrected', 'Utama', 'Nindya', 'read again')",
    )
    corrected, withdrawn = json.loads(sample("find", "--changed-since", "2099-01-01", "--format", "json").out)
    assert (corrected["id"], corrected["change"], corrected["corrections"]) == (
        kept,
        "corrected",
        ["rank: Madya -> Nindya"],
    )
    assert (withdrawn["id"], withdrawn["change"], withdrawn["recipient"]) == (gone, "withdrawn", "Kota X")
    narrowed = json.loads(sample("find", "--changed-since", "2099-01-01", "--region", "35.76", "--format", "json").out)
    assert [row["id"] for row in narrowed if row["change"] == "withdrawn"] == [gone]
    assert sample("find", "--changed-since", "2099-02-01").err == "0 changes\n"
    assert sample("find", "--changed-since", "yesterday").code == 2


# --------------------------------------------------------------------------------------------------------- search and ask


def test_search_shows_the_place_in_the_article(asked: Awards) -> None:
    ran = asked("search", "inovasi banyuwangi", "--limit", "1")
    assert ran.code == 0 and "‹Banyuwangi›" in ran.out and "https://" in ran.out
    (hit,) = asked.json("search", "inovasi banyuwangi", "--limit", "1")
    assert hit["conferrals"] and all(hit["text"][a:b] for a, b in hit["marks"])
    nothing = asked("search", "zzyzx")
    assert (nothing.code, nothing.out) == (0, "") and nothing.err.startswith("0 articles")


def test_ask_lists_and_answers(asked: Awards, tmp_path: Path) -> None:
    listed = asked("ask").out
    assert [line[:3] for line in listed.splitlines() if line.startswith("Q")] == [f"Q{n:02}" for n in range(1, 21)]
    ran = asked("ask", "q04", "--region", "jawa timur", "--year", "2026", "--limit", "3")
    assert len(ran.table()) == 3 and ran.err == "3 rows\n"
    rows = json.loads(asked("ask", "Q04", "--region", "35", "--limit", "2", "--format", "json").out)
    assert all(isinstance(row["own_awards"], int) for row in rows)
    two = next(row["id"] for row in asked.rows()["conferral"] if row["outlet_count"] == 2)
    words = json.loads(asked("ask", "Q11", "--conferral", two[:8], "--format", "json").out)
    assert len({row["outlet"] for row in words}) == 2
    assert "takes no level" in asked("ask", "Q04", "--level", "x").complaint
    assert "needs conferral" in asked("ask", "Q11").complaint
    levels = asked("ask", "Q03", "--series", "swasti-saba", "--level", "nosuch")
    assert levels.code == 2 and "which has Padapa, Wiwerda, Wistara" in levels.complaint
    assert "no level of kabupaten-kota-layak-anak" in asked("ask", "Q03", "--level", "Padapa").complaint
    assert asked("ask", "Q03", "--level", "nindya").out == asked("ask", "Q03", "--level", "Nindya").out
    assert asked("ask", "Q10", "--year", "1999", "--format", "csv").out.startswith(
        "year,recipient,"
    )  # no row, its columns
    assert json.loads(asked("ask", "Q04", "--region", "35", "--limit", "2", "--json").out) == rows


def test_a_spreadsheet_takes_no_cell_for_a_formula(sample: Awards) -> None:
    planted = ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1")
    ids = [row["id"] for row in sample.rows()["conferral"]][: len(planted)]
    sample.change(
        *(f"update conferral set award = '{cell}' where id = '{id_}'" for cell, id_ in zip(planted, ids, strict=True))
    )
    found = {row["id"]: row["award"] for row in csv.DictReader(io.StringIO(sample("find", "--format", "csv").out))}
    assert [found[id_] for id_ in ids] == [f"'{cell}" for cell in planted]
    exact = {row["id"]: row["award"] for row in json.loads(sample("find", "--format", "json").out)}
    assert [exact[id_] for id_ in ids] == list(planted)


def test_brackets_in_a_name_are_shown_as_they_are(sample: Awards) -> None:
    first = sample.rows()["conferral"][0]["id"]
    sample.change(f"update conferral set award = 'Piala [bold]Emas[/bold] :trophy:' where id = '{first}'")
    assert "Piala [bold]Emas[/bold] :trophy:" in " ".join(sample("why", first).out.split())
    assert "[bold]Emas[/bold]" in sample("find").out


def test_a_reader_that_has_seen_enough_is_no_error(asked: Awards) -> None:
    command = f"{sys.executable} -m etl find --format json | head -c 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], env=asked.environment, cwd=asked.folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[", "")


# ------------------------------------------------------------------------------------------------------------------- why


def test_why_leads_from_a_conferral_to_its_words_and_bytes(asked: Awards) -> None:
    row = next(r for r in asked.rows()["conferral"] if r["outlet_count"] == 2)
    found = asked.json("why", row["id"][:8])
    assert found["conferral"]["id"] == row["id"]
    assert len({m["article"]["outlet"] for m in found["mentions"]}) == 2
    for mention in found["mentions"]:
        assert {"recipient", "award"} <= {e["field"] for e in mention["evidence"]}
        (page,) = mention["pages"]
        record = gzip.decompress(Path(page["warc"]).read_bytes()[page["offset"] : page["offset"] + page["length"]])
        assert page["url"].encode() in record and page["digest"].encode() in record
    shown = asked("why", row["id"][:8])
    assert shown.code == 0 and f"conferral {row['id']}" in shown.out
    for mention in found["mentions"]:
        assert all(f'"{e["quote"]}"' in shown.out for e in mention["evidence"])
        assert asked.json("why", mention["id"])["conferral"]["id"] == row["id"]


def test_why_of_nothing_and_of_too_much(asked: Awards) -> None:
    nothing = asked("why", "zzzz")
    assert (nothing.code, nothing.out) == (1, "") and "awards find" in nothing.complaint
    too_much = asked("why", "")
    assert too_much.code == 1 and "more of the id" in too_much.complaint


# ------------------------------------------------------------------------------------------------------------ operations


def test_runs_health_and_status(sample: Awards) -> None:
    runs = sample.json("runs")
    assert sorted(run["site"] for run in runs) == sorted(SITES)
    for run in runs:
        assert (run["command"], run["exit_code"], run["error"], run["verdict"]) == ("run", 0, None, "OK")
        started, end = (datetime.fromisoformat(run[name]) for name in ("started_at", "ended_at"))
        assert started < end <= datetime.now(UTC)
    assert [run["site"] for run in sample.json("runs", "kompas", "--limit", "5")] == ["kompas"]
    refused = sample("runs", "--jobs", "nosuch")
    assert refused.code == 2 and "there is no job and no site 'nosuch'" in refused.complaint
    health = {row["site"]: row for row in sample.json("health")}
    assert {name: row["verdict"] for name, row in health.items() if "verdict" in row} == dict.fromkeys(SITES, "OK")
    assert health["jatengprov"]["unverified"] and health["detik"]["unverified"] is None
    status = {row["site"]: row for row in sample.json("status")}
    assert status["kompas"]["misfits"] == 1 and status["detik"]["misfits"] == 0
    assert all(re.fullmatch(r"[\d-]{10} [\d:]{8}\+07:00", row["next_due"]) for row in status.values())
    assert "+00:00" not in "".join(sample(name).out for name in ("status", "runs", "health"))  # one clock for all
    for command in ("runs", "health", "status"):
        ran = sample(command)
        assert ran.code == 0 and all(site in ran.out for site in SITES)
    sample.change("update run set verdict = 'LAYOUT CHANGED' where site = 'detik'")
    stale = sample("health")
    assert stale.code == 1 and "detik" in stale.complaint and "kompas" not in stale.complaint
    assert "LAYOUT CHANGED" in stale.out


def test_a_site_that_froze_is_stale(sample: Awards) -> None:
    """Each visit finds nothing new, so each verdict is QUIET; that it used to have news each day tells."""
    old = [f"2026-0{month}-0{day}T00:00:00.000000+00:00" for month in (1, 2) for day in range(1, 8)]
    columns = (
        "site, command, exit_code, fetched, stored, unchanged, not_modified, articles, known, passed_over, misfits"
    )
    sample.change(
        "delete from run where site = 'detik'",
        *(
            f"insert into run (id, started_at, verdict, {columns}, others, mentions, failures) values "
            f"('{at}', '{at}', '{verdict}', 'detik', '{command}', 0, 9, 9, 0, 0, 9, 0, 0, 0, '{{}}', 9, '{{}}')"
            for command, verdict, times in (
                ("run", "OK", old[:6]),
                ("run", "QUIET", old[6:7]),
                ("backfill", "OK", old[7:]),
            )
            for at in times
        ),
    )
    health = sample("health")
    assert health.code == 1 and "stale: detik" in health.complaint
    (row,) = (r for r in json.loads(sample("health", "--json").out) if r["site"] == "detik")
    assert row["verdict"] == "QUIET" and row["silent_since"].startswith("2026-01-06"), "a backfill is no news"


def test_schedule_list_is_the_times_in_jakarta(awards: Awards) -> None:
    ran = awards("schedule", "--list", "merdeka", "detik")
    assert ran.code == 0
    head, *rows = ran.out.splitlines()
    assert head.split() == ["next", "due", "job", "times", "catch", "up", "command"]
    shown = [re.fullmatch(r"(\S+ \d\d:\d\d\+07:00|off) +(\S+) .* awards (.*?) *", row) for row in rows]
    assert all(shown), rows
    times = [row[1] for row in shown if row]
    assert times == sorted(times), "soonest first, and at the end what is off"
    commands = {row[2]: row[3] for row in shown if row}
    assert commands["run-detik"] == "run detik" and commands["canary-merdeka"] == "canary merdeka"
    assert {name.partition("-")[2] for name in commands} == {"detik", "merdeka"}
    assert awards("schedule", "--list", "detk").complaint.startswith("awards: there is no job and no site 'detk'")
    assert not awards.data.exists()


def test_db_check_agrees_and_finds_damage(sample: Awards) -> None:
    ran = sample("db", "check")
    assert (ran.code, ran.out) == (0, "") and "agree" in ran.err
    sample.change(
        "update evidence set quote = 'kata lain' where position = 0 and mention_id = (select min(id) from mention)"
    )
    warc = next((sample.data / "archive" / "detik").glob("*.warc.gz"))
    damaged = bytearray(warc.read_bytes())
    damaged[len(damaged) * 3 // 4] ^= 0xFF
    warc.write_bytes(damaged)
    ran = sample("db", "check")
    assert ran.code == 1 and "awards rebuild" in ran.complaint
    assert "the words of" in ran.err and str(warc) in ran.err


def test_db_upgrade_says_what_it_did(awards: Awards) -> None:
    made = awards("db", "upgrade")
    assert (made.code, made.err) == (0, "the tables were made\n")
    assert (awards.data / "awards.db").exists()
    assert awards("db", "upgrade").err == "the database was already up to date\n"


def test_ctrl_c_stops_the_crawls_too_and_says_so(awards: Awards) -> None:
    process = awards.start("run", "--replay", "sample")
    assert until(lambda: bool(list((awards.data / "logs").glob("*.log"))))
    process.send_signal(signal.SIGINT)  # to the command alone; a terminal would tell its children as well
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, out + err
    assert [line for line in err.splitlines() if line.startswith("awards: ")] == [
        "awards: stopped; what was fetched is kept, and the next run goes on from there"
    ]
    assert until(lambda: group_is_gone(process), 5)
    assert "Traceback" not in out + err


def test_no_command_is_help_and_exit_2(awards: Awards) -> None:
    ran = awards()
    assert ran.code == 2 and "Usage: awards" in ran.err and "schedule" in ran.err
    ran = awards("--help")
    assert ran.code == 0 and "Usage: awards" in ran.out


def test_the_examples_of_the_help_are_commands(asked: Awards, tmp_path: Path) -> None:
    """Those that only ask are asked; of all others, every flag is one that the help names."""
    for name in ("run", "backfill", "read", "find", "search", "ask", "why", "takedown", "schedule", "ruling correct"):
        shown = asked(*name.split(), "--help").out
        lines = [line.strip() for line in shown.partition("Examples:")[2].splitlines() if line.strip()]
        assert lines and all(line.startswith(f"awards {name}") for line in lines), shown
        for _, *words in map(shlex.split, lines):
            assert all(flag in shown.partition("Examples:")[0] for flag in words if flag.startswith("--"))
            if name in ("find", "search", "ask", "why"):
                ran = asked(*(str(tmp_path / word) if word.endswith((".xlsx", ".csv")) else word for word in words))
                assert ran.code == 0, ran.err


def test_debug_shows_where_it_happened(awards: Awards) -> None:
    assert "Traceback" not in awards("why", "zzzz").err
    assert "Traceback" in awards("why", "zzzz", "--debug").err


# ------------------------------------------------------------------------------------------------------------------ read


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A saved page of the sample; it says its address itself."""
    (answer,) = sample_answers("merdeka.com/peristiwa/warga-tak-lagi-takut")
    path = tmp_path / "page.html"
    path.write_bytes(answer.body)
    return path


def test_read_stores_nothing(awards: Awards, page: Path) -> None:
    said = awards.json("read", str(page))
    assert said["article"]["site"] == "merdeka" and said["is_award_article"] is True and said["records"]
    text = said["article"]["text"]
    for record in said["records"]:
        assert record["evidence"] and all(text[e["start"] : e["end"]] == e["quote"] for e in record["evidence"])
    assert not awards.data.exists()


def test_read_takes_a_packed_page_and_an_address(awards: Awards, page: Path, tmp_path: Path) -> None:
    url = awards.json("read", str(page))["article"]["url"]
    bare = page.read_text(encoding="utf-8").replace(url, "/")
    (tmp_path / "packed.html.gz").write_bytes(gzip.compress(bare.encode()))
    ran = awards("read", str(tmp_path / "packed.html.gz"))
    assert ran.code == 2 and "--url" in ran.complaint
    assert awards.json("read", str(tmp_path / "packed.html.gz"), "--url", url)["article"]["url"] == url


def test_read_fetches_no_page_that_the_publisher_withholds_from_programs(awards: Awards) -> None:
    url = "https://jatim.antaranews.com/berita/812345/kota-x-raih-penghargaan"
    ran = awards("read", url)
    assert ran.code == 1 and ran.complaint == (
        f"awards: antaranews asks that its article pages not be read by programs, so {url} is not fetched: save the page"
        " in your browser and give the file"
    )
    assert not awards.data.exists()


def test_read_of_several_pages_goes_past_a_bad_one(awards: Awards, page: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    ran = awards("read", str(page), str(tmp_path / "empty.html"), str(page), "--json")
    assert ran.code == 1 and "empty.html" in ran.complaint
    assert [said["article"]["site"] for said in json.loads(ran.out)] == ["merdeka", "merdeka"]


def test_lines_keep_their_order_and_bad_ones_say_why(awards: Awards, page: Path, tmp_path: Path) -> None:
    url = awards.json("read", str(page))["article"]["url"]
    lines = [
        json.dumps({"id": "a", "text": TEXT, "published_on": "2026-11-19"}),
        "this is no JSON",
        json.dumps({"id": "neither text nor html"}),
        "",
        json.dumps({"id": "d", "text": "Harga Cabai Naik\nHarga cabai di pasar naik.", "outlet": None}),
        json.dumps(
            {
                "id": "no layout",
                "html": "<html><body><p>x</p></body></html>",
                "url": "https://news.detik.com/berita/d-1/x",
            }
        ),
        json.dumps({"id": "no day", "text": TEXT, "published_on": "kemarin"}),
        json.dumps({"id": "g", "html": page.read_text(encoding="utf-8"), "url": url}),
        json.dumps({"id": "h", "html": '<?xml version="1.0" encoding="utf-8"?>' + page.read_text(encoding="utf-8")}),
        json.dumps({"id": "no text", "text": 7}),
        "[1]",
        "[" * 100_000,
        json.dumps({"id": "m", "text": TEXT, "published_on": "2026-11"}),
        json.dumps({"id": "n\ud800", "text": TEXT, "published_on": ""}),
    ]
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\ufeff" + "\n".join(lines) + "\n\n", encoding="utf-8")
    ran = awards("read", "--jsonl", str(source), "--out", str(out))
    assert (ran.code, ran.out) == (1, "") and "7 lines could not be read" in ran.complaint
    said = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(answer["id"], "error" in answer) for answer in said] == [
        ("a", False), (None, True), ("neither text nor html", True), ("d", False), ("no layout", True), ("no day", True),
        ("g", False), ("h", False), ("no text", True), (None, True), (None, True), ("m", False), ("n\ud800", False),
    ]  # fmt: skip
    assert all(answer.keys() == {"id", "error"} and answer["error"] for answer in said if "error" in answer)
    (record,) = said[0]["records"]
    assert (record["recipient"], record["award"], record["awarded_on"]) == ("Kota Bogor", "Adipura", "2026-11-18")
    assert all(TEXT[e["start"] : e["end"]] == e["quote"] for e in record["evidence"])
    assert said[3] == {"id": "d", "is_award_article": False, "records": []}
    assert said[6]["records"] == awards.json("read", str(page))["records"]
    assert said[7]["records"] == said[6]["records"]


def test_many_lines_in_a_pool_read_like_few(awards: Awards, tmp_path: Path) -> None:
    source = tmp_path / "many.jsonl"
    cities = ("Bogor", "Madiun", "Surabaya", "Malang")
    texts = (TEXT.replace("Kota Bogor", f"Kota {cities[i % 4]}") for i in range(400))
    source.write_text(
        "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts)), encoding="utf-8"
    )
    arguments = ("read", "--jsonl", str(source))
    alone = awards(*arguments)
    pool = ended(Awards(awards.data, settings={"AWARDS_WORKERS": "2"}).start(*arguments))
    assert (alone.code, pool.code) == (0, 0)
    assert pool.out == alone.out
    said = [json.loads(line) for line in pool.out.splitlines()]
    assert [answer["id"] for answer in said] == list(range(400))
    assert [answer["records"][0]["recipient"] for answer in said[:4]] == [f"Kota {city}" for city in cities]


def test_the_file_that_is_read_is_not_written_over(awards: Awards, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"id": 1, "text": TEXT}) + "\n", encoding="utf-8")
    os.link(source, tmp_path / "same.jsonl")
    ran = awards("read", "--jsonl", str(source), "--out", str(tmp_path / "same.jsonl"))
    assert ran.code == 2 and "the file that is read" in ran.complaint
    assert json.loads(source.read_text(encoding="utf-8"))["id"] == 1
