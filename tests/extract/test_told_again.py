"""Names told again: by a part of themselves, by a word that points at them, or not at all."""

from __future__ import annotations

import pytest

from etl.extract.document import Document, document_of
from etl.extract.names.entities import Recipient
from etl.extract.places.antecedents import antecedents


def names(document: Document, index: int) -> list[str]:
    """Who is named in a sentence: people by their own names."""
    return [e.person or e.name for e in document.within(index) if isinstance(e, Recipient)]


def meant(text: str) -> list[tuple[str, str]]:
    """Whom the last sentence of a text means beside those it names, and by which kind of word."""
    document = document_of(text, None, None)
    return [
        (a.recipient.person or a.recipient.name, a.pointer) for a in antecedents(document, len(document.sentences) - 1)
    ]


LEAD = "Penghargaan dibagikan\nBupati Jepara Arman Wiratmo datang ke Jakarta.\n"


@pytest.mark.parametrize("told", ["Arman", "Wiratmo", "Pak Arman", "Selain Arman"])
def test_a_person_is_known_by_a_part_of_the_name(told: str) -> None:
    document = document_of(f"{LEAD}{told} menerima Satyalancana Pembangunan.", None, None)
    assert names(document, 2) == ["Arman Wiratmo"]


def test_a_name_that_two_bear_is_nobodys() -> None:
    text = f"{LEAD}Ia ditemani Camat Bangsri Sulis Wiratmo.\nMenurut Wiratmo, penghargaan itu berarti."
    assert "Arman Wiratmo" not in names(document_of(text, None, None), 3)


def test_a_village_is_known_without_its_kind() -> None:
    text = "Penghargaan dibagikan\nDesa Kapencar terletak di lereng gunung.\nKapencar menerima penghargaan."
    assert names(document_of(text, None, None), 2) == ["Desa Kapencar"]


@pytest.mark.parametrize(
    ("sentence", "whom"),
    [
        ("Tahun lalu ia menerima Adipura.", ("Arman Wiratmo", "person")),
        ("Kota tersebut juga meraih Adipura.", ("Kota Blitar", "region")),
        ("Puskesmas di pinggir sawah itu meraih penghargaan.", ("Puskesmas Mlonggo", "agency")),
        ("Sang bupati menerima penghargaan.", ("Arman Wiratmo", "official")),
        ("Kotanya juga meraih Adipura.", ("Kota Blitar", "region")),
        ("Pada 2021 piala serupa didapatnya.", ("Puskesmas Mlonggo", "agent")),
        ("Pada 2021 menteri memilihnya.", ("Puskesmas Mlonggo", "object")),
        ("Setahun kemudian Adipura diraih lagi.", ("Puskesmas Mlonggo", "none")),
    ],
)
def test_a_pointing_word_means_the_last_name_of_its_kind(sentence: str, whom: tuple[str, str]) -> None:
    text = f"{LEAD}Tuan rumah Kota Blitar menyambutnya.\nPuskesmas Mlonggo ikut serta.\n{sentence}"
    assert whom in meant(text)
