"""On which day an award was given, and who accepted it: of candidates and what is shared, no model asked."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from etl.extract import claims_in
from etl.extract.document import document_of
from etl.extract.fields import details, roles
from etl.extract.fields.details import Found

THURSDAY = date(2026, 9, 24)
NEAR = [
    ("Piala itu diterima di Nabire, Kamis.", "2026-09-24"),
    ("Piala itu diterima di Nabire, Selasa malam.", "2026-09-22"),
    ("Piala itu diterima Kamis lalu di Nabire.", "2026-09-17"),
    ("Piala itu diterima Jum'at di Nabire.", "2026-09-18"),
    ("Piala itu diterima kemarin di Nabire.", "2026-09-23"),
    ("Hari ini piala itu diterima di Nabire.", "2026-09-24"),
]


@pytest.mark.parametrize(("line", "day"), NEAR, ids=[line for line, _ in NEAR])
def test_a_day_without_a_date_is_told_from_the_day_of_publication(line: str, day: str) -> None:
    assert [found.value for found, _ in details.near_days(line, (0, len(line)), THURSDAY)] == [day]


@pytest.mark.parametrize(
    "line",
    [
        "Piala itu diterima Kamis (24/9/2026) di Nabire.",
        "Piala itu diterima Kamis, 24 September 2026.",
        "Pasar Minggu menjadi pasar terbersih.",
        "Ia berangkat Senin pekan depan.",
        "Lomba itu digelar seminggu lalu.",
    ],
)
def test_what_is_no_day_without_a_date(line: str) -> None:
    assert not details.near_days(line, (0, len(line)), THURSDAY)


TOLD = [
    ("“Kami bangga,” kata Bupati Siak di Pekanbaru, Kamis (24/9/2026).", [("2026", "told")]),
    ("“Kami bangga,” kata Bupati Siak seusai acara, Kamis (24/9/2026).", [("2026-09-24", "told there")]),
    ("Bupati Siak menerima Adipura di Pekanbaru, Kamis (24/9/2026).", [("2026-09-24", "full with weekday")]),
]


@pytest.mark.parametrize(("line", "days"), TOLD, ids=[days[0][1] for _, days in TOLD])
def test_the_day_somebody_spoke_is_the_ceremony_s_only_right_after_it(line: str, days: list[tuple[str, str]]) -> None:
    document = document_of(f"Siak meraih Adipura\n{line}", None, None)
    found = roles.Cast(document, claims_in(document)).of("awarded_on")
    assert [(c.found.value, c.kind) for c in found] == days


class Value(NamedTuple):
    """A candidate, as far as it matters whose it is."""

    found: Found


def test_who_accepts_an_award_does_so_for_one_winner() -> None:

    def told(name: str, award: str) -> roles.Told:
        anchor = roles.Anchor(1, None, 0, 0, None, None, name, "region", 0, None, (), 0)
        return roles.Told((anchor,), ("received_by",), award)

    adi = Value(Found("Adi", 0, 3))
    records = [told("Kota Malang", "a"), told("Kota Batu", "a"), told("Kota Batu", "b")]
    left = roles.to_one([[(1.0, adi)], [(2.0, adi)], [(0.5, adi)]], records)  # type: ignore[list-item]
    assert [len(values) for values in left] == [0, 1, 1]
