"""A site that misbehaves: the run goes on, in bounded memory, counts the fault under its name and leaves a valid archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.bufferedreaders import BufferedReader

from tests.faults.misbehaving import DOES, FAULTS, MOST_MEMORY, observe
from tests.faults.prepared import PreparedCrawls
from tests.scraper.test_archive import assert_whole


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreparedCrawls]:
    made = PreparedCrawls(tmp_path_factory.mktemp("crawls"))
    yield made
    made.close()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_site(tmp_path: Path, crawls: PreparedCrawls, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = FAULTS[name]
    outcome = observe(fault, tmp_path, crawls)
    assert (outcome.counted, outcome.kept) == (fault.counted, fault.kept)
    assert outcome.good == {"/berita/1", "/berita/2"} and outcome.finished, "the run goes on"
    assert outcome.memory < MOST_MEMORY
    assert not any("/iklan" in path or "/rahasia" in path for path in outcome.asked), "refused means not asked for"
    if "brotli" in name:  # warcio 1.8 cannot unpack it with brotli 1.2: the record is checked as it is
        monkeypatch.delitem(BufferedReader.DECOMPRESSORS, "br")
    assert_whole(tmp_path, "local")


def test_each_fault_is_described() -> None:
    assert list(DOES) == list(FAULTS)
