"""Every alert is told to each of its receivers once, and once that it is mended.

What was sent is written down when the receiver's server has taken it: a process that
is killed in between sends the same message again, under the same id.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine, text

from alerts.channels import Refused, send
from alerts.errors import ChannelError, DeliveryError
from alerts.message import Alert, compose
from alerts.refused import note_refused
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
    alerts.opened_at, alerts.closed_at, alerts.close_reason
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


@dataclass(slots=True)
class _Round:
    """What became of telling each receiver once.

    Attributes:
        sent: How many messages their servers took.
        failures: Receivers that were not reached, and why.
        has_refused: Whether a server refused some of several addresses.
    """

    sent: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    has_refused: bool = False


def deliver(engine: Engine, registry: Registry, now: datetime) -> int:
    """Send every receiver what it was not told yet; return how many messages.

    Raises:
        DeliveryError: Some were not reached. The others were, and what failed is
            tried again the next time.
    """
    done = _tell_each(engine, registry, now, without=())
    if done.has_refused:
        # Whoever was told before it was found hears of it now, not tomorrow.
        done.sent += _tell_each(engine, registry, now, without=done.failures).sent
    if done.failures:
        said = " ".join(f"{name}: {failure}" for name, failure in done.failures.items())
        raise DeliveryError(f"Alerts were not told to {said}")
    return done.sent


def _tell_each(
    engine: Engine, registry: Registry, now: datetime, without: Collection[str]
) -> _Round:
    done = _Round()
    for name, receiver in registry.alerts.receivers.items():
        if name in without:
            continue
        with engine.begin() as connection:
            connection.execute(LOCK)
            alerts = _untold(connection, name, receiver, registry)
            if not alerts:
                continue
            try:
                refused = _told(alerts, name, receiver, registry)
            except (ChannelError, ConnectionMissingError) as error:
                done.failures[name] = str(error)
                _write(connection, alerts, name, None, str(error))
                continue
            said = note_refused(connection, name, receiver, refused, now)
            _write(connection, alerts, name, now, said)
            done.sent += 1
            done.has_refused |= bool(refused)
    return done


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
) -> Refused:
    """Send one message of them all."""
    opened = [alert for alert in alerts if alert.closed_at is None]
    closed = [alert for alert in alerts if alert.closed_at is not None]
    message = compose(opened, closed, name, registry.alerts.runbooks)
    return send(message, receiver, registry.alerts.smtp)


def _write(
    connection: Connection,
    alerts: Sequence[Alert],
    name: str,
    sent_at: datetime | None,
    failure: str | None,
) -> None:
    for alert in alerts:
        event: Event = "opened" if alert.closed_at is None else "closed"
        connection.execute(
            WRITE,
            {
                "alert_id": alert.alert_id,
                "receiver_name": name,
                "event": event,
                "sent_at": sent_at,
                "failure": failure,
            },
        )
