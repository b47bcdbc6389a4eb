"""The metrics, as a table: each with its meaning, its labels, and how its values follow from what is known. Pure.

All are gauges that say what database and disk hold at the moment: a run is too short to be asked while it goes on, and what
is stored survives it. A job's label is `job_name`, because Prometheus takes `job` for itself. Times are Unix times in
seconds, so `time() - awards_run_last_good_timestamp_seconds` is an age.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily

from etl.health import Verdict
from etl.operate.alerts import Severity

Value = tuple[tuple[str, ...], float]  # labels, value
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at a moment, as rows of db.queries, db.ledger and the disk.

    `last`: the last run of each site; `runs`: (site, verdict) -> how many; `good`: site -> start of its last good run;
    `jobs`: rows of db.ledger.jobs with `overdue_since`; `archive`: site -> (bytes, files).
    """

    at: datetime
    code: str = ""
    revision: str = ""
    last: Mapping[str, Row] = field(default_factory=dict)
    runs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    good: Mapping[str, datetime] = field(default_factory=dict)
    totals: Iterable[Row] = ()
    conferrals: int = 0
    stale: Mapping[str, bool] = field(default_factory=dict)
    canaries: Mapping[str, tuple[datetime, bool]] = field(default_factory=dict)
    jobs: Iterable[Row] = ()
    overlaps: Iterable[Row] = ()
    schedulers: Mapping[str, tuple[datetime, bool]] = field(default_factory=dict)
    archive: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    free: int | None = None
    backup: tuple[datetime, int] | None = None
    alerts: Mapping[Severity, int] = field(default_factory=dict)
    tombstones: Mapping[tuple[str, bool], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metric:
    """One gauge. `values` gives what it holds; a metric without values is not written."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    values: Callable[[Facts], Iterable[Value]]


_PAGES = ("fetched", "stored", "unchanged", "not_modified", "articles", "known", "passed_over", "misfits")
_STORED = ("pages", "articles", "misfits", "mentions", "conferrals")


def _of_last(value: Callable[[Row], float | None]) -> Callable[[Facts], Iterator[Value]]:
    def values(facts: Facts) -> Iterator[Value]:
        for site, run in facts.last.items():
            if (found := value(run)) is not None:
                yield (site,), found

    return values


def _of_job(value: Callable[[Row], float | None]) -> Callable[[Facts], Iterator[Value]]:
    def values(facts: Facts) -> Iterator[Value]:
        for job in facts.jobs:
            if (found := value(job)) is not None:
                yield (job["name"],), found

    return values


def _time(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment is not None else None


def _seconds(since: datetime | None, until: datetime | None) -> float | None:
    return (until - since).total_seconds() if since is not None and until is not None else None


def _last_of(job: Row, name: str) -> Any:
    return (job.get("last") or {}).get(name)


def _verdicts(facts: Facts) -> Iterator[Value]:
    for site, run in facts.last.items():
        for verdict in Verdict:
            yield (site, str(verdict)), float(run["verdict"] == verdict)


METRICS = (
    Metric("awards_build_info", "Version of the code and of the tables; always 1", ("version", "revision"),
           lambda f: [((f.code, f.revision), 1.0)]),
    # sites
    Metric("awards_site_stale", "1 where a site's data must be read as 'no data' rather than 'no awards'", ("site",),
           lambda f: [((site,), float(stale)) for site, stale in f.stale.items()]),
    Metric("awards_site_verdict", "1 for what the last run of a site found, 0 for what it did not", ("site", "verdict"),
           _verdicts),
    Metric("awards_canary_red", "1 where a known article is read otherwise than it was", ("site",),
           lambda f: [((site,), float(red)) for site, (_, red) in f.canaries.items()]),
    Metric("awards_canary_timestamp_seconds", "When known articles of a site were checked last", ("site",),
           lambda f: [((site,), at.timestamp()) for site, (at, _) in f.canaries.items()]),
    # runs
    Metric("awards_run_last_timestamp_seconds", "When the last run of a site began", ("site",),
           _of_last(lambda run: _time(run["started_at"]))),
    Metric("awards_run_last_good_timestamp_seconds", "When the last run began that found a site as it should be", ("site",),
           lambda f: [((site,), at.timestamp()) for site, at in f.good.items()]),
    Metric("awards_run_duration_seconds", "How long the last run of a site took", ("site",),
           _of_last(lambda run: _seconds(run["started_at"], run["ended_at"]))),
    Metric("awards_run_exit_code", "How the last run of a site ended: 0 well", ("site",),
           _of_last(lambda run: run["exit_code"])),
    Metric("awards_run_pages", "What the last run of a site counted", ("site", "kind"),
           lambda f: [((site, kind), run[kind]) for site, run in f.last.items() for kind in _PAGES]),
    Metric("awards_run_failures", "Failed requests of the last run of a site, by reason", ("site", "reason"),
           lambda f: [((site, name), n) for site, run in f.last.items() for name, n in run["failures"].items()]),
    Metric("awards_run_mentions", "Mentions that the last run of a site read", ("site",), _of_last(lambda run: run["mentions"])),
    Metric("awards_runs", "Runs so far, by what they found", ("site", "verdict"),
           lambda f: [(key, count) for key, count in f.runs.items()]),
    # what is stored
    Metric("awards_stored", "What is stored of a site: pages, articles, misfits, mentions, conferrals", ("site", "kind"),
           lambda f: [((row["site"], kind), row[kind]) for row in f.totals for kind in _STORED]),
    Metric("awards_conferrals", "Conferrals, each once however many sites report it", (), lambda f: [((), f.conferrals)]),
    Metric("awards_archive_bytes", "Bytes of a site's archive", ("site",),
           lambda f: [((site,), size) for site, (size, _) in f.archive.items()]),
    Metric("awards_archive_files", "Files of a site's archive", ("site",),
           lambda f: [((site,), count) for site, (_, count) in f.archive.items()]),
    Metric("awards_disk_free_bytes", "Bytes that are free where the data folder lies", (),
           lambda f: [((), f.free)] if f.free is not None else []),
    Metric("awards_backup_timestamp_seconds", "When the newest backup was made", (),
           lambda f: [((), f.backup[0].timestamp())] if f.backup else []),
    Metric("awards_backup_bytes", "Bytes of the newest backup, whatever it shares with others", (),
           lambda f: [((), f.backup[1])] if f.backup else []),
    # schedule
    Metric("awards_scheduler_alive", "1 for a scheduler whose heart beats", ("host",),
           lambda f: [((host,), float(alive)) for host, (_, alive) in f.schedulers.items()]),
    Metric("awards_scheduler_beat_timestamp_seconds", "The last heartbeat of a scheduler", ("host",),
           lambda f: [((host,), at.timestamp()) for host, (at, _) in f.schedulers.items()]),
    Metric("awards_job_next_due_timestamp_seconds", "When a job is due next", ("job_name",),
           _of_job(lambda job: _time(job["next_due"]))),
    Metric("awards_job_last_good_timestamp_seconds", "When a job last ended well", ("job_name",),
           _of_job(lambda job: _time(job["last_good"]))),
    Metric("awards_job_lag_seconds", "How late the last due time of a job was begun", ("job_name",),
           _of_job(lambda job: _seconds(_last_of(job, "due_at"), _last_of(job, "started_at")))),
    Metric("awards_job_duration_seconds", "How long the last due time of a job took", ("job_name",),
           _of_job(lambda job: _seconds(_last_of(job, "started_at"), _last_of(job, "ended_at")))),
    Metric("awards_job_exit_code", "How the last due time of a job ended: 0 well", ("job_name",),
           _of_job(lambda job: _last_of(job, "exit_code"))),
    Metric("awards_job_overdue", "1 for a job that should have begun long ago", ("job_name",),
           _of_job(lambda job: float(job["overdue_since"] is not None))),
    Metric("awards_job_overlaps", "Due times in a row at which a job still ran", ("job_name",),
           lambda f: [((row["job"],), row["in_a_row"]) for row in f.overlaps]),
    # people
    Metric("awards_alerts", "What is wrong as the last look saw it, by severity", ("severity",),
           lambda f: [((str(severity),), f.alerts.get(severity, 0)) for severity in Severity]),
    Metric("awards_tombstones", "Take-downs, by kind and by whether nothing is left of what they hide", ("kind", "purged"),
           lambda f: [((kind, "yes" if purged else "no"), n) for (kind, purged), n in f.tombstones.items()]),
    Metric("awards_looked_timestamp_seconds", "When these metrics were taken", (), lambda f: [((), f.at.timestamp())]),
)  # fmt: skip


class _Collector:
    """What prometheus_client asks; it gives what is known, and asks nobody."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """A family for each metric that has values."""
        for metric in METRICS:
            family = GaugeMetricFamily(metric.name, metric.meaning, labels=metric.labels)
            for labels, value in metric.values(self.facts):
                family.add_metric(labels, float(value))
            if family.samples:
                yield family

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is registered by name."""
        return []


def registry(facts: Facts) -> CollectorRegistry:
    """The metrics as prometheus_client writes them."""
    made = CollectorRegistry()
    made.register(_Collector(facts))
    return made
