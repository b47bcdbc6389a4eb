"""Which claims become one conferral, and what it says."""

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.conferral import Claim, Conferral, group, group_key, normalised, stated
from etl.model import AwardMention
from tests.db.readings import claim


def said(number: int, mention: AwardMention, outlet: str = "detikcom", on: str | None = "2021-04-01") -> Claim:
    return Claim(f"m{number:02}", f"{outlet}:{number}", outlet, date.fromisoformat(on) if on else None, stated(mention))


def one(*claims: Claim) -> Conferral:
    (conferral,) = group(claims)
    return conferral


def test_two_outlets_make_one_conferral() -> None:
    found = one(
        said(1, claim(rank="Utama", confidence=0.6)),
        said(2, claim("Pemkot Mojokerto", "Natamukti", rank="Nindya", confidence=0.9), "Kompas.com", "2021-04-02"),
        said(3, claim("Pemkot Mojokerto", "Natamukti", rank="Nindya"), "ANTARA", "2021-04-03"),
    )
    assert (found.mention_count, found.outlet_count, found.mention_ids) == (3, 3, ("m01", "m02", "m03"))
    assert (found.recipient, found.rank, found.confidence) == ("Pemkot Mojokerto", "Nindya", 0.9)
    assert found.first_published_on == date(2021, 4, 1)


def test_an_outlet_counts_once_per_value_however_often_it_prints() -> None:
    found = one(
        *(said(n, claim(giver="ICSB Indonesia")) for n in range(3)),
        said(8, claim(giver="ICSB"), "Kompas.com"),
        said(9, claim(giver="ICSB"), "ANTARA"),
    )
    assert (found.giver, found.mention_count, found.outlet_count) == ("ICSB", 5, 3)


def test_ties_go_to_the_first_printed_then_to_the_text() -> None:
    early, late = said(1, claim(giver="Z"), "A", "2021-04-01"), said(2, claim(giver="B"), "B", "2021-04-02")
    assert one(late, early).giver == "Z"
    assert one(said(1, claim(giver="Z"), "A"), said(2, claim(giver="B"), "B")).giver == "B"
    assert one(said(1, claim(giver="Z"), "A", None), said(2, claim(giver="B"), "B", "2022-01-01")).giver == "B"


def test_repeated_mentions_in_one_article_collapse() -> None:
    first, again = said(1, claim(rank=None, confidence=0.9)), said(2, claim(rank="Utama", confidence=0.4))
    again = Claim(again.mention_id, first.article_key, first.outlet, first.published_on, again.mention)
    found = one(first, again)
    assert (found.mention_count, found.rank, found.mention_ids) == (1, "Utama", ("m01", "m02"))


@pytest.mark.parametrize(
    ("mention", "year"),
    [
        (claim(edition_year=2020), 2020),
        (claim(), 2021),
        (claim(awarded_on="2019"), 2019),
        (claim(awarded_on=None), 2022),
        (claim(awarded_on=None, in_focus=False), None),
    ],
)
def test_year_is_edition_then_ceremony_then_publication_of_news(mention: AwardMention, year: int | None) -> None:
    assert one(said(1, mention, on="2022-01-05")).year == year


def test_no_date_at_all_gives_no_year() -> None:
    assert one(said(1, claim(awarded_on=None), on=None)).year is None


def test_ceremony_of_a_named_edition_is_that_edition() -> None:
    named = said(1, claim(edition_year=2020), "Kompas.com")
    assert one(named, said(2, claim(awarded_on="2021-04-01"))).year == 2020
    assert [c.year for c in group([named, said(2, claim(awarded_on="2021-06-01"))])] == [2020, 2021]
    assert [c.year for c in group([named, said(2, claim(awarded_on="2021"))])] == [2020, 2021]
    other = said(3, claim(edition_year=2021))
    assert [c.mention_ids for c in group([named, other, said(2, claim())])] == [("m01",), ("m02", "m03")]


