with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'improved',
            'measured': 'has_improved_home::integer'
        },
        {
            'category_code': 'damaged',
            'measured': 'has_damaged_home::integer'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false, is_one_each=true) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M63', ['shares']) }}
