"""What speaks of a name in a sentence: what governs its run, what the words say became of it, whose address it is."""

from __future__ import annotations

import pytest

from etl import gazetteer
from etl.extract import claims_in, records
from etl.extract.document import document_of
from etl.extract.places import receivers
from etl.extract.places.survey import survey

LEAD = "Penghargaan Adipura diserahkan\nPenghargaan Adipura diserahkan kepada para pemenang di Jakarta.\n"


def clues(line: str, name: str) -> set[str]:
    """The clues of a name in the last line of a text."""
    document = document_of(LEAD + line, None, None)
    places = receivers.receivers(survey(document, claims_in(document)))
    place = next(p for p in places if p.recipient.name == name and p.sentence >= 2 and not p.implied)
    return {clue for group in place.clues for clue in group.names}


def test_what_governs_a_run_governs_its_last_name() -> None:
    line = "Adipura diraih Kabupaten Jepara, Kabupaten Kudus, Kabupaten Blora, dan Kabupaten Demak."
    first, last = clues(line, "Kabupaten Jepara"), clues(line, "Kabupaten Demak")
    governing = {c for c in first if c.startswith(("cue<", "said", "run before", "award<"))}
    assert governing
    assert governing <= last


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Kabupaten Jepara pulang dengan WDP, yaitu bersama Kabupaten Demak.", "below"),
        ("Polres meraih piala setelah mengalahkan Kabupaten Jepara dan Kabupaten Demak.", "no"),
        ("Piala diterima Kabupaten Jepara, yaitu Kabupaten Demak.", "yes"),
    ],
)
def test_words_say_what_became_of_a_name(line: str, said: str) -> None:
    assert f"said before:{said}" in clues(line, "Kabupaten Demak")


def test_a_grade_below_those_that_count_is_a_negative_as_well() -> None:
    assert {c for cue in gazetteer.cues().find("masih di zona merah") for c in cue.ids} == {"below", "negative"}


ADDRESSES = [
    ("Piala diterima Bank Sampah Anggrek, Kelurahan Sukun, kemarin.", "Kelurahan Sukun", "community"),
    ("Piala diterima Siti Aminah, perajin asal Desa Paseh.", "Desa Paseh", "person"),
    ("Piala diserahkan di Hotel Bidakara, Pancoran, Jakarta Selatan.", "Kota Administrasi Jakarta Selatan", "venue"),
    ("Piala diterima Dusun Ngepoh, Desa Ngadi.", "Desa Ngadi", "village"),
]


@pytest.mark.parametrize(("line", "name", "kind"), ADDRESSES, ids=[name for _, name, _ in ADDRESSES])
def test_an_address_is_told(line: str, name: str, kind: str) -> None:
    assert f"address of:{kind}" in clues(line, name)


def test_two_villages_of_a_list_are_no_address() -> None:
    found = clues("Piala diterima Desa Sukun, Desa Paseh.", "Desa Paseh")
    assert not [c for c in found if c.startswith("address")]


@pytest.mark.parametrize(("winner", "kept"), [(0.9, False), (0.3, True)])
def test_whose_address_a_name_is_wins_in_its_stead(winner: float, kept: bool) -> None:
    document = document_of(LEAD + "Piala diterima Bank Sampah Anggrek, Kelurahan Sukun, kemarin.", None, None)
    article = survey(document, claims_in(document))
    places = [p for p in receivers.receivers(article) if p.sentence == 2 and not p.implied]
    chances = [
        (p, [0.4, 0.6, 0.0, 0.0] if p.recipient.type == "village" else [1 - winner, winner, 0.0, 0.0]) for p in places
    ]
    left = {p.recipient.name for p, _ in records.without_addresses(article, chances)}
    assert ("Kelurahan Sukun" in left) is kept
    assert "Bank Sampah Anggrek" in left


def test_a_list_goes_on_with_sentences_that_name_whom_it_is_about() -> None:
    text = "Blitar berjaya\nKota Blitar meraih Adipura. {}Keduanya masing-masing:\n- bidang taman,\n- bidang pasar"
    for between, expected in (("", True), ("Kota Madiun datang. ", False)):
        document = document_of(text.format(between), None, None)
        lines = [p.line for p in receivers.receivers(survey(document, claims_in(document))) if p.implied]
        assert any(line.is_of_the_focus for line in lines) is expected


def test_a_year_of_a_grade_below_those_that_count_is_no_award() -> None:
    text = "Kota Blitar raih WTP\nKota Blitar meraih WTP, Senin (5/6/2023). {} pada 2019 dan 2020."
    for line, expected in (("WTP diraih pula", {2019, 2020}), ("Kota itu tergelincir ke WDP, yakni", set())):
        document = document_of(text.format(line), None, None)
        places = list(receivers.receivers(survey(document, claims_in(document))))
        assert {y.year for p in places for y in p.line.years if p.sentence == 2} == expected
