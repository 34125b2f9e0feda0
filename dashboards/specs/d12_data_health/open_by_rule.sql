select
    rule_name,
    rule_name_es,
    rule_name_fil,
    severity_code,
    owner_code,
    what_to_do,
    what_to_do_es,
    what_to_do_fil,
    'live' as release_code,
    open_issue_count,
    past_issue_count,
    oldest_opened_at
from share.issue_counts
where
    scope_type_code = 'all'
    and open_issue_count + past_issue_count > 0
order by rule_name
