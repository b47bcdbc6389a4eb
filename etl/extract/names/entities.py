"""The names in a text: who can receive, who can give, which award, which step on its scale. Finds and types; decides nothing.

Names come from the gazetteers; what no table can list (agencies, villages, schools, awards of one edition) from a head
word of a table and the capitalised words that follow.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeGuard

from etl import gazetteer
from etl.extract.names import award_forms, award_names
from etl.extract.patterns import either, one_of
from etl.gazetteer import Taken, lowered
from etl.model import RecipientType


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone who can receive. `codes`: regions the name can mean (several: ambiguous); `typed`: the text says which type.

    `person` is set when the words name a head of government ('Wali Kota Mojokerto Ika Puspitasari'): then the same words
    can mean the region or the person, and the award decides.
    """

    start: int
    end: int
    type: RecipientType
    name: str
    codes: tuple[str, ...] = ()
    typed: bool = False
    person: str | None = None
    person_span: tuple[int, int] | None = None
    office: str | None = None
    office_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """Someone who can give. `head` when the words name its head ('Menteri Dalam Negeri'), with the person if named."""

    start: int
    end: int
    id: str
    name: str
    kind: str
    head: bool = False
    person: str | None = None
    person_span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """An award's name: of a series of the catalogue, a name of its own, or only a generic noun (`generic`)."""

    start: int
    end: int
    name: str
    series: str | None = None
    year: int | None = None
    generic: bool = False
    chance: float = 1.0  # that it is an award's name; less than 1 when only the words around it say so
    subject: bool = False  # only what it is for stands there: 'penghargaan atas pengawasan kearsipan'
    formed: bool = False  # a noun for awards begins or ends it: names inside are of its words
    spoken: float | None = None  # of one that a table has: how likely the words around it alone would make it a name


Entity = Recipient | Organization | Award
SURE = 0.5  # the chance from which an unlisted name stands against a place inside it
LIKELY = 0.3  # the chance from which it may be what a frame gives, and what is meant where another is named


def is_named(entity: Entity) -> TypeGuard[Award]:
    """Whether an entity is an award's name, likely enough."""
    return isinstance(entity, Award) and not entity.generic and entity.chance >= LIKELY


# A capitalised word, an acronym, a number or initials; a name goes on over 'dan', '&', 'bin' between such words.
_WORD = r"(?:[A-Z][\w'’`]*(?:[-/.][\w'’]+)*\.?|\d[\w/.-]*)"
_RUN = rf"{_WORD}(?:[ \t]+(?:(?:dan|&|bin|binti|al|van|de|di|dr\.?|drg\.?)[ \t]+)?{_WORD})*"
_REGION_BEFORE = re.compile(
    r"(?:(?P<government>Pemerintah(?:[ \t]+Daerah)?|Pemda|TPID"
    r"|Tim[ \t]+Pengendalian[ \t]+Inflasi[ \t]+Daerah(?:[ \t]+\(TPID\))?)[ \t]+)?(?<!Wali )(?<!wali )"
    r"(?P<type>Kabupaten|Kab\.?|Kota[ \t]+Administrasi|Kota|Provinsi|Propinsi|Prov\.|Pemkot|Pemko|Pemkab"
    r"|Pemprov|Pemda|Pemerintah|TPID|Tim[ \t]+Pengendalian[ \t]+Inflasi[ \t]+Daerah(?:[ \t]+\(TPID\))?"
    r"|PEMERINTAH|PEMKOT|PEMKAB|PEMPROV|KOTA|KABUPATEN|PROVINSI)[ \t]+$"
)
# What the words before a region end in where one of these patterns can match.
_TYPE_ENDS = (
    "Kabupaten", "Kab", "Kab.", "Administrasi", "Kota", "Provinsi", "Propinsi", "Prov.", "Pemkot", "Pemko", "Pemkab",
    "Pemprov", "Pemda", "Pemerintah", "TPID", "Daerah", "(TPID)", "PEMERINTAH", "PEMKOT", "PEMKAB", "PEMPROV", "KOTA",
    "KABUPATEN", "PROVINSI",
)  # fmt: skip
_OFFICE_ENDS = (
    "Kota", "kota", "Bupati", "Gubernur", "Wabup", "Wawali", "Wagub", "Walkot", "KOTA", "BUPATI", "GUBERNUR",
)  # fmt: skip
_KIND_OF = (("kab", "kabupaten"), ("pemkab", "kabupaten"), ("kota", "kota"), ("pemko", "kota"), ("prov", "provinsi"),
            ("prop", "provinsi"), ("pemprov", "provinsi"))  # fmt: skip
_OFFICE = re.compile(
    r"(?<![\w-])(?P<office>(?:(?:Pj|Plt|Plh|Pjs)\.?\s+|Penjabat\s+|Wakil\s+)*"
    r"(?P<head>Wali\s?[Kk]ota|Bupati|Gubernur|Wabup|Wawali|Wagub|Walkot|WALI KOTA|BUPATI|GUBERNUR))(?:\s+|$)"
)
_OFFICE_BEFORE = re.compile(_OFFICE.pattern.removesuffix("(?:\\s+|$)") + r"\s+$")
_OFFICE_KIND = (("wali", "kota"), ("walkot", "kota"), ("wawali", "kota"), ("bupati", "kabupaten"), ("wabup", "kabupaten"),
                ("gubernur", "provinsi"), ("wagub", "provinsi"))  # fmt: skip
