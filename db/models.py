"""The tables, every column with its meaning as comment (db/README.md is written from them). Never opens a connection.

Keys are texts that follow from the content, so the same archive gives the same rows in every database, in any order.
Derived tables hold no clock, no counter and no link to the reference tables: a series that leaves the catalogue must
not take mentions with it; they are read again and change then. The clock is in `conferral_change` alone, which is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, ClassVar, Final, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from etl.model import PageKind

REVISION: Final = "0011"
"""The newest migration, repeated here so that opening an up-to-date database need not load Alembic; a test compares."""

CLUSTERED: Final = {"sqlite_with_rowid": False}
"""Of tables that are all key, or nearly: on SQLite the rows lie in the key's own tree, half the size and half the work."""

Words: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that both databases compare, sort and lower alike: by code point, whatever the server's locale."""


Key: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A number of 63 bits; on SQLite the very place of the row, which only an INTEGER PRIMARY KEY is."""


class Utc(TypeDecorator[datetime]):
    """An aware time, given back in UTC. Text of fixed width on SQLite, so that it sorts; timestamptz on PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Raises ValueError for a naive time: nobody could tell later which zone was meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no zone; only aware times are stored")
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else cast(datetime, value)).astimezone(UTC)


class Searched(TypeDecorator[Sequence[str]]):
    """Tokens by which a row is found (etl/stems.py): words in a row on SQLite, a tsvector with places on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else TSVECTOR())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        """As written, so that no parser of a database has a say in what a token is."""
        if value is None or dialect.name == "sqlite":
            return None if value is None else " ".join(value)
        places: dict[str, str] = {}
        for place, token in enumerate(value, start=1):  # PostgreSQL itself leaves out what it does not count
            places[token] = f"{places[token]},{place}" if token in places else f"'{token}':{place}"
        return " ".join(places.values())


def printed_time(moment: datetime | None, offset: int | None) -> datetime | None:
    """A stored time in the zone the outlet printed; `offset` in minutes east of UTC."""
    if moment is None or offset is None:
        return moment
    return moment.astimezone(timezone(timedelta(minutes=offset)))


class Base(DeclarativeBase):
    """The metadata all tables share, with names for every constraint so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {str: Words, float: Double(), date: Date(), datetime: Utc()}

    def __init_subclass__(cls, **arguments: Any) -> None:
        """A table's comment is the first line of its class."""
        super().__init_subclass__(**arguments)
        table(cls).comment = (cls.__doc__ or "").removesuffix(".")


def table(model: type[Base]) -> Table:
    """The Core table of a model, for statements over many rows."""
    return cast(Table, model.__table__)


# ----------------------------------------------------------------------------------------------------- reference tables


class Outlet(Base):
    """A newspaper, portal or channel as readers know it, whatever sites it has; the witness that is counted."""

    __tablename__ = "outlet"

    name: Mapped[str] = mapped_column(primary_key=True, comment="Its name")
    region_code: Mapped[str | None] = mapped_column(
        comment="Kemendagri code of the region that all its sites write for, null: national, or several"
    )


class Site(Base):
    """One row a site that has ever been read."""

    __tablename__ = "site"

    name: Mapped[str] = mapped_column(primary_key=True, comment="Name of the spider, as in `awards run NAME`")
    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.name"), comment="The outlet it belongs to (outlet.name)")
    region_code: Mapped[str | None] = mapped_column(
        comment="Kemendagri code of the region it writes for, null: national"
    )


