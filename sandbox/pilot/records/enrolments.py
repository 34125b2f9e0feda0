"""Enrolment records: consents, people, home, baseline. Every person is invented."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from sandbox.pilot.chance import happens
from sandbox.pilot.forms.assets import ENROLMENT_UID, ENROLMENT_VERSION_UID
from sandbox.pilot.months import last_day, shifted
from sandbox.pilot.records.answers_tree import Answers, filled, under, yes_no
from sandbox.pilot.records.journal_money import (
    MoneyContext,
    ProgrammeMoney,
    circle_answers,
    income_answers,
    savings_answers,
    sharing_answers,
    wellbeing_answers,
)
from sandbox.pilot.records.record import Sending, make_record, place_answers
from sandbox.pilot.records.submissions import Submission
from sandbox.pilot.records.texts import GOAL_NAMES, PLANS, say
from sandbox.pilot.truth.families import Family, Standing
from sandbox.pilot.truth.goals import Goal
from sandbox.pilot.truth.households import Household, Member
from sandbox.pilot.truth.incomes import draw_late_baselines, rounded_to_unit
from sandbox.pilot.truth.measures import FamilyMonth
from sandbox.pilot.truth.world import World

SCHOOL_AGES, WORKING_AGE, DIFFICULTY_AGE = range(3, 25), 14, 5
# Names that nobody bears.
GIVEN_NAMES = ("Alba", "Bruno", "Celia", "Dario", "Elena", "Fidel", "Gema", "Hugo")
FAMILY_NAMES = ("Ficticia", "Inventado", "Ejemplo", "Imaginario", "Muestra")


def enrolment_submissions(world: World) -> list[Submission]:
    """Return one enrolment per family."""
    late_baselines = draw_late_baselines(
        world.country, world.truth.roster, world.truth.incomes
    )
    baselines = world.truth.incomes.baseline | late_baselines
    return [
        _submission(world, family, baselines.get(family.code))
        for family in world.families.values()
    ]


def _submission(world: World, family: Family, income: float | None) -> Submission:
    rng = Random(f"enrolment-{family.code}")
    is_split = family.code in world.extension.new_families
    if is_split:
        income = world.months[family.code, world.written[family.code][0]].income
    enrolled_on = _enrolled_on(world, family, rng)
    received_at = datetime.combine(
        enrolled_on,
        time(rng.randint(15, 23), rng.randrange(60), rng.randrange(60)),
        tzinfo=UTC,
    ) + timedelta(days=rng.choice((0, 0, 0, 1, 2)))
    sending = Sending(
        asset_uid=ENROLMENT_UID,
        version_uid=ENROLMENT_VERSION_UID,
        country=world.country,
        username=f"liaison_{family.country.lower()}{rng.randint(1, 3)}",
        received_at=received_at,
    )
    household = world.households[family.code]
    answers = place_answers(world.country, family.site, family.group) | {
        "family_code": family.code,
        "enrol_date": enrolled_on.isoformat(),
        **_consent(household, family, rng),
        **under("body", _body(world, family, income, rng)),
    }
    return Submission("enrolment", make_record(sending, answers, rng), received_at)


def _enrolled_on(world: World, family: Family, rng: Random) -> date:
    """Return a day at the end of the baseline month, or a few weeks after it.

    Families that were there before the launch answer about the month they were
    recruited in; those that came later about the month before.
    """
    end = last_day(family.baseline_month)
    if family.baseline_month < world.country.calendar.launch_month:
        return end - timedelta(days=rng.randint(0, 5))
    return end + timedelta(days=rng.randint(5, 18))


def _consent(household: Household, family: Family, rng: Random) -> Answers:
    scopes = ("none", "group", "families", "families", "public_anon", "public_name")
    stays = family.standing is Standing.PANEL_B
    return {
        "consent/c_collect": "yes",
        "consent/c_aggregate": "yes",
        "consent/c_crossborder": "yes",
        "consent/c_health": yes_no(household.consents_health),
        "consent/c_story": rng.choice(scopes),
        # Whoever leaves a published panel had agreed that its numbers stay.
        "consent/c_keep": yes_no(not stays or happens(rng, 0.95)),
    }


def _body(world: World, family: Family, income: float | None, rng: Random) -> Answers:
    household = world.households[family.code]
    return filled(
        _contact(world, family, rng)
        | {
            "roster": [
                _member_answers(number, member, household, rng)
                for number, member in enumerate(household.members, start=1)
            ],
            "hh_size": str(len(household.members)),
            "ref_month": f"{family.baseline_month}-01",
        }
        | under("house", household.home)
        | _baseline(world, family, income)
        | {
            "goal": [_goal(goal, world, rng) for goal in _first_goals(household)],
            "aspiration": say(PLANS, world.country.language, rng),
        }
    )


def _contact(world: World, family: Family, rng: Random) -> Answers:
    number = int(family.code[-4:])
    name = f"{rng.choice(GIVEN_NAMES)} {rng.choice(FAMILY_NAMES)}"
    return {
        "pii/pii_name": name,
        "pii/pii_phone": f"+00 000 000 {number:04d}",
        "pii/pii_address": f"Calle Imaginaria {number}",
        "pref_lang": world.country.language,
        "pref_report": rng.choice(("paper", "paper", "phone_img", "audio", "visit")),
        "read_ease": rng.choice(("easy", "easy", "some", "no")),
    }


def _member_answers(
    number: int, member: Member, household: Household, rng: Random
) -> Answers:
    answers = {
        "roster/m_no": str(number),
        "roster/m_rel": member.relation,
        "roster/m_sex": member.sex,
        "roster/m_age": str(member.age),
    }
    is_pupil = member.age in SCHOOL_AGES and happens(rng, 0.9)
    if member.age in SCHOOL_AGES:
        answers["roster/m_school"] = rng.choice(("in", "mixed")) if is_pupil else "no"
    if member.age >= WORKING_AGE:
        work = rng.choice(("employee", "casual", "selfemp", "home", "seeking"))
        answers["roster/m_work"] = "student" if is_pupil else work
    if household.consents_health and member.age >= DIFFICULTY_AGE:
        answers["roster/m_wg"] = rng.choice("1111111223")
    return answers


def _baseline(world: World, family: Family, income: float | None) -> Answers:
    """Return the baseline's money and well-being; an unknown income stays unknown."""
    household = world.households[family.code]
    facts = baseline_facts(world, family, income)
    context = MoneyContext(
        country=world.country,
        household=household,
        month=family.baseline_month,
        facts=facts,
        previous=None,
        rng=Random(f"baseline-money-{family.code}"),
    )
    calendar = world.country.calendar
    debt_month = max(calendar.launch_month, family.baseline_month)
    stated = None if income is None else Decimal(income)
    answers = income_answers(context, stated, ProgrammeMoney())
    if income is None:
        answers["income/inc_any"] = "dk"
    return (
        answers
        | savings_answers(context, household.debts[debt_month])
        | circle_answers(context)
        | sharing_answers(context)
        | wellbeing_answers(facts, context.rng)
    )


