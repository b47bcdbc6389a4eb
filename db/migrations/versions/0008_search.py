"""What search is made of (db/search.py), what is counted (db/counts.py), days from hand-over to print."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SEARCHED = (
    ("conferral_words", "conferral", "conferral_id", "conferral.id",
     "What a conferral is found by: its facts and the people named; `awards find --text`"),
    ("version_words", "article_version", "version_id", "article_version.id",
     "What an article that claims something is found by: headline and text; `awards search`"),
)  # fmt: skip


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    searched = sa.dialects.postgresql.TSVECTOR() if dialect == "postgresql" else sa.Text()
    for name, owner, link, comment_of_link, comment in SEARCHED:
        op.create_table(
            name,
            sa.Column(
                "key", KEY, nullable=False, autoincrement=False, comment="Place in lists: newest first, then by id"
            ),
            sa.Column(link, WORDS, nullable=False, comment=comment_of_link),
            sa.Column("words", searched, nullable=False, comment="Stems, and words as printed (etl/stems.py)"),
            sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{name}")),
            sa.ForeignKeyConstraint([link], [f"{owner}.id"], name=op.f(f"fk_{name}_{link}"), ondelete="CASCADE"),
            comment=comment,
        )
        op.create_index(f"ix_{name}_{link}", name, [link], unique=True)
        for statement in ACCELERATORS[dialect]:
            op.execute(statement.format(name=name))
    op.create_table(
        "name_word",
        sa.Column("word", WORDS, nullable=False, comment="The word, folded (etl/stems.py)"),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_name_word")),
        comment="Words in the names of recipients, givers and awards: what a word typed wrongly may have meant",
    )

    op.create_table(
        "region_year",
        sa.Column("region_code", WORDS, nullable=False, comment="Kemendagri code (region.code)"),
        sa.Column(
            "year",
            sa.Integer(),
            nullable=False,
            autoincrement=False,
            comment="Edition, else ceremony, else publication",
        ),
        *(sa.Column(name, sa.Integer(), nullable=False, comment=comment) for name, comment in COUNTS.items()),
        sa.PrimaryKeyConstraint("region_code", "year", name=op.f("pk_region_year")),
        comment="How many conferrals of a year a region's government, and who belongs to the region, received",
        sqlite_with_rowid=False,
    )
    op.execute(COUNT)
    with op.batch_alter_table("conferral") as conferral:
        for name, comment in LAGS.items():
            conferral.add_column(sa.Column(name, sa.Integer(), comment=comment))
    # Lists have an index of their own (db/indexes.py), which answers these too.
    for columns in REPLACED:
        op.drop_index(f"ix_conferral_{'_'.join(columns)}", "conferral")


COUNTS = {
    "conferrals": "All that is stored of it: awards, opinions, grades, rankings",
    "awards": "Without opinions, grades and rankings",
    "own_awards": "Of the awards, those of the government itself",
    "national_awards": "Of the awards, the national and international ones",
    "ministry_awards": "Of the awards, those of ministries",
    "media_awards": "Of the awards, those of news outlets",
    "witnessed_awards": "Of the awards, those that several outlets report in words of their own",
}
AWARD = "sum(CASE WHEN kind NOT IN ('opinion', 'grade', 'ranking') AND {} THEN 1 ELSE 0 END)"
CONDITIONS = (
    "1 = 1",
    "recipient_type = 'region'",
    "scope IN ('national', 'international')",
    "giver_kind = 'ministry'",
    "giver_kind = 'media'",
    "independent_count > 1",
)
COUNT = (
    f"INSERT INTO region_year SELECT region_code, year, count(*), {', '.join(map(AWARD.format, CONDITIONS))}"
    " FROM conferral WHERE region_code IS NOT NULL AND year IS NOT NULL GROUP BY region_code, year"
)
LAGS = {
    "days_to_print": "Days from hand-over to the first report, where the day is known",
    "days_to_hand_over": "Days from announcement to hand-over, where both days are known",
}
REPLACED = (["year", "awarded_on"], ["recipient_type"], ["region_code", "year"])

# Tokens come finished, so 'ascii' splits at the blanks between them and nowhere else. The triggers are those of the
# manual of FTS5 for a table whose content lies in another.
ACCELERATORS = {
    # What GIN has not sorted in yet every search reads from end to end: 512 kB of it and not 4 MB.
    "postgresql": ("CREATE INDEX fts_{name} ON {name} USING gin (words) WITH (gin_pending_list_limit = 512)",),
    "sqlite": (
        "CREATE VIRTUAL TABLE fts_{name} USING fts5"
        "(words, content='{name}', content_rowid='key', tokenize='ascii', columnsize=0)",
        "CREATE TRIGGER fts_{name}_insert AFTER INSERT ON {name} BEGIN"
        " INSERT INTO fts_{name} (rowid, words) VALUES (new.key, new.words); END",
        "CREATE TRIGGER fts_{name}_delete AFTER DELETE ON {name} BEGIN"
        " INSERT INTO fts_{name} (fts_{name}, rowid, words) VALUES ('delete', old.key, old.words); END",
        "CREATE TRIGGER fts_{name}_update AFTER UPDATE OF words ON {name} BEGIN"
        " INSERT INTO fts_{name} (fts_{name}, rowid, words) VALUES ('delete', old.key, old.words);"
        " INSERT INTO fts_{name} (rowid, words) VALUES (new.key, new.words); END",
    ),
}


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for columns in reversed(REPLACED):
        op.create_index(f"ix_conferral_{'_'.join(columns)}", "conferral", columns)
    with op.batch_alter_table("conferral") as conferral:
        for lag in reversed(LAGS):
            conferral.drop_column(lag)
    op.drop_table("region_year")
    op.drop_table("name_word")
    for name, *_ in reversed(SEARCHED):
        if sqlite:
            op.execute(f"DROP TABLE fts_{name}")
        op.drop_table(name)
