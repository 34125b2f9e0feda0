with

family_months as (

    select
        *,
        count(income_local) over last_three as income_count,
        -- The middle one of three is what is left without the largest and the least.
        sum(income_local) over last_three
        - max(income_local) over last_three
        - min(income_local) over last_three as income_median_local
    from {{ ref('int_metric_family_months') }}
    where income_local is not null
    window
        last_three as (
            partition by release_code, family_key
            order by journal_month
            range between interval '2 months' preceding and current row
        )

),

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
        savings_balance_local / (income_median_local / 30) as measured,
        1 as weight,
        journal_month as measured_month
    from family_months
    where
        income_count = 3
        and income_median_local > 0
        and savings_balance_local is not null

),

sums as (

    {{ answers_summed('answers', windows=false) }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M18', ['levels']) }}
