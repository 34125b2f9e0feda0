"""The journal's money groups, which the enrolment's baseline asks in the same words."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from sandbox.pilot.chance import happens
from sandbox.pilot.countries import Country
from sandbox.pilot.records.answers_tree import Answers, amount, filled, several, yes_no
from sandbox.pilot.truth.households import Debt, Household
from sandbox.pilot.truth.measures import FamilyMonth

NET_TYPES = ("business", "farm")  # sales less costs
DOLLAR_TYPE = "remit_abroad"  # what comes in dollars where they are foreign
CHANGE_TO_CONFIRM = 4  # times last month's total, or a quarter of it
SAVING_PLACES = ("home", "bank", "mobile", "group", "person")
SAVING_PURPOSES = ("school", "emerg", "biz", "home", "health", "event", "other")
LENDERS = ("family", "shop", "bank", "mfi", "money", "app", "group")
OTHER_HELP = ("care", "forms", "job", "skill", "transport", "labour", "emotion")
RECEIVERS = ("kin", "cii", "neigh", "church", "stranger")
DEVICE_MONTHS = ("2020-08", "2020-12")  # school went online


@dataclass(frozen=True, slots=True)
class MoneyContext:
    """What the money groups of one form are written from.

    Attributes:
        country: For currency and unit.
        household: The family's circumstances.
        month: The month asked about.
        facts: What the family had.
        previous: What its last journal said.
        rng: The form's own generator.
    """

    country: Country
    household: Household
    month: str
    facts: FamilyMonth
    previous: FamilyMonth | None
    rng: Random

    def part(self, lowest: float, highest: float) -> int:
        """Draw a share of the usual income, in whole money units."""
        unit = self.country.money_unit
        drawn = self.household.usual_income * self.rng.uniform(lowest, highest)
        return round(drawn / unit) * unit

    def happens(self, probability: float) -> bool:
        """Draw whether something happens."""
        return happens(self.rng, probability)


@dataclass(frozen=True, slots=True)
class ProgrammeMoney:
    """What the programme itself paid the family this month; never income."""

    journal: int = 0
    investment: int = 0


def income_answers(
    context: MoneyContext, income: Decimal | None, programme: ProgrammeMoney
) -> Answers:
    """Return `inc_any`, the sources and their total; sources add up to `income`."""
    if income is None:
        return {"income/inc_any": context.rng.choice(("dk", "ref"))}
    if income == 0:
        return {"income/inc_any": "no", "income/inc_total": "0"}
    dollars = context.facts.dollars
    earned_here = income - dollars * Decimal(str(context.country.local_per_usd))
    sources = _earned_sources(context, earned_here)
    if dollars:
        sources.append(_source(DOLLAR_TYPE, "keeper", Decimal(dollars)))
    if programme.journal:
        sources.append(_source("cii_pay", "keeper", Decimal(programme.journal)))
    if programme.investment:
        sources.append(_source("cii_inv", "keeper", Decimal(programme.investment)))
    if context.country.dollar_rates:
        sources = [_with_currency(context, source) for source in sources]
    # The form adds up what was typed, whatever the currency.
    total = sum(Decimal(source["income/inc_src/inc_net"]) for source in sources)
    return {
        "income/inc_any": "yes",
        "income/inc_src": sources,
        "income/inc_total": amount(total),
    }


def _with_currency(context: MoneyContext, source: Answers) -> Answers:
    """Return the source with the answer that only countries of two currencies give."""
    is_in_dollars = source["income/inc_src/inc_type"] == DOLLAR_TYPE
    return source | {
        "income/inc_src/inc_cur": "USD" if is_in_dollars else context.country.currency
    }


def income_check_answers(context: MoneyContext, total: Decimal) -> Answers:
    """Return the form's question about a total far from last month's."""
    previous = context.previous
    if previous is None or not previous.income:
        return {}
    before = previous.income + context.country.journal_payment
    answers = {"income/inc_prev": amount(before)}
    if before / CHANGE_TO_CONFIRM <= total <= before * CHANGE_TO_CONFIRM:
        return answers
    reason = context.rng.choice(("job", "season", "oneoff", "lockdown", "unit"))
    return answers | {"income/inc_confirm": "yes", "income/inc_reason": reason}


def _earned_sources(context: MoneyContext, income: Decimal) -> list[Answers]:
    """Split the income between the household's ways to earn, main one first."""
    kinds = list(context.household.earnings)
    sources = []
    left = income
    for position, kind in enumerate(kinds):
        is_last = position == len(kinds) - 1
        share = Decimal(1) if is_last else Decimal(context.rng.randint(45, 75)) / 100
        net = left if is_last else _whole(left * share)
        left -= net
        if net > 0:
            sources.append(_earned_source(context, kind, net))
    return sources


def _whole(value: Decimal) -> Decimal:
    return Decimal(int(value))


def _earned_source(context: MoneyContext, kind: str, net: Decimal) -> Answers:
    earner = context.rng.choice(("keeper", "partner", "adult", "joint"))
    cost = None
    if kind in NET_TYPES:
        cost = _whole(net * context.rng.randint(20, 80) / 100)
    is_in_kind = context.happens(0.08)
    return _source(kind, earner, net, cost, is_in_kind=is_in_kind)


