"""Captures taken out of an archive for good: the WARC files that hold them are written again without them.

Nothing else is lost. Bytes that another address served too are handed on: its first revisit becomes the record that holds
them, and the others point there. All files change at once (`swap.py`), so a kill at any moment leaves the archive as it was,
or one that the next writer finishes. Never decides what has to go.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

from etl.model import Page, UnreadablePage
from scraper import swap
from scraper.archive import (
    NOT_MODIFIED,
    SAME_PAYLOAD,
    Archive,
    ArchiveError,
    Capture,
    index_line,
    index_name,
    listings,
    page_of,
    reaching,
    record_at,
    record_bytes,
    storable_headers,
    whole_members,
    write_through,
)
from scraper.store import Folder, Store

Place = tuple[str, int]  # WARC file, offset
Read = Callable[[Capture], Page]

_UNCHANGED = 304
_SMALL = 1 << 16  # bytes: the record that begins a file has 300


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge took out: captures, and bytes of the WARC files; and which files were written again."""

    captures: int = 0
    size: int = 0
    files: tuple[str, ...] = ()


def purge(archive: Archive, site: str, doomed: Callable[[Capture, Read], bool], work: Path) -> Purged:
    """Take every capture of a site for which `doomed` holds out of the archive; nothing is written when there is none.

    `doomed` gets a capture and what reads captures' pages; of a record that no index lists it sees address and time only.
    `work`: a folder of this machine, where the new files wait. Raises ArchiveError: another crawl is writing, the disk is
    full, a file is damaged; then nothing has changed, or the next writer of the site finishes it.
    """
    with archive.writer(site) as writer, reaching(archive.store):  # the lock, and files and indexes that agree
        listed = dict(listings(archive.store, site))
        plan = _planned(archive.store, site, listed, lambda capture: doomed(capture, writer.read))
        if not plan.leaving:
            return Purged()
        with _folder(work / f"purge-{site}") as folder:
            return _carried_out(archive.store, site, listed, plan, folder)


@contextmanager
def _folder(folder: Path) -> Iterator[Path]:
    """An empty folder, whatever a killed purge left there; removed at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class _Plan:
    leaving: set[Place] = field(default_factory=set)
    heirs: dict[Place, Page] = field(default_factory=dict)  # a revisit that is to hold the bytes -> what it then holds
    heir_of: dict[Place, Capture] = field(
        default_factory=dict
    )  # a record that goes -> the revisit that inherits its bytes
    orphans: set[Place] = field(default_factory=set)  # revisits that are to point at an heir

    @property
    def touched(self) -> list[str]:
        """Names of the WARC files that are to be written again, sorted."""
        return sorted({warc for places in (self.leaving, self.heirs, self.orphans) for warc, _ in places})


def _planned(
    store: Store, site: str, listed: Mapping[str, Sequence[Capture]], doomed: Callable[[Capture], bool]
) -> _Plan:
    plan = _Plan()
    staying: defaultdict[Place, list[Capture]] = defaultdict(list)  # revisits, by the record that holds their bytes
    holders: dict[Place, Capture] = {}
    for capture in (capture for captures in listed.values() for capture in captures):
        if doomed(capture):
            plan.leaving.add((capture.warc, capture.offset))
            holders[capture.warc, capture.offset] = capture
        elif capture.of is not None:
            staying[capture.of].append(capture)
    for place in staying.keys() & holders.keys():
        _hand_on(store, holders[place], staying[place], plan)
    for warc, captures in listed.items():
        plan.leaving |= {(c.warc, c.offset) for c in _unlisted(store, site, warc, captures) if doomed(c)}
    return plan


def _hand_on(store: Store, holder: Capture, revisits: Sequence[Capture], plan: _Plan) -> None:
    """Bytes that stay go to the first visit that was answered with them, and to one that a 304 confirmed if there is no other."""
    body = _page(store, holder).body
    pages = [_page(store, revisit) for revisit in revisits]
    heir, page = min(zip(revisits, pages, strict=True), key=lambda each: each[1].status == _UNCHANGED)
    page = replace(page, body=body, status=heir.status)
    plan.heirs[heir.warc, heir.offset] = replace(page, headers=storable_headers(page))
    plan.heir_of[holder.warc, holder.offset] = heir
    plan.orphans |= {(c.warc, c.offset) for c in revisits if c is not heir}


def _page(store: Store, capture: Capture) -> Page:
    """What a capture's own record holds: of a revisit, headers without a body."""
    try:
        with store.at(capture.site, capture.warc, capture.offset, capture.length) as file:
            return page_of(record_at(file), capture.site, capture.url, datetime.fromisoformat(capture.fetched_at))
    except (UnreadablePage, ValueError) as error:
        raise ArchiveError(
            f"{store.address}/{capture.site}/{capture.warc} at byte {capture.offset} is damaged ({error}): nothing was "
            "changed; `awards db check` says what to do"
        ) from error


