-- Each form by its newest run, and by the newest that compared counts.
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
    order by form_id asc, run_number desc

),

newest_compared as (

    select distinct on (form_id)
        form_id,
        server_count,
        live_count,
        difference_count,
        rejected_count,
        unmapped_question_count,
        total_new_count,
        total_edited_count,
        total_reviewed_count,
        total_deleted_count,
        total_restored_count
    from share.form_syncs
    where difference_count is not null
    order by form_id asc, run_number desc

),

successes as (

    select
        form_id,
        max(ended_at) filter (
            where run_status_code = 'succeeded'
        ) as succeeded_at
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
    newest_compared.total_new_count,
    newest_compared.total_edited_count,
    newest_compared.total_reviewed_count,
    newest_compared.total_deleted_count,
    newest_compared.total_restored_count,
    newest.ended_at,
    successes.succeeded_at
from newest
inner join successes on newest.form_id = successes.form_id
left join newest_compared on newest.form_id = newest_compared.form_id
order by newest.form_id
