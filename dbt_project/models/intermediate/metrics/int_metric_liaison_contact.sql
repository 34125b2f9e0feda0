with

family_months as (

    select
        *,
        max(has_liaison_visit::integer) over last_three as has_recent_visit,
        count(has_liaison_visit) over last_three as answered_months_count
    from {{ ref('int_metric_family_months') }}
    window
        last_three as (
            partition by release_code, family_key
            order by journal_month
            range between interval '2 months' preceding and current row
        )

),

-- A quarter is the month and the two before it. A visit is known from a journal that
-- was filled in on it; a family without a journal in the quarter says nothing.
answers as (

    {{ answers_of('family_months', [
        {'measured': 'case when answered_months_count > 0 then has_recent_visit end'}
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M50', ['shares']) }}
