"""Where things are and how much of the machine to use: flags, then AWARDS_* in the environment, then awards.toml."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import UTC
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from etl.model import AwardsError, UsageError
from etl.operate.alerts import quiet_hours
from etl.schedule.due import CatchUp

TOML = Path("awards.toml")
_TOKEN = 8  # characters of an address's part that may be a token
SECRET = ("model_key", "db", "alert_urls")  # settings whose values no message may show, or only parts of them


class JobChange(BaseModel):
    """What [jobs.NAME] changes of a job; None leaves it as it is. `limit` and `jitter` in seconds (etl/schedule/jobs.py)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: str | None = None
    cron: str | None = None
    interval: str | int | None = None
    zone: str | None = None
    catch_up: CatchUp | None = None
    limit: float | None = Field(default=None, gt=0)
    jitter: float | None = Field(default=None, ge=0)
    priority: int | None = None
    enabled: bool | None = None


class Settings(BaseSettings):
    """Every setting of the command `awards`, with its environment variable AWARDS_<NAME>."""

    # What is wrong may be the key, or a key in the wrong place: no traceback shows it.
    model_config = SettingsConfigDict(
        env_prefix="AWARDS_", toml_file=TOML, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    data: Path = Field(default=Path("data"), description="folder of archive, logs and the default database")
    archive: str = Field(
        default="",
        validate_default=True,
        description="folder of the WARC files, or any fsspec address (s3://bucket/x); default: archive in the data folder",
    )
    db: str = Field(default="", description="SQLAlchemy URL; default: awards.db in the data folder")
    db_timeout: float = Field(default=30.0, gt=0, description="seconds to wait for a locked database")
    contact: str = Field(
        default="no contact was set: AWARDS_CONTACT", description="URL or address in the crawler's user agent"
    )
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, description="processes that read pages")
    crawls: int = Field(default=3, ge=1, description="sites crawled at the same time")
    crawl_limit: float = Field(default=4 * 3600.0, gt=0, description="seconds after which one site's crawl is ended")
    crawl_memory: int = Field(
        default=1_000_000_000, ge=50_000_000, description="bytes of memory after which one site's crawl is ended"
    )
    reviewer: str = Field(default="", description="who makes rulings (--by); default: who is logged in")
    jobs: dict[str, JobChange] = Field(
        default_factory=dict, description="what is different about the scheduler's jobs: [jobs.NAME] in awards.toml"
    )
    job_slots: int = Field(default=4, ge=1, description="jobs that a scheduler runs at the same time")
    lease: float = Field(
        default=60.0, ge=0.5, description="seconds without a heartbeat after which a scheduler's jobs are taken over"
    )
    stop_limit: float = Field(
        default=60.0, ge=0, description="seconds that running jobs may go on when the scheduler is stopped"
    )
    model_url: str = Field(
        default="", description="address of an OpenAI-compatible endpoint that reads the articles; empty: the rules do"
    )
    model_name: str = Field(default="", description="which of the endpoint's models")
    model_key: SecretStr = Field(default=SecretStr(""), description="the endpoint's key; empty: it asks for none")
    model_key_file: Path = Field(default=Path(), description="file that holds the key, instead of model_key")
    model_timeout: float = Field(default=60.0, gt=0, le=3600, description="seconds to wait for one article's answer")
    db_file: Path = Field(default=Path(), description="file that holds the database's URL, instead of db")
    backups: str = Field(
        default="", validate_default=True, description="folder of the backups; default: backups in the data folder"
    )
    backup_keep: int = Field(default=7, ge=1, description="how many backups are kept")
    log_days: float = Field(default=30.0, gt=0, description="days after which `awards backup` deletes a log")
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="how logs are written: console, json, or auto: console on a terminal, else json"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="from which level on")
    metrics_file: Path = Field(
        default=Path(), description="file for node_exporter's textfile collector, written after each run: awards.prom"
    )
    alert_urls: SecretStr = Field(
        default=SecretStr(""), description="who is told what is wrong: addresses as apprise writes them, blanks between"
    )
    alert_urls_file: Path = Field(
        default=Path(), description="file that holds them, a line each, instead of alert_urls"
    )
    alert_quiet: str = Field(
        default="", description="hours, in Asia/Jakarta, in which only what is critical is told: 22:00-06:00"
    )
    alert_after: float = Field(default=12.0, gt=0, description="hours without a good run of any site that are critical")
    alert_repeat: float = Field(default=24.0, gt=0, description="hours after which what is still wrong is told again")
    alert_disk: int = Field(default=2_000_000_000, ge=0, description="bytes that must be free; less is critical")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over the environment, the environment over awards.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("archive")
    @classmethod
    def _in_the_data_folder(cls, value: str, others: ValidationInfo) -> str:
        return value or str(others.data.get("data", Path("data")) / "archive")

    @field_validator("alert_quiet")
    @classmethod
    def _are_hours(cls, value: str) -> str:
        quiet_hours(value, UTC)
        return value

    @field_validator("backups")
    @classmethod
    def _beside_the_archive(cls, value: str, others: ValidationInfo) -> str:
        return value or str(others.data.get("data", Path("data")) / "backups")

    @cached_property
    def database(self) -> str:
        """SQLAlchemy URL of the database."""
        db = secret("db", SecretStr(self.db), self.db_file).get_secret_value()
        return db or f"sqlite:///{self.data / 'awards.db'}"

    @property
    def secrets(self) -> set[str]:
        """Whatever no log may show: keys, passwords, and what stands for them in addresses. Unreadable files have none."""
        found = {self.model_key.get_secret_value()}
        found.add(_or_nothing("model_key", SecretStr(""), self.model_key_file))
        for url in (_or_nothing("db", SecretStr(self.db), self.db_file), self.archive):
            found |= _password_of(url)
        for url in _or_nothing("alert_urls", self.alert_urls, self.alert_urls_file).split():
            # Of a chat service any part may be its token.
            found |= {url, *(part for part in re.split(r"[/:@?&=#]+", url.partition("://")[2]) if len(part) >= _TOKEN)}
        return found - {""}

    @property
    def alert_addresses(self) -> list[str]:
        """Who is told what is wrong. Raises UsageError when the file of them cannot be read."""
        return secret("alert_urls", self.alert_urls, self.alert_urls_file).get_secret_value().split()

    @property
    def staging(self) -> Path:
        """Folder where WARC files wait that are to be published at an address."""
        return self.data / "staging"

    @property
    def locks(self) -> Path:
        """Folder where crawls see which domains others are asking."""
        return self.data / "locks"

    @property
    def visits(self) -> Path:
        """Folder of what tells how far back a site's next visit has to look."""
        return self.data / "visits"

    @property
    def logs(self) -> Path:
        """Folder of the crawls' logs."""
        return self.data / "logs"


