create schema if not exists raw;
create schema if not exists pii;
create schema if not exists ops;
create schema if not exists staging;
create schema if not exists intermediate;
create schema if not exists marts;
create schema if not exists share;

create table if not exists ops.attachments (
    form_id text not null,
    submission_id text not null,
    attachment_key text not null,
    version_number integer not null,
    file_name text not null,
    question_path text,
    media_type text,
    size_bytes bigint,
    sha256 text,
    stored_path text,
    status_code text not null,
    reason text,
    attempt_count integer default 0 not null,
    first_seen_at timestamp with time zone not null,
    fetched_at timestamp with time zone,
    run_id uuid not null,
    primary key (form_id, submission_id, attachment_key)
);
create index if not exists attachments_status_code on ops.attachments (form_id, status_code);
create index if not exists attachments_stored_path on ops.attachments (stored_path);

create table if not exists ops.build_runs (
    run_id uuid not null,
    built_at timestamp with time zone,
    primary key (run_id)
);
create index if not exists build_runs_pending on ops.build_runs (run_id) where built_at is null;

create table if not exists ops.builds (
    build_id bigint generated always as identity,
    status_code text not null,
    full_refresh_reason text,
    fingerprint jsonb not null,
    touched_family_count bigint,
    started_at timestamp with time zone default now() not null,
    ended_at timestamp with time zone,
    primary key (build_id)
);

create table if not exists ops.built_families (
    release_code text not null,
    family_key text not null,
    state_hash text not null,
    next_due_date date,
    primary key (release_code, family_key)
);

create table if not exists ops.dbt_results (
    result_id bigint generated always as identity,
    run_id uuid not null,
    node text not null,
    status_code text not null,
    seconds numeric(12, 3) not null,
    row_count bigint,
    message text,
    ended_at timestamp with time zone not null,
    primary key (result_id)
);
create index if not exists ix_ops_dbt_results_run_id on ops.dbt_results (run_id);

create table if not exists ops.erasure_blocks (
    block_hash text not null,
    kind_code text not null,
    erasure_id bigint not null,
    made_at timestamp with time zone default now() not null,
    primary key (block_hash)
);

create table if not exists ops.erasures (
    erasure_id bigint not null,
    family_hash text not null,
    erased_at timestamp with time zone not null,
    requested_by text not null,
    approved_by text not null,
    reason text not null,
    receipt jsonb not null,
    receipt_hash text not null,
    primary key (erasure_id)
);
create index if not exists erasures_family_hash on ops.erasures (family_hash);

create table if not exists ops.exports (
    export_id bigint generated always as identity,
    exported_by text not null,
    exported_at timestamp with time zone default now() not null,
    table_names jsonb not null,
    format_code text not null,
    row_count bigint not null,
    family_count bigint not null,
    smallest_class_count bigint,
    threshold integer not null,
    changes jsonb not null,
    file_hashes jsonb not null,
    primary key (export_id)
);

create table if not exists ops.frozen_releases (
    release_code text not null,
    schema_name text not null,
    known_as_of timestamp with time zone not null,
    start_month date not null,
    end_month date not null,
    git_commit text,
    project_version text not null,
    information_hash text not null,
    frozen_at timestamp with time zone not null,
    primary key (release_code)
);

create table if not exists ops.reconciliations (
    run_id uuid not null,
    form_id text not null,
    server_count integer default 0 not null,
    live_count integer default 0 not null,
    new_count integer default 0 not null,
    edited_count integer default 0 not null,
    reviewed_count integer default 0 not null,
    deleted_count integer default 0 not null,
    restored_count integer default 0 not null,
    rejected_count integer default 0 not null,
    left_out_count integer default 0 not null,
    unmapped_question_count integer default 0 not null,
    difference_count integer default 0 not null,
    checked_at timestamp with time zone default now() not null,
    primary key (run_id)
);

create table if not exists ops.rejected_records (
    form_id text not null,
    record_hash text not null,
    submission_id text,
    reason text not null,
    record text not null,
    first_seen_run_id uuid not null,
    last_seen_run_id uuid not null,
    first_seen_at timestamp with time zone default now() not null,
    primary key (form_id, record_hash)
);

create table if not exists ops.release_erasures (
    release_code text not null,
    erasure_id bigint not null,
    table_name text not null,
    row_count_before bigint not null,
    row_count_after bigint not null,
    content_hash_before text not null,
    content_hash_after text not null,
    primary key (release_code, erasure_id, table_name)
);