class Region(Base):
    """Provinces, kabupaten and kota, a copy of etl/gazetteer/regions.csv."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(primary_key=True, comment="Kemendagri code: 35, 35.76")
    kind: Mapped[str] = mapped_column(comment="provinsi, kabupaten or kota")
    name: Mapped[str] = mapped_column(comment="Full name: Kota Mojokerto")
    base: Mapped[str] = mapped_column(comment="Name without its kind: Mojokerto")
    province_code: Mapped[str] = mapped_column(comment="Code of the province it lies in (of itself for a province)")
    population_2025: Mapped[int | None] = mapped_column(comment="Inhabitants in 2025")
    since_year: Mapped[int | None] = mapped_column(
        comment="Year from which it has this code, null: longer than the tables tell"
    )


class RegionPast(Base):
    """A name or code that a region had before, a copy of etl/gazetteer/regions_history.csv."""

    __tablename__ = "region_past"

    code: Mapped[str] = mapped_column(
        ForeignKey("region.code", ondelete="CASCADE"), primary_key=True, comment="Code of today (region.code)"
    )
    until_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="Last year of it")
    old_code: Mapped[str] = mapped_column(comment="Code then, the one of today where only the name changed")
    name: Mapped[str] = mapped_column(comment="Full name then")


class AwardSeries(Base):
    """The prizes known by name, a copy of etl/gazetteer/award_series.csv."""

    __tablename__ = "award_series"

    id: Mapped[str] = mapped_column(primary_key=True, comment="Short name of the series, as in `awards find --series`")
    name: Mapped[str] = mapped_column(comment="Name as its giver writes it")
    kind: Mapped[str] = mapped_column(
        comment="award, predicate, grade, opinion, decoration, record, ranking or certificate"
    )
    giver: Mapped[str | None] = mapped_column(comment="Who gives it today")
    giver_kind: Mapped[str | None] = mapped_column(comment="ministry, state_agency, media, association ...")
    scope: Mapped[str] = mapped_column(comment="international, national, regional, province or regency")
    levels_ordered: Mapped[bool] = mapped_column(comment="Whether award_level.position is a ranking")
    theme: Mapped[str | None] = mapped_column(
        comment="What it is about, from etl/gazetteer/themes.csv: health, finance ..."
    )


class AwardLevel(Base):
    """The steps of a series; never comparable between two series."""

    __tablename__ = "award_level"

    series_id: Mapped[str] = mapped_column(
        ForeignKey("award_series.id", ondelete="CASCADE"), primary_key=True, comment="The series (award_series.id)"
    )
    position: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="1 is the lowest, where the series orders its levels"
    )
    name: Mapped[str] = mapped_column(comment="The level's word: Nindya")


class Organization(Base):
    """Givers, organizers, media, a copy of etl/gazetteer/organizations.csv."""

    __tablename__ = "organization"

    id: Mapped[str] = mapped_column(primary_key=True, comment="Short name of the organization")
    name: Mapped[str] = mapped_column(comment="Full name")
    kind: Mapped[str] = mapped_column(comment="ministry, state_agency, media, association, international ...")
    valid_from: Mapped[str | None] = mapped_column(comment="First day under this name (ISO date), null: not known")
    valid_to: Mapped[str | None] = mapped_column(comment="Last day under this name (ISO date), null: still there")
    publishes: Mapped[str | None] = mapped_column(
        comment="The site it publishes (as site.name), null: it is no publisher; its own prizes are self-reported there"
    )


class OrganizationSuccessor(Base):
    """Which organization took over from which."""

    __tablename__ = "organization_successor"

    organization_id: Mapped[str] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True, comment="What ended (organization.id)"
    )
    successor_id: Mapped[str] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True, comment="What came after (organization.id)"
    )


# ----------------------------------------------------------------------------------------------- derived: what was read


class Page(Base):
    """One content of one address: where its bytes lie in the archive and what reading them gave."""

    __tablename__ = "page"
    __table_args__ = (
        CheckConstraint(f"outcome in ({', '.join(map(repr, map(str, PageKind)))})", name="outcome"),
        Index(None, "site", "outcome"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, comment="Key of site, url and digest")
    site: Mapped[str] = mapped_column(ForeignKey("site.name"), comment="The site (site.name)")
    url: Mapped[str] = mapped_column(comment="Address it was fetched from")
    digest: Mapped[str] = mapped_column(comment="WARC payload digest of the body as served")
    warc: Mapped[str] = mapped_column(comment="WARC file below the archive's folder")
    first_fetched_at: Mapped[datetime] = mapped_column(comment="First visit that found these bytes (UTC)")
    last_fetched_at: Mapped[datetime] = mapped_column(comment="Last visit that found these bytes (UTC)")
    outcome: Mapped[str] = mapped_column(comment=f"What the page is: {', '.join(PageKind)}")
    reason: Mapped[str | None] = mapped_column(
        comment="Of a misfit the reason of each layout, separated by '; '; of another page without an article what shows it"
    )
    version_id: Mapped[str | None] = mapped_column(
        ForeignKey("article_version.id"),
        index=True,
        comment="What it says (article_version.id), null without an article",
    )
    fingerprint: Mapped[str] = mapped_column(comment="Names the code, layouts and tables that read it")
    is_award_article: Mapped[bool] = mapped_column(comment="Whether it reports an award won")


class Capture(Base):
    """One visit that found a page: what it said on a day is the page captured last before."""

    __tablename__ = "capture"
    __table_args__ = (CLUSTERED,)

    page_id: Mapped[str] = mapped_column(
        ForeignKey("page.id", ondelete="CASCADE"), primary_key=True, comment="The page whose bytes came (page.id)"
    )
    fetched_at: Mapped[datetime] = mapped_column(primary_key=True, comment="When (UTC)")
    status: Mapped[int] = mapped_column(comment="HTTP status; of a 304 that of the page it confirmed")


class Article(Base):
    """One article of an outlet, whatever its addresses and versions."""

    __tablename__ = "article"
    __table_args__ = (Index(None, "site", "published_at"),)

    id: Mapped[str] = mapped_column(primary_key=True, comment="'site:article_id'")
    site: Mapped[str] = mapped_column(ForeignKey("site.name"), comment="The site (site.name)")
    article_id: Mapped[str] = mapped_column(comment="The outlet's own id, from the address")
    url: Mapped[str] = mapped_column(comment="Address of the page that holds the current version")
    canonical_url: Mapped[str | None] = mapped_column(comment="Address the outlet calls the right one")
    # Deferred, because article and version name each other: either can be written first.
    current_version_id: Mapped[str | None] = mapped_column(
        ForeignKey("article_version.id", deferrable=True, initially="DEFERRED", use_alter=True),
        index=True,
        comment="The version of the page seen last (article_version.id); only its mentions count",
    )
    published_at: Mapped[datetime | None] = mapped_column(comment="Publication of the current version (UTC)")
    gone_at: Mapped[datetime | None] = mapped_column(
        comment="Since when its address answers 404 or 410 (UTC), null: it is there"
    )


class ArticleVersion(Base):
    """What an article said at one time, cleaned; every difference in wording is a version."""

    __tablename__ = "article_version"

    id: Mapped[str] = mapped_column(primary_key=True, comment="Key of the content")
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"), index=True, comment="The article (article.id)")
    outlet: Mapped[str] = mapped_column(comment="Name of the outlet that published it")
    canonical_url: Mapped[str | None] = mapped_column(comment="Address the outlet calls the right one")
    layout: Mapped[str] = mapped_column(comment="The site's layout that read it")
    title: Mapped[str] = mapped_column(comment="Headline")
    author: Mapped[str | None] = mapped_column(comment="Author as printed")
    published_at: Mapped[datetime | None] = mapped_column(comment="Publication (UTC)")
    published_offset: Mapped[int | None] = mapped_column(
        comment="Zone the outlet prints, in minutes east of UTC (420: WIB)"
    )
    dateline: Mapped[str | None] = mapped_column(comment="Place before the first sentence")
    photo_caption: Mapped[str | None] = mapped_column(comment="Caption of the main picture")
    text: Mapped[str] = mapped_column(comment="Headline and paragraphs, one a line; evidence counts characters in it")
    complete: Mapped[bool] = mapped_column(comment="Whether all of the article's pages were there to be read")
    award_likeness: Mapped[float] = mapped_column(
        comment="How much headline and first words sound like an award won, 0..1, whatever was found"
    )


class ArticleEditor(Base):
    """Editors of a version, as printed."""

    __tablename__ = "article_editor"
    __table_args__ = (CLUSTERED,)

    version_id: Mapped[str] = mapped_column(
        ForeignKey("article_version.id", ondelete="CASCADE"), primary_key=True, comment="article_version.id"
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="Order in print, from 0")
    name: Mapped[str] = mapped_column(comment="Name or initials")


class ArticleTag(Base):
    """Tags of a version, as printed."""

    __tablename__ = "article_tag"
    __table_args__ = (CLUSTERED,)

    version_id: Mapped[str] = mapped_column(
        ForeignKey("article_version.id", ondelete="CASCADE"), primary_key=True, comment="article_version.id"
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="Order in print, from 0")
    tag: Mapped[str] = mapped_column(comment="The tag")


# ---------------------------------------------------------------------------------------------- derived: what it claims


LINKED: Final = text("linked_from IS NOT NULL")


class Mention(Base):
    """One claim in one version of an article that a recipient received an award; never changed."""

    __tablename__ = "mention"
    __table_args__ = (
        CheckConstraint("status in ('won', 'nominated', 'record')", name="status"),
        CheckConstraint("confidence between 0 and 1", name="confidence"),
        Index(None, "version_id", "position", unique=True),
        Index(None, "group_key", "year"),
        Index("ix_mention_linked", "group_key", sqlite_where=LINKED, postgresql_where=LINKED),
    )

    id: Mapped[str] = mapped_column(
        primary_key=True, comment="Key of version, recipient, award, category, rank and day"
    )
    version_id: Mapped[str] = mapped_column(
        ForeignKey("article_version.id", ondelete="CASCADE"), comment="The version that says so (article_version.id)"
    )
    position: Mapped[int] = mapped_column(comment="Order in the article, from 0")
    is_current: Mapped[bool] = mapped_column(
        comment="Whether its version is the article's current one; only those count"
    )
    article_id: Mapped[str] = mapped_column(comment="The article, as in its version (article.id)")
    outlet: Mapped[str] = mapped_column(comment="Outlet that prints it, as in its version (outlet.name)")
    published_on: Mapped[date | None] = mapped_column(comment="Day of publication, in the outlet's zone")
    sketch: Mapped[bytes | None] = mapped_column(
        LargeBinary(), comment="Of the article's text what copies of one press release share (etl/conferral/witness.py)"
    )
    group_key: Mapped[str] = mapped_column(comment="Award and recipient as conferrals compare them")
    year: Mapped[int | None] = mapped_column(
        comment="Edition, else ceremony, else publication of news, by this claim alone; a conferral's may be another"
    )
    linked_from: Mapped[int | None] = mapped_column(
        comment="First year of claims that may mean the same award though their own is another, null: none"
    )
    linked_to: Mapped[int | None] = mapped_column(comment="Last such year")
    dated_on: Mapped[date | None] = mapped_column(
        comment="The hand-over where its day is known, else the publication of news"
    )
    recipient: Mapped[str] = mapped_column(comment="Who received it; regions by their full name")
    recipient_type: Mapped[str] = mapped_column(
        comment="region, official, agency, village, school, police, company, community or person"
    )
    region: Mapped[str | None] = mapped_column(comment="Region of the recipient by name")
    region_code: Mapped[str | None] = mapped_column(comment="Its Kemendagri code (region.code)")
    award: Mapped[str] = mapped_column(comment="Name of the award, without year")
    series: Mapped[str | None] = mapped_column(comment="The series (award_series.id), null outside the catalogue")
    kind: Mapped[str] = mapped_column(
        comment="award, predicate, grade, opinion, decoration, record, ranking or certificate"
    )
    category: Mapped[str | None] = mapped_column(comment="Field, class or group within the award")
    rank: Mapped[str | None] = mapped_column(comment="Place or level: Juara 1, Nindya")
    level: Mapped[str | None] = mapped_column(
        comment="The level of the series that rank or category names, as catalogued"
    )
    level_position: Mapped[int | None] = mapped_column(
        comment="Its step (award_level.position), 1 the lowest where the series orders its levels"
    )
    giver: Mapped[str | None] = mapped_column(comment="Organization that gives it")
    giver_id: Mapped[str | None] = mapped_column(comment="That organization (organization.id), null outside the tables")
    giver_region_code: Mapped[str | None] = mapped_column(
        comment="Kemendagri code of the region whose government gives it (region.code)"
    )
    presented_by: Mapped[str | None] = mapped_column(comment="Person who handed it over")
    received_by: Mapped[str | None] = mapped_column(comment="Person who took it, if not the recipient")
    awarded_on: Mapped[str | None] = mapped_column(comment="Day of hand-over: 2021, 2021-03 or 2021-03-31, as known")
    announced_on: Mapped[date | None] = mapped_column(
        comment="Day the winners were announced, where the article tells it"
    )
    edition_year: Mapped[int | None] = mapped_column(comment="Year in the award's name, not that of the ceremony")
    assessment_year: Mapped[int | None] = mapped_column(
        comment="Year that was judged, of opinions and grades the fiscal year, where the article tells it"
    )
    place: Mapped[str | None] = mapped_column(comment="Venue and town of the ceremony")
    status: Mapped[str] = mapped_column(comment="won, nominated or record")
    in_focus: Mapped[bool] = mapped_column(comment="Whether the article reports it as news, or only recalls it")
    confidence: Mapped[float] = mapped_column(comment="Expected share of such mentions that are right, 0..1")


class MentionPartner(Base):
    """Organizations the giver worked with."""

    __tablename__ = "mention_partner"
    __table_args__ = (CLUSTERED,)

    mention_id: Mapped[str] = mapped_column(
        ForeignKey("mention.id", ondelete="CASCADE"), primary_key=True, comment="mention.id"
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="Order in the article, from 0")
    name: Mapped[str] = mapped_column(comment="The partner")


class MentionPerson(Base):
    """A person that a mention names, with the office the article gives."""

    __tablename__ = "mention_person"
    __table_args__ = (
        Index(None, "person_id", "mention_id"),
        Index(None, "person_id", "office", "region_code", "seen_on"),
        CLUSTERED,
    )

    mention_id: Mapped[str] = mapped_column(
        ForeignKey("mention.id", ondelete="CASCADE"), primary_key=True, comment="mention.id"
    )
    role: Mapped[str] = mapped_column(primary_key=True, comment="Field that names the person: recipient or received_by")
    person_id: Mapped[str] = mapped_column(comment="The person (as person.id, where a current mention names it)")
    name: Mapped[str] = mapped_column(comment="Name without titles")
    office: Mapped[str | None] = mapped_column(
        comment="Gubernur, Bupati or Wali Kota, deputies and acting ones by those words; null: none is named"
    )
    region_code: Mapped[str | None] = mapped_column(comment="Region of the office, else of the recipient (region.code)")
    seen_on: Mapped[date | None] = mapped_column(comment="Day of the hand-over, else of publication (mention.dated_on)")


class Person(Base):
    """Somebody whom articles name as recipient or as the one who took an award; of one name and region, one person."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(primary_key=True, comment="Key of name and region")
    name: Mapped[str] = mapped_column(comment="Name without titles, as one article prints it")
    region_code: Mapped[str | None] = mapped_column(comment="Kemendagri code of the region (region.code)")
    named_by: Mapped[str] = mapped_column(
        comment="The mention that the name is taken from: the first by id (mention.id)"
    )


