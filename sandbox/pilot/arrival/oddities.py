"""Rarer mess that moves no published figure but must not break the way there."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random

from sandbox.pilot.arrival.entries import Entry, MessKind, version_at
from sandbox.pilot.chance import happens
from sandbox.pilot.forms.renames import FIVE_POINT_VERSION
from sandbox.pilot.months import first_day, shifted
from sandbox.pilot.records.texts import ODD_STORIES
from sandbox.pilot.truth.measures import FamilyMonth
from sandbox.pilot.truth.world import World

TRIAL_COUNTRY, TRIAL_COUNT = "CO", 10
TRIAL_SPAN = (
    datetime(2020, 10, 16, tzinfo=UTC),
    datetime(2021, 1, 3, tzinfo=UTC),
)
WRONG_CLOCKS = ("reversed", "reversed", "1970")
REVERSED_GOALS_COUNT = 8
# Well formed but nobody's; too short; unreadable.
UNRESOLVABLE_CODES = {"MX": "MX-01-0199", "CO": "CO-2-77", "PH": "PH-02-00??"}
COPIED_COUNTRY, COPIED_GROUP = "CO", "CO-PG13"
COPIED_MONTHS = ("2021-03", "2021-04", "2021-05")
COPYING_USERNAMES = ("liaison_co2", "liaison_co3")
UNREVIEWED_SHARE = 0.02


def add_oddities(world: World, entries: list[Entry]) -> list[Entry]:
    """Return the entries, some of them odd, and one whose family cannot be found."""
    if not world.country.has_oddities:
        return entries
    rng = Random(f"oddities-{world.country.code}")
    ordinary = [entry for entry in entries if _is_ordinary(world, entry)]
    if world.country.code == TRIAL_COUNTRY:
        _try_five_points(ordinary, rng)
    if world.country.code == COPIED_COUNTRY:
        _copy_between_families(world, ordinary)
    _tell_odd_stories(ordinary, rng)
    for entry, clock in zip(_plain(ordinary, rng, 3), WRONG_CLOCKS, strict=True):
        entry.clock = clock
    _reverse_goals(world, ordinary, rng)
    for entry in ordinary:
        if happens(rng, UNREVIEWED_SHARE):
            entry.review = None
    return [*entries, _unresolvable(world, rng)]


def _is_ordinary(world: World, entry: Entry) -> bool:
    calendar = world.country.calendar
    is_between_ends = calendar.launch_month < entry.month < calendar.end_month
    return entry.mess is MessKind.NONE and is_between_ends


def _plain(entries: Iterable[Entry], rng: Random, count: int) -> list[Entry]:
    """Draw entries that are not odd yet."""
    untouched = [
        entry
        for entry in entries
        if entry.clock is None
        and entry.story is None
        and entry.copied_from is None
        and entry.five_point_satisfaction is None
    ]
    return rng.sample(untouched, count)


def _try_five_points(entries: list[Entry], rng: Random) -> None:
    first, last = TRIAL_SPAN
    during_trial = [entry for entry in entries if first < entry.received_at < last]
    for entry in _plain(during_trial, rng, TRIAL_COUNT):
        entry.version_name = FIVE_POINT_VERSION
        # 0-10 squeezed into 1-5, which is why the two must never be averaged.
        entry.five_point_satisfaction = 1 + round(entry.facts.satisfaction * 0.4)


def _copy_between_families(world: World, entries: list[Entry]) -> None:
    """Let two liaisons fill in one group's journals from one family's answers."""
    members = [
        code for code, family in world.families.items() if family.group == COPIED_GROUP
    ]
    # Copied from the smallest household, so that no answer exceeds its own limits.
    source = min(members, key=lambda code: (world.families[code].member_count, code))
    for entry in entries:
        if entry.family_code in members and entry.month in COPIED_MONTHS:
            turn = members.index(entry.family_code) % len(COPYING_USERNAMES)
            entry.username = COPYING_USERNAMES[turn]
            entry.copied_from = source


def _tell_odd_stories(entries: list[Entry], rng: Random) -> None:
    chosen = _plain(entries, rng, len(ODD_STORIES))
    for entry, story in zip(chosen, ODD_STORIES, strict=True):
        entry.story = story


def _reverse_goals(world: World, entries: list[Entry], rng: Random) -> None:
    def mentions_two_goals(entry: Entry) -> bool:
        goals = world.households[entry.family_code].goals
        return sum(entry.month in goal.updates for goal in goals) > 1

    candidates = [entry for entry in entries if mentions_two_goals(entry)]
    for entry in rng.sample(candidates, REVERSED_GOALS_COUNT):
        entry.has_goals_reversed = True


def _unresolvable(world: World, rng: Random) -> Entry:
    """Return a journal whose family code nobody can repair."""
    country = world.country
    month = rng.choice(country.calendar.analysis_months[2:-2])
    income = country.income[0] // country.panel_b_count * 9
    first_code = world.truth.roster.panel_b[0]
    template = world.truth.months[first_code, country.calendar.launch_month]
    facts = FamilyMonth(
        income=income,
        savings=template.savings,
        satisfaction=template.satisfaction,
        control=template.control,
        given=income // 2,
    )
    code = UNRESOLVABLE_CODES[country.code]
    day = first_day(shifted(month, 1)) + timedelta(days=rng.randint(1, 12))
    received_at = datetime.combine(day, time(16, rng.randrange(60)), tzinfo=UTC)
    return Entry(
        family_code=code,
        month=month,
        facts=facts,
        income=Decimal(income),
        received_at=received_at,
        username=f"liaison_{country.code.lower()}1",
        typed_code=code,
        claimed_month=month,
        mess=MessKind.UNRESOLVABLE_CODE,
        version_name=version_at(received_at),
    )
