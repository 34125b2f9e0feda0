"""`ops.alerts`: what is wrong, since when, and when it was mended."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from alerts.finding import Finding, Kind

OPEN = text("""
insert into ops.alerts (
    cause_id, kind_code, place, site_code, severity_code, summary, what_to_do,
    seen_count, opened_at, last_seen_at
)
values (
    :cause_id, :kind, :place, :site_code, :severity, :summary, :what_to_do,
    1, :now, :now
)
on conflict (cause_id) where closed_at is null do update set
    seen_count = alerts.seen_count + 1,
    last_seen_at = excluded.last_seen_at,
    summary = excluded.summary,
    what_to_do = excluded.what_to_do,
    severity_code = excluded.severity_code
""")
CLOSE_OTHERS = text("""
update ops.alerts set closed_at = :now
where
    closed_at is null
    and kind_code = any(:kinds)
    and not cause_id = any(:still_wrong)
returning cause_id
""")
CLOSE_BY_HAND = text("""
update ops.alerts
set closed_at = :now, closed_by = :closed_by, close_reason = :reason
where closed_at is null and alert_id = :alert_id
returning summary
""")
OPEN_PLACES = text("""
select place from ops.alerts where closed_at is null and kind_code = :kind
""")
HAS_ALERTS = text("select to_regclass('ops.alerts') is not null")
CLOSE_THESE = text("""
update ops.alerts set closed_at = :now, close_reason = :reason
where closed_at is null and cause_id = any(:cause_ids)
""")


def open_alerts(
    connection: Connection, findings: Sequence[Finding], now: datetime
) -> None:
    """Write down what is wrong: a cause that is open already is seen once more."""
    for finding in sorted(findings, key=lambda one: one.cause_id):
        connection.execute(
            OPEN,
            {
                "cause_id": finding.cause_id,
                "kind": finding.kind,
                "place": finding.place,
                "site_code": finding.site_code,
                "severity": finding.severity,
                "summary": finding.summary,
                "what_to_do": finding.what_to_do,
                "now": now,
            },
        )


def close_mended(
    connection: Connection,
    kinds: Collection[Kind],
    findings: Sequence[Finding],
    now: datetime,
) -> int:
    """Close what is open of `kinds` and not among `findings`; return how many."""
    still_wrong = [finding.cause_id for finding in findings]
    values = {"kinds": list(kinds), "still_wrong": still_wrong, "now": now}
    return len(connection.execute(CLOSE_OTHERS, values).all())


def close_causes(
    connection: Connection,
    cause_ids: Collection[str],
    now: datetime,
    reason: str | None = None,
) -> None:
    """Close what is open of these causes; most of the time nothing is.

    Args:
        connection: To the warehouse.
        cause_ids: Of what.
        now: When.
        reason: Why, where it is not that it was mended.
    """
    if connection.execute(HAS_ALERTS).scalar_one():
        values = {"cause_ids": list(cause_ids), "now": now, "reason": reason}
        connection.execute(CLOSE_THESE, values)


def open_places(connection: Connection, kind: Kind) -> list[str]:
    """Return where something of a kind is wrong."""
    return list(connection.execute(OPEN_PLACES, {"kind": kind}).scalars())


def close_by_hand(
    connection: Connection, alert_id: int, closed_by: str, reason: str, now: datetime
) -> str | None:
    """Close one alert; return what it was of, None where it is not open."""
    values = {"alert_id": alert_id, "closed_by": closed_by, "reason": reason}
    closed = connection.execute(CLOSE_BY_HAND, {**values, "now": now})
    return closed.scalar_one_or_none()
