"""What speaks of a name in a sentence: what governs its run, what the words say became of it, whose address it is."""

from __future__ import annotations

import pytest

from etl import gazetteer
from etl.extract import claims_in
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
