"""Indexes that make answers quick, in the words of each database. Like the views they go before migrations and are made after.

They stand here and not in db/models.py because the two databases say them differently, and because SQLite's copies of
tables, which migrations make, forget in which direction an index runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class FastIndex:
    """`columns` as in CREATE INDEX; 'DESC' is taken to mean that rows without a value come last. `why`: what it is for."""

    name: str
    table: str
    columns: str
    why: str
    where: str | None = None

    def sql(self, dialect: str) -> str:
        """The statement that makes it."""
        columns = self.columns if dialect == "sqlite" else self.columns.replace(" DESC", " DESC NULLS LAST")
        return f"CREATE INDEX {self.name} ON {self.table} ({columns})" + (f" WHERE {self.where}" if self.where else "")


FAST: Final = (
    FastIndex(
        "fast_conferral_newest",
        "conferral",
        "year DESC, awarded_on DESC, id, region_code, recipient_type, kind, status, confidence, outlet_count, recipient",
        "lists, newest first; what rare values of the columns behind need, or sorts, is read from the index alone",
    ),
    FastIndex(
        "fast_conferral_rank", "conferral", "lower(rank), year DESC, awarded_on DESC, id, region_code", "find --level"
    ),
    FastIndex(
        "fast_conferral_category",
        "conferral",
        "lower(category), year DESC, awarded_on DESC, id, region_code",
        "find --category, and --level, which may stand there",
    ),
    FastIndex(
        "fast_conferral_counted",
        "conferral",
        "region_code, year, scope, kind, recipient_type, giver_kind",
        "find --region, and what is counted by region and year: Q05, Q18",
    ),
    FastIndex(
        "fast_conferral_lag",
        "conferral",
        "giver_kind, days_to_print, days_to_hand_over, year",
        "days from hand-over to print: Q12",
    ),
    FastIndex("fast_conferral_theme", "conferral", "giver, theme, year", "what givers care for: Q13"),
    FastIndex("fast_conferral_ceremony", "conferral", "venue_id, awarded_on, award, year", "ceremonies by town: Q16"),
    FastIndex(
        "fast_conferral_given",
        "conferral",
        "giver_region_code, recipient_type, year",
        "what regions give: Q17",
        "giver_region_code IS NOT NULL",
    ),
    FastIndex("fast_conferral_unsure", "conferral", "series, confidence", "what waits: Q20", "confidence < 0.6"),
    FastIndex(
        "fast_mention_nominated",
        "mention",
        "year, series, group_key",
        "nominees: Q14",
        "status = 'nominated' AND is_current",
    ),
    FastIndex(
        "fast_page_without_award",
        "page",
        "site, version_id",
        "articles that gave nothing: Q20",
        "outcome = 'article' AND NOT is_award_article",
    ),
    FastIndex(
        "fast_version_likely",
        "article_version",
        "id, award_likeness",
        "whether they look like awards, without their texts: Q20",
        "award_likeness >= 0.5",
    ),
)


def make(connection: Connection) -> None:
    """Makes the indexes; to be called when the tables are up to date."""
    if connection.dialect.name == "postgresql":  # which makes none on a table whose rows it has yet to check
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for index in FAST:
        connection.exec_driver_sql(index.sql(connection.dialect.name))


def drop(connection: Connection) -> None:
    """Takes the indexes away."""
    for index in reversed(FAST):
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {index.name}")