TITLES = (
    r"(?:(?:[Dd]r|[Dd]rg|Drs|Dra|Ir|H|Hj|HM|HA|KH|K\.H|Prof|Tgk|TGH|AKBP|AKP|Kombes(?:\s+Pol)?|Irjen(?:\s+Pol)?|Brigjen"
    r"|Letkol(?:\s+\w+)?|Kolonel|Kompol|Letjen|Mayjen)\.?\s+(?:TNI\s+)?)*"
)
_PERSON_TITLES = (
    r"[Dd]r|[Dd]rg|[Dd]rh|Drs|Dra|Ir|H|Hj|HM|HA|KH|K\.H|Prof|Tgk|Teungku|TGH|Ustaz|Ustadz|Ustadzah|Ning|Gus|Alm(?:arhum(?:ah)?)?"
    r"|AKBP|AKP|Iptu|Ipda|Aiptu|Aipda|Bripka|Brigadir|Brigpol"
    r"|Briptu|Bripda|Kombes(?:\s+Pol)?|Irjen(?:\s+Pol)?|Brigjen|Kompol|Letkol|Mayor|Kapten|Kolonel|Letjen"
    r"|Mayjen|Lettu|Letda|Peltu|Pelda|Serma|Serka|Sertu|Serda"
    r"|Kopda|Koptu|Kopka|Praka|Pratu|Bapak|Ibu|Pak|Bu|Bidan|Suster|Romo|Pendeta|Pdt"
)
_PERSON = re.compile(
    rf"(?:\s+(?:periode\s+)?\d{{4}}\s*[-–]\s*\d{{4}})?\s*,?\s*{TITLES}"
    r"(?P<name>[A-Z][\w'’`-]*\.?(?:[ \t]+(?:bin[ \t]+|binti[ \t]+|al[ \t]+)?[A-Z][\w'’`-]*\.?){0,5})"
)
_GENERIC = re.compile(  # in a text in small letters
    one_of(
        "penghargaan", "anugerah", "predikat", "piala", "trofi", "awards?", "gelar", "sertifikat", "piagam", "plakat",
        "juara", "opini", "tanda kehormatan", "lencana", "prestasi", "medali",
    )
    + r"(?:nya|-penghargaan)?\b"
)  # fmt: skip
_YEAR_AFTER = re.compile(r"\s*(?:\([A-Z][\w -]{1,15}\)\s*)?(?:[Tt]ahun\s+|[Ee]disi\s+)?(20\d\d)\b")


def entities(text: str) -> list[Entity]:
    """Every name of a text, in order; where names overlap the longer or more telling one stands.

    Headlines write every word with a capital, so a name that only its capitals make one must stand in the body too.
    """
    headline = _headline(text)
    listed = _listed(text)
    if listed is None:
        return []  # nothing that anybody could have received
    awards, others = listed
    candidates = _candidates(text, headline, [*awards, *others], awards)
    spoken = {c.start: award_names.chance_of(c) for c in candidates if c.listed}
    awards = [replace(a, spoken=spoken[a.start]) if not a.generic and a.start in spoken else a for a in awards]
    unlisted = _of_their_event(text, awards, _unlisted_awards(text, headline, candidates))
    subjects = _by_subject(text, awards)
    known = _without_overlaps([*awards, *unlisted, *_short_names(text, [*awards, *unlisted]), *subjects, *others])
    people = _unlisted(text, headline, [e for e in known if not _is_unlikely(e)])
    named = [*_without_appositions(text, _without(people, known)), *people]
    return _without_brackets(text, sorted(named, key=lambda e: e.start))


_UNLIKELY = 0.3  # the chance below which a phrase is somebody's name rather than an award's, if it may be one


def _is_unlikely(entity: Entity) -> bool:
    return isinstance(entity, Award) and entity.chance < _UNLIKELY


def _without(people: Sequence[Recipient], known: Sequence[Entity]) -> list[Entity]:
    """The names of a text without the unlikely awards that people are called."""
    ends = [p.end for p in people]
    kept = []
    for entity in known:
        at = bisect_right(ends, entity.start)
        if not (_is_unlikely(entity) and at < len(people) and people[at].start < entity.end):
            kept.append(entity)
    return kept


def award_candidates(text: str, listed: bool = False) -> list[award_names.Candidate]:
    """Every phrase that may be the name of an award that no table lists: what the model `name` is asked about.

    With `listed` those of the tables are candidates too: what `name` learns from.
    """
    names = _listed(text)
    if names is None:
        return []
    awards, others = names
    found = _candidates(text, _headline(text), others if listed else [*awards, *others], awards)
    return [c for c in found if not c.listed]


def _candidates(
    text: str, headline: int, known: Sequence[Entity], awards: Sequence[Award]
) -> list[award_names.Candidate]:
    forms = list(award_forms.forms(text, _not_names()))
    listed = [
        (a.start, year.start() if (year := _YEAR_AFTER.search(text, a.start, a.end)) else a.end, a.name)
        for a in awards
        if not a.generic
    ]
    return award_names.candidates(text, headline, _known(known), forms, listed)


def _listed(text: str) -> tuple[list[Award], list[Entity]] | None:
    """The awards of the catalogue and the generic nouns; the other names. None where no award is spoken of."""
    lower = lowered(text)
    headline = _headline(text)
    awards = _by_full_name(_awards(text, lower))
    if not awards and not award_forms.may_name(text, lower):
        return None
    regions = _regions(text, lower)
    headed = [
        h
        for r in _headed(text, regions)
        if (h := r if r.start >= headline else _as_in_body(r, text[headline:], regions))
    ]
    organizations = _organizations(text, lower, regions)
    branches = _branches(text, organizations, regions)
    return awards, [*organizations, *branches, *_officials(text, regions), *headed, *regions]


# ------------------------------------------------------------------------------------------- names that no table can list

_NAME_WORD = r"(?:[A-Z][a-z'’`]+(?:-[A-Z][a-z]+)?|[A-Z]{1,2}\.|[A-Z](?= [A-Z])|[A-Z]{2}(?= [A-Z][a-z]))"
_UNLISTED = re.compile(
    rf"(?<![\w'’-])(?P<title>(?:(?:{_PERSON_TITLES})\.?\s+)*)(?P<name>{_NAME_WORD}(?:[ \t]+(?:(?:bin|binti|al|el"
    rf"|van)[ \t]+)?{_NAME_WORD}){{0,5}})(?![\w-])"
)

_TITLES_BEFORE = re.compile(rf"(?:(?:{_PERSON_TITLES})\.?[ \t]+)+(?=[A-Z])")


@cache
def _no_names() -> frozenset[str]:
    """Words that are written with a capital and are in nobody's name."""
    return frozenset(row["word"] for row in gazetteer.rows("no_names"))


