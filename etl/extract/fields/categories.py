"""What an award was won in: field, size class, level, group, a title. Every phrase of a sentence that may be such a category.

Recall, no judgement: etl.extract.fields.roles weighs the phrases. Each is a `Found`, with the construction that it was found by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from etl import gazetteer
from etl.extract.fields.details import PLACE_RANK, Found, Span
from etl.extract.patterns import any_case, either, one_of
from etl.gazetteer import lowered


@cache
def _words(class_: str) -> tuple[str, ...]:
    """The words of a class of category_words.csv, a longer one before one that it begins with."""
    rows = (row["word"] for row in gazetteer.rows("category_words") if row["class"] == class_)
    return tuple(sorted(rows, key=lambda word: (-len(word), word)))


def _patterns(*classes: str) -> list[str]:
    """The words of some classes, blanks and strokes in them as wide as they come."""
    words = (word for class_ in classes for word in _words(class_))
    return [re.escape(word).replace(r"\ ", r"\s+").replace("/", r"\s*/\s*") for word in words]


def _any(*classes: str) -> str:
    """A pattern of the words of some classes."""
    return f"(?:{'|'.join(_patterns(*classes))})"


def _one_of(class_: str) -> str:
    """A pattern of the words of a class, at a word's beginning, small or capital."""
    return one_of(*either(*_words(class_)))


_CATEGORY = re.compile(_one_of("announces") + r"\s*:?\s+[\"“']?(?=(?P<value>[^\n.;:|\"”]{3,120}))")
_AS = re.compile(_one_of("as") + r"\s+[\"“']?(?=(?P<value>[^\n.;:\"”]{4,120}))")
_REASON = re.compile(one_of(*_words("reason")) + r"\s+(?=(?P<value>[^\n.;:\"”]{4,120}))")
# Where a category's phrase ends: at the next role, circumstance or verb; a list of words goes on behind its commas.
_NEXT = rf"\(|\)|\b(?:{_any('end')}|(?<!\d )tahun|di[a-z]{{4,}})\b"
_PHRASE_END = re.compile(rf"(?:,|{_NEXT})")
_LIST_END = re.compile(rf"(?:,\s+(?!(?:dan|serta)\b)(?=[^,]*$)|{_NEXT})")
# 'bidang agama, sosial, dan budaya': one category that counts out what is in it
_LISTS = re.compile(r"[a-z][a-z -]{2,30}(?:,\s+(?!dan\b|serta\b)[a-z][a-z -]{2,30})+,?\s+dan\s+[a-z]", re.IGNORECASE)
_TITLE_END = re.compile(rf"(?:,|\(|\)|\b{_any('title_end')}\b)")
# 'penghargaan pembina pasar rakyat', 'gelar Non-Litigation Peacemaker', 'trofi bidang ...': what the thing given is called.
_CALLED = re.compile(
    _one_of("given") + r"\s+(?:(?:sebagai|selaku|atas|dalam|untuk|berupa|bertajuk|dengan|pada)\s+)?[\"“']?"
    r"(?=(?P<value>(?!(?:dari|kepada|oleh|yang|ini|itu|dan|ke|di[a-z]*|tersebut|serupa|sama|lain|lainnya|pada)\b)[A-Za-z]"
    r"[^\n.;:|\"”]{3,90}))"
)
# 'kepada pendukung program Kota Sehat, yaitu R dan R': who they are that receive it
_WHOM = re.compile(
    one_of(*_words("whom")) + r"\s+(?:(?:para|sejumlah|beberapa)\s+)?(?P<value>[a-z][^\n.;:,()]{3,70}?)"
    r"(?=,?\s+(?:yaitu|yakni|antara lain|ialah|adalah)\b|:)"
)
_QUOTED = re.compile(r"[\"“](?P<value>[A-Za-z][^\n\"“”.]{3,70})[\"”]")
_FOR_WHAT = re.compile(
    one_of(*_words("for"))
    + r"\s+(?:kategori\s+|bidang\s+|hal\s+)?(?=(?P<value>(?!(?:me|di|ber|ter|men|mem)[a-z]{3,}|kali\b|tahun\b)"
    r"[a-zA-Z][^\n.;:,\"”()]{3,90}))"
)
# 'sajian pecel pincuk terbanyak': what a record is held in.
_RECORD = re.compile(rf"\b(?P<value>(?:[A-Za-z][\w'-]*\s+){{1,6}}{_any('most')})\b")
_CAPITALS = re.compile(
    r"[A-Z](?<![\w-].)[\w&'/-]+(?:\s+(?:(?:dan|of|for|the|in|and|to|dengan|atas)\s+)*[A-Z][\w&'/-]+){1,7}"
)
_CLASS = re.compile(
    one_of(*either("kota", "kabupaten", "provinsi", "daerah"))
    + rf"\s+(?:{'|'.join(either(*_words('size')))}|[Tt]er[a-z]+)(?:\s+[Tt]erbaik)?\b"
)
_TITLE = re.compile(
    r"[A-Z](?<!\w.)[\w/&-]*\s+(?:(?:dan|dalam|atas|dengan)\s+)?"
    rf"(?:[A-Z][\w/&-]*\s+(?:(?:dan|dalam|atas|dengan)\s+)?){{0,5}}{_any('title')}(?!\w)"
    r"(?:\s+(?:[A-Z][\w/-]*\s*){1,5})?"
)
# 'tingkat Provinsi Jawa Timur', 'se-Jawa Timur': the stage of a contest
_STAGE = re.compile(
    r"[Ss](?<!\w.)e-\s?[A-Z]\w+(?:\s+[A-Z]\w+){0,3}"
    r"|[Tt](?<!\w.)ingkat\s+(?:[Nn]asional|[Pp]rovinsi(?:\s+[A-Z]\w+(?:\s+[A-Z]\w+){0,2})?"
    r"|[Kk]abupaten\s+[A-Z]\w+(?:\s+[A-Z]\w+){0,2}|[Kk]ota\s+[A-Z]\w+(?:\s+[A-Z]\w+)?|SD|SMP|SMA|polda|polres"
    r"|polsek|desa|kelurahan|kecamatan|kabupaten/kota|kabupaten|kota|[A-Z]\w+(?:\s+[A-Z]\w+){0,3})"
)
# 'juara I pembina lingkungan', 'peringkat kedua untuk kelompok A': what a rank is in.
_BEHIND_RANK = re.compile(
    r",?\s+(?:(?:untuk|pada|dalam|di|se)\s+)?(?:(?:kategori|bidang|lomba|cabang|nomor|klaster|kelompok)\s+)?[\"“']?"
    r"(?P<value>(?!(?:dari|kepada|oleh|yang|ini|itu|dan|serta|ke|sebagai|di[a-z]{4,}|me[a-z]{5,}|tersebut|adalah|ialah|jatuh)\b)"
    r"[A-Za-z][^\n.;:|,\"”()]{2,90})"
)
_TITLE_WORD = re.compile(r"\b(?:terbaik|berprestasi|terinovatif|inovatif|berkinerja|teladan|terpuji)\b", re.IGNORECASE)


