with

answers as (

    {{ answers_of_months([
        {
            'measured': '100 * has_led_community_activity::integer'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', is_one_each=true) }}

),

rates as (

    {{ ratio_of_group_sums('sums', 'rate') }}

)

{{ metric_rows('M40', ['rates']) }}
