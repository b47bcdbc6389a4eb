"""Readings in, rows out: the same rows whatever was loaded before and in which order."""

import random
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select

from db import models
from db.connect import connect, writing
from db.connect import reading as looking
from db.load import Loss, RunRow, fingerprints, load, losses, record_run, regroup_all, visited
from db.queries import Found, dump, runs, why
from etl.model import Evidence, PageRef, Reading
from tests.db.readings import FIRST, OUTLETS, claim, many, misfit, page, reading, replace_evidence


def store(engine: Engine, readings: Sequence[Reading], size: int = 1000) -> None:
    for start in range(0, len(readings), size):
        with writing(engine) as connection:
            load(connection, readings[start : start + size], OUTLETS)


def rows(engine: Engine) -> dict[str, list[Found]]:
    with looking(engine) as connection:
        return dump(connection)


def test_what_is_stored_is_what_was_read(engine: Engine) -> None:
    made = reading(mentions=[claim(partners=("Kadin", "BPS"), rank="Utama")])
    store(engine, [made])
    found = rows(engine)
    (mention,) = found["mention"]
    with looking(engine) as connection:
        chain = why(connection, mention["id"])["mentions"][0]
    assert chain["partners"] == ["Kadin", "BPS"]
    assert [tuple(words.values()) for words in chain["evidence"]] == [
        (words.field, words.start, words.end, words.quote) for words in made.mentions[0].evidence
    ]
    assert chain["article"]["published_at"].isoformat() == "2021-04-01T21:40:00+07:00"
    assert found["article_version"][0]["published_at"].isoformat() == "2021-04-01T14:40:00+00:00"
    assert [row["name"] for row in found["article_editor"]] == ["fat", "iwd"]
    assert found["page"][0]["last_fetched_at"] == FIRST
    assert (found["conferral"][0]["rank"], found["conferral"][0]["mention_count"]) == ("Utama", 1)


def test_loading_again_changes_nothing(engine: Engine) -> None:
    readings = many(80)
    store(engine, readings)
    once = rows(engine)
    store(engine, readings)
    store(engine, readings, size=7)
    assert rows(engine) == once
    assert once["conferral"]


@pytest.mark.parametrize("seed", range(4))
def test_any_order_gives_the_same_rows(url: str, engine: Engine, seed: int) -> None:
    readings = many(120, seed=99)
    store(engine, readings)
    expected = rows(engine)
    with writing(engine) as connection:
        for table in reversed(models.DERIVED):
            connection.execute(table.delete())
    chance = random.Random(seed)
    chance.shuffle(readings)
    store(engine, readings, size=chance.randrange(5, 60))
    assert rows(engine) == expected


def test_conferrals_computed_at_the_end_are_the_same(engine: Engine) -> None:
    readings = many(120, seed=99)
    store(engine, readings)
    expected = rows(engine)
    with writing(engine) as connection:
        for table in reversed(models.DERIVED):
            connection.execute(table.delete())
    for start in range(0, len(readings), 30):
        with writing(engine) as connection:
            load(connection, readings[start : start + 30], OUTLETS, grouped=False)
    assert rows(engine)["conferral"] == []
    with writing(engine) as connection:
        regroup_all(connection)
    assert rows(engine) == expected


def test_both_databases_hold_the_same(engine: Engine, file: Path) -> None:
    store(engine, many(100))
    other = connect(f"sqlite:///{file}")
    store(other, many(100), size=9)
    assert rows(engine) == rows(other)
    other.dispose()


def test_replacing_removes_what_a_page_no_longer_yields(engine: Engine) -> None:
    of = page()
    store(engine, [reading(of, [claim(), claim("Kota Batu", region_code="35.79")])])
    store(engine, [reading(of, [claim()])])
    found = rows(engine)
    assert [row["recipient"] for row in found["mention"]] == ["Kota Mojokerto"]
    assert [row["region_code"] for row in found["conferral"]] == ["35.76"]
    assert len(found["article_version"]) == 1
    store(engine, [misfit(of)])
    found = rows(engine)
    assert {table for table, kept in found.items() if kept} == {"page"}
    assert (found["page"][0]["outcome"], found["page"][0]["version_id"]) == ("misfit", None)


