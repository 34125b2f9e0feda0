"""Counts of issues tell of records; one rule's issues are what families decided."""

from tests.warehouse.conftest import Warehouse

LEFT_OUT = """
select scope_code, open_issue_count, past_issue_count, is_suppressed
from share.issue_counts where rule_code = 'left_out_record'
"""


def test_few_decisions_of_families_are_not_counted(built_pilot: Warehouse) -> None:
    ((least,),) = built_pilot.rows(
        "select least_shared_count from intermediate.int_sharing_thresholds"
    )
    rows = built_pilot.rows(LEFT_OUT)
    shown = [
        (open_, past) for _, open_, past, is_suppressed in rows if not is_suppressed
    ]

    assert [row for row in rows if row[-1]], "some are few"
    assert [pair for pair in shown if set(pair) & set(range(1, least))] == []


def test_an_issue_is_told_by_its_day(built_pilot: Warehouse) -> None:
    rows = built_pilot.rows("""
        select
            count(*),
            count(*) filter (where (oldest_opened_at at time zone 'UTC')::time > '0:00')
        from share.issue_counts where oldest_opened_at is not null
    """)

    ((told_count, exact_count),) = rows
    assert told_count > 10
    assert exact_count == 0
