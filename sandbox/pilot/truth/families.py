"""Who takes part: the families of each country in groups of five, and late joiners.

The draws follow the order in which the pilot's published figures were first computed,
so that the same seed still gives the same families; see `incomes` for the rest.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from sandbox.pilot.countries import FAMILIES_PER_GROUP, Country

HOUSEHOLD_SIZES = [3, 4, 4, 5, 5, 5, 6, 6, 7]
LATE_BASELINE_MONTH = "2020-09"


class Standing(StrEnum):
    """Which of the panels a family is in."""

    PANEL_B = "panel_b"  # baseline, launch month and end of the analysis
    PANEL_A_ONLY = "panel_a_only"  # baseline and launch month; drops out
    WITHOUT_BASELINE = "without_baseline"  # launch month only; drops out
    WITHOUT_LAUNCH = "without_launch"  # baseline, but no journal of the launch month
    LATE_JOINER = "late_joiner"  # enrolled in October 2020


@dataclass(frozen=True, slots=True)
class Family:
    """One household as enrolled.

    Attributes:
        code: Printed on the family's card.
        country: Two letters.
        site: Site code at enrolment.
        group: Peer group code at enrolment.
        member_count: People in the household.
        baseline_month: The month the baseline is about.
        standing: Which of the panels it is in.
    """

    code: str
    country: str
    site: str
    group: str
    member_count: int
    baseline_month: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Roster:
    """A country's families; the lists below keep the order in which they were drawn."""

    families: dict[str, Family]
    panel_b: list[str]
    panel_a_only: list[str]
    without_baseline: list[str]
    without_launch: list[str]
    late_joiners: list[str]

    @property
    def panel_a(self) -> list[str]:
        """Families with a baseline and a journal of the launch month."""
        return self.panel_b + self.panel_a_only


def enrol_families(country: Country, rng: Random) -> Roster:
    """Draw the country's families."""
    homes = _homes(country)
    codes = list(homes)
    order = list(range(country.recruited_count))
    rng.shuffle(order)
    shuffled = [codes[index] for index in order]
    panel_b_end = country.panel_b_count
    panel_a_end = country.panel_a_count
    without_baseline_end = panel_a_end + country.without_baseline_count
    lists = {
        Standing.PANEL_B: shuffled[:panel_b_end],
        Standing.PANEL_A_ONLY: shuffled[panel_b_end:panel_a_end],
        Standing.WITHOUT_BASELINE: shuffled[panel_a_end:without_baseline_end],
        Standing.WITHOUT_LAUNCH: shuffled[without_baseline_end:],
        Standing.LATE_JOINER: codes[country.recruited_count :],
    }
    standings = {
        code: standing for standing, listed in lists.items() for code in listed
    }
    families = {}
    for code, (site, group) in homes.items():
        member_count = rng.choice(HOUSEHOLD_SIZES)
        drawn_month = rng.choice(country.calendar.baseline_months)
        is_late = standings[code] is Standing.LATE_JOINER
        families[code] = Family(
            code=code,
            country=country.code,
            site=site,
            group=group,
            member_count=member_count,
            baseline_month=LATE_BASELINE_MONTH if is_late else drawn_month,
            standing=standings[code],
        )
    return Roster(families, *lists.values())


def _homes(country: Country) -> dict[str, tuple[str, str]]:
    """Return site and group by family code: recruited families, then late joiners."""
    homes = {}
    for index in range(country.recruited_count):
        site_number = index // country.families_per_site + 1
        group_number = index // FAMILIES_PER_GROUP + 1
        site = f"{country.code}-{site_number:02d}"
        homes[f"{site}-{index + 1:04d}"] = (site, _group(country, group_number))
    for index in range(country.late_joiner_count):
        # Late joiners take turns between the sites and join a group of their own site.
        turn, site_index = divmod(index, 2)
        site = f"{country.code}-{site_index + 1:02d}"
        group_number = site_index * country.groups_per_site + turn + 1
        homes[f"{site}-{201 + index:04d}"] = (site, _group(country, group_number))
    return homes


def _group(country: Country, number: int) -> str:
    return f"{country.code}-PG{number:02d}"
