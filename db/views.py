"""The views for people who ask with SQL: the same names and columns on SQLite and PostgreSQL, whatever becomes of tables.

They hold facts, links and short quotes, and no article's text: that belongs to its outlet. Every upgrade makes them again
(db/migrations/env.py), so a view is changed here and nowhere else: add columns at will, and take none away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

_MONTH: Final = {"sqlite": "substr({}, 1, 7)", "postgresql": "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM')"}
"""The month of a time in UTC, 2021-03: what the two databases have no common words for."""


@dataclass(frozen=True, slots=True)
class View:
    """`columns` gives each column's expression and meaning; `source` the rest of the SELECT, from FROM on."""

    name: str
    meaning: str
    columns: Mapping[str, tuple[str, str]]
    source: str

    def sql(self, dialect: str) -> str:
        """The statement that makes it."""
        shown = ",\n  ".join(f"{_in(dialect, expression)} AS {name}" for name, (expression, _) in self.columns.items())
        return f"CREATE VIEW {self.name} AS\nSELECT\n  {shown}\n{_in(dialect, self.source)}"


def _in(dialect: str, sql: str) -> str:
    return re.sub(r"\bmonth\(([^()]*)\)", lambda call: _MONTH[dialect].format(call[1]), sql)


def _same(alias: str, **meanings: str) -> dict[str, tuple[str, str]]:
    return {name: (f"{alias}.{name}", meaning) for name, meaning in meanings.items()}


_CONFERRAL: Final = View(
    "v_conferral",
    "One row an award won, with the names that its codes stand for",
    _same(
        "c",
        id="Key, as in `awards why ID`",
        year="Edition, else ceremony, else publication; null when nothing tells",
        edition_year="Year in the award's name, where an article gives it",
        assessment_year="Year that was judged, of opinions and grades the fiscal year, where an article tells it",
        announced_on="Day the winners were announced, where an article tells it",
        awarded_on="Day of hand-over as text, as precise as known: 2021, 2021-03 or 2021-03-31",
        first_published_on="Day of the first report, in its outlet's zone",
        days_to_print="Days from hand-over to the first report, where the day is known",
        days_to_hand_over="Days from announcement to hand-over, where both days are known",
    )
    | _same(
        "c",
        recipient="Who received it; regions by their full name",
        recipient_type="region, official, agency, village, school, police, company, community or person",
        region_code="Kemendagri code of the recipient's region",
        region="That region by name",
    )
    | {
        "province_code": ("g.province_code", "Code of the province it lies in, or is"),
        "province": ("p.name", "That province by name"),
        "owner_region_code": (
            "r.owner_region_code",
            "Region whose government it is or belongs to; null of police, private companies and citizens",
        ),
        "series": ("c.series", "Id of the series, null outside the catalogue"),
        "series_name": ("s.name", "Name of the series"),
    }
    | _same(
        "c",
        award="Name of the award, without year",
        kind="award, predicate, grade, opinion, decoration, record, ranking or certificate",
        theme="What it is about: health, finance, environment ...",
        category="Field, class or group within the award",
        rank="Place or level: Juara 1, Nindya",
        level="The level of the series that rank or category names, as catalogued",
        level_position="Its step, 1 the lowest where the series orders its levels",
        giver="Organization that gave it, as the articles name it",
        giver_id="That organization (organization.id), null outside the tables",
        giver_kind="Class of the giver: ministry, media, region_government ...",
    )
    | {"giver_is_publisher": ("CASE WHEN o.publishes IS NULL THEN 0 ELSE 1 END", "1 where it is a news outlet itself")}
    | _same(
        "c",
        giver_region_code="Kemendagri code of the region whose government gave it",
        scope="international, national, regional, province or regency",
        place="Venue and town of the ceremony, as the articles name them",
    )
    | {
        "city_code": ("v.city_code", "Kemendagri code of the venue's town, or of its province"),
        "online": ("CASE WHEN v.online THEN 1 WHEN v.id IS NOT NULL THEN 0 END", "1 where it was held by video"),
    }
    | _same(
        "c",
        status="won, or record",
        mention_count="Articles that say so",
        outlet_count="Outlets among them",
        independent_count="Outlets among them with words of their own: copies of one text count once",
        confidence="Confidence of the surest mention, 0..1",
    ),
    """FROM conferral c
LEFT JOIN recipient r ON r.id = c.recipient_id
LEFT JOIN region g ON g.code = c.region_code
LEFT JOIN region p ON p.code = g.province_code
LEFT JOIN award_series s ON s.id = c.series
LEFT JOIN organization o ON o.id = c.giver_id
LEFT JOIN venue v ON v.id = c.venue_id""",
)

