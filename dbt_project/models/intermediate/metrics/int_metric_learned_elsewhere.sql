with

journals as (

    select * from {{ ref('int_metric_journals') }}

),

-- Used for several goals in one month, a strategy is one use.
uses as (

    select distinct
        journals.release_code,
        journals.family_key,
        journals.journal_month,
        journals.country_code,
        journals.site_code,
        journals.cohort_code,
        journals.peer_group_code,
        goal.strategy_code
    from
        journals,
        jsonb_array_elements(journals.goal_updates) as listed (answers),
        jsonb_to_record(listed.answers) as goal (
            strategy_code text, learned_from_code text
        )
    where
        goal.learned_from_code = 'other_cii' and goal.strategy_code is not null

),

answers as (

    {{ answers_of('uses', [
        {'measured': '1'},
        {'category': 'strategy_code', 'measured': '1'}
    ]) }}

),

sums as (

    {{ answers_summed('answers') }}

),

totals as (

    {{ total_of_group_sums('sums') }}

)

{{ metric_rows('M46', ['totals']) }}
