"""Pages whose text is known, of other projects' collections, read where they lie: none of them is part of this project."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import subprocess
import tarfile
from ast import literal_eval
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Checkouts, or git directories without a work tree.
MIRROR = Path("/work/.mirror")
BENCHMARK = Path(
    os.environ.get("AWARDS_ARTICLE_BENCHMARK", MIRROR / "scrapinghub+article-extraction-benchmark" / "repo")
)
INDONESIAN = Path(os.environ.get("AWARDS_INDONESIAN_BENCHMARK", MIRROR / "anpandu+indonesian-news-scraper" / "repo"))


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page with the text that it is known to hold, and a name."""

    name: str
    html: str
    url: str
    text: str


def public() -> Iterator[Labelled]:
    """The pages of scrapinghub/article-extraction-benchmark; nothing where it is not there."""
    files = dict(_files(BENCHMARK, "ground-truth.json", "html"))
    for key, entry in json.loads(files.get("ground-truth.json", b"{}")).items():
        html = gzip.decompress(files[f"html/{key}.html.gz"]).decode("utf-8", "replace")
        yield Labelled(key, html, entry.get("url") or f"https://x.example/a/{key}", entry["articleBody"])


def indonesian() -> Iterator[Labelled]:
    """The pages of anpandu/indonesian-news-scraper, of 2015 to 2017, whose texts its own tests state."""
    files = dict(_files(INDONESIAN, "test"))
    for name in sorted(name for name in files if name.endswith(".test.js")):
        # 'getContent(FIXTURE)' and then, line by line, what is to be found on it
        _, *parts = re.split(r"getContent\('([^']+)'\)", files[name].decode())
        for fixture, stated in zip(parts[::2], parts[1::2], strict=True):
            known = dict(re.findall(r"result\['(url|content)'\], (['\"].*['\"])\)\)", stated))
            if len(known) == 2:
                html = files[fixture].decode("utf-8", "replace")
                yield Labelled(Path(fixture).stem, html, literal_eval(known["url"]), literal_eval(known["content"]))


def _files(checkout: Path, *wanted: str) -> Iterator[tuple[str, bytes]]:
    """(path, content) of files and folders of a checkout or a git directory; nothing where it is not there."""
    if (checkout / "HEAD").is_file():
        command = ["git", "--git-dir", str(checkout), "archive", "HEAD", *wanted]
        packed = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            for member in archive:
                if member.isfile() and (content := archive.extractfile(member)) is not None:
                    yield member.name, content.read()
        return
    for place in (checkout / name for name in wanted):
        for path in (place, *place.rglob("*")):
            if path.is_file():
                yield path.relative_to(checkout).as_posix(), path.read_bytes()
