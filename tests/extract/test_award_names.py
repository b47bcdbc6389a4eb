"""Names of awards that no table lists: where they begin and end, which are likely, and that rubbish costs nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.extract.award_names import written
from etl.extract.entities import Award, award_candidates, entities

PHRASES = [
    (
        "Bupati menyerahkan piagam kepada desa\nDesa Suka Maju menerima penghargaan “Lunas PBB Tercepat” dari bupati.",
        "Lunas PBB Tercepat",
    ),
    ("Penghargaan untuk kota\nKota Blitar meraih predikat kota tertib ukur dari kementerian.", "kota tertib ukur"),
    ("Hasil lomba diumumkan\nPemenang lomba kampung hijau tingkat kota adalah RW 3.", "lomba kampung hijau"),
    (
        "Dua penghargaan untuk RSUD\nRSUD itu meraih dua penghargaan, yakni layanan tercepat dan data paling lengkap.",
        "data paling lengkap",
    ),
    (
        "Anugerah untuk guru\nIa menerima Anugerah Cendekia Nusantara Kota Blitar pada Senin.",
        "Anugerah Cendekia Nusantara",
    ),
]


@pytest.mark.parametrize(("text", "name"), PHRASES, ids=[name for _, name in PHRASES])
def test_a_name_is_among_the_candidates_whole(text: str, name: str) -> None:
    assert name in {text[c.start : c.end] for c in award_candidates(text, listed=True)}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Penghargaan kota\nKota Blitar meraih penghargaan kategori kota sedang terbaik.", "kota sedang terbaik"),
        ("Penghargaan kota\nKota Blitar meraih penghargaan terbaik.", "terbaik"),
        ("Penghargaan kota\nIa menerima penghargaan. Setelah itu ia pulang.", "penghargaan. Setelah"),
    ],
    ids=["a category", "a rank", "across a full stop"],
)
def test_what_is_no_name_is_no_candidate(text: str, phrase: str) -> None:
    assert phrase not in {text[c.start : c.end] for c in award_candidates(text, listed=True)}


def test_a_short_name_means_the_long_one_that_introduces_it() -> None:
    text = (
        "Tiga desa menerima penghargaan\nPemkab Blitar menyerahkan Anugerah Cendekia Tani Lestari (ACTL) kepada Desa"
        " Suka Maju.\nACTL diberikan pula kepada Desa Suka Makmur."
    )
    (short,) = [e for e in entities(text) if isinstance(e, Award) and text[e.start : e.end] == "ACTL"]
    assert short.name == "Anugerah Cendekia Tani Lestari"


def test_words_in_small_letters_get_capitals_but_for_those_that_join() -> None:
    assert written("guru dan kepala sekolah TK teladan") == "Guru dan Kepala Sekolah TK Teladan"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='piala penghargaan terbaik "“”.,()\n-1IVXÀİß', max_size=400))
def test_every_candidate_lies_within_one_line(text: str) -> None:
    for candidate in award_candidates(text, listed=True):
        assert 0 <= candidate.start < candidate.end <= len(text)
        assert "\n" not in text[candidate.start : candidate.end] and candidate.clues
