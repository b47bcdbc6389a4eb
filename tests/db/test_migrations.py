"""Models and migrations say the same, on both databases and in both directions."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

import db.connect
from db.connect import MIGRATIONS, alembic_config, connect, overhauling, prepare, reading, upgrade, writing
from db.load import load, renew
from db.models import REVISION, Base
from db.queries import Filter, find
from etl.model import AwardsError
from tests.db.readings import OUTLETS, claim
from tests.db.readings import reading as made


def differences(connection: Connection) -> list[Any]:
    """But for what each database says in its own words: the full text of migration 0008, and db/indexes.py."""

    def is_model(_thing: object, name: str | None, *_what: object) -> bool:
        return not (name or "").startswith(("fts_", "fast_"))

    options = {"compare_type": True, "compare_server_default": True, "include_object": is_model}
    context = MigrationContext.configure(connection, opts=options)
    found: list[Any] = compare_metadata(context, Base.metadata)
    return found


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def test_the_newest_revision_is_the_one_the_models_name() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [REVISION]


def test_models_and_migrations_agree(engine: Engine) -> None:
    with reading(engine) as connection:
        assert differences(connection) == []


def test_checks_and_deferred_links_are_there(engine: Engine) -> None:
    """What compare_metadata does not look at."""
    with reading(engine) as connection:
        look = inspect(connection)
        for table in Base.metadata.tables.values():
            made_by_models = {str(check.name) for check in table.constraints if str(check.name).startswith("ck_")}
            assert {check["name"] for check in look.get_check_constraints(table.name)} == made_by_models, table.name
            cascades = {str(key.name): key.ondelete for key in table.foreign_key_constraints}
            found = {key["name"]: key["options"].get("ondelete") for key in look.get_foreign_keys(table.name)}
            assert found == cascades, table.name
        (current,) = (key for key in look.get_foreign_keys("article") if key["referred_table"] == "article_version")
        assert current["options"]["deferrable"]
        assert current["options"]["initially"] == "DEFERRED"


def test_comments_reach_postgresql(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite keeps no comments")
    with reading(engine) as connection:
        for table in Base.metadata.tables.values():
            assert inspect(connection).get_table_comment(table.name)["text"] == table.comment
            assert all(column["comment"] for column in inspect(connection).get_columns(table.name))


def test_up_down_up(empty_url: str) -> None:
    engine = connect(empty_url)
    prepare(engine)
    with overhauling(engine) as connection:
        command.downgrade(alembic_config(connection), "base")
    with reading(engine) as connection:
        assert tables(connection) <= {"alembic_version"}
    upgrade(engine)
    with reading(engine) as connection:
        assert differences(connection) == []
    prepare(engine)
    with writing(engine) as connection:
        load(connection, [made(mentions=[claim()])], OUTLETS)
    engine.dispose()


def test_a_failed_migration_leaves_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = connect(empty_url)

    def fail(*_arguments: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="killed"):
        patch.setattr("alembic.op.drop_constraint", fail)
        with overhauling(engine) as connection:
            command.upgrade(alembic_config(connection), "head")
            fail()
    with reading(engine) as connection:
        assert tables(connection) == set()
    prepare(engine)
    engine.dispose()


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code of tomorrow: one more migration, which on SQLite makes a table anew that others name."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_more.py").write_text(
        'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "9999"\n'
        f'down_revision = "{REVISION}"\n\n\n'
        "def upgrade():\n"
        '    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "auto"\n'
        '    with op.batch_alter_table("article_version", recreate=recreate) as version:\n'
        '        version.add_column(sa.Column("section", sa.Text()))\n'
    )
    monkeypatch.setattr(db.connect, "MIGRATIONS", folder)
    monkeypatch.setattr(db.connect, "REVISION", "9999")


def store_one(engine: Engine) -> None:
    with writing(engine) as connection:
        load(connection, [made(mentions=[claim()])], OUTLETS)


def test_an_older_database_is_named_then_upgraded(engine: Engine, request: pytest.FixtureRequest) -> None:
    store_one(engine)
    request.getfixturevalue("next_version")
    with pytest.raises(AwardsError, match=rf"older version \(revision {REVISION}.* run: awards db upgrade"):
        prepare(engine)
    assert upgrade(engine) == REVISION
    prepare(engine)
    with reading(engine) as connection:
        assert "section" in {column["name"] for column in inspect(connection).get_columns("article_version")}
        assert len(find(connection, Filter())) == 1
        for table in ("mention", "evidence", "article_tag"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one(), table
    assert upgrade(engine) == "9999"


def test_a_newer_database_is_left_alone(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    for attempt in (prepare, upgrade):
        with pytest.raises(AwardsError, match=r"newer than this code \(revision 0999.*AWARDS_DB"):
            attempt(engine)


def test_a_database_of_something_else_is_left_alone(empty_url: str) -> None:
    engine = connect(empty_url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE article (id integer)"))
    with pytest.raises(AwardsError, match=r"tables of something else \(article\)"):
        prepare(engine)
    engine.dispose()


# -------------------------------------------------------------------------------------- 0007, with rows of the code before

BEFORE = (
    "INSERT INTO site (name, outlet) VALUES ('detik', 'detikcom'), ('kompas', 'Kompas.com')",
    "INSERT INTO organization (id, name, kind, successor) VALUES ('a', 'A', 'ministry', 'b;c')",
    "INSERT INTO article (id, site, article_id, url, published_at) VALUES"
    " ('detik:1', 'detik', '1', 'https://d/1', '{t}'), ('kompas:1', 'kompas', '1', 'https://k/1', '{t}')",
    "INSERT INTO article_version (id, article_id, outlet, layout, title, published_at, published_offset, text, complete)"
    " VALUES ('v1', 'detik:1', 'detikcom', 'l', 'T', '{t}', 420, 'T', {true}), ('v0', 'detik:1', 'detikcom', 'l', 'U', '{t}',"
    " 420, 'U', {true}), ('v2', 'kompas:1', 'Kompas.com', 'l', 'T', '{t}', 420, 'T', {true})",
    "UPDATE article SET current_version_id = CASE id WHEN 'detik:1' THEN 'v1' ELSE 'v2' END",
    "INSERT INTO page (id, site, url, digest, warc, first_fetched_at, last_fetched_at, outcome, version_id, fingerprint,"
    " is_award_article) VALUES ('p1', 'detik', 'https://d/1', 'x', 'w', '{t}', '{t}', 'article', 'v1', 'f', {true})",
    "INSERT INTO mention (id, version_id, position, group_key, recipient, recipient_type, region_code, award, series, kind,"
    " rank, awarded_on, status, in_focus, confidence) VALUES"
    " ('m1', 'v1', 0, 'old', 'Kota Mojokerto', 'region', '35.76', 'Natamukti', 'natamukti', 'award', 'Nindya', '2021-03-31',"
    " 'won', {true}, 0.8), ('m0', 'v0', 0, 'old', 'Kota Mojokerto', 'region', '35.76', 'Natamukti', 'natamukti', 'award',"
    " 'Utama', '2021-03-31', 'won', {true}, 0.8), ('m2', 'v2', 0, 'old', 'Pemkot Mojokerto', 'region', '35.76', 'Natamukti',"
    " 'natamukti', 'award', NULL, '2021-04-01', 'won', {true}, 0.6)",
    "INSERT INTO evidence (mention_id, position, field, start_at, end_at, quote) VALUES ('m1', 0, 'award', 0, 1, 'T')",
    "INSERT INTO mention_partner (mention_id, position, name) VALUES ('m1', 0, 'BPS')",
    "INSERT INTO conferral (id, group_key, award, kind, year, recipient, recipient_type, status, mention_count, outlet_count,"
    " confidence) VALUES ('c1', 'old', 'Natamukti', 'award', 2021, 'Kota Mojokerto', 'region', 'won', 2, 2, 0.8)",
    "INSERT INTO conferral_mention (conferral_id, mention_id) VALUES ('c1', 'm1'), ('c1', 'm2')",
    "INSERT INTO run (id, site, started_at, command, fetched, stored, unchanged, not_modified, articles, known, passed_over,"
    " misfits, others, mentions, failures) VALUES ('r1', 'detik', '{t}', 'run', 0, 0, 0, 0, 0, 0, 0, 0, '{{}}', 0, '{{}}')",
)


def counts(connection: Connection, *names: str) -> dict[str, int]:
    return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}


def test_rows_of_the_code_before_are_kept_up_and_down_and_up_again(empty_url: str) -> None:
    engine = connect(empty_url)
    with overhauling(engine) as connection:
        command.upgrade(alembic_config(connection), "0006")
        true = "1" if engine.dialect.name == "sqlite" else "true"
        for statement in BEFORE:
            connection.exec_driver_sql(statement.format(t="2021-04-01T14:40:00.000000+00:00", true=true))
    kept = ("site", "article", "article_version", "page", "mention", "evidence", "mention_partner", "run")
    with reading(engine) as connection:
        before = counts(connection, *kept)
    for _ in range(2):
        with pytest.raises(AwardsError, match="awards db upgrade"):
            prepare(engine)
        assert upgrade(engine) == "0006"
        assert renew(engine) == 3
        assert renew(engine) == 0
        with reading(engine) as connection:
            assert counts(connection, *kept) == before
            assert differences(connection) == []
            (found,) = find(connection, Filter())
            assert (found["mention_count"], found["outlet_count"], found["rank"], found["level"]) == (
                2,
                2,
                "Nindya",
                "Nindya",
            )
            current = text("SELECT id, published_on FROM mention WHERE is_current ORDER BY id")
            assert [(row.id, str(row.published_on)) for row in connection.execute(current)] == [
                ("m1", "2021-04-01"),
                ("m2", "2021-04-01"),
            ]
        with overhauling(engine) as connection:
            command.downgrade(alembic_config(connection), "0006")
        with reading(engine) as connection:
            assert counts(connection, *kept) == before
    engine.dispose()
