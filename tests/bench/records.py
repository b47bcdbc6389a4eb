"""Invented readings in any number, the same for a seed and a size: what loading and asking are measured with.

`readings(1_000_000)` gives articles that make a million mentions of about 300,000 awards, skewed as in life: a few great
prizes with hundreds of winners a year and very many small ones; capitals that win ten times what others do; awards that
one outlet reports and some that forty do; press releases copied word for word, lists of winners, articles that recall
earlier years, dates a day off, levels that outlets differ on. Evidence stands in the text as loading demands it, as much
a mention as the sample has (seven or eight). Knows nothing of databases.
"""

from __future__ import annotations

from array import array
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final, cast

from etl import gazetteer
from etl.model import Article, AwardKind, AwardMention, Evidence, PageRef, Reading, RecipientType, short_hash

MENTIONS_AN_AWARD: Final = 10 / 3
FIRST_YEAR, LAST_YEAR = 2015, 2026
WIB: Final = timezone(timedelta(hours=7))

OUTLETS: Final = {
    "antaranews": "ANTARA", "tribunnews": "Tribunnews", "detik": "detikcom", "kompas": "Kompas.com", "rri": "RRI",
    "infopublik": "InfoPublik", "jpnn": "JPNN.com", "liputan6": "Liputan6.com", "republika": "Republika",
    "sindonews": "SINDOnews", "timesindonesia": "TIMES Indonesia", "jawapos": "JawaPos.com", "merdeka": "merdeka.com",
    "okezone": "Okezone", "suara": "Suara.com", "viva": "VIVA", "beritajatim": "beritajatim.com", "tempo": "Tempo",
    "mediaindonesia": "Media Indonesia", "pikiranrakyat": "Pikiran Rakyat", "idntimes": "IDN Times",
    "cnnindonesia": "CNN Indonesia", "kumparan": "kumparan", "cnbcindonesia": "CNBC Indonesia",
}  # fmt: skip
"""Site -> outlet, the most productive first."""

_SITES: Final = tuple(OUTLETS)
_SITE_WEIGHTS: Final = tuple(accumulate(1 / (n + 1) ** 0.7 for n in range(len(_SITES))))
_WORDS: Final = (
    "pemerintah daerah terus mendorong layanan warga agar lebih cepat mudah dan terbuka bagi semua kalangan di wilayah itu "
    "program tersebut melibatkan banyak pihak mulai dari dinas sekolah puskesmas hingga kelompok tani serta pelaku usaha kecil "
    "capaian ini hasil kerja keras seluruh jajaran bersama masyarakat yang ikut menjaga lingkungan dan membangun kebiasaan baik "
    "menurut data terakhir angka partisipasi naik dibanding tahun lalu walau masih ada pekerjaan rumah yang harus dituntaskan "
    "tim penilai datang langsung melihat lapangan memeriksa dokumen lalu mewawancarai sejumlah warga secara acak selama sepekan "
    "ke depan anggaran akan diarahkan untuk perbaikan sarana pelatihan petugas dan pendampingan desa yang belum terjangkau"
).split()
_NAMES: Final = (
    "Agus Ahmad Andi Ani Arif Bambang Bayu Budi Citra Darmawan Dedi Dewi Dian Eka Endang Fajar Fitri Gunawan Hadi Hasan Hendra "
    "Indra Irma Joko Kartika Lestari Lukman Maria Mulyadi Nur Nugroho Prasetyo Putri Rahmat Ratna Rina Rizal Sari Setiawan Siti "
    "Slamet Sri Sugeng Suharto Sulastri Surya Susilo Teguh Tri Utami Wahyu Wibowo Widodo Yanti Yusuf Zainal Zulkifli"
).split()
_PLACES: Final = (
    "Sumber Suka Karang Tanjung Batu Wono Gunung Air Muara Kali Pulau Rawa Banjar Teluk Bukit Sido Mekar Tirta Jati Ranu"
).split()
_ENDINGS: Final = "jaya maju rejo sari mulyo harjo asri indah makmur agung baru lama raya tengah".split()
_THINGS: Final = (
    "Humas Literasi Inovasi Pelayanan Kebersihan Pangan Kesehatan Gizi Taman Pasar Wisata Budaya Arsip Data Pajak Koperasi Zakat "
    "Pemuda Olahraga Sekolah Irigasi Jalan Energi Air Hutan Iklim Transportasi Keselamatan Kerukunan Disabilitas Perempuan"
).split()
_MANNERS: Final = (
    "Unggul Terpadu Nusantara Mandiri Cerdas Lestari Berdaya Prima Inklusif Tangguh Gemilang Berkelanjutan".split()
)
_HALLS: Final = (
    "Hotel Bidakara", "Balai Kartini", "Gedung Smesco", "Istana Wakil Presiden", "Jakarta Convention Center", "Gedung Sate",
    "Gedung Negara Grahadi", "Pendopo Agung", "Ballroom Hotel Sultan", "Gedung Manggala Wanabakti", "Auditorium Kementerian",
)  # fmt: skip
_TOWNS: Final = ("Jakarta", "Jakarta", "Jakarta", "Surabaya", "Bandung", "Semarang", "Makassar", "Medan", "Denpasar")
_UNITS: Final = (
    "Dinas Kesehatan",
    "Dinas Pendidikan",
    "Dinas Lingkungan Hidup",
    "Disdukcapil",
    "RSUD",
    "Bappeda",
    "BPBD",
    "Diskominfo",
)
_FIELDS: Final = (
    "Inovasi Daerah",
    "Layanan Dasar",
    "Kabupaten Besar",
    "Kota Sedang",
    "Tata Kelola",
    "Pemberdayaan",
    "Digitalisasi",
)
_PLACED: Final = ("Juara I", "Juara II", "Juara III", "Terbaik I", "Terbaik II", "Harapan I")
_MONTHS: Final = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()


