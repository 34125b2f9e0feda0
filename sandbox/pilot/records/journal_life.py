"""The journal's groups about people, work, school, health, food, home and shocks."""

from dataclasses import dataclass
from random import Random

from sandbox.pilot.months import shifted
from sandbox.pilot.records.answers_tree import Answers, amount, several, yes_no
from sandbox.pilot.records.journal_money import MoneyContext
from sandbox.pilot.records.texts import COMMUNITY_ACTIONS, say
from sandbox.pilot.truth.households import Household

QUARTERLY_MONTHS = ("01", "04", "07", "10")
# Shocks that hit a whole country, by month, with the share of families they hit.
COMMON_SHOCKS = {
    "MX": {"lockdown": {"2020-07": 0.35, "2020-08": 0.25, "2020-09": 0.15}},
    "CO": {
        "lockdown": {"2020-07": 0.4, "2020-08": 0.3, "2020-09": 0.1},
        "water": {"2020-12": 0.55, "2021-01": 0.65, "2021-02": 0.45},
    },
    "PH": {
        "lockdown": {"2020-07": 0.35, "2020-08": 0.3, "2020-09": 0.2},
        "typhoon": {"2020-11": 0.75, "2020-12": 0.4},
        "flood": {"2020-11": 0.3},
    },
}
OWN_SHOCKS = ("illness", "job", "price", "crime", "death", "other")
COPING = ("savings", "circle", "borrow", "help_cii", "help_kin", "gov", "work", "cut")
HARD_COPING = ("sell", "school_out", "nothing")
COMMUNITY = ("clean", "meet", "vol", "church", "school", "food", "other")
HARD_MONTHS_SHOCKS = {"lockdown", "typhoon", "flood", "water"}
LOCKDOWN_END = "2020-10"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who lives in the household this month.

    Attributes:
        member_count: People.
        member_count_before: People in the month before.
    """

    member_count: int
    member_count_before: int


def is_quarterly(month: str) -> bool:
    """Return whether the quarterly module is asked."""
    return month.endswith(QUARTERLY_MONTHS)


def household_answers(context: MoneyContext, people: Circumstances) -> Answers:
    """Return the household group."""
    change = "none"
    if people.member_count > people.member_count_before:
        change = "in"
    elif people.member_count < people.member_count_before:
        change = "out"
    elif context.happens(0.01):
        change = "moved"
    young = min(context.household.young_count, people.member_count - 1)
    return {
        "hh/hh_n": str(people.member_count),
        "hh/hh_u14": str(young),
        "hh/hh_change": change,
    }


def work_answers(context: MoneyContext, people: Circumstances) -> Answers:
    """Return the work group."""
    rng = context.rng
    adults = max(1, min(context.household.adult_count, people.member_count))
    in_lockdown = context.month < LOCKDOWN_END
    lost = ("lostjob", "hours_down", "closebiz")
    gained = ("newjob", "hours_up", "newbiz", "training")
    change = "none"
    if context.happens(0.3 if in_lockdown else 0.15):
        change = rng.choice(lost if in_lockdown and context.happens(0.7) else gained)
    return {
        "work/w_adults": str(rng.randint(1, adults)),
        "work/w_change": change,
    }


def education_answers(context: MoneyContext, people: Circumstances) -> Answers:
    """Return the school group; asked only with consent."""
    rng = context.rng
    children = min(context.household.school_age_count, people.member_count)
    spent = context.part(0.0, 0.06) if children else 0
    answers = {"edu/e_age": str(children), "edu/e_fees": amount(spent)}
    if children:
        attending = sum(context.happens(0.9) for _ in range(children))
        answers |= {
            "edu/e_att": str(attending),
            "edu/e_miss": str(sum(context.happens(0.12) for _ in range(children))),
            "edu/e_dev": str(sum(context.happens(0.7) for _ in range(children))),
        }
    if children and is_quarterly(context.month):
        answers["edu/e_prog"] = rng.choice(("much_better", "better", "same", "worse"))
    return answers


def health_answers(context: MoneyContext, people: Circumstances) -> Answers:
    """Return the health group; asked only with consent."""
    ill = sum(context.happens(0.07) for _ in range(people.member_count))
    spent = context.part(0.005, 0.1) if ill else 0
    return {
        "health/hl_ill": str(ill),
        "health/hl_forgone": yes_no(bool(ill) and context.happens(0.2)),
        "health/hl_spend": amount(spent),
    }


def food_answers(context: MoneyContext) -> Answers:
    """Return the quarterly food module: days of the last seven."""
    if not is_quarterly(context.month):
        return {}
    rng = context.rng
    hardship = rng.choice((0, 0, 1, 2, 3))
    less = min(7, hardship + rng.randint(0, 2))
    borrow, portion = rng.randint(0, hardship), rng.randint(0, hardship)
    adult, meals = rng.randint(0, hardship), rng.randint(0, hardship)
    score = less + borrow * 2 + portion + adult * 3 + meals
    return {
        "food/rcsi_less": str(less),
        "food/rcsi_borrow": str(borrow),
        "food/rcsi_portion": str(portion),
        "food/rcsi_adult": str(adult),
        "food/rcsi_meals": str(meals),
        "food/rcsi_score": str(score),
    }


def shocks_of(context: MoneyContext) -> list[str]:
    """Draw the shocks that hit the family this month."""
    common = COMMON_SHOCKS.get(context.country.code, {})
    shocks = [
        shock
        for shock, months in common.items()
        if context.happens(months.get(context.month, 0))
    ]
    if context.happens(0.08):
        shocks.append(context.rng.choice(OWN_SHOCKS))
    return shocks


def home_answers(context: MoneyContext, shocks: list[str]) -> Answers:
    """Return the home group; storms damage it, a shortage stops the water."""
    rng = context.rng
    is_damaged = "typhoon" in shocks and context.happens(0.4)
    change = "damage" if is_damaged else "none"
    if not is_damaged and context.happens(0.06):
        change = rng.choice(("improve", "improve", "rent_up"))
    answers = {"home/ho_change": change}
    if change == "improve":
        answers["home/ho_spend"] = amount(context.part(0.02, 0.3))
    dry_days = rng.randint(6, 20) if "water" in shocks else rng.choice((0, 0, 0, 1, 2))
    return answers | {"home/ho_water": str(dry_days)}


def shock_answers(context: MoneyContext, shocks: list[str]) -> Answers:
    """Return the shocks group."""
    rng = context.rng
    if not shocks:
        return {"shock/sh_type": "none"}
    is_hard = bool(HARD_MONTHS_SHOCKS.intersection(shocks))
    coping = rng.sample(COPING, rng.choice((1, 2)))
    if context.happens(0.12):
        coping.append(rng.choice(HARD_COPING))
    loss = context.part(0.02, 0.5) if is_hard or context.happens(0.5) else 0
    return {
        "shock/sh_type": several(shocks),
        "shock/sh_sev": str(rng.choice((2, 3, 3, 4) if is_hard else (1, 2, 3))),
        "shock/sh_loss": amount(loss),
        "shock/sh_cope": several(coping),
        "shock/sh_recov": rng.choice(("full", "part", "part", "none", "better")),
    }


def community_answers(context: MoneyContext) -> Answers:
    """Return the community group."""
    rng = context.rng
    if context.happens(0.6):
        return {"comm/co_act": "none"}
    activities = rng.sample(COMMUNITY, rng.choice((1, 1, 2)))
    leads = context.happens(0.2)
    answers = {"comm/co_act": several(activities), "comm/co_lead": yes_no(leads)}
    if leads:
        answers["comm/co_text"] = say(COMMUNITY_ACTIONS, context.country.language, rng)
    return answers


def roster_before(household: Household, month: str) -> int:
    """Return how many people the household had in the month before `month`."""
    return household.member_count_in(shifted(month, -1))


def mode_of(month: str, rng: Random) -> str:
    """Draw how the journal was filled in; by phone while nobody visits."""
    if month < LOCKDOWN_END:
        return rng.choice(("phone", "phone", "phone", "self"))
    return rng.choice(("self", "visit", "phone", "group", "group", "paper"))
