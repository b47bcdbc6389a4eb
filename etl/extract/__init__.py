"""Article text -> award mentions, each field with the words that say so. Five steps that can be read one by one:

text (sentences, items) -> entities (names) -> frames (claims) -> details (rank, date, place ...) -> records (mentions).
"""

from __future__ import annotations

from datetime import date

from etl import gazetteer
from etl.extract.entities import Recipient, entities
from etl.extract.frames import Claim, Scene, claims_of, list_claims, scenes
from etl.extract.records import Document, mentions
from etl.extract.text import sentences
from etl.model import AwardMention


def extract(text: str, published: date | None = None, outlet: str | None = None) -> tuple[AwardMention, ...]:
    """The award records of an article's text (headline, newline, paragraphs), in the order of the text.

    `published` completes dates without a year; `outlet` is the site's name. Pure: the same text gives the same records.
    """
    parts = sentences(text)
    names = entities(text)
    cues = gazetteer.cues().find(text)
    document = Document(text, parts, names, cues, published, outlet)
    claims: list[Claim] = []
    for index, sentence in enumerate(parts):
        if sentence.kind in ("item", "row"):
            if sentence.heading is not None and _announces(document, sentence.heading, claims):
                claims += list_claims(text, parts, index, names, True)
            continue
        before: Scene | None = None
        goes_on = False
        for scene in scenes(text, sentence, index, names, cues):
            made = claims_of(scene, before, goes_on)
            claims += made
            before, goes_on = scene, goes_on or bool(made)
    return tuple(mentions(document, claims))


def is_award_article(found: tuple[AwardMention, ...]) -> bool:
    """At least one record is in focus and won (or a record entered)."""
    return any(m.in_focus and m.status in ("won", "record") for m in found)


def _announces(document: Document, heading: int, claims: list[Claim]) -> bool:
    """Whether a line introduces winners: it names an award, a category or a rank, or a claim stands in it or right before."""
    start, end = document.around(heading)
    cues = {c for cue in document.cues if start <= cue.start < end for c in cue.ids}
    if cues & {"nominee", "plan", "negative"}:
        return False
    words = document.text[start:end].lower()
    said = any(
        w in words
        for w in (
            "kategori",
            "juara",
            "pemenang",
            "penerima",
            "terbaik",
            "peringkat",
            "penghargaan",
            "predikat",
            "tingkat",
        )
    )
    return said or any(c.sentence >= heading - 1 for c in claims)


__all__ = ["Recipient", "extract", "is_award_article"]
