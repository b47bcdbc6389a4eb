"""Lines in the block of an article that are not the article, where no name tells them apart: by their words, and by what
they lead to. For the generic layout only, whose pages may be in English too; what a declared site repeats, its layout drops.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from etl.clean.propose.body import Line
from etl.clean.selectors import text_of

_SHORT = 90  # characters of a line that announces something, or says the time
_LEADING = 0.3  # share of a line's text, linked, by which it leads to another story
_HEADLINE_WORDS, _HEADLINES = 4, 2
_FIRST = 3  # lines among which the time may be shown

# From the first word to the last. Too narrow rather than too wide, as in etl.clean.boilerplate.
_PLUG = re.compile(
    r"\W*(?:"
    + "|".join(
        (
            r"(?:related|see also|also read|read (?:more|also|next)|more|watch|listen|don't miss)\s*:.*",
            r"(?:advert|advertisement|sponsored(?: (?:links?|content))?|promoted|ad|story continues(?: below.*)?)\W*",
            r"article continues (?:after|below).*|continue reading(?: below.*)?",
            r"(?:read|show|view|see) (?:more|all)(?: \(\d+\))?\W*",
            r"(?:\d+ )?(?:comments?|responses?|replies)(?: \(\d+\))?|(?:leave|post|write) a (?:comment|reply)\b.*",
            r"(?:image|photo|slide) \d+ of ?/? ?\d+|\d+ ?(?:/|of) ?\d+|close|caption|back to gallery",
            r"(?:hide|toggle|show) caption|(?:click|tap) to (?:enlarge|expand|share)\b.*",
            r"(?:share|tweet|email|print|pin|save|subscribe)\W*",
            r"(?:tags?|filed under|topics?|categor(?:y|ies)|source|sources|photo credits?)\s*:.{0,120}",
            r"(?:please )?(?:sign up|subscribe|register)\b.{0,60}"
            r"\b(?:newsletters?|e?mails?|inbox|alerts?|updates?|today|for free|channel)\b.{0,160}",
            r"get (?:the|our|all|more)\b.{0,80}\b(?:inbox|newsletters?|delivered|emailed)\b.{0,160}",
            r"(?:please )?(?:like|follow|join|find) (?:us|him|her|them|me|our)\b.{0,200}",
            r".{0,120}\bfollow (?:us|him|her|them|me) (?:on|at|@).{0,120}",
            r"follow [A-Z][^.!?]{2,60} on (?:twitter|facebook|instagram|linkedin|x|telegram|whatsapp)\b.{0,80}",
            r"(?:got|have|do you have) (?:a|any) (?:news |story )?(?:tip|question|comment)s?\b.{0,240}",
            r"(?:tell us|let us know) what you think.{0,60}|have your say\b.{0,80}|what do you think\?.{0,120}",
        )
    )
    + ")",
    re.IGNORECASE,
)
# What announces other stories: they follow.
_ANNOUNCES = re.compile(
    r"\W*(?:"
    + "|".join(
        (
            r"(?:more|other|latest|top|related|recommended|popular|trending)(?: \w+){0,3}"
            r" (?:stories|articles|news|posts|reading|reads|headlines|content|videos|coverage)",
            r"(?:you )?(?:may|might) also (?:like|enjoy|be interested in)|recommended(?: for you)?",
            r"related(?: (?:stories|articles|posts|content|news|links|topics))?|read (?:more|next|also)|see also",
            r"more (?:from|on|in|about) .{2,60}|most (?:read|popular|viewed)|what to read next",
            r"(?:baca|lihat|simak) juga|(?:berita|artikel) (?:terkait|lainnya|terbaru|terpopuler)",
            r"terpopuler|terkini|rekomendasi(?: untuk anda)?|pilihan (?:redaksi|editor)",
        )
    )
    + r")\W*",
    re.IGNORECASE,
)
_STAMP = re.compile(r"\b(?:19|20)\d\d\b.*\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[:.h]\d\d\b.*\b(?:19|20)\d\d\b")


def plugs_among(lines: Sequence[Line]) -> Iterator[Line]:
    """Those of an article's lines that are not the article."""
    first = next((number for number, line in enumerate(lines) if line.prose), len(lines))
    announced = False
    for number, line in enumerate(lines):
        is_announcement = len(line.text) <= _SHORT and _ANNOUNCES.fullmatch(line.text) is not None
        announced = is_announcement or (announced and _leads_away(line))
        is_stamp = number < first + _FIRST and len(line.text) <= _SHORT and _STAMP.search(line.text) is not None
        if line.is_others or announced or is_stamp or _PLUG.fullmatch(line.text):
            yield line


def popups(document: HtmlElement) -> Iterator[HtmlElement]:
    """What shows other stories when one points at a word of the text: pieces of a paragraph with two headlines and more."""
    for span in document.iter("span"):
        headlines = [a for a in span.iterchildren("a") if len(text_of(a).split()) >= _HEADLINE_WORDS]
        if len(headlines) >= _HEADLINES and next(span.iterancestors("p"), None) is not None:
            yield span


def _leads_away(line: Line) -> bool:
    return line.linked >= max(1, _LEADING * len(line.text))
