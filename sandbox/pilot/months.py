"""Months written `2020-07`, which sort as text, and the calendar of a pilot."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

DECEMBER = 12


@cache
def months_between(first: str, last: str) -> tuple[str, ...]:
    """Return every month from `first` to `last`, both included."""
    months = [first]
    while months[-1] < last:
        months.append(shifted(months[-1], 1))
    return tuple(months)


@cache
def shifted(month: str, count: int) -> str:
    """Return the month `count` months after `month`."""
    year, number = map(int, month.split("-"))
    index = year * DECEMBER + number - 1 + count
    return f"{index // DECEMBER}-{index % DECEMBER + 1:02d}"


def first_day(month: str) -> date:
    """Return the month's first day."""
    return date.fromisoformat(f"{month}-01")


@cache
def last_day(month: str) -> date:
    """Return the month's last day."""
    return first_day(shifted(month, 1)) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a country's pilot recruited, launched and ended.

    Attributes:
        baseline_months: The months that baselines are about.
        launch_month: The first month that journals are about.
        end_month: The last month of the analysis.
        last_month: The last month that journals are about.
    """

    baseline_months: tuple[str, ...]
    launch_month: str
    end_month: str
    last_month: str

    @property
    def analysis_months(self) -> tuple[str, ...]:
        """The window of the analysis, both ends included: 13 months for a year."""
        return months_between(self.launch_month, self.end_month)

    @property
    def extension_months(self) -> tuple[str, ...]:
        """The months after the analysis in which journals went on."""
        return self.all_months[len(self.analysis_months) :]

    @property
    def all_months(self) -> tuple[str, ...]:
        """Every month that journals are about."""
        return months_between(self.launch_month, self.last_month)
