"""Phrases that have the form of an award's name: 'Anugerah X', 'X Award', 'lomba kampung bersih', 'Guru Berprestasi'.

Finds them by their words alone; etl.extract.names.award_names weighs whether they are names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from etl.extract.patterns import either, one_of
from etl.gazetteer import lowered


class Form(NamedTuple):
    """`text[start:end]` looks like an award's name, by `kind`: its noun ('noun'), a contest's ('contest'), a title ('role')."""

    start: int
    end: int
    kind: str


def forms(text: str, stops: Collection[str]) -> Iterator[Form]:
    """Every phrase of such a form, in no order; they may overlap. `stops`: words that end a run of capitalised ones."""
    if _NOUN.search(text):
        yield from _by_noun(text, stops)
    for match in _CONTEST.finditer(text):
        rest = match["rest"].split()
        if len(rest) > 1 or rest[0][0].isupper():
            yield Form(match.start(), match.end(), "contest")
    lower = lowered(text)
    for match in _ROLE.finditer(text) if any(rank in lower for rank in _RANKS) else ():
        yield Form(match.start(), match.end(), "role")


def may_name(text: str, lower: str) -> bool:
    """Whether a text has any word of these forms."""
    return _NOUN.search(text) is not None or _CONTEST.search(text) is not None or any(rank in lower for rank in _RANKS)


def _by_noun(text: str, stops: Collection[str]) -> Iterator[Form]:
    pattern = _EITHER if any(noun in text for noun in _NOUNS_BEHIND) else _BEHIND_ONLY
    for match in pattern.finditer(text):
        words = list(_WORD.finditer(text, match.start(), match.end()))
        ends = [n for n, w in enumerate(words) if lowered(w[0]) in stops and lowered(w[0]) not in _IN_NAMES]
        if match["rest"] is None:  # 'X Award': the name is what leads up to the noun; else what follows it
            words = words[max((n + 1 for n in ends), default=0) :]
        else:
            words = words[: next((n for n in ends if n), len(words))]
        if len(words) > 1:
            yield Form(words[0].start(), words[-1].end(), "noun")


_WORD = re.compile(r"\S+")
_NOUN = re.compile(
    r"Penghargaan|Anugerah|Piala|Trofi|Lencana|Medali|Apresiasi|Lomba|Kompetisi|Festival|Tanda Kehormatan"
    r"|A(?:ward|WARD)|Cha(?:llenge|mpionship)"
)
_BEHIND_NOUN = (
    r"(?:Penghargaan|Anugerah|Piala|Trofi|Lencana|Medali|Apresiasi|Lomba|Kompetisi|Festival|Tanda Kehormatan)[ \t]+"
    r"(?P<rest>[A-Z][\w&'’/-]*(?:[ \t]+(?:(?:dan|of|for|the|in|to|&)[ \t]+)*[A-Z][\w&'’/-]*)*)"
)
_BEFORE_NOUN = (
    r"(?:[A-Z][\w&'’/.-]*[ \t]+(?:(?:of|for|the|in|and|to|&)[ \t]+)*){1,7}(?:Awards?|AWARDS?|Challenge|Championship)\b"
)
_EITHER = re.compile(f"{_BEHIND_NOUN}|{_BEFORE_NOUN}")
_NOUNS_BEHIND = ("Award", "AWARD", "Challenge", "Championship")
# The same for a text without these nouns.
_BEHIND_ONLY = re.compile(_BEHIND_NOUN)
# Words that end other names and may stand in an award's.
_IN_NAMES = frozenset(
    "penghargaan anugerah piala kota kabupaten provinsi dan award awards untuk lomba festival daerah desa".split()
)
# 'lomba kampung bersih', 'Guru Berprestasi', 'Camat Terbaik': contests and titles that no table can list.
_CONTEST = re.compile(
    rf"{one_of(*either('lomba', 'kompetisi', 'sayembara'))}[ \t]+"
    r"(?P<rest>(?!itu\b|ini\b|tersebut\b|adalah\b|ialah\b|yang\b|di\b|tingkat\b|pada\b|antar\w*\b|dan\b|untuk\b)[A-Za-z][\w/&-]*"
    r"(?:[ \t]+(?!(?:tingkat|yang|di|pada|untuk|se|tahun|ke|itu|ini|tersebut|antar\w*|dari|oleh|dengan|dalam"
    r"|meraih|mendapat\w*|menerima"
    r"|diraih|adalah|ialah|kategori|akan|ber\w+|se-\w+|digelar\w*|diadakan|yaitu|yakni|karena|setelah|usai|juga"
    r"|serta|sebagai|jatuh|atas)\b)[A-Za-z][\w/&-]*){0,5})"
)
_RANKS = ("teladan", "berprestasi", "terbaik", "pelopor", "inspiratif", "teraktif", "terinovatif", "inovatif")
_ROLE = re.compile(
    "(?:"
    + one_of(
        "[Gg]uru", "[Kk]epala [Ss]ekolah", "[Tt]enaga [Kk]esehatan", "[Nn]akes", "[Bb]idan", "[Dd]okter", "[Pp]erawat",
        "[Pp]olisi", "[Bb]habinkamtibmas", "[Bb]abinsa", "[Cc]amat", "[Ll]urah", "[Kk]epala [Dd]esa", "[Kk]ades",
        "[Pp]uskesmas", r"[Pp]enyuluh(?: [A-Z]?\w+)?", "[Pp]ustakawan", "[Pp]etani", r"[Kk]ader(?: [A-Z]?\w+)?",
        "[Pp]emuda(?: [Pp]elopor)?", "[Kk]ader", "[Kk]operasi", "[Pp]osyandu", "[Kk]elompok [Tt]ani", "[Ss]ekolah",
        "[Dd]esa", "[Kk]elurahan", "[Kk]ecamatan", "ASN", "PNS", "[Pp]egawai", "[Pp]engawas(?: [Ss]ekolah)?", "[Ss]iswa",
        "[Mm]ahasiswa", "[Pp]elajar", r"[Bb]unda [A-Z]\w+", "[Pp]emerintah [Dd]aerah", "[Kk]epala [Dd]aerah", "[Bb]upati",
        "[Ww]ali [Kk]ota", "[Gg]ubernur", r"[Pp]embina(?: [A-Z]?\w+)?", r"[Tt]okoh(?: [A-Z]?\w+)?",
    )
    + rf")[ \t]+(?:{'|'.join(either(*_RANKS))})(?![\w-])"
)  # fmt: skip
