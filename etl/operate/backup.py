"""`awards backup` and `awards restore`: database, archive and decisions, out to a folder and back. Neither stops a crawl.

    backups/2026-11-28T03-15-00Z/   manifest.json (last written: without it, there is no backup), the database, small files
    backups/archive/SITE/1/...      the archive's files, shared by all backups
    backups/tombstones.jsonl        what was decided to be taken down, also after the newest backup

The archive's files only grow, so one copy serves all backups: each names how much of a file was there, and the digest of that
much. A file that a take-down wrote anew is another one (`archive/SITE/2/`), and the old one goes with the last backup that
names it. The database is saved first: what its rows speak of is then in the archive.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Engine

from db import backup as database
from db import connect, tombstones
from db.models import REVISION
from etl.model import AwardsError
from etl.operate import takedown
from etl.run.check import check
from etl.run.reading import rebuild
from etl.settings import Settings, make_folder
from scraper.archive import Archive, ArchiveError
from scraper.store import Store, is_address

MANIFEST = "manifest.json"
_ARCHIVE, _SMALL, _RESTORING = "archive", "small", "restoring"
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ")
_PIECE = 1 << 22  # bytes copied at a time
_TRIES = 3  # times that a site is copied when a take-down rewrites it meanwhile
_GROWS = (".warc.gz", ".jsonl")

log = logging.getLogger("awards.backup")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a backup: where it lies below the folder of all backups, how much of it counts in bytes, its SHA-256.

    `site` and `name` of an archive's file, and the generation of the site's files it is of.
    """

    at: str
    size: int
    sha256: str
    site: str = ""
    name: str = ""
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup. `folder` holds its manifest."""

    folder: Path
    made_at: datetime
    files: tuple[File, ...]
    revision: str
    database: str

    @property
    def size(self) -> int:
        """Bytes, whatever it shares with others."""
        return sum(file.size for file in self.files)


@dataclass(slots=True)
class Made:
    """What `awards backup` did. `copied`: bytes that no earlier backup held; `pruned`: names of backups that went."""

    backup: Backup
    copied: int = 0
    seconds: float = 0.0
    pruned: list[str] = field(default_factory=list)
    logs: int = 0


@dataclass(slots=True)
class Restored:
    """What `awards restore` did. `rebuilt`: derived rows came from the archive; `wrong`: what a check found afterwards."""

    backup: Backup
    rebuilt: bool = False
    taken_down: int = 0
    wrong: list[str] = field(default_factory=list)


# --------------------------------------------------------------------------------------------------------------- backup


def make(settings: Settings, engine: Engine, folder: Path, now: datetime) -> Made:
    """Make a backup, then forget old ones and old logs. Raises AwardsError; what was there before is then untouched."""
    begun = time.monotonic()
    with _alone(folder):
        known = backups(folder)
        own = folder / f"{now.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}"
        _clear_away(folder)
        if own.exists():
            raise AwardsError(f"{own} is there already: wait a second and call again")
        own.mkdir()
        try:
            saved = [_described(folder, file) for file in database.save(engine, own)]
            held = {(f.at, f.size): f for backup in known for f in backup.files}
            archived = list(_archive(settings, folder, own, known[-1] if known else None))
            with connect.reading(engine) as connection:
                tombstones.note(connection, folder)
            backup = Backup(own, now, (*saved, *archived), REVISION, engine.dialect.name)
            _write_manifest(backup)
        except OSError as error:
            raise AwardsError(
                f"the backup in {own} failed: {error.strerror or error}; nothing earlier was touched"
            ) from error
        new = sum(f.size - max((s for at, s in held if at == f.at), default=0) for f in backup.files)
        made = Made(backup, new, pruned=_prune(folder, settings.backup_keep))
    made.logs = _prune_logs(settings, now)
    made.seconds = time.monotonic() - begun
    return made


def backups(folder: Path) -> list[Backup]:
    """The whole backups in a folder, oldest first. Raises AwardsError for a manifest that cannot be read."""
    return [_read_manifest(path) for path in _whole(folder)]


def names(folder: Path) -> list[str]:
    """What the whole backups in a folder are called, oldest first, whether they can be read or not."""
    return [path.name for path in _whole(folder)]


def _whole(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}") if _STAMP.fullmatch(path.parent.name))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    make_folder(folder)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise AwardsError(f"another backup is being made in {folder}: let that finish") from error
    except OSError as error:
        raise AwardsError(f"{folder} cannot be written: {error.strerror or error}") from error
    with lock:
        yield


def _archive(settings: Settings, folder: Path, own: Path, last: Backup | None) -> Iterator[File]:
    archive = Archive(settings.archive)
    before = {(f.site, f.name): f for f in (last.files if last else ()) if f.site}
    for site in archive.sites():
        for _ in range(_TRIES):
            state = archive.generation(site)
            if not state.under_way:
                found = list(_site(archive.store, folder, own, site, state.number, before))
                if archive.generation(site) == state:
                    break
        else:
            raise ArchiveError(
                f"a take-down is rewriting the archive of {site}: call again, or `awards takedown --sweep`"
            )
        yield from found


def _site(
    store: Store, folder: Path, own: Path, site: str, generation: int, before: dict[tuple[str, str], File]
) -> Iterator[File]:
    names = sorted(name for name in store.files(site) if not name.startswith("."))
    for index in (name for name in names if name.endswith(".jsonl")):
        # What no line names yet may be cut again; and the index first, so that each of its records is in the file.
        lines, end = _listed(store, site, index)
        for name, size in ((index, lines), (index.removesuffix(".jsonl") + ".warc.gz", end)):
            if end:
                yield _grown(store, folder, own, File("", size, "", site, name, generation), before.get((site, name)))
    for name in (name for name in names if not name.endswith((*_GROWS, ".new", ".part"))):
        to = own / _SMALL / site / name
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("wb") as out:
            for _, content in store.opened(site, [name]):
                shutil.copyfileobj(content, out)
        yield replace(_described(folder, to), site=site, name=name, generation=generation)


def _listed(store: Store, site: str, index: str) -> tuple[int, int]:
    """Bytes of an index in whole lines, and the byte of its WARC file where the last record that they name ends."""
    lines, last = 0, b""
    for _, content in store.opened(site, [index]):
        for line in content:
            if line.endswith(b"\n"):
                lines, last = lines + len(line), line
    if not last:
        return 0, 0
    try:
        said = json.loads(last)
        return lines, int(said["offset"]) + int(said["length"])
    except (ValueError, TypeError, LookupError) as error:
        raise ArchiveError(
            f"{store.address}/{site}/{index} is damaged ({error}): `awards db check` says what to do"
        ) from error


def _grown(store: Store, folder: Path, own: Path, wanted: File, before: File | None) -> File:
    """So much of a file of the archive as is wanted, of which an earlier backup may hold the beginning."""
    if before is not None and (before.generation != wanted.generation or before.size > wanted.size):
        before = None
    if before is not None and before.size == wanted.size and (folder / before.at).exists():
        return before
    begins_alike = before is not None and _digest(_live(store, wanted, 0, before.size)) == before.sha256
    taken = f"{_ARCHIVE}/{wanted.site}/{wanted.generation}/{wanted.name}"
    if before is not None and begins_alike:
        at = before.at
    else:
        at = f"{_ARCHIVE}/{wanted.site}/{own.name}/{wanted.name}" if (folder / taken).exists() else taken
    to = folder / at
    to.parent.mkdir(parents=True, exist_ok=True)
    digest, have = sha256(), 0
    with to.open("r+b" if to.exists() else "w+b") as out:
        if before is not None and begins_alike:
            for piece in _pieces(out, before.size):
                digest.update(piece)
                have += len(piece)
            if digest.hexdigest() != before.sha256:
                log.warning("%s is damaged: it is copied anew", to)
                digest, have = sha256(), 0
        out.truncate(have)  # what a backup that broke off left
        out.seek(have)
        for piece in _live(store, wanted, have, wanted.size):
            out.write(piece)
            digest.update(piece)
            have += len(piece)
    if have < wanted.size:
        raise OSError(
            f"{store.address}/{wanted.site}/{wanted.name} ends at byte {have} of {wanted.size} that are listed"
        )
    return replace(wanted, at=at, sha256=digest.hexdigest())


def _live(store: Store, file: File, start: int, end: int) -> Iterator[bytes]:
    """Bytes of a file of the archive, as far as there are any."""
    while start < end:
        with store.at(file.site, file.name, start, min(_PIECE, end - start)) as source:
            piece = source.read(min(_PIECE, end - start))
        if not piece:
            return
        start += len(piece)
        yield piece


def _digest(pieces: Iterator[bytes]) -> str:
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _pieces(file: Any, size: int) -> Iterator[bytes]:
    left = size
    while left > 0 and (piece := file.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece


def _described(folder: Path, file: Path) -> File:
    size, digest = file.stat().st_size, sha256()
    with file.open("rb") as content:
        for piece in _pieces(content, size):
            digest.update(piece)
    return File(str(file.relative_to(folder)), size, digest.hexdigest())


def _write_manifest(backup: Backup) -> None:
    content = {
        "made_at": backup.made_at.astimezone(UTC).isoformat(), "version": version("awards-etl"),
        "revision": backup.revision, "database": backup.database, "files": [asdict(file) for file in backup.files],
    }  # fmt: skip
    os.sync()  # all that it names is on the disk before it is
    part = backup.folder / f".{MANIFEST}.part"
    part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    part.replace(backup.folder / MANIFEST)


def _read_manifest(folder: Path) -> Backup:
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = tuple(File(**file) for file in said["files"])
        return Backup(folder, datetime.fromisoformat(said["made_at"]), files, said["revision"], said["database"])
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise AwardsError(f"{folder / MANIFEST} cannot be read ({error}): move {folder} away") from error


# -------------------------------------------------------------------------------------------------------------- forget


def _clear_away(folder: Path) -> None:
    """Backups that broke off: they have no manifest."""
    for path in folder.iterdir():
        if _STAMP.fullmatch(path.name) and not (path / MANIFEST).exists():
            shutil.rmtree(path)


def _prune(folder: Path, keep: int) -> list[str]:
    """Delete all but the newest backups, then the archive's files that none of those names."""
    known = backups(folder)
    for backup in known[:-keep]:
        (backup.folder / MANIFEST).unlink()  # first: from now on it is none
        shutil.rmtree(backup.folder)
    wanted = {folder / file.at for backup in known[-keep:] for file in backup.files}
    for path in sorted((folder / _ARCHIVE).rglob("*"), reverse=True):
        if path.is_file() and path not in wanted:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return [backup.folder.name for backup in known[:-keep]]


