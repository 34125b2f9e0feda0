with

listeners as (

    select * from {{ ref('int_metric_strategy_listeners') }}

),

lines as (

    {{ answers_of('listeners', [
        {'category_code': 'shared', 'measured': 'shared_part'}
    ]) }}

),

line_sums as (

    {{ answers_summed('lines') }}

),

trials as (

    {{ answers_of('listeners', [
        {
            'category_code': 'tried',
            'measured': 'has_begun::integer',
            'weight': 'case when might_begin and is_followed then 1 end'
        }
    ]) }}

),

trial_sums as (

    {{ answers_summed('trials') }}

),

begun as (

    {{ answers_of('listeners', [
        {
            'category_code': 'tried',
            'measured': 'case when might_begin and has_begun then 1 end'
        }
    ]) }}

),

begun_sums as (

    {{ answers_summed('begun') }}

),

totals as (

    {{ total_of_group_sums('line_sums') }}

),

trial_totals as (

    {{ total_of_group_sums('begun_sums') }}

),

shares as (

    {{ ratio_of_group_sums('trial_sums', 'share') }}

)

{{ metric_rows('M45', ['totals', 'trial_totals', 'shares']) }}