def categories_in(
    text: str, span: Span, names: Sequence[Span] = (), listed: bool = False, awards: Sequence[Span] = ()
) -> list[tuple[Found, str]]:
    """Every phrase of a span that may name a category, with what introduces it. None holds a name that others have:
    `names` are where recipients and organizations of the span stand, in order, `awards` where awards of the catalogue do;
    `listed` says whether it is an item or a row.
    """
    words = text[span[0] : span[1]]
    made: list[tuple[Found | None, str]] = [(_phrase(text, m), "kategori") for m in _CATEGORY.finditer(text, *span)]
    made += [
        (_phrase(text, m, _LIST_END), "kategori, list")
        for m in _CATEGORY.finditer(text, *span)
        if _LISTS.match(m["value"])
    ]
    made += [(_phrase(text, m, _TITLE_END), "sebagai") for m in _AS.finditer(text, *span)]
    made += [(_phrase(text, m), "atas") for m in _REASON.finditer(text, *span)]
    made += [(_whole(m), "class") for m in _CLASS.finditer(text, *span)]
    if any(title in words for title in _words("title")):
        made += [(_whole(m, None), "title") for m in _TITLE.finditer(text, *span)]
    stages = [(_whole(m), "stage") for m in _STAGE.finditer(text, *span)]
    made += [(_phrase(text, m), "untuk") for m in _FOR_WHAT.finditer(text, *span)]
    if any(most in words for most in _words("most")):
        made += [(_whole_value(m), "record") for m in _RECORD.finditer(text, *span)]
    made += [(_phrase(text, m), "called") for m in _CALLED.finditer(text, *span)]
    made += [(_whole_value(m), "whom") for m in _WHOM.finditer(text, *span)]
    made += [(_phrase(text, m, _NEVER), "quoted") for m in _QUOTED.finditer(text, *span)]
    found: dict[Span, tuple[Found, str]] = {}
    kept = [(_before_names(value, names, kind) if value else None, kind) for value, kind in made]
    if awards:
        kept = [(_before_names(value, awards, "") if value else None, kind) for value, kind in kept]
    kept += [*stages, *_kinds_of_winners(text, span), *_pieces(text, span, names, listed)]
    kept += [(_whole(m, " .,"), "capitals") for m in _CAPITALS.finditer(text, *span)]
    for value, kind in kept:
        if value is None or not (may_be(value.value) or (kind in _TITLED and _OFFICE.match(value.value))):
            continue
        if kind.startswith(("kind", "stage")) or not _is_level(value.value):
            found.setdefault((value.start, value.end), (value, kind))
        elif kind in _OF_STEPS and not _SAYS_STEP.match(value.value):
            found.setdefault((value.start, value.end), (value, f"step {kind}"))
    return list(found.values())


