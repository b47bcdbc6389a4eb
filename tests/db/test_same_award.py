"""Whether two claims are one award: measured on labelled pairs, and the rules behind it."""

from datetime import date

import pytest

from etl.conferral import Claim, alike, group, linked_years, stated
from etl.conferral.witness import BINS, copies, sketch, witnesses
from tests.db.pairs import pairs, score
from tests.db.readings import claim

RELEASE = (
    "Pemerintah kota menerima penghargaan atas layanan satu pintu yang dinilai cepat dan murah oleh tim juri pusat. "
    "Wali kota berterima kasih kepada seluruh pegawai dan warga yang ikut menjaga mutu pelayanan selama dua tahun. "
    "Penilaian berlangsung sejak Maret dengan memeriksa berkas, mendatangi loket, dan menelepon pemohon secara acak. "
    "Ke depan antrean akan dipangkas lagi dengan pendaftaran lewat gawai serta loket khusus bagi lansia dan difabel."
)
OWN_WORDS = (
    "Trofi itu tiba di balai kota kemarin sore, disambut drum band pelajar dan hujan yang tidak jadi deras. "
    "Di ruang depan, petugas loket nomor tiga mengaku baru tahu kantornya menang dari kabar di grup keluarga. "
    "Juri memuji waktu tunggu izin usaha yang kini rata-rata sebelas menit, padahal tahun lalu masih dua jam lebih."
)


@pytest.mark.parametrize("held_out", [False, True])
def test_pairs_are_told_well_enough(held_out: bool) -> None:
    found = score(pair for pair in pairs() if pair.held_out == held_out)
    assert found.pairs >= 60
    assert found.precision >= 0.98
    assert found.recall >= 0.90


def test_there_are_pairs_of_every_hard_kind() -> None:
    everything = pairs()
    assert len(everything) >= 150
    assert len({pair.case for pair in everything}) >= 20
    assert 0.4 < sum(pair.same for pair in everything) / len(everything) < 0.6


def test_levels_are_never_typed_wrongly() -> None:
    assert alike.typed_wrongly("innovasi", "inovasi")
    assert not alike.typed_wrongly("pratama", "pratana") or "pratana" not in alike._LEVELS
    for one, other in (("pratama", "pertama"), ("kencana", "kencono"), ("nindya", "nindia")):
        assert not alike.typed_wrongly(one, other)
    assert not alike.typed_wrongly("siswa", "siska")


def test_a_name_in_short_is_the_person_but_another_letter_is_another() -> None:
    whole, short = alike.recipient("H. Deswita Rahmawati, S.E.", "person", None), ("deswita",)
    assert whole == ("deswita", "rahmawati") and alike.same_person(whole, short)
    assert not alike.same_person(("sri", "wahyuni"), ("sri", "wahyudi"))
    assert not alike.same_person(("agus",), ("agus", "salim"))


def test_copies_share_a_sketch_whatever_the_headline() -> None:
    one = sketch(f"Kota Raih Penghargaan\n{RELEASE}")
    other = sketch(f"Juara Lagi!\nKabar baik datang hari ini.\n{RELEASE.replace('cepat dan murah', 'kilat')}")
    assert len(one) == BINS and copies(one, other) and copies(other, one)
    assert not copies(one, sketch(f"Kota Raih Penghargaan\n{OWN_WORDS}"))


def test_a_text_too_short_is_no_copy() -> None:
    brief = sketch("Judul\nKota itu menang lagi.")
    assert not copies(brief, brief) and not copies(brief, b"") and not copies(b"", b"")


def test_witnesses_are_outlets_or_copies() -> None:
    release, own = sketch(f"A\n{RELEASE}"), sketch(f"A\n{OWN_WORDS}")
    found = witnesses(
        [("a1", "Kompas.com", release), ("a2", "ANTARA", release), ("a3", "detikcom", own), ("a4", "detikcom", release)]
    )
    assert set(found.values()) == {"a1"}
    assert witnesses([("a1", "A", release), ("a2", "B", own)]) == {"a1": "a1", "a2": "a2"}


def test_independent_outlets_are_counted_and_not_pages() -> None:
    release, own = sketch(f"A\n{RELEASE}"), sketch(f"A\n{OWN_WORDS}")
    said = [
        Claim(f"m{n}", f"site:{n}", outlet, date(2021, 4, 1), stated(claim()), sketch=words)
        for n, (outlet, words) in enumerate([("A", release), ("B", release), ("C", release), ("D", own)])
    ]
    (found,) = group(said)
    assert (found.mention_count, found.outlet_count, found.independent_count) == (4, 4, 2)
    assert found.witness_of == {"m0": "m0", "m1": "m0", "m2": "m0", "m3": "m3"}


def test_what_others_say_is_kept_with_the_reason() -> None:
    said = [
        Claim("m1", "a:1", "A", date(2021, 4, 1), stated(claim(rank="Nindya", awarded_on="2021-03-31"))),
        Claim("m2", "b:1", "B", date(2021, 4, 1), stated(claim(rank="Madya", awarded_on="2021-04-01"))),
        Claim("m3", "c:1", "C", date(2021, 4, 2), stated(claim(rank="Nindya", awarded_on="2021"))),
    ]
    (found,) = group(said)
    choices = {choice.field: choice for choice in found.choices}
    assert (choices["rank"].value, choices["rank"].dissent) == ("Nindya", {"Madya": 1})
    assert choices["rank"].reason == "most outlets say so"
    assert (choices["awarded_on"].value, choices["awarded_on"].dissent) == ("2021-03-31", {"2021-04-01": 1})
    assert "giver" not in choices


def test_years_that_may_meet_are_linked() -> None:
    assert linked_years(claim(awarded_on="2021-06-01"), None) is None
    assert linked_years(claim(awarded_on="2022-10-27", edition_year=2021), None) == (2022, 2022)
    assert linked_years(claim(awarded_on="2021-12-30"), None) == (2021, 2022)
    assert linked_years(claim(awarded_on=None), date(2022, 1, 3)) == (2021, 2022)
    assert linked_years(claim(awarded_on="2021"), date(2022, 1, 3)) is None
