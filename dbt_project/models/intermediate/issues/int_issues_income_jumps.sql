with

journals as (

    select * from {{ ref('int_journal_months') }}
    where income_local > 0 and previous_income_local > 0

),

usual_incomes as (

    select * from {{ ref('int_usual_incomes') }}

),

income_slips as (

    select * from {{ ref('int_income_slips') }}

),

limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'income_jump'

),

-- 1.4826 makes of the median deviation a standard one. A family that always says the
-- same has none: a tenth is the least that is taken for its usual ups and downs.
changes as (

    select
        journals.*,
        usual_incomes.own_log_median,
        usual_incomes.own_month_count,
        greatest(1.4826 * usual_incomes.own_log_deviation, 0.1) as log_spread,
        abs(ln(journals.income_local) - usual_incomes.own_log_median) as log_distance,
        abs(
            ln(journals.income_local / journals.previous_income_local)
        ) as log_change
    from journals
    inner join usual_incomes on journals.root_id = usual_incomes.root_id

)

select
    {{ issue_columns(
        'income_jump',
        ['changes.root_id'],
        root_id='changes.root_id',
        site_code='changes.site_code',
        family_key='changes.family_key',
        journal_month='changes.journal_month',
        field_name="'income_local'",
        observed="changes.income_local || ' after ' || changes.previous_income_local",
        expected="concat_ws(
            ' to ',
            exp(changes.own_log_median - limits.upper_limit * changes.log_spread)
            ::numeric(14, 2),
            exp(changes.own_log_median + limits.upper_limit * changes.log_spread)
            ::numeric(14, 2)
        )",
        opened_at='changes.known_at',
    ) }}
from changes
cross join limits
left join income_slips on changes.root_id = income_slips.root_id
where
    changes.own_month_count >= limits.minimum_count
    and changes.log_change >= ln(limits.lower_limit)
    and changes.log_distance >= limits.upper_limit * changes.log_spread
    -- A slip that explains it is an issue of its own, until it is corrected.
    and (income_slips.root_id is null or changes.correction_count > 0)
    -- The form asked, and the family said why; "unit" is no reason but a slip.
    and (
        changes.is_income_confirmed is not true
        or coalesce(changes.income_change_reason_code, 'unit') = 'unit'
    )
