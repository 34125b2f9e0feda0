"""An attack on all of `share` by linear algebra fails, unless the models are broken."""

import psycopg
import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.rebuild import Change
from tests.warehouse.small_cells import attack, miniature, pilot, shown
from tests.warehouse.small_cells.ledger import Equation

K = 10
NEW_YORK = miniature.Shape({"USA": [14]}, missing=0.15, late=0.05)
DOMINATED = miniature.Shape({"MEX": [30, 30]}, missing=0, big=frozenset({7}))
EVERYONE_REPORTS = miniature.Shape({"MEX": [30, 30, 5]}, missing=0, late=0, edited=0)
LATE = miniature.Shape({"MEX": [30, 30]}, missing=0.05, late=0.04, edited=0)


def shown_of(
    warehouse: Warehouse, shape: miniature.Shape, seed: int, *changes: Change
) -> list[Equation]:
    ledger = miniature.drawn(shape, seed)
    with psycopg.connect(warehouse.url) as connection:
        miniature.run_models(connection, warehouse, ledger, changes)
        found = shown.equations(
            connection, ledger, miniature.windows_of(ledger), "pg_temp."
        )
        connection.rollback()
    return found


def test_no_cell_of_the_pilot_can_be_worked_out(built_pilot: Warehouse) -> None:
    ledger, windows = pilot.read_ledger(built_pilot), pilot.read_windows(built_pilot)
    with psycopg.connect(built_pilot.url) as connection:
        equations = shown.equations(connection, ledger, windows)

    assert len(equations) > 1000
    assert attack.leaks(equations, K, tries=1) == set()
    assert attack.dominated(equations) == []


@pytest.mark.parametrize("seed", range(1, 9))
def test_no_cell_of_a_random_panel_can_be_worked_out(
    seed: int, built_pilot: Warehouse
) -> None:
    equations = shown_of(built_pilot, miniature.drawn_shape(seed), seed)

    assert attack.leaks(equations, K) == set()
    assert attack.dominated(equations) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(9, 121))
def test_no_cell_of_many_random_panels_can_be_worked_out(
    seed: int, built_pilot: Warehouse
) -> None:
    equations = shown_of(built_pilot, miniature.drawn_shape(seed), seed)

    assert attack.leaks(equations, K) == set()
    assert attack.dominated(equations) == []


def test_no_cell_of_fourteen_families_can_be_worked_out(
    built_pilot: Warehouse,
) -> None:
    for seed in range(3):
        equations = shown_of(built_pilot, NEW_YORK, seed)
        assert attack.leaks(equations, K) == set()


FEW = Change("metric_values", "when named.family_count >= 1 and", "when false and")
NEAR = (
    Change("metric_values", "when is_near_twin then", "when false then"),
    Change(
        "metric_values",
        "is_other_than_twin\n                and bool_or",
        "false\n                and bool_or",
    ),
)


@pytest.mark.parametrize(
    ("shape", "changes"),
    [(EVERYONE_REPORTS, (FEW,)), (LATE, NEAR)],
    ids=["few families are not hidden", "nearly the same families are not hidden"],
)
def test_the_attack_succeeds_where_the_protection_is_broken(
    shape: miniature.Shape, changes: tuple[Change, ...], built_pilot: Warehouse
) -> None:
    assert attack.leaks(shown_of(built_pilot, shape, 1), K) == set()
    assert attack.leaks(shown_of(built_pilot, shape, 1, *changes), K)


def test_money_of_one_family_is_found_where_nothing_hides_it(
    built_pilot: Warehouse,
) -> None:
    relation = '"intermediate"."int_dominated_figures"'
    nothing = Change("metric_values", relation, f"{relation} where false")

    assert attack.dominated(shown_of(built_pilot, DOMINATED, 1)) == []
    assert attack.dominated(shown_of(built_pilot, DOMINATED, 1, nothing))
