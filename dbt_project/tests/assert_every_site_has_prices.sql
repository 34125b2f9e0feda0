{{ config(severity='warn') }}
-- Every site has a price index in its own currency; without one it has neither real nor
-- purchasing-power figures, and they are missing without a word. It warns: a programme
-- may begin before its prices are in the seeds. It does not say that an index is right.
select
    site_code,
    country_code,
    currency_code
from {{ ref('dim_sites') }}
where price_frequency_code is null
