"""The end of the crawl's log, with the run."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("run") as run:
        run.add_column(sa.Column("log", sa.Text(), comment="The end of the crawl's log, null when it said nothing"))


def downgrade() -> None:
    with op.batch_alter_table("run") as run:
        run.drop_column("log")
