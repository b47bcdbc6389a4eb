"""Days of a backfill that are done, checks of known articles, articles that are gone, answers that said 304."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("article") as article:
        article.add_column(
            sa.Column("gone_at", UTC, comment="Since when its address answers 404 or 410 (UTC), null: it is there")
        )
    with op.batch_alter_table("run") as run:
        run.add_column(
            sa.Column(
                "not_modified",
                sa.Integer(),
                nullable=False,
                server_default="0",
                comment="Pages that the site confirmed with a 304, among the unchanged",
            )
        )
    # The default was for the rows that were there: who writes a row says what it holds.
    with op.batch_alter_table("run") as run:
        run.alter_column("not_modified", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    op.create_table(
        "backfill_unit",
        sa.Column("site", WORDS, nullable=False, comment="The site"),
        sa.Column("day", sa.Date(), nullable=False, comment="Day of its lists, in Asia/Jakarta"),
        sa.Column("done_at", UTC, nullable=False, comment="When it was done (UTC)"),
        sa.Column("run_id", WORDS, nullable=False, comment="The run that did it (run.id)"),
        sa.PrimaryKeyConstraint("site", "day", name=op.f("pk_backfill_unit")),
        comment="A day of a site that `awards backfill` is done with",
    )
    op.create_table(
        "canary",
        sa.Column("site", WORDS, nullable=False, comment="The site"),
        sa.Column("checked_at", UTC, nullable=False, comment="When the check of the site began (UTC)"),
        sa.Column("url", WORDS, nullable=False, comment="Address of the known article"),
        sa.Column("verdict", WORDS, nullable=False, comment="green, red, gone or not fetched"),
        sa.Column("differs", sa.JSON(), nullable=False, comment="Of a red one the fields that differ; else why"),
        sa.Column(
            "known", WORDS, nullable=False, comment="Payload digest of the page that the next check compares with"
        ),
        sa.PrimaryKeyConstraint("site", "checked_at", "url", name=op.f("pk_canary")),
        sa.CheckConstraint("verdict in ('green', 'red', 'gone', 'not fetched')", name=op.f("ck_canary_verdict")),
        comment="A known article that was fetched again and compared with what is known of it",
    )


def downgrade() -> None:
    op.drop_table("canary")
    op.drop_table("backfill_unit")
    with op.batch_alter_table("run") as run:
        run.drop_column("not_modified")
    with op.batch_alter_table("article") as article:
        article.drop_column("gone_at")
