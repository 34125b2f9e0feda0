with

measures as (

    select * from {{ ref('int_metric_measures') }}

),

splits as (

    select * from {{ ref('int_families_split') }}

),

at_ends as (

    select
        *,
        count(*) over same_family as end_count,
        max(country_code) filter (where end_code = 'start') over same_family
            as start_country_code,
        max(site_code) filter (where end_code = 'start') over same_family
            as start_site_code,
        max(peer_group_code) filter (where end_code = 'start') over same_family
            as start_peer_group_code
    from measures
    window
        same_family as (
            partition by
                release_code,
                window_code,
                family_key,
                measure_code,
                denominator_code,
                price_code
        )

)

-- A family counts at both ends where it was at the start, even if it has moved. Half a
-- household is not compared with the whole one before it split.
select
    release_code,
    window_code,
    end_code,
    measure_code,
    denominator_code,
    price_code,
    unit_code,
    family_key,
    start_country_code as country_code,
    start_site_code as site_code,
    cohort_code,
    start_peer_group_code as peer_group_code,
    measured,
    weight,
    start_month,
    end_month,
    measured_month
from at_ends
where
    end_count = 2
    and not exists (
        select 1 as is_split
        from splits
        where
            splits.release_code = at_ends.release_code
            and splits.family_key = at_ends.family_key
            and splits.split_month > at_ends.start_month
            and splits.split_month <= at_ends.end_month
    )
