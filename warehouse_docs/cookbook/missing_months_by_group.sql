-- Topic: Journals
-- Question: Which months are missing in which group, so that a liaison can ask?
-- Asked by: program lead, liaison
-- Read: one line per group and month of which half or more of the journals are missing.
-- Traps: a group is five families: what is shown here is who to call, never a figure to
--   share. A missing month is not a zero. A month belongs to the group that held on its
--   last day.
-- Definition: journal_status_code
-- Release: live
select
    family_months.site_code,
    family_months.peer_group_code,
    family_months.journal_month,
    count(*) filter (where family_months.journal_status_code <> 'paused')
        as expected_family_count,
    count(*) filter (where family_months.journal_status_code = 'missing')
        as missing_family_count
from marts.fct_family_months as family_months
where family_months.peer_group_code is not null
group by
    family_months.site_code,
    family_months.peer_group_code,
    family_months.journal_month
having
    count(*) filter (where family_months.journal_status_code = 'missing')
    >= 0.5 * count(*) filter (where family_months.journal_status_code <> 'paused')
    and count(*) filter (where family_months.journal_status_code = 'missing') >= 2
order by
    family_months.site_code,
    family_months.peer_group_code,
    family_months.journal_month
