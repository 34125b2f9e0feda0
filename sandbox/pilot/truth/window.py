"""The truth of the window of the analysis: what every family had, month by month.

Everything is drawn from one stream per country, in one order that must not change: the
published figures rest on it. Whatever else the pilot needs has generators of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sandbox.pilot.countries import COUNTRIES, Country
from sandbox.pilot.truth.families import Family, Roster, enrol_families
from sandbox.pilot.truth.incomes import Incomes, draw_incomes
from sandbox.pilot.truth.investment_draws import Investment, draw_investments
from sandbox.pilot.truth.measures import FamilyMonth, draw_family_months


@dataclass(frozen=True, slots=True)
class CountryTruth:
    """One country's families and what they really had.

    Attributes:
        country: The targets.
        roster: The families.
        incomes: Baselines, and who left when.
        months: What each family had, by family code and month; a missing key is a
            journal that was never written.
        investments: Paid investments by family code.
    """

    country: Country
    roster: Roster
    incomes: Incomes
    months: dict[tuple[str, str], FamilyMonth]
    investments: dict[str, Investment]

    def family(self, code: str) -> Family:
        """Return the family with this code."""
        return self.roster.families[code]

    def months_of(self, code: str) -> Iterator[tuple[str, FamilyMonth]]:
        """Yield the family's written months, oldest first."""
        for (family_code, month), facts in self.months.items():
            if family_code == code:
                yield month, facts


def draw_truth() -> list[CountryTruth]:
    """Draw every country's truth."""
    return [_country_truth(country) for country in COUNTRIES]


def _country_truth(country: Country) -> CountryTruth:
    rng = Random(f"cii-{country.code}")
    roster = enrol_families(country, rng)
    incomes = draw_incomes(country, roster, rng)
    months = draw_family_months(country, roster, incomes, rng)
    investments = draw_investments(country, roster, rng)
    return CountryTruth(country, roster, incomes, months, investments)