def test_same_words_read_by_better_code_give_other_mentions(engine: Engine) -> None:
    store(engine, [reading(mentions=[claim(rank=None)])])
    store(engine, [reading(mentions=[claim(rank="Utama", series=None)], fingerprint="f2")])
    found = rows(engine)
    assert [(row["rank"], row["series"]) for row in found["mention"]] == [("Utama", None)]
    assert [(row["rank"], row["series"]) for row in found["conferral"]] == [("Utama", None)]
    with looking(engine) as connection:
        assert fingerprints(connection, "detik") == {page().id: "f2"}
        assert fingerprints(connection, "kompas") == {}


def test_only_the_version_seen_last_counts(engine: Engine) -> None:
    old, new = page(body="a", seen=1, last=2), page(body="b", seen=3)
    store(engine, [reading(new, [claim(rank="Utama")], title="Baru")])
    store(engine, [reading(old, [claim(rank="Nindya"), claim("Kota Batu", region_code="35.79")], title="Lama")])
    found = rows(engine)
    assert len(found["mention"]) == 3
    assert [row["rank"] for row in found["conferral"]] == ["Utama"]

    again = replace(old, last_fetched_at=FIRST + timedelta(hours=9))
    with writing(engine) as connection:
        visited(connection, [again, page(path="never-loaded")])
    found = rows(engine)
    assert sorted((row["region_code"], row["rank"]) for row in found["conferral"]) == [
        ("35.76", "Nindya"),
        ("35.79", None),
    ]
    with writing(engine) as connection:
        visited(connection, [replace(new, last_fetched_at=FIRST + timedelta(hours=10)), again])
    assert [row["rank"] for row in rows(engine)["conferral"]] == ["Utama"]


def test_a_visit_is_as_good_as_loading_again(url: str, engine: Engine) -> None:
    """Seen again without reading, or loaded once with both visits known: the same rows, as a rebuild needs it."""
    readings = many(60, seed=5)
    store(engine, readings)
    chance = random.Random(5)
    later = [
        replace(made.page, last_fetched_at=made.page.last_fetched_at + timedelta(days=chance.randrange(40)))
        for made in readings
    ]
    with writing(engine) as connection:
        visited(connection, later)
    visited_rows = rows(engine)
    with writing(engine) as connection:
        for table in reversed(models.DERIVED):
            connection.execute(table.delete())
    store(engine, [replace(made, page=ref) for made, ref in zip(readings, later, strict=True)])
    assert rows(engine) == visited_rows


def test_times_only_widen(engine: Engine) -> None:
    store(engine, [reading(page(seen=5, last=9))])
    store(engine, [reading(page(seen=2, last=3))])
    (row,) = rows(engine)["page"]
    assert (row["first_fetched_at"], row["last_fetched_at"]) == (FIRST + timedelta(hours=2), FIRST + timedelta(hours=9))


def test_one_page_given_twice_is_one_page(engine: Engine) -> None:
    store(engine, [reading(page(seen=5, last=9)), reading(page(seen=2, last=3))])
    (row,) = rows(engine)["page"]
    assert (row["first_fetched_at"], row["last_fetched_at"]) == (FIRST + timedelta(hours=2), FIRST + timedelta(hours=9))


def test_two_addresses_of_one_article_are_one_version(engine: Engine) -> None:
    amp, plain = page(path="d-1/amp", body="amp", seen=2), page(path="d-1", seen=1)
    store(engine, [reading(plain, [claim()], article_id="d-1"), reading(amp, [claim()], article_id="d-1")])
    found = rows(engine)
    assert (len(found["page"]), len(found["article_version"]), len(found["mention"])) == (2, 1, 1)
    assert found["article"][0]["url"] == amp.url
    store(engine, [misfit(amp)])
    found = rows(engine)
    assert (found["article"][0]["url"], len(found["mention"])) == (plain.url, 1)