def _unlisted(text: str, headline: int, known: Sequence[Entity]) -> list[Recipient]:
    """People: two to five capitalised words that are no words of the language, or any after a person's title or an office.

    One word alone is a person's name only where a list or a bracket shows it ('Mulyanto (Kades X)', ', Hendri,').
    """
    starts = [e.start for e in known]
    found = []
    for match in _UNLISTED.finditer(text, headline):
        name, start = match["name"], match.start("name")
        words = [w.strip(".").lower() for w in name.split()]
        office = bool(match["title"])
        if len(words) == 1 and not office and words[0] in _no_names():
            continue
        at = bisect_left(starts, match.end())
        if at and start < known[at - 1].end < match.end():
            inner = known[at - 1].end
            inner += len(text[inner : match.end()]) - len(text[inner : match.end()].lstrip())
            if _OFFICE_BEFORE_NAME.search(text, max(0, inner - 90), inner):  # 'Ketua DPRD Banten Fahmi Hakim'
                titles = _TITLES_BEFORE.match(text, inner, match.end())
                inner = titles.end() if titles else inner
                start, name, office = inner, text[inner : match.end()], True
                words = [w.strip(".").lower() for w in name.split()]
        before = text[max(0, start - 4) : start].rstrip(" ")[-1:] if start > headline else ""
        inside = before.islower() or before in (",", ";", ")", "(")
        whole = len(words) > 1 and (_may_be_whole(words, inside) or _is_introduced(text, start, match.end()))
        while words and not match["title"] and not whole and (is_no_name(words[0]) or words[0] in common_words()):
            office = office or words[0] in _OFFICES
            start += len(name.split()[0])
            start += len(text[start : match.end()]) - len(text[start : match.end()].lstrip())
            name, words = text[start : match.end()], words[1:]
        for index, word in enumerate(words):
            if is_no_name(word) or (len(word) > 3 and word in common_words() and not match["title"] and not whole):
                name = " ".join(name.split()[:index])
                words = words[:index]
                break
        if step := _STEP_BEFORE.match(name):  # 'juara I Perintis Lingkungan'
            start, name, words = start + step.end(), name[step.end() :], words[1:]
        name = _degrees()[0].sub("", name)
        words = words[: len(name.split())]
        name = name.rstrip(".") if not re.search(r"\b[A-Z]\.$", name) else name
        end = start + len(name)
        if not words or not any(len(w) > 2 for w in words) or text[start:end] != name:
            continue
        if head := _village_head(text, start, name, starts):
            found.append(head)
            continue
        if (
            len(words) < 2
            and not office
            and not (
                len(name) > 3
                and (
                    (_SHOWN.match(text, end) and _SHOWN_BEFORE.search(text, max(0, start - 50), start))
                    or _is_introduced(text, start, end)
                )
            )
        ):
            continue
        at = bisect_left(starts, end)
        if at and known[at - 1].end > start:
            continue
        if not match["title"] and not office and is_district(name):
            continue  # 'Desa Pasuruan, Penengahan, Kabupaten X': a kecamatan
        title = _VILLAGE_HEAD.search(text, max(0, start - 14), start)
        if title and len(words) > 2:
            start += (
                len(name.split()[0]) + 1
            )  # 'Kepala Desa Ngestiharjo Fathoni Ari Wibowo': the village, then its head
            name = text[start:end]
        is_official = _OFFICE_BEFORE_NAME.search(text, max(0, start - 90), start) is not None
        found.append(Recipient(start, end, "official" if is_official else "person", name))
    return found


def _village_head(text: str, start: int, name: str, starts: Sequence[int]) -> Recipient | None:
    """'Kepala Desa Merpas, Kecamatan Nasal': the office of a village's head who is not named."""
    title = _VILLAGE_HEAD.search(text, max(0, start - 14), start)
    end = start + len(name)
    if title is None or len(name.split()) > 2:
        return None
    comma = _PLACE_BEHIND.match(text, end)
    if comma is None or not (comma["part"] or comma.end() in starts):
        return None
    return Recipient(title.start(), end, "official", text[title.start() : end])


def _is_introduced(text: str, start: int, end: int) -> bool:
    """Whether what stands beside a name says that it is somebody's: a degree, a role, an office in brackets, 'bernama'."""
    return (
        _ROLE_BEHIND.match(text, end) is not None
        or _degrees()[1].match(text, end) is not None
        or _ROLE_BEFORE.search(text, max(0, start - 50), start) is not None
    )


def _may_be_whole(words: Sequence[str], inside: bool) -> bool:
    """Whether words of the language stand in a name: 'Fahmi Hakim', and inside of a sentence 'Indah Putri'."""
    if any(map(is_no_name, words)):
        return False
    first, second = (w in common_words() for w in words[:2])
    return not first or (inside and not second)


_STEP_BEFORE = re.compile(r"(?:I{1,3}|IV|VI{0,3}|IX|X)\s+(?=[A-Z])")


@cache
def _degrees() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Degrees that end a name, 'Mohammad Faiq SPi', 'Dedy Yon Supriyono SE MM', and those that follow a place of the text."""
    forms = {row["form"].rstrip(".") for row in gazetteer.rows("titles") if row["class"] == "academic_after"}
    degree = "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?:,?\s+(?:{degree})\.?)+$"), re.compile(rf",?[ \t]+(?:{degree})(?![\w-])")


_OFFICES = frozenset(
    "bupati wali gubernur camat lurah kades kepala ketua direktur sekda "
    "kapolres kapolda dandim kapolsek kadis bunda ibu bapak pak bu".split()
)
_ROLES = (
    "guru", "kepala", "camat", "lurah", "kades", "ketua", "warga", "petani", "peternak", "nelayan", "perajin", "pengrajin",
    "siswa", "siswi", "pelajar", "mahasiswa", "mahasiswi", "kader", "bidan", "perawat", "dokter", "penyuluh", "pengusaha",
    "pengawas", "pustakawan", "seniman", "atlet", "pelatih", "wartawan", "jurnalis", "pembuat", "penggerak", "pegiat",
    "pengelola", "pendiri", "pemilik", "mantan", "bupati", "wali kota", "gubernur", "sekretaris", "direktur", "tokoh",
    "petugas", "anggota", "sanitarian", "maestro", "laboran", "dosen", "staf", "babinsa", "bhabinkamtibmas",
)  # fmt: skip
_ROLE = one_of(*either(*_ROLES))
_ROLE_BEHIND = re.compile(
    rf"(?:,[ \t]+|[ \t]+(?:yang|selaku|sebagai)[ \t]+|[ \t]*\()(?:{_ROLE}\b|(?:memimpin|menjabat)\b)"
)
_ROLE_BEFORE = re.compile(rf"(?:\b[Bb]ernama|{_ROLE}(?:[ \t]+[a-z]+){{1,2}})[ \t]+$")
# What shows a word of its own as a name: an item, a bracket, a comma or 'dan' beside it.
_SHOWN = re.compile(r"\s*(?:,|\(|\.|;|\bdan\b|-|–|:|\n|$|\s(?:dari|asal|sebagai|selaku|yang)\b)")
_SHOWN_BEFORE = re.compile(
    r"(?:[,;:(]\s*|\b(?:dan|serta|oleh|kepada|adalah|ialah|yakni|yaitu|diraih|disabet|diterima|masing-masing"
    r"|memilih|bernama|diberikan|ditempati|sedangkan|sementara|terpilih|dimenangkan|mengalahkan|disusul|nama"
    r"|guru|perawat|bidan|sanitarian|dokter|petani|peternak|nelayan|siswa|siswi|mahasiswa|mahasiswi|warga|petugas|atlet|pelatih"
    r"|seniman|perajin|pengrajin|kader|penyuluh|maestro|pengusaha|wartawan|jurnalis|pustakawan|pengawas|laboran"
    r"|(?:[Jj]uara|[Tt]erbaik|[Pp]eringkat|[Hh]arapan|[Pp]emenang|[Pp]osisi)\s+(?:[IVX]{1,4}|\d|pertama|kedua|ketiga|keempat))"
    r"\s|\n\s*(?:\d+[.)]\s*|[-•]\s*)?|\d\s*[.)]\s*|\|\s*)$"
)
_VILLAGE_HEAD = re.compile(r"\b(?:Kepala Desa|Kades|Lurah|Camat|Kapolsek|Danramil|Keuchik|Perbekel|Wali Nagari)\s$")
_PLACE_BEHIND = re.compile(r"[ \t]*[,(][ \t]*(?P<part>(?:Kecamatan|Kec\.|Kabupaten|Kab\.|Kota)[ \t])?")
_OFFICE_BEFORE_NAME = re.compile(
    r"\b(?:Kepala|Ketua|Wakil Ketua|Sekretaris|Sekda|Direktur|Dirut|Camat|Lurah|Kades|Kapolda|Kapolres\w*"
    r"|Kapolsek|Dandim|Kajari|Kajati|Rektor|Bunda|Kadis\w*|Keuchik|Wali Nagari|Perbekel|Pembina|Asisten)"
    r"(?:\s+(?:[A-Z][\w./-]*|dan|di|I{1,3})){0,8}\s*,?\s*(?:(?:Drs?|Ir|Hj?|AKBP|Kombes(?: Pol)?|Kolonel|Letkol"
    r"|Irjen(?: Pol)?|dr)\.?\s+)*$"
)


def is_no_name(word: str) -> bool:
    """Whether a word, in small letters, is in nobody's name."""
    return word in _no_names() or (len(word) > 6 and word.endswith("nya"))


