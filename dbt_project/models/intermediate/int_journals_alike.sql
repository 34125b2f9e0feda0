with recursive

journals_paired as (

    select * from {{ ref('int_journals_paired') }}

),

months_added as (

    select
        *,
        count(*) over months_known as month_count,
        sum(alike_answer_count) over months_known as answer_sum
    from journals_paired
    window months_known as (
        partition by site_code, family_key, twin_family_key order by known_at
    )

),

-- What completes the third month, or the tenth answer, shows it. Of the 134,000 pairs
-- of other families that the synthetic pilot has in one site and month, five agree in
-- four answers of five; they give five at most, and none agrees in a second month.
-- With amounts rounded to one figure, as people may round, it is thirteen. Nine of ten
-- would let one changed answer hide a copy: half the journals give eight or fewer. The
-- pilot's copy has a quiet month of two answers, then one of eight and one of four.
pairs as (

    select
        site_code,
        family_key,
        twin_family_key,
        min(known_at) as opened_at
    from months_added
    where month_count >= 3 and answer_sum >= 10
    group by site_code, family_key, twin_family_key

),

-- Whoever says the same as one of a set belongs to it, whichever months they share.
families_connected as (

    select
        site_code,
        family_key,
        twin_family_key as connected_family_key
    from pairs
    union
    select
        families_connected.site_code,
        families_connected.family_key,
        pairs.twin_family_key as connected_family_key
    from families_connected
    inner join pairs
        on
            families_connected.site_code = pairs.site_code
            and families_connected.connected_family_key = pairs.family_key

),

-- Of the families, not of a journal: an earlier one that comes late changes nothing.
families_grouped as (

    select
        site_code,
        family_key,
        concat_ws('/', 'alike_journals', site_code, min(md5(connected_family_key)))
            as issue_id
    from families_connected
    group by site_code, family_key

)

select
    families_grouped.issue_id,
    journals_paired.site_code,
    journals_paired.family_key,
    journals_paired.root_id,
    journals_paired.entered_by_id,
    journals_paired.journal_month,
    min(pairs.opened_at) as opened_at
from journals_paired
inner join pairs
    on
        journals_paired.site_code = pairs.site_code
        and journals_paired.family_key = pairs.family_key
        and journals_paired.twin_family_key = pairs.twin_family_key
inner join families_grouped
    on
        pairs.site_code = families_grouped.site_code
        and pairs.family_key = families_grouped.family_key
group by
    families_grouped.issue_id,
    journals_paired.site_code,
    journals_paired.family_key,
    journals_paired.root_id,
    journals_paired.entered_by_id,
    journals_paired.journal_month
