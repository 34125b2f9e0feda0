"""Every family month of the warehouse is the one the pilot was drawn with."""

import pytest

from sandbox.pilot.model import Pilot
from tests.warehouse.conftest import Warehouse
from tests.warehouse.true_months import known_months, months_query, true_months


@pytest.mark.parametrize("release", ["2021-07", "live"])
def test_every_family_month_is_the_true_one(
    built_pilot: Warehouse, pilot: Pilot, release: str
) -> None:
    """Repeats in any order or empty, odd clocks, long texts: nothing may move it."""
    true = true_months(pilot, release)
    rows = built_pilot.rows(months_query(release))
    found = known_months(rows)

    assert len(rows) == len(found)
    assert len(true) > 3000
    assert set(found) == set(true)
    wrong = {key: found[key] for key in found if found[key] != true[key]}
    assert wrong == {}