def is_word(word: str) -> bool:
    """Whether a capitalised word is a word of the language, or one that is in nobody's name."""
    return is_no_name(word.lower()) or (len(word) > 3 and word.lower() in common_words())


def is_district(name: str) -> bool:
    """Whether a kecamatan bears the name."""
    return name.lower() in _districts()


@cache
def _districts() -> frozenset[str]:
    return frozenset(row["name"].lower() for row in gazetteer.rows("districts"))


@cache
def common_words() -> frozenset[str]:
    """Words of the language that are nobody's name, in lower case."""
    return frozenset(row["word"] for row in gazetteer.rows("common_words"))


def _as_in_body(name: Recipient, body: str, regions: Sequence[Recipient]) -> Recipient | None:
    """A headline's name as far as the body has it: 'Desa Gunung Rejo Bawa Lampung' is the body's 'Desa Gunung Rejo'."""
    words = name.name.split()
    for count in range(len(words), 1, -1):
        shorter = " ".join(words[:count])
        if shorter in body or (count > 2 and " ".join(words[1:count]) in body):
            return replace(name, name=shorter, end=name.start + len(shorter))
    region = next((r for r in regions if r.start == name.start + len(words[0]) + 1 and r.end <= name.end), None)
    if region is not None:  # 'Polres Sumedang', which the body never names again
        return replace(name, name=name.name[: region.end - name.start], end=region.end)
    return None


def _without_appositions(text: str, found: list[Entity]) -> list[Entity]:
    """Without a region that only says where the name before it lies: 'Kabupaten Jombang, Jawa Timur'."""
    kept: list[Entity] = []
    before: Entity | None = None
    for entity in found:
        inside = (
            isinstance(entity, Recipient)
            and isinstance(before, Recipient)
            and _LIES_IN.fullmatch(text, before.end, entity.start) is not None
            and _contains(entity, before)
        )
        if not inside:
            kept.append(entity)
        before = entity
    return kept


def _without_brackets(text: str, found: list[Entity]) -> list[Entity]:
    """Without a name in brackets behind another: there it says whose head that one is, or where it lies.

    'Idza Priyanti (Bupati Brebes)' is an official, 'Mukidin (Desa Ngrancah)' a person of that village.
    """
    kept: list[Entity] = []
    for entity in found:
        before = kept[-1] if kept else None
        if (
            isinstance(entity, Recipient)
            and isinstance(before, Recipient)
            and before.type != "region"
            and (bracket := _IN_BRACKETS.fullmatch(text, before.end, entity.start))
            and ")" in text[entity.end : entity.end + 60]
        ):
            holds = bool(bracket["office"]) or entity.office is not None
            type_: RecipientType = "official" if before.type == "person" and holds else before.type
            kept[-1] = replace(before, type=type_, codes=before.codes or entity.codes)
            continue
        kept.append(entity)
    return kept


_IN_BRACKETS = re.compile(
    r"[ \t]*(?:[A-Z][\w.]*[ \t]*){0,3}\([ \t]*(?P<office>(?:Kepala|Ketua|Sekretaris|Sekda|Kadis|Kades|Camat|Lurah"
    r"|Kapolres\w*|Dandim|Direktur|Rektor|Bunda)\b[\w .]{0,40})?(?:[a-z]+[ \t]+){0,3}"
)


def _contains(place: Recipient, name: Recipient) -> bool:
    """Whether a place is where a name lies: its province, the kabupaten of a village, the kecamatan of a village."""
    if place.name.startswith("Kecamatan") and name.type in ("village", "community", "school"):
        return True
    if place.type != "region" or place.office is not None or len(place.codes) != 1 or not name.codes:
        return False
    same = name.type != "region" or name.name.startswith("Kecamatan")
    return all(code.startswith(place.codes[0]) and (same or code != place.codes[0]) for code in name.codes)


_LIES_IN = re.compile(r"\s*(?:,|\()\s*(?:di\s+)?|\s+di\s+")


# --------------------------------------------------------------------------------------------------------------- regions


