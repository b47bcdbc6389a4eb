"""When two names of an award, a category or a recipient mean one thing, however outlets word them. Pure; never a headline.

Conservative: words that every award has ("Anugerah", "Award"), titles, the recipient's own region and abbreviations are
no difference, and one word of six letters or more may be typed wrongly. Numbers, level words and a different word are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from etl import gazetteer, resolve

_REMEMBERED: Final = 1 << 16
_NOT_WORDS: Final = re.compile(r"[\W_]+")
_BRACKETS: Final = re.compile(r"\([^)]*\)")
_PLACED: Final = re.compile(r"\b(?:terbaik|juara|harapan|peringkat|rangking|ranking)(?: ke)? (?:[ivx]+|\d{1,2})\b")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}

_OF_ANY_AWARD: Final = frozenset(
    "anugerah award awards penghargaan piagam piala trofi trophy lencana medali predikat gelar ajang lomba kompetisi"
    " malam tahun ke untuk atas sebagai dalam dan di the of for best terbaik tingkat nasional indonesia se".split()
)
_OF_ANY_CATEGORY: Final = frozenset(
    "kategori bidang kelompok klaster cluster kelas sub subkategori tingkat jenis dalam untuk dan the of".split()
)
_OF_ANY_RECIPIENT: Final = frozenset(
    "pemerintah pemkot pemkab pemprov pemda kabupaten kab kota provinsi prov kecamatan kec daerah di".split()
)
_TITLES: Final = frozenset(
    "h hj dr drs dra drg ir prof kh r ra rd s m st se sh sos si mm mt mh mpd spd ssos msi phd ak kp kes ap ip ma hum pd"
    " bapak ibu pak bu bupati wali walikota gubernur wakil pj plt plh pjs camat lurah kades kepala desa".split()
)
_LONG_FORMS: Final = {
    "rsud": "rumah sakit umum daerah", "rsu": "rumah sakit umum", "rs": "rumah sakit", "dinkes": "dinas kesehatan",
    "disdik": "dinas pendidikan", "disdikbud": "dinas pendidikan kebudayaan", "dlh": "dinas lingkungan hidup",
    "dlhk": "dinas lingkungan hidup kehutanan", "diskominfo": "dinas komunikasi informatika",
    "dinkominfo": "dinas komunikasi informatika", "kominfo": "komunikasi informatika",
    "disdukcapil": "dinas kependudukan pencatatan sipil", "dispendukcapil": "dinas kependudukan pencatatan sipil",
    "dukcapil": "kependudukan pencatatan sipil", "dinsos": "dinas sosial", "dishub": "dinas perhubungan",
    "disnaker": "dinas tenaga kerja", "disnakertrans": "dinas tenaga kerja transmigrasi", "dispar": "dinas pariwisata",
    "dispora": "dinas pemuda olahraga", "disperindag": "dinas perindustrian perdagangan", "distan": "dinas pertanian",
    "dpmptsp": "dinas penanaman modal pelayanan terpadu satu pintu", "dpmd": "dinas pemberdayaan masyarakat desa",
    "bapenda": "badan pendapatan daerah", "bpbd": "badan penanggulangan bencana daerah",
    "bappeda": "badan perencanaan pembangunan daerah", "bkpsdm": "badan kepegawaian pengembangan sumber daya manusia",
    "bkd": "badan kepegawaian daerah", "bpkad": "badan pengelolaan keuangan aset daerah", "setda": "sekretariat daerah",
    "satpol": "satuan polisi", "pp": "pamong praja", "smpn": "smp negeri", "sdn": "sd negeri", "sman": "sma negeri",
    "smkn": "smk negeri", "mtsn": "mts negeri", "man": "ma negeri", "min": "mi negeri", "upt": "unit pelaksana teknis",
    "pdam": "perusahaan umum daerah air minum", "perumda": "perusahaan umum daerah",
    "perumdam": "perusahaan umum daerah air minum",
    "polresta": "kepolisian resor", "polres": "kepolisian resor", "polda": "kepolisian daerah", "pkm": "puskesmas",
    "kua": "kantor urusan agama", "kejari": "kejaksaan negeri", "lpd": "lembaga perkreditan desa",
}  # fmt: skip
"""Abbreviations of the press in small letters -> what they stand for, without 'dan'."""

_OFTEN_LEFT_OUT: Final = frozenset("dr drg h hj kh prof ir umum air minum unit pelaksana teknis uptd".split())
_LEVELS: Final = frozenset(
    "pratama madya nindya utama paripurna mentor pelopor kencana padapa wiwerda wistara purwaka".split()
)
"""Words that name nothing but a level, whatever the series."""

_SHORTEST_TYPO: Final = 6
_TYPO: Final = 1


def normalised(name: str) -> str:
    """A name in lower case with single spaces for everything that is no letter or digit: how keys compare names."""
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


# -------------------------------------------------------------------------------------------------------------- core words


@lru_cache(_REMEMBERED)
def award(name: str) -> tuple[str, ...]:
    """What is left of an award's name without the words that every award has; all of it when nothing is left."""
    words = [word for word in normalised(name).split() if not _YEAR.fullmatch(word)]
    return tuple(word for word in words if word not in _OF_ANY_AWARD) or tuple(words)