@dataclass(frozen=True, slots=True)
class _Ceremony:
    """One award of one year: everything that its reports have in common. `number` seeds what differs."""

    number: int
    award: str
    series: str | None
    kind: AwardKind
    levels: tuple[str, ...]
    giver: str
    year: int
    edition: int | None
    day: date
    place: str
    size: int


@dataclass(frozen=True, slots=True)
class _Winner:
    name: str
    type: RecipientType
    region: str
    code: str
    head: str
    category: str | None
    rank: str | None


def readings(mentions: int, seed: int = 1, by_site: bool = True) -> Iterator[Reading]:
    """Readings with that many mentions in all, of 0.3 as many awards; site by site, each in the order of its days.

    That is the order of a rebuild: reports of one award come far apart. Not `by_site` they come together, which loads
    faster where the rows are wanted and not the time.
    """
    ceremonies = _ceremonies(round(mentions / MENTIONS_AN_AWARD), seed)
    codes = _articles(ceremonies, mentions, seed)
    for code in codes if by_site else sorted(codes, key=lambda code: code >> 27 & 0x3FFFFFFF):
        yield _reading(ceremonies, code, seed)


# ----------------------------------------------------------------------------------------------------------- ceremonies


def _ceremonies(awards: int, seed: int) -> list[_Ceremony]:
    """Ceremonies whose winners make that many awards in all, in the order of their days."""
    chance = Random(seed * 1_000_003)
    catalogue = sorted(gazetteer.series().values(), key=lambda one: short_hash(str(seed), one.id))
    editions = [(one, year) for one in catalogue for year in range(FIRST_YEAR, LAST_YEAR + 1)]
    chance.shuffle(editions)
    rank = {one.id: n for n, one in enumerate(catalogue)}
    made: list[_Ceremony] = []
    left = awards
    while left > 0:
        if editions and chance.random() < 0.12:
            one, year = editions.pop()
            size = max(1, min(500, round(480 / (1 + rank[one.id] / 4) ** 0.9 * chance.uniform(0.5, 1.1))))
            edition = year - 1 if chance.random() < 0.2 else year
            day = _day(chance, year)
            award, series, kind, levels = one.name, one.id, one.kind, one.levels
            giver = (one.giver or "Kementerian Dalam Negeri").split("; ")[0]
        else:
            year = chance.randrange(FIRST_YEAR, LAST_YEAR + 1)
            size, edition, day = max(1, min(40, int(chance.paretovariate(1.3)))), year, _day(chance, year)
            award = f"Anugerah {chance.choice(_THINGS)} {chance.choice(_THINGS)} {chance.choice(_MANNERS)}"
            series, kind, levels = None, "award", ()
            giver = f"Pemerintah {chance.choice(_regions()).name}"
        size = min(size, left)
        place = f"{chance.choice(_HALLS)}, {chance.choice(_TOWNS)}"
        made.append(_Ceremony(0, award, series, cast(AwardKind, kind), levels, giver, year, edition, day, place, size))
        left -= size
    made.sort(key=lambda c: (c.day, c.award, c.giver))
    return [
        _Ceremony(n, c.award, c.series, c.kind, c.levels, c.giver, c.year, c.edition, c.day, c.place, c.size)
        for n, c in enumerate(made)
    ]


