with

journals as (

    select * from {{ ref('int_journals_live') }}

),

answers as (

    select * from {{ ref('stg_forms__journals') }}

),

journals_known as (

    select * from {{ ref('int_journals_known') }}
    where release_code = 'live'

),

limits as (

    select * from {{ ref('stg_reference__data_quality_rules') }}
    where rule_code = 'heaped_amounts'

),

-- Round is one figure and zeros, or a 5 after it: 300, 4500, 20000.
amounts as (

    select
        journals.site_code,
        journals.journal_month,
        journals_known.known_at,
        answers.entered_by_id,
        mod(
            item.gross_local,
            5 * power(10::numeric, floor(log(item.gross_local)) - 1)
        ) = 0 as is_round
    from journals
    inner join answers
        on
            journals.form_id = answers.form_id
            and journals.submission_id = answers.submission_id
            and journals.version_number = answers.version_number
    inner join journals_known
        on
            journals.form_id = journals_known.form_id
            and journals.submission_id = journals_known.submission_id
    cross join
        lateral
        jsonb_path_query(
            -- The programme pays everybody the same.
            answers.income_sources,
            '$[*] ? (!(@.income_type_code starts with "cii_"))'
        ) as listed (answers)
    cross join
        lateral jsonb_to_record(listed.answers) as item (gross_local numeric)
    where item.gross_local >= 10

),

-- Of the site, and of each login by itself: one who rounds hides among others.
shares as (

    select
        site_code,
        journal_month,
        entered_by_id,
        grouping(entered_by_id) = 1 as is_whole_site,
        avg(is_round::integer)::numeric(6, 4) as round_share,
        count(*) as amount_count,
        max(known_at) as known_at
    from amounts
    group by
        grouping sets (
            (site_code, journal_month), (site_code, journal_month, entered_by_id)
        )

)

-- No login: more people read the queue than may know it.
select
    shares.site_code,
    shares.journal_month,
    max(shares.round_share) filter (where shares.is_whole_site) as round_share,
    max(shares.amount_count) filter (where shares.is_whole_site) as amount_count,
    count(*) filter (where not shares.is_whole_site) as login_count,
    limits.upper_limit,
    max(shares.known_at) as known_at
from shares
cross join limits
where
    shares.is_whole_site
    or (
        shares.round_share >= limits.upper_limit
        and shares.amount_count >= limits.minimum_count
    )
group by
    shares.site_code,
    shares.journal_month,
    limits.upper_limit,
    limits.minimum_count
having
    max(shares.amount_count) filter (where shares.is_whole_site)
    >= limits.minimum_count
    and (
        max(shares.round_share) filter (where shares.is_whole_site)
        >= limits.upper_limit
        or count(*) filter (where not shares.is_whole_site) > 0
    )