def baseline_facts(world: World, family: Family, income: float | None) -> FamilyMonth:
    """Draw what the family had at recruitment besides its income."""
    rng = Random(f"baseline-{family.code}")
    country, count = world.country, world.country.panel_b_count
    usual = country.circle_contributed[0] / country.circle_families[0]
    is_in_circle = rng.random() < country.circle_families[0] / count
    savings = country.savings[0] / count * rng.uniform(0.2, 2.2)
    given = (income or 0) * country.given_percent / 100 * rng.uniform(0, 2)
    mean_satisfaction = country.satisfaction[0] / count
    mean_control = country.control[0] / count
    return FamilyMonth(
        income=income,
        savings=rounded_to_unit(country, savings) if happens(rng, 0.65) else 0,
        is_in_circle=is_in_circle,
        circle_contributed=rounded_to_unit(country, usual) if is_in_circle else 0,
        satisfaction=min(10, max(0, round(rng.gauss(mean_satisfaction, 1.6)))),
        control=min(10, max(1, round(rng.gauss(mean_control, 1.6)))),
        given=rounded_to_unit(country, given) if given else 0,
    )


def _first_goals(household: Household) -> list[Goal]:
    return [goal for goal in household.goals if goal.started is None]


def _goal(goal: Goal, world: World, rng: Random) -> Answers:
    launch = world.country.calendar.launch_month
    target = last_day(shifted(launch, rng.choice((6, 12, 18, 24))))
    return {
        "goal/goal_no": str(goal.number),
        "goal/goal_domain": goal.domain,
        "goal/goal_text": say(GOAL_NAMES, world.country.language, rng),
        "goal/goal_target": target.isoformat(),
    }
