"""What deploy/ names exists: commands, settings, files; and the package that the image installs is whole."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # comes with apprise

from etl.settings import Settings
from tests.test_docs import commands

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
UNITS = [path for path in FILES if path.suffix in (".service", ".timer")]


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    named = set(re.findall(r"\bAWARDS_([A-Z_]+)\b", file.read_text(encoding="utf-8")))
    assert {name.lower() for name in named} <= Settings.model_fields.keys()


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_command_that_is_called_exists(file: Path) -> None:
    called = re.findall(r"(?:bin/|&& |exec awards |`)awards ((?:--?\w+ )*[a-z]+)", file.read_text(encoding="utf-8"))
    first = {name.split()[0] for name in commands()}
    assert [name for name in called if name.split()[0] not in first] == []


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_no_file_names_a_registry_or_holds_a_secret(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"(?:image:|FROM)\s+\S*[./]\S*/\S+", text) == []
    assert re.findall(r"PASSWORD\s*[:=]\s*(?!/run/secrets)\S", text) == []


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in lines]


def test_the_image_copies_what_is_there_and_runs_as_nobody_special() -> None:
    known = {
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "ENV",
        "USER",
        "VOLUME",
        "HEALTHCHECK",
        "STOPSIGNAL",
        "ENTRYPOINT",
        "CMD",
    }
    found = instructions()
    assert {name for name, _ in found} <= known
    for _, words in ((n, w) for n, w in found if n == "COPY" and "--from=" not in w):
        assert all((ROOT / source).exists() for source in words.split()[:-1]), words
    names = [name for name, _ in found]
    last_from = len(names) - names[::-1].index("FROM")
    (user,) = [words for name, words in found[last_from:] if name == "USER"]
    assert user not in ("root", "0") and names.index("USER") < names.index("ENTRYPOINT")
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".venv", "data", "deploy/secrets"} <= set(ignored), "nothing of these may get into an image"


def test_the_compose_file_holds_together() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services, secrets = compose["services"], compose["secrets"]
    for name, service in services.items():
        assert set(service.get("secrets", ())) <= secrets.keys(), name
        assert service["restart"] == "unless-stopped"
        assert {volume.split(":")[0] for volume in service.get("volumes", ())} <= compose["volumes"].keys()
        assert set(service.get("depends_on", ())) <= services.keys()
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).resolve().is_file()
            assert service["command"][0] in {each.split()[0] for each in commands()}
            files = [value for key, value in service["environment"].items() if key.endswith("_FILE")]
            assert {Path(file).name for file in files} == set(service["secrets"]), (
                "each secret is read, none is spelt out"
            )
    assert all(str(secret["file"]).startswith("secrets/") for secret in secrets.values())
    assert services["db"]["image"] == "postgres:17"
    assert services["serve"]["ports"] == ["127.0.0.1:9108:9108"], "not for the world"
    assert "deploy/secrets" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


@pytest.mark.parametrize("file", UNITS, ids=lambda path: path.name)
def test_units_are_as_systemd_reads_them(file: Path) -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(file.read_text(encoding="utf-8"))
    assert unit["Unit"]["Description"]
    if file.suffix == ".timer":
        assert file.with_suffix(".service").is_file() and unit["Install"]["WantedBy"] == "timers.target"
    else:
        assert unit["Service"]["User"] == "awards" and unit["Service"]["ExecStart"].startswith(
            "/srv/awards/.venv/bin/awards "
        )
        assert unit["Service"]["NoNewPrivileges"] == "yes"


def test_crontab_lines_are_crontab_lines() -> None:
    from apscheduler.triggers.cron import CronTrigger

    lines = [line for line in (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines() if re.match(r"[\d*]", line)]
    assert len(lines) > 3
    for line in lines:
        CronTrigger.from_crontab(" ".join(line.split()[:5]), timezone="Asia/Jakarta")
        assert "%" not in line, "cron would take it for a line's end"


def test_the_readme_says_what_every_file_is_for() -> None:
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in FILES if path.name != "README.md" and f"`{path.name}`" not in text] == []


def test_the_package_that_the_image_installs_is_whole(tmp_path: Path) -> None:
    """Tables, weights, migrations and the sample are in it: an installed command needs no source tree."""
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=100
    )
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as wheel:
        names = set(wheel.namelist())
    listed = subprocess.run(
        ["git", "ls-files", "scraper", "etl", "db"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    wanted = {name for name in listed.stdout.split("\n") if name and (ROOT / name).exists()}
    assert wanted - names == set()
    assert any(name.endswith(".warc.gz") for name in names) and any(
        "migrations/versions/0001" in name for name in names
    )