_QUOTE: Final = (
    "(SELECT e.quote FROM evidence e WHERE e.mention_id = m.id AND e.field = '{}' ORDER BY e.position LIMIT 1)"
)

_MENTION: Final = View(
    "v_mention",
    "One row a claim of a version of an article, with its article, its conferral and the words that say so",
    {
        "id": ("m.id", "Key, as in `awards why ID`"),
        "conferral_id": ("cm.conferral_id", "The conferral it is part of; null of nominations and of earlier versions"),
        "site": ("a.site", "Site of the article"),
        "outlet": ("n.outlet", "Outlet that published it"),
        "url": ("a.url", "Address of the article"),
        "title": ("n.title", "Headline of this version"),
        "published_at": ("n.published_at", "Publication (UTC)"),
        "current": ("CASE WHEN a.current_version_id = m.version_id THEN 1 ELSE 0 END", "1 of the version seen last"),
        "gone_at": ("a.gone_at", "Since when its address answers 404 or 410 (UTC), null: it is there"),
        "version_id": ("m.version_id", "The version that says so"),
        "position": ("m.position", "Order in the article, from 0"),
    }
    | _same(
        "m",
        recipient="Who received it; regions by their full name",
        recipient_type="region, official, agency, village, school, police, company, community or person",
        region_code="Kemendagri code of its region",
        region="That region by name",
        series="Id of the series, null outside the catalogue",
        award="Name of the award, without year",
        kind="award, predicate, grade, opinion, decoration, record, ranking or certificate",
        category="Field, class or group within the award",
        rank="Place or level, as read",
        level="The level of the series that rank or category names, as catalogued",
        giver="Organization that gives it",
        presented_by="Person who handed it over",
        received_by="Person who took it, if not the recipient",
        awarded_on="Day of hand-over as text, as precise as known",
        edition_year="Year in the award's name",
        assessment_year="Year that was judged, where the article tells it",
        announced_on="Day the winners were announced, where the article tells it",
        place="Venue and town of the ceremony",
        status="won, nominated or record",
    )
    | {
        "in_focus": ("CASE WHEN m.in_focus THEN 1 ELSE 0 END", "1 where the article reports it, 0 where it recalls it"),
        "confidence": ("m.confidence", "Expected share of such mentions that are right, 0..1"),
        "recipient_quote": (_QUOTE.format("recipient"), "The words that name the recipient"),
        "award_quote": (_QUOTE.format("award"), "The words that name the award"),
    },
    """FROM mention m
JOIN article_version n ON n.id = m.version_id
JOIN article a ON a.id = n.article_id
LEFT JOIN conferral_mention cm ON cm.mention_id = m.id""",
)


