"""Writes what others take from us: all conferrals, in each form, into one folder. Never a file half written or half new.

The files are written beside the published ones and then renamed over them; the list of them, with digests, comes last. So
whoever copies the folder at any moment gets whole files, and can tell by the list whether they are of one moment.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from db import connect, queries
from etl.model import AwardsError
from etl.output import export
from etl.settings import Settings, make_folder

FILES = {f"conferrals.{form}": form for form in ("csv", "json", "parquet", "xlsx")}
"""Name -> form, one of export.py's."""
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
            for name, form in FILES.items():
                export.write(queries.exported(connection, everything), queries.EXPORTED, form, Path(new, name))
            done = [_put(Path(new, name), folder / name) for name in FILES]
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
    content = new.read_bytes()
    changed = not old.exists() or old.read_bytes() != content
    if changed:
        new.replace(old)
    return Published(old.name, len(content), sha256(content).hexdigest(), changed)
