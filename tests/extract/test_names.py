"""People, villages and groups that no table knows: what shows them, and what only looks like one."""

from __future__ import annotations

import pytest

from etl.extract.document import document_of
from etl.extract.fields.givers import giver_name
from etl.extract.names.entities import Organization, Recipient, entities

SHOWN = [
    ("Penghargaan diberikan kepada Ketua DPRD Banten Fahmi Hakim.", "Fahmi Hakim", "official"),
    ("Penghargaan diberikan kepada Siti Aminah, Indah Susilowati, dan bupati.", "Indah Susilowati", "person"),
    (
        "Piagam penghargaan diserahkan kepada Kepala Desa Merpas, Kecamatan Nasal, Rabu.",
        "Kepala Desa Merpas",
        "official",
    ),
    ("Penghargaan untuk kelurahan jatuh ke Danaweria di Kabupaten Fakfak.", "Kelurahan Danaweria", "village"),
    ("Penghargaan gapoktan berprestasi diterima Tani Mandiri dari Sukoharjo.", "Tani Mandiri", "community"),
    ("Penghargaan juara II Suparno dari Siak diserahkan bupati.", "Suparno", "person"),
    ("Penghargaan dibagikan. Darsono, warga Kecamatan Sambi, menerimanya.", "Darsono", "person"),
    ("Penghargaan jatuh kepada Juliani SPd dan kawannya.", "Juliani", "person"),
    ("Penghargaan jatuh ke peternak lebah Sugiarto (Desa Sumber).", "Sugiarto", "person"),
    ("Penghargaan diraih Indah Putri (Bupati Luwu Utara) dan lainnya.", "Indah Putri", "official"),
    ("Penghargaan diraih Ketua Bawaslu Jawa Barat Abdullah dan lainnya.", "Abdullah", "official"),
    ("Penghargaan diraih Ketua MUI Jateng KH Ahmad Mukti dan lainnya.", "Ahmad Mukti", "official"),
    ("Penghargaan diraih TP PKK Kabupaten PPU dan lainnya.", "TP PKK Kabupaten PPU", "community"),
    ("Penghargaan diraih PMI Kota Cilegon dan lainnya.", "PMI Kota Cilegon", "community"),
    ("Penghargaan diraih Karang Taruna Bina Karya Kabupaten Siak.", "Karang Taruna Bina Karya", "community"),
    ("Penghargaan diraih RSUD dr. Haryono dan lainnya.", "RSUD dr. Haryono", "agency"),
    ("Penghargaan peringkat III Kelurahan Nan Tuo Kec. Payakumbuh Timur.", "Kelurahan Nan Tuo", "village"),
    ("Penghargaan untuk PWI Rembang, PWI Kudus dan PWI Pati.", "PWI Kudus", "community"),
    ("Penghargaan diraih BRI Cabang Polewali dan lainnya.", "BRI Cabang Polewali", "company"),
    ("Penghargaan bagi empat kecamatannya, yakni Gesi, Tangen, dan Kota Bangun.", "Kecamatan Kota Bangun", "agency"),
    (
        "Penghargaan bagi kelurahan berturut-turut Karang Tengah, Kramat, dan Cacaban.",
        "Kelurahan Karang Tengah",
        "village",
    ),
]


def names(line: str) -> set[tuple[str, str]]:
    found = document_of(f"Penghargaan diserahkan\n{line}", None, None).entities
    return {(e.name, e.type) for e in found if isinstance(e, Recipient) and not e.office}


@pytest.mark.parametrize(("line", "name", "type_"), SHOWN, ids=[name for _, name, _ in SHOWN])
def test_a_name_is_shown_by_what_stands_beside_it(line: str, name: str, type_: str) -> None:
    assert (name, type_) in names(line)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Penghargaan lomba desa diraih Desa Kesongo (Tuntang, Kabupaten Semarang).", "Desa Tuntang"),
        ("Rinciannya, penghargaan diterima bupati.", "Rinciannya"),
        ("Penghargaan diberikan kepada Tim Nasional Indonesia.", "Tim Nasional Indonesia"),
        ("Penghargaan diraih desa berpredikat Desa Informatif tahun ini.", "Desa Informatif"),
        ("Penghargaan diterima Wali Nagari Nofrizal di Padang.", "Nagari Nofrizal"),
        ("Penghargaan diberikan PWI Kota Malang kemarin.", "PWI Kota Malang"),
    ],
    ids=[
        "where a village lies",
        "a word with -nya",
        "a country's team",
        "a kind of village",
        "a village's head",
        "one branch",
    ],
)
def test_what_only_looks_like_a_name_is_none(line: str, name: str) -> None:
    assert name not in {n for n, _ in names(line)}


def test_a_line_names_the_kind_of_its_name() -> None:
    text = "Daftar penerima penghargaan:\n1. Nagari: Sungai Buluah (Batang Anai)\n2. Kelurahan: Kampung Manggis\n3. Desa: Apar"
    assert {
        ("Nagari Sungai Buluah", "village"),
        ("Kelurahan Kampung Manggis", "village"),
        ("Desa Apar", "village"),
    } <= names(text)


def test_what_several_rows_of_a_table_begin_with_is_nobody() -> None:
    rows = "Penerima penghargaan:\nPemerintah Kota | 1 | Kota Solok\nPemerintah Kota | 2 | Kota Bogor\nSiti Aminah | 3 | Guru"
    found = {name for name, _ in names(rows)}
    assert "Pemerintah Kota" not in found
    assert "Siti Aminah" in found


@pytest.mark.parametrize(
    ("words", "name", "head"),
    [
        ("Kantor Wilayah Kementerian Agama Bali", "Kantor Wilayah Kementerian Agama Bali", False),
        ("Kepala Kantor Wilayah Kementerian Agama Bali", "Kantor Wilayah Kementerian Agama Bali", True),
        ("BKKBN Perwakilan Bali", "BKKBN Perwakilan Bali", False),
        ("Ombudsman RI Perwakilan Bali", "Ombudsman RI", False),
        ("Kementerian Agama", "Kementerian Agama", False),
    ],
)
def test_a_branch_gives_under_its_own_name(words: str, name: str, head: bool) -> None:
    text = f"Blitar diganjar\nPenghargaan diserahkan {words} di Blitar."
    (giver,) = [e for e in entities(text) if isinstance(e, Organization)]
    assert (giver.name, giver.head) == (name, head)


def test_a_dinas_gives_in_its_governments_name() -> None:
    text = "Blitar diganjar\nPenghargaan diserahkan Dinas Kesehatan Provinsi Bali kepada RSUD Blitar."
    given = [giver_name(e) for e in entities(text) if isinstance(e, Recipient) and e.name.startswith("Dinas")]
    assert given == ["Pemerintah Provinsi Bali"]
