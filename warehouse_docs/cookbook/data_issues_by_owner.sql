-- Topic: Releases and data quality
-- Question: What is wrong in the data, and who has to do something about it?
-- Asked by: program lead, data engineer
-- Read: open issues by who must act, errors first. What to do stands beside each in
--   ops.data_issues.
-- Traps: a note needs no mending. An issue closes itself once the record no longer
--   shows it. Nothing is dropped in silence: a record left out of figures has its issue
--   here.
-- Definition: ops.data_issues, ops.issue_rules
-- Release: live
select
    issues.owner_code,
    issues.severity_code,
    rules.rule_name,
    count(*) as issue_count,
    count(distinct issues.site_code) as site_count
from ops.data_issues as issues
inner join ops.issue_rules as rules on issues.rule_code = rules.rule_code
where issues.issue_status_code = 'open' and issues.rule_code <> 'test_warning'
group by issues.owner_code, issues.severity_code, rules.rule_name
order by
    issues.owner_code asc,
    array_position(array['error', 'warning', 'note'], issues.severity_code) asc,
    count(*) desc,
    rules.rule_name asc
