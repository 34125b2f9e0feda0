"""Figures of the warehouse beside those of a second implementation, digit by digit."""

from collections.abc import Callable
from functools import cache
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.warehouse.conftest import Warehouse
from tests.warehouse.oracle.compared import agrees, key_of, undefined
from tests.warehouse.oracle.definitions import METRICS
from tests.warehouse.oracle.figures import Figures, Key
from tests.warehouse.oracle.panel import read_panel


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


@pytest.mark.parametrize("name", METRICS)
def test_the_warehouse_has_no_figure_the_definition_does_not_give(
    name: str,
    expected_of: Callable[[str], Figures],
    warehouse_figures: dict[str, dict[Key, dict[str, Any]]],
) -> None:
    code, expected = METRICS[name][0], expected_of(name)
    assert undefined(expected, warehouse_figures[code]) == []
