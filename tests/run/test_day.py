"""A day with the clock moved, in short: what is published, corrected, taken away, missed and refused comes out in the counts."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.awards import Awards
from tests.simulated_day import OUTLETS, Outlet, Simulated, simulate, table

SIX_HOURS = "17 */6 * * *"
SHORT = {
    "pagi": Outlet(corrected={1: 7}, gone={2: 7}, schedule=SIX_HOURS),
    "sore": Outlet(dated=True, down=(6, 12), schedule=SIX_HOURS),
    "malam": Outlet(blocked=(12, 18), new_box=13, schedule=SIX_HOURS),
}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    folder = tmp_path_factory.mktemp("day")
    return simulate(folder, SHORT, Awards(folder / "data"))


def test_each_visit_is_judged_by_what_happened(day: Simulated) -> None:
    assert [f"{row['at']:%d %H:%M}" for row in day.of("pagi")] == [
        "19 10:00",
        *(f"20 {h:02}:17" for h in (0, 6, 12, 18)),
    ]
    assert [row["verdict"] for row in day.of("pagi")] == ["OK", "QUIET", "OK", "OK", "OK"]
    assert [row["verdict"] for row in day.of("sore")] == ["OK", "QUIET", "UNREACHABLE", "OK", "OK"]
    assert [row["verdict"] for row in day.of("malam")] == ["OK", "QUIET", "OK", "REFUSED", "LAYOUT CHANGED"]
    assert table(day).count("\n| 20 ") == 12


def test_what_is_left_is_what_was_published(day: Simulated) -> None:
    """Eight articles an outlet by the last visit at 18:17; what malam publishes at 13 and 17 fits no layout."""
    rows = day.awards.rows()
    assert Counter(row["site"] for row in rows["article"]) == {"pagi": 8, "sore": 8, "malam": 6}
    assert len(rows["article_version"]) == 22 + 1, "one article was corrected"
    (gone,) = (row for row in rows["article"] if row["gone_at"] is not None)
    assert (gone["site"], gone["article_id"]) == ("pagi", "2")
    assert sum(row["misfits"] for row in day.visits) == 2
    assert sum(row["mentions"] for row in day.visits) == len(rows["mention"]) == 23
    bodies = day.awards.bodies()
    assert len(bodies) == len(set(bodies)), "no body twice"
    assert day.awards("db", "check").code == 0


def test_counts_add_up_and_unchanged_feeds_answer_304(day: Simulated) -> None:
    for row in day.visits:
        assert row["fetched"] == row["stored"] + row["unchanged"] and row["not_modified"] <= row["unchanged"]
    for site in SHORT:
        assert sum(row["fetched"] for row in day.of(site)) == len(day.sites[site].hits)
    assert [row["not_modified"] for row in day.of("pagi")[:2]] == [0, 1]
    (twelve,) = (row for row in day.of("pagi") if row["at"].hour == 12)
    assert twelve["failures"] == {"http 410": 1} and twelve["not_modified"] == 1, (
        "of three of yesterday one is as it was"
    )


def test_after_an_outage_what_was_missed_is_fetched_once(day: Simulated) -> None:
    asked = {path: count for path, count in day.asked("sore").items() if path.startswith("/berita/")}
    assert asked["/berita/5/x"] == asked["/berita/6/x"] == 1, "published while the outlet was down"


def test_the_whole_day_has_every_verdict_in_it() -> None:
    """What `make bench` steps through: an outlet for each thing that goes wrong."""
    events = {name for outlet in OUTLETS.values() for name in ("down", "blocked") if getattr(outlet, name)[0] < 24}
    events |= {
        name for outlet in OUTLETS.values() for name in ("new_box", "new_list", "empty") if getattr(outlet, name) < 24
    }
    events |= {name for outlet in OUTLETS.values() for name in ("corrected", "gone") if getattr(outlet, name)}
    assert events == {"down", "blocked", "new_box", "new_list", "empty", "corrected", "gone"}
