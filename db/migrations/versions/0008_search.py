"""What search is made of (db/search.py), and indexes for what is asked (db/find.py). The views come from db/views.py."""

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

    with op.batch_alter_table("conferral") as conferral:
        for name, comment in LAGS.items():
            conferral.add_column(sa.Column(name, sa.Integer(), comment=comment))
    # Lists have an index of their own (db/indexes.py), which answers these too.
    for columns in REPLACED:
        op.drop_index(f"ix_conferral_{'_'.join(columns)}", "conferral")


LAGS = {
    "days_to_print": "Days from hand-over to the first report, where the day is known",
    "days_to_hand_over": "Days from announcement to hand-over, where both days are known",
}
REPLACED = (["year", "awarded_on"], ["recipient_type"], ["region_code", "year"])

# Tokens come finished, so 'ascii' splits at the blanks between them and nowhere else. The triggers are those of the
# manual of FTS5 for a table whose content lies in another.
ACCELERATORS = {
    "postgresql": ("CREATE INDEX fts_{name} ON {name} USING gin (words)",),
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
    op.drop_table("name_word")
    for name, *_ in reversed(SEARCHED):
        if sqlite:
            op.execute(f"DROP TABLE fts_{name}")
        op.drop_table(name)
