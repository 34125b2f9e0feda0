select
    severity_code,
    'live' as release_code,
    sum(open_issue_count) as open_issue_count,
    max(family_count) as family_count
from share.issue_counts
where scope_type_code = 'all'
group by severity_code
order by severity_code