class OfficeTerm(Base):
    """A person in an office, as far as articles tell: not the days of oath and farewell."""

    __tablename__ = "office_term"
    __table_args__ = (Index(None, "region_code", "office"),)

    person_id: Mapped[str] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, comment="person.id"
    )
    office: Mapped[str] = mapped_column(primary_key=True, comment="Gubernur, Bupati, Wali Kota, Wakil Bupati ...")
    region_code: Mapped[str] = mapped_column(primary_key=True, comment="Kemendagri code of its region (region.code)")
    first_seen: Mapped[date] = mapped_column(comment="First day that an article dates the person in the office")
    last_seen: Mapped[date] = mapped_column(comment="Last such day")
    first_mention_id: Mapped[str] = mapped_column(comment="The mention that tells the first (mention.id)")
    last_mention_id: Mapped[str] = mapped_column(comment="The mention that tells the last (mention.id)")


class EditionReport(Base):
    """What one version of an article says of how many won an edition."""

    __tablename__ = "edition_report"
    __table_args__ = (Index(None, "series", "year"), CLUSTERED)

    version_id: Mapped[str] = mapped_column(
        ForeignKey("article_version.id", ondelete="CASCADE"), primary_key=True, comment="article_version.id"
    )
    series: Mapped[str] = mapped_column(primary_key=True, comment="The series (award_series.id)")
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="The edition (mention.year)")
    listed_count: Mapped[int] = mapped_column(comment="Winners of it that the article names")
    stated_count: Mapped[int | None] = mapped_column(comment="Winners that it says there are, null: it does not")
    start_at: Mapped[int | None] = mapped_column(comment="Where it says so: first character in article_version.text")
    end_at: Mapped[int | None] = mapped_column(comment="Character after the last")


