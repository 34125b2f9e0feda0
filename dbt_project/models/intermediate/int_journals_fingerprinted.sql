with

journals_live as (

    select * from {{ ref('int_journals_live') }}
    where {{ of_touched_families('family_key') }}

),

journals as (

    select * from {{ ref('stg_forms__journals') }}

)

select
    journals_live.family_key,
    journals_live.site_code,
    journals.root_id,
    journals.entered_by_id,
    part.part_code,
    part.answer_hashes,
    journals_live.journal_month,
    journals.known_at
from journals_live
inner join journals
    on
        journals_live.form_id = journals.form_id
        and journals_live.submission_id = journals.submission_id
        and journals_live.version_number = journals.version_number
cross join
    lateral (
        -- In which order the choices of a list were ticked says nothing.
        select
            told.part_code,
            jsonb_agg(distinct md5(told.question_name || told.answer)) as answer_hashes
        from (
            {{ answers_compared('journals') }}
        ) as told (part_code, question_name, answer)
        where told.answer not in ('no', 'none')
        group by told.part_code
    ) as part
