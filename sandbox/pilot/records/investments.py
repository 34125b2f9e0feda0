"""Investment records: request, decision, follow-up, each a submission of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sandbox.pilot.chance import happens
from sandbox.pilot.forms.assets import INVESTMENT_UID, INVESTMENT_VERSION_UID
from sandbox.pilot.months import first_day
from sandbox.pilot.records.answers_tree import Answers, amount, several, yes_no
from sandbox.pilot.records.record import Sending, make_record, place_answers
from sandbox.pilot.records.submissions import Submission
from sandbox.pilot.records.texts import DECLINE_REASONS, LESSONS, PLANS, say
from sandbox.pilot.truth.investment_amounts import paid_amount
from sandbox.pilot.truth.investment_draws import Investment
from sandbox.pilot.truth.world import World

FOLLOW_UP_SHARE = 0.8
# How many requests per country say one thing about children and end as another.
CHANGED_TO_CHILD, CHANGED_FROM_CHILD = 2, 2
PENDING_COUNT, UNDECIDED_COUNT, DECLINED_COUNT = 3, 2, 4
UNPAID_MONTHS = ("2020-11", "2021-01", "2021-03", "2021-04", "2021-06", "2021-11")
STRATEGY_OF_USE = {
    "biz": "S01",
    "device": "S04",
    "fees": "S03",
    "savings": "S02",
    "housing": "S06",
    "health": "S11",
    "debt": "S05",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One investment from request to follow-up.

    Attributes:
        family_code: Who asked.
        use: Main use.
        requested_on: Day of the request.
        requested: Amount asked for.
        requested_for_child: What the request said about children.
        decided_on: Day of the decision; None: still open.
        decision: paid, pending or declined.
        paid: Amount paid.
        followed_up_on: Day of the follow-up, if there was one.
        is_for_child: Whether it did support a child.
    """

    family_code: str
    use: str
    requested_on: date
    requested: int
    requested_for_child: bool
    decided_on: date | None
    decision: str | None
    paid: int = 0
    followed_up_on: date | None = None
    is_for_child: bool = False


def draw_cases(world: World) -> dict[str, Case]:
    """Return the country's cases by investment code, in order of request."""
    if not world.truth.investments:
        return {}
    rng = Random(f"investments-{world.country.code}")
    paid = [
        _paid_case(world, code, investment, rng)
        for code, investment in sorted(world.truth.investments.items())
    ]
    cases = _with_changed_minds(paid, rng) + list(_unpaid_cases(world, rng))
    cases.sort(key=lambda case: (case.requested_on, case.family_code))
    return {
        f"INV-{world.country.code}-{number:05d}": case
        for number, case in enumerate(cases, start=1)
    }


def investment_submissions(world: World, cases: dict[str, Case]) -> list[Submission]:
    """Return every step of every case."""
    return [
        submission
        for investment_code, case in cases.items()
        for submission in _steps(world, investment_code, case)
    ]