class Edition(Base):
    """One year of a series: the most winners that a current article states, and that one lists."""

    __tablename__ = "edition"

    series: Mapped[str] = mapped_column(primary_key=True, comment="The series (award_series.id)")
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="The edition (mention.year)")
    stated_count: Mapped[int | None] = mapped_column(comment="Winners stated, null: no article does")
    listed_count: Mapped[int] = mapped_column(comment="Winners named in the article that names most")


class Evidence(Base):
    """The words behind one field of a mention: text[start_at:end_at] = quote, always."""

    __tablename__ = "evidence"
    __table_args__ = (CLUSTERED,)

    mention_id: Mapped[str] = mapped_column(
        ForeignKey("mention.id", ondelete="CASCADE"), primary_key=True, comment="mention.id"
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="Order, from 0")
    field: Mapped[str] = mapped_column(comment="Field of the mention it stands behind: recipient, award ...")
    start_at: Mapped[int] = mapped_column(comment="First character in article_version.text, from 0")
    end_at: Mapped[int] = mapped_column(comment="Character after the last")
    quote: Mapped[str] = mapped_column(comment="The words")


# ------------------------------------------------------------------------------------------ derived: what they agree on


class Conferral(Base):
    """An award won: what the current mentions of it agree on (etl/conferral says how)."""

    __tablename__ = "conferral"
    __table_args__ = (
        Index(None, "group_key", "year"),
        Index(None, "recipient_id", "id"),
        Index(None, "venue_id", "id"),
        Index(None, "series", "year"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, comment="Key of award, year, category and recipient")
    group_key: Mapped[str] = mapped_column(comment="Award and recipient as compared (mention.group_key)")
    series: Mapped[str | None] = mapped_column(comment="The series (award_series.id), null outside the catalogue")
    award: Mapped[str] = mapped_column(comment="Name of the award, without year")
    kind: Mapped[str] = mapped_column(
        comment="award, predicate, grade, opinion, decoration, record, ranking or certificate"
    )
    year: Mapped[int | None] = mapped_column(
        comment="Edition, else ceremony, else publication; null when nothing tells"
    )
    category: Mapped[str | None] = mapped_column(comment="Field, class or group within the award")
    recipient: Mapped[str] = mapped_column(comment="Who received it")
    recipient_id: Mapped[str | None] = mapped_column(
        ForeignKey("recipient.id", deferrable=True, initially="DEFERRED"),
        comment="That recipient (recipient.id); null: not read again since the table was made",
    )
    recipient_type: Mapped[str] = mapped_column(
        comment="region, official, agency, village, school, police, company, community or person"
    )
    region_code: Mapped[str | None] = mapped_column(comment="Kemendagri code of the recipient's region (region.code)")
    region: Mapped[str | None] = mapped_column(comment="That region by name")
    rank: Mapped[str | None] = mapped_column(comment="Place or level: Juara 1, Nindya")
    level: Mapped[str | None] = mapped_column(
        comment="The level of the series that rank or category names, as catalogued"
    )
    level_position: Mapped[int | None] = mapped_column(
        comment="Its step (award_level.position), 1 the lowest where the series orders its levels"
    )
    giver: Mapped[str | None] = mapped_column(comment="Organization that gave it")
    giver_id: Mapped[str | None] = mapped_column(comment="That organization (organization.id), null outside the tables")
    giver_region_code: Mapped[str | None] = mapped_column(
        comment="Kemendagri code of the region whose government gave it (region.code)"
    )
    giver_kind: Mapped[str | None] = mapped_column(
        comment="Class of the giver: ministry, media, region_government ...; of an unnamed one that of the series"
    )
    scope: Mapped[str | None] = mapped_column(
        comment="international, national, regional, province or regency; by the series, else by the giver"
    )
    theme: Mapped[str | None] = mapped_column(comment="What it is about: health, finance, environment ...")
    awarded_on: Mapped[str | None] = mapped_column(comment="Day of hand-over: 2021, 2021-03 or 2021-03-31, as known")
    announced_on: Mapped[date | None] = mapped_column(
        comment="Day the winners were announced, where an article tells it"
    )
    edition_year: Mapped[int | None] = mapped_column(comment="Year in the award's name, where an article gives it")
    assessment_year: Mapped[int | None] = mapped_column(
        comment="Year that was judged, of opinions and grades the fiscal year, where an article tells it"
    )
    place: Mapped[str | None] = mapped_column(comment="Venue and town of the ceremony")
    venue_id: Mapped[str | None] = mapped_column(
        ForeignKey("venue.id", deferrable=True, initially="DEFERRED"),
        comment="That venue (venue.id), null when no place is named",
    )
    status: Mapped[str] = mapped_column(comment="won, or record")
    mention_count: Mapped[int] = mapped_column(comment="Articles that say so (each counts once)")
    outlet_count: Mapped[int] = mapped_column(comment="Outlets among them")
    independent_count: Mapped[int] = mapped_column(
        comment="Outlets among them with words of their own: copies of one text count once"
    )
    confidence: Mapped[float] = mapped_column(comment="Confidence of the surest mention, 0..1")
    first_published_on: Mapped[date | None] = mapped_column(comment="Day of the first report, in its outlet's zone")
    ruled: Mapped[str | None] = mapped_column(
        comment="What people ruled on it: confirmed, corrected rank, merged ..., separated by '; '; null: nothing"
    )
    review_gain: Mapped[float] = mapped_column(
        index=True, comment="What a review is expected to mend: chance of an error times outlets (etl/rulings)"
    )
    days_to_print: Mapped[int | None] = mapped_column(
        comment="Days from hand-over to the first report, where the day is known"
    )
    days_to_hand_over: Mapped[int | None] = mapped_column(
        comment="Days from announcement to hand-over, where both days are known"
    )


class ConferralMention(Base):
    """Which mentions make a conferral."""

    __tablename__ = "conferral_mention"
    __table_args__ = (CLUSTERED,)

    conferral_id: Mapped[str] = mapped_column(
        ForeignKey("conferral.id", ondelete="CASCADE"), primary_key=True, comment="conferral.id"
    )
    mention_id: Mapped[str] = mapped_column(
        ForeignKey("mention.id", ondelete="CASCADE"), primary_key=True, index=True, comment="mention.id"
    )
    witness: Mapped[str] = mapped_column(
        comment="First mention of the same witness (mention.id): of the same outlet, or of a copy of the same text"
    )


class ConferralChoice(Base):
    """A field on which the mentions of a conferral differ, or on which a person decided: what was chosen, and why."""

    __tablename__ = "conferral_choice"
    __table_args__ = (CLUSTERED,)

    conferral_id: Mapped[str] = mapped_column(
        ForeignKey("conferral.id", ondelete="CASCADE"), primary_key=True, comment="conferral.id"
    )
    field: Mapped[str] = mapped_column(primary_key=True, comment="Field of the conferral: rank, giver, awarded_on ...")
    value: Mapped[str] = mapped_column(comment="What was chosen")
    reason: Mapped[str] = mapped_column(comment="Most outlets, most precise, printed first ... or ruled by a person")
    dissent: Mapped[dict[str, int]] = mapped_column(
        JSON(), comment="What others say, with the number of outlets: {'Madya': 1}"
    )


class ConferralTally(Base):
    """What the claims of a conferral of several say in short, so that one more joins it without a look at them all."""

    __tablename__ = "conferral_tally"

    conferral_id: Mapped[str] = mapped_column(
        ForeignKey("conferral.id", ondelete="CASCADE"), primary_key=True, comment="conferral.id"
    )
    tally: Mapped[list[Any]] = mapped_column(
        JSON(),
        comment="Forms: year, award, recipient and category as claims have them -> days that they come with; witnesses:"
        " first mention by id, outlets, sketches (mention.sketch) of their texts; people named; sites",
    )


class Recipient(Base):
    """Who received awards: a region's government, or an agency, village, school, company or person of a region."""

    __tablename__ = "recipient"
    __table_args__ = (Index(None, "owner_region_code", "kind"),)

    id: Mapped[str] = mapped_column(primary_key=True, comment="Key of kind, region and name")
    kind: Mapped[str] = mapped_column(
        comment="region, official, agency, village, school, police, company, community or person"
    )
    name: Mapped[str] = mapped_column(comment="Name, as one conferral has it")
    region_code: Mapped[str | None] = mapped_column(comment="Kemendagri code of its region (region.code)")
    owner_region_code: Mapped[str | None] = mapped_column(
        comment="Region whose government it is or belongs to; null of police, private companies and citizens"
    )
    person_id: Mapped[str | None] = mapped_column(comment="Of officials and persons who it is (as person.id)")
    named_by: Mapped[str] = mapped_column(
        comment="The conferral that the name is taken from: the first by id (conferral.id)"
    )


class Venue(Base):
    """Where awards were handed over."""

    __tablename__ = "venue"

    id: Mapped[str] = mapped_column(primary_key=True, comment="Key of name and town")
    name: Mapped[str] = mapped_column(comment="Name and town, as one conferral has it")
    city_code: Mapped[str | None] = mapped_column(
        comment="Kemendagri code of the town, or of its province (region.code)"
    )
    online: Mapped[bool] = mapped_column(comment="Whether it was held by video")
    named_by: Mapped[str] = mapped_column(
        comment="The conferral that the name is taken from: the first by id (conferral.id)"
    )


# ------------------------------------------------------------------------------------------------- what people decided


class Ruling(Base):
    """A person's decision; never changed: another one supersedes it, or withdraws it."""

    __tablename__ = "ruling"
    __table_args__ = (
        CheckConstraint(
            "kind in ('confirm', 'reject', 'correct', 'region', 'split', 'merge', 'withdraw')", name="kind"
        ),
        CheckConstraint("(kind = 'merge') = (into_group is not null)", name="merge"),
        CheckConstraint("kind <> 'withdraw' or supersedes is not null", name="withdraw"),
        Index(None, "supersedes", unique=True),  # so that two people at once cannot both have the last word
    )

    id: Mapped[str] = mapped_column(
        primary_key=True, comment="Key of the decision, its subject, its time and its maker"
    )
    kind: Mapped[str] = mapped_column(comment="confirm, reject, correct, region, split, merge or withdraw")
    key: Mapped[str] = mapped_column(
        index=True,
        comment="What it speaks of: claim (article, award, recipient, category, year), a region's name in an article,"
        " or of a merge the conferral",
    )
    article_id: Mapped[str | None] = mapped_column(
        index=True, comment="Article whose words it was decided on (article.id), null for a merge"
    )
    group_key: Mapped[str | None] = mapped_column(
        index=True, comment="Award and recipient of a merged conferral, else null"
    )
    into_group: Mapped[str | None] = mapped_column(
        index=True, comment="Award and recipient of the conferral it is merged into"
    )
    field: Mapped[str | None] = mapped_column(comment="Field of the claim that is corrected")
    value: Mapped[str | None] = mapped_column(
        comment="Right value of the field (null: it has none), code of the region, conferral merged into, part split off"
    )
    evidence: Mapped[dict[str, str]] = mapped_column(JSON(), comment="Quotes that it was decided on, by field")
    evidence_hashes: Mapped[list[str]] = mapped_column(
        JSON(), comment="Hashes of the article's lines that hold them; while all stand in the article, it is in force"
    )
    facts: Mapped[dict[str, Any]] = mapped_column(JSON(), comment="The claim or conferrals as the person saw them")
    about: Mapped[str] = mapped_column(
        index=True, comment="Id that the person named: of a conferral, a mention or a ruling"
    )
    ruled_by: Mapped[str] = mapped_column(comment="Who decided")
    ruled_at: Mapped[datetime] = mapped_column(index=True, comment="When (UTC)")
    why: Mapped[str | None] = mapped_column(comment="The reason given")
    supersedes: Mapped[str | None] = mapped_column(
        ForeignKey("ruling.id"), comment="The ruling that it stands in place of, or withdraws (ruling.id)"
    )


class MentionRuling(Base):
    """Which rulings speak of which mention, and whether they still apply to it."""

    __tablename__ = "mention_ruling"

    mention_id: Mapped[str] = mapped_column(
        ForeignKey("mention.id", ondelete="CASCADE"), primary_key=True, comment="mention.id"
    )
    ruling_id: Mapped[str] = mapped_column(
        ForeignKey("ruling.id"), primary_key=True, index=True, comment="The ruling (ruling.id)"
    )
    reopened: Mapped[str | None] = mapped_column(
        comment="Why it does not apply any more and is to be decided again; null: it applies"
    )
    group_key: Mapped[str] = mapped_column(
        index=True, comment="Award and recipient of the mention as ruled (mention.group_key: as read)"
    )
    year: Mapped[int | None] = mapped_column(comment="Year of the mention as ruled (mention.year: as read)")
    linked_from: Mapped[int | None] = mapped_column(comment="As mention.linked_from, as ruled")
    linked_to: Mapped[int | None] = mapped_column(comment="As mention.linked_to, as ruled")


class RegionYear(Base):
    """How many conferrals of a year a region's government, and who belongs to the region, received."""

    __tablename__ = "region_year"
    __table_args__ = (CLUSTERED,)

    region_code: Mapped[str] = mapped_column(primary_key=True, comment="Kemendagri code (region.code)")
    year: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="Edition, else ceremony, else publication"
    )
    conferrals: Mapped[int] = mapped_column(comment="All that is stored of it: awards, opinions, grades, rankings")
    awards: Mapped[int] = mapped_column(comment="Without opinions, grades and rankings")
    own_awards: Mapped[int] = mapped_column(comment="Of the awards, those of the government itself")
    national_awards: Mapped[int] = mapped_column(comment="Of the awards, the national and international ones")
    ministry_awards: Mapped[int] = mapped_column(comment="Of the awards, those of ministries")
    media_awards: Mapped[int] = mapped_column(comment="Of the awards, those of news outlets")
    witnessed_awards: Mapped[int] = mapped_column(
        comment="Of the awards, those that several outlets report in words of their own"
    )


