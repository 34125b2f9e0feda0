"""Savings, lending circles, scores and sharing of every written month."""

import math
from dataclasses import dataclass
from random import Random

from sandbox.pilot.chance import happens
from sandbox.pilot.countries import Country
from sandbox.pilot.truth.allocate import (
    SCORE_SPREAD,
    largest_remainder,
    scores_adding_up,
)
from sandbox.pilot.truth.families import Roster
from sandbox.pilot.truth.incomes import Incomes, rounded_to_unit

NON_SAVER_SHARE = 0.35
SATISFACTION_RANGE = (0, 10)
CONTROL_RANGE = (1, 10)
# Months earned partly in dollars, in years whose exchange rate is and is not published;
# multiples of 25 come to whole Liberian dollars.
CONVERTIBLE_COUNT, UNCONVERTIBLE_COUNT = 8, 2
DOLLARS = (25, 50)
PERCENT = 100

Months = dict[tuple[str, str], "FamilyMonth"]


@dataclass(slots=True)
class FamilyMonth:
    """What one family had in one month; money in local currency.

    Attributes:
        income: Without programme money. None: the family did not say.
        savings: Balance at the end of the month. None: the family did not say.
        is_in_circle: Whether anyone is in a lending circle.
        circle_contributed: Paid into circles.
        satisfaction: With the standard of living, 0 to 10.
        control: Over one's own life, 1 to 10.
        given: Cash and goods given to others.
        dollars: The part of the income that came in US dollars, in dollars; only where
            they are not the local currency.
    """

    income: float | None
    savings: int | None = 0
    is_in_circle: bool = False
    circle_contributed: int = 0
    satisfaction: int = 0
    control: int = 1
    given: int = 0
    dollars: int = 0


def draw_family_months(
    country: Country, roster: Roster, incomes: Incomes, rng: Random
) -> Months:
    """Draw the remaining measures; at the two ends their sums are exact."""
    months = {key: FamilyMonth(income) for key, income in incomes.by_month.items()}
    at_ends = _draw_panel_ends(country, roster, months, rng)
    for key, facts in months.items():
        if key not in at_ends:
            _draw_measures(country, facts, rng)
    _draw_given(country, roster, months, rng)
    if country.dollar_rates:
        _earn_dollars(country, roster, months)
    return months


def _draw_panel_ends(
    country: Country, roster: Roster, months: Months, rng: Random
) -> set[tuple[str, str]]:
    """Fill panel B's launch and end months; return their keys."""
    count = country.panel_b_count
    savings = _panel_savings(country, rng)
    circles = _panel_circles(country, rng)
    satisfaction = [
        scores_adding_up(rng, count, total, *SATISFACTION_RANGE)
        for total in country.satisfaction
    ]
    control = [
        scores_adding_up(rng, count, total, *CONTROL_RANGE) for total in country.control
    ]
    ends = (country.calendar.launch_month, country.calendar.end_month)
    for end, month in enumerate(ends):
        for position, code in enumerate(roster.panel_b):
            facts = months[code, month]
            facts.savings = savings[end][position]
            facts.is_in_circle = position in circles[end]
            facts.circle_contributed = circles[end].get(position, 0)
            facts.satisfaction = satisfaction[end][position]
            facts.control = control[end][position]
    return {(code, month) for code in roster.panel_b for month in ends}


def _earn_dollars(country: Country, roster: Roster, months: Months) -> None:
    """Let some months between the ends be earned partly in dollars; totals stay."""
    rng = Random(f"dollars-{country.code}")
    first, last = country.calendar.launch_month, country.calendar.end_month
    candidates = [
        key
        for key, facts in months.items()
        if first < key[1] < last
        and key[0] in roster.panel_b
        and (facts.income or 0) > 2 * max(DOLLARS) * country.local_per_usd
    ]
    with_rate = [key for key in candidates if key[1][:4] in country.dollar_rates]
    without_rate = [key for key in candidates if key not in with_rate]
    chosen = rng.sample(with_rate, CONVERTIBLE_COUNT)
    chosen += rng.sample(without_rate, UNCONVERTIBLE_COUNT)
    for key in chosen:
        months[key].dollars = rng.choice(DOLLARS)


