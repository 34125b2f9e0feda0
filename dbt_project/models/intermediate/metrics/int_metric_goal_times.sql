with

goals as (

    select * from {{ ref('int_metric_goals') }}

),

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

-- A goal that was dropped, or whose family was last heard of, is followed until then.
families as (

    select
        goals.release_code,
        'all_reporters' as panel_code,
        'nominal' as price_code,
        'kept' as outlier_code,
        'household' as denominator_code,
        'total' as category_code,
        'number' as unit_code,
        goals.family_key,
        goals.country_code,
        goals.site_code,
        goals.cohort_code,
        goals.peer_group_code,
        {{ months_between(
            'goals.set_month',
            'least(coalesce(goals.closed_month, goals.last_month), windows.end_month)'
        ) }} as measured,
        coalesce(
            goals.achieved_month = goals.closed_month
            and goals.achieved_month <= windows.end_month,
            false
        )::integer as weight,
        windows.start_month,
        windows.end_month
    from goals
    inner join windows
        on
            goals.release_code = windows.release_code
            and goals.cohort_code = windows.cohort_code
            and goals.set_month <= windows.end_month
    -- A family never heard of since it set the goal says nothing of the time it takes.
    where goals.last_month >= goals.set_month

),

times as (

    {{ time_to_event('families', by_months=[6, 12]) }}

)

{{ metric_rows('M43', ['times']) }}
