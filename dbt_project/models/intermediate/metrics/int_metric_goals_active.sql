with

goals as (

    select * from {{ ref('int_metric_goals') }}

),

journals as (

    select * from {{ ref('int_metric_journals') }}

),

-- The goals a family still had at the end of the month.
goals_of_months as (

    select
        journals.release_code,
        journals.family_key,
        journals.journal_month,
        journals.country_code,
        journals.site_code,
        journals.cohort_code,
        journals.peer_group_code,
        count(goals.family_key) as goal_count
    from journals
    left join goals
        on
            journals.release_code = goals.release_code
            and journals.family_key = goals.family_key
            and journals.journal_month >= goals.set_month
            and journals.journal_month
            < coalesce(goals.closed_month, 'infinity'::date)
    group by
        journals.release_code,
        journals.family_key,
        journals.journal_month,
        journals.country_code,
        journals.site_code,
        journals.cohort_code,
        journals.peer_group_code

),

answers as (

    {{ answers_of('goals_of_months', [{'measured': 'goal_count'}]) }}

),

sums as (

    {{ answers_summed('answers') }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M41', ['levels']) }}
