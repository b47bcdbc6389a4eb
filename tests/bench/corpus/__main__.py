"""Checks drafts of labelled articles, and adds them to the corpus."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.bench import corpus


def main(verb: str, folder: Path) -> int:
    drafts = sorted((folder / "labels").glob("*.json"))
    texts = {p.stem for p in (folder / "texts").glob("*.txt")}
    for stem in sorted(texts - {p.stem for p in drafts}):
        print(f"{stem}: a text without a label")
    good = []
    for path in drafts:
        try:
            label = json.loads(path.read_text(encoding="utf-8"))
            if label.get("id") != path.stem or path.stem not in texts:
                raise ValueError(f"id {label.get('id')!r} must be the file's name, and have a text")
            wrong = list(corpus.faults(label, (folder / "texts" / f"{path.stem}.txt").read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            wrong = [f"{type(error).__name__}: {error}"]
        for fault in wrong:
            print(f"{path.stem}: {fault}")
        good += [] if wrong else [label]
    print(f"{len(good)} of {len(drafts)} labels can be used")
    if verb == "add":
        _add(folder, good)
    return int(len(good) < len(drafts))


def _add(folder: Path, good: list[corpus.Label]) -> None:
    for name in ("tune", "held_out"):
        path = corpus.HERE / f"{name}.jsonl"
        known = {row["id"]: row for row in (corpus.labels(name) if path.exists() else [])}
        for label in good:
            if corpus.is_held_out(label["id"]) == (name == "held_out"):
                known[label["id"]] = corpus.complete(label)
        lines = [json.dumps(known[key], ensure_ascii=False) for key in sorted(known)]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    for label in good:
        source = folder / "texts" / f"{label['id']}.txt"
        (corpus.HERE / "texts").mkdir(exist_ok=True)
        (corpus.HERE / "texts" / source.name).write_text(
            source.read_text(encoding="utf-8").rstrip() + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("check", "add"):
        sys.exit("usage: python -m tests.bench.corpus check|add FOLDER")
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
