"""A family's goals and how they move forward from journal to journal."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sandbox.pilot.chance import happens

DOMAINS = (
    "income",
    "job",
    "savings",
    "debt",
    "housing",
    "education",
    "child",
    "health",
    "community",
)
STRATEGY_OF_DOMAIN = {
    "income": "S01",
    "job": "S08",
    "savings": "S02",
    "debt": "S05",
    "housing": "S06",
    "education": "S03",
    "child": "S04",
    "health": "S11",
    "community": "S09",
}
GOALS_AT_ENROLMENT = (1, 2, 2, 3)
# How a goal ends; None: it is still open in the last journal.
ENDINGS = ("achieved", "achieved", "achieved", "changed", "dropped", None, None)
FIRST_ENDING = 4  # journals after the start


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal.

    Attributes:
        number: On the family's card.
        domain: What it is about.
        started: Month of the journal that names it; None: named at enrolment.
        updates: Status by month, in the journals that mention it.
    """

    number: int
    domain: str
    started: str | None
    updates: dict[str, str]

    @property
    def strategy(self) -> str:
        """The strategy that usually serves such a goal."""
        return STRATEGY_OF_DOMAIN[self.domain]


def draw_goals(written: list[str], rng: Random) -> tuple[Goal, ...]:
    """Draw the goals of a family that writes in these months."""
    count = rng.choice(GOALS_AT_ENROLMENT)
    domains = rng.sample(DOMAINS, count + 1)
    goals = [
        Goal(number, domain, None, dict(_updates(written, rng)))
        for number, domain in enumerate(domains[:count], start=1)
    ]
    if len(written) > FIRST_ENDING and happens(rng, 0.5):
        start = rng.randrange(1, len(written) - 2)
        updates = {written[start]: "new"} | dict(_updates(written[start + 1 :], rng))
        goals.append(Goal(count + 1, domains[count], written[start], updates))
    return tuple(goals)


def _updates(written: list[str], rng: Random) -> Iterator[tuple[str, str]]:
    """Yield the months that mention the goal; the ending comes once, and last."""
    ending = rng.choice(ENDINGS)
    ends_at = None
    if ending and len(written) > FIRST_ENDING:
        ends_at = rng.randrange(FIRST_ENDING, len(written))
    for position, month in enumerate(written[: None if ends_at is None else ends_at]):
        if happens(rng, 0.5):
            yield month, "progress"
        elif position and happens(rng, 0.25):
            yield month, "stuck"
    if ends_at is not None and ending:
        yield written[ends_at], ending
