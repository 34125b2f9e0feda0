"""Tests of the data that warn, among the issues that a person should look at."""

from sqlalchemy import Connection, text

# A project of other models, or a build that failed before them, has no such table.
HAS_ISSUES = text("""
select
    to_regclass('ops.issue_rules') is not null
    and exists (
        select from pg_attribute
        where
            attrelid = to_regclass('ops.data_issues')
            and attname = 'issue_status_code'
            and not attisdropped
    )
""")
FORGET = text("delete from ops.data_issues where rule_code = 'test_warning'")
WRITE = text("""
with

results as (
    select
        node,
        status_code,
        message,
        ended_at,
        row_number() over (
            partition by node order by ended_at desc, result_id desc
        ) as newness_rank,
        min(ended_at) filter (where status_code = 'warn') over tests as opened_at,
        max(ended_at) filter (where status_code = 'warn') over tests as last_warned_at
    from ops.dbt_results
    where node like 'test.%' and status_code in ('warn', 'pass', 'fail')
    window tests as (partition by node)
),

tests as (
    select
        node,
        min(opened_at) as opened_at,
        max(status_code) filter (where newness_rank = 1) = 'pass' as is_closed,
        min(ended_at) filter (
            where status_code = 'pass' and ended_at > last_warned_at
        ) as passed_at,
        (array_agg(message order by newness_rank) filter (
            where status_code = 'warn'
        ))[1] as message
    from results
    where last_warned_at is not null
    group by node
)

insert into ops.data_issues (
    issue_id, rule_code, severity_code, owner_code, issue_status_code, observed,
    what_to_do, opened_at, closed_at
)
select
    'test_warning/' || split_part(tests.node, '.', 3),
    rules.rule_code,
    rules.severity_code,
    rules.owner_code,
    case when tests.is_closed then 'closed' else 'open' end,
    concat_ws(': ', split_part(tests.node, '.', 3), tests.message),
    rules.what_to_do,
    tests.opened_at,
    case when tests.is_closed then tests.passed_at end
from tests
inner join ops.issue_rules as rules
    on rules.rule_code = 'test_warning' and rules.is_enabled
""")


def write_warned_tests(connection: Connection) -> None:
    """Bring the warnings in `ops.data_issues` to what `ops.dbt_results` says.

    dbt cannot do it itself: a test has its result when the table it would be written to
    is built already. A test whose newest result is a pass is a closed issue.
    """
    if connection.execute(HAS_ISSUES).scalar_one():
        connection.execute(FORGET)
        connection.execute(WRITE)
