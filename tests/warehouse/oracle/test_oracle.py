"""Figures of the warehouse beside those of a second implementation, digit by digit."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
import psycopg
import pytest
from psycopg.rows import dict_row

from tests.warehouse.conftest import Warehouse
from tests.warehouse.oracle.definitions import METRICS
from tests.warehouse.oracle.figures import Expected, Figures, Key
from tests.warehouse.oracle.panel import is_told, read_panel

CLOSE = 1e-9  # what is left of a figure stored with ten digits


@pytest.fixture(scope="module")
def expected_of(built_pilot: Warehouse) -> Callable[[str], Figures]:
    """Return what computes the figures of a definition, once."""
    panel = read_panel(built_pilot.url)
    return cache(lambda name: METRICS[name][1](panel))


@pytest.fixture(scope="module")
def warehouse_figures(built_pilot: Warehouse) -> dict[str, dict[Key, dict[str, Any]]]:
    """Return the live figures of each metric by their key."""
    with psycopg.connect(built_pilot.url, row_factory=dict_row) as connection:
        rows = connection.execute(
            "select * from marts.fct_metric_values where release_code = 'live'"
        ).fetchall()
    found: dict[str, dict[Key, dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["metric_code"], {})[key_of(row)] = row
    return found


def key_of(row: dict[str, Any]) -> Key:
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


def differs(expected: float | None, stored: Any) -> bool:  # noqa: ANN401 - a Decimal or None
    if expected is None or stored is None:
        return (expected is None) is not (stored is None)
    return abs(expected - float(stored)) > CLOSE * max(1.0, abs(expected))


@pytest.mark.parametrize("name", METRICS)
def test_the_warehouse_has_what_the_definition_gives(
    name: str,
    expected_of: Callable[[str], Figures],
    warehouse_figures: dict[str, dict[Key, dict[str, Any]]],
) -> None:
    code, expected = METRICS[name][0], expected_of(name)
    stored = warehouse_figures[code]

    missing = [key for key in expected if key not in stored]
    wrong = [
        (key, figure, stored[key]["value"], stored[key]["family_count"])
        for key, figure in expected.items()
        if key in stored and not agrees(figure, stored[key])
    ]

    assert expected
    assert missing == []
    assert wrong == []


def agrees(expected: Expected, stored: dict[str, Any]) -> bool:
    if differs(expected.value, stored["value"]):
        return False
    if expected.error is not None and differs(expected.error, stored["standard_error"]):
        return False
    return bool(expected.families == stored["family_count"])


@pytest.mark.parametrize("name", METRICS)
def test_the_warehouse_has_no_figure_the_definition_does_not_give(
    name: str,
    expected_of: Callable[[str], Figures],
    warehouse_figures: dict[str, dict[Key, dict[str, Any]]],
) -> None:
    code, expected = METRICS[name][0], expected_of(name)
    # What the definition is about: its statistics, categories, panels and prices.
    told = {(key.statistic, *key[4:9]) for key in expected}
    months_are_told = {(key.statistic, key.start == key.end) for key in expected}

    more = [
        key
        for key in warehouse_figures[code]
        if (key.statistic, *key[4:9]) in told
        and (key.statistic, key.start == key.end) in months_are_told
        and (key.start < key.end or is_told(key.start))
        and key not in expected
    ]

    assert more == []
