"""An attack on all of `share` by linear algebra fails, unless the models are broken."""

from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.rebuild import Change
from tests.warehouse.small_cells import attack, miniature, panels, pilot, shown
from tests.warehouse.small_cells.ledger import Equation, Ledger
from tests.warehouse.small_cells.rules import RULES

K = 10
NEW_YORK = panels.Shape({"USA": [14]}, missing=0.15, late=0.05)


@dataclass(frozen=True, slots=True)
class Seen:
    """What `share` shows, and what it hides near none or all."""

    shown: list[Equation]
    hidden: list[Equation]

    @property
    def gives_away(self) -> list[object]:
        return [
            *attack.leaks(self.shown, K),
            *attack.dominated(self.shown),
            *attack.telling(self.shown, K),
            *attack.recovered(self.shown, self.hidden),
        ]


def seen(
    connection: psycopg.Connection[Any],
    ledger: Ledger,
    windows: shown.Windows,
    share: str = "share.",
) -> Seen:
    source = (connection, ledger, windows, share)
    return Seen(shown.equations(*source), shown.near_limit_equations(*source))


def share_of(
    warehouse: Warehouse, shape: panels.Shape, seed: int, *changes: Change
) -> Seen:
    ledger = panels.drawn(shape, seed)
    with psycopg.connect(warehouse.url) as connection:
        miniature.run_models(connection, warehouse, ledger, changes)
        found = seen(connection, ledger, miniature.windows_of(ledger), "pg_temp.")
        connection.rollback()
    return found


def test_no_cell_of_the_pilot_can_be_worked_out(built_pilot: Warehouse) -> None:
    ledger, windows = pilot.read_ledger(built_pilot), pilot.read_windows(built_pilot)
    with psycopg.connect(built_pilot.url) as connection:
        found = seen(connection, ledger, windows)

    assert len(found.shown) > 1000
    assert attack.leaks(found.shown, K, tries=1) == set()
    assert attack.dominated(found.shown) == []
    assert attack.telling(found.shown, K) == []
    assert attack.recovered(found.shown, found.hidden) == []


def test_a_whole_is_shown_with_all_its_parts_or_with_none(
    built_pilot: Warehouse,
) -> None:
    in_part = built_pilot.rows(
        """
        select metric_code, start_month, end_month, count(value), count(*)
        from share.metric_values
        where
            metric_code in ('M05', 'M33', 'M41', 'M59')
            and statistic_code like 'share%'
        group by
            metric_code, statistic_code, scope_type_code, scope_code, start_month,
            end_month, panel_code, price_code, outlier_code, denominator_code,
            release_code
        having count(value) not in (0, count(*))
        """
    )

    assert in_part == []


@pytest.mark.parametrize("seed", range(1, 5))
def test_no_cell_of_a_random_panel_can_be_worked_out(
    seed: int, built_pilot: Warehouse
) -> None:
    assert share_of(built_pilot, panels.drawn_shape(seed), seed).gives_away == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5, 121))
def test_no_cell_of_many_random_panels_can_be_worked_out(
    seed: int, built_pilot: Warehouse
) -> None:
    assert share_of(built_pilot, panels.drawn_shape(seed), seed).gives_away == []


def test_no_cell_of_fourteen_families_can_be_worked_out(
    built_pilot: Warehouse,
) -> None:
    for seed in range(3):
        assert share_of(built_pilot, NEW_YORK, seed).gives_away == []


@pytest.mark.parametrize(
    "rule", ["few families are hidden", "nearly the same families are told once"]
)
def test_the_attack_succeeds_where_the_protection_is_broken(
    rule: str, built_pilot: Warehouse
) -> None:
    shape, seed, changes = RULES[rule]

    assert share_of(built_pilot, shape, seed).gives_away == []
    assert share_of(built_pilot, shape, seed, *changes).gives_away


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES)
def test_no_rule_can_be_left_out(rule: str, built_pilot: Warehouse) -> None:
    shape, seed, changes = RULES[rule]

    assert share_of(built_pilot, shape, seed).gives_away == []
    assert share_of(built_pilot, shape, seed, *changes).gives_away
