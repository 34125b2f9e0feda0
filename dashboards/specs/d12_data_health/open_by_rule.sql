select
    rule_name,
    rule_name_es,
    severity_code,
    owner_code,
    what_to_do,
    what_to_do_es,
    'live' as release_code,
    open_issue_count,
    past_issue_count,
    oldest_opened_at
from share.issue_counts
where
    scope_type_code = 'all'
    and open_issue_count + past_issue_count > 0
order by rule_name