def test_two_outlets_meet_in_one_conferral(engine: Engine) -> None:
    store(engine, [reading(page("detik"), [claim(rank="Utama")])])
    store(engine, [reading(page("kompas", "read/1"), [claim("Pemkot Mojokerto")], article_id="1")])
    (conferral,) = rows(engine)["conferral"]
    assert (conferral["outlet_count"], conferral["rank"]) == (2, "Utama")
    store(engine, [misfit(page("detik"))])
    (conferral,) = rows(engine)["conferral"]
    assert (conferral["outlet_count"], conferral["rank"], conferral["recipient"]) == (1, None, "Pemkot Mojokerto")


# ------------------------------------------------------------------------------------------------------------- refusals


def bad_quote(made: Reading, words: Evidence) -> Reading:
    mention = made.mentions[0]
    return replace(made, mentions=(replace_evidence(mention, (words, *mention.evidence)),))


@pytest.mark.parametrize(
    "words",
    [
        Evidence("giver", 0, 4, "Kata"),
        Evidence("giver", 0, 5, "Kota"),
        Evidence("giver", 3, 3, ""),
        Evidence("giver", -5, -1, "ICSB"),
        Evidence("giver", 10_000, 10_004, "ICSB"),
    ],
)
def test_words_that_the_article_has_not_are_refused(engine: Engine, words: Evidence) -> None:
    made = bad_quote(reading(mentions=[claim()]), words)
    with pytest.raises(ValueError, match=r"https://detik\.example/d-1: .*giver"):
        store(engine, [reading(page(path="d-2")), made])
    assert not any(rows(engine).values())


def test_a_claim_without_words_is_refused(engine: Engine) -> None:
    made = reading(mentions=[claim()])
    for kept in made.mentions[0].evidence:
        bare = replace(made, mentions=(replace_evidence(made.mentions[0], (kept,)),))
        missing = ({"recipient", "award"} - {kept.field}).pop()
        with pytest.raises(ValueError, match=f"d-1: 'Kota Mojokerto', 'Natamukti Award': no evidence for {missing}"):
            store(engine, [bare])


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            replace(misfit(page()), mentions=reading(mentions=[claim()]).mentions),
            "a page without an article cannot have any",
        ),
        (reading(mentions=[claim(awarded_on="2021-02-30")]), "awarded_on: '2021-02-30' is no date"),
        (reading(mentions=[claim(awarded_on="31 Maret 2021")]), "awarded_on"),
        (reading(mentions=[claim(place="Jakarta\x00")]), "place: a character that no database can hold"),
        (reading(title="Kota \ud83d Raih"), "title: a character that no database can hold"),
        (misfit(page(), "'\x00' matches nothing"), "reasons"),
    ],
)
def test_what_cannot_be_true_or_stored_is_refused(engine: Engine, made: Reading, message: str) -> None:
    with pytest.raises(ValueError, match=rf"https://detik\.example/d-1: .*{message}"):
        store(engine, [made])
    assert not any(rows(engine).values())


@pytest.mark.parametrize("awarded_on", [None, "2021", "2021-03", "2020-02-29"])
def test_dates_of_every_precision_are_stored(engine: Engine, awarded_on: str | None) -> None:
    store(engine, [reading(mentions=[claim(awarded_on=awarded_on)])])
    assert rows(engine)["mention"][0]["awarded_on"] == awarded_on


def test_names_of_any_length_are_stored(engine: Engine) -> None:
    store(engine, [reading(mentions=[claim("Yayasan " + "Panjang " * 2000, recipient_type="community")])])
    assert len(rows(engine)["conferral"]) == 1


def test_a_failed_batch_leaves_nothing(engine: Engine) -> None:
    store(engine, [reading(mentions=[claim()])])
    before = rows(engine)
    with pytest.raises(RuntimeError), writing(engine) as connection:
        load(connection, many(20), OUTLETS)
        raise RuntimeError("killed")
    assert rows(engine) == before


