"""A figure of the warehouse beside one of the second implementation."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from tests.warehouse.oracle.figures import Expected, Figures, Key
from tests.warehouse.oracle.panel import is_told

CLOSE = 1e-9  # what is left of a figure stored with ten digits


def key_of(row: dict[str, Any]) -> Key:
    """Return what tells a row of `fct_metric_values` from the others of its metric."""
    return Key(
        row["scope_type_code"],
        row["scope_code"],
        pd.Timestamp(row["start_month"]),
        pd.Timestamp(row["end_month"]),
        row["panel_code"],
        row["price_code"],
        row["outlier_code"],
        row["denominator_code"],
        row["category_code"],
        row["statistic_code"],
    )


def agrees(expected: Expected, stored: dict[str, Any]) -> bool:
    """Tell whether value, error and number of families are the same."""
    if _differs(expected.value, stored["value"]):
        return False
    if expected.error is not None and _differs(
        expected.error, stored["standard_error"]
    ):
        return False
    return bool(expected.families == stored["family_count"])


def undefined(expected: Figures, stored: Iterable[Key]) -> list[Key]:
    """Return the stored figures of what a definition is about that it does not give."""
    # What it is about: its statistics, categories, panels and prices.
    told = {(key.statistic, *key[4:9]) for key in expected}
    months_are_told = {(key.statistic, key.start == key.end) for key in expected}
    return [
        key
        for key in stored
        if (key.statistic, *key[4:9]) in told
        and (key.statistic, key.start == key.end) in months_are_told
        and (key.start < key.end or is_told(key.start))
        and key not in expected
    ]


def _differs(expected: float | None, stored: Any) -> bool:  # noqa: ANN401 - a Decimal or None
    if expected is None or stored is None:
        return (expected is None) is not (stored is None)
    return abs(expected - float(stored)) > CLOSE * max(1.0, abs(expected))
