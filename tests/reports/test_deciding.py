from dataclasses import replace

from reports.deciding import Refusal, decide, refusal
from tests.reports.made_up import GROUP, with_month


def test_a_group_of_which_all_have_agreed_and_enough_told_gets_a_page() -> None:
    assert refusal(GROUP) is None
    assert refusal(with_month(reported_family_count=3)) is None


def test_a_group_with_a_family_that_has_not_agreed_gets_none() -> None:
    group = replace(GROUP, is_agreed_by_all=False)

    assert refusal(group) is Refusal.NOT_AGREED


def test_a_family_that_has_left_is_asked_too_where_it_is_in_the_month() -> None:
    assert refusal(with_month(is_agreed_by_all=False)) is Refusal.NOT_AGREED


def test_a_group_of_two_and_a_month_of_two_get_none() -> None:
    assert refusal(replace(GROUP, family_count=2)) is Refusal.TOO_FEW
    assert refusal(with_month(reported_family_count=2)) is Refusal.TOO_FEW


def test_how_few_are_too_few_is_the_registrys_to_say() -> None:
    group = with_month(reported_family_count=4, least_group_count=5)

    assert refusal(group) is Refusal.TOO_FEW


def test_a_group_that_nobody_told_of_gets_none() -> None:
    assert refusal(replace(GROUP, shown_month=None, months={})) is Refusal.TOO_FEW


def test_what_is_told_and_what_is_refused_is_parted() -> None:
    silent = replace(GROUP, code="MX-PG02", is_agreed_by_all=False)

    decision = decide([GROUP, silent])

    assert decision.told == (GROUP,)
    assert decision.refused == ((silent, Refusal.NOT_AGREED),)
