"""A known article fetched again -> the fields in which it differs. Pure: what is known and what came are both given.

The rule. Title and time of publication are the same; author, editors and dateline too, where they were known. The words of
the paragraphs agree with F1 >= 0.95. An outlet may add a correction or a note of its editors, and tags and related links may
come and go: such paragraphs are left out on both sides, and tags differ only when all of them are gone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum

from etl.model import Article, Unread

SAME_WORDS = 0.95  # F1 of the paragraphs' words
GOLDEN = 3  # known articles a site: one may be an accident

# How outlets begin a paragraph that they add to an article: a correction, a note, a related link.
_ADDED = re.compile(
    r"\W*(?:koreksi|ralat|revisi|klarifikasi|pembaruan|catatan redaksi|redaksi:|judul (?:berita|artikel) ini|"
    r"(?:berita|artikel) ini (?:telah|sudah)|baca juga|baca selengkapnya|lihat juga|simak juga|tonton)\b",
    re.IGNORECASE,
)


class Sight(StrEnum):
    """What a check of one known article found."""

    GREEN = "green"
    RED = "red"  # it came and reads otherwise
    GONE = "gone"  # 404 or 410: the outlet took it away
    NOT_FETCHED = "not fetched"  # nothing came: that is the verdict's business, not the canary's


def differing(known: Article, now: Article | Unread) -> tuple[str, ...]:
    """The fields in which the article differs from what is known, in the order of _SAME; of a page that is read no more
    all of them, as ('misfit', its reason) or (its kind, reason).
    """
    if isinstance(now, Unread):
        return str(now.kind), str(now)
    return tuple(name for name, same in _SAME.items() if not same(known, now))


def of_site(sights: Sequence[str]) -> str | None:
    """A site's result: red when one article is, green when one is and none is red, None when none came."""
    return next((str(sight) for sight in (Sight.RED, Sight.GREEN) if sight in sights), None)


def word_f1(known: Sequence[str], now: Sequence[str]) -> float:
    """F1 of the bags of words of two lists of paragraphs, without case: 1 for the same words, 0 for no common one."""
    before, after = _words(known), _words(now)
    common = (before & after).total()
    return 2 * common / (before.total() + after.total()) if common else float(before == after)


def _words(paragraphs: Sequence[str]) -> Counter[str]:
    return Counter(w for text in paragraphs if not _ADDED.match(text) for w in re.findall(r"\w+", text.casefold()))


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


_SAME: dict[str, Callable[[Article, Article], bool]] = {
    "title": lambda known, now: _plain(known.title) == _plain(now.title),
    "published_at": lambda known, now: known.published_at == now.published_at,
    "author": lambda known, now: not known.author or _plain(known.author) == _plain(now.author),
    "editors": lambda known, now: not known.editors or [*map(_plain, known.editors)] == [*map(_plain, now.editors)],
    "dateline": lambda known, now: not known.dateline or _plain(known.dateline) == _plain(now.dateline),
    "tags": lambda known, now: not known.tags or bool(now.tags),
    "paragraphs": lambda known, now: word_f1(known.paragraphs, now.paragraphs) >= SAME_WORDS,
}
