"""Names that only tell where another one is: 'Desa X, Penengahan, Kabupaten Y', 'Siti asal Kota Z'."""

from __future__ import annotations

import re
from typing import Literal

from etl.extract.names.entities import Recipient
from etl.extract.places.survey import Survey


def address_of(article: Survey, recipient: Recipient) -> str | None:
    """The kind of the name whose place another only tells: 'Desa X, Penengahan, Kabupaten Y', 'Siti asal Kota Z',
    'Bank Sampah A, Kelurahan B', 'Hotel C, Kuningan'.
    """
    found = whose_address(article, recipient)
    return found.type if isinstance(found, Recipient) else found


def whose_address(article: Survey, recipient: Recipient) -> Recipient | Literal["venue"] | None:
    """Whose place a name tells; 'venue' if a house's."""
    part = _PART.match(recipient.name)
    if not (recipient.type == "region" or part) or recipient.office is not None:
        return None
    text = article.document.text
    start = max(0, recipient.start - 70)
    if not text[start : recipient.start].rstrip().endswith(_ADDRESS_ENDS):
        return None
    if _VENUE.search(text, start, recipient.start):
        return "venue"
    match = _ADDRESS.search(text, start, recipient.start)
    if match is None:
        return None
    ends = article.document.recipient_ends
    head = ends.get(match.start()) or ends.get(match.start() + 1)
    if head is None or (head.type == "region" and head.office is None and not _lies_in(head, recipient)):
        return None
    if part and (head.type == "region" or (recipient.type == head.type and not _SMALLER.match(head.name))):
        return None  # two villages of one list
    return head


_PART = re.compile(r"(?:Desa|Kelurahan|Kalurahan|Nagari|Kampung|Gampong|Pekon|Kecamatan|Kapanewon|Distrik)\b")
_SMALLER = re.compile(r"(?:Dusun|Padukuhan|RW|RT|Jorong|Kampung KB|Banjar|Lingkungan)\b")
_VENUE = re.compile(
    r"\b(?:Hotel|Gedung|Auditorium|Aula|Ballroom|Pendopo|Pendapa|Plaza|Istana|Kantor|Convention|Lapangan|Alun-alun|Stadion"
    r"|Jalan|Jl\.|Menara|Graha|Balairung|Grand)\b[^,.;\n]{0,40},\s*(?:[A-Z]\w+(?:\s[A-Z]\w+)?,\s*)?$"
)


def _lies_in(part: Recipient, whole: Recipient) -> bool:
    return bool(part.codes) and bool(whole.codes) and all(c.startswith(f"{whole.codes[0]}.") for c in part.codes)


_ADDRESS = re.compile(
    r"(?:\s*,\s+(?:[a-z]+\s+){0,4}(?:asal|dari|di|warga)\s+|\s*,(?:\s*(?:Kecamatan|Kec\.|Distrik|Desa|Kelurahan|Nagari)?\s*[A-Z]\w+(?:\s+[A-Z]\w+){0,2}\s*,){0,3}\s*"
    r"|\s*\(|\s*,?\s+(?:dari|asal|di)\s+(?:[A-Z]\w+(?:\s+[A-Z]\w+){0,2}\s*,\s*){0,2})$"
)
_ADDRESS_ENDS = (",", "(", "dari", "asal", "di", "warga")
