"""The gazetteers as tables: equal to the files, whatever they held before."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from db import models
from db.connect import connect, reading, writing
from db.load import load
from db.reference import refresh, sync_reference
from etl.model import Site
from tests.db.readings import OUTLETS, claim
from tests.db.readings import reading as made

REGIONS = "code,kind,name,base,province,aliases,population_2025\n"
SERIES = "id,name,aliases,kind,giver,giver_kind,scope,recipient_kinds,levels,levels_ordered,notes\n"
HISTORY = "old_code,code,name_then,until_year\n"
ORGANIZATIONS = "id,name,aliases,kind,valid_from,valid_to,successor,publisher,minister\n"


def write(folder: Path, regions: str = "", series: str = "", organizations: str = "") -> None:
    (folder / "regions.csv").write_text(REGIONS + regions)
    (folder / "regions_history.csv").write_text(HISTORY)
    (folder / "award_series.csv").write_text(SERIES + series)
    (folder / "organizations.csv").write_text(ORGANIZATIONS + organizations)


def stored(engine: Engine, model: type[models.Base]) -> list[tuple[object, ...]]:
    table = models.table(model)
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]


def test_the_shipped_gazetteers_fit(engine: Engine) -> None:
    assert refresh(engine)
    assert not refresh(engine)
    codes = {row[0] for row in stored(engine, models.Region)}
    assert {"35", "35.76"} <= codes
    assert {row[4] for row in stored(engine, models.Region)} <= codes
    assert stored(engine, models.AwardSeries)
    assert stored(engine, models.AwardLevel)
    assert stored(engine, models.Organization)
    since = {row[0]: row[-1] for row in stored(engine, models.Region)}
    assert (since["94"], since["94.04"], since["35.76"]) == (2022, 2022, None)
    assert ("94.04", 2022, "91.09", "Kabupaten Mimika") in stored(engine, models.RegionPast)
    successors = stored(engine, models.OrganizationSuccessor)
    assert ("kemenkumham", "kemenkum") in successors
    themes = {row[0]: row[-1] for row in stored(engine, models.AwardSeries)}
    assert (themes["adipura"], themes["swasti-saba"]) == ("environment", "health")


def test_rows_follow_the_files(engine: Engine, tmp_path: Path) -> None:
    kla = "kla,Kota Layak Anak,,predicate,KPPPA,ministry,national,region,Pratama;Madya;Nindya,yes,\n"
    gone = "gone,Gone Award,,award,,,national,region,A;B,,\n"
    write(tmp_path, "35,provinsi,Provinsi Jawa Timur,Jawa Timur,35,,41000000\n", kla + gone, "bkn,BKN,,agency,,,,,\n")
    refresh(engine, folder=tmp_path)
    assert stored(engine, models.AwardLevel)[-1] == ("kla", 3, "Nindya")
    write(tmp_path, "35,provinsi,Provinsi Jawa Timur,Jawa Timur,35,,\n", kla.replace(";Nindya", ""))
    assert refresh(engine, folder=tmp_path)
    assert stored(engine, models.Region) == [("35", "provinsi", "Provinsi Jawa Timur", "Jawa Timur", "35", None, None)]
    assert stored(engine, models.AwardSeries) == [
        ("kla", "Kota Layak Anak", "predicate", "KPPPA", "ministry", "national", True, None)
    ]
    assert stored(engine, models.AwardLevel) == [("kla", 1, "Pratama"), ("kla", 2, "Madya")]
    assert stored(engine, models.Organization) == []


def test_a_series_that_leaves_takes_no_mention_with_it(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path, series="natamukti,Natamukti,,award,ICSB,ngo,national,region,,,\n")
    refresh(engine, folder=tmp_path)
    with writing(engine) as connection:
        load(connection, [made(mentions=[claim()])], OUTLETS)
    write(tmp_path)
    refresh(engine, folder=tmp_path)
    assert stored(engine, models.AwardSeries) == []
    assert len(stored(engine, models.Conferral)) == 1


def test_sites_are_brought_up_to_date_and_stay(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path)
    with writing(engine) as connection:
        load(connection, [made()], {"detik": "old name"})
    bali = Site("balipost", "Bali Post", r"/\d+", r"/(\d+)", region="51")
    assert refresh(engine, [bali, Site("detik", "detikcom", "d-", "d-")], tmp_path)
    assert not refresh(engine, [bali], tmp_path)
    assert stored(engine, models.Site) == [("balipost", "Bali Post", "51"), ("detik", "detikcom", None)]


def test_without_changes_nobody_waits(url: str, engine: Engine) -> None:
    refresh(engine)
    other = connect(url, timeout=0.1)
    with writing(engine):
        assert not refresh(other)
    other.dispose()


@pytest.mark.parametrize("times", [1, 2])
def test_within_a_transaction(engine: Engine, times: int) -> None:
    with writing(engine) as connection:
        for _ in range(times):
            sync_reference(connection)
    assert not refresh(engine)
