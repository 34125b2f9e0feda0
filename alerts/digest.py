"""Once a week: what is open, what was mended, how the sites stand."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, text

from alerts.channels import send
from alerts.delivery import LOCK
from alerts.errors import ChannelError, DeliveryError
from alerts.message import TITLE, Message, mended, runbook
from alerts.refused import note_refused
from alerts.routing import hears_of
from alerts.watching.sites import HAS_MARTS
from ingestion.errors import ConnectionMissingError
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.registry import Receiver, Registry, load_registry

WEEK = timedelta(days=7)
ALERTS = text("""
select site_code, summary, opened_at, closed_at, close_reason
from ops.alerts
where closed_at is null or closed_at >= :since
order by closed_at is not null, severity_code, opened_at
""")
ISSUES = text("""
select
    issues.site_code,
    issues.severity_code,
    rules.rule_name,
    issues.owner_code,
    count(*) as issue_count,
    count(*) filter (where issues.opened_at >= :since) as new_count
from ops.data_issues as issues
inner join ops.issue_rules as rules on issues.rule_code = rules.rule_code
where issues.issue_status_code = 'open' and issues.severity_code <> 'note'
group by
    issues.site_code, issues.severity_code, rules.rule_name, issues.owner_code
order by issues.site_code, issues.severity_code, rules.rule_name
""")
JOURNALS = text("""
select
    site_code,
    to_char(journal_month, 'YYYY-MM') as month,
    count(*) filter (where journal_status_code in ('on_time', 'late')) as sent_count,
    count(*) as expected_count
from marts.fct_family_months
where
    site_code is not null
    and journal_status_code not in ('paused', 'not_yet_due')
    and journal_due_date between :earliest and :today
group by site_code, journal_month
order by site_code, journal_month
""")
JOURNALS_OF_DAYS = timedelta(days=62)
WAS_SENT = text("""
select exists (
    select from ops.alert_digests
    where receiver_name = :receiver_name and week_start = :week_start
)
""")
NOTE = text("""
insert into ops.alert_digests (receiver_name, week_start, sent_at)
values (:receiver_name, :week_start, :now)
""")

Row = Any  # of SQLAlchemy, by its columns' names


def send_digests(
    now: datetime, *, registry: Registry | None = None, engine: Engine | None = None
) -> int:
    """Send each receiver its digest, unless it has that of this week; return how many.

    Raises:
        DeliveryError: Some were not reached; the next run tries them again.
        IngestionError: The registry is wrong.
        WarehouseUnavailableError: The database cannot be reached.
    """
    registry = registry or load_registry()
    week_start = now.date() - timedelta(days=now.weekday())
    failures: dict[str, str] = {}
    sent = 0
    with ready_warehouse(engine) as warehouse:
        for name, receiver in registry.alerts.receivers.items():
            with warehouse.begin() as connection:
                connection.execute(LOCK)
                key = {"receiver_name": name, "week_start": week_start}
                if connection.execute(WAS_SENT, key).scalar_one():
                    continue
                message = digest_of(connection, name, receiver, registry, now)
                try:
                    refused = send(message, receiver, registry.alerts.smtp)
                except (ChannelError, ConnectionMissingError) as error:
                    failures[name] = str(error)
                    continue
                note_refused(connection, name, receiver, refused, now)
                connection.execute(NOTE, {**key, "now": now})
                sent += 1
    if failures:
        said = " ".join(f"{name}: {failure}" for name, failure in failures.items())
        raise DeliveryError(f"The digest was not sent to {said}")
    return sent


def digest_of(
    connection: Connection,
    name: str,
    receiver: Receiver,
    registry: Registry,
    now: datetime,
) -> Message:
    """Return the digest of one receiver: counts of what concerns it, no family's."""

    def is_told(site_code: str | None) -> bool:
        return hears_of(receiver, site_code, registry.alerts)

    since, today = now - WEEK, now.date()
    rows = connection.execute(ALERTS, {"since": since})
    alerts = [row for row in rows if is_told(row.site_code)]
    sections = {
        "Open": [_opened(row) for row in alerts if row.closed_at is None],
        "Mended this week": [
            mended(row.summary, row.close_reason) for row in alerts if row.closed_at
        ],
        **_of_sites(connection, is_told, since, today),
    }
    page = runbook(registry.alerts.runbooks)
    return Message(
        message_id=f"{name}.digest.{today.isoformat()}",
        subject=f"{TITLE}: the week to {today.isoformat()}",
        text=_text(sections, page),
        values={"digest": sections, "opened": [], "closed": []},
    )


def _of_sites(
    connection: Connection,
    is_told: Callable[[str | None], bool],
    since: datetime,
    today: date,
) -> dict[str, list[str]]:
    if not connection.execute(HAS_MARTS).scalar_one():
        return {}
    issues = connection.execute(ISSUES, {"since": since})
    months = connection.execute(
        JOURNALS, {"earliest": today - JOURNALS_OF_DAYS, "today": today}
    )
    return {
        "Journals sent of those that were due": [
            f"{row.site_code} {row.month}: {row.sent_count} of {row.expected_count}"
            for row in months
            if is_told(row.site_code)
        ],
        "Issues in the data": [
            _issue(row)
            for row in issues
            if is_told(None if row.owner_code == "engineer" else row.site_code)
        ],
    }


def _opened(row: Row) -> str:
    return f"{row.summary} (since {row.opened_at:%Y-%m-%d})"


def _issue(row: Row) -> str:
    new = f", {row.new_count} of them new" if row.new_count else ""
    where = row.site_code or "no site"
    return f"{where}: {row.issue_count} {row.severity_code}: {row.rule_name}{new}"


def _text(sections: dict[str, list[str]], page: str) -> str:
    parts = [
        "\n".join([f"{title}:", *(_lines(lines))]) for title, lines in sections.items()
    ]
    return "\n\n".join([*parts, f"What each alert means and what to do: {page}"]) + "\n"


def _lines(lines: Sequence[str]) -> Iterable[str]:
    return [f"- {line}" for line in lines] or ["- nothing"]
