"""Journal records: every group and repeat of the form, from what is true.

The generator of each journal is seeded by family and month, so the same journal sent
twice says the same, and one that a liaison copied says what the other family said.
"""

from dataclasses import replace
from decimal import Decimal
from random import Random

from sandbox.pilot.arrival.entries import Entry, MessKind
from sandbox.pilot.forms.assets import JOURNAL_UID, JOURNAL_VERSION_UIDS
from sandbox.pilot.forms.renames import (
    FIVE_POINT_SATISFACTION,
    FIVE_POINT_VERSION,
    JOURNAL_RENAMES,
    PRESENT_VERSION,
)
from sandbox.pilot.model import Record
from sandbox.pilot.records.answers_tree import Answers, filled, renamed, under
from sandbox.pilot.records.journal_life import (
    Circumstances,
    community_answers,
    education_answers,
    food_answers,
    health_answers,
    home_answers,
    household_answers,
    is_quarterly,
    mode_of,
    roster_before,
    shock_answers,
    shocks_of,
    work_answers,
)
from sandbox.pilot.records.journal_money import (
    MoneyContext,
    ProgrammeMoney,
    circle_answers,
    income_answers,
    income_check_answers,
    savings_answers,
    sharing_answers,
    wellbeing_answers,
)
from sandbox.pilot.records.journal_voice import (
    goal_answers,
    note_answers,
    report_answers,
    story_answers,
)
from sandbox.pilot.records.record import (
    Sending,
    edited_record,
    make_record,
    place_answers,
)
from sandbox.pilot.truth.households import Household
from sandbox.pilot.truth.investment_amounts import paid_amount
from sandbox.pilot.truth.world import World


def journal_record(world: World, entry: Entry, rng: Random) -> Record:
    """Return the record as first received; `rng` draws its uuid and phone times."""
    income = entry.income if entry.first_income is None else entry.first_income
    answers = _versioned_answers(world, entry, income, entry.version_name)
    return make_record(_sending(world, entry), answers, rng)


def edited_journal_record(
    world: World, entry: Entry, record: Record, rng: Random
) -> Record:
    """Return the record after the edit.

    KoboToolbox opens an old row in the form's present version, so an edited row speaks
    the present names whatever it spoke before.
    """
    answers = _versioned_answers(world, entry, entry.income, PRESENT_VERSION)
    version = {"__version__": JOURNAL_VERSION_UIDS[PRESENT_VERSION]}
    return edited_record(record, answers | version, rng)


def _sending(world: World, entry: Entry) -> Sending:
    return Sending(
        asset_uid=JOURNAL_UID,
        version_uid=JOURNAL_VERSION_UIDS[entry.version_name],
        country=world.country,
        username=entry.username,
        received_at=entry.received_at,
        clock=entry.clock,
    )


def _versioned_answers(
    world: World, entry: Entry, income: Decimal | None, version_name: str
) -> Answers:
    answers = _header(world, entry) | _body(world, entry, income)
    answers = renamed(answers, JOURNAL_RENAMES[version_name])
    if version_name == FIVE_POINT_VERSION:
        answers[FIVE_POINT_SATISFACTION] = str(entry.five_point_satisfaction)
    return answers


def _header(world: World, entry: Entry) -> Answers:
    site, group = _home(world, entry)
    month = entry.claimed_month
    return place_answers(world.country, site, group) | {
        "family_code": entry.typed_code,
        "ref_month": f"{month}-01",
        "ref_month_key": month,
        "journal_key": f"{entry.typed_code}|{month}",
        "module_q": "1" if is_quarterly(month) else "0",
        "mode": mode_of(month, Random(f"mode-{entry.family_code}-{month}")),
        "still_ok": "yes",
    }


def _home(world: World, entry: Entry) -> tuple[str, str]:
    if entry.family_code in world.families:
        return world.home(entry.family_code, entry.month)
    code = world.country.code  # a test, or a family nobody knows
    return f"{code}-01", f"{code}-PG01"


def _body(world: World, entry: Entry, income: Decimal | None) -> Answers:
    own = _own_context(world, entry)
    life = _life_context(world, entry)
    people = _people(world, entry)
    body = (
        household_answers(own, people)
        | _income_group(world, entry, own, income)
        | savings_answers(own, life.household.debts[entry.month])
        | circle_answers(own)
        | sharing_answers(own)
        | wellbeing_answers(entry.facts, own.rng)
        | _life_groups(life, people, entry)
    )
    return filled(under("j", filled(body)) | note_answers(life))


def _income_group(
    world: World, entry: Entry, context: MoneyContext, income: Decimal | None
) -> Answers:
    answers = income_answers(context, income, _programme_money(world, entry))
    if "income/inc_total" in answers:
        total = Decimal(answers["income/inc_total"])
        answers |= income_check_answers(context, total)
    return answers


def _life_groups(context: MoneyContext, people: Circumstances, entry: Entry) -> Answers:
    shocks = shocks_of(context)
    goals = goal_answers(context)
    answers = (
        work_answers(context, people)
        | food_answers(context)
        | home_answers(context, shocks)
        | shock_answers(context, shocks)
        | community_answers(context)
        | {"goalu": goals[::-1] if entry.has_goals_reversed else goals}
        | story_answers(context, entry.story)
        | report_answers(context)
    )
    if context.household.consents_health:
        answers |= education_answers(context, people) | health_answers(context, people)
    return answers


def _life_context(world: World, entry: Entry) -> MoneyContext:
    """Return what the other groups are written from; a copied one from elsewhere."""
    return replace(
        _own_context(world, entry),
        household=_household_of(world, entry.copied_from or entry.family_code),
        rng=Random(f"life-{entry.copied_from or entry.family_code}-{entry.month}"),
    )


def _own_context(world: World, entry: Entry) -> MoneyContext:
    is_known = entry.family_code in world.families
    return MoneyContext(
        country=world.country,
        household=_household_of(world, entry.family_code),
        month=entry.month,
        facts=entry.facts,
        previous=world.previous_month(entry.family_code, entry.month)
        if is_known
        else None,
        rng=Random(f"money-{entry.family_code}-{entry.month}"),
    )


def _household_of(world: World, code: str) -> Household:
    return world.households.get(code) or next(iter(world.households.values()))


def _people(world: World, entry: Entry) -> Circumstances:
    code, month = entry.family_code, entry.month
    if code not in world.families:
        return Circumstances(1, 1)
    now = world.member_count(code, month)
    household = world.households[code]
    visit_change = household.member_count_in(month) - roster_before(household, month)
    return Circumstances(now, now - visit_change)


def _programme_money(world: World, entry: Entry) -> ProgrammeMoney:
    """Return what the programme paid: last month's journal, and any investment."""
    launch = world.country.calendar.launch_month
    if entry.mess is MessKind.TEST or entry.month == launch:
        return ProgrammeMoney()
    investment = world.truth.investments.get(entry.family_code)
    paid = 0
    if investment and investment.month == entry.month:
        paid = paid_amount(world.country, entry.family_code)
    return ProgrammeMoney(world.country.journal_payment, paid)
