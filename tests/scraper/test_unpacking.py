"""Packed bodies that break off are noticed, and no other."""

from __future__ import annotations

import gzip
import random
import zlib

import pytest

from scraper.unpacking import MOST, is_badly_packed, is_cut_short

TEXT = random.Random(3).randbytes(5000)
PACKED = gzip.compress(TEXT)


@pytest.mark.parametrize("missing", [1, 4, 8, 9, 500, len(PACKED) - 12])
def test_a_body_without_its_end(missing: int) -> None:
    assert is_cut_short(PACKED[:-missing]) and is_badly_packed(PACKED[:-missing], "gzip")


@pytest.mark.parametrize(
    "packed",
    [
        PACKED, PACKED + gzip.compress(b"more"), PACKED + gzip.compress(b""), PACKED + b"rubbish",
        zlib.compress(TEXT), b"plain", b"",
    ],
)  # fmt: skip
def test_a_whole_one(packed: bytes) -> None:
    assert not is_cut_short(packed) and not is_badly_packed(packed, None)


def test_a_second_member_without_its_end() -> None:
    assert is_cut_short(PACKED + PACKED[:-20])


def test_a_byte_that_changed_on_the_way() -> None:
    assert is_cut_short(PACKED[:2500] + bytes([PACKED[2500] ^ 1]) + PACKED[2501:])


def test_what_is_said_to_be_packed_and_is_not() -> None:
    assert (
        is_badly_packed(b"plain", "gzip") and not is_badly_packed(b"", "GZIP") and not is_badly_packed(b"plain", "br")
    )


def test_a_bomb_is_not_unpacked_to_its_end() -> None:
    bomb = gzip.compress(bytes(MOST + 1_000_000), 1)
    assert not is_cut_short(bomb[:-9]), "its end is beyond what anybody takes, and was not looked at"
    assert is_cut_short(gzip.compress(bytes(MOST - 1_000_000), 1)[:-9])
