"""Sharing out totals so that the parts add up exactly, whatever the seed."""

from collections.abc import Sequence
from random import Random

SCORE_SPREAD = 1.6  # standard deviation of a score between families


def largest_remainder(
    weights: Sequence[float], total: int, unit: int, minimum_units: int = 0
) -> list[int]:
    """Split `total` in proportion to `weights`, in whole multiples of `unit`.

    Args:
        weights: One per part, positive or zero.
        total: What the parts add up to; a multiple of `unit`.
        unit: Smallest amount.
        minimum_units: Units that every part gets before the rest is shared out.
    """
    units = total // unit - minimum_units * len(weights)
    weight_sum = sum(weights)
    quotas = [weight / weight_sum * units for weight in weights]
    counts = [int(quota) for quota in quotas]
    by_remainder = sorted(
        range(len(weights)), key=lambda i: quotas[i] - counts[i], reverse=True
    )
    for part in by_remainder[: units - sum(counts)]:
        counts[part] += 1
    if total % unit or sum(counts) != units:
        raise ValueError(
            f"{total} cannot be split into {len(weights)} parts of whole {unit}s: "
            "choose another total or unit."
        )
    return [(count + minimum_units) * unit for count in counts]


def scores_adding_up(
    rng: Random, count: int, total: int, lowest: int, highest: int
) -> list[int]:
    """Draw `count` whole scores that add up to `total`."""
    mean = total / count
    scores = [
        min(highest, max(lowest, round(rng.gauss(mean, SCORE_SPREAD))))
        for _ in range(count)
    ]
    while sum(scores) != total:
        nudged = rng.randrange(count)
        step = 1 if sum(scores) < total else -1
        if lowest <= scores[nudged] + step <= highest:
            scores[nudged] += step
    return scores