def _unlisted(store: Store, site: str, warc: str, captures: Sequence[Capture]) -> Iterator[Capture]:
    """Whole records of an address that no index line names, such as a revisit of bytes that never came."""
    for place in _in_order(store, site, warc, captures):
        if place.digest:
            continue
        with store.at(site, warc, place.offset, place.length) as file:
            record = record_at(file)
        url, at = record.rec_headers["WARC-Target-URI"], record.rec_headers["WARC-Date"]
        if url and at:
            yield replace(place, url=url, fetched_at=at)


def _in_order(store: Store, site: str, warc: str, captures: Sequence[Capture]) -> Iterator[Capture]:
    """Each record of a file. One without a line has neither address nor digest: only where it lies is known."""
    size, listed = store.files(site).get(warc, 0), {capture.offset: capture for capture in captures}
    at = 0
    while at < size:
        capture = listed.get(at) or Capture(site, "", "", 0, "", warc, at, _length(store, site, warc, at, size))
        if capture.length == 0:
            raise ArchiveError(
                f"{store.address}/{site}/{warc} is damaged at byte {at}: nothing was changed; `awards db check` says more"
            )
        yield capture
        at += capture.length


def _length(store: Store, site: str, warc: str, at: int, size: int) -> int:
    """Bytes of the record that begins there, 0 when none does; the first of a file, the commonest, is small."""
    for window in (min(_SMALL, size - at), size - at):
        with store.at(site, warc, at, window) as file:
            content = BytesIO(file.read(window))
        found = next((length for _, length in whole_members(content, 0)), 0)
        if found:
            return found
    return 0


def _carried_out(store: Store, site: str, listed: Mapping[str, Sequence[Capture]], plan: _Plan, folder: Path) -> Purged:
    """Write what is to be written again into the folder, then put all of it in place at once."""
    moved: dict[Place, int] = {}  # where each record that stays was -> its offset now
    lengths: dict[Place, int] = {}
    new: dict[str, Path | bytes] = {}
    for warc in plan.touched:
        new[warc] = folder / warc
        with _at_hand(store, site, warc, folder) as old, (folder / warc).open("wb", buffering=0) as out:
            for capture in _in_order(old, site, warc, listed[warc]):
                place = (warc, capture.offset)
                if place not in plan.leaving:
                    data = _data(old, capture, plan)
                    moved[place], lengths[place] = out.tell(), len(data)
                    write_through(out, data)
    sizes = store.files(site)
    taken = sum(sizes[warc] - (folder / warc).stat().st_size for warc in plan.touched)
    for warc, captures in listed.items():
        if warc in plan.touched or any(capture.of in moved for capture in captures):
            staying = (capture for capture in captures if (warc, capture.offset) not in plan.leaving)
            new[index_name(warc)] = b"".join(index_line(_moved(capture, plan, moved, lengths)) for capture in staying)
    swap.replace(store, site, new)
    return Purged(len(plan.leaving), taken, tuple(plan.touched))


@contextmanager
def _at_hand(store: Store, site: str, warc: str, folder: Path) -> Iterator[Folder]:
    """The store that holds a file on this machine: the one it lies in, or a copy."""
    if isinstance(store, Folder):
        yield store
        return
    copies = Folder(folder / "old")
    (copies.root / site).mkdir(parents=True, exist_ok=True)
    store.fetch(site, warc, copies.root / site / warc)
    try:
        yield copies
    finally:
        copies.delete(site, warc)


def _data(store: Store, capture: Capture, plan: _Plan) -> bytes:
    place = (capture.warc, capture.offset)
    if place in plan.heirs:
        return record_bytes(
            plan.heirs[place], capture.fetched_at, capture.digest, None, SAME_PAYLOAD, capture.truncated
        )
    if place in plan.orphans and capture.of is not None:
        page = _page(store, capture)
        profile = NOT_MODIFIED if page.status == _UNCHANGED else SAME_PAYLOAD
        return record_bytes(
            page, capture.fetched_at, capture.digest, plan.heir_of[capture.of], profile, capture.truncated
        )
    with store.at(capture.site, capture.warc, capture.offset, capture.length) as file:
        return file.read(capture.length)


def _moved(capture: Capture, plan: _Plan, moved: Mapping[Place, int], lengths: Mapping[Place, int]) -> Capture:
    """A capture as its line is to say it."""
    place, of = (capture.warc, capture.offset), capture.of
    if place in plan.heirs:
        of = None
    elif of is not None:
        heir = plan.heir_of.get(of)
        warc, offset = (heir.warc, heir.offset) if heir else of
        of = (warc, moved.get((warc, offset), offset))
    return replace(capture, offset=moved.get(place, capture.offset), length=lengths.get(place, capture.length), of=of)
