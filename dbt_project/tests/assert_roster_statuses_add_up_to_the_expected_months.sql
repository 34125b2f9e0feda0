-- Every expected month has one status, and every month of the roster is a family month:
-- none is lost for want of a placement, none is doubled by two of them.
with

months_expected as (

    select
        release_code,
        count(*) as month_count
    from {{ ref('int_family_months_expected') }}
    group by release_code

),

statuses as (

    select
        release_code,
        count(*) filter (where journal_status_code = 'on_time')
        + count(*) filter (where journal_status_code = 'late')
        + count(*) filter (where journal_status_code = 'missing')
        + count(*) filter (where journal_status_code = 'paused')
        + count(*) filter (where journal_status_code = 'not_yet_due')
        + count(*) filter (where journal_status_code = 'rejected') as month_count
    from {{ ref('int_family_months') }}
    group by release_code

)

select
    months_expected.release_code,
    months_expected.month_count,
    statuses.month_count as status_count
from months_expected
left join statuses on months_expected.release_code = statuses.release_code
where months_expected.month_count is distinct from statuses.month_count
