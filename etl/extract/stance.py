"""What an article as a whole is about: awards won, nominees, awards that it only recalls, or none of these.

'Enam daerah diusulkan', 'gagal meraih', 'juri menilai' are said once, often in the headline, and hold for every name below.
The words around a name cannot tell; the words of the article can. Names of places and people teach nothing here, so only
common words count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from etl.extract import judge
from etl.extract.document import Document
from etl.extract.entities import common_words
from etl.extract.judge import Clues
from etl.extract.scene import Claim
from etl.gazetteer import lowered

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")
_LEAD = 2  # lines, the headline among them


def chances(document: Document, claims: Sequence[Claim]) -> list[float]:
    """The chance that the article is of each of etl.extract.records.STANDINGS; 'none' when it holds no record."""
    return judge.chances("article", clues(document, claims))


def clues(document: Document, claims: Sequence[Claim]) -> tuple[Clues, ...]:
    """The common words of headline, lead and text, what its cues say, which frames stand in it."""
    lower = lowered(document.text)
    lines = lower.split("\n", _LEAD)
    title = _words(lines[0])
    return (
        Clues({*title, *(f"{one} {other}" for one, other in pairwise(title))}, "title:"),
        Clues({word for line in lines[:_LEAD] for word in _words(line)}, "lead:"),
        Clues(common_words().intersection(_WORD.findall(lower)), "text:"),
        Clues({class_ for cue in document.cues for class_ in cue.ids}, "has:"),
        Clues({claim.frame for claim in claims}, "frame:"),
    )


def _words(line: str) -> list[str]:
    known = common_words()
    return [word for word in _WORD.findall(line) if word in known]
