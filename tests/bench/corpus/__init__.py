"""The project's own labelled articles: how they are stored, split and checked. README.md beside this file says the rest.

An article is `texts/<id>.txt` (first line the headline) and one line in `tune.jsonl` or `held_out.jsonl`. Which of the two is
decided by the id alone, once and for all: nobody chooses. `second.jsonl` holds the blind second reading of a fifth.

    python -m tests.bench.corpus check FOLDER       drafts: FOLDER/texts/<id>.txt and FOLDER/labels/<id>.json
    python -m tests.bench.corpus add FOLDER         drafts that pass the check go into the corpus
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from etl import gazetteer

HERE = Path(__file__).parent
ARTICLE_KEYS = ("id", "url", "outlet", "title", "published_on", "kind", "is_award_article", "records")
FIELDS: dict[str, Any] = {
    "recipient": None,
    "recipient_type": None,
    "region": None,
    "award": None,
    "category": None,
    "rank": None,
    "giver": None,
    "presented_by": None,
    "received_by": None,
    "awarded_on": None,
    "place": None,
    "status": "won",
    "in_focus": True,
    "optional": False,
    "evidence": None,
}
TYPES = ("region", "official", "agency", "village", "school", "police", "company", "community", "person")
STATUSES = ("won", "nominated", "record")
KINDS = ("award", "negative")
_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")

Label = dict[str, Any]


def is_held_out(key: str) -> bool:
    """A third of the ids, by their hash."""
    return hashlib.sha256(key.encode()).digest()[0] % 3 == 0


def fold_key(key: str) -> str:
    """An order of ids that nobody chose."""
    return hashlib.sha256(f"fold {key}".encode()).hexdigest()


def labels(name: str) -> list[Label]:
    """The labels of `tune`, `held_out` or `second`."""
    lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def text(key: str) -> str:
    return (HERE / "texts" / f"{key}.txt").read_text(encoding="utf-8")


def faults(label: Label, body: str) -> Iterator[str]:
    """What is wrong with one article's label, in words; nothing if it can be used."""
    if unknown := sorted(set(label) - set(ARTICLE_KEYS)):
        yield f"unknown article keys {unknown}"
    for key in ("id", "outlet", "kind", "is_award_article", "records"):
        if key not in label:
            yield f"no {key!r}"
    if label.get("kind") not in KINDS:
        yield f"kind is {label.get('kind')!r}, not one of {KINDS}"
    published = label.get("published_on")
    if published is not None and not _DATE.fullmatch(published):
        yield f"published_on {published!r} is no date"
    focused = [r for r in label["records"] if r.get("in_focus", True) and r.get("status", "won") in ("won", "record")]
    if label["is_award_article"] != bool(focused):
        yield "is_award_article must be true exactly when a record is in focus and won or record"
    regions = {r.name for r in gazetteer.regions().values()}
    for number, record in enumerate(label["records"], 1):
        for fault in _record_faults(record, body, regions):
            yield f"record {number} ({record.get('recipient')}): {fault}"


def _record_faults(record: Label, body: str, regions: set[str]) -> Iterator[str]:
    if unknown := sorted(set(record) - set(FIELDS)):
        yield f"unknown keys {unknown}"
    for key in ("recipient", "recipient_type", "award", "evidence"):
        if not record.get(key):
            yield f"no {key!r}"
    if record.get("recipient_type") not in TYPES:
        yield f"recipient_type {record.get('recipient_type')!r} is none of {TYPES}"
    if record.get("status", "won") not in STATUSES:
        yield f"status {record.get('status')!r} is none of {STATUSES}"
    for region in (record.get("region") or "").split("; "):
        if region and region not in regions:
            yield f"region {region!r} is not in regions.csv (provinces are 'Provinsi X')"
    date = record.get("awarded_on")
    if date is not None and not _DATE.fullmatch(date):
        yield f"awarded_on {date!r} is no date"
    quote = record.get("evidence") or ""
    if quote and quote not in " ".join(body.split()):
        yield f"evidence is not in the text: {quote!r}"
    if len(quote.split()) > 8:
        yield f"evidence has more than 8 words: {quote!r}"


def complete(label: Label) -> Label:
    """The label with every key, in the stored order."""
    whole = {key: label.get(key) for key in ARTICLE_KEYS}
    whole["records"] = [{**FIELDS, **record} for record in label["records"]]
    return whole