def _regions(text: str, lower: str) -> list[Recipient]:
    found = []
    known = gazetteer.regions()
    districts = gazetteer.district_names().find(text, lower)
    starts = [d.start for d in districts]
    for name in gazetteer.region_names().find(text, lower):
        at = bisect_right(starts, name.start) - 1
        if at >= 0 and name.end <= (end := districts[at].end) and end - starts[at] > name.end - name.start:
            continue  # 'Padang Tualang' is a kecamatan of Langkat
        words = text[max(0, name.start - 45) : name.start].rstrip()
        before = office = None
        if words.endswith(_TYPE_ENDS):
            before = _REGION_BEFORE.search(text, max(0, name.start - 45), name.start)
        if words.endswith(_OFFICE_ENDS):
            office = _OFFICE_BEFORE.search(text, max(0, name.start - 45), name.start)
        kind = _kind_of(before["type"]) if before else (_office_kind(office) if office else None)
        codes = tuple(dict.fromkeys(c for c in name.ids if c[0] != "?"))
        if kind is not None:
            every = tuple(dict.fromkeys(c.lstrip("?") for c in name.ids))
            codes = tuple(c for c in every if known[c].kind == kind) or codes
        if codes:
            typed = kind is not None and all(known[c].kind == kind for c in codes)
            start = before.start() if before else name.start
            found.append(_region(start, name.end, codes, typed))
    return _by_context(found)


def _by_context(regions: list[Recipient]) -> list[Recipient]:
    """A bare ambiguous name means what the same name means where the article says its type, if it does so in one way."""
    typed: dict[str, set[str]] = {}
    for region in regions:
        if region.typed and len(region.codes) == 1:
            typed.setdefault(gazetteer.regions()[region.codes[0]].base, set()).add(region.codes[0])
    meant = []
    for region in regions:
        told = typed.get(gazetteer.regions()[region.codes[0]].base, set())
        if len(region.codes) > 1 and len(told) == 1 and told <= set(region.codes):
            region = _region(region.start, region.end, tuple(told), False)
        meant.append(region)
    return meant


def _region(start: int, end: int, codes: tuple[str, ...], typed: bool) -> Recipient:
    """A region under its display name. An ambiguous name reads as the kabupaten; its `codes` say that it is ambiguous."""
    known = gazetteer.regions()
    code = min(codes, key=lambda c: {"kabupaten": 0, "kota": 1, "provinsi": 2}[known[c].kind])
    return Recipient(start, end, "region", known[code].name, codes, typed)


def _kind_of(word: str) -> str | None:
    word = word.lower()
    return next((kind for start, kind in _KIND_OF if word.startswith(start)), None)


def _office_kind(office: re.Match[str]) -> str:
    return next(kind for start, kind in _OFFICE_KIND if office["head"].lower().startswith(start))


def _officials(text: str, regions: list[Recipient]) -> list[Recipient]:
    """'Wali Kota Mojokerto Ika Puspitasari', 'Bupati Joko Sutopo': office, region if named, person if named."""
    by_start = {region.start: region for region in regions}
    found = []
    for office in _OFFICE.finditer(text):
        region = by_start.get(office.end())
        name, end, span = _person_after(text, region.end if region else office.end())
        if region is None and name is None:
            continue
        codes = region.codes if region else ()
        known = gazetteer.regions()
        codes = tuple(c for c in codes if known[c].kind == _office_kind(office)) or codes
        display = _region(0, 0, codes, True).name if codes else ""
        title = text[office.start() : region.end] if region else office["office"].strip()
        found.append(
            Recipient(
                office.start(), end, "region", display, codes, bool(codes), name, span, title, _office_kind(office)
            )
        )
    return _with_context(found, regions)


def _with_context(officials: list[Recipient], regions: list[Recipient]) -> list[Recipient]:
    """An office without a region ('Bupati Joko Sutopo') is that of the region of its kind that the article names most."""
    known = gazetteer.regions()
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for region in regions:
        if len(region.codes) == 1:
            counts[known[region.codes[0]].kind][region.codes[0]] += 1
    often = {kind: some.most_common(1)[0][0] for kind, some in counts.items()}
    complete = []
    for official in officials:
        if not official.codes:
            code = often.get(official.office_kind or "")
            if code is None:
                continue
            official = replace(official, name=known[code].name, codes=(code,))
        complete.append(official)
    named = {(o.codes, o.office_kind, _is_deputy(o)): o for o in complete if o.person}
    return [o if o.person else _with_person(o, named.get((o.codes, o.office_kind, _is_deputy(o)))) for o in complete]


def _with_person(official: Recipient, named: Recipient | None) -> Recipient:
    """An office named without its holder ('Bupati Tabanan'), with the holder the article names elsewhere."""
    return replace(official, person=named.person, person_span=named.person_span) if named else official


def _is_deputy(official: Recipient) -> bool:
    return re.search(r"\bWa(?:kil|bup|wali|gub)\b", official.office or "") is not None


def _person_after(text: str, position: int) -> tuple[str | None, int, tuple[int, int] | None]:
    """(name, end, span) of a person named right after a title, without academic titles."""
    found = _PERSON.match(text, position)
    if found is None:
        return None, position, None
    start = found.start("name")
    kept: list[str] = []
    for word in found["name"].split():
        is_word = lowered(word).rstrip(".") in (_not_names() if found.end() <= _headline(text) else _NEVER_NAMES)
        if is_word or (word.isupper() and len(word) > 3 and not kept):
            break
        kept.append(word)
        if word.endswith(".") and len(word) > 3:
            break  # the sentence ends here: 'Bobby Nasution. Ia ...'
    name = _degrees()[0].sub("", " ".join(kept)).rstrip(".")
    if len(name) < 3 or (text[position : position + 1] == "," and len(kept) < 2):
        return None, position, None
    return name, start + len(name), (start, start + len(name))


# Capitalised words that a body's text puts right behind an office or its region, and that begin no name.
_NEVER_NAMES = frozenset(
    "senin selasa rabu kamis jumat sabtu minggu januari februari maret april mei juni juli agustus september "
    "oktober november "
    "desember kabupaten kota provinsi bupati wali gubernur menteri wakil kepala ketua dinas badan award awards".split()
)


def _headline(text: str) -> int:
    return max(0, text.find("\n"))


@cache
def _not_names() -> frozenset[str]:
    """Words that end a capitalised run in a headline: verbs and nouns that are no part of anybody's name."""
    verbs = {row["form"] for row in gazetteer.rows("cues") if " " not in row["form"]}
    return frozenset(verbs) | frozenset(
        (
            "kembali berhasil jadi menjadi untuk dari dan di ke pada dengan oleh sebagai tingkat kategori tahun "
            "predikat penghargaan award awards anugerah piala juara terbaik peringkat opini wtp kabupaten kota "
            "provinsi kecamatan menteri bupati gubernur wali senin selasa rabu kamis jumat sabtu minggu januari "
            "februari maret april mei juni juli agustus september oktober november desember ini itu dalam saat usai "
            "karena berkat atas lewat bersama dua tiga empat lima enam tujuh"
        ).split()
    )


