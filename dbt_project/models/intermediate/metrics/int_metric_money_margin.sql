with

family_months as (

    select * from {{ ref('int_metric_family_months') }}

),

flows as (

    select
        *,
        {{ money_in('family_months') }} as money_in_local,
        {{ money_out('family_months') }} as money_out_local
    from family_months

),

margins as (

    select
        *,
        (money_in_local - money_out_local)
        / nullif(greatest(money_in_local, money_out_local), 0) as margin
    from flows

),

answers as (

    {{ answers_of('margins', [
        {
            'category_code': 'within_20_percent',
            'measured': '(abs(margin) <= 0.2)::integer'
        }
    ]) }}

),

sums as (

    {{ answers_summed('answers', windows=false) }}

),

margin_answers as (

    {{ answers_of('margins', [{'measured': 'margin'}]) }}

),

margin_sums as (

    {{ answers_summed('margin_answers') }}

),

shares as (

    {{ share_of_group_sums('sums') }}

),

levels as (

    {{ ratio_of_group_sums('margin_sums', 'level') }}

)

{{ metric_rows('M65', ['shares', 'levels']) }}
