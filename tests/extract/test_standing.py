"""What tells who won and when: words and places beside a name, the lines around its sentence, what the article is about."""

from __future__ import annotations

import pytest

from etl.extract import claims_in, records, stance
from etl.extract.document import Document, document_of
from etl.extract.places import receivers
from etl.extract.places.receivers import Receiver
from etl.extract.places.survey import Survey, survey

LEAD = "Penghargaan Adipura diserahkan\nPenghargaan Adipura diserahkan kepada para pemenang di Jakarta.\n"


def clues(text: str, name: str) -> set[str]:
    """The clues of the last place of a text that has this name."""
    document = document_of(text, None, None)
    places = receivers.receivers(survey(document, claims_in(document)))
    place = [p for p in places if p.recipient.name == name and not p.implied][-1]
    return {clue for group in place.clues for clue in group.names}


def about(document: Document) -> set[str]:
    """The clues of what an article is about."""
    return {clue for group in stance.clues(document, claims_in(document)) for clue in group.names}


def test_the_words_next_to_a_name_are_told_by_their_side() -> None:
    found = clues(
        LEAD + "Adipura diraih Kabupaten Jepara setelah menyisihkan Kabupaten Kudus pada babak akhir.",
        "Kabupaten Kudus",
    )
    assert {"before:menyisihkan", "behind:babak"} <= found
    assert "behind:menyisihkan" not in found


@pytest.mark.parametrize(
    ("line", "name", "told"),
    [
        ("Kabupaten Jepara urutan pertama, Kabupaten Kudus ketiga.", "Kabupaten Kudus", {"rank before:True", "rank behind:True"}),
        ("Adipura diraih Kota Blitar (II) dan Kota Madiun.", "Kota Blitar", {"rank before:False", "rank behind:True"}),
        ("Adipura diraih Kabupaten Jepara dan Kabupaten Kudus.", "Kabupaten Kudus", {"rank before:False", "rank behind:False"}),
    ],
)  # fmt: skip
def test_a_place_on_a_scale_belongs_to_the_names_beside_it(line: str, name: str, told: set[str]) -> None:
    assert told <= clues(LEAD + line, name)


def test_a_place_behind_the_next_name_is_not_this_ones() -> None:
    found = clues(LEAD + "Adipura diraih Kabupaten Jepara dan Kabupaten Kudus (II).", "Kabupaten Jepara")
    assert "rank behind:False" in found


def test_the_headline_counts_for_every_name_below() -> None:
    found = clues("Empat kota gagal meraih Adipura\nAdipura diberikan kemarin.\nKota Blitar menunggu.", "Kota Blitar")
    assert {"title:gagal", "title:meraih"} <= found


def test_a_sentence_is_told_by_how_it_begins_and_by_the_lines_around_it() -> None:
    found = clues(
        LEAD + "Kedua daerah itu, Kota Blitar dan Kota Madiun, berjaya.\nMereka menunggu pengumuman.", "Kota Blitar"
    )
    assert {"begins:kedua", "begins:daerah", "next:menunggu"} <= found
    listed = clues(LEAD + "Daftar pemenang tahun ini:\n1. Kota Blitar\n2. Kota Madiun\n3. Kota Kediri", "Kota Madiun")
    assert "heading word:pemenang" in listed


@pytest.mark.parametrize(
    ("line", "many"),
    [
        ("Kota Blitar meraih Adipura pada 2019, 2020, dan 2021.", 4),
        ("Kota Blitar meraih Adipura pada 2019 dan 2021.", 3),
        ("Kota Blitar meraih Adipura pada 2019. Pada 2021 tidak.", 0),
    ],
)
def test_years_told_one_by_one_are_more_than_a_year(line: str, many: int) -> None:
    document = document_of(f"Adipura 2023\n{line}\nKota Blitar meraih Adipura 2023.", None, None)
    places = receivers.receivers(survey(document, claims_in(document)))
    place = next(p for p in places if p.sentence == 1 and not p.implied)
    told = {clue for group in place.clues for clue in group.names if clue.startswith("years listed:")}
    assert told == ({f"years listed:{many}"} if many else set())


def test_what_an_article_is_about_is_told_by_its_headline_and_the_sentences_of_its_awards() -> None:
    found = about(
        document_of("Kota Blitar raih Adipura\nKota Blitar meraih Adipura.\nWarga menyambut gembira.", None, None)
    )
    assert {"title names:A", "title names:R:region", "first award:0", "beside award:meraih"} <= found
    assert "beside award:gembira" not in found


def test_an_article_of_one_line_has_a_stance() -> None:
    for text in ("Adipura", "Banjir\nAir naik."):
        assert sum(stance.chances(document_of(text, None, None), [])) == pytest.approx(1)


@pytest.mark.parametrize(("none", "many"), [(records.SURELY_NONE, 0), (records.SURELY_NONE - 0.01, 1)])
def test_an_article_that_is_surely_about_no_award_is_read_no_further(
    none: float, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = document_of("Kota Blitar raih Adipura\nKota Blitar meraih Adipura di Jakarta.", None, None)
    looked_at: list[Survey] = []

    def places(article: Survey) -> list[Receiver]:
        looked_at.append(article)
        return list(receivers.receivers(article))

    monkeypatch.setattr(records, "receivers", places)
    monkeypatch.setattr(stance, "chances", lambda *_: [none, 1 - none, 0.0, 0.0])
    found = records.records(document, claims_in(document))
    assert len(looked_at) == many
    assert many or not found
