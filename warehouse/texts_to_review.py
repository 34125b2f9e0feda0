"""What a person reads before any mart shows it: two functions of the warehouse.

Whoever reviews families' words may call them and reads no table of answers, so that it
need be nobody who reads names or the rest of a journal. They run as the owner of the
marts and know the tables by name only, for a build drops and makes these anew.
"""

# The first fails with `undefined_table` where nothing was ever built.
READ_TEXTS = """
create or replace function ops.texts_to_review()
returns table (
    form_id text,
    root_id text,
    field_name text,
    site_code text,
    story_scope_code text,
    journal_month date,
    free_texts_hash uuid,
    words text,
    suspected_kinds text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select
        texts.form_id,
        texts.root_id,
        texts.field_name,
        texts.site_code,
        texts.story_scope_code,
        texts.journal_month,
        texts.free_texts_hash,
        versions.answers ->> texts.field_name,
        (
            select
                string_agg(found.kind ->> 'kind', ', ' order by found.kind ->> 'kind')
            from jsonb_array_elements(journals.personal_data_kinds) as found (kind)
            where found.kind ->> 'field' = texts.field_name
        )
    from intermediate.int_texts_reviewable as texts
    inner join staging.stg_forms__journals as journals
        on
            texts.form_id = journals.form_id
            and texts.submission_id = journals.submission_id
            and texts.version_number = journals.version_number
    inner join raw.forms__journals as versions
        on
            texts.form_id = versions.form_id
            and texts.submission_id = versions.submission_id
            and texts.version_number = versions.version_number
    where versions.answers ->> texts.field_name is not null;
end
$$;
revoke all on function ops.texts_to_review() from public;
create or replace function ops.take_text_back(
    text_form_id text, text_root_id text, text_field_name text
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from marts.fct_reviewed_texts
    where text_key = md5(concat_ws('/', text_form_id, text_root_id, text_field_name));
end
$$;
revoke all on function ops.take_text_back(text, text, text) from public;
"""