def _prune_logs(settings: Settings, now: datetime) -> int:
    """Delete logs that nobody has written to for so many days; how many."""
    before = now.timestamp() - settings.log_days * 86400
    old = [path for path in settings.logs.glob("*.log") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


# -------------------------------------------------------------------------------------------------------------- restore


def chosen(folder: Path) -> Backup:
    """The backup that a folder is, or the newest of those that lie in it. Raises AwardsError when there is none."""
    if (folder / MANIFEST).exists():
        return _read_manifest(folder)
    found = backups(folder) if folder.is_dir() else []
    if not found:
        raise AwardsError(f"{folder} holds no backup: give the folder of one, or of all of them")
    return found[-1]


def verify(backup: Backup) -> list[str]:
    """What of a backup's files is missing or not as its manifest says: a line each."""
    wrong = []
    for file in backup.files:
        path, digest, size = backup.folder.parent / file.at, sha256(), 0
        if path.is_file():
            with path.open("rb") as content:
                for piece in _pieces(content, file.size):
                    digest.update(piece)
                    size += len(piece)
        if size < file.size:
            wrong.append(f"{path} is missing or too short: {size} of {file.size} bytes")
        elif digest.hexdigest() != file.sha256:
            wrong.append(f"{path} is damaged: its bytes are not those that were saved")
    return wrong


def restore(settings: Settings, backup: Backup, now: datetime) -> Restored:
    """Put a backup where the settings say archive and database are, which must be empty; then check both.

    Every digest is verified before anything is written. A restore that was killed is begun again by the next call. What
    was decided to be taken down since is taken down again. Raises AwardsError.
    """
    wrong = verify(backup)
    if wrong:
        raise AwardsError(
            f"{backup.folder} is not whole, nothing was restored: {'; '.join(wrong[:3])}; take another backup"
        )
    make_folder(settings.data)
    _refuse_overwriting(settings, backup)
    mark = settings.data / _RESTORING
    mark.write_text(backup.folder.name, encoding="utf-8")
    try:
        _put_archive_back(settings, backup)
        done = Restored(backup, rebuilt=not database.put_back(settings.database, backup.folder))
    except OSError as error:
        raise AwardsError(f"the restore broke off: {error.strerror or error}; mend that and call it again") from error
    engine = connect.connect(settings.database, settings.db_timeout)
    try:
        _agree(settings, engine, backup, done, now)
    finally:
        engine.dispose()
    mark.unlink(missing_ok=True)
    return done


def _refuse_overwriting(settings: Settings, backup: Backup) -> None:
    mark = settings.data / _RESTORING
    if mark.exists() and mark.read_text(encoding="utf-8") == backup.folder.name:
        return  # ours, killed on its way: nothing was there before it
    archive = Archive(settings.archive)
    full = [site for site in archive.sites() if any(n.endswith(_GROWS) for n in archive.store.files(site))]
    if full:
        raise AwardsError(f"{settings.archive} holds an archive: move it away, or set AWARDS_DATA to an empty folder")
    if not database.is_empty(settings.database):
        shown = connect.shown(settings.database)
        raise AwardsError(f"the database {shown} is there: move it away, or set AWARDS_DB to an empty one")


def _put_archive_back(settings: Settings, backup: Backup) -> None:
    """Into a folder beside that is renamed when all is there; at an address, file by file."""
    files = [file for file in backup.files if file.site]
    root = backup.folder.parent
    if is_address(settings.archive):
        store = Archive(settings.archive).store
        for file in files:
            part = settings.data / f"{_RESTORING}.part"
            _copy(root / file.at, part, file.size)
            store.put(file.site, file.name, part)
            part.unlink()
        return
    live = Path(settings.archive)
    part = live.with_name(f"{live.name}.{_RESTORING}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for file in files:
        (part / file.site).mkdir(exist_ok=True)
        _copy(root / file.at, part / file.site / file.name, file.size)
    if live.exists():
        shutil.rmtree(live)  # an empty one, or what a killed restore put there
    part.replace(live)


def _copy(source: Path, to: Path, size: int) -> None:
    with source.open("rb") as content, to.open("wb") as out:
        for piece in _pieces(content, size):
            out.write(piece)


def _agree(settings: Settings, engine: Engine, backup: Backup, done: Restored, now: datetime) -> None:
    """Tails that a crawl was writing, decisions of later, derived rows; then the check."""
    for site in Archive(settings.archive).sites():
        with Archive(settings.archive, settings.staging).writer(site):
            pass  # lists what is whole and cuts the rest
    with connect.writing(engine) as connection:
        done.taken_down = len(tombstones.decide(connection, tombstones.noted(backup.folder.parent)))
        decided = bool(tombstones.known(connection))
    if decided:
        takedown.sweep(settings, engine, now)
    if done.rebuilt and any(file.name.endswith(_GROWS) for file in backup.files):
        rebuild(settings, engine)
    done.wrong = check(settings, engine)