# -------------------------------------------------------------------------------------------------- kept: what happened


class Run(Base):
    """One run of a site; not derived from the archive, so it survives every rebuild."""

    __tablename__ = "run"
    __table_args__ = (Index(None, "site", "started_at"),)

    id: Mapped[str] = mapped_column(primary_key=True, comment="Key of the run, given by the caller")
    site: Mapped[str] = mapped_column(comment="The site; may have failed before anything of it was stored")
    started_at: Mapped[datetime] = mapped_column(comment="Start (UTC)")
    ended_at: Mapped[datetime | None] = mapped_column(comment="End (UTC), null while it runs or after a crash")
    command: Mapped[str] = mapped_column(comment="What was called: run, crawl, process ...")
    exit_code: Mapped[int | None] = mapped_column(comment="0 done, 1 failed, 2 wrongly called")
    fetched: Mapped[int] = mapped_column(comment="Responses received")
    stored: Mapped[int] = mapped_column(comment="Pages newly written to the archive")
    unchanged: Mapped[int] = mapped_column(comment="Pages whose bytes were known")
    not_modified: Mapped[int] = mapped_column(comment="Pages that the site confirmed with a 304, among the unchanged")
    articles: Mapped[int] = mapped_column(comment="Article pages fetched")
    known: Mapped[int] = mapped_column(comment="Article addresses not asked for again")
    passed_over: Mapped[int] = mapped_column(comment="Links that are not articles, or beyond the limit")
    misfits: Mapped[int] = mapped_column(comment="Pages that no layout fits")
    others: Mapped[dict[str, int]] = mapped_column(JSON(), comment="Pages that are no article, by kind: {'gallery': 2}")
    mentions: Mapped[int] = mapped_column(comment="Mentions read")
    failures: Mapped[dict[str, int]] = mapped_column(JSON(), comment="Failed requests by name: {'http 503': 2}")
    verdict: Mapped[str | None] = mapped_column(comment="OK, QUIET, UNREACHABLE, REFUSED, FEED CHANGED ...")
    code_version: Mapped[str | None] = mapped_column(comment="Version of the code that ran")
    error: Mapped[str | None] = mapped_column(comment="What went wrong, in one line")
    log: Mapped[str | None] = mapped_column(comment="The end of the crawl's log, null when it said nothing")
    job: Mapped[str | None] = mapped_column(comment="The job it ran for (occurrence.job), null: nobody scheduled it")
    due_at: Mapped[datetime | None] = mapped_column(comment="The due time it ran for (occurrence.due_at)")


