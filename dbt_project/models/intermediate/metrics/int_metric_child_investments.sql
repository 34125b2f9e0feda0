with

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

investments as (

    select * from {{ ref('int_investments_consented') }}
    where is_paid

),

-- One row per family that was paid in the window, where its first payment found it.
families_paid as (

    select
        windows.release_code,
        investments.family_key,
        max(investments.is_for_child::integer) as measured,
        (array_agg(investments.country_code order by investments.paid_date))[1]
            as country_code,
        (array_agg(investments.site_code order by investments.paid_date))[1]
            as site_code,
        (array_agg(investments.peer_group_code order by investments.paid_date))[1]
            as peer_group_code,
        windows.cohort_code,
        windows.start_month,
        windows.end_month
    from windows
    inner join investments
        on
            windows.release_code = investments.release_code
            and windows.cohort_code = investments.cohort_code
            and date_trunc('month', investments.paid_date)
            between windows.start_month and windows.end_month
    group by
        windows.release_code,
        investments.family_key,
        windows.cohort_code,
        windows.start_month,
        windows.end_month

),

rows_of_families as (

    select
        release_code,
        'all_reporters' as panel_code,
        'nominal' as price_code,
        'kept' as outlier_code,
        'household' as denominator_code,
        'total' as category_code,
        'number' as unit_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        peer_group_code,
        -- Not marked for a child in any paper is not for a child.
        coalesce(measured, 0) as measured,
        1 as weight,
        start_month,
        end_month
    from families_paid

),

shares as (

    {{ share_of_families('rows_of_families') }}

)

{{ metric_rows('M34', ['shares']) }}