def behind_rank(text: str, end: int, until: int, names: Sequence[Span]) -> Found | None:
    """What a rank that ends at `end` is in, as the words behind it say up to the next name."""
    match = _BEHIND_RANK.match(text, end, until)
    value = _phrase(text, match) if match else None
    value = _before_names(value, names, "untuk") if value else None
    return value if value is not None and (may_be(value.value) or _OFFICE.match(value.value)) else None


def announced(text: str, span: Span) -> list[Found]:
    """The categories of a span that a word announces ('kategori', 'bidang'), in the order of the text."""
    found = (_phrase(text, match) for match in _CATEGORY.finditer(text, *span))
    return [value for value in found if value is not None and may_be(value.value) and not _is_level(value.value)]


def may_be(value: str) -> bool:
    """Whether a phrase may name a category: no place alone, no day, sum or act."""
    return not (
        PLACE_RANK.fullmatch(value)
        or _NO_BEGINNING.match(value)
        or _NO_END.search(value)
        or _DAY_OR_SUM.search(value)
        or ("/" in value and _FRACTION.search(value))
    )


# 'peringkat ketiga UHC Award Kategori Utama': a step of a scale is the category of a record that has a place in it.
_OF_STEPS = frozenset(("kategori", "called", "piece ^:", "piece (:", "piece ()"))
# 'kategori Kepala Daerah Pendukung Zakat', 'dinobatkan sebagai Bupati Inspiratif', 'Kepala SMP: R'
_TITLED = frozenset(("kategori", "sebagai", "behind rank", "piece ^:", "piece ^R", "piece ;R", "piece ^verb"))
_OFFICE = re.compile(_any("office") + r"\s+[A-Za-z]+(?:\s+[A-Za-z]+)*$", re.IGNORECASE)
_SAYS_STEP = re.compile(r"(?:kategori|predikat|tingkat|level|peringkat|kelas|klasifikasi|penghargaan)\s", re.IGNORECASE)


_NEVER = re.compile(r"(?!)")
# Names and words that may stand behind the phrase but are none of its words.
_LOOSE_END = re.compile(
    r"[\s,–-]+(?:dan|serta|atau|hingga|ke|di|untuk|bagi|kepada|oleh|dari)?$|\s+(?:dan|serta|atau|hingga|ke|di|untuk|bagi|kepada|oleh|dari)\s*$"
)


def _before_names(found: Found, names: Sequence[Span], kind: str) -> Found | None:
    """A phrase up to the first name in it; one that begins with a name is whole, or none if it is only told for whom."""
    if kind in ("untuk", "called", "whom") and any(start == found.start for start, _ in names):
        return None
    first = next((start for start, _ in names if found.start < start < found.end), None)
    if first is None:
        return found
    value = _LOOSE_END.sub("", found.value[: first - found.start].rstrip())
    return Found(value, found.start, found.start + len(value)) if len(value) > 2 else None


@cache
def _steps() -> re.Pattern[str]:
    """A step of a scale, with or without a word that says so: 'Kategori Madya', 'predikat Utama'."""
    levels = {row["form"] for row in gazetteer.rows("levels") if row["class"] in ("level", "medal", "stage", "zone")}
    levels |= {lowered(level) for series in gazetteer.series().values() for level in series.levels}
    steps = "|".join(re.escape(level) for level in sorted(levels, key=lambda w: (-len(w), w)))
    return re.compile(
        rf"(?:(?:kategori|predikat|tingkat|level|peringkat|strata|kelas|klasifikasi|kualifikasi|penghargaan)\s+)*(?:{steps})",
        re.IGNORECASE,
    )


