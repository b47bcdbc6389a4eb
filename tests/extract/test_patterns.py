"""A pattern that begins with its first letters finds what the plain one finds."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from etl.extract.patterns import either, one_of

ALTERNATIVES = (*either("juara", "terbaik"), r"juara\s+umum", "top-?ten", r"\d\d?\s+besar", "Top")
PLAIN = re.compile(rf"\b(?:{'|'.join(ALTERNATIVES)})")
FAST = re.compile(one_of(*ALTERNATIVES))
TEXTS = st.lists(
    st.sampled_from(
        ["juara", "Juara", "umum", "terbaik", "besar", "12", "7", "top", "Top", "ten", "-", " ", "_", "x", "é", "\n"]
    )
).map("".join)


@given(TEXTS)
def test_the_same_words_are_found(text: str) -> None:
    assert [m.span() for m in FAST.finditer(text)] == [m.span() for m in PLAIN.finditer(text)]


@given(TEXTS, st.integers(0, 9), st.integers(0, 40))
def test_the_same_words_are_found_in_a_span(text: str, start: int, end: int) -> None:
    assert [m.span() for m in FAST.finditer(text, start, end)] == [m.span() for m in PLAIN.finditer(text, start, end)]


@given(TEXTS)
def test_not_after(text: str) -> None:
    plain = re.compile(rf"(?<!x )(?<!\d)\b(?:{'|'.join(ALTERNATIVES)})")
    fast = re.compile(one_of(*ALTERNATIVES, not_after=("x ", r"\d")))
    assert [m.span() for m in fast.finditer(text)] == [m.span() for m in plain.finditer(text)]
