with

months_expected as (

    select * from {{ ref('int_family_months_expected') }}
    where {{ of_touched_families('family_key') }}

),

exits as (

    select * from {{ ref('int_exits_resolved') }}

)

-- The newest pause that had begun by the end of the month.
select
    months_expected.release_code,
    months_expected.family_key,
    months_expected.journal_month,
    max(date_trunc('month', exits.exit_date)::date) as paused_month
from months_expected
inner join exits
    on
        months_expected.release_code = exits.release_code
        and months_expected.family_key = exits.family_key
        and months_expected.journal_month + interval '1 month' > exits.exit_date
where exits.exit_kind_code = 'pause'
group by
    months_expected.release_code,
    months_expected.family_key,
    months_expected.journal_month
