"""`awards ruling` as a reviewer uses it, on the sample. What rulings do to rows: tests/db/test_rulings.py."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.awards import Awards


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def save(file: Path, rows: list[dict[str, str]], separator: str = ";") -> None:
    """As a spreadsheet of this country saves it."""
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)


def found(awards: Awards) -> dict[str, Any]:
    return {row["id"]: row for row in json.loads(awards("find", "--format", "json").out)}


def test_a_reviewer_at_the_command_line(sample: Awards) -> None:
    first, second, *_ = sample.json("ruling", "queue")
    assert first["review_gain"] >= second["review_gain"] and first["quote"] and first["url"].startswith("https://")
    shown = sample("ruling", "queue", "--limit", "2")
    assert shown.out.startswith(first["id"][:8]) and "2 lines" in shown.err

    ran = sample("ruling", "reject", first["id"][:10], "--by", "ani")
    assert (ran.code, ran.out) == (2, "") and "reject needs a reason" in ran.complaint
    assert sample("ruling", "reject", first["id"][:10], "--why", "bukan penghargaan", "--by", "ani").code == 0
    assert sample("ruling", "correct", second["id"], "rank", "Juara I", "--why", "salah baca", "--by", "ani").code == 0
    after = found(sample)
    gone = sample("why", first["id"][:10])
    assert gone.code == 1 and f"conferral {first['id']} was withdrawn on" in gone.complaint
    assert first["id"] not in after and (after[second["id"]]["rank"], after[second["id"]]["ruled"]) == (
        "Juara I",
        "corrected rank",
    )

    why = sample("why", second["id"][:10]).out
    assert "correct rank to Juara I" in why and "salah baca" in why
    made = sample.json("why", second["id"])["rulings"]  # one a claim of it
    assert made and {row["kind"] for row in made} == {"correct"}
    assert {row["status"] for row in sample.json("ruling", "list")} == {"in force"}
    reviewed = sample.json("ruling", "precision")
    assert sum(row["reviewed"] for row in reviewed) == sum(row["rejected"] + row["corrected"] for row in reviewed) >= 2

    before = sample.rows()
    rebuilt = sample("rebuild")
    assert rebuilt.code == 0, rebuilt.err
    assert sample.rows() == before
    assert sample("db", "check").code == 0

    for row in sample.json("ruling", "list"):
        assert sample("ruling", "withdraw", row["id"][:12], "--why", "keliru").code == 0
    again = found(sample)
    assert again[first["id"]]["ruled"] is again[second["id"]]["ruled"] is None


@pytest.mark.parametrize(
    ("told", "code", "said"),
    [
        (("reject", "ID"), 2, "needs a reason"),
        (("correct", "ID", "colour", "red", "--why", "x"), 2, "is no field of a claim"),
        (("correct", "ID", "awarded_on", "kemarin", "--why", "x"), 2, "is no date"),
        (("region", "ID", "Nosuch"), 2, "is no region"),
        (("merge", "ID", "--into", "ID", "--why", "x"), 2, "into itself"),
        (("confirm", "zzzz"), 1, "has the id 'zzzz'"),  # as `awards why zzzz`: well said, and not there
    ],
)
def test_a_decision_said_wrongly_is_wrong_usage(sample: Awards, told: tuple[str, ...], code: int, said: str) -> None:
    (first,) = sample.json("ruling", "queue", "--limit", "1")
    ran = sample("ruling", *(first["id"] if part == "ID" else part for part in told), "--by", "ani")
    assert (ran.code, ran.out) == (code, "") and said in ran.complaint


def test_a_sheet_that_somebody_filled_is_not_written_over(sample: Awards, tmp_path: Path) -> None:
    file = tmp_path / "queue.csv"
    export = ("ruling", "export", "--limit", "2", "--out", str(file))
    assert sample(*export).code == sample(*export).code == 0  # untouched, it holds nothing that could be lost
    rows = rows_of(file)
    rows[1] |= {"decision": "confirm"}
    save(file, rows)
    filled = file.read_bytes()
    ran = sample(*export)
    assert ran.code == 2 and "is not written over" in ran.complaint and file.read_bytes() == filled
    file.write_bytes(b"notes of ani")
    assert sample(*export).code == 2 and file.read_bytes() == b"notes of ani"
    assert sample(*export, "--force").code == 0 and [row["decision"] for row in rows_of(file)] == ["", ""]


def test_a_reviewer_with_a_spreadsheet(sample: Awards, tmp_path: Path) -> None:
    file, made = tmp_path / "queue.csv", tmp_path / "made.csv"
    assert sample("ruling", "export", "--limit", "4", "--out", str(file)).code == 0
    rows = rows_of(file)
    assert [row["decision"] for row in rows] == [""] * 4
    rows[0] |= {"decision": "confirm", "by": "budi"}
    rows[1] |= {"decision": "reject", "why": "=hanya target"}
    rows[2] |= {"decision": "correct", "field": "awarded_on", "value": "18/11/2026", "why": "salah"}
    save(file, rows)
    before = sample.rows()
    ran = sample("ruling", "import", str(file), "--by", "ani")
    assert (ran.code, ran.complaint) == (
        1,
        "awards: 1 line is wrong, so nothing was taken: mend that and import the file again",
    )
    assert "line 4: '18/11/2026' is no date" in ran.err and sample.rows() == before

    rows[2] |= {"value": "2026-11-18"}
    save(file, rows, "\t")
    ran = sample("ruling", "import", str(file), "--by", "ani", "--dry-run")
    assert ran.code == 0 and "nothing was stored" in ran.err and sample.rows() == before
    assert sample("ruling", "import", str(file), "--by", "ani").code == 0
    after = sample.rows()
    assert {(r["ruled_by"], r["kind"], r["why"]) for r in sample.json("ruling", "list")} == {
        ("budi", "confirm", None), ("ani", "reject", "=hanya target"), ("ani", "correct", "salah"),
    }  # fmt: skip
    ran = sample("ruling", "import", str(file), "--by", "citra")
    assert ran.code == 0 and ran.err.startswith("0 rulings made; ") and sample.rows() == after

    # Rulings are all that no archive holds: an export brings them into a database made anew.
    assert sample("ruling", "export", "--made", "--out", str(made)).code == 0
    listed = sample.json("ruling", "list")
    for stored in sample.data.glob("awards.db*"):
        stored.unlink()
    assert sample("process").code == 0
    assert sample("ruling", "import", str(made)).code == 0
    assert sample.rows() == after and sample.json("ruling", "list") == listed


def test_the_reviewer_is_named_by_the_setting(sample: Awards) -> None:
    named = replace(sample, settings={"AWARDS_REVIEWER": "Tim Verifikasi"})
    (line,) = named.json("ruling", "queue", "--limit", "1")
    assert named("ruling", "confirm", line["id"]).code == 0
    assert [row["ruled_by"] for row in named.json("ruling", "list")] == ["Tim Verifikasi"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("confirm", "zz"), 1, "no conferral or mention has the id 'zz': take one from `awards ruling queue`"),
        (("withdraw", "zz", "--why", "x"), 1, "no ruling has the id 'zz': take one from `awards ruling list`"),
        (("list", "--kind", "prize"), 2, "confirm, reject"),
        (("list", "--status", "lost"), 2, "in force, re-opened"),
        (("queue", "--region", "Mojokerto"), 2, "35.76 Kota Mojokerto"),
        (("confirm",), 2, "Missing argument 'ID...'"),
        (("merge", "aa", "--why", "x"), 2, "Missing option '--into'"),
        (("import", "no-such.csv"), 1, "no-such.csv: No such file"),
    ],
)
def test_what_is_wrong_is_one_line(sample: Awards, arguments: tuple[str, ...], code: int, said: str) -> None:
    ran = sample("ruling", *arguments)
    assert ran.code == code and said in ran.complaint
