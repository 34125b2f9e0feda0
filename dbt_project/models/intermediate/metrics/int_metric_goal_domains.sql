with

goals as (

    select * from {{ ref('int_metric_goals') }}

),

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

domains as (

    select distinct goal_domain_code from goals
    where goal_domain_code is not null

),

-- All goals set until the end of the window, those of enrolment among them.
families as (

    select
        goals.release_code,
        'all_reporters' as panel_code,
        'nominal' as price_code,
        'kept' as outlier_code,
        'household' as denominator_code,
        domains.goal_domain_code as category_code,
        'number' as unit_code,
        goals.family_key,
        goals.country_code,
        goals.site_code,
        goals.cohort_code,
        goals.peer_group_code,
        (goals.goal_domain_code = domains.goal_domain_code)::integer as measured,
        1 as weight,
        windows.start_month,
        windows.end_month
    from goals
    inner join windows
        on
            goals.release_code = windows.release_code
            and goals.cohort_code = windows.cohort_code
            and goals.set_month <= windows.end_month
    cross join domains
    where goals.goal_domain_code is not null

),

shares as (

    {{ ratio_of_sums('families', 'share') }}

)

{{ metric_rows('M41', ['shares']) }}
