"""The reader on anything: it never fails, every quote stands where it says, the same text gives the same records."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from time import process_time
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.extract import extract
from etl.model import AwardMention, RecipientType, Status

PUBLISHED = date(2026, 11, 20)
QUICK = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

ARTICLES = (
    "Kota Salatiga Raih Adipura\nSALATIGA - Kota Salatiga meraih Adipura dari Kementerian Lingkungan Hidup. Piala diserahkan "
    "Menteri Lingkungan Hidup Bagas Prakoso kepada Wali Kota Salatiga Rian Saputra di Hotel Sahid, Jakarta, Rabu (18/11/2026).\n"
    "Sebelumnya, Salatiga meraihnya pada 2018 dan 2023.",
    "Pemenang Innovative Government Award\nBerikut pemenang kategori kabupaten terinovatif:\n1. Kabupaten Banyuwangi\n"
    "2. Kabupaten Sumedang\n3. Kabupaten Wajo\nKategori kota:\n- Kota Bogor, juara I\n- Kota Padang, juara II",
    "Daftar Pemenang Adipura\nKategori | Peringkat | Penerima\nKota | 1 | Kota Surakarta\nKota | 2 | Kota Bogor\n"
    "Desa | I | Desa Sukamaju",
    "Polda Beri Penghargaan\nPolda DIY memberi penghargaan kepada Bripka Budi Sunaryo, Aipda Sukadi, dan RW 05 Kelurahan "
    "Pabaton.\n"
    '"Ini pertama kalinya," kata Kapolda, Jum\'at (20/11/26). Baca juga: Kota Depok Raih WTP',
    "Bupati Terima Satyalancana\nBupati Sleman Arya Wibowo dianugerahi Satyalancana Pembangunan, "
    "disusul Bupati Bantul Siti Rahma.",
)
WORDS = (
    "Kota Bogor", "Kabupaten Sleman", "Pemkab Wajo", "meraih", "Adipura", "penghargaan", "diserahkan", "oleh", "kepada",
    "Menteri Dalam Negeri",
    "Bupati", "Wali Kota", "Arya Wibowo", "juara I", "kategori", "Kota Kecil", "dari", "BPK", "opini WTP", "pada 2018",
    "2007 sampai 2013", "(18/11)",
    "31 Februari", "Rabu (99/99/2026)", "\n", "\n1. ", "\n- ", " | ", ":", ";", ",", ".", '"', "(", ")", "(((", "dan",
    "serta", "masing-masing", "yakni",
    "gagal", "akan", "tidak", "nominasi", "sebelumnya", "SMPN 3", "RW 05", "Polres",
    "Tiyuh", "İstanbul", "ﬁ", "é", "\x00", "\u200b", "�", "😀", "٣", "10.000",
)  # fmt: skip


def check(text: str, found: tuple[AwardMention, ...]) -> None:
    for mention in found:
        for evidence in mention.evidence:
            assert 0 <= evidence.start <= evidence.end <= len(text)
            assert text[evidence.start : evidence.end] == evidence.quote
        assert {"recipient", "award", "status"} <= {e.field for e in mention.evidence}
        assert mention.recipient and mention.award and 0 <= mention.confidence <= 1
        assert mention.status in get_args(Status) and mention.recipient_type in get_args(RecipientType)


@QUICK
@given(st.lists(st.sampled_from(WORDS), max_size=60), st.booleans())
def test_any_words_in_any_order(words: list[str], spaced: bool) -> None:
    text = (" " if spaced else "").join(words)
    check(text, extract(text, PUBLISHED))


@QUICK
@given(st.text(max_size=400))
def test_any_characters(text: str) -> None:
    check(text, extract(text, None))


Mutation = Callable[[str, int, int], str]
MUTATIONS: dict[str, Mutation] = {
    "cut": lambda text, a, b: text[:a] + text[b:],
    "doubled": lambda text, a, b: text[:b] + text[a:],
    "spliced": lambda text, a, b: text[:a] + ARTICLES[b % len(ARTICLES)] + text[a:],
    "lines in another order": lambda text, a, b: "\n".join(
        sorted(text.split("\n"), key=lambda line: (len(line) * (a + 1)) % 7)
    ),
    "capitals": lambda text, a, b: text[:a] + text[a:b].upper() + text[b:],
    "small letters": lambda text, a, b: text[:a] + text[a:b].lower() + text[b:],
    "no line ends": lambda text, a, b: text.replace("\n", " "),
    "no full stops": lambda text, a, b: text.replace(".", ""),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("article", range(len(ARTICLES)))
def test_articles_taken_apart(mutation: str, article: int) -> None:
    text = ARTICLES[article]
    for step in range(0, len(text), max(1, len(text) // 12)):
        changed = MUTATIONS[mutation](text, step, min(len(text), step + 1 + step % 90))
        check(changed, extract(changed, PUBLISHED, "detik"))


def test_the_same_bytes_give_the_same_records_ten_times() -> None:
    for text in ARTICLES:
        first = extract(text, PUBLISHED)
        assert first, text
        assert all(extract(text, PUBLISHED) == first for _ in range(9))


def test_another_process_reads_the_same() -> None:
    command = (
        "import sys; from datetime import date; from etl.extract import extract;"
        "print(extract(sys.stdin.read(), date(2026, 11, 20)))"
    )
    text = ARTICLES[0]
    for seed in ("0", "1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", command], input=text, capture_output=True, text=True, check=True, timeout=120,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert done.stdout.strip() == str(extract(text, PUBLISHED))


SHAPES: dict[str, tuple[str, str]] = {
    "paragraphs": ("Kota Bogor Raih Adipura\n", ARTICLES[0].split("\n")[1] + "\n"),
    "one endless line": (
        "Kota Bogor Raih Adipura\n",
        "Kota Bogor meraih Adipura dan Kabupaten Sleman menerima Swasti Saba serta ",
    ),
    "items": ("Pemenang\nBerikut daftar penerima Adipura:\n", "1. Kabupaten Sleman\n"),
    "rows": ("Pemenang Adipura\nNo | Penerima | Juara\n", "1 | Kabupaten Sleman | Juara I\n"),
    "capitals": ("Judul Adipura\n", "Anugerah Wijaya Kusuma "),
    "names": ("Judul Adipura\npenerima Adipura ", "Hendri, Ganang, Viki, Yuda, "),
    "brackets": ("Judul Adipura\n", '(("Adipura", [Kota Bogor], '),
    "digits": ("Judul Adipura\n", "12/11/2020 1.2.3 12, "),
    "spaces": ("Judul Adipura\n", "Adipura.          "),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_cost_grows_with_length_not_with_its_square(shape: str) -> None:
    """Four times the text may cost little more than four times; quadratic growth would be sixteen."""
    head, repeated = SHAPES[shape]
    extract(head + repeated * (12_500 // len(repeated)), PUBLISHED)  # what the first text alone pays
    for _ in range(2):  # a second look where the first says no: another process may have had the caches
        spent = []
        for size in (12_500, 50_000):
            text = head + repeated * (size // len(repeated))
            start = process_time()
            check(text, extract(text, PUBLISHED))
            spent.append(process_time() - start)
        if spent[1] < 9 * max(spent[0], 0.05):
            break
    assert spent[1] < 9 * max(spent[0], 0.05)
