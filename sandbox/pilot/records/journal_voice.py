"""The journal's groups in the family's own words: goals, story, the report it got."""

from sandbox.pilot.records.answers_tree import Answers, yes_no
from sandbox.pilot.records.journal_money import MoneyContext
from sandbox.pilot.records.texts import (
    DECISIONS,
    GOAL_STEPS,
    LIAISON_NOTES,
    STORIES,
    say,
)
from sandbox.pilot.truth.goals import Goal

STORY_SCOPES = ("none", "group", "families", "families", "public_anon", "public_name")
LEARNED_FROM = ("own", "own", "peer", "peer", "report", "family", "media")
# A call with families of another site, after which ideas came from there.
CALL_COUNTRY, CALL_MONTHS = "PH", ("2021-02", "2021-05")


def goal_answers(context: MoneyContext) -> list[Answers]:
    """Return the goals this journal mentions, by number."""
    return [
        _goal_update(context, goal, goal.updates[context.month])
        for goal in context.household.goals
        if context.month in goal.updates
    ]


def _goal_update(context: MoneyContext, goal: Goal, status: str) -> Answers:
    rng = context.rng
    answers = {"goalu/gu_no": str(goal.number), "goalu/gu_status": status}
    if status == "new":
        answers["goalu/gu_domain"] = goal.domain
    if status in {"new", "progress", "achieved"}:
        answers["goalu/gu_strategy"] = goal.strategy
        answers["goalu/gu_from"] = _learned_from(context)
    if context.happens(0.5):
        answers["goalu/gu_text"] = say(GOAL_STEPS, context.country.language, rng)
    return answers


def _learned_from(context: MoneyContext) -> str:
    first, last = CALL_MONTHS
    is_after_call = first <= context.month <= last
    heard_call = context.country.code == CALL_COUNTRY and is_after_call
    if heard_call and context.happens(0.4):
        return "other_cii"
    return context.rng.choice(LEARNED_FROM)


def story_answers(context: MoneyContext, story: str | None) -> Answers:
    """Return the story and who may see it."""
    rng = context.rng
    drawn = say(STORIES, context.country.language, rng) if context.happens(0.35) else ""
    scope = rng.choice(STORY_SCOPES)
    text = story or drawn
    return {"story/st_text": text, "story/st_scope": scope} if text else {}


def report_answers(context: MoneyContext) -> Answers:
    """Return whether last month's report came back to the family, and what it did."""
    rng = context.rng
    launch = context.country.calendar.launch_month
    got = context.month > launch and context.happens(0.75)
    answers = {"back/b_got": yes_no(got)}
    if got:
        answers["back/b_useful"] = rng.choice(("1", "2", "3", "3", "4", "4"))
    if got and context.happens(0.25):
        answers["back/b_decision"] = say(DECISIONS, context.country.language, rng)
    return answers


def note_answers(context: MoneyContext) -> Answers:
    """Return the liaison's own note."""
    if not context.happens(0.05):
        return {}
    return {"liaison_note": say(LIAISON_NOTES, context.country.language, context.rng)}
