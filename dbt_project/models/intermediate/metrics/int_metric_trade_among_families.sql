with

answers as (

    {{ answers_of_months([
        {
            'measured': 'sold_to_families_local',
            'weight': 'business_sales_local'
        },
        {
            'category_code': 'mismatch',
            'measured': 'bought_from_families_local - sold_to_families_local',
            'weight': 'bought_from_families_local + sold_to_families_local'
        }
    ], unit_code='currency_code') }}

),

sums as (

    {{ answers_summed('answers', money='both', is_one_each=true) }}

),

shares as (

    {{ ratio_of_group_sums('sums', 'share') }}

)

{{ metric_rows('M39', ['shares']) }}
