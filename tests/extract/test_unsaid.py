"""Whom a sentence speaks of that names nobody, and which earlier years it may be told of."""

from __future__ import annotations

from datetime import date

import pytest

from etl.extract import claims_in
from etl.extract.document import document_of
from etl.extract.places import receivers
from etl.extract.places.receivers import Receiver
from etl.extract.places.survey import survey

LEAD = "Kabar Daerah\nAdipura 2026 diserahkan kepada Kota Salatiga di Jakarta.\n"


def unsaid(text: str) -> list[Receiver]:
    """Whom the last sentence may leave unsaid."""
    document = document_of(LEAD + text, date(2026, 11, 20), None)
    places = receivers.receivers(survey(document, claims_in(document)))
    last = len(document.sentences) - 1
    return [place for place in places if place.implied and place.sentence == last]


MEANT = [
    ("Kabupaten Jepara dan Kota Madiun belum beruntung. Kabupaten itu meraih Adipura pada 2021.", "Kabupaten Jepara"),
    (
        "Kabupaten Jepara dan Kota Madiun belum beruntung. Kota penghasil brem itu meraih Adipura pada 2021.",
        "Kota Madiun",
    ),
    ("Kabupaten Jepara lebih sabar. Pada 2021 dan 2022 piala itu diraihnya.", "Kabupaten Jepara"),
    ("Murid SMPN 1 Jepara gembira. Sekolahnya mendapat Adiwiyata pada 2021.", "SMPN 1 Jepara"),
]


@pytest.mark.parametrize(("text", "name"), MEANT, ids=[name for _, name in MEANT])
def test_a_sentence_may_speak_of_whom_it_points_at_or_who_was_named_last(text: str, name: str) -> None:
    assert name in [place.recipient.name for place in unsaid(text)]


PERSONS = [
    "Ia menerima Satyalancana Pembangunan pada 2021.",
    "Pada 2021 bupati menerima Satyalancana Pembangunan.",
]


@pytest.mark.parametrize("sentence", PERSONS)
def test_a_head_of_government_is_meant_by_a_pronoun_or_his_office(sentence: str) -> None:
    people = [place.recipient.person for place in unsaid(f"Bupati Jepara Arya Wibowo hadir di Jakarta. {sentence}")]
    assert "Arya Wibowo" in people


def test_a_name_that_stands_in_the_sentence_is_not_left_unsaid() -> None:
    names = [p.recipient.name for p in unsaid("Kabupaten Jepara sabar. Kabupaten Jepara meraih Adipura pada 2021.")]
    assert "Kabupaten Jepara" not in names


YEARS = [
    ("Tahun lalu kota ini juga meraihnya.", {2025}),
    ("Tiga tahun silam kota ini juga meraihnya.", {2023}),
    ("Pada 2017 kota ini meraihnya, dan dua tahun kemudian Wistara.", {2017, 2019}),
    ("Setahun sebelumnya, pada 2025, kota ini meraihnya.", {2025}),
]


@pytest.mark.parametrize(("sentence", "years"), YEARS)
def test_years_are_counted_from_the_news_and_from_the_year_named_last(sentence: str, years: set[int]) -> None:
    assert {year for year, _ in unsaid(sentence)[0].years} == years


def test_what_stands_before_a_run_of_years_is_said_of_each() -> None:
    clues = {
        year: {clue for group in groups for clue in group.names}
        for year, groups in unsaid("Kota ini meraih WTP untuk tahun buku 2021, 2022, dan 2024.")[0].years
    }
    assert len(clues) == 3
    assert all("year word:buku" in own for own in clues.values())
    assert "year word:ditangkap" in {
        clue
        for _, groups in unsaid("Wali kotanya ditangkap Oktober 2021.")[0].years
        for g in groups
        for clue in g.names
    }
