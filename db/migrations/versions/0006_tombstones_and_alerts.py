"""What people decided to take down; what is wrong and who was told."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tombstone",
        sa.Column("id", WORDS, nullable=False, comment="'site:article_id', or 'person:' and a hash of the name"),
        sa.Column("kind", WORDS, nullable=False, comment="article or person"),
        sa.Column("site", WORDS, comment="The site of an article, null for a person"),
        sa.Column("article_id", WORDS, comment="The outlet's own id of an article, null for a person"),
        sa.Column(
            "reason", WORDS, nullable=False, comment="Why, as the operator put it: a ticket's number rather than a name"
        ),
        sa.Column(
            "alias_of",
            WORDS,
            comment="The tombstone (tombstone.id) whose article is the same under another id, null: asked for itself",
        ),
        sa.Column("decided_at", UTC, nullable=False, comment="When it was decided (UTC)"),
        sa.Column(
            "purged_at",
            UTC,
            comment="When archive and tables were last found to hold nothing of it (UTC), null: not yet",
        ),
        sa.Column("captures", sa.Integer(), nullable=False, comment="Captures taken out of the archive so far"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
        sa.CheckConstraint("kind in ('article', 'person')", name=op.f("ck_tombstone_kind")),
        comment="What people decided to take down: an article of an outlet, or a person; it survives every rebuild",
    )
    op.create_table(
        "alert",
        sa.Column("key", WORDS, nullable=False, comment="What it is about: 'stale detik', 'disk'"),
        sa.Column("severity", WORDS, nullable=False, comment="info, warning or critical"),
        sa.Column("since", UTC, nullable=False, comment="When it was first seen (UTC)"),
        sa.Column("last_sent", UTC, comment="When somebody was last told (UTC), null: not yet"),
        sa.Column("resolved_at", UTC, comment="When it was seen to be well again (UTC), null: it is not"),
        sa.Column("text", WORDS, nullable=False, comment="What is wrong and what to do, in one line"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alert")),
        sa.CheckConstraint("severity in ('info', 'warning', 'critical')", name=op.f("ck_alert_severity")),
        comment="What is wrong, or was: one row a matter, from its first sight until it is well and said to be",
    )


def downgrade() -> None:
    op.drop_table("alert")
    op.drop_table("tombstone")