def _day(chance: Random, year: int) -> date:
    return date(year, 1, 1) + timedelta(days=min(364, int(365 * chance.betavariate(3, 1.6))))


@cache
def _regions() -> list[gazetteer.Region]:
    """The most decorated first."""
    return sorted(gazetteer.regions().values(), key=lambda region: short_hash(region.code))


@cache
def _weights() -> Sequence[float]:
    return tuple(accumulate(1 / (n + 8) ** 0.8 for n in range(len(_regions()))))


def _winner(ceremony: _Ceremony, place: int, seed: int) -> _Winner:
    """The winner in that place of a ceremony: no two of one ceremony are the same."""
    chance = Random((seed << 40) ^ (ceremony.number << 12) ^ place)
    if ceremony.size > 60:  # nearly all regions win: a walk through them that meets each once
        region = _regions()[(ceremony.number * 31 + place) % len(_regions())]
    else:
        region = _regions()[bisect(_weights(), chance.random() * _weights()[-1])]
    head = _person(region.code, ceremony.year // 5)
    drawn = chance.random()
    kind: RecipientType = "region"
    name = region.name
    if ceremony.size <= 60 and drawn > 0.62:
        kind, name = _other(chance, region, place)
    rank = None
    if ceremony.levels:
        rank = ceremony.levels[min(int(chance.betavariate(1.5, 2) * len(ceremony.levels)), len(ceremony.levels) - 1)]
    elif chance.random() < 0.7:
        rank = _PLACED[min(place, 5)]
    category = _FIELDS[place % len(_FIELDS)] if ceremony.size <= 60 and ceremony.number % 5 < 3 else None
    return _Winner(name, kind, region.name, region.code, head, category, rank)


def _other(chance: Random, region: gazetteer.Region, place: int) -> tuple[RecipientType, str]:
    drawn = chance.random()
    spot = f"{chance.choice(_PLACES)}{chance.choice(_ENDINGS)}"
    if drawn < 0.28:
        return "agency", f"{chance.choice(_UNITS)} {region.name}"
    if drawn < 0.48:
        return "village", f"Desa {spot} {place + 1}" if place > 3 else f"Desa {spot}"
    if drawn < 0.66:
        return "school", f"SMPN {chance.randrange(1, 30)} {region.base}"
    if drawn < 0.80:
        return "company", f"Perumda Air Minum Tirta {chance.choice(_MANNERS)} {region.base}"
    if drawn < 0.90:
        return "official", _person(region.code, chance.randrange(400, 404))
    if drawn < 0.95:
        return "police", f"Polres {region.base}"
    return "person", _person(region.code, chance.randrange(2000))


@cache
def _person(code: str, number: int) -> str:
    chance = Random(int(short_hash(code, str(number)), 16))
    return " ".join(dict.fromkeys(chance.choice(_NAMES) for _ in range(3)))


# ------------------------------------------------------------------------------------------------------------- articles

_RECALL, _COPY = 1, 2
_LONGEST = 25  # winners in one list
_SERIAL = 1 << 20


def _articles(ceremonies: Sequence[_Ceremony], mentions: int, seed: int) -> array[int]:
    """A number an article, in which stand site, ceremony, first and number of winners, form; sorted by site and day."""
    chance = Random(seed * 7_000_003)
    found = array("q")
    sizes = list(accumulate(c.size for c in ceremonies))
    left = mentions

    def add(number: int, place: int, count: int, form: int = 0) -> None:
        nonlocal left
        left -= count + (2 if form & _RECALL else 0)
        site = bisect(_SITE_WEIGHTS, chance.random() * _SITE_WEIGHTS[-1])
        head = ((site << 20 | number) << 10 | place) << 5 | count
        found.append((head << 2 | form) << 20 | len(found) % _SERIAL)

    for ceremony in ceremonies:  # each award is told once at least
        first = 0
        while first < ceremony.size:
            count = min(ceremony.size - first, _LONGEST if ceremony.size > 3 else chance.choice((1, 2, 3)))
            add(ceremony.number, first, count)
            first += count
    while left > 0:  # and some very often
        ceremony = ceremonies[bisect(sizes, int(sizes[-1] * chance.random()))]
        place = chance.randrange(ceremony.size)
        count = min(chance.choice((1, 1, 1, 2, 2, 3, 4, 8)), ceremony.size - place, left)
        copied = chance.random() < 0.4
        for _ in range(min(40, int(chance.paretovariate(1.1)))):
            if left >= count:
                recalls = not copied and left >= count + 2 and chance.random() < 0.25
                add(ceremony.number, place, count, _COPY if copied else _RECALL if recalls else 0)
    return array("q", sorted(found))


def _reading(ceremonies: Sequence[_Ceremony], code: int, seed: int) -> Reading:
    head, form = code >> 22, code >> 20 & 3
    site, number, place, count = _SITES[head >> 35], head >> 15 & 0xFFFFF, head >> 5 & 0x3FF, head & 0x1F
    ceremony = ceremonies[number]
    chance = Random(code * 31 + seed)
    published = datetime(ceremony.day.year, ceremony.day.month, ceremony.day.day, 9, tzinfo=WIB) + timedelta(
        days=chance.choice((0, 0, 0, 1, 1, 2, 5)), minutes=chance.randrange(700)
    )
    # A copied release has the words of its ceremony and winner, all others words of their own.
    prose = Random(number * 1024 + place) if form & _COPY else chance
    winners = [_winner(ceremony, n, seed) for n in range(place, place + count)]
    text = _Text(f"{winners[0].name} Raih {ceremony.award}, {chance.choice(_MANNERS)}")
    text.paragraph(_sentence(prose))
    claims = [_told(text, ceremony, winner, chance, listed=count > 1) for winner in winners]
    text.paragraph(_sentence(prose))
    if form & _RECALL:
        claims += [_recalled(text, ceremony, winners[0], ceremony.year - back) for back in (1, 2)]
    for _ in range(2):
        text.paragraph(_sentence(prose))
    key = f"{code:x}-{short_hash(str(seed), str(code))[:6]}"
    article = Article(
        site=site, outlet=OUTLETS[site], article_id=key, url=f"https://{site}.example/{key}", canonical_url=None,
        layout="2024", title=text.lines[0], author=_person(site, chance.randrange(40)), editors=(),
        published_at=published, dateline=None, tags=(), photo_caption=None, paragraphs=tuple(text.lines[1:]),
    )  # fmt: skip
    seen = published.astimezone(UTC) + timedelta(minutes=chance.randrange(5, 200))
    ref = PageRef(site, article.url, f"sha1:{key.upper()}", f"{site}/{seen:%Y-%m}.warc.gz", 0, 0, seen, seen)
    return Reading(ref, "0123456789abcdef", article, tuple(claims), is_award_article=True)


def _sentence(chance: Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randrange(24, 44))).capitalize() + "."


