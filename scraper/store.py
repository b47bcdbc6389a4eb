"""Where an archive's files lie: in a folder, or behind any address that fsspec opens. Never looks into them.

A folder is written in place. What lies behind an address is written elsewhere first, for object stores cannot append, and
*published* when it is finished: a published file stays as it is, or becomes longer. Only a take-down replaces files
(`swap.py`). All here raise OSError.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Protocol

from etl.model import UsageError

_PIECE = 1 << 22  # bytes compared at a time


class Store(Protocol):
    """The files of an archive, by site and name."""

    address: str

    def sites(self) -> list[str]:
        """Names of the sites that have files here, sorted."""

    def files(self, site: str) -> dict[str, int]:
        """Each file of a site, with its size in bytes; none where there is no such site."""

    def opened(self, site: str, names: Sequence[str]) -> Iterator[tuple[str, IO[bytes]]]:
        """Small files, one after the other, each to be read before the next is asked for."""

    def at(self, site: str, name: str, offset: int, length: int) -> IO[bytes]:
        """A file that stands at `offset`; at least `length` bytes from there can be read, where there are so many."""

    def fetch(self, site: str, name: str, to: Path) -> None:
        """Copy a file to this machine, whole or not at all."""

    def put(self, site: str, name: str, content: Path | bytes) -> None:
        """Write a file on the disk, or at the address, in place of any that has the name; readers see the old or the new."""

    def move(self, site: str, name: str, to: str) -> None:
        """Give a file another name, in place of any that has it; readers see the old or the new."""

    def delete(self, site: str, name: str) -> None:
        """Delete a file; nothing happens where there is none."""


def is_address(root: Path | str) -> bool:
    """Whether fsspec is to open it; anything else is a folder's path."""
    return isinstance(root, str) and "://" in root


class Folder:
    """A folder of folders on this machine."""

    def __init__(self, root: Path) -> None:
        self.root, self.address = root, str(root)

    def sites(self) -> list[str]:
        """Names of the folders here."""
        return sorted(path.name for path in self.root.iterdir() if path.is_dir()) if self.root.is_dir() else []

    def files(self, site: str) -> dict[str, int]:
        """Name and size of each file."""
        folder = self.root / site
        return {path.name: path.stat().st_size for path in folder.iterdir()} if folder.is_dir() else {}

    def opened(self, site: str, names: Sequence[str]) -> Iterator[tuple[str, IO[bytes]]]:
        """Open one file after the other."""
        for name in names:
            with (self.root / site / name).open("rb") as file:
                yield name, file

    def at(self, site: str, name: str, offset: int, length: int) -> IO[bytes]:
        """The file itself."""
        file = (self.root / site / name).open("rb")
        file.seek(offset)
        return file

    def fetch(self, site: str, name: str, to: Path) -> None:
        """Copy a file, whole or not at all."""
        part = to.with_name(f".{to.name}.part")
        shutil.copyfile(self.root / site / name, part)
        part.replace(to)

    def put(self, site: str, name: str, content: Path | bytes) -> None:
        """Write beside, sync, rename."""
        folder, part = self.root / site, self.root / site / f".{name}.part"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    with content.open("rb") as source:
                        shutil.copyfileobj(source, file, _PIECE)
                file.flush()
                os.fsync(file.fileno())
            part.replace(folder / name)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        _sync(folder)

    def move(self, site: str, name: str, to: str) -> None:
        """Rename."""
        (self.root / site / name).replace(self.root / site / to)
        _sync(self.root / site)

    def delete(self, site: str, name: str) -> None:
        """Unlink."""
        (self.root / site / name).unlink(missing_ok=True)


