with

investments as (

    select * from {{ ref('int_metric_investments') }}

),

-- How many investments, and how many families had one.
answers as (

    {{ answers_of('investments', [
        {'category_code': 'investments', 'measured': '1'}
    ], month='paid_month') }}

),

sums as (

    {{ answers_summed('answers') }}

),

families as (

    {{ ever_in_window('answers') }}

),

amounts as (

    {{ answers_of('investments', [
        {'category_code': 'amount', 'measured': 'paid_local'}
    ], month='paid_month', unit_code='currency_code') }}

),

amount_sums as (

    {{ answers_summed('amounts', money='measured') }}

),

incomes as (

    {{ answers_of('investments', [
        {
            'category_code': 'to_income',
            'measured': 'paid_local',
            'weight': 'income_before_local'
        }
    ], month='paid_month', unit_code='currency_code') }}

),

income_sums as (

    {{ answers_summed('incomes', money='both') }}

),

amounts_of_windows as (

    {{ each_window_by_itself('amounts') }}

),

totals as (

    {{ total_of_group_sums('sums') }}

),

family_counts as (

    {{ count_of_families('families') }}

),

amount_totals as (

    {{ total_of_group_sums('amount_sums') }}

),

amount_medians as (

    {{ spread_of_rows('amounts_of_windows', {'median': 0.5}) }}

),

income_shares as (

    {{ ratio_of_group_sums('income_sums', 'share') }}

)

{{ metric_rows('M31', [
    'totals', 'family_counts', 'amount_totals', 'amount_medians', 'income_shares'
]) }}
