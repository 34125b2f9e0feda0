"""The journals after the published window, to March 2022 in the three pilots.

Nothing here may move a figure of July 2021, so the draws are the extension's own.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random

from sandbox.pilot.arrival.entries import Entry, MessKind
from sandbox.pilot.chance import happens
from sandbox.pilot.months import first_day, shifted
from sandbox.pilot.truth.families import Family
from sandbox.pilot.truth.incomes import rounded_to_unit
from sandbox.pilot.truth.life_events import LifeEvent
from sandbox.pilot.truth.measures import FamilyMonth
from sandbox.pilot.truth.window import CountryTruth

MISSING_SHARE = 0.07
RETURN_MONTH = "2021-10"  # of the families that had paused
LIVE_CHANGE_SHARE = 0.1  # of the families, those that join or leave a circle a month
# How many months per country end as no income, unknown income, refused savings.
ZERO_COUNT, UNKNOWN_COUNT, REFUSED_COUNT, ON_HOLD_COUNT = 2, 2, 2, 2

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Extension:
    """A country's months after July 2021.

    Attributes:
        months: What each family had, by family code and month.
        on_hold: Months whose journal the data desk holds back.
        new_families: Households that split off.
        returned: Families that had paused and came back.
    """

    months: dict[Key, FamilyMonth]
    on_hold: set[Key]
    new_families: dict[str, Family]
    returned: tuple[str, ...]


def draw_extension(truth: CountryTruth, events: Sequence[LifeEvent]) -> Extension:
    """Draw the months of every family that is still active."""
    if not truth.country.calendar.extension_months:
        return Extension({}, set(), {}, ())
    rng = Random(f"extension-{truth.country.code}")
    erased = {event.family.code: event for event in events if _is_erasure(event)}
    months: dict[Key, FamilyMonth] = {}
    for code, start in _starting_points(truth).items():
        first = _first_month(truth, code)
        last = None
        if code in erased:
            last = shifted(erased[code].day.isoformat()[:7], -1)
        months |= _path(truth, code, start, (first, last), rng)
    new_families = _split_households(events, months)
    _make_some_unusual(truth, months, rng)
    on_hold = set(rng.sample(_ordinary_keys(truth, months), ON_HOLD_COUNT))
    return Extension(months, on_hold, new_families, tuple(_returning(truth)))


def draw_extension_entries(truth: CountryTruth, extension: Extension) -> list[Entry]:
    """Return the entries of the extension's journals."""
    rng = Random(f"extension-entries-{truth.country.code}")
    prefix = f"liaison_{truth.country.code.lower()}"
    entries = []
    for (code, month), facts in sorted(extension.months.items()):
        day = first_day(shifted(month, 1)) + timedelta(days=rng.randint(0, 20))
        clock_time = time(rng.randint(7, 20), rng.randrange(60), rng.randrange(60))
        entry = Entry(
            family_code=code,
            month=month,
            facts=facts,
            income=None if facts.income is None else Decimal(facts.income),
            received_at=datetime.combine(day, clock_time, tzinfo=UTC),
            username=f"{prefix}{rng.randint(1, 3)}",
            typed_code=code,
            claimed_month=month,
        )
        if (code, month) in extension.on_hold:
            entry = replace(entry, mess=MessKind.ON_HOLD, review="on_hold")
        entries.append(entry)
    return entries


def _is_erasure(event: LifeEvent) -> bool:
    return event.data_wish == "erase"


def _starting_points(truth: CountryTruth) -> dict[str, FamilyMonth]:
    """Return the end month of families that stayed, the launch of those that return."""
    stayed = truth.roster.panel_b + truth.roster.late_joiners
    calendar = truth.country.calendar
    starts = {code: truth.months[code, calendar.end_month] for code in stayed}
    for code in _returning(truth):
        starts[code] = truth.months[code, calendar.launch_month]
    return starts


def _returning(truth: CountryTruth) -> list[str]:
    return truth.roster.panel_a_only[: truth.country.mess.after_cutoff]


