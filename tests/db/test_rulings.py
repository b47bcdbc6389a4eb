"""People's decisions on both databases: what they do to conferrals, that they outlive new words, rebuilds and orders."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from db import models, ruled
from db.connect import connect, prepare, writing
from db.connect import reading as looking
from db.load import load, visited
from db.queries import Filter, Found, dump, find
from db.questions import answer
from db.rebuild import fresh_copy, swap
from db.rulings import Made, Wanted, behind, carry, decide, listed, precision, queue, restore
from etl.model import Article, AwardsError, Reading
from etl.rulings import Decision, complete
from tests.db.readings import FIRST, OUTLETS, claim, many, page, reading


def store(engine: Engine, *readings: Reading) -> None:
    with writing(engine) as connection:
        load(connection, readings, OUTLETS)


def rule(engine: Engine, kind: str, *ids: str, hours: int = 0, **more: Any) -> Made:
    given: dict[str, Any] = {"by": "ani", "why": "the text says so"}
    decision = Decision(kind, ids, **(given | more))
    with writing(engine) as connection:
        return decide(connection, [decision], FIRST + timedelta(hours=hours))


def found(engine: Engine) -> list[Found]:
    with looking(engine) as connection:
        return find(connection, Filter())


def rows(engine: Engine) -> dict[str, list[Found]]:
    with looking(engine) as connection:
        return dump(connection)


def mention_of(engine: Engine, site: str) -> str:
    """The id of the mention of a site's only article with one."""
    with looking(engine) as connection:
        version = {v["id"]: v["article_id"] for v in dump(connection)["article_version"]}
        (one,) = [m["id"] for m in dump(connection)["mention"] if version[m["version_id"]].startswith(f"{site}:")]
        return str(one)


def three(**of_kompas: Any) -> list[Reading]:
    """Three outlets on one award; kompas may differ."""
    return [
        reading(page("detik", "d-1"), [claim(rank="Utama")]),
        reading(page("kompas", "k-1"), [claim(**({"rank": "Utama"} | of_kompas))]),
        reading(page("antaranews", "a-1"), [claim(rank="Utama")]),
    ]


# ------------------------------------------------------------------------------------------------- what each kind does


def test_a_rejected_claim_does_not_count(engine: Engine) -> None:
    store(engine, *three())
    rule(engine, "reject", mention_of(engine, "kompas"))
    (one,) = found(engine)
    assert (one["outlet_count"], one["mention_count"]) == (2, 2)
    rule(engine, "reject", one["id"])
    assert found(engine) == []
    assert len(rows(engine)["mention"]) == 3, "mentions stay as read"


def test_a_confirmed_claim_is_sure_and_outvotes_others(engine: Engine) -> None:
    store(engine, *three(rank="Madya"))
    (before,) = found(engine)
    assert before["rank"] == "Utama" and before["confidence"] == 0.5 and before["ruled"] is None
    rule(engine, "confirm", mention_of(engine, "kompas"), why=None)
    (after,) = found(engine)
    assert (after["rank"], after["confidence"], after["ruled"], after["id"]) == (
        "Madya",
        1.0,
        "confirmed",
        before["id"],
    )
    assert after["review_gain"] == 0 < before["review_gain"]


def test_confirming_a_conferral_confirms_the_claims_that_bear_it_out(engine: Engine) -> None:
    store(engine, *three(rank="Madya"))
    (one,) = found(engine)
    assert len(rule(engine, "confirm", one["id"]).made) == 2
    (after,) = found(engine)
    assert (after["rank"], after["confidence"]) == ("Utama", 1.0)


def test_a_corrected_field_wins(engine: Engine) -> None:
    store(engine, *three())
    (one,) = found(engine)
    rule(engine, "correct", mention_of(engine, "kompas"), field="rank", value="  Pratama ")
    (after,) = found(engine)
    assert (after["rank"], after["ruled"]) == ("Pratama", "corrected rank")
    rule(engine, "correct", one["id"], field="rank", value="Madya", hours=1)
    (after,) = found(engine)
    assert after["rank"] == "Madya"
    rule(engine, "correct", one["id"], field="rank", value="", hours=2)
    (after,) = found(engine)
    assert after["rank"] is None


