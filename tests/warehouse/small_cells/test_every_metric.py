"""The attack on the figures of each metric, by the rows its own model starts from."""

import psycopg
import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.small_cells import attack, every_metric
from tests.warehouse.small_cells.every_metric import SOURCES, Source
from tests.warehouse.small_cells.ledger import Equation

K = 10
ENOUGH = 20
# Windows of a release and months as they are known now once told their late journals.
QUICK = {"working_adults", "goal_achievement"}
# How records, meetings and payments are is no answer of a family.
PROGRAMME = {"M44", "M47", "M48", "M51", "M56", "M64"}


def nobody_has_any(equation: Equation) -> bool:
    """Return whether a sum says of fewer than twenty families that each has nothing."""
    return len({each.family for each in equation}) < ENOUGH and not any(
        each.value for each in equation if not each.measure.endswith("whole")
    )


def attacked(warehouse: Warehouse, source: Source) -> list[object]:
    with psycopg.connect(warehouse.url) as connection:
        found = every_metric.equations(connection, warehouse, source)
    assert found
    assert all(found), "some figures have no rows behind them"
    told = [] if source.kinds.metrics in PROGRAMME else found
    return [
        *attack.leaks(found, K, tries=1),
        *(each for each in told if nobody_has_any(each)),
    ]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            source,
            id=f"{source.model} {source.cte}",
            marks=[] if source.model in QUICK else pytest.mark.long,
        )
        for source in SOURCES
    ],
)
def test_no_cell_of_a_metric_can_be_worked_out(
    source: Source, built_pilot: Warehouse
) -> None:
    assert attacked(built_pilot, source) == []
