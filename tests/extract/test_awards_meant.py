"""Which awards a name of a sentence may have received: those named beside it, those above it, and one for all of a run."""

from __future__ import annotations

import pytest

from etl.extract import claims_in, records
from etl.extract.document import Document, document_of
from etl.extract.receivers import Choice, Receiver, receivers, survey


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
    assert "nearest:False|introduces:False" in clues["Proklim"]


def test_names_of_one_run_received_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "Adipura dan Proklim dibagikan\nMenteri menyerahkan Adipura dan Proklim.\n"
        "Penerimanya Kota Blitar, Kota Madiun, dan Kota Kediri."
    )
    _, places = _read(text)
    run = [p for p in places if p.recipient.name in ("Kota Blitar", "Kota Madiun", "Kota Kediri") and p.sentence == 2]
    assert len(run) == 3 and len({p.company for p in run}) == 1

    def preferred(choices: tuple[Choice, ...]) -> list[float]:
        strays = choices is run[1].choices  # alone it would be the other award's
        shares = {"Proklim": 0.5, "Adipura": 0.4} if strays else {"Proklim": 0.1, "Adipura": 0.6}
        return [shares.get(c.award.name if c.award else "", 0.0) for c in choices]

    monkeypatch.setattr(records, "_preferred", preferred)
    chosen = [awards[0][0].award for _, _, awards in records._with_awards([(p, [0.1, 0.9, 0.0, 0.0]) for p in run])]
    assert [a.name for a in chosen if a is not None] == ["Adipura"] * 3
