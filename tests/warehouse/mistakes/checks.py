"""What finds a mistake: checks that normal tests make, here of changed models.

A check of figures reads them from the model that computes them and not from the mart,
which would mean to build all other metrics too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.pilot.model import Pilot
from tests.warehouse.oracle.compared import agrees, key_of, undefined
from tests.warehouse.oracle.definitions import METRICS
from tests.warehouse.oracle.figures import Figures
from tests.warehouse.published_figures import PUBLISHED_FIGURES
from tests.warehouse.rebuild import Change, Rebuilder
from tests.warehouse.true_months import known_months, months_query, true_months

COLUMNS = (
    "scope_type_code",
    "scope_code",
    "start_month",
    "end_month",
    "panel_code",
    "price_code",
    "outlier_code",
    "denominator_code",
    "category_code",
    "statistic_code",
    "metric_code",
    "release_code",
    "value",
    "numerator",
    "denominator",
    "family_count",
    "standard_error",
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What checks compare with.

    Attributes:
        rebuilder: Of the built pilot.
        pilot: As it was drawn.
        oracle: Gives the figures of a definition, by its name.
    """

    rebuilder: Rebuilder
    pilot: Pilot
    oracle: Callable[[str], Figures]


class Check(Protocol):
    """One test's check, of a warehouse in which models were changed."""

    @property
    def words(self) -> str:
        """Which test it is, in words for the page."""
        ...

    def failures(self, sources: Sources, changes: list[Change]) -> int:
        """Return how much is wrong after `changes`."""
        ...


@dataclass(frozen=True, slots=True)
class TrueMonths:
    """The months of families that are known live, beside the pilot as it was drawn."""

    @property
    def words(self) -> str:
        return "`test_truth.py`: every family month is the true one"

    def failures(self, sources: Sources, changes: list[Change]) -> int:
        rows = sources.rebuilder.query_after(
            changes, "int_family_months", months_query("live")
        )
        found, true = known_months(rows), true_months(sources.pilot, "live")
        wrong = sum(found.get(key) != true.get(key) for key in {*found, *true})
        return wrong + len(rows) - len(found)


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """The published figures of a metric that one model computes."""

    metric_code: str
    model: str

    @property
    def words(self) -> str:
        return f"`test_published_figures.py`: the figures of {self.metric_code}"

    def failures(self, sources: Sources, changes: list[Change]) -> int:
        figures = {
            tuple(str(row[name]) for name in PUBLISHED_FIGURES[0].key): row
            for row in _figures(sources.rebuilder, changes, self.model)
        }
        published = [
            (figure, figures.get(tuple(figure.key.values())))
            for figure in PUBLISHED_FIGURES
            if figure.metric_code == self.metric_code
        ]
        return sum(
            row is None
            or row[figure.column] is None
            or figure.as_printed(row[figure.column]) != figure.printed
            for figure, row in published
        )


@dataclass(frozen=True, slots=True)
class OracleFigures:
    """The live figures of a definition that one model computes, digit by digit."""

    definition: str
    model: str

    @property
    def words(self) -> str:
        return f"`oracle/test_oracle.py`: {self.definition} ({self._code})"

    @property
    def _code(self) -> str:
        return METRICS[self.definition][0]

    def failures(self, sources: Sources, changes: list[Change]) -> int:
        stored = {
            key_of(row): row
            for row in _figures(sources.rebuilder, changes, self.model)
            if row["release_code"] == "live"
        }
        expected = sources.oracle(self.definition)
        wrong = [
            key
            for key, figure in expected.items()
            if key not in stored or not agrees(figure, stored[key])
        ]
        return len(wrong) + len(undefined(expected, stored))


@dataclass(frozen=True, slots=True)
class DataTest:
    """One of dbt's own tests of the data, which every build runs."""

    name: str

    @property
    def words(self) -> str:
        return f"dbt: `{self.name}`"

    def failures(self, sources: Sources, changes: list[Change]) -> int:
        return sources.rebuilder.failures_after(changes, self.name)


def _figures(
    rebuilder: Rebuilder, changes: list[Change], model: str
) -> list[dict[str, Any]]:
    query = f"select {', '.join(COLUMNS)} from intermediate.{model}"  # noqa: S608 - our own names
    rows = rebuilder.query_after(changes, model, query)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]