def _is_level(value: str) -> bool:
    return len(value) < 40 and _steps().fullmatch(value) is not None


# ------------------------------------------------------------------------------------------------- what a clause begins with


def _pieces(text: str, span: Span, names: Sequence[Span], listed: bool) -> Iterator[tuple[Found, str]]:
    """What stands at the beginning of a clause, item or bracket, up to the winner's name or the verb: 'Bank sampah: R',
    'Pelayanan publik menjadi jatah R', 'R (metropolitan)', 'inisiasi awal ekonomi sirkular ke R'; what a clause is about
    ('Untuk OPD provinsi, terbaik pertama R') or how many they are ('Empat perintis lingkungan: R dan R').
    """
    if not names:
        return
    for match in _PIECE.finditer(text[span[0] : span[1]]):
        start, end = span[0] + match.start("value"), span[0] + match.end("value")
        opened, closed = (match["open"] or "^").strip(), (match["close"] or "$").strip()
        closed = closed if len(closed) == 1 else "verb"
        first = next(((a, b) for a, b in names if a < end and b > start), None)
        if first is not None and first[0] <= start:
            if match["topic"] and closed in ",:" and first == (start, end):
                yield Found(text[start:end], start, end), "topic, a name"  # 'Untuk Kabupaten Siak, juara I ialah ...'
            continue
        if first is not None:
            end, closed = first[0], "R"
        value = _LOOSE_END.sub("", text[start:end].rstrip())
        if match["count"]:
            value = _POINTING_END.sub("", value)
        if _ACT.match(value) or len(value) < 3 or value.count(" ") > 9:
            continue
        made = Found(value, start, start + len(value))
        if match["topic"]:
            yield made, f"topic {closed}"
        elif match["count"]:
            yield made, f"counted {closed}"
        elif listed or closed not in ",$." or opened not in ",^":
            yield made, f"piece {opened}{closed}"


_POINTING_END = re.compile(r"\s+(?:yang\b.*|itu|tersebut|ini|lain|lainnya)$")
_ACT = re.compile(
    r"(?:di[a-z]{4,}|me(?!nengah|tro|muaskan)[a-z]{5,}|ber(?!prestasi|jasa|kinerja)[a-z]{4,}|dari|laporan|oleh|yang|yaitu|yakni|antara)\b",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"(?:^|(?P<open>[;:,(|]|\s[–-]\s)\s*)(?:[-–•*]\s+|\d{1,2}[.)]\s+)?"
    r"(?:(?:dan|serta|[Ll]alu|kemudian|[Ss]edangkan|[Ss]ementara|[Aa]dapun|giliran|lewat)\s+){0,2}"
    rf"(?P<topic>(?:{'|'.join(either(*_words('topic')))})\s+)?(?P<count>(?:{'|'.join(either(*_words('counts')))}|\d{{1,3}})\s+)?"
    r"(?P<value>[A-Za-z0-9][\w/&'’ -]{2,90}?)\s*"
    r"(?=(?P<close>$|[;:,()|.\n]|(?<=\s)(?:[–-]\s|(?:jatuh|ke|di[a-z]{3,}|menjadi|adalah|ialah|yakni|yaitu|milik|masing-masing"
    r"|me[a-z]{4,})\b)))"
)


def _kinds_of_winners(text: str, span: Span) -> Iterator[tuple[Found, str]]:
    """'sepuluh besar kabupaten', 'kelompok kota', 'provinsi terbaik': the kind of those who compete, as a class of its own."""
    for pattern, kind in ((_KIND, "kind behind"), (_BEST_OF, "kind before")):
        for match in pattern.finditer(text, *span):
            words = re.sub(r"\s+", " ", match["kind"])
            yield Found(_FULL.get(words, words), *match.span("kind")), kind


def kind_of(name: str, codes: Sequence[str]) -> str | None:
    """The kind of those who compete that a name's own words, else its region, tell: 'kelurahan', 'kota'."""
    match = _OWN.match(name)
    if match:
        return _FULL.get(match[0].lower(), match[0].lower())
    return gazetteer.regions()[codes[0]].kind if len(codes) == 1 and codes[0] in gazetteer.regions() else None


