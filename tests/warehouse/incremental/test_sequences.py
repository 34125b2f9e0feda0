"""A normal build gives what building from nothing gives, whatever happened."""

import pytest

from tests.warehouse.incremental.happenings import World
from tests.warehouse.incremental.panel import Panel, differing

MANY = pytest.mark.long


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=MANY) for seed in range(2, 22))]
)
def test_normal_builds_give_what_building_from_nothing_gives(
    seed: int, panel: Panel
) -> None:
    world = World(panel, seed)
    for count in (8, 7):
        world.happen(count)
        report = panel.build()
        assert report.full_refresh_reason is None
        assert panel.last_build()["touched_family_count"] > 0
        # Journals fall due before the next month has ended.
        panel.pass_days(16)
    built = panel.contents()

    panel.build(full_refresh=True)

    assert differing(built, panel.contents()) == [], world.told
