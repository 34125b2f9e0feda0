with

family_months as (

    select * from {{ ref('int_metric_family_months') }}
    where journal_status_code <> 'paused'

),

launched as (

    select * from family_months
    where journal_month = launch_month

),

cohort_months as (

    select distinct
        release_code,
        cohort_code,
        journal_month
    from family_months

),

-- A family counts where it was at launch: moving away within the programme is not
-- leaving it.
months_of_launched as (

    select
        launched.release_code,
        launched.family_key,
        cohort_months.journal_month,
        launched.country_code,
        launched.site_code,
        launched.cohort_code,
        launched.peer_group_code,
        (family_months.family_key is not null)::integer as is_there
    from launched
    inner join cohort_months
        on
            launched.release_code = cohort_months.release_code
            and launched.cohort_code = cohort_months.cohort_code
            and launched.journal_month <= cohort_months.journal_month
    left join family_months
        on
            launched.release_code = family_months.release_code
            and launched.family_key = family_months.family_key
            and cohort_months.journal_month = family_months.journal_month

),

answers as (

    {{ answers_of('months_of_launched', [{'measured': 'is_there'}]) }}

),

sums as (

    {{ answers_summed('answers', windows=false) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M49', ['shares']) }}
