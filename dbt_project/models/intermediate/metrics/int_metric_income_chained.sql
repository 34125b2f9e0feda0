with

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

family_incomes as (

    select * from {{ ref('int_family_incomes_priced') }}

),

splits as (

    select * from {{ ref('int_families_split') }}

),

incomes as (

    select
        family_incomes.*,
        windows.start_month,
        windows.end_month
    from windows
    inner join family_incomes
        on
            windows.release_code = family_incomes.release_code
            and windows.cohort_code = family_incomes.cohort_code
            and family_incomes.journal_month
            between windows.start_month and windows.end_month

),

with_next_month as (

    select
        *,
        lead(journal_month) over same_family as next_month,
        lead(income) over same_family as next_income
    from incomes
    window
        same_family as (
            partition by release_code, family_key, price_code
            order by journal_month
        )

),

-- Families matched from one month to the next: one that joins or leaves counts for the
-- months it was there. Half a household is not matched to the whole one.
steps as (

    select
        release_code,
        'chained' as panel_code,
        price_code,
        'kept' as outlier_code,
        'household' as denominator_code,
        'total' as category_code,
        unit_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        peer_group_code,
        income as earlier_income,
        next_income as later_income,
        next_month as step_month,
        start_month,
        end_month
    from with_next_month
    where
        next_month = journal_month + interval '1 month'
        and not exists (
            select 1 as is_split
            from splits
            where
                splits.release_code = with_next_month.release_code
                and splits.family_key = with_next_month.family_key
                and splits.split_month = with_next_month.next_month
        )

),

growths as (

    {{ chained_growth('steps') }}

)

{{ metric_rows('M03', ['growths']) }}