def _told(text: _Text, ceremony: _Ceremony, winner: _Winner, chance: Random, listed: bool) -> AwardMention:
    """Writes the paragraph that tells it, and gives what it claims."""
    day, rank = ceremony.day, winner.rank
    if chance.random() < 0.04:
        day += timedelta(days=chance.choice((-1, 1, 2)))
    if rank is not None and ceremony.levels and chance.random() < 0.03:
        rank = ceremony.levels[0]
    with_day = chance.random() < 0.82
    with_edition = ceremony.edition is not None and (ceremony.edition != ceremony.year or chance.random() < 0.4)
    edition = ceremony.edition if with_edition else None
    category = winner.category if listed or chance.random() < 0.8 else None
    found: dict[str, Evidence] = {}

    def say(field: str, words: str) -> None:
        found[field] = text.quote(field, words)

    say("recipient", winner.name)
    text.add(" ")
    say("status", "meraih")
    text.add(" ")
    say("award", ceremony.award)
    if edition is not None:
        text.add(" ")
        say("edition_year", str(edition))
    if category is not None:
        text.add(" kategori ")
        say("category", category)
    if rank is not None:
        text.add(" sebagai ")
        say("rank", rank)
    text.add(" dari ")
    say("giver", ceremony.giver)
    presenter = received = None
    if not listed:
        text.add(", diserahkan ")
        presenter = _person("presenter", ceremony.number % 300)
        say("presented_by", presenter)
        if winner.type == "region" and chance.random() < 0.6:
            text.add(f" dan diterima {_office(winner)} ")
            received = winner.head
            say("received_by", received)
    text.add(" di ")
    say("place", ceremony.place)
    if with_day:
        text.add(", ")
        say("awarded_on", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")
    text.add(".")
    text.end()
    return AwardMention(
        recipient=winner.name, recipient_type=winner.type, award=ceremony.award, evidence=tuple(found.values()),
        region=winner.region, region_code=winner.code, series=ceremony.series, kind=ceremony.kind, category=category,
        rank=rank, giver=ceremony.giver, presented_by=presenter, received_by=received,
        awarded_on=day.isoformat() if with_day else None, edition_year=edition, place=ceremony.place,
        status="nominated" if chance.random() < 0.05 else "won",
        confidence=round(0.35 + 0.64 * chance.betavariate(4, 1.5), 2),
    )  # fmt: skip


def _recalled(text: _Text, ceremony: _Ceremony, winner: _Winner, year: int) -> AwardMention:
    """The same prize of an earlier year, recalled in passing."""
    text.add("Sebelumnya ")
    words = [text.quote("recipient", winner.name)]
    text.add(" juga ")
    words.append(text.quote("status", "meraih"))
    text.add(" ")
    words.append(text.quote("award", ceremony.award))
    text.add(" tahun ")
    words.append(text.quote("edition_year", str(year)))
    text.add(".")
    text.end()
    return AwardMention(
        recipient=winner.name, recipient_type=winner.type, award=ceremony.award, evidence=tuple(words),
        region=winner.region, region_code=winner.code, series=ceremony.series, kind=ceremony.kind, edition_year=year,
        awarded_on=str(year), in_focus=False, confidence=0.55,
    )  # fmt: skip


def _office(winner: _Winner) -> str:
    kind, _, base = winner.region.partition(" ")
    return f"{ {'Provinsi': 'Gubernur', 'Kota': 'Wali Kota'}.get(kind, 'Bupati') } {base}"


class _Text:
    """An article as it grows: lines, and where in the whole text the next character comes to stand."""

    def __init__(self, title: str) -> None:
        self.lines = [title]
        self._parts: list[str] = []
        self._at = len(title) + 1

    def add(self, words: str) -> None:
        self._parts.append(words)
        self._at += len(words)

    def quote(self, field: str, words: str) -> Evidence:
        start = self._at
        self.add(words)
        return Evidence(field, start, self._at, words)

    def paragraph(self, words: str) -> None:
        self.add(words)
        self.end()

    def end(self) -> None:
        """Ends the paragraph."""
        self.lines.append("".join(self._parts))
        self._parts.clear()
        self._at += 1
