"""What an award was won in: which phrases of a sentence may name it, where they end, and how they stand to a record."""

from __future__ import annotations

import pytest

from etl.extract import claims_in
from etl.extract.document import document_of
from etl.extract.fields import categories, details, roles
from etl.extract.names.entities import Award, Recipient

MEANT = [
    ("Penghargaan kategori tata kelola arsip diraih Kota Malang.", "tata kelola arsip", "kategori"),
    ("Bank sampah: Desa Sukamaju, Kabupaten Siak", "Bank sampah", "piece ^:"),
    ("Pelayanan publik menjadi jatah Kabupaten Sragen.", "Pelayanan publik", "piece ^verb"),
    ("Bidang arsip jatuh ke Kota Malang; ekonomi sirkular awal ke Kabupaten Siak.", "ekonomi sirkular awal", "piece ;verb"),
    ("Dua piala lain untuk Kota Malang (metropolitan) dan Kabupaten Siak (kota kecil).", "metropolitan", "piece ()"),
    ("Dari provinsi itu sepuluh besar kabupaten adalah Kabupaten Siak.", "kabupaten", "kind behind"),
    ("Jawa Tengah menjadi provinsi terbaik tahun ini.", "provinsi", "kind before"),
    ("Trofi bagi pemkot terbaik diraih Kota Malang.", "pemerintah kota", "kind before"),
    ("Kota Malang menerima penghargaan pembina pasar rakyat dari kementerian.", "pembina pasar rakyat", "called"),
    ("Piagam diberikan kepada pendukung kota sehat, yaitu Desa Sukamaju.", "pendukung kota sehat", "whom"),
    ("Bupati Siak memperoleh penghargaan bertajuk “Penggerak Koperasi” kemarin.", "Penggerak Koperasi", "called"),
    ("Kabupaten Siak peringkat ketiga kategori Utama.", "Utama", "step kategori"),
]  # fmt: skip


def found(line: str) -> dict[str, str]:
    document = document_of(f"Penghargaan diserahkan\n{line}", None, None)
    index = len(document.sentences) - 1
    names = [(e.start, e.end) for e in document.within(index) if not isinstance(e, Award)]
    listed = document.sentences[index].kind == "item"
    said = categories.categories_in(document.text, document.around(index), names, listed)
    return {value.value: kind for value, kind in said}


@pytest.mark.parametrize(("line", "category", "kind"), MEANT, ids=[f"{k}: {c}" for _, c, k in MEANT])
def test_a_phrase_that_may_name_a_category(line: str, category: str, kind: str) -> None:
    assert found(line).get(category) == kind


def test_a_category_ends_before_another_s_name() -> None:
    line = "Piala untuk perencanaan kebutuhan dan Kabupaten Siak untuk penilaian kinerja."
    assert "perencanaan kebutuhan" in found(line)
    assert not any("Siak" in value for value, kind in found(line).items() if kind != "capitals")


@pytest.mark.parametrize(
    "line",
    [
        "Penghargaan kategori Madya diraih Kota Malang.",
        "Penghargaan dibagikan pada Selasa, 17 Oktober 2017 di Kota Malang.",
        "Juara II Rp2 juta untuk Kota Malang.",
        "Penghargaan serupa diraih Kota Malang.",
    ],
    ids=["a step", "a day", "a sum", "the same"],
)
def test_what_is_no_category(line: str) -> None:
    assert not {value for value, kind in found(line).items() if not kind.startswith(("step", "capitals"))}


def test_what_stands_behind_the_names_of_a_list_may_be_their_category() -> None:
    assert found("1. Desa Sukamaju, tokoh masyarakat pesisir")["tokoh masyarakat pesisir"] == "piece ,$"
    assert "tokoh masyarakat pesisir" not in found("Desa Sukamaju, tokoh masyarakat pesisir, diundang Kota Malang.")


def test_announced_categories_are_those_of_a_word_that_says_so() -> None:
    line = "Kategori arsip diraih Kota Malang, bidang kesehatan ibu diraih Kabupaten Siak, kategori Madya diraih Kota Batu."
    assert [f.value for f in categories.announced(line, (0, len(line)))] == ["arsip", "kesehatan ibu"]


