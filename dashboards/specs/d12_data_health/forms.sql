-- Each form by its newest run, the newest that compared counts, and sums over all runs.
with

newest as (

    select distinct on (form_id)
        form_id,
        role_code,
        server_name,
        run_status_code,
        failure_code,
        ended_at
    from share.form_syncs
    order by form_id asc, started_at desc

),

newest_compared as (

    select distinct on (form_id)
        form_id,
        server_count,
        live_count,
        difference_count,
        rejected_count,
        unmapped_question_count
    from share.form_syncs
    where server_count is not null
    order by form_id asc, started_at desc

),

totals as (

    select
        form_id,
        max(ended_at) filter (
            where run_status_code = 'succeeded'
        ) as succeeded_at,
        sum(new_count) as total_new_count,
        sum(edited_count) as total_edited_count,
        sum(reviewed_count) as total_reviewed_count,
        sum(deleted_count) as total_deleted_count,
        sum(restored_count) as total_restored_count
    from share.form_syncs
    group by form_id

)

select
    newest.form_id,
    newest.role_code,
    newest.server_name,
    newest.run_status_code,
    newest.failure_code,
    'live' as release_code,
    newest_compared.server_count,
    newest_compared.live_count,
    newest_compared.difference_count,
    newest_compared.rejected_count,
    newest_compared.unmapped_question_count,
    totals.total_new_count,
    totals.total_edited_count,
    totals.total_reviewed_count,
    totals.total_deleted_count,
    totals.total_restored_count,
    newest.ended_at,
    totals.succeeded_at
from newest
inner join totals on newest.form_id = totals.form_id
left join newest_compared on newest.form_id = newest_compared.form_id
order by newest.form_id
