"""What a card asks of Metabase, and one of Metabase's charts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboards.metabase.wanted.sql import Query, Shown, words_of
from dashboards.spec import QueryCard
from dashboards.words import say
from pages import Language

RELEASE = "release_code"


@dataclass(frozen=True, slots=True)
class Asked:
    """One card in one language.

    Attributes:
        card: Of the spec.
        query: Its SQL.
        language: Of the page.
        filters: Name of each filter that applies, and the SQL it compares with.
        events: SQL of a trend's events.
    """

    card: QueryCard
    query: Query
    language: Language
    filters: Mapping[str, str]
    events: Query | None = None

    def say(self, key: str) -> str:
        """Return words of the product in the page's language."""
        return say(key, self.language)

    def words(self, column: str) -> str:
        """Return the SQL of a text column in the page's language."""
        return words_of(self.query, column, self.language)

    def place(self, column: str) -> Shown:
        """Return the column that says what a row is of."""
        return Shown(column, self.words(column), self.say(PLACE_WORDS[column]))

    def release(self) -> Shown:
        """Return the column that says as of when the figures are known."""
        return Shown(RELEASE, f"card.{RELEASE}::text", self.say("release"))


@dataclass(frozen=True, slots=True)
class Chart:
    """One of Metabase's charts.

    Attributes:
        display: Its name there.
        sql: Of the card.
        settings: Of the chart.
        height: In rows of the grid.
        suffix: Of the key, where a card needs more than one chart.
        title: Behind the card's own title, likewise.
    """

    display: str
    sql: str
    settings: Mapping[str, Any]
    height: int = 8
    suffix: str = ""
    title: str = ""
    shown: tuple[str, ...] = field(default=())


class _PlaceWords(dict[str, str]):
    def __missing__(self, column: str) -> str:
        return "place"


PLACE_WORDS = _PlaceWords(
    country_code="country",
    site_code="site",
    site_name="site",
    cohort_code="cohort",
    variant_code="definition",
    category_code="category_code",
)
