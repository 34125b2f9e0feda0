"""The headline figures and their variants, over any set of family months.

Percentages are rounded as they were first published: two decimals, shares three.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from sandbox.pilot.countries import Country
from sandbox.pilot.truth.families import Family
from sandbox.pilot.truth.measures import FamilyMonth

Months = dict[tuple[str, str], FamilyMonth]
Value = Callable[[FamilyMonth], float]
TAIL_SHARE = 0.05


def income(facts: FamilyMonth) -> float:
    """Return the month's income; only months that state one are compared."""
    return facts.income or 0


def savings(facts: FamilyMonth) -> float:
    """Return the balance; nobody who saves nothing is left out."""
    return facts.savings or 0


def growth(start: float, end: float) -> float | None:
    """Return the growth in percent, or None when there was nothing to grow from."""
    return round(100 * (end / start - 1), 2) if start else None


@dataclass(frozen=True, slots=True)
class Panels:
    """One country's families at both ends of the window.

    Attributes:
        country: Targets, payments and prices.
        families: Everyone enrolled.
        baseline: Baseline incomes.
        months: Accepted months of the window of the analysis.
    """

    country: Country
    families: dict[str, Family]
    baseline: dict[str, int]
    months: Months

    def at(self, month: str) -> dict[str, FamilyMonth]:
        """Return what every family had in `month`."""
        return {code: facts for (code, m), facts in self.months.items() if m == month}

    @property
    def at_launch(self) -> dict[str, FamilyMonth]:
        """What every family had in the launch month."""
        return self.at(self.country.calendar.launch_month)

    @property
    def at_end(self) -> dict[str, FamilyMonth]:
        """What every family had in the last month of the analysis."""
        return self.at(self.country.calendar.end_month)

    @property
    def panel_a(self) -> list[str]:
        """Families with a baseline and a launch month."""
        launch = self.at_launch
        return [code for code in self.baseline if code in launch]

    @property
    def panel_b(self) -> list[str]:
        """Families with a launch month and a final month."""
        final = self.at_end
        return [code for code in self.at_launch if code in final]

    def sums(self, value: Value) -> tuple[float, float]:
        """Return panel B's sums at launch and at the end."""
        launch, final = self.at_launch, self.at_end
        return (
            sum(value(launch[code]) for code in self.panel_b),
            sum(value(final[code]) for code in self.panel_b),
        )

    def pairs(self, value: Value) -> list[tuple[float, float]]:
        """Return panel B's values at launch and at the end, family by family."""
        launch, final = self.at_launch, self.at_end
        return [(value(launch[code]), value(final[code])) for code in self.panel_b]


def country_panels(
    country: Country,
    families: dict[str, Family],
    baseline: dict[str, int],
    all_: Months,
) -> Panels:
    """Return the country's families within the published window."""
    window = set(country.calendar.analysis_months)
    months = {
        (code, month): facts
        for (code, month), facts in all_.items()
        if code in families and month in window
    }
    return Panels(country, families, baseline, months)


def short_figures(panels: Panels) -> list[Any]:
    """Return growth since launch, its families, and growth since the baseline."""
    launch = panels.at_launch
    since_baseline = growth(
        sum(panels.baseline[code] for code in panels.panel_a),
        sum(income(launch[code]) for code in panels.panel_a),
    )
    return [growth(*panels.sums(income)), len(panels.panel_b), since_baseline]


def all_figures(panels: Panels) -> dict[str, Any]:
    """Return every figure of the definition card."""
    launch_to_end, panel_b_count, since_baseline = short_figures(panels)
    return {
        "nA": len(panels.panel_a),
        "nB": panel_b_count,
        "base_to_launch": since_baseline,
        "launch_to_12": launch_to_end,
        **_other_definitions(panels),
        "sat": growth(*panels.sums(lambda facts: facts.satisfaction)),
        "ctl": growth(*panels.sums(lambda facts: facts.control)),
        "sav": growth(*panels.sums(savings)),
        **_circle_figures(panels),
        **_sharing_figures(panels),
        "journals": len(panels.months),
    }