def clues_of(text: str, value: str, name: str, rank: str | None = None, field: str = "category") -> set[str]:
    document = document_of(text, None, None)
    cast = roles.Cast(document, claims_in(document))
    recipient = next(e for e in document.entities if isinstance(e, Recipient) and e.name == name)
    index = next(n for n, s in enumerate(document.sentences) if s.start <= recipient.start < s.end)
    award = next((e for e in document.entities if isinstance(e, Award) and not e.generic), None)
    anchor = roles.Anchor(
        index, document.sentences[index].heading, recipient.start, recipient.end, award, award.series if award else None, name,
        recipient.type, 0, None, recipient.codes, recipient.start,
    )  # fmt: skip
    candidate = next(c for c in roles.near(cast, anchor, field) if c.found.value == value)
    return {
        clue
        for group in roles.relation(cast, candidate, anchor, (recipient.start,), field, rank)
        for clue in group.names
    }


def test_a_category_that_says_what_the_rank_says_is_told_apart() -> None:
    text = "Adipura\nKota Malang meraih Adipura kategori kota besar terbaik kemarin."
    assert "level said:some" in clues_of(text, "kota besar terbaik", "Kota Malang", "kota utama")
    assert "place said:none" in clues_of(text, "kota besar terbaik", "Kota Malang", "juara 2")


def test_an_award_told_as_the_same_again_has_what_was_said_before() -> None:
    text = "Adipura\nKota Malang meraih Adipura kategori kota besar. Kota Batu mendapat penghargaan serupa."
    assert any(c.endswith("|said again") for c in clues_of(text, "kota besar", "Kota Batu"))
    assert not any(c.endswith("|said again") for c in clues_of(text, "kota besar", "Kota Malang"))


def test_what_stands_beside_the_award_s_name_is_told_apart() -> None:
    text = "Adipura\nKota Malang meraih Adipura kategori kota besar. Kota Batu meraih piala kategori kota kecil."
    assert "award behind" in clues_of(text.split("\n")[1], "kota besar", "Kota Batu")
    assert "award behind" not in clues_of(text.split("\n")[1], "kota kecil", "Kota Batu")


def test_a_level_behind_a_run_of_names_is_behind_each() -> None:
    text = "Kota Layak Anak\nDi Riau Kota Dumai, Kabupaten Siak dan Kabupaten Kampar di tingkat Pratama."
    assert "run behind, records between:0" in clues_of(text, "Pratama", "Kota Dumai", field="rank")


def test_levels_of_the_tables_are_ranks_unless_they_are_common_words() -> None:
    line = "Ketiganya meraih Padapa, kepatuhan tinggi, dan hasil yang tinggi."
    said = {f.value for f, _ in details.ranks_in(line, (0, len(line)))}
    assert {"Padapa", "kepatuhan tinggi"} <= said
    assert "tinggi" not in said


def candidates(text: str) -> list[tuple[str, str]]:
    document = document_of(text, None, None)
    cast = roles.Cast(document, claims_in(document))
    return [(c.found.value, c.kind) for c in cast.of("category")]


BEHIND_A_RANK = [
    ("Adi Purnomo dari Desa Sukamaju juara I pembina lingkungan hidup.", "pembina lingkungan hidup"),
    ("Kabupaten Siak peringkat satu kontribusi pajak dana desa, Selasa.", "kontribusi pajak dana desa"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "category"), BEHIND_A_RANK, ids=[c for _, c in BEHIND_A_RANK])
def test_a_rank_is_followed_by_what_it_is_in(line: str, category: str) -> None:
    assert (category, "behind rank") in candidates(f"Penghargaan diserahkan\n{line}")


STAGES = [
    ("Lomba desa tingkat provinsi digelar di Kota Malang.", "tingkat provinsi"),
    ("Kota Malang terbaik se-Jawa Timur dalam lomba itu.", "se-Jawa Timur"),
]


