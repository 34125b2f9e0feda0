"""What a family's home is like: its people, house, ways to earn, debts and goals.

None of it is in a published figure; each family has a generator of its own, so adding a
family changes no other.
"""

from dataclasses import dataclass
from random import Random

from sandbox.pilot.chance import happens
from sandbox.pilot.countries import Country
from sandbox.pilot.truth.families import Family
from sandbox.pilot.truth.goals import Goal, draw_goals

ADULT_AGE, SCHOOL_AGES, YOUNG_AGE = 18, range(5, 18), 14
COUPLE = 2
VISIT_SHARE = 0.06
# Visits lie between the ends of the analysis, so that per-head figures of the two ends
# divide by the household as enrolled.
VISIT_STARTS, VISIT_ENDS = slice(2, 6), slice(7, 11)
NO_HEALTH_CONSENT_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the household, as the enrolment form asks.

    Attributes:
        relation: To the person who keeps the journal.
        sex: f, m or x.
        age: Completed years at enrolment.
    """

    relation: str
    sex: str
    age: int


@dataclass(frozen=True, slots=True)
class Debt:
    """What the family owes at the end of a month and how it came to it."""

    balance: int = 0
    borrowed: int = 0
    repaid: int = 0


@dataclass(frozen=True, slots=True)
class Household:
    """One family's lasting circumstances.

    Attributes:
        members: The people at enrolment, the journal keeper first.
        visit: First and last month of a guest, if there was one.
        consents_health: Whether health and children may be asked about.
        earnings: Kinds of income, the main one first.
        debts: By month.
        goals: What the family wants, and when it moves forward.
        usual_income: A typical month's income, the scale for other amounts.
        home: Answers about the house.
    """

    members: tuple[Member, ...]
    visit: tuple[str, str] | None
    consents_health: bool
    earnings: tuple[str, ...]
    debts: dict[str, Debt]
    goals: tuple[Goal, ...]
    usual_income: float
    home: dict[str, str]

    def member_count_in(self, month: str) -> int:
        """Return members plus a guest, splits and merges left aside."""
        return len(self.members) + self.is_visited(month)

    def is_visited(self, month: str) -> bool:
        """Return whether a guest lives in the household in `month`."""
        return self.visit is not None and self.visit[0] <= month <= self.visit[1]

    @property
    def school_age_count(self) -> int:
        """Children of school age."""
        return sum(member.age in SCHOOL_AGES for member in self.members)

    @property
    def young_count(self) -> int:
        """Children under 14."""
        return sum(member.age < YOUNG_AGE for member in self.members)

    @property
    def adult_count(self) -> int:
        """People of 18 and over."""
        return sum(member.age >= ADULT_AGE for member in self.members)


def draw_household(family: Family, country: Country, written: list[str]) -> Household:
    """Draw the family's circumstances; `written` are the months of its journals."""
    rng = Random(f"household-{family.code}")
    usual_income = country.income[0] / country.panel_b_count
    has_visit = happens(rng, VISIT_SHARE)
    months = country.calendar.all_months
    starts, ends = months[VISIT_STARTS], months[VISIT_ENDS]
    return Household(
        members=_members(family.member_count, rng),
        visit=(rng.choice(starts), rng.choice(ends)) if has_visit else None,
        consents_health=rng.random() >= NO_HEALTH_CONSENT_SHARE,
        earnings=tuple(rng.sample(country.earning_types, rng.choice((1, 2, 3)))),
        debts=_debts(usual_income, country, rng),
        goals=draw_goals(written, rng),
        usual_income=usual_income,
        home=_home(country, rng),
    )


def _members(count: int, rng: Random) -> tuple[Member, ...]:
    keeper = Member("self", rng.choice("fffm"), rng.randint(23, 58))
    members = [keeper]
    if count > COUPLE or happens(rng, 0.5):  # couples and single parents
        age = max(ADULT_AGE, keeper.age + rng.randint(-4, 6))
        members.append(Member("partner", "m" if keeper.sex == "f" else "f", age))
    while len(members) < count:
        members.append(_relative(keeper, rng))
    return tuple(members[:count])


def _relative(keeper: Member, rng: Random) -> Member:
    relation = rng.choice(("child",) * 7 + ("parent", "grandchild", "other_kin"))
    sex = rng.choice("fm")
    if relation == "parent":
        return Member(relation, sex, min(90, keeper.age + rng.randint(20, 32)))
    if relation == "other_kin":
        return Member(relation, sex, rng.randint(14, 70))
    oldest = max(1, keeper.age - 18)
    youngest_first = oldest if relation == "child" else max(1, oldest - 18)
    return Member(relation, sex, rng.randint(0, min(22, youngest_first)))


def _debts(usual_income: float, country: Country, rng: Random) -> dict[str, Debt]:
    """Walk the debt through the months: new loans, regular repayments."""
    balance, unit = 0, country.money_unit
    if happens(rng, 0.55):  # about half start with debts
        balance = round(usual_income * rng.uniform(0.1, 1.4) / unit) * unit
    debts = {}
    for month in country.calendar.all_months:
        borrowed = 0
        if happens(rng, 0.12):  # a loan every eight months or so
            borrowed = round(usual_income * rng.uniform(0.05, 0.5) / unit) * unit
        repaid = min(balance, round(balance * rng.uniform(0.03, 0.2) / unit) * unit)
        balance += borrowed - repaid
        debts[month] = Debt(balance, borrowed, repaid)
    return debts


def _home(country: Country, rng: Random) -> dict[str, str]:
    devices = rng.sample(("phone", "basic", "tablet", "pc", "net"), rng.choice((1, 2)))
    floors = ("wood", "cement", "earth") if country.code == "PH" else ("cement", "tile")
    return {
        "h_tenure": rng.choice(("own", "paying", "rent", "rent", "lent", "informal")),
        "h_rooms": str(rng.choice((1, 2, 2, 3))),
        "h_floor": rng.choice(floors),
        "h_water": rng.choice(("piped", "piped", "bottled", "well", "truck")),
        "h_toilet": rng.choice(("own", "own", "shared")),
        "h_device": " ".join(devices) if happens(rng, 0.92) else "none",
    }