create table if not exists ops.submission_states (
    form_id text not null,
    submission_id text not null,
    edit_mark text not null,
    review_mark text not null,
    root_id text,
    version_number integer not null,
    is_live boolean not null,
    content_hash text not null,
    review_state_code text not null,
    first_seen_run_id uuid not null,
    last_seen_run_id uuid,
    primary key (form_id, submission_id)
);

create table if not exists ops.sync_runs (
    run_id uuid not null,
    form_id text not null,
    role_code text not null,
    server_name text not null,
    status_code text not null,
    kind_code text default 'land' not null,
    failure_code text,
    is_full boolean not null,
    started_at timestamp with time zone not null,
    ended_at timestamp with time zone,
    swept_at timestamp with time zone,
    field_map_hash text,
    message text,
    primary key (run_id)
);
create index if not exists sync_runs_form_id on ops.sync_runs (form_id, started_at);

create table if not exists ops.unmapped_questions (
    form_id text not null,
    form_version_id text not null,
    question_path text not null,
    problem_code text not null,
    question_type text,
    previous_question_type text,
    first_seen_run_id uuid not null,
    first_seen_at timestamp with time zone default now() not null,
    primary key (form_id, form_version_id, question_path)
);

create table if not exists pii.erasure_files (
    erasure_id bigint not null,
    store_code text not null,
    path text not null,
    noted_at timestamp with time zone default now() not null,
    primary key (erasure_id, store_code, path)
);

create table if not exists pii.erasure_leftovers (
    form_id text not null,
    submission_id text not null,
    erasure_id bigint not null,
    what_code text not null,
    record_url text,
    noted_at timestamp with time zone default now() not null,
    primary key (form_id, submission_id)
);

create table if not exists pii.erasure_requests (
    request_id bigint generated always as identity,
    family_code text not null,
    reason text not null,
    requested_by text not null,
    requested_at timestamp with time zone default now() not null,
    primary key (request_id)
);

create table if not exists pii.erasure_secrets (
    secret_id integer not null,
    secret text not null,
    made_at timestamp with time zone default now() not null,
    primary key (secret_id)
);

create table if not exists pii.family_contacts (
    form_id text not null,
    submission_id text not null,
    family_code text,
    contact_name text,
    contact_phone text,
    contact_address text,
    signature_file text,
    run_id uuid not null,
    landed_at timestamp with time zone not null,
    primary key (form_id, submission_id)
);

create table if not exists pii.family_keys (
    family_code text not null,
    family_key text default gen_random_uuid()::text not null,
    assigned_at timestamp with time zone default now() not null,
    primary key (family_code),
    unique (family_key)
);

create table if not exists pii.text_reviews (
    form_id text not null,
    root_id text not null,
    field_name text not null,
    free_texts_hash uuid not null,
    decision_code text not null,
    approved_words text,
    reviewed_by text not null,
    reviewed_at timestamp with time zone not null,
    primary key (form_id, root_id, field_name)
);

create table if not exists raw.forms__corrections (
    form_id text not null,
    submission_id text not null,
    version_number integer not null,
    root_id text,
    change_code text not null,
    form_version_id text,
    form_version_name text,
    received_at timestamp with time zone not null,
    known_at timestamp with time zone not null,
    review_state_code text not null,
    reviewed_at timestamp with time zone,
    content_hash text not null,
    payload json,
    answers jsonb,
    answer_problems jsonb not null,
    run_id uuid not null,
    landed_at timestamp with time zone not null,
    primary key (form_id, submission_id, version_number)
);
create index if not exists forms__corrections_run_id on raw.forms__corrections (run_id);

create table if not exists raw.forms__enrolments (
    form_id text not null,
    submission_id text not null,
    version_number integer not null,
    root_id text,
    change_code text not null,
    form_version_id text,
    form_version_name text,
    received_at timestamp with time zone not null,
    known_at timestamp with time zone not null,
    review_state_code text not null,
    reviewed_at timestamp with time zone,
    content_hash text not null,
    payload json,
    answers jsonb,
    answer_problems jsonb not null,
    run_id uuid not null,
    landed_at timestamp with time zone not null,
    primary key (form_id, submission_id, version_number)
);
create index if not exists forms__enrolments_run_id on raw.forms__enrolments (run_id);