def test_a_corrected_key_moves_the_claim(engine: Engine) -> None:
    store(engine, *three(series=None, award="Natamukti Nasional"))
    assert len(found(engine)) == 2
    rule(engine, "correct", mention_of(engine, "kompas"), field="series", value="natamukti")
    (one,) = found(engine)
    assert one["outlet_count"] == 3
    # What comes later meets it there, and the claim stays when its old companions change.
    store(engine, reading(page("detik", "d-2"), [claim("Kota Mojokerto", "Natamukti Nasional", series=None)]))
    assert sorted(row["outlet_count"] for row in found(engine)) == [1, 3]
    store(engine, reading(page("detik", "d-3"), [claim()]))
    assert sorted(row["mention_count"] for row in found(engine)) == [1, 4]


def test_a_status_corrected_counts_or_not(engine: Engine) -> None:
    store(engine, *three(status="nominated"))
    kompas = mention_of(engine, "kompas")
    assert found(engine)[0]["outlet_count"] == 2
    rule(engine, "correct", kompas, field="status", value="won")
    assert found(engine)[0]["outlet_count"] == 3
    rule(engine, "correct", kompas, field="status", value="nominated", hours=1)
    assert found(engine)[0]["outlet_count"] == 2


def test_an_ambiguous_region_is_named_in_all_claims_of_an_article(engine: Engine) -> None:
    unknown = {"region": "Kabupaten Mojokerto", "region_code": None}
    claims = [claim("Kabupaten Mojokerto", award=name, series=None, **unknown) for name in ("Award A", "Award B")]
    official = claim("Wali Kota Mojokerto", "Award C", series=None, recipient_type="official", **unknown)
    store(engine, reading(mentions=[*claims, official]))
    one = next(row for row in found(engine) if row["award"] == "Award A")
    rule(engine, "region", one["id"], value="kota mojokerto", why=None)
    after = {row["award"]: row for row in found(engine)}
    assert {(row["region_code"], row["region"]) for row in after.values()} == {("35.76", "Kota Mojokerto")}
    assert after["Award B"]["recipient"] == "Kota Mojokerto" and after["Award B"]["ruled"] == "region named"
    assert after["Award C"]["recipient"] == "Wali Kota Mojokerto"


def test_conferrals_merge_and_come_apart_again(engine: Engine) -> None:
    store(engine, *three(series=None, award="Natamukti Nasional"))
    before = rows(engine)
    one, other = sorted(found(engine), key=lambda row: -row["outlet_count"])
    (ruling,) = rule(engine, "merge", other["id"], value=one["id"]).made
    (merged,) = found(engine)
    assert (merged["id"], merged["outlet_count"], merged["ruled"]) == (one["id"], 3, "merged")
    store(engine, reading(page("kompas", "k-9"), [claim("Kota Mojokerto", "Natamukti Nasional", series=None)]))
    assert [row["mention_count"] for row in found(engine)] == [4], "later reports of either are merged too"
    store(engine, reading(page("kompas", "k-9")))
    rule(engine, "withdraw", ruling.id)
    after = rows(engine)
    assert after["conferral"] == before["conferral"] and after["conferral_mention"] == before["conferral_mention"]


def test_a_merge_knows_its_conferrals_again_when_their_keys_change(url: str, engine: Engine) -> None:
    """What comes later gives a conferral a category, and with it another key."""
    pages = three(series=None, award="Natamukti Nasional")
    store(engine, *pages)
    one, other = sorted(found(engine), key=lambda row: -row["outlet_count"])
    rule(engine, "merge", other["id"], value=one["id"])
    more = [
        reading(page("detik", "d-8"), [claim(award="Natamukti Nasional", series=None, category="Kuliner")]),
        reading(page("detik", "d-9"), [claim(category="Kota Sedang")]),
    ]
    for late in more:
        store(engine, late)
    (merged,) = found(engine)
    assert (merged["mention_count"], merged["ruled"]) == (5, "merged") and merged["id"] not in (one["id"], other["id"])
    assert status(engine) == {"merge": "in force"}
    before = rows(engine)
    with fresh_copy(url) as fresh:
        store(fresh, *more, *pages[::-1])
        swap(fresh, engine)
    assert rows(engine) == before


