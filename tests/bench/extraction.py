"""How well records are read: the labelled articles beside the repository, tuned and held-out halves apart."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

from etl.articles import read_line

EVAL = Path(__file__).parents[3] / "shared" / "eval"
SAMPLE_LABELS = Path(__file__).parents[1] / "sample"
LEFT_OUT = f"Left out: {EVAL} is not there."
SETS = (("retold articles", "dev"), ("real prose", "dev_real"))
HALVES: tuple[tuple[str, Callable[[int], bool]], ...] = (
    ("tuned on", lambda i: i % 3 != 2),
    ("held out", lambda i: i % 3 == 2),
)


def scores() -> str:
    """Record scores on the labelled articles, by the scorer that stands beside them"""
    if not EVAL.is_dir():
        return LEFT_OUT
    rows = []
    for name, labels in SETS:
        answered = list(_answers(labels))
        for half, belongs in HALVES:
            chosen = [pair for index, pair in enumerate(answered) if belongs(index)]
            rows.append(f"| {name}, {half} | {len(chosen)} | {_cells(_score(chosen))} |")
    head = "| set | articles | article F1 | record P | record R | record F1 | strict F1 | region | rank | giver | date | place |"
    return "\n".join([head, "|---" * 12 + "|", *rows])


def calibration() -> str:
    """Confidence: the share of records that are right, by the confidence they were given (all labelled articles)"""
    if not EVAL.is_dir():
        return LEFT_OUT
    sys.path.insert(0, str(EVAL))
    import score  # type: ignore[import-not-found]

    matcher = score.Matcher(score.load_series(EVAL.parent / "domain" / "award_series.csv"))
    buckets: dict[int, list[bool]] = {}
    for _, labels in SETS:
        for gold, answer in _answers(labels):
            free = list(gold["records"])
            for record in sorted(answer["records"], key=lambda r: -r["confidence"]):
                best = max(free, key=lambda label: matcher.score(label, record), default=None)
                right = best is not None and matcher.score(best, record) > 0
                if right:
                    free.remove(best)
                buckets.setdefault(int(record["confidence"] * 10), []).append(right)
    rows = [
        f"| {b / 10:.1f} - {b / 10 + 0.09:.2f} | {len(v)} | {sum(v) / len(v):.0%} |" for b, v in sorted(buckets.items())
    ]
    return "\n".join(["| confidence | records | right |", "|---|---|---|", *rows])


def general_news() -> str:
    """One day's general news: how many articles give a record at all, and CPU time an article"""
    path = EVAL / "general_news_2025-06-18.jsonl.gz"
    if not path.is_file():
        return LEFT_OUT
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles = [json.loads(line) for line in file]
    texts = [_text_of(article) for article in articles]
    start = process_time()
    answers = [_answer({"id": i, "text": text}) for i, text in enumerate(texts)]
    spent = process_time() - start
    alarms = [a for a in answers if a["records"]]
    records = sum(len(a["records"]) for a in alarms)
    cost = f"{spent / len(texts) * 1000:.1f} ms CPU an article of {sum(map(len, texts)) / len(texts):.0f} characters"
    return f"{len(texts)} articles: {len(alarms)} give records ({records} in all); {cost}."


def _text_of(article: dict[str, Any]) -> str:
    title = article.get("title") or ""
    body = article.get("text") or article.get("content") or article.get("body") or ""
    return f"{title}\n{body}"


def _answers(labels: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(label, answer) of each labelled article."""
    for line in (EVAL / f"{labels}.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        text = (EVAL / f"{labels}_texts" / f"{gold['id']}.txt").read_text(encoding="utf-8")
        given = {"id": gold["id"], "text": text, "outlet": gold.get("outlet"), "published_on": gold.get("published_on")}
        yield gold, _answer(given)


def _answer(given: dict[str, Any]) -> dict[str, Any]:
    """What `awards read --jsonl` says of one line."""
    _, said = read_line(json.dumps(given))
    answer: dict[str, Any] = json.loads(said)
    return answer


def _score(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / "labels.jsonl", Path(folder) / "predictions.jsonl"]
        for file, side in zip(files, (0, 1), strict=True):
            file.write_text("".join(json.dumps(pair[side]) + "\n" for pair in pairs), encoding="utf-8")
        command = [sys.executable, str(EVAL / "score.py"), *map(str, files), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _cells(result: dict[str, Any]) -> str:
    record, fields = result["record"], result["fields"]
    figures = [result["article"]["f1"], record["p"], record["r"], record["f1"], result["strict"]["f1"]]
    shown = ("region", "rank", "giver", "awarded_on", "place")
    figures += [fields[name]["accuracy"] if name in fields else None for name in shown]
    return " | ".join("" if f is None else f"{f:.2f}" for f in figures)
