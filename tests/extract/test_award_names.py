"""Names of awards that no table lists: where they begin and end, which are likely, and that rubbish costs nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.extract.names import award_names
from etl.extract.names.award_names import written
from etl.extract.names.entities import Award, award_candidates, entities

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
        ("Penghargaan kota\nPenghargaan itu langkah menuju Indonesia Layak Anak 2030.", "Indonesia Layak Anak"),
        ("Penghargaan kota\nIa menerima penghargaan. Setelah itu ia pulang.", "penghargaan. Setelah"),
    ],
    ids=["a category", "a rank", "a goal", "across a full stop"],
)
def test_what_is_no_name_is_no_candidate(text: str, phrase: str) -> None:
    assert phrase not in {text[c.start : c.end] for c in award_candidates(text, listed=True)}


def test_a_short_name_means_the_long_one_that_introduces_it() -> None:
    text = (
        "Tiga desa menerima penghargaan\nPemkab Blitar menyerahkan Anugerah Cendekia Tani Lestari (ACTL) kepada Desa"
        " Suka Maju.\nACTL diberikan pula kepada Desa Suka Makmur."
    )
    (short,) = [e for e in entities(text) if isinstance(e, Award) and text[e.start : e.end] == "ACTL"]
    assert short.name.endswith("Cendekia Tani Lestari")


def test_a_name_is_as_likely_as_where_it_is_likeliest(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Lomba kampung\nJuara Lomba Kampung Rapi ialah RW 3. Hadiah Lomba Kampung Rapi diserahkan Senin."
    found = [c for c in award_candidates(text) if c.phrase == "lomba kampung rapi"]
    assert len(found) == 2
    monkeypatch.setattr(award_names, "chance_of", lambda c: 0.9 if c is found[0] else 0.2)
    assert [chance for _, chance in award_names.chosen(found)] == [0.9, 0.9]


def _subjects(text: str) -> set[str | None]:
    return {e.series for e in entities(text) if isinstance(e, Award) and e.subject}


def test_what_a_prize_is_for_names_its_series() -> None:
    lead = "Kota Blitar diganjar\n"
    assert _subjects(lead + "Kota Blitar menerima penghargaan, sebab pengawasan kearsipan di sana rapi.") == {
        "anri-award"
    }
    assert _subjects(lead + "Kota Blitar menerima penghargaan. \nPengawasan kearsipan dimulai Senin.") == set()
    assert _subjects(lead + "Kota Blitar menerima Penghargaan Kearsipan.") == set()


def test_words_in_small_letters_get_capitals_but_for_those_that_join() -> None:
    assert written("guru dan kepala sekolah TK teladan") == "Guru dan Kepala Sekolah TK Teladan"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='piala penghargaan terbaik "“”.,()\n-1IVXÀİß', max_size=400))
def test_every_candidate_lies_within_one_line(text: str) -> None:
    for candidate in award_candidates(text, listed=True):
        assert 0 <= candidate.start < candidate.end <= len(text)
        assert "\n" not in text[candidate.start : candidate.end] and candidate.clues


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Lomba diumumkan\nRW 3 memenangi lomba kampung hijau tingkat kota.", "lomba kampung hijau", "contest"),
        ("Penghargaan guru\nSiti terpilih sebagai Guru Teladan 2020.", "Guru Teladan", "role"),
        ("Malam anugerah\nKota Blitar meraih Nusantara Cendekia Award.", "Nusantara Cendekia Award", "noun"),
    ],
)
def test_what_has_the_form_of_a_name_is_weighed_as_any_other(text: str, name: str, kind: str) -> None:
    (candidate,) = [c for c in award_candidates(text) if text[c.start : c.end] == name]
    assert f"from form:{kind}" in candidate.clues


def test_a_title_knows_whether_another_award_is_listed() -> None:
    title = "Puskesmas menerima penghargaan. Sekolah terbersih diraih SMPN 1."
    alone = f"Penghargaan\n{title}"
    beside = f"Penghargaan Adipura\n{title}"
    for text, listed in ((alone, 0), (beside, 1)):
        clues = {text[c.start : c.end]: c.clues for c in award_candidates(text)}
        assert f"listed:{listed}|title:True" in clues["Sekolah terbersih"]


def test_a_name_is_told_by_the_acts_and_names_around_it() -> None:
    text = "Penghargaan desa\nPiagam kampung hijau diterima Kota Blitar."
    clues = {text[c.start : c.end]: c.clues for c in award_candidates(text)}
    assert "act after:receive_passive" in clues["Piagam kampung hijau"] or any(
        c.startswith("act after:") and c != "act after:None" for c in clues["Piagam kampung hijau"]
    )
    assert "name after:region/2" in clues["Piagam kampung hijau"]


def test_a_contest_that_goes_on_is_another() -> None:
    plain, longer = (
        [
            e
            for e in entities(f"Lomba diumumkan\nDesa Suka Maju juara {name} 2020.")
            if isinstance(e, Award) and e.series
        ]
        for name in ("Lomba Desa", "Lomba Desa Bersih")
    )
    assert [e.series for e in plain] == ["lomba-desa-kelurahan"] and not longer


def test_a_listed_award_is_told_by_how_it_is_spoken_of() -> None:
    text = "Penghargaan dibagikan\nKota Blitar meraih SAKIP.\nKategori Hasil Evaluasi SAKIP: Kota Madiun."
    spoken = [e.spoken for e in entities(text) if isinstance(e, Award) and e.series == "sakip"]
    assert len(spoken) == 2 and all(chance is not None and 0 < chance < 1 for chance in spoken)
    assert spoken[0] != spoken[1]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Penghargaan kota\nPemkot menyerahkan apresiasi bagi kelurahan.", "apresiasi bagi kelurahan"),
        ("Penghargaan kota\nIa menyerahkan Piala dan Piagam kepada juara.", "Piala dan Piagam"),
        (
            "Penghargaan kota\nIa menerima piagam penghargaan selaku pembina desa.",
            "piagam penghargaan selaku pembina desa",
        ),
        ("Penghargaan kota\nTiga petani teladan dipilih bupati.", "Tiga petani teladan"),
    ],
)
def test_what_only_speaks_of_an_award_names_none(text: str, phrase: str) -> None:
    assert phrase not in {text[c.start : c.end] for c in award_candidates(text)}


@pytest.mark.parametrize(
    ("name", "formed"),
    [
        ("Festival Desa Kepri", True),
        ("Radar Bojonegoro Awards", True),
        ("Lomba Desa", False),
        ("Desa Wisata Terbaik", False),
    ],
)
def test_a_noun_for_awards_holds_a_name_of_several_words_together(name: str, formed: bool) -> None:
    assert award_names.is_formed(name) is formed


def test_a_name_inside_an_awards_name_is_of_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Festival dibuka\nKota Blitar menjuarai Festival Desa Makmur 2023."
    monkeypatch.setattr(award_names, "chance_of", lambda c: 0.2 if c.phrase == "festival desa makmur" else 0.0)
    names = [text[e.start : e.end] for e in entities(text)]
    assert "Festival Desa Makmur 2023" in names and "Desa Makmur" not in names
