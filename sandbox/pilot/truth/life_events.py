"""Families that leave, pause, move, split or merge: what the exit form reports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sandbox.pilot.chance import happens
from sandbox.pilot.countries import Country
from sandbox.pilot.months import first_day, last_day, shifted
from sandbox.pilot.truth.families import Family
from sandbox.pilot.truth.window import CountryTruth

MOVE_MONTHS = ("2020-09", "2020-10", "2020-11", "2021-01", "2021-02", "2021-04")
# After the published window, so that the balanced panel keeps all its families.
SPLIT_DATE = date(2021, 10, 20)
SPLIT_NUMBER = 301
ERASED_COUNTRY, ERASURE_DATE = "PH", date(2021, 12, 13)
MERGED_COUNTRY = "PH"
LEAVING_REASONS = ("moved", "time", "work", "illness", "nocontact", "done", "other")


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One exit form.

    Attributes:
        family: As enrolled.
        kind: A code of the form: exit, pause, move_group, move_site, split, merge.
        day: When it happened.
        received_at: When the form reached the server.
        reason: Why the family leaves.
        data_wish: keep, freeze or erase.
        new_group: Peer group after a move.
        new_site: Site of that group.
        new_family_code: Code of the household that split off.
    """

    family: Family
    kind: str
    day: date
    received_at: datetime
    reason: str | None = None
    data_wish: str | None = None
    new_group: str | None = None
    new_site: str | None = None
    new_family_code: str | None = None


def draw_life_events(truth: CountryTruth) -> list[LifeEvent]:
    """Draw the country's exit forms, oldest first."""
    rng = Random(f"life-events-{truth.country.code}")
    events = [*_departures(truth, rng), *_panel_events(truth, rng)]
    if truth.country.code == ERASED_COUNTRY:
        events.append(_erasure(truth, rng))
    return sorted(events, key=lambda event: event.received_at)


def _received(day: date, rng: Random) -> datetime:
    arrived = datetime.combine(day, time(12), tzinfo=UTC)
    return arrived + timedelta(
        days=rng.randint(1, 8),
        minutes=rng.randint(-240, 480),
        seconds=rng.randrange(60),
    )


def _departures(truth: CountryTruth, rng: Random) -> Iterator[LifeEvent]:
    """Yield one form for every family whose journals end before the analysis does."""
    paused = truth.roster.panel_a_only[: truth.country.mess.after_cutoff]
    merged = truth.roster.panel_a_only[-1:]
    for code, last_month in truth.incomes.last_months.items():
        day = _departure_day(truth, code, last_month, rng)
        family = truth.family(code)
        leaving = LifeEvent(family, "exit", day, _received(day, rng))
        if code in paused:
            yield replace(leaving, kind="pause")
        elif code in merged and truth.country.code == MERGED_COUNTRY:
            yield replace(leaving, kind="merge")
        else:
            reason = rng.choice(LEAVING_REASONS)
            # Whoever is in what was published lets its numbers stay.
            yield replace(leaving, reason=reason, data_wish="keep")


def _departure_day(
    truth: CountryTruth, code: str, last_month: str, rng: Random
) -> date:
    """Return the last day of the last month, or a day of the month after it."""
    investment = truth.investments.get(code)
    if investment and investment.month > last_month:
        # The family stopped writing but stayed until its investment was paid.
        return last_day(investment.month)
    if happens(rng, 0.5):  # as likely as not
        return last_day(last_month)
    return first_day(shifted(last_month, 1)) + timedelta(days=rng.randint(2, 20))


def _panel_events(truth: CountryTruth, rng: Random) -> Iterator[LifeEvent]:
    """Yield the moves and the split: families that stay in the panel."""
    country = truth.country
    move_count = country.moved_group_count + country.moved_site_count
    chosen = rng.sample(truth.roster.panel_b, move_count + country.has_split)
    for position, code in enumerate(chosen[:move_count]):
        family = truth.family(code)
        changes_site = position >= country.moved_group_count
        new_group = _other_group(country, family, changes_site=changes_site, rng=rng)
        day = first_day(MOVE_MONTHS[position]) + timedelta(days=rng.randint(4, 24))
        kind = "move_site" if changes_site else "move_group"
        received_at = _received(day, rng)
        yield LifeEvent(
            family,
            kind,
            day,
            received_at,
            new_group=new_group,
            new_site=country.site_of_group(new_group),
        )
    for code in chosen[move_count:]:
        family = truth.family(code)
        yield LifeEvent(
            family,
            "split",
            SPLIT_DATE,
            _received(SPLIT_DATE, rng),
            new_family_code=f"{family.site}-{SPLIT_NUMBER:04d}",
        )


def _other_group(
    country: Country, family: Family, *, changes_site: bool, rng: Random
) -> str:
    numbers = range(1, country.group_count + 1)
    groups = [f"{family.country}-PG{number:02d}" for number in numbers]
    return rng.choice(
        [
            group
            for group in groups
            if group != family.group
            and (country.site_of_group(group) != family.site) == changes_site
        ]
    )


def _erasure(truth: CountryTruth, rng: Random) -> LifeEvent:
    family = truth.family(truth.roster.late_joiners[1])
    return LifeEvent(
        family,
        "exit",
        ERASURE_DATE,
        _received(ERASURE_DATE, rng),
        reason="privacy",
        data_wish="erase",
    )


def membership(
    family: Family, events: Sequence[LifeEvent], month: str
) -> tuple[str, str]:
    """Return the family's site and group on the last day of `month`."""
    site, group = family.site, family.group
    for event in events:
        is_own = event.family.code == family.code
        if is_own and event.day <= last_day(month) and event.new_group:
            site, group = event.new_site or site, event.new_group
    return site, group
