"""Chance, in one word."""

from random import Random


def happens(rng: Random, probability: float) -> bool:
    """Draw whether something of that probability happens."""
    return rng.random() < probability