def _source(
    kind: str,
    earner: str,
    net: Decimal,
    cost: Decimal | None = None,
    *,
    is_in_kind: bool = False,
) -> Answers:
    answers = {
        "income/inc_src/inc_type": kind,
        "income/inc_src/inc_earner": earner,
        "income/inc_src/inc_gross": amount(net + (cost or 0)),
    }
    if cost is not None:
        answers["income/inc_src/inc_cost"] = amount(cost)
    answers["income/inc_src/inc_net"] = amount(net)
    answers["income/inc_src/inc_kind"] = yes_no(is_in_kind)
    return answers


def savings_answers(context: MoneyContext, debt: Debt) -> Answers:
    """Return the savings and debts group."""
    facts, rng = context.facts, context.rng
    before = (context.previous.savings if context.previous else None) or 0
    moved = context.part(0.0, 0.02) if facts.savings else 0
    change = (facts.savings or 0) - before
    answers: Answers = {
        "savings/sav_has": "ref" if facts.savings is None else yes_no(facts.savings > 0)
    }
    if facts.savings:
        purposes = rng.sample(SAVING_PURPOSES, rng.choice((1, 1, 2)))
        places = rng.sample(SAVING_PLACES, rng.choice((1, 1, 2)))
        answers |= {
            "savings/sav_balance": amount(facts.savings),
            "savings/sav_place": several(places),
            "savings/sav_purpose": several(purposes),
        }
    answers |= {
        "savings/sav_in": amount(max(change, 0) + moved),
        "savings/sav_out": amount(max(-change, 0) + moved),
        "savings/debt_balance": amount(debt.balance),
        "savings/debt_new": amount(debt.borrowed),
        "savings/debt_paid": amount(debt.repaid),
    }
    if debt.balance > 0:
        answers["savings/debt_lender"] = rng.choice(LENDERS)
    return answers


def circle_answers(context: MoneyContext) -> Answers:
    """Return the lending-circle group."""
    facts, rng = context.facts, context.rng
    if not facts.is_in_circle:
        return {"circle/lc_in": "no"}
    has_payout = context.happens(1 / 8)
    payout = facts.circle_contributed * rng.randint(5, 10) if has_payout else 0
    return {
        "circle/lc_in": "yes",
        "circle/lc_type": rng.choice(("rosca", "rosca", "asca", "other")),
        "circle/lc_n": str(rng.choice((1, 1, 1, 2))),
        "circle/lc_contrib": amount(facts.circle_contributed),
        "circle/lc_payout": amount(payout),
        "circle/lc_cii": rng.choice(("yes", "yes", "no", "dk")),
    }


def sharing_answers(context: MoneyContext) -> Answers:
    """Return the sharing group; cash and goods add up to what was given."""
    rng, given = context.rng, context.facts.given
    share = rng.choice((0, 0.3, 0.6, 1))
    cash = round(given * share / context.country.money_unit) * (
        context.country.money_unit
    )
    goods = given - cash
    hours = rng.choice((0, 0, 2, 4, 8, 12))
    got_cash = context.part(0.01, 0.08) if context.happens(0.3) else 0
    got_goods = context.part(0.005, 0.04) if context.happens(0.3) else 0
    bought = context.part(0.005, 0.05) if context.happens(0.25) else 0
    sells = "business" in context.household.earnings and context.happens(0.4)
    return filled(
        {
            "sharing/give_cash": amount(cash),
            "sharing/give_kind": amount(goods),
            "sharing/give_hours": str(hours),
            "sharing/give_type": _help_types(context, cash, goods, hours),
            "sharing/give_who": rng.choice(RECEIVERS) if given + hours else "",
            "sharing/get_cash": amount(got_cash),
            "sharing/get_kind": amount(got_goods),
            "sharing/get_type": _help_types(context, got_cash, got_goods, 0),
            "sharing/cii_buy": amount(bought),
            "sharing/cii_sell": amount(context.part(0.01, 0.06) if sells else 0),
        }
    )


def _help_types(context: MoneyContext, cash: int, goods: int, hours: int) -> str:
    kinds = []
    if cash:
        kinds.append("money")
    if goods:
        kinds.append("food")
    if hours:
        kinds.append(context.rng.choice(OTHER_HELP))
    first, last = DEVICE_MONTHS
    if first <= context.month <= last and context.happens(0.15):
        kinds.append("device")
    return several(kinds or ["none"])


def wellbeing_answers(facts: FamilyMonth, rng: Random) -> Answers:
    """Return the four scales."""
    now = min(10, max(0, facts.satisfaction + rng.choice((-1, 0, 0, 1))))
    return {
        "wellbeing/sat_living": str(facts.satisfaction),
        "wellbeing/ladder_now": str(now),
        "wellbeing/ladder_5y": str(min(10, now + rng.choice((0, 1, 2, 3)))),
        "wellbeing/control_life": str(facts.control),
    }
