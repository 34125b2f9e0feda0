with

family_months as (

    select * from {{ ref('int_metric_family_months') }}
    where income_local is not null

),

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

varied as (

    select
        *,
        count(*) over last_six as income_count,
        stddev_samp(income_local) over last_six
        / nullif(avg(income_local) over last_six, 0) as measured
    from family_months
    window
        last_six as (
            partition by release_code, family_key
            order by journal_month
            rows between 5 preceding and current row
        )

),

own_medians as (

    select
        family_months.release_code,
        family_months.family_key,
        windows.start_month,
        windows.end_month,
        percentile_cont(0.5) within group (order by family_months.income_local)
            as own_median
    from family_months
    inner join windows
        on
            family_months.release_code = windows.release_code
            and family_months.cohort_code = windows.cohort_code
            and family_months.journal_month
            between windows.start_month and windows.end_month
    group by
        family_months.release_code,
        family_months.family_key,
        windows.start_month,
        windows.end_month

),

-- Six accepted months, however far apart; fewer say too little of how income varies.
-- Low months are counted within the window alone: half of what is its own median.
answers as (

    select
        release_code,
        'all_reporters' as panel_code,
        'kept' as outlier_code,
        'household' as denominator_code,
        'total' as category_code,
        'number' as unit_code,
        family_key,
        country_code,
        site_code,
        cohort_code,
        peer_group_code,
        measured,
        1 as weight,
        journal_month as measured_month
    from varied
    where income_count = 6 and measured is not null
    union all
    select
        family_months.release_code,
        'all_reporters' as panel_code,
        'kept' as outlier_code,
        'household' as denominator_code,
        'months_below_half' as category_code,
        'number' as unit_code,
        family_months.family_key,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        family_months.peer_group_code,
        (family_months.income_local < 0.5 * own_medians.own_median)::integer
            as measured,
        1 as weight,
        family_months.journal_month as measured_month
    from family_months
    inner join own_medians
        on
            family_months.release_code = own_medians.release_code
            and family_months.family_key = own_medians.family_key
            and family_months.journal_month
            between own_medians.start_month and own_medians.end_month

),

sums as (

    {{ answers_summed('answers') }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M09', ['levels']) }}
