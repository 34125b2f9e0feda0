-- Rules for liaisons of which some site has an open issue, at every site.
with

counts as (

    select
        sites.site_name,
        issue_counts.rule_code,
        issue_counts.rule_name,
        issue_counts.rule_name_es,
        issue_counts.rule_name_fil,
        issue_counts.severity_code,
        issue_counts.family_count,
        issue_counts.open_issue_count,
        issue_counts.suppression_reason_code,
        issue_counts.is_suppressed,
        max(issue_counts.open_issue_count)
            over (partition by issue_counts.rule_code) as most_at_a_site_count
    from share.issue_counts as issue_counts
    inner join marts.dim_sites as sites
        on issue_counts.scope_code = sites.site_code
    where
        issue_counts.scope_type_code = 'site'
        and issue_counts.owner_code = 'liaison'

)

select
    site_name,
    rule_code,
    rule_name,
    rule_name_es,
    rule_name_fil,
    'live' as release_code,
    family_count,
    open_issue_count,
    suppression_reason_code,
    is_suppressed
from counts
where most_at_a_site_count > 0
order by
    array_position(array['error', 'warning', 'note'], severity_code),
    rule_name,
    site_name
