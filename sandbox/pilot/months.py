"""The pilot's months, written `2020-07`, which sort as text."""

from datetime import date, timedelta
from functools import cache

LAUNCH_MONTH = "2020-07"
ANALYSIS_END_MONTH = "2021-07"
EXTENSION_END_MONTH = "2022-03"
DECEMBER = 12


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


# 13 reference months, 12 intervals: the window of the published figures.
ANALYSIS_MONTHS = months_between(LAUNCH_MONTH, ANALYSIS_END_MONTH)
EXTENSION_MONTHS = months_between(shifted(ANALYSIS_END_MONTH, 1), EXTENSION_END_MONTH)
ALL_MONTHS = ANALYSIS_MONTHS + EXTENSION_MONTHS