def test_a_time_without_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="has no zone"):
        store(engine, [reading(replace(page(), last_fetched_at=datetime(2030, 1, 1)))])  # noqa: DTZ001


# --------------------------------------------------------------------------------------------------------- the 5 % gate


def test_losses_are_what_stored_pages_would_lose(engine: Engine) -> None:
    batu = claim("Kota Batu", region_code="35.79")
    store(engine, [reading(mentions=[claim(), batu, batu])])
    now = [reading(mentions=[claim(), batu]), reading(page(path="d-2"), [claim()])]
    with looking(engine) as connection:
        found = losses(connection, now)
    assert (found.before, found.after) == (3, 2)
    assert found.lost == (Loss("detik", "https://detik.example/d-1", "Kota Batu", "Natamukti Award"),)
    with looking(engine) as connection:
        found = losses(connection, [misfit(page())])
        assert (found.before, found.after, len(found.lost)) == (3, 0, 3)
        assert losses(connection, []).lost == ()


# ----------------------------------------------------------------------------------------------------------------- runs


def test_a_run_is_recorded_and_completed(engine: Engine) -> None:
    begun = RunRow("r1", "detik", FIRST, "run", code_version="0.1.0+abc")
    with writing(engine) as connection:
        record_run(connection, begun)
    done = replace(begun, ended_at=FIRST + timedelta(minutes=2), exit_code=0, fetched=7, failures={"http 503": 2})
    with writing(engine) as connection:
        record_run(connection, done)
        record_run(connection, replace(begun, id="r2", started_at=FIRST + timedelta(days=1)))
    with looking(engine) as connection:
        newest, oldest = runs(connection, "detik", limit=5)
    assert (newest["id"], oldest["failures"], oldest["started_at"]) == ("r2", {"http 503": 2}, FIRST)
    assert oldest["started_at"].tzinfo is UTC


# ------------------------------------------------------------------------------------------------------------- together


def test_two_loaders_at_once_lose_nothing(url: str, engine: Engine) -> None:
    """Both halves speak of the same awards: each loader must see what the other has stored when it counts."""
    readings = many(160, seed=3)
    store(engine, readings)
    expected = rows(engine)
    with writing(engine) as connection:
        for table in reversed(models.DERIVED):
            connection.execute(table.delete())
    faults: list[BaseException] = []
    start = threading.Barrier(2)

    def work(half: list[Reading]) -> None:
        own = connect(url)
        try:
            start.wait()
            store(own, half, size=8)
        except Exception as fault:  # noqa: BLE001  # handed to the test
            faults.append(fault)
        finally:
            own.dispose()

    threads = [threading.Thread(target=work, args=(readings[n::2],)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert rows(engine) == expected


def test_a_plain_transaction_takes_the_lock_too(url: str, engine: Engine) -> None:
    """`engine.begin()` instead of `writing`: load still waits for other writers at its start."""
    with engine.begin() as connection:
        load(connection, [reading(mentions=[claim()])], OUTLETS)
    assert len(rows(engine)["conferral"]) == 1


def test_a_batch_takes_few_round_trips(engine: Engine) -> None:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    store(engine, many(300))
    assert len(statements) < 60


def test_referred_rows_exist(engine: Engine) -> None:
    store(engine, many(60))
    store(engine, [misfit(made.page) for made in many(60)[::2]])
    links = models.table(models.ConferralMention)
    mentions = models.table(models.Mention)
    with looking(engine) as connection:
        lost = select(func.count()).select_from(links).where(links.c.mention_id.not_in(select(mentions.c.id)))
        assert connection.execute(lost).scalar_one() == 0


def test_nothing_to_do_is_done(engine: Engine) -> None:
    nothing: list[PageRef] = []
    with writing(engine) as connection:
        load(connection, [], OUTLETS)
        visited(connection, nothing)
    assert not any(rows(engine).values())
