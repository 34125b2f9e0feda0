with

answers as (

    {{ answers_of_months([
        {'category_code': 'types', 'measured': 'income_type_count'},
        {'category_code': 'concentration', 'measured': 'income_concentration_score'}
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

levels as (

    {{ ratio_of_group_sums('sums', 'level') }}

)

{{ metric_rows('M11', ['levels']) }}