def _first_month(truth: CountryTruth, code: str) -> str:
    if code in _returning(truth):
        return RETURN_MONTH
    return truth.country.calendar.extension_months[0]


def _path(
    truth: CountryTruth,
    code: str,
    start: FamilyMonth,
    span: tuple[str, str | None],
    rng: Random,
) -> dict[Key, FamilyMonth]:
    first, last = span
    path = {}
    facts = start
    for month in truth.country.calendar.extension_months:
        facts = _next_month(truth, start, facts, rng)
        is_written = rng.random() >= MISSING_SHARE
        if is_written and first <= month <= (last or month):
            path[code, month] = facts
    return path


def _next_month(
    truth: CountryTruth, start: FamilyMonth, facts: FamilyMonth, rng: Random
) -> FamilyMonth:
    country = truth.country
    income = (start.income or 0) * 1.004 * math.exp(rng.gauss(0, 0.1))
    savings = (facts.savings or 0) * math.exp(rng.gauss(0.01, 0.08))
    is_in_circle = facts.is_in_circle != (happens(rng, LIVE_CHANGE_SHARE / 2))
    usual = country.circle_contributed[1] / country.circle_families[1]
    contributed = rounded_to_unit(country, usual * math.exp(rng.gauss(0, 0.1)))
    given = 0.0
    if not happens(rng, 0.25):  # as in the published window
        given = income * country.given_percent / 100 * 2.6 * rng.random()
    return FamilyMonth(
        income=rounded_to_unit(country, income),
        savings=rounded_to_unit(country, savings) if savings else 0,
        is_in_circle=is_in_circle,
        circle_contributed=contributed if is_in_circle else 0,
        satisfaction=min(10, max(0, facts.satisfaction + rng.choice((-1, 0, 0, 0, 1)))),
        control=min(10, max(1, facts.control + rng.choice((-1, 0, 0, 0, 1)))),
        given=rounded_to_unit(country, given) if given else 0,
    )


def _split_households(
    events: Sequence[LifeEvent], months: dict[Key, FamilyMonth]
) -> dict[str, Family]:
    """Split what splits, which in some countries is none; return the new families."""
    splits = [event for event in events if event.kind == "split"]
    new = [_split_household(split, months) for split in splits]
    return {family.code: family for family in new}


def _split_household(split: LifeEvent, months: dict[Key, FamilyMonth]) -> Family:
    """Give half of the household's money to the one that splits off."""
    old = split.family
    members = max(1, old.member_count // 2)
    split_month = split.day.isoformat()[:7]
    new = replace(old, code=split.new_family_code or "", member_count=members)
    for (code, month), facts in list(months.items()):
        if code == old.code and month > split_month:
            half = replace(
                facts,
                income=(facts.income or 0) // 2,
                savings=(facts.savings or 0) // 2,
            )
            months[new.code, month] = half
            months[code, month] = replace(
                facts,
                income=(facts.income or 0) - (half.income or 0),
                savings=(facts.savings or 0) - (half.savings or 0),
            )
    return replace(new, baseline_month=split_month)


def _ordinary_keys(truth: CountryTruth, months: dict[Key, FamilyMonth]) -> list[Key]:
    panel_b = set(truth.roster.panel_b)
    return sorted(
        (code, month)
        for (code, month), facts in months.items()
        if code in panel_b and facts.income and facts.savings is not None
    )


def _make_some_unusual(
    truth: CountryTruth, months: dict[Key, FamilyMonth], rng: Random
) -> None:
    """Give a few families a month without income, and a few an answer not given."""
    count = ZERO_COUNT + UNKNOWN_COUNT + REFUSED_COUNT
    chosen = rng.sample(_ordinary_keys(truth, months), count)
    for position, key in enumerate(chosen):
        if position < ZERO_COUNT:
            months[key] = replace(months[key], income=0, given=0)
        elif position < ZERO_COUNT + UNKNOWN_COUNT:
            months[key] = replace(months[key], income=None)
        else:
            months[key] = replace(months[key], savings=None)
