"""Which of the regions that bear one name is meant, kota, kabupaten or province: by the words of its sentence, its list, its
article. Where nothing tells, the name stays open (several `codes`); never guesses.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from etl import gazetteer, resolve
from etl.extract.names.entities import Entity, Recipient
from etl.extract.text import Sentence
from etl.gazetteer import lowered


def with_kinds(text: str, lines: Sequence[Sentence], names: Sequence[Entity]) -> list[Entity]:
    """The names of a text; of bare regions with namesakes those that the text tells are the one meant."""
    bare = {e.start: codes for e in names if isinstance(e, Recipient) and len(codes := _namesakes(text, e)) > 1}
    if not bare:
        return list(names)
    starts = [line.start for line in lines]
    told: dict[int, Recipient] = {}
    for entity in names:
        if isinstance(entity, Recipient) and entity.start in bare:
            at = bisect_right(starts, entity.start) - 1
            if at >= 0 and (kind := kind_told(text, lines, at, entity.start, entity.end)):
                told[entity.start] = _meant(entity, bare[entity.start], kind)
    for name in (*_beside_namesake(lines, names, bare), *_among_provinces(text, names, bare)):
        told.setdefault(name.start, name)
    first = [told.get(e.start, e) if isinstance(e, Recipient) else e for e in names]
    return _by_article(text, first, {s: c for s, c in bare.items() if s not in told or len(told[s].codes) > 1})


def _namesakes(text: str, name: Recipient) -> tuple[str, ...]:
    """All regions that a bare name can mean, also those that the article seems to rule out."""
    if name.type != "region" or name.office is not None or name.typed or not name.codes:
        return ()
    if text[name.start : name.end] != name.name.partition(" ")[2] and len(name.codes) < 2:
        return ()  # an alias or a capital town
    return resolve.namesakes(name.codes, text[name.start : name.end])


def _meant(name: Recipient, codes: Sequence[str], kind: str) -> Recipient:
    """A bare name as the region of a kind, if one bears it."""
    known = gazetteer.regions()
    fitting = tuple(code for code in codes if known[code].kind == kind)
    return replace(name, codes=fitting, name=known[fitting[0]].name) if len(fitting) == 1 else name


# ------------------------------------------------------------------------------------------------ by the words around it

_KIND = r"(?:(?:pemerintah\s+)?(?P<{0}kind>kota|kabupaten|provinsi)|pem(?P<{0}short>kot|kab|prov))"
_SIZES = r"besar|sedang|kecil|menengah|metropolitan|se-|ter"
_NO_KIND = rf"(?!\s*(?:/|dan\b|atau\b|maupun\b|itu\b|ini\b|tersebut\b|lain)|-\w|\s+(?!(?i:{_SIZES}))[A-Z])"
_COUNTS = r"dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|\d+|besar"
# 'kategori kota', 'kelompok pemkot', 'sepuluh kota', 'Kabupaten terbaik ialah', 'Kota: '
_GROUP = re.compile(
    rf"\b(?i:(?:kategori|kelompok|jajaran|jenjang|klaster|golongan|lingkup|unsur|urutan|untuk|tingkat|level|{_COUNTS})\s+"
    rf"{_KIND.format('of_')}s?)\b{_NO_KIND}"
    rf"|(?<![\w/-])(?i:{_KIND.format('')}(?=\s*:|\s*,\s|\s+(?:terbaik|berkinerja|berprestasi|{_SIZES}|adalah|ialah|yakni|yaitu)))"
)
# Behind the names: 'A, B dan C untuk klaster kabupaten'.
_BEHIND = re.compile(
    rf"\b(?i:(?:untuk|di|pada|dalam|kategori|dari)\s+(?:kategori|kelompok|klaster|jajaran|golongan|tingkat)\s+"
    rf"{_KIND.format('')})\b{_NO_KIND}"
)
_KINDS = {"kot": "kota", "kab": "kabupaten", "prov": "provinsi"}
_WORDS = ("kota", "kabupaten", "provinsi", "pemkot", "pemkab", "pemprov")


def kind_told(text: str, lines: Sequence[Sentence], index: int, start: int, end: int) -> str | None:
    """The kind that a sentence names for the names in it: the group before, in the same clause, else behind, else the
    list's heading, else the group that the paragraph began with.
    """
    line = lines[index]
    if not _speaks(text, line):
        return _above(text, lines, index)
    before = list(_GROUP.finditer(text, line.start, start))
    clause = text.rfind(";", line.start, start) + 1 or line.start
    if before and before[-1].start() >= clause:
        return _kind_of(before[-1])
    closes = text.find(";", end, line.end)
    behind = _BEHIND.search(text, end, closes if closes >= 0 else line.end)
    if behind is not None:
        return _kind_of(behind)
    return _kind_of(before[-1]) if before else _above(text, lines, index)


def _speaks(text: str, line: Sentence) -> bool:
    words = lowered(text[line.start : line.end])
    return any(word in words for word in _WORDS)


def _above(text: str, lines: Sequence[Sentence], index: int) -> str | None:
    """The kind that the heading of a list names, or the last group of a paragraph that a sentence goes on with."""
    line = lines[index]
    if line.heading is not None:
        heading = lines[line.heading]
        kinds = {lowered(m[0]) for m in _ANY.finditer(text, heading.start, heading.end)}
        return kinds.pop() if len(kinds) == 1 else None
    if line.kind != "prose" or not index or lines[index - 1].paragraph != line.paragraph:
        return None
    last = list(_GROUP.finditer(text, lines[index - 1].start, lines[index - 1].end))
    return _kind_of(last[-1]) if last else None


_ANY = re.compile(r"\b(?:kota|kabupaten|provinsi)\b", re.IGNORECASE)


def _kind_of(found: re.Match[str]) -> str:
    groups = found.groupdict()
    kind = next((groups[g] for g in ("kind", "of_kind") if groups.get(g)), None)
    short = next((groups[g] for g in ("short", "of_short") if groups.get(g)), None)
    return lowered(kind) if kind else _KINDS[lowered(short or "")]


# ------------------------------------------------------------------------------------------------------ by its neighbours


def _beside_namesake(
    lines: Sequence[Sentence], names: Sequence[Entity], bare: dict[int, tuple[str, ...]]
) -> Iterator[Recipient]:
    """'4. Cirebon', '5. Kota Cirebon': of two that bear one name in a list the bare one is the other."""
    known = gazetteer.regions()
    starts = [line.start for line in lines]
    typed: defaultdict[tuple[int | None, str], set[str]] = defaultdict(set)
    places: list[tuple[Recipient, tuple[int | None, str]]] = []
    for name in names:
        if not isinstance(name, Recipient) or name.type != "region" or name.office or not name.codes:
            continue
        line = lines[max(0, bisect_right(starts, name.start) - 1)]
        if line.kind not in ("item", "row"):
            continue
        key = line.heading, known[name.codes[0]].base
        if name.typed:
            typed[key].update(name.codes)
        elif name.start in bare:
            places.append((name, key))
    for name, key in places:
        left = [c for c in bare[name.start] if c not in typed[key] and known[c].kind != "provinsi"]
        if len(typed[key]) == 1 and len(left) == 1:
            yield replace(name, codes=(left[0],), name=known[left[0]].name)


def _among_provinces(text: str, names: Sequence[Entity], bare: dict[int, tuple[str, ...]]) -> Iterator[Recipient]:
    """'Jawa Barat, Jambi dan Sumatera Barat': a bare name beside a province in a run of names is one."""
    places = [e for e in names if isinstance(e, Recipient) and e.type == "region"]
    for one, other in pairwise(places):
        if one.office is not None or _JOINT.fullmatch(text, one.end, other.start) is None:
            continue
        for name, beside in ((one, other), (other, one)):
            if name.start in bare and len(beside.codes) == 1 and "." not in beside.codes[0]:
                yield _meant(name, bare[name.start], "provinsi")


_JOINT = re.compile(r"\s*,\s*(?:(?:dan|serta)\s+)?|\s+(?:dan|serta)\s+")


# -------------------------------------------------------------------------------------------------------- by the article

_OFFICES = re.compile(
    r"\b(?:(?P<kota>[Ww]ali ?[Kk]ota|Pemkot|Wawali)|(?P<kabupaten>[Bb]upati|Pemkab|Wabup))\b(?!\s+dan\b)"
)


def _by_article(text: str, names: Sequence[Entity], open_: dict[int, tuple[str, ...]]) -> list[Entity]:
    """What is still open means what the article means by that name elsewhere, if it does so in one way; the name that the
    article is about, whose head or government it speaks of without a name.
    """
    known = gazetteer.regions()
    if not open_:
        return list(names)
    meant: defaultdict[str, set[str]] = defaultdict(set)
    often: Counter[str] = Counter()
    for name in names:
        if isinstance(name, Recipient) and name.type == "region" and name.codes:
            base = known[name.codes[0]].base
            often[base] += 1
            if len(name.codes) == 1 and name.start not in open_:
                meant[base].add(name.codes[0])
    home = often.most_common(1)[0][0] if often else None
    kind = _governed(text, names)
    settled: list[Entity] = []
    for entity in names:
        if not isinstance(entity, Recipient) or entity.start not in open_:
            settled.append(entity)
            continue
        base = known[entity.codes[0]].base
        if base == home and kind is not None and any(known[c].kind == kind for c in open_[entity.start]):
            settled.append(_meant(entity, open_[entity.start], kind))
        elif len(codes := meant[base] & set(open_[entity.start])) == 1:
            (code,) = codes
            settled.append(replace(entity, codes=(code,), name=known[code].name))
        else:
            settled.append(entity)
    return settled


def _governed(text: str, names: Sequence[Entity]) -> str | None:
    """The kind of region whose head or government the article names without its region, if it is one."""
    named = {e.start for e in names if isinstance(e, Recipient) and e.type == "region" and _names_its_region(e)}
    kinds = {m.lastgroup for m in _OFFICES.finditer(text) if m.start() not in named}
    return kinds.pop() if len(kinds) == 1 else None


def _names_its_region(name: Recipient) -> bool:
    """'Wali Kota Tegal Dedy Yon' does, 'Wali Kota Dedy Yon' does not."""
    return name.office is None or gazetteer.regions()[name.codes[0]].base in name.office
