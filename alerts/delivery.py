"""Every alert is told to each of its receivers once, and once that it is mended.

What was sent is written down when the receiver's server has taken it: a process that
is killed in between sends the same message again, under the same id.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine, text

from alerts.channels import send
from alerts.errors import ChannelError, DeliveryError
from alerts.message import Alert, compose
from alerts.routing import hears_of
from ingestion.errors import ConnectionMissingError
from ingestion.registry import Receiver, Registry

Event = Literal["opened", "closed"]
# Two processes must not tell the same receiver of the same alert.
LOCK = text("select pg_advisory_xact_lock(hashtextextended('alerts', 0))")
UNTOLD = text("""
select
    alerts.alert_id, alerts.kind_code as kind, alerts.place, alerts.site_code,
    alerts.severity_code as severity, alerts.summary, alerts.what_to_do,
    alerts.opened_at, alerts.closed_at
from ops.alerts as alerts
left join ops.alert_deliveries as opening
    on
        alerts.alert_id = opening.alert_id
        and opening.receiver_name = :receiver_name
        and opening.event_code = 'opened'
        and opening.sent_at is not null
left join ops.alert_deliveries as closing
    on
        alerts.alert_id = closing.alert_id
        and closing.receiver_name = :receiver_name
        and closing.event_code = 'closed'
        and closing.sent_at is not null
where
    (alerts.closed_at is null and opening.alert_id is null)
    -- What was mended before it was told is not worth a message.
    or (
        alerts.closed_at is not null
        and opening.alert_id is not null
        and closing.alert_id is null
    )
order by alerts.alert_id
""")
WRITE = text("""
insert into ops.alert_deliveries (
    alert_id, receiver_name, event_code, attempt_count, sent_at, failure
)
values (:alert_id, :receiver_name, :event, 1, :sent_at, :failure)
on conflict (alert_id, receiver_name, event_code) do update set
    attempt_count = alert_deliveries.attempt_count + 1,
    sent_at = excluded.sent_at,
    failure = excluded.failure
""")


def deliver(engine: Engine, registry: Registry, now: datetime) -> int:
    """Send every receiver what it was not told yet; return how many messages.

    Raises:
        DeliveryError: Some were not reached. The others were, and what failed is
            tried again the next time.
    """
    failures: dict[str, str] = {}
    sent = 0
    for name, receiver in registry.alerts.receivers.items():
        with engine.begin() as connection:
            connection.execute(LOCK)
            alerts = _untold(connection, name, receiver, registry)
            if not alerts:
                continue
            failure = _told(alerts, name, receiver, registry)
            _write(connection, alerts, name, failure, now)
        if failure:
            failures[name] = failure
        sent += not failure
    if failures:
        said = " ".join(f"{name}: {failure}" for name, failure in failures.items())
        raise DeliveryError(f"Alerts were not told to {said}")
    return sent


def _untold(
    connection: Connection, name: str, receiver: Receiver, registry: Registry
) -> list[Alert]:
    rows = connection.execute(UNTOLD, {"receiver_name": name}).mappings()
    alerts = [Alert(**row) for row in rows]
    return [
        alert
        for alert in alerts
        if hears_of(receiver, alert.site_code, registry.alerts)
    ]


def _told(
    alerts: Sequence[Alert], name: str, receiver: Receiver, registry: Registry
) -> str | None:
    """Send one message of them all; return why it failed, None where it did not."""
    opened = [alert for alert in alerts if alert.closed_at is None]
    closed = [alert for alert in alerts if alert.closed_at is not None]
    message = compose(opened, closed, name, registry.alerts.runbooks)
    try:
        send(message, receiver, registry.alerts.smtp)
    except (ChannelError, ConnectionMissingError) as error:
        return str(error)
    return None


def _write(
    connection: Connection,
    alerts: Sequence[Alert],
    name: str,
    failure: str | None,
    now: datetime,
) -> None:
    for alert in alerts:
        event: Event = "opened" if alert.closed_at is None else "closed"
        connection.execute(
            WRITE,
            {
                "alert_id": alert.alert_id,
                "receiver_name": name,
                "event": event,
                "sent_at": None if failure else now,
                "failure": failure,
            },
        )
