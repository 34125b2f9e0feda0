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
    answer.meeting_month,
    answer.meeting_date,
    {{ login_hashed('answer.entered_by_id') }} as entered_by_id,
    answer.mode_code,
    answer.meeting_minutes,
    answer.attending_family_codes,
    answer.led_by_code,
    answer.has_reviewed_data,
    answer.data_question_text is not null as has_told_question,
    answer.data_decision_text is not null as has_told_decision,
    {{ without_words('answer.strategies_shared', 'strategy_text') }}
        as strategies_shared,
    answer.group_contributed_local,
    answer.group_balance_local,
    answer.group_lent_local,
    {{ personal_data_kinds('peer_meetings') }} as personal_data_kinds
from
    {{ source('forms', 'peer_meetings') }} as submissions,
    -- One pass over the document. A deletion has no answers: its row keeps nulls.
    jsonb_to_record(coalesce(submissions.answers, '{}')) as answer (
        site_code text, peer_group_code text, meeting_month date, meeting_date date,
        entered_by_id text, mode_code text, meeting_minutes integer,
        attending_family_codes jsonb, led_by_code text, has_reviewed_data boolean,
        data_question_text text, data_decision_text text, strategies_shared jsonb,
        group_contributed_local numeric(14, 2), group_balance_local numeric(14, 2),
        group_lent_local numeric(14, 2)
    )
