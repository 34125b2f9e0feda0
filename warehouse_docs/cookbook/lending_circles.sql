-- Topic: Savings
-- Question: Are more families in lending circles than at launch, and do they pay in
--   more?
-- Asked by: program lead
-- Read: members and their mean contribution at launch and a year later; the share
--   carries its interval.
-- Traps: a payout of a circle is not income. The mean is per member, so it can rise
--   while the total falls. Shares change in points, counts in per cent.
-- Definition: M21, M22; lending_circle_share of the monthly marts
-- Release: live
with

members as (

    select
        family_months.country_code,
        family_months.months_since_launch_count,
        count(*) as member_family_count,
        avg(family_months.circle_contributed_local) as contributed_mean_local
    from marts.fct_family_months as family_months
    inner join marts.dim_families as families
        on family_months.family_key = families.family_key
    where
        family_months.is_in_lending_circle
        and family_months.months_since_launch_count in (0, 12)
        and families.has_consented_to_aggregates is not false
    group by
        family_months.country_code, family_months.months_since_launch_count

)

select
    members.country_code,
    members.months_since_launch_count,
    members.member_family_count,
    round(100 * country_months.lending_circle_share, 1) as member_percent,
    round(100 * country_months.lending_circle_share_low, 1) as low_percent,
    round(100 * country_months.lending_circle_share_high, 1) as high_percent,
    country_months.currency_code,
    round(members.contributed_mean_local, 0) as contributed_mean_local
from members
inner join marts.fct_country_months as country_months
    on
        members.country_code = country_months.country_code
        and members.months_since_launch_count
        = country_months.months_since_launch_count
where members.member_family_count >= 5
order by members.country_code, members.months_since_launch_count
