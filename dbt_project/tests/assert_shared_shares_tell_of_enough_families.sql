-- A privacy rule, checked against the marts rather than by the code that applies it: a
-- share of families times their number says how many take part, and no month in `share`
-- tells that of one to nine. It does not look at shares close to none or all.
with

site_months as (

    select
        shown.site_code as scope_code,
        shown.journal_month,
        shown.saver_share as shown_saver_share,
        shown.lending_circle_share as shown_lending_circle_share,
        round(known.saver_share * known.least_family_count) as saver_count,
        round(known.lending_circle_share * known.least_family_count) as member_count
    from {{ ref('site_months') }} as shown
    inner join {{ ref('fct_site_months') }} as known
        on
            shown.site_code = known.site_code
            and shown.journal_month = known.journal_month

),

country_months as (

    select
        shown.country_code as scope_code,
        shown.journal_month,
        shown.saver_share as shown_saver_share,
        shown.lending_circle_share as shown_lending_circle_share,
        round(known.saver_share * known.least_family_count) as saver_count,
        round(known.lending_circle_share * known.least_family_count) as member_count
    from {{ ref('country_months') }} as shown
    inner join {{ ref('fct_country_months') }} as known
        on
            shown.country_code = known.country_code
            and shown.journal_month = known.journal_month

),

months as (

    select * from site_months
    union all
    select * from country_months

)

select
    scope_code,
    journal_month
from months
where
    (shown_saver_share is not null and saver_count between 1 and 9)
    or (shown_lending_circle_share is not null and member_count between 1 and 9)
