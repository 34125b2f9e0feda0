"""Sites: journals that are missing, and issues in the data that make figures wrong."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from alerts.finding import Finding
from ingestion.registry import Registry

# A month whose journals were due longer ago is told of by the digest alone: by then it
# is known, and a programme that has ended sends nothing more.
LOOK_BACK = timedelta(days=62)
Row = Any  # of SQLAlchemy, by its columns' names
HAS_MARTS = text("""
select
    to_regclass('marts.fct_family_months') is not null
    and to_regclass('ops.data_issues') is not null
    and to_regclass('ops.issue_rules') is not null
""")
MISSING = text("""
select
    site_code,
    journal_month,
    count(*) filter (where journal_status_code = 'missing') as missing_count,
    count(*) as expected_count
from marts.fct_family_months
where
    journal_due_date between :earliest and :today
    and site_code is not null
    and journal_status_code not in ('paused', 'not_yet_due')
group by site_code, journal_month
having
    count(*) filter (where journal_status_code = 'missing')
    >= greatest(:limit * count(*), 1)
order by site_code, journal_month
""")
ERRORS = text("""
select
    issues.rule_code,
    issues.site_code,
    rules.owner_code,
    rules.rule_name,
    rules.what_to_do,
    count(*) as issue_count
from ops.data_issues as issues
inner join ops.issue_rules as rules on issues.rule_code = rules.rule_code
where issues.issue_status_code = 'open' and issues.severity_code = 'error'
group by
    issues.rule_code,
    issues.site_code,
    rules.owner_code,
    rules.rule_name,
    rules.what_to_do
order by issues.rule_code, issues.site_code
""")


def look(connection: Connection, registry: Registry, now: datetime) -> list[Finding]:
    """Return what the sites' families and liaisons should hear of."""
    if not connection.execute(HAS_MARTS).scalar_one():
        return []
    today = now.date()
    months = connection.execute(
        MISSING,
        {
            "earliest": today - LOOK_BACK,
            "today": today,
            "limit": registry.alerts.missing_journals_share,
        },
    )
    return [
        *(_missing(row) for row in months),
        *(_issues(row) for row in connection.execute(ERRORS)),
    ]


def _missing(row: Row) -> Finding:
    month = f"{row.journal_month:%Y-%m}"
    return Finding(
        kind="journals_missing",
        place=f"{row.site_code}/{month}",
        severity="warning",
        summary=(
            f"{row.site_code}: {row.missing_count} of {row.expected_count} journals of "
            f"{month} are missing"
        ),
        what_to_do="Ask the liaisons of the site; a journal may still be sent",
        site_code=row.site_code,
    )


def _issues(row: Row) -> Finding:
    where = row.site_code or "no site"
    return Finding(
        kind="issues_open",
        place=f"{row.rule_code}/{where}",
        severity="error",
        summary=f"{where}: {row.issue_count} open: {row.rule_name}",
        what_to_do=row.what_to_do.rstrip("."),
        # What an engineer has to mend concerns no lead of a site.
        site_code=row.site_code if row.owner_code != "engineer" else None,
    )
