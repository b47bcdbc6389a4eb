"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "award_series",
        sa.Column("id", WORDS, nullable=False, comment="Short name of the series, as in `awards find --series`"),
        sa.Column("name", WORDS, nullable=False, comment="Name as its giver writes it"),
        sa.Column(
            "kind",
            WORDS,
            nullable=False,
            comment="award, predicate, grade, opinion, decoration, record, ranking or certificate",
        ),
        sa.Column("giver", WORDS, nullable=True, comment="Who gives it today"),
        sa.Column("giver_kind", WORDS, nullable=True, comment="ministry, state_agency, media, association ..."),
        sa.Column("scope", WORDS, nullable=False, comment="international, national, regional, province or regency"),
        sa.Column("levels_ordered", sa.Boolean(), nullable=False, comment="Whether award_level.position is a ranking"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_series")),
        comment="The prizes known by name, a copy of etl/gazetteer/award_series.csv",
    )
    op.create_table(
        "conferral",
        sa.Column("id", WORDS, nullable=False, comment="Key of award, year, category and recipient"),
        sa.Column("group_key", WORDS, nullable=False, comment="Award and recipient as compared (mention.group_key)"),
        sa.Column("series", WORDS, nullable=True, comment="The series (award_series.id), null outside the catalogue"),
        sa.Column("award", WORDS, nullable=False, comment="Name of the award, without year"),
        sa.Column(
            "kind",
            WORDS,
            nullable=False,
            comment="award, predicate, grade, opinion, decoration, record, ranking or certificate",
        ),
        sa.Column(
            "year",
            sa.Integer(),
            nullable=True,
            comment="Edition, else ceremony, else publication; null when nothing tells",
        ),
        sa.Column("category", WORDS, nullable=True, comment="Field, class or group within the award"),
        sa.Column("recipient", WORDS, nullable=False, comment="Who received it"),
        sa.Column(
            "recipient_type",
            WORDS,
            nullable=False,
            comment="region, official, agency, village, school, police, company, community or person",
        ),
        sa.Column(
            "region_code", WORDS, nullable=True, comment="Kemendagri code of the recipient's region (region.code)"
        ),
        sa.Column("region", WORDS, nullable=True, comment="That region by name"),
        sa.Column("rank", WORDS, nullable=True, comment="Place or level: Juara 1, Nindya"),
        sa.Column("giver", WORDS, nullable=True, comment="Organization that gave it"),
        sa.Column(
            "awarded_on", WORDS, nullable=True, comment="Day of hand-over: 2021, 2021-03 or 2021-03-31, as known"
        ),
        sa.Column("place", WORDS, nullable=True, comment="Venue and town of the ceremony"),
        sa.Column("status", WORDS, nullable=False, comment="won, or record"),
        sa.Column("mention_count", sa.Integer(), nullable=False, comment="Articles that say so (each counts once)"),
        sa.Column("outlet_count", sa.Integer(), nullable=False, comment="Outlets among them"),
        sa.Column("confidence", sa.Double(), nullable=False, comment="Confidence of the surest mention, 0..1"),
        sa.Column(
            "first_published_on", sa.Date(), nullable=True, comment="Day of the first report, in its outlet's zone"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conferral")),
        comment="An award won: what the current mentions of it agree on (etl/conferral says how)",
    )
    op.create_index("ix_conferral_group_key", "conferral", ["group_key"])
    op.create_index("ix_conferral_recipient_type", "conferral", ["recipient_type"])
    op.create_index("ix_conferral_region_code_year", "conferral", ["region_code", "year"])
    op.create_index("ix_conferral_series_year", "conferral", ["series", "year"])
    op.create_index("ix_conferral_year_awarded_on", "conferral", ["year", "awarded_on"])
    op.create_table(
        "organization",
        sa.Column("id", WORDS, nullable=False, comment="Short name of the organization"),
        sa.Column("name", WORDS, nullable=False, comment="Full name"),
        sa.Column(
            "kind", WORDS, nullable=False, comment="ministry, state_agency, media, association, international ..."
        ),
        sa.Column("valid_from", WORDS, nullable=True, comment="First day under this name (ISO date), null: not known"),
        sa.Column("valid_to", WORDS, nullable=True, comment="Last day under this name (ISO date), null: still there"),
        sa.Column(
            "successor", WORDS, nullable=True, comment="Ids of the organizations that took over, separated by ';'"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        comment="Givers, organizers, media, a copy of etl/gazetteer/organizations.csv",
    )
    op.create_table(
        "region",
        sa.Column("code", WORDS, nullable=False, comment="Kemendagri code: 35, 35.76"),
        sa.Column("kind", WORDS, nullable=False, comment="provinsi, kabupaten or kota"),
        sa.Column("name", WORDS, nullable=False, comment="Full name: Kota Mojokerto"),
        sa.Column("base", WORDS, nullable=False, comment="Name without its kind: Mojokerto"),
        sa.Column(
            "province_code", WORDS, nullable=False, comment="Code of the province it lies in (of itself for a province)"
        ),
        sa.Column("population_2025", sa.Integer(), nullable=True, comment="Inhabitants in 2025"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
        comment="Provinces, kabupaten and kota, a copy of etl/gazetteer/regions.csv",
    )
    op.create_table(
        "run",
        sa.Column("id", WORDS, nullable=False, comment="Key of the run, given by the caller"),
        sa.Column("site", WORDS, nullable=False, comment="The site; may have failed before anything of it was stored"),
        sa.Column("started_at", UTC, nullable=False, comment="Start (UTC)"),
        sa.Column("ended_at", UTC, nullable=True, comment="End (UTC), null while it runs or after a crash"),
        sa.Column("command", WORDS, nullable=False, comment="What was called: run, crawl, process ..."),
        sa.Column("exit_code", sa.Integer(), nullable=True, comment="0 done, 1 failed, 2 wrongly called"),
        sa.Column("fetched", sa.Integer(), nullable=False, comment="Responses received"),
        sa.Column("stored", sa.Integer(), nullable=False, comment="Pages newly written to the archive"),
        sa.Column("unchanged", sa.Integer(), nullable=False, comment="Pages whose bytes were known"),
        sa.Column("articles", sa.Integer(), nullable=False, comment="Article pages fetched"),
        sa.Column("known", sa.Integer(), nullable=False, comment="Article addresses not asked for again"),
        sa.Column(
            "passed_over", sa.Integer(), nullable=False, comment="Links that are not articles, or beyond the limit"
        ),
        sa.Column("misfits", sa.Integer(), nullable=False, comment="Pages that no layout fits"),
        sa.Column("mentions", sa.Integer(), nullable=False, comment="Mentions read"),
        sa.Column("failures", sa.JSON(), nullable=False, comment="Failed requests by name: {'http 503': 2}"),
        sa.Column("verdict", WORDS, nullable=True, comment="OK, QUIET, UNREACHABLE, REFUSED, FEED CHANGED ..."),
        sa.Column("code_version", WORDS, nullable=True, comment="Version of the code that ran"),
        sa.Column("error", WORDS, nullable=True, comment="What went wrong, in one line"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        comment="One run of a site; not derived from the archive, so it survives every rebuild",
    )
    op.create_index("ix_run_site_started_at", "run", ["site", "started_at"])
    op.create_table(
        "site",
        sa.Column("name", WORDS, nullable=False, comment="Name of the spider, as in `awards run NAME`"),
        sa.Column("outlet", WORDS, nullable=False, comment="Name of the outlet as readers know it"),
        sa.Column(
            "region_code", WORDS, nullable=True, comment="Kemendagri code of the region it writes for, null: national"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site")),
        comment="One row a site that has ever been read",
    )
    op.create_table(
        "article",
        sa.Column("id", WORDS, nullable=False, comment="'site:article_id'"),
        sa.Column("site", WORDS, nullable=False, comment="The site (site.name)"),
        sa.Column("article_id", WORDS, nullable=False, comment="The outlet's own id, from the address"),
        sa.Column("url", WORDS, nullable=False, comment="Address of the page that holds the current version"),
        sa.Column("canonical_url", WORDS, nullable=True, comment="Address the outlet calls the right one"),
        sa.Column(
            "current_version_id",
            WORDS,
            nullable=True,
            comment="The version of the page seen last (article_version.id); only its mentions count",
        ),
        sa.Column("published_at", UTC, nullable=True, comment="Publication of the current version (UTC)"),
        sa.ForeignKeyConstraint(["site"], ["site.name"], name=op.f("fk_article_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        comment="One article of an outlet, whatever its addresses and versions",
    )
    op.create_index("ix_article_current_version_id", "article", ["current_version_id"])
    op.create_index("ix_article_site_published_at", "article", ["site", "published_at"])
    op.create_table(
        "award_level",
        sa.Column("series_id", WORDS, nullable=False, comment="The series (award_series.id)"),
        sa.Column(
            "position", sa.Integer(), nullable=False, comment="1 is the lowest, where the series orders its levels"
        ),
        sa.Column("name", WORDS, nullable=False, comment="The level's word: Nindya"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["award_series.id"], name=op.f("fk_award_level_series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "position", name=op.f("pk_award_level")),
        comment="The steps of a series; never comparable between two series",
    )
    op.create_table(
        "article_version",
        sa.Column("id", WORDS, nullable=False, comment="Key of the content"),
        sa.Column("article_id", WORDS, nullable=False, comment="The article (article.id)"),
        sa.Column("outlet", WORDS, nullable=False, comment="Name of the outlet that published it"),
        sa.Column("canonical_url", WORDS, nullable=True, comment="Address the outlet calls the right one"),
        sa.Column("layout", WORDS, nullable=False, comment="The site's layout that read it"),
        sa.Column("title", WORDS, nullable=False, comment="Headline"),
        sa.Column("author", WORDS, nullable=True, comment="Author as printed"),
        sa.Column("published_at", UTC, nullable=True, comment="Publication (UTC)"),
        sa.Column(
            "published_offset",
            sa.Integer(),
            nullable=True,
            comment="Zone the outlet prints, in minutes east of UTC (420: WIB)",
        ),
        sa.Column("dateline", WORDS, nullable=True, comment="Place before the first sentence"),
        sa.Column("photo_caption", WORDS, nullable=True, comment="Caption of the main picture"),
        sa.Column(
            "text",
            WORDS,
            nullable=False,
            comment="Headline and paragraphs, one a line; evidence counts characters in it",
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_version_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_version")),
        comment="What an article said at one time, cleaned; every difference in wording is a version",
    )
    op.create_index("ix_article_version_article_id", "article_version", ["article_id"])
    op.create_table(
        "article_editor",
        sa.Column("version_id", WORDS, nullable=False, comment="article_version.id"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in print, from 0"),
        sa.Column("name", WORDS, nullable=False, comment="Name or initials"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_article_editor_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_article_editor")),
        comment="Editors of a version, as printed",
    )
    op.create_table(
        "article_tag",
        sa.Column("version_id", WORDS, nullable=False, comment="article_version.id"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in print, from 0"),
        sa.Column("tag", WORDS, nullable=False, comment="The tag"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_article_tag_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_article_tag")),
        comment="Tags of a version, as printed",
    )
    op.create_table(
        "mention",
        sa.Column("id", WORDS, nullable=False, comment="Key of version, recipient, award, category, rank and day"),
        sa.Column("version_id", WORDS, nullable=False, comment="The version that says so (article_version.id)"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in the article, from 0"),
        sa.Column("group_key", WORDS, nullable=False, comment="Award and recipient as conferrals compare them"),
        sa.Column("recipient", WORDS, nullable=False, comment="Who received it; regions by their full name"),
        sa.Column(
            "recipient_type",
            WORDS,
            nullable=False,
            comment="region, official, agency, village, school, police, company, community or person",
        ),
        sa.Column("region", WORDS, nullable=True, comment="Region of the recipient by name"),
        sa.Column("region_code", WORDS, nullable=True, comment="Its Kemendagri code (region.code)"),
        sa.Column("award", WORDS, nullable=False, comment="Name of the award, without year"),
        sa.Column("series", WORDS, nullable=True, comment="The series (award_series.id), null outside the catalogue"),
        sa.Column(
            "kind",
            WORDS,
            nullable=False,
            comment="award, predicate, grade, opinion, decoration, record, ranking or certificate",
        ),
        sa.Column("category", WORDS, nullable=True, comment="Field, class or group within the award"),
        sa.Column("rank", WORDS, nullable=True, comment="Place or level: Juara 1, Nindya"),
        sa.Column("giver", WORDS, nullable=True, comment="Organization that gives it"),
        sa.Column("presented_by", WORDS, nullable=True, comment="Person who handed it over"),
        sa.Column("received_by", WORDS, nullable=True, comment="Person who took it, if not the recipient"),
        sa.Column(
            "awarded_on", WORDS, nullable=True, comment="Day of hand-over: 2021, 2021-03 or 2021-03-31, as known"
        ),
        sa.Column(
            "edition_year", sa.Integer(), nullable=True, comment="Year in the award's name, not that of the ceremony"
        ),
        sa.Column("place", WORDS, nullable=True, comment="Venue and town of the ceremony"),
        sa.Column("status", WORDS, nullable=False, comment="won, nominated or record"),
        sa.Column(
            "in_focus",
            sa.Boolean(),
            nullable=False,
            comment="Whether the article reports it as news, or only recalls it",
        ),
        sa.Column(
            "confidence", sa.Double(), nullable=False, comment="Expected share of such mentions that are right, 0..1"
        ),
        sa.CheckConstraint("status in ('won', 'nominated', 'record')", name=op.f("ck_mention_status")),
        sa.CheckConstraint("confidence between 0 and 1", name=op.f("ck_mention_confidence")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_mention_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        comment="One claim in one version of an article that a recipient received an award; never changed",
    )
    op.create_index("ix_mention_group_key", "mention", ["group_key"])
    op.create_index("ix_mention_version_id_position", "mention", ["version_id", "position"], unique=True)
    op.create_table(
        "page",
        sa.Column("id", WORDS, nullable=False, comment="Key of site, url and digest"),
        sa.Column("site", WORDS, nullable=False, comment="The site (site.name)"),
        sa.Column("url", WORDS, nullable=False, comment="Address it was fetched from"),
        sa.Column("digest", WORDS, nullable=False, comment="WARC payload digest of the body as served"),
        sa.Column("warc", WORDS, nullable=False, comment="WARC file below the archive's folder"),
        sa.Column("first_fetched_at", UTC, nullable=False, comment="First visit that found these bytes (UTC)"),
        sa.Column("last_fetched_at", UTC, nullable=False, comment="Last visit that found these bytes (UTC)"),
        sa.Column("outcome", WORDS, nullable=False, comment="article, or misfit: no layout fits"),
        sa.Column("reason", WORDS, nullable=True, comment="Of a misfit: the reason of each layout, separated by '; '"),
        sa.Column("version_id", WORDS, nullable=True, comment="What it says (article_version.id), null for a misfit"),
        sa.Column("fingerprint", WORDS, nullable=False, comment="Names the code, layouts and tables that read it"),
        sa.Column("is_award_article", sa.Boolean(), nullable=False, comment="Whether it reports an award won"),
        sa.CheckConstraint("outcome in ('article', 'misfit')", name=op.f("ck_page_outcome")),
        sa.ForeignKeyConstraint(["site"], ["site.name"], name=op.f("fk_page_site")),
        sa.ForeignKeyConstraint(["version_id"], ["article_version.id"], name=op.f("fk_page_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        comment="One content of one address: where its bytes lie in the archive and what reading them gave",
    )
    op.create_index("ix_page_site_outcome", "page", ["site", "outcome"])
    op.create_index("ix_page_version_id", "page", ["version_id"])
    op.create_table(
        "conferral_mention",
        sa.Column("conferral_id", WORDS, nullable=False, comment="conferral.id"),
        sa.Column("mention_id", WORDS, nullable=False, comment="mention.id"),
        sa.ForeignKeyConstraint(
            ["conferral_id"], ["conferral.id"], name=op.f("fk_conferral_mention_conferral_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_conferral_mention_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conferral_id", "mention_id", name=op.f("pk_conferral_mention")),
        comment="Which mentions make a conferral",
    )
    op.create_index("ix_conferral_mention_mention_id", "conferral_mention", ["mention_id"])
    op.create_table(
        "evidence",
        sa.Column("mention_id", WORDS, nullable=False, comment="mention.id"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order, from 0"),
        sa.Column(
            "field", WORDS, nullable=False, comment="Field of the mention it stands behind: recipient, award ..."
        ),
        sa.Column("start_at", sa.Integer(), nullable=False, comment="First character in article_version.text, from 0"),
        sa.Column("end_at", sa.Integer(), nullable=False, comment="Character after the last"),
        sa.Column("quote", WORDS, nullable=False, comment="The words"),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_evidence_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", "position", name=op.f("pk_evidence")),
        comment="The words behind one field of a mention: text[start_at:end_at] = quote, always",
    )
    op.create_table(
        "mention_partner",
        sa.Column("mention_id", WORDS, nullable=False, comment="mention.id"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in the article, from 0"),
        sa.Column("name", WORDS, nullable=False, comment="The partner"),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mention.id"], name=op.f("fk_mention_partner_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", "position", name=op.f("pk_mention_partner")),
        comment="Organizations the giver worked with",
    )
    # Articles and versions name each other, so one of the two links comes after both tables.
    with op.batch_alter_table("article") as article:
        article.create_foreign_key(
            "fk_article_current_version_id",
            "article_version",
            ["current_version_id"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )


def downgrade() -> None:
    with op.batch_alter_table("article") as article:
        article.drop_constraint("fk_article_current_version_id", type_="foreignkey")
    op.drop_table("mention_partner")
    op.drop_table("evidence")
    op.drop_table("conferral_mention")
    op.drop_table("page")
    op.drop_table("mention")
    op.drop_table("article_tag")
    op.drop_table("article_editor")
    op.drop_table("article_version")
    op.drop_table("award_level")
    op.drop_table("article")
    op.drop_table("site")
    op.drop_table("run")
    op.drop_table("region")
    op.drop_table("organization")
    op.drop_table("conferral")
    op.drop_table("award_series")
