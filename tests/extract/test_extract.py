"""The reader, one construction a case: what a careful analyst would read, and what nobody should."""

from __future__ import annotations

from datetime import date

import pytest

from etl.extract import extract, is_award_article, judge
from etl.extract.fields import roles
from etl.extract.text import sentences
from etl.model import AwardMention

PUBLISHED = date(2026, 11, 20)


def read(*paragraphs: str, headline: str = "Kabar Daerah Hari Ini") -> tuple[AwardMention, ...]:
    return extract("\n".join((headline, *paragraphs)), PUBLISHED)


def winners(found: tuple[AwardMention, ...]) -> set[tuple[str, str]]:
    return {(m.recipient, m.award) for m in found if m.status in ("won", "record")}


ADIPURA, IGA = "Adipura", "Innovative Government Award"

FRAMES = {
    "receive": ("Pemkot Madiun meraih Adipura dari Kementerian Lingkungan Hidup.", {("Kota Madiun", ADIPURA)}),
    "receive, several": (
        "Kabupaten Sleman, Kota Salatiga, dan Kabupaten Klaten menerima Adipura.",
        {("Kabupaten Sleman", ADIPURA), ("Kota Salatiga", ADIPURA), ("Kabupaten Klaten", ADIPURA)},
    ),
    "a head stands for the region": ("Bupati Sleman Arya Wibowo menerima Adipura.", {("Kabupaten Sleman", ADIPURA)}),
    "receive_passive": ("Kota Bogor dianugerahi Adipura oleh kementerian.", {("Kota Bogor", ADIPURA)}),
    "award_subject": ("Piala Adipura diraih Kabupaten Ciamis.", {("Kabupaten Ciamis", ADIPURA)}),
    "falls to": ("Piala Adipura jatuh kepada Kabupaten Ciamis.", {("Kabupaten Ciamis", ADIPURA)}),
    "give": (
        "Kementerian Lingkungan Hidup menganugerahkan Adipura kepada Kota Bogor dan Kota Depok.",
        {("Kota Bogor", ADIPURA), ("Kota Depok", ADIPURA)},
    ),
    "hand_over": (
        "Piala Adipura diserahkan Menteri Lingkungan Hidup kepada Wali Kota Bogor Rian Saputra.",
        {("Kota Bogor", ADIPURA)},
    ),
    "accepted_by": ("Adipura diterima langsung oleh Bupati Sleman Arya Wibowo.", {("Kabupaten Sleman", ADIPURA)}),
    "for, without a verb": (
        "Ada pula sertifikat Adipura untuk Kabupaten Tanah Datar.", {("Kabupaten Tanah Datar", "Sertifikat Adipura")},
    ),
    "numbered subject": (
        "Dua daerah di Jawa Barat mendapat Adipura, yakni Kota Bogor dan Kabupaten Ciamis.",
        {("Kota Bogor", ADIPURA), ("Kabupaten Ciamis", ADIPURA)},
    ),
    "relative": (
        "Warga iri kepada Kabupaten Boyolali dan Kabupaten Klaten yang tahun ini mendapat Adipura.",
        {("Kabupaten Boyolali", ADIPURA), ("Kabupaten Klaten", ADIPURA)},
    ),
    "a province behind a name only says where": (
        "Kabupaten Kubu Raya, Kalimantan Barat, meraih Adipura.", {("Kabupaten Kubu Raya", ADIPURA)},
    ),
    "a decoration goes to the person": (
        "Bupati Sleman Arya Wibowo dianugerahi Satyalancana Pembangunan.", {("Arya Wibowo", "Satyalancana Pembangunan")},
    ),
    "short forms": ("Pemkab Humbahas meraih Adipura.", {("Kabupaten Humbang Hasundutan", ADIPURA)}),
    "capitals at the start": ("BUPATI Sleman Arya Wibowo menerima Adipura.", {("Kabupaten Sleman", ADIPURA)}),
}  # fmt: skip


@pytest.mark.parametrize("case", FRAMES)
def test_frames(case: str) -> None:
    sentence, expected = FRAMES[case]
    assert winners(read(sentence)) == expected


NOBODY = {
    "plan": "Pemkot Bogor akan menerima Adipura tahun depan.",
    "target": "Pemkab Sleman menargetkan meraih Adipura pada 2027.",
    "failure": "Kabupaten Sragen gagal meraih Adipura.",
    "denial": "Kota Bogor tidak mendapat Adipura tahun ini.",
    "figure of speech": "Kami memberi penghargaan setinggi-tingginya kepada warga Kota Bogor.",
    "a lower opinion": "Kabupaten Maybrat harus puas dengan opini Wajar Dengan Pengecualian (WDP).",
    "another story": "Baca juga: Pemkot Depok Raih Adipura 2026",
    "no award": "Warga Kota Bogor menerima bantuan beras dari Kementerian Sosial.",
    "somebody nobody knows": "PSSI meraih FIFA Forward Awards di Jakarta.",
    "explainer": "Adipura adalah penghargaan bagi kota yang bersih.",
}


