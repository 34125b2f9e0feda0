with

journals as (

    select
        *,
        row_number() over () as journal_number,
        jsonb_array_length(answer_hashes) as answer_count
    from {{ ref('int_journals_fingerprinted') }}
    -- A single answer is nothing to compare.
    where jsonb_array_length(answer_hashes) >= 2

),

-- A number says what is answered and where: the same answer in another site, month or
-- part is another one. They are many, so nothing else goes with them.
answers as (

    select
        journals.journal_number,
        journals.answer_count,
        hashtextextended(
            concat_ws(
                '/',
                journals.site_code,
                journals.journal_month,
                journals.part_code,
                answer.answer_hash
            ),
            0
        ) as answer_number
    from journals
    cross join
        lateral jsonb_array_elements_text(journals.answer_hashes)
            as answer (answer_hash)

),

answers_counted as (

    select
        *,
        count(*) over (partition by answer_number) as family_count
    from answers

),

answers_ranked as (

    select
        *,
        row_number() over (
            partition by journal_number order by family_count, answer_number
        ) as rarity_rank
    from answers_counted

),

-- As one answer of five may differ, a fifth of a journal's answers and one more must
-- hold one in which both agree, also when they are its rarest. Those are mostly the
-- family's alone, so few pairs are compared, and none is missed.
answers_telling as (

    select * from answers_ranked
    where
        rarity_rank <= answer_count / 5 + 1
        and family_count > 1

),

candidates as (

    select distinct
        answers_telling.journal_number,
        twins.journal_number as twin_journal_number
    from answers_telling
    inner join answers_telling as twins
        on
            answers_telling.answer_number = twins.answer_number
            and answers_telling.journal_number <> twins.journal_number

),

candidates_compared as (

    select
        journals.*,
        twins.family_key as twin_family_key,
        greatest(journals.known_at, twins.known_at) as both_known_at,
        greatest(journals.answer_count, twins.answer_count) as most_answer_count,
        (
            select count(*)
            from jsonb_array_elements_text(journals.answer_hashes) as own (answer_hash)
            where twins.answer_hashes ? own.answer_hash
        ) as alike_answer_count
    from candidates
    inner join journals on candidates.journal_number = journals.journal_number
    inner join journals as twins
        on candidates.twin_journal_number = twins.journal_number

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
