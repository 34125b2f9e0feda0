with

journals as (

    select
        *,
        jsonb_array_length(answer_hashes) as answer_count
    from {{ ref('int_journals_fingerprinted') }}
    -- A single answer is nothing to compare.
    where jsonb_array_length(answer_hashes) >= 2

),

answers_counted as (

    select
        journals.*,
        answer.answer_hash,
        count(*) over (
            partition by
                journals.site_code,
                journals.journal_month,
                journals.part_code,
                answer.answer_hash
        ) as family_count
    from journals
    cross join
        lateral jsonb_array_elements_text(journals.answer_hashes)
            as answer (answer_hash)

),

answers_ranked as (

    select
        *,
        row_number() over (
            partition by site_code, journal_month, part_code, family_key
            order by family_count, answer_hash
        ) as rarity_rank
    from answers_counted

),

-- As one answer of five may differ, a fifth of a journal's answers and one more must
-- hold one in which both agree, also when they are its rarest. Those are mostly the
-- family's alone, so few pairs are compared, and none is missed.
answers_telling as (

    select * from answers_ranked
    where rarity_rank <= answer_count / 5 + 1

),

candidates as (

    select distinct
        answers_telling.site_code,
        answers_telling.journal_month,
        answers_telling.part_code,
        answers_telling.family_key,
        twins.family_key as twin_family_key
    from answers_telling
    inner join answers_telling as twins
        on
            answers_telling.site_code = twins.site_code
            and answers_telling.journal_month = twins.journal_month
            and answers_telling.part_code = twins.part_code
            and answers_telling.answer_hash = twins.answer_hash
            and answers_telling.family_key <> twins.family_key

),

candidates_compared as (

    select
        journals.*,
        candidates.twin_family_key,
        greatest(journals.known_at, twins.known_at) as both_known_at,
        greatest(journals.answer_count, twins.answer_count) as most_answer_count,
        (
            select count(*)
            from jsonb_array_elements_text(journals.answer_hashes) as own (answer_hash)
            where twins.answer_hashes ? own.answer_hash
        ) as alike_answer_count
    from candidates
    inner join journals
        on
            candidates.site_code = journals.site_code
            and candidates.journal_month = journals.journal_month
            and candidates.part_code = journals.part_code
            and candidates.family_key = journals.family_key
    inner join journals as twins
        on
            candidates.site_code = twins.site_code
            and candidates.journal_month = twins.journal_month
            and candidates.part_code = twins.part_code
            and candidates.twin_family_key = twins.family_key

)

select
    family_key,
    twin_family_key,
    site_code,
    root_id,
    entered_by_id,
    sum(alike_answer_count)::integer as alike_answer_count,
    journal_month,
    max(both_known_at) as known_at
from candidates_compared
where alike_answer_count * 5 >= most_answer_count * 4
group by
    family_key,
    twin_family_key,
    site_code,
    root_id,
    entered_by_id,
    journal_month