# ------------------------------------------------------------------------------------------------- agencies, villages ...


def _headed(text: str, regions: list[Recipient]) -> list[Recipient]:
    """Names that begin with a head word of recipients.csv: 'Dinas Kesehatan Kota Mojokerto', 'RW 05 Kelurahan Kebonsari'."""
    pattern, types = _heads()
    found = []
    for head in pattern.finditer(text):
        kind = types[head["head"]]
        if _HEAD_OF.search(text, max(0, head.start() - 60), head.start()) or _CONTEST_BEFORE.search(
            text, max(0, head.start() - 20), head.start()
        ):
            continue  # 'Kepala Desa X Nama': a person in an office, nobody's prize
        if text.startswith("Tim Nasional", head.start()):
            continue  # a country's team is no region's
        if kind == "village" and _INSIDE_NAME.search(text, max(0, head.start() - 30), head.start()):
            continue  # 'Dinas Pemberdayaan Masyarakat dan Desa Lampung', 'program Gerbang Desa Saburai'
        end = _run_end(text, head.end("head"), head.end("rest") if head["rest"] else head.end(), kind)
        if end <= head.end("head") and kind not in ("agency",):
            continue
        if kind == "village" and _is_a_kind(text, head.end("head"), end):
            continue
        name = text[head.start() : end].rstrip(" ,.")
        if len(name) <= len(head["head"]) and kind != "agency":
            continue
        region = _region_near(text, head.start(), end, kind, regions)
        found.append(
            Recipient(
                head.start(),
                head.start() + len(name),
                kind,
                name if "(" in name else name.replace(")", ""),  # 'Kejaksaan Tinggi (Kejati) Bali'
                region.codes if region else (),
                bool(region and region.typed),
            )
        )
    return found


def _is_a_kind(text: str, start: int, end: int) -> bool:
    """'Desa Informatif', 'Kampung Iklim': a kind of village, unless an address shows that one is called so."""
    words = lowered(text[start:end]).split()
    return bool(words) and words[0] in _village_kinds() and _PLACE_BEHIND.match(text, end) is None


@cache
def _village_kinds() -> frozenset[str]:
    """Words that make a kind of villages, not the name of one."""
    return frozenset(row["word"] for row in gazetteer.rows("village_kinds"))


_INSIDE_NAME = re.compile(
    r"(?:\b(?:Masyarakat|Mukim)(?:\s+dan)?|\bWali|\b[Pp]rogram\s+[A-Z]\w+|\b[Gg]erakan(?:\s+[A-Z]\w+)?|\bDana)\s+$"
)
_CONTEST_BEFORE = re.compile(r"\b(?:lomba|kompetisi|kontes|festival|pembina|kepala|perangkat)\s+$", re.IGNORECASE)
_HEAD_OF = re.compile(
    r"\b(?:Kepala|Ketua|Sekretaris|Direktur|Direktur Utama|Dirut|Plt|Pj|Kabid|Kabag|Kasi|Lurah|Camat"
    r"|Kapolres\w*|Komandan"
    r"|Pimpinan|Manajer|Asisten\s+\w+)"
    r"(?:\s+(?:Bidang|Bagian|Seksi|Sub|Unit)\b[^,.;]{0,40})?\s+$"
)


@cache
def _heads() -> tuple[re.Pattern[str], dict[str, RecipientType]]:
    types: dict[str, RecipientType] = {row["form"]: row["type"] for row in gazetteer.rows("recipients")}  # type: ignore[misc]
    words = one_of(*map(re.escape, sorted(types, key=lambda form: (form[0], -len(form)))), not_after=("-",))
    return re.compile(rf"(?P<head>{words})(?!\w)\)?(?=(?P<rest>[ \t]+(?:drg?\.?[ \t]+)?{_RUN})?)"), types


def _run_end(text: str, start: int, end: int, kind: RecipientType) -> int:
    """Where a capitalised run stops being the name: at a verb, at a new place name of a village."""
    stop = start
    for word in re.finditer(r"\S+", text[start:end]):
        bare = lowered(word[0]).strip(".,")
        if bare in _not_names() and bare not in _PLACE_WORDS and bare != "dan":
            break
        if bare in _PLACE_WORDS and (kind == "village" or (kind == "community" and stop > start)):
            break  # 'Desa X Kabupaten Y' lies there, 'TP PKK Kabupaten Y' is called so
        if bare in ("kec", "kel"):
            break
        if bare == "dan" and (kind != "agency" or _begins_a_name(text, start + word.end())):
            break
        if bare != "dan":
            stop = start + word.end()
        if word[0].endswith(".") and len(bare) > 3:
            break  # the sentence ends here
    return stop


_PLACE_WORDS = ("kabupaten", "kab", "kota", "provinsi", "kecamatan")


def _begins_a_name(text: str, position: int) -> bool:
    """Whether another name begins here: 'Dinas Pendidikan dan RSUD X' are two, 'Dinas Pemuda dan Olahraga' is one."""
    head = _heads()[0].match(text, position + 1)
    return head is not None


def _region_near(text: str, start: int, end: int, kind: str, regions: list[Recipient]) -> Recipient | None:
    """The region inside a name ('Polres Malang Kota'), or the last of the places listed right behind it (', Kecamatan Y,
    Kabupaten Z'). A village that bears a region's name lies elsewhere, or in no region that its name tells.
    """
    first = bisect_right(regions, start, key=_start)
    inside = [r for r in regions[first : bisect_right(regions, end, key=_start)] if r.end <= end + 1]
    if inside and (kind not in ("village", "community") or inside[-1].typed):
        return _of_the_kota(inside[-1]) if text[inside[-1].end : end].strip() == "Kota" else inside[-1]
    behind = _PLACES_BEHIND.match(text, end)
    position = behind.end() if behind else end
    at = bisect_left(regions, position, key=_start)
    return regions[at] if at < len(regions) and regions[at].start == position else None


def _start(entity: Entity) -> int:
    return entity.start


def _of_the_kota(region: Recipient) -> Recipient:
    kota = tuple(code for code in region.codes if gazetteer.regions()[code].kind == "kota")
    return _region(region.start, region.end, kota, True) if kota else region


