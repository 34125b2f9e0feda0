from random import Random

import pytest

from sandbox.pilot.truth.allocate import largest_remainder, scores_adding_up


@pytest.mark.parametrize("seed", range(5))
def test_parts_add_up_whatever_the_weights(seed: int) -> None:
    rng = Random(seed)  # noqa: S311  # seeded on purpose
    weights = [rng.random() for _ in range(37)]
    parts = largest_remainder(weights, 99_900, 100, 2)
    assert sum(parts) == 99_900
    assert min(parts) >= 200
    assert all(part % 100 == 0 for part in parts)


def test_the_rest_goes_to_the_largest_remainders() -> None:
    assert largest_remainder([1, 1, 2], 10, 1) == [3, 2, 5]


def test_a_total_that_is_no_multiple_of_the_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        largest_remainder([1, 1], 15, 10)


@pytest.mark.parametrize("seed", range(5))
def test_scores_add_up_and_stay_on_their_scale(seed: int) -> None:
    rng = Random(seed)  # noqa: S311  # seeded on purpose
    scores = scores_adding_up(rng, 90, 540, 1, 10)
    assert sum(scores) == 540
    assert min(scores) >= 1
    assert max(scores) <= 10
