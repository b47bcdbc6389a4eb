"""People's decisions, which mentions they speak of, and what a review of a conferral is expected to mend."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", WORDS, nullable=False, comment="Key of the decision, its subject, its time and its maker"),
        sa.Column("kind", WORDS, nullable=False, comment="confirm, reject, correct, region, split, merge or withdraw"),
        sa.Column(
            "key",
            WORDS,
            nullable=False,
            comment="What it speaks of: claim (article, award, recipient, category, year), a region's name in an article,"
            " or of a merge the conferral",
        ),
        sa.Column(
            "article_id",
            WORDS,
            nullable=True,
            comment="Article whose words it was decided on (article.id), null for a merge",
        ),
        sa.Column("group_key", WORDS, nullable=True, comment="Award and recipient of a merged conferral, else null"),
        sa.Column("into_group", WORDS, nullable=True, comment="Award and recipient of the conferral it is merged into"),
        sa.Column("field", WORDS, nullable=True, comment="Field of the claim that is corrected"),
        sa.Column(
            "value",
            WORDS,
            nullable=True,
            comment="Right value of the field (null: it has none), code of the region, conferral merged into, part split off",
        ),
        sa.Column("evidence", sa.JSON(), nullable=False, comment="Quotes that it was decided on, by field"),
        sa.Column(
            "evidence_hashes",
            sa.JSON(),
            nullable=False,
            comment="Hashes of the article's lines that hold them; while all stand in the article, it is in force",
        ),
        sa.Column("facts", sa.JSON(), nullable=False, comment="The claim or conferrals as the person saw them"),
        sa.Column(
            "about", WORDS, nullable=False, comment="Id that the person named: of a conferral, a mention or a ruling"
        ),
        sa.Column("ruled_by", WORDS, nullable=False, comment="Who decided"),
        sa.Column("ruled_at", UTC, nullable=False, comment="When (UTC)"),
        sa.Column("why", WORDS, nullable=True, comment="The reason given"),
        sa.Column(
            "supersedes",
            WORDS,
            nullable=True,
            comment="The ruling that it stands in place of, or withdraws (ruling.id)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
        sa.ForeignKeyConstraint(["supersedes"], ["ruling.id"], name=op.f("fk_ruling_supersedes")),
        sa.CheckConstraint(
            "kind in ('confirm', 'reject', 'correct', 'region', 'split', 'merge', 'withdraw')",
            name=op.f("ck_ruling_kind"),
        ),
        sa.CheckConstraint("(kind = 'merge') = (into_group is not null)", name=op.f("ck_ruling_merge")),
        sa.CheckConstraint("kind <> 'withdraw' or supersedes is not null", name=op.f("ck_ruling_withdraw")),
        comment="A person's decision; never changed: another one supersedes it, or withdraws it",
    )
    for column in ("key", "article_id", "group_key", "into_group", "about", "ruled_at"):
        op.create_index(op.f(f"ix_ruling_{column}"), "ruling", [column])
    op.create_index(op.f("ix_ruling_supersedes"), "ruling", ["supersedes"], unique=True)
    op.create_table(
        "mention_ruling",
        sa.Column("mention_id", WORDS, nullable=False, comment="mention.id"),
        sa.Column("ruling_id", WORDS, nullable=False, comment="The ruling (ruling.id)"),
        sa.Column(
            "reopened",
            WORDS,
            nullable=True,
            comment="Why it does not apply any more and is to be decided again; null: it applies",
        ),
        sa.Column(
            "group_key",
            WORDS,
            nullable=False,
            comment="Award and recipient of the mention as ruled (mention.group_key: as read)",
        ),
        sa.Column("year", sa.Integer(), nullable=True, comment="Year of the mention as ruled (mention.year: as read)"),
        sa.Column("linked_from", sa.Integer(), nullable=True, comment="As mention.linked_from, as ruled"),
        sa.Column("linked_to", sa.Integer(), nullable=True, comment="As mention.linked_to, as ruled"),
        sa.PrimaryKeyConstraint("mention_id", "ruling_id", name=op.f("pk_mention_ruling")),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_mention_ruling_mention_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ruling_id"], ["ruling.id"], name=op.f("fk_mention_ruling_ruling_id")),
        comment="Which rulings speak of which mention, and whether they still apply to it",
    )
    for column in ("ruling_id", "group_key"):
        op.create_index(op.f(f"ix_mention_ruling_{column}"), "mention_ruling", [column])
    with op.batch_alter_table("conferral") as conferral:
        conferral.add_column(
            sa.Column(
                "ruled",
                WORDS,
                nullable=True,
                comment="What people ruled on it: confirmed, corrected rank, merged ..., separated by '; '; null: nothing",
            )
        )
        conferral.add_column(
            sa.Column(
                "review_gain",
                sa.Double(),
                nullable=False,
                server_default="0",
                comment="What a review is expected to mend: chance of an error times outlets (etl/rulings)",
            )
        )
    # As etl/rulings counts, but for disagreements, which the next load of a conferral finds.
    op.execute("UPDATE conferral SET review_gain = (1 - confidence) * outlet_count")
    with op.batch_alter_table("conferral") as conferral:
        conferral.alter_column("review_gain", existing_type=sa.Double(), existing_nullable=False, server_default=None)
        conferral.create_index(op.f("ix_conferral_review_gain"), ["review_gain"])


def downgrade() -> None:
    with op.batch_alter_table("conferral") as conferral:
        conferral.drop_index(op.f("ix_conferral_review_gain"))
        conferral.drop_column("review_gain")
        conferral.drop_column("ruled")
    op.drop_table("mention_ruling")
    op.drop_table("ruling")
