"""SQLite's full text is written by db/search.py, many rows at once, and no more by triggers.

FTS5 writes what it has gathered to disk whenever a statement may have to be taken back alone, which each one with a
trigger may: a segment of its index for every row, and all of them to be merged. What is deleted still leaves by trigger.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = ("conferral_words", "version_words")
TRIGGERS = {
    "insert": "AFTER INSERT ON {name} BEGIN INSERT INTO fts_{name} (rowid, words) VALUES (new.key, new.words); END",
    "update": "AFTER UPDATE OF words ON {name} BEGIN"
    " INSERT INTO fts_{name} (fts_{name}, rowid, words) VALUES ('delete', old.key, old.words);"
    " INSERT INTO fts_{name} (rowid, words) VALUES (new.key, new.words); END",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in TABLES:
            for when in TRIGGERS:
                op.execute(f"DROP TRIGGER fts_{name}_{when}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in TABLES:
            for when, what in TRIGGERS.items():
                op.execute(f"CREATE TRIGGER fts_{name}_{when} {what.format(name=name)}")