_PLACES_BEHIND = re.compile(
    r"(?:\s*[,(]?\s*(?:di\s+)?(?:(?:Kecamatan|Kec\.|Desa|Kelurahan|Kel\.)\s+)?(?!Kabupaten|Kab\b|Kota\b|Provinsi)[A-Z]\w*(?:\s+[A-Z]\w*){0,2}(?=\s*,))*"
    r"\s*[,(]?\s*(?:di\s+)?"
)


# ---------------------------------------------------------------------------------------------------------------- givers


def _organizations(text: str, lower: str, regions: Sequence[Recipient]) -> list[Organization]:
    known = gazetteer.organizations()
    starts = {r.start: r for r in regions}
    found = []
    for name in gazetteer.organization_names().find(text, lower):
        org = known[name.ids[0]]
        end = name.end
        short = _SHORT.match(text, end)
        own = Organization(name.start, short.end() if short else end, org.id, org.name, org.kind)
        found.append(_regional(text, own, starts) or own)
    for match in _BRANCH.finditer(text):
        region = next((r for r in regions if match.end() <= r.start <= match.end() + 1), None)
        if region is not None and len(region.codes) == 1:
            branch = f"Komisi Informasi {gazetteer.regions()[region.codes[0]].name}"
            found = [o for o in found if not match.start() <= o.start < region.end]
            found.append(Organization(match.start(), region.end, "komisi-informasi", branch, "state_agency"))
    for match in _GOVERNMENT.finditer(text):
        found.append(Organization(match.start(), match.end(), "pemerintah-pusat", "Pemerintah Pusat", "government"))
    for name in gazetteer.minister_names().find(text, lower):
        org = known[name.ids[0]]
        start = name.start
        if text[max(0, start - 6) : start] == "Wakil " and org.kind == "president":
            start -= 6  # the Vice-President hands over; he is nobody's giver (GUIDE)
            org = _VICE_PRESIDENT
        short = _SHORT.match(text, name.end)
        end = short.end() if short else name.end
        office = starts.get(end + 1)
        if office is not None or org.kind in _EMPLOYERS:  # who heads it is an official like any other
            found.append(Organization(start, office.end if office else end, org.id, org.name, org.kind, True))
            continue
        person, end, span = _person_after(text, end)
        found.append(Organization(start, end, org.id, org.name, org.kind, True, person, span))
    return found


def _regional(text: str, body: Organization, regions: Mapping[int, Recipient]) -> Organization | None:
    """The branch that a body's name is part of, as written: 'Kantor Wilayah Kementerian Agama Bali', 'BKKBN Perwakilan NTT'."""
    if body.id in _ONE_BODY:
        return None
    before = _REGIONAL_BEFORE.search(text, max(0, body.start - 40), body.start)
    behind = None if before else _REGIONAL_BEHIND.match(text, body.end)
    region = regions.get(behind.end() if behind else body.end + 1) if before or behind else None
    if region is None or region.office is not None:
        return None
    start = before.start() if before else body.start
    head = _OF_THE_HEAD.search(text, max(0, start - 10), start)
    name = text[start : region.end]
    return replace(body, start=head.start() if head else start, end=region.end, name=name, head=head is not None)


# Bodies whose branches speak for the whole (GUIDE: BPK, Ombudsman RI; a directorate of a ministry is the ministry).
_ONE_BODY = frozenset(("bpk", "ombudsman", "kemenkeu"))
_REGIONAL_BEFORE = re.compile(r"(?:Kantor Wilayah|(?:Kantor )?Perwakilan|Kantor Regional [IVX]+)[ \t]+$")
_REGIONAL_BEHIND = re.compile(r"[ \t]+(?:(?:Kantor )?Perwakilan|Kantor Wilayah|Kanwil)[ \t]+")
_OF_THE_HEAD = re.compile(r"\bKepala[ \t]+$")


def _branches(text: str, organizations: Sequence[Organization], regions: Sequence[Recipient]) -> list[Recipient]:
    """'PWI Banyumas, PWI Rembang dan PWI Kudus', 'BRI Cabang Polewali': branches beside each other, and banks', receive as
    others do; one branch alone may as well be who gives.
    """
    by_start = {r.start: r for r in regions}
    found: dict[str, list[Recipient]] = {}
    for organization in organizations:
        type_ = _BRANCH_TYPES.get(organization.kind)
        part = _BRANCH_WORD.match(text, organization.end)
        region = by_start.get(part.end()) if part and type_ and not organization.head else None
        if type_ is not None and region is not None and all("." in code for code in region.codes):
            span = organization.start, region.end
            branch = Recipient(*span, type_, text[slice(*span)], region.codes, region.typed)
            found.setdefault(organization.id, []).append(branch)
    return [
        branch
        for branches in found.values()
        if branches[0].type == "company" or len({b.codes for b in branches}) > 1
        for branch in branches
    ]


_BRANCH_WORD = re.compile(r"[ \t]+(?:(?:[Cc]abang|KC|KCP|Unit)[ \t]+)?")
_BRANCH_TYPES: dict[str, RecipientType] = {"association": "community", "state_agency": "agency", "bank": "company"}
_EMPLOYERS = frozenset(("bank", "private", "university", "media"))
# A region's own branch: 'KI Banten', 'Komisi Informasi (KI) Jawa Tengah'.
_BRANCH = re.compile(one_of(r"Komisi Informasi(?:\s+\(KI[DP]?\))?(?:\s+Daerah)?", "KI") + r"\s+(?=[A-Z])")
_GOVERNMENT = re.compile(
    r"P(?<!\w.)emerintah(?:\s+[Pp]usat)?(?=\s+(?:turut|juga|kembali|telah|memberi|menghargai|menganugerah|menyerah"
    r"|menetapkan))"
)
_VICE_PRESIDENT = gazetteer.Organization("wakil-presiden", "Wakil Presiden RI", "vice_president", None)
_SHORT = re.compile(r"\s*\([A-Z][\w -]{1,20}\)")


# ---------------------------------------------------------------------------------------------------------------- awards


def _awards(text: str, lower: str) -> list[Award]:
    known = gazetteer.series()
    found = []
    for name in gazetteer.series_names().find(text, lower):
        if _NO_AWARD_BEFORE.search(text, max(0, name.start - 14), name.start):
            continue
        if _is_of_another(text, name.start, name.end):
            continue
        series = known[name.ids[0]]
        if own := _series_of_short(_SHORT.match(text, name.end)):
            series = known[own]  # 'Kompetisi Inovasi Pelayanan Publik (Kovablik)': the short name tells which
        year = _YEAR_AFTER.match(text, name.end)
        found.append(
            Award(name.start, year.end() if year else name.end, series.name, series.id, int(year[1]) if year else None)
        )
    for match in _GENERIC.finditer(lower):
        found.append(Award(match.start(), match.end(), text[match.start() : match.end()], generic=True))
    return found


