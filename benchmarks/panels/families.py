"""The families of a site: when they enrol, pause, move and leave."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.panels.shape import Panel, PanelSite
from sandbox.pilot.months import first_day, last_day, shifted

# Shares of families over three years, about those of the pilot in 21 months. Splits and
# merges, rarer still, are left out.
KINDS = (
    ("exit", 0.10),
    ("pause", 0.02),
    ("move_group", 0.02),
    ("move_site", 0.01),
)
MONTHS_PAUSED = 3
STEP_OF_HISTORIES = 5


@dataclass(frozen=True, slots=True)
class Departure:
    """What a family's exit form says.

    Attributes:
        kind: exit, pause, move_group or move_site.
        day: From when it holds.
        month: The month of that day, counted from the launch.
    """

    kind: str
    day: date
    month: int


@dataclass(frozen=True, slots=True)
class Family:
    """One family of a panel.

    Attributes:
        place: Counts the families of its site from 0.
        code: Its code.
        group_code: The peer group that it enrols in.
        history: Which of the pilot's families it tells the answers of.
        offset: The month of that history with which its own begins.
        factor: Its amounts of money over those of that family.
        enrolled: The day.
        departure: Its exit form, if it ever sends one.
    """

    place: int
    code: str
    group_code: str
    history: int
    offset: int
    factor: float
    enrolled: date
    departure: Departure | None

    def is_in(self, month: int) -> bool:
        """Return whether it is still there in a month, counted from the launch."""
        departure = self.departure
        return departure is None or departure.kind != "exit" or month <= departure.month

    def is_paused(self, month: int) -> bool:
        """Return whether it tells nothing of a month because it pauses."""
        departure = self.departure
        return (
            departure is not None
            and departure.kind == "pause"
            and departure.month <= month < departure.month + MONTHS_PAUSED
        )


def families_of(
    panel: Panel, site: PanelSite, histories: int, dice: Random
) -> Iterator[Family]:
    """Yield the families of a site.

    No two of them tell the same answers of the same month: that would be the copied
    journals that the warehouse looks for.
    """
    order = dice.sample(range(histories), histories)
    for place in range(site.families):
        yield Family(
            place,
            site.family_code(place),
            site.group_code(place),
            order[place % histories],
            place // histories * STEP_OF_HISTORIES,
            dice.uniform(0.7, 1.4),
            first_day(panel.recruited_month) + timedelta(dice.randrange(50)),
            _departure(panel, dice),
        )


def _departure(panel: Panel, dice: Random) -> Departure | None:
    drawn = dice.random()
    month = dice.randrange(1, max(2, panel.months))
    in_panel = shifted(panel.launch_month, month)
    day = first_day(in_panel) + timedelta(dice.randrange(last_day(in_panel).day))
    for kind, share in KINDS:
        if drawn < share:
            return Departure(kind, day, month)
        drawn -= share
    return None
