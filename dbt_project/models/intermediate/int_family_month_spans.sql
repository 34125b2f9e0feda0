with

families as (

    select * from {{ ref('int_families') }}

),

releases as (

    select * from {{ ref('int_releases') }}

)

-- A month is expected of a family that is in the programme on its last day, once the
-- month has ended.
select
    families.release_code,
    families.family_key,
    families.first_month,
    least(
        families.last_month,
        (date_trunc('month', families.exited_date + 1) - interval '1 month')::date,
        (
            date_trunc('month', releases.seen_until_at at time zone 'UTC')
            - interval '1 month'
        )::date
    ) as final_month
from families
inner join releases on families.release_code = releases.release_code
