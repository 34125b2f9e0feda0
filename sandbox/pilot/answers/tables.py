"""The truth as tables, for tests that compare the warehouse row by row."""

from collections.abc import Iterable, Mapping, Sequence

from sandbox.pilot.arrival.entries import Entry, MessKind
from sandbox.pilot.model import Row
from sandbox.pilot.records.answers_tree import amount, yes_no
from sandbox.pilot.records.investments import Case
from sandbox.pilot.records.journal_submissions import SentJournal
from sandbox.pilot.records.registers import UNACCEPTED
from sandbox.pilot.records.submissions import CUTOFF
from sandbox.pilot.truth.investment_amounts import paid_amount
from sandbox.pilot.truth.measures import FamilyMonth
from sandbox.pilot.truth.world import World

RELEASE, LIVE = "2021-07", "live"


def family_month_rows(world: World, journals: Iterable[SentJournal]) -> list[Row]:
    """Return one row per family and month with an accepted journal.

    `release_code` says where it is first known: in the release of July 2021, or later.
    """
    entries = [journal.entry for journal in journals]
    five_points = {
        (entry.family_code, entry.month): entry.five_point_satisfaction
        for entry in entries
        if entry.five_point_satisfaction is not None
    }
    known = _first_known(world, entries)
    facts = dict(world.truth.months)
    for key, later in _later_months(world, entries).items():
        facts[key], known[key] = later, LIVE
    return [
        _family_month(world, key, facts[key], known[key], five_points.get(key))
        for key in sorted(facts)
    ]


def _first_known(world: World, entries: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """Return for each month of the window whether the release could know it."""
    in_time = {
        (entry.family_code, entry.month)
        for entry in entries
        if entry.mess not in UNACCEPTED and entry.received_at <= CUTOFF
    }
    return {key: RELEASE if key in in_time else LIVE for key in world.truth.months}


def _later_months(
    world: World, entries: Sequence[Entry]
) -> dict[tuple[str, str], FamilyMonth]:
    after_cutoff = {
        (entry.family_code, entry.month): entry.facts
        for entry in entries
        if entry.mess is MessKind.AFTER_CUTOFF
    }
    accepted = {
        key: facts
        for key, facts in world.extension.months.items()
        if key not in world.extension.on_hold
    }
    return after_cutoff | accepted


def _family_month(
    world: World,
    key: tuple[str, str],
    facts: FamilyMonth,
    release_code: str,
    five_points: int | None,
) -> Row:
    code, month = key
    site, group = world.home(code, month)
    satisfaction = facts.satisfaction if five_points is None else None
    return {
        "family_code": code,
        "journal_month": f"{month}-01",
        "country_code": world.country.iso3,
        "site_code": site,
        "peer_group_code": group,
        "currency_code": world.country.currency,
        "income_local": _optional(_convertible_income(world, month, facts)),
        "income_programme_local": _programme_money(world, key, facts),
        "savings_balance_local": _optional(facts.savings),
        "is_in_lending_circle": yes_no(facts.is_in_circle),
        "circle_contributed_local": amount(facts.circle_contributed),
        "given_local": amount(facts.given),
        "satisfaction_score": _optional(satisfaction),
        "satisfaction_five_point_score": _optional(five_points),
        "control_score": str(facts.control),
        "household_member_count": str(world.member_count(code, month)),
        "release_code": release_code,
    }


def _convertible_income(world: World, month: str, facts: FamilyMonth) -> float | None:
    """Return the income, unless part of it came in dollars of a year without a rate."""
    has_rate = month[:4] in world.country.dollar_rates
    return None if facts.dollars and not has_rate else facts.income


def _optional(value: float | None) -> str:
    return "" if value is None else amount(value)


def _programme_money(world: World, key: tuple[str, str], facts: FamilyMonth) -> str:
    """Return what the income question lists of the programme's own money."""
    code, month = key
    if not facts.income or month == world.country.calendar.launch_month:
        return "0" if facts.income is not None else ""
    investment = world.truth.investments.get(code)
    invested = 0
    if investment and investment.month == month:
        invested = paid_amount(world.country, code)
    return amount(world.country.journal_payment + invested)


def family_rows(world: World) -> list[Row]:
    """Return one row per family."""
    baseline = world.truth.incomes.baseline
    ends = {
        event.family.code: event
        for event in world.events
        if event.kind in {"exit", "pause", "merge"}
    }
    rows = []
    for code, family in world.families.items():
        end = ends.get(code)
        rows.append(
            {
                "family_code": code,
                "country_code": world.country.iso3,
                "site_code": family.site,
                "peer_group_code": family.group,
                "standing_code": family.standing.value
                if code not in world.extension.new_families
                else "split_off",
                "baseline_month": f"{family.baseline_month}-01",
                "baseline_income_local": _optional(baseline.get(code)),
                "member_count": str(family.member_count),
                "has_health_consent": yes_no(world.households[code].consents_health),
                "end_kind_code": end.kind if end else "",
                "end_date": end.day.isoformat() if end else "",
                "data_wish_code": (end.data_wish or "") if end else "",
            }
        )
    return rows


def move_rows(world: World) -> list[Row]:
    """Return one row per move."""
    return [
        {
            "family_code": event.family.code,
            "kind_code": event.kind,
            "moved_date": event.day.isoformat(),
            "new_site_code": event.new_site or "",
            "new_peer_group_code": event.new_group or "",
        }
        for event in world.events
        if event.new_group
    ]


def investment_rows(world: World, cases: Mapping[str, Case]) -> list[Row]:
    """Return one row per investment."""
    return [
        {
            "investment_code": investment_code,
            "family_code": case.family_code,
            "country_code": world.country.iso3,
            "main_use_code": case.use,
            "requested_date": case.requested_on.isoformat(),
            "decision_code": case.decision or "",
            "paid_local": amount(case.paid),
            "paid_date": case.decided_on.isoformat()
            if case.decision == "paid" and case.decided_on
            else "",
            "is_followed_up": yes_no(case.followed_up_on is not None),
            "is_for_child": yes_no(case.is_for_child),
        }
        for investment_code, case in cases.items()
    ]


def mess_rows(journals: Iterable[SentJournal]) -> list[Row]:
    """Return one row per journal submission in which something went wrong."""
    return [
        {
            "root_id": journal.submission.root_uuid,
            "mess_code": journal.entry.mess.value,
            "family_code": journal.entry.family_code,
            "journal_month": f"{journal.entry.month}-01",
        }
        for journal in journals
        if journal.entry.mess is not MessKind.NONE
    ]


def copied_rows(journals: Iterable[SentJournal]) -> list[Row]:
    """Return one row per journal filled in from one family's answers, its own too."""
    return [
        {
            "family_code": journal.entry.family_code,
            "journal_month": f"{journal.entry.month}-01",
            "copied_from_family_code": journal.entry.copied_from,
            "entered_by_id": journal.entry.username,
        }
        for journal in journals
        if journal.entry.copied_from
    ]
