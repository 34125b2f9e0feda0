"""What was reviewed of each table: `quasi_identifiers.yml`."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from warehouse.errors import ExportError

PATH = Path(__file__).parent / "quasi_identifiers.yml"
MONTHS_OF_A_QUARTER = 3
Value = Any  # whatever a column holds


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One table.

    Attributes:
        schema: Where it is.
        name: Its name.
        quasi_identifiers: Columns by which a family could be recognised.
        left_out: Columns that are not exported.
    """

    schema: str
    name: str
    quasi_identifiers: tuple[str, ...]
    left_out: frozenset[str]

    @property
    def place(self) -> str:
        """Return its name for people."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class Review:
    """The file.

    Attributes:
        threshold: How many families must look alike at least.
        tables: By name.
        coarser: How a column is made coarser, by its name.
    """

    threshold: int
    tables: Mapping[str, Reviewed]
    coarser: Mapping[str, Mapping[str, Any]]

    def table(self, place: str) -> Reviewed:
        """Return a table.

        Raises:
            ExportError: Nobody has reviewed it.
        """
        found = self.tables.get(place)
        if found is None:
            raise ExportError(
                f"{place!r} is not among the tables that may be exported: take one of "
                f"{', '.join(self.tables)}, or have it reviewed in {PATH.name}."
            )
        return found

    def coarsened(self, column: str, value: Value) -> Value:
        """Return a column's value made coarser."""
        if value is None:
            return None
        how = self.coarser[column]
        if "bands" in how:
            return _band(how["bands"], value)
        return _first_day(value, how["date"])


def load_review(path: Path = PATH) -> Review:
    """Read the file."""
    stated = yaml.safe_load(path.read_text(encoding="utf-8"))
    tables = {}
    for place, columns in stated["tables"].items():
        schema, _, name = place.partition(".")
        tables[place] = Reviewed(
            schema,
            name,
            tuple(columns["quasi_identifiers"]),
            frozenset(columns["left_out"]),
        )
    return Review(stated["threshold"], tables, stated["coarser"])


def _band(starts: Sequence[int], value: Value) -> str:
    place = bisect_right(starts, value) - 1
    if place < 0:
        return f"below {starts[0]}"
    if place == len(starts) - 1:
        return f"{starts[place]} or more"
    return f"{starts[place]} to below {starts[place + 1]}"


def _first_day(value: date, period: str) -> date:
    if period == "year":
        return date(value.year, 1, 1)
    month = (value.month - 1) // MONTHS_OF_A_QUARTER * MONTHS_OF_A_QUARTER + 1
    return date(value.year, month, 1)