class ConferralChange(Base):
    """What became of a conferral and when; holds the clock, so it is kept by a rebuild, which adds its own changes."""

    __tablename__ = "conferral_change"
    __table_args__ = (
        CheckConstraint("what in ('added', 'corrected', 'withdrawn')", name="what"),
        Index(None, "at"),
    )

    conferral_id: Mapped[str] = mapped_column(primary_key=True, comment="conferral.id; of a withdrawn one, what it was")
    at: Mapped[datetime] = mapped_column(primary_key=True, comment="When it was loaded or ruled (UTC)")
    field: Mapped[str] = mapped_column(primary_key=True, comment="Field corrected; empty for added and withdrawn")
    what: Mapped[str] = mapped_column(comment="added, corrected or withdrawn")
    old: Mapped[str | None] = mapped_column(comment="Value before; of a withdrawn one its facts as JSON")
    new: Mapped[str | None] = mapped_column(
        comment="Value since; of a withdrawn one the conferral that its mentions make now, null: none"
    )
    reason: Mapped[str] = mapped_column(comment="read, read again, rebuilt, ruling ... and why")
    run_id: Mapped[str | None] = mapped_column(comment="The run that did it (run.id), null outside of a run")


class BackfillUnit(Base):
    """A day of a site that `awards backfill` is done with."""

    __tablename__ = "backfill_unit"

    site: Mapped[str] = mapped_column(primary_key=True, comment="The site")
    day: Mapped[date] = mapped_column(primary_key=True, comment="Day of its lists, in Asia/Jakarta")
    done_at: Mapped[datetime] = mapped_column(comment="When it was done (UTC)")
    run_id: Mapped[str] = mapped_column(comment="The run that did it (run.id)")


