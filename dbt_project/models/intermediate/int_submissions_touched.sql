with

pending_runs as (

    select * from {{ ref('stg_operations__pending_runs') }}

),

{% for form in ['journals', 'enrolments', 'corrections'] -%}
    {{ form }} as (

        select
            form_id,
            submission_id
        from {{ ref('stg_forms__' ~ form) }}
        where run_id in (select pending_runs.run_id from pending_runs)

    ){{ ',' if not loop.last }}

{% endfor -%}

select
    form_id,
    submission_id
from journals
union
select
    form_id,
    submission_id
from enrolments
union
select
    form_id,
    submission_id
from corrections
