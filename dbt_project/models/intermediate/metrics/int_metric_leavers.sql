with

family_months as (

    select * from {{ ref('int_metric_family_months') }}

),

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

launched as (

    select * from family_months
    where journal_month = launch_month and income_local is not null

),

-- The start income of families that were no longer expected at the end, over that of
-- families that were.
families as (

    select
        launched.release_code,
        'all_reporters' as panel_code,
        'nominal' as price_code,
        'kept' as outlier_code,
        'household' as denominator_code,
        'leavers_to_stayers' as category_code,
        launched.currency_code as unit_code,
        launched.family_key,
        launched.country_code,
        launched.site_code,
        launched.cohort_code,
        launched.peer_group_code,
        case when at_end.family_key is null then 'end' else 'start' end as end_code,
        launched.income_local as measured,
        1 as weight,
        windows.start_month,
        windows.end_month
    from launched
    inner join windows
        on
            launched.release_code = windows.release_code
            and launched.cohort_code = windows.cohort_code
    left join family_months as at_end
        on
            launched.release_code = at_end.release_code
            and launched.family_key = at_end.family_key
            and windows.end_month = at_end.journal_month

),

ratios as (

    {{ compare_ends('families', 'ratio_of_means') }}

)

{{ metric_rows('M49', ['ratios']) }}
