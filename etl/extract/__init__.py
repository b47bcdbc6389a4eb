"""Article text -> award mentions, each field with the words that say so. Steps that can be read one by one:

text (sentences, items) -> entities (names) -> frames (claims) -> details, occasion (rank, date, place ...) -> records.
"""

from __future__ import annotations

from datetime import date

from etl.extract.claims.frames import list_claims, sentence_claims
from etl.extract.claims.scene import Claim
from etl.extract.document import Document, document_of
from etl.extract.records import mentions
from etl.model import AwardMention


def extract(text: str, published: date | None = None, outlet: str | None = None) -> tuple[AwardMention, ...]:
    """The award records of an article's text (headline, newline, paragraphs), in the order of the text.

    `published` completes dates without a year; `outlet` is the site's name. Pure: the same text gives the same records.
    """
    document = document_of(text, published, outlet)
    if not document.sentences or not document.entities:
        return ()
    return tuple(mentions(document, claims_in(document)))


def is_award_article(found: tuple[AwardMention, ...]) -> bool:
    """At least one record is in focus and won (or a record entered)."""
    return any(m.in_focus and m.status in ("won", "record") for m in found)


def claims_in(document: Document) -> list[Claim]:
    """What every sentence and list item claims, in order."""
    claims: list[Claim] = []
    previous: list[Claim] = []  # those of the sentence before
    for index in range(len(document.sentences)):
        previous = _claims_at(document, index, claims, previous)
        claims += previous
    return claims


def _claims_at(document: Document, index: int, claims: list[Claim], previous: list[Claim]) -> list[Claim]:
    sentence, within = document.sentences[index], document.within(index)
    if sentence.kind == "aside":
        return []
    if sentence.kind not in ("item", "row"):
        return sentence_claims(document.text, sentence, index, within, document.cues_within(index), previous)
    if sentence.heading is None or not _announces(document, sentence.heading, claims):
        return []
    return list_claims(document.text, document.sentences, index, within)


_ANNOUNCING = (
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


def _announces(document: Document, heading: int, claims: list[Claim]) -> bool:
    """Whether a line introduces winners: its paragraph or the one before names a category or a rank, or makes a claim;
    `claims` are those so far, in order.
    """
    paragraph = document.sentences[heading].paragraph
    lines = [i for i in range(max(0, heading - 5), heading + 1) if document.sentences[i].paragraph >= paragraph - 1]
    classes = {c for cue in document.cues_within(heading) for c in cue.ids}
    if classes & {"plan", "negative"}:
        return False
    words = document.text[document.sentences[lines[0]].start : document.sentences[heading].end].lower()
    return any(word in words for word in _ANNOUNCING) or (bool(claims) and claims[-1].sentence >= lines[0])
