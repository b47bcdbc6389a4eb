"""Which awards a name of a sentence may have received: those named beside it, and those above it."""

from __future__ import annotations

from etl.extract import claims_in
from etl.extract.document import Document, document_of
from etl.extract.places.receivers import Receiver, receivers
from etl.extract.places.survey import survey


def _read(text: str) -> tuple[Document, list[Receiver]]:
    document = document_of(text, None, None)
    return document, list(receivers(survey(document, claims_in(document))))


def _meant(text: str, name: str) -> dict[str | None, str]:
    """The awards that the last place of a name may mean, by name, with where each was looked for."""
    _, places = _read(text)
    place = [p for p in places if p.recipient.name == name and not p.implied][-1]
    return {c.award.name if c.award else None: c.link for c in place.choices}


def test_a_sentence_that_names_an_award_may_mean_the_one_above_it() -> None:
    text = (
        "Adipura untuk dua kota\nKementerian menyerahkan Adipura di Jakarta, Senin.\n"
        "Kota Blitar meraih Proklim karena kampungnya hijau."
    )
    meant = _meant(text, "Kota Blitar")
    assert meant["Proklim"] == "here"
    assert meant["Adipura"].endswith("beside")


def test_where_nothing_else_is_named_nothing_else_is_meant() -> None:
    assert _meant("Blitar diganjar\nKota Blitar meraih Proklim, Senin.", "Kota Blitar") == {"Proklim": "here"}


def test_an_award_that_introduces_a_list_says_so() -> None:
    text = (
        "Adipura dan Proklim dibagikan\nBupati menyebut Proklim lebih dulu.\nPenerima Adipura tahun ini sebagai berikut:\n"
        "1. Kota Blitar\n2. Kota Madiun"
    )
    _, places = _read(text)
    (place,) = [p for p in places if p.recipient.name == "Kota Madiun"]
    clues = {c.award.name: {n for group in c.clues for n in group.names} for c in place.choices if c.award}
    assert "nearest:True|introduces:True" in clues["Adipura"]
    assert _meant(text, "Kota Madiun")["Proklim"].endswith("beside")  # what stands further up is hardly meant


def _clues(text: str, name: str, award: str) -> set[str]:
    _, places = _read(text)
    place = [p for p in places if p.recipient.name == name and not p.implied][-1]
    return {n for c in place.choices if c.award and c.award.name == award for group in c.clues for n in group.names}


def test_a_subject_says_whether_its_giver_is_named() -> None:
    text = "Blitar diganjar\nKota Blitar menerima penghargaan{}, sebab pengawasan kearsipan di sana rapi."
    here, away = (
        _clues(text.format(by), "Kota Blitar", "Penghargaan Kearsipan")
        for by in (" dari Arsip Nasional Republik Indonesia", "")
    )
    assert "subject, its giver:True" in here
    assert "subject, its giver:False" in away


def test_a_name_without_a_title_may_be_an_officials() -> None:
    text = (
        "Satyalancana Pembangunan untuk dua orang\nMenteri menyematkan Satyalancana Pembangunan di Blitar.\n"
        "Penerimanya Bupati Blitar Rijanto dan Sutarno Hadi (Kediri)."
    )
    assert "Satyalancana Pembangunan" in _meant(text, "Sutarno Hadi")


def test_the_award_of_the_lead_may_be_meant_far_below() -> None:
    text = (
        "Blitar diganjar\nMalam itu TOP BUMD Awards dibagikan.\n" + "Hujan turun.\n" * 9 + "Kota Blitar meraih Proklim."
    )
    assert _meant(text, "Kota Blitar")["Top BUMD Awards"] == "lead, beside"
