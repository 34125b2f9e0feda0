with

journals as (

    select * from {{ ref('int_metric_journals') }}
    where has_shock

),

answers as (

    {{ answers_of('journals', [
        {
            'measured': "
                (coping_types ?| array['sell', 'school_out', 'cut'])::integer"
        }
    ]) }}

),

families as (

    {{ each_month_by_itself('answers') }}
    union all
    {{ ever_in_window('answers') }}

),

shares as (

    {{ share_of_families('families') }}

)

{{ metric_rows('M26', ['shares']) }}
