"""What stands on a group's page: blocks of one thing each, beside its own past."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pages import Language, Said, in_language
from reports.amounts import money, month_name
from reports.groups import Group, GroupMonth
from reports.words import say

Number = Decimal | int
Wording = Callable[[Number], str]
SAME = Decimal("0.02")  # a part of last month's amount that nobody notices


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing, drawn once.

    Attributes:
        label: What it is: a month, or a line of words.
        value: Its figure in words; why there is none, where there is none.
        percent: How long it is, of the longest of its block; None without a figure.
        note: How many families told of it.
    """

    label: Said
    value: Said
    percent: int | None
    note: Said | None = None


@dataclass(slots=True)
class Block:
    """A block of the page.

    Attributes:
        name: Which, as the style sheet and its picture have it.
        title: Its heading.
        figure: The figure of the month, in large.
        caption: What the figure is.
        bars: The month beside the group's own past.
        lines: Further sentences, below.
    """

    name: str
    title: Said
    figure: Said | None = None
    caption: Said | None = None
    bars: list[Bar] = field(default_factory=list)
    lines: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure of a month and how many families told of it; None counts no families."""

    value: Number | None
    family_count: int | None = None


def blocks(group: Group, month: date, language: Language) -> list[Block]:
    """Return the blocks of a page, in the order of the meeting that reads them."""
    return [
        _meeting(group, month, language),
        _group_savings(group, month, language),
        _of_families("savings", group, month, language),
        _goals(group.months[month], language),
        _of_families("given", group, month, language),
        _of_families("received", group, month, language),
        _strategies(group, group.months[month].least_group_count, language),
    ]


def _meeting(group: Group, month: date, language: Language) -> Block:
    block = Block("meeting", say("meeting", language))
    now = group.months[month]
    if not now.meeting_count:
        block.lines.append(say("no_meeting", language))
        return block
    block.figure = Said(str(now.last_meeting_family_count), language)
    block.caption = say("present", language)
    block.bars = _own_past(
        group,
        month,
        language,
        lambda one: _Told(one.last_meeting_family_count),
        str,
    )
    if now.meeting_count > 1:
        block.lines.append(say("meetings", language, count=str(now.meeting_count)))
    return block


def _group_savings(group: Group, month: date, language: Language) -> Block:
    block = Block("group-savings", say("group_savings", language))
    now = group.months[month]
    wording = _money_of(group)
    if now.group_savings_local is None:
        block.lines.append(say("nobody_told", language))
        return block
    block.figure = Said(wording(now.group_savings_local), language)
    block.caption = say("after_meeting", language)
    block.bars = _own_past(
        group, month, language, lambda one: _Told(one.group_savings_local), wording
    )
    before = group.months.get(_months_before(month, 1))
    if before and before.group_savings_local is not None:
        change = now.group_savings_local - before.group_savings_local
        block.lines.append(
            _change(change, before.group_savings_local, wording, language)
        )
    return block


def _of_families(name: str, group: Group, month: date, language: Language) -> Block:
    """Return a block of a total of the families' own amounts."""

    def told(one: GroupMonth) -> _Told:
        return _Told(
            getattr(one, f"{name}_total_local"), getattr(one, f"{name}_family_count")
        )

    block = Block(name, say(name, language))
    now, wording = told(group.months[month]), _money_of(group)
    if now.value is None:
        why = "why_not_shown" if now.family_count else "nobody_told"
        block.lines.append(say(why, language))
    else:
        block.figure = Said(wording(now.value), language)
        block.caption = say("families", language, count=str(now.family_count))
    block.bars = _own_past(group, month, language, told, wording)
    return block


def _goals(now: GroupMonth, language: Language) -> Block:
    """Return the block of goals: one bar, filled as far as goals were reached."""
    block = Block("goals", say("goals", language))
    goals, reached = now.goal_set_count, now.goal_achieved_count
    if goals is None:
        why = "why_not_shown" if now.goal_family_count else "nobody_told"
        block.lines.append(say(why, language))
        return block
    block.figure = say("goals_set", language, count=str(goals))
    if reached is not None:
        label = say("goals_reached", language, count=str(reached))
        value = Said(f"{reached} / {goals}", language)
        block.bars = [Bar(label, value, _percent(reached, goals))]
    else:  # also where none was reached: that says of each that it was not
        block.lines.append(say("why_not_shown", language))
    return block


def _strategies(group: Group, least: int, language: Language) -> Block:
    """Return the block of what was told in the meeting, and how many would try it."""
    block = Block("strategies", say("strategies", language))
    if not group.strategies:
        block.lines.append(say("no_strategy", language))
    for strategy in group.strategies:
        name = in_language(strategy.names, language)
        count = strategy.interested_family_count
        # One or two would be pointed at.
        is_told = count is not None and count >= least
        wish = say("want_to_try", language, count=str(count))
        block.bars.append(Bar(name, wish if is_told else Said("", language), None))
    return block


def _own_past(
    group: Group,
    month: date,
    language: Language,
    told: Callable[[GroupMonth], _Told],
    wording: Wording,
) -> list[Bar]:
    """Return a bar for the month, for the one before it, and for that of a year before.

    A month of the past that not every family of it has agreed to says nothing.
    """
    places = [month, _months_before(month, 1), _months_before(month, 12)]
    known = {
        place: told(group.months[place])
        for place in places
        if place in group.months and group.months[place].is_agreed_by_all
    }
    longest = max((one.value or 0 for one in known.values()), default=0)
    if not any(one.value is not None for one in known.values()):
        return []
    return [
        _bar(month_name(place, language), one, longest, wording, language)
        for place, one in known.items()
    ]


def _bar(
    label: str, told: _Told, longest: Number, wording: Wording, language: Language
) -> Bar:
    name = Said(label, language)
    if told.value is None:
        return Bar(name, say("not_shown", language), None)
    count = told.family_count
    note = None if count is None else say("families", language, count=str(count))
    value = Said(wording(told.value), language)
    return Bar(name, value, _percent(told.value, longest), note)


def _change(
    change: Decimal, before: Decimal, wording: Wording, language: Language
) -> Said:
    if abs(change) <= SAME * before:
        return say("same", language)
    return say("more" if change > 0 else "less", language, amount=wording(abs(change)))


def _money_of(group: Group) -> Wording:
    return lambda amount: money(Decimal(amount), group.currency_code)


def _percent(value: Number, of: Number) -> int:
    return round(100 * value / of) if of else 0


def _months_before(month: date, count: int) -> date:
    months = 12 * month.year + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)
