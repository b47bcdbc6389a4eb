"""Writes what others take from us: all conferrals, in each form, into one folder. Never a file half written or half new.

The files are written beside the published ones and then renamed over them; the list of them, with digests, comes last. So
whoever copies the folder at any moment gets whole files, and can tell by the list whether they are of one moment.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from filecmp import cmp
from hashlib import file_digest
from pathlib import Path

from sqlalchemy import Engine

from db import connect, queries
from etl.model import AwardsError
from etl.output import export
from etl.settings import Settings, make_folder

FILES = {f"conferrals.{form}": form for form in ("parquet", "csv", "json", "xlsx")}
"""Name -> form, one of etl/output/export.py's. The first keeps types: the database is read for it, and it for the others."""
LIST = "published.json"


@dataclass(frozen=True, slots=True)
class Published:
    """A file in the folder. `changed`: whether it says something else than the one before; else that stayed as it was."""

    name: str
    bytes: int
    sha256: str
    changed: bool


def publish(settings: Settings, engine: Engine) -> list[Published]:
    """All conferrals as one view of the database has them, in each form. Raises AwardsError when nothing can be written."""
    folder = make_folder(settings.data / "publish")
    everything = queries.Filter()
    try:
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as new, connect.reading(engine) as connection:
            stored = queries.count(connection, everything)
            first, *_ = (Path(new, name) for name in FILES)
            for name, form in FILES.items():
                file = Path(new, name)
                rows = queries.exported(connection, everything) if file == first else export.rows_of(first)
                export.write(rows, queries.EXPORTED, form, file)
            done = sorted((_put(Path(new, name), folder / name) for name in FILES), key=lambda one: one.name)
            listed = {"published_at": datetime.now(UTC).isoformat(timespec="seconds"), "conferrals": stored}
            files = [{k: v for k, v in asdict(one).items() if k != "changed"} for one in done]
            Path(new, LIST).write_text(json.dumps(listed | {"files": files}, indent=1) + "\n", encoding="utf-8")
            Path(new, LIST).replace(folder / LIST)
    except OSError as error:
        raise AwardsError(
            f"{folder} cannot be written ({error.strerror or error}); what was published stays"
        ) from error
    return done


def _put(new: Path, old: Path) -> Published:
    """Put a file in its place; one that says the same stays, so that nobody fetches it again."""
    changed = not old.exists() or not cmp(new, old, shallow=False)
    if changed:
        new.replace(old)
    with old.open("rb") as content:
        digest = file_digest(content, "sha256")
    return Published(old.name, old.stat().st_size, digest.hexdigest(), changed)