_REGION_YEAR: Final = View(
    "v_region_year",
    "One row a region and year: how many conferrals its government, and who belongs to the region, received",
    {
        "region_code": ("t.region_code", "Kemendagri code"),
        "region": ("g.name", "Full name"),
        "region_kind": ("g.kind", "provinsi, kabupaten or kota"),
        "province_code": ("g.province_code", "Code of the province it lies in, or is"),
        "population_2025": ("g.population_2025", "Inhabitants in 2025"),
        "year": ("t.year", "Edition, else ceremony, else publication"),
    }
    | _same(
        "t",
        conferrals="All that is stored of it: awards, opinions, grades, rankings",
        awards="Without opinions, grades and rankings",
        own_awards="Of those, the ones of the government itself",
        national_awards="Of the awards, the national and international ones",
        ministry_awards="Of the awards, those of ministries",
        media_awards="Of the awards, those of news outlets",
        witnessed_awards="Of the awards, those that several outlets report in words of their own",
    ),
    "FROM region_year t JOIN region g ON g.code = t.region_code",
)

_SERIES_EDITION: Final = View(
    "v_series_edition",
    "One row an edition of a series: what was found of it, and what its articles state",
    {
        "series": ("t.series", "Id of the series"),
        "series_name": ("s.name", "Its name"),
        "kind": ("s.kind", "award, predicate, grade, opinion, decoration, record, ranking or certificate"),
        "scope": ("s.scope", "international, national, regional, province or regency"),
        "giver": ("s.giver", "Who gives it today"),
        "year": ("t.year", "The edition"),
        "found": ("t.found", "Conferrals found"),
        "regions": ("t.regions", "Regions among their recipients"),
        "stated": ("d.stated_count", "Winners that an article states, null: none does"),
        "listed": ("d.listed_count", "Winners named in the article that names most"),
        "first_awarded_on": ("t.first_awarded_on", "The first hand-over, as precise as known"),
        "confidence": ("t.confidence", "Mean confidence of its conferrals, 0..1"),
    },
    """FROM (
  SELECT c.series, c.year, count(*) AS found, count(DISTINCT c.region_code) AS regions,
    min(c.awarded_on) AS first_awarded_on, avg(c.confidence) AS confidence
  FROM conferral c
  WHERE c.year IS NOT NULL AND c.series IS NOT NULL
  GROUP BY c.series, c.year
) t
JOIN award_series s ON s.id = t.series
LEFT JOIN edition d ON d.series = t.series AND d.year = t.year""",
)

_OUTLET_COVERAGE: Final = View(
    "v_outlet_coverage",
    "One row an outlet and month of publication (UTC): what it reports, and since when",
    {
        "outlet": ("m.outlet", "Outlet"),
        "month": ("month(a.published_at)", "Month of publication: 2021-03"),
        "articles": ("count(DISTINCT m.article_id)", "Articles that report an award, as they stand now"),
        "mentions": ("count(*)", "Claims in them"),
        "conferrals": ("count(DISTINCT cm.conferral_id)", "Conferrals that they are part of"),
        "confidence": ("avg(m.confidence)", "Mean confidence of the claims, 0..1"),
        "first_published_at": ("min(a.published_at)", "The first of them (UTC)"),
        "last_published_at": ("max(a.published_at)", "The last of them (UTC)"),
    },
    """FROM mention m
JOIN article a ON a.id = m.article_id
LEFT JOIN conferral_mention cm ON cm.mention_id = m.id
WHERE m.is_current
GROUP BY m.outlet, month(a.published_at)""",
)

VIEWS: Final = (_CONFERRAL, _MENTION, _REGION_YEAR, _SERIES_EDITION, _OUTLET_COVERAGE)


def make(connection: Connection) -> None:
    """Makes the views; to be called when the tables are up to date."""
    dialect = connection.dialect.name
    for view in VIEWS:
        connection.exec_driver_sql(view.sql(dialect))
        if dialect == "postgresql":
            for what, meaning in (
                (f"VIEW {view.name}", view.meaning),
                *((f"COLUMN {view.name}.{name}", meaning) for name, (_, meaning) in view.columns.items()),
            ):
                connection.exec_driver_sql(f"COMMENT ON {what} IS '{meaning.replace(chr(39), chr(39) * 2)}'")


def drop(connection: Connection) -> None:
    """Takes the views away, so that the tables below them can change. Those that people made stay."""
    for view in reversed(VIEWS):
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {view.name}")
