"""Words meet by their stems, questions mean what they say, and highlights stand where the words do."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.model import UsageError
from etl.stems import MARK, Part, excerpt, places, question, respelled, stem, tokens, words

TEXT = "Pemkot Mojokerto Dihargai: penghargaan Kota Layak Anak, pengelolaan sampah; Café Jum'at"


def test_forms_of_a_word_share_a_stem_and_names_stay() -> None:
    assert {stem(word) for word in ("penghargaan", "menghargai", "dihargai", "harga")} == {"harga"}
    assert [stem(word) for word in ("opini", "kembali", "mojokerto", "35", "wtp")] == [
        "opini",
        "kembali",
        "mojokerto",
        "35",
        "wtp",
    ]


def test_tokens_are_stems_in_order_then_the_words_as_printed() -> None:
    assert tokens("Meraih penghargaan, meraih.") == ["raih", "harga", "raih", f"{MARK}meraih", f"{MARK}penghargaan"]
    assert tokens("café CAFÉ cafe\u0301") == ["cafe"] * 3
    assert tokens("… — !") == []
    assert {len(token) for token in tokens("a" * 5000 + " " + "é" * 5000)} == {100}  # PostgreSQL refuses long ones


@pytest.mark.parametrize(
    ("asked", "means"),
    [
        ("penghargaan kota", ((Part(("harga",)), Part(("kota",))),)),
        ('"kota layak anak"', ((Part(("kota", "layak", "anak")),),)),
        ("anak-anak", ((Part(("anak", "anak")),),)),
        ("35.76", ((Part(("35", "76")),),)),
        ("Penghar*", ((Part((), "penghar"),),)),
        ("kota-mojo*", ((Part(("kota",), "mojo"),),)),
        ("adipura OR kalpataru", ((Part(("adipura",)),), (Part(("kalpataru",)),))),
        ("a OR OR b", ((Part(("a",)),), (Part(("b",)),))),
        ("or", ((Part(("or",)),),)),
        ('"tak ditutup', ((Part(("tak", "tutup")),),)),
        ("( kota ) AND", ((Part(("kota",)), Part(("and",))),)),
    ],
)
def test_questions(asked: str, means: object) -> None:
    assert question(asked) == means


@pytest.mark.parametrize(
    ("asked", "why"),
    [("", "no word"), ("OR", "no word"), ('""', "no word"), ("a*", "2 letters"), ("x" * 401, "400"), ("a " * 25, "24")],
)
def test_what_is_no_question_is_said(asked: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        question(asked)


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("menghargai", ["Dihargai", "penghargaan"]),
        ('"layak anak"', ["Layak Anak"]),
        ("peng*", ["penghargaan", "pengelolaan"]),
        ("cafe OR kelola", ["pengelolaan", "Café"]),
        ('"kota layak" "layak anak"', ["Kota Layak Anak"]),
        ("tiada", []),
    ],
)
def test_highlights(asked: str, marked: list[str]) -> None:
    assert [TEXT[start:end] for start, end in places(TEXT, question(asked))] == marked


def test_an_excerpt_holds_the_most_of_what_was_asked() -> None:
    text = "Kota ini. " * 30 + "Di sini kota dan sampah bertemu. " + "Kota lagi. " * 30
    shown, marks = excerpt(text, question("sampah kota"), 60)
    assert len(shown) <= 60
    assert {shown[start:end].lower() for start, end in marks} == {"kota", "sampah"}
    assert excerpt("pendek", question("tiada")) == ("pendek", [])


def test_respelling_keeps_the_rest() -> None:
    assert respelled('"Kota Mojekerto" OR moje*', {"mojekerto": "mojokerto"}) == '"Kota Mojokerto" OR moje*'


@given(st.text(max_size=60), st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_and_any_question(text: str, asked: str) -> None:
    """Whatever is typed: a refusal by name, or places that hold words, in order, and agree with the tokens."""
    assert all(token.removeprefix(MARK).isalnum() for token in tokens(text))
    assert all(text[word.start : word.end] for word in words(text))
    try:
        means = question(asked)
    except UsageError:
        return
    assert all(token.isalnum() for parts in means for part in parts for token in (*part.stems, part.beginning or "a"))
    found = places(text, means)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    shown, marks = excerpt(text, means, 30)
    assert shown in text and all(0 <= start < end <= len(shown) for start, end in marks)
