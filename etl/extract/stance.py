"""What an article as a whole is about: awards won, nominees, awards that it only recalls, or none of these.

'Enam daerah diusulkan', 'gagal meraih', 'juri menilai' are said once, often in the headline, and hold for every name below.
The words around a name cannot tell; the words of the article can. Names of places and people teach nothing here, so only
common words count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from etl.extract import judge
from etl.extract.claims.scene import Claim
from etl.extract.document import Document
from etl.extract.judge import Clues
from etl.extract.names.entities import Award, Entity, Recipient, common_words
from etl.gazetteer import lowered

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")
_LEAD = 2  # lines, the headline among them


def chances(document: Document, claims: Sequence[Claim]) -> list[float]:
    """The chance that the article is of each of etl.extract.records.STANDINGS; 'none' when it holds no record."""
    return judge.chances("article", clues(document, claims))


def clues(document: Document, claims: Sequence[Claim]) -> tuple[Clues, ...]:
    """The common words of headline, lead, text and of the sentences that name an award, what its cues say, which frames stand
    in it, what is named in the headline and how much in the text.
    """
    lower = lowered(document.text)
    lines = lower.split("\n", _LEAD)
    title = _words(lines[0])
    return (
        Clues({*title, *(f"{one} {other}" for one, other in pairwise(title))}, "title:"),
        Clues({word for line in lines[:_LEAD] for word in _words(line)}, "lead:"),
        Clues(common_words().intersection(_WORD.findall(lower)), "text:"),
        Clues(common_words().intersection(_beside_awards(document, lower)), "beside award:"),
        Clues({class_ for cue in document.cues for class_ in cue.ids}, "has:"),
        Clues({c for cue in document.cues_within(0) for c in cue.ids}, "title has:"),
        Clues(
            {c for cue in document.cues_within(1) for c in cue.ids} if len(document.sentences) > 1 else (), "lead has:"
        ),
        Clues({clue for claim in claims for clue in _claimed(claim)}, "frame:"),
        Clues(_names(document, claims)),
    )


def _words(line: str) -> list[str]:
    known = common_words()
    return [word for word in _WORD.findall(line) if word in known]


def _beside_awards(document: Document, lower: str) -> Iterator[str]:
    """The words of the sentences that name an award."""
    for index, sentence in enumerate(document.sentences):
        if any(isinstance(e, Award) for e in document.within(index)):
            yield from _WORD.findall(lower, sentence.start, sentence.end)


def _claimed(claim: Claim) -> Iterator[str]:
    """The frame of a claim, how it is told, and how early: what counts is said in the first lines."""
    yield claim.frame
    yield f"{claim.frame}|recalled:{claim.recalled}|{claim.status}"
    yield f"{claim.frame}|sentence:{min(4, claim.sentence)}"
    yield f"award:{claim.award is not None}|sentence:{min(3, claim.sentence)}"


def _names(document: Document, claims: Sequence[Claim]) -> Iterator[str]:
    """What the headline names, and how much of it the text does."""
    title = {_kind(entity) for entity in document.within(0)}
    yield from (f"title names:{kind}" for kind in title)
    if not title & {"A", "a"}:
        yield "title names no award"
    if not any(kind.startswith("R") for kind in title):
        yield "title names no recipient"
    awards = [e.start for e in document.entities if isinstance(e, Award)]
    yield f"awards:{min(6, len(awards))}"
    first = next((n for n, s in enumerate(document.sentences) if awards and s.end > awards[0]), None)
    yield f"first award:{first if first is None else min(6, first)}"
    yield f"recipients:{min(8, len({e.name for e in document.entities if isinstance(e, Recipient)}))}"
    yield f"sentences:{min(8, len(document.sentences) // 4)}"
    yield f"claims:{min(6, len(claims))}"
    yield f"claims won:{min(6, sum(not c.recalled and c.status == 'won' for c in claims))}"


def _kind(entity: Entity) -> str:
    if isinstance(entity, Award):
        return "a" if entity.generic else "A"
    return f"R:{entity.type}" if isinstance(entity, Recipient) else "O"
