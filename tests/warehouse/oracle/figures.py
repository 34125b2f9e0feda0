"""Figures computed the long way: one scope, one window, one group left out at a time.

Written from the programme's definitions and not from the SQL, and made to be read
rather than to be fast. Rows are pandas frames with the columns of `PLACES`, `start`,
`end`, `measured`, `weight`, `category`, `unit` and the codes of a variant; each kind of
figure returns a dictionary from key to `Expected`.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

# The stubs of pandas do not follow columns made by name.
Frame: TypeAlias = Any
Column: TypeAlias = Any

PLACES = ["family_key", "country_code", "site_code", "cohort_code", "peer_group_code"]
VARIANT = ["panel", "price", "outlier", "per", "category"]
CANONICAL = {
    "panel": "all_reporters",
    "price": "nominal",
    "outlier": "kept",
    "per": "household",
    "category": "total",
    "unit": "number",
    "weight": 1.0,
}
SCOPES = {
    "country": "country_code",
    "site": "site_code",
    "cohort": "cohort_code",
    "all": None,
}
WITHOUT_CURRENCY = {"number", "USD_PPP"}


class Key(NamedTuple):
    """What tells a figure from all others of its metric."""

    scope_type: str
    scope: str
    start: Any
    end: Any
    panel: str
    price: str
    outlier: str
    per: str
    category: str
    statistic: str


@dataclass(frozen=True, slots=True)
class Expected:
    """A figure as it must be.

    Attributes:
        value: The figure.
        families: How many families it rests on.
        error: Its standard error; None where it has none.
    """

    value: float
    families: int
    error: float | None = None


Figures = dict[Key, Expected]


def rows_of(frame: Frame, **columns: Column) -> Frame:
    """Return the frame with the columns of a canonical figure where it has none."""
    made = frame.assign(**columns)
    for name, usual in CANONICAL.items():
        if name not in made:
            made = made.assign(**{name: usual})
    for name in ("measured", "weight"):
        made = made.assign(**{name: made[name].astype(float)})
    return made.dropna(subset=["measured", "weight"])


def cells(rows: Frame, statistic: str) -> Iterator[tuple[Key, Frame]]:
    """Yield the rows of each figure: of each scope, window and variant.

    Currencies are never added, and one country alone is not all of them.
    """
    for scope_type, column in SCOPES.items():
        scoped = rows.assign(scope="all" if column is None else rows.get(column))
        if column is None:
            scoped = scoped[scoped["unit"].isin(WITHOUT_CURRENCY)]
        for values, cell in scoped.groupby(["scope", "start", "end", *VARIANT]):
            is_mixed = len(set(cell["unit"])) > 1
            is_alone = column is None and len(set(cell["country_code"])) == 1
            if not is_mixed and not is_alone:
                scope, start, end, *variant = values
                yield Key(*(scope_type, scope, start, end, *variant, statistic)), cell


Sums = dict[str, Any]
Estimate = Callable[[Sums], Any]


def sums_by_group(cell: Frame, over: str | None = None) -> Frame:
    """Return sums by country and peer group, of each value of `over` side by side."""
    by = ["country_code", "peer_group_code"]
    values = [name for name in ("measured", "weight", "later") if name in cell]
    if over is None:
        return cell.groupby(by)[values].sum()
    table = cell.groupby([*by, over])[values].sum()
    parts = [
        table.xs(of, level=over).add_suffix(f"_{of}")
        for of in table.index.unique(level=over)
    ]
    return pd.concat(parts, axis=1).fillna(0.0)


def jackknife(groups: Frame, estimate: Estimate) -> float | None:
    """Return the standard error of `estimate`, leaving out one peer group at a time.

    Countries are samples of their own: their squared errors add.
    """
    total = groups.sum()
    left_out = estimate(
        {name: total[name] - groups[name].to_numpy() for name in groups}
    )
    values = pd.Series(left_out, index=groups.index).groupby("country_code")
    counts = values.size()
    if (counts < 2).any() or not np.isfinite(left_out).all():
        return None
    return math.sqrt(((counts - 1) * values.var(ddof=0)).sum())


def estimated(groups: Frame, estimate: Estimate) -> float | None:
    """Return the figure itself, or None where there is nothing to divide by."""
    value = estimate({name: np.array([groups[name].sum()]) for name in groups})[0]
    return float(value) if np.isfinite(value) else None


def over(part: Column, whole: Column) -> Column:
    """Divide; by nothing, or by the rounding error of nothing, there is no number."""
    nothing = np.abs(whole) < 1e-9
    return np.where(nothing, np.nan, part / np.where(nothing, 1.0, whole))


def ratio(sums: Sums) -> Column:
    return over(sums["measured"], sums["weight"])


def mean_at(sums: Sums, moment: str) -> Column:
    return over(sums[f"measured_{moment}"], sums[f"weight_{moment}"])


def growth(sums: Sums) -> Column:
    """Mean at the end over mean at the start, less one."""
    return over(mean_at(sums, "end"), mean_at(sums, "start")) - 1


def difference(sums: Sums) -> Column:
    """Mean at the end less mean at the start."""
    return mean_at(sums, "end") - mean_at(sums, "start")


def chain(sums: Sums) -> Column:
    """Growth from month to month, multiplied up, less one."""
    months = [name.removeprefix("later_") for name in sums if name.startswith("later_")]
    product: Column = 1.0
    for month in months:
        product = product * over(sums[f"later_{month}"], sums[f"measured_{month}"])
    return product - 1


def ratios(rows: Frame, statistic: str) -> Figures:
    """Sum over sum: means, parts of money, rates."""
    found = {}
    for key, cell in cells(rows, statistic):
        groups = sums_by_group(cell)
        value = estimated(groups, ratio)
        if value is not None:
            families = taking_part(key, cell)["family_key"].nunique()
            found[key] = Expected(value, families, jackknife(groups, ratio))
    return found


def shares(rows: Frame) -> Figures:
    """Shares of families with the error of a proportion."""
    found = {}
    for key, cell in cells(rows, "share"):
        number = len(cell)
        value = cell["measured"].sum() / number
        error = math.sqrt(value * (1 - value) / number)
        found[key] = Expected(value, number, error)
    return found


def totals(rows: Frame, statistic: str = "total") -> Figures:
    return {
        key: Expected(cell["measured"].sum(), cell["family_key"].nunique())
        for key, cell in cells(rows, statistic)
    }


def quantiles(rows: Frame, statistics: dict[str, float]) -> Figures:
    return {
        key: Expected(cell["measured"].quantile(q), cell["family_key"].nunique())
        for statistic, q in statistics.items()
        for key, cell in cells(rows, statistic)
    }


def waiting_shares(cell: Frame) -> list[tuple[float, float]]:
    """Return the times and what share still waits after each, by Kaplan and Meier."""
    waiting, found = 1.0, []
    for time in sorted(cell["measured"].unique()):
        at_risk = (cell["measured"] >= time).sum()
        events = cell.loc[cell["measured"] == time, "weight"].sum()
        waiting *= 1 - events / at_risk
        found.append((time, waiting))
    return found


def median_times(rows: Frame, by_months: tuple[int, ...] = ()) -> Figures:
    found: Figures = {}
    for key, cell in cells(rows, "median"):
        curve = waiting_shares(cell)
        families = cell["family_key"].nunique()
        reached = [time for time, waiting in curve if waiting <= 0.5 + 1e-12]
        if reached:
            found[key] = Expected(reached[0], families)
        for months in by_months:
            known = [waiting for time, waiting in curve if time <= months]
            if known and cell["measured"].max() >= months:
                name = f"share_by_{months}_months"
                found[key._replace(statistic=name)] = Expected(1 - known[-1], families)
    return found


def taking_part(key: Key, cell: Frame) -> Frame:
    """Return the rows whose families count: per participant, those that take part."""
    return cell[cell["weight"] > 0] if key.per == "per_participant" else cell


def changes(
    rows: Frame,
    statistic: str = "growth_of_means",
    estimate: Estimate = growth,
) -> Figures:
    """Compare both ends of a window; rows say with `moment` which end they are of."""
    found = {}
    for key, cell in cells(rows, statistic):
        if set(cell["moment"]) < {"start", "end"}:
            continue
        groups = sums_by_group(cell, "moment")
        value = estimated(groups, estimate)
        if value is not None:
            counted = taking_part(key, cell)["moment"].value_counts()
            families = int(counted.reindex(["start", "end"], fill_value=0).min())
            found[key] = Expected(value, families, jackknife(groups, estimate))
    return found


def chained_changes(steps: Frame) -> Figures:
    """Chain rows that hold a family's income of a month and `later`, of the next."""
    found = {}
    for key, cell in cells(steps, "growth_of_means"):
        groups = sums_by_group(cell, "journal_month")
        families = cell["family_key"].nunique()
        value = estimated(groups, chain)
        if value is not None:
            found[key] = Expected(value, families, jackknife(groups, chain))
    return found


