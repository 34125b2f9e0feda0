with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'severity',
            'measured': 'shock_severity_score'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M25', ['levels']) }}
