"""What metrics and health checks are made of: asks database, archive and disk. Changes nothing but the textfile of metrics."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from prometheus_client import write_to_textfile
from sqlalchemy import Connection, Engine

from db import alerts, connect, ledger, queries, tombstones
from db.models import REVISION
from etl.model import AwardsError
from etl.operate import canary as canaries
from etl.operate.backup import backups
from etl.operate.metrics import Facts, registry
from etl.operate.site_health import health_of
from etl.operate.watch import free_bytes
from etl.schedule.jobs import jobs
from etl.schedule.roster import Life, Roster, life_of, roster
from etl.settings import Settings
from scraper.archive import Archive
from scraper.sites import spiders

log = logging.getLogger("awards.metrics")


def facts(settings: Settings, engine: Engine, now: datetime) -> Facts:
    """Everything that metrics tell of. Raises AwardsError."""
    with connect.database_errors(settings.database), connect.reading(engine) as connection:
        health = {name: health_of(connection, name, now) for name in spiders()}
        seen = {name: site for name, site in health.items() if site.last is not None or site.canary}
        duties = roster(connection, jobs(settings), ledger.now(connection))
        return Facts(
            at=now,
            code=version("awards-etl"),
            revision=REVISION,
            last={name: site.last for name, site in seen.items() if site.last is not None},
            runs=queries.runs_by_verdict(connection),
            good=queries.good_runs(connection),
            totals=queries.totals(connection),
            conferrals=queries.count(connection, queries.Filter()),
            stale={name: "stale" in site.wrong for name, site in seen.items()},
            canaries={
                name: (site.canary[0]["checked_at"], site.canary_verdict == canaries.Sight.RED)
                for name, site in seen.items()
                if site.canary
            },
            jobs=_jobs(duties),
            overlaps=duties.overlaps,
            schedulers=_schedulers(duties),
            archive=_archive(settings),
            free=free_bytes(settings.data),
            backup=_backup(settings),
            alerts=Counter(alert.severity for alert in alerts.known(connection) if alert.is_open),
            tombstones=_tombstones(connection),
        )


def _jobs(duties: Roster) -> list[dict[str, Any]]:
    return [
        {**standing.ledger, "next_due": standing.next_due, "overdue_since": standing.overdue_since}
        for standing in duties.standings
        if standing.ledger
    ]


def _schedulers(duties: Roster) -> dict[str, tuple[datetime, bool]]:
    """By host, the liveliest; one that was stopped is no scheduler any more."""
    found: dict[str, tuple[datetime, bool]] = {}
    for row in duties.schedulers:
        life = life_of(row, duties.now)
        if life is not Life.STOPPED:
            alive = life is Life.ALIVE
            found[row["host"]] = max(
                found.get(row["host"], (row["beat_at"], alive)), (row["beat_at"], alive), key=lambda v: v[1]
            )
    return found


def _archive(settings: Settings) -> dict[str, tuple[int, int]]:
    store = Archive(settings.archive).store
    try:
        files = {site: store.files(site) for site in store.sites()}
    except OSError as error:
        raise AwardsError(f"{settings.archive} cannot be read: {error.strerror or error}") from error
    return {site: (sum(sizes.values()), len(sizes)) for site, sizes in files.items()}


def _backup(settings: Settings) -> tuple[datetime, int] | None:
    folder = Path(settings.backups)
    made = backups(folder) if folder.is_dir() else []
    return (made[-1].made_at, made[-1].size) if made else None


def _tombstones(connection: Connection) -> Counter[tuple[str, bool]]:
    return Counter((each.kind, each.purged_at is not None) for each in tombstones.known(connection))


def write(settings: Settings, engine: Engine) -> None:
    """Write the metrics for node_exporter's textfile collector, where the settings name a file; whole or not at all.

    Nothing here is worth failing a run for: what goes wrong is said in the log.
    """
    if settings.metrics_file == Path():
        return
    try:
        settings.metrics_file.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(settings.metrics_file), registry(facts(settings, engine, datetime.now(UTC))))
    except (OSError, AwardsError) as error:
        log.error("the metrics were not written to %s: %s", settings.metrics_file, error)


def health(settings: Settings, engine: Engine, now: datetime) -> dict[str, Any]:
    """What is wrong, for machines: {'scheduler': ..., 'stale': [...], 'canary red': [...], 'jobs': [...]}. Raises AwardsError."""
    with connect.database_errors(settings.database), connect.reading(engine) as connection:
        sites = [health_of(connection, name, now) for name in spiders()]
        duties = roster(connection, jobs(settings), ledger.now(connection))
    wrong = {what: [site.site for site in sites if what in site.wrong] for what in ("stale", "canary red")}
    return {"scheduler": str(duties.life), **wrong, "jobs": duties.wrong}
