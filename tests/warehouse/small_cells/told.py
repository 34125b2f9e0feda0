"""Which kinds of figures there are, and which of them the attack reads as equations."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

MONTH, WINDOW = "month", "window"


class Told(NamedTuple):
    """What tells one kind of figure of `share.metric_values` from another."""

    metric: str
    statistic: str
    span: str
    panel: str
    price: str
    outlier: str
    denominator: str
    category: str


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of figures, by words of each of their codes.

    Attributes:
        metrics: Codes with blanks between them; here and below, nothing takes all.
        statistics: The same.
        spans: Months or windows.
        panels: The same.
        prices: The same.
        outliers: The same.
        denominators: The same.
        categories: The same; one that ends in `*` takes all that begin so.
    """

    metrics: str = ""
    statistics: str = ""
    spans: str = ""
    panels: str = ""
    prices: str = "nominal"
    outliers: str = "kept"
    denominators: str = "household"
    categories: str = "total"

    def hold(self, told: Told) -> bool:
        """Return whether the figure is of these kinds."""
        codes = (
            *(self.metrics, self.statistics, self.spans, self.panels),
            *(self.prices, self.outliers, self.denominators, self.categories),
        )
        return all(map(_names, codes, told))


def _names(words: str, code: str) -> bool:
    return not words or any(
        code.startswith(word[:-1]) if word.endswith("*") else code == word
        for word in words.split()
    )


def span_of(start: date, end: date) -> str:
    """Return whether figures between these months are of a month or of a window."""
    return MONTH if start == end else WINDOW


IN_THE_ATTACK = (
    Kinds("M01 M15 M16 M20 M21 M22 M58 M60 M61", "level", MONTH),
    Kinds("M15 M17 M21", "share", MONTH),
    Kinds("M59", "share", MONTH, categories="thriving suffering struggling"),
    Kinds("M29", "share", categories="attending"),
    Kinds("M40", "rate"),
    Kinds("M61", "level", WINDOW),
    Kinds("M23", "total", categories="payout"),
    # Of those that pay into circles, how many they are.
    Kinds("M22", "level", MONTH, denominators="per_participant"),
    # Another amount of each family: what it has for each of its members.
    Kinds("M01", "level", denominators="per_capita"),
    Kinds("M13", "level", denominators="per_adult_equivalent"),
    Kinds(
        "M03",
        "growth_of_means mean_of_changes",
        WINDOW,
        "balanced all_reporters",
        denominators="household per_capita per_adult_equivalent",
    ),
    Kinds(
        "M16 M17 M20 M21 M22 M58 M60",
        "growth_of_means difference",
        WINDOW,
        "balanced all_reporters",
    ),
    Kinds(
        "M03 M16 M20 M22",
        "growth_of_means",
        WINDOW,
        "balanced",
        outliers="winsorised",
    ),
    # Where cohorts launched apart it adds them up with other weights than the nominal.
    Kinds("M16", "level", MONTH, prices="real"),
)
