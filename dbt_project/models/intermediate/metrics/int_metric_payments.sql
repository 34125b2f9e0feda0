with

payments as (

    select * from {{ ref('int_metric_journal_payments') }}

),

answers as (

    {{ answers_of('payments', [
        {'category': 'payment_status_code', 'measured': '1'}
    ]) }}

),

sums as (

    {{ answers_summed('answers') }}

),

-- A payment made late is paid; a void one was never due.
amounts as (

    {{ answers_of('payments', [
        {
            'category_code': 'paid_amount',
            'measured': "
                case
                    when payment_status_code in ('paid', 'late') then amount_local
                    else 0
                end",
            'weight': "
                case when payment_status_code <> 'void' then amount_local end"
        }
    ], unit_code='currency_code') }}

),

amount_sums as (

    {{ answers_summed('amounts', money='both') }}

),

amount_totals as (

    {{ total_of_group_sums('amount_sums') }}

),

counts as (

    {{ total_of_group_sums('sums') }}

),

shares as (

    {{ ratio_of_group_sums('amount_sums', 'share') }}

)

{{ metric_rows('M51', ['counts', 'amount_totals', 'shares']) }}