# 'pemkot terbaik': a kind by its short name
_FULL = {row["word"]: row["value"] for row in gazetteer.rows("category_words") if row["class"] == "kind_short"}
KIND_OF_WORD = {
    row["word"].lower(): row["value"]
    for row in gazetteer.rows("category_words")
    if row["class"] in ("kind", "speaks_of") and row["value"]
}
"""Words of a category -> the kind of recipients, or of regions, that it speaks of."""
_KIND_WORD = one_of(rf"pemerintah\s+{_any('kind', 'kind_short')}", *_patterns("kind", "kind_short"))
_OWN = re.compile(_KIND_WORD + r"(?!\w)", re.IGNORECASE)
_KIND = re.compile(one_of(*_words("before_kind")) + rf"\s+(?P<kind>{_KIND_WORD})(?!\w|/|\s+[A-Z(])")
_BEST_OF = re.compile(rf"(?P<kind>{_KIND_WORD})\s+{_any('behind_kind')}\b")


# ------------------------------------------------------------------------------------------------------ headings and titles


def category_near(text: str, span: Span, anchor: int) -> Found | None:
    """'kategori Kota Kecil', 'bidang Kesehatan': the nearest one's phrase."""
    found = [_phrase(text, m) for m in _CATEGORY.finditer(text, *span)]
    return min((f for f in found if f), key=lambda f: abs(f.start - anchor), default=None)


def heading_category(text: str, span: Span) -> Found | None:
    """The category that a list's heading names: 'Kategori Kota Kecil:', or the heading itself when it is short."""
    named = category_near(text, span, span[0])
    if named is not None:
        return named
    words = text[span[0] : span[1]].strip().rstrip(":").strip()
    is_label = len(words) <= 60 and not re.search(
        r"\b(?:berikut|daftar|yakni|yaitu|antara lain|pemenang|penerima)\b", words, re.IGNORECASE
    )
    start = text.index(words, span[0]) if words else 0
    words = re.sub(r"\s*\([^)]*\)$", "", words)
    return Found(words, start, start + len(words)) if words and is_label and not words.endswith(".") else None


def title_in_name(text: str, start: int, end: int) -> Found | None:
    """'TPID Provinsi Terbaik 2013' names a series and says the title won: the title is the category, whole."""
    value = re.sub(r"\s+(?:[Tt]ahun\s+)?(?:19|20)\d\d$", "", text[start:end])
    return Found(value, start, start + len(value)) if _TITLE_WORD.search(value) else None


def _phrase(text: str, match: re.Match[str], until: re.Pattern[str] | None = None) -> Found | None:
    start, end = match.span("value")
    stop = (until or _PHRASE_END).search(text, start + 2, end)
    value = text[start : stop.start()].rstrip() if stop else text[start:end]
    value = value.strip(" ,-")
    value = re.sub(r"\s+\d{4}$", "", value)
    return Found(value, start, start + len(value)) if len(value) > 2 else None


def _whole_value(match: re.Match[str]) -> Found:
    return Found(match["value"].rstrip(), match.start("value"), match.start("value") + len(match["value"].rstrip()))


def _whole(match: re.Match[str], without: str | None = "") -> Found:
    """All that a pattern matched, without signs (None: blanks) at its end."""
    value = match[0].rstrip(without)
    return Found(value, match.start(), match.start() + len(value))


# A bare function word or level, a date, the beginning of a sentence, an act: no category.
_NO_BEGINNING = re.compile(
    rf"{_any('never')}$|{_any('never_first', 'office')}\b"
    r"|(?:penghargaan|piagam|predikat|piala) (?:serupa|itu|ini|tersebut|yang sama)"
    r"|(?:se)?(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)\s+(?!tahun berturut)"
    r"|(?:ke)?(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|pertama)(?:nya|\s+kali)"
    r"|(?:Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember)\b"
    r"|(?:pada|tahun) (?:19|20)\d\d\b|\W*$|[IVX]+ |[\d.,]+$",
    re.IGNORECASE,
)
_NO_END = re.compile(rf"(?:{one_of(*any_case(*_words('never_last')))}|\w(?<=\w\w)\s\w)$")
_DAY_OR_SUM = re.compile(
    one_of(
        *(rf"{day}\b" for day in any_case("Senin", "Selasa", "Rabu", "Kamis", "Jum'?at", "Sabtu", "Minggu")),
        r"\d\d? (?i:(?:Jan|Feb|Mar|Apr|Mei|Jun|Jul|Agu|Aug|Sep|Okt|Nov|Des)[a-z]*)\b",
        *any_case("Rp"),
    )
)
_FRACTION = re.compile(r"\d/\d")