def test_a_chain_of_merges(engine: Engine) -> None:
    names = ("Award A", "Award B", "Award C")
    store(engine, *(reading(page(path=n), [claim(award=n, series=None)]) for n in names))
    ids = {row["award"]: row["id"] for row in found(engine)}
    (first,) = rule(engine, "merge", ids["Award A"], value=ids["Award B"]).made
    rule(engine, "merge", ids["Award B"], value=ids["Award C"])
    (one,) = found(engine)
    assert (one["id"], one["mention_count"]) == (ids["Award C"], 3)
    store(engine, reading(page(path="Award B")))  # the link in the middle is gone: what hung on it stays with the end
    assert [(row["id"], row["mention_count"]) for row in found(engine)] == [(ids["Award C"], 2)]
    rule(engine, "withdraw", first.id)
    assert sorted(row["mention_count"] for row in found(engine)) == [1, 1]


def test_a_claim_is_split_off(engine: Engine) -> None:
    store(engine, *three())
    (before,) = found(engine)
    kompas, antara = mention_of(engine, "kompas"), mention_of(engine, "antaranews")
    rule(engine, "split", kompas, antara)
    assert sorted((row["outlet_count"], row["ruled"]) for row in found(engine)) == [(1, None), (2, "split off")]
    assert before["id"] in {row["id"] for row in found(engine)}
    store(engine, reading(page("kompas", "k-2"), [claim(rank="Utama")]))
    kept = next(row for row in found(engine) if row["id"] == before["id"])
    assert kept["mention_count"] == 2


# --------------------------------------------------------------------------------------------------- what outlives what


def revised(of: Reading, hours: int, **changes: Any) -> Reading:
    """The article with another paragraph, or another one instead, seen later."""
    assert isinstance(of.outcome, Article)
    seen = FIRST + timedelta(hours=hours)
    ref = replace(of.page, digest=f"sha1:R{hours}", first_fetched_at=seen, last_fetched_at=seen)
    return replace(of, page=ref, outcome=replace(of.outcome, **changes))


def test_a_ruling_outlives_changes_elsewhere_in_the_article(engine: Engine) -> None:
    first = reading(mentions=[claim()])
    store(engine, first)
    rule(engine, "reject", mention_of(engine, "detik"))
    assert isinstance(first.outcome, Article)
    store(engine, revised(first, 5, paragraphs=(*first.outcome.paragraphs, "Kalimat tambahan.")))
    assert found(engine) == [] and [link["reopened"] for link in rows(engine)["mention_ruling"]] == [None]


def test_a_ruling_is_reopened_when_its_words_change_and_holds_again_when_they_are_back(engine: Engine) -> None:
    first = reading(mentions=[claim()])
    store(engine, first)
    rule(engine, "reject", mention_of(engine, "detik"))
    other = ("Kota Mojokerto meraih Natamukti Award dari ICSB, ralat redaksi.",)
    changed = revised(first, 5, paragraphs=other)
    store(engine, changed)
    assert len(found(engine)) == 1, "not applied"
    assert [link["reopened"] for link in rows(engine)["mention_ruling"]] == ["the words it was decided on have changed"]
    with writing(engine) as connection:
        visited(connection, [replace(first.page, last_fetched_at=FIRST + timedelta(hours=9))])
    assert found(engine) == [] and [link["reopened"] for link in rows(engine)["mention_ruling"]] == [None]


def test_a_confirmation_is_reopened_when_the_facts_are_read_otherwise(engine: Engine) -> None:
    store(engine, reading(mentions=[claim(rank="Utama")]))
    (one,) = found(engine)
    rule(engine, "confirm", one["id"])
    store(engine, reading(mentions=[claim(rank="Madya")], fingerprint="f2"))
    (after,) = found(engine)
    assert (after["rank"], after["ruled"], after["confidence"]) == ("Madya", None, 0.5)
    (link,) = rows(engine)["mention_ruling"]
    assert "'Utama'" in link["reopened"] and "'Madya'" in link["reopened"]
    rule(engine, "correct", one["id"], field="rank", value="Utama", hours=1)
    (after,) = found(engine)
    assert after["ruled"] == "confirmed; corrected rank"


def test_a_rejection_of_words_that_are_read_differently_is_reopened(engine: Engine) -> None:
    store(engine, reading(mentions=[claim(series=None)]))
    rule(engine, "reject", found(engine)[0]["id"])
    store(engine, reading(mentions=[claim(series="natamukti")], fingerprint="f2"))  # the catalogue has grown
    assert len(found(engine)) == 1
    assert [r["reopened"] for r in rows(engine)["mention_ruling"]] == [
        "the words it was decided on are read differently now"
    ]


