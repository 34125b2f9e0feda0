with

family_months as (

    select
        *,
        count(income_local) over three_before as months_before_count,
        avg(income_local) over three_before as income_before_local
    from {{ ref('int_metric_family_months') }}
    window
        three_before as (
            partition by release_code, family_key
            order by journal_month
            range between
            interval '3 months' preceding and interval '1 month' preceding
        )

),

windows as (

    select * from {{ ref('int_metric_windows') }}
    where window_code = 'launch_to_end'

),

-- A family counts once: by its first shock in the window that has three known months
-- before it.
first_shocks as (

    select distinct on (family_months.release_code, family_months.family_key)
        family_months.release_code,
        family_months.family_key,
        family_months.country_code,
        family_months.site_code,
        family_months.cohort_code,
        family_months.peer_group_code,
        family_months.income_before_local,
        family_months.journal_month as shock_month,
        windows.start_month,
        windows.end_month
    from family_months
    inner join windows
        on
            family_months.release_code = windows.release_code
            and family_months.cohort_code = windows.cohort_code
            and family_months.journal_month
            between windows.start_month and windows.end_month
    where
        family_months.has_shock
        and family_months.months_before_count = 3
        and family_months.income_before_local > 0
    order by
        family_months.release_code,
        family_months.family_key,
        family_months.journal_month

),

followed as (

    select
        first_shocks.release_code,
        first_shocks.family_key,
        min(family_months.journal_month) filter (
            where
            family_months.income_local >= 0.95 * first_shocks.income_before_local
        ) as recovered_month,
        max(family_months.journal_month) as last_month
    from first_shocks
    inner join family_months
        on
            first_shocks.release_code = family_months.release_code
            and first_shocks.family_key = family_months.family_key
            and first_shocks.shock_month <= family_months.journal_month
            and first_shocks.end_month >= family_months.journal_month
    where family_months.income_local is not null
    group by first_shocks.release_code, first_shocks.family_key

),

families as (

    select
        first_shocks.release_code,
        'all_reporters' as panel_code,
        'nominal' as price_code,
        'kept' as outlier_code,
        'household' as denominator_code,
        'total' as category_code,
        'number' as unit_code,
        first_shocks.family_key,
        first_shocks.country_code,
        first_shocks.site_code,
        first_shocks.cohort_code,
        first_shocks.peer_group_code,
        {{ months_between(
            'first_shocks.shock_month',
            'coalesce(followed.recovered_month, followed.last_month)'
        ) }} as measured,
        (followed.recovered_month is not null)::integer as weight,
        first_shocks.start_month,
        first_shocks.end_month
    from first_shocks
    inner join followed
        on
            first_shocks.release_code = followed.release_code
            and first_shocks.family_key = followed.family_key

),

medians as (

    {{ time_to_event('families') }}

)

{{ metric_rows('M28', ['medians']) }}