class Canary(Base):
    """A known article that was fetched again and compared with what is known of it."""

    __tablename__ = "canary"
    __table_args__ = (CheckConstraint("verdict in ('green', 'red', 'gone', 'not fetched')", name="verdict"),)

    site: Mapped[str] = mapped_column(primary_key=True, comment="The site")
    checked_at: Mapped[datetime] = mapped_column(primary_key=True, comment="When the check of the site began (UTC)")
    url: Mapped[str] = mapped_column(primary_key=True, comment="Address of the known article")
    verdict: Mapped[str] = mapped_column(comment="green, red, gone or not fetched")
    differs: Mapped[list[str]] = mapped_column(JSON(), comment="Of a red one the fields that differ; else why")
    known: Mapped[str] = mapped_column(comment="Payload digest of the page that the next check compares with")


# ------------------------------------------------------------------------------------- how they are found (db/search.py)


class ConferralWords(Base):
    """What a conferral is found by: its facts and the people named; `awards find --text`."""

    __tablename__ = "conferral_words"

    key: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="Place in lists: newest first, then by id"
    )
    conferral_id: Mapped[str] = mapped_column(
        ForeignKey("conferral.id", ondelete="CASCADE"), index=True, unique=True, comment="conferral.id"
    )
    words: Mapped[Sequence[str]] = mapped_column(Searched(), comment="Stems, and words as printed (etl/stems.py)")


class VersionWords(Base):
    """What an article that claims something is found by: headline and text; `awards search`."""

    __tablename__ = "version_words"

    key: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="Place in lists: newest first, then by id"
    )
    version_id: Mapped[str] = mapped_column(
        ForeignKey("article_version.id", ondelete="CASCADE"), index=True, unique=True, comment="article_version.id"
    )
    words: Mapped[Sequence[str]] = mapped_column(Searched(), comment="Stems, and words as printed (etl/stems.py)")


class NameWord(Base):
    """Words in the names of recipients, givers and awards: what a word typed wrongly may have meant."""

    __tablename__ = "name_word"

    word: Mapped[str] = mapped_column(primary_key=True, comment="The word, folded (etl/stems.py)")


SEARCH: Final = tuple(table(model) for model in (ConferralWords, VersionWords, NameWord))
"""Tables that search is made of. They repeat derived tables and can be made again from them at any time."""

# ------------------------------------------------------------------------------------------------ kept: what is due when

STATES: Final = ("due", "running", "done", "failed", "skipped_overlap", "skipped_missed")
"""What becomes of a due time. The first two are open; a job that broke off with its scheduler is due again."""


class Job(Base):
    """A job as the schedulers declared it last, and how far its due times have rows."""

    __tablename__ = "job"
    __table_args__ = (CheckConstraint("catch_up in ('run_once', 'run_each', 'skip')", name="catch_up"),)

    name: Mapped[str] = mapped_column(primary_key=True, comment="Name, as in [jobs.NAME] of awards.toml")
    site: Mapped[str | None] = mapped_column(comment="The site it is for, null: for none alone")
    command: Mapped[str] = mapped_column(comment="What it calls: `awards` with these arguments")
    timetable: Mapped[str] = mapped_column(comment="Cron expression and IANA zone, or interval")
    catch_up: Mapped[str] = mapped_column(comment="What happens to missed due times: run_once, run_each or skip")
    enabled: Mapped[bool] = mapped_column(comment="Whether it comes due at all")
    planned_until: Mapped[datetime] = mapped_column(comment="Every due time up to this one has a row (UTC)")
    next_due: Mapped[datetime | None] = mapped_column(comment="The due time after that (UTC), null: never again")


