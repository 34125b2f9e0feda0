"""Each family's income: at recruitment, at launch, a year later, and in between."""

import math
from dataclasses import dataclass
from random import Random

from sandbox.pilot.chance import happens
from sandbox.pilot.countries import Country
from sandbox.pilot.months import shifted
from sandbox.pilot.truth.allocate import largest_remainder
from sandbox.pilot.truth.families import LATE_BASELINE_MONTH, Roster

MONTHS_WITHOUT_LAUNCH = 5  # after the launch, until such a family drops out
MISSING_SHARE = 0.07  # of the months between the two ends
# Three families whose income changes so much that the mean and the median disagree.
OUTLIER_GROWTH = {3: 3.4, 11: 2.3, 20: 0.25}
LAUNCH_MINIMUM, FINAL_MINIMUM = 30, 20  # money units, so that nobody is near zero


@dataclass(frozen=True, slots=True)
class Incomes:
    """A country's incomes, in local currency.

    Attributes:
        baseline: By family code.
        launch_mean: Mean income of panel B in the launch month.
        by_month: By family code and month; only months with a journal.
        last_months: Last month with a journal, of families that dropped out.
    """

    baseline: dict[str, int]
    launch_mean: float
    by_month: dict[tuple[str, str], int]
    last_months: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Anchors:
    """What the months in between are drawn from."""

    launch: dict[str, int]
    final: dict[str, int]
    launch_mean: float
    last_months: dict[str, str]


def rounded_to_unit(country: Country, amount: float) -> int:
    """Return `amount` in whole money units, at least one."""
    unit = country.money_unit
    return max(unit, round(amount / unit) * unit)


def draw_incomes(country: Country, roster: Roster, rng: Random) -> Incomes:
    """Draw incomes whose sums are exactly the country's targets."""
    launch, final = _panel_incomes(country, roster, rng)
    drawn = [
        launch[code] * math.exp(rng.gauss(0, 0.25)) for code in roster.panel_a
    ]  # fmt: skip
    total = country.baseline_income_panel_a
    parts = largest_remainder(drawn, total, country.money_unit, LAUNCH_MINIMUM)
    baseline = dict(zip(roster.panel_a, parts, strict=True))
    launch_mean = country.income[0] / country.panel_b_count
    for code in roster.without_baseline:
        launch[code] = rounded_to_unit(country, launch_mean * 1.4)
    baseline_mean = country.baseline_income_panel_a / country.panel_a_count
    for code in roster.without_launch:
        baseline[code] = rounded_to_unit(country, baseline_mean * 0.8)
    leavers = roster.panel_a_only + roster.without_baseline
    last_choices = country.calendar.analysis_months[3:11]
    last_months = {code: rng.choice(last_choices) for code in leavers}
    last_months |= dict.fromkeys(
        roster.without_launch,
        shifted(country.calendar.launch_month, MONTHS_WITHOUT_LAUNCH),
    )
    anchors = _Anchors(launch, final, launch_mean, last_months)
    by_month = _monthly_incomes(country, roster, anchors, rng)
    return Incomes(baseline, launch_mean, by_month, last_months)


def _panel_incomes(
    country: Country, roster: Roster, rng: Random
) -> tuple[dict[str, int], dict[str, int]]:
    """Return launch incomes of panel A and final incomes of panel B."""
    unit = country.money_unit
    launch_total, final_total = country.income
    weights = [math.exp(rng.gauss(0, 0.45)) for _ in roster.panel_b]
    launch_b = largest_remainder(weights, launch_total, unit, LAUNCH_MINIMUM)
    weights = [math.exp(rng.gauss(0, 0.3)) for _ in roster.panel_a_only]
    rest = country.launch_income_panel_a - launch_total
    launch_a_only = largest_remainder(weights, rest, unit, LAUNCH_MINIMUM)
    growth = [math.exp(rng.gauss(-0.06, 0.22)) for _ in roster.panel_b]
    for position, outlier in OUTLIER_GROWTH.items():
        if position < len(growth):
            growth[position] = outlier
    weights = [income * grown for income, grown in zip(launch_b, growth, strict=True)]
    final_b = largest_remainder(weights, final_total, unit, FINAL_MINIMUM)
    launch = dict(zip(roster.panel_a, launch_b + launch_a_only, strict=True))
    return launch, dict(zip(roster.panel_b, final_b, strict=True))


def _monthly_incomes(
    country: Country, roster: Roster, anchors: _Anchors, rng: Random
) -> dict[tuple[str, str], int]:
    incomes = {}
    in_panel_b = set(roster.panel_b)
    months = country.calendar.analysis_months
    for code in roster.families:
        first, last = _written_span(country, code, roster, anchors)
        for position, month in enumerate(months):
            if not first <= month <= last:
                continue
            is_end = position in {0, len(months) - 1}
            is_panel_middle = code in in_panel_b and not is_end
            if is_panel_middle and happens(rng, MISSING_SHARE):
                continue
            incomes[code, month] = _income(country, code, position, anchors, rng)
    for month, count in country.quiet_months.items():
        written = [key for key in incomes if key[1] == month]
        for key in written[count:]:
            del incomes[key]
    return incomes


def _written_span(
    country: Country, code: str, roster: Roster, anchors: _Anchors
) -> tuple[str, str]:
    """Return the first and last month the family may have written about."""
    first = country.calendar.launch_month
    if code in roster.late_joiners:
        first = "2020-10"
    elif code in roster.without_launch:
        first = shifted(first, 1)
    return first, anchors.last_months.get(code, country.calendar.end_month)


def _income(
    country: Country, code: str, position: int, anchors: _Anchors, rng: Random
) -> int:
    months = country.calendar.analysis_months
    last_position = len(months) - 1
    if position == 0:
        return anchors.launch[code]
    if position == last_position and code in anchors.final:
        return anchors.final[code]
    start = anchors.launch.get(code, anchors.launch_mean * 1.6)
    end = anchors.final.get(code, start)
    passed = position / last_position
    shock = country.income_shocks.get(months[position], 1)
    noise = math.exp(rng.gauss(0, 0.12))
    path = start ** (1 - passed) * end**passed
    return rounded_to_unit(country, path * shock * noise)


def draw_late_baselines(
    country: Country, roster: Roster, incomes: Incomes
) -> dict[str, int]:
    """Return late joiners' incomes of the month before they enrolled.

    They are in no published figure, so they come from a generator of their own.
    """
    rng = Random(f"late-baselines-{country.code}")
    mean = incomes.launch_mean * 1.6
    return {
        code: rounded_to_unit(country, mean * math.exp(rng.gauss(0, 0.15)))
        for code in roster.late_joiners
        if roster.families[code].baseline_month == LATE_BASELINE_MONTH
    }
