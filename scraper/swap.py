"""Several files of a site replaced at once: all of them, or none, whatever dies when. Never looks into them.

An archive's files only grow, and readers take no lock; a take-down alone writes files anew. The new ones are put beside the
old, then a *note* names them, which is the moment it is done: from then on, who opens the site for writing finishes what
was begun. A reader asks for the site's `generation` before and after: when it is another one, or the change is under way,
what was read in between belongs to no state of the archive.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scraper.store import Store

NOTE = "generation.json"
_NEW = ".new"
_LEFT = (_NEW, ".part")  # what a replacement leaves that broke off before its note


@dataclass(frozen=True, slots=True)
class Generation:
    """How often files of a site were replaced; `under_way` names those that still are to be."""

    number: int = 0
    under_way: tuple[str, ...] = ()


def generation(store: Store, site: str) -> Generation:
    """What the note of a site says. Raises OSError, also when it cannot be understood."""
    if NOTE not in store.files(site):
        return Generation()
    ((_, file),) = [(name, file.read()) for name, file in store.opened(site, [NOTE])]
    try:
        said = json.loads(file)
        return Generation(int(said["number"]), tuple(map(str, said["under_way"])))
    except (ValueError, TypeError, LookupError) as error:
        raise OSError(f"{store.address}/{site}/{NOTE} is damaged ({error}); bring back a copy") from error


def replace(store: Store, site: str, files: Mapping[str, Path | bytes]) -> None:
    """Put these contents in place of the site's files of these names. Only the site's one writer may call it."""
    finish(store, site)
    for name, content in files.items():
        store.put(site, name + _NEW, content)
    number = generation(store, site).number + 1
    _note(store, site, Generation(number, tuple(files)))
    finish(store, site)


def finish(store: Store, site: str) -> None:
    """Finish a replacement that broke off after its note was written, and clear away one that broke off before."""
    names = store.files(site)
    if NOTE not in names and not any(name.endswith(_LEFT) for name in names):
        return
    begun = generation(store, site)
    for name in begun.under_way:
        if name + _NEW in names:
            store.move(site, name + _NEW, name)
    if begun.under_way:
        _note(store, site, Generation(begun.number))
    for name in names:
        if name.endswith(_LEFT) and name.removesuffix(_NEW) not in begun.under_way:
            store.delete(site, name)


def _note(store: Store, site: str, said: Generation) -> None:
    content = json.dumps({"number": said.number, "under_way": list(said.under_way)})
    store.put(site, NOTE, content.encode() + b"\n")
