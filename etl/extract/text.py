"""An article's text -> sentences and list items with offsets. Splits; never changes a character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from etl.clean.boilerplate import DATELINE, FURNITURE, MAX_DATELINE

_ABBREVIATIONS = frozenset(
    (
        "dr drg drs dra ir h hj kh k.h tgk tgkh prof no kab kec kel prov jl jln gg st s.h s.e s.t s.p s.i s.ip s.sos "
        "s.pd s.ag s.kom s.stp m.m m.si m.h m.pd m.t m.kes m.ap m.ag m.ip m.sc ph.d sp spd m mt mm dkk dll dsb tgl "
        "thn hal rp pt cv tbk bpk sdr a b c d e f g i j k l n o p q r s t u v w x y z bk letkol kol brigjen mayjen "
        "irjen kombes akbp kompol akp"
    ).split()
)
_END = re.compile(r"[.!?](?:[\"'”’)\]]+)?(?=\s+[\"'“‘(\[]?[A-Z0-9])|\n")
_ITEM = re.compile(r"^\s*(?:\(?(?P<number>\d{1,3}|[a-h])[.)]\s+|[-•–*]\s+)")
# Lines that lead elsewhere or describe a picture; nothing they say is this article's news.
_ASIDE = re.compile(
    r"\s*(?:(?:baca|lihat|simak|tonton)\s+(?:juga|pula|berita|artikel)\b|(?:foto|video|gambar|infografis)\s*:)",
    re.IGNORECASE,
)
# 'Sumatera: Kota Pekanbaru', 'Juara I: Desa Gunung Rejo': a line of a list without a sign in front.
_LABELLED = re.compile(r"\s*[A-Z][^:.!?\"“”\n]{1,45}:\s+[A-Z0-9][^\n]{2,90}$")
# 'Kabupaten: Tulungagung, Pinrang, Sidoarjo ...': the same with any number of names, beside another such line.
_LABELLED_RUN = re.compile(
    r"\s*[A-Z][^:.!?\"“”\n]{1,60}:\s+(?:[A-Z0-9][^\n,;:.]{1,60}[,;]\s+(?:(?:dan|serta)\s+)?){2,}[A-Z0-9][^\n,;:]{1,60}$"
)
_ROW_LENGTH = 90  # characters of a line that one bar makes a table's row
_HEADING_LENGTH = 110  # characters; a longer line that ends in no full stop is a sentence cut by the page


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]`. Of a list item or table row, `heading` is the index of the line that introduces it.

    `paragraph` counts lines from 0, the headline; `number` is an item's own number.
    """

    start: int
    end: int
    kind: str  # headline, prose, heading, item, row, aside
    paragraph: int
    heading: int | None = None
    number: int | None = None


def sentences(text: str) -> list[Sentence]:
    """Every sentence in order; the first line is the headline, list items and table rows are one each."""
    lines = text.split("\n")
    kinds = _kinds(lines)
    found: list[Sentence] = []
    position, heading, waiting = 0, None, None
    for paragraph, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        start, position = position, position + len(line) + 1
        if kind in ("item", "row"):
            number = _ITEM.match(line)
            value = int(number["number"]) if number and number["number"] and number["number"].isdigit() else waiting
            found.append(Sentence(start, start + len(line), kind, paragraph, heading, value))
            waiting = None
            continue
        if kind == "number":
            waiting = int(re.sub(r"\D", "", line))
            continue
        skipped = _dateline(line) if paragraph in (1, 2) else 0
        for begin, end in ((b + skipped, e + skipped) for b, e in _split(line[skipped:])):
            found.append(Sentence(start + begin, start + end, kind, paragraph))
        if line.strip() and kind != "aside" and found:
            heading = len(found) - 1
    return found


def _kinds(lines: list[str]) -> list[str]:
    """What each line is. Of three and more short lines in a row those that announce nothing are a list without signs."""
    kinds = [_kind(line, paragraph) for paragraph, line in enumerate(lines)]
    runs = [
        n for n, line in enumerate(lines) if n and len(line) < _LONGEST and ": " in line and _LABELLED_RUN.match(line)
    ]
    for n in runs:
        if any(m in runs or (m < len(lines) and kinds[m] == "item") for m in (n - 1, n + 1)):
            kinds[n] = "item"
    start = 1
    while start < len(lines):
        end = start
        while end < len(lines) and kinds[end] in ("heading", "number", "aside"):
            end += 1
        short = [n for n in range(start, end) if kinds[n] == "heading"]
        if len(short) >= 3:
            for n in short:
                if not _ANNOUNCES.search(lines[n]):
                    kinds[n] = "item"
        start = max(end, start + 1)
    return kinds


def is_labelled_run(text: str, line: Sentence) -> bool:
    """'Kabupaten: Tulungagung, Pinrang, Sidoarjo': whether a line of a list begins with what its names are, not with one."""
    return _LABELLED_RUN.match(text[line.start : line.end]) is not None


# A short line that leads a list: it ends in a colon, is in capitals, or begins with a category, a place or a group.
_ANNOUNCES = re.compile(
    r":\s*$|^[^a-z]+$|^\W*(?i:kategori|bidang|kelompok|klaster|tingkat|predikat|nominasi|sub|daftar|berikut"
    r"|pemenang|penerima|peraih|juara|peringkat)\b[^,:]*$"
)


def _kind(line: str, paragraph: int) -> str:
    if paragraph == 0:
        return "headline"
    if _ASIDE.match(line) or (len(line) < 90 and FURNITURE.fullmatch(line.strip())):
        return "aside"
    if _NUMBER_ALONE.fullmatch(line):
        return "number"
    if line.count(" | ") > 1 or (" | " in line and len(line) < _ROW_LENGTH):
        return "row"
    if _ITEM.match(line) or _LABELLED.match(line):
        return "item"
    stripped = line.rstrip()
    if stripped.endswith(":") or (len(stripped) <= _HEADING_LENGTH and stripped[-1:].isalnum() and '"' not in stripped):
        return "heading"
    return "prose"


_NUMBER_ALONE = re.compile(r"\s*\(?\d{1,3}[.)]{1,2}\s*")


def _dateline(line: str) -> int:
    """How many characters of a line are 'Solok - '."""
    found = DATELINE.match(line)
    return found.end() if found and found.end() <= MAX_DATELINE else 0


def _split(line: str) -> list[tuple[int, int]]:
    """Where the sentences of one line begin and end."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(line):
        written = re.split(r"[\s(\"'“]", line[begin : match.start()])[-1]
        word = written.lower()
        is_acronym = len(written) > 2 and written.isalpha() and written.isupper()  # 'dari BPK.' ends, 'Bpk.' does not
        if (
            line[match.start()] == "."
            and not is_acronym
            and (word in _ABBREVIATIONS or (word.isdigit() and len(word) <= 2 and begin == match.start() - len(word)))
        ):
            continue
        spans.append((begin, match.end()))
        begin = _SPACE.match(line, match.end()).end()  # type: ignore[union-attr]  # it matches nothing, too
    if line[begin:].strip():
        spans.append((begin, len(line.rstrip())))
    return [piece for start, end in spans for piece in _pieces(line, start, end)]


def _pieces(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence, cut where it is too long to be one: what is asked of every name of a sentence must end."""
    while end - start > _LONGEST:
        cut = max(line.rfind(sign, start + _LONGEST // 2, start + _LONGEST) for sign in ("; ", ", ", " "))
        cut = cut + 1 if cut > start else start + _LONGEST
        yield start, cut
        start = cut
    yield start, end


_SPACE = re.compile(r"\s*")
_LONGEST = 1500  # characters
