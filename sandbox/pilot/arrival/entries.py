"""A journal as somebody typed it: true facts, and what went wrong on the way."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from enum import StrEnum
from random import Random

from sandbox.pilot.forms.renames import FIRST_VERSION, PRESENT_VERSION
from sandbox.pilot.truth.measures import FamilyMonth

# Phones got the present form on this day.
PRESENT_SINCE = datetime(2021, 1, 4, tzinfo=UTC)


class MessKind(StrEnum):
    """What went wrong with a journal, one thing at most."""

    NONE = "none"
    DOUBLED = "doubled"
    CONFLICTING = "conflicting"
    EDITED = "edited"
    MISTYPED_CODE = "mistyped_code"
    WRONG_UNIT = "wrong_unit"
    IN_DOLLARS = "in_dollars"
    WRONG_MONTH = "wrong_month"
    LATE = "late"
    TEST = "test"
    DELETED = "deleted"
    REJECTED = "rejected"
    AFTER_CUTOFF = "after_cutoff"
    UNRESOLVABLE_CODE = "unresolvable_code"
    ON_HOLD = "on_hold"


@dataclass(slots=True)
class Entry:
    """One journal submission before it becomes a KoboToolbox record.

    Attributes:
        family_code: The true family; the typed code may differ.
        month: The true month; the claimed month may differ.
        facts: What the family had.
        income: Income as typed; None when the family did not say.
        received_at: When the server got it, UTC.
        username: Who typed it.
        typed_code: Family code as typed.
        claimed_month: Month as typed.
        mess: What went wrong.
        first_income: Income before an edit on the server, if there was one.
        version_name: Version of the form on that phone.
        review: Review state after review; None: nobody reviewed it.
        story: Text instead of the usual story.
        five_point_satisfaction: Answer on the trial's scale of 1 to 5.
        clock: `reversed` or `1970` when the phone's clock was wrong.
        copied_from: Family whose other answers the liaison copied.
        has_goals_reversed: Whether the repeats were sent in another order.
    """

    family_code: str
    month: str
    facts: FamilyMonth
    income: Decimal | None
    received_at: datetime
    username: str
    typed_code: str
    claimed_month: str
    mess: MessKind = MessKind.NONE
    first_income: Decimal | None = None
    version_name: str = PRESENT_VERSION
    review: str | None = "approved"
    story: str | None = None
    five_point_satisfaction: int | None = None
    clock: str | None = None
    copied_from: str | None = None
    has_goals_reversed: bool = False

    @property
    def country(self) -> str:
        """Two letters of the true family's country."""
        return self.family_code[:2]


def version_at(received_at: datetime) -> str:
    """Return the form version that phones used at that time."""
    return PRESENT_VERSION if received_at >= PRESENT_SINCE else FIRST_VERSION


def with_minutes(day_and_hour: datetime, rng: Random) -> datetime:
    """Return the same hour with minutes and seconds drawn."""
    return day_and_hour.replace(minute=rng.randrange(60), second=rng.randrange(60))


def at_hour(day: datetime, hour: int) -> datetime:
    """Return `hour` of that day, UTC."""
    return datetime.combine(day, time(hour), tzinfo=UTC)