@pytest.mark.parametrize(("line", "stage"), STAGES, ids=[s for _, s in STAGES])
def test_a_stage_of_a_contest_is_a_category(line: str, stage: str) -> None:
    assert found(line).get(stage) == "stage"


def test_a_category_ends_where_an_award_s_name_begins() -> None:
    said = candidates("Penghargaan\nKabupaten Siak terbaik kategori infrastruktur Innovative Government Award kemarin.")
    assert ("infrastruktur", "kategori") in said


def test_an_office_may_be_a_category_where_a_word_announces_it() -> None:
    line = "Bupati Siak menerima piala kategori Kepala Daerah Penggerak Literasi."
    assert found(line).get("Kepala Daerah Penggerak Literasi") == "kategori"


KINDS = [
    ("Kelurahan Sukajadi", ("21.71.08",), "kelurahan"),
    ("Malang", ("35.73",), "kota"),
    ("Adi Purnomo", (), None),
]


@pytest.mark.parametrize(("name", "codes", "kind"), KINDS, ids=[n for n, _, _ in KINDS])
def test_the_kind_of_those_who_compete(name: str, codes: tuple[str, ...], kind: str | None) -> None:
    assert categories.kind_of(name, codes) == kind


def test_a_winner_s_own_kind_may_be_its_category() -> None:
    text = "Lomba\nKelurahan Sukajadi dan Desa Mekar menjuarai Lomba Desa dan Kelurahan 2021."
    document = document_of(text, None, None)
    cast = roles.Cast(document, claims_in(document))
    start = text.index("Kelurahan Sukajadi")
    anchor = roles.Anchor(1, None, start, start + 18, None, None, "Kelurahan Sukajadi", "village", 0, None, (), start)
    own = [c for c in roles.near(cast, anchor, "category") if c.kind == "own kind"]
    assert [c.found.value for c in own] == ["kelurahan"]


@pytest.mark.parametrize("line", ["Kelima kalinya: Desa Mekar", "Lainnya: Desa Mekar", "Tiga lainnya: Desa Mekar"])
def test_what_only_counts_is_no_category(line: str) -> None:
    assert not any(kind.startswith(("piece", "counted")) for kind in found(line).values())


OPENERS = [
    ("Untuk kelompok tani hutan, terbaik pertama Desa Mekar.", "kelompok tani hutan", "topic ,"),
    ("Dari kelurahan: Sukajadi di Kota Malang.", "kelurahan", "topic :"),
    ("Untuk Kabupaten Siak, juara I Desa Mekar.", "Kabupaten Siak", "topic, a name"),
    ("Tiga perintis lingkungan: Desa Mekar, Desa Sari dan Desa Baru.", "perintis lingkungan", "counted :"),
    ("Satu-satunya bank desa yang menerimanya adalah Desa Mekar.", "bank desa", "counted verb"),
]


@pytest.mark.parametrize(("line", "category", "kind"), OPENERS, ids=[c for _, c, _ in OPENERS])
def test_what_a_clause_is_about(line: str, category: str, kind: str) -> None:
    assert found(line).get(category) == kind


def test_what_an_award_s_name_is_followed_by() -> None:
    said = candidates("Penghargaan\nWarga Desa Mekar menerima Kalpataru perintis lingkungan, Selasa.")
    assert ("perintis lingkungan", "behind award") in said


def test_a_category_may_count_out_what_is_in_it() -> None:
    line = "Adi Purnomo juara dua bidang agama, sosial, dan budaya di Kota Malang."
    assert found(line).get("agama, sosial, dan budaya") == "kategori, list"


def test_winners_of_one_award_have_a_value_each_or_none_has() -> None:
    weighed = [[(odds, None)] for odds in (3.0, 2.0, -1.0, -1.0)]
    moved = roles.together(weighed, ["a", "a", "a", "b"])  # type: ignore[arg-type]
    assert [odds for ((odds, _),) in moved] == pytest.approx([13 / 6, 10 / 6, 1 / 6, -1.0])
