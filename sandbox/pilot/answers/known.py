"""The pilot's true answers, and the wrong ones that each skipped repair would give."""

from collections.abc import Sequence
from typing import Any

from sandbox.pilot.answers.figures import (
    Panels,
    all_figures,
    country_panels,
    pooled_figures,
    short_figures,
)
from sandbox.pilot.answers.reference import Repairs, clean_journals
from sandbox.pilot.model import Event, Row
from sandbox.pilot.truth.measures import FamilyMonth
from sandbox.pilot.truth.world import World

Months = dict[tuple[str, str], FamilyMonth]

TRAPS = {
    "none skipped": Repairs(),
    "no de-duplication (sum)": Repairs(removes_duplicates=False),
    "edits missed (first version kept)": Repairs(sees_edits=False),
    "deletions missed": Repairs(sees_deletions=False),
    "typos not normalised": Repairs(repairs_codes=False),
    "unit/currency/month corrections not applied": Repairs(applies_corrections=False),
    "rejected kept": Repairs(leaves_out_rejected=False),
    "live instead of release cut-off": Repairs(respects_cutoff=False),
}
OLD_VERSIONS_TRAP = "old form versions not mapped"


def expected_answers(
    worlds: Sequence[World], events: Sequence[Event], corrections: Sequence[Row]
) -> dict[str, Any]:
    """Return the published figures, computed from the truth, and the traps."""
    true_months: Months = {}
    for world in worlds:
        true_months |= world.truth.months
    panels = _panels(worlds, true_months)
    truth = {panel.country.code: all_figures(panel) for panel in panels}
    for world in worlds:
        truth[world.country.code]["child_inv"] = _child_investments(world)
    return {
        "truth": truth,
        "pooled": pooled_figures(panels),
        "traps": {
            name: {
                panel.country.code: short_figures(panel)
                for panel in cleaned_panels(worlds, events, corrections, repairs)
            }
            for name, repairs in TRAPS.items()
        },
        OLD_VERSIONS_TRAP: {
            panel.country.code: len(panel.panel_b)
            for panel in cleaned_panels(
                worlds, events, corrections, Repairs(maps_old_versions=False)
            )
        },
    }


def cleaned_panels(
    worlds: Sequence[World],
    events: Sequence[Event],
    corrections: Sequence[Row],
    repairs: Repairs,
) -> list[Panels]:
    """Return the panels as the reference clean-up sees them."""
    families = {
        code: family for world in worlds for code, family in world.families.items()
    }
    months = clean_journals(events, corrections, families, repairs)
    return _panels(worlds, months)


def _panels(worlds: Sequence[World], months: Months) -> list[Panels]:
    return [
        country_panels(
            world.country, world.families, world.truth.incomes.baseline, months
        )
        for world in worlds
    ]


def _child_investments(world: World) -> list[float]:
    """Return families whose paid investment supported a child, all paid, percent."""
    investments = world.truth.investments.values()
    supported = sum(investment.is_for_child for investment in investments)
    return [supported, len(investments), round(100 * supported / len(investments), 1)]
