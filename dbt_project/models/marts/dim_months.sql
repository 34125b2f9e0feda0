with

cohorts as (

    select * from {{ ref('stg_registry__cohorts') }}

),

months as (

    select
        generate_series(
            min(recruited_from_month),
            max(coalesce(extension_end_month, analysis_end_month)),
            interval '1 month'
        )::date as journal_month
    from cohorts

)

select
    to_char(journal_month, 'Mon YYYY') as journal_month_name,
    extract(year from journal_month)::integer as calendar_year,
    extract(quarter from journal_month)::integer as quarter_number,
    extract(
        day from journal_month + interval '1 month' - interval '1 day'
    )::integer as month_days,
    extract(month from journal_month) in (1, 4, 7, 10) as has_module_questions,
    journal_month,
    (journal_month + interval '1 month' - interval '1 day')::date as month_last_date
from months
