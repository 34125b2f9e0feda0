with

goals as (

    select * from {{ ref('int_metric_goals') }}

),

last_months as (

    select
        release_code,
        max(last_month) as release_last_month
    from goals
    group by release_code

),

-- A goal counts once it could have been reached in time, whether or not its family is
-- still there to tell.
goals_followed as (

    select
        goals.*,
        last_months.release_last_month,
        {{ months_between('goals.set_month', 'last_months.release_last_month') }}
            as followed_months_count,
        {{ months_between('goals.set_month', 'goals.achieved_month') }}
            as achieved_months_count
    from goals
    inner join last_months on goals.release_code = last_months.release_code

),

answers as (

    {{ answers_of('goals_followed', [
        {
            'category_code': 'by_6_months',
            'measured': 'coalesce((achieved_months_count <= 6)::integer, 0)',
            'weight': 'case when followed_months_count >= 6 then 1 end'
        },
        {
            'category_code': 'by_12_months',
            'measured': 'coalesce((achieved_months_count <= 12)::integer, 0)',
            'weight': 'case when followed_months_count >= 12 then 1 end'
        }
    ], month='set_month') }}

),

sums as (

    {{ answers_summed('answers') }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M42', ['shares']) }}