class Occurrence(Base):
    """One due time of a job, and what became of it."""

    __tablename__ = "occurrence"
    __table_args__ = (
        CheckConstraint(f"state in ({', '.join(map(repr, STATES))})", name="state"),
        Index(None, "state", "start_at"),
        Index(None, "owner"),
    )

    job: Mapped[str] = mapped_column(primary_key=True, comment="The job (job.name)")
    due_at: Mapped[datetime] = mapped_column(primary_key=True, comment="When it was due (UTC)")
    start_at: Mapped[datetime] = mapped_column(comment="When it may start: its due time and the job's jitter (UTC)")
    priority: Mapped[int] = mapped_column(comment="The higher goes first where several wait")
    state: Mapped[str] = mapped_column(comment=", ".join(STATES))
    attempts: Mapped[int] = mapped_column(comment="How often it was begun")
    owner: Mapped[str | None] = mapped_column(comment="The scheduler that runs it or ran it last (scheduler.id)")
    started_at: Mapped[datetime | None] = mapped_column(comment="Start of the last attempt (UTC)")
    ended_at: Mapped[datetime | None] = mapped_column(comment="When it was done with (UTC), null while it is open")
    exit_code: Mapped[int | None] = mapped_column(comment="Of its process; 128 and more: ended by that signal")
    reason: Mapped[str | None] = mapped_column(comment="Why it failed, was skipped or is due again, in one line")
    log: Mapped[str | None] = mapped_column(comment="The end of what its process said, null when it said nothing")
    code_version: Mapped[str | None] = mapped_column(comment="Version of the code that ran")


class Scheduler(Base):
    """A process that runs jobs. It holds what it runs for as long as its heart beats."""

    __tablename__ = "scheduler"

    id: Mapped[str] = mapped_column(primary_key=True, comment="Key, new at each start and after each lost lease")
    host: Mapped[str] = mapped_column(comment="Machine it runs on")
    pid: Mapped[int] = mapped_column(comment="Its process there")
    machine: Mapped[str | None] = mapped_column(
        comment="Names the kernel and namespace in which that number is a process"
    )
    started_at: Mapped[datetime] = mapped_column(comment="Start (UTC)")
    beat: Mapped[int] = mapped_column(comment="Heartbeats so far; one that stands still for a lease is dead")
    beat_at: Mapped[datetime] = mapped_column(comment="The last of them (UTC)")
    lease: Mapped[float] = mapped_column(comment="Seconds without a heartbeat after which others take its work over")
    next_due: Mapped[datetime | None] = mapped_column(comment="When the next of its jobs is due (UTC)")
    trouble: Mapped[str | None] = mapped_column(comment="What kept it from working last, and for how long")
    ended_at: Mapped[datetime | None] = mapped_column(comment="End (UTC), null: it lives, or nobody has noticed")
    ending: Mapped[str | None] = mapped_column(comment="How it ended: stopped, or taken for dead by another")
    code_version: Mapped[str | None] = mapped_column(comment="Version of the code that ran")


# ----------------------------------------------------------------------------------------------- kept: what was decided


class Tombstone(Base):
    """What people decided to take down: an article of an outlet, or a person; it survives every rebuild."""

    __tablename__ = "tombstone"
    __table_args__ = (CheckConstraint("kind in ('article', 'person')", name="kind"),)

    id: Mapped[str] = mapped_column(primary_key=True, comment="'site:article_id', or 'person:' and a hash of the name")
    kind: Mapped[str] = mapped_column(comment="article or person")
    site: Mapped[str | None] = mapped_column(comment="The site of an article, null for a person")
    article_id: Mapped[str | None] = mapped_column(comment="The outlet's own id of an article, null for a person")
    reason: Mapped[str] = mapped_column(comment="Why, as the operator put it: a ticket's number rather than a name")
    alias_of: Mapped[str | None] = mapped_column(
        comment="The tombstone (tombstone.id) whose article is the same under another id, null: asked for itself"
    )
    decided_at: Mapped[datetime] = mapped_column(comment="When it was decided (UTC)")
    purged_at: Mapped[datetime | None] = mapped_column(
        comment="When archive and tables were last found to hold nothing of it (UTC), null: not yet"
    )
    captures: Mapped[int] = mapped_column(comment="Captures taken out of the archive so far")


class Alert(Base):
    """What is wrong, or was: one row a matter, from its first sight until it is well and said to be."""

    __tablename__ = "alert"
    __table_args__ = (CheckConstraint("severity in ('info', 'warning', 'critical')", name="severity"),)

    key: Mapped[str] = mapped_column(primary_key=True, comment="What it is about: 'stale detik', 'disk'")
    severity: Mapped[str] = mapped_column(comment="info, warning or critical")
    since: Mapped[datetime] = mapped_column(comment="When it was first seen (UTC)")
    last_sent: Mapped[datetime | None] = mapped_column(comment="When somebody was last told (UTC), null: not yet")
    resolved_at: Mapped[datetime | None] = mapped_column(
        comment="When it was seen to be well again (UTC), null: it is not"
    )
    text: Mapped[str] = mapped_column(comment="What is wrong and what to do, in one line")


DERIVED: Final = tuple(
    table(model)
    for model in (
        Article,
        ArticleVersion,
        ArticleEditor,
        ArticleTag,
        EditionReport,
        Edition,
        Page,
        Capture,
        Mention,
        MentionPartner,
        Evidence,
        Person,
        MentionPerson,
        OfficeTerm,
        Recipient,
        Venue,
        Conferral,
        ConferralMention,
        ConferralChoice,
        ConferralTally,
        MentionRuling,
        RegionYear,
    )
)
"""Tables that the archive alone decides, in an order in which they can be filled."""
