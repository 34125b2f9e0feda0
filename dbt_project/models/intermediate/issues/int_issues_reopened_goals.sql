with

goal_updates as (

    select * from {{ ref('int_goal_updates_exploded') }}

),

journals as (

    select * from {{ ref('int_journal_months') }}

),

updates_in_order as (

    select
        *,
        lag(goal_status_code) over (
            partition by family_key, goal_number order by journal_month, line_number
        ) as previous_status_code
    from goal_updates

)

select
    {{ issue_columns(
        'reopened_goal',
        ['journals.root_id', 'updates_in_order.goal_number'],
        root_id='journals.root_id',
        site_code='journals.site_code',
        family_key='journals.family_key',
        journal_month='journals.journal_month',
        field_name="'goal_status_code'",
        observed="concat_ws(
            ' ',
            'goal', updates_in_order.goal_number, updates_in_order.goal_status_code
        )",
        expected="'achieved, as told before'",
        opened_at='journals.known_at',
    ) }}
from updates_in_order
inner join journals
    on
        updates_in_order.family_key = journals.family_key
        and updates_in_order.journal_month = journals.journal_month
where
    updates_in_order.previous_status_code = 'achieved'
    and updates_in_order.goal_status_code <> 'achieved'