create table if not exists raw.forms__exits (
    form_id text not null,
    submission_id text not null,
    version_number integer not null,
    root_id text,
    change_code text not null,
    form_version_id text,
    form_version_name text,
    received_at timestamp with time zone not null,
    known_at timestamp with time zone not null,
    review_state_code text not null,
    reviewed_at timestamp with time zone,
    content_hash text not null,
    payload json,
    answers jsonb,
    answer_problems jsonb not null,
    run_id uuid not null,
    landed_at timestamp with time zone not null,
    primary key (form_id, submission_id, version_number)
);
create index if not exists forms__exits_run_id on raw.forms__exits (run_id);

create table if not exists raw.forms__investments (
    form_id text not null,
    submission_id text not null,
    version_number integer not null,
    root_id text,
    change_code text not null,
    form_version_id text,
    form_version_name text,
    received_at timestamp with time zone not null,
    known_at timestamp with time zone not null,
    review_state_code text not null,
    reviewed_at timestamp with time zone,
    content_hash text not null,
    payload json,
    answers jsonb,
    answer_problems jsonb not null,
    run_id uuid not null,
    landed_at timestamp with time zone not null,
    primary key (form_id, submission_id, version_number)
);
create index if not exists forms__investments_run_id on raw.forms__investments (run_id);

create table if not exists raw.forms__journal_payments (
    form_id text not null,
    submission_id text not null,
    version_number integer not null,
    root_id text,
    change_code text not null,
    form_version_id text,
    form_version_name text,
    received_at timestamp with time zone not null,
    known_at timestamp with time zone not null,
    review_state_code text not null,
    reviewed_at timestamp with time zone,
    content_hash text not null,
    payload json,
    answers jsonb,
    answer_problems jsonb not null,
    run_id uuid not null,
    landed_at timestamp with time zone not null,
    primary key (form_id, submission_id, version_number)
);
create index if not exists forms__journal_payments_run_id on raw.forms__journal_payments (run_id);

create table if not exists raw.forms__journals (
    form_id text not null,
    submission_id text not null,
    version_number integer not null,
    root_id text,
    change_code text not null,
    form_version_id text,
    form_version_name text,
    received_at timestamp with time zone not null,
    known_at timestamp with time zone not null,
    review_state_code text not null,
    reviewed_at timestamp with time zone,
    content_hash text not null,
    payload json,
    answers jsonb,
    answer_problems jsonb not null,
    run_id uuid not null,
    landed_at timestamp with time zone not null,
    primary key (form_id, submission_id, version_number)
);
create index if not exists forms__journals_run_id on raw.forms__journals (run_id);

create table if not exists raw.forms__peer_meetings (
    form_id text not null,
    submission_id text not null,
    version_number integer not null,
    root_id text,
    change_code text not null,
    form_version_id text,
    form_version_name text,
    received_at timestamp with time zone not null,
    known_at timestamp with time zone not null,
    review_state_code text not null,
    reviewed_at timestamp with time zone,
    content_hash text not null,
    payload json,
    answers jsonb,
    answer_problems jsonb not null,
    run_id uuid not null,
    landed_at timestamp with time zone not null,
    primary key (form_id, submission_id, version_number)
);
create index if not exists forms__peer_meetings_run_id on raw.forms__peer_meetings (run_id);

create table if not exists raw.forms__versions (
    form_id text not null,
    form_version_id text not null,
    form_version_name text,
    version_number integer not null,
    deployed_at timestamp with time zone,
    definition jsonb not null,
    questions jsonb not null,
    run_id uuid not null,
    landed_at timestamp with time zone not null,
    primary key (form_id, form_version_id)
);

create table if not exists raw.registry__cohorts (
    cohort_code text not null,
    site_codes jsonb not null,
    recruited_from_month date not null,
    recruited_to_month date not null,
    launch_month date not null,
    analysis_end_month date not null,
    extension_end_month date,
    landed_at timestamp with time zone default now() not null,
    primary key (cohort_code)
);

create table if not exists raw.registry__forms (
    form_id text not null,
    role_code text not null,
    server_name text not null,
    site_codes jsonb not null,
    record_url text,
    landed_at timestamp with time zone default now() not null,
    primary key (form_id)
);

create table if not exists raw.registry__sites (
    site_code text not null,
    site_name text not null,
    country_code text not null,
    currency_code text not null,
    timezone text not null,
    languages jsonb not null,
    landed_at timestamp with time zone default now() not null,
    primary key (site_code)
);
