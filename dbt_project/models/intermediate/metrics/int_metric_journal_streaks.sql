with

family_months as (

    select
        *,
        journal_status_code in ('on_time', 'late') as is_accepted
    from {{ ref('int_metric_family_months') }}
    where journal_status_code <> 'paused'

),

-- Months in a row are numbered from the last month without a journal.
runs as (

    select
        *,
        count(*) filter (where not is_accepted) over (
            partition by release_code, family_key
            order by journal_month
        ) as run_number
    from family_months

),

streaks as (

    select
        *,
        count(*) filter (where is_accepted) over (
            partition by release_code, family_key, run_number
            order by journal_month
        ) as streak_months_count
    from runs

),

answers as (

    {{ answers_of('streaks', [
        {'category_code': 'streak', 'measured': 'streak_months_count'}
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false) }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M47', ['levels']) }}
