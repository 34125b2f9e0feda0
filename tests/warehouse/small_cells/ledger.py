"""What every family answered, and which of the answers a figure adds up.

Whoever attacks `share` in these tests knows who stands behind each figure, which is
more than anyone outside could know, and nothing of what they answered.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

LEVELS = {
    "M01": "income",
    "M16": "savings",
    "M20": "debt",
    "M22": "circle_money",
    "M58": "satisfaction",
    "M60": "control",
}
# Those over the months of a window stand beside those of each month: a mean, a rate,
# and a share of children.
SPANS = {"M61": "coping", "M40": "leader", "M29": "pupils"}
COUNTS = {"M15": "starter", "M17": "saver", "M21": "member"}
TOTALS = {"M23": "payout"}
# The parts of a whole: each family stands in one of them.
WHOLES = {"M59": ("thriving", "suffering", "struggling")}
MEASURES = LEVELS | SPANS | COUNTS | TOTALS | {"M03": "income"}
# What else an amount is divided by. Of those that take part, their number is told.
DIVIDED = {
    "per_capita": "income_per_head",
    "per_adult_equivalent": "income_per_adult",
    "per_participant": "member",
}
# Of the families of a country and month the lowest twentieth is pulled up, and the
# highest down.
TAIL = 0.05
LIVE = "live"


class Key(NamedTuple):
    """What tells one figure of `share.metric_values` from another, in these tests."""

    metric: str
    statistic: str
    panel: str
    release: str
    scope_type: str
    scope: str
    start: date
    end: date
    category: str = "total"
    denominator: str = "household"
    outlier: str = "kept"
    price: str = "nominal"

    @property
    def measure(self) -> str:
        if self.metric in WHOLES:
            return self.category
        return DIVIDED.get(self.denominator) or MEASURES[self.metric]


class Variable(NamedTuple):
    """One answer that nobody outside may know; an edit makes it another."""

    measure: str
    month: date
    family: str
    value: float


Equation = dict[Variable, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a family answered about a month, as a release knows it."""

    release: str
    measure: str
    month: date
    family: str
    site: str
    cohort: str
    country: str
    value: float

    @property
    def variable(self) -> Variable:
        return Variable(self.measure, self.month, self.family, self.value)

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        return (
            ("site", self.site),
            ("cohort", self.cohort),
            ("country", self.country),
            ("all", "all"),
        )


Pair = tuple[Answer, Answer]


class Ledger:
    """All answers of a panel, found by figure.

    Args:
        answers: What families answered.
        price_levels: What money of a month is divided by for each cohort, where that is
            not one: the prices since the launch of its own.
    """

    def __init__(
        self,
        answers: Iterable[Answer],
        price_levels: Mapping[tuple[str, date], float] | None = None,
    ) -> None:
        self.answers = list(answers)
        self.price_levels = price_levels or {}
        self._at: dict[tuple[str, str, date], dict[str, Answer]] = defaultdict(dict)
        self._in: dict[tuple[str, str, date, str, str], list[Answer]]
        self._in = defaultdict(list)
        for answer in self.answers:
            at = (answer.release, answer.measure, answer.month)
            self._at[at][answer.family] = answer
            for scope_type, scope in answer.places:
                self._in[(*at, scope_type, scope)].append(answer)

    def reporters(self, key: Key, month: date) -> list[Answer]:
        """Return who answered in the month, in the key's place."""
        return self._in[key.release, key.measure, month, key.scope_type, key.scope]

    def pairs(self, key: Key) -> list[Pair]:
        """Return who answered at both ends, placed where they were at the start."""
        ends = self._at[key.release, key.measure, key.end]
        found = [
            (start, ends[start.family])
            for start in self.reporters(key, key.start)
            if start.family in ends
        ]
        return found if key.outlier == "kept" else self._pulled_in(found, key)

    def price_level(self, key: Key, answer: Answer) -> float:
        """Return what the answer is divided by in the prices of the key."""
        if key.price == "nominal":
            return 1.0
        return self.price_levels.get((answer.cohort, answer.month), 1.0)

    def _pulled_in(self, pairs: Iterable[Pair], key: Key) -> list[Pair]:
        """Return the pairs with the extremes of their country pulled in at each end."""
        bounds: dict[tuple[str, int], tuple[float, float]] = {}
        found = []
        for pair in pairs:
            ends = []
            for side, answer in enumerate(pair):
                at = (pair[0].country, side)
                if at not in bounds:
                    whole = key._replace(
                        scope_type="country", scope=at[0], outlier="kept"
                    )
                    bounds[at] = _bounds([each[side] for each in self.pairs(whole)])
                lowest, highest = bounds[at]
                value = min(highest, max(lowest, answer.value))
                ends.append(replace(answer, value=value))
            found.append((ends[0], ends[1]))
        return found

    def equation(self, key: Key, value: float) -> Equation:
        """Return what the shown value says of the answers: coefficients of a sum.

        What the sum is does not matter: that it is known does.
        """
        if key.statistic == "mean_of_changes":
            return {_change(pair): 1.0 for pair in self.pairs(key)}
        if key.statistic == "growth_of_means":
            return self._between_ends(key, 1 + value)
        if key.statistic == "difference":
            return self._between_ends(key, 1.0)
        if key.start != key.end:
            return self._window(key)
        return self._month(key)

    def _month(self, key: Key) -> Equation:
        whole = WHOLES.get(key.metric, ())
        if key.category in whole[-1:]:
            # One less the rest: whoever is in no other category is in the last.
            others = [key._replace(category=other) for other in whole[:-1]]
            return {
                variable: 1.0 for other in others for variable in self._month(other)
            }
        if key.panel != "balanced":
            return {
                each.variable: 1 / self.price_level(key, each)
                for each in self.reporters(key, key.start)
            }
        raise AssertionError(f"whose window is that of {key}?")

    def ends_of_window(self, key: Key, window: tuple[date, date]) -> Equation:
        """Return the level of the families known at both ends, at one of them."""
        whole = key._replace(start=window[0], end=window[1])
        side = 0 if key.start == window[0] else 1
        return {pair[side].variable: 1.0 for pair in self.pairs(whole)}

    def _between_ends(self, key: Key, growth: float) -> Equation:
        if key.panel == "balanced":
            starts = [start for start, _ in self.pairs(key)]
            ends = [end for _, end in self.pairs(key)]
        else:
            starts = self.reporters(key, key.start)
            ends = self.reporters(key, key.end)
        found = {each.variable: 1 / len(ends) for each in ends}
        return found | {each.variable: -growth / len(starts) for each in starts}

    def _window(self, key: Key) -> Equation:
        return {
            each.variable: 1.0
            for release, measure, month in list(self._at)
            if (release, measure) == (key.release, key.measure)
            and key.start <= month <= key.end
            for each in self.reporters(key, month)
        }


def _change(pair: Pair) -> Variable:
    start, end = pair
    change = end.value / start.value - 1 if start.value else 0.0
    measure = f"change_of_{start.measure}"
    return Variable(measure, end.month, end.family, round(change, 9))


def _bounds(answers: Iterable[Answer]) -> tuple[float, float]:
    values = sorted(each.value for each in answers)
    highest = max(math.floor((1 - TAIL) * len(values)), 1)
    return values[math.floor(TAIL * len(values))], values[highest - 1]