@lru_cache(_REMEMBERED)
def category(name: str | None, series: str | None) -> tuple[str, ...]:
    """What a category says: nothing when it is only a level, which stands in no key."""
    said = [word for word in _PLACED.sub(" ", normalised(name or "")).split() if word not in _OF_ANY_CATEGORY]
    if " ".join(said) in _levels(series) or not set(said) - _LEVELS:
        return ()
    return tuple(_ROMAN.get(word, word) for word in said)


@lru_cache(_REMEMBERED)
def recipient(name: str, kind: str, region_code: str | None) -> tuple[str, ...]:
    """What is left of a recipient's name without brackets, titles, its region, and with abbreviations in full."""
    plain = _BRACKETS.sub(" ", name)
    person = kind in ("official", "person")
    words = normalised(plain.partition(",")[0] if person else plain).split()
    if person:
        return tuple(word for word in words if word not in _TITLES and len(word) > 1) or tuple(words)
    long = [part for word in words for part in _LONG_FORMS.get(word, word).split() if part != "dan"]
    own = _OF_ANY_RECIPIENT | _own_words(region_code)
    first = 1 if kind == "village" else 0  # 'Desa Malang' of Kabupaten Malang is named so
    kept = [word for at, word in enumerate(long) if word not in own or (kind == "village" and at <= first)]
    named = [word for word in kept if word not in _OFTEN_LEFT_OUT]
    return tuple(_ROMAN.get(word, word) for word in named) or tuple(long)


@cache
def _own_words(region_code: str | None) -> frozenset[str]:
    region = gazetteer.regions().get(region_code or "")
    return frozenset(normalised(region.base).split()) if region else frozenset()


@cache
def _levels(series: str | None) -> frozenset[str]:
    one = gazetteer.series().get(series or "")
    return frozenset(normalised(level) for level in one.levels) if one else frozenset()


@lru_cache(_REMEMBERED)
def office_only(name: str) -> bool:
    """Whether a name is that of an office, such as 'Wali Kota Mojokerto', and names no person: it means the region."""
    words = [word for word in normalised(name).split() if word not in ("kota", "kabupaten", "provinsi")]
    offices = {"wali", "walikota", "bupati", "gubernur"}
    return bool(words) and words[0] in offices and " ".join(w for w in words[1:] if w not in offices) in _bases()


@cache
def _bases() -> frozenset[str]:
    return frozenset(normalised(region.base) for region in gazetteer.regions().values())


def initials(words: Sequence[str]) -> str:
    """The first letters of the words, sorted, each once: the same however a word is typed wrongly inside."""
    return "".join(sorted({word[0] for word in words}))


# ---------------------------------------------------------------------------------------------------------------- likeness


@lru_cache(_REMEMBERED)
def same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two lists of core words differ in order and in one typing error at most."""
    left, right = sorted(set(one)), sorted(set(other))
    if left == right:
        return True
    if "".join(one) == "".join(other):
        return True  # 'Pagar Alam', 'Pagaralam'
    apart = sorted(set(left) - set(right)), sorted(set(right) - set(left))
    return len(apart[0]) == len(apart[1]) == 1 and typed_wrongly(apart[0][0], apart[1][0])


@lru_cache(_REMEMBERED)
def same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """As `same`, but with another letter it is another name; or the one is the other's name in short: first or last words."""
    short, long = sorted((one, other), key=len)
    if same(one, other):
        return (
            len("".join(one)) != len("".join(other)) or sorted(one) == sorted(other) or "".join(one) == "".join(other)
        )
    return bool(short) and len("".join(short)) >= _SHORTEST_TYPO and short in (long[: len(short)], long[-len(short) :])


def typed_wrongly(one: str, other: str) -> bool:
    """Whether two words are one word with a letter wrong, missing, too many or two swapped. Never level words or numbers."""
    if min(len(one), len(other)) < _SHORTEST_TYPO or one[0] != other[0]:
        return False
    if not (one.isalpha() and other.isalpha()) or {one, other} & resolve.level_words():
        return False
    return OSA.distance(one, other, score_cutoff=_TYPO) <= _TYPO


def clusters(
    forms: Iterable[tuple[str, ...]], alike: bool = True, persons: bool = False
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Each form -> the first in order of those that mean the same, however many steps away."""
    ordered = sorted(set(forms))
    first = {form: form for form in ordered}
    test = same_person if persons else same
    for at, form in enumerate(ordered if alike else ()):
        for other in ordered[:at]:
            if first[form] != first[other] and test(form, other):
                low, high = sorted((first[form], first[other]))
                first = {key: low if value == high else value for key, value in first.items()}
    return first