def _paid_case(world: World, code: str, investment: Investment, rng: Random) -> Case:
    paid_on = first_day(investment.month) + timedelta(days=rng.randint(2, 25))
    paid = paid_amount(world.country, code)
    follow_up = paid_on + timedelta(days=rng.randint(40, 100))
    stays = world.is_active(code, follow_up.isoformat()[:7])
    is_followed_up = stays and happens(rng, FOLLOW_UP_SHARE)
    return Case(
        family_code=code,
        use=investment.use,
        requested_on=paid_on - timedelta(days=rng.randint(9, 45)),
        requested=paid + rng.choice((0, 0, 1, 2)) * (paid // 5),
        requested_for_child=investment.is_for_child,
        decided_on=paid_on,
        decision="paid",
        paid=paid,
        followed_up_on=follow_up if is_followed_up else None,
        is_for_child=investment.is_for_child,
    )


def _with_changed_minds(cases: list[Case], rng: Random) -> list[Case]:
    """Let some requests say about children what the follow-up then contradicts."""
    followed = [case for case in cases if case.followed_up_on is not None]
    became_child = [case for case in followed if case.is_for_child]
    became_other = [case for case in followed if not case.is_for_child]
    changed = rng.sample(became_child, CHANGED_TO_CHILD)
    changed += rng.sample(became_other, CHANGED_FROM_CHILD)
    return [
        replace(case, requested_for_child=not case.is_for_child)
        if case in changed
        else case
        for case in cases
    ]


def _unpaid_cases(world: World, rng: Random) -> Iterator[Case]:
    """Yield requests that were declined, wait for money, or wait for a decision."""
    stayed = world.truth.roster.panel_b + world.truth.roster.late_joiners
    outcomes: list[str | None] = ["declined"] * DECLINED_COUNT
    outcomes += ["pending"] * PENDING_COUNT + [None] * UNDECIDED_COUNT
    for position, outcome in enumerate(outcomes):
        month = UNPAID_MONTHS[position % len(UNPAID_MONTHS)]
        requested_on = first_day(month) + timedelta(days=rng.randint(1, 25))
        use = rng.choice(("fees", "device", "biz", "housing"))
        code = rng.choice(stayed)
        decided_on = requested_on + timedelta(days=rng.randint(5, 30))
        yield Case(
            family_code=code,
            use=use,
            requested_on=requested_on,
            requested=paid_amount(world.country, f"unpaid {code} {position}"),
            requested_for_child=use in {"fees", "device"},
            decided_on=decided_on if outcome else None,
            decision=outcome,
            is_for_child=use in {"fees", "device"},
        )


def _steps(world: World, investment_code: str, case: Case) -> Iterator[Submission]:
    rng = Random(f"investment-{investment_code}")
    request = _request(world, case, rng)
    yield _submission(world, investment_code, case, case.requested_on, request)
    if case.decided_on is not None:
        decision = _decision(world, case, rng)
        yield _submission(world, investment_code, case, case.decided_on, decision)
    if case.followed_up_on is not None:
        follow_up = _follow_up(world, case, rng)
        yield _submission(world, investment_code, case, case.followed_up_on, follow_up)


def _submission(
    world: World, investment_code: str, case: Case, day: date, answers: Answers
) -> Submission:
    stage = answers["stage"]
    rng = Random(f"investment-{investment_code}-{stage}")
    hour = time(rng.randint(14, 22), rng.randrange(60), rng.randrange(60))
    received_at = datetime.combine(day, hour, tzinfo=UTC)
    received_at += timedelta(days=rng.choice((0, 0, 1, 3)))
    prefix = "office" if stage == "decision" else "liaison"
    sending = Sending(
        asset_uid=INVESTMENT_UID,
        version_uid=INVESTMENT_VERSION_UID,
        country=world.country,
        username=f"{prefix}_{world.country.code.lower()}{rng.randint(1, 3)}",
        received_at=received_at,
    )
    site, group = world.home(case.family_code, day.isoformat()[:7])
    header = place_answers(world.country, site, group) | {
        "family_code": case.family_code,
        "stage": stage,
        "inv_code": investment_code,
        "inv_date": day.isoformat(),
    }
    record = make_record(sending, header | answers, rng)
    return Submission("investment", record, received_at)


def _request(world: World, case: Case, rng: Random) -> Answers:
    others = (
        ("food", "skills", "childcare") if case.requested_for_child else ("skills",)
    )
    uses = [case.use] + ([rng.choice(others)] if happens(rng, 0.3) else [])
    return {
        "stage": "request",
        "req/req_amt": amount(case.requested),
        "req/req_use": case.use,
        "req/req_use_all": several(uses),
        "req/req_child": yes_no(case.requested_for_child),
        "req/req_strategy": STRATEGY_OF_USE[case.use],
        "req/req_peer": yes_no(happens(rng, 0.7)),
        "req/req_own": amount(case.requested // 100 * rng.choice((0, 5, 10, 20))),
        "req/req_text": say(PLANS, world.country.language, rng),
    }


def _decision(world: World, case: Case, rng: Random) -> Answers:
    answers: Answers = {"stage": "decision", "dec/dec_result": case.decision}
    if case.decision == "paid":
        answers["dec/dec_amt"] = amount(case.paid)
        answers["dec/dec_method"] = rng.choice(("cash", "bank", "mobile"))
    if case.decision == "declined":
        answers["dec/dec_reason"] = say(DECLINE_REASONS, world.country.language, rng)
    return answers


def _follow_up(world: World, case: Case, rng: Random) -> Answers:
    main = case.paid * rng.choice((6, 8, 10)) // 10
    spent = [(case.use, main)]
    if main < case.paid:
        spent.append((rng.choice(("food", "savings", "other")), case.paid - main))
    answers: Answers = {
        "stage": "followup",
        "fu/fu_use": [
            {"fu/fu_use/fu_cat": use, "fu/fu_use/fu_amt": amount(part)}
            for use, part in spent
        ],
        "fu/fu_child": yes_no(case.is_for_child),
    }
    if case.is_for_child:
        answers["fu/fu_nchild"] = str(rng.choice((1, 1, 2, 3)))
    return answers | {
        "fu/fu_status": rng.choice(("active", "active", "done", "stopped", "changed")),
        "fu/fu_income": rng.choice(
            ("much_better", "better", "better", "same", "worse")
        ),
        "fu/fu_help": yes_no(happens(rng, 0.5)),
        "fu/fu_text": say(LESSONS, world.country.language, rng),
    }
