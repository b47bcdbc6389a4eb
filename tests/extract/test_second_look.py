"""What became of the names beside it speaks for or against a name."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from etl.extract import claims_in
from etl.extract.document import document_of
from etl.extract.places import second_look
from etl.extract.places.receivers import receivers
from etl.extract.places.second_look import Looked
from etl.extract.places.survey import survey

LEAD = "Penghargaan Adipura diserahkan\nPenghargaan Adipura diserahkan kepada para pemenang di Jakarta.\n"
NEWS = (0.0, 1.0, 0.0, 0.0)  # what the article is about


def looked(text: str, won: Mapping[str, float]) -> list[Looked]:
    """The places of a text that name anybody, with the chance of having won by name, else none."""
    document = document_of(LEAD + text, None, None)
    places = [p for p in receivers(survey(document, claims_in(document))) if not p.implied]
    return [(p, [1 - (chance := won.get(p.recipient.name, 0.0)), chance, 0.0, 0.0]) for p in places]


def clues(text: str, won: Mapping[str, float], name: str) -> set[str]:
    """The clues of the last place that has this name."""
    places = looked(text, won)
    told = zip(places, second_look.clues(places, NEWS), strict=True)
    own = [groups for (place, _), groups in told if place.recipient.name == name][-1]
    return {clue for group in own for clue in group.names}


RUN = "Adipura diraih Kabupaten Jepara, Kabupaten Kudus, dan Kabupaten Pati."


@pytest.mark.parametrize(("others", "step"), [(0.95, 4), (0.6, 2)])
def test_names_of_one_run_are_told_what_became_of_the_others(others: float, step: int) -> None:
    found = clues(RUN, {"Kabupaten Jepara": others, "Kabupaten Kudus": others, "Kabupaten Pati": 0.2}, "Kabupaten Pati")
    assert f"company over {step}" in found
    assert f"company over {step + 1}" not in found


def test_a_name_is_no_company_of_its_own() -> None:
    found = clues(RUN, {"Kabupaten Pati": 0.99}, "Kabupaten Pati")
    assert "company:0" in found
    assert "winners of its kind:0" in found


def test_the_region_beside_a_village_that_wins_is_told_so() -> None:
    text = "Di Kabupaten Jepara, Desa Sukamaju meraih Adipura. Kota Madiun ikut hadir."
    assert "finer near over 4" in clues(text, {"Desa Sukamaju": 0.95}, "Kabupaten Jepara")
    assert "finer near:None" in clues(text, {"Desa Sukamaju": 0.95}, "Kota Madiun")
    assert "coarser near over 4" in clues(text, {"Kabupaten Jepara": 0.95}, "Desa Sukamaju")


def test_a_province_is_told_of_winners_within_it() -> None:
    text = "Adipura diraih Kabupaten Jepara.\nProvinsi Jawa Tengah menjadi tuan rumah penghargaan itu."
    assert "below this region over 4" in clues(text, {"Kabupaten Jepara": 0.95}, "Provinsi Jawa Tengah")


def test_winners_are_counted_by_name() -> None:
    text = f"{RUN}\nKabupaten Jepara meraih Adipura lagi. Desa Sukamaju meraih penghargaan."
    won = {"Kabupaten Jepara": 0.9, "Kabupaten Kudus": 0.9}
    found = clues(text, won, "Desa Sukamaju")
    assert {"winners of its kind:0", "winners of other kinds over 1"} <= found
    assert "winners of other kinds over 2" not in found


def test_nobody_is_looked_at_again_where_nobody_is_likely() -> None:
    assert not second_look.is_worth_it(looked(RUN, {"Kabupaten Pati": 0.05}))
    assert second_look.is_worth_it(looked(RUN, {"Kabupaten Pati": 0.3}))
