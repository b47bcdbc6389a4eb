"""Persons behind offices: 'Kepala Perwakilan BPK Sulawesi Barat Retno Widyaningrum', 'Direktur RSUD X, dr Wahyu Indrawan'.

No table lists every office. What is relied on is the order of such phrases: office, organization or region, name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.extract.details import Found
from etl.extract.entities import TITLES, Entity, Organization, Recipient

_OFFICE = (
    "Kepala|Deputi|Direktur|Direksi|Dirjen|Dirut|Sekretaris|Sekda|Sekjen|Ketua|Komandan|Panglima|Asisten|Staf|Wakil|Anggota|Pimpinan|"
    "Kapolda|Kapolres|Kapolresta|Kapolsek|Dandim|Menteri|Menko|Wamen|Inspektur|Camat|Lurah|Plt|Pj|Penjabat|Presiden|Rektor|CEO|Founder|"
    "General|Manajer|Koordinator|Kabid|Kabag|Kadis|Bunda|Gubernur|Bupati|Wali|Pemimpin|Redaktur|Komisioner|Wabup|Wagub|Kanwil|Kakanwil"
)
_BEGINS_WITH_OFFICE = re.compile(rf"\s*(?:{_OFFICE})\b")
_LEAD = re.compile(r"\s*(?:(?:oleh|langsung|secara|virtual|simbolis|sendiri)\s+)*")
_STOP = re.compile(
    r"\s(?:di|pada|kepada|dalam|saat|yang|bersama|dan|untuk|dengan|melalui|mewakili|usai|seusai|ketika|serta|serentak|selaku|atas)\s|[.;(\"“”]"
    r"|,\s*(?:Senin|Selasa|Rabu|Kamis|Jum'?at|Sabtu|Minggu|Ahad|di|dan|yang|pada)\b"
)
_NAME = re.compile(rf"\s*,?\s*{TITLES}(?P<name>[A-Z][\w'’`-]*\.?(?:\s+(?:bin\s+|binti\s+)?[A-Z][\w'’`-]*\.?){{0,4}})")
_WORD = re.compile(r"[A-Z][a-z'’`-]+|[A-Z]\.?")
# Capitalised words that end an office and begin no name.
_OFFICE_NOUNS = frozenset(
    (
        "Daerah Kabupaten Kota Provinsi Republik Indonesia Dalam Negeri Kesehatan Pusat Wilayah Nasional Umum Perwakilan "
        "Jawa Timur Barat Tengah Selatan Utara Sumatera Sulawesi Kalimantan Papua Dinas Badan Kantor Bidang Pembangunan "
        "Utama Hidup Harian Operasional "
        "Pemerintahan Perekonomian Sosial Keuangan Eksekutif Jenderal"
    ).split()
)


def person_of(entity: Entity) -> Found | None:
    """The person that an office's words name."""
    if isinstance(entity, Recipient | Organization) and entity.person and entity.person_span:
        return Found(entity.person, *entity.person_span)
    return None


def named_after(text: str, start: int, end: int, entities: Sequence[Entity]) -> Found | None:
    """The person in the phrase that begins at `start`; for a nameless head of an organization, the title itself."""
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    stop = _STOP.search(text, max(start - 1, 0), end)
    return _named_in(text, start, stop.start() if stop else end, entities) if not stop or stop.start() > start else None


def named_before(text: str, start: int, end: int, entities: Sequence[Entity]) -> Found | None:
    """The person in the phrase that ends at a verb: the clause's subject."""
    begin = start
    for match in re.finditer(
        r"[;:\"“”]|,\s(?=[a-z])|\.\s|\b(?:dan|lalu|kemudian|bahwa|karena|sementara)\s", text[start:end]
    ):
        begin = start + match.end()
    return _named_in(text, begin, end, entities)


def _named_in(text: str, start: int, end: int, entities: Sequence[Entity]) -> Found | None:
    inside = [e for e in entities if start <= e.start < end]
    for entity in reversed(inside):
        if found := person_of(entity):
            return found
    if not _BEGINS_WITH_OFFICE.match(text, start, end):
        return None
    last = max((e.end for e in inside), default=None)
    if last is not None and (behind := _NAME.match(text, last, end)):
        name = behind["name"].rstrip(".")
        return Found(name, behind.start("name"), behind.start("name") + len(name))
    if last is None and (found := _last_words(text, start, end)):
        return found
    heads = [e for e in inside if isinstance(e, Organization) and e.head]
    return Found(text[heads[0].start : heads[0].end], heads[0].start, heads[0].end) if heads else None


def _last_words(text: str, start: int, end: int) -> Found | None:
    """'Asisten Perekonomian Ferry Lumintang': up to three name words at the end of a phrase, the office's own left out."""
    comma = text.rfind(", ", start, end)
    if comma > 0 and (found := _NAME.match(text, comma, end)):
        return Found(found["name"], found.start("name"), found.end("name"))
    first = end
    for match in reversed(list(re.finditer(r"\S+", text[start:end]))[-3:]):
        if not _WORD.fullmatch(match[0]) or match[0] in _OFFICE_NOUNS or _BEGINS_WITH_OFFICE.fullmatch(match[0]):
            break
        first = start + match.start()
    value = text[first:end].strip()
    return Found(value, first, first + len(value)) if " " in value else None
