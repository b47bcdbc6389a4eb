"""The article that the project began with: `awards read` gives exactly what people who read it wrote down."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.awards import SHARED, Awards

SEED = SHARED / "seed"

pytestmark = pytest.mark.skipif(not SEED.is_dir(), reason=f"left out: {SEED} is not there")

ARTICLE = (
    "url", "outlet", "article_id", "title", "author", "editors", "dateline", "published_at", "photo_caption", "tags",
    "paragraphs",
)  # fmt: skip


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SEED / "expected.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = Awards(tmp_path_factory.mktemp("seed") / "data").json("read", str(SEED / "d-5517334.html"))
    return found


def test_the_article_and_nothing_else(said: dict[str, Any], expected: dict[str, Any]) -> None:
    assert {key: said["article"][key] for key in ARTICLE} == {key: expected[key] for key in ARTICLE}
    assert said["article"]["text"] == "\n".join((expected["title"], *expected["paragraphs"]))
    assert [words for words in expected["never_in_text"] if words in said["article"]["text"]] == []
    assert (said["article"]["site"], said["article"]["canonical_url"]) == ("detik", expected["url"])


def test_every_record_with_every_field(said: dict[str, Any], expected: dict[str, Any]) -> None:
    assert said["is_award_article"] is expected["is_award_article"]
    keys = expected["records"][0].keys() - {"optional", "evidence"}
    found = [{key: record[key] for key in keys} for record in said["records"]]
    wanted = [{key: record[key] for key in keys} for record in expected["records"]]
    assert found == wanted


def test_regions_and_partners(said: dict[str, Any], expected: dict[str, Any]) -> None:
    (first, *others) = said["records"]
    assert first["region_code"] == expected["region_codes"]["Kota Mojokerto"]
    assert first["partners"] == expected["partners"]
    assert first["series"] == "merdeka-award"
    assert all(record["region_code"] and len(record["region_code"]) == 5 for record in others)


def test_every_field_with_its_words(said: dict[str, Any], expected: dict[str, Any]) -> None:
    text = said["article"]["text"]
    claimed = (
        "recipient",
        "award",
        "category",
        "rank",
        "giver",
        "presented_by",
        "received_by",
        "awarded_on",
        "place",
        "partners",
    )
    for record, wanted in zip(said["records"], expected["records"], strict=True):
        assert all(text[e["start"] : e["end"]] == e["quote"] for e in record["evidence"])
        behind = {e["field"] for e in record["evidence"]}
        assert {field for field in claimed if record[field]} <= behind
        # the recipient was found in the headline, or in the paragraph that people named
        at = text.index(wanted["evidence"])
        paragraph = range(text.rindex("\n", 0, at), text.index("\n", at))
        starts = [e["start"] for e in record["evidence"] if e["field"] == "recipient"]
        assert any(start in paragraph or start < len(expected["title"]) for start in starts)


def test_on_a_terminal(tmp_path_factory: pytest.TempPathFactory) -> None:
    ran = Awards(tmp_path_factory.mktemp("seed") / "data")("read", str(SEED / "d-5517334.html"))
    assert ran.code == 0 and ran.err == ""
    assert "\n1. Kota Mojokerto · Merdeka Award" in ran.out and '"Rabu (31/3)"' in ran.out
    assert "9. Kabupaten Tulang Bawang" in ran.out