def family_changes(rows: Frame) -> Figures:
    """Mean and median of each family's own change, and growth of the medians."""
    pairs = wide(rows[rows["panel"] == "balanced"])
    above = pairs[pairs["start_value"] > 0]
    own = above.assign(measured=above["end_value"] / above["start_value"] - 1, weight=1)
    found = ratios(own, "mean_of_changes")
    found |= quantiles(own, {"median_of_changes": 0.5})
    for key, cell in cells(pairs, "growth_of_medians"):
        start = cell["start_value"].median()
        if start > 0:
            value = cell["end_value"].median() / start - 1
            found[key] = Expected(value, len(cell))
    return found


def wide(rows: Frame) -> Frame:
    """Put both ends of a family side by side, as `start_value` and `end_value`."""
    keys = [*PLACES, "start", "end", *VARIANT, "unit"]
    valued = rows.assign(moment=rows["moment"] + "_value")
    return valued.pivot_table(
        index=keys, columns="moment", values="measured", aggfunc="first"
    ).reset_index()


def distribution(rows: Frame) -> Figures:
    """Families up, about the same and down."""
    pairs = wide(rows)
    low, high = pairs["start_value"] * 0.95, pairs["start_value"] * 1.05
    classes = {
        "up": pairs["end_value"] > high,
        "same": pairs["end_value"].between(low, high),
        "down": pairs["end_value"] < low,
    }
    found: Figures = {}
    for category, is_in in classes.items():
        found |= shares(
            rows_of(pairs, measured=is_in, weight=1, category=category, unit="number")
        )
    return found