def test_a_correction_that_the_reader_has_come_to_read_is_in_force(engine: Engine) -> None:
    store(engine, reading(mentions=[claim(series=None)]))
    rule(engine, "correct", found(engine)[0]["id"], field="series", value="natamukti")
    store(engine, reading(mentions=[claim(series="natamukti")], fingerprint="f2"))
    assert [link["reopened"] for link in rows(engine)["mention_ruling"]] == [None]


SCRIPT: Sequence[tuple[str, dict[str, Any]]] = (
    ("confirm", {}),
    ("reject", {}),
    ("correct", {"field": "rank", "value": "Wistara"}),
    ("correct", {"field": "series", "value": "adipura"}),
    ("correct", {"field": "awarded_on", "value": "2020-05-05"}),
    ("region", {"value": "35.16"}),
    ("split", {}),
    ("merge", {}),
    ("withdraw", {}),
)


def ruled_upon(engine: Engine, times: int, begin: int = 0) -> None:
    """Rulings of every kind on what is there, one an hour, the same for the same rows."""
    for hour in range(begin, begin + times):
        with looking(engine) as connection:
            stored = dump(connection)
        kind, more = SCRIPT[hour % len(SCRIPT)]
        current = sorted(row["mention_id"] for row in stored["conferral_mention"])
        conferrals = [row["id"] for row in stored["conferral"]]
        ids = {"merge": conferrals[:1], "withdraw": sorted({r["ruling_id"] for r in stored["mention_ruling"]})[:1]}
        chosen = ids.get(kind, current[hour % len(current) :][:1])
        rule(engine, kind, *chosen, hours=hour, **({"value": conferrals[-1]} if kind == "merge" else more))


def test_a_rebuild_in_any_order_gives_the_rows_that_loading_gave(url: str, engine: Engine) -> None:
    pages = many(40, seed=3)
    for start in range(0, 40, 10):
        store(engine, *pages[start : start + 10])
        ruled_upon(engine, 9, begin=start)
    before = rows(engine)
    assert {link["reopened"] is None for link in before["mention_ruling"]} >= {True}
    assert len({row["ruled"] for row in before["conferral"]}) > 3
    for order in (pages[::-1], pages[::2] + pages[1::2]):
        with fresh_copy(url) as fresh:
            store(fresh, *order)
            swap(fresh, engine)
        assert rows(engine) == before
    for part in (pages[20:], pages[:20]):  # and loaded anew over the rulings
        store(engine, *part)
    assert rows(engine) == before