@pytest.mark.parametrize("case", NOBODY)
def test_nobody_won(case: str) -> None:
    assert winners(read(NOBODY[case])) == set()


def test_kota_and_kabupaten_of_one_name_are_told_apart() -> None:
    found = read("Kota Mojokerto menyabet Adipura, sedangkan Kabupaten Mojokerto menerima sertifikat Adipura.")
    assert {(m.recipient, m.region_code, m.award) for m in found} == {
        ("Kota Mojokerto", "35.76", "Adipura"),
        ("Kabupaten Mojokerto", "35.16", "Sertifikat Adipura"),
    }


def test_a_bare_ambiguous_name_says_that_it_is() -> None:
    (found,) = read("Mojokerto meraih Adipura.")
    assert (found.region, found.region_code) == ("Kabupaten Mojokerto", None)


def test_a_bare_name_means_what_the_article_types() -> None:
    found = read("Kota Mojokerto berbenah.", "Mojokerto meraih Adipura.")
    assert [(m.recipient, m.region_code) for m in found] == [("Kota Mojokerto", "35.76")]


def test_roles_are_kept_apart() -> None:
    (found,) = read(
        "Kota Bogor meraih Adipura dari Kementerian Lingkungan Hidup. Piala diserahkan oleh Menteri Lingkungan Hidup Bagas "
        "Prakoso dan diterima langsung oleh Wali Kota Bogor Rian Saputra di Hotel Sahid, Jakarta, Rabu (18/11/2026)."
    )
    assert found.giver == "Kementerian Lingkungan Hidup"
    assert found.presented_by == "Bagas Prakoso"
    assert found.received_by == "Rian Saputra"
    assert found.place == "Hotel Sahid, Jakarta"
    assert found.awarded_on == "2026-11-18"


def test_the_day_of_a_statement_is_not_the_day_of_the_award() -> None:
    (found,) = read(
        'Kota Bogor meraih Adipura. "Kami bersyukur," ujar Wali Kota Bogor Rian Saputra dalam keterangan tertulis, Kamis '
        "(19/11/2026). Piala itu diterima di Jakarta, Rabu (18/11)."
    )
    assert found.awarded_on == "2026-11-18"


def test_earlier_wins_are_recalled_with_their_years() -> None:
    found = read("Kota Bogor meraih Adipura 2026.", "Sebelumnya, Kota Bogor juga meraih Adipura pada 2018 dan 2023.")
    assert {(m.awarded_on, m.in_focus) for m in found if not m.in_focus} == {("2018", False), ("2023", False)}
    assert len([m for m in found if m.in_focus]) == 1


def test_a_streak_is_not_several_records() -> None:
    found = read("Pemkab Sleman meraih opini WTP dari BPK untuk kesembilan kalinya, sembilan tahun berturut-turut.")
    assert len(found) == 1


def test_a_region_that_gives_does_not_receive() -> None:
    found = read(
        "Pemkot Bogor memberikan penghargaan kepada RW 05 Kelurahan Pabaton dan SMPN 3 Bogor atas kebersihannya."
    )
    assert {m.recipient for m in found} == {"RW 05 Kelurahan Pabaton", "SMPN 3 Bogor"}
    assert {m.award for m in found} == {"Penghargaan Pemerintah Kota Bogor"}


def test_a_list_under_a_heading() -> None:
    found = read(
        "Innovative Government Award 2026 diumumkan Kementerian Dalam Negeri.",
        "Berikut pemenang kategori kabupaten terinovatif:",
        "1. Kabupaten Banyuwangi",
        "2. Kabupaten Sumedang",
        "3. Kabupaten Situbondo",
    )
    assert [(m.recipient, m.award) for m in found] == [
        ("Kabupaten Banyuwangi", IGA), ("Kabupaten Sumedang", IGA), ("Kabupaten Situbondo", IGA),
    ]  # fmt: skip
    assert {m.category for m in found} == {"kabupaten terinovatif"}


def test_a_table_has_its_ranks_and_categories_in_columns() -> None:
    found = read(
        "Berikut daftar pemenang Innovative Government Award 2026:",
        "Kategori | Peringkat | Penerima",
        "Kota | 1 | Kota Surakarta",
        "Kota | 2 | Kota Bogor",
    )
    assert [(m.recipient, m.category, m.rank) for m in found] == [
        ("Kota Surakarta", "Kota", "1"),
        ("Kota Bogor", "Kota", "2"),
    ]


