"""Whether an award is an office holder's own or his government's: the clues of the model `person`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from etl import gazetteer
from etl.extract.names.entities import Recipient

if TYPE_CHECKING:
    from etl.extract.places.receivers import Line


def person_clues(line: Line, recipient: Recipient) -> Iterator[str]:
    """What speaks for the holder of an office as the receiver, and what for the government."""
    article, awards = line.article, line.awards
    yield f"named:{recipient.person is not None}"
    award = awards[0][0] if awards else None
    series = gazetteer.series().get(award.series) if award and award.series else None
    label = article.document.text[award.start : award.end] if award else ""
    personal = bool(_PERSONAL.search(label)) or (series is not None and series.kind == "decoration")
    yield f"personal:{personal}"
    yield f"series:{series.kind if series else 'unlisted' if award else 'nameless'}"
    if series is not None:
        yield f"series id:{series.id}"
        yield f"fits official:{'official' in series.recipients}|region:{'region' in series.recipients}"
    yield f"office in headline:{any(isinstance(e, Recipient) and e.office for e in article.document.within(0))}"
    region_named = any(
        isinstance(e, Recipient) and e.type == "region" and not e.office and e.codes == recipient.codes
        for e in article.document.within(0)
    )
    yield f"region in headline:{region_named}"
    text, (start, end) = article.document.text, article.document.around(line.index)
    yield f"of a person:{_OF_A_PERSON.search(text, start, end) is not None}|{personal}"
    yield f"of a government:{_OF_A_GOVERNMENT.search(text, start, end) is not None}|{personal}"
    yield f"offices:{min(3, sum(r.office is not None for r in line.recipients))}"
    if recipient.person is not None:
        yield f"person in headline:{recipient.person.split()[0] in text[: article.document.sentences[0].end]}"
    yield f"government receives:{recipient.codes in article.governments}"


_OF_A_PERSON = re.compile(
    r"\b(?:kepala daerah|pemimpin|tokoh|pembina|sosok|figur|pribadi|jasa(?:nya)?|kepemimpinan\w*|(?:bupati|wali ?kota|gubernur)"
    r"\s+(?:ter\w+|lain\w*|inovatif|peduli|pendukung)|kepadanya|dirinya|bunda|bapak|ia|pria|perempuan)\b",
    re.IGNORECASE,
)
_OF_A_GOVERNMENT = re.compile(
    r"\b(?:atas nama|(?:kota|kabupaten|daerah|provinsi|pemkab|pemkot)nya|mewakili|untuk (?:kota|kabupaten|provinsi|daerah)"
    r"|pemerintah (?:kota|kabupaten|daerah|provinsi)|pemkot|pemkab|pemprov|pemda)\b",
    re.IGNORECASE,
)


# Awards that a person receives, whoever governs what (DOMAIN.md 1; GUIDE: 'official').
_PERSONAL = re.compile(
    r"satya?lancana|satyalencana|manggala karya|pembina|tokoh|\bceo\b|nirwasita|bunda|kepala daerah|lencana"
    r"|bintang|leader"
    r"|pemimpin|bupati|wali kota|gubernur|achievement",
    re.IGNORECASE,
)
