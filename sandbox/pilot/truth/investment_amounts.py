"""How much an investment was: invented, and the same wherever it is mentioned."""

from random import Random

from sandbox.pilot.countries import Country

STEPS = 20  # between the country's lowest and highest amount


def paid_amount(country: Country, family_code: str) -> int:
    """Return what the family was paid, in whole steps."""
    lowest, highest = country.investment_range
    step = (highest - lowest) // STEPS
    drawn = Random(f"investment-amount-{family_code}").randint(0, STEPS)
    return lowest + drawn * step
