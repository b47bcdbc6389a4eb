"""Outlets, captures, editions, levels, persons, recipients, venues; what a conferral chose and what became of it.

Pages, articles, mentions and evidence stay as they are; conferrals are computed from them again (`db.load.renew`, which
`awards db upgrade` calls). What the new columns hold of an article's text comes when its page is read again, which the
next `awards run` or `awards process` does by itself, because the code that reads has changed.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
LINKED = sa.text("linked_from IS NOT NULL")

FILLED: tuple[tuple[str, str, sa.types.TypeEngine[Any]], ...] = (
    ("article_version", "award_likeness", sa.Double()),
    ("mention", "is_current", sa.Boolean()),
    ("mention", "article_id", WORDS),
    ("mention", "outlet", WORDS),
)
OF_THE_VERSION = (
    ("article_id", "SELECT article_id FROM article_version v WHERE v.id = version_id"),
    ("outlet", "SELECT outlet FROM article_version v WHERE v.id = version_id"),
    ("is_current", "EXISTS (SELECT 1 FROM article a WHERE a.current_version_id = version_id)"),
)
CLUSTERED = ("article_editor", "article_tag", "mention_partner", "evidence", "conferral_mention")


def upgrade() -> None:
    for table in ("conferral_mention", "conferral"):
        op.execute(f"DELETE FROM {table}")
    op.create_table(
        "conferral_change",
        sa.Column("conferral_id", WORDS, nullable=False, comment="conferral.id; of a withdrawn one, what it was"),
        sa.Column("at", UTC, nullable=False, comment="When it was loaded or ruled (UTC)"),
        sa.Column("field", WORDS, nullable=False, comment="Field corrected; empty for added and withdrawn"),
        sa.Column("what", WORDS, nullable=False, comment="added, corrected or withdrawn"),
        sa.Column("old", WORDS, nullable=True, comment="Value before; of a withdrawn one its facts as JSON"),
        sa.Column(
            "new",
            WORDS,
            nullable=True,
            comment="Value since; of a withdrawn one the conferral that its mentions make now, null: none",
        ),
        sa.Column("reason", WORDS, nullable=False, comment="read, read again, rebuilt, ruling ... and why"),
        sa.Column("run_id", WORDS, nullable=True, comment="The run that did it (run.id), null outside of a run"),
        sa.CheckConstraint("what in ('added', 'corrected', 'withdrawn')", name=op.f("ck_conferral_change_what")),
        sa.PrimaryKeyConstraint("conferral_id", "at", "field", name=op.f("pk_conferral_change")),
        comment="What became of a conferral and when; holds the clock, so it is kept by a rebuild, which adds its own changes",
    )
    op.create_index(op.f("ix_conferral_change_at"), "conferral_change", ["at"])

    op.create_table(
        "edition",
        sa.Column("series", WORDS, nullable=False, comment="The series (award_series.id)"),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False, comment="The edition (mention.year)"),
        sa.Column("stated_count", sa.Integer(), nullable=True, comment="Winners stated, null: no article does"),
        sa.Column("listed_count", sa.Integer(), nullable=False, comment="Winners named in the article that names most"),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_edition")),
        comment="One year of a series: the most winners that a current article states, and that one lists",
    )
    op.create_table(
        "outlet",
        sa.Column("name", WORDS, nullable=False, comment="Its name"),
        sa.Column(
            "region_code",
            WORDS,
            nullable=True,
            comment="Kemendagri code of the region that all its sites write for, null: national, or several",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_outlet")),
        comment="A newspaper, portal or channel as readers know it, whatever sites it has; the witness that is counted",
    )
    op.create_table(
        "person",
        sa.Column("id", WORDS, nullable=False, comment="Key of name and region"),
        sa.Column("name", WORDS, nullable=False, comment="Name without titles, as one article prints it"),
        sa.Column("region_code", WORDS, nullable=True, comment="Kemendagri code of the region (region.code)"),
        sa.Column(
            "named_by",
            WORDS,
            nullable=False,
            comment="The mention that the name is taken from: the first by id (mention.id)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        comment="Somebody whom articles name as recipient or as the one who took an award; of one name and region, one person",
    )
    op.create_table(
        "recipient",
        sa.Column("id", WORDS, nullable=False, comment="Key of kind, region and name"),
        sa.Column(
            "kind",
            WORDS,
            nullable=False,
            comment="region, official, agency, village, school, police, company, community or person",
        ),
        sa.Column("name", WORDS, nullable=False, comment="Name, as one conferral has it"),
        sa.Column("region_code", WORDS, nullable=True, comment="Kemendagri code of its region (region.code)"),
        sa.Column(
            "owner_region_code",
            WORDS,
            nullable=True,
            comment="Region whose government it is or belongs to; null of police, private companies and citizens",
        ),
        sa.Column("person_id", WORDS, nullable=True, comment="Of officials and persons who it is (as person.id)"),
        sa.Column(
            "named_by",
            WORDS,
            nullable=False,
            comment="The conferral that the name is taken from: the first by id (conferral.id)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        comment="Who received awards: a region's government, or an agency, village, school, company or person of a region",
    )
    op.create_index(op.f("ix_recipient_owner_region_code_kind"), "recipient", ["owner_region_code", "kind"])

    op.create_table(
        "venue",
        sa.Column("id", WORDS, nullable=False, comment="Key of name and town"),
        sa.Column("name", WORDS, nullable=False, comment="Name and town, as one conferral has it"),
        sa.Column(
            "city_code", WORDS, nullable=True, comment="Kemendagri code of the town, or of its province (region.code)"
        ),
        sa.Column("online", sa.Boolean(), nullable=False, comment="Whether it was held by video"),
        sa.Column(
            "named_by",
            WORDS,
            nullable=False,
            comment="The conferral that the name is taken from: the first by id (conferral.id)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        comment="Where awards were handed over",
    )
    op.create_table(
        "office_term",
        sa.Column("person_id", WORDS, nullable=False, comment="person.id"),
        sa.Column("office", WORDS, nullable=False, comment="Gubernur, Bupati, Wali Kota, Wakil Bupati ..."),
        sa.Column("region_code", WORDS, nullable=False, comment="Kemendagri code of its region (region.code)"),
        sa.Column(
            "first_seen", sa.Date(), nullable=False, comment="First day that an article dates the person in the office"
        ),
        sa.Column("last_seen", sa.Date(), nullable=False, comment="Last such day"),
        sa.Column("first_mention_id", WORDS, nullable=False, comment="The mention that tells the first (mention.id)"),
        sa.Column("last_mention_id", WORDS, nullable=False, comment="The mention that tells the last (mention.id)"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_office_term_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "office", "region_code", name=op.f("pk_office_term")),
        comment="A person in an office, as far as articles tell: not the days of oath and farewell",
    )
    op.create_index(op.f("ix_office_term_region_code_office"), "office_term", ["region_code", "office"])

    op.create_table(
        "organization_successor",
        sa.Column("organization_id", WORDS, nullable=False, comment="What ended (organization.id)"),
        sa.Column("successor_id", WORDS, nullable=False, comment="What came after (organization.id)"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_successor_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["organization.id"],
            name=op.f("fk_organization_successor_successor_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "successor_id", name=op.f("pk_organization_successor")),
        comment="Which organization took over from which",
    )
    op.create_table(
        "region_past",
        sa.Column("code", WORDS, nullable=False, comment="Code of today (region.code)"),
        sa.Column("until_year", sa.Integer(), autoincrement=False, nullable=False, comment="Last year of it"),
        sa.Column("old_code", WORDS, nullable=False, comment="Code then, the one of today where only the name changed"),
        sa.Column("name", WORDS, nullable=False, comment="Full name then"),
        sa.ForeignKeyConstraint(["code"], ["region.code"], name=op.f("fk_region_past_code"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code", "until_year", name=op.f("pk_region_past")),
        comment="A name or code that a region had before, a copy of etl/gazetteer/regions_history.csv",
    )
    op.create_table(
        "conferral_choice",
        sa.Column("conferral_id", WORDS, nullable=False, comment="conferral.id"),
        sa.Column("field", WORDS, nullable=False, comment="Field of the conferral: rank, giver, awarded_on ..."),
        sa.Column("value", WORDS, nullable=False, comment="What was chosen"),
        sa.Column(
            "reason",
            WORDS,
            nullable=False,
            comment="Most outlets, most precise, printed first ... or ruled by a person",
        ),
        sa.Column(
            "dissent", sa.JSON(), nullable=False, comment="What others say, with the number of outlets: {'Madya': 1}"
        ),
        sa.ForeignKeyConstraint(
            ["conferral_id"], ["conferral.id"], name=op.f("fk_conferral_choice_conferral_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conferral_id", "field", name=op.f("pk_conferral_choice")),
        comment="A field on which the mentions of a conferral differ, or on which a person decided: what was chosen, and why",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "edition_report",
        sa.Column("version_id", WORDS, nullable=False, comment="article_version.id"),
        sa.Column("series", WORDS, nullable=False, comment="The series (award_series.id)"),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False, comment="The edition (mention.year)"),
        sa.Column("listed_count", sa.Integer(), nullable=False, comment="Winners of it that the article names"),
        sa.Column(
            "stated_count", sa.Integer(), nullable=True, comment="Winners that it says there are, null: it does not"
        ),
        sa.Column(
            "start_at", sa.Integer(), nullable=True, comment="Where it says so: first character in article_version.text"
        ),
        sa.Column("end_at", sa.Integer(), nullable=True, comment="Character after the last"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_edition_report_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "series", "year", name=op.f("pk_edition_report")),
        comment="What one version of an article says of how many won an edition",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_edition_report_series_year"), "edition_report", ["series", "year"])

    op.create_table(
        "capture",
        sa.Column("page_id", WORDS, nullable=False, comment="The page whose bytes came (page.id)"),
        sa.Column("fetched_at", UTC, nullable=False, comment="When (UTC)"),
        sa.Column(
            "status", sa.Integer(), nullable=False, comment="HTTP status; of a 304 that of the page it confirmed"
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_capture_page_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", "fetched_at", name=op.f("pk_capture")),
        comment="One visit that found a page: what it said on a day is the page captured last before",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mention_person",
        sa.Column("mention_id", WORDS, nullable=False, comment="mention.id"),
        sa.Column("role", WORDS, nullable=False, comment="Field that names the person: recipient or received_by"),
        sa.Column(
            "person_id", WORDS, nullable=False, comment="The person (as person.id, where a current mention names it)"
        ),
        sa.Column("name", WORDS, nullable=False, comment="Name without titles"),
        sa.Column(
            "office",
            WORDS,
            nullable=True,
            comment="Gubernur, Bupati or Wali Kota, deputies and acting ones by those words; null: none is named",
        ),
        sa.Column(
            "region_code", WORDS, nullable=True, comment="Region of the office, else of the recipient (region.code)"
        ),
        sa.Column(
            "seen_on", sa.Date(), nullable=True, comment="Day of the hand-over, else of publication (mention.dated_on)"
        ),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_mention_person_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", "role", name=op.f("pk_mention_person")),
        comment="A person that a mention names, with the office the article gives",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_mention_person_person_id_mention_id"), "mention_person", ["person_id", "mention_id"])
    op.create_index(
        op.f("ix_mention_person_person_id_office_region_code_seen_on"),
        "mention_person",
        ["person_id", "office", "region_code", "seen_on"],
    )

    with op.batch_alter_table("article_version") as batch:
        batch.add_column(
            sa.Column(
                "award_likeness",
                sa.Double(),
                nullable=False,
                server_default="0",
                comment="How much headline and first words sound like an award won, 0..1, whatever was found",
            )
        )

    with op.batch_alter_table("award_series") as batch:
        batch.add_column(
            sa.Column(
                "theme",
                WORDS,
                nullable=True,
                comment="What it is about, from etl/gazetteer/themes.csv: health, finance ...",
            )
        )

    with op.batch_alter_table("conferral") as batch:
        batch.add_column(
            sa.Column(
                "recipient_id",
                WORDS,
                nullable=True,
                comment="That recipient (recipient.id); null: not read again since the table was made",
            )
        )
        batch.add_column(
            sa.Column(
                "level",
                WORDS,
                nullable=True,
                comment="The level of the series that rank or category names, as catalogued",
            )
        )
        batch.add_column(
            sa.Column(
                "level_position",
                sa.Integer(),
                nullable=True,
                comment="Its step (award_level.position), 1 the lowest where the series orders its levels",
            )
        )
        batch.add_column(
            sa.Column(
                "giver_id", WORDS, nullable=True, comment="That organization (organization.id), null outside the tables"
            )
        )
        batch.add_column(
            sa.Column(
                "giver_region_code",
                WORDS,
                nullable=True,
                comment="Kemendagri code of the region whose government gave it (region.code)",
            )
        )
        batch.add_column(
            sa.Column(
                "giver_kind",
                WORDS,
                nullable=True,
                comment="Class of the giver: ministry, media, region_government ...; of an unnamed one that of the series",
            )
        )
        batch.add_column(
            sa.Column(
                "scope",
                WORDS,
                nullable=True,
                comment="international, national, regional, province or regency; by the series, else by the giver",
            )
        )
        batch.add_column(
            sa.Column("theme", WORDS, nullable=True, comment="What it is about: health, finance, environment ...")
        )
        batch.add_column(
            sa.Column(
                "announced_on",
                sa.Date(),
                nullable=True,
                comment="Day the winners were announced, where an article tells it",
            )
        )
        batch.add_column(
            sa.Column(
                "edition_year",
                sa.Integer(),
                nullable=True,
                comment="Year in the award's name, where an article gives it",
            )
        )
        batch.add_column(
            sa.Column(
                "assessment_year",
                sa.Integer(),
                nullable=True,
                comment="Year that was judged, of opinions and grades the fiscal year, where an article tells it",
            )
        )
        batch.add_column(
            sa.Column("venue_id", WORDS, nullable=True, comment="That venue (venue.id), null when no place is named")
        )
        batch.add_column(
            sa.Column(
                "independent_count",
                sa.Integer(),
                nullable=False,
                comment="Outlets among them with words of their own: copies of one text count once",
            )
        )
        batch.drop_index(op.f("ix_conferral_group_key"))
        batch.create_index(op.f("ix_conferral_group_key_year"), ["group_key", "year"])
        batch.create_index(op.f("ix_conferral_recipient_id_id"), ["recipient_id", "id"])
        batch.create_index(op.f("ix_conferral_venue_id_id"), ["venue_id", "id"])
        batch.create_foreign_key(
            op.f("fk_conferral_recipient_id"),
            "recipient",
            ["recipient_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch.create_foreign_key(
            op.f("fk_conferral_venue_id"), "venue", ["venue_id"], ["id"], initially="DEFERRED", deferrable=True
        )

    with op.batch_alter_table("conferral_mention") as batch:
        batch.add_column(
            sa.Column(
                "witness",
                WORDS,
                nullable=False,
                comment="First mention of the same witness (mention.id): of the same outlet, or of a copy of the same text",
            )
        )

    with op.batch_alter_table("mention") as batch:
        batch.add_column(
            sa.Column(
                "is_current",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="Whether its version is the article's current one; only those count",
            )
        )
        batch.add_column(
            sa.Column(
                "article_id",
                WORDS,
                nullable=False,
                server_default="",
                comment="The article, as in its version (article.id)",
            )
        )
        batch.add_column(
            sa.Column(
                "outlet",
                WORDS,
                nullable=False,
                server_default="",
                comment="Outlet that prints it, as in its version (outlet.name)",
            )
        )
        batch.add_column(
            sa.Column("published_on", sa.Date(), nullable=True, comment="Day of publication, in the outlet's zone")
        )
        batch.add_column(
            sa.Column(
                "sketch",
                sa.LargeBinary(),
                nullable=True,
                comment="Of the article's text what copies of one press release share (etl/conferral/witness.py)",
            )
        )
        batch.add_column(
            sa.Column(
                "year",
                sa.Integer(),
                nullable=True,
                comment="Edition, else ceremony, else publication of news, by this claim alone; a conferral's may be another",
            )
        )
        batch.add_column(
            sa.Column(
                "linked_from",
                sa.Integer(),
                nullable=True,
                comment="First year of claims that may mean the same award though their own is another, null: none",
            )
        )
        batch.add_column(sa.Column("linked_to", sa.Integer(), nullable=True, comment="Last such year"))
        batch.add_column(
            sa.Column(
                "dated_on",
                sa.Date(),
                nullable=True,
                comment="The hand-over where its day is known, else the publication of news",
            )
        )
        batch.add_column(
            sa.Column(
                "level",
                WORDS,
                nullable=True,
                comment="The level of the series that rank or category names, as catalogued",
            )
        )
        batch.add_column(
            sa.Column(
                "level_position",
                sa.Integer(),
                nullable=True,
                comment="Its step (award_level.position), 1 the lowest where the series orders its levels",
            )
        )
        batch.add_column(
            sa.Column(
                "giver_id", WORDS, nullable=True, comment="That organization (organization.id), null outside the tables"
            )
        )
        batch.add_column(
            sa.Column(
                "giver_region_code",
                WORDS,
                nullable=True,
                comment="Kemendagri code of the region whose government gives it (region.code)",
            )
        )
        batch.add_column(
            sa.Column(
                "announced_on",
                sa.Date(),
                nullable=True,
                comment="Day the winners were announced, where the article tells it",
            )
        )
        batch.add_column(
            sa.Column(
                "assessment_year",
                sa.Integer(),
                nullable=True,
                comment="Year that was judged, of opinions and grades the fiscal year, where the article tells it",
            )
        )
        batch.drop_index(op.f("ix_mention_group_key"))
        batch.create_index(op.f("ix_mention_group_key_year"), ["group_key", "year"])
        batch.create_index("ix_mention_linked", ["group_key"], sqlite_where=LINKED, postgresql_where=LINKED)

    with op.batch_alter_table("organization") as batch:
        batch.add_column(
            sa.Column(
                "publishes",
                WORDS,
                nullable=True,
                comment="The site it publishes (as site.name), null: it is no publisher; its own prizes are self-reported there",
            )
        )
        batch.drop_column("successor")

    with op.batch_alter_table("region") as batch:
        batch.add_column(
            sa.Column(
                "since_year",
                sa.Integer(),
                nullable=True,
                comment="Year from which it has this code, null: longer than the tables tell",
            )
        )

    op.execute("INSERT INTO outlet (name) SELECT DISTINCT outlet FROM site")
    with op.batch_alter_table("site") as batch:
        batch.alter_column(
            "outlet",
            existing_type=WORDS,
            existing_nullable=False,
            existing_comment="Name of the outlet as readers know it",
            comment="The outlet it belongs to (outlet.name)",
        )
        batch.create_foreign_key(op.f("fk_site_outlet"), "outlet", ["outlet"], ["name"])

    op.execute("UPDATE mention SET group_key = ''")
    op.execute("UPDATE mention SET " + ", ".join(f"{column} = ({value})" for column, value in OF_THE_VERSION))
    # The defaults were for the rows that were there: who writes a row says what it holds.
    for table, column, kind in FILLED:
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)
    _cluster(True)


def downgrade() -> None:
    _cluster(False)
    with op.batch_alter_table("site") as batch:
        batch.drop_constraint(op.f("fk_site_outlet"), type_="foreignkey")
        batch.alter_column(
            "outlet",
            existing_type=WORDS,
            existing_nullable=False,
            existing_comment="The outlet it belongs to (outlet.name)",
            comment="Name of the outlet as readers know it",
        )

    with op.batch_alter_table("region") as batch:
        batch.drop_column("since_year")

    with op.batch_alter_table("organization") as batch:
        batch.add_column(sa.Column("successor", WORDS, nullable=True))
        batch.drop_column("publishes")

    with op.batch_alter_table("mention") as batch:
        batch.drop_index("ix_mention_linked", sqlite_where=LINKED, postgresql_where=LINKED)
        batch.drop_index(op.f("ix_mention_group_key_year"))
        batch.create_index(op.f("ix_mention_group_key"), ["group_key"])
        batch.drop_column("assessment_year")
        batch.drop_column("announced_on")
        batch.drop_column("giver_region_code")
        batch.drop_column("giver_id")
        batch.drop_column("level_position")
        batch.drop_column("level")
        batch.drop_column("dated_on")
        batch.drop_column("linked_to")
        batch.drop_column("linked_from")
        batch.drop_column("year")
        batch.drop_column("sketch")
        batch.drop_column("published_on")
        batch.drop_column("outlet")
        batch.drop_column("article_id")
        batch.drop_column("is_current")

    with op.batch_alter_table("conferral_mention") as batch:
        batch.drop_column("witness")

    with op.batch_alter_table("conferral") as batch:
        batch.drop_constraint(op.f("fk_conferral_venue_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_conferral_recipient_id"), type_="foreignkey")
        batch.drop_index(op.f("ix_conferral_venue_id_id"))
        batch.drop_index(op.f("ix_conferral_recipient_id_id"))
        batch.drop_index(op.f("ix_conferral_group_key_year"))
        batch.create_index(op.f("ix_conferral_group_key"), ["group_key"])
        batch.drop_column("independent_count")
        batch.drop_column("venue_id")
        batch.drop_column("assessment_year")
        batch.drop_column("edition_year")
        batch.drop_column("announced_on")
        batch.drop_column("theme")
        batch.drop_column("scope")
        batch.drop_column("giver_kind")
        batch.drop_column("giver_region_code")
        batch.drop_column("giver_id")
        batch.drop_column("level_position")
        batch.drop_column("level")
        batch.drop_column("recipient_id")

    with op.batch_alter_table("award_series") as batch:
        batch.drop_column("theme")

    with op.batch_alter_table("article_version") as batch:
        batch.drop_column("award_likeness")

    op.drop_table("mention_person")
    op.drop_table("capture")
    op.drop_table("edition_report")
    op.drop_table("conferral_choice")
    op.drop_table("region_past")
    op.drop_table("organization_successor")
    op.drop_table("office_term")
    op.drop_table("venue")
    op.drop_table("recipient")
    op.drop_table("person")
    op.drop_table("outlet")
    op.drop_table("edition")
    op.drop_table("conferral_change")


def _cluster(yes: bool) -> None:
    """Makes tables that are nearly all key without row ids, or with them. PostgreSQL knows no such thing."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in CLUSTERED:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_with_rowid": not yes}):
            pass  # copied as it is
