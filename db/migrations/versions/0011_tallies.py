"""Tallies of conferrals: empty at first, each is made when its conferral is next computed.

Words by which a conferral is found have people in the order of their names now, and nobody sees the difference.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "conferral_tally",
        sa.Column("conferral_id", WORDS, nullable=False, comment="conferral.id"),
        sa.Column(
            "tally",
            sa.JSON(),
            nullable=False,
            comment="Forms: year, award, recipient and category as claims have them -> days that they come with; witnesses:"
            " first mention by id, outlets, sketches (mention.sketch) of their texts; people named; sites",
        ),
        sa.PrimaryKeyConstraint("conferral_id", name=op.f("pk_conferral_tally")),
        sa.ForeignKeyConstraint(
            ["conferral_id"],
            ["conferral.id"],
            name=op.f("fk_conferral_tally_conferral_id"),
            ondelete="CASCADE",
        ),
        comment="What the claims of a conferral of several say in short, so that one more joins it without a look at them all",
    )


def downgrade() -> None:
    op.drop_table("conferral_tally")
