"""The warehouse gives every figure the pilot was built for, to the printed digit."""

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.warehouse.conftest import Warehouse
from tests.warehouse.published_figures import PUBLISHED_FIGURES, PublishedFigure

if TYPE_CHECKING:
    from decimal import Decimal


@pytest.fixture(scope="module")
def metric_values(built_pilot: Warehouse) -> list[dict[str, Any]]:
    with psycopg.connect(built_pilot.url, row_factory=dict_row) as connection:
        return connection.execute("select * from marts.fct_metric_values").fetchall()


def name_of(figure: PublishedFigure) -> str:
    """Name a test after what tells its figure from the headline."""
    told = (
        figure.metric_code,
        figure.scope_code,
        figure.column,
        figure.panel_code,
        figure.statistic_code,
        figure.price_code,
        figure.outlier_code,
        figure.denominator_code,
        figure.release_code,
    )
    usual = {"value", "balanced", "growth_of_means", "nominal", "kept", "household"}
    return "-".join(part for part in told if part not in usual)


@pytest.mark.parametrize("figure", PUBLISHED_FIGURES, ids=name_of)
def test_figure(figure: PublishedFigure, metric_values: list[dict[str, Any]]) -> None:
    found = [
        row
        for row in metric_values
        if all(str(row[name]) == value for name, value in figure.key.items())
    ]

    assert len(found) == 1, f"{len(found)} rows have the key {figure.key}"
    value: Decimal = found[0][figure.column]
    assert figure.as_printed(value) == figure.printed