_LINE_BREAK = re.compile(r"\n")
_SUBJECT = 0.29  # the chance of a series of which only the subject is named: less than that of a name


def _by_subject(text: str, awards: Sequence[Award]) -> list[Award]:
    """Series that are given for what a line with a noun for awards names, 'penghargaan atas pengawasan kearsipan'."""
    breaks = [match.start() for match in _LINE_BREAK.finditer(text)]
    speaking = {bisect_left(breaks, a.start) for a in awards if a.generic}
    known = gazetteer.series()
    return [
        Award(name.start, name.end, known[name.ids[0]].name, name.ids[0], chance=_SUBJECT, subject=True)
        for name in gazetteer.award_subjects().find(text)
        if bisect_left(breaks, name.start) in speaking
    ]


def _unlisted_awards(text: str, headline: int, found: Sequence[award_names.Candidate]) -> list[Award]:
    """Awards whose names no table lists, with the chance that they are."""
    named = []
    for candidate, chance in award_names.chosen(found):
        name = award_names.written(text[candidate.start : candidate.end])
        spelled = gazetteer.series_names().find(name)
        own = next((n.ids[0] for n in spelled if n.start == 0 and n.end == len(name)), None) or _series_of_short(
            _SHORT.match(text, candidate.end)
        )
        year = _YEAR_AFTER.match(text, candidate.end)
        named.append(
            Award(
                candidate.start,
                year.end() if year else candidate.end,
                gazetteer.series()[own].name if own else name,
                own,
                int(year[1]) if year else None,
                chance=chance,
                formed=award_names.is_formed(name),
            )
        )
    return [a for a in named if a.start >= headline or lowered(a.name) in lowered(text[headline:])]


def _is_of_another(text: str, start: int, end: int) -> bool:
    """Whether a contest's name goes on as another's: 'Lomba Desa' in 'Lomba Desa Bersih'."""
    behind = _WORD_BEHIND.match(text, end)
    return behind is not None and lowered(behind[1]) in _another() and lowered(text[start:end]).startswith("lomba")


_WORD_BEHIND = re.compile(r"[ \t]+(\w+)")


@cache
def _another() -> frozenset[str]:
    """The words that make another contest of one."""
    return frozenset(row["word"] for row in gazetteer.rows("award_words") if row["class"] == "another")


_PART_OF = re.compile(
    r"\s+(?:yang\s+)?(?:merupakan|menjadi|adalah|salah satu)\s+(?:bagian|rangkaian|kategori)\s+(?:dari|dalam)\s+"
)


def _of_their_event(text: str, listed: Sequence[Award], unlisted: Sequence[Award]) -> list[Award]:
    """'Smart Region yang merupakan bagian dari Indonesia Smart Nation Award': who is named under it won that award."""
    by_start = {a.start: a for a in (*listed, *unlisted) if not a.generic}
    events = {
        a.name: by_start[part.end()]
        for a in unlisted
        if (part := _PART_OF.match(text, a.end)) is not None and part.end() in by_start
    }
    return [
        replace(a, name=events[a.name].name, series=events[a.name].series, chance=1.0) if a.name in events else a
        for a in unlisted
    ]


def _short_names(text: str, awards: Sequence[Award]) -> list[Award]:
    """What a later 'BJN' means: the 'Bali Jagadhita Nugraha (BJN)' that introduces it, as surely as that is an award."""
    means: dict[str, Award] = {}
    for award in awards:
        short = _SHORT.match(text, award.end) if award.series is None and not award.generic else None
        if short is not None:
            means.setdefault(short[0].strip(" ()"), award)
    if not means:
        return []
    names = "|".join(re.escape(name) for name in sorted(means, key=len, reverse=True))
    return [
        Award(m.start(), m.end(), award.name, chance=award.chance)
        for m in re.compile(rf"(?<![\w(])(?:{names})(?!\w)").finditer(text)
        if m.start() > (award := means[m[0]]).end
    ]


def _known(names: Sequence[Entity]) -> list[award_names.Known]:
    kinds = []
    for name in names:
        if isinstance(name, Award):
            if not name.generic:
                kinds.append(award_names.Known(name.start, name.end, "award"))
        elif isinstance(name, Organization):
            kinds.append(award_names.Known(name.start, name.end, "giver"))
        else:
            kinds.append(award_names.Known(name.start, name.end, "official" if name.office else name.type))
    return kinds


def _series_of_short(short: str | re.Match[str] | None) -> str | None:
    """The series that a short name in brackets means, 'Indonesia Smart National Award (ISNA)': it outweighs a slip."""
    written = short[0] if isinstance(short, re.Match) else short
    found = gazetteer.series_names().find(written.strip(" ()")) if written else []
    return found[0].ids[0] if found else None


def _by_full_name(awards: list[Award]) -> list[Award]:
    """'Satyalancana' alone, in an article that names one in full ('Satyalancana Wira Karya'), is that one."""
    full: dict[str, dict[str, Award]] = {}
    for award in awards:
        family, _, rest = award.name.partition(" ")
        if rest and award.series and gazetteer.series()[award.series].kind == "decoration":
            full.setdefault(family, {})[award.name] = award
    one = {family: next(iter(names.values())) for family, names in full.items() if len(names) == 1}
    return [replace(a, name=one[a.name].name, series=one[a.name].series) if a.name in one else a for a in awards]


# 'program Kota Sehat', 'Forum Anak': the programme or its people, not the prize.
_NO_AWARD_BEFORE = re.compile(r"\b(?:program|[Ff]orum|tim|menuju|gerakan|mitra|konsep|gugus tugas)\s+$")


def _without_overlaps(found: list[Entity]) -> list[Entity]:
    """Longest first; but what the tables know, and an award that is rather sure or has the form of one ('Festival Desa
    Kepri'), beat a pattern, a pattern a phrase that is perhaps an award, and that a generic noun, whatever their length.
    """

    def rank(entity: Entity) -> tuple[int, int, int]:
        weak = isinstance(entity, Award) and (2 * entity.generic + (entity.chance < SURE and not entity.formed))
        return int(weak), entity.start - entity.end, entity.start

    taken = Taken()
    chosen = [entity for entity in sorted(found, key=rank) if taken.take(entity.start, entity.end)]
    return sorted(chosen, key=lambda e: e.start)
