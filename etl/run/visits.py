"""Until when all that a site published has been asked for: one time a site, in a file of the data folder.

An outage, a killed crawl, a refusal or a list with another markup leaves it where it was, and so the first whole visit after
it goes back that far. Knows no page; a file that is lost costs nothing but that knowledge.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from etl.health import Counts, verdict
from etl.model import AwardsError, CrawlReport


def seen_until(folder: Path, site: str) -> datetime | None:
    """When the last whole visit of the site began; None when nothing is known."""
    try:
        return datetime.fromisoformat((folder / site).read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise AwardsError(f"{folder / site} cannot be read ({error}); delete it") from error


def note(folder: Path, site: str, until: datetime) -> None:
    """All that was published before `until` (aware) has been asked for. Never goes back: a replay of old days says nothing."""
    before, file = seen_until(folder, site), folder / site
    if before is not None and before >= until:
        return
    part = file.with_name(f".{site}.{os.getpid()}.part")  # two runs of a site may begin at once
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_text(f"{until.isoformat()}\n", encoding="ascii")
        part.replace(file)
    except OSError as error:
        raise AwardsError(f"{file} cannot be written: {error.strerror or error}; what was fetched is kept") from error


def is_whole(report: CrawlReport) -> bool:
    """Whether a visit asked for all that its lists hold: it came to its end, and the site answered as it does on good days."""
    came = max(0, report.articles - sum(report.failures.values()))
    return report.finished and report.lists + report.rested > 0 and not verdict(Counts(report, read=came)).stale
