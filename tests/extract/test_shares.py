"""Whose a rank is by position, and when one place tells of several prizes: of sentences alone, no model asked."""

from __future__ import annotations

import pytest

from etl.extract import claims_in
from etl.extract.document import document_of
from etl.extract.fields import details, prizes, shares
from etl.extract.fields.candidates import MARKS
from etl.extract.fields.shares import Mark
from etl.extract.places.receivers import Receiver, receivers
from etl.extract.places.survey import survey
from etl.extract.text import sentences


def ranks(sentence: str, *names: str) -> dict[str, list[str]]:
    """The ranks of each name."""
    spans = [(sentence.index(name), sentence.index(name) + len(name)) for name in names]
    whole = (0, len(sentence))
    found = shares.dealt(sentence, whole, MARKS["rank"](sentence, whole), spans)
    return {name: [m.value for m in found.get(start, [])] for name, (start, _) in zip(names, spans, strict=True)}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Juara I Ambarita, juara II Belimbing, juara III Cacaban.", ["Juara I", "juara II", "juara III"]),
        ("Ambarita (I), Belimbing (II), dan Cacaban (III).", ["I", "II", "III"]),
        ("Ambarita juara I, Belimbing juara II, Cacaban juara III.", ["juara I", "juara II", "juara III"]),
        ("Juara I sampai III berturut-turut Ambarita, Belimbing, dan Cacaban.", ["juara I", "juara II", "juara III"]),
        ("Ambarita, Belimbing, Cacaban masing-masing terbaik 1, 2, dan 3.", ["terbaik 1", "terbaik 2", "terbaik 3"]),
        ("Posisi pertama milik Ambarita, disusul Belimbing dan Cacaban.", ["Posisi pertama", "posisi kedua", "posisi ketiga"]),
        ("Ambarita di urutan pertama disusul Belimbing dan Cacaban.", ["urutan pertama", "urutan kedua", "urutan ketiga"]),
        ("Ambarita dan Belimbing di tingkat Madya; Cacaban di tingkat Utama.", ["Madya", "Madya", "Utama"]),
    ],
)  # fmt: skip
def test_ranks_are_dealt_out_by_position(sentence: str, expected: list[str]) -> None:
    dealt = ranks(sentence, "Ambarita", "Belimbing", "Cacaban")
    assert [m for marks in dealt.values() for m in marks] == expected


def test_a_place_behind_a_run_is_the_last_ones() -> None:
    assert ranks("Ambarita dan Belimbing di posisi kedua.", "Ambarita", "Belimbing")["Ambarita"] == []


def test_a_list_goes_on_in_the_next_sentence() -> None:
    text = "Peringkat kedua diraih Ambarita. Berikutnya Belimbing dan Cacaban."
    names = [(text.index(name), text.index(name) + len(name)) for name in ("Belimbing", "Cacaban")]
    found = shares.counted_on(text, (33, len(text)), names, Mark("Peringkat kedua", 0, 15, (2,)), (0, 32))
    assert [m.value for m in found.values()] == ["peringkat ketiga", "peringkat keempat"]


def test_a_streak_counts_nobody() -> None:
    text = "Dua kali berturut-turut Ambarita dan Belimbing menang."
    names = [(text.index(name), text.index(name) + len(name)) for name in ("Ambarita", "Belimbing")]
    assert shares.counted_on(text, (0, len(text)), names, None, (0, 0)) == {}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Bogor meraih tiga kategori, yakni pasar, taman, serta jalan raya.", ["pasar", "taman", "jalan raya"]),
        ("Bogor menerima dua sekaligus: laju tercepat dan indikator terbanyak.", ["laju tercepat", "indikator terbanyak"]),
        ("Bogor menerima dua piagam, yaitu tepat waktu dan tertib dan rapi.", []),
        ("Bogor menerima tiga kali piagam tanpa kategori.", []),
        ("Bogor meraih dua kategori, yakni pasar dan taman serta jalan raya.", ["pasar dan taman", "jalan raya"]),
        ("Bogor meraih piagam dalam tiga kelas, Emas, Perak, dan Perunggu, di Solo.", ["Emas", "Perak", "Perunggu"]),
        ("Bogor menerima dua, yaitu penataan pasar dan pengelolaan taman.", ["penataan pasar", "pengelolaan taman"]),
        ("Bogor menyabet kategori Pasar Rakyat, Taman, serta Jalan Raya.", ["Pasar Rakyat", "Taman", "Jalan Raya"]),
        ("Bogor menyabet kategori Pasar Rakyat dan Taman.", []),
        ("Bogor menerima piagam dua kali, pada 2017 dan 2018.", []),
        ("Desa itu terbaik sebagai Lumbung Pangan, terbaik dalam Tata Ruang, juga Tertib Arsip dan Dokumentasi.", [
            "Lumbung Pangan", "Tata Ruang", "Tertib Arsip dan Dokumentasi"]),
        ("Bogor unggul di lomba Pola Asuh (PA), Rumah Asri dan Dapur Sehat.", [
            "Pola Asuh (PA)", "Rumah Asri", "Dapur Sehat"]),
    ],
)  # fmt: skip
def test_categories_that_are_counted_out(sentence: str, expected: list[str]) -> None:
    found = prizes.prizes_in(sentence, (0, len(sentence)), [], [], [])
    assert [prize.category.value for prize in found if prize.category] == expected


