with

months as (

    select * from {{ ref('dim_months') }}

),

days as (

    select
        journal_month,
        generate_series(journal_month, month_last_date, interval '1 day')::date
            as calendar_date
    from months

)

select
    to_char(calendar_date, 'FMDay') as weekday_name,
    extract(isodow from calendar_date)::integer as weekday_number,
    calendar_date,
    journal_month
from days
