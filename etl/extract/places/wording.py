"""How a name itself is worded: what its own words say, wherever it stands.

'Polda Jatim' mostly tells where a Polres lies, 'Pemkab' gives where 'Kabupaten' receives, and many a name of words of the
language is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.extract.judge import Clues, shared
from etl.extract.names.entities import Recipient, common_words
from etl.extract.places.survey import Survey
from etl.gazetteer import lowered


def wording_clues(article: Survey, recipient: Recipient) -> Clues:
    """What the words of a name say of it."""
    written = article.document.text[recipient.start : recipient.end]
    return _worded(written, "office" if recipient.office is not None else recipient.type)


@shared
def _worded(written: str, kind: str) -> Iterator[str]:
    words = [lowered(word) for word in written.split()]
    yield f"written:{min(5, len(words))}|{kind}"
    if len(words) > 1:
        yield f"written as:{words[0]}|{kind}"
        yield f"written end:{words[-1]}"
    common = sum(word in common_words() for word in words[1:])
    yield f"written in common words:{min(3, common)}|{kind}"
