"""The table of jobs, and what awards.toml may change of it; what is wrong is refused with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from etl.model import UsageError
from etl.schedule import jobs as job_table
from etl.schedule.due import CatchUp
from etl.schedule.jobs import Job, chosen
from etl.settings import load_settings
from scraper.sites import spiders


def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toml: str = "") -> dict[str, Job]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "awards.toml").write_text(toml, encoding="utf-8")
    return job_table.jobs(load_settings())


def test_every_site_runs_and_what_keeps_the_house_has_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = jobs(tmp_path, monkeypatch)
    for site, spider in spiders().items():
        assert found[f"run-{site}"].command == ("run", site)
        assert str(found[f"run-{site}"].timetable) == f"{spider.schedule} Asia/Jakarta"
        assert f"canary-{site}" in found and f"recheck-{site}" in found
        assert (f"backfill-{site}" in found) == spider.has_days()
    assert {"takedown", "backup", "publish"} < set(found)
    assert not any(job.enabled for job in found.values() if job.command[0] == "backfill")
    assert all(job.timetable.after(datetime(2026, 11, 28, tzinfo=UTC)) for job in found.values())


def test_a_family_and_one_of_it_are_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = jobs(
        tmp_path,
        monkeypatch,
        '[jobs.run]\njitter = 0\ninterval = "2 h"\n\n[jobs.run-detik]\ncron = "5 * * * *"\nzone = "Europe/Berlin"\n'
        'catch_up = "skip"\npriority = 70\nlimit = 60\n[jobs.canary-detik]\nenabled = false\n',
    )
    detik, kompas = found["run-detik"], found["run-kompas"]
    assert (detik.jitter, str(detik.timetable), detik.catch_up) == (0, "5 * * * * Europe/Berlin", CatchUp.SKIP)
    assert (detik.priority, detik.limit) == (70, 60)
    assert (kompas.jitter, str(kompas.timetable), kompas.priority) == (0, "every 7200 s", 50)
    assert not found["canary-detik"].enabled and found["canary-kompas"].enabled


def test_only_the_zone_of_a_job_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = jobs(tmp_path, monkeypatch, '[jobs.backup]\nzone = "Asia/Jayapura"\n')
    assert str(found["backup"].timetable) == "30 2 * * * Asia/Jayapura"


def test_a_job_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml = '[jobs.report]\ncommand = "awards find --region 35 --text \'Satya Lencana\'"\ncron = "@daily"\n'
    report = jobs(tmp_path, monkeypatch, toml)["report"]
    assert report.command == ("find", "--region", "35", "--text", "Satya Lencana")
    assert (report.catch_up, report.site) == (CatchUp.RUN_ONCE, None)


WRONG = {
    "an expression": ('lease = 20\n\n[jobs.backup]\n# at night\ncron = "30 25 * * *"\n', 5, "cron of backup, '30 25"),
    "an expression of a family": ('[jobs]\nrun.jitter = 5\nrun.cron = "often"\n', 3, "cron of run, 'often'"),
    "a zone": ('[jobs.run-detik]\npriority = 1\nzone = "WIB"\n', 3, "'WIB' is no IANA zone"),
    "an interval": ('[jobs.publish]\ninterval = "soon"\n', 2, "interval of publish, 'soon'"),
    "two timetables": ('[jobs.publish]\ncron = "@daily"\ninterval = 9\n', 3, "one is enough"),
    "a policy": ('[jobs.publish]\ncatch_up = "maybe"\n', 2, "jobs.publish.catch_up"),
    "a limit": ("[jobs.publish]\n\n\nlimit = -1\n", 4, "jobs.publish.limit"),
    "a key": ('[jobs.publish]\ncorn = "@daily"\n', 2, "jobs.publish.corn"),
    "a name": ("[jobs.run-detk]\njitter = 0\n", 1, "did you mean run-detik"),
    "no times": ('\n[jobs.report]\ncommand = "find"\n', 2, "has no times"),
    "a command": ('[jobs.report]\ncron = "@daily"\ncommand = "schedule"\n', 3, "give it what stands behind"),
    "quotes": ('[jobs.report]\ncron = "@daily"\ncommand = "find \'x"\n', 3, "No closing quotation"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_with_its_line(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml, line, said = WRONG[case]
    with pytest.raises(UsageError) as error:
        jobs(tmp_path, monkeypatch, toml)
    assert f"awards.toml, line {line}:" in str(error.value) and said in str(error.value)
    assert "\n" not in str(error.value)


def test_jobs_are_chosen_by_name_family_or_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = jobs(tmp_path, monkeypatch)
    assert set(chosen(found, ["backup"])) == {"backup"}
    assert set(chosen(found, ["canary"])) == {f"canary-{site}" for site in spiders()}
    assert {"run-detik", "canary-detik", "recheck-detik"} <= set(chosen(found, ["detik"]))
    assert chosen(found, []) == found
    with pytest.raises(UsageError, match="no job and no site 'detk'; did you mean detik"):
        chosen(found, ["detk"])
