"""Names that only their list shows: in the lines of a list, behind 'empat kecamatan, yakni', behind a name of their kind.

No table can know them. What they are, the heading above them, the words before them or the first of them says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from etl.extract.names.entities import Entity, Recipient, is_district, is_no_name, is_word
from etl.extract.patterns import one_of
from etl.extract.text import Sentence, is_labelled_run
from etl.gazetteer import lowered
from etl.model import RecipientType


def with_listed(text: str, lines: Sequence[Sentence], names: Sequence[Entity]) -> list[Entity]:
    """The names of a text and those that its lists show, in order; a place's name in a list of another kind is of that kind."""
    shown = (
        [*_labelled(text, lines), *_enumerated(text, names), *_continued(text, names), *_placed(text, names)]
        if names
        else []
    )
    kept: list[Entity] = [*_without(shown, names), *shown]
    kept.sort(key=lambda e: e.start)
    return sorted([*kept, *_listed(text, lines, kept)], key=lambda e: e.start)


def _without(shown: Sequence[Recipient], names: Sequence[Entity]) -> list[Entity]:
    ends = sorted((r.start, r.end) for r in shown)
    kept = []
    for name in names:
        at = bisect_left(ends, (name.end, 0))
        if not any(start < name.end and name.start < end for start, end in ends[max(0, at - 1) : at]):
            kept.append(name)
    return kept


# ------------------------------------------------------------------------------------------------- lists in running text

_KINDS: dict[str, tuple[str, RecipientType]] = {
    "desa": ("Desa", "village"), "kelurahan": ("Kelurahan", "village"), "nagari": ("Nagari", "village"),
    "gampong": ("Gampong", "village"), "kampung": ("Kampung", "village"), "pekon": ("Pekon", "village"),
    "kecamatan": ("Kecamatan", "agency"), "puskesmas": ("Puskesmas", "agency"), "polres": ("Polres", "police"),
    "polsek": ("Polsek", "police"), "kalurahan": ("Kalurahan", "village"), "dusun": ("Dusun", "village"),
    "jorong": ("Jorong", "village"), "distrik": ("Distrik", "agency"), "kodim": ("Kodim", "police"),
    "koramil": ("Koramil", "police"), "posyandu": ("Posyandu", "community"),
}  # fmt: skip
_INTRODUCES = re.compile(
    rf"(?P<kind>{one_of(*(rf'[{kind[0].upper()}{kind[0]}](?i:{kind[1:]})' for kind in _KINDS))})(?:nya)?\b[^.;:\n?|]{{0,60}}?"
    r"(?:,?\s+(?:yaitu|yakni|ialah|adalah|antara lain|di antaranya|meliputi|masing-masing|berturut-turut)\s+|\s*[:?]\s+)"
    r"(?=[A-Z])"
)
_ITEM = re.compile(r"[A-Z][\w'’-]*(?:[ \t]+[A-Z][\w'’-]*){0,3}")
_BESIDE = re.compile(
    r"[ \t]*(?:\([^)\n]{0,60}\)|(?:,[ \t]*(?:Kecamatan|Kec\.|Kabupaten|Kab\.|Kota)[ \t]+[A-Z]\w+(?:[ \t]+[A-Z]\w+)?))?"
)
_NEXT = re.compile(
    r"[ \t]*(?:,[ \t]*(?:dan|serta|juga|lalu|baru kemudian|kemudian|disusul)?|\b(?:dan|serta|juga)\b)[ \t]+(?=[A-Z])"
)


def _enumerated(text: str, names: Sequence[Entity]) -> Iterator[Recipient]:
    """'empat kecamatan tercepat, yaitu Gesi, Mondokan dan Tangen': each under the kind that the introduction names."""
    for match in _INTRODUCES.finditer(text):
        head, type_ = _KINDS[lowered(match["kind"])]
        items = _run(text, match.end())
        if len(items) > 1 and not any(_is_known(names, *item) for item in items):
            yield from (Recipient(start, end, type_, f"{head} {text[start:end]}") for start, end in items)


def _labelled(text: str, lines: Sequence[Sentence]) -> Iterator[Recipient]:
    """'2. Kelurahan: Kampung Manggis (Padang Panjang)': a line's name under the kind that the line itself names."""
    for line in lines:
        start = _name_start(text, line) if line.kind == "item" and line.heading is not None else None
        label = _KIND_LABEL.match(text, start, line.end) if start is not None else None
        name = _ITEM.match(text, label.end(), line.end) if label else None
        if label is not None and name is not None and not _is_no_place(name[0]):
            head, type_ = _KINDS[lowered(label["kind"])]
            written = name[0] if name[0].startswith(head) else f"{head} {name[0]}"
            yield Recipient(name.start(), name.end(), type_, written)