def test_rulings_made_during_a_rebuild_are_not_lost(url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    store(engine, *three())
    (one,) = found(engine)
    late = [one["id"]]

    def carry_and_rule(live: Engine, fresh: Engine) -> set[str]:
        carried = carry(live, fresh)
        while late:
            rule(engine, "reject", late.pop())
        return carried

    monkeypatch.setattr("db.rebuild.carry", carry_and_rule)
    with fresh_copy(url) as fresh:
        store(fresh, *three())
        swap(fresh, engine)
    assert found(engine) == [] and len(rows(engine)["mention_ruling"]) == 3


def test_the_order_in_which_pages_come_does_not_matter(engine: Engine) -> None:
    """The same rulings over the same pages, loaded in every order of their parts."""
    pages = three(series=None, award="Natamukti Nasional")
    store(engine, *pages)
    one, other = sorted(found(engine), key=lambda row: -row["outlet_count"])
    rule(engine, "merge", other["id"], value=one["id"])
    rule(engine, "correct", mention_of(engine, "detik"), field="rank", value="Madya")
    before = rows(engine)
    for order in itertools.permutations(range(3)):
        for n in order:
            assert isinstance(pages[n].outcome, Article)
            store(engine, replace(pages[n], mentions=()))
        for n in order:
            store(engine, pages[n])
        assert rows(engine) == before


# ------------------------------------------------------------------------------------------------------- in what manner


def test_the_last_decision_stands_and_can_be_withdrawn(engine: Engine) -> None:
    store(engine, *three())
    (before,) = found(engine)
    rule(engine, "reject", before["id"])
    kompas = mention_of(engine, "kompas")
    (confirmed,) = rule(engine, "confirm", kompas, hours=1, why=None).made
    assert [(row["outlet_count"], row["ruled"]) for row in found(engine)] == [(1, "confirmed")]
    rule(engine, "withdraw", confirmed.id[:9], hours=2)
    (after,) = found(engine)
    assert after["ruled"] is None, "the earlier rejection does not come back"
    with pytest.raises(AwardsError, match="no ruling has the id 'zz'"):
        rule(engine, "withdraw", "zz")


def test_the_same_decision_twice_is_one(engine: Engine) -> None:
    store(engine, *three())
    for kind, more in (*SCRIPT[2:5], SCRIPT[0], SCRIPT[1]):
        (one,) = found(engine)
        first = rule(engine, kind, one["id"], **more)
        before = rows(engine)
        again = rule(engine, kind, one["id"], hours=1, by="budi", **more)
        assert (len(first.made) > 0, again.made, rows(engine)) == (True, (), before), kind


WRONG: Sequence[tuple[str, dict[str, Any], str]] = (
    ("reject", {"why": " "}, "reject needs a reason"),
    ("correct", {"field": "rank", "value": "x", "why": None}, "needs a reason"),
    ("correct", {"value": "x"}, "needs the field"),
    ("correct", {"field": "colour", "value": "x"}, "'colour' is no field of a claim"),
    ("correct", {"field": "recipient_type", "value": "planet"}, "'planet' is no type of recipient: one of region"),
    ("correct", {"field": "series", "value": "no-such"}, "'no-such' is no award series"),
    ("correct", {"field": "awarded_on", "value": "31/03/2021"}, "is no date: 2021, 2021-03 or 2021-03-31"),
    ("correct", {"field": "awarded_on", "value": "2021-02-30"}, "is no date"),
    ("correct", {"field": "edition_year", "value": "21"}, "is no year"),
    ("correct", {"field": "award", "value": ""}, "award cannot be empty"),
    ("correct", {"field": "rank", "value": "a\x00b"}, "no database can hold"),
    ("region", {"value": "Mojokerto"}, r"is it Kabupaten Mojokerto \(35.16\) or Kota Mojokerto \(35.76\)"),
    ("region", {}, "which region"),
    ("confirm", {"by": " "}, "nobody is named"),
    ("confirm", {"value": "x"}, "takes no value"),
    ("reject", {"field": "rank"}, "takes no field"),
    ("merge", {}, "which conferral to merge into"),
    ("applaud", {}, "'applaud' is no decision"),
)


@pytest.mark.parametrize(("kind", "more", "said"), WRONG)
def test_what_is_wrong_is_said(kind: str, more: dict[str, Any], said: str) -> None:
    given: dict[str, Any] = {"by": "ani", "why": "the text says so"}
    with pytest.raises(AwardsError, match=said):
        complete(Decision(kind, ("0c6236ce",), **(given | more)))


def test_what_is_wrong_is_not_stored(engine: Engine) -> None:
    store(engine, *three())
    before = rows(engine)
    with pytest.raises(AwardsError, match="needs a reason"):
        rule(engine, "reject", found(engine)[0]["id"], why="")
    assert rows(engine) == before


def test_ids_that_name_nothing_or_too_much(engine: Engine) -> None:
    store(engine, *three())
    (one,) = found(engine)
    with pytest.raises(AwardsError, match="no conferral or mention has the id ''"):
        rule(engine, "reject", "")
    with pytest.raises(
        AwardsError, match="no conferral or mention has the id 'beef': take one from `awards ruling queue`"
    ):
        rule(engine, "reject", "beef")
    with pytest.raises(AwardsError, match="no mention has the id"):
        rule(engine, "split", one["id"])
    with pytest.raises(AwardsError, match="cannot be merged into itself"):
        rule(engine, "merge", one["id"], value=one["id"][:6])


def test_two_decisions_that_contradict_each_other_are_refused_together(engine: Engine) -> None:
    store(engine, *three())
    (one,) = found(engine)
    decisions = [
        Decision("confirm", (one["id"],), "ani", line=2),
        Decision("reject", (one["id"],), "ani", "no award", line=3),
        Decision("correct", (one["id"],), "ani", "misread", "rank", "Madya", line=4),
        Decision("reject", ("beef",), "ani", "no award", line=5),
    ]
    with pytest.raises(AwardsError) as refused, writing(engine) as connection:
        decide(connection, decisions, FIRST)
    assert {line for line, _ in refused.value.problems} == {3, 5}  # type: ignore[attr-defined]
    assert rows(engine)["mention_ruling"] == []


# --------------------------------------------------------------------------------------------------------------- asking


def asked(engine: Engine, **more: Any) -> list[Found]:
    with looking(engine) as connection:
        return queue(connection, Wanted(**more))


def test_the_queue_begins_with_what_is_reopened_then_with_what_a_look_mends_most(engine: Engine) -> None:
    first = reading(page("detik", "d-r"), [claim(award="Award R", series=None)])
    open_region = {"region": "Kabupaten Mojokerto", "region_code": None}
    whose = claim("Kabupaten Mojokerto", "Whose", series=None, confidence=0.9, **open_region)
    store(
        engine,
        first,
        reading(page("detik", "d-1"), [claim(award="Sure", series=None, confidence=0.9)]),
        reading(page("detik", "d-2"), [claim(award="Unsure", series=None, confidence=0.4)]),
        *(reading(page(s, "x-3"), [claim(award="Wide", series=None, confidence=0.6)]) for s in OUTLETS),
        reading(page("detik", "d-4"), [claim(award="Torn", series=None, confidence=0.9, rank="Utama")]),
        reading(page("kompas", "k-4"), [claim(award="Torn", series=None, confidence=0.9, rank="Madya")]),
reading(page("detik", "d-5"), [whose]),
    )  # fmt: skip
    rule(engine, "confirm", next(row["id"] for row in found(engine) if row["award"] == "Award R"), by="ani")
    store(engine, revised(first, 5, paragraphs=("Kota Mojokerto meraih Award R dari ICSB, kata redaksi.",)))
    lines = asked(engine)
    assert [line["award"] for line in lines] == ["Award R", "Wide", "Torn", "Unsure", "Whose", "Sure"]
    gains = [line["review_gain"] for line in lines[1:]]
    assert gains == [pytest.approx(g) for g in (0.4 * 3, 0.55 * 2, 0.6, 0.55, 0.1)]
    assert lines[0]["because"].startswith(
        "re-opened: the words it was decided on have changed; confirm by ani on 2021-04-01"
    )
    assert lines[0]["is_a"] == "mention" and lines[2]["disagreements"] == {"rank": ["Madya", "Utama"]}
    assert lines[4]["because"].endswith("region code: Kabupaten Mojokerto (35.16) or Kota Mojokerto (35.76)")
    assert (
        lines[3]["quote"] == "Kota Mojokerto meraih Unsure dari ICSB."
        and lines[3]["url"] == "https://detik.example/d-2"
    )
    assert len(asked(engine, limit=3)) == 3 and asked(engine, limit=1)[0]["award"] == "Award R"
    rule(engine, "reject", lines[0]["id"], hours=7)
    rule(engine, "confirm", lines[1]["id"], hours=7)
    rule(engine, "correct", lines[2]["id"], field="rank", value="Utama", hours=7)
    assert [line["award"] for line in asked(engine)] == ["Unsure", "Whose", "Sure"]


def test_the_queue_of_a_site_a_series_a_region(engine: Engine) -> None:
    store(engine, *many(80, seed=5))
    everything = asked(engine, limit=1000)
    assert len(everything) == len(found(engine)) > 20
    for name, column, beginning in (
        ("series", "series", "kla"),
        ("region", "region_code", "35"),
        ("region", "region_code", "32.71"),
    ):
        fitting = [row for row in everything if str(row[column]).startswith(beginning)]
        assert asked(engine, limit=1000, **{name: beginning}) == fitting != []
    of_site = asked(engine, limit=1000, site="kompas")
    assert {row["id"] for row in of_site} < {row["id"] for row in everything} and of_site


def status(engine: Engine, **more: Any) -> dict[str, str]:
    with looking(engine) as connection:
        return {row["kind"]: row["status"] for row in listed(connection, Wanted(), **more)}


def test_rulings_are_listed_with_what_became_of_them(engine: Engine) -> None:
    store(engine, *three(series=None, award="Natamukti Nasional"))
    one, other = sorted(found(engine), key=lambda row: -row["outlet_count"])
    rule(engine, "confirm", other["id"])
    (rejected,) = rule(engine, "reject", other["id"], hours=1).made
    rule(engine, "correct", mention_of(engine, "detik"), field="rank", value="Madya", hours=2)
    rule(engine, "withdraw", rejected.id, hours=3)
    rule(engine, "merge", other["id"], value=one["id"], hours=4)
    rule(engine, "split", mention_of(engine, "antaranews"), hours=5)
    assert status(engine) == {
        "confirm": "superseded", "reject": "withdrawn", "correct": "in force", "withdraw": "withdrawal",
        "merge": "in force", "split": "in force",
    }  # fmt: skip
    store(engine, *(replace(r, mentions=()) for r in three(series=None, award="Natamukti Nasional")[:1]))
    assert status(engine)["correct"] == "without object"
    assert status(engine, kind="merge") == {"merge": "without object"} and status(engine, status="withdrawn") == {
        "reject": "withdrawn"
    }
    store(engine, *three(series=None, award="Natamukti Nasional")[:1])
    with looking(engine) as connection:
        shown = behind(connection, one["id"], [mention_of(engine, "detik")])
    assert [row["kind"] for row in shown] == ["merge", "correct"]


def test_precision_by_site_and_series(engine: Engine) -> None:
    store(
        engine,
        *(reading(page("detik", f"d-1{n}"), [claim(award=f"Award {n}", series=None)]) for n in range(4)),
        *three(),
    )
    ids = {row["award"]: row["id"] for row in found(engine)}
    rule(engine, "confirm", ids["Award 0"])
    rule(engine, "reject", ids["Award 1"])
    rule(engine, "reject", ids["Award 2"])
    rule(engine, "confirm", ids["Award 2"], hours=1)
    rule(engine, "correct", ids["Award 2"], field="rank", value="I")
    rule(engine, "reject", mention_of(engine, "kompas"))
    with looking(engine) as connection:
        counted = [tuple(row.values()) for row in precision(connection)]
        by_series = [row for row in answer(connection, "Q20") if row["what"] == "reviewers found right"]
    assert counted == [("detik", None, 1, 1, 1, 3, pytest.approx(2 / 3)), ("kompas", "natamukti", 0, 0, 1, 1, 0)]
    assert [(row["of_what"], row["number"], row["mean"]) for row in by_series] == [
        ("(no series)", 3, pytest.approx(2 / 3)),
        ("natamukti", 1, 0),
    ]


def test_rulings_go_into_another_database_and_meet_those_made_there(engine: Engine, empty_url: str) -> None:
    store(engine, *three())
    ruled_upon(engine, 9)
    with looking(engine) as connection:
        kept = [ruled.stored(row) for row in connection.execute(select(*ruled.columns()))]
    other = connect(empty_url)
    prepare(other)
    with writing(other) as connection:
        assert len(restore(connection, kept, FIRST).made) == len(kept)  # before any page is there
    store(other, *three())
    assert rows(other) == rows(engine)
    with writing(other) as connection:
        assert restore(connection, kept, FIRST) == Made((), len(kept))
    superseding = next(one for one in kept if one.supersedes)
    with pytest.raises(AwardsError, match="which is missing"), writing(other) as connection:
        restore(connection, [replace(superseding, id="f" * 20, supersedes="e" * 20)], FIRST)
    with pytest.raises(AwardsError, match="both stand in place of"), writing(other) as connection:
        restore(connection, [replace(superseding, id="f" * 20)], FIRST)
    other.dispose()


def test_what_a_ruling_does_is_logged_with_its_reason(engine: Engine) -> None:
    store(engine, *three())
    (one,) = found(engine)
    rule(engine, "correct", one["id"], field="rank", value="Madya", why="salah kutip")
    rule(engine, "reject", one["id"], hours=1, by="budi", why="bukan penghargaan")
    change = models.table(models.ConferralChange)
    with looking(engine) as connection:
        logged = connection.execute(select(change).order_by(change.c.at, change.c.field)).all()
        choices = dump(connection)["conferral_choice"]
    assert [
        (row.conferral_id, row.at - FIRST, row.field, row.what, row.old, row.new, row.reason) for row in logged[:1]
    ] == [(one["id"], timedelta(), "rank", "corrected", "Utama", "Madya", "ruling: correct by ani, salah kutip")]
    assert (logged[-1].what, logged[-1].reason) == ("withdrawn", "ruling: reject by budi, bukan penghargaan")
    assert choices == []


def test_a_conferral_says_what_a_person_chose_against_whom(engine: Engine) -> None:
    store(engine, *three())
    rule(engine, "correct", mention_of(engine, "kompas"), field="rank", value="Madya")
    (choice,) = [row for row in rows(engine)["conferral_choice"] if row["field"] == "rank"]
    assert (choice["value"], choice["reason"], choice["dissent"]) == ("Madya", "ruled by a person", {"Utama": 2})