def test_awards_that_are_counted_out_are_no_categories() -> None:
    sentence = "Bogor meraih dua penghargaan, yakni Adipura dan Adiwiyata."
    awards = [(sentence.index("Adipura"), sentence.index("Adipura") + 7)]
    assert prizes.prizes_in(sentence, (0, len(sentence)), [], [], awards) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Bogor meraih peringkat 2 Penilaian Kompetensi dan peringkat 3 Mutasi Pegawai.", [
            ("peringkat 2", "Penilaian Kompetensi"), ("peringkat 3", "Mutasi Pegawai")]),
        ("Bogor naik ke peringkat 2 dari peringkat 3 tahun lalu.", []),
    ],
)  # fmt: skip
def test_ranks_side_by_side_are_prizes_of_their_own(sentence: str, expected: list[tuple[str, str]]) -> None:
    whole = (0, len(sentence))
    found = prizes.prizes_in(sentence, whole, MARKS["rank"](sentence, whole), [], [])
    assert [(p.rank and p.rank.value, p.category and p.category.value) for p in found] == expected


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("Piagam kedua untuk pasar terbersih.", True),
        ("Ketiga, kota itu menang di bidang taman.", True),
        ("Kedua kota itu menang.", False),
        ("Piagam itu diserahkan kemarin.", False),
    ],
)
def test_sentences_that_number_prizes(sentence: str, is_one: bool) -> None:
    (line,) = [s for s in sentences(f"Judul\n{sentence}") if s.paragraph]
    assert (prizes.numbering(f"Judul\n{sentence}", line) is not None) is is_one


def test_lines_under_labels_are_a_list_however_long() -> None:
    text = (
        "Judul\nAdipura diberikan kepada daerah berikut:\nProvinsi: Jawa Timur, Jawa Tengah, Bali\n"
        "Kabupaten: Tulungagung, Pinrang, Sidoarjo, Pasaman, Nganjuk, Bantul, Lamongan, Kudus, Kulon Progo, Bintan"
    )
    assert [s.kind for s in document_of(text, None, None).sentences][-2:] == ["item", "item"]


def _places(*lines: str) -> list[Receiver]:
    document = document_of("\n".join(lines), None, None)
    return list(receivers(survey(document, claims_in(document))))


def test_years_are_dealt_out_to_names_and_awards() -> None:
    places = _places("Judul", "Kota Bogor meraih Adipura pada 2016 dan Kota Depok pada 2017. Kini 2020.")
    named = {p.recipient.name: p.line.years_by_position.get(p.recipient.start) for p in places if not p.implied}
    assert named == {"Kota Bogor": frozenset({2016}), "Kota Depok": frozenset({2017})}
    (place,) = [
        p
        for p in _places("Judul", "Kota Bogor meraih Adipura pada 2016 dan Adiwiyata pada 2017. Kini 2020.")
        if not p.implied
    ]
    tied = {c.award.series: place.line.years_by_position[c.award.start] for c in place.choices if c.award}
    assert tied == {"adipura": {2016}, "adiwiyata": {2017}}


def test_lines_of_the_winners_own_list_may_leave_it_unsaid() -> None:
    places = _places(
        "Lima panji untuk Kabupaten Berau",
        "Kabupaten Berau meraih penghargaan untuk:",
        "1. bidang perkebunan",
        "2. bidang pariwisata",
    )
    lines = [p for p in places if p.line.article.document.sentences[p.sentence].kind == "item"]
    assert [(p.implied, p.recipient.name) for p in lines] == [(True, "Kabupaten Berau")] * 2


@pytest.mark.parametrize(
    ("heading", "expected"), [("WISTARA", ["Wistara"]), ("Peraih BB:", ["BB"]), ("DAFTAR PEMENANG", [])]
)
def test_what_a_heading_says_its_list_is_of(heading: str, expected: list[str]) -> None:
    assert [found.value for found, _ in details.ranks_in(heading, (0, len(heading)))] == expected