def _other_definitions(panels: Panels) -> dict[str, Any]:
    launch, final = panels.at_launch, panels.at_end
    pairs = panels.pairs(income)
    start_sum, end_sum = panels.sums(income)
    changes = [end / start - 1 for start, end in pairs]
    starts, ends = zip(*pairs, strict=True)
    start_price, end_price = panels.country.price_levels
    payments = panels.country.journal_payment * len(pairs)
    return {
        "all_reporters": growth(
            mean(map(income, launch.values())), mean(map(income, final.values()))
        ),
        "mean_of_family_pct": round(100 * mean(changes), 2),
        "median_of_family_pct": round(100 * median(changes), 2),
        "growth_of_medians": growth(median(starts), median(ends)),
        "real": round(100 * ((end_sum / start_sum) / (end_price / start_price) - 1), 2),
        "winsor5_95": growth(_winsorised_sum(starts), _winsorised_sum(ends)),
        "with_journal_pay": growth(start_sum, end_sum + payments),
        "percap": _per_head_growth(panels),
        "jackknife_se": _jackknife_error(panels),
    }


def _winsorised_sum(values: Sequence[float]) -> float:
    ordered = sorted(values)
    lowest = ordered[int(TAIL_SHARE * len(ordered))]
    highest = ordered[int((1 - TAIL_SHARE) * len(ordered)) - 1]
    return sum(min(highest, max(lowest, value)) for value in values)


def _per_head_growth(panels: Panels) -> float | None:
    launch, final = panels.at_launch, panels.at_end
    families = panels.families
    return growth(
        sum(income(launch[f]) / families[f].member_count for f in panels.panel_b),
        sum(income(final[f]) / families[f].member_count for f in panels.panel_b),
    )


def _jackknife_error(panels: Panels) -> float:
    """Return the standard error in points: leave out one peer group at a time."""
    pairs = dict(zip(panels.panel_b, panels.pairs(income), strict=True))
    groups = sorted({panels.families[code].group for code in pairs})
    estimates = [
        _growth_share(
            pair
            for code, pair in pairs.items()
            if panels.families[code].group != left_out
        )
        for left_out in groups
    ]
    centre = mean(estimates)
    count = len(groups)
    squares = sum((estimate - centre) ** 2 for estimate in estimates)
    return round(100 * math.sqrt((count - 1) / count * squares), 2)


def _growth_share(pairs: Iterable[tuple[float, float]]) -> float:
    listed = list(pairs)
    return sum(end for _, end in listed) / sum(start for start, _ in listed) - 1


def _circle_figures(panels: Panels) -> dict[str, Any]:
    start_count, end_count = panels.sums(lambda facts: facts.is_in_circle)
    start_sum, end_sum = panels.sums(lambda facts: facts.circle_contributed)
    points = 100 * (end_count - start_count) / len(panels.panel_b)
    return {
        "lc_n": [start_count, end_count, growth(start_count, end_count)],
        "lc_pp": round(points, 2),
        "lc_amt": growth(start_sum, end_sum),
        "lc_amt_per_participant": growth(start_sum / start_count, end_sum / end_count),
    }


def _sharing_figures(panels: Panels) -> dict[str, Any]:
    ratios = [facts.given / income(facts) for facts in panels.months.values()]
    by_month = []
    for month in panels.country.calendar.analysis_months:
        reported = panels.at(month).values()
        by_month.append(_given_percent(reported))
    return {
        "share": round(_given_percent(panels.months.values()), 3),
        "share_mean_of_ratios": round(100 * mean(ratios), 3),
        "share_max_month": max(round(percent, 2) for percent in by_month),
    }


def _given_percent(reported: Iterable[FamilyMonth]) -> float:
    months = list(reported)
    return 100 * sum(facts.given for facts in months) / sum(map(income, months))


def pooled_figures(panels: Sequence[Panels]) -> dict[str, float]:
    """Return the growth of all countries together, weighted in three ways.

    The sum over currencies is what nobody should compute; it stands here to be seen.
    """
    growths = [growth(*country.sums(income)) or 0 for country in panels]
    weights = [1 / country.country.local_per_usd_ppp for country in panels]
    return {
        "equal_country": round(mean(growths), 3),
        "ppp": _weighted_growth(panels, weights),
        "nominal_sum_of_currencies": _weighted_growth(panels, [1] * len(panels)),
    }


def _weighted_growth(panels: Sequence[Panels], weights: Sequence[float]) -> float:
    sums = [country.sums(income) for country in panels]
    starts = sum(w * start for w, (start, _) in zip(weights, sums, strict=True))
    ends = sum(w * end for w, (_, end) in zip(weights, sums, strict=True))
    return round(100 * (ends / starts - 1), 3)
