"""Packed bodies that break off are noticed, and no other."""

from __future__ import annotations

import gzip
import random
import zlib

import pytest

from scraper.unpacking import is_cut_short

TEXT = random.Random(3).randbytes(5000)
PACKED = gzip.compress(TEXT)


@pytest.mark.parametrize("missing", [1, 4, 8, 9, 500, len(PACKED) - 12])
def test_a_body_without_its_end(missing: int) -> None:
    assert is_cut_short(PACKED[:-missing], TEXT[:-missing])


@pytest.mark.parametrize(
    ("packed", "unpacked"),
    [
        (PACKED, TEXT),
        (PACKED + gzip.compress(b"more"), TEXT + b"more"),
        (PACKED + gzip.compress(b""), TEXT),
        (PACKED + b"rubbish", TEXT),
        (zlib.compress(TEXT), TEXT),
        (b"plain", b"plain"),
        (b"", b""),
    ],
)
def test_a_whole_one(packed: bytes, unpacked: bytes) -> None:
    assert not is_cut_short(packed, unpacked)


def test_a_second_member_without_its_end() -> None:
    assert is_cut_short(PACKED + PACKED[:-20], TEXT + TEXT[:-20])
