with

family_months as (

    select
        *,
        max(journal_month) over (partition by release_code, cohort_code) as last_month,
        max((recovery_code in ('full', 'better'))::integer) over (
            partition by release_code, family_key
            order by journal_month
            range between current row and interval '3 months' following
        ) as has_recovered
    from {{ ref('int_metric_family_months') }}

),

-- A shock is looked at once its third month has passed. Recovery is asked where there
-- was a shock that month or a later one: a family that is not asked again and had not
-- recovered then counts as not recovered.
shocks_followed as (

    select * from family_months
    where has_shock and journal_month + interval '3 months' <= last_month

),

answers as (

    {{ answers_of(
        'shocks_followed', [{'measured': 'coalesce(has_recovered, 0)'}]
    ) }}

),

families as (

    {{ each_month_by_itself('answers') }}
    union all
    {{ ever_in_window('answers') }}

),

shares as (

    {{ share_of_families('families') }}

)

{{ metric_rows('M27', ['shares']) }}