def test_claim_without_category_joins_the_only_category() -> None:
    bare, fashion, food = said(1, claim()), said(2, claim(category="Fesyen")), said(3, claim(category="Kuliner"))
    found = one(bare, fashion, said(4, claim(category="FESYEN "), "ANTARA", "2021-05-01"))
    assert (found.category, found.mention_count) == ("Fesyen", 3)
    assert [c.category for c in group([bare, fashion, food])] == [None, "Fesyen", "Kuliner"]
    earlier = said(5, claim(category="Fesyen", awarded_on="2019"))
    assert [(c.year, c.category) for c in group([bare, earlier])] == [(2019, "Fesyen"), (2021, None)]


def test_recipients_of_one_name_in_two_regions_stay_apart() -> None:
    kota = said(1, claim("Desa Sukamaju", recipient_type="village", region_code="35.16"))
    other = said(2, claim("Desa Sukamaju", recipient_type="village", region_code="32.04"))
    assert len(group([kota, other])) == 2
    assert len(group([said(1, claim()), said(2, claim("Ika Puspitasari", recipient_type="official"))])) == 2
    assert len(group([said(1, claim(region_code="35.76")), said(2, claim("Kabupaten", region_code="35.16"))])) == 2


def test_outside_the_catalogue_names_are_compared_without_case_and_signs() -> None:
    one(
        said(1, claim("Dinas Kominfo", "Anugerah  Humas", recipient_type="agency", series=None)),
        said(2, claim("DINAS KOMINFO", "Anugerah Humas!", recipient_type="agency", series=None)),
    )
    assert normalised(" Kab.  Mojokerto\u00a0(Jatim) ") == "kab mojokerto jatim"


def test_nominations_make_no_conferral() -> None:
    assert group([said(1, claim(status="nominated"))]) == []
    assert one(said(1, claim(status="record", kind="record"))).status == "record"


def test_a_shorter_date_does_not_outvote_the_day_it_agrees_with() -> None:
    short = [said(n, claim(awarded_on="2021"), outlet) for n, outlet in enumerate(("Kompas.com", "ANTARA"))]
    assert one(*short, said(5, claim())).awarded_on == "2021-03-31"
    days = [said(n, claim(awarded_on="2021-03-30"), outlet) for n, outlet in enumerate(("Kompas.com", "ANTARA"))]
    assert one(*days, said(5, claim())).awarded_on == "2021-03-30"


def test_a_name_without_end_is_still_a_key() -> None:
    assert len(group_key(claim("x" * 5000, recipient_type="person", region=None, region_code=None))) == 20


_MENTIONS = st.builds(
    claim,
    recipient=st.sampled_from(["Kota Mojokerto", "Pemkot Mojokerto"]),
    category=st.sampled_from([None, "Fesyen", "fesyen", "Kuliner"]),
    rank=st.sampled_from([None, "Utama", "Nindya"]),
    giver=st.sampled_from([None, "ICSB", "Kemenkop"]),
    awarded_on=st.sampled_from([None, "2021", "2021-03", "2021-03-31", "2021-04-01", "2022-05-05"]),
    edition_year=st.sampled_from([None, None, 2020, 2021]),
    status=st.sampled_from(["won", "won", "record", "nominated"]),
    in_focus=st.booleans(),
    confidence=st.sampled_from([0.3, 0.9]),
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(_MENTIONS, st.integers(1, 3), st.sampled_from(["A", "B", "C"]), st.integers(1, 5)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter_and_nothing_is_lost(
    drawn: list[tuple[AwardMention, int, str, int]], chance: random.Random
) -> None:
    claims = [
        Claim(f"m{n}", f"{outlet}:{article}", outlet, date(2021, 4, article), stated(mention))
        for n, (mention, article, outlet, _) in enumerate(drawn)
    ]
    conferrals = group(claims)
    shuffled = list(claims)
    chance.shuffle(shuffled)
    assert group(shuffled) == conferrals
    members = sorted(member for conferral in conferrals for member in conferral.mention_ids)
    assert members == sorted(c.mention_id for c in claims if c.mention.status != "nominated")
    assert len({c.id for c in conferrals}) == len(conferrals)
