"""Kinds of pages, whether an article is complete, and what a run passed by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KINDS = "article", "misfit", "index", "gallery", "video", "consent page", "block page", "paywall", "soft 404"
NO_ARTICLES = ", ".join(map(repr, KINDS[2:]))


def upgrade() -> None:
    with op.batch_alter_table("page") as page:
        page.drop_constraint(op.f("ck_page_outcome"), type_="check")
        page.create_check_constraint(op.f("ck_page_outcome"), f"outcome in ({', '.join(map(repr, KINDS))})")
        page.alter_column("outcome", existing_type=sa.Text(), comment=f"What the page is: {', '.join(KINDS)}")
        page.alter_column(
            "reason",
            existing_type=sa.Text(),
            comment="Of a misfit the reason of each layout, separated by '; '; of another page without an article what shows it",
        )
        page.alter_column(
            "version_id", existing_type=sa.Text(), comment="What it says (article_version.id), null without an article"
        )
    with op.batch_alter_table("article_version") as version:
        version.add_column(
            sa.Column(
                "complete",
                sa.Boolean(),
                nullable=False,
                server_default=sa.true(),
                comment="Whether all of the article's pages were there to be read",
            )
        )
    with op.batch_alter_table("run") as run:
        run.add_column(
            sa.Column(
                "others",
                sa.JSON(),
                nullable=False,
                server_default="{}",
                comment="Pages that are no article, by kind: {'gallery': 2}",
            )
        )
    # The default was for the rows that were there: who writes a row says what it holds.
    for table, column, kind in (("article_version", "complete", sa.Boolean()), ("run", "others", sa.JSON())):
        with op.batch_alter_table(table) as changed:
            changed.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    op.execute(f"delete from page where outcome in ({NO_ARTICLES})")
    with op.batch_alter_table("run") as run:
        run.drop_column("others")
    with op.batch_alter_table("article_version") as version:
        version.drop_column("complete")
    with op.batch_alter_table("page") as page:
        page.drop_constraint(op.f("ck_page_outcome"), type_="check")
        page.create_check_constraint(op.f("ck_page_outcome"), "outcome in ('article', 'misfit')")