def _panel_savings(country: Country, rng: Random) -> tuple[list[int], list[int]]:
    count, unit = country.panel_b_count, country.money_unit
    non_savers = set(rng.sample(range(count), int(NON_SAVER_SHARE * count)))
    weights = [
        0 if position in non_savers else math.exp(rng.gauss(0, 0.7))
        for position in range(count)
    ]
    launch = largest_remainder(weights, country.savings[0], unit)
    later_weights = [_later_savings_weight(weight, rng) for weight in weights]
    return launch, largest_remainder(later_weights, country.savings[1], unit)


def _later_savings_weight(weight: float, rng: Random) -> float:
    if weight:
        return weight * math.exp(rng.gauss(0, 0.3))
    return 0.15 if happens(rng, 0.3) else 0  # some non-savers start


def _panel_circles(
    country: Country, rng: Random
) -> tuple[dict[int, int], dict[int, int]]:
    """Return contributions by position in panel B: two families leave, some join."""
    everyone = range(country.panel_b_count)
    launch_count, final_count = country.circle_families
    at_launch = rng.sample(everyone, launch_count)
    outside = [position for position in everyone if position not in at_launch]
    stayed = rng.sample(at_launch, launch_count - 2)
    at_end = stayed + rng.sample(outside, final_count - launch_count + 2)
    contributions = []
    for members, total in zip(
        (at_launch, at_end), country.circle_contributed, strict=True
    ):
        weights = [1 + 0.4 * rng.random() for _ in members]
        parts = largest_remainder(weights, total, country.money_unit, 1)
        contributions.append(dict(zip(members, parts, strict=True)))
    return contributions[0], contributions[1]


def _draw_measures(country: Country, facts: FamilyMonth, rng: Random) -> None:
    """Fill a month about which no sum was promised."""
    count = country.panel_b_count
    saves = happens(rng, 0.6)  # about the panel's own share
    mean_savings = country.savings[0] / count
    facts.savings = (
        rounded_to_unit(country, mean_savings * rng.random() * 1.6) if saves else 0
    )
    facts.is_in_circle = rng.random() < country.circle_families[0] / count
    mean = country.satisfaction[0] / count
    facts.satisfaction = _score(rng, mean, SATISFACTION_RANGE)
    facts.control = _score(rng, country.control[0] / count, CONTROL_RANGE)
    if facts.is_in_circle:
        usual = country.circle_contributed[0] / country.circle_families[0]
        facts.circle_contributed = rounded_to_unit(country, usual)


def _score(rng: Random, mean: float, allowed: tuple[int, int]) -> int:
    lowest, highest = allowed
    return min(highest, max(lowest, round(rng.gauss(mean, SCORE_SPREAD))))


def _draw_given(country: Country, roster: Roster, months: Months, rng: Random) -> None:
    """Share out gifts so that they are the target percentage of all income, exactly."""
    panel_b = set(roster.panel_b)
    # One income in the middle of the year is topped up until the percentage of the
    # sum is a whole number of money units.
    first, last = country.calendar.launch_month, country.calendar.end_month
    topped_up = next(
        facts
        for (code, month), facts in months.items()
        if first < month < last and code in panel_b
    )
    incomes = [facts.income or 0 for facts in months.values()]
    step = PERCENT * country.money_unit
    topped_up.income = (topped_up.income or 0) + -sum(incomes) % step
    incomes = [facts.income or 0 for facts in months.values()]
    weights = [
        income * (0 if happens(rng, 0.25) else rng.random()) for income in incomes
    ]  # a quarter of the months without a gift
    total = int(sum(incomes)) * country.given_percent // PERCENT
    parts = largest_remainder(weights, total, country.money_unit)
    for facts, given in zip(months.values(), parts, strict=True):
        facts.given = given
