with

families as (

    select * from {{ ref('dim_families') }}

),

placements as (

    select * from {{ ref('dim_family_placements') }}

),

peer_group_sites as (

    select * from {{ ref('int_peer_group_sites') }}

),

sites as (

    select * from {{ ref('stg_registry__sites') }}

),

consents as (

    select * from {{ ref('int_peer_group_consents') }}

),

journal_payments as (

    select * from {{ ref('fct_journal_payments') }}

),

meetings as (

    select * from {{ ref('fct_peer_group_meetings') }}

),

groups_formed as (

    select
        placements.peer_group_code,
        mode() within group (order by placements.site_code) as site_code,
        mode() within group (order by families.cohort_code) as cohort_code,
        count(*) filter (
            where
            placements.valid_to_date is null
            and families.status_code in ('active', 'paused')
        ) as family_count,
        min(placements.valid_from_date) as formed_date
    from placements
    inner join families on placements.family_key = families.family_key
    where placements.peer_group_code is not null
    group by placements.peer_group_code

),

first_payments as (

    select
        peer_group_code,
        min(paid_date) as first_payment_date
    from journal_payments
    group by peer_group_code

),

first_savings as (

    select
        peer_group_code,
        min(meeting_date) as first_group_savings_date
    from meetings
    where group_balance_local > 0
    group by peer_group_code

)

select
    groups_formed.peer_group_code,
    sites.site_code,
    sites.country_code,
    groups_formed.cohort_code,
    sites.currency_code,
    sites.site_name,
    array(select jsonb_array_elements_text(sites.language_codes)) as language_codes,
    groups_formed.family_count::integer as family_count,
    coalesce(consents.is_agreed_by_all, false) as is_agreed_by_all,
    groups_formed.formed_date,
    first_payments.first_payment_date,
    first_savings.first_group_savings_date
from groups_formed
-- Left join: in a group that families only moved to, nobody enrolled.
left join peer_group_sites
    on
        groups_formed.peer_group_code = peer_group_sites.peer_group_code
        and peer_group_sites.release_code = 'live'
inner join sites
    on coalesce(peer_group_sites.site_code, groups_formed.site_code) = sites.site_code
left join consents on groups_formed.peer_group_code = consents.peer_group_code
left join first_payments
    on groups_formed.peer_group_code = first_payments.peer_group_code
left join first_savings
    on groups_formed.peer_group_code = first_savings.peer_group_code