_KIND_LABEL = re.compile(rf"(?P<kind>(?i:{'|'.join(_KINDS)}))[ \t]*:[ \t]+(?=[A-Z])")
_GOES_ON = re.compile(
    r"(?P<head>Desa|Kelurahan|Nagari|Gampong|Kampung|Kecamatan|Puskesmas|Polres|Polsek|Kodim|RSUD)[ \t]+"
)
_AND = re.compile(r"\b(?:dan|serta)[ \t]+$")


def _continued(text: str, names: Sequence[Entity]) -> Iterator[Recipient]:
    """'Puskesmas Tuktuk Siadong, Buhit, dan Simarmata': those behind the first are of its kind, if 'dan' closes the run.

    Without it they may be an address: 'Desa Pasuruan, Penengahan, Kabupaten Lampung Selatan'.
    """
    for name in names:
        head = _GOES_ON.match(text, name.start) if isinstance(name, Recipient) else None
        step = _NEXT.match(text, name.end) if head else None
        items = _run(text, step.end()) if step else []
        if not items or not isinstance(name, Recipient) or head is None:
            continue
        if not _AND.search(text, name.end, items[-1][0]) or any(_is_known(names, *item) for item in items):
            continue
        codes = name.codes if name.type == "village" else ()
        yield from (Recipient(s, e, name.type, f"{head['head']} {text[s:e]}", codes) for s, e in items)


_PLACED = re.compile(
    r"(?<![\w’'-])(?P<name>[A-Z][\w'’-]*(?:[ \t]+[A-Z][\w'’-]*){0,3})[ \t]*(?P<by>,|\(|\bdi\b|\bdari\b|\basal\b)[ \t]*"
    r"(?P<part>(?:Kecamatan|Kec\.)[ \t])?(?=[A-Z])"
)
_OF_A_KIND = re.compile(
    r"\b(desa wisata|desa|kelurahan|nagari|gampong|kampung|pekon|gapoktan|poktan|kelompok tani|koperasi|bumdes|sanggar"
    r"|bank sampah|karang taruna|posyandu|pokdarwis|subak|kelompok wanita tani|komunitas)\b"
)
_PART_BEFORE = re.compile(r"(?:Kecamatan|Kec\.|Distrik|Kapanewon)[ \t]$")
_NEARBY = 160  # characters in which the kind of a name is looked for before it


def _placed(text: str, names: Sequence[Entity]) -> Iterator[Recipient]:
    """'Untuk kelurahan, Danaweria di Kabupaten Fakfak', 'gapoktan berprestasi terpilih Tani Mandiri dari Sukoharjo': a name
    shown by its place, of the kind that the words before it name.
    """
    places = {n.start for n in names if isinstance(n, Recipient) and n.type == "region"}
    for match in _PLACED.finditer(text, max(0, text.find("\n"))):
        name, start = match["name"], match.start()
        if match["part"] is None and match.end() not in places:
            continue
        if match["by"] == "," and text[max(0, start - 2) : start].rstrip(" ").endswith(","):
            continue
        if match["part"] is None and is_district(name):
            continue
        if text[start - 1 : start] == "(" or _PART_BEFORE.search(text, max(0, start - 12), start):
            continue  # where another name lies: 'Desa Kesongo (Tuntang, Kabupaten Semarang)'
        if any(not _is_person(n) for n in _at(names, start, match.end("name"))) or (
            is_word(name.split()[0]) and " " not in name
        ):
            continue
        kinds = _OF_A_KIND.findall(lowered(text[max(text.rfind("\n", 0, start) + 1, start - _NEARBY) : start]))
        if not kinds:
            continue
        kind = kinds[-1]
        head, type_ = _KINDS.get(kind, ("", "company" if kind in ("koperasi", "bumdes") else "community"))
        if match["part"] is not None and type_ not in ("village", "community"):
            continue
        yield Recipient(start, match.end("name"), type_, f"{head} {name}".strip())


_MOST = 30  # names of one run


def _run(text: str, position: int) -> list[tuple[int, int]]:
    """Where the names of a run stand that begins at `position`: 'A (X), B dan C'; [] if one of them is a word."""
    items: list[tuple[int, int]] = []
    while len(items) < _MOST:
        match = _ITEM.match(text, position)
        if match is None or _is_no_place(match[0]):
            return []
        items.append(match.span())
        beside = _BESIDE.match(text, match.end())
        step = _NEXT.match(text, beside.end() if beside else match.end())
        if step is None:
            break
        position = step.end()
    return items


def _is_no_place(item: str) -> bool:
    """A word of the language alone is no place's name; 'Karang Tengah' and 'Kota Bangun' are."""
    first, _, more = item.partition(" ")
    if is_district(item) or lowered(first) in _LANDSCAPE:
        return False
    return is_no_name(lowered(first)) if more else is_word(first)


_LANDSCAPE = frozenset(("sungai", "pulau", "gunung", "pasar", "kota", "pantai", "tengah", "utara", "taman", "hutan"))


