select
    submissions.form_id,
    submissions.submission_id,
    submissions.version_number,
    submissions.root_id,
    submissions.change_code,
    submissions.review_state_code,
    submissions.received_at,
    submissions.known_at,
    answer.site_code,
    answer.peer_group_code,
    answer.family_code,
    {{ login_hashed('answer.entered_by_id') }} as entered_by_id,
    answer.exit_kind_code,
    answer.exit_date,
    answer.exit_reason_code,
    answer.new_peer_group_code,
    answer.new_family_code,
    answer.data_wish_code,
    {{ personal_data_kinds('exits') }} as personal_data_kinds
from
    {{ source('forms', 'exits') }} as submissions,
    -- One pass over the document. A deletion has no answers: its row keeps nulls.
    jsonb_to_record(coalesce(submissions.answers, '{}')) as answer (
        site_code text, peer_group_code text, family_code text, entered_by_id text,
        exit_kind_code text, exit_date date, exit_reason_code text,
        new_peer_group_code text, new_family_code text, data_wish_code text
    )
