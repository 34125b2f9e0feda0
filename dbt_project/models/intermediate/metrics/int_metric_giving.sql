with

-- What was given counts where both it and the income are known.
answers as (

    {{ answers_of_months([
        {
            'measured': 'given_local',
            'weight': 'income_local'
        },
        {
            'category_code': 'cash',
            'measured': 'given_cash_local',
            'weight': 'income_local'
        }
    ], unit_code='currency_code') }}

),

sums as (

    {{ answers_summed('answers', money='both', is_one_each=true) }}

),

-- A gift out of no income has no ratio; the ratio of sums keeps it.
ratios as (

    {{ answers_of_months([
        {
            'measured': 'case when income_local > 0 then given_local / income_local end'
        }
    ]) }}

),

ratio_sums as (

    {{ answers_summed('ratios', is_one_each=true) }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

),

ratio_means as (

    {{ ratio_of_group_sums('ratio_sums', 'mean_of_ratios') }}

)

{{ metric_rows('M36', ['shares', 'ratio_means']) }}
