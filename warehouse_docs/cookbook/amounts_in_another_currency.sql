-- Topic: Income
-- Question: Which incomes were told in another currency, and which could not be
--   converted?
-- Asked by: analyst, data engineer
-- Read: lines by the currency they were told in; those without a rate are unknown and
--   not zero, and each is an issue in ops.data_issues.
-- Traps: a converted amount rests on the market rate of its month, which never compares
--   living standards.
-- Definition: reported_currency_code, net_local
-- Release: live
select
    sources.country_code,
    sources.reported_currency_code,
    sources.currency_code,
    count(*) as line_count,
    count(*) filter (where sources.gross_local is null) as unconverted_line_count,
    count(distinct sources.family_key) as family_count,
    min(sources.journal_month) as first_month,
    max(sources.journal_month) as last_month
from marts.fct_income_sources as sources
where sources.reported_currency_code <> sources.currency_code
group by
    sources.country_code, sources.reported_currency_code, sources.currency_code
order by sources.country_code, sources.reported_currency_code
