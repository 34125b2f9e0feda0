from dataclasses import replace
from decimal import Decimal

import pytest

from pages import Language
from reports.content import Block, blocks
from reports.groups import Group, Strategy
from tests.reports.made_up import BEFORE, GROUP, MONTH, TOLD, YEAR_BEFORE, with_month


def block_of(name: str, group: Group = GROUP, language: Language = "en") -> Block:
    return next(block for block in blocks(group, MONTH, language) if block.name == name)


def lines_of(block: Block) -> list[str]:
    return [line.text for line in block.lines]


def bars_of(block: Block) -> list[tuple[str, str, int | None]]:
    return [(bar.label.text, bar.value.text, bar.percent) for bar in block.bars]


def test_a_month_stands_beside_the_groups_own_past_with_one_bar_each() -> None:
    past = replace(TOLD, journal_month=YEAR_BEFORE, savings_total_local=Decimal(2050))
    group = replace(GROUP, months={**GROUP.months, YEAR_BEFORE: past})

    block = block_of("savings", group)

    assert block.figure is not None
    assert block.figure.text == "$\N{NO-BREAK SPACE}8,200"
    assert bars_of(block) == [
        ("August 2021", "$\N{NO-BREAK SPACE}8,200", 100),
        ("July 2021", "$\N{NO-BREAK SPACE}4,100", 50),
        ("August 2020", "$\N{NO-BREAK SPACE}2,050", 25),
    ]
    assert [bar.note and bar.note.text for bar in block.bars] == ["5 families"] * 3


@pytest.mark.parametrize("name", ["savings", "given", "received"])
def test_a_total_that_is_not_the_groups_to_know_is_not_shown(name: str) -> None:
    block = block_of(name, with_month(**{f"{name}_total_local": None}))

    assert block.figure is None
    assert lines_of(block) == ["Not shown: the total would tell of single families."]
    assert bars_of(block)[0] == ("August 2021", "Not shown", None)


def test_what_nobody_told_is_said_so_and_not_as_hidden() -> None:
    group = with_month(savings_total_local=None, savings_family_count=0)

    assert lines_of(block_of("savings", group)) == ["Nobody told of this."]


def test_a_month_of_the_past_that_not_all_have_agreed_to_says_nothing() -> None:
    past = replace(GROUP.months[BEFORE], is_agreed_by_all=False)
    group = replace(GROUP, months={**GROUP.months, BEFORE: past})

    for block in blocks(group, MONTH, "en"):
        assert "July 2021" not in [bar.label.text for bar in block.bars], block.name


def test_group_savings_say_how_they_changed_and_nothing_that_leads_to_a_loan() -> None:
    """What was put in, less the change, would be what one family was lent."""
    more = "That is $\N{NO-BREAK SPACE}250 more."

    assert lines_of(block_of("group-savings")) == [more]


@pytest.mark.parametrize(
    ("now", "words"), [(1000, "That is $\N{NO-BREAK SPACE}250 less."), (1260, "About")]
)
def test_less_is_said_as_less_and_nearly_the_same_as_the_same(
    now: int, words: str
) -> None:
    group = with_month(group_savings_local=Decimal(now))

    (line,) = lines_of(block_of("group-savings", group))
    assert line.startswith(words)


def test_goals_are_one_bar_filled_as_far_as_they_were_reached() -> None:
    block = block_of("goals")

    assert block.figure is not None
    assert block.figure.text == "Goals so far: 10"
    assert bars_of(block) == [("Achieved: 6", "6 / 10", 60)]


def test_goals_reached_by_few_are_not_shown_and_look_like_goals_that_none_reached() -> (
    None
):
    hidden = block_of("goals", with_month(goal_achieved_count=None))
    none = block_of(
        "goals", with_month(goal_achieved_count=None, achieving_family_count=0)
    )

    assert (bars_of(hidden), len(hidden.lines)) == ([], 1)
    assert (bars_of(none), none.lines) == ([], hidden.lines)


def test_a_month_without_a_meeting_says_so() -> None:
    group = with_month(meeting_count=0, last_meeting_family_count=None)

    assert lines_of(block_of("meeting", group)) == ["No meeting this month."]
    assert block_of("meeting", group).bars == []


def test_a_strategy_is_named_and_few_that_would_try_it_are_not_counted() -> None:
    shy = replace(GROUP, strategies=(Strategy({"en": "Save"}, 2),))

    assert bars_of(block_of("strategies")) == [
        ("Pay down debt", "Families that want to try it: 3", None)
    ]
    assert bars_of(block_of("strategies", shy)) == [("Save", "", None)]
    assert lines_of(block_of("strategies", replace(GROUP, strategies=()))) == [
        "None this month."
    ]
