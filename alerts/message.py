"""What a receiver reads: plain text for people, the same as values for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

RUNBOOK = "warehouse_docs/runbooks/alerts.md"
TITLE = "Family journals"


@dataclass(frozen=True, slots=True)
class Alert:
    """A row of `ops.alerts`, as far as it is told."""

    alert_id: int
    kind: str
    place: str
    site_code: str | None
    severity: str
    summary: str
    what_to_do: str
    opened_at: datetime
    closed_at: datetime | None
    close_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one receiver.

    Attributes:
        message_id: The same when the same is sent again, so that a mail program shows
            it once.
        subject: One line.
        text: For people.
        values: The same for programs: what JSON knows.
    """

    message_id: str
    subject: str
    text: str
    values: Mapping[str, Any]


def compose(
    opened: Sequence[Alert],
    closed: Sequence[Alert],
    receiver_name: str,
    runbooks: str | None,
) -> Message:
    """Return what is to be told of alerts, all in one message.

    Args:
        opened: What is wrong and was not told yet; errors come first.
        closed: What was told and is mended.
        receiver_name: Whom it is for.
        runbooks: Where the runbooks are read; None names their place in the checkout.
    """
    ordered = sorted(opened, key=lambda one: (one.severity, one.kind, one.place))
    page = runbook(runbooks)
    parts = [_told(alert, page) for alert in ordered]
    if closed:
        parts.append(
            "\n".join(
                [
                    "Mended:",
                    *(f"- {mended(one.summary, one.close_reason)}" for one in closed),
                ]
            )
        )
    numbers = "-".join(str(one.alert_id) for one in (*ordered, *closed))
    return Message(
        message_id=f"{receiver_name}.{len(ordered)}.{numbers}"[:200],
        subject=_subject(ordered, closed),
        text="\n\n".join(parts) + "\n",
        values={
            "opened": [_values(alert, page) for alert in ordered],
            "closed": [_values(alert, page) for alert in closed],
        },
    )


def runbook(runbooks: str | None, kind: str | None = None) -> str:
    """Return where a person reads what to do."""
    page = f"{runbooks}/alerts.md" if runbooks else RUNBOOK
    return f"{page}#{kind}" if kind else page


def mended(summary: str, close_reason: str | None) -> str:
    """Return what is closed; of what was not mended, why."""
    why = f" (closed: {close_reason})" if close_reason else ""
    return f"{summary}{why}"


def _told(alert: Alert, page: str) -> str:
    return (
        f"{alert.severity.upper()}: {alert.summary}.\n"
        f"Since: {alert.opened_at:%Y-%m-%d %H:%M} UTC\n"
        f"What to do: {alert.what_to_do}.\n"
        f"Runbook: {page}#{alert.kind}"
    )


def _subject(opened: Sequence[Alert], closed: Sequence[Alert]) -> str:
    if len(opened) == 1 and not closed:
        return f"{TITLE}: {opened[0].summary}"[:120]
    if len(closed) == 1 and not opened:
        return f"{TITLE}, mended: {closed[0].summary}"[:120]
    counts = {"new alerts": len(opened), "mended": len(closed)}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"{TITLE}: {told}"


def _values(alert: Alert, page: str) -> dict[str, Any]:
    return {
        "alert_id": alert.alert_id,
        "kind": alert.kind,
        "place": alert.place,
        "site_code": alert.site_code,
        "severity": alert.severity,
        "summary": alert.summary,
        "what_to_do": alert.what_to_do,
        "runbook": f"{page}#{alert.kind}",
        "opened_at": alert.opened_at.isoformat(),
        "closed_at": alert.closed_at.isoformat() if alert.closed_at else None,
        "close_reason": alert.close_reason,
    }
