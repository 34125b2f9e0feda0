with

submissions_touched as (

    select * from {{ ref('int_submissions_touched') }}

),

journals as (

    select * from {{ ref('stg_forms__journals') }}

),

corrections as (

    select * from {{ ref('stg_forms__corrections') }}

),

family_codes as (

    select * from {{ ref('int_family_codes_resolved') }}

),

states as (

    select * from {{ ref('int_family_states') }}

),

built as (

    select * from {{ ref('stg_operations__built_families') }}

),

releases as (

    select * from {{ ref('int_releases') }}

),

-- Of every version: an edit may have moved a journal, or a correction, elsewhere.
journals_touched as (

    select journals.family_code
    from journals
    inner join submissions_touched
        on
            journals.form_id = submissions_touched.form_id
            and journals.submission_id = submissions_touched.submission_id
    union
    select journals.family_code
    from journals
    where journals.root_id in (
        select corrections.root_id
        from corrections
        inner join submissions_touched
            on
                corrections.form_id = submissions_touched.form_id
                and corrections.submission_id = submissions_touched.submission_id
    )

),

families_touched as (

    select family_codes.family_key
    from journals_touched
    inner join family_codes on journals_touched.family_code = family_codes.reported_code
    where family_codes.family_key is not null
    union
    -- What a code meant when it was built last is in the state of then.
    select coalesce(states.family_key, built.family_key) as family_key
    from states
    full outer join built
        on
            states.release_code = built.release_code
            and states.family_key = built.family_key
    where states.state_hash is distinct from built.state_hash
    union
    -- Nothing arrived, and that is news: a month whose journal was not yet due.
    select built.family_key
    from built
    inner join releases on built.release_code = releases.release_code
    where built.next_due_date < (releases.seen_until_at at time zone 'UTC')::date

)

-- Those of a build that failed stay until one succeeds: it may have written of them.
select families_touched.family_key
from families_touched
{% if is_incremental() -%}
    where families_touched.family_key not in (
        select noted.family_key from {{ this }} as noted
    )
{%- endif %}
