with

answers as (

    {{ answers_of_months([
        {
            'category_code': 'forgone_care',
            'measured': 'has_forgone_care::integer'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false, is_one_each=true) }}

),

shares as (

    {{ share_of_group_sums('sums') }}

)

{{ metric_rows('M62', ['shares']) }}