class Remote:
    """Any fsspec address ('s3://bucket/archive', 'memory://x', 'file:///mnt/x'). Files are read by range."""

    def __init__(self, address: str) -> None:
        # Imported here: who has a folder waits for no library of addresses.
        from fsspec.core import url_to_fs

        self.address = address.rstrip("/")
        try:
            self._fs, root = url_to_fs(self.address)
        except (ImportError, ValueError) as error:
            protocol = self.address.partition(":")[0]
            raise UsageError(
                f"the archive's address {address} cannot be opened: {error}; "
                f"for s3: pip install 'awards-etl[s3]', else the package that fsspec names for {protocol}"
            ) from error
        self._root = str(root).rstrip("/")

    def _path(self, site: str, name: str) -> str:
        return f"{self._root}/{site}/{name}"

    def sites(self) -> list[str]:
        """Names of the folders, or prefixes, at the address."""
        return sorted(name for name, entry in self._listed(self._root).items() if entry["type"] == "directory")

    def files(self, site: str) -> dict[str, int]:
        """Name and size of each file as the store lists them."""
        found = self._listed(f"{self._root}/{site}")
        return {name: entry["size"] or 0 for name, entry in found.items() if entry["type"] != "directory"}

    def _listed(self, folder: str) -> dict[str, dict[str, Any]]:
        with _as_os_errors():
            self._fs.invalidate_cache()  # what another process has published since
            try:
                found = self._fs.ls(folder, detail=True)
            except FileNotFoundError:
                return {}
            return {str(entry["name"]).rstrip("/").rpartition("/")[2]: entry for entry in found}

    def opened(self, site: str, names: Sequence[str]) -> Iterator[tuple[str, IO[bytes]]]:
        """The files' bytes, asked for together."""
        paths = {name: self._path(site, name) for name in names}
        with _as_os_errors():
            contents = self._fs.cat(list(paths.values())) if paths else {}
        for name, path in paths.items():
            yield name, BytesIO(contents[path])

    def at(self, site: str, name: str, offset: int, length: int) -> IO[bytes]:
        """Only the range that is asked for."""
        with _as_os_errors():
            return BytesIO(self._fs.cat_file(self._path(site, name), start=offset, end=offset + length))

    def fetch(self, site: str, name: str, to: Path) -> None:
        """Copy a file to this machine, whole or not at all."""
        part = to.with_name(f".{to.name}.part")
        with _as_os_errors():
            self._fs.get_file(self._path(site, name), str(part))
        part.replace(to)

    def publish(self, site: str, file: Path) -> bool:
        """Put a finished file there, under its own name. True when it is there, whole, whoever put it there.

        False, and nothing done, when a file that is another one has the name. What a publication that broke off has left
        is completed; nothing is ever replaced by something that does not begin with it.
        """
        path = self._path(site, file.name)
        with _as_os_errors():
            self._fs.invalidate_cache()
            if self._fs.exists(path):
                there = self._fs.size(path) or 0
                if not self._alike(path, file, min(there, file.stat().st_size)):
                    return False
                if there < file.stat().st_size:
                    self._fs.put_file(str(file), path)
            else:
                self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
                try:
                    self._fs.put_file(str(file), path, mode="create")
                except FileExistsError:  # another machine was faster
                    return False
                except NotImplementedError:  # a store that cannot refuse: it was not there a moment ago
                    self._fs.put_file(str(file), path)
            self._fs.invalidate_cache()
            if (self._fs.size(path) or 0) < file.stat().st_size:
                raise OSError(f"{path} did not arrive whole")
        return True

    def put(self, site: str, name: str, content: Path | bytes) -> None:
        """An object store shows an object when all of it has arrived; elsewhere the last step is a renaming."""
        path, part = self._path(site, name), self._path(site, f".{name}.part")
        with _as_os_errors():
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            if isinstance(content, bytes):
                self._fs.pipe_file(part, content)
            else:
                self._fs.put_file(str(content), part)
            self._fs.mv(part, path)
            self._fs.invalidate_cache()

    def move(self, site: str, name: str, to: str) -> None:
        """Copy and delete, where the store knows no renaming."""
        with _as_os_errors():
            self._fs.mv(self._path(site, name), self._path(site, to))
            self._fs.invalidate_cache()

    def delete(self, site: str, name: str) -> None:
        """Delete, where it is."""
        with _as_os_errors():
            self._fs.invalidate_cache()
            if self._fs.exists(self._path(site, name)):
                self._fs.rm_file(self._path(site, name))
            self._fs.invalidate_cache()

    def _alike(self, path: str, file: Path, length: int) -> bool:
        with file.open("rb") as mine:
            for start in range(0, length, _PIECE):
                end = min(start + _PIECE, length)
                if self._fs.cat_file(path, start=start, end=end) != mine.read(end - start):
                    return False
        return True


def _sync(folder: Path) -> None:
    """Names reach the disk when their folder does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """Each library behind fsspec has errors of its own; here all are OSError."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def store_at(root: Path | str) -> Folder | Remote:
    """The store at a path or an address. Raises UsageError when the address is of a kind that cannot be opened here."""
    return Remote(str(root)) if is_address(root) else Folder(Path(os.fspath(root)))