def test_ranks_in_one_sentence() -> None:
    found = read("Peringkat pertama Adipura diraih Kota Bogor, disusul Kota Depok dan Kota Bekasi.")
    assert [(m.recipient, m.rank) for m in found] == [
        ("Kota Bogor", "Peringkat pertama"), ("Kota Depok", "peringkat kedua"), ("Kota Bekasi", "peringkat ketiga"),
    ]  # fmt: skip


def test_a_level_is_one_of_its_own_series() -> None:
    (found,) = read("Kabupaten Sleman meraih predikat Utama Kabupaten Layak Anak, naik dari Nindya.")
    assert (found.series, found.rank) == ("kabupaten-kota-layak-anak", "Utama")


def test_nominees_have_not_won() -> None:
    found = read(
        "Kabupaten Tapin masuk nominasi Paritrana Award 2026.", headline="Tapin Masuk Nominasi Paritrana Award"
    )
    assert {m.status for m in found} == {"nominated"}
    assert not is_award_article(found)


def test_partners_are_whole_names() -> None:
    (found,) = read(
        "Kota Bogor meraih Adipura.",
        "Penghargaan itu merupakan kerja sama dengan Kementerian Desa, Pembangunan Daerah Tertinggal, dan Transmigrasi serta "
        "Kantor Staf Presiden.",
    )
    assert found.partners == (
        "Kementerian Desa, Pembangunan Daerah Tertinggal, dan Transmigrasi",
        "Kantor Staf Presiden",
    )


@pytest.mark.parametrize("sentence", [sentence for sentence, _ in FRAMES.values()])
def test_every_field_has_its_words(sentence: str) -> None:
    text = f"Kabar Daerah\n{sentence}"
    for mention in extract(text, PUBLISHED):
        said = {e.field for e in mention.evidence}
        assert all(text[e.start : e.end] == e.quote for e in mention.evidence)
        optional = ("category", "rank", "giver", "presented_by", "received_by", "place")
        assert {"recipient", "award", "status"} <= said
        assert {f for f in optional if getattr(mention, f)} <= said


def test_sentences_keep_abbreviations_and_titles_whole() -> None:
    text = "Judul\nBupati H. Arya Wibowo, S.E., M.M. menerima piala di Jl. Merdeka No. 5. Ia senang."
    assert [text[s.start : s.end] for s in sentences(text)][1:] == [
        "Bupati H. Arya Wibowo, S.E., M.M. menerima piala di Jl. Merdeka No. 5.", "Ia senang.",
    ]  # fmt: skip


def test_a_name_ends_where_its_line_and_sentence_end() -> None:
    found = read("Piala Adipura diraih Kota Bogor.", "Hendarto hadir.", headline="Penghargaan untuk Polres Sumedang")
    assert {m.recipient for m in found} <= {"Kota Bogor", "Polres Sumedang"}
    found = read("Kompolnas Award 2026 diraih Polres Sumedang.", "Hendarto Wijaya hadir.")
    assert {m.recipient for m in found} == {"Polres Sumedang"}


def test_the_same_text_gives_the_same_records() -> None:
    text = "Judul\n" + " ".join(sentence for sentence, _ in FRAMES.values())
    assert len({extract(text, PUBLISHED) for _ in range(5)}) == 1


@pytest.mark.parametrize(("order", "day"), [((0, 1), None), ((1, 0), "2026-11-17")], ids=["before", "behind"])
def test_others_have_the_day_of_an_event_that_was_told_before_them(order: tuple[int, int], day: str | None) -> None:
    told = (
        "Kota Mojokerto masuk ke dalam tiga daerah lainnya seperti Kabupaten Siak dan Kabupaten Bintan.",
        "Kota Mojokerto menerima Adipura di Jakarta, Selasa (17/11/2026).",
    )
    made = read(*(told[n] for n in order), headline="Kota Mojokerto Raih Adipura")
    assert {m.awarded_on for m in made if m.recipient in ("Kabupaten Siak", "Kabupaten Bintan")} == {day}


THREE = "Juara pertama Lomba Desa diraih Desa Mekar, juara kedua Desa Sukamaju, dan juara ketiga Desa Cibodas."


def test_the_second_look_decides_who_won(monkeypatch: pytest.MonkeyPatch) -> None:
    assert winners(read(THREE))
    first = judge.chances
    nobody = [1.0, 0.0, 0.0, 0.0]
    monkeypatch.setattr(judge, "chances", lambda model, own: nobody if model == "reread" else first(model, own))
    assert not winners(read(THREE))


def test_ranks_are_what_all_winners_of_an_award_make_likely(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {m.rank for m in read(THREE)} == {"Juara pertama", "juara kedua", "juara ketiga"}
    monkeypatch.setattr(roles, "together", lambda weighed, awards: [[] for _ in weighed])
    assert {m.rank for m in read(THREE)} == {None}
