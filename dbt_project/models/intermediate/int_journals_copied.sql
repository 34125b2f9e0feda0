with recursive

journals as (

    select * from {{ ref('int_journals_fingerprinted') }}

),

-- A join on the hash: only journals that say the same meet, never all with all.
journals_paired as (

    select
        journals.site_code,
        journals.family_key,
        twins.family_key as twin_family_key,
        journals.root_id,
        journals.entered_by_id,
        journals.journal_month,
        greatest(journals.known_at, twins.known_at) as known_at
    from journals
    inner join journals as twins
        on
            journals.site_code = twins.site_code
            and journals.journal_month = twins.journal_month
            and journals.answers_hash = twins.answers_hash
            and journals.family_key <> twins.family_key

),

months_counted as (

    select
        *,
        count(*) over (
            partition by site_code, family_key, twin_family_key
        ) as month_count,
        row_number() over (
            partition by site_code, family_key, twin_family_key order by known_at
        ) as month_rank
    from journals_paired

),

pairs as (

    select * from months_counted
    where month_count >= 3

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

families_clustered as (

    select
        site_code,
        family_key,
        min(connected_family_key) as cluster_key
    from families_connected
    group by site_code, family_key

)

select
    (array_agg(pairs.root_id order by pairs.journal_month, pairs.root_id))[1]
        as root_id,
    pairs.site_code,
    string_agg(distinct pairs.family_key, ', ') as family_keys,
    string_agg(distinct pairs.entered_by_id, ', ') as entered_by_ids,
    string_agg(distinct to_char(pairs.journal_month, 'YYYY-MM'), ', ')
        as journal_months,
    count(distinct pairs.family_key)::integer as family_count,
    min(pairs.journal_month) as journal_month,
    -- The third month is the one that shows it.
    min(pairs.known_at) filter (where pairs.month_rank = 3) as opened_at
from pairs
inner join families_clustered
    on
        pairs.site_code = families_clustered.site_code
        and pairs.family_key = families_clustered.family_key
group by pairs.site_code, families_clustered.cluster_key
