"""One country of the pilot, everything that is true about it in one place."""

from dataclasses import dataclass, field

from sandbox.pilot.countries import Country
from sandbox.pilot.months import last_day
from sandbox.pilot.truth.extension import RETURN_MONTH, Extension, draw_extension
from sandbox.pilot.truth.families import Family
from sandbox.pilot.truth.households import Household, draw_household
from sandbox.pilot.truth.life_events import LifeEvent, draw_life_events, membership
from sandbox.pilot.truth.measures import FamilyMonth
from sandbox.pilot.truth.window import CountryTruth, draw_truth

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class World:
    """A country's truth over all its months.

    Attributes:
        truth: The window of the analysis, drawn from the pinned stream.
        events: Departures, moves, splits.
        extension: The months after it.
        families: Everyone, households that split off included.
        households: What each family's home is like.
        months: Every written month.
        written: Every family's written months, oldest first.
    """

    truth: CountryTruth
    events: list[LifeEvent]
    extension: Extension
    families: dict[str, Family]
    households: dict[str, Household]
    months: dict[Key, FamilyMonth]
    written: dict[str, list[str]] = field(default_factory=dict)

    @property
    def country(self) -> Country:
        """The country's targets."""
        return self.truth.country

    def home(self, code: str, month: str) -> tuple[str, str]:
        """Return the family's site and peer group in `month`."""
        return membership(self.families[code], self.events, month)

    def member_count(self, code: str, month: str) -> int:
        """Return how many people live in the household in `month`."""
        count = self.households[code].member_count_in(month)
        for event in self.events:
            has_happened = event.day <= last_day(month)
            if event.kind == "split" and event.family.code == code and has_happened:
                count -= self.families[event.new_family_code or code].member_count
            if event.kind == "merge" and code == self.merging_host and has_happened:
                count += event.family.member_count
        return count

    @property
    def merging_host(self) -> str:
        """The family whose household another one joins; in no published panel."""
        return self.truth.roster.late_joiners[0]

    def previous_month(self, code: str, month: str) -> FamilyMonth | None:
        """Return what the family's last journal before `month` said."""
        earlier = [written for written in self.written[code] if written < month]
        return self.months[code, earlier[-1]] if earlier else None

    def is_active(self, code: str, month: str) -> bool:
        """Return whether the family takes part in `month`."""
        calendar = self.country.calendar
        begins = max(self.families[code].baseline_month, calendar.launch_month)
        if not begins <= month <= calendar.last_month:
            return False
        if code in self.extension.returned and month >= RETURN_MONTH:
            return True
        return not any(
            event.family.code == code
            and event.kind in {"exit", "merge", "pause"}
            and event.day < last_day(month)
            for event in self.events
        )


def draw_worlds() -> list[World]:
    """Draw every country."""
    return [_world(truth) for truth in draw_truth()]


def _world(truth: CountryTruth) -> World:
    events = draw_life_events(truth)
    extension = draw_extension(truth, events)
    families = truth.roster.families | extension.new_families
    months = truth.months | extension.months
    written: dict[str, list[str]] = {code: [] for code in families}
    for code, month in sorted(months):
        written[code].append(month)
    households = {
        code: draw_household(family, truth.country, written[code])
        for code, family in families.items()
    }
    return World(truth, events, extension, families, households, months, written)