def _or_nothing(name: str, value: SecretStr, file: Path) -> str:
    try:
        return secret(name, value, file).get_secret_value()
    except UsageError:
        return value.get_secret_value()


def _password_of(url: str) -> set[str]:
    try:
        password = urlsplit(url).password
    except ValueError:
        return {url}
    return {password, unquote(password)} if password else set()


def secret(name: str, value: SecretStr, file: Path) -> SecretStr:
    """A secret that is set itself or lies in a file. Raises UsageError: both, or a file that cannot be read, or is empty."""
    if file == Path():
        return value
    if value.get_secret_value():
        raise UsageError(f"{name} and {name}_file are both set: keep one (AWARDS_{name.upper()}_FILE is the safer)")
    try:
        held = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it is no text"
        raise UsageError(f"the file of {name}_file, {file}, cannot be read ({reason})") from None
    if not held:
        raise UsageError(f"the file of {name}_file, {file}, is empty: write it there")
    return SecretStr(held)


def load_settings() -> Settings:
    """The settings in force. Raises UsageError naming the setting that is wrong and where it came from."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        if first["loc"][0] == "jobs":
            raise UsageError(f"{line_of(*map(str, first['loc'][:3]))}: {name} is wrong: {first['msg']}") from error
        if name not in Settings.model_fields:
            known = ", ".join(Settings.model_fields)
            raise UsageError(f"awards.toml sets {name!r}, which is no setting; these are: {known}") from error
        value = "not as it should be" if name in SECRET else repr(first["input"])
        raise UsageError(
            f"the setting {name} (AWARDS_{name.upper()}, or {name} in awards.toml) is {value}: {first['msg']}"
        ) from error
    except (ValueError, OSError) as error:
        raise UsageError(f"awards.toml cannot be read: {error}; mend it or move it away") from error
    if settings.model_url and not settings.model_name:
        raise UsageError(
            "model_url is set and model_name is not: name the model (AWARDS_MODEL_NAME), or leave AWARDS_MODEL_URL out"
        )
    return settings


def make_folder(folder: Path) -> Path:
    """The folder, made where it is not there. Raises AwardsError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise AwardsError(f"the folder {folder} cannot be made ({reason}): set AWARDS_DATA to another") from error
    return folder


def line_of(*keys: str) -> str:
    """Where awards.toml sets something, for people: 'awards.toml, line 7', or who else may have set it.

    The first line up to which the file, read as TOML, has those keys: whatever way they are written.
    """
    try:
        lines = TOML.read_text(encoding="utf-8").splitlines()
    except OSError:
        return "AWARDS_JOBS"
    for number in range(1, len(lines) + 1):
        try:
            found: Any = tomllib.loads("\n".join(lines[:number]))
        except tomllib.TOMLDecodeError:
            continue  # in the middle of something
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if found is not None:
            return f"{TOML}, line {number}"
    return "AWARDS_JOBS"
