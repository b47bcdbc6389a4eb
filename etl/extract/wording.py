"""How a name itself is worded: the clues that its own words give, wherever it stands.

'Polda Jatim' is most often whose district another lies in, 'Pemkab' gives where 'Kabupaten' receives, and 'Nagari Creative
Hub' is the contest's name as much as a village's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from etl.extract.entities import Award, Recipient, common_words
from etl.extract.judge import Clues, shared
from etl.extract.survey import Survey
from etl.gazetteer import lowered


def wording_clues(article: Survey, recipient: Recipient) -> Clues:
    """What the words of a name say of it."""
    written = article.document.text[recipient.start : recipient.end]
    return _worded(written, recipient.name, recipient.type, recipient.office is not None, _named_after(article, recipient.name))


@shared
def _worded(written: str, name: str, type_: str, office: bool, contest: bool) -> Iterator[str]:
    words = written.split()
    kind = "office" if office else type_
    yield f"written:{min(5, len(words))}|{kind}"
    if len(words) > 1:
        yield f"written as:{lowered(words[0])}|{kind}"
        yield f"written end:{lowered(words[-1])}"
    common = sum(lowered(word) in common_words() for word in words[1:])
    yield f"written in common words:{min(3, common)}|{kind}"
    if contest:
        yield f"named like an award|{kind}"


def _named_after(article: Survey, name: str) -> bool:
    """Whether the words of a name stand in an award's name."""
    own = lowered(name)
    return any(own in award for award in article.awarded) 