def _is_known(names: Sequence[Entity], start: int, end: int) -> bool:
    """Whether a name of a run is known as something other than a bare place or person."""
    return any(
        not (isinstance(n, Recipient) and n.type in ("region", "person") and not n.typed and not n.office)
        for n in _at(names, start, end)
    )


def _is_person(name: Entity) -> bool:
    return isinstance(name, Recipient) and name.type == "person"


def _at(names: Sequence[Entity], start: int, end: int) -> Iterator[Entity]:
    """The names that lie in a span, or partly."""
    for at in range(bisect_left(names, start, key=lambda n: n.end), len(names)):
        if names[at].start >= end:
            break
        if names[at].end > start:
            yield names[at]


# ------------------------------------------------------------------------------------------------------- lines of a list

# What stands before the name in a line of a list: its number, a rank.
_BEFORE_NAME = re.compile(
    r"\s*(?:\(?(?:\d{1,3}|[a-h])[.)]+\s*|[-•–*]\s+)?(?:(?:juara|terbaik|peringkat|harapan|pemenang"
    r"|ranking)(?:\s+(?:harapan|ke-?))?\s*(?:[IVX]{1,4}|\d{1,2}|umum|pertama|kedua|ketiga)\s*[,:|–-]*\s*)?",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z][\w'’.-]*(?:[ \t]+(?:[A-Z\d][\w'’./-]*|dan|bin|binti|of))*")
_WHAT = re.compile(
    r"\b(desa wisata|desa|kelurahan|kampung|sekolah|puskesmas|kecamatan|polres|perusahaan|posyandu|rw|kelompok"
    r"|komunitas|perpustakaan|bank sampah|perumahan)\b"
)
_WHAT_TYPE: dict[str, RecipientType] = {
    "desa wisata": "village", "desa": "village", "kelurahan": "village", "kampung": "village", "sekolah": "school",
    "puskesmas": "agency",
    "kecamatan": "agency", "polres": "police", "perusahaan": "company",
}  # fmt: skip


def _listed(text: str, lines: Sequence[Sentence], names: Sequence[Entity]) -> list[Recipient]:
    """Names that begin a list item or a table row and that no table knows: what they are, the label before them or the
    heading above them says. What stands in several rows of a table is a category.
    """
    found: list[Recipient] = []
    starts = [e.start for e in names]
    often = Counter(
        (line.heading, text[start : _cell_end(text, start, line.end)])
        for line in lines
        if line.kind == "row" and (start := _name_start(text, line)) is not None
    )
    for line in lines:
        if line.kind not in ("item", "row") or line.heading is None:
            continue
        start = _name_start(text, line) if not is_labelled_run(text, line) else None
        if start is not None and often[line.heading, text[start : _cell_end(text, start, line.end)]] > 1:
            continue
        label = _LABEL.match(text, start, line.end) if start is not None and line.kind == "item" else None
        start = label.end() if label else start
        match = _NAME.match(text, start, line.end) if start is not None else None
        if match is None or len(match[0]) < 4 or (match[0].isupper() and line.kind == "row"):
            continue
        at = bisect_left(starts, match.end())
        if at and names[at - 1].end > match.start():
            continue
        above = lines[line.heading]
        said = (
            (_WHAT.search(lowered(label[0])) if label else None)
            or _WHAT.search(lowered(text[above.start : above.end]))
            or _WHAT.search(lowered(text[: max(0, text.find("\n"))]))
        )
        following = names[at] if at < len(names) and names[at].start < line.end else None
        behind = following.codes if isinstance(following, Recipient) else ()
        type_ = _WHAT_TYPE.get(said[1], "community") if said else "person"
        if type_ == "person" and (not 2 <= len(match[0].split()) <= 4 or is_no_name(match[0].split()[0].lower())):
            continue
        found.append(Recipient(match.start(), match.end(), type_, match[0].rstrip(" .,"), behind))
    return found


_LABEL = re.compile(r"[A-Z][\w/]*(?:[ \t]+[\w/]+){0,4}[ \t]*:[ \t]+(?=[A-Z])")


def _cell_end(text: str, start: int, end: int) -> int:
    bar = text.find(" | ", start, end)
    return bar if bar >= 0 else end


def _name_start(text: str, line: Sentence) -> int | None:
    """Where the name of a line begins: of a row its first cell that is no number, rank or step."""
    if line.kind == "item":
        before = _BEFORE_NAME.match(text, line.start, line.end)
        return before.end() if before else line.start
    position = line.start
    for cell in text[line.start : line.end].split(" | "):
        words = cell.strip()
        if any(c.islower() for c in words) and not _NOT_A_NAME.fullmatch(words):
            return position + len(cell) - len(cell.lstrip())
        position += len(cell) + 3
    return None


_NOT_A_NAME = re.compile(
    r"\W*(?:(?:juara|terbaik|harapan|peringkat|predikat|kategori)\b.*|[IVX]+|pratama|madya|nindya|utama|mandiri"
    r"|nasional|provinsi)\W*",
    re.IGNORECASE,
)
