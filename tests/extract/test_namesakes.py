"""Kota, kabupaten or province of one name: what in a sentence, a list and an article tells which is meant."""

from __future__ import annotations

import pytest

from etl.extract.document import document_of
from etl.extract.names.entities import Recipient

TOLD = [
    ("Adapun kelompok kota diisi Yogyakarta, Magelang, dan Bogor.", "Magelang", "Kota Magelang"),
    ("Sepuluh kota mengikuti, masing-masing Blitar, Cimahi, dan Depok.", "Blitar", "Kota Blitar"),
    ("Di tingkat provinsi terpilih Jatim; di kelompok kota ada Pagar Alam dan Malang.", "Malang", "Kota Malang"),
    ("Makassar untuk klaster kota; Sragen, Malang dan Bantaeng untuk klaster kabupaten.", "Malang", "Kabupaten Malang"),
    ("Di kelompok pemkot, juara pertama Magelang. Pekalongan di posisi kedua.", "Pekalongan", "Kota Pekalongan"),
    ("Kabupaten terbaik ialah Sleman, Kediri dan Pati; kota: Malang dan Solo.", "Kediri", "Kabupaten Kediri"),
    ("Pembina terbaik adalah Jawa Barat, Jambi dan Sumatera Barat.", "Jambi", "Provinsi Jambi"),
    ("Daftar peraih:\n1. Kota Banjar\n2. Cirebon\n3. Kota Cirebon", "2. Cirebon", "Kabupaten Cirebon"),
    ("Wali Kota Rini Astuti menyambut piala untuk Tegal itu.", "untuk Tegal", "Kota Tegal"),
]
OPEN = [
    ("Penerima dari kabupaten/kota ialah Sleman, Tegal dan Bogor.", "Tegal"),
    ("Peraih dari kota itu ialah Tegal.", "Tegal"),
    ("Wali Kota Surabaya Rini Astuti bertandang ke Tegal.", "Tegal"),
]


def region(body: str, words: str) -> Recipient:
    text = f"Penghargaan diserahkan\n{body}"
    end = text.index(words) + len(words)
    return next(
        e for e in document_of(text, None, None).entities if isinstance(e, Recipient) and e.end == end and not e.office
    )


@pytest.mark.parametrize(("body", "words", "name"), TOLD, ids=[name for _, _, name in TOLD])
def test_the_words_around_tell_the_kind(body: str, words: str, name: str) -> None:
    found = region(body, words)
    assert (found.name, len(found.codes)) == (name, 1)


@pytest.mark.parametrize(("body", "words"), OPEN)
def test_what_nothing_tells_stays_open(body: str, words: str) -> None:
    assert len(region(body, words).codes) > 1


def test_the_headline_means_what_the_list_says() -> None:
    text = "Magelang Teratas\nPenghargaan diserahkan. Di kelompok kota, peringkat pertama ditempati Magelang."
    names = [e.name for e in document_of(text, None, None).entities if isinstance(e, Recipient)]
    assert names == ["Kota Magelang"] * 2
