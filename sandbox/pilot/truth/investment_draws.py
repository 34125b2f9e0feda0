"""Which families were paid an investment, for what, and when."""

from dataclasses import dataclass
from random import Random

from sandbox.pilot.countries import Country
from sandbox.pilot.truth.families import Roster

OTHER_USES = ["biz", "biz", "savings", "housing", "health", "debt"]
DEVICE_MONTHS = ["2020-09", "2020-10", "2020-11"]
FEES_MONTHS = ["2021-02", "2021-03", "2021-05"]


@dataclass(frozen=True, slots=True)
class Investment:
    """A paid investment.

    Attributes:
        use: What it was for, a code of the investment form.
        month: When it was paid.
        is_for_child: Whether it directly supported a child.
    """

    use: str
    month: str
    is_for_child: bool


def draw_investments(
    country: Country, roster: Roster, rng: Random
) -> dict[str, Investment]:
    """Draw the paid investments, by family code."""
    recruited = roster.panel_a + roster.without_baseline + roster.without_launch
    paid = rng.sample(recruited, country.invested_family_count)
    with_child = set(rng.sample(paid, country.child_family_count))
    return {
        code: _investment(country, position, is_for_child=code in with_child, rng=rng)
        for position, code in enumerate(paid)
    }


def _investment(
    country: Country, position: int, *, is_for_child: bool, rng: Random
) -> Investment:
    if is_for_child:
        use = "device" if position % 2 else "fees"
    else:
        use = rng.choice(OTHER_USES)
    early, later = DEVICE_MONTHS, FEES_MONTHS
    others = list(country.calendar.analysis_months[2:11])
    months = {"device": early, "fees": later}.get(use, others)
    return Investment(use, rng.choice(months), is_for_child)
